//! Where an agent that goes is called by name in what is left.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Serialize;

use super::GroupPlan;
use crate::agent::Kind;
use crate::merge::Action;
use crate::rules::Facts;
use crate::source::{line_end, line_start};

/// A place where an agent that goes is called by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// The agent that goes.
    pub to: u32,
    /// Its name, as it stands there.
    pub name: String,
    /// The name of the agent that does its work from then on.
    pub instead: String,
    /// The file.
    pub path: String,
    /// The line, from 1; in a file that changes, that of its draft.
    pub line: u32,
}

/// A name by which an agent that goes may be called.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Gone<'a> {
    name: Cow<'a, str>,
    agent: u32,
}

/// Fills in where names of agents that go stand in what is left, merged files
/// among them, by path and line. A name counts that no remaining agent bears
/// and that is no plain word: it has a `-` or `_`, is set off by a backtick,
/// quote or `@`, or is called as `/name` or `plugin:name`.
pub(super) fn find(facts: &Facts<'_>, groups: &mut [GroupPlan]) {
    let mut goes: BTreeMap<u32, usize> = BTreeMap::new();
    let mut merged: BTreeMap<u32, usize> = BTreeMap::new();
    for (at, group) in groups.iter().enumerate() {
        if !group.is_safe() {
            continue;
        }
        if group.is_merge() {
            merged.insert(group.keep, at);
        }
        let gone = group
            .members
            .iter()
            .filter(|member| member.action != Action::Keep);
        goes.extend(gone.map(|member| (member.agent, at)));
    }
    let gone = names(facts, &goes);
    // A set of names too large for the automaton does not occur; then none is found.
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(gone.iter().map(|gone| gone.name.as_bytes()));
    let Ok(automaton) = automaton else {
        return;
    };
    let mut found: Vec<(usize, Reference)> = Vec::new();
    for id in 0..facts.agents().len() as u32 {
        if goes.contains_key(&id) || facts.groups.is_mirror(id) {
            continue;
        }
        let draft = merged.get(&id).map(|&at| groups[at].draft.text.as_str());
        let text = draft.unwrap_or(facts.text(id));
        let (mut line, mut counted) = (1, 0);
        for place in automaton.find_iter(text) {
            let gone = &gone[place.pattern().as_usize()];
            if !is_called(facts, gone, text, place.start(), place.end())
                || draft.is_some() && is_remark(text, place.start(), place.end())
            {
                continue;
            }
            line += text[counted..place.start()].matches('\n').count() as u32;
            counted = place.start();
            let at = goes[&gone.agent];
            let reference = Reference {
                to: gone.agent,
                name: gone.name.clone().into_owned(),
                instead: facts.agent(groups[at].keep).name.clone(),
                path: facts.path(id).to_owned(),
                line,
            };
            found.push((at, reference));
        }
    }
    for (at, reference) in found {
        let references = &mut groups[at].references;
        if references.last() != Some(&reference) {
            references.push(reference);
        }
    }
}

/// The names of agents that go, each once, without those that somebody else
/// bears from then on.
fn names<'a>(facts: &Facts<'a>, goes: &BTreeMap<u32, usize>) -> Vec<Gone<'a>> {
    let all = 0..facts.agents().len() as u32;
    let remaining: BTreeSet<Cow<'_, str>> = all
        .filter(|id| !goes.contains_key(id))
        .flat_map(|id| names_of(facts, id))
        .collect();
    let mut gone: Vec<Gone<'_>> = goes
        .keys()
        .flat_map(|&agent| {
            let names = names_of(facts, agent).into_iter();
            names.map(move |name| Gone { name, agent })
        })
        .collect();
    gone.retain(|gone| gone.name.len() > 2 && !remaining.contains(&gone.name));
    gone.sort_unstable();
    gone.dedup_by(|one, other| one.name == other.name);
    gone
}

/// The name of an agent, and that of its file or folder, by which skills and
/// commands are called whatever their `name` is.
fn names_of<'a>(facts: &Facts<'a>, id: u32) -> Vec<Cow<'a, str>> {
    let agent = facts.agent(id);
    let mut names = vec![Cow::Borrowed(agent.name.as_str())];
    let mut parts = facts.path(id).rsplit('/');
    let file = parts.next().unwrap_or_default();
    let of_path = match agent.kind {
        Kind::Skill => parts.next(),
        Kind::Command | Kind::Prompt => file.split('.').next(),
        _ => None,
    };
    names.extend(
        of_path
            .filter(|name| *name != agent.name)
            .map(Cow::Borrowed),
    );
    names
}

/// Whether the name at `start..end` is a whole one and set off from prose.
fn is_called(facts: &Facts<'_>, gone: &Gone<'_>, text: &str, start: usize, end: usize) -> bool {
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let (above, below) = (&text[..start], &text[end..]);
    let (before, after) = (above.chars().next_back(), below.chars().next());
    if joins(before) || joins(after) {
        return false;
    }
    let is_identifier = text[start..end].contains(['-', '_']);
    let is_set_off = matches!(before, Some('`' | '@' | '"' | '\''));
    let is_invoked = || is_slash_command(facts.agent(gone.agent).kind, above, below);
    let is_qualified = || {
        let owner = above.strip_suffix(':').unwrap_or_default();
        let owner = owner.rsplit(|c| !joins(Some(c))).next().unwrap_or_default();
        let mut folders = facts.path(gone.agent).split('/');
        !owner.is_empty() && folders.any(|folder| folder == owner)
    };
    is_identifier || is_set_off || is_invoked() || is_qualified()
}

/// Whether a name is called as `/name`, which is no part of a path.
fn is_slash_command(kind: Kind, above: &str, below: &str) -> bool {
    let Some(above) = above.strip_suffix('/') else {
        return false;
    };
    let mut after = below.chars();
    let is_path = match after.next() {
        Some('/') => true,
        Some('.') => after.next().is_some_and(char::is_alphanumeric),
        _ => false,
    };
    let is_first = above
        .chars()
        .next_back()
        .is_none_or(|c| c.is_whitespace() || matches!(c, '`' | '"' | '\'' | '(' | '*' | '['));
    matches!(kind, Kind::Command | Kind::Skill | Kind::Prompt) && is_first && !is_path
}

/// Whether a draft says at a place where a piece comes from: in a comment, or
/// in brackets behind a heading.
fn is_remark(text: &str, start: usize, end: usize) -> bool {
    let (above, below) = (
        &text[line_start(text, start)..start],
        &text[end..line_end(text, end)],
    );
    let opened = above.rfind("<!-- ");
    let is_in_comment = opened.is_some_and(|open| !above[open..].contains("-->"));
    let is_in_heading = above.starts_with(['#', '*'])
        && above.ends_with('(')
        && matches!(below.trim_end(), ")" | "):**");
    is_in_comment || is_in_heading || above.starts_with("# ") && above_body(text, start)
}

/// Whether a place lies in the frontmatter.
fn above_body(text: &str, at: usize) -> bool {
    let end = text.get(3..).and_then(|rest| rest.find("\n---"));
    text.starts_with("---") && end.is_some_and(|end| at < end + 3)
}
