//! All pairs of weighted vectors with a cosine of at least a threshold, exactly.
//!
//! Definition: `cosine(x, y) = x·y / (|x| |y|)`. [`similar_pairs`] returns every
//! pair with `cosine ≥ threshold` and no other.
//!
//! Method: prefix filtering (Bayardo, Ma & Srikant 2007) with the length and
//! position filters of `PPJoin` (Xiao et al. 2008), carried over to weights.
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
//! Postings of sets carry a bitmap of the terms in their set: what two sets can
//! share weighs at most what the terms weigh whose bits both have (the bitmap
//! filter of Sandes, Teodoro & Melo 2020, with weights).
//!
//! What passes the filters is verified in full. Suffix filters and
//! locality-sensitive hashing were measured slower on agent definitions, and
//! hashing loses pairs.
//!
//! Time: proportional to the postings visited, which rare-first order keeps
//! short; at worst quadratic where all vectors share their rare terms. Space:
//! linear.

use std::ops::Range;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::measure::cosine;

/// The place of each term when all are ordered by the number of vectors that
/// have it, rare first, then by term. A counting sort.
pub fn rare_first(n_vectors: &[u32]) -> Vec<u32> {
    let most = n_vectors.iter().max().map_or(0, |&most| most as usize);
    // By number: where the terms begin that so many vectors have.
    let mut starts = vec![0u32; most + 2];
    for &n in n_vectors {
        starts[n as usize + 1] += 1;
    }
    add_up(&mut starts);
    let place = |&n: &u32| {
        let next = &mut starts[n as usize];
        *next += 1;
        *next - 1
    };
    n_vectors.iter().map(place).collect()
}

/// Makes each number the sum of those up to it: lengths of lists become where
/// the lists end, or, each one place late, where they start.
pub(crate) fn add_up(numbers: &mut [u32]) {
    let mut sum = 0;
    for number in numbers {
        sum += *number;
        *number = sum;
    }
}

/// A place in a long list, in four bytes.
///
/// # Panics
///
/// If the list goes on beyond that: 16 GB of terms.
pub(crate) fn offset(n: usize) -> u32 {
    u32::try_from(n).expect("a list has less than 2³² items")
}

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
    signatures: Vec<u64>,
}

/// The bit of a term in a signature: one of 64.
fn signature_bit(term: u32) -> u32 {
    // Fibonacci hashing (Knuth 1998), for neighbours in rank often go together.
    term.wrapping_mul(0x9E37_79B9) >> 26
}

/// The terms of a set in brief, to tell at a glance how little two sets can share.
#[derive(Debug)]
pub(crate) struct Brief {
    signature: u64,
    /// By bit: the squared weights of the terms that have it.
    weights2: [u64; 64],
}

impl Brief {
    /// At most the squared weight of the terms that a set with this signature has too.
    pub(crate) fn shared2(&self, signature: u64) -> u64 {
        let mut bits = self.signature & signature;
        let mut shared2 = 0;
        while bits != 0 {
            shared2 += self.weights2[bits.trailing_zeros() as usize];
            bits &= bits - 1;
        }
        shared2
    }
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
            all.terms.extend(set.iter().filter(|&&term| term_weights[term as usize] > 0));
            all.close();
        }
        all
    }

    /// Vectors of (term, weight), of terms `0..n_terms`, each once in a vector.
    /// Entries without weight are left out. The terms get other numbers here,
    /// rare ones first.
    pub fn weighted<'a>(
        vectors: impl Iterator<Item = &'a [(u32, u32)]> + Clone,
        n_terms: usize,
    ) -> Self {
        let counts = |&&(_, weight): &&(u32, u32)| weight > 0;
        let mut n_vectors = vec![0; n_terms];
        for (term, _) in vectors.clone().flatten().filter(counts) {
            n_vectors[*term as usize] += 1;
        }
        let ranks = rare_first(&n_vectors);
        let mut all = Self { starts: vec![0], n_terms, ..Self::default() };
        let mut entries: Vec<(u32, u32)> = Vec::new();
        for vector in vectors {
            entries.clear();
            entries.extend(vector.iter().filter(counts));
            for (term, _) in &mut entries {
                *term = ranks[*term as usize];
            }
            entries.sort_unstable();
            all.terms.extend(entries.iter().map(|&(term, _)| term));
            all.weights.extend(entries.iter().map(|&(_, weight)| weight));
            all.close();
        }
        all
    }

    /// Ends the vector whose entries were added.
    fn close(&mut self) {
        let start = self.starts.last().map_or(0, |&start| start as usize);
        self.norms2.push((start..self.terms.len()).map(|entry| self.weight(entry).pow(2)).sum());
        let terms = self.terms[start..].iter();
        self.signatures.push(terms.fold(0, |bits, &term| bits | 1 << signature_bit(term)));
        self.starts.push(offset(self.terms.len()));
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

    /// A bit for each of a vector's terms; several may share one.
    pub(crate) fn signature(&self, idx: u32) -> u64 {
        self.signatures[idx as usize]
    }

    /// A set in brief.
    pub(crate) fn brief(&self, idx: u32) -> Brief {
        let mut weights2 = [0; 64];
        for &term in self.terms(idx) {
            weights2[signature_bit(term) as usize] += self.set_weight2(term);
        }
        Brief { signature: self.signature(idx), weights2 }
    }

    /// Number of terms that vectors may have.
    pub fn n_terms(&self) -> usize {
        self.n_terms
    }

    /// Of vectors made by [`Self::weighted`]: how many terms, the first ones,
    /// stand in at most `n_vectors` of them.
    pub fn n_terms_of_few(&self, n_vectors: usize) -> usize {
        let mut n_having = vec![0; self.n_terms];
        for &term in &self.terms {
            n_having[term as usize] += 1;
        }
        n_having.partition_point(|&n| n <= n_vectors)
    }

    /// Whether two vectors have the same entries.
    pub fn are_equal(&self, left: u32, right: u32) -> bool {
        let weights = |idx: u32| self.entries(idx).map(|entry| self.weight(entry));
        self.terms(left) == self.terms(right) && weights(left).eq(weights(right))
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

    fn entries(&self, idx: u32) -> Range<usize> {
        self.starts[idx as usize] as usize..self.starts[idx as usize + 1] as usize
    }

    fn weight(&self, entry: usize) -> u64 {
        let place = if self.are_sets { self.terms[entry] as usize } else { entry };
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

    /// The dot product of a vector with another one of these, given by its weights by term.
    fn dot_with(&self, weights: &[u32], idx: u32) -> u64 {
        let weight_there = |&term: &u32| u64::from(weights[term as usize]);
        let there = self.terms(idx).iter().map(weight_there);
        if self.are_sets {
            return there.map(|weight| weight.pow(2)).sum();
        }
        let here = self.weights[self.entries(idx)].iter();
        here.zip(there).map(|(&here, there)| u64::from(here) * there).sum()
    }

    /// The entries of the rarest terms, each with the squared length of what
    /// follows it: those without which the rest has less than `share` (in 0..=1)
    /// of the squared length. A vector that shares none of them with this one
    /// has a cosine below the root of `share`.
    fn first_entries(
        &self,
        idx: u32,
        share: f64,
    ) -> impl Iterator<Item = (usize, u64)> + Clone + '_ {
        let mut before = self.norm2(idx);
        let least = (share * before as f64 * SLACK) as u64;
        self.entries(idx).map_while(move |entry| {
            if before < least {
                return None;
            }
            before -= self.weight(entry).pow(2);
            Some((entry, before))
        })
    }

    /// The terms of [`Self::first_entries`] of a set, each with the squared length from it on.
    pub(crate) fn first_terms(
        &self,
        set: u32,
        share: f64,
    ) -> impl Iterator<Item = (u32, u64)> + '_ {
        let mut rest2 = self.norm2(set);
        let least = (share * rest2 as f64 * SLACK) as u64;
        self.terms(set).iter().map_while(move |&term| {
            let from_here2 = rest2;
            rest2 -= self.set_weight2(term);
            (from_here2 >= least).then_some((term, from_here2))
        })
    }

    /// Share of the squared length below which the end of an indexed vector is left out.
    fn index_share(&self, threshold: f64) -> f64 {
        if self.are_sets { threshold } else { threshold * threshold }
    }

    /// The squared length that a vector similar to one of `norm2`, and no longer, has at least.
    fn least_norm2(&self, threshold: f64, norm2: u64) -> f64 {
        if self.are_sets { threshold * threshold * norm2 as f64 * SLACK } else { 0.0 }
    }

    /// A squared length as [`Self::at_most`] wants it.
    fn rest(&self, norm2: u64) -> f64 {
        if self.are_sets { norm2 as f64 } else { (norm2 as f64).sqrt() }
    }

    /// The squared length that a vector similar to one of `norm2` has at most.
    fn most_norm2(&self, threshold: f64, norm2: u64) -> f64 {
        if self.are_sets { norm2 as f64 / (threshold * threshold * SLACK) } else { f64::INFINITY }
    }

    /// The largest dot product of two remainders, given by [`Self::rest`].
    fn at_most(&self, left: f64, right: f64) -> f64 {
        if self.are_sets { left.min(right) } else { left * right }
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

impl SimilarPair {
    /// Both vectors, the first one first.
    pub fn ends(&self) -> (u32, u32) {
        (self.left, self.right)
    }
}

/// Where a term stands among the first entries of an indexed vector.
#[derive(Debug, Clone, Copy, Default)]
struct Posting {
    /// The vector.
    idx: u32,
    /// Weight of the term there.
    weight: u32,
    /// The squared length of the vector.
    norm2: u64,
    /// What follows, by [`Vectors::rest`].
    rest: f64,
    /// See [`Vectors::signature`].
    signature: u64,
}

impl Posting {
    /// Postings stand in this order: by the length of their vectors.
    fn place(&self) -> (u64, u32) {
        (self.norm2, self.idx)
    }
}

/// Keeps filters and bounds on the safe side of rounding; what passes them is verified exactly.
pub(crate) const SLACK: f64 = 1.0 - 1e-9;

/// Every pair of vectors whose cosine is at least `threshold` (in 0..=1, above
/// 0), by left, then right. Empty vectors are similar to nothing.
pub fn similar_pairs(vectors: &Vectors, threshold: f64) -> Vec<SimilarPair> {
    similar_pairs_of(vectors, threshold, vectors.n_terms(), |_| true)
}

/// [`similar_pairs`] of the vectors of whose indices `counts` holds, as far as
/// they share one of the first `n_terms` terms.
pub fn similar_pairs_of(
    vectors: &Vectors,
    threshold: f64,
    n_terms: usize,
    counts: impl Fn(u32) -> bool + Sync,
) -> Vec<SimilarPair> {
    similar_pairs_that_meet(vectors, threshold, n_terms, counts, |_, _| true)
}

/// [`similar_pairs_of`], as far as `meet` holds of the indices of a pair, the
/// lower one first: the others are not compared.
pub(crate) fn similar_pairs_that_meet(
    vectors: &Vectors,
    threshold: f64,
    n_terms: usize,
    counts: impl Fn(u32) -> bool + Sync,
    meet: impl Fn(u32, u32) -> bool + Sync,
) -> Vec<SimilarPair> {
    let share = vectors.index_share(threshold);
    let index = Index::new(vectors, threshold, share, n_terms, &counts);
    let mut pairs: Vec<SimilarPair> = (0..vectors.len() as u32)
        .into_par_iter()
        .filter(|&idx| counts(idx))
        .map_init(
            || Scratch::new(vectors),
            |scratch, idx| {
                // Each pair is found from its longer side.
                let place = (vectors.norm2(idx), idx);
                let is_shorter = |posting: &Posting| posting.place() < place;
                let mut found = Vec::new();
                index.probe(
                    vectors,
                    idx,
                    scratch,
                    is_shorter,
                    |other| meet(idx.min(other), idx.max(other)),
                    |other, similarity| {
                        found.push(SimilarPair {
                            left: idx.min(other),
                            right: idx.max(other),
                            similarity,
                        });
                    },
                );
                found
            },
        )
        .flatten_iter()
        .collect();
    pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
    pairs
}

/// Postings of each vector's first entries, by term, each list by length.
#[derive(Debug)]
pub struct Index {
    threshold: f64,
    starts: Vec<u32>,
    postings: Vec<Posting>,
}

impl Index {
    /// An index for [`Self::neighbours`] with a cosine of at least `threshold`.
    pub fn of_neighbours(vectors: &Vectors, threshold: f64) -> Self {
        let share = threshold * threshold;
        Self::new(vectors, threshold, share, vectors.n_terms(), |_| true)
    }

    fn new(
        vectors: &Vectors,
        threshold: f64,
        share: f64,
        n_terms: usize,
        counts: impl Fn(u32) -> bool,
    ) -> Self {
        let mut by_length: Vec<u32> = (0..vectors.len() as u32)
            .filter(|&idx| vectors.norm2(idx) > 0 && counts(idx))
            .collect();
        by_length.sort_unstable_by_key(|&idx| (vectors.norm2(idx), idx));
        let first_entries = |idx| {
            let entries = vectors.first_entries(idx, share);
            entries.take_while(|&(entry, _)| (vectors.terms[entry] as usize) < n_terms)
        };
        let mut starts = vec![0u32; n_terms + 1];
        for &idx in &by_length {
            for (entry, _) in first_entries(idx) {
                starts[vectors.terms[entry] as usize + 1] += 1;
            }
        }
        // First entries are some of all, of which there are less than 2³².
        add_up(&mut starts);
        let mut next = starts.clone();
        let mut postings = vec![Posting::default(); starts.last().copied().unwrap_or(0) as usize];
        for &idx in &by_length {
            for (entry, rest2) in first_entries(idx) {
                let at = &mut next[vectors.terms[entry] as usize];
                postings[*at as usize] = Posting {
                    idx,
                    weight: vectors.weight(entry) as u32,
                    norm2: vectors.norm2(idx),
                    rest: vectors.rest(rest2),
                    signature: vectors.signature(idx),
                };
                *at += 1;
            }
        }
        Self { threshold, starts, postings }
    }

    /// Calls `found` with the vectors similar to `idx`, itself left out, and
    /// their cosine, as long as they are of interest by `is_wanted`: unwanted
    /// ones are not compared.
    pub fn neighbours(
        &self,
        vectors: &Vectors,
        idx: u32,
        scratch: &mut Scratch,
        is_wanted: impl Fn(u32) -> bool,
        found: impl FnMut(u32, f64),
    ) {
        let longest = vectors.most_norm2(self.threshold, vectors.norm2(idx));
        self.probe(
            vectors,
            idx,
            scratch,
            |posting| posting.norm2 as f64 <= longest,
            |other| other != idx && is_wanted(other),
            found,
        );
    }

    /// By vector: at most how many postings a look-up of it visits, each
    /// counted as often as its vector has `n_holders`.
    pub fn efforts(&self, vectors: &Vectors, n_holders: impl Fn(u32) -> u64) -> Vec<u64> {
        let by_term: Vec<u64> = (0..vectors.n_terms() as u32)
            .map(|term| {
                let list = self.list(term).iter();
                list.map(|posting| n_holders(posting.idx)).sum()
            })
            .collect();
        let share = self.threshold * self.threshold;
        (0..vectors.len() as u32)
            .map(|idx| {
                let entries = vectors.first_entries(idx, share);
                entries.map(|(entry, _)| by_term[vectors.terms[entry] as usize]).sum()
            })
            .collect()
    }

    /// Vectors meet in lower terms than this.
    fn n_terms(&self) -> usize {
        self.starts.len() - 1
    }

    fn list(&self, term: u32) -> &[Posting] {
        &self.postings[self.starts[term as usize] as usize..self.starts[term as usize + 1] as usize]
    }

    /// The vectors similar to `idx` of those with which each list begins, as
    /// far as `is_within`.
    fn probe(
        &self,
        vectors: &Vectors,
        idx: u32,
        scratch: &mut Scratch,
        is_within: impl Fn(&Posting) -> bool,
        is_wanted: impl Fn(u32) -> bool,
        mut found: impl FnMut(u32, f64),
    ) {
        let norm2 = vectors.norm2(idx);
        let shortest = vectors.least_norm2(self.threshold, norm2);
        // A dot product's least square beside the other's squared length.
        let least2 = self.threshold * self.threshold * norm2 as f64 * SLACK;
        let is_enough = |dot: f64, posting: &Posting| dot * dot >= least2 * posting.norm2 as f64;
        let brief = vectors.are_sets.then(|| vectors.brief(idx));
        for (entry, rest2) in vectors.first_entries(idx, self.threshold * self.threshold) {
            let weight = vectors.weight(entry);
            let rest = vectors.rest(rest2);
            let term = vectors.terms[entry];
            if term as usize >= self.n_terms() {
                break;
            }
            let list = self.list(term);
            let from = list.partition_point(|posting| (posting.norm2 as f64) < shortest);
            for posting in list[from..].iter().take_while(|posting| is_within(posting)) {
                // A glance at the posting alone rules most of them out.
                let shared2 = brief.as_ref().map(|brief| brief.shared2(posting.signature));
                if shared2.is_some_and(|shared2| !is_enough(shared2 as f64, posting)) {
                    continue;
                }
                let before = scratch.dots[posting.idx as usize];
                let dot = before + weight * u64::from(posting.weight);
                let at_most = dot as f64 + vectors.at_most(rest, posting.rest);
                // What is ruled out here would be at its later terms too.
                if !is_enough(at_most, posting) {
                    scratch.dots[posting.idx as usize] = 0;
                    continue;
                }
                if before == 0 {
                    scratch.touched.push(posting.idx);
                }
                scratch.dots[posting.idx as usize] = dot;
            }
        }
        if scratch.touched.is_empty() {
            return;
        }
        for entry in vectors.entries(idx) {
            scratch.weights[vectors.terms[entry] as usize] = vectors.weight(entry) as u32;
        }
        for other in scratch.touched.drain(..) {
            let is_ruled_out = std::mem::take(&mut scratch.dots[other as usize]) == 0;
            if is_ruled_out || !is_wanted(other) {
                continue;
            }
            let dot = vectors.dot_with(&scratch.weights, other);
            let similarity = cosine(dot, norm2, vectors.norm2(other));
            if similarity >= self.threshold {
                found(other, similarity);
            }
        }
        for &term in vectors.terms(idx) {
            scratch.weights[term as usize] = 0;
        }
    }
}

/// Space for one probe, reused from probe to probe.
#[derive(Debug)]
pub struct Scratch {
    /// By vector: the dot product so far; 0 for one not met or ruled out.
    dots: Vec<u64>,
    /// The vectors that were met, some more than once.
    touched: Vec<u32>,
    /// By term: its weight in the vector that is looked up.
    weights: Vec<u32>,
}

impl Scratch {
    /// For probes of an index of `vectors`.
    pub fn new(vectors: &Vectors) -> Self {
        Self {
            dots: vec![0; vectors.len()],
            touched: Vec::new(),
            weights: vec![0; vectors.n_terms()],
        }
    }
}
