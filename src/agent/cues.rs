//! Short phrases that are looked for in many texts.

/// At most 64 phrases of at least two bytes, whose ASCII letters match in any
/// case. Two tables tell which of them a place may begin with, so that most
/// places cost two look-ups; no automaton has to be built at the start.
pub(super) struct Cues<const N: usize> {
    phrases: [&'static str; N],
    /// By first and by second byte: a bit for each phrase that has it there.
    by_byte: [[u64; 256]; 2],
}

impl<const N: usize> Cues<N> {
    pub(super) const fn new(phrases: [&'static str; N]) -> Self {
        let mut by_byte = [[0; 256]; 2];
        let mut idx = 0;
        while idx < N {
            let mut place = 0;
            while place < 2 {
                let byte = phrases[idx].as_bytes()[place];
                by_byte[place][byte.to_ascii_lowercase() as usize] |= 1 << idx;
                by_byte[place][byte.to_ascii_uppercase() as usize] |= 1 << idx;
                place += 1;
            }
            idx += 1;
        }
        Self { phrases, by_byte }
    }

    /// The phrases with which `text` begins.
    pub(super) fn at_start(&self, text: &[u8]) -> impl Iterator<Item = &'static str> {
        let mut may_begin = match text {
            [first, second, ..] => self.may_begin(*first, *second),
            _ => 0,
        };
        std::iter::from_fn(move || {
            while may_begin != 0 {
                let phrase = self.phrases[may_begin.trailing_zeros() as usize];
                may_begin &= may_begin - 1;
                let start = text.get(..phrase.len());
                if start.is_some_and(|start| start.eq_ignore_ascii_case(phrase.as_bytes())) {
                    return Some(phrase);
                }
            }
            None
        })
    }

    /// Whether one of the phrases stands in `text`.
    pub(super) fn are_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        bytes.windows(2).enumerate().any(|(at, pair)| {
            self.may_begin(pair[0], pair[1]) != 0 && self.at_start(&bytes[at..]).next().is_some()
        })
    }

    /// A bit for each phrase that begins with these two bytes.
    fn may_begin(&self, first: u8, second: u8) -> u64 {
        self.by_byte[0][usize::from(first)] & self.by_byte[1][usize::from(second)]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CUES: Cues<5> = Cues::new(["ab", "abc", "b a", "❌", "é!"]);

    proptest! {
        #[test]
        fn cues_are_found_like_by_search(text in "[aAbBcé❌! ]{0,8}") {
            let lower = text.to_ascii_lowercase();
            let start: Vec<&str> = CUES.at_start(text.as_bytes()).collect();
            let begins = |cue: &&str| lower.starts_with(cue);
            prop_assert_eq!(start, CUES.phrases.into_iter().filter(begins).collect::<Vec<_>>());
            prop_assert_eq!(CUES.are_in(&text), CUES.phrases.iter().any(|cue| lower.contains(cue)));
        }
    }
}
