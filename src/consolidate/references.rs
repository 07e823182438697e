//! Where other agents call a member that goes by its name.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::AhoCorasick;
use serde::Serialize;

use super::{Action, GroupPlan};
use crate::rules::Facts;

/// A place where an agent that goes is called by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// The agent that goes.
    pub to: u32,
    /// Its name, as it stands there.
    pub name: String,
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
}

/// Fills in where names of agents that go stand in the files that stay, by
/// path and line. A name counts that no remaining agent bears and that is no
/// plain word: it has a `-` or `_`, or is set off by a backtick or an `@`.
pub(super) fn find(facts: &Facts<'_>, groups: &mut [GroupPlan]) {
    let mut goes: BTreeMap<u32, usize> = BTreeMap::new();
    for (at, group) in groups.iter().enumerate() {
        for member in &group.members {
            if member.action != Action::Keep {
                goes.insert(member.agent, at);
            }
        }
    }
    let name = |id: u32| facts.agent(id).name.as_str();
    let all = 0..facts.agents().len() as u32;
    let remaining: BTreeSet<&str> = all
        .clone()
        .filter(|id| !goes.contains_key(id))
        .map(name)
        .collect();
    let mut gone: Vec<(&str, u32)> = goes.keys().map(|&id| (name(id), id)).collect();
    gone.retain(|(name, _)| name.len() > 2 && !remaining.contains(name));
    gone.sort_unstable();
    gone.dedup_by_key(|(name, _)| *name);
    // A set of names too large for the automaton does not occur; then none is found.
    let Ok(names) = AhoCorasick::new(gone.iter().map(|(name, _)| name)) else {
        return;
    };
    for id in all {
        if goes.contains_key(&id) || facts.groups.is_mirror(id) {
            continue;
        }
        let text = facts.text(id);
        for found in names.find_overlapping_iter(text) {
            let (name, to) = gone[found.pattern().as_usize()];
            if is_called(text, found.start(), found.end()) {
                let reference = Reference {
                    to,
                    name: name.to_owned(),
                    path: facts.path(id).to_owned(),
                    line: facts
                        .sources
                        .position(facts.agent(id).file, found.start() as u32)
                        .line,
                };
                let references = &mut groups[goes[&to]].references;
                if references.last() != Some(&reference) {
                    references.push(reference);
                }
            }
        }
    }
}

/// Whether the name at `start..end` is a whole one and set off from prose.
fn is_called(text: &str, start: usize, end: usize) -> bool {
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let (before, after) = (
        text[..start].chars().next_back(),
        text[end..].chars().next(),
    );
    let is_identifier = text[start..end].contains(['-', '_']);
    let is_set_off = matches!(before, Some('`' | '@' | '"')) || before.is_some_and(|c| c == '\'');
    !joins(before) && !joins(after) && (is_identifier || is_set_off)
}
