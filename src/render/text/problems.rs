//! Trouble in the input, one entry for each kind.

use std::collections::BTreeMap;

use super::flow::width;
use super::{PLACE, View, counted, shown};
use crate::render::Limits;
use crate::render::quote::clean;
use crate::report::ProblemInfo;

pub(super) fn section(view: &View<'_>) -> String {
    let problems = &view.result.problems;
    if problems.is_empty() {
        return String::new();
    }
    let mut out = view.page.heading("Problems in the input");
    let kinds = kinds(problems);
    let shown_kinds = shown(&kinds, view.layout.limits.problems);
    for (message, problems) in shown_kinds {
        let places: Vec<String> = problems.iter().map(|problem| whereabouts(problem)).collect();
        let label = match places.len() {
            1 => String::new(),
            n => format!("{}: ", counted(n as u64, "place", "places")),
        };
        out.push_str(&view.page.hang(&label, width(&label), message));
        let shown_places = shown(&places, view.layout.limits.problems);
        for place in shown_places {
            out.push_str(&format!("    {}\n", view.page.paint(PLACE, place)));
        }
        let n_more = places.len() - shown_places.len();
        out.push_str(&view.more("    ", n_more, "more place", "more places"));
    }
    let n_more = kinds.len() - shown_kinds.len();
    out + &view.more("", n_more, "more kind of problem", "more kinds of problems")
}

/// Files that were not read, by reason; only where everything is asked for.
pub(super) fn skipped(view: &View<'_>) -> String {
    let skipped = &view.result.skipped;
    if view.layout.limits != Limits::ALL || skipped.is_empty() {
        return String::new();
    }
    let mut out = view.page.heading("Skipped files");
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in skipped {
        by_reason.entry(file.reason).or_default().push(&file.path);
    }
    for (reason, paths) in by_reason {
        let n = counted(paths.len() as u64, "file", "files");
        out.push_str(&view.page.hang("", 0, &format!("{n}: {reason}")));
        for path in paths {
            out.push_str(&format!("    {}\n", view.page.paint(PLACE, &clean(path))));
        }
    }
    out
}

/// The problems by message, the most frequent first, then in the order of
/// their first one.
fn kinds(problems: &[ProblemInfo]) -> Vec<(String, Vec<&ProblemInfo>)> {
    let mut kinds: Vec<(String, Vec<&ProblemInfo>)> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for problem in problems {
        let message = clean(&problem.message);
        let at = *known.entry(message.clone()).or_insert_with(|| {
            kinds.push((message, Vec::new()));
            kinds.len() - 1
        });
        kinds[at].1.push(problem);
    }
    kinds.sort_by_key(|(_, problems)| std::cmp::Reverse(problems.len()));
    kinds
}

/// `path:line`, or the path where the whole file is meant.
fn whereabouts(problem: &ProblemInfo) -> String {
    match problem.line {
        Some(line) => super::place(&problem.path, line),
        None => clean(&problem.path),
    }
}
