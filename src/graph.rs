//! How agents hang together: mirrors, groups and repeated blocks.
//!
//! Agents are nodes, relations are edges. A *group* is a star: every member is
//! redundant with its representative, so that no chain of small steps welds
//! strangers together.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use petgraph::graphmap::DiGraphMap;
use petgraph::unionfind::UnionFind;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::agent::{Product, Unit, UnitKind};
use crate::align::Aligner;
use crate::collection::{Collection, OwnUnit};
use crate::config::Thresholds;
use crate::relation::{Pair, Relation};
use crate::source::Sources;
use crate::statement::{SAME, Statement};

/// Agents that their representative could replace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The member with which every other one is redundant; the one to keep.
    pub representative: u32,
    /// All others, ascending.
    pub drop: Vec<u32>,
    /// The weakest relation of a member with the representative.
    pub relation: Relation,
}

impl Group {
    /// All members, ascending.
    pub fn members(&self) -> Vec<u32> {
        let mut members = self.drop.clone();
        members.push(self.representative);
        members.sort_unstable();
        members
    }
}

/// Two folders of which one is a copy of the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MirroredFolder {
    /// The folder that counts as the source.
    pub source: String,
    /// The copy.
    pub copy: String,
    /// Agents in both, as (source, copy), by source.
    pub pairs: Vec<(u32, u32)>,
    /// Those of them that are no longer the same text.
    pub drifted: Vec<(u32, u32)>,
}

/// Mirrors and groups.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    /// By agent: the agent whose generated copy it is, in another folder.
    pub mirror_of: Vec<Option<u32>>,
    /// The folders in which mirrors lie, by source and copy.
    pub mirrored: Vec<MirroredFolder>,
    /// The groups of agents that are no mirrors, by representative.
    pub groups: Vec<Group>,
}

impl Groups {
    /// Whether an agent is a generated copy.
    pub fn is_mirror(&self, agent: u32) -> bool {
        let original = self.mirror_of.get(agent as usize);
        original.is_some_and(Option::is_some)
    }

    /// By member of a group: the place of that group in [`Self::groups`]. No
    /// agent is in two.
    pub fn group_of(&self) -> FxHashMap<u32, usize> {
        let groups = self.groups.iter().enumerate();
        groups
            .flat_map(|(at, group)| group.members().into_iter().map(move |member| (member, at)))
            .collect()
    }
}

/// A block that many agents repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boilerplate {
    /// The agents that have it, ascending; mirrors do not count.
    pub agents: Vec<u32>,
    /// Its units in the first of them, in order.
    pub units: Vec<u32>,
}

/// Finds mirrors first: what is a mirror takes no part in groups.
pub fn groups(collection: &Collection, pairs: &[Pair]) -> Groups {
    let mirrored = mirrored_folders(collection, pairs);
    let mirror_of = mirrors(collection.agents.len(), &mirrored);
    Groups { groups: stars(collection, pairs, &mirror_of, |_, _| true), mirror_of, mirrored }
}

/// Goes through the redundant pairs of agents that are together, the strongest
/// relation first, then the most redundant, then by left and right, so that each
/// agent comes to the one that it is most alike and a weak tie takes nobody away
/// from a strong one. The two become a group, or one joins the group that the
/// other represents, with all that it represents itself, if the representative is
/// redundant with each of them. Where either could represent the others, it is the
/// one that could replace more agents, the more complete one, the better formed
/// one, the one with the smaller path. Who has joined a group stays in it.
///
/// By representative. Mirrors are in none. Each pair is looked at once, and each
/// join looks at those who join.
pub(crate) fn stars(
    collection: &Collection,
    pairs: &[Pair],
    mirror_of: &[Option<u32>],
    are_together: impl Fn(u32, u32) -> bool,
) -> Vec<Group> {
    let is_mirror = |agent: u32| mirror_of[agent as usize].is_some();
    let mut ties: Vec<&Pair> = pairs
        .iter()
        .filter(|pair| {
            let &&Pair { left, right, .. } = pair;
            let are_apart = is_mirror(left) || is_mirror(right) || !are_together(left, right);
            pair.relation.is_redundant() && !are_apart
        })
        .collect();
    ties.sort_by(|one, other| by_strength(one, other));
    // Who could replace whom, and by which relation.
    let mut replaces: DiGraphMap<u32, Relation, FxBuildHasher> = DiGraphMap::default();
    for pair in &ties {
        for (one, other) in replacements(pair) {
            replaces.add_edge(one, other, pair.relation);
        }
    }
    let n_replaced: FxHashMap<u32, usize> =
        replaces.nodes().map(|agent| (agent, replaces.neighbors(agent).count())).collect();
    let completeness = |agent: u32| -> f64 {
        let own = collection.own[agent as usize].iter();
        own.map(|unit| unit.weight).sum()
    };
    let n_faults = |agent: u32| collection.agents[agent as usize].faults.len();
    let is_better = |one: u32, other: u32| {
        (n_replaced.get(&one).cmp(&n_replaced.get(&other)))
            .then(completeness(one).total_cmp(&completeness(other)))
            .then(n_faults(other).cmp(&n_faults(one)))
            .then(other.cmp(&one))
            .is_gt()
    };

    let mut has_joined = vec![false; collection.agents.len()];
    let mut joined: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for pair in ties {
        if has_joined[pair.left as usize] || has_joined[pair.right as usize] {
            continue;
        }
        let can_represent = |one: u32, other: u32| {
            let mut members = joined.get(&other).into_iter().flatten();
            replaces.contains_edge(one, other)
                && members.all(|&member| replaces.contains_edge(one, member))
        };
        let (left, right) = (pair.left, pair.right);
        let (kept, joins) = match (can_represent(left, right), can_represent(right, left)) {
            (true, true) if is_better(right, left) => (right, left),
            (true, _) => (left, right),
            (false, true) => (right, left),
            (false, false) => continue,
        };
        let mut members = joined.remove(&joins).unwrap_or_default();
        members.push(joins);
        has_joined[joins as usize] = true;
        joined.entry(kept).or_default().append(&mut members);
    }
    let groups = joined.into_iter().map(|(representative, mut drop)| {
        drop.sort_unstable();
        let relations = drop.iter().map(|&other| replaces[(representative, other)]);
        let relation = relations.max().unwrap_or(Relation::Identical);
        Group { representative, drop, relation }
    });
    groups.collect()
}

/// The strongest relation first, then the most redundant, then by left and right.
pub(crate) fn by_strength(one: &Pair, other: &Pair) -> Ordering {
    (one.relation.cmp(&other.relation))
        .then(other.redundancy.total_cmp(&one.redundancy))
        .then((one.left, one.right).cmp(&(other.left, other.right)))
}

/// Of a redundant pair who could replace whom. Of a contained pair only the
/// larger one could, of all others either.
fn replacements(pair: &Pair) -> impl Iterator<Item = (u32, u32)> {
    let is_contained = pair.relation == Relation::Contained;
    let by_left = !is_contained || pair.right_in_left >= pair.left_in_right;
    let by_right = !is_contained || pair.left_in_right > pair.right_in_left;
    let left = by_left.then_some((pair.left, pair.right));
    let right = by_right.then_some((pair.right, pair.left));
    left.into_iter().chain(right)
}

/// The statements of `agent` that `other` does not say, see [`Statement::says`],
/// in the order of the file; headings are none.
/// `aligner` may be used for something else in between.
pub fn unsaid(
    collection: &Collection,
    sources: &Sources,
    aligner: &mut Aligner<'_>,
    agent: u32,
    other: u32,
) -> Vec<OwnUnit> {
    let text = |agent: u32, unit: &Unit| {
        let agent = &collection.agents[agent as usize];
        agent.unit_text(unit, sources.text(agent.file))
    };
    let unit =
        |agent: u32, own: &OwnUnit| &collection.agents[agent as usize].units[own.unit_idx as usize];
    let says_the_same = |own: &OwnUnit, others: &OwnUnit| {
        let (one, by) = (unit(agent, own), unit(other, others));
        let (own_text, text) = (text(agent, one), text(other, by));
        let said = Statement::of(one, &own_text, own.set);
        Statement::of(by, &text, others.set).says(&said, &collection.units)
    };
    aligner.set_right(other);
    let mut unsaid = aligner.unmatched(agent, SAME, says_the_same);
    unsaid.retain(|own| unit(agent, own).is_statement());
    unsaid
}

/// Folders of one product mirror each other from this many agents on that are
/// in both, and this share of the smaller folder. Between products one agent is enough.
const MIN_MIRRORED: usize = 3;
const MIN_MIRRORED_SHARE: f64 = 0.6;

/// Folders that hold copies of another folder's agents, as tools make them
/// from one source: `.claude/` and `.opencode/`, `src/` and `plugins/`.
fn mirrored_folders(collection: &Collection, pairs: &[Pair]) -> Vec<MirroredFolder> {
    let root = |agent: u32| collection.agents[agent as usize].origin.load_root.as_str();
    let product = |agent: u32| collection.agents[agent as usize].origin.product;
    let mut n_agents: BTreeMap<&str, usize> = BTreeMap::new();
    for agent in 0..collection.agents.len() as u32 {
        *n_agents.entry(root(agent)).or_default() += 1;
    }
    let mut by_roots: BTreeMap<(&str, &str), Vec<&Pair>> = BTreeMap::new();
    for pair in pairs.iter().filter(|pair| pair.relation <= Relation::NearDuplicate) {
        let (left, right) = (root(pair.left), root(pair.right));
        let name = |agent: u32| &collection.agents[agent as usize].name;
        if left != right && name(pair.left).eq_ignore_ascii_case(name(pair.right)) {
            by_roots.entry((left.min(right), left.max(right))).or_default().push(pair);
        }
    }
    by_roots.retain(|&(left, right), pairs| {
        let crosses_products = pairs.iter().any(|pair| product(pair.left) != product(pair.right));
        let smaller = n_agents[left].min(n_agents[right]);
        crosses_products
            || (pairs.len() >= MIN_MIRRORED
                && pairs.len() as f64 >= MIN_MIRRORED_SHARE * smaller as f64)
    });
    by_roots
        .into_iter()
        .map(|((left, right), pairs)| {
            // The source is the folder with more agents, Claude Code's, the shorter path.
            let rank = |root: &str, agent: u32| {
                (
                    std::cmp::Reverse(n_agents[root]),
                    product(agent) != Product::Claude,
                    root.len(),
                    root.to_owned(),
                )
            };
            let end = |pair: &Pair, of: &str| {
                if root(pair.left) == of { pair.left } else { pair.right }
            };
            let left_is_source =
                rank(left, end(pairs[0], left)) <= rank(right, end(pairs[0], right));
            let (source, copy) = if left_is_source { (left, right) } else { (right, left) };
            let ends = |pair: &&Pair| (end(pair, source), end(pair, copy));
            let drifted = pairs.iter().filter(|pair| {
                pair.relation > Relation::Identical
                    && pair.left_in_right.min(pair.right_in_left) < 1.0 - 1e-9
            });
            let mut folder = MirroredFolder {
                source: source.to_owned(),
                copy: copy.to_owned(),
                drifted: drifted.map(ends).collect(),
                pairs: pairs.iter().map(ends).collect(),
            };
            folder.pairs.sort_unstable();
            folder.drifted.sort_unstable();
            folder
        })
        .collect()
}

/// One agent of each set of mirrors stands for all: one that is no copy, if
/// there is one, and of those the first.
fn mirrors(n_agents: usize, mirrored: &[MirroredFolder]) -> Vec<Option<u32>> {
    let mut sets: UnionFind<u32> = UnionFind::new(n_agents);
    let mut is_copy = vec![false; n_agents];
    for &(source, copy) in mirrored.iter().flat_map(|folder| &folder.pairs) {
        sets.union(source, copy);
        is_copy[copy as usize] = true;
    }
    let mut first: BTreeMap<u32, u32> = BTreeMap::new();
    for agent in (0..n_agents as u32).rev() {
        let set = sets.find(agent);
        let stands = first.entry(set).or_insert(agent);
        if is_copy[*stands as usize] || !is_copy[agent as usize] {
            *stands = agent;
        }
    }
    (0..n_agents as u32)
        .map(|agent| Some(first[&sets.find(agent)]).filter(|&stands| stands != agent))
        .collect()
}

/// A shorter block is a phrase or a list of headings, not boilerplate.
const MIN_BLOCK_BYTES: usize = 80;

/// Fewer statements are one good sentence that was copied, which nobody moves to a
/// place of its own, unless they are as long as this.
const MIN_BLOCK_STATEMENTS: usize = 3;
const LONG_BLOCK_BYTES: usize = 200;

/// Blocks of units that at least `thresholds.boilerplate_agents` agents have,
/// the same agents for all units of a block; in the order of the files. A block
/// holds several statements or a long one.
pub fn boilerplate(
    collection: &Collection,
    groups: &Groups,
    thresholds: &Thresholds,
) -> Vec<Boilerplate> {
    let mut counts = vec![true; collection.agents.len()];
    for (agent, mirror_of) in groups.mirror_of.iter().enumerate() {
        counts[agent] = mirror_of.is_none();
    }
    // Copies of one agent repeat it; that is said by their group.
    for group in groups.groups.iter().filter(|group| group.relation <= Relation::NearDuplicate) {
        for &agent in &group.drop {
            counts[agent as usize] = false;
        }
    }
    let mut blocks: Vec<Boilerplate> = Vec::new();
    for agent in (0..collection.agents.len() as u32).filter(|&agent| counts[agent as usize]) {
        let mut goes_on = false;
        for own in &collection.own[agent as usize] {
            let holders = collection.holders.get(own.set);
            let mut counted =
                holders.iter().copied().filter(|&holder| counts[holder as usize]).peekable();
            // A block is looked at once, in its first holder.
            let may_repeat = holders.len() >= thresholds.boilerplate_agents;
            let agents: Vec<u32> = if may_repeat && counted.peek() == Some(&agent) {
                counted.collect()
            } else {
                Vec::new()
            };
            let is_repeated = agents.len() >= thresholds.boilerplate_agents;
            match blocks.last_mut() {
                Some(block) if goes_on && is_repeated && block.agents == agents => {
                    block.units.push(own.unit_idx);
                }
                _ if is_repeated => blocks.push(Boilerplate { agents, units: vec![own.unit_idx] }),
                _ => {}
            }
            goes_on = is_repeated;
        }
    }
    blocks.retain(|block| {
        let units = &collection.agents[block.agents[0] as usize].units;
        let own = || block.units.iter().map(|&unit| &units[unit as usize]);
        let n_statements = own().filter(|unit| unit.kind != UnitKind::Heading).count();
        let n_bytes: usize = own().map(|unit| unit.span.byte_len()).sum();
        n_statements > 0 && n_bytes >= LONG_BLOCK_BYTES
            || n_statements >= MIN_BLOCK_STATEMENTS && n_bytes >= MIN_BLOCK_BYTES
    });
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::classify;
    use crate::source::SourceFile;

    /// Groups of agents of one statement each, which are related like this: left,
    /// right, relation, redundancy, shares.
    fn told(pairs: &[(u32, u32, Relation, f64, [f64; 2])]) -> Vec<(u32, Vec<u32>)> {
        let ends = pairs.iter().map(|&(_, right, ..)| right);
        let n_agents = ends.max().unwrap_or_default() + 1;
        let file = |n: u32| SourceFile::new(format!(".claude/agents/{n}.md"), "- Row the boat");
        let files: Vec<SourceFile> = (0..n_agents).map(file).collect();
        let origins: Vec<_> = files.iter().map(|file| classify(&file.path)).collect();
        let pair = |&(left, right, relation, redundancy, shares): &(_, _, _, _, [f64; 2])| Pair {
            left,
            right,
            relation,
            redundancy,
            name: 0.5,
            role: 0.5,
            left_in_right: shares[0],
            right_in_left: shares[1],
            matches: Vec::new(),
        };
        let pairs: Vec<Pair> = pairs.iter().map(pair).collect();
        let no_mirrors = vec![None; files.len()];
        let collection = Collection::new(&files, &origins);
        let groups = stars(&collection, &pairs, &no_mirrors, |_, _| true);
        let groups = groups.into_iter();
        groups.map(|group| (group.representative, group.drop)).collect()
    }

    const ALIKE: [f64; 2] = [0.8, 0.8];

    #[test]
    fn one_role_takes_nobody_away_from_a_copy() {
        use Relation::{NearDuplicate, Redundant};
        let found = told(&[
            (0, 1, Redundant, 0.9, [0.3, 0.3]),
            (0, 2, Redundant, 0.9, [0.3, 0.3]),
            (0, 3, Redundant, 0.9, [0.3, 0.3]),
            (3, 4, NearDuplicate, 0.6, ALIKE),
        ]);
        assert_eq!(found, [(0, vec![1, 2]), (3, vec![4])]);
    }

    #[test]
    fn each_agent_goes_to_the_copy_that_is_most_alike() {
        use Relation::NearDuplicate;
        let found = told(&[
            (0, 1, NearDuplicate, 0.6, ALIKE),
            (0, 2, NearDuplicate, 0.6, ALIKE),
            (2, 3, NearDuplicate, 0.9, ALIKE),
        ]);
        assert_eq!(found, [(0, vec![1]), (2, vec![3])]);
    }

    #[test]
    fn copies_join_the_group_of_one_role_together_or_not_at_all() {
        use Relation::{NearDuplicate, Redundant};
        let all = [
            (0, 1, Redundant, 0.7, [0.3, 0.3]),
            (0, 2, Redundant, 0.6, [0.3, 0.3]),
            (0, 3, Redundant, 0.8, [0.3, 0.3]),
            (1, 2, NearDuplicate, 0.9, ALIKE),
        ];
        assert_eq!(told(&all), [(0, vec![1, 2, 3])]);
        let without_one = [all[0], all[2], all[3]];
        assert_eq!(told(&without_one), [(0, vec![3]), (1, vec![2])]);
    }

    #[test]
    fn what_is_contained_represents_nobody() {
        let found = told(&[(0, 1, Relation::Contained, 0.6, [0.9, 0.2])]);
        assert_eq!(found, [(1, vec![0])]);
    }
}
