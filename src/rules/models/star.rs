//! Who is compared with whom.

use rustc_hash::FxHashMap;

use crate::agent::{Agent, Kind, Product};
use crate::relation::Relation;
use crate::rules::Facts;

/// How a member is tied to the first of its star.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tie {
    /// `None` where only the name is the same.
    pub(super) relation: Option<Relation>,
    pub(super) redundancy: f64,
}

impl Tie {
    /// How sure it is that the two are one role.
    pub(super) fn confidence(self) -> f64 {
        match self.relation {
            Some(Relation::Identical | Relation::Duplicate) => 0.95,
            Some(Relation::NearDuplicate) => 0.9,
            Some(Relation::Contained) => 0.8,
            Some(_) => self.redundancy.clamp(0.6, 0.8),
            None => 0.75,
        }
    }

    pub(super) fn is_same_text(self) -> bool {
        self.relation.is_some_and(|relation| relation <= Relation::NearDuplicate)
    }
}

/// Agents of one role: the first, and those redundant with it.
pub(super) struct Star {
    pub(super) first: u32,
    pub(super) others: Vec<(u32, Tie)>,
}

impl Star {
    pub(super) fn ids(&self) -> impl Iterator<Item = u32> {
        std::iter::once(self.first).chain(self.others.iter().map(|&(id, _)| id))
    }
}

/// All stars, disjoint: those of the groups, then of what is left.
pub(super) fn stars(facts: &Facts<'_>) -> Vec<Star> {
    let ties = ties(facts);
    let mut taken = vec![false; facts.agents().len()];
    let mut stars = Vec::new();
    let mut take = |first: u32, allowed: Option<&[u32]>| {
        if taken[first as usize] {
            return;
        }
        let free = |&&(id, _): &&(u32, Tie)| {
            !taken[id as usize] && allowed.is_none_or(|members| members.contains(&id))
        };
        let others: Vec<(u32, Tie)> = ties[first as usize].iter().filter(free).copied().collect();
        if others.is_empty() {
            return;
        }
        taken[first as usize] = true;
        for &(id, _) in &others {
            taken[id as usize] = true;
        }
        stars.push(Star { first, others });
    };
    for group in &facts.groups.groups {
        take(group.representative, Some(&group.members()));
    }
    // Those with the most relatives first: they make the fewest stars.
    let mut order: Vec<u32> = (0..ties.len() as u32).collect();
    order.sort_by_key(|&id| (std::cmp::Reverse(ties[id as usize].len()), id));
    for first in order {
        take(first, None);
    }
    stars.sort_by_key(|star| star.first);
    stars
}

/// By agent: whom it is compared with, ascending.
fn ties(facts: &Facts<'_>) -> Vec<Vec<(u32, Tie)>> {
    let mut ties: Vec<Vec<(u32, Tie)>> = vec![Vec::new(); facts.agents().len()];
    let is_copy = |id: u32| facts.groups.is_mirror(id);
    let comparable = |left: u32, right: u32| {
        let (a, b) = (facts.agent(left), facts.agent(right));
        a.kind == b.kind && product(a) == product(b) && !is_copy(left) && !is_copy(right)
    };
    let mut tie = |left: u32, right: u32, tie: Tie| {
        ties[left as usize].push((right, tie));
        ties[right as usize].push((left, tie));
    };
    for pair in facts.pairs.iter().filter(|pair| pair.relation.is_redundant()) {
        if comparable(pair.left, pair.right) {
            let relation = Some(pair.relation);
            let redundancy = pair.redundancy;
            tie(pair.left, pair.right, Tie { relation, redundancy });
        }
    }
    for (left, right) in namesakes(facts) {
        if comparable(left, right) {
            let relation = None;
            tie(left, right, Tie { relation, redundancy: 0.0 });
        }
    }
    for list in &mut ties {
        // A namesake that is redundant too counts as such.
        list.sort_by_key(|&(id, tie)| (id, tie.relation.is_none()));
        list.dedup_by_key(|&mut (id, _)| id);
    }
    ties
}

/// Agents with one written name in one load root, each with the first of them.
fn namesakes(facts: &Facts<'_>) -> Vec<(u32, u32)> {
    let mut first: FxHashMap<(&str, &str), u32> = FxHashMap::default();
    let mut found = Vec::new();
    for (id, agent) in (0..).zip(facts.agents()) {
        if agent.kind != Kind::Agent || agent.name_span.is_none() {
            continue;
        }
        let key = (agent.origin.load_root.as_str(), agent.name.as_str());
        let &mut left = first.entry(key).or_insert(id);
        if left != id {
            found.push((left, id));
        }
    }
    found
}

/// Whose models and tools the file names. OpenCode's fields tell its files
/// where the path does not.
fn product(agent: &Agent) -> Product {
    let is_open_code =
        agent.frontmatter.get("mode").is_some() || agent.frontmatter.get("permission").is_some();
    if agent.origin.product == Product::Claude && is_open_code {
        Product::OpenCode
    } else {
        agent.origin.product
    }
}
