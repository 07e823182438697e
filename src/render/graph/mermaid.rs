//! For Mermaid, which GitHub and GitLab draw in Markdown.

use std::cmp::Reverse;

use super::is_redundant;
use crate::network::{Edge, agents};
use crate::render::quote::clean;
use crate::report::Report;

/// Mermaid refuses to draw more than 500 edges.
const MAX_EDGES: usize = 500;

/// The agents that something ties, groups as boxes; of very many, those that
/// conflict or are the most alike.
pub(in crate::render) fn mermaid(report: &Report) -> String {
    let mut network = agents(report);
    network.edges.sort_by(|a, b| {
        (Reverse(a.n_conflicts).cmp(&Reverse(b.n_conflicts)))
            .then(b.redundancy.total_cmp(&a.redundancy))
            .then(a.agents.cmp(&b.agents))
    });
    let n_left_out = network.edges.len().saturating_sub(MAX_EDGES);
    network.edges.truncate(MAX_EDGES);
    let network = network.tied();

    let mut out = String::from("flowchart LR\n");
    if n_left_out > 0 {
        out.push_str(&format!(
            "  %% {n_left_out} weaker ties are left out: Mermaid draws {MAX_EDGES}\n"
        ));
    }
    let is_drawn = |id: &u32| network.nodes.iter().any(|node| node.agents.contains(id));
    for node in &network.nodes {
        for &id in &node.agents {
            let name = quoted(report.agents[id as usize].label());
            out.push_str(&format!("  a{id}[{name}]\n"));
        }
    }
    for group in &report.groups {
        let members: Vec<String> =
            group.members.iter().filter(|id| is_drawn(id)).map(|id| format!("a{id}")).collect();
        if !members.is_empty() {
            out.push_str(&format!(
                "  subgraph g{} [\"group {}\"]\n    {}\n  end\n",
                group.id + 1,
                group.id + 1,
                members.join("\n    ")
            ));
        }
    }
    for edge in &network.edges {
        let (left, right) = edge.agents;
        let line = line(edge);
        out.push_str(&format!("  a{left} {line}|{}| a{right}\n", quoted(&edge.label())));
    }
    out
}

/// Conflicts end in crosses; what could be merged is tied by a thick line.
fn line(edge: &Edge) -> &'static str {
    match (edge.n_conflicts > 0, is_redundant(edge)) {
        (true, true) => "x==x",
        (true, false) => "x--x",
        (false, true) => "===",
        (false, false) => "-.-",
    }
}

/// A string in which nothing is markup, Markdown, an entity or its end.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in clean(text).chars() {
        match c {
            '"' | '#' | '&' | '<' | '>' | '`' | '\\' | ';' => {
                out.push_str(&format!("#{};", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    if out.len() == 1 {
        // An empty label is an error.
        out.push(' ');
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_name_cannot_end_its_string() {
        assert_eq!(quoted("a\"] --> b"), r##""a#34;] --#62; b""##);
        assert_eq!(quoted("#quot; `x`"), r##""#35;quot#59; #96;x#96;""##);
        assert_eq!(quoted("\u{200b}"), "\" \"");
    }
}
