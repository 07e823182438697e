//! For Graphviz: `dot -Tsvg`, or `sfdp` for many agents.

use super::is_redundant;
use crate::network::{Edge, agents};
use crate::render::quote::clean;
use crate::report::{AgentInfo, Report};

/// The agents that something ties, groups as clusters.
pub(in crate::render) fn dot(report: &Report) -> String {
    let network = agents(report).tied();
    let mut out = String::from(
        "graph \"agent-overlap\" {\n\
         \x20 graph [overlap=false, splines=line, fontname=\"sans-serif\"]\n\
         \x20 node [shape=box, style=\"rounded,filled\", fillcolor=\"#eef2f7\", fontname=\"sans-serif\"]\n\
         \x20 edge [color=\"#8a94a0\", fontname=\"sans-serif\", fontsize=10]\n",
    );
    for node in &network.nodes {
        for &id in &node.agents {
            out.push_str(&format!("  {}\n", statement(&report.agents[id as usize])));
        }
    }
    for group in &report.groups {
        let members: Vec<String> = group.members.iter().map(|id| format!("a{id}")).collect();
        out.push_str(&format!(
            "  subgraph cluster_{} {{ label=\"group {}\"; color=\"#b7c0ca\"; {} }}\n",
            group.id + 1,
            group.id + 1,
            members.join("; ")
        ));
    }
    for edge in &network.edges {
        let (left, right) = edge.agents;
        out.push_str(&format!("  a{left} -- a{right} [{}]\n", style(edge)));
    }
    out.push_str("}\n");
    out
}

fn statement(agent: &AgentInfo) -> String {
    format!(
        "a{} [label={}, tooltip={}]",
        agent.id,
        quoted(agent.label()),
        quoted(&format!("{}, {} tokens", agent.path, agent.tokens))
    )
}

fn style(edge: &Edge) -> String {
    let mut style = format!("label={}", quoted(&edge.label()));
    if edge.n_conflicts > 0 {
        style.push_str(", color=\"#b3261e\", fontcolor=\"#b3261e\"");
    }
    if is_redundant(edge) {
        style.push_str(", penwidth=2.5");
    }
    style
}

/// A string in which nothing is an escape, an entity or its end.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in clean(text).chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_name_cannot_end_its_string() {
        assert_eq!(quoted("a\"]; b\\"), r#""a\"]; b\\""#);
        assert_eq!(quoted("<b>&lt;\n"), r#""&lt;b&gt;&amp;lt;""#);
    }
}
