//! A report as a network: agents or whole families of them, and what ties
//! them. What the pictures show is decided here; they only draw it.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Rule};
use crate::relation::Relation;
use crate::report::Report;

/// Nodes and the edges between them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Network {
    /// By first agent.
    pub(crate) nodes: Vec<Node>,
    /// By ends.
    pub(crate) edges: Vec<Edge>,
}

/// An agent, or a group of agents of which one could replace the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    /// Whom it stands for; in a family the one to keep first.
    pub(crate) agents: Vec<u32>,
    /// Tokens of their files.
    pub(crate) tokens: u64,
}

/// What ties two nodes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Edge {
    /// Place of the one node, less than that of the other.
    pub(crate) left: u32,
    /// Place of the other node.
    pub(crate) right: u32,
    /// The agents that are tied most closely: one of each node, by id.
    pub(crate) agents: (u32, u32),
    /// Their relation; `None` where only conflicts tie the nodes.
    pub(crate) relation: Option<Relation>,
    /// Their redundancy, in 0..=1; 0 where only conflicts tie the nodes.
    pub(crate) redundancy: f64,
    /// Conflicts between the nodes.
    pub(crate) n_conflicts: usize,
}

impl Edge {
    /// What it stands for, in words.
    pub(crate) fn label(&self) -> String {
        let conflicts = match self.n_conflicts {
            0 => None,
            1 => Some("1 conflict".to_owned()),
            n => Some(format!("{n} conflicts")),
        };
        let relation = self.relation.map(|relation| relation.as_str().to_owned());
        let parts: Vec<String> = [relation, conflicts].into_iter().flatten().collect();
        parts.join(", ")
    }
}

/// A node for each agent, whether anything ties it or not.
pub(crate) fn agents(report: &Report) -> Network {
    let heads: Vec<u32> = (0..report.agents.len() as u32).collect();
    network(report, &heads)
}

/// A node for each group and for each agent that belongs to none, with their
/// copies in other folders.
pub(crate) fn families(report: &Report) -> Network {
    let mut heads: Vec<u32> = (0..report.agents.len() as u32).collect();
    for group in &report.groups {
        for &id in &group.drop {
            heads[id as usize] = group.keep;
        }
    }
    for agent in &report.agents {
        if let Some(source) = agent.mirror_of {
            heads[agent.id as usize] = heads[source as usize];
        }
    }
    network(report, &heads)
}

/// A node for all agents that have the same head, which comes first.
fn network(report: &Report, heads: &[u32]) -> Network {
    let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (id, &head) in (0..).zip(heads) {
        let family = members.entry(head).or_insert_with(|| vec![head]);
        if id != head {
            family.push(id);
        }
    }
    let nodes: Vec<Node> = members
        .into_values()
        .map(|agents| Node {
            tokens: agents.iter().map(|&id| report.agents[id as usize].tokens).sum(),
            agents,
        })
        .collect();
    let mut node_of = vec![0; report.agents.len()];
    for (at, node) in nodes.iter().enumerate() {
        for &agent in &node.agents {
            node_of[agent as usize] = at as u32;
        }
    }
    let ends = |one: u32, other: u32| {
        let (left, right) = (node_of[one as usize], node_of[other as usize]);
        (left.min(right), left.max(right))
    };

    let mut edges: BTreeMap<(u32, u32), Edge> = BTreeMap::new();
    // By redundancy, so that the first pair of two nodes is their closest.
    for pair in report.pairs.iter().filter(|pair| pair.relation != Relation::Distinct) {
        let (left, right) = ends(pair.left, pair.right);
        edges.entry((left, right)).or_insert(Edge {
            left,
            right,
            agents: (pair.left, pair.right),
            relation: Some(pair.relation),
            redundancy: pair.redundancy,
            n_conflicts: 0,
        });
    }
    for finding in &report.findings {
        let mut is_counted = BTreeSet::new();
        for (one, other) in opposed(finding) {
            let (left, right) = ends(one, other);
            let edge = edges.entry((left, right)).or_insert(Edge {
                left,
                right,
                agents: (one, other),
                relation: None,
                redundancy: 0.0,
                n_conflicts: 0,
            });
            edge.n_conflicts += usize::from(is_counted.insert((left, right)));
        }
    }
    edges.retain(|(left, right), _| left != right);
    Network { nodes, edges: edges.into_values().collect() }
}

/// Agents that a finding sets against each other: each with the first of
/// another side, which is enough to see who is on which.
fn opposed(finding: &Finding) -> Vec<(u32, u32)> {
    let sides = match finding.rule {
        Rule::NameCollision => finding.agents.iter().map(|&agent| vec![agent]).collect(),
        _ => finding.sides.clone(),
    };
    let first_of = |side: usize| sides.get(side)?.first().copied();
    let (Some(first), Some(second)) = (first_of(0), first_of(1)) else {
        return Vec::new();
    };
    let sides = sides.iter().enumerate();
    let ties = sides.flat_map(|(at, side)| {
        let other = if at == 0 { second } else { first };
        side.iter().map(move |&agent| (agent.min(other), agent.max(other)))
    });
    let ties: BTreeSet<(u32, u32)> = ties.collect();
    ties.into_iter().collect()
}

impl Network {
    /// Without the edges that are among the `n` strongest of neither end;
    /// those with conflicts stay.
    pub(crate) fn thinned(mut self, n: usize) -> Self {
        let mut order: Vec<usize> = (0..self.edges.len()).collect();
        order.sort_by(|&a, &b| {
            let (one, other) = (&self.edges[a], &self.edges[b]);
            other.redundancy.total_cmp(&one.redundancy).then(a.cmp(&b))
        });
        let mut n_edges = vec![0; self.nodes.len()];
        let mut stays: Vec<bool> = self.edges.iter().map(|edge| edge.n_conflicts > 0).collect();
        for at in order {
            let (left, right) = (self.edges[at].left as usize, self.edges[at].right as usize);
            if n_edges[left] < n || n_edges[right] < n {
                n_edges[left] += 1;
                n_edges[right] += 1;
                stays[at] = true;
            }
        }
        let mut stays = stays.into_iter();
        self.edges.retain(|_| stays.next().unwrap_or(true));
        self
    }

    /// Without the nodes that nothing ties and that stand for one agent.
    pub(crate) fn tied(self) -> Self {
        let mut is_tied: Vec<bool> = self.nodes.iter().map(|node| node.agents.len() > 1).collect();
        for edge in &self.edges {
            is_tied[edge.left as usize] = true;
            is_tied[edge.right as usize] = true;
        }
        let mut places = Vec::with_capacity(is_tied.len());
        let mut n_tied = 0;
        for &is_tied in &is_tied {
            places.push(n_tied);
            n_tied += u32::from(is_tied);
        }
        let nodes = self.nodes.into_iter().zip(is_tied);
        let edges = self.edges.into_iter().map(|edge| Edge {
            left: places[edge.left as usize],
            right: places[edge.right as usize],
            ..edge
        });
        Self {
            nodes: nodes.filter_map(|(node, is_tied)| is_tied.then_some(node)).collect(),
            edges: edges.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;

    fn network(edges: &[(u32, u32, f64, usize)]) -> Network {
        let node = |id| Node { agents: vec![id], tokens: 100 };
        let edge = |&(left, right, redundancy, n_conflicts)| Edge {
            left,
            right,
            agents: (left, right),
            relation: Some(Relation::Overlapping),
            redundancy,
            n_conflicts,
        };
        Network { nodes: (0..6).map(node).collect(), edges: edges.iter().map(edge).collect() }
    }

    fn ends(network: &Network) -> Vec<(u32, u32)> {
        network.edges.iter().map(|e| (e.left, e.right)).collect()
    }

    #[test]
    fn thinning_keeps_the_strongest_edges_of_each_node_and_conflicts() {
        let star = [(0, 1, 0.9, 0), (0, 2, 0.8, 0), (1, 2, 0.3, 0), (1, 3, 0.2, 1)];
        let thinned = network(&star).thinned(1);
        assert_eq!(ends(&thinned), [(0, 1), (0, 2), (1, 3)]);
    }

    #[test]
    fn a_conflict_ties_agents_of_different_sides() {
        let mut finding = Finding {
            rule: Rule::ChoiceConflict,
            severity: Severity::Error,
            confidence: 1.0,
            message: String::new(),
            help: String::new(),
            agents: vec![0, 1, 2, 3, 4],
            facet: None,
            options: None,
            sides: vec![vec![0, 1], vec![2, 4], vec![3]],
            evidence: Vec::new(),
            fingerprint: String::new(),
        };
        assert_eq!(opposed(&finding), [(0, 2), (0, 3), (0, 4), (1, 2)]);
        finding.sides.clear();
        assert_eq!(opposed(&finding), []);
        finding.rule = Rule::NameCollision;
        assert_eq!(opposed(&finding), [(0, 1), (0, 2), (0, 3), (0, 4)]);
    }

    #[test]
    fn what_nothing_ties_goes_and_edges_follow_their_nodes() {
        let tied = network(&[(1, 4, 0.5, 0)]).tied();
        let agents: Vec<u32> = tied.nodes.iter().map(|node| node.agents[0]).collect();
        assert_eq!(agents, [1, 4]);
        assert_eq!(ends(&tied), [(0, 1)]);
        assert_eq!(tied.edges[0].agents, (1, 4));
    }
}
