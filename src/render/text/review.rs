//! A review: the verdict, then for each definition its neighbours, what they
//! share and what only it says, then the findings that the change adds.

use anstyle::Style;

use super::flow::{clip, wrap};
use super::overlaps::telling;
use super::{
    BOLD, DIM, ERROR, GOOD, MAX_NAME, NOTE, PLACE, View, WARNING, counted, findings, page,
    problems, shown, thousands,
};
use crate::finding::Finding;
use crate::render::Layout;
use crate::render::quote::clean;
use crate::render::wording::percent;
use crate::render::wording::review::{self as wording, has_redundant, word};
use crate::report::{FindingCounts, Quote};
use crate::review::{Neighbour, Review, Reviewed, Verdict};

/// Shared statements that are quoted of the nearest agent.
const MAX_SHARED: usize = 3;

/// Lines of each quoted statement.
const MAX_LINES: usize = 2;

/// Columns of the name of a part of an entry.
const LABEL_WIDTH: usize = 11;

/// The review as text.
pub(in crate::render) fn review(review: &Review, layout: &Layout) -> String {
    let view = View::new(&review.report, &review.report.agents, layout);
    let mut reviewed: Vec<&Reviewed> = review.reviewed.iter().collect();
    reviewed.sort_by_key(|one| one.verdict);
    // Who is redundant stands with the verdicts, in more detail.
    let added = wording::added(review);
    let title = match review.base {
        Some(_) => "Findings that the change adds",
        None => "Findings",
    };
    page(&[
        summary(&view, review, &added),
        entries(&view, review, &reviewed),
        findings::section_of(&view, title, added),
        problems::section(&view),
        known(&view, review),
    ])
}

fn summary(view: &View<'_>, review: &Review, added: &[&Finding]) -> String {
    let counts = FindingCounts::of(added.iter().copied());
    let is_redundant = has_redundant(review);
    let verdict = wording::verdict(review);
    let style = match (counts.error, counts.warning, is_redundant) {
        (0, 0, false) => GOOD,
        (0, ..) => WARNING,
        _ => ERROR,
    };
    let mut out = view.page.sentence(style, "", &verdict);
    let base = review.base.as_deref().map(clean);
    let facts = wording::circumstances(review, base.as_deref());
    out.push('\n');
    out.push_str(&view.page.hang("  ", 2, &facts.join(" · ")));
    if !review.removed.is_empty() {
        let removed: Vec<String> = review.removed.iter().map(|path| clean(path)).collect();
        out.push_str(&view.page.hang("  removed: ", 11, &removed.join(", ")));
    }
    out
}

/// The reviewed definitions, the gravest verdict first; all that ask for
/// nothing stand in one list.
fn entries(view: &View<'_>, review: &Review, reviewed: &[&Reviewed]) -> String {
    if reviewed.is_empty() {
        return String::new();
    }
    let mut out = view.page.heading("Verdicts");
    let shown = shown(reviewed, view.layout.limits.groups);
    for (at, one) in shown.iter().enumerate() {
        let follows_brief = at > 0 && is_brief(shown[at - 1]);
        if at > 0 && !(is_brief(one) && follows_brief) {
            out.push('\n');
        }
        out.push_str(&entry(view, review, one));
    }
    let n_more = reviewed.len() - shown.len();
    if n_more > 0 {
        out.push('\n');
    }
    out + &view.more("", n_more, "more definition", "more definitions")
}

/// Whether nothing is said of a definition but its verdict.
fn is_brief(one: &Reviewed) -> bool {
    one.nearest.is_empty() && wording::shown_closest(one).is_none()
}

fn entry(view: &View<'_>, review: &Review, one: &Reviewed) -> String {
    let agent = &view.result.agents[one.agent as usize];
    let tag = view.page.paint(style(one.verdict), word(one));
    let place = view.page.paint(PLACE, &clean(&agent.path));
    let mut out = format!("{tag}  {place}{}\n", circumstances(view, one));
    if let Some(closest) = wording::shown_closest(one) {
        let name = view.label(closest.agent).short(MAX_NAME);
        out.push_str(&part(view, "closest", &wording::closest(closest, &name)));
    }
    if one.nearest.is_empty() {
        return out;
    }
    let shown = shown(&one.nearest, view.layout.limits.members);
    for (at, near) in shown.iter().enumerate() {
        let label = if at == 0 { "nearest" } else { "" };
        out.push_str(&part(view, label, &neighbour(view, near)));
    }
    let n_more = one.nearest.len() - shown.len();
    out.push_str(&view.more("             ", n_more, "more agent", "more agents"));
    out.push_str(&shared(view, one));
    out.push_str(&only_here(view, one));
    let nearest = one.nearest.first().map(|near| view.label(near.agent));
    let nearest = nearest.map(|label| label.short(MAX_NAME));
    let help = wording::help(review, one, &nearest.unwrap_or_default());
    out.push_str(&part(view, "help", &help));
    out
}

/// `changed, redundant before too`, `a mirror of …`: what else there is to know.
fn circumstances(view: &View<'_>, one: &Reviewed) -> String {
    let agent = &view.result.agents[one.agent as usize];
    let mut said = Vec::new();
    if let Some(original) = agent.mirror_of {
        let original = view.label(original);
        said.push(format!("a mirror of {}", original.path));
    }
    said.extend(wording::happened(one));
    match said.as_slice() {
        [] => String::new(),
        said => view.page.paint(DIM, &format!("  {}", said.join(", "))),
    }
}

/// A labelled sentence of an entry.
fn part(view: &View<'_>, label: &str, sentence: &str) -> String {
    let label = format!("  {label:<LABEL_WIDTH$}");
    let label = view.page.paint(BOLD, &label);
    view.page.hang(&label, 2 + LABEL_WIDTH, sentence)
}

/// `backend-architect: redundant (0.71); 61 % alike there, 40 % of that here`.
fn neighbour(view: &View<'_>, near: &Neighbour) -> String {
    format!(
        "{}: {} ({:.2}); {} alike there, {} of that here",
        view.label(near.agent).short(MAX_NAME),
        near.relation.as_str(),
        near.redundancy,
        percent(near.said_there),
        percent(near.said_here),
    )
}

/// A few statements that the nearest agent shares.
fn shared(view: &View<'_>, one: &Reviewed) -> String {
    let Some(near) = one.nearest.first() else {
        return String::new();
    };
    let ends = (one.agent.min(near.agent), one.agent.max(near.agent));
    let mut pairs = view.result.pairs.iter();
    let Some(pair) = pairs.find(|pair| (pair.left, pair.right) == ends) else {
        return String::new();
    };
    let mut out = String::new();
    let room = view.page.prose - 2 - LABEL_WIDTH - 2;
    let sides = telling(pair).map(|found| match pair.left == one.agent {
        true => (&found.left, &found.right),
        false => (&found.right, &found.left),
    });
    // What is alike but not the same stands with what is only here.
    let said = sides.filter(|(here, _)| one.only_here.iter().all(|only| only.line != here.line));
    for (at, (here, there)) in said.take(MAX_SHARED).enumerate() {
        let label = if at == 0 { "alike" } else { "" };
        let label = format!("  {label:<LABEL_WIDTH$}");
        let (here_text, there_text) = (clean(&here.text), clean(&there.text));
        let sides = if here_text == there_text {
            vec![("│", here_text)]
        } else {
            vec![("│", here_text), ("~", there_text)]
        };
        let mut prefix = view.page.paint(BOLD, &label);
        for (mark, text) in sides {
            for line in wrap(&text, room, room, MAX_LINES) {
                out.push_str(&format!("{prefix}{} {line}\n", view.page.paint(DIM, mark)));
                prefix = " ".repeat(2 + LABEL_WIDTH);
            }
        }
    }
    out
}

/// What would be lost without this definition.
fn only_here(view: &View<'_>, one: &Reviewed) -> String {
    if one.only_here.is_empty() {
        return part(view, "only here", "nothing: the agents above say all of it");
    }
    let n = thousands(one.only_here.len() as u64);
    let of = counted(one.n_statements as u64, "statement", "statements");
    let mut out = part(view, "only here", &format!("{n} of {of}"));
    let indent = " ".repeat(2 + LABEL_WIDTH);
    let shown = shown(&one.only_here, view.layout.limits.places);
    for Quote { line, text, .. } in shown {
        let place = format!(":{line}");
        let room = view.page.prose - indent.len() - place.len() - 1;
        let text = clip(&clean(text), room);
        out.push_str(&format!("{indent}{} {text}\n", view.page.paint(PLACE, &place)));
    }
    let n_more = one.only_here.len() - shown.len();
    out + &view.more(&indent, n_more, "more statement", "more statements")
}

/// How to go on, of what was there before.
fn known(view: &View<'_>, review: &Review) -> String {
    match wording::known(review) {
        Some(line) => view.page.paint(DIM, view.page.hang("", 0, &line).trim_end()),
        None => String::new(),
    }
}

fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Duplicate | Verdict::Redundant | Verdict::Conflicts => WARNING,
        Verdict::Overlaps => NOTE,
        Verdict::New => GOOD,
    }
}
