//! Findings with one root: an agent that goes against one memory file in
//! several decisions was mostly written for another project.

use std::collections::BTreeMap;

use super::clash::Clash;
use crate::agent::Kind;
use crate::rules::Facts;

/// From so many decisions on, the agent itself is in question.
const MIN_DECISIONS: usize = 3;

/// Says in the help of clashes that stand for one misplaced agent what they have in common.
pub(super) fn name_roots(facts: &Facts<'_>, clashes: &mut [Clash]) {
    let mut n_decisions: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for clash in clashes.iter() {
        for pair in against_memory(facts, clash) {
            *n_decisions.entry(pair).or_default() += 1;
        }
    }
    n_decisions.retain(|_, n| *n >= MIN_DECISIONS);
    for clash in clashes {
        let mut roots = against_memory(facts, clash).into_iter().filter_map(|pair| {
            let n = n_decisions.get(&pair)?;
            Some((pair, n))
        });
        // Where several agents are misplaced, it is no longer about one of them.
        if let (Some(((memory, agent), n)), None) = (roots.next(), roots.next()) {
            clash.help = format!(
                "`{}` goes against `{}` in {n} decisions: was it written for another project? {}",
                facts.agent(agent).name,
                facts.path(memory),
                clash.help
            );
        }
    }
}

/// Each memory file on one side with each agent on another.
fn against_memory(facts: &Facts<'_>, clash: &Clash) -> Vec<(u32, u32)> {
    let is_memory = |agent: u32| facts.agent(agent).kind == Kind::Memory;
    let sides: Vec<Vec<u32>> = clash
        .sides
        .iter()
        .map(|side| side.places.iter().map(|place| place.agent).collect())
        .collect();
    let mut pairs = Vec::new();
    for (at, side) in sides.iter().enumerate() {
        for &memory in side.iter().filter(|&&agent| is_memory(agent)) {
            let others = sides
                .iter()
                .enumerate()
                .filter(|&(other, _)| other != at)
                .flat_map(|(_, side)| side);
            pairs.extend(
                others
                    .filter(|&&agent| !is_memory(agent))
                    .map(|&agent| (memory, agent)),
            );
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}
