//! The network as a drawing. It stands in the page as SVG, so that it can be
//! seen and printed without the script, which pans, zooms and highlights.

use std::collections::BTreeSet;

use super::{Section, View, name};
use crate::layout::{Picture, layout};
use crate::network::{Edge, Network, Node, agents, families};
use crate::relation::Relation;
use crate::render::html::markup::Markup;

/// Agents that are drawn one by one. Of more, groups are drawn as one.
const MAX_AGENTS: usize = 150;

/// The strongest edges of each node that are drawn where there are many nodes.
const MAX_EDGES: usize = 3;

/// Nodes that all have their name beside them from the beginning, and how many
/// have it of more. The others show it when the picture is enlarged.
const MAX_NAMED: usize = 60;
const N_NAMED: usize = 12;

/// The picture is at least so large, so that five circles do not fill a screen.
const MIN_WIDTH: f64 = 900.0;
const MIN_HEIGHT: f64 = 300.0;

/// Characters of a name in the picture.
const MAX_NAME: usize = 28;

pub(super) fn section(view: &View<'_>) -> Section {
    let mut network = agents(view.report).tied();
    let is_large = network.nodes.len() > MAX_AGENTS;
    if is_large {
        network = families(view.report).thinned(MAX_EDGES).tied();
    }
    let radii: Vec<f64> = network.nodes.iter().map(radius).collect();
    let ends: Vec<(u32, u32)> = network.edges.iter().map(|e| (e.left, e.right)).collect();
    let picture = layout(&radii, &ends);
    let (width, height) = (picture.width.max(MIN_WIDTH), picture.height.max(MIN_HEIGHT));
    let mut body = Markup::default();
    body.raw("<p class=\"lead\">A circle is an agent")
        .raw(if is_large { " or a group, with its size and with copies in other folders" } else { "" })
        .raw(", larger with more text. A line ties agents that say the same, a red one those that conflict. ");
    match view.report.agents.len() - network.nodes.iter().map(|n| n.agents.len()).sum::<usize>() {
        0 => &mut body,
        1 => body.raw("1 agent that nothing ties is not drawn. "),
        n => body
            .count(n)
            .raw(" agents that nothing ties are not drawn. "),
    };
    if is_large {
        body.raw("Of each circle the strongest lines are drawn. ");
    }
    body.raw("<span class=\"script\">Drag to move; click a circle or a line to open it.</span></p>\n")
        .append(legend(view, &network))
        .raw("<form class=\"filter script\" data-for=\"graph\" role=\"search\" aria-label=\"Search in the graph\"></form>\n<div class=\"graph\"><svg role=\"group\" aria-label=\"Graph of related agents; Groups, Overlaps and Agents say the same in words\" viewBox=\"")
        .tenths((picture.width - width) / 2.0)
        .raw(" ")
        .tenths((picture.height - height) / 2.0)
        .raw(" ")
        .tenths(width)
        .raw(" ")
        .tenths(height)
        .raw("\">\n");
    for edge in &network.edges {
        body.append(line(edge, &picture));
    }
    let named = named(&network);
    for (at, node) in network.nodes.iter().enumerate() {
        let centre = picture.centres[at];
        body.append(circle(
            view,
            node,
            centre,
            radii[at],
            named.contains(&at),
            is_large,
        ));
    }
    body.raw("</svg>\n<p class=\"status script\" role=\"status\"></p></div>\n");
    Section {
        id: "graph",
        title: "Graph",
        count: network.nodes.len(),
        body,
    }
}

/// The area grows with the text.
fn radius(node: &Node) -> f64 {
    (3.0 + (node.tokens as f64).sqrt() / 8.0).min(28.0)
}

/// The nodes whose names are shown from the beginning: those with the most edges.
fn named(network: &Network) -> BTreeSet<usize> {
    let n_nodes = network.nodes.len();
    let mut n_edges = vec![0_usize; n_nodes];
    for edge in &network.edges {
        n_edges[edge.left as usize] += 1;
        n_edges[edge.right as usize] += 1;
    }
    let mut order: Vec<usize> = (0..n_nodes).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(n_edges[at]), at));
    order.truncate(if n_nodes <= MAX_NAMED {
        n_nodes
    } else {
        N_NAMED
    });
    order.into_iter().collect()
}

/// What an edge shows, as a class.
fn class(edge: &Edge) -> &'static str {
    match edge.relation {
        Some(relation) if relation.is_redundant() => "redundant",
        Some(Relation::Overlapping) => "overlapping",
        Some(relation) => relation.as_str(),
        None => "only",
    }
}

fn line(edge: &Edge, picture: &Picture) -> Markup {
    let (left, right) = (
        picture.centres[edge.left as usize],
        picture.centres[edge.right as usize],
    );
    let mut out = Markup::default();
    out.raw("<a tabindex=\"-1\" ");
    if edge.relation.is_some() {
        out.raw("href=\"#pair-")
            .number(edge.agents.0)
            .raw("-")
            .number(edge.agents.1)
            .raw("\" ");
    }
    out.raw("class=\"edge ")
        .raw(class(edge))
        .raw(if edge.n_conflicts > 0 {
            " conflict"
        } else {
            ""
        })
        .raw("\" data-ends=\"")
        .number(edge.left)
        .raw(" ")
        .number(edge.right)
        .raw("\" data-conflicts=\"")
        .number(edge.n_conflicts as u64)
        .raw("\"><line x1=\"")
        .tenths(left.0)
        .raw("\" y1=\"")
        .tenths(left.1)
        .raw("\" x2=\"")
        .tenths(right.0)
        .raw("\" y2=\"")
        .tenths(right.1)
        .raw("\"/></a>\n");
    out
}

fn circle(
    view: &View<'_>,
    node: &Node,
    (x, y): (f64, f64),
    radius: f64,
    is_named: bool,
    is_large: bool,
) -> Markup {
    let agent = view.agent(node.agents[0]);
    let n_agents = node.agents.len();
    let mut out = Markup::default();
    out.raw("<a class=\"node ").raw(agent.kind);
    if n_agents > 1 {
        out.raw(" family");
    }
    out.raw(if is_named { " named" } else { "" })
        .raw(if is_large {
            "\" tabindex=\"-1\" href=\"#"
        } else {
            "\" href=\"#"
        });
    match view.group_of[agent.id as usize] {
        Some(group) if n_agents > 1 => out.raw("group-").number(group.id + 1),
        _ => out.raw("agent-").number(agent.id),
    };
    out.raw("\"><circle cx=\"")
        .tenths(x)
        .raw("\" cy=\"")
        .tenths(y)
        .raw("\" r=\"")
        .tenths(radius)
        .raw("\"/>");
    if n_agents > 1 {
        out.raw("<text class=\"size\" x=\"")
            .tenths(x)
            .raw("\" y=\"")
            .tenths(y + 4.0)
            .raw("\">")
            .count(n_agents)
            .raw("</text>");
    }
    out.raw("<text x=\"")
        .tenths(x)
        .raw("\" y=\"")
        .tenths(y + radius + 13.0)
        .raw("\">")
        .text(&shortened(name(agent)))
        .raw("</text></a>\n");
    out
}

/// The beginning of a name, or of the end of a path.
fn shortened(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name);
    match name.char_indices().nth(MAX_NAME) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// The kinds and relations that are drawn, each with its colour.
fn legend(view: &View<'_>, network: &Network) -> Markup {
    let kinds: BTreeSet<&str> = network
        .nodes
        .iter()
        .map(|node| view.agent(node.agents[0]).kind)
        .collect();
    let mut out = Markup::default();
    out.raw("<ul class=\"legend\">\n");
    for kind in kinds {
        out.raw("<li><svg width=\"14\" height=\"14\" aria-hidden=\"true\"><g class=\"node ")
            .raw(kind)
            .raw("\"><circle cx=\"7\" cy=\"7\" r=\"6\"/></g></svg> ")
            .raw(kind)
            .raw("</li>\n");
    }
    for relation in [
        "redundant",
        "overlapping",
        "template",
        "translation",
        "conflict",
    ] {
        let mut edges = network.edges.iter();
        let is_drawn = edges.any(|edge| match relation {
            "conflict" => edge.n_conflicts > 0,
            relation => class(edge) == relation,
        });
        if is_drawn {
            out.raw("<li><svg width=\"22\" height=\"14\" aria-hidden=\"true\"><g class=\"edge ")
                .raw(relation)
                .raw("\"><line x1=\"1\" y1=\"7\" x2=\"21\" y2=\"7\"/></g></svg> ")
                .raw(relation)
                .raw("</li>\n");
        }
    }
    out.raw("</ul>\n");
    out
}
