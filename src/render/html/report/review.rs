//! What is said of a change: a verdict on each definition, with its nearest
//! agents and what only it says.

use super::{View, agent_link, bar, pair_link};
use crate::render::html::markup::Markup;
use crate::render::quote::clean;
use crate::render::wording::review::{
    circumstances, closest, happened, shown_closest, verdict, word,
};
use crate::review::{Neighbour, Review, Reviewed};

pub(super) fn section(view: &View<'_>, review: &Review) -> Markup {
    let base = review.base.as_deref().map(clean);
    let mut out = Markup::default();
    out.raw("<section id=\"overview\" aria-labelledby=\"h-overview\">\n<h1 id=\"h-overview\">")
        .text(&verdict(review))
        .raw("</h1>\n<p class=\"lead\">")
        .text(&circumstances(review, base.as_deref()).join("; "))
        .raw("</p>\n");
    for one in &review.reviewed {
        out.append(reviewed(view, one));
    }
    if !review.removed.is_empty() {
        out.raw("<h2>Removed</h2>\n<ul class=\"quotes\">\n");
        for path in &review.removed {
            out.raw("<li class=\"place\">").text(path).raw("</li>\n");
        }
        out.raw("</ul>\n");
    }
    out.raw("</section>\n");
    out
}

fn reviewed(view: &View<'_>, one: &Reviewed) -> Markup {
    let agent = view.agent(one.agent);
    let mut out = Markup::default();
    out.raw("<article class=\"group\">\n<h3>")
        .append(agent_link(agent))
        .raw("</h3>\n<p class=\"facts\"><span class=\"tag\">")
        .raw(word(one))
        .raw("</span> ")
        .text(&agent.path);
    if let Some(happened) = happened(one) {
        out.raw(" · ").text(&happened);
    }
    out.raw("</p>\n");
    if let Some(near) = shown_closest(one) {
        let name = clean(&view.agent(near.agent).name);
        out.raw("<p>Closest: ").text(&closest(near, &name)).raw("</p>\n");
    }
    if !one.nearest.is_empty() {
        out.raw("<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Nearest</th><th scope=\"col\">Relation</th><th scope=\"col\">Of this one, said there</th><th scope=\"col\">Of that one, said here</th><th scope=\"col\" class=\"script\"><span class=\"hidden\">Matches</span></th></tr></thead>\n<tbody>\n");
        for neighbour in &one.nearest {
            out.append(nearest(view, one.agent, neighbour));
        }
        out.raw("</tbody></table></div>\n");
    }
    if !one.only_here.is_empty() {
        out.raw("<details><summary>What only this one says (")
            .count(one.only_here.len())
            .raw(" of ")
            .count(one.n_statements)
            .raw(" statements)</summary>\n<ul class=\"quotes\">\n");
        for quote in &one.only_here {
            out.raw("<li><span class=\"place\">:")
                .number(quote.line)
                .raw("</span> ")
                .text(&quote.text)
                .raw("</li>\n");
        }
        out.raw("</ul></details>\n");
    }
    out.raw("</article>\n");
    out
}

fn nearest(view: &View<'_>, reviewed: u32, neighbour: &Neighbour) -> Markup {
    let mut out = Markup::default();
    out.raw("<tr><th scope=\"row\">")
        .append(agent_link(view.agent(neighbour.agent)))
        .raw("</th><td>")
        .raw(neighbour.relation.as_str())
        .raw("</td><td>")
        .append(bar(neighbour.said_there))
        .raw("</td><td>")
        .append(bar(neighbour.said_here))
        .raw("</td><td class=\"script\">");
    if let Some((pair, ..)) = view.pair(reviewed, neighbour.agent) {
        out.append(pair_link(pair));
    }
    out.raw("</td></tr>\n");
    out
}
