//! A request in words, as the agents of each language read it.

use std::collections::BTreeSet;

use crate::measure::name::other_forms;
use crate::text::background::{Background, SCALE};
use crate::text::language::Language;
use crate::text::{Lexicon, Term, words};

/// Distinct words that count. What is asked stands at the beginning; the rest
/// of a long request is a log, a diff, a file.
pub const MAX_WORDS: usize = 200;

/// A request, read once for each language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// Its distinct words in lower case, stop words of English and of its own
    /// language aside, in order.
    pub words: Vec<String>,
    /// Whether there are more words than [`MAX_WORDS`].
    pub is_cut: bool,
    /// By [`Language`]: the words as terms.
    readings: Vec<Vec<Reading>>,
}

/// A word in one language. Without a form it is a stop word there, or has the
/// stem of an earlier word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Its stem first, then the terms of its known short and long forms.
    pub forms: Vec<Vec<Term>>,
    /// The IDF of the stem in units of `1 / SCALE`; 0 without a form.
    pub weight: u32,
}

impl Reading {
    /// The IDF of the stem, in nats.
    pub fn idf(&self) -> f64 {
        f64::from(self.weight) / SCALE
    }

    /// The word itself.
    pub(super) fn stem(&self) -> Option<Term> {
        self.forms.first()?.first().copied()
    }

    pub(super) fn weight2(&self) -> u64 {
        u64::from(self.weight).pow(2)
    }
}

impl Request {
    /// Reads a request; `lexicon` numbers its terms.
    pub fn new(text: &str, lexicon: &mut Lexicon) -> Self {
        let mut distinct = Vec::new();
        let mut seen = BTreeSet::new();
        let mut is_cut = false;
        let language = language(text, lexicon);
        for word in words(text) {
            let is_empty = [Language::English, language]
                .iter()
                .any(|&language| lexicon.term(&word, language).is_none());
            if is_empty || !seen.insert(word.clone()) {
                continue;
            }
            if distinct.len() == MAX_WORDS {
                is_cut = true;
                break;
            }
            distinct.push(word);
        }
        let readings = Language::ALL.iter().map(|&language| readings(&distinct, language, lexicon));
        Self { readings: readings.collect(), words: distinct, is_cut }
    }

    /// The words in a language, by place in [`Self::words`].
    pub fn readings(&self, language: Language) -> &[Reading] {
        &self.readings[language as usize]
    }
}

/// The language that most stop words of a text are of, English where others have
/// no more: too few words for [`crate::text::language::detect`].
fn language(text: &str, lexicon: &mut Lexicon) -> Language {
    let words: BTreeSet<String> = words(text).into_iter().take(MAX_WORDS).collect();
    let mut n_empty = |language: Language| {
        let is_empty = |word: &&String| lexicon.term(word, language).is_none();
        words.iter().filter(is_empty).count()
    };
    let others = Language::ALL.iter().copied();
    let best = others.max_by_key(|&language| (n_empty(language), language == Language::English));
    best.unwrap_or(Language::English)
}

fn readings(words: &[String], language: Language, lexicon: &mut Lexicon) -> Vec<Reading> {
    let background = Background::get();
    let mut seen = BTreeSet::new();
    let read = |word: &String| {
        let Some(term) = lexicon.term(word, language).filter(|&term| seen.insert(term)) else {
            return Reading::default();
        };
        let other = other_forms(word).into_iter().map(|form| {
            let parts = form.split(' ');
            parts.filter_map(|part| lexicon.term(part, language)).collect()
        });
        Reading {
            forms: std::iter::once(vec![term]).chain(other).collect(),
            weight: background.weight(term),
        }
    };
    words.iter().map(read).collect()
}
