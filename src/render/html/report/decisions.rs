//! What agents decide for: as a matrix of agents and decisions, and for each
//! decision who takes which side.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Section, View, agent_link_by_path};
use crate::render::html::markup::Markup;
use crate::report::{DecisionInfo, SideInfo};

/// Columns and rows of the matrix. A larger one is not read; the list below it
/// has the others.
const MAX_COLUMNS: usize = 14;
const MAX_ROWS: usize = 60;

/// Decisions up to which all of the list are open from the beginning.
const MAX_OPEN: usize = 6;

/// Agents that are named for one side.
const MAX_NAMES: usize = 60;

/// By agent and title of the decision: the place of a finding about both.
type Disputed<'a> = BTreeMap<(u32, &'a str), usize>;

pub(super) fn section(view: &View<'_>) -> Section {
    let mut decisions: Vec<&DecisionInfo> = view.report.decisions.iter().collect();
    decisions.retain(|decision| decision.agents().len() > 1);
    let disputed: Disputed<'_> = view
        .conflicts
        .iter()
        .flat_map(|(at, finding)| {
            let title = finding.facet.as_deref().unwrap_or_default();
            let agents = finding.agents.iter();
            agents.map(move |&agent| ((agent, title), *at))
        })
        .collect();
    // Sorted by agents before, and still so among those disputed and the others.
    let titles: BTreeSet<&str> = disputed.keys().map(|&(_, title)| title).collect();
    decisions.sort_by_key(|decision| !titles.contains(decision.title.as_str()));
    let mut body = Markup::default();
    body.raw("<p class=\"lead\">What agents decide for in so many words, where more than one does. A marked cell is part of a conflict. What is said in passing, as a run of npm, counts in conflicts and does not stand here.</p>\n")
        .append(matrix(view, &decisions, &disputed));
    for decision in &decisions {
        body.append(one(view, decision, decisions.len() <= MAX_OPEN));
    }
    Section {
        id: "decisions",
        title: "Decisions",
        needs_script: false,
        count: decisions.len(),
        body,
    }
}

fn matrix(view: &View<'_>, decisions: &[&DecisionInfo], disputed: &Disputed<'_>) -> Markup {
    let columns = &decisions[..decisions.len().min(MAX_COLUMNS)];
    let mut cells: BTreeMap<u32, BTreeMap<usize, Vec<&SideInfo>>> = BTreeMap::new();
    for (column, decision) in columns.iter().enumerate() {
        for side in &decision.sides {
            for said in &side.said_by {
                let row = cells.entry(said.agent).or_default();
                row.entry(column).or_default().push(side);
            }
        }
    }
    let all: BTreeSet<u32> = decisions.iter().flat_map(|decision| decision.agents()).collect();
    let n_agents = all.len();
    let n_disputed = |id: u32| {
        let titles = columns.iter().map(|decision| decision.title.as_str());
        titles.filter(|&title| disputed.contains_key(&(id, title))).count()
    };
    let mut rows: Vec<u32> = cells.keys().copied().collect();
    rows.sort_by_cached_key(|&id| Reverse((n_disputed(id), cells[&id].len())));
    rows.truncate(MAX_ROWS);
    let n_rows = rows.len();
    rows.sort_by_key(|&id| (!view.agent(id).applies_always(), id));

    let mut out = Markup::default();
    out.raw(
        "<div class=\"scroll\"><table class=\"stances\">\n<thead><tr><th scope=\"col\">Agent</th>",
    );
    for decision in columns {
        out.raw("<th scope=\"col\"><span>").text(&decision.title).raw("</span></th>");
    }
    out.raw("</tr></thead>\n<tbody>\n");
    for id in rows {
        out.raw("<tr><th scope=\"row\">").append(agent_link_by_path(view, id)).raw("</th>");
        for (column, decision) in columns.iter().enumerate() {
            let sides = cells[&id].get(&column).map_or(&[][..], Vec::as_slice);
            out.append(cell(sides, disputed.get(&(id, decision.title.as_str()))));
        }
        out.raw("</tr>\n");
    }
    out.raw("</tbody></table></div>\n");
    if n_agents > n_rows || decisions.len() > MAX_COLUMNS {
        out.raw("<p class=\"facts\">The matrix shows ")
            .count(n_rows)
            .raw(" of the ")
            .count(n_agents)
            .raw(" definitions that decide something and ")
            .count(columns.len())
            .raw(" of ")
            .count(decisions.len())
            .raw(" decisions, those in conflict first; the list has all decisions.</p>\n");
    }
    out
}

fn cell(sides: &[&SideInfo], finding: Option<&usize>) -> Markup {
    // What is taken first, each once.
    let mut labels: Vec<(bool, String)> =
        sides.iter().map(|side| (!side.takes, side.label())).collect();
    labels.sort();
    labels.dedup();
    let labels: Vec<String> = labels.into_iter().map(|(_, label)| label).collect();
    let label = labels.join(", ");
    let mut out = Markup::default();
    match finding {
        Some(&at) if !label.is_empty() => out
            .raw("<td class=\"disputed\"><a href=\"#finding-")
            .number(at as u64)
            .raw("\">")
            .text(&label)
            .raw("</a></td>"),
        _ => out.raw("<td>").text(&label).raw("</td>"),
    };
    out
}

/// A decision with its sides.
fn one(view: &View<'_>, decision: &DecisionInfo, is_open: bool) -> Markup {
    let mut out = Markup::default();
    out.raw("<details class=\"block\"")
        .raw(if is_open { " open" } else { "" })
        .raw("><summary><h3>")
        .text(&decision.title)
        .raw(" <span class=\"n\">")
        .count(decision.agents().len())
        .raw("</span></h3></summary>\n<dl class=\"figures\">\n");
    for side in &decision.sides {
        out.raw("<div><dt>").text(&side.label()).raw("</dt><dd>");
        for (at, said) in side.said_by.iter().take(MAX_NAMES).enumerate() {
            out.raw(if at == 0 { "" } else { ", " }).append(agent_link_by_path(view, said.agent));
        }
        if let n_more @ 1.. = side.said_by.len().saturating_sub(MAX_NAMES) {
            out.raw(" and ").count(n_more).raw(" more");
        }
        out.raw("</dd></div>\n");
    }
    out.raw("</dl>\n</details>\n");
    out
}
