//! Findings with one root: memory files that disagree, which have to be settled
//! before anybody can follow them; and an agent that goes against one memory
//! file in several decisions, which was mostly written for another project.

use std::collections::{BTreeMap, BTreeSet};

use super::clash::{Clash, paths};
use crate::agent::Kind;
use crate::reach::Reach;
use crate::rules::Facts;

/// From so many decisions on, the agent itself is in question.
const MIN_DECISIONS: usize = 3;

/// Says in the help of clashes what is to be settled first: what memory files
/// disagree about, and an agent for which several of them stand.
pub(super) fn name_roots(facts: &Facts<'_>, reach: &Reach<'_>, clashes: &mut [Clash]) {
    let mut n_decisions: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    let mut is_allied: BTreeSet<(u32, u32)> = BTreeSet::new();
    for clash in clashes.iter() {
        for against in against_memory(facts, clash) {
            *n_decisions.entry(against.pair).or_default() += 1;
            if against.has_ally {
                is_allied.insert(against.pair);
            }
        }
    }
    n_decisions.retain(|pair, n| *n >= MIN_DECISIONS && !is_allied.contains(pair));
    for clash in clashes {
        let against = against_memory(facts, clash).into_iter();
        let mut roots = against.filter_map(|Against { pair, .. }| {
            let n = n_decisions.get(&pair)?;
            Some((pair, n))
        });
        let at_odds = clash.memories_at_odds(facts, reach);
        let others = clash.places().any(|place| !at_odds.contains(&place.agent));
        if !at_odds.is_empty() && others {
            clash.help = format!(
                "settle first which of {} is right, and write that in each of them; then \
                 bring the others in line; where both are meant, say in each for which part",
                paths(facts, &at_odds)
            );
        }
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

/// An agent that goes against a memory file.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Against {
    /// The memory file and the agent.
    pair: (u32, u32),
    /// Whether another memory file stands beside the agent: then it is the first
    /// one that is alone.
    has_ally: bool,
}

/// Each memory file on one side with each agent on another.
fn against_memory(facts: &Facts<'_>, clash: &Clash) -> Vec<Against> {
    let is_memory = |agent: u32| facts.agent(agent).kind == Kind::Memory;
    let sides: Vec<Vec<u32>> = clash
        .sides
        .iter()
        .map(|side| side.places.iter().map(|place| place.agent).collect())
        .collect();
    let mut found = Vec::new();
    for (at, side) in sides.iter().enumerate() {
        for &memory in side.iter().filter(|&&agent| is_memory(agent)) {
            for (_, other) in sides.iter().enumerate().filter(|&(other, _)| other != at) {
                let has_ally = other.iter().any(|&ally| is_memory(ally) && ally != memory);
                let agents = other.iter().filter(|&&agent| !is_memory(agent));
                found.extend(agents.map(|&agent| Against { pair: (memory, agent), has_ally }));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use crate::report::Scope;
    use crate::rules::disputes::findings;
    use crate::rules::with_facts;

    #[test]
    fn memory_files_that_disagree_are_settled_first() {
        let stack = |runner: &str, manager: &str, hook: &str| {
            format!("# P\n\n- Run the tests with {runner}.\n- Always use {manager}.\n- {hook}\n")
        };
        let ours = stack("Vitest", "pnpm", "Commit after every change.");
        let theirs = stack("Jest", "npm", "Never commit without explicit permission.");
        let agent = format!("---\nname: desk\ndescription: d\n---\n{theirs}");
        let files = [
            ("AGENTS.md", theirs.as_str()),
            ("CLAUDE.md", ours.as_str()),
            (".claude/agents/desk.md", agent.as_str()),
        ];
        let drafts = with_facts(&files, &[], Scope::Project, findings);
        assert_eq!(drafts.len(), 3, "{drafts:?}");
        for draft in drafts {
            let end = "; the memory files `AGENTS.md` and `CLAUDE.md` disagree";
            assert!(draft.message.ends_with(end), "{}", draft.message);
            let start = "settle first which of `AGENTS.md` and `CLAUDE.md` is right";
            assert!(draft.help.starts_with(start), "{}", draft.help);
        }
    }
}
