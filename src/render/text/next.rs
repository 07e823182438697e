//! What to do next: a few steps, the most urgent first, and the commands.

use std::collections::{BTreeMap, BTreeSet};

use super::flow::{clip_middle, shorten_path, width};
use super::{BOLD, MAX_NAME, View, counted, groups, listed, thousands};
use crate::finding::{Finding, Rule, Severity};
use crate::render::quote::clean;
use crate::render::wording::likely_one_job;
use crate::report::{GroupInfo, Scope};

/// Groups that are named by number.
const MAX_NUMBERS: usize = 6;

/// What to do, and the command for it: its name and its flags.
struct Step {
    what: String,
    command: Option<(&'static str, &'static str)>,
}

pub(super) fn section(view: &View<'_>) -> String {
    let work = work(view);
    let last = closing(view, work.is_empty());
    let of_groups = work.iter().rposition(|(topic, _)| *topic == Topic::Groups);
    let steps = work.into_iter().enumerate().map(|(at, (_, what))| {
        if Some(at) != of_groups {
            return Step { what, command: None };
        }
        Step { what: format!("{what} This plans it:"), command: Some(("consolidate", "")) }
    });
    let steps: Vec<Step> = steps.chain(last).collect();

    let mut out = view.page.heading("What to do next");
    let alone = steps.len() == 1;
    for (at, step) in steps.iter().enumerate() {
        let label = match alone {
            true => "  ".to_owned(),
            false => format!(" {}. ", at + 1),
        };
        out.push_str(&view.page.hang(&view.page.paint(BOLD, &label), label.len(), &step.what));
        if let Some((name, flags)) = step.command {
            let indent = " ".repeat(label.len() + 2);
            out.push_str(&command(view, name, flags, &indent));
        }
    }
    out
}

/// The part of the report that a step speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::render) enum Topic {
    /// The findings of a rule.
    Rule(Rule),
    /// The findings that are conflicts.
    Conflicts,
    /// The groups.
    Groups,
    /// The groups of which none can go.
    Apart,
    /// The pairs that may well be one job.
    Likely,
    /// The repeated blocks.
    Boilerplate,
}

/// What the report asks for, the most urgent first.
pub(super) fn work(view: &View<'_>) -> Vec<(Topic, String)> {
    let mut work = all_work(view);
    if let Some(n_more @ 1..) = work.len().checked_sub(view.layout.limits.steps) {
        work.truncate(view.layout.limits.steps);
        view.is_cut.set(true);
        if let Some((_, last)) = work.last_mut() {
            last.push_str(&format!(
                " After that, {}.",
                counted(n_more as u64, "more step", "more steps")
            ));
        }
    }
    work
}

fn all_work(view: &View<'_>) -> Vec<(Topic, String)> {
    let steps = [
        (Topic::Rule(Rule::InvalidFrontmatter), refused(view)),
        (Topic::Rule(Rule::NameCollision), collisions(view)),
        (Topic::Rule(Rule::HouseRule), house(view)),
        (Topic::Conflicts, conflicts(view)),
        (Topic::Rule(Rule::MissingTool), missing_tools(view)),
        (Topic::Rule(Rule::InvalidFrontmatter), doubtful(view)),
        (Topic::Groups, safe_drops(view)),
        (Topic::Groups, merge(view)),
        (Topic::Groups, unlike(view)),
        (Topic::Apart, apart(view)),
        (Topic::Likely, likely(view)),
        (Topic::Rule(Rule::TriggerOverlap), triggers(view)),
        (Topic::Rule(Rule::DanglingReference), references(view)),
        (Topic::Boilerplate, boilerplate(view)),
    ];
    let said = |(topic, what): (Topic, Option<String>)| Some((topic, what?));
    steps.into_iter().filter_map(said).collect()
}

/// How to see more, or to keep it as it is.
fn closing(view: &View<'_>, is_clean: bool) -> Option<Step> {
    let report = view.result;
    if report.summary.incomplete {
        return Some(Step {
            what: "See to it that all files can be read, as the problems name them, and run this \
                   again:"
                .to_owned(),
            command: Some(("audit", "")),
        });
    }
    if report.agents.is_empty() {
        return Some(Step {
            what: "Name the folder that holds the agents:".to_owned(),
            command: Some(("audit", "")),
        });
    }
    let (what, flags) = if view.is_cut.get() {
        ("Read the whole list:", "--all")
    } else if report.summary.baseline.is_some() {
        return Some(Step {
            what: "Keep it so: run this in CI, with the same baseline.".to_owned(),
            command: None,
        });
    } else if is_clean {
        ("Keep it so: in CI, this fails on errors:", "--fail-on error")
    } else if report.summary.findings.error > 0 {
        ("Then keep it so: in CI, this fails on errors:", "--fail-on error")
    } else {
        ("Then keep it so: in CI, this fails on warnings:", "--fail-on warning")
    };
    Some(Step { what: what.to_owned(), command: Some(("audit", flags)) })
}

fn of_rule<'a>(view: &View<'a>, rule: Rule) -> Vec<&'a Finding> {
    let findings = view.result.findings.iter();
    findings.filter(|finding| finding.rule == rule).collect()
}

/// Files that a product refuses for their frontmatter.
fn refused(view: &View<'_>) -> Option<String> {
    let files = with_faults(view, Severity::Error)?;
    Some(format!("Mend the frontmatter of {files}, which the product refuses."))
}

/// Files that a product may skip for their frontmatter.
fn doubtful(view: &View<'_>) -> Option<String> {
    let files = with_faults(view, Severity::Warning)?;
    Some(format!("Mend the frontmatter of {files}, which a product may skip or read otherwise."))
}

/// The file, or the number of files, with faults in the frontmatter.
fn with_faults(view: &View<'_>, severity: Severity) -> Option<String> {
    let findings = of_rule(view, Rule::InvalidFrontmatter).into_iter();
    let files: BTreeSet<&str> = findings
        .filter(|finding| finding.severity == severity)
        .flat_map(|finding| finding.evidence.first())
        .map(|evidence| evidence.path.as_str())
        .collect();
    let first = files.first()?;
    Some(match files.len() {
        1 => format!("`{}`", shorten_path(&clean(first), view.room_for_path(), 0)),
        n => format!("{} files", thousands(n as u64)),
    })
}

fn collisions(view: &View<'_>) -> Option<String> {
    let findings = of_rule(view, Rule::NameCollision);
    let first = findings.first()?;
    let name = view.label(*first.agents.first()?).name.as_str();
    let all_agents = first.agents.iter().all(|&id| view.result.agents[id as usize].kind == "agent");
    let bearers = match all_agents {
        true => counted(first.agents.len() as u64, "agent", "agents"),
        false => counted(first.agents.len() as u64, "definition", "definitions"),
    };
    let which = format!("the {bearers} called `{}`", clip_middle(name, MAX_NAME));
    Some(match findings.len() {
        1 => format!("Rename or remove all but one of {which}: only one is loaded."),
        n => format!(
            "Settle {} name collisions, beginning with {which}: of each, only one is loaded.",
            thousands(n as u64)
        ),
    })
}

fn house(view: &View<'_>) -> Option<String> {
    let findings = of_rule(view, Rule::HouseRule);
    let agents: BTreeSet<u32> =
        findings.iter().flat_map(|finding| finding.agents.iter().copied()).collect();
    let agents: Vec<u32> = agents.into_iter().collect();
    let names = (!agents.is_empty()).then(|| view.names(&agents))?;
    Some(format!("Bring in line with the house rules: {names}."))
}

fn triggers(view: &View<'_>) -> Option<String> {
    let findings = of_rule(view, Rule::TriggerOverlap);
    let warnings: Vec<&Finding> =
        findings.into_iter().filter(|finding| finding.severity < Severity::Note).collect();
    let names = view.names(&warnings.first()?.agents);
    Some(match warnings.len() {
        1 => format!("Say in each description when to use which: {names}."),
        n => format!(
            "Say in each description when to use which, for {} sets of agents, beginning with: {names}.",
            thousands(n as u64)
        ),
    })
}

/// Whether another step covers the rule.
fn is_covered(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::InvalidFrontmatter
            | Rule::NameCollision
            | Rule::MissingTool
            | Rule::HouseRule
            | Rule::DanglingReference
            | Rule::DuplicateAgent
            | Rule::NearDuplicateAgent
            | Rule::ContainedAgent
            | Rule::RedundantAgent
            | Rule::TriggerOverlap
            | Rule::SharedBoilerplate
    )
}

/// The findings that ask for a decision and that no other step covers.
fn open_conflicts<'a>(view: &View<'a>) -> Vec<&'a Finding> {
    let findings = view.result.findings.iter();
    findings
        .filter(|finding| finding.severity < Severity::Note && !is_covered(finding.rule))
        .collect()
}

/// What settles the findings of a rule that asks for a decision.
fn remedy(rule: Rule) -> &'static str {
    match rule {
        Rule::SelfContradiction => {
            "keep one of the two statements, or say in the text when each holds"
        }
        Rule::DriftedTwin => "write what is right in both copies, or keep one file",
        Rule::OpenDecision => "keep what is right of both sides, and take the mark out",
        Rule::ModelConflict | Rule::ToolsConflict => {
            "write the same in all of them, or say in the descriptions what the difference is for"
        }
        _ => "say the same in all places, or say who is meant where",
    }
}

fn conflicts(view: &View<'_>) -> Option<String> {
    let open = open_conflicts(view);
    let mut by_rule: BTreeMap<Rule, Vec<&Finding>> = BTreeMap::new();
    for finding in open {
        by_rule.entry(finding.rule).or_default().push(finding);
    }
    let rules: Vec<Rule> = by_rule.keys().copied().collect();
    let mut by_rule: Vec<(Rule, Vec<&Finding>)> = by_rule.into_iter().collect();
    let worst = |findings: &[&Finding]| findings.iter().map(|finding| finding.severity).min();
    by_rule.sort_by_key(|(_, findings)| worst(findings));
    let counts: Vec<String> = by_rule
        .iter()
        .map(|(rule, findings)| {
            let id = rule.id();
            counted(findings.len() as u64, id, &format!("{id}s"))
        })
        .collect();
    let remedies: BTreeSet<&str> = rules.iter().map(|rule| remedy(*rule)).collect();
    let remedy = match remedies.len() {
        0 => return None,
        1 => remedies.first()?,
        _ => "correct one side, or say who is meant where",
    };
    Some(format!("Settle {}: {remedy}.", listed(&counts)))
}

/// Agents that lack a tool for what they are told to do.
fn missing_tools(view: &View<'_>) -> Option<String> {
    let findings = of_rule(view, Rule::MissingTool);
    let agents: BTreeSet<u32> = findings
        .iter()
        .filter(|finding| finding.severity < Severity::Note)
        .flat_map(|finding| finding.agents.iter().copied())
        .collect();
    let agents: Vec<u32> = agents.into_iter().collect();
    let names = (!agents.is_empty()).then(|| view.names(&agents))?;
    Some(format!("Give the tools for what is ordered, or leave that work to others: {names}."))
}

/// Whether the members of a group ask for different models or tools: which of
/// them to keep has to be decided first.
fn is_in_conflict(group: &GroupInfo, conflicts: &[&Finding]) -> bool {
    conflicts.iter().any(|finding| {
        let agents = finding.agents.iter();
        agents.filter(|id| group.members.contains(id)).count() > 1
    })
}

/// A few groups by their numbers, many by how many they are.
fn which(groups: &[&GroupInfo]) -> String {
    let numbers: Vec<String> = groups.iter().map(|group| groups::number(group)).collect();
    match groups.len() {
        1 => format!("group {}", numbers.concat()),
        2..=MAX_NUMBERS => format!("groups {}", listed(&numbers)),
        n => counted(n as u64, "group", "groups"),
    }
}

/// Groups whose kept agent says all that the others say.
fn safe_drops(view: &View<'_>) -> Option<String> {
    let conflicts = open_conflicts(view);
    let groups: Vec<&GroupInfo> = open_groups(view)
        .filter(|group| group.lacks_nothing() && !is_in_conflict(group, &conflicts))
        .collect();
    let n_files: usize = groups.iter().map(|group| group.drop.len()).sum();
    let saved: u64 = groups.iter().map(|group| group.tokens_saved).sum();
    groups.first()?;
    let which = which(&groups);
    Some(format!(
        "Delete {} of {which}: each statement of theirs stands in the kept {} too. Saves {}.",
        counted(n_files as u64, "file", "files"),
        if groups.len() == 1 { "one" } else { "ones" },
        counted(saved, "token", "tokens"),
    ))
}

/// The group that saves most among those where something would be lost.
fn merge(view: &View<'_>) -> Option<String> {
    let mut groups =
        open_groups(view).filter(|group| !group.lacks_nothing() && !group.hardly_alike);
    let first = groups.next()?;
    let others = match groups.count() {
        0 => String::new(),
        1 => " Then the other one.".to_owned(),
        n => format!(" Then {} other groups.", thousands(n as u64)),
    };
    let missing = match first.missing_units {
        0 => "parts of their descriptions or frontmatter are".to_owned(),
        1 => "1 line of the dropped files is".to_owned(),
        n => format!("{} lines of the dropped files are", thousands(n as u64)),
    };
    Some(format!(
        "Merge group {} into `{}`: {missing} missing in it. Saves up to {}.{others}",
        groups::number(first),
        view.label(first.keep).short(MAX_NAME),
        counted(first.tokens_saved, "token", "tokens"),
    ))
}

/// The groups whose tasks are alike and nothing else: a merge saves next to
/// nothing there.
fn unlike(view: &View<'_>) -> Option<String> {
    let groups: Vec<&GroupInfo> =
        open_groups(view).filter(|group| group.hardly_alike && !group.lacks_nothing()).collect();
    let n_lines: usize = groups.iter().map(|group| group.missing_units).sum();
    let saved: u64 = groups.iter().map(|group| group.tokens_saved).sum();
    groups.first()?;
    Some(format!(
        "Of {}, say in each description which requests are its own, or keep one: what they are for \
         is alike, hardly a line is. A merge moves {} and saves up to {}.",
        which(&groups),
        counted(n_lines as u64, "line", "lines"),
        counted(saved, "token", "tokens"),
    ))
}

/// The first of the groups of which none can go.
fn apart(view: &View<'_>) -> Option<String> {
    let groups = view.result.apart.iter();
    let mut groups = groups.filter(|group| is_new(view, Rule::is_redundancy, &group.members));
    let first = groups.next()?;
    let others = match groups.count() + 1 {
        1 => String::new(),
        n => {
            format!(" The same holds for {}.", counted(n as u64 - 1, "other group", "other groups"))
        }
    };
    Some(format!(
        "Say in each what sets it apart, or make them from one source: {}.{others}",
        view.names(&first.members)
    ))
}

/// The nearest of the pairs that may well be one job.
fn likely(view: &View<'_>) -> Option<String> {
    let pairs = likely_one_job(view.result);
    let first = pairs.first()?;
    let others = match pairs.len() {
        1 => String::new(),
        n => format!(" Then {}.", counted(n as u64 - 1, "other pair", "other pairs")),
    };
    Some(format!(
        "Read side by side, as they may well be one job (`agent-overlap compare`): {}.{others}",
        view.names(&[first.left, first.right])
    ))
}

/// Whether something about these agents is new: what a baseline knows is no step.
fn is_new(view: &View<'_>, rules: impl Fn(Rule) -> bool, agents: &[u32]) -> bool {
    let mut findings = view.result.findings.iter();
    view.result.summary.baseline.is_none()
        || findings.any(|finding| {
            rules(finding.rule) && agents.iter().all(|id| finding.agents.contains(id))
        })
}

/// The groups that ask for something.
fn open_groups<'a>(view: &View<'a>) -> impl Iterator<Item = &'a GroupInfo> {
    let groups = view.result.groups.iter();
    groups.filter(|group| is_new(view, Rule::is_redundancy, &group.members))
}

fn references(view: &View<'_>) -> Option<String> {
    let findings = of_rule(view, Rule::DanglingReference).into_iter();
    let places: Vec<u64> = findings.map(|finding| finding.evidence.len() as u64).collect();
    let names = match places.len() {
        0 => return None,
        1 => "1 name of an agent that is not there".to_owned(),
        n => format!("{} names of agents that are not there", thousands(n as u64)),
    };
    let places = counted(places.iter().sum(), "place", "places");
    Some(format!("Correct {names}, in {places}."))
}

fn boilerplate(view: &View<'_>) -> Option<String> {
    // Who takes one file of a catalogue gets no other one.
    let is_together = view.result.scope == Scope::Project;
    let is_block = |rule| rule == Rule::SharedBoilerplate;
    let mut blocks = view.result.boilerplate.iter();
    let block = blocks.find(|block| is_together && is_new(view, is_block, &block.agents))?;
    Some(format!(
        "Move the block that {} repeat to one place, such as the project's memory file. Saves {}.",
        counted(block.agents.len() as u64, "agent", "agents"),
        counted(block.tokens_saved, "token", "tokens"),
    ))
}

/// The command with the paths of this run, over several lines where it is too
/// wide, in the form that a shell takes.
pub(super) fn command<T>(
    view: &View<'_, T>,
    subcommand: &str,
    flags: &str,
    indent: &str,
) -> String {
    let room = view.page.prose - indent.len();
    let given = &view.layout.paths;
    let mut words = vec!["agent-overlap".to_owned(), subcommand.to_owned()];
    let paths: Vec<String> = given.iter().map(|path| shell_word(path)).collect();
    let is_changed = given.iter().any(|path| clean(path) != *path);
    let is_too_wide = paths.iter().any(|path| width(path) + 2 > room);
    if view.labels.is_empty() || is_too_wide || is_changed {
        words.push("PATH".to_owned());
    } else {
        words.extend(paths);
    }
    words.extend(view.layout.flags.iter().map(|flag| shell_word(flag)));
    words.extend(flags.split_whitespace().map(str::to_owned));
    let mut lines = vec![String::new()];
    for word in words {
        let line = lines.last_mut().expect("there is a first line");
        if line.is_empty() {
            *line = word;
        } else if width(line) + 1 + width(&word) + 2 <= room {
            line.push(' ');
            line.push_str(&word);
        } else {
            line.push_str(" \\");
            lines.push(word);
        }
    }
    let lines = lines.iter();
    lines.map(|line| format!("{indent}{}\n", view.page.paint(BOLD, line))).collect()
}

/// The word as a shell reads it back.
fn shell_word(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./~+@:,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
