//! Where an agent that goes is called by name in what is left.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Serialize;

use super::GroupPlan;
use crate::agent::{Agent, Kind};
use crate::merge::{Action, MemberPlan};
use crate::rules::Facts;
use crate::source::Span;

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
    /// The line, from 1, of the file as it was read. In a file that goes it is
    /// that of something that moves into the kept one.
    pub line: u32,
}

/// A name by which an agent that goes may be called.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Gone<'a> {
    name: Cow<'a, str>,
    agent: u32,
    /// Whether something of another kind is called the same, so that only an
    /// agent's `@name` is sure to mean the agent.
    is_shared: bool,
}

/// Fills in where names of agents that go stand in what is left, by path and
/// line: in the files that stay, and in what is moved out of those that go. A
/// name counts that no remaining agent bears and that is no plain word: it has
/// a `-` or `_`, is set off by a backtick, quote or `@`, is called as `/name` or
/// `plugin:name`, or stands for its file, `agents/name.md`.
pub(super) fn find(facts: &Facts<'_>, groups: &mut [GroupPlan]) {
    let mut goes: BTreeMap<u32, (usize, &MemberPlan)> = BTreeMap::new();
    for (at, group) in groups.iter().enumerate() {
        if !group.is_safe() {
            continue;
        }
        let gone = group.members.iter().filter(|member| member.action != Action::Keep);
        goes.extend(gone.map(|member| (member.agent, (at, member))));
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
        if facts.groups.is_mirror(id) {
            continue;
        }
        let agent = facts.agent(id);
        let moved = goes.get(&id).map(|&(_, plan)| Moved { agent, plan });
        let text = facts.text(id);
        for place in automaton.find_iter(text) {
            let gone = &gone[place.pattern().as_usize()];
            let is_left = |moved: &Moved<'_>| moved.has(gone, &place.range());
            if !moved.as_ref().is_none_or(is_left)
                || !is_called(facts, gone, text, place.start(), place.end())
            {
                continue;
            }
            let position = facts.sources.position(agent.file, place.start() as u32);
            let (at, _) = goes[&gone.agent];
            let reference = Reference {
                to: gone.agent,
                name: gone.name.clone().into_owned(),
                instead: facts.agent(groups[at].keep).name.clone(),
                path: facts.path(id).to_owned(),
                line: position.line,
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

/// What of an agent that goes is moved into the kept one.
struct Moved<'a> {
    agent: &'a Agent,
    plan: &'a MemberPlan,
}

impl Moved<'_> {
    /// Whether a name that stands at a place of the file is moved with it.
    fn has(&self, gone: &Gone<'_>, place: &Range<usize>) -> bool {
        let holds = |span: Span| {
            let span = span.range();
            span.start <= place.start && place.end <= span.end
        };
        let own = &self.plan.own;
        let mut units = own.units.iter().map(|&at| &self.agent.units[at as usize]);
        if units.any(|unit| holds(unit.span)) {
            return true;
        }
        let Agent { description, frontmatter, .. } = self.agent;
        let mut examples = description.examples.iter().map(|example| example.span);
        if let Some(example) = examples.find(|&example| holds(example)) {
            // Where it stands for the agent itself in an example of the
            // description, the draft has the kept one's name.
            let is_renamed = example.start < frontmatter.body_start
                && gone.agent == self.plan.agent
                && gone.name.contains(['-', '_']);
            return own.examples.contains(&example) && !is_renamed;
        }
        let mut sentences = self.plan.triggers.iter();
        description.span.is_some_and(holds) && sentences.any(|one| one.contains(&*gone.name))
    }
}

/// The names of agents that go, each once, without those that somebody else of
/// their kind bears from then on: mirrors go with what they are made of.
fn names<'a>(facts: &Facts<'a>, goes: &BTreeMap<u32, (usize, &MemberPlan)>) -> Vec<Gone<'a>> {
    let all = 0..facts.agents().len() as u32;
    let remaining: BTreeSet<(Cow<'_, str>, Kind)> = all
        .filter(|id| !goes.contains_key(id) && !facts.groups.is_mirror(*id))
        .flat_map(|id| {
            let kind = facts.agent(id).kind;
            names_of(facts, id).into_iter().map(move |name| (name, kind))
        })
        .collect();
    let is_borne = |name: &Cow<'_, str>, kind: Kind| remaining.contains(&(name.clone(), kind));
    let of_any_kind: BTreeSet<&str> = remaining.iter().map(|(name, _)| &**name).collect();
    let mut gone: Vec<Gone<'_>> = goes
        .keys()
        .flat_map(|&agent| {
            let names = names_of(facts, agent).into_iter();
            names.map(move |name| Gone { name, agent, is_shared: false })
        })
        .collect();
    gone.retain(|gone| gone.name.len() > 2 && !is_borne(&gone.name, facts.agent(gone.agent).kind));
    gone.sort_unstable();
    gone.dedup_by(|one, other| one.name == other.name);
    for gone in &mut gone {
        gone.is_shared = of_any_kind.contains(&*gone.name);
    }
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
    names.extend(of_path.filter(|name| *name != agent.name).map(Cow::Borrowed));
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
    if names_another_file(below) || above.ends_with("![") {
        return false;
    }
    if gone.is_shared {
        return before == Some('@') && facts.agent(gone.agent).kind == Kind::Agent;
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
    // A link to its file, not to one of that name in another folder.
    let is_file = || {
        let own = facts.path(gone.agent).rsplit('/').nth(1);
        let is_own = |folder: &str| matches!(folder, "." | "..") || own == Some(folder);
        let folder = above.strip_suffix('/').map(|above| {
            let parts = above.rsplit(|c: char| !(joins(Some(c)) || c == '.'));
            parts.into_iter().next().unwrap_or_default()
        });
        below.starts_with(".md") && folder.is_none_or(is_own)
    };
    is_identifier || is_set_off || is_invoked() || is_qualified() || is_file()
}

/// Whether a name is that of a file that defines no agent, an image say, by
/// what stands behind it.
fn names_another_file(below: &str) -> bool {
    const OF_DEFINITIONS: [&str; 3] = ["md", "mdc", "toml"];
    let end = below.find(|c: char| !(c.is_alphanumeric() || c == '.'));
    let endings = below[..end.unwrap_or(below.len())].trim_end_matches('.');
    let Some((_, ending)) = endings.rsplit_once('.') else {
        return false;
    };
    !OF_DEFINITIONS.contains(&ending)
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
