//! What two agents are to each other.
//!
//! [`pairs`] finds candidates and classifies each by its measures. Candidates
//! are all pairs that can be redundant by name and role should their contents
//! agree ([`crate::measure::least_role`]), and all pairs of which one copied
//! half of its content from the other. Both are found exactly, so nothing from
//! [`Thresholds::overlapping`] up is lost.

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::align::{Aligner, Alignment, UnitMatch};
use crate::collection::{Collection, Lists};
use crate::config::Thresholds;
use crate::join::{SimilarPair, similar_pairs};
use crate::measure::{least_name, least_role, redundancy};

/// The relation of a pair, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The same text, white space and markup aside.
    Identical,
    /// The same text but for a few words.
    Duplicate,
    /// A copy that drifted: most units match, some were changed, added or lost.
    NearDuplicate,
    /// One says all that the other says, and more.
    Contained,
    /// The same role in own words.
    Redundant,
    /// Shared scope or advice, each worth keeping.
    Overlapping,
    /// The same house template about different things.
    Template,
    /// The same agent in another language.
    Translation,
}

impl Relation {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::Duplicate => "duplicate",
            Self::NearDuplicate => "near-duplicate",
            Self::Contained => "contained",
            Self::Redundant => "redundant",
            Self::Overlapping => "overlapping",
            Self::Template => "template",
            Self::Translation => "translation",
        }
    }

    /// Whether one of the two could go.
    pub fn is_redundant(self) -> bool {
        self <= Self::Redundant
    }
}

/// Two related agents, `left < right`.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Index of the first agent.
    pub left: u32,
    /// Index of the second agent.
    pub right: u32,
    /// What they are to each other.
    pub relation: Relation,
    /// See [`crate::measure::redundancy`].
    pub redundancy: f64,
    /// Likeness of the names, in 0..=1.
    pub name: f64,
    /// Likeness of the roles, in 0..=1.
    pub role: f64,
    /// Share of the left one's content that the right one says too, in 0..=1.
    pub left_in_right: f64,
    /// The other way round.
    pub right_in_left: f64,
    /// Matching units, the most telling first.
    pub matches: Vec<UnitMatch>,
}

/// From this likeness of roles on, pairs are found by their roles; below, the
/// names must make up for it. Any value finds the same pairs; this one visits
/// the fewest.
const ROLE_JOIN: f64 = 0.3;

/// Share of an agent's unit weight that copies must hold for the copies alone
/// to make a pair a candidate.
const COPIED_SHARE: f64 = 0.5;

/// Keeps the bounds on the safe side of rounding.
const SLACK: f64 = 1.0 - 1e-9;

/// All related pairs, by left, then right.
pub fn pairs(
    collection: &Collection,
    copies: &[SimilarPair],
    thresholds: &Thresholds,
) -> Vec<Pair> {
    let mut candidates = by_role(collection, thresholds.overlapping);
    candidates.extend(by_name(collection, thresholds.overlapping));
    candidates.extend(by_copies(collection, copies));
    candidates.par_sort_unstable();
    candidates.dedup();
    // Pairs with the same right agent stand together: its index is built once.
    let runs: Vec<&[(u32, u32)]> = candidates.chunk_by(|a, b| a.0 == b.0).collect();
    let mut found: Vec<Pair> = runs
        .into_par_iter()
        .map_init(
            || Aligner::new(collection, thresholds.unit_match),
            |aligner, run| {
                aligner.set_right(run[0].0);
                run.iter()
                    .filter_map(|&(right, left)| {
                        relate(collection, left, right, aligner.align(left), thresholds)
                    })
                    .collect::<Vec<_>>()
            },
        )
        .flatten_iter()
        .collect();
    found.par_sort_unstable_by_key(|pair| (pair.left, pair.right));
    found
}

/// Candidates as (right, left), `left < right`.
fn by_role(collection: &Collection, border: f64) -> Vec<(u32, u32)> {
    similar_pairs(&collection.roles, ROLE_JOIN)
        .into_iter()
        .filter(|pair| {
            pair.similarity
                >= least_role(border, name_similarity(collection, pair.left, pair.right))
        })
        .map(|pair| (pair.right, pair.left))
        .collect()
}

fn name_similarity(collection: &Collection, left: u32, right: u32) -> f64 {
    collection.names[left as usize].similarity(&collection.names[right as usize])
}

/// Pairs whose names make up for roles below [`ROLE_JOIN`].
fn by_name(collection: &Collection, border: f64) -> Vec<(u32, u32)> {
    let least = least_name(border, ROLE_JOIN);
    let mut by_word: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
    for (agent, name) in collection.names.iter().enumerate() {
        for (word, _) in name.words() {
            by_word.entry(word).or_default().push(agent as u32);
        }
    }
    (0..collection.names.len() as u32)
        .into_par_iter()
        .flat_map_iter(|right| {
            let mut met: Vec<u32> = collection.names[right as usize]
                .words()
                .filter_map(|(word, _)| by_word.get(word))
                .flat_map(|agents| {
                    agents[..agents.partition_point(|&agent| agent < right)]
                        .iter()
                        .copied()
                })
                .collect();
            met.sort_unstable();
            met.dedup();
            met.retain(|&left| {
                let name = name_similarity(collection, left, right);
                name >= least && collection.roles.cosine(left, right) >= least_role(border, name)
            });
            met.into_iter().map(move |left| (right, left))
        })
        .collect()
}

/// Pairs of which one copied at least [`COPIED_SHARE`] of its content from the
/// other. Of an agent whose share is reached, some copied unit is among its
/// least repeated ones: those without which the others weigh less than the
/// share. So only these are looked up, and boilerplate stays out of it.
fn by_copies(collection: &Collection, copies: &[SimilarPair]) -> Vec<(u32, u32)> {
    let like = Like::new(collection.units.len(), copies);
    (0..collection.agents.len() as u32)
        .into_par_iter()
        .flat_map_iter(|agent| {
            let mut units: Vec<(usize, u32, f64)> = collection.unit_sets[agent as usize]
                .iter()
                .enumerate()
                .filter_map(|(idx, &set)| Some((set?, collection.unit_weight(agent, idx))))
                .map(|(set, weight)| (like.n_holders(collection, set), set, weight))
                .collect();
            units.sort_unstable_by_key(|&(n_holders, set, _)| (n_holders, set));
            let all: f64 = units.iter().map(|&(_, _, weight)| weight).sum();
            let mut copied: FxHashMap<u32, f64> = FxHashMap::default();
            let mut rest = all;
            for &(_, set, weight) in &units {
                if rest >= COPIED_SHARE * all * SLACK {
                    let mut holders: Vec<u32> = like
                        .holders(collection, set)
                        .filter(|&other| other != agent)
                        .collect();
                    holders.sort_unstable();
                    holders.dedup();
                    for other in holders {
                        *copied.entry(other).or_default() += weight;
                    }
                } else {
                    for (&other, sum) in &mut copied {
                        if like
                            .units(set)
                            .any(|unit| collection.holders.get(unit).binary_search(&other).is_ok())
                        {
                            *sum += weight;
                        }
                    }
                }
                rest -= weight;
            }
            let mut found: Vec<(u32, u32)> = copied
                .into_iter()
                .filter(|&(_, weight)| weight >= COPIED_SHARE * all * SLACK)
                .map(|(other, _)| (agent.max(other), agent.min(other)))
                .collect();
            found.sort_unstable();
            found
        })
        .collect()
}

/// By distinct unit: the units that are copies of it.
struct Like {
    others: Lists,
}

impl Like {
    fn new(n_units: usize, copies: &[SimilarPair]) -> Self {
        let both = copies
            .iter()
            .flat_map(|pair| [(pair.left, pair.right), (pair.right, pair.left)]);
        Self {
            others: Lists::new(n_units, both),
        }
    }

    fn units(&self, unit: u32) -> impl Iterator<Item = u32> {
        std::iter::once(unit).chain(self.others.get(unit).iter().copied())
    }

    fn holders<'a>(
        &'a self,
        collection: &'a Collection,
        unit: u32,
    ) -> impl Iterator<Item = u32> + 'a {
        self.units(unit)
            .flat_map(|unit| collection.holders.get(unit).iter().copied())
    }

    fn n_holders(&self, collection: &Collection, unit: u32) -> usize {
        self.units(unit)
            .map(|unit| collection.holders.get(unit).len())
            .sum()
    }
}

fn relate(
    collection: &Collection,
    left: u32,
    right: u32,
    alignment: Alignment,
    thresholds: &Thresholds,
) -> Option<Pair> {
    let name = name_similarity(collection, left, right);
    let role = collection.roles.cosine(left, right);
    let redundancy = redundancy(name, role, alignment.max_coverage());
    let measures = Measures {
        redundancy,
        name,
        role,
        min: alignment.min_coverage(),
        max: alignment.max_coverage(),
    };
    let relation = if is_translation(collection, left, right, &measures) {
        Relation::Translation
    } else {
        classify(&measures, same_body(collection, left, right), thresholds)?
    };
    let Alignment {
        left_in_right,
        right_in_left,
        matches,
    } = alignment;
    Some(Pair {
        left,
        right,
        relation,
        redundancy,
        name,
        role,
        left_in_right,
        right_in_left,
        matches,
    })
}

struct Measures {
    redundancy: f64,
    name: f64,
    role: f64,
    min: f64,
    max: f64,
}

fn is_translation(collection: &Collection, left: u32, right: u32, measures: &Measures) -> bool {
    let language = |agent: u32| collection.agents[agent as usize].language;
    let known = language(left) != "und" && language(right) != "und";
    known && language(left) != language(right) && measures.name >= 1.0 && measures.max < 0.5
}

fn same_body(collection: &Collection, left: u32, right: u32) -> bool {
    let sets = |agent: u32| &collection.unit_sets[agent as usize];
    sets(left) == sets(right) && sets(left).iter().any(Option::is_some)
}

fn classify(measures: &Measures, same_body: bool, thresholds: &Thresholds) -> Option<Relation> {
    if same_body {
        return Some(if measures.role >= 1.0 - 1e-9 {
            Relation::Identical
        } else {
            Relation::Duplicate
        });
    }
    if measures.min >= thresholds.duplicate {
        return Some(Relation::Duplicate);
    }
    if measures.redundancy >= thresholds.redundant {
        return Some(if measures.min >= thresholds.near_duplicate {
            Relation::NearDuplicate
        } else if measures.max >= thresholds.contained {
            Relation::Contained
        } else {
            Relation::Redundant
        });
    }
    if measures.redundancy >= thresholds.overlapping {
        return Some(Relation::Overlapping);
    }
    (measures.max >= thresholds.template).then_some(Relation::Template)
}
