//! Who takes which side in a finding about a decision, and whether a later
//! finding adds anything to it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::agent::Kind;
use crate::finding::Finding;
use crate::report::AgentInfo;

/// What agents disagree about, and who takes which side.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Disagreement {
    /// What is decided.
    pub(crate) about: String,
    /// By option: the paths of those who take it.
    pub(crate) sides: BTreeMap<String, BTreeSet<String>>,
}

impl Disagreement {
    /// That of a finding whose agents are those of `agents` by id, with paths as
    /// `place` gives them. `None` for what is no disagreement between agents.
    pub(crate) fn of<'a>(
        finding: &'a Finding,
        agents: &'a [AgentInfo],
        place: impl Fn(&'a str) -> Option<&'a str>,
    ) -> Option<Self> {
        let (about, options) = finding.decision()?;
        if finding.sides.len() != options.len() {
            return None;
        }
        let side = |ids: &'a [u32]| -> BTreeSet<String> {
            let paths = ids.iter().map(|&id| agents[id as usize].path.as_str());
            paths.filter_map(&place).map(str::to_owned).collect()
        };
        let sides = options.iter().zip(&finding.sides);
        Some(Self {
            about: about.to_owned(),
            sides: sides.map(|(option, ids)| (option.clone(), side(ids))).collect(),
        })
    }

    /// Whether a later disagreement about the same is this one, with nobody new
    /// but on the side that led and still does. Whoever left it is not missed.
    pub(crate) fn covers(&self, later: &Self, memories: &BTreeSet<&str>) -> bool {
        let joins_leader = |option: &str, side: &BTreeSet<String>, was: &BTreeSet<String>| {
            side.is_subset(was) || self.leads(option, memories) && later.leads(option, memories)
        };
        self.about == later.about
            && later.sides.iter().all(|(option, side)| {
                let was = self.sides.get(option);
                was.is_some_and(|was| !side.is_disjoint(was) && joins_leader(option, side, was))
            })
    }

    /// Whether a side alone has a memory file, or where none has one as many
    /// files as any other.
    fn leads(&self, option: &str, memories: &BTreeSet<&str>) -> bool {
        let has_memory =
            |side: &BTreeSet<String>| side.iter().any(|path| memories.contains(path.as_str()));
        let own = &self.sides[option];
        let mut others = self.sides.iter().filter(|(other, _)| *other != option);
        match has_memory(own) {
            true => !others.any(|(_, other)| has_memory(other)),
            false => others.all(|(_, other)| !has_memory(other) && other.len() <= own.len()),
        }
    }
}

/// The paths of the memory files among `agents`.
pub(crate) fn memories(agents: &[AgentInfo]) -> BTreeSet<&str> {
    let memories = agents.iter().filter(|agent| agent.kind == Kind::Memory.as_str());
    memories.map(|agent| agent.path.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `option: paths, option: paths`.
    fn about_runner(sides: &str) -> Disagreement {
        let side = |side: &str| {
            let (option, paths) = side.split_once(':').unwrap();
            let paths = paths.split_whitespace().map(str::to_owned).collect();
            (option.trim().to_owned(), paths)
        };
        Disagreement {
            about: "test runner".to_owned(),
            sides: sides.split(',').map(side).collect(),
        }
    }

    #[test]
    fn joining_is_new_unless_the_side_leads() {
        let memories = BTreeSet::from(["CLAUDE.md", "AGENTS.md"]);
        for (was, now, is_covered) in [
            // Nobody came, or somebody left.
            ("Jest: a b, Vitest: c", "Jest: a b, Vitest: c", true),
            ("Jest: a b, Vitest: c", "Jest: b, Vitest: c", true),
            ("Jest: a, Vitest: b, Mocha: c", "Jest: a, Vitest: b", true),
            // The side of most, or of as many as the other.
            ("Jest: a b, Vitest: c", "Jest: a b new, Vitest: c", true),
            ("Jest: a, Vitest: c", "Jest: a new, Vitest: c", true),
            ("Jest: a b, Vitest: c", "Jest: a b, Vitest: c new", false),
            // The memory file's side, however many the others are.
            ("Jest: a b, Vitest: CLAUDE.md", "Jest: a b, Vitest: CLAUDE.md new", true),
            ("Jest: a b, Vitest: CLAUDE.md", "Jest: a b new, Vitest: CLAUDE.md", false),
            // A memory file that joins makes the others' side the wrong one.
            ("Jest: a, Vitest: b", "Jest: CLAUDE.md a, Vitest: b new", false),
            ("Jest: a, Vitest: b", "Jest: CLAUDE.md a, Vitest: b", true),
            ("Jest: a, Vitest: b", "Jest: CLAUDE.md a, Vitest: AGENTS.md b", false),
            ("Jest: a, Vitest: b", "Jest: a c d e, Vitest: b new", false),
            // Memory files that disagree lead nobody.
            ("Jest: AGENTS.md, Vitest: CLAUDE.md", "Jest: AGENTS.md new, Vitest: CLAUDE.md", false),
            // Another option, and a disagreement elsewhere.
            ("Jest: a, Vitest: b", "Jest: a, Mocha: new, Vitest: b", false),
            ("Jest: a, Vitest: b", "Jest: c, Vitest: d", false),
        ] {
            let covers = about_runner(was).covers(&about_runner(now), &memories);
            assert_eq!(covers, is_covered, "{was} → {now}");
        }
    }
}
