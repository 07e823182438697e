//! How frequent a term is in agent definitions at large.
//!
//! The table counts stems over 10,265 public definition files; how it is made
//! stands in `docs/measures.md`. A line holds a document frequency and the
//! terms that have it, so that 21,000 terms fit in 190 KB and load in a
//! millisecond.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::Term;

/// Files that were counted.
const N_DOCUMENTS: f64 = 10_265.0;

/// Terms in fewer files than the table lists count as being in one.
const UNKNOWN_DF: f64 = 1.0;

/// Weights are integers in units of one 1,024th, so that sums are exact and do
/// not depend on their order: a border like "cosine ≥ 0.8" then means the same
/// on every machine and for every number of threads.
pub const SCALE: f64 = 1024.0;

static TABLE: &str = include_str!("background.txt");

/// The background table.
#[derive(Debug)]
pub struct Background {
    terms: FxHashMap<&'static str, Term>,
    weights: Vec<u32>,
}

impl Background {
    /// The table that ships with the program, loaded once.
    pub fn get() -> &'static Self {
        static LOADED: OnceLock<Background> = OnceLock::new();
        LOADED.get_or_init(|| Self::load(TABLE))
    }

    fn load(table: &'static str) -> Self {
        let mut terms = FxHashMap::with_capacity_and_hasher(24_000, Default::default());
        let mut weights = Vec::with_capacity(24_000);
        for line in table.lines() {
            let mut words = line.split(' ');
            let df: f64 = words
                .next()
                .and_then(|df| df.parse().ok())
                .expect("each line begins with a number");
            let weight = weight(df);
            for word in words {
                terms.insert(word, Term(weights.len() as u32));
                weights.push(weight);
            }
        }
        Self { terms, weights }
    }

    /// Number of terms in the table.
    pub fn n_terms(&self) -> usize {
        self.weights.len()
    }

    /// The number of a stem that the table knows.
    pub fn term(&self, stem: &str) -> Option<Term> {
        self.terms.get(stem).copied()
    }

    /// Weights by term number.
    pub fn weights(&self) -> &[u32] {
        &self.weights
    }

    /// The weight of a term, one that the table does not know included.
    pub fn weight(&self, term: Term) -> u32 {
        let known = self.weights.get(term.0 as usize).copied();
        known.unwrap_or_else(|| self.unknown_weight())
    }

    /// The weight of a term that the table does not know.
    pub fn unknown_weight(&self) -> u32 {
        weight(UNKNOWN_DF)
    }
}

/// `idf = ln((N + 1) / (df + 0.5))` (Spärck Jones 1972, smoothed so that it is
/// never negative), in units of `1 / SCALE`. At most 9,045.
fn weight(df: f64) -> u32 {
    (((N_DOCUMENTS + 1.0) / (df + 0.5)).ln() * SCALE).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_terms_weigh_less_than_rare_ones() {
        let background = Background::get();
        let weight = |stem: &str| background.weights()[background.term(stem).unwrap().0 as usize];
        assert!(weight("use") < weight("databas"));
        assert!(weight("databas") < weight("hreflang"));
        assert!(weight("hreflang") < background.unknown_weight());
    }
}
