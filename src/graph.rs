//! How agents hang together: mirrors, groups and repeated blocks.
//!
//! Agents are nodes, relations are edges. A *group* is a star: every member is
//! redundant with its representative, so that no chain of small steps welds
//! strangers together.

use std::collections::BTreeMap;

use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::unionfind::UnionFind;
use petgraph::visit::EdgeRef;
use rustc_hash::FxHashMap;

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
    Groups {
        groups: stars(collection, pairs, &mirror_of, |_, _| true),
        mirror_of,
        mirrored,
    }
}

/// Who could replace whom, among those who are together; edges hold indices into
/// `pairs`. Of a contained pair only the larger one could, of all others either.
/// Mirrors are nodes without edges.
fn replacements(
    n_agents: usize,
    pairs: &[Pair],
    mirror_of: &[Option<u32>],
    are_together: impl Fn(u32, u32) -> bool,
) -> DiGraph<u32, usize> {
    let mut graph = DiGraph::with_capacity(n_agents, 2 * pairs.len());
    for agent in 0..n_agents as u32 {
        graph.add_node(agent);
    }
    for (at, pair) in pairs.iter().enumerate() {
        let is_mirror = |agent: u32| mirror_of[agent as usize].is_some();
        if !pair.relation.is_redundant()
            || is_mirror(pair.left)
            || is_mirror(pair.right)
            || !are_together(pair.left, pair.right)
        {
            continue;
        }
        let (left, right) = (
            NodeIndex::new(pair.left as usize),
            NodeIndex::new(pair.right as usize),
        );
        let is_contained = pair.relation == Relation::Contained;
        if !is_contained || pair.right_in_left >= pair.left_in_right {
            graph.add_edge(left, right, at);
        }
        if !is_contained || pair.left_in_right > pair.right_in_left {
            graph.add_edge(right, left, at);
        }
    }
    graph
}

/// Repeatedly takes the agent that could replace the most others that are
/// still free, the more complete one, the better formed one, the one with the
/// smaller path first. Stars are found in one pass over agents by that order,
/// as an agent's neighbours only become fewer.
///
/// Groups of agents that are together alone, by representative.
pub(crate) fn stars(
    collection: &Collection,
    pairs: &[Pair],
    mirror_of: &[Option<u32>],
    are_together: impl Fn(u32, u32) -> bool,
) -> Vec<Group> {
    let graph = replacements(collection.agents.len(), pairs, mirror_of, are_together);
    let completeness: Vec<f64> = collection
        .own
        .iter()
        .map(|own| own.iter().map(|unit| unit.weight).sum())
        .collect();
    let mut is_free = vec![true; collection.agents.len()];
    let mut queue: std::collections::BinaryHeap<Candidate> = graph
        .node_indices()
        .filter(|&node| graph.neighbors(node).next().is_some())
        .map(|node| candidate(collection, &graph, &completeness, &is_free, node))
        .collect();
    let mut groups = Vec::new();
    while let Some(best) = queue.pop() {
        let node = NodeIndex::new(best.agent as usize);
        if !is_free[node.index()] {
            continue;
        }
        let now = candidate(collection, &graph, &completeness, &is_free, node);
        if now.n_free < best.n_free {
            if now.n_free > 0 {
                queue.push(now);
            }
            continue;
        }
        let mut drop = Vec::new();
        let mut relation = Relation::Identical;
        for edge in graph.edges(node) {
            let other = edge.target();
            if std::mem::replace(&mut is_free[other.index()], false) {
                drop.push(graph[other]);
                relation = relation.max(pairs[*edge.weight()].relation);
            }
        }
        is_free[node.index()] = false;
        drop.sort_unstable();
        groups.push(Group {
            representative: best.agent,
            drop,
            relation,
        });
    }
    groups.sort_unstable_by_key(|group| group.representative);
    groups
}

/// A possible representative; the greatest comes first.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Candidate {
    n_free: usize,
    completeness: f64,
    n_faults: usize,
    agent: u32,
}

fn candidate(
    collection: &Collection,
    graph: &DiGraph<u32, usize>,
    completeness: &[f64],
    is_free: &[bool],
    node: NodeIndex,
) -> Candidate {
    Candidate {
        n_free: graph
            .neighbors(node)
            .filter(|other| is_free[other.index()])
            .count(),
        completeness: completeness[node.index()],
        n_faults: collection.agents[node.index()].faults.len(),
        agent: graph[node],
    }
}

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.n_free.cmp(&other.n_free))
            .then(self.completeness.total_cmp(&other.completeness))
            .then(other.n_faults.cmp(&self.n_faults))
            .then(other.agent.cmp(&self.agent))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
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
    for pair in pairs
        .iter()
        .filter(|pair| pair.relation <= Relation::NearDuplicate)
    {
        let (left, right) = (root(pair.left), root(pair.right));
        let name = |agent: u32| &collection.agents[agent as usize].name;
        if left != right && name(pair.left).eq_ignore_ascii_case(name(pair.right)) {
            by_roots
                .entry((left.min(right), left.max(right)))
                .or_default()
                .push(pair);
        }
    }
    by_roots.retain(|&(left, right), pairs| {
        let crosses_products = pairs
            .iter()
            .any(|pair| product(pair.left) != product(pair.right));
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
                if root(pair.left) == of {
                    pair.left
                } else {
                    pair.right
                }
            };
            let left_is_source =
                rank(left, end(pairs[0], left)) <= rank(right, end(pairs[0], right));
            let (source, copy) = if left_is_source {
                (left, right)
            } else {
                (right, left)
            };
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
    for group in groups
        .groups
        .iter()
        .filter(|group| group.relation <= Relation::NearDuplicate)
    {
        for &agent in &group.drop {
            counts[agent as usize] = false;
        }
    }
    let mut blocks: Vec<Boilerplate> = Vec::new();
    for agent in (0..collection.agents.len() as u32).filter(|&agent| counts[agent as usize]) {
        let mut goes_on = false;
        for own in &collection.own[agent as usize] {
            let holders = collection.holders.get(own.set);
            let mut counted = holders
                .iter()
                .copied()
                .filter(|&holder| counts[holder as usize])
                .peekable();
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
                _ if is_repeated => blocks.push(Boilerplate {
                    agents,
                    units: vec![own.unit_idx],
                }),
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
