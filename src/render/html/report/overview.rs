//! The verdict, the figures with what they mean, and what to do next.

use super::View;
use crate::finding::Rule;
use crate::render::html::markup::Markup;
use crate::render::text::{Topic, overview};
use crate::render::wording::{n_droppable, verdict};

pub(super) fn section(view: &View<'_>) -> Markup {
    let overview = overview(view.report);
    let mut out = Markup::default();
    out.raw("<section id=\"overview\" aria-labelledby=\"h-overview\">\n<h1 id=\"h-overview\">")
        .text(&verdict(view.report))
        .raw("</h1>\n");
    if !view.report.agents.is_empty() {
        out.append(tiles(view));
    }
    if !overview.steps.is_empty() {
        out.raw("<h2>What to do next</h2>\n<ol class=\"steps\">\n");
        for (topic, what) in &overview.steps {
            let anchor = anchor(view, *topic);
            let shown = if *topic == Topic::Likely { "pairs" } else { anchor };
            out.raw("<li>").prose(what).raw(" <a href=\"#").raw(anchor);
            out.raw("\">Show ").raw(shown).raw("</a></li>\n");
        }
        out.raw("</ol>\n");
    }
    out.raw("<h2>In figures</h2>\n<dl class=\"figures\">\n");
    for (name, value) in &overview.figures {
        out.raw("<div><dt>").text(name).raw("</dt><dd>").text(value).raw("</dd></div>\n");
    }
    out.raw("</dl>\n</section>\n");
    out
}

/// The figures that a reader looks for first.
fn tiles(view: &View<'_>) -> Markup {
    let summary = &view.report.summary;
    let n_droppable = n_droppable(&view.report.groups) as usize;
    let tokens_saved = summary.tokens.redundant as usize;
    let tiles = [
        (summary.agents, "", ["definition", "definitions"]),
        (n_droppable, "", ["could be merged into others"; 2]),
        (tokens_saved, "", ["token saved by that, at most", "tokens saved by that, at most"]),
        (summary.findings.error, "error", ["error", "errors"]),
        (summary.findings.warning, "warning", ["warning", "warnings"]),
        (summary.findings.note, "note", ["note", "notes"]),
    ];
    let mut out = Markup::default();
    out.raw("<ul class=\"tiles\">\n");
    for (n, class, [one, many]) in tiles {
        out.raw("<li class=\"")
            .raw(if n == 0 { "" } else { class })
            .raw("\"><b>")
            .count(n)
            .raw("</b> ")
            .raw(if n == 1 { one } else { many })
            .raw("</li>\n");
    }
    out.raw("</ul>\n");
    out
}

/// The id of the part of the page that speaks of it.
fn anchor(view: &View<'_>, topic: Topic) -> &'static str {
    match topic {
        Topic::Groups | Topic::Apart => "groups",
        Topic::Boilerplate => "boilerplate",
        Topic::Likely => "likely",
        Topic::Conflicts if view.conflicts.is_empty() => "findings",
        Topic::Conflicts => "conflicts",
        Topic::Rule(rule) => anchor_of(view, rule),
    }
}

/// The block of a rule, or the conflicts if all of its findings stand there.
fn anchor_of(view: &View<'_>, rule: Rule) -> &'static str {
    let mut others = view.others.iter();
    if others.any(|(_, finding)| finding.rule == rule) {
        super::findings::anchor(rule)
    } else {
        "conflicts"
    }
}
