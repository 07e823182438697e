//! Which units of two agents say the same, and how much of each agent that is.

use crate::collection::Collection;

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

/// How two agents' contents cover each other.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Alignment {
    /// Share of the left agent's unit weight that has its like in the right
    /// one, each unit by its best similarity, in 0..=1.
    pub left_in_right: f64,
    /// The other way round.
    pub right_in_left: f64,
    /// Matching units, each in one match at most; the most telling first.
    pub matches: Vec<UnitMatch>,
}

impl Alignment {
    /// The larger of the two coverages.
    pub fn max_coverage(&self) -> f64 {
        self.left_in_right.max(self.right_in_left)
    }

    /// The smaller of the two coverages.
    pub fn min_coverage(&self) -> f64 {
        self.left_in_right.min(self.right_in_left)
    }
}

/// A distinct unit of one agent.
#[derive(Debug, Clone, Copy)]
struct Own {
    set: u32,
    /// The first unit that has it.
    unit_idx: u32,
    /// Weight of all units that have it.
    weight: f64,
}

/// Space for aligning one agent with many, reused from agent to agent.
#[derive(Debug)]
pub struct Aligner<'a> {
    collection: &'a Collection,
    threshold: f64,
    /// By term: place in `lists` plus one, 0 for none.
    list_of: Vec<u32>,
    /// Indices into `right` of the units with a term.
    lists: Vec<Vec<u32>>,
    n_lists: usize,
    indexed_terms: Vec<u32>,
    right: Vec<Own>,
    left: Vec<Own>,
    /// By index into `right`: the last probe that met it.
    met: Vec<u32>,
}

impl<'a> Aligner<'a> {
    /// Units match from a cosine of `threshold` on.
    pub fn new(collection: &'a Collection, threshold: f64) -> Self {
        Self {
            collection,
            threshold,
            list_of: vec![0; collection.units.n_terms()],
            lists: Vec::new(),
            n_lists: 0,
            indexed_terms: Vec::new(),
            right: Vec::new(),
            left: Vec::new(),
            met: Vec::new(),
        }
    }

    /// Makes `agent` the right side of the following alignments.
    pub fn set_right(&mut self, agent: u32) {
        for term in self.indexed_terms.drain(..) {
            self.list_of[term as usize] = 0;
        }
        self.n_lists = 0;
        own(self.collection, agent, &mut self.right);
        for (idx, own) in self.right.iter().enumerate() {
            for &term in self.collection.units.set(own.set) {
                let list = &mut self.list_of[term as usize];
                if *list == 0 {
                    self.n_lists += 1;
                    *list = self.n_lists as u32;
                    self.indexed_terms.push(term);
                    match self.lists.get_mut(self.n_lists - 1) {
                        Some(list) => list.clear(),
                        None => self.lists.push(Vec::new()),
                    }
                }
                self.lists[*list as usize - 1].push(idx as u32);
            }
        }
        self.met.clear();
        self.met.resize(self.right.len(), u32::MAX);
    }

    /// Aligns `agent` as the left side.
    ///
    /// A unit can match another only if they share one of its rarest terms,
    /// those without which the rest weighs less than `threshold²` of it (see
    /// [`crate::join`]); those few are looked up, and what is met is compared.
    pub fn align(&mut self, agent: u32) -> Alignment {
        let units = &self.collection.units;
        own(self.collection, agent, &mut self.left);
        self.met.fill(u32::MAX);
        let mut best_of_right = vec![0.0f64; self.right.len()];
        let mut covered = 0.0;
        let mut edges: Vec<(f64, u32, u32, f64)> = Vec::new();
        for (idx, own) in self.left.iter().enumerate() {
            let mut best: f64 = 0.0;
            for term in units.prefix(own.set, self.threshold * self.threshold) {
                let Some(list) = self.list_of[term as usize].checked_sub(1) else {
                    continue;
                };
                for &other in &self.lists[list as usize] {
                    if std::mem::replace(&mut self.met[other as usize], idx as u32) == idx as u32 {
                        continue;
                    }
                    let right = self.right[other as usize];
                    let similarity = units.cosine(own.set, right.set);
                    if similarity >= self.threshold {
                        best = best.max(similarity);
                        let best_of_right = &mut best_of_right[other as usize];
                        *best_of_right = best_of_right.max(similarity);
                        edges.push((
                            similarity * own.weight.min(right.weight),
                            own.unit_idx,
                            right.unit_idx,
                            similarity,
                        ));
                    }
                }
            }
            covered += best * own.weight;
        }
        let right_covered: f64 = self
            .right
            .iter()
            .zip(&best_of_right)
            .map(|(own, best)| own.weight * best)
            .sum();
        Alignment {
            left_in_right: share(covered, &self.left),
            right_in_left: share(right_covered, &self.right),
            matches: one_to_one(edges),
        }
    }
}

/// The distinct units of an agent, in the order of the file.
fn own(collection: &Collection, agent: u32, out: &mut Vec<Own>) {
    out.clear();
    for (unit_idx, set) in collection.unit_sets[agent as usize].iter().enumerate() {
        if let Some(set) = *set {
            let weight = collection.unit_weight(agent, unit_idx);
            out.push(Own {
                set,
                unit_idx: unit_idx as u32,
                weight,
            });
        }
    }
    out.sort_by_key(|own| (own.set, own.unit_idx));
    out.dedup_by(|next, first| {
        let same = next.set == first.set;
        if same {
            first.weight += next.weight;
        }
        same
    });
    out.sort_unstable_by_key(|own| own.unit_idx);
}

fn share(covered: f64, units: &[Own]) -> f64 {
    let all: f64 = units.iter().map(|own| own.weight).sum();
    if all > 0.0 {
        (covered / all).min(1.0)
    } else {
        0.0
    }
}

/// Greedy matching: the most telling pair of units first, each unit once.
fn one_to_one(mut edges: Vec<(f64, u32, u32, f64)>) -> Vec<UnitMatch> {
    edges.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut matches: Vec<UnitMatch> = Vec::new();
    let (mut left_taken, mut right_taken) = (
        std::collections::BTreeSet::new(),
        std::collections::BTreeSet::new(),
    );
    for (_, left_unit, right_unit, similarity) in edges {
        if !left_taken.contains(&left_unit) && !right_taken.contains(&right_unit) {
            left_taken.insert(left_unit);
            right_taken.insert(right_unit);
            matches.push(UnitMatch {
                left_unit,
                right_unit,
                similarity,
            });
        }
    }
    matches
}
