//! Each group: whom to keep, how much of the others it says already, and what
//! would be lost with them.

use super::{Section, View, agent_link, agent_link_by_path, count_bar, name, pair_link};
use crate::render::html::markup::Markup;
use crate::render::wording::UNLIKE;
use crate::report::{GroupInfo, MatchInfo, MissingInfo, PairInfo};

/// Shared statements that are quoted where a reader has not asked for a pair.
const MAX_SHARED: usize = 5;

pub(super) fn section(view: &View<'_>) -> Section {
    let mut body = Markup::default();
    if !view.report.groups.is_empty() {
        body.raw("<p class=\"lead\">One agent of each group could do the work of the others. The bar shows how many of an agent's statements the kept one says already.</p>\n");
    }
    for group in &view.report.groups {
        body.append(one(view, group));
    }
    if !view.report.apart.is_empty() {
        body.append(apart(view));
    }
    Section {
        id: "groups",
        title: "Groups",
        needs_script: false,
        count: view.report.groups.len() + view.report.apart.len(),
        body,
    }
}

/// Groups that are as alike, but of which none can go.
fn apart(view: &View<'_>) -> Markup {
    let mut out = Markup::default();
    out.raw("<article class=\"group\">\n<h3>As alike, but none can stand in for another one</h3>\n<ul>\n");
    for group in &view.report.apart {
        out.raw("<li>");
        for (at, &id) in group.members.iter().enumerate() {
            out.raw(if at > 0 { ", " } else { "" }).append(agent_link_by_path(view, id));
        }
        out.raw(" (").text(group.reason).raw(")</li>\n");
    }
    out.raw("</ul>\n</article>\n");
    out
}

fn one(view: &View<'_>, group: &GroupInfo) -> Markup {
    let keep = view.agent(group.keep);
    let mut out = Markup::default();
    out.raw("<article class=\"group\" id=\"group-")
        .number(group.id + 1)
        .raw("\">\n<h3>")
        .number(group.id + 1)
        .raw(". Keep ")
        .append(agent_link(keep))
        .raw("</h3>\n<p class=\"facts\"><span class=\"tag\">")
        .raw(group.relation.as_str())
        .raw("</span> saves ")
        .count(group.tokens_saved as usize)
        .raw(" tokens · ");
    match group.missing_units {
        0 if group.missing_parts > 0 => {
            out.raw("parts of descriptions or frontmatter have to be moved first")
        }
        0 => out.raw("nothing would be lost"),
        1 => out.raw("1 statement has to be moved first"),
        n => out.count(n).raw(" statements have to be moved first"),
    };
    if group.hardly_alike {
        out.raw(" · ").raw(UNLIKE);
    }
    out.raw("</p>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Agent</th><th scope=\"col\">Said by the kept one</th><th scope=\"col\" class=\"num\">Tokens</th><th scope=\"col\" class=\"script\"><span class=\"hidden\">Matches</span></th></tr></thead>\n<tbody>\n");
    out.raw("<tr class=\"keep\"><th scope=\"row\"><span class=\"act\">keep</span> ")
        .text(name(keep))
        .raw("<span class=\"path\">")
        .text(&keep.path)
        .raw("</span></th><td></td><td class=\"num\">")
        .count(keep.tokens as usize)
        .raw("</td><td class=\"script\"></td></tr>\n");
    for (&id, &n_statements) in group.drop.iter().zip(&group.statements) {
        out.append(dropped(view, group, id, n_statements));
    }
    out.raw("</tbody></table></div>\n");
    let pairs = group.drop.iter();
    let pairs = pairs.filter_map(|&id| view.pair(group.keep, id));
    // Those that share the most tell best what the group is about.
    if let Some((pair, ..)) = pairs.max_by_key(|(pair, ..)| pair.n_matches) {
        out.append(shared(pair, group));
    }
    out.append(missing(view, &group.missing)).raw("</article>\n");
    out
}

fn dropped(view: &View<'_>, group: &GroupInfo, id: u32, n_statements: usize) -> Markup {
    let agent = view.agent(id);
    let pair = view.pair(id, group.keep);
    let missing = group.missing.iter().filter(|one| one.agent == id);
    let n_said = n_statements.saturating_sub(missing.count());
    let mut out = Markup::default();
    let act = if group.lacks_nothing() { "drop" } else { "merge" };
    out.raw("<tr><th scope=\"row\"><span class=\"act\">")
        .raw(act)
        .raw("</span> ")
        .append(agent_link(agent))
        .raw("<span class=\"path\">")
        .text(&agent.path)
        .raw("</span></th><td>");
    if n_statements > 0 {
        out.append(count_bar(n_said, n_statements));
    }
    out.raw("</td><td class=\"num\">")
        .count(agent.tokens as usize)
        .raw("</td><td class=\"script\">");
    if let Some((pair, ..)) = pair {
        out.append(pair_link(pair));
    }
    out.raw("</td></tr>\n");
    out
}

/// The first statements that a dropped agent shares with the kept one, without
/// those that are like each other, but not enough for nothing to be lost.
fn shared(pair: &PairInfo, group: &GroupInfo) -> Markup {
    let mut out = Markup::default();
    let is_missing = |found: &&MatchInfo| {
        let (agent, quote) = if pair.left == group.keep {
            (pair.right, &found.right)
        } else {
            (pair.left, &found.left)
        };
        let mut missing = group.missing.iter();
        missing.any(|one| (one.agent, &one.quote.text) == (agent, &quote.text))
    };
    let shared = pair.matches.iter().filter(|found| !is_missing(found));
    let shown: Vec<&MatchInfo> = shared.take(MAX_SHARED).collect();
    if shown.is_empty() {
        return out;
    }
    out.raw("<details><summary>What they share, for example</summary>\n<ul class=\"quotes\">\n");
    for found in shown {
        out.raw("<li><q>").text(&found.left.text).raw("</q>");
        if found.left.text != found.right.text {
            out.raw(" <span class=\"as\">as</span> <q>").text(&found.right.text).raw("</q>");
        }
        out.raw("</li>\n");
    }
    out.raw("</ul></details>\n");
    out
}

/// What only the dropped ones say, by agent.
fn missing(view: &View<'_>, missing: &[MissingInfo]) -> Markup {
    let mut out = Markup::default();
    if missing.is_empty() {
        return out;
    }
    out.raw("<details><summary>What only the dropped ones say (")
        .count(missing.len())
        .raw(")</summary>\n");
    for of_agent in missing.chunk_by(|a, b| a.agent == b.agent) {
        out.raw("<p class=\"who\">")
            .append(agent_link(view.agent(of_agent[0].agent)))
            .raw("</p>\n<ul class=\"quotes\">\n");
        for MissingInfo { quote, .. } in of_agent {
            out.raw("<li><span class=\"place\">:")
                .number(quote.line)
                .raw("</span> ")
                .text(&quote.text)
                .raw("</li>\n");
        }
        out.raw("</ul>\n");
    }
    out.raw("</details>\n");
    out
}
