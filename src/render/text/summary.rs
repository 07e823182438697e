//! The verdict in one sentence, and the figures behind it.

use std::collections::BTreeMap;

use anstyle::Style;

use super::{BOLD, ERROR, GOOD, View, WARNING, counted, listed, thousands};
use crate::render::Limits;
use crate::render::wording::{self, n_droppable, severe};
use crate::report::{AgentInfo, Report, Scope};

/// Columns of the names of the figures.
const NAME_WIDTH: usize = 13;

pub(super) fn section(view: &View<'_>) -> String {
    let (verdict, style) = verdict(view);
    let mut out = view.page.sentence(style, "", &verdict);
    out.push('\n');
    for (name, value) in figures(view) {
        let label = format!("  {name:<width$}", width = NAME_WIDTH - 2);
        out.push_str(&view.page.hang(&label, NAME_WIDTH, &value));
    }
    out
}

/// What a reader takes away who reads no further, in a colour that says how bad it is.
fn verdict(view: &View<'_>) -> (String, Style) {
    let counts = view.result.summary.findings;
    let style = match (counts.error, counts.warning as u64 + n_droppable(&view.result.groups)) {
        _ if view.result.agents.is_empty() => BOLD,
        (0, 0) => GOOD,
        (0, _) => WARNING,
        _ => ERROR,
    };
    (wording::verdict(view.result), style)
}

/// How many there are of each kind, the most frequent first.
fn kinds(view: &View<'_>) -> Vec<String> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for agent in &view.result.agents {
        *counts.entry(agent.kind).or_default() += 1;
    }
    let mut counts: Vec<(&str, u64)> = counts.into_iter().collect();
    counts.sort_by_key(|&(kind, n)| (std::cmp::Reverse(n), kind));
    let counted = |(kind, n)| match kind {
        "memory" => counted(n, "memory file", "memory files"),
        "instructions" => counted(n, "instruction file", "instruction files"),
        "chat-mode" => counted(n, "chat mode", "chat modes"),
        kind => counted(n, kind, &format!("{kind}s")),
    };
    counts.into_iter().map(counted).collect()
}

/// Whether all descriptions are loaded in each session: Claude Code does so
/// with those of a project's agents and skills.
fn are_always_loaded(report: &Report) -> bool {
    let is_loaded = |agent: &AgentInfo| {
        matches!(agent.kind, "agent" | "skill") && agent.path.split('/').any(|at| at == ".claude")
    };
    let mut described = report.agents.iter().filter(|one| one.description_tokens > 0);
    report.scope == Scope::Project && described.all(is_loaded)
}

/// Names and values of the figures that are not zero.
pub(super) fn figures(view: &View<'_>) -> Vec<(&'static str, String)> {
    let report = view.result;
    let summary = &report.summary;
    let mut figures = Vec::new();

    let files = counted(summary.files_read as u64, "file", "files");
    let n_mirrors = report.agents.iter().filter(|a| a.mirror_of.is_some());
    let mirrors = match n_mirrors.count() {
        0 => String::new(),
        1 => ", 1 of them a mirror of another".to_owned(),
        n => format!(", {} of them mirrors of others", thousands(n as u64)),
    };
    let scope = match report.scope {
        _ if report.agents.is_empty() => "",
        Scope::Project => " of a project",
        Scope::Catalogue => " of a catalogue",
    };
    let kinds = match kinds(view) {
        kinds if kinds.is_empty() => String::new(),
        kinds => format!(": {}", listed(&kinds)),
    };
    figures.push(("Read", format!("{files}{scope}{kinds}{mirrors}")));

    let tokens = &summary.tokens;
    if tokens.total > 0 {
        let descriptions = match tokens.descriptions {
            0 => String::new(),
            n => format!(", {} of them in descriptions", thousands(n)),
        };
        let paid = match tokens.descriptions > 0 && are_always_loaded(report) {
            true => ", which every session pays for",
            false => "",
        };
        let total = counted(tokens.total, "token", "tokens");
        figures.push(("Size", format!("{total}{descriptions}{paid}")));
    }
    let n_repeats = summary.units.saturating_sub(summary.distinct_units) as u64;
    if n_repeats > 0 {
        let value = format!(
            "{} of {} {}",
            thousands(n_repeats),
            counted(summary.units as u64, "statement", "statements"),
            match n_repeats {
                1 => "repeats another one in the same words",
                _ => "repeat others in the same words",
            }
        );
        figures.push(("Repeated", value));
    }
    if summary.groups > 0 {
        let value = format!(
            "{}: merging {} into others saves up to {} ({} %)",
            counted(summary.groups as u64, "group", "groups"),
            counted(n_droppable(&report.groups), "agent", "agents"),
            counted(tokens.redundant, "token", "tokens"),
            percent(tokens.redundant, tokens.total),
        );
        figures.push(("Redundant", value));
    }
    if !report.apart.is_empty() {
        figures.push(("Left apart", wording::apart(&report.apart)));
    }
    let counts = summary.findings;
    let mut parts = severe(counts.error, counts.warning);
    if counts.note > 0 {
        parts.push(counted(counts.note as u64, "note", "notes"));
    }
    if !parts.is_empty() {
        figures.push(("Findings", listed(&parts)));
    }
    if summary.allowed > 0 {
        let allowed = counted(summary.allowed as u64, "finding", "findings");
        let value = format!("{allowed} by comments or the configuration{}", hint(view));
        figures.push(("Kept quiet", value));
    }
    if let Some(counts) = summary.baseline {
        figures.push(("Baseline", wording::baseline(counts)));
    }
    if summary.files_skipped > 0 {
        let skipped = counted(summary.files_skipped as u64, "other file", "other files");
        figures.push(("Skipped", format!("{skipped}{}", hint(view))));
    }
    if !report.problems.is_empty() {
        let problems = counted(report.problems.len() as u64, "problem", "problems");
        figures.push(("Input", format!("{problems} while reading, listed below")));
    }
    figures
}

/// Where to see what is only counted.
fn hint(view: &View<'_>) -> &'static str {
    match view.layout.limits.problems == Limits::ALL.problems {
        true => "",
        false => " (--all lists them)",
    }
}

/// A share in whole percent, rounded half up.
pub(super) fn percent(part: u64, whole: u64) -> u64 {
    match whole {
        0 => 0,
        _ => (part.saturating_mul(200) / whole).div_ceil(2),
    }
}
