//! Descriptions that keep agents apart.

use rustc_hash::FxHashMap;

use crate::agent::{Agent, boundary};
use crate::collection::Collection;

/// Who names whom in a sentence of boundary. Of several agents with the name,
/// those nearest by path are meant; one that names itself means no other.
/// As many agents may name one name as have it, so pairs are not kept.
#[derive(Debug)]
pub(super) struct Apart {
    /// By agent: its name, as a number.
    names: Vec<u32>,
    /// By agent: the names that it tells as those of others, ascending, and how
    /// near the nearest agents are that have them.
    named: Vec<Vec<(u32, usize)>>,
}

impl Apart {
    /// Takes time for each agent and each name in a boundary, not for their pairs.
    pub(super) fn new(collection: &Collection) -> Self {
        let mut numbers: FxHashMap<String, u32> = FxHashMap::default();
        let mut bearers: Vec<Vec<u32>> = Vec::new();
        let mut names = Vec::with_capacity(collection.agents.len());
        for (agent, definition) in (0..).zip(&collection.agents) {
            let next = bearers.len() as u32;
            let number = *numbers.entry(definition.name.to_lowercase()).or_insert(next);
            if number == next {
                bearers.push(Vec::new());
            }
            bearers[number as usize].push(agent);
            names.push(number);
        }
        for alike in &mut bearers {
            alike.sort_by(|&one, &other| root(collection, one).cmp(root(collection, other)));
        }
        let named = |(agent, definition): (u32, &Agent)| {
            let own = names[agent as usize];
            let named = boundary::named_others(&definition.description.trigger);
            let mut named: Vec<(u32, usize)> = (named.iter())
                .filter_map(|name| numbers.get(name).copied().filter(|&number| number != own))
                .map(|number| (number, nearest(collection, agent, &bearers[number as usize])))
                .collect();
            named.sort_unstable();
            named.dedup();
            named
        };
        let named = (0..).zip(&collection.agents).map(named).collect();
        Self { names, named }
    }

    /// Whether one of two agents keeps the other apart.
    pub(super) fn holds(&self, collection: &Collection, left: u32, right: u32) -> bool {
        let names = |agent: u32, other: u32| {
            let named = &self.named[agent as usize];
            let name = self.names[other as usize];
            named
                .binary_search_by_key(&name, |&(name, _)| name)
                .is_ok_and(|at| named[at].1 == nearness(collection, agent, other))
        };
        names(left, right) || names(right, left)
    }
}

/// How near the nearest of some agents is, which stand in the order of their
/// load roots: it is a neighbour of the place where `agent` would stand.
fn nearest(collection: &Collection, agent: u32, others: &[u32]) -> usize {
    let is_before = |&other: &u32| root(collection, other).lt(root(collection, agent));
    let at = others.partition_point(is_before);
    let around = &others[at.saturating_sub(1)..others.len().min(at + 1)];
    let nearness = around.iter().map(|&other| nearness(collection, agent, other));
    nearness.max().unwrap_or_default()
}

/// The folders that lead to an agent's load root.
fn root(collection: &Collection, agent: u32) -> std::str::Split<'_, char> {
    let origin = &collection.agents[agent as usize].origin;
    origin.load_root.split('/')
}

/// How many folders two agents' load roots have in common.
pub(super) fn nearness(collection: &Collection, left: u32, right: u32) -> usize {
    root(collection, left).zip(root(collection, right)).take_while(|(a, b)| a == b).count()
}
