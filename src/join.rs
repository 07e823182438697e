//! All pairs of weighted vectors with a cosine of at least a threshold, exactly.
//!
//! Definition: `cosine(x, y) = x·y / (|x| |y|)`. [`similar_pairs`] returns every
//! pair with `cosine ≥ threshold` and no other.
//!
//! Method: prefix filtering (Bayardo, Ma & Srikant 2007) with the length and
//! position filters of PPJoin (Xiao et al. 2008), carried over to weights.
//! Entries are ordered by term, rare first. If two vectors share no term of
//! `x` before its entry `i`, then `x·y ≤ |x after i| |y|` (Cauchy-Schwarz), so
//! where `|x after i| < t |x|` the pair cannot be similar: it is enough to look
//! up the entries before that, the prefix.
//!
//! In *sets*, where a term weighs the same in every vector, more is known:
//! `x·y` is the weight that both have, at most all of `y`. So a similar pair
//! has `|y|² ≥ t² |x|²`, and of the shorter one, which is indexed, entries that
//! sum to less than `t |y|²` need not be.
//!
//! What passes the filters is verified by merging. Suffix filters and
//! locality-sensitive hashing were measured slower on agent definitions, and
//! hashing loses pairs.
//!
//! Time: proportional to the postings visited, which rare-first order keeps
//! short; at worst quadratic where all vectors share their rare terms. Space:
//! linear.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::measure::cosine;

/// Many sparse vectors in one piece of memory. An entry's weight belongs to
/// its term (a set) or to the entry itself.
#[derive(Debug, Clone, Default)]
pub struct Vectors {
    starts: Vec<u32>,
    terms: Vec<u32>,
    /// By term for sets, else by entry.
    weights: Vec<u32>,
    are_sets: bool,
    n_terms: usize,
    norms2: Vec<u64>,
}

impl Vectors {
    /// Sets of terms with one weight a term. Lower terms should be rarer: the
    /// order decides how fast the join is, not what it finds. Each set must be
    /// ascending and without repeats. Terms without weight are left out.
    pub fn sets<'a>(sets: impl Iterator<Item = &'a [u32]>, term_weights: &[u32]) -> Self {
        let mut all = Self {
            starts: vec![0],
            are_sets: true,
            n_terms: term_weights.len(),
            ..Self::default()
        };
        all.weights = term_weights.to_vec();
        for set in sets {
            debug_assert!(set.is_sorted_by(|a, b| a < b));
            all.terms
                .extend(set.iter().filter(|&&term| term_weights[term as usize] > 0));
            all.close();
        }
        all
    }

    /// Vectors of (term, weight), of terms `0..n_terms`; otherwise like [`Self::sets`].
    pub fn weighted<'a>(vectors: impl Iterator<Item = &'a [(u32, u32)]>, n_terms: usize) -> Self {
        let mut all = Self {
            starts: vec![0],
            n_terms,
            ..Self::default()
        };
        for vector in vectors {
            debug_assert!(vector.is_sorted_by(|a, b| a.0 < b.0));
            for &(term, weight) in vector.iter().filter(|&&(_, weight)| weight > 0) {
                all.terms.push(term);
                all.weights.push(weight);
            }
            all.close();
        }
        all
    }

    /// Ends the vector whose entries were added.
    fn close(&mut self) {
        let start = self.starts.last().map_or(0, |&start| start as usize);
        self.norms2.push(
            (start..self.terms.len())
                .map(|entry| self.weight(entry).pow(2))
                .sum(),
        );
        self.starts.push(self.terms.len() as u32);
    }

    /// Number of vectors.
    pub fn len(&self) -> usize {
        self.norms2.len()
    }

    /// Whether there is no vector.
    pub fn is_empty(&self) -> bool {
        self.norms2.is_empty()
    }

    /// The terms of a vector, ascending.
    pub fn terms(&self, idx: u32) -> &[u32] {
        &self.terms[self.entries(idx)]
    }

    /// The squared length of a vector.
    pub fn norm2(&self, idx: u32) -> u64 {
        self.norms2[idx as usize]
    }

    /// Number of terms that vectors may have.
    pub fn n_terms(&self) -> usize {
        self.n_terms
    }

    /// Cosine of two vectors, in 0..=1.
    pub fn cosine(&self, left: u32, right: u32) -> f64 {
        cosine(self.dot(left, right), self.norm2(left), self.norm2(right))
    }

    /// Squared weight of a term in a set.
    pub fn set_weight2(&self, term: u32) -> u64 {
        debug_assert!(self.are_sets);
        u64::from(self.weights[term as usize]).pow(2)
    }

    fn entries(&self, idx: u32) -> std::ops::Range<usize> {
        self.starts[idx as usize] as usize..self.starts[idx as usize + 1] as usize
    }

    fn weight(&self, entry: usize) -> u64 {
        let place = if self.are_sets {
            self.terms[entry] as usize
        } else {
            entry
        };
        u64::from(self.weights[place])
    }

    fn dot(&self, left: u32, right: u32) -> u64 {
        let (left, right) = (self.entries(left), self.entries(right));
        let (mut at, mut other) = (left.start, right.start);
        let mut dot = 0;
        while at < left.end && other < right.end {
            let (a, b) = (self.terms[at], self.terms[other]);
            if a == b {
                dot += self.weight(at) * self.weight(other);
            }
            at += usize::from(a <= b);
            other += usize::from(b <= a);
        }
        dot
    }

    /// The entries of the rarest terms, each with the squared length of what
    /// follows it: those without which the rest has less than `share` (in 0..=1)
    /// of the squared length. A vector that shares none of them with this one
    /// has a cosine below the root of `share`.
    fn first_entries(&self, idx: u32, share: f64) -> impl Iterator<Item = (usize, u64)> + '_ {
        let mut before = self.norm2(idx);
        let least = share * before as f64 * SLACK;
        self.entries(idx).map_while(move |entry| {
            if (before as f64) < least {
                return None;
            }
            before -= self.weight(entry).pow(2);
            Some((entry, before))
        })
    }

    /// Share of the squared length below which the end of an indexed vector is left out.
    fn index_share(&self, threshold: f64) -> f64 {
        if self.are_sets {
            threshold
        } else {
            threshold * threshold
        }
    }

    /// The squared length that a vector similar to one of `norm2`, and no longer, has at least.
    fn least_norm2(&self, threshold: f64, norm2: u64) -> f64 {
        if self.are_sets {
            threshold * threshold * norm2 as f64 * SLACK
        } else {
            0.0
        }
    }

    /// The largest dot product of two remainders with these squared lengths.
    fn at_most(&self, left2: u64, right2: u64) -> f64 {
        if self.are_sets {
            left2.min(right2) as f64
        } else {
            (left2 as f64 * right2 as f64).sqrt()
        }
    }
}

/// Two similar vectors, `left < right`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SimilarPair {
    /// Index of the first vector.
    pub left: u32,
    /// Index of the second vector.
    pub right: u32,
    /// Their cosine.
    pub similarity: f64,
}

/// Where a term stands among the first entries of an indexed vector.
#[derive(Debug, Clone, Copy, Default)]
struct Posting {
    /// Rank of the vector by length.
    rank: u32,
    /// Weight of the term there.
    weight: u32,
    /// Squared length of what follows.
    rest2: u64,
}

/// Keeps the filters on the safe side of rounding; verification is exact.
const SLACK: f64 = 1.0 - 1e-9;

/// Every pair of vectors whose cosine is at least `threshold` (in 0..=1, above
/// 0), by left, then right. Empty vectors are similar to nothing.
pub fn similar_pairs(vectors: &Vectors, threshold: f64) -> Vec<SimilarPair> {
    let mut by_length: Vec<u32> = (0..vectors.len() as u32)
        .filter(|&idx| vectors.norm2(idx) > 0)
        .collect();
    by_length.sort_unstable_by_key(|&idx| (vectors.norm2(idx), idx));
    let norms2: Vec<u64> = by_length.iter().map(|&idx| vectors.norm2(idx)).collect();
    let index = Index::new(vectors, by_length, norms2, threshold);
    let mut pairs: Vec<SimilarPair> = (0..index.by_length.len() as u32)
        .into_par_iter()
        .map_init(
            || Scratch::new(index.by_length.len()),
            |scratch, rank| index.probe(vectors, rank, scratch),
        )
        .flatten_iter()
        .collect();
    pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
    pairs
}

/// Postings of each vector's first entries, by term, each list by rank.
struct Index {
    threshold: f64,
    by_length: Vec<u32>,
    norms2: Vec<u64>,
    starts: Vec<u32>,
    postings: Vec<Posting>,
}

impl Index {
    fn new(vectors: &Vectors, by_length: Vec<u32>, norms2: Vec<u64>, threshold: f64) -> Self {
        let share = vectors.index_share(threshold);
        let mut starts = vec![0u32; vectors.n_terms() + 1];
        for &idx in &by_length {
            for (entry, _) in vectors.first_entries(idx, share) {
                starts[vectors.terms[entry] as usize + 1] += 1;
            }
        }
        for term in 1..starts.len() {
            starts[term] += starts[term - 1];
        }
        let mut next = starts.clone();
        let mut postings = vec![Posting::default(); starts.last().copied().unwrap_or(0) as usize];
        for (rank, &idx) in by_length.iter().enumerate() {
            for (entry, rest2) in vectors.first_entries(idx, share) {
                let at = &mut next[vectors.terms[entry] as usize];
                postings[*at as usize] = Posting {
                    rank: rank as u32,
                    weight: vectors.weight(entry) as u32,
                    rest2,
                };
                *at += 1;
            }
        }
        Self {
            threshold,
            by_length,
            norms2,
            starts,
            postings,
        }
    }

    fn list(&self, term: u32) -> &[Posting] {
        &self.postings[self.starts[term as usize] as usize..self.starts[term as usize + 1] as usize]
    }

    /// The similar pairs of the vector of this rank with those of lower rank.
    fn probe(&self, vectors: &Vectors, rank: u32, scratch: &mut Scratch) -> Vec<SimilarPair> {
        let idx = self.by_length[rank as usize];
        let norm2 = self.norms2[rank as usize];
        let least_norm2 = vectors.least_norm2(self.threshold, norm2);
        let first_rank = self
            .norms2
            .partition_point(|&other| (other as f64) < least_norm2) as u32;
        for (entry, rest2) in vectors.first_entries(idx, self.threshold * self.threshold) {
            let weight = vectors.weight(entry);
            let list = self.list(vectors.terms[entry]);
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
                *dot += weight * u64::from(posting.weight);
                let at_most = *dot as f64 + vectors.at_most(rest2, posting.rest2);
                let both2 = norm2 as f64 * self.norms2[posting.rank as usize] as f64;
                if at_most < self.threshold * both2.sqrt() * SLACK {
                    *dot = RULED_OUT;
                }
            }
        }
        let mut found = Vec::new();
        for other in scratch.touched.drain(..) {
            if std::mem::take(&mut scratch.dots[other as usize]) == RULED_OUT {
                continue;
            }
            let other = self.by_length[other as usize];
            let similarity = vectors.cosine(idx, other);
            if similarity >= self.threshold {
                found.push(SimilarPair {
                    left: idx.min(other),
                    right: idx.max(other),
                    similarity,
                });
            }
        }
        found
    }
}

/// Space for one probe, reused from probe to probe.
struct Scratch {
    /// By rank: the dot product so far; 0 for a vector not met.
    dots: Vec<u64>,
    touched: Vec<u32>,
}

impl Scratch {
    fn new(n_vectors: usize) -> Self {
        Self {
            dots: vec![0; n_vectors],
            touched: Vec::new(),
        }
    }
}

/// A vector that some filter has ruled out.
const RULED_OUT: u64 = u64::MAX;
