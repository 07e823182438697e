//! Which units of two agents say the same, and how much of each agent that is.

use std::cmp::Ordering;

use crate::collection::{Collection, OwnUnit, SHARE_SCALE};
use crate::join::{SLACK, add_up};
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
    /// The right side, by [`Collection::bodies`].
    right_body: Option<u32>,
    /// The last left side, and how it is aligned.
    last: Option<(u32, Alignment)>,
    right: &'a [OwnUnit],
    /// Which terms the right side has.
    right_has: TermBits,
    /// Its terms: see [`Collection::term_shares`].
    right_terms: &'a [(u32, u32)],
    /// By term that the right side has: its share.
    right_shares: Vec<u32>,
    /// By term that the right side has: its place in `right_terms`.
    place_of_term: Vec<u32>,
    /// By place in `right_terms`: where its postings begin; made when units are compared.
    starts: Vec<u32>,
    postings: Vec<Posting>,
    /// The postings with the places of their terms, while they are made.
    unsorted: Vec<(u32, Posting)>,
    has_postings: bool,
    /// Which terms the unit has that is being looked up.
    left_has: TermBits,
    /// By place in `right`: whether it was met in this look-up.
    is_met: Vec<bool>,
    met: Vec<u32>,
    /// By place in `right`: its best similarity.
    best_of_right: Vec<f64>,
}

/// Where a term stands among the first entries of a unit of the right side.
#[derive(Debug, Clone, Copy, Default)]
struct Posting {
    /// Place of the unit in [`Aligner::right`].
    place: u32,
    /// The squared length of the unit's terms from this one on.
    rest2: u64,
    /// The squared length of the unit.
    norm2: f64,
    /// See [`crate::join::Vectors::signature`].
    signature: u64,
}

/// A bit a term: small enough to stay near the processor.
#[derive(Debug)]
struct TermBits(Vec<u64>);

impl TermBits {
    fn new(n_terms: usize) -> Self {
        Self(vec![0; n_terms.div_ceil(64)])
    }

    fn has(&self, term: u32) -> bool {
        self.0[term as usize / 64] & (1 << (term % 64)) != 0
    }

    fn add(&mut self, term: u32) {
        self.0[term as usize / 64] |= 1 << (term % 64);
    }

    /// Removes all terms, which are these.
    fn clear(&mut self, terms: impl IntoIterator<Item = u32>) {
        for term in terms {
            self.0[term as usize / 64] = 0;
        }
    }
}

impl<'a> Aligner<'a> {
    /// Units match from a cosine of `threshold` on.
    pub fn new(collection: &'a Collection, threshold: f64) -> Self {
        let n_terms = collection.units.n_terms();
        Self {
            collection,
            threshold,
            right_body: None,
            last: None,
            right: &[],
            right_has: TermBits::new(n_terms),
            right_terms: &[],
            right_shares: vec![0; n_terms],
            place_of_term: vec![0; n_terms],
            starts: Vec::new(),
            postings: Vec::new(),
            unsorted: Vec::new(),
            has_postings: false,
            left_has: TermBits::new(n_terms),
            is_met: Vec::new(),
            met: Vec::new(),
            best_of_right: Vec::new(),
        }
    }

    /// Makes `agent` the right side of the following alignments.
    pub fn set_right(&mut self, agent: u32) {
        let body = self.collection.bodies[agent as usize];
        if self.right_body.replace(body) == Some(body) {
            return;
        }
        self.last = None;
        let old_terms = self.right_terms.iter().map(|&(term, _)| term);
        self.right_has.clear(old_terms);
        self.right = &self.collection.own[agent as usize];
        self.right_terms = &self.collection.term_shares[agent as usize];
        for &(term, share) in self.right_terms {
            self.right_has.add(term);
            self.right_shares[term as usize] = share;
        }
        self.has_postings = false;
    }

    /// Readies the right side for [`Self::each_match`].
    fn make_postings(&mut self) {
        if std::mem::replace(&mut self.has_postings, true) {
            return;
        }
        for (place, &(term, _)) in (0..).zip(self.right_terms) {
            self.place_of_term[term as usize] = place;
        }
        self.starts.clear();
        self.starts.resize(self.right_terms.len() + 1, 0);
        let units = &self.collection.units;
        let share = self.threshold * self.threshold;
        for (place, own) in (0..).zip(self.right) {
            let (norm2, signature) = (units.norm2(own.set) as f64, units.signature(own.set));
            for (term, rest2) in units.first_terms(own.set, share) {
                let list = self.place_of_term[term as usize];
                self.starts[list as usize] += 1;
                let posting = Posting { place, rest2, norm2, signature };
                self.unsorted.push((list, posting));
            }
        }
        // Where the lists end, for they are filled from their ends.
        add_up(&mut self.starts);
        self.postings.resize(self.unsorted.len(), Posting::default());
        for (list, posting) in self.unsorted.drain(..) {
            let start = &mut self.starts[list as usize];
            *start -= 1;
            self.postings[*start as usize] = posting;
        }
        self.is_met.resize(self.right.len(), false);
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
            if self.right_has.has(term) {
                left += u64::from(share);
                right += u64::from(self.right_shares[term as usize]);
            }
        }
        // The slack is for the rounding of the coverage itself.
        (left.max(right) as f64 / SHARE_SCALE + 1e-9).sqrt()
    }

    /// `agent` as the left side and the right side.
    pub fn align(&mut self, agent: u32) -> &Alignment {
        let body = self.collection.bodies[agent as usize];
        let last = self.last.take().filter(|&(left, _)| left == body);
        let aligned = last.unwrap_or_else(|| (body, self.align_units(agent, |_| true)));
        &self.last.insert(aligned).1
    }

    /// [`Self::align`], where only units of whose sets `counts` holds match others.
    pub fn align_units(&mut self, agent: u32, counts: impl Fn(u32) -> bool) -> Alignment {
        let left = &self.collection.own[agent as usize];
        let right = self.right;
        let mut best_of_right = std::mem::take(&mut self.best_of_right);
        best_of_right.clear();
        best_of_right.resize(right.len(), 0.0);
        let mut left_covered = 0.0;
        let mut edges: Vec<(f64, UnitMatch)> = Vec::with_capacity(left.len());
        for own in left.iter().filter(|own| counts(own.set)) {
            let mut best: f64 = 0.0;
            let first = edges.len();
            self.each_match(own.set, |place, similarity| {
                let other = right[place as usize];
                if !counts(other.set) {
                    return;
                }
                best = best.max(similarity);
                let best_of_other = &mut best_of_right[place as usize];
                *best_of_other = best_of_other.max(similarity);
                let found =
                    UnitMatch { left_unit: own.unit_idx, right_unit: other.unit_idx, similarity };
                edges.push((similarity * own.weight.min(other.weight), found));
            });
            if edges.len() > first + MAX_EDGES {
                edges[first..].select_nth_unstable_by(MAX_EDGES, most_telling_first);
                edges.truncate(first + MAX_EDGES);
            }
            left_covered += best * own.weight;
        }
        let covered = right.iter().zip(&best_of_right);
        let right_covered: f64 = covered.map(|(own, best)| best * own.weight).sum();
        self.best_of_right = best_of_right;
        Alignment {
            coverage: Coverage {
                left_in_right: share(left_covered, left),
                right_in_left: share(right_covered, right),
            },
            edges,
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
        let right = self.right.iter().zip(&is_matched).filter(|(_, matched)| **matched);
        share(copied, left).max(share(right.map(|(own, _)| own.weight).sum(), self.right))
    }

    /// The units of `agent` that nothing on the right side says too: no unit
    /// that is similar to a degree of at least `similarity` (at least the
    /// aligner's threshold) and of which `says_the_same` holds, given the
    /// left and the right unit.
    pub fn unmatched(
        &mut self,
        agent: u32,
        similarity: f64,
        says_the_same: impl Fn(&OwnUnit, &OwnUnit) -> bool,
    ) -> Vec<OwnUnit> {
        let right = self.right;
        let mut unmatched = self.collection.own[agent as usize].clone();
        unmatched.retain(|own| {
            let mut is_matched = false;
            self.each_match(own.set, |place, found| {
                is_matched =
                    is_matched || found >= similarity && says_the_same(own, &right[place as usize]);
            });
            !is_matched
        });
        unmatched
    }

    /// Calls `found` with each of the right side's units that match a set.
    ///
    /// Two units can match only where their first entries have a term in
    /// common and what both have from the first such term on is enough of
    /// each (see [`crate::join`]); and only where the terms that the right
    /// side has at all make up `threshold²` of the set's squared length.
    fn each_match(&mut self, set: u32, mut found: impl FnMut(u32, f64)) {
        self.make_postings();
        let units = &self.collection.units;
        let threshold2 = self.threshold * self.threshold;
        let norm2 = units.norm2(set);
        let least2 = threshold2 * norm2 as f64 * SLACK;
        let may_miss2 = norm2 - least2 as u64;
        let mut missed2 = 0;
        let mut brief = None;
        for (term, rest2) in units.first_terms(set, threshold2) {
            if !self.right_has.has(term) {
                missed2 += units.set_weight2(term);
                if missed2 > may_miss2 {
                    break;
                }
                continue;
            }
            let list = self.place_of_term[term as usize] as usize;
            let postings = self.starts[list] as usize..self.starts[list + 1] as usize;
            for posting in &self.postings[postings] {
                let is_enough = |dot2: u64| (dot2 as f64).powi(2) >= least2 * posting.norm2;
                let is_met = &mut self.is_met[posting.place as usize];
                if !*is_met
                    && is_enough(rest2.min(posting.rest2))
                    && is_enough(
                        brief.get_or_insert_with(|| units.brief(set)).shared2(posting.signature),
                    )
                {
                    *is_met = true;
                    self.met.push(posting.place);
                }
            }
        }
        if self.met.is_empty() {
            return;
        }
        let terms = units.terms(set).iter().copied();
        terms.clone().for_each(|term| self.left_has.add(term));
        for place in self.met.drain(..) {
            self.is_met[place as usize] = false;
            let other = self.right[place as usize].set;
            let shared = units.terms(other).iter().filter(|&&term| self.left_has.has(term));
            let dot = shared.map(|&term| units.set_weight2(term)).sum();
            let similarity = cosine(dot, norm2, units.norm2(other));
            if similarity >= self.threshold {
                found(place, similarity);
            }
        }
        self.left_has.clear(terms);
    }
}

/// How the units of two agents match.
#[derive(Debug)]
pub struct Alignment {
    /// How much of each agent has its like in the other.
    pub coverage: Coverage,
    /// Matching units with their telling power: see [`Self::matches`].
    edges: Vec<(f64, UnitMatch)>,
}

impl Alignment {
    /// The matching units, each in one match at most; the most telling first,
    /// by similarity times the smaller weight. Of the matches of a left unit the
    /// eight most telling are considered, so that files of a thousand like lines
    /// need no million edges.
    pub fn matches(&self) -> Vec<UnitMatch> {
        self.matches_where(|_| true)
    }

    /// The same of those of which `holds` is true.
    pub fn matches_where(&self, holds: impl Fn(&UnitMatch) -> bool) -> Vec<UnitMatch> {
        let mut edges = self.edges.clone();
        edges.retain(|(_, found)| holds(found));
        one_to_one(edges)
    }
}

fn share(covered: f64, units: &[OwnUnit]) -> f64 {
    let all: f64 = units.iter().map(|own| own.weight).sum();
    if all > 0.0 { (covered / all).min(1.0) } else { 0.0 }
}

/// See [`Alignment::matches`].
const MAX_EDGES: usize = 8;

/// By telling power, then by place.
fn most_telling_first(a: &(f64, UnitMatch), b: &(f64, UnitMatch)) -> Ordering {
    let places = |found: &UnitMatch| (found.left_unit, found.right_unit);
    b.0.total_cmp(&a.0).then_with(|| places(&a.1).cmp(&places(&b.1)))
}

/// Greedy matching of scored pairs: the most telling one first, each unit once.
pub(crate) fn one_to_one(mut edges: Vec<(f64, UnitMatch)>) -> Vec<UnitMatch> {
    edges.sort_unstable_by(most_telling_first);
    let n_left = edges.iter().map(|(_, found)| found.left_unit + 1).max().unwrap_or(0);
    let n_right = edges.iter().map(|(_, found)| found.right_unit + 1).max().unwrap_or(0);
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
