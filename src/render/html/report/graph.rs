//! The network as a drawing. It stands in the page as SVG, so that it can be
//! seen and printed without the script, which pans, zooms and highlights; or it
//! is a file by itself.

use std::collections::BTreeSet;

use super::{Section, View, name, page};
use crate::layout::{Picture, layout};
use crate::network::{Edge, Network, Node, agents, families};
use crate::relation::Relation;
use crate::render::html::markup::Markup;
use crate::render::quote::clean;
use crate::report::AgentInfo;

/// Agents that are drawn one by one. Of more, groups are drawn as one.
const MAX_AGENTS: usize = 150;

/// The strongest edges of each node that are drawn where there are many nodes.
const MAX_EDGES: usize = 3;

/// Nodes that all have their name beside them from the beginning, and how many
/// have it of more. The others show it when the picture is enlarged.
const MAX_NAMED: usize = 60;
const N_NAMED: usize = 12;

/// The picture in the page is at least so large, so that five circles do not
/// fill a screen.
const MIN_WIDTH: f64 = 900.0;
const MIN_HEIGHT: f64 = 300.0;

/// Characters of a name in the picture.
const MAX_NAME: usize = 28;

/// The network with a place for each of its nodes.
struct Drawing<'a> {
    view: &'a View<'a>,
    network: Network,
    radii: Vec<f64>,
    picture: Picture,
    /// Places of the nodes whose names are shown from the beginning.
    named: BTreeSet<usize>,
    /// Whether groups are drawn as one.
    is_large: bool,
}

/// Where a drawing is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    /// In the page: circles are links.
    Page,
    /// By itself: what something is shows when the mouse rests on it.
    File,
}

/// What a colour or a line stands for.
enum Key {
    Circle(&'static str),
    Line(&'static str),
}

pub(super) fn section(view: &View<'_>) -> Section {
    let drawing = Drawing::new(view);
    let is_large = drawing.is_large;
    let mut body = Markup::default();
    body.raw("<p class=\"lead\">A circle is an agent")
        .raw(if is_large { " or a group, with its size and with copies in other folders" } else { "" })
        .raw(", larger with more text. A line ties agents that say the same, a red one those that conflict. ");
    match drawing.n_undrawn() {
        0 => &mut body,
        1 => body.raw("1 agent that nothing ties is not drawn. "),
        n => body.count(n).raw(" agents that nothing ties are not drawn. "),
    };
    if is_large {
        body.raw("Of each circle the strongest lines are drawn. ");
    }
    body.raw("<span class=\"script\">Drag to move; click a circle to open it, or a line between two that say the same.</span></p>\n<ul class=\"legend\">\n");
    for key in drawing.keys() {
        let (width, name) = match key {
            Key::Circle(name) => (14, name),
            Key::Line(name) => (22, name),
        };
        body.raw("<li><svg width=\"")
            .number(width as u64)
            .raw("\" height=\"14\" aria-hidden=\"true\">")
            .append(key.sample())
            .raw("</svg> ")
            .raw(name)
            .raw("</li>\n");
    }
    let (x, y, width, height) = drawing.extent(MIN_WIDTH, MIN_HEIGHT);
    body.raw("</ul>\n<form class=\"filter script\" data-for=\"graph\" role=\"search\" aria-label=\"Search in the graph\"></form>\n<div class=\"graph\"><svg ")
        .raw(if is_large {
            // Hundreds of circles are nothing to listen to; the lists are.
            "aria-hidden=\"true\""
        } else {
            "role=\"group\" aria-label=\"Graph of related agents; Groups, Overlaps and Agents say the same in words\""
        })
        .raw(" viewBox=\"")
        .append(view_box(x, y, width, height))
        .raw("\">\n")
        .append(drawing.shapes(Frame::Page))
        .raw("</svg>\n<p class=\"status script\" role=\"status\"></p></div>\n");
    Section {
        id: "graph",
        title: "Graph",
        needs_script: false,
        count: drawing.network.nodes.len(),
        body,
    }
}

/// Height of the row that explains the colours of a file, the width that a file
/// has at least, and the room between the parts of the row.
const KEY_HEIGHT: f64 = 36.0;
const MIN_FILE_WIDTH: f64 = 240.0;
const MARGIN: f64 = 16.0;

/// The drawing as a file by itself.
pub(super) fn svg(view: &View<'_>) -> String {
    let drawing = Drawing::new(view);
    let mut keys = Markup::default();
    let mut width = MARGIN;
    for key in drawing.keys() {
        let (sample, name) = match key {
            Key::Circle(name) => (20.0, name),
            Key::Line(name) => (28.0, name),
        };
        keys.raw("<g transform=\"translate(")
            .tenths(width)
            .raw(" 0)\">")
            .append(key.sample())
            .raw("<text x=\"")
            .tenths(sample)
            .raw("\" y=\"11\">")
            .raw(name)
            .raw("</text></g>\n");
        // Letters are narrower than that on the average.
        width += sample + 8.0 * name.len() as f64 + MARGIN;
    }
    let (x, y, width, height) = drawing.extent(width.max(MIN_FILE_WIDTH), 0.0);
    let frame = view_box(x, y, width, height + KEY_HEIGHT);
    let mut body = Markup::default();
    body.raw("<title>Agents and what ties them</title>\n<rect class=\"ground\" x=\"")
        .tenths(x)
        .raw("\" y=\"")
        .tenths(y)
        .raw("\" width=\"100%\" height=\"100%\"/>\n")
        .append(drawing.shapes(Frame::File));
    if drawing.network.nodes.is_empty() {
        body.raw(
            "<g class=\"keys\"><text x=\"16\" y=\"22\">Nothing ties these agents.</text></g>\n",
        );
    }
    body.raw("<g class=\"keys\" transform=\"translate(")
        .tenths(x)
        .raw(" ")
        .tenths(y + height + 8.0)
        .raw(")\">\n")
        .append(keys)
        .raw("</g>\n");
    page::drawing(frame, width, height + KEY_HEIGHT, body)
}

impl<'a> Drawing<'a> {
    fn new(view: &'a View<'a>) -> Self {
        let mut network = agents(view.report).tied();
        let is_large = network.nodes.len() > MAX_AGENTS;
        if is_large {
            network = families(view.report).thinned(MAX_EDGES).tied();
        }
        let radii: Vec<f64> = network.nodes.iter().map(radius).collect();
        let ends: Vec<(u32, u32)> = network.edges.iter().map(|e| (e.left, e.right)).collect();
        Self {
            view,
            picture: layout(&radii, &ends),
            named: named(&network),
            network,
            radii,
            is_large,
        }
    }

    /// Left, top, width and height, with room around a picture that is smaller.
    fn extent(&self, min_width: f64, min_height: f64) -> (f64, f64, f64, f64) {
        let Picture { width, height, .. } = self.picture;
        let (full_width, full_height) = (width.max(min_width), height.max(min_height));
        ((width - full_width) / 2.0, (height - full_height) / 2.0, full_width, full_height)
    }

    fn n_undrawn(&self) -> usize {
        let drawn = self.network.nodes.iter().map(|node| node.agents.len());
        self.view.report.agents.len() - drawn.sum::<usize>()
    }

    fn shapes(&self, frame: Frame) -> Markup {
        let mut out = Markup::default();
        for edge in &self.network.edges {
            out.append(self.line(edge, frame));
        }
        for at in 0..self.network.nodes.len() {
            out.append(self.circle(at, frame));
        }
        out
    }

    fn line(&self, edge: &Edge, frame: Frame) -> Markup {
        let from = self.picture.centres[edge.left as usize];
        let to = self.picture.centres[edge.right as usize];
        let mut out = Markup::default();
        out.raw("<g class=\"edge ")
            .raw(class(edge))
            .raw(if edge.n_conflicts > 0 { " conflict" } else { "" })
            .raw("\"");
        if frame == Frame::Page {
            if edge.relation.is_some() {
                out.raw(" data-pair=\"")
                    .number(edge.agents.0)
                    .raw("-")
                    .number(edge.agents.1)
                    .raw("\"");
            }
            out.raw(" data-ends=\"")
                .number(edge.left)
                .raw(" ")
                .number(edge.right)
                .raw("\" data-conflicts=\"")
                .number(edge.n_conflicts as u64)
                .raw("\"");
        }
        out.raw("><line x1=\"")
            .tenths(from.0)
            .raw("\" y1=\"")
            .tenths(from.1)
            .raw("\" x2=\"")
            .tenths(to.0)
            .raw("\" y2=\"")
            .tenths(to.1)
            .raw("\"/>");
        if frame == Frame::File {
            let (left, right) = edge.agents;
            out.raw("<title>")
                .text(name(self.view.agent(left)))
                .raw(" and ")
                .text(name(self.view.agent(right)))
                .raw(": ")
                .text(&edge.label())
                .raw("</title>");
        }
        out.raw("</g>\n");
        out
    }

    fn circle(&self, at: usize, frame: Frame) -> Markup {
        let node = &self.network.nodes[at];
        let (x, y) = self.picture.centres[at];
        let radius = self.radii[at];
        let agent = self.view.agent(node.agents[0]);
        let n_agents = node.agents.len();
        let mut out = Markup::default();
        out.raw(match frame {
            Frame::Page => "<a",
            Frame::File => "<g",
        })
        .raw(" class=\"node ")
        .raw(agent.kind)
        .raw(if n_agents > 1 { " family" } else { "" })
        .raw(if self.is_named(at, frame) { " named\"" } else { "\"" });
        if frame == Frame::Page {
            out.append(self.link(at));
        }
        out.raw("><circle cx=\"")
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
            .text(&shortened(agent))
            .raw("</text>");
        if frame == Frame::File {
            out.raw("<title>").text(&agent.path);
            if n_agents > 1 {
                out.raw(" and ").count(n_agents - 1).raw(" more");
            }
            out.raw(", ").count(node.tokens as usize).raw(" tokens</title>");
        }
        out.raw(match frame {
            Frame::Page => "</a>\n",
            Frame::File => "</g>\n",
        });
        out
    }

    /// Whether a circle has its name beside it from the beginning. A file is
    /// shown in full size, where there is room for the names of agents.
    fn is_named(&self, at: usize, frame: Frame) -> bool {
        self.named.contains(&at) || frame == Frame::File && !self.is_large
    }

    /// Where a circle of the page leads, and whom it stands for.
    fn link(&self, at: usize) -> Markup {
        let node = &self.network.nodes[at];
        let agent = self.view.agent(node.agents[0]);
        let mut out = Markup::default();
        out.raw(if self.is_large { " tabindex=\"-1\" href=\"#" } else { " href=\"#" });
        match self.view.group_of[agent.id as usize] {
            Some(group) if node.agents.len() > 1 => out.raw("group-").number(group.id + 1),
            _ => out.raw("agent-").number(agent.id),
        };
        if !self.is_large && !self.named.contains(&at) {
            out.raw("\" aria-label=\"").text(&shortened(agent));
        }
        out.raw("\" data-agents=\"");
        for (at, &id) in node.agents.iter().enumerate() {
            out.raw(if at == 0 { "" } else { " " }).number(id);
        }
        out.raw("\"");
        out
    }

    /// The kinds and relations that are drawn, each with its colour.
    fn keys(&self) -> Vec<Key> {
        let nodes = self.network.nodes.iter();
        let kinds: BTreeSet<&str> =
            nodes.map(|node| self.view.agent(node.agents[0]).kind).collect();
        let is_drawn = |relation: &&str| {
            let mut edges = self.network.edges.iter();
            edges.any(|edge| match *relation {
                "conflict" => edge.n_conflicts > 0,
                relation => class(edge) == relation,
            })
        };
        let relations = ["redundant", "overlapping", "template", "translation", "conflict"];
        let relations = relations.into_iter().filter(is_drawn);
        let kinds = kinds.into_iter().map(Key::Circle);
        kinds.chain(relations.map(Key::Line)).collect()
    }
}

impl Key {
    /// How it is drawn, 14 high.
    fn sample(&self) -> Markup {
        let mut out = Markup::default();
        match self {
            Self::Circle(kind) => out
                .raw("<g class=\"node ")
                .raw(kind)
                .raw("\"><circle cx=\"7\" cy=\"7\" r=\"6\"/></g>"),
            Self::Line(relation) => out
                .raw("<g class=\"edge ")
                .raw(relation)
                .raw("\"><line x1=\"1\" y1=\"7\" x2=\"21\" y2=\"7\"/></g>"),
        };
        out
    }
}

fn view_box(x: f64, y: f64, width: f64, height: f64) -> Markup {
    let mut out = Markup::default();
    out.tenths(x).raw(" ").tenths(y).raw(" ").tenths(width).raw(" ").tenths(height);
    out
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
    order.truncate(if n_nodes <= MAX_NAMED { n_nodes } else { N_NAMED });
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

/// The beginning of a name; of an agent without one, of its file's name.
fn shortened(agent: &AgentInfo) -> String {
    let mut name = clean(name(agent));
    if name == clean(&agent.path) {
        name = name.rsplit('/').next().unwrap_or_default().to_owned();
    }
    match name.char_indices().nth(MAX_NAME) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name,
    }
}
