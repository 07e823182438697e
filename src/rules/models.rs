//! `model-conflict` and `tools-conflict`: agents of one role that ask for
//! different models, and agents of one text of which one may change things and
//! the other only look.
//!
//! An omitted model is `inherit`. Agents are compared in stars: each member is
//! redundant with the first one itself, so that no chain of resemblances makes
//! strangers disagree. Files of different products are never compared, since
//! their models and tools bear different names.

mod capability;
mod choice;
mod star;

use std::collections::BTreeSet;

use super::{Dispute, Draft, Facts};
use crate::agent::Kind;
use crate::finding::{Evidence, Rule, Severity};
use crate::model::tiers;
use capability::Capability;
pub(super) use choice::Choice;
use star::{Star, Tie, stars};

/// One finding for each disagreement about a model or about tools.
pub fn findings(facts: &Facts<'_>) -> Vec<Draft> {
    let stars = stars(facts);
    let models = stars.iter().filter_map(|star| model_conflict(facts, star));
    let tools = stars.iter().filter_map(|star| tools_conflict(facts, star));
    models.chain(tools).collect()
}

fn model_conflict(facts: &Facts<'_>, star: &Star) -> Option<Draft> {
    let is_namesakes = star.ids().all(|id| facts.agent(id).name == facts.agent(star.first).name);
    let choices: Vec<(u32, Choice)> = star
        .ids()
        .filter(|&id| is_namesakes || tiers(&facts.agent(id).name).is_empty())
        .filter_map(|id| Some((id, Choice::of(facts.agent(id))?)))
        .collect();
    let mut options = distinct(&choices);
    let named: Vec<&Choice> = options.iter().copied().filter(|one| one.is_named()).collect();
    let differ = |agree: fn(&Choice, &Choice) -> bool| {
        let mut pairs = named
            .iter()
            .enumerate()
            .flat_map(|(at, one)| named[at + 1..].iter().map(move |other| (one, other)));
        pairs.any(|(one, other)| !agree(one, other))
    };
    let families_differ = differ(Choice::shares_family);
    let versions_differ = !families_differ && differ(Choice::shares_version);
    // Skills and commands mostly leave the model open; that says nothing of their role.
    let may_be_partial = facts.agent(star.first).kind == Kind::Agent
        || star.others.iter().any(|(_, tie)| tie.is_same_text());
    let is_partial = may_be_partial && options.len() > named.len();
    if !families_differ && !versions_differ && (!is_partial || named.is_empty()) {
        return None;
    }
    if !may_be_partial {
        options.retain(|one| one.is_named());
    }
    if !families_differ && !is_partial {
        // Two versions of one family: only their full ids tell them apart.
        options.retain(|one| one.has_version());
    }
    let is_version = versions_differ && !is_partial;
    let label = |one: &&Choice| match one.is_named() || is_written(facts, &choices, one) {
        true => one.label(is_version),
        false => NO_MODEL.to_owned(),
    };
    let labels: Vec<String> = options.iter().map(label).collect();
    let (severity, factor) = match (families_differ, is_version) {
        (true, _) => (Severity::Warning, 1.0),
        (false, true) => (Severity::Note, 0.9),
        (false, false) => (Severity::Note, 0.85),
    };
    let ids: Vec<u32> =
        choices.iter().filter(|(_, choice)| options.contains(&choice)).map(|&(id, _)| id).collect();
    let evidence = in_order(&choices, &options, |id| model_line(facts, id));
    let message = format!(
        "{} ask for different models: {}",
        subject(facts, star, &ids),
        who(facts, &choices, &options, &labels)
    );
    Some(Draft {
        rule: Rule::ModelConflict,
        severity,
        confidence: confidence(star, &ids) * factor,
        message,
        help: "decide which model the role needs and write the same in all of them; or say in \
               the descriptions what the stronger one is for"
            .to_owned(),
        agents: ids,
        dispute: Some(Dispute {
            facet: "model".to_owned(),
            options: labels,
            sides: sides(&choices, &options),
        }),
        evidence,
    })
}

/// What is said of files without the field, of which the name is quoted.
const NO_MODEL: &str = "no model (inherits)";

/// Whether one of those who made a choice has the field `model` for it.
fn is_written(facts: &Facts<'_>, choices: &[(u32, Choice)], choice: &Choice) -> bool {
    let mut holders = choices.iter().filter(|(_, other)| other == choice);
    holders.any(|&(id, _)| facts.agent(id).frontmatter.get("model").is_some())
}

pub(super) fn model_line(facts: &Facts<'_>, id: u32) -> Evidence {
    match facts.agent(id).frontmatter.get("model") {
        Some(field) => facts.quote_line(id, field.key_span),
        None => head_line(facts, id),
    }
}

/// The line that stands for a field that is not there: the name, else the first line.
fn head_line(facts: &Facts<'_>, id: u32) -> Evidence {
    match facts.agent(id).name_span {
        Some(span) => facts.quote_line(id, span),
        None => facts.quote_start(id),
    }
}

/// The least sure of the ties that matter.
fn confidence(star: &Star, ids: &[u32]) -> f64 {
    let ties = star.others.iter().filter(|(id, _)| ids.contains(id));
    ties.map(|(_, tie)| tie.confidence()).fold(0.95, f64::min)
}

/// The distinct choices in the order of the members.
fn distinct<T: PartialEq>(choices: &[(u32, T)]) -> Vec<&T> {
    let mut distinct: Vec<&T> = Vec::new();
    for (_, choice) in choices {
        if !distinct.contains(&choice) {
            distinct.push(choice);
        }
    }
    distinct
}

/// Who has chosen each option.
fn sides<T: PartialEq>(choices: &[(u32, T)], options: &[&T]) -> Vec<Vec<u32>> {
    let side = |option: &&T| {
        let holders = choices.iter().filter(|(_, choice)| choice == *option);
        holders.map(|&(id, _)| id).collect()
    };
    options.iter().map(side).collect()
}

/// One quote for each option, then the rest.
fn in_order<T: PartialEq>(
    choices: &[(u32, T)],
    options: &[&T],
    quote: impl Fn(u32) -> Evidence,
) -> Vec<Evidence> {
    let mut first = Vec::new();
    let mut rest = Vec::new();
    for option in options {
        let mut holders = choices.iter().filter(|(_, choice)| choice == *option);
        first.extend(holders.next().map(|&(id, _)| quote(id)));
        rest.extend(holders.map(|&(id, _)| quote(id)));
    }
    first.extend(rest);
    first
}

/// What makes them comparable, for the reader.
fn subject(facts: &Facts<'_>, star: &Star, ids: &[u32]) -> String {
    let names: BTreeSet<&str> = ids.iter().map(|&id| facts.agent(id).name.as_str()).collect();
    let ties = || star.others.iter().filter(|(id, _)| ids.contains(id));
    let n = ids.len();
    let kind = match facts.agent(star.first).kind {
        Kind::Skill => "skills",
        Kind::Command => "commands",
        Kind::Agent => "agents",
        _ => "definitions",
    };
    if ties().all(|(_, tie)| tie.is_same_text()) {
        format!("{n} {kind} of much the same text")
    } else if names.len() == 1 {
        format!("{n} {kind} called `{}`", facts.agent(ids[0]).name)
    } else {
        format!("{n} {kind} of one role")
    }
}

/// Names said for one option at most.
const MAX_NAMES: usize = 3;

/// Who chose what: "`a` and `b` `sonnet`, `c` `opus`".
fn who<T: PartialEq>(
    facts: &Facts<'_>,
    choices: &[(u32, T)],
    options: &[&T],
    labels: &[String],
) -> String {
    // Namesakes are told apart by their paths.
    let is_one_name =
        choices.windows(2).all(|two| facts.agent(two[0].0).name == facts.agent(two[1].0).name);
    let mut parts = Vec::new();
    for (option, label) in options.iter().zip(labels) {
        let mut names: Vec<&str> = Vec::new();
        for (id, choice) in choices {
            let name = if is_one_name { facts.path(*id) } else { facts.agent(*id).name.as_str() };
            if choice == *option && !names.contains(&name) {
                names.push(name);
            }
        }
        let more = names.len().saturating_sub(MAX_NAMES);
        names.truncate(MAX_NAMES);
        let mut who = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        if more > 0 {
            who.push_str(&format!(" and {more} more"));
        }
        parts.push(format!("{label} ({who})"));
    }
    parts.join(", ")
}

/// Below this, agents of one role in own words mostly share the work: one
/// looks, the other changes.
const MIN_TOOLS_REDUNDANCY: f64 = 0.65;

fn tools_conflict(facts: &Facts<'_>, star: &Star) -> Option<Draft> {
    let first = Capability::of(facts.agent(star.first))?;
    let differing: Vec<(u32, Tie, Capability)> = star
        .others
        .iter()
        .filter_map(|&(id, tie)| Some((id, tie, Capability::of(facts.agent(id))?)))
        .filter(|(_, tie, other)| {
            let is_listed =
                first.is_listed() && other.is_listed() && tie.redundancy >= MIN_TOOLS_REDUNDANCY;
            tie.relation.is_some()
                && first.can_change() != other.can_change()
                && (tie.is_same_text() || is_listed)
        })
        .collect();
    let is_same_text = differing.iter().any(|(_, tie, _)| tie.is_same_text());
    let mut choices = vec![(star.first, first)];
    choices.extend(
        differing
            .iter()
            .filter(|(_, tie, _)| tie.is_same_text() == is_same_text)
            .map(|(id, _, capability)| (*id, capability.clone())),
    );
    if choices.len() < 2 {
        return None;
    }
    let options = distinct(&choices);
    let labels: Vec<String> = options.iter().map(|one| one.label()).collect();
    let ids: Vec<u32> = choices.iter().map(|&(id, _)| id).collect();
    let (may, may_not): (Vec<_>, Vec<_>) =
        choices.iter().partition(|(_, capability)| capability.can_change());
    let names = |side: &[&(u32, Capability)]| {
        let mut names: Vec<String> = Vec::new();
        for (id, _) in side.iter().take(MAX_NAMES) {
            let name = format!("`{}`", facts.agent(*id).name);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(", ")
    };
    Some(Draft {
        rule: Rule::ToolsConflict,
        severity: if is_same_text { Severity::Warning } else { Severity::Note },
        confidence: confidence(star, &ids),
        message: format!(
            "{} are allowed different tools: {} may change files or run commands, {} may only read",
            subject(facts, star, &ids),
            names(&may),
            names(&may_not)
        ),
        help: "decide whether the role changes anything, and write the same `tools` in all of them"
            .to_owned(),
        agents: ids,
        dispute: Some(Dispute {
            facet: "tools".to_owned(),
            options: labels,
            sides: sides(&choices, &options),
        }),
        evidence: in_order(&choices, &options, |id| tools_line(facts, id)),
    })
}

fn tools_line(facts: &Facts<'_>, id: u32) -> Evidence {
    match facts.agent(id).frontmatter.get("tools") {
        Some(field) => facts.quote_line(id, field.key_span),
        None => head_line(facts, id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relation::{Pair, Relation};
    use crate::report::Scope;
    use crate::rules::with_facts;

    fn found(files: &[(&str, &str)], pairs: &[Pair]) -> Vec<Draft> {
        with_facts(files, pairs, Scope::Project, findings)
    }

    fn pair(left: u32, right: u32, relation: Relation) -> Pair {
        Pair {
            left,
            right,
            relation,
            redundancy: 0.7,
            name: 0.5,
            role: 0.9,
            left_in_right: 1.0,
            right_in_left: 1.0,
            matches: Vec::new(),
        }
    }

    /// The disputes over agents with these fields, all tied to the first.
    fn disputes(fields: &[&str], relation: Relation) -> Vec<(Severity, Vec<String>, Vec<String>)> {
        let texts: Vec<(String, String)> = (0..)
            .zip(fields)
            .map(|(idx, fields)| {
                let path = format!(".claude/agents/a{idx}.md");
                let head = format!("name: a{idx}\ndescription: d\n{fields}");
                (path, format!("---\n{}\n---\nText.\n", head.trim_end()))
            })
            .collect();
        let files: Vec<(&str, &str)> =
            texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let pairs: Vec<Pair> =
            (1..fields.len() as u32).map(|right| pair(0, right, relation)).collect();
        found(&files, &pairs)
            .into_iter()
            .map(|draft| {
                let quotes = draft.evidence.into_iter().map(|one| one.text).collect();
                (draft.severity, draft.dispute.unwrap().options, quotes)
            })
            .collect()
    }

    #[test]
    fn one_finding_for_all_who_disagree_about_a_model() {
        let fields = ["model: sonnet", "model: sonnet", "model: opus", "model: inherit"];
        let found = disputes(&fields, Relation::Redundant);
        let [(severity, options, quotes)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(*severity, Severity::Warning);
        assert_eq!(options, &["sonnet", "opus", "inherit"]);
        assert_eq!(quotes, &["model: sonnet", "model: opus", "model: inherit", "model: sonnet"]);
    }

    #[test]
    fn one_model_under_two_names_is_no_conflict() {
        for two in [
            ["model: sonnet", "model: claude-sonnet-4-5-20250929"],
            ["model: inherit", ""],
            ["model: default", "model: inherit"],
            ["model: {{MODEL}}", "model: opus"],
            ["model: [sonnet, opus]", "model: Claude Opus 4.5 (copilot)"],
            ["model: anthropic/claude-sonnet-4", "model: claude-sonnet-4-20250514"],
        ] {
            assert_eq!(disputes(&two, Relation::Identical), [], "{two:?}");
        }
    }

    #[test]
    fn a_model_against_none_and_versions_are_notes() {
        let found = disputes(&["model: opus", ""], Relation::Duplicate);
        assert_eq!(found[0].0, Severity::Note);
        assert_eq!(found[0].1, ["opus", "no model (inherits)"]);
        let found = disputes(&["model: opus", "model: inherit"], Relation::Duplicate);
        assert_eq!(found[0].1, ["opus", "inherit"]);
        let found = disputes(
            &["model: claude-sonnet-4-20250514", "model: claude-sonnet-4-5"],
            Relation::Duplicate,
        );
        assert_eq!(found[0].0, Severity::Note);
        assert_eq!(found[0].1, ["sonnet 4", "sonnet 4.5"]);
    }

    #[test]
    fn tiers_are_no_conflict() {
        let text = |name: &str, model: &str| {
            format!("---\nname: {name}\ndescription: d\nmodel: {model}\n---\nText.\n")
        };
        let (plain, high) = (text("qa", "haiku"), text("qa-high", "opus"));
        let files = [("agents/a.md", plain.as_str()), ("agents/b.md", &high)];
        assert!(found(&files, &[pair(0, 1, Relation::Redundant)]).is_empty());
    }

    #[test]
    fn strangers_are_not_compared() {
        let fields = ["model: opus", "model: haiku"];
        assert_eq!(disputes(&fields, Relation::Overlapping), []);
    }

    #[test]
    fn only_the_power_to_change_things_matters() {
        let readers = ["tools: Read, Grep", "tools: [Read, Glob, mcp__docs__find]"];
        assert_eq!(disputes(&readers, Relation::Identical), []);
        let writers = ["tools: Read, Write", "tools: Edit, Bash(git:*)"];
        assert_eq!(disputes(&writers, Relation::Identical), []);
        let found = disputes(&["tools: Read, Grep", ""], Relation::NearDuplicate);
        assert_eq!(found[0].0, Severity::Warning);
        assert_eq!(found[0].1, ["Read, Grep", "all tools"]);
        assert_eq!(disputes(&["tools: Read", ""], Relation::Redundant), []);
        let found = disputes(&["tools: Read", "tools: Write"], Relation::Redundant);
        assert_eq!(found[0].0, Severity::Note);
    }
}
