//! The plan of a clean-up for a person at a terminal: what it would bring,
//! then each group with what to do with which file.

use std::collections::BTreeSet;

use super::flow::{width, wrap};
use super::label::{self, Label};
use super::summary::percent;
use super::{
    BOLD, DIM, GOOD, MAX_NAME, WARNING, boilerplate, counted, listed, place, shown, thousands,
};
use crate::consolidate::{Decision, GroupPlan, Plan, PlanSummary, Reference, Written};
use crate::merge::{Action, MemberPlan};
use crate::render::Layout;
use crate::render::quote::clean;
use crate::render::wording;

/// Columns of the names of the figures.
const NAME_WIDTH: usize = 15;

/// Columns before what a group's lines say.
const INDENT: usize = 12;

type View<'a> = super::View<'a, Plan>;

/// The plan as text.
pub(in crate::render) fn consolidation(plan: &Plan, layout: &Layout) -> String {
    let view = View::new(plan, &plan.agents, layout);
    let sections = [
        summary(&view),
        groups(&view),
        replaceable(&view),
        boilerplate::section(&view, "Boilerplate to move to one place", &plan.boilerplate, |ids| {
            names(&view, ids)
        }),
        next(&view),
    ];
    super::page(&sections)
}

fn summary(view: &View<'_>) -> String {
    let plan = &view.result.summary;
    let style = if plan.groups > 0 { WARNING } else { GOOD };
    let mut out = view.page.sentence(style, "", &verdict(view));
    let figures = figures(view);
    if !figures.is_empty() {
        out.push('\n');
    }
    for (name, value) in figures {
        let label = format!("  {name:<width$}", width = NAME_WIDTH - 2);
        out.push_str(&view.page.hang(&label, NAME_WIDTH, &value));
    }
    out
}

/// What a reader takes away who reads no further.
fn verdict(view: &View<'_>) -> String {
    let plan = &view.result.summary;
    let n_gone = plan.merged + plan.dropped;
    let agents = counted(plan.agents as u64, "agent", "agents");
    let aside = match plan.mirrors {
        0 => String::new(),
        n => format!(" beside {}", counted(n as u64, "mirror", "mirrors")),
    };
    let covers = match plan.cover.agents {
        1 => "1 of them already says all".to_owned(),
        n => format!("{} of them already say all", thousands(n as u64)),
    };
    let left = thousands((plan.agents - n_gone) as u64);
    if plan.agents == 0 {
        "No agents found that could be consolidated.".to_owned()
    } else if plan.cover.agents < plan.agents && n_gone > 0 {
        format!("{agents}{aside}: {covers}; the groups below, once merged, leave {left}.")
    } else if plan.cover.agents < plan.agents {
        format!("{agents}{aside}: {covers}. No group to merge.")
    } else if n_gone > 0 {
        format!("{agents}{aside}: the groups below, once merged, leave {left}.")
    } else if plan.refused > 0 {
        format!("{agents}, none of which can be merged without a loss.")
    } else if plan.agents == 1 {
        "1 agent: nothing to consolidate.".to_owned()
    } else {
        format!("Nothing to consolidate: {agents}, none of which could be left out.")
    }
}

fn figures(view: &View<'_>) -> Vec<(&'static str, String)> {
    let plan = &view.result.summary;
    let mut figures = Vec::new();
    if plan.agents > 1 {
        figures.push(("As it is", cover(view)));
    }
    let n_gone = (plan.merged + plan.dropped) as u64;
    if plan.merged > 0 {
        let agents = match plan.merged {
            1 => "1 agent into another one".to_owned(),
            n => format!("{} agents into others", thousands(n as u64)),
        };
        let statements = counted(plan.moved_statements as u64, "statement", "statements");
        let owners = if plan.merged == 1 { "it has" } else { "they have" };
        let value = match plan.moved_statements {
            0 => format!("{agents}, moving parts of descriptions or frontmatter"),
            _ => format!("{agents}, moving {statements} that only {owners}"),
        };
        figures.push(("Merge", value));
    }
    if plan.dropped > 0 {
        let value = match plan.dropped {
            1 => "1 agent that says nothing of its own".to_owned(),
            n => format!("{} agents that say nothing of their own", thousands(n as u64)),
        };
        figures.push(("Drop", value));
    }
    if n_gone > 0 {
        let tokens = plan.tokens;
        let files = counted(n_gone, "file", "files");
        let drafts = tokens.drafts;
        let after = drafts.after - drafts.comments;
        let saved = drafts.before.saturating_sub(after);
        let mut value = format!(
            "{files} and {} of {} tokens ({} %)",
            thousands(saved),
            thousands(tokens.total),
            percent(saved, tokens.total)
        );
        if saved == 0 {
            let more = counted(after - drafts.before, "token", "tokens");
            value = format!("{files}, but no text, which becomes {more} longer");
        }
        if tokens.descriptions_saved > 0 && tokens.descriptions_saved <= saved {
            let of_descriptions = thousands(tokens.descriptions_saved);
            value.push_str(&format!(", {of_descriptions} of them in descriptions"));
        }
        figures.push(("Saves", value));
    }
    if plan.merged > 0 {
        let is_written = view.result.written.is_some();
        let name = if is_written { "Written" } else { "Drafts" };
        figures.push((name, drafts(view)));
    }
    if plan.groups > 0 {
        figures.push(("Checked", checked(view)));
    }
    if !view.result.apart.is_empty() {
        figures.push(("Left apart", wording::apart(&view.result.apart)));
    }
    if let Some(value) = to_decide(plan) {
        figures.push(("To decide", value));
    }
    if plan.tokens.boilerplate > 0 {
        let saved = counted(plan.tokens.boilerplate, "token", "tokens");
        let blocks = counted(view.result.boilerplate.len() as u64, "block", "blocks");
        let value = format!("{blocks} that many agents repeat: {saved} if each stood in one place");
        figures.push(("Boilerplate", value));
    }
    figures
}

/// How much there is to decide. Drafts mark more than the conflicts of the
/// report, so that their marks are what is counted; without a draft nothing is
/// marked.
fn to_decide(plan: &PlanSummary) -> Option<String> {
    if plan.marks > 0 {
        let places = counted(plan.marks as u64, "place", "places");
        return Some(format!("{places} that the drafts mark with DECIDE"));
    }
    let conflicts = counted(plan.decisions as u64, "conflict", "conflicts");
    (plan.decisions > 0).then(|| format!("{conflicts} between agents that become one"))
}

/// What the drafts come to, which is more than the plan moves.
fn drafts(view: &View<'_>) -> String {
    let tokens = view.result.summary.tokens.drafts;
    let mut value =
        format!("{} become {}", counted(tokens.before, "token", "tokens"), thousands(tokens.after));
    if tokens.comments > 0 {
        let comments = thousands(tokens.comments);
        let why = match view.result.with_origin {
            true => {
                "comments that say where a piece comes from (`--no-origin` leaves them out) \
                     or what to decide"
            }
            false => "comments that say what to decide",
        };
        value.push_str(&format!(", {comments} of them in {why}"));
    }
    value
}

/// What the proof says that nothing is lost.
fn checked(view: &View<'_>) -> String {
    let plan = &view.result.summary;
    let parts = [
        (plan.placed, "statement", "statements"),
        (plan.sentences, "sentence of descriptions", "sentences of descriptions"),
        (plan.fields, "field of frontmatter", "fields of frontmatter"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(n, ..)| *n > 0)
        .map(|(n, one, many)| counted(n as u64, one, many))
        .collect();
    let mut sentences = Vec::new();
    if !parts.is_empty() {
        let mut value = format!("{} of these files are in what they become", listed(&parts));
        if plan.in_like_words > 0 {
            let statements = counted(plan.in_like_words as u64, "statement", "statements");
            value.push_str(&format!(", {statements} in like words"));
        }
        sentences.push(format!("{value}; none is lost"));
    }
    match plan.refused {
        0 => {}
        1 => sentences.push(
            "1 group would lose something: it stays as it is and counts for nothing here"
                .to_owned(),
        ),
        n => sentences.push(format!(
            "{} groups would lose something: they stay as they are and count for nothing here",
            thousands(n as u64)
        )),
    }
    sentences.join(". ")
}

/// The smallest set of agents, and how sure it is that it is the smallest.
fn cover(view: &View<'_>) -> String {
    let plan = &view.result.summary;
    let cover = plan.cover;
    if cover.agents == plan.agents {
        let mirrors = match plan.mirrors {
            0 => String::new(),
            n => format!(
                ", {} aside",
                counted(n as u64, "copy that a tool makes", "copies that tools make")
            ),
        };
        return format!(
            "each of the {} says something that no other one says{mirrors}",
            thousands(plan.agents as u64)
        );
    }
    let all = thousands(plan.agents as u64);
    if cover.agents == 1 {
        return format!("1 of the {all} says all that is said here, in the same or like words");
    }
    let bound = if cover.exact {
        "no fewer do".to_owned()
    } else {
        format!("at least {} are needed", thousands(cover.at_least as u64))
    };
    format!(
        "{} of the {all} together say all that is said here, in the same or like words; {bound}",
        thousands(cover.agents as u64)
    )
}

fn groups(view: &View<'_>) -> String {
    let groups = &view.result.groups;
    if groups.is_empty() {
        return String::new();
    }
    let mut out = view.page.heading("Groups");
    let shown = shown(groups, view.layout.limits.groups);
    for (at, group) in shown.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        out.push_str(&one_group(view, group));
    }
    let n_more = groups.len() - shown.len();
    if n_more > 0 {
        out.push('\n');
    }
    out + &view.more(" ", n_more, "more group", "more groups")
}

fn one_group(view: &View<'_>, group: &GroupPlan) -> String {
    let page = &view.page;
    let number = format!("{:>3}. ", group.id + 1);
    let files = counted(group.files_saved as u64, "file", "files");
    let saved = u64::try_from(group.draft.tokens_saved()).unwrap_or(0);
    let mut saves = match saved {
        0 => format!("saves {files}, no text"),
        _ => format!("saves {files} and {}", counted(saved, "token", "tokens")),
    };
    if (1..=saved).contains(&group.description_tokens_saved) {
        let of_descriptions = thousands(group.description_tokens_saved);
        saves.push_str(&format!(", {of_descriptions} in descriptions"));
    }
    if !group.is_safe() {
        saves = "stays as it is".to_owned();
    }
    let relation = group.relation.as_str();
    let mut out =
        page.hang(&page.paint(BOLD, &number), width(&number), &format!("{relation}: {saves}"));
    let members = shown(&group.members, view.layout.limits.members);
    let labels: Vec<&Label> = members.iter().map(|one| view.label(one.agent)).collect();
    let lines = label::lines(&labels, page.width - INDENT);
    for (member, lines) in members.iter().zip(&lines) {
        out.push_str(&one_member(view, group, member, lines));
    }
    let indent = " ".repeat(INDENT);
    let n_more = group.members.len() - members.len();
    out.push_str(&view.more(&indent, n_more, "more member", "more members"));
    let decisions = shown(&group.decisions, view.layout.limits.places);
    for decision in decisions {
        out.push_str(&one_decision(view, decision));
    }
    let n_more = group.decisions.len() - decisions.len();
    out.push_str(&view.more(&indent, n_more, "more conflict", "more conflicts"));
    out.push_str(&other_marks(view, group));
    if let Some(fault) = group.draft.check.faults.first() {
        let label = page.paint(WARNING, "     stays  ");
        let more = match group.draft.check.faults.len() {
            1 => String::new(),
            n => format!(" (and {} more)", n - 1),
        };
        let value = format!("not to be merged by the program: {}{more}", clean(fault));
        out.push_str(&page.hang(&label, INDENT, &value));
    }
    if !group.references.is_empty() {
        let label = page.paint(WARNING, "     rename ");
        let name = clean(&group.references[0].instead);
        let value = format!("to `{name}`: {}", references(view, &group.references));
        out.push_str(&page.hang(&label, INDENT, &value));
    }
    if !group.mirrors.is_empty() {
        let label = page.paint(DIM, "     renew  ");
        let mirrors = counted(group.mirrors.len() as u64, "copy", "copies");
        let paths: Vec<String> = shown(&group.mirrors, view.layout.limits.members)
            .iter()
            .map(|&id| view.label(id).path.clone())
            .collect();
        let mut value = format!("{mirrors} in other folders: {}", paths.join(", "));
        if paths.len() < group.mirrors.len() {
            value.push_str(", …");
        }
        out.push_str(&page.hang(&label, INDENT, &value));
    }
    out
}

/// `lines` are those of its name or path.
fn one_member(view: &View<'_>, group: &GroupPlan, member: &MemberPlan, lines: &[String]) -> String {
    let page = &view.page;
    let style = match member.action {
        Action::Keep => GOOD,
        Action::Merge => WARNING,
        Action::Drop => DIM,
    };
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        let action = if at == 0 { member.action.as_str() } else { "" };
        let label = page.paint(style, &format!("     {action:<7}"));
        out.push_str(&format!("{label}{line}\n"));
    }
    // That the first one could replace the others is why it is the first.
    if member.agent != group.keep {
        let indent = " ".repeat(INDENT + 2);
        for line in wrap(&member.reason, page.prose - INDENT - 2, page.prose - INDENT - 2, 4) {
            out.push_str(&format!("{indent}{}\n", page.paint(DIM, &line)));
        }
    }
    out
}

fn one_decision(view: &View<'_>, decision: &Decision) -> String {
    let page = &view.page;
    let places: Vec<String> =
        decision.evidence.iter().take(2).map(|quote| place(&quote.path, quote.line)).collect();
    let label = page.paint(WARNING, "     decide ");
    let mut out = page.hang(&label, INDENT, &clean(&decision.message));
    let indent = " ".repeat(INDENT + 2);
    for place in places {
        out.push_str(&format!("{indent}{}\n", page.paint(DIM, &place)));
    }
    out
}

/// What a draft marks beside the conflicts of the report.
fn other_marks(view: &View<'_>, group: &GroupPlan) -> String {
    let n_more = group.draft.marks.saturating_sub(group.decisions.len());
    if n_more == 0 || !group.is_safe() {
        return String::new();
    }
    let places = match group.decisions.len() {
        0 => counted(n_more as u64, "place", "places"),
        _ => counted(n_more as u64, "more place", "more places"),
    };
    let value = format!("{places} that the draft marks with DECIDE");
    view.page.hang(&view.page.paint(WARNING, "     decide "), INDENT, &value)
}

/// Where names of agents that go stand, as far as there is room.
fn references(view: &View<'_>, references: &[Reference]) -> String {
    let shown = shown(references, view.layout.limits.places);
    let places: Vec<String> = shown
        .iter()
        .map(|reference| {
            let name = clean(&reference.name);
            format!("{} (`{name}`)", place(&reference.path, reference.line))
        })
        .collect();
    match references.len() - shown.len() {
        0 => places.join(", "),
        more => {
            view.is_cut.set(true);
            format!("{} + {more} more", places.join(", "))
        }
    }
}

/// Agents of which others say everything, those that go anyway left out.
fn replaceable(view: &View<'_>) -> String {
    let members = view.result.groups.iter().flat_map(|group| &group.members);
    let going: BTreeSet<u32> =
        members.filter(|member| member.action != Action::Keep).map(|member| member.agent).collect();
    let agents: Vec<_> = view
        .result
        .replaceable
        .iter()
        .filter(|replaceable| !going.contains(&replaceable.agent))
        .collect();
    if agents.is_empty() {
        return String::new();
    }
    let mut out = view.page.heading("Agents whose statements all stand elsewhere");
    let remark = "Their advice would not be lost without them, but nobody might answer to their \
                  requests: their role is not in any group.";
    out.push_str(&view.page.sentence(DIM, "", remark));
    out.push('\n');
    let shown = shown(&agents, view.layout.limits.groups);
    for replaceable in shown {
        let name = view.label(replaceable.agent).short(MAX_NAME);
        let value = if replaceable.by.is_empty() {
            "it says nothing".to_owned()
        } else {
            format!("said by {}", names(view, &replaceable.by))
        };
        out.push_str(&format!(" {}\n", view.page.paint(BOLD, &name)));
        out.push_str(&view.page.hang("   ", 3, &value));
    }
    out + &view.more(" ", agents.len() - shown.len(), "more agent", "more agents")
}

/// Where drafts may go: no folder that is read.
fn write_to(paths: &[String]) -> &'static str {
    let is_here = |path: &String| matches!(path.as_str(), "." | "./");
    match paths.is_empty() || paths.iter().any(is_here) {
        true => "--write ../drafts",
        false => "--write drafts",
    }
}

/// What was written, and what to do next.
fn next(view: &View<'_>) -> String {
    let plan = view.result;
    let mut steps: Vec<(String, Option<&str>)> = Vec::new();
    let is_merge = plan.groups.iter().any(GroupPlan::is_merge);
    match &plan.written {
        None if is_merge => {
            steps.push((
                "Write the merged agents as drafts to a new folder, and read them:".to_owned(),
                Some(write_to(&view.layout.paths)),
            ));
            steps.push((
                "Or change the files in place, where git can undo it:".to_owned(),
                Some("--apply"),
            ));
        }
        None if !plan.groups.is_empty() => steps
            .push(("Remove the files that go, where git can undo it:".to_owned(), Some("--apply"))),
        None => {}
        Some(written) => {
            steps.push((done(written), None));
            if plan.summary.marks > 0 && !written.changed.is_empty() {
                let what = "Search the merged files for DECIDE: each marks a conflict with both \
                            quotes, other frontmatter, or steps and formats that stand against \
                            each other.";
                steps.push((what.to_owned(), None));
            }
            let mut groups = plan.groups.iter();
            if groups.any(|group| !group.references.is_empty()) {
                let what = "Rename the calls of agents that go: they stand under `rename` above, with \
                            the lines of the files as they were.";
                steps.push((what.to_owned(), None));
            }
        }
    }
    if view.is_cut.get() {
        steps.push(("Read the whole plan:".to_owned(), Some("--all")));
    }
    if steps.is_empty() {
        return String::new();
    }
    let title = if plan.written.is_some() { "Done" } else { "What to do next" };
    let mut out = view.page.heading(title);
    for (what, flags) in steps {
        out.push_str(&view.page.hang("  ", 2, &what));
        if let Some(flags) = flags {
            out.push_str(&super::next::command(view, "consolidate", flags, "    "));
        }
    }
    out
}

fn done(written: &Written) -> String {
    let n_changed = written.changed.len() as u64;
    if n_changed == 0 && written.removed.is_empty() {
        return "Nothing to merge: no file was written.".to_owned();
    }
    match &written.folder {
        Some(folder) => format!(
            "Wrote {} to `{}`. Nothing else was changed.",
            counted(n_changed, "draft", "drafts"),
            clean(folder)
        ),
        None => format!(
            "Changed {} and removed {}. `git diff` shows it, `git checkout .` undoes it.",
            counted(n_changed, "file", "files"),
            thousands(written.removed.len() as u64)
        ),
    }
}

/// `a, b and c`, or as many as there is room for and how many more.
fn names(view: &View<'_>, ids: &[u32]) -> String {
    let shown = shown(ids, view.layout.limits.members);
    if shown.len() < ids.len() {
        return view.names(ids);
    }
    let labels: Vec<&Label> = ids.iter().map(|id| view.label(*id)).collect();
    listed(&label::names(&labels, MAX_NAME, view.room_for_path()))
}
