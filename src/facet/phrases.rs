//! Finding many phrases in a text, in any ASCII case: all in one pass.

use std::ops::Range;

/// Phrases that are found in texts by how they begin.
///
/// A *word* is a run of ASCII letters, a digit, or one character beyond ASCII.
/// Phrases are looked up by their first word and the bytes behind it, if there
/// are phrases with this first word, so that a bit or three are all that most
/// words of a text cost. (One automaton for all
/// phrases takes ten times as long to build, which each start would pay for,
/// and six times as long to run; see docs/benchmarks.md.)
#[derive(Debug)]
pub struct Phrases {
    /// All phrases, one after the other.
    text: String,
    entries: Vec<Entry>,
    /// A bit for each hash of a key and of a first word: most words of a text
    /// have none.
    filter: Box<[u64; FILTER_WORDS]>,
    /// By hash of its key: the first phrase, from where `next` leads on.
    first: Box<[u32; N_CHAINS]>,
}

#[derive(Debug)]
struct Entry {
    /// What it is looked up by.
    key: u64,
    /// Its bytes in `text`.
    start: u32,
    end: u32,
    /// Bytes before its first word.
    n_before: u32,
    /// The first bytes behind that word, and which of their bits count.
    behind: u64,
    behind_mask: u64,
    /// Another phrase with the same hash, or [`NONE`].
    next: u32,
}

/// The number of no phrase, for there are fewer.
const NONE: u32 = u32::MAX;

/// Size of the filter, of which each word has 64 bits.
const FILTER_WORDS: usize = 4096;

/// How many chains of phrases there are.
const N_CHAINS: usize = 1 << 15;

/// So many bytes behind the first word of a phrase are a part of its key, if it
/// has as many; else none is.
const N_BEHIND: [usize; 2] = [7, 3];

/// The bit that makes ASCII letters lower case, in each of eight bytes.
const LOWER_CASE: u64 = 0x2020_2020_2020_2020;

/// An odd number without a pattern: 2⁶⁴ divided by the golden ratio.
const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

impl Default for Phrases {
    fn default() -> Self {
        Self {
            text: String::new(),
            entries: Vec::new(),
            filter: Box::new([0; FILTER_WORDS]),
            first: Box::new([NONE; N_CHAINS]),
        }
    }
}

impl Phrases {
    /// Room for so many.
    pub fn with_capacity(n_phrases: usize) -> Self {
        Self { entries: Vec::with_capacity(n_phrases), ..Self::default() }
    }

    /// Adds a phrase and returns the number that it is told by from then on: 0
    /// for the first one, that which it has for a known one. A phrase without a
    /// word is never found.
    pub fn add(&mut self, phrase: &str) -> u32 {
        let bytes = phrase.as_bytes();
        let n_before = bytes.iter().take_while(|&&byte| word_len(byte, &[]) == 0);
        let n_before = n_before.count();
        let start = self.text.len();
        let mut entry = Entry {
            key: 0,
            start: start as u32,
            end: (start + phrase.len()) as u32,
            n_before: n_before as u32,
            behind: 0,
            behind_mask: 0,
            next: NONE,
        };
        let idx = self.entries.len() as u32;
        if let Some((&byte, behind)) = bytes[n_before..].split_first() {
            let n = word_len(byte, behind);
            let word = word_key(&bytes[n_before..], n);
            let behind = &bytes[n_before + n..];
            entry.behind = first_bytes(behind);
            entry.behind_mask = mask(behind.len());
            let n_behind = N_BEHIND.into_iter().find(|&n| n <= behind.len());
            entry.key = n_behind.map_or(word, |n| long_key(word, entry.behind, n));
            let is_known = |(_, other): &(u32, &Entry)| self.text[other.range()] == *phrase;
            let known = self.with_key(entry.key).find(is_known);
            if let Some((known, _)) = known {
                return known;
            }
            for hash in [hash(word), hash(entry.key)] {
                self.filter[hash / 64] |= 1 << (hash % 64);
            }
            let chain = &mut self.first[hash(entry.key) % N_CHAINS];
            entry.next = std::mem::replace(chain, idx);
        }
        self.text.push_str(phrase);
        self.entries.push(entry);
        idx
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// One phrase.
    pub fn get(&self, idx: u32) -> &str {
        &self.text[self.entries[idx as usize].range()]
    }

    /// Calls `found` with each place of each phrase in `text`, and with its
    /// number, whether or not it begins and ends where words do.
    pub fn find(&self, text: &str, mut found: impl FnMut(Range<usize>, u32)) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            let n = word_len(byte, &bytes[at + 1..]);
            if n == 0 {
                at += 1;
                continue;
            }
            let word = word_key(&bytes[at..], n);
            if !self.may_have(word) {
                at += n;
                continue;
            }
            let behind = first_bytes(&bytes[at + n..]);
            let [most, some] = N_BEHIND.map(|n| long_key(word, behind, n));
            for key in [word, some, most] {
                if !self.may_have(key) {
                    continue;
                }
                for (idx, entry) in self.with_key(key) {
                    if behind & entry.behind_mask == entry.behind
                        && let Some(range) = self.place(entry, bytes, at)
                    {
                        found(range, idx);
                    }
                }
            }
            at += n;
        }
    }

    /// Whether there may be phrases with this key or, of a word, that begin with it.
    fn may_have(&self, key: u64) -> bool {
        let hash = hash(key);
        self.filter[hash / 64] >> (hash % 64) & 1 != 0
    }

    /// The phrases with this key, and their numbers.
    fn with_key(&self, key: u64) -> impl Iterator<Item = (u32, &Entry)> {
        let numbered = |idx: u32| self.entries.get(idx as usize).map(|entry| (idx, entry));
        let first = numbered(self.first[hash(key) % N_CHAINS]);
        let of_hash = std::iter::successors(first, move |(_, entry)| numbered(entry.next));
        of_hash.filter(move |(_, entry)| entry.key == key)
    }

    /// Where a phrase stands in `bytes`, if it does so with its first word at `at`.
    fn place(&self, entry: &Entry, bytes: &[u8], at: usize) -> Option<Range<usize>> {
        let phrase = &self.text.as_bytes()[entry.range()];
        let start = at.checked_sub(entry.n_before as usize)?;
        let range = start..start + phrase.len();
        let is_here = bytes.get(range.clone())?.eq_ignore_ascii_case(phrase);
        is_here.then_some(range)
    }
}

impl Entry {
    fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Length of the word that begins with `byte`, before `rest`; 0 if none does.
#[inline]
fn word_len(byte: u8, rest: &[u8]) -> usize {
    match byte {
        b'A'..=b'Z' | b'a'..=b'z' => {
            let more = rest.iter().position(|&byte| !IS_LETTER[usize::from(byte)]);
            1 + more.unwrap_or(rest.len())
        }
        b'0'..=b'9' => 1,
        0..0x80 => 0,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        0xF0.. => 4,
    }
}

/// Which bytes are ASCII letters.
const IS_LETTER: [bool; 256] = {
    let mut is_letter = [false; 256];
    let mut byte = 0;
    while byte < 0x80 {
        is_letter[byte] = (byte as u8).is_ascii_alphabetic();
        byte += 1;
    }
    is_letter
};

/// The key of the word of `n` bytes that `bytes` begin with.
#[inline]
fn word_key(bytes: &[u8], n: usize) -> u64 {
    // Of a long word the length tells more.
    first_bytes(bytes) & mask(n) ^ n as u64
}

/// The first eight bytes, fewer if there are not as many, ASCII letters in lower case.
#[inline]
fn first_bytes(bytes: &[u8]) -> u64 {
    match bytes.first_chunk() {
        Some(&bytes) => u64::from_le_bytes(bytes) | LOWER_CASE,
        None => {
            let mut padded = [0; 8];
            padded[..bytes.len()].copy_from_slice(bytes);
            (u64::from_le_bytes(padded) | LOWER_CASE) & mask(bytes.len())
        }
    }
}

/// The bits of the first `n` of eight bytes.
#[inline]
fn mask(n: usize) -> u64 {
    u64::MAX.checked_shr(64 - 8 * n.min(8) as u32).unwrap_or(0)
}

/// The key of a word with the `n` bytes that follow it, 1 to 7; never that of
/// a word alone.
#[inline]
fn long_key(word: u64, behind: u64, n: usize) -> u64 {
    // Not 0, and neither is its product with an odd number.
    let behind = behind & mask(n) | (n as u64) << 60;
    word ^ behind.wrapping_mul(MULTIPLIER)
}

/// A number below the bits of the filter.
#[inline]
fn hash(key: u64) -> usize {
    const N_BITS: u32 = (FILTER_WORDS * 64).ilog2();
    (key.wrapping_mul(MULTIPLIER) >> (64 - N_BITS)) as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The words of a text.
    fn words(text: &str) -> Vec<Range<usize>> {
        let mut words: Vec<Range<usize>> = Vec::new();
        let mut is_open = false;
        for (at, c) in text.char_indices() {
            let is_letter = c.is_ascii_alphabetic();
            let end = at + c.len_utf8();
            match words.last_mut() {
                Some(word) if is_open && is_letter => word.end = end,
                _ if is_letter || c.is_ascii_digit() || !c.is_ascii() => words.push(at..end),
                _ => {}
            }
            is_open = is_letter;
        }
        words
    }

    /// All places, by trying each phrase at each word.
    fn plain(phrases: &[String], text: &str) -> Vec<(usize, usize, u32)> {
        let mut places = Vec::new();
        for (idx, phrase) in (0..).zip(phrases) {
            let Some(first) = words(phrase).into_iter().next() else {
                continue;
            };
            for word in words(text) {
                let Some(start) = word.start.checked_sub(first.start) else {
                    continue;
                };
                let end = start + phrase.len();
                let is_here =
                    text.get(start..end).is_some_and(|here| here.eq_ignore_ascii_case(phrase));
                if is_here && word.len() == first.len() {
                    places.push((start, end, idx));
                }
            }
        }
        places.sort_unstable();
        places
    }

    fn found(phrases: &[String], text: &str) -> Vec<(usize, usize, u32)> {
        let mut table = Phrases::default();
        for phrase in phrases {
            table.add(phrase);
        }
        let mut places = Vec::new();
        table.find(text, |range, idx| {
            places.push((range.start, range.end, idx));
        });
        places.sort_unstable();
        places
    }

    fn piece() -> impl Strategy<Value = String> {
        let word = prop_oneof![
            Just("a"),
            Just("Ab"),
            Just("no"),
            Just("considerable"),
            Just("considerably"),
            Just("ü"),
            Just("不"),
            Just("ы"),
            Just("1"),
        ];
        let sign = prop_oneof![Just(""), Just(" "), Just("-"), Just(". "), Just("@"), Just("++")];
        prop::collection::vec((sign, word), 0..6)
            .prop_map(|words| words.into_iter().flat_map(|(sign, word)| [sign, word]).collect())
    }

    proptest! {
        #[test]
        fn phrases_are_found_as_by_trying_each_at_each_word(
            phrases in prop::collection::btree_set(piece(), 0..12),
            text in prop::collection::vec(piece(), 0..8),
        ) {
            let phrases = Vec::from_iter(phrases);
            let text = text.concat();
            prop_assert_eq!(found(&phrases, &text), plain(&phrases, &text));
        }
    }
}
