//! Pairs that may well be one job, and those that only have something in common.

use super::{Section, View, agent_link, bar, pair_link};
use crate::render::html::markup::Markup;
use crate::render::wording::{LIKELY_ONE_JOB, likely_one_job, overlaps};
use crate::report::PairInfo;

/// Pairs in the table. The others stand with each agent.
const MAX_PAIRS: usize = 100;

/// Those that may well be one job, to be read side by side.
pub(super) fn likely(view: &View<'_>) -> Section {
    let pairs = likely_one_job(view.report);
    let mut body = Markup::default();
    body.raw("<p class=\"lead\">")
        .raw(LIKELY_ONE_JOB)
        .raw(". The nearest stand first.</p>\n")
        .append(table(view, &pairs));
    Section { id: "likely", title: "To read", needs_script: false, count: pairs.len(), body }
}

pub(super) fn section(view: &View<'_>) -> Section {
    let pairs = overlaps(view.report);
    let mut body = Markup::default();
    body.raw("<p class=\"lead\">Agents that share a part of their scope or advice, or a template. The bars show how much of each is like the other by its rare words.</p>\n")
        .append(table(view, &pairs));
    Section { id: "pairs", title: "Overlaps", needs_script: false, count: pairs.len(), body }
}

fn table(view: &View<'_>, pairs: &[&PairInfo]) -> Markup {
    let mut body = Markup::default();
    body.raw("<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Agent</th><th scope=\"col\">Like the other</th><th scope=\"col\">Agent</th><th scope=\"col\">Like the other</th><th scope=\"col\">Relation</th><th scope=\"col\">Redundancy</th><th scope=\"col\" class=\"script\"><span class=\"hidden\">Matches</span></th></tr></thead>\n<tbody>\n");
    for pair in pairs.iter().take(MAX_PAIRS) {
        body.raw("<tr><td>")
            .append(agent_link(view.agent(pair.left)))
            .raw("</td><td>")
            .append(bar(pair.left_in_right))
            .raw("</td><td>")
            .append(agent_link(view.agent(pair.right)))
            .raw("</td><td>")
            .append(bar(pair.right_in_left))
            .raw("</td><td>")
            .raw(pair.relation.as_str())
            .raw("</td><td>")
            .text(&format!("{:.2}", pair.redundancy))
            .raw("</td><td class=\"script\">")
            .append(pair_link(pair))
            .raw("</td></tr>\n");
    }
    body.raw("</tbody></table></div>\n");
    if let n_more @ 1.. = pairs.len().saturating_sub(MAX_PAIRS) {
        body.raw("<p class=\"facts\">These are the most alike. ")
            .count(n_more)
            .raw(" more stand with each agent.</p>\n");
    }
    body
}
