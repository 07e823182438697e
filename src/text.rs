//! Words, stems and their weights.
//!
//! A text becomes a set of [`Term`]s: tokens, lower case, stop words left out,
//! stemmed by the Snowball algorithm of the text's language. Chinese, Japanese
//! and Korean runs become character bigrams. The weight of a term is its IDF in
//! a background collection that ships with the program
//! ([`background`]), so that a score does not change when an unrelated agent
//! joins the collection.
//!
//! Each worker thread fills its own [`Lexicon`]; [`Vocabulary::merge`] makes
//! one numbering of them. Numbers differ with the split of the work, sets and
//! weights do not, and no result depends on the numbers.

pub mod background;
pub mod language;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use rustc_hash::FxHashMap;
use unicode_segmentation::UnicodeSegmentation;

use background::Background;
use language::Language;

/// A normalised token: the index of its weight in a [`Vocabulary`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term(pub u32);

/// Longer tokens (encoded data, mostly) are known by their first bytes.
const MAX_TOKEN_BYTES: usize = 64;

/// One worker's memory of words it has met.
#[derive(Debug, Clone)]
pub struct Lexicon {
    background: &'static Background,
    /// Token to term by language, `None` for a stop word: stemming is the
    /// dearest step and texts repeat their words.
    seen_short: Vec<FxHashMap<ShortToken, Option<Term>>>,
    seen_long: Vec<FxHashMap<Box<str>, Option<Term>>>,
    /// Terms that the background does not know, numbered after its own.
    new_ids: FxHashMap<Box<str>, Term>,
    buffer: String,
}

impl Default for Lexicon {
    fn default() -> Self {
        Self {
            background: Background::get(),
            seen_short: vec![FxHashMap::default(); Language::COUNT],
            seen_long: vec![FxHashMap::default(); Language::COUNT],
            new_ids: FxHashMap::default(),
            buffer: String::new(),
        }
    }
}

impl Lexicon {
    /// Appends the terms of `text` to `out`, in the order of the text, repeats included.
    pub fn terms(&mut self, text: &str, language: Language, out: &mut Vec<Term>) {
        let mut buffer = std::mem::take(&mut self.buffer);
        tokens(text, &mut buffer, |token| {
            out.extend(match token {
                Token::Short(token) => self.short_term(token, language),
                Token::Long(token) => self.long_term(token, language),
            });
        });
        self.buffer = buffer;
    }

    /// The term of a token in lower case, as [`words`] gives it; `None` for a stop word.
    pub fn term(&mut self, word: &str, language: Language) -> Option<Term> {
        match Token::new(word) {
            Token::Short(token) => self.short_term(token, language),
            Token::Long(token) => self.long_term(token, language),
        }
    }

    /// The term of a word that is a stem already.
    pub fn stem(&mut self, stem: &str) -> Term {
        self.intern(stem)
    }

    fn short_term(&mut self, token: ShortToken, language: Language) -> Option<Term> {
        if let Some(&term) = self.seen_short[language.idx()].get(&token) {
            return term;
        }
        let term = self.new_term(token.text(&mut [0; 16]), language);
        self.seen_short[language.idx()].insert(token, term);
        term
    }

    fn long_term(&mut self, token: &str, language: Language) -> Option<Term> {
        if let Some(&term) = self.seen_long[language.idx()].get(token) {
            return term;
        }
        let term = self.new_term(token, language);
        self.seen_long[language.idx()].insert(token.into(), term);
        term
    }

    fn new_term(&mut self, token: &str, language: Language) -> Option<Term> {
        (!language.is_stop_word(token)).then(|| self.intern(&language.stem(token)))
    }

    fn intern(&mut self, stem: &str) -> Term {
        if let Some(term) = self.background.term(stem).or_else(|| self.new_ids.get(stem).copied()) {
            return term;
        }
        let term = Term((self.background.n_terms() + self.new_ids.len()) as u32);
        self.new_ids.insert(stem.into(), term);
        term
    }
}

/// The tokens of a text, in lower case, in order, repeats and stop words
/// included: what [`Lexicon::terms`] makes terms of.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    tokens(text, &mut String::new(), |token| {
        words.push(match token {
            Token::Short(token) => token.text(&mut [0; 16]).to_owned(),
            Token::Long(token) => token.to_owned(),
        });
    });
    words
}

/// A token in lower case.
enum Token<'a> {
    Short(ShortToken),
    Long(&'a str),
}

impl<'a> Token<'a> {
    fn new(token: &'a str) -> Self {
        let mut bytes = [0; 16];
        match bytes.get_mut(..token.len()) {
            Some(start) if token.len() <= ShortToken::MAX_BYTES => {
                start.copy_from_slice(token.as_bytes());
                bytes[ShortToken::MAX_BYTES] = token.len() as u8;
                Self::Short(ShortToken(u128::from_le_bytes(bytes)))
            }
            _ => Self::Long(token),
        }
    }
}

/// A token of at most 15 bytes with its length, as a number: most words are
/// their own keys, which saves a look elsewhere in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct ShortToken(u128);

impl ShortToken {
    const MAX_BYTES: usize = 15;

    /// The ASCII token `bytes[start..end]`, all its bytes at once.
    fn from_ascii(bytes: &[u8], start: usize, end: usize) -> Self {
        const ONES: u128 = u128::MAX / 255;
        let n_bytes = end - start;
        let mut block = [0; 16];
        match bytes.get(start..start + block.len()) {
            Some(all) => block.copy_from_slice(all),
            None => block[..n_bytes].copy_from_slice(&bytes[start..end]),
        }
        let token = u128::from_le_bytes(block) & ((1 << (8 * n_bytes)) - 1);
        // The high bit of each byte tells whether it reaches `A`, or passes `Z`.
        let from_a = token + ONES * u128::from(0x80 - b'A');
        let past_z = token + ONES * u128::from(0x7F - b'Z');
        let capitals = from_a & !past_z & (ONES * 0x80);
        Self(token | (capitals >> 2) | ((n_bytes as u128) << 120))
    }

    fn text(self, bytes: &mut [u8; 16]) -> &str {
        *bytes = self.0.to_le_bytes();
        let n_bytes = usize::from(bytes[Self::MAX_BYTES]);
        str::from_utf8(&bytes[..n_bytes]).expect("made from a whole string")
    }
}

/// The terms of a whole collection with their weights.
#[derive(Debug)]
pub struct Vocabulary {
    weights: Vec<u32>,
}

impl Vocabulary {
    /// Gives the terms of all lexicons one numbering. Returns, for each
    /// lexicon, the new number of each of its terms.
    pub fn merge(lexicons: Vec<Lexicon>) -> (Self, Vec<Renumbering>) {
        let background = Background::get();
        let n_known = background.n_terms();
        let mut ids: FxHashMap<Box<str>, Term> = FxHashMap::default();
        let mut renumberings = Vec::with_capacity(lexicons.len());
        for lexicon in lexicons {
            let mut new = vec![Term(0); lexicon.new_ids.len()];
            #[expect(clippy::iter_over_hash_type, reason = "numbers of terms are in no result")]
            for (stem, local) in lexicon.new_ids {
                let next = Term((n_known + ids.len()) as u32);
                new[local.0 as usize - n_known] = *ids.entry(stem).or_insert(next);
            }
            renumberings.push(Renumbering { n_known: n_known as u32, new });
        }
        let mut weights = background.weights().to_vec();
        weights.resize(n_known + ids.len(), background.unknown_weight());
        (Self { weights }, renumberings)
    }

    /// Number of terms.
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Whether it knows no term, which never happens: the background has thousands.
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// The weight of a term: its IDF in units of `1 /` [`background::SCALE`].
    pub fn weight(&self, term: Term) -> u32 {
        self.weights[term.0 as usize]
    }
}

/// How the terms of one lexicon are numbered in the [`Vocabulary`].
#[derive(Debug)]
pub struct Renumbering {
    n_known: u32,
    new: Vec<Term>,
}

impl Renumbering {
    /// Whether a term's number in the vocabulary may be another.
    pub fn changes(&self, term: Term) -> bool {
        term.0 >= self.n_known
    }

    /// The number in the vocabulary of a term of the lexicon.
    pub fn apply(&self, term: Term) -> Term {
        match term.0.checked_sub(self.n_known) {
            None => term,
            Some(local) => self.new[local as usize],
        }
    }
}

/// Finds any of a few words in a text in one pass. Of the kinds of search this
/// one looks at many bytes at once; it knows no case, so what it looks through
/// is put into lower case before, where that matters. The automaton for what
/// that leaves is of the kind that is quickly built.
pub(crate) fn word_finder(words: impl IntoIterator<Item: AsRef<[u8]>>) -> AhoCorasick {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostFirst)
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .build(words)
        .expect("a few short words fit")
}

/// What follows a prefix, which may stand in any ASCII case.
pub(crate) fn strip_prefix_of_any_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| &text[prefix.len()..])
}

/// The first `max_bytes` of a text, or what of them is whole characters.
pub(crate) fn head(text: &str, max_bytes: usize) -> &str {
    &text[..text.floor_char_boundary(max_bytes)]
}

/// A number as reports show it: `12,345`.
pub(crate) fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 agent`, `12,345 agents`.
pub(crate) fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(n), if n == 1 { one } else { many })
}

/// `3 errors, 1 warning and 2 notes`.
pub(crate) fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Estimates the tokens of a language model: four ASCII characters, or one
/// other character, to a token. Off by some 10 % for English prose.
pub fn n_tokens(text: &str) -> u64 {
    // Counted in bytes, chunk by chunk, which the processor does many at a time.
    const CHUNK: usize = u8::MAX as usize;
    let n_ascii = |chunk: &[u8]| chunk.iter().map(|byte| u8::from(byte.is_ascii())).sum::<u8>();
    let chunks = text.as_bytes().chunks(CHUNK);
    let n_ascii: usize = chunks.map(|chunk| usize::from(n_ascii(chunk))).sum();
    let n_others = text.chars().count() - n_ascii;
    (n_ascii.div_ceil(4) + n_others) as u64
}

/// What bytes are to tokens, as bits.
const WORD: u8 = 1;
const OTHER_THAN_ASCII: u8 = 2;
/// `+` and `#`.
const SIGN: u8 = 4;

static CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut classes = [WORD | OTHER_THAN_ASCII; 256];
    let mut byte = 0u8;
    while byte.is_ascii() {
        classes[byte as usize] = match byte {
            b'+' | b'#' => SIGN,
            _ if byte.is_ascii_alphanumeric() => WORD,
            _ => 0,
        };
        byte += 1;
    }
    classes
}

/// Calls `emit` with each token of `text`, in lower case.
///
/// A token is a run of letters and digits; `.` joins two of them (`next.js`,
/// `1.2`), `+` and `#` belong to the token before them (`c++`, `c#`, `n+1`).
/// Runs with other than ASCII characters are cut at Unicode word boundaries.
fn tokens(text: &str, buffer: &mut String, mut emit: impl FnMut(Token<'_>)) {
    let bytes = text.as_bytes();
    let class = |at: usize| bytes.get(at).map_or(0, |&byte| CLASSES[usize::from(byte)]);
    let mut at = 0;
    while at < bytes.len() {
        if class(at) & WORD == 0 {
            at += 1;
            continue;
        }
        let start = at;
        let mut seen = 0;
        loop {
            let class_here = class(at);
            if class_here == 0 && !(bytes.get(at) == Some(&b'.') && class(at + 1) & WORD != 0) {
                break;
            }
            seen |= class_here;
            at += 1;
        }
        let run = &text[start..at];
        if seen & OTHER_THAN_ASCII != 0 {
            unicode_tokens(run, buffer, &mut emit);
        } else if run.len() <= ShortToken::MAX_BYTES {
            emit(Token::Short(ShortToken::from_ascii(bytes, start, at)));
        } else {
            buffer.clear();
            buffer.push_str(&run[..run.len().min(MAX_TOKEN_BYTES)]);
            buffer.make_ascii_lowercase();
            emit(Token::Long(buffer));
        }
    }
}

fn unicode_tokens(run: &str, buffer: &mut String, emit: &mut impl FnMut(Token<'_>)) {
    let mut rest = run;
    while !rest.is_empty() {
        let n_cjk = rest.find(|c| !language::is_cjk(c)).unwrap_or(rest.len());
        let (cjk, tail) = rest.split_at(n_cjk);
        bigrams(cjk, emit);
        let n_other = tail.find(language::is_cjk).unwrap_or(tail.len());
        let (other, tail) = tail.split_at(n_other);
        for word in other.unicode_words() {
            buffer.clear();
            buffer.extend(word.chars().flat_map(char::to_lowercase));
            buffer.truncate(buffer.floor_char_boundary(MAX_TOKEN_BYTES));
            emit(Token::new(buffer));
        }
        rest = tail;
    }
}

/// Each two neighbours of a run of Chinese, Japanese or Korean characters; a
/// lone character is its own token. Pairs of hiragana are grammar (です, ます)
/// and left out, like stop words.
fn bigrams(run: &str, emit: &mut impl FnMut(Token<'_>)) {
    let mut chars = run.char_indices().peekable();
    let is_lone = run.chars().nth(1).is_none();
    while let Some((start, first)) = chars.next() {
        match chars.peek() {
            Some(&(_, second)) if is_hiragana(first) && is_hiragana(second) => {}
            Some(&(middle, second)) => {
                emit(Token::new(&run[start..middle + second.len_utf8()]));
            }
            None if is_lone => emit(Token::new(run)),
            None => {}
        }
    }
}

fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{309F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_join_and_signs_stay() {
        assert_eq!(
            words("Use Next.js, C#, C++ (n+1). v1.2… don't snake_case e.g. x."),
            ["use", "next.js", "c#", "c++", "n+1", "v1.2", "don", "t", "snake", "case", "e.g", "x"]
        );
    }

    #[test]
    fn words_outside_ascii_are_cut_at_unicode_boundaries() {
        assert_eq!(words("API—Größe straße №5 naïve"), ["api", "größe", "straße", "5", "naïve"]);
    }

    #[test]
    fn cjk_becomes_bigrams_without_grammar() {
        assert_eq!(
            words("代码审查,テストです 字"),
            ["代码", "码审", "审查", "テス", "スト", "トで", "字"]
        );
    }

    #[test]
    fn a_stem_of_the_background_keeps_its_number_after_merging() {
        let mut left = Lexicon::default();
        let mut right = Lexicon::default();
        let (mut a, mut b) = (Vec::new(), Vec::new());
        left.terms("Databases zyxomatic", Language::English, &mut a);
        right.terms("qwertzic the zyxomatics database", Language::English, &mut b);
        let (vocabulary, numbers) = Vocabulary::merge(vec![left, right]);
        let a: Vec<_> = a.iter().map(|&term| numbers[0].apply(term)).collect();
        let b: Vec<_> = b.iter().map(|&term| numbers[1].apply(term)).collect();
        assert_eq!(b.len(), 3);
        assert_eq!((a[0], a[1]), (b[2], b[1]));
        assert!(vocabulary.weight(a[0]) < vocabulary.weight(a[1]));
    }

    #[test]
    fn tokens_are_estimated_by_characters() {
        assert_eq!(n_tokens(""), 0);
        assert_eq!(n_tokens("eight ch"), 2);
        assert_eq!(n_tokens("代码审查"), 4);
    }
}
