//! Cues whose words stand in one sentence in any order: "squash & commits".
//!
//! Each part is a word or alternatives; a part with `!` in front must not be
//! there. What no part names and takes things back ("not", "if") is not there
//! either.

use std::ops::Range;

use super::clause::is_open_condition;

/// What parts the words of such a cue.
pub(super) const BAG: &str = " & ";

/// Words that turn a sentence round.
const NEGATIONS: [u64; 30] = hashes([
    "forbidden", "banned", "prohibited", "disallowed", "not", "no", "never", "don't", "doesn't",
    "won't", "mustn't", "cannot", "can't", "without", "avoid", "nobody", "nothing", "nor",
    "instead", "rather", "than", "nicht", "kein", "keine", "nie", "sin", "pas", "jamais", "nunca",
    "niemals",
]);

/// Words that turn a negation round: "never skip semicolons".
const OMISSIONS: [u64; 8] =
    hashes(["skip", "omit", "forget", "miss", "ignore", "leave", "without", "avoid"]);

/// Words by which a sentence holds for some cases only.
const CONDITIONS: [u64; 18] = hashes([
    "if", "when", "unless", "whenever", "except", "once", "may", "might", "could", "optional",
    "optionally", "where", "until", "wenn", "falls", "si", "cuando", "quand",
]);

/// Longer sentences say too much for their words to belong together.
const MAX_WORDS: usize = 28;

/// The words of a cue behind its first part.
#[derive(Debug)]
pub(super) struct Bag {
    parts: Vec<Part>,
    /// Whether a part names a negation, which omissions turn round.
    is_negative: bool,
    /// Whether a part names a condition, so that none leaves it open.
    is_conditional: bool,
}

#[derive(Debug)]
struct Part {
    is_absent: bool,
    /// The hashes of its alternatives.
    words: Vec<u64>,
}

impl Bag {
    pub(super) fn new(rest: &str) -> Self {
        let part = |part: &str| {
            let words = part.strip_prefix('!').unwrap_or(part);
            Part {
                is_absent: words.len() < part.len(),
                words: words.split('/').map(hash).collect(),
            }
        };
        let parts: Vec<Part> = rest.split(BAG).map(part).collect();
        let names = |list: &[u64]| {
            let mut words = parts.iter().flat_map(|part| &part.words);
            words.any(|word| list.contains(word))
        };
        Self { is_negative: names(&NEGATIONS), is_conditional: names(&CONDITIONS), parts }
    }

    /// Where its words stand in the sentence around `place`, which has the first part.
    pub(super) fn find(
        &self,
        sentence: &mut Sentence<'_>,
        place: &Range<usize>,
    ) -> Option<Range<usize>> {
        let text = sentence.text;
        let words = sentence.around(place);
        let has = |part: &Part| words.iter().any(|word| part.words.contains(&word.hash));
        if !self.parts.iter().all(|part| has(part) != part.is_absent) {
            return None;
        }
        let mut all = place.clone();
        let mut matched = Vec::new();
        for part in self.parts.iter().filter(|part| !part.is_absent) {
            let is_here = |word: &&Word| {
                let is_negation = || NEGATIONS.contains(&word.hash);
                part.words.contains(&word.hash)
                    && !(is_negation() && is_parted(text, &word.range, place))
            };
            let word = words.iter().find(is_here)?;
            matched.push(word.range.start);
            all = all.start.min(word.range.start)..all.end.max(word.range.end);
        }
        let takes_back = |word: &Word| {
            let is_turn = NEGATIONS.contains(&word.hash)
                || self.is_negative && OMISSIONS.contains(&word.hash);
            is_turn && !matched.contains(&word.range.start) && !is_parted(text, &word.range, &all)
        };
        let is_open = |word: &Word| {
            CONDITIONS.contains(&word.hash) && is_open_condition(text, word.range.start)
        };
        let is_meant =
            !words.iter().any(takes_back) && (self.is_conditional || !words.iter().any(is_open));
        is_meant.then_some(all)
    }
}

/// The sentence around some place of a text, kept as long as places lie in it.
pub(super) struct Sentence<'a> {
    text: &'a str,
    range: Range<usize>,
    /// Its words; none where it is too long.
    words: Vec<Word>,
}

struct Word {
    range: Range<usize>,
    hash: u64,
}

impl<'a> Sentence<'a> {
    /// No sentence yet.
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, range: 0..0, words: Vec::new() }
    }

    /// The words of the sentence around a place.
    fn around(&mut self, place: &Range<usize>) -> &[Word] {
        if self.range.start <= place.start && place.end <= self.range.end {
            return &self.words;
        }
        self.words.clear();
        self.range = place.clone();
        if let Some(range) = sentence(self.text, place) {
            self.range = range.clone();
            self.words.reserve(MAX_WORDS + 1);
            self.words.extend(words(self.text, range).take(MAX_WORDS + 1));
        }
        if self.words.len() > MAX_WORDS {
            self.words.clear();
        }
        &self.words
    }
}

/// A number for a word, the same in any ASCII case (FNV-1a).
const fn hash(word: &str) -> u64 {
    let bytes = word.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut at = 0;
    while at < bytes.len() {
        hash ^= bytes[at].to_ascii_lowercase() as u64;
        hash = hash.wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
}

const fn hashes<const N: usize>(words: [&str; N]) -> [u64; N] {
    let mut hashes = [0; N];
    let mut at = 0;
    while at < N {
        hashes[at] = hash(words[at]);
        at += 1;
    }
    hashes
}

/// Whether a sign stands between two places, so that one says nothing of the other.
fn is_parted(text: &str, one: &Range<usize>, other: &Range<usize>) -> bool {
    let (before, behind) =
        if one.start < other.start { (one.end, other.start) } else { (other.end, one.start) };
    let between = text.get(before..behind);
    between.is_some_and(|between| {
        let n = |sign: char| between.matches(sign).count();
        between.contains([',', '—']) || n('(') != n(')')
    })
}

/// The sentence around a place, unless it is long.
fn sentence(text: &str, place: &Range<usize>) -> Option<Range<usize>> {
    const MAX_BYTES: usize = 300;
    let bytes = text.as_bytes();
    // Whether a sentence ends before the byte at `at`, which is not the first one.
    let is_border = |&at: &usize| match bytes[at - 1] {
        b' ' => at > 1 && matches!(bytes[at - 2], b'.' | b';' | b'!' | b'?' | b'|'),
        0x82 => bytes[..at].ends_with("。".as_bytes()),
        _ => false,
    };
    let first = place.start.saturating_sub(MAX_BYTES).max(1);
    let last = (place.end + MAX_BYTES).min(bytes.len());
    let start = (first..=place.start).rev().find(is_border);
    let end = (place.end + 1..=last).find(is_border);
    let start = start.or((first == 1).then_some(0))?;
    let end = end.or((last == bytes.len()).then_some(last))?;
    Some(start..end)
}

/// The words of a range of a text; a genitive is its noun.
fn words(text: &str, range: Range<usize>) -> impl Iterator<Item = Word> {
    let mut at = range.start;
    let runs = std::iter::from_fn(move || {
        let is_of_word = |byte: &u8| IS_OF_WORD[usize::from(*byte)];
        let bytes = &text.as_bytes()[..range.end];
        let start = at + bytes[at..].iter().position(is_of_word)?;
        let n = bytes[start..].iter().position(|byte| !is_of_word(byte));
        at = n.map_or(bytes.len(), |n| start + n);
        Some(&text[start..at])
    });
    runs.filter_map(move |run| {
        let word = run.trim_matches(['.', '-', '\'']);
        let word = word.strip_suffix("'s").unwrap_or(word);
        let at = word.as_ptr() as usize - text.as_ptr() as usize;
        (!word.is_empty()).then(|| Word { range: at..at + word.len(), hash: hash(word) })
    })
}

/// Which bytes words are made of.
const IS_OF_WORD: [bool; 256] = {
    let mut is_of_word = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        is_of_word[byte] = (byte as u8).is_ascii_alphanumeric()
            || matches!(byte as u8, b'_' | b'-' | b'\'' | b'.' | 0x80..);
        byte += 1;
    }
    is_of_word
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_any_order_of_one_sentence() {
        let cue = "commits/commit & each/every & !branch";
        for (text, expected) in [
            ("Squash each of the commits.", Some("Squash each of the commits")),
            ("Each commit gets a squash", Some("Each commit gets a squash")),
            ("Squash them. Each commit counts.", None),
            ("Never squash each commit", None),
            ("Squash each commit if it is small", None),
            ("Squash each commit of the branch", None),
            ("Squash each commit, never the branch's own", None),
            ("Squash each commit, not two", Some("Squash each commit")),
        ] {
            let at = text.to_lowercase().find("squash").unwrap();
            let found = Bag::new(cue).find(&mut Sentence::of(text), &(at..at + 6));
            assert_eq!(found.map(|range| &text[range]), expected, "{text}");
        }
    }
}
