//! `GraphML`, which Gephi, yEd, Cytoscape and networkx read.

use crate::network::agents;
use crate::render::quote::clean;
use crate::report::{AgentInfo, Report};

/// What nodes and edges carry: id, what it is of, name, type.
const KEYS: [(&str, &str, &str, &str); 10] = [
    ("name", "node", "name", "string"),
    ("path", "node", "path", "string"),
    ("kind", "node", "kind", "string"),
    ("model", "node", "model", "string"),
    ("tokens", "node", "tokens", "long"),
    ("group", "node", "group", "int"),
    ("relation", "edge", "relation", "string"),
    ("redundancy", "edge", "redundancy", "double"),
    ("conflicts", "edge", "conflicts", "int"),
    ("label", "edge", "label", "string"),
];

/// All agents with all that ties them.
pub(in crate::render) fn graphml(report: &Report) -> String {
    let network = agents(report);
    let group_of = report.group_of();
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
    );
    for (id, of, name, kind) in KEYS {
        out.push_str(&format!(
            "<key id=\"{id}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>\n"
        ));
    }
    out.push_str("<graph id=\"agents\" edgedefault=\"undirected\">\n");
    for agent in &report.agents {
        let group = group_of[agent.id as usize].map(|group| group.id + 1);
        out.push_str(&node(agent, group));
    }
    for edge in &network.edges {
        let (left, right) = edge.agents;
        out.push_str(&format!("<edge source=\"a{left}\" target=\"a{right}\">"));
        if let Some(relation) = edge.relation {
            out.push_str(&data("relation", relation.as_str()));
            out.push_str(&data("redundancy", &format!("{:.4}", edge.redundancy)));
        }
        out.push_str(&data("conflicts", &edge.n_conflicts.to_string()));
        out.push_str(&data("label", &edge.label()));
        out.push_str("</edge>\n");
    }
    out.push_str("</graph>\n</graphml>\n");
    out
}

fn node(agent: &AgentInfo, group: Option<u32>) -> String {
    let mut out = format!("<node id=\"a{}\">", agent.id);
    out.push_str(&data("name", &agent.name));
    out.push_str(&data("path", &agent.path));
    out.push_str(&data("kind", agent.kind));
    if let Some(model) = &agent.model {
        out.push_str(&data("model", model));
    }
    out.push_str(&data("tokens", &agent.tokens.to_string()));
    if let Some(group) = group {
        out.push_str(&data("group", &group.to_string()));
    }
    out.push_str("</node>\n");
    out
}

fn data(key: &str, value: &str) -> String {
    format!("<data key=\"{key}\">{}</data>", escaped(value))
}

/// Text for an element. XML has no way to write control characters: they go.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_name_cannot_end_its_element() {
        assert_eq!(escaped("</data>&amp;\0\u{ffff}"), "&lt;/data&gt;&amp;amp;");
    }
}
