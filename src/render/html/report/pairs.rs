//! Pairs that have something in common and are each worth keeping.

use super::{Section, View, agent_link, bar, pair_link};
use crate::render::html::markup::Markup;
use crate::render::wording::overlaps;

/// Pairs in the table. The others stand with each agent.
const MAX_PAIRS: usize = 100;

pub(super) fn section(view: &View<'_>) -> Section {
    let pairs = overlaps(view.report);
    let mut body = Markup::default();
    body.raw("<p class=\"lead\">Agents that share scope, advice or a template, and have work of their own. The bars show how much of each is like the other by its rare words.</p>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Agent</th><th scope=\"col\">Like the other</th><th scope=\"col\">Agent</th><th scope=\"col\">Like the other</th><th scope=\"col\">Relation</th><th scope=\"col\" class=\"script\"><span class=\"hidden\">Matches</span></th></tr></thead>\n<tbody>\n");
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
    Section {
        id: "pairs",
        title: "Overlaps",
        needs_script: false,
        count: pairs.len(),
        body,
    }
}
