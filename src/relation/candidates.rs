//! Pairs that may be related: alike in name or role, or one copied from the other.

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;
use rustc_hash::FxHashMap;

use super::aligned;
use crate::align::Aligner;
use crate::collection::{Collection, OwnUnit};
use crate::config::Thresholds;
use crate::join::{Index, SLACK, Scratch, SimilarPair, similar_pairs_that_meet};
use crate::measure::least_role;
use crate::text::Term;

pub(super) const SMALL: usize = 500;

/// Pairs whose names are at least this alike are compared.
const NAME_JOIN: f64 = 0.3;

/// Pairs whose roles are at least this alike are compared: in small
/// collections far ones too, because a script or a person wants to see the
/// nearest neighbours of an agent even if none is near. In large ones there are
/// enough that are.
const ROLE_JOIN: f64 = 0.2;

const ROLE_JOIN_SMALL: f64 = 0.1;

/// The likeness of roles from which on pairs are compared, so low that no
/// redundant pair is missed: names and roles below their borders do not make
/// up the redundancy even if the contents are the same.
fn role_join(n_agents: usize, thresholds: &Thresholds) -> f64 {
    let usual = if n_agents <= SMALL { ROLE_JOIN_SMALL } else { ROLE_JOIN };
    usual.min(least_role(thresholds.redundant, NAME_JOIN)).max(0.01)
}

/// Share of an agent's unit weight that copies must hold for the copies alone
/// to make a pair a candidate.
const COPIED_SHARE: f64 = 0.5;

/// Of agents that are the same this many are compared with others, and of those
/// with one body this many with each other: pairs of thousands of copies would
/// say no more, and be millions.
const MAX_TWINS: usize = 16;

/// Which agents are copies of others, whose pairs would say nothing new.
pub(super) struct Copies<'a> {
    bodies: &'a [u32],
    /// By agent: the first one that is the same in name, role and content, where
    /// [`MAX_TWINS`] such come before it.
    firsts: Vec<Option<u32>>,
    /// By agent: whether [`MAX_TWINS`] with its body come before it.
    are_late: Vec<bool>,
}

impl<'a> Copies<'a> {
    pub(super) fn new(collection: &'a Collection) -> Self {
        let bodies = &collection.bodies;
        // By body: how many have it.
        let mut n_alike: FxHashMap<u32, usize> = FxHashMap::default();
        let is_late = |(own, body): (&Vec<OwnUnit>, _)| {
            let n = n_alike.entry(body).or_default();
            *n += 1;
            // Empty bodies are no copies of each other.
            *n > MAX_TWINS && !own.is_empty()
        };
        let are_late = collection.own.iter().zip(bodies.iter().copied());
        let are_late = are_late.map(is_late).collect();
        // By body: the first agent of each name and role, and how many are like it.
        let mut by_body: FxHashMap<u32, Vec<(u32, usize)>> = FxHashMap::default();
        let first = |(agent, &body): (u32, _)| {
            let alike = by_body.entry(body).or_default();
            let is_same = |&&mut (first, _): &&mut (u32, usize)| {
                collection.names[first as usize] == collection.names[agent as usize]
                    && collection.roles.are_equal(first, agent)
            };
            if let Some((first, n_twins)) = alike.iter_mut().find(is_same) {
                *n_twins += 1;
                return (*n_twins > MAX_TWINS).then_some(*first);
            }
            alike.push((agent, 1));
            None
        };
        Self { firsts: (0..).zip(bodies).map(first).collect(), are_late, bodies }
    }

    /// Whether an agent is compared with others, rather than with the first of
    /// its twins alone.
    pub(super) fn counts(&self, agent: u32) -> bool {
        self.firsts[agent as usize].is_none()
    }

    /// Whether two agents, `left < right`, may tell something new: what late
    /// copies of one body are to each other follows from what they are to the
    /// first of them.
    pub(super) fn meet(&self, left: u32, right: u32) -> bool {
        !self.are_late[right as usize] || self.bodies[left as usize] != self.bodies[right as usize]
    }

    /// Each late copy, behind the one that stands for those before it.
    pub(super) fn told(&self) -> impl Iterator<Item = (u32, u32)> {
        let agents = (0..).zip(self.bodies);
        agents.filter_map(|(agent, &body)| {
            let is_late = self.are_late[agent as usize];
            let first = self.firsts[agent as usize].or(is_late.then_some(body))?;
            Some((first, agent))
        })
    }
}

/// Roles share a word by chance where more agents than this have it. Those that
/// share no other are compared from a greater likeness on, or a large
/// collection would be one of pairs.
const MAX_ROLES: usize = 2000;

const COMMON_ROLE_JOIN: f64 = 0.5;

pub(super) fn by_role(
    collection: &Collection,
    thresholds: &Thresholds,
    copies: &Copies<'_>,
) -> Vec<(u32, u32)> {
    let roles = &collection.roles;
    let counts = |agent: u32| copies.counts(agent);
    let threshold = role_join(collection.agents.len(), thresholds);
    let n_rare = roles.n_terms_of_few(MAX_ROLES);
    let meet = |left, right| copies.meet(left, right);
    let pairs_of =
        |threshold, n_terms| similar_pairs_that_meet(roles, threshold, n_terms, counts, meet);
    let mut pairs = pairs_of(threshold, n_rare);
    if n_rare < roles.n_terms() {
        pairs.extend(pairs_of(COMMON_ROLE_JOIN.max(threshold), roles.n_terms()));
    }
    pairs.iter().map(SimilarPair::ends).collect()
}

/// Names share a word by chance where more agents than this have it. Through
/// such a word only names with the same topics are compared, or a large
/// collection would be one of pairs.
const MAX_BEARERS: usize = 300;

pub(super) fn by_name(collection: &Collection, copies: &Copies<'_>) -> Vec<(u32, u32)> {
    let mut by_word: FxHashMap<Term, Vec<u32>> = FxHashMap::default();
    let mut by_topics: FxHashMap<&[u32], Vec<u32>> = FxHashMap::default();
    for (agent, name) in (0..).zip(&collection.names) {
        if copies.counts(agent) {
            for word in name.topics() {
                by_word.entry(*word).or_default().push(agent);
            }
            let topics = collection.topics[agent as usize].as_slice();
            by_topics.entry(topics).or_default().push(agent);
        }
    }
    by_word.retain(|_, bearers| bearers.len() <= MAX_BEARERS);
    by_topics.remove([].as_slice());
    (0..collection.names.len() as u32)
        .into_par_iter()
        .filter(|&agent| copies.counts(agent))
        .flat_map_iter(|right| {
            let name = &collection.names[right as usize];
            let topics = collection.topics[right as usize].as_slice();
            let lists = name.topics().filter_map(|word| by_word.get(word));
            let mut met: Vec<u32> = lists
                .chain(by_topics.get(topics))
                .flat_map(|agents| &agents[..agents.partition_point(|&agent| agent < right)])
                .copied()
                .collect();
            met.sort_unstable();
            met.dedup();
            met.retain(|&left| {
                copies.meet(left, right)
                    && collection.names[left as usize].similarity(name) >= NAME_JOIN
            });
            met.into_iter().map(move |left| (left, right))
        })
        .collect()
}

/// Pairs of which one copied at least [`COPIED_SHARE`] of its content from the
/// other.
///
/// Of an agent whose share is reached, copies that make up a part of the share
/// are among any units without which the others weigh less than
/// [`LEFT_OUT_PART`] of it. So only those are looked up that take the least
/// effort, boilerplate stays out of it, and what has the other part there is
/// compared in full.
pub(super) fn by_copies(
    collection: &Collection,
    thresholds: &Thresholds,
    copies: &Copies<'_>,
) -> Vec<(u32, u32)> {
    let index = Index::of_neighbours(&collection.units, thresholds.unit_copy);
    let efforts =
        index.efforts(&collection.units, |unit| collection.holders.get(unit).len() as u64);
    let mut candidates: Vec<(u32, u32)> = (0..collection.agents.len() as u32)
        .into_par_iter()
        .filter(|&agent| copies.counts(agent))
        .map_init(
            || (Scratch::new(&collection.units), vec![0.0; collection.agents.len()]),
            |(scratch, copied), agent| {
                easiest_copies(collection, &index, &efforts, copies, scratch, copied, agent)
            },
        )
        .flatten_iter()
        .collect();
    drop((index, efforts));
    candidates.par_sort_unstable();
    candidates.dedup();
    let are_copied = |aligner: &mut Aligner<'_>, &(left, right): &(u32, u32)| {
        (aligner.copied_share(left) >= COPIED_SHARE * SLACK).then_some((left, right))
    };
    aligned(collection, thresholds.unit_copy, &mut candidates, |&ends| ends, are_copied)
}

/// How much of the share may lie in units that are not looked up. A large part
/// means few look-ups and more pairs to compare; measured on public files.
const LEFT_OUT_PART: f64 = 0.8;

/// What a look-up takes beside the postings it visits, in visits.
const LOOK_UP: f64 = 16.0;

/// The agents of which `agent` has copied enough among the units that are
/// looked up, as far as the two meet. `copied` holds 0 for each agent, before
/// and after.
fn easiest_copies(
    collection: &Collection,
    index: &Index,
    efforts: &[u64],
    copies: &Copies<'_>,
    scratch: &mut Scratch,
    copied: &mut [f64],
    agent: u32,
) -> Vec<(u32, u32)> {
    let holders = |unit: u32| collection.holders.get(unit);
    let meets = |other: u32| {
        other != agent && copies.counts(other) && copies.meet(agent.min(other), agent.max(other))
    };
    let met_holders = |unit: u32| holders(unit).iter().copied().filter(|&other| meets(other));
    let effort = |own: &OwnUnit| (LOOK_UP + efforts[own.set as usize] as f64) / own.weight;
    let mut units: Vec<(f64, &OwnUnit)> =
        collection.own[agent as usize].iter().map(|own| (effort(own), own)).collect();
    units.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.set.cmp(&b.1.set)));
    let all: f64 = units.iter().map(|(_, own)| own.weight).sum();
    let share = COPIED_SHARE * all * SLACK;
    let left_out = LEFT_OUT_PART * share;
    let enough = share - left_out;
    let mut rest = all;
    let mut most_copied: f64 = 0.0;
    let mut met: Vec<u32> = Vec::new();
    let mut others = Vec::new();
    for (_, own) in units {
        // What is left would have to be copied in full.
        if rest < left_out || most_copied + rest < share {
            break;
        }
        rest -= own.weight;
        others.clear();
        others.extend(met_holders(own.set));
        let is_open = |other: u32| copied[other as usize] < enough;
        let is_wanted = |unit: u32| met_holders(unit).any(is_open);
        index.neighbours(&collection.units, own.set, scratch, is_wanted, |unit, _| {
            others.extend(met_holders(unit));
        });
        others.sort_unstable();
        others.dedup();
        for &other in &others {
            let copied = &mut copied[other as usize];
            *copied += own.weight;
            most_copied = most_copied.max(*copied);
        }
        met.extend(&others);
    }
    met.sort_unstable();
    met.dedup();
    met.retain(|&other| std::mem::take(&mut copied[other as usize]) >= enough);
    met.into_iter().map(|other| (agent.min(other), agent.max(other))).collect()
}
