//! Agents that say themselves that another one stands for them: aliases, and what is
//! deprecated for another one. Told as `redundant-agent`, with the sentence.
//!
//! Only a sentence about the agent itself counts, in its description or among the
//! first ones of its text, that names the other one; and a field `aliases` of the other one.

use std::collections::BTreeMap;

use super::redundancy::quote_role;
use super::{Draft, Facts};
use crate::agent::boundary::statements;
use crate::agent::{Agent, UnitKind};
use crate::finding::{Evidence, Rule, Severity};

/// Units of the body among which such a sentence stands, if there is one.
const FIRST_UNITS: usize = 12;

/// How one agent stands for another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// They are one under two names.
    Alias,
    /// It took the place of the other one.
    Replaced,
}

/// Cues, and what they say. The name of the other agent follows them.
const CUES: [(&str, Way); 9] = [
    ("alias of", Way::Alias),
    ("alias for", Way::Alias),
    ("identical to", Way::Alias),
    ("another name for", Way::Alias),
    ("deprecated", Way::Replaced),
    ("replaced by", Way::Replaced),
    ("superseded by", Way::Replaced),
    ("renamed to", Way::Replaced),
    ("merged into", Way::Replaced),
];

const DEPRECATED: &str = "deprecated";

/// What may follow [`DEPRECATED`] in a sentence about the agent.
const GOES_ON: [&str; 6] = ["alias", "and", "by", "in", "since", "use"];

/// Words that a sentence about the agent itself begins with, beside its name and
/// "this agent".
const FIRST: [&str; 6] = ["alias", "deprecated", "merged", "renamed", "replaced", "superseded"];

/// What may follow "this" where it is the agent.
const ITS_KINDS: [&str; 11] = [
    "agent", "command", "file", "has", "instruction", "is", "mode", "prompt", "rule", "skill",
    "was",
];

/// So many words behind a cue the other name stands at most: "alias for the x",
/// "deprecated: use the skill x".
const MAX_WORDS: usize = 2;
const MAX_WORDS_DEPRECATED: usize = 4;

/// An agent for which another one stands, as it says itself.
#[derive(Debug, Clone)]
pub struct StandIn {
    /// Who says so, or of whom the other one says it.
    pub agent: u32,
    /// Who stands for it.
    pub other: u32,
    way: Way,
    /// Where it is said.
    pub quote: Evidence,
}

impl StandIn {
    /// What is said, in words.
    pub fn message(&self, facts: &Facts<'_>) -> String {
        let ends = [self.agent, self.other];
        let [agent, other] = ends.map(|id| facts.names_among(&[id], &ends));
        match self.way {
            Way::Alias => format!("{agent} is another name for {other}, as the text says"),
            Way::Replaced => format!("{other} takes the place of {agent}, as the text says"),
        }
    }
}

/// The agents for which others stand, by agent.
pub fn stand_ins(facts: &Facts<'_>) -> Vec<StandIn> {
    let mut by_name: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for id in 0..facts.agents().len() as u32 {
        if !facts.groups.is_mirror(id) {
            let name = facts.agent(id).name.to_lowercase();
            by_name.entry(name).or_default().push(id);
        }
    }
    let ids = 0..facts.agents().len() as u32;
    let ids = ids.filter(|&id| !facts.groups.is_mirror(id));
    let mut found: Vec<StandIn> = ids.clone().filter_map(|id| said(facts, &by_name, id)).collect();
    found.extend(ids.flat_map(|id| aliases(facts, &by_name, id)));
    found.sort_by_key(|one| (one.agent, one.other));
    found.dedup_by_key(|one| (one.agent, one.other));
    found
}

/// What one of two agents says of the other, if it is this.
pub fn between(facts: &Facts<'_>, one: u32, other: u32) -> Option<StandIn> {
    let is_meant = |found: &StandIn| {
        (found.agent, found.other) == (one, other) || (found.agent, found.other) == (other, one)
    };
    stand_ins(facts).into_iter().find(is_meant)
}

/// All findings of the family: of agents that stand in no common group.
pub fn findings(facts: &Facts<'_>) -> Vec<Draft> {
    let group_of = facts.groups.group_of();
    let are_grouped = |found: &StandIn| {
        let group = group_of.get(&found.agent);
        group.is_some() && group == group_of.get(&found.other)
    };
    let found = stand_ins(facts).into_iter();
    found
        .filter(|found| !are_grouped(found))
        .map(|found| Draft {
            rule: Rule::RedundantAgent,
            severity: Severity::Note,
            confidence: 0.95,
            message: found.message(facts),
            help: match found.way {
                Way::Alias => "drop it, unless somebody calls it by that name",
                Way::Replaced => "drop it once nobody calls it any more",
            }
            .to_owned(),
            agents: vec![found.agent, found.other],
            dispute: None,
            evidence: vec![found.quote, quote_role(facts, found.other)],
        })
        .collect()
}

/// Whether both are used together.
fn are_near(facts: &Facts<'_>, one: u32, other: u32) -> bool {
    let (here, there) = (&facts.agent(one).origin, &facts.agent(other).origin);
    one != other
        && here.product == there.product
        && (here.load_root == there.load_root || here.project_root == there.project_root)
}

fn said(facts: &Facts<'_>, by_name: &BTreeMap<String, Vec<u32>>, id: u32) -> Option<StandIn> {
    let agent = facts.agent(id);
    let named = |text: &str| {
        let (way, near) = of_itself(agent, text)?;
        let other = near.iter().find_map(|word| {
            let mut bearers = by_name.get(word)?.iter().copied();
            bearers.find(|&other| are_near(facts, id, other))
        });
        Some((way, other?))
    };
    let stand_in = |(way, other), quote| StandIn { agent: id, other, way, quote };
    let in_description = || {
        let span = agent.description.span?;
        let mut all = statements(&agent.description.trigger);
        let found = all.find_map(|text| Some((named(text)?, text)));
        let (found, text) = found?;
        let quote = facts.quote_as(id, span, text);
        Some(stand_in(found, quote))
    };
    let in_body = || {
        let units = agent.units.iter().take(FIRST_UNITS);
        // An item of a list tells what to do.
        let mut units = units.filter(|unit| unit.kind != UnitKind::Item);
        units.find_map(|unit| {
            let text = agent.unit_text(unit, facts.text(id));
            Some(stand_in(named(&text)?, facts.quote_unit(id, unit)))
        })
    };
    in_description().or_else(in_body)
}

/// The agents that another one lists as its aliases.
fn aliases(facts: &Facts<'_>, by_name: &BTreeMap<String, Vec<u32>>, id: u32) -> Vec<StandIn> {
    let Some(field) = facts.agent(id).frontmatter.get("aliases") else {
        return Vec::new();
    };
    let names = field.value.items();
    let bearers = names.iter().filter_map(|name| by_name.get(&name.to_lowercase()));
    let near = bearers.flatten().filter(|&&other| are_near(facts, id, other));
    near.map(|&agent| StandIn {
        agent,
        other: id,
        way: Way::Alias,
        quote: facts.quote(id, field.value_span),
    })
    .collect()
}

/// What a sentence says of the agent itself, and the words behind the cue, in lower case:
/// "This skill is an alias for x", "Deprecated: use x". "Deprecated endpoints are …"
/// and "This endpoint was …" speak of other things.
fn of_itself(agent: &Agent, text: &str) -> Option<(Way, Vec<String>)> {
    let mut first = words(text);
    let (first, second) = (first.next()?, first.next().unwrap_or_default());
    let is_one =
        |word: &str, words: &[&str]| words.iter().any(|own| own.eq_ignore_ascii_case(word));
    let is_subject = first.eq_ignore_ascii_case(&agent.name)
        || first.eq_ignore_ascii_case("this") && is_one(second, &ITS_KINDS);
    if !is_subject && !is_one(first, &FIRST) {
        return None;
    }
    let text = text.to_lowercase();
    let (at, cue, way) = CUES.iter().find_map(|&(cue, way)| Some((text.find(cue)?, cue, way)))?;
    let is_denied = words(&text[..at]).any(|word| matches!(word, "not" | "never" | "no"));
    let rest = &text[at + cue.len()..];
    let is_attribute =
        cue == DEPRECATED && rest.starts_with(' ') && !is_one(words(rest).next()?, &GOES_ON);
    let n_words = if cue == DEPRECATED { MAX_WORDS_DEPRECATED } else { MAX_WORDS };
    let near = words(rest).take(n_words).map(str::to_owned);
    (!is_denied && !is_attribute).then(|| (way, near.collect()))
}

/// Names and plain words. A prefix such as that of a plugin is a word of its own.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_'))
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::with_facts;
    use super::*;
    use crate::report::Scope;

    /// What is told of an agent with this description and text beside `tide-tables`.
    fn told(description: &str, body: &str) -> Vec<String> {
        let agent = |name: &str, description: &str, body: &str| {
            format!("---\nname: {name}\ndescription: \"{description}\"\n---\n\n{body}\n")
        };
        let tables = agent("tide-tables", "Prints the tables", "- Print the tables.");
        let other = agent("tt", description, body);
        let files = [
            (".claude/skills/tide-tables/SKILL.md", tables.as_str()),
            (".claude/skills/tt/SKILL.md", other.as_str()),
        ];
        let found = with_facts(&files, &[], Scope::Project, findings);
        found.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn who_calls_itself_an_alias_or_deprecated_is_told() {
        let alias = ["`tt` is another name for `tide-tables`, as the text says"];
        let replaced = ["`tide-tables` takes the place of `tt`, as the text says"];
        for (description, body, expected) in [
            ("Tables", "TT is a short alias for `/harbour:tide-tables`.", &alias),
            ("Tables", "This skill is identical to `tide-tables`.", &alias),
            ("DEPRECATED: use tide-tables instead. Stays for old scripts.", "Print.", &replaced),
            ("Tables", "> **Deprecated**: use the skill `tide-tables`.", &replaced),
        ] {
            assert_eq!(told(description, body), expected, "{description} {body}");
        }
    }

    #[test]
    fn who_speaks_of_other_things_that_are_deprecated_is_silent() {
        for body in [
            "Replace deprecated calls, see tide-tables.",
            "This skill is not an alias of tide-tables.",
            "This flag is an alias for `--port`.",
            "Use tide-tables for tables.",
            "Deprecated gauges are read by this agent, use tide-tables for tables.",
            "Merged into main by tide-tables, gauges are read here.",
            "This endpoint was replaced by tide-tables.",
            "- Deprecated: use `tide-tables` instead of lists.",
        ] {
            assert!(told("Reads gauges", body).is_empty(), "{body}");
        }
    }
}
