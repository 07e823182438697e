//! The report as a page: the verdict with what to do, then the groups, the
//! conflicts, the decisions, the other findings, the pairs that overlap, two
//! pictures of what is alike, and all agents.

use std::collections::BTreeMap;

use super::markup::Markup;
use super::page;
use crate::finding::Finding;
use crate::render::wording::are_telling_names;
use crate::report::{AgentInfo, GroupInfo, PairInfo, Report};
use crate::review::Review;

mod agents;
mod data;
mod decisions;
mod findings;
mod graph;
mod groups;
mod more;
mod overview;
mod pairs;
mod review;
mod similarity;

/// What all sections need to know.
struct View<'a> {
    report: &'a Report,
    /// Pairs by their ids.
    pairs: BTreeMap<(u32, u32), &'a PairInfo>,
    /// By agent: the group that it belongs to.
    group_of: Vec<Option<&'a GroupInfo>>,
    /// The findings with their places in the report: those about a decision
    /// that was taken in more than one way, and the others.
    conflicts: Vec<(usize, &'a Finding)>,
    others: Vec<(usize, &'a Finding)>,
    /// By agent: whether its name says who is meant.
    are_telling: Vec<bool>,
    /// How many agents have a path that ends so.
    n_ends: BTreeMap<&'a str, usize>,
    /// The agents of the picture of similarity.
    order: similarity::Order,
}

/// A part of the page: where links lead, what it is called, what stands in it.
struct Section {
    id: &'static str,
    title: &'static str,
    /// Whether it says nothing without the script.
    needs_script: bool,
    count: usize,
    body: Markup,
}

/// The report as a page.
///
/// # Errors
/// None that is known: the data of a report can be written as JSON.
pub(in crate::render) fn report(report: &Report) -> serde_json::Result<String> {
    let view = View::new(report);
    page_of(&view, overview::section(&view))
}

/// A review as a page.
///
/// # Errors
/// As [`report`].
pub(in crate::render) fn review(review: &Review) -> serde_json::Result<String> {
    let view = View::new(&review.report);
    page_of(&view, review::section(&view, review))
}

/// The graph of a report as a picture by itself.
pub(in crate::render) fn svg(report: &Report) -> String {
    graph::svg(&View::new(report))
}

/// A page that begins with `overview` and goes on with what else there is.
fn page_of(view: &View<'_>, overview: Markup) -> serde_json::Result<String> {
    let report = view.report;
    let sections: Vec<Section> = [
        groups::section(view),
        findings::conflicts(view),
        decisions::section(view),
        findings::others(view),
        pairs::likely(view),
        pairs::section(view),
        graph::section(view),
        similarity::section(view),
        more::boilerplate(view),
        agents::section(view),
        more::allowed(view),
        more::problems(view),
        more::skipped(view),
    ]
    .into_iter()
    .filter(|section| section.count > 0)
    .collect();

    let mut body = Markup::default();
    body.raw(
        "<a class=\"skip\" href=\"#main\">Skip to the report</a>\n<header>\n<p class=\"brand\">",
    )
    .text(report.tool.name)
    .raw("</p>\n<nav aria-label=\"Sections\"><ul>\n<li><a href=\"#overview\">Overview</a></li>\n");
    for section in &sections {
        body.raw(if section.needs_script {
            "<li class=\"script\"><a href=\"#"
        } else {
            "<li><a href=\"#"
        })
        .raw(section.id)
        .raw("\">")
        .raw(section.title)
        .raw(" <span class=\"n\">")
        .count(section.count)
        .raw("</span></a></li>\n");
    }
    body.raw("</ul></nav>\n</header>\n<main id=\"main\" tabindex=\"-1\">\n").append(overview);
    for section in sections {
        body.raw(if section.needs_script {
            "<section class=\"script\" id=\""
        } else {
            "<section id=\""
        })
        .raw(section.id)
        .raw("\" aria-labelledby=\"h-")
        .raw(section.id)
        .raw("\">\n<h2 id=\"h-")
        .raw(section.id)
        .raw("\">")
        .raw(section.title)
        .raw("</h2>\n")
        .append(section.body)
        .raw("</section>\n");
    }
    body.raw("</main>\n<footer><p>Made by ")
        .text(report.tool.name)
        .raw(" ")
        .text(report.tool.version)
        .raw(", on one machine and without a model. Tokens are estimates.</p></footer>\n")
        .raw("<dialog id=\"view\" aria-labelledby=\"view-title\"></dialog>\n");
    let mut data = Markup::default();
    data.json(&data::data(view))?;
    Ok(page::report("Agent overlap report", body, data))
}

impl<'a> View<'a> {
    fn new(report: &'a Report) -> Self {
        let mut n_ends = BTreeMap::new();
        for agent in &report.agents {
            *n_ends.entry(path_end(&agent.path)).or_default() += 1;
        }
        let findings = report.findings.iter().enumerate();
        let (conflicts, others) = findings
            .partition(|(_, finding)| finding.rule.is_conflict() && finding.facet.is_some());
        let pairs = report.pairs.iter();
        Self {
            report,
            pairs: pairs.map(|pair| ((pair.left, pair.right), pair)).collect(),
            group_of: report.group_of(),
            conflicts,
            others,
            are_telling: are_telling_names(&report.agents),
            n_ends,
            order: similarity::order(report),
        }
    }

    fn agent(&self, id: u32) -> &'a AgentInfo {
        &self.report.agents[id as usize]
    }

    /// The pair of two agents, and the shares of the first and of the second
    /// that the other one says too.
    fn pair(&self, one: u32, other: u32) -> Option<(&'a PairInfo, f64, f64)> {
        let pair = *self.pairs.get(&(one.min(other), one.max(other)))?;
        Some(if one < other {
            (pair, pair.left_in_right, pair.right_in_left)
        } else {
            (pair, pair.right_in_left, pair.left_in_right)
        })
    }
}

/// An agent's name, which leads to what is known of it.
fn agent_link(agent: &AgentInfo) -> Markup {
    link_to(agent, name(agent))
}

/// The same, where agents of one name are told apart: by the ends of their
/// paths, or by all of these.
fn agent_link_by_path(view: &View<'_>, id: u32) -> Markup {
    let agent = view.agent(id);
    let is_telling = view.are_telling[id as usize] && !agent.applies_always();
    let end = path_end(&agent.path);
    let label = match view.n_ends[end] {
        _ if is_telling => name(agent),
        1 => end,
        _ => &agent.path,
    };
    link_to(agent, label)
}

/// A file's name with the folder that it lies in.
fn path_end(path: &str) -> &str {
    let slash = path.rmatch_indices('/').nth(1);
    slash.map_or(path, |(at, _)| &path[at + 1..])
}

fn link_to(agent: &AgentInfo, label: &str) -> Markup {
    let mut out = Markup::default();
    out.raw("<a href=\"#agent-").number(agent.id).raw("\">").text(label).raw("</a>");
    out
}

/// What an agent is called, or where it lies if it is called nothing.
fn name(agent: &AgentInfo) -> &str {
    if crate::render::quote::clean(&agent.name).is_empty() { &agent.path } else { agent.label() }
}

/// A link that opens the matches of a pair.
fn pair_link(pair: &PairInfo) -> Markup {
    let mut out = Markup::default();
    out.raw("<a class=\"open script\" href=\"#pair-")
        .number(pair.left)
        .raw("-")
        .number(pair.right)
        .raw("\">Side by side</a>");
    out
}

/// A share as a bar and in percent.
fn bar(share: f64) -> Markup {
    let percent = (share.clamp(0.0, 1.0) * 100.0).round() as u64;
    let mut out = bar_of(percent);
    out.number(percent).raw(" %</span>");
    out
}

/// How many of all as a bar and in numbers.
fn count_bar(n: usize, n_all: usize) -> Markup {
    let mut out = bar_of((n * 100 / n_all.max(1)) as u64);
    out.count(n).raw(" of ").count(n_all).raw("</span>");
    out
}

/// The bar alone, with what stands beside it to be closed.
fn bar_of(percent: u64) -> Markup {
    let mut out = Markup::default();
    out.raw("<span class=\"share\"><svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect width=\"")
        .number(percent)
        .raw("\" height=\"8\"/></svg>");
    out
}

/// `path:line`.
fn place(path: &str, line: u32) -> Markup {
    let mut out = Markup::default();
    out.raw("<span class=\"place\">").text(path).raw(":").number(line).raw("</span>");
    out
}
