//! Findings by severity, within it by rule, so that seven hundred of one rule
//! stand beside each other, cut after the first few, and hide no other.

use anstyle::Style;

use super::flow::wrap;
use super::{BOLD, DIM, ERROR, MAX_SENTENCE, NOTE, View, WARNING, evidence, shown, thousands};
use crate::finding::{Finding, Rule, Severity};
use crate::render::entries::{Entry, entries};
use crate::render::quote::clean;
use crate::render::wording;

/// Findings from which on an overview by rule comes first.
const MIN_OVERVIEW: usize = 12;

/// A blank where a line does not break. Cleaned text has none, so that it can
/// be a plain one again.
const NO_BREAK: char = '\u{a0}';

/// All findings but the notes on repeated blocks, which have a section of their own.
pub(super) fn section(view: &View<'_>) -> String {
    let is_told_below = |found: &&Finding| {
        (found.rule, found.severity) == (Rule::SharedBoilerplate, Severity::Note)
    };
    let findings = view.result.findings.iter();
    let told_here = findings.filter(|found| !is_told_below(found));
    section_of(view, "Findings", told_here.collect())
}

/// A section with some of the findings.
pub(super) fn section_of(view: &View<'_>, title: &str, mut findings: Vec<&Finding>) -> String {
    if findings.is_empty() {
        return String::new();
    }
    findings.sort_by_key(|finding| (finding.severity, finding.rule));
    let rules: Vec<&[&Finding]> =
        findings.chunk_by(|a, b| (a.severity, a.rule) == (b.severity, b.rule)).collect();

    let mut out = view.page.heading(title);
    if findings.len() >= MIN_OVERVIEW && rules.len() > 1 {
        out.push_str(&overview(view, &rules));
        out.push('\n');
    }
    for (at, of_rule) in rules.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        out.push_str(&one_rule(view, of_rule));
    }
    out
}

/// How many of each rule, and what the rule is about where there is room.
fn overview(view: &View<'_>, rules: &[&[&Finding]]) -> String {
    let rows: Vec<_> =
        rules.iter().map(|of_rule| (of_rule[0], thousands(of_rule.len() as u64))).collect();
    let count_width = rows.iter().map(|(_, count)| count.len()).max().unwrap_or(0);
    let ids = rows.iter().map(|(first, _)| first.rule.id().len());
    let id_width = ids.max().unwrap_or(0);
    let summaries = rows.iter().map(|(first, _)| first.rule.summary().len());
    let summary_width = summaries.max().unwrap_or(0);
    let severity_width = Severity::Warning.as_str().len();
    let has_room =
        2 + severity_width + 2 + count_width + 2 + id_width + 2 + summary_width <= view.page.prose;

    let mut out = String::new();
    for (Finding { rule, severity, .. }, count) in rows {
        let tag = format!("{:<severity_width$}", severity.as_str());
        let tag = view.page.paint(style(*severity), &tag);
        out.push_str(&format!("  {tag}  {count:>count_width$}  "));
        if has_room {
            let summary = view.page.paint(DIM, rule.summary());
            out.push_str(&format!("{:<id_width$}  {summary}\n", rule.id()));
        } else {
            out.push_str(&format!("{}\n", rule.id()));
        }
    }
    out
}

/// The first findings of one severity and rule, and how many more there are.
fn one_rule(view: &View<'_>, findings: &[&Finding]) -> String {
    let limits = &view.layout.limits;
    let (severity, rule) = (findings[0].severity, findings[0].rule);
    let limit = match severity {
        Severity::Error => limits.errors,
        Severity::Warning | Severity::Note => limits.others,
    };
    let entries = entries(findings);
    let shown = shown(&entries, limit);
    let mut out = String::new();
    let mut help_before = "";
    for (at, entry) in shown.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let help = &entry.findings[0].help;
        out.push_str(&one(view, entry, help != help_before));
        help_before = help;
    }
    let rest = &entries[shown.len()..];
    let n_more = rest.iter().map(|entry| entry.findings.len()).sum();
    if n_more > 0 {
        out.push('\n');
    }
    let kind = format!("more {} {}", rule.id(), severity.as_str());
    out + &view.more("", n_more, &kind, &format!("{kind}s"))
}

/// What is the matter, who is concerned, where, and what to do: as above, where
/// the finding before said the same.
fn one(view: &View<'_>, entry: &Entry<'_>, with_help: bool) -> String {
    let finding = entry.findings[0];
    let severity = finding.severity.as_str();
    let rule = finding.rule.id();
    let mut message = format!(": {}", clean(&finding.message));
    if let Some(doubt) = doubt(finding.confidence) {
        message.push_str(&format!(" ({doubt})"));
    }
    if entry.findings.len() > 1 {
        let n = thousands(entry.findings.len() as u64);
        message.push_str(&format!(" [{n}{NO_BREAK}times]"));
    }
    let first = view.page.prose.saturating_sub(severity.len() + rule.len() + 2);
    let lines: Vec<String> = wrap(&message, first, view.page.prose - 2, MAX_SENTENCE)
        .iter()
        .map(|line| view.page.paint(BOLD, &line.replace(NO_BREAK, " ")))
        .collect();
    let tag = view.page.paint(style(finding.severity), &format!("{severity}[{rule}]"));
    let mut out = format!("{tag}{}\n", lines.join("\n  "));
    if entry.findings.len() == 1 && leaves_open_who(view, finding) {
        let label = format!("    {} ", view.page.paint(DIM, "agents:"));
        out.push_str(&view.page.hang(&label, 12, &view.names(&finding.agents)));
    }
    let quotes = wording::quotes(&entry.evidence, finding, &view.result.agents);
    out.push_str(&evidence::quotes(view, &quotes));
    let help = match with_help {
        true => clean(&finding.help),
        false => "as above".to_owned(),
    };
    if !finding.help.is_empty() {
        let label = format!("    {} ", view.page.paint(BOLD, "help:"));
        out.push_str(&view.page.hang(&label, 10, &help));
    }
    out
}

/// Whether the message and the shown places do not say which agents are meant.
fn leaves_open_who(view: &View<'_>, finding: &Finding) -> bool {
    let shown = shown(&finding.evidence, view.layout.limits.places);
    finding.agents.iter().any(|id| {
        let agent = &view.result.agents[*id as usize];
        !finding.message.contains(&agent.name)
            && !shown.iter().any(|evidence| evidence.path == agent.path)
    })
}

/// What is said of a confidence that is not high.
fn doubt(confidence: f64) -> Option<String> {
    wording::doubt(confidence).map(|word| format!("{word},{NO_BREAK}{confidence:.2}"))
}

/// The style of what is so bad.
pub(super) fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
        Severity::Note => NOTE,
    }
}
