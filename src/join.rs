//! All pairs of term sets with a cosine of at least a threshold, exactly.
//!
//! Definition: sets `x`, `y` of weighted terms; `cosine = Σ w² over x ∩ y /
//! sqrt(Σ w² over x · Σ w² over y)`. [`similar_pairs`] returns every pair with
//! `cosine ≥ threshold` and no other.
//!
//! Method: prefix filtering (Bayardo, Ma & Srikant 2007) with the length and
//! position filters of PPJoin (Xiao et al. 2008), on weighted sets. Terms are
//! ordered rare first. Take `x` no shorter than `y`. Since `dot ≤ norm²(y)`, a
//! similar pair has `norm²(y) ≥ t² · norm²(x)`, so `dot ≥ t · norm²(y)` and
//! `dot ≥ t² · norm²(x)`. Terms whose weights sum to less than that cannot make
//! a pair alone, so only the terms before them are indexed (for `y`) or looked
//! up (for `x`). What remains is verified by merging.
//!
//! Suffix filters and locality-sensitive hashing were measured slower on agent
//! definitions, and hashing loses pairs.
//!
//! Time: proportional to the postings visited, which rare-first order keeps
//! short; at worst quadratic where all sets share rare terms. Space: linear.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::measure::cosine;

/// Many sets of weighted terms, in one piece of memory.
#[derive(Debug, Clone, Default)]
pub struct TermSets {
    starts: Vec<u32>,
    terms: Vec<u32>,
    /// Squared weight by term.
    weights2: Vec<u32>,
    norms2: Vec<u64>,
}

impl TermSets {
    /// Sets of terms `0..weights2.len()`, where lower numbers are rarer: the
    /// order decides how fast the join is, not what it finds. Each set must be
    /// ascending and without repeats. Terms without weight are left out.
    pub fn new<'a>(sets: impl Iterator<Item = &'a [u32]>, weights2: Vec<u32>) -> Self {
        let mut all = Self {
            starts: vec![0],
            weights2,
            ..Self::default()
        };
        for set in sets {
            debug_assert!(set.is_sorted_by(|a, b| a < b));
            all.terms
                .extend(set.iter().filter(|&&term| all.weights2[term as usize] > 0));
            all.starts.push(all.terms.len() as u32);
            all.norms2
                .push(set.iter().map(|&term| all.weight2(term)).sum());
        }
        all
    }

    /// Number of sets.
    pub fn len(&self) -> usize {
        self.norms2.len()
    }

    /// Whether there is no set.
    pub fn is_empty(&self) -> bool {
        self.norms2.is_empty()
    }

    /// The terms of a set, ascending.
    pub fn set(&self, idx: u32) -> &[u32] {
        &self.terms[self.starts[idx as usize] as usize..self.starts[idx as usize + 1] as usize]
    }

    /// The squared length of a set's vector.
    pub fn norm2(&self, idx: u32) -> u64 {
        self.norms2[idx as usize]
    }

    /// The squared weight of a term.
    pub fn weight2(&self, term: u32) -> u64 {
        u64::from(self.weights2[term as usize])
    }

    /// Number of terms that sets may hold.
    pub fn n_terms(&self) -> usize {
        self.weights2.len()
    }

    /// Cosine of two sets, in 0..=1.
    pub fn cosine(&self, left: u32, right: u32) -> f64 {
        cosine(
            self.dot(self.set(left), self.set(right)),
            self.norm2(left),
            self.norm2(right),
        )
    }

    /// The rarest terms of a set: those without which the rest weighs less
    /// than `share` (in 0..=1) of it. A set that shares none of them with
    /// another has less than that share of its squared length in common with it.
    pub fn prefix(&self, idx: u32, share: f64) -> impl Iterator<Item = u32> + '_ {
        prefix(self, idx, share * self.norm2(idx) as f64).map(|(term, _)| term)
    }

    fn dot(&self, mut left: &[u32], mut right: &[u32]) -> u64 {
        let mut dot = 0;
        while let ([a, left_rest @ ..], [b, right_rest @ ..]) = (left, right) {
            if a == b {
                dot += self.weight2(*a);
            }
            if a <= b {
                left = left_rest;
            }
            if b <= a {
                right = right_rest;
            }
        }
        dot
    }
}

/// Two similar sets, `left < right`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SimilarPair {
    /// Index of the first set.
    pub left: u32,
    /// Index of the second set.
    pub right: u32,
    /// Their cosine.
    pub similarity: f64,
}

/// Where a term stands among the first terms of an indexed set.
#[derive(Debug, Clone, Copy, Default)]
struct Posting {
    /// Rank of the set by length.
    rank: u32,
    /// Squared weight of the set's terms after this one.
    rest2: u64,
}

/// Keeps the filters on the safe side of rounding; verification is exact.
const SLACK: f64 = 1.0 - 1e-9;

/// Every pair of sets whose cosine is at least `threshold` (in 0..=1, above 0),
/// by left, then right. Empty sets are similar to nothing.
pub fn similar_pairs(sets: &TermSets, threshold: f64) -> Vec<SimilarPair> {
    let mut by_length: Vec<u32> = (0..sets.len() as u32)
        .filter(|&idx| sets.norm2(idx) > 0)
        .collect();
    by_length.sort_unstable_by_key(|&idx| (sets.norm2(idx), idx));
    let norms2: Vec<u64> = by_length.iter().map(|&idx| sets.norm2(idx)).collect();
    let index = Index::new(sets, &by_length, threshold);
    let mut pairs: Vec<SimilarPair> = (0..by_length.len() as u32)
        .into_par_iter()
        .map_init(
            || Scratch {
                dots: vec![0; by_length.len()],
                touched: Vec::new(),
            },
            |scratch, rank| probe(sets, &by_length, &norms2, &index, threshold, rank, scratch),
        )
        .flatten_iter()
        .collect();
    pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
    pairs
}

/// Postings of each set's first terms, by term, each list by rank.
struct Index {
    starts: Vec<u32>,
    postings: Vec<Posting>,
}

impl Index {
    fn new(sets: &TermSets, by_length: &[u32], threshold: f64) -> Self {
        let prefix = |idx: u32| prefix(sets, idx, threshold * sets.norm2(idx) as f64);
        let mut starts = vec![0u32; sets.n_terms() + 1];
        for &idx in by_length {
            for (term, _) in prefix(idx) {
                starts[term as usize + 1] += 1;
            }
        }
        for term in 1..starts.len() {
            starts[term] += starts[term - 1];
        }
        let mut next = starts.clone();
        let mut postings = vec![Posting::default(); starts.last().copied().unwrap_or(0) as usize];
        for (rank, &idx) in by_length.iter().enumerate() {
            for (term, rest2) in prefix(idx) {
                let at = &mut next[term as usize];
                postings[*at as usize] = Posting {
                    rank: rank as u32,
                    rest2,
                };
                *at += 1;
            }
        }
        Self { starts, postings }
    }

    fn list(&self, term: u32) -> &[Posting] {
        &self.postings[self.starts[term as usize] as usize..self.starts[term as usize + 1] as usize]
    }
}

/// The terms of a set, each with the squared weight of those after it, up to
/// the last without which the rest could still reach `least_dot`.
fn prefix(sets: &TermSets, idx: u32, least_dot: f64) -> impl Iterator<Item = (u32, u64)> + '_ {
    let mut before = sets.norm2(idx);
    let least_dot = least_dot * SLACK;
    sets.set(idx).iter().map_while(move |&term| {
        if (before as f64) < least_dot {
            return None;
        }
        before -= sets.weight2(term);
        Some((term, before))
    })
}

struct Scratch {
    /// By rank: the dot product so far; 0 for a set not met.
    dots: Vec<u64>,
    touched: Vec<u32>,
}

/// A set that some filter has ruled out.
const RULED_OUT: u64 = u64::MAX;

fn probe(
    sets: &TermSets,
    by_length: &[u32],
    norms2: &[u64],
    index: &Index,
    threshold: f64,
    rank: u32,
    scratch: &mut Scratch,
) -> Vec<SimilarPair> {
    let idx = by_length[rank as usize];
    let norm2 = norms2[rank as usize] as f64;
    let shortest = threshold * threshold * norm2 * SLACK;
    let first_rank = norms2.partition_point(|&other| (other as f64) < shortest) as u32;
    for (term, rest2) in prefix(sets, idx, threshold * threshold * norm2) {
        let weight2 = sets.weight2(term);
        let list = index.list(term);
        let from = list.partition_point(|posting| posting.rank < first_rank);
        for posting in list[from..]
            .iter()
            .take_while(|posting| posting.rank < rank)
        {
            let dot = &mut scratch.dots[posting.rank as usize];
            if *dot == RULED_OUT {
                continue;
            }
            if *dot == 0 {
                scratch.touched.push(posting.rank);
            }
            *dot += weight2;
            let at_most = *dot + rest2.min(posting.rest2);
            let least = threshold * (norm2 * norms2[posting.rank as usize] as f64).sqrt() * SLACK;
            if (at_most as f64) < least {
                *dot = RULED_OUT;
            }
        }
    }
    let mut found = Vec::new();
    for other_rank in scratch.touched.drain(..) {
        let dot = std::mem::take(&mut scratch.dots[other_rank as usize]);
        if dot == RULED_OUT {
            continue;
        }
        let other = by_length[other_rank as usize];
        let similarity = sets.cosine(idx, other);
        if similarity >= threshold {
            found.push(SimilarPair {
                left: idx.min(other),
                right: idx.max(other),
                similarity,
            });
        }
    }
    found
}
