//! Which units of two agents say the same, and how much of each agent that is.

use std::cmp::Ordering;

use crate::collection::{Collection, OwnUnit, SHARE_SCALE};
use crate::measure::cosine;

/// Two matching units of two agents.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitMatch {
    /// Index among the left agent's units.
    pub left_unit: u32,
    /// Index among the right agent's units.
    pub right_unit: u32,
    /// Their cosine.
    pub similarity: f64,
}

/// How much of two agents' contents the other says too.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Coverage {
    /// Share of the left agent's unit weight that has its like in the right
    /// one, each unit by its best similarity, in 0..=1.
    pub left_in_right: f64,
    /// The other way round.
    pub right_in_left: f64,
}

impl Coverage {
    /// The larger of the two.
    pub fn max(self) -> f64 {
        self.left_in_right.max(self.right_in_left)
    }

    /// The smaller of the two.
    pub fn min(self) -> f64 {
        self.left_in_right.min(self.right_in_left)
    }
}

/// Aligns one agent with many: an index of the right agent's units, reused
/// from agent to agent.
#[derive(Debug)]
pub struct Aligner<'a> {
    collection: &'a Collection,
    threshold: f64,
    right: &'a [OwnUnit],
    /// A bit a term: whether the right side has it. Small enough to stay near
    /// the processor, and most terms of two agents differ.
    has_term: Vec<u64>,
    /// Its terms: see [`Collection::term_shares`].
    right_terms: &'a [(u32, u32)],
    /// By term that the right side has: its share.
    right_shares: Vec<u32>,
    /// By place in `right`: the squared length of the unit.
    right_norms2: Vec<u64>,
    /// By term that the right side has: its list in `lists`.
    list_of: Vec<u32>,
    /// Places in `right` of the units that have a term, by the units' length;
    /// made when units are compared.
    lists: Vec<Vec<u32>>,
    has_lists: bool,
    /// By place in `right`: the dot product with the unit being looked up.
    dots: Vec<u64>,
    touched: Vec<u32>,
    /// Terms of the unit being looked up that the right side has, with their squared weights.
    shared: Vec<(u32, u64)>,
    /// By place in `right`: its best similarity.
    best_of_right: Vec<f64>,
}

impl<'a> Aligner<'a> {
    /// Units match from a cosine of `threshold` on.
    pub fn new(collection: &'a Collection, threshold: f64) -> Self {
        Self {
            collection,
            threshold,
            right: &[],
            has_term: vec![0; collection.units.n_terms().div_ceil(64)],
            right_terms: &[],
            right_shares: vec![0; collection.units.n_terms()],
            right_norms2: Vec::new(),
            list_of: vec![0; collection.units.n_terms()],
            lists: Vec::new(),
            has_lists: false,
            dots: Vec::new(),
            touched: Vec::new(),
            shared: Vec::new(),
            best_of_right: Vec::new(),
        }
    }

    /// Makes `agent` the right side of the following alignments.
    pub fn set_right(&mut self, agent: u32) {
        for &(term, _) in self.right_terms {
            self.has_term[term as usize / 64] = 0;
        }
        self.right = &self.collection.own[agent as usize];
        self.right_terms = &self.collection.term_shares[agent as usize];
        for &(term, share) in self.right_terms {
            self.has_term[term as usize / 64] |= 1 << (term % 64);
            self.right_shares[term as usize] = share;
        }
        self.has_lists = false;
    }

    /// Readies the right side for [`Self::each_match`].
    fn make_lists(&mut self) {
        if std::mem::replace(&mut self.has_lists, true) {
            return;
        }
        let n_lists = self.lists.len().max(self.right_terms.len());
        self.lists.resize_with(n_lists, Vec::new);
        for (nth, &(term, _)) in self.right_terms.iter().enumerate() {
            self.lists[nth].clear();
            self.list_of[term as usize] = nth as u32;
        }
        let units = &self.collection.units;
        let norms2 = self.right.iter().map(|own| units.norm2(own.set));
        self.right_norms2.clear();
        self.right_norms2.extend(norms2);
        let mut by_length: Vec<u32> = (0..self.right.len() as u32).collect();
        by_length.sort_unstable_by_key(|&place| (self.right_norms2[place as usize], place));
        for place in by_length {
            for &term in units.terms(self.right[place as usize].set) {
                self.lists[self.list_of[term as usize] as usize].push(place);
            }
        }
        self.dots.clear();
        self.dots.resize(self.right.len(), 0);
    }

    /// What neither coverage can exceed, from terms alone.
    ///
    /// A unit of squared length `n²` of which terms worth `s²` stand anywhere in
    /// the other agent has a cosine of `s / n` at most. By Jensen's inequality
    /// the weighted mean of these roots, which bounds the coverage, is at most
    /// the root of the mean: of the share of content in terms that both have.
    pub fn bound(&self, agent: u32) -> f64 {
        let (mut left, mut right) = (0u64, 0u64);
        for &(term, share) in &self.collection.term_shares[agent as usize] {
            if self.has_term[term as usize / 64] & (1 << (term % 64)) != 0 {
                left += u64::from(share);
                right += u64::from(self.right_shares[term as usize]);
            }
        }
        // The slack is for the rounding of the coverage itself.
        (left.max(right) as f64 / SHARE_SCALE + 1e-9).sqrt()
    }

    /// How `agent` as the left side and the right side cover each other.
    pub fn coverage(&mut self, agent: u32) -> Coverage {
        let left = &self.collection.own[agent as usize];
        let mut best_of_right = std::mem::take(&mut self.best_of_right);
        best_of_right.clear();
        best_of_right.resize(self.right.len(), 0.0);
        let mut covered = 0.0;
        for own in left {
            let mut best: f64 = 0.0;
            self.each_match(own.set, |place, similarity| {
                best = best.max(similarity);
                best_of_right[place as usize] = best_of_right[place as usize].max(similarity);
            });
            covered += best * own.weight;
        }
        let right_covered: f64 = self
            .right
            .iter()
            .zip(&best_of_right)
            .map(|(own, best)| best * own.weight)
            .sum();
        self.best_of_right = best_of_right;
        Coverage {
            left_in_right: share(covered, left),
            right_in_left: share(right_covered, self.right),
        }
    }

    /// Larger share of content, of `agent` in the right side or the other way
    /// round, in units that match at all, in 0..=1.
    pub fn copied_share(&mut self, agent: u32) -> f64 {
        let left = &self.collection.own[agent as usize];
        let mut is_matched = vec![false; self.right.len()];
        let mut copied = 0.0;
        for own in left {
            let mut has_match = false;
            self.each_match(own.set, |place, _| {
                has_match = true;
                is_matched[place as usize] = true;
            });
            copied += if has_match { own.weight } else { 0.0 };
        }
        let right = self
            .right
            .iter()
            .zip(&is_matched)
            .filter(|(_, matched)| **matched);
        share(copied, left).max(share(right.map(|(own, _)| own.weight).sum(), self.right))
    }

    /// The units of `agent` that nothing on the right side says too: no unit
    /// that is similar to a degree of at least `similarity` (at least the
    /// aligner's threshold) and of which `says_the_same` holds, given the
    /// indices of the left and the right unit.
    pub fn unmatched(
        &mut self,
        agent: u32,
        similarity: f64,
        says_the_same: impl Fn(u32, u32) -> bool,
    ) -> Vec<OwnUnit> {
        let right = self.right;
        let mut unmatched = self.collection.own[agent as usize].clone();
        unmatched.retain(|own| {
            let mut is_matched = false;
            self.each_match(own.set, |place, found| {
                is_matched |= found >= similarity
                    && says_the_same(own.unit_idx, right[place as usize].unit_idx);
            });
            !is_matched
        });
        unmatched
    }

    /// The matching units of `agent` as the left side and the right side, each
    /// unit in one match at most; the most telling first, by similarity times
    /// the smaller weight. Of the matches of a left unit the eight most
    /// telling are considered, so that files of a thousand like lines need no
    /// million edges.
    pub fn matches(&mut self, agent: u32) -> Vec<UnitMatch> {
        self.matches_of(agent, |_| true)
    }

    /// [`Self::matches`] among the units of whose sets `counts` holds.
    pub fn matches_of(&mut self, agent: u32, counts: impl Fn(u32) -> bool) -> Vec<UnitMatch> {
        let right_units = self.right;
        let mut edges: Vec<(f64, UnitMatch)> = Vec::new();
        let mut own_edges: Vec<(f64, UnitMatch)> = Vec::new();
        let left_units = self.collection.own[agent as usize].iter();
        for own in left_units.filter(|own| counts(own.set)) {
            self.each_match(own.set, |place, similarity| {
                let right = right_units[place as usize];
                if !counts(right.set) {
                    return;
                }
                let found = UnitMatch {
                    left_unit: own.unit_idx,
                    right_unit: right.unit_idx,
                    similarity,
                };
                own_edges.push((similarity * own.weight.min(right.weight), found));
            });
            if own_edges.len() > MAX_EDGES {
                own_edges.select_nth_unstable_by(MAX_EDGES, most_telling_first);
                own_edges.truncate(MAX_EDGES);
            }
            edges.append(&mut own_edges);
        }
        one_to_one(edges)
    }

    /// Calls `found` with each of the right side's units that match a set.
    ///
    /// A unit can match only where the terms that the right side has at all
    /// make up `threshold²` of the set's squared length (see [`crate::join`]),
    /// which few units of unrelated agents reach; and only one that is not too
    /// long for what it may share.
    fn each_match(&mut self, set: u32, mut found: impl FnMut(u32, f64)) {
        self.make_lists();
        let units = &self.collection.units;
        let norm2 = units.norm2(set);
        let least2 = self.threshold * self.threshold * norm2 as f64 * SLACK;
        let may_miss2 = norm2 - least2 as u64;
        let mut missed2 = 0;
        self.shared.clear();
        for &term in units.terms(set) {
            let weight2 = units.set_weight2(term);
            if self.has_term[term as usize / 64] & (1 << (term % 64)) != 0 {
                self.shared.push((term, weight2));
            } else {
                missed2 += weight2;
                if missed2 > may_miss2 {
                    return;
                }
            }
        }
        // A match of which this is the dot product at most has this squared length at most.
        let longest2 = |dot: u64| ((dot as f64).powi(2) / least2) as u64;
        let mut rest2 = norm2 - missed2;
        let longest_of_all2 = longest2(rest2);
        for &(term, weight2) in &self.shared {
            // What was not met before shares the rest at most.
            let longest_new2 = longest2(rest2);
            rest2 -= weight2;
            for &place in &self.lists[self.list_of[term as usize] as usize] {
                let right_norm2 = self.right_norms2[place as usize];
                if right_norm2 > longest_of_all2 {
                    break;
                }
                let dot = &mut self.dots[place as usize];
                if *dot > 0 {
                    *dot += weight2;
                } else if right_norm2 <= longest_new2 {
                    *dot = weight2;
                    self.touched.push(place);
                }
            }
        }
        for place in self.touched.drain(..) {
            let dot = std::mem::take(&mut self.dots[place as usize]);
            let right_norm2 = self.right_norms2[place as usize];
            if (dot as f64).powi(2) < least2 * right_norm2 as f64 {
                continue;
            }
            let similarity = cosine(dot, norm2, right_norm2);
            if similarity >= self.threshold {
                found(place, similarity);
            }
        }
    }
}

/// Keeps the bound on the safe side of rounding.
const SLACK: f64 = 1.0 - 1e-9;

fn share(covered: f64, units: &[OwnUnit]) -> f64 {
    let all: f64 = units.iter().map(|own| own.weight).sum();
    if all > 0.0 {
        (covered / all).min(1.0)
    } else {
        0.0
    }
}

/// See [`Aligner::matches`].
const MAX_EDGES: usize = 8;

/// By telling power, then by place.
fn most_telling_first(a: &(f64, UnitMatch), b: &(f64, UnitMatch)) -> Ordering {
    let places = |found: &UnitMatch| (found.left_unit, found.right_unit);
    b.0.total_cmp(&a.0)
        .then_with(|| places(&a.1).cmp(&places(&b.1)))
}

/// Greedy matching of scored pairs: the most telling one first, each unit once.
pub(crate) fn one_to_one(mut edges: Vec<(f64, UnitMatch)>) -> Vec<UnitMatch> {
    edges.sort_unstable_by(most_telling_first);
    let n_left = edges
        .iter()
        .map(|(_, found)| found.left_unit + 1)
        .max()
        .unwrap_or(0);
    let n_right = edges
        .iter()
        .map(|(_, found)| found.right_unit + 1)
        .max()
        .unwrap_or(0);
    let mut left_taken = vec![false; n_left as usize];
    let mut right_taken = vec![false; n_right as usize];
    let mut matches = Vec::new();
    for (_, found) in edges {
        let (left, right) = (
            &mut left_taken[found.left_unit as usize],
            &mut right_taken[found.right_unit as usize],
        );
        if !*left && !*right {
            (*left, *right) = (true, true);
            matches.push(found);
        }
    }
    matches
}
