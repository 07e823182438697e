//! Phrases that prescribe practices, with words left open ("run * tests") or in
//! any order ("squash & commits"), see [`super::bag`].

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use memchr::{memchr, memchr3};

use super::bag::{BAG, Bag, Sentence};
use super::clause::{is_clause_end, is_clause_start, next_word};
use super::negation::is_taken_back;

/// What stands for the beginning of a clause in a cue, and for its end.
const CLAUSE_START: &str = "^ ";
const CLAUSE_END: &str = "$";

/// Words that `*` stands for, at most.
const MAX_GAP: usize = 4;

/// The cues of all options. A cue is found by its literal beginning; what
/// follows there is matched with the *rest*: `*` is up to [`MAX_GAP`] words,
/// "a/b" one of these words, or the end of the clause where [`CLAUSE_END`] is
/// among them.
#[derive(Debug, Default)]
pub(super) struct Cues {
    cues: Vec<Cue>,
    /// The rests, one after the other.
    rests: String,
}

#[derive(Debug)]
struct Cue {
    option: u32,
    /// Whether it has to begin a clause.
    is_first: bool,
    /// Its words behind the first, if they may stand in any order.
    bag: Option<Box<Bag>>,
    /// Where its rest stands in [`Cues::rests`].
    rest: Range<u32>,
    /// What the words that follow have to be like, as far as that is quickly seen.
    asked: [Asked; N_ASKED],
}

impl Cue {
    fn rest(&self) -> Range<usize> {
        self.rest.start as usize..self.rest.end as usize
    }
}

/// One of the words behind the beginning of a cue.
#[derive(Debug, Clone, Copy)]
struct Asked {
    /// Which one it is, or [`ANYWHERE`] among the first [`N_LOOKED_AT`].
    nth: u8,
    /// It has one of these bits, see [`bit`].
    bits: u64,
}

/// So many words are looked at before a cue is matched.
const N_ASKED: usize = 3;

/// So many words behind the beginning of a cue tell whether it can match.
const N_LOOKED_AT: usize = 9;

/// No certain place among the words that follow.
const ANYWHERE: u8 = u8::MAX;

/// What all words are like, and the end of a text.
const NOTHING_ASKED: Asked = Asked { nth: ANYWHERE, bits: u64::MAX };

/// What a cue is tried by where one of its beginnings is found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ticket {
    /// The next word has one of these bits, or there is none and the highest one is set.
    next: u64,
    cue: u32,
}

impl Cues {
    /// Room for so many.
    pub(super) fn with_capacity(n_cues: usize) -> Self {
        Self { cues: Vec::with_capacity(n_cues), ..Self::default() }
    }

    /// Adds a cue and calls `found` with each of its literal beginnings.
    pub(super) fn add(&mut self, option: u32, cue: &str, mut found: impl FnMut(&str, Ticket)) {
        let unanchored = cue.strip_prefix(CLAUSE_START);
        let bag = cue.contains('&').then(|| cue.split_once(BAG)).flatten();
        let (start, rest) = bag.unwrap_or_else(|| parts(unanchored.unwrap_or(cue)));
        let asked = match bag {
            Some(_) => [NOTHING_ASKED; N_ASKED],
            None => asked(rest),
        };
        let ticket = Ticket {
            next: match asked[0].nth {
                0 => asked[0].bits,
                _ => NOTHING_ASKED.bits,
            },
            cue: self.cues.len() as u32,
        };
        let from = self.rests.len();
        self.rests.push_str(rest);
        self.cues.push(Cue {
            option,
            is_first: unanchored.is_some(),
            bag: bag.map(|(_, rest)| Box::new(Bag::new(rest))),
            rest: from as u32..self.rests.len() as u32,
            asked,
        });
        for_each_start(start, |start| found(start, ticket));
    }

    /// Calls `found` with the option of each cue that stands in the text, with
    /// `name` as its beginning at `place`, and with where it stands.
    pub(super) fn find(
        &self,
        tickets: &[Ticket],
        (name, place): (&str, Range<usize>),
        following: &mut Following<'_>,
        sentence: &mut Sentence<'_>,
        mut found: impl FnMut(u32, Range<usize>),
    ) {
        following.start_at(place.end);
        let next = following.next_bits();
        let text = following.text;
        for ticket in tickets.iter().filter(|ticket| ticket.next & next != 0) {
            let cue = &self.cues[ticket.cue as usize];
            if let Some(bag) = &cue.bag {
                if let Some(range) = bag.find(sentence, &place) {
                    found(cue.option, range);
                }
                continue;
            }
            if following.may_have(&cue.asked)
                && let Some(end) = following.end_of(&self.rests[cue.rest()], 0)
                && (!cue.is_first || is_clause_start(&text[..place.start]))
                && !is_taken_back(name, &text[..place.start], &text[end..])
            {
                found(cue.option, place.start..end);
            }
        }
    }
}

/// The beginning of a cue, which is literal but for alternatives of its first
/// word, and the rest from the first `*` or the next alternative on. There is no
/// beginning if the cue begins with `*`.
fn parts(cue: &str) -> (&str, &str) {
    if memchr3(b'*', b'/', b'$', cue.as_bytes()).is_none() {
        return (cue, "");
    }
    let is_literal = |(nth, word): &(usize, &str)| {
        *word != "*" && *word != CLAUSE_END && (*nth == 0 || !has_slash(word) || is_slashed(word))
    };
    let words = cue.split(' ').enumerate().take_while(is_literal);
    let n = words.fold(0, |n, (_, word)| n + word.len() + 1);
    let (start, rest) = cue.split_at(n.min(cue.len()));
    (start.trim_end(), rest)
}

/// Calls `found` with all that the beginning of a cue stands for.
fn for_each_start(start: &str, mut found: impl FnMut(&str)) {
    const NOT: &str = "do not";
    static FINDER: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(NOT));
    let mut found = |start: &str| {
        found(start);
        if FINDER.find(start.as_bytes()).is_some() {
            found(&start.replace(NOT, "don't"));
        }
    };
    if start.is_empty() {
        return;
    }
    if !has_slash(start) {
        return found(start);
    }
    let (first, literal) = start.split_once(' ').unwrap_or((start, ""));
    for first in alternatives(first) {
        match literal {
            "" => found(&first),
            _ => found(&format!("{first} {}", literal.replace("//", "/"))),
        }
    }
}

fn has_slash(word: &str) -> bool {
    memchr(b'/', word.as_bytes()).is_some()
}

/// What the first steps that name words ask of the words that follow.
fn asked(rest: &str) -> [Asked; N_ASKED] {
    let mut asked = [NOTHING_ASKED; N_ASKED];
    let mut n_asked = 0;
    // The place of the next word, and the last one that it may have.
    let (mut nth, mut last) = (Some(0u8), 0);
    for step in rest.split(' ').filter(|step| !step.is_empty()) {
        if step == "*" || may_end(step) {
            nth = None;
            last += if step == "*" { MAX_GAP } else { 1 };
            continue;
        }
        if n_asked == N_ASKED || last >= N_LOOKED_AT {
            break;
        }
        asked[n_asked] = Asked {
            nth: nth.unwrap_or(ANYWHERE),
            bits: if has_slash(step) {
                alternatives(step).fold(0, |bits, word| bits | bit(&word))
            } else {
                bit(step)
            },
        };
        n_asked += 1;
        nth = nth.map(|nth| nth + 1);
        last += 1;
    }
    asked
}

/// One of 63 bits for a word, by how it begins and ends and by its length.
fn bit(word: &str) -> u64 {
    let lower = |byte: Option<&u8>| byte.map_or(0, |byte| u32::from(byte | 0x20));
    let bytes = word.as_bytes();
    let hash = lower(bytes.first()) * 31 + lower(bytes.last()) * 7 + bytes.len() as u32;
    1 << (hash % END_BIT.trailing_zeros())
}

/// The bit of the end of a text, which no word has.
const END_BIT: u64 = 1 << 63;

/// The words of "a/b"; "a//b" is one word with a slash.
fn alternatives(words: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let is_one = is_slashed(words);
    words
        .split(move |c| c == '/' && !is_one)
        .map(move |word| if is_one { word.replace("//", "/").into() } else { word.into() })
}

/// Whether a step of a cue takes the end of the clause for one of its words.
fn may_end(step: &str) -> bool {
    step.as_bytes().contains(&b'$')
}

fn is_slashed(word: &str) -> bool {
    word.as_bytes().windows(2).any(|two| two == b"//")
}

/// The words of a sentence behind some place, read as far as they are asked for.
pub(super) struct Following<'a> {
    text: &'a str,
    from: usize,
    /// Words read so far, one behind the other.
    words: Vec<Word<'a>>,
    /// The first of them behind the place.
    first: usize,
    /// The bits of the first [`N_LOOKED_AT`] of them, once they are asked for.
    bits: Option<u64>,
}

#[derive(Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    /// Where it ends.
    end: usize,
    bit: u64,
}

impl<'a> Following<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, from: 0, words: Vec::new(), first: 0, bits: None }
    }

    /// Those behind another place. Words behind it that are known already are kept.
    fn start_at(&mut self, from: usize) {
        if self.from == from {
            return;
        }
        self.from = from;
        self.bits = None;
        let known = self.words[self.first..].iter();
        match known.clone().position(|word| word.end == from) {
            Some(nth) => self.first += nth + 1,
            None => {
                self.words.clear();
                self.words.reserve(N_LOOKED_AT);
                self.first = 0;
            }
        }
    }

    /// The bit of the next word, or that of the end.
    fn next_bits(&mut self) -> u64 {
        END_BIT | self.get(0).map_or(0, |word| word.bit)
    }

    /// Whether the next words may be like this.
    fn may_have(&mut self, asked: &[Asked; N_ASKED]) -> bool {
        asked.iter().all(|asked| match asked {
            Asked { bits: u64::MAX, .. } => true,
            Asked { nth: ANYWHERE, bits } => self.first_bits() & bits != 0,
            Asked { nth, bits } => {
                let word = self.get(usize::from(*nth));
                word.is_some_and(|word| word.bit & bits != 0)
            }
        })
    }

    /// The bits of the first [`N_LOOKED_AT`] words together.
    fn first_bits(&mut self) -> u64 {
        if let Some(bits) = self.bits {
            return bits;
        }
        self.get(N_LOOKED_AT - 1);
        let first = self.words[self.first..].iter().take(N_LOOKED_AT);
        let bits = first.fold(0, |bits, word| bits | word.bit);
        *self.bits.insert(bits)
    }

    fn get(&mut self, nth: usize) -> Option<Word<'a>> {
        while self.words.len() <= self.first + nth {
            let at = self.end_before(self.words.len() - self.first);
            let (text, n) = next_word(&self.text[at..])?;
            self.words.push(Word { text, end: at + n, bit: bit(text) });
        }
        Some(self.words[self.first + nth])
    }

    /// Where the word before the `nth` one ends.
    fn end_before(&self, nth: usize) -> usize {
        match nth.checked_sub(1) {
            Some(last) => self.words[self.first + last].end,
            None => self.from,
        }
    }

    /// Where the rest of a cue ends, if the words from the `nth` on match it.
    fn end_of(&mut self, rest: &str, nth: usize) -> Option<usize> {
        let (step, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        match step {
            "" => Some(self.end_before(nth)),
            "*" => (nth..=nth + MAX_GAP).find_map(|nth| self.end_of(rest, nth)),
            _ => {
                if may_end(step) && is_clause_end(&self.text[self.end_before(nth)..]) {
                    return self.end_of(rest, nth);
                }
                let word = self.get(nth)?;
                let is_one = alternatives(step).any(|one| one.eq_ignore_ascii_case(word.text));
                is_one.then(|| self.end_of(rest, nth + 1)).flatten()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Length of the beginning of `text` that matches the rest of a cue, by trying.
    fn plain(cue: &str, text: &str) -> Option<usize> {
        if cue.is_empty() {
            return Some(0);
        }
        let (token, rest) = cue.split_once(' ').unwrap_or((cue, ""));
        if token != "*" {
            if token.split('/').any(|one| one == "$") && is_clause_end(text) {
                return plain(rest, text);
            }
            let (word, n) = next_word(text)?;
            let is_one = token.split('/').any(|one| one.eq_ignore_ascii_case(word));
            return is_one.then(|| plain(rest, &text[n..])).flatten().map(|more| n + more);
        }
        let mut skipped = 0;
        for n_words in 0..=MAX_GAP {
            if let Some(n) = plain(rest, &text[skipped..]) {
                return Some(skipped + n);
            }
            if n_words < MAX_GAP {
                skipped += next_word(&text[skipped..])?.1;
            }
        }
        None
    }

    proptest! {
        #[test]
        fn the_rest_of_a_cue_is_matched_as_by_trying(
            cues in prop::collection::vec("((\\*|[ab]|[ab]/c|don't) ){0,4}(a|b|c|\\$|c/\\$)?", 1..4),
            text in "(([abAC]|don't|ü|[.|–])( |, |\n)){0,14}",
            from in 0usize..6,
        ) {
            let from = text.ceil_char_boundary(from.min(text.len()));
            let mut following = Following::new(&text);
            for cue in &cues {
                let cue = cue.trim_end();
                following.start_at(from);
                let expected = plain(cue, &text[from..]).map(|n| from + n);
                prop_assert_eq!(following.end_of(cue, 0), expected, "{:?}", cue);
                prop_assert!(expected.is_none() || following.may_have(&asked(cue)), "{:?}", cue);
            }
        }
    }
}
