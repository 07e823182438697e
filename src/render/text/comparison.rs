//! Two agents beside each other: the verdict, the conflicts, the frontmatter,
//! then the statements section by section.

mod frontmatter;
mod marked;
mod rows;

use super::findings::style;
use super::flow::{clip_middle, width, wrap};
use super::{BOLD, DIM, MAX_NAME, MAX_SENTENCE, PLACE, counted, listed};
use crate::compare::{Alignment, Comparison, Row, Section, Title};
use crate::finding::Finding;
use crate::render::Layout;
use crate::render::quote::clean;
use crate::render::wording::{likeness, to_move};
use crate::report::AgentInfo;
use rows::Shown;

type View<'a> = super::View<'a, Comparison>;

/// The comparison as text.
pub(in crate::render) fn comparison(comparison: &Comparison, layout: &Layout) -> String {
    let view = View::new(comparison, &[], layout);
    super::page(&[
        header(&view),
        findings(&view),
        frontmatter::section(&view),
        description(&view),
        body(&view),
    ])
}

fn header(view: &View<'_>) -> String {
    let Comparison { left, right, measures, .. } = view.result;
    let title = format!(
        "{} ~ {}: {}",
        clip_middle(&clean(&left.name), MAX_NAME),
        clip_middle(&clean(&right.name), MAX_NAME),
        measures.relation.as_str()
    );
    let mut out = view.page.sentence(BOLD, "", &title);
    out.push_str(&view.page.hang("", 0, &clean(&view.result.verdict)));
    out.push('\n');
    for (label, agent) in [("left   ", left), ("right  ", right)] {
        let label = view.page.paint(DIM, label);
        out.push_str(&format!("  {label}{}\n", view.page.paint(PLACE, &clean(&agent.path))));
        out.push_str(&view.page.hang("         ", 9, &about(agent)));
    }
    out.push('\n');
    out.push_str(&view.page.hang("", 0, &likeness(measures)));
    out.push_str(&view.page.hang("", 0, &counts(view.result)));
    if let Some(to_move) = to_move(view.result) {
        out.push_str(&view.page.hang("", 0, &to_move));
    }
    out
}

fn about(agent: &AgentInfo) -> String {
    let mut parts = vec![
        agent.kind.to_owned(),
        counted(agent.units as u64, "unit", "units"),
        counted(agent.tokens, "token", "tokens"),
    ];
    if let Some(model) = &agent.model {
        parts.push(clip_middle(&clean(model), MAX_NAME));
    }
    parts.join(", ")
}

/// How many statements are of which sort, in a sentence.
fn counts(comparison: &Comparison) -> String {
    let counts = comparison.counts;
    let parts = [
        (counts.same, "in both"),
        (counts.differing, "in both but not the same"),
        (counts.only_left, "only in the left"),
        (counts.only_right, "only in the right"),
    ];
    let parts = parts.iter().filter(|(n, _)| *n > 0);
    let parts: Vec<String> = parts.map(|(n, which)| format!("{n} {which}")).collect();
    if parts.is_empty() {
        return "Neither body says anything.".to_owned();
    }
    format!("Statements: {}.", listed(&parts))
}

fn findings(view: &View<'_>) -> String {
    let findings = &view.result.findings;
    if findings.is_empty() {
        return String::new();
    }
    let mut out = view.page.heading("Conflicts");
    for (at, finding) in findings.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        out.push_str(&one_finding(view, finding));
    }
    out
}

/// What is the matter, the quotes by side, and what to do.
fn one_finding(view: &View<'_>, finding: &Finding) -> String {
    let page = &view.page;
    let severity = finding.severity.as_str();
    let tag = format!("{severity}[{}]", finding.rule.id());
    let message = format!(": {}", clean(&finding.message));
    let lines =
        wrap(&message, page.prose.saturating_sub(width(&tag)), page.prose - 2, MAX_SENTENCE);
    let mut out = format!("{}{}\n", page.paint(style(finding.severity), &tag), lines.join("\n  "));
    for quote in &finding.evidence {
        let side = if quote.path == view.result.left.path { "left" } else { "right" };
        let label = format!("    {side:<5} {:>4}  ", quote.line);
        out.push_str(&page.hang(&page.paint(PLACE, &label), width(&label), &clean(&quote.text)));
    }
    let help = clean(&finding.help);
    if !help.is_empty() {
        let label = format!("    {} ", page.paint(BOLD, "help:"));
        out.push_str(&page.hang(&label, 10, &help));
    }
    out
}

fn description(view: &View<'_>) -> String {
    let description = &view.result.description;
    let Alignment { matches, only_left, only_right } = description;
    let matches = matches.iter().map(Shown::Match);
    let only_left = only_left.iter().map(Shown::OnlyLeft);
    let only_right = only_right.iter().map(Shown::OnlyRight);
    let rows: Vec<Shown<'_>> = matches.chain(only_left).chain(only_right).collect();
    if rows.is_empty() {
        return String::new();
    }
    view.page.heading("Description") + &rows::rows(view, &rows)
}

fn body(view: &View<'_>) -> String {
    let comparison = view.result;
    if comparison.sections.is_empty() {
        return String::new();
    }
    let mut out = view.page.heading("Body");
    let words = if view.page.color { "some words differ" } else { "the words in « » differ" };
    let legend = format!("- only left, + only right, ≠ {words}, ≈ in other words");
    out.push_str(&view.page.sentence(DIM, "", &legend));
    out.push('\n');
    let is_all = view.layout.limits.statements == usize::MAX;
    let is_same = |section: &Section| {
        let mut rows = section.rows.iter().map(|row| shown(comparison, *row));
        !is_all && rows.all(|row| row.is_same())
    };
    let runs = comparison.sections.chunk_by(|one, next| is_same(one) && is_same(next));
    for (at, run) in runs.enumerate() {
        if at > 0 {
            out.push('\n');
        }
        match run {
            [first, _, ..] if is_same(first) => out.push_str(&folded(view, run)),
            _ => {
                for section in run {
                    out.push_str(&view.page.sentence(BOLD, "", &titles(section)));
                    let rows: Vec<Shown<'_>> =
                        section.rows.iter().map(|row| shown(comparison, *row)).collect();
                    out.push_str(&rows::rows(view, &rows));
                }
            }
        }
    }
    out
}

fn shown(comparison: &Comparison, row: Row) -> Shown<'_> {
    match row {
        Row::Match(at) => Shown::Match(&comparison.matches[at]),
        Row::OnlyLeft(at) => Shown::OnlyLeft(&comparison.only_left[at]),
        Row::OnlyRight(at) => Shown::OnlyRight(&comparison.only_right[at]),
    }
}

/// Lines that name sections that are the same.
const MAX_FOLDED: usize = 3;

/// Sections that are the same in both, in a few lines.
fn folded(view: &View<'_>, sections: &[Section]) -> String {
    let n: usize = sections.iter().map(|section| section.rows.len()).sum();
    let titles: Vec<String> = sections.iter().map(titles).collect();
    let text = format!(
        "= {n} the same in {}: {}",
        counted(sections.len() as u64, "section", "sections"),
        titles.join("; ")
    );
    let room = view.page.prose - 4;
    let lines = wrap(&text, room, room, MAX_FOLDED);
    let lines = view.page.paint(DIM, &lines.join("\n    "));
    format!("  {lines}\n")
}

/// The titles of a section, one where both have the same.
fn titles(section: &Section) -> String {
    let text = |title: &Title| match clean(&title.text) {
        text if text.is_empty() => "Before the first heading".to_owned(),
        text => text.trim_end_matches(':').to_owned(),
    };
    let (left, right) = (section.left.as_ref().map(text), section.right.as_ref().map(text));
    match (left, right) {
        (Some(left), Some(right)) if left == right => left,
        (Some(left), Some(right)) => format!("{left}  /  {right}"),
        (Some(left), None) => format!("{left}  (left)"),
        (None, Some(right)) => format!("{right}  (right)"),
        (None, None) => String::new(),
    }
}
