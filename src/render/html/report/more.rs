//! What is at the end of the page: repeated blocks, what is kept quiet, trouble in
//! the input, and files that were left out.

use super::{Section, View, agent_link, place};
use crate::render::html::markup::Markup;
use crate::render::wording::allowed_by;

pub(super) fn boilerplate(view: &View<'_>) -> Section {
    let blocks = &view.report.boilerplate;
    let mut body = Markup::default();
    body.raw(
        "<p class=\"lead\">Text that stands in many agents and could stand in one place.</p>\n",
    );
    for block in blocks {
        body.raw("<article class=\"group\">\n<h3>")
            .count(block.agents.len())
            .raw(" agents, ")
            .count(block.tokens_saved as usize)
            .raw(" tokens</h3>\n<blockquote class=\"lines\">");
        for line in block.text.lines() {
            body.raw("<p>").text(line).raw("</p>");
        }
        body.raw("</blockquote>\n<details><summary>Who repeats it</summary><p class=\"who\">");
        for (at, &id) in block.agents.iter().enumerate() {
            body.raw(if at == 0 { "" } else { ", " }).append(agent_link(view.agent(id)));
        }
        body.raw("</p></details>\n</article>\n");
    }
    Section {
        id: "boilerplate",
        title: "Repeated blocks",
        needs_script: false,
        count: blocks.len(),
        body,
    }
}

/// Findings that stay quiet, with who keeps them so.
pub(super) fn allowed(view: &View<'_>) -> Section {
    let allowed = &view.report.allowed;
    let mut body = Markup::default();
    body.raw("<ul class=\"quotes\">\n");
    for one in allowed {
        body.raw("<li><code>").raw(one.rule.id()).raw("</code> ").prose(&one.message);
        for quoted in &one.places {
            body.raw(" ").append(place(&quoted.path, quoted.line));
        }
        body.raw(" · ").prose(&allowed_by(one)).raw(": ").text(&one.reason).raw("</li>\n");
    }
    body.raw("</ul>\n");
    Section { id: "allowed", title: "Kept quiet", needs_script: false, count: allowed.len(), body }
}

pub(super) fn problems(view: &View<'_>) -> Section {
    let problems = &view.report.problems;
    let mut body = Markup::default();
    body.raw("<ul class=\"quotes\">\n");
    for problem in problems {
        body.raw("<li>");
        match problem.line {
            Some(line) => body.append(place(&problem.path, line)),
            None => body.raw("<span class=\"place\">").text(&problem.path).raw("</span>"),
        };
        body.raw(" ").prose(&problem.message).raw("</li>\n");
    }
    body.raw("</ul>\n");
    Section { id: "problems", title: "Problems", needs_script: false, count: problems.len(), body }
}

pub(super) fn skipped(view: &View<'_>) -> Section {
    let skipped = &view.report.skipped;
    let mut body = Markup::default();
    body.raw("<details><summary>Files that look like definitions and were not read</summary>\n<ul class=\"quotes\">\n");
    for file in skipped {
        body.raw("<li><span class=\"place\">")
            .text(&file.path)
            .raw("</span> ")
            .text(file.reason)
            .raw("</li>\n");
    }
    body.raw("</ul></details>\n");
    Section { id: "skipped", title: "Skipped", needs_script: false, count: skipped.len(), body }
}
