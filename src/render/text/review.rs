//! A review: the verdict, then for each definition its neighbours, what they
//! share and what only it says, then the findings that the change adds.

use anstyle::Style;

use super::flow::{clip, wrap};
use super::overlaps::telling;
use super::summary::severe;
use super::{
    BOLD, DIM, ERROR, GOOD, MAX_NAME, MAX_SENTENCE, NOTE, PLACE, View, WARNING, counted, findings,
    listed, page, problems, shown, thousands,
};
use crate::finding::{Finding, Severity};
use crate::render::Layout;
use crate::render::quote::clean;
use crate::report::Quote;
use crate::review::{Neighbour, Review, Reviewed, Status, Verdict};

/// Shared statements that are quoted of the nearest agent.
const MAX_SHARED: usize = 3;

/// Lines of each quoted statement.
const MAX_LINES: usize = 2;

/// Characters of a commit's name that tell it from others.
const COMMIT_WIDTH: usize = 12;

/// Columns of the name of a part of an entry.
const LABEL_WIDTH: usize = 11;

/// What a changed definition is called that is unlike all others: it is not new.
const CLEAR: &str = "clear";

/// The words for verdicts, gravest first.
const WORDS: [&str; 6] = [
    Verdict::Duplicate.as_str(),
    Verdict::Redundant.as_str(),
    Verdict::Conflicts.as_str(),
    Verdict::Overlaps.as_str(),
    Verdict::New.as_str(),
    CLEAR,
];

/// The review as text.
pub(in crate::render) fn review(review: &Review, layout: &Layout) -> String {
    let view = View::new(&review.report, layout);
    let mut reviewed: Vec<&Reviewed> = review.reviewed.iter().collect();
    reviewed.sort_by_key(|one| one.verdict);
    // Who is redundant stands with the verdicts, in more detail.
    let added = review.report.findings.iter();
    let added: Vec<&Finding> = added.filter(|found| !found.rule.is_redundancy()).collect();
    let title = match review.base {
        Some(_) => "Findings that the change adds",
        None => "Findings",
    };
    page(&[
        summary(&view, review, &added),
        entries(&view, &reviewed),
        findings::section_of(&view, title, added),
        problems::section(&view),
        known(&view, review.n_known),
    ])
}

fn summary(view: &View<'_>, review: &Review, added: &[&Finding]) -> String {
    let n = review.reviewed.len() as u64;
    let of_word = |word: &&str| {
        let n = review
            .reviewed
            .iter()
            .filter(|one| self::word(one) == *word);
        let n = n.count() as u64;
        (n > 0).then(|| format!("{} {word}", thousands(n)))
    };
    let verdicts: Vec<String> = WORDS.iter().filter_map(of_word).collect();
    let n_added = |severity| {
        added
            .iter()
            .filter(|found| found.severity == severity)
            .count()
    };
    let (n_errors, n_warnings) = (n_added(Severity::Error), n_added(Severity::Warning));
    let listing = severe(n_errors, n_warnings);
    let is_redundant = review
        .reviewed
        .iter()
        .any(|one| one.verdict <= Verdict::Redundant);
    let what = match review.base {
        Some(_) => ("new or changed definition", "new or changed definitions"),
        None => ("definition", "definitions"),
    };
    let subject = format!("{} reviewed", counted(n, what.0, what.1));
    let subject = match n {
        0 => "No new or changed definitions".to_owned(),
        _ => format!("{subject}: {}", listed(&verdicts)),
    };
    let verdict = match (listing.is_empty(), n, is_redundant) {
        (false, ..) => format!("{subject}. {} added.", listed(&listing)),
        (true, 0, _) | (true, _, true) => format!("{subject}."),
        (true, _, false) => format!("{subject}. No errors, no warnings."),
    };
    let style = match (n_errors, n_warnings, is_redundant) {
        (0, 0, false) => GOOD,
        (0, ..) => WARNING,
        _ => ERROR,
    };
    let mut out = String::new();
    for line in wrap(&verdict, view.page.prose, view.page.prose, MAX_SENTENCE) {
        out.push_str(&format!("{}\n", view.page.paint(style, &line)));
    }
    let mut facts = vec![format!(
        "compared with {}",
        counted(
            (view.report.summary.agents as u64).saturating_sub(n),
            "other definition",
            "other definitions"
        )
    )];
    if let Some(base) = &review.base {
        let base: String = clean(base).chars().take(COMMIT_WIDTH).collect();
        facts.push(format!("changes since {base}"));
    }
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
fn entries(view: &View<'_>, reviewed: &[&Reviewed]) -> String {
    if reviewed.is_empty() {
        return String::new();
    }
    let mut out = view.page.heading("Verdicts");
    let shown = shown(reviewed, view.layout.limits.groups);
    for (at, one) in shown.iter().enumerate() {
        let is_brief = one.nearest.is_empty();
        let follows_brief = at > 0 && shown[at - 1].nearest.is_empty();
        if at > 0 && !(is_brief && follows_brief) {
            out.push('\n');
        }
        out.push_str(&entry(view, one));
    }
    let n_more = reviewed.len() - shown.len();
    if n_more > 0 {
        out.push('\n');
    }
    out + &view.more("", n_more, "more definition", "more definitions")
}

fn entry(view: &View<'_>, one: &Reviewed) -> String {
    let agent = &view.report.agents[one.agent as usize];
    let tag = view.page.paint(style(one.verdict), word(one));
    let place = view.page.paint(PLACE, &clean(&agent.path));
    let mut out = format!("{tag}  {place}{}\n", circumstances(view, one));
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
    out.push_str(&part(view, "help", &help(view, one)));
    out
}

/// The word for a verdict.
fn word(one: &Reviewed) -> &'static str {
    match (one.verdict, one.status) {
        (Verdict::New, Status::Changed) => CLEAR,
        (verdict, _) => verdict.as_str(),
    }
}

/// `changed, redundant before too`, `a mirror of …`: what else there is to know.
fn circumstances(view: &View<'_>, one: &Reviewed) -> String {
    let agent = &view.report.agents[one.agent as usize];
    let mut said = Vec::new();
    if let Some(original) = agent.mirror_of {
        let original = view.label(original);
        said.push(format!("a mirror of {}", original.path));
    }
    match (one.status, one.was) {
        (Status::Named, _) => {}
        (Status::Added, _) => said.push("added".to_owned()),
        (Status::Changed, Some(was)) if was == one.verdict && was != Verdict::New => {
            said.push(format!("changed, {} before too", was.as_str()));
        }
        (Status::Changed, Some(was)) if was <= Verdict::Redundant => {
            said.push(format!("changed, was {} before", was.as_str()));
        }
        (Status::Changed, _) => said.push("changed".to_owned()),
    }
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

/// `backend-architect: redundant (0.71); 61 % of this is there, 40 % of that here`.
fn neighbour(view: &View<'_>, near: &Neighbour) -> String {
    format!(
        "{}: {} ({:.2}); {} of this is there, {} of that here",
        view.label(near.agent).short(MAX_NAME),
        near.relation.as_str(),
        near.redundancy,
        percent(near.said_there),
        percent(near.said_here),
    )
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

/// A few statements that the nearest agent shares.
fn shared(view: &View<'_>, one: &Reviewed) -> String {
    let Some(near) = one.nearest.first() else {
        return String::new();
    };
    let ends = (one.agent.min(near.agent), one.agent.max(near.agent));
    let mut pairs = view.report.pairs.iter();
    let Some(pair) = pairs.find(|pair| (pair.left, pair.right) == ends) else {
        return String::new();
    };
    let mut out = String::new();
    let room = view.page.prose - 2 - LABEL_WIDTH - 2;
    for (at, found) in telling(pair).take(MAX_SHARED).enumerate() {
        let (here, there) = if pair.left == one.agent {
            (&found.left, &found.right)
        } else {
            (&found.right, &found.left)
        };
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
        out.push_str(&format!(
            "{indent}{} {text}\n",
            view.page.paint(PLACE, &place)
        ));
    }
    let n_more = one.only_here.len() - shown.len();
    out + &view.more(&indent, n_more, "more statement", "more statements")
}

fn help(view: &View<'_>, one: &Reviewed) -> String {
    let nearest = one.nearest.first().map(|near| view.label(near.agent));
    let nearest = nearest
        .map(|label| label.short(MAX_NAME))
        .unwrap_or_default();
    let is_redundant = one
        .nearest
        .first()
        .is_some_and(|near| near.relation.is_redundant());
    match (is_redundant, one.only_here.is_empty()) {
        (true, true) => format!("drop it and use {nearest}"),
        (true, false) => format!(
            "move what only it says to {nearest}, or give it work of its own and say in both \
             descriptions when to use the other"
        ),
        (false, _) => {
            format!("say in its description and in that of {nearest} when to use the other")
        }
    }
}

fn known(view: &View<'_>, n_known: usize) -> String {
    if n_known == 0 {
        return String::new();
    }
    let what = match n_known {
        1 => "1 finding about these files was there before the change.".to_owned(),
        n => format!(
            "{} findings about these files were there before the change.",
            thousands(n as u64)
        ),
    };
    let line = format!("{what} `agent-overlap audit` shows all.");
    view.page
        .paint(DIM, view.page.hang("", 0, &line).trim_end())
}

fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Duplicate | Verdict::Redundant | Verdict::Conflicts => WARNING,
        Verdict::Overlaps => NOTE,
        Verdict::New => GOOD,
    }
}
