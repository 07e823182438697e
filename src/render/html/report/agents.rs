//! All agents in a table that the script sorts and filters.

use super::{Section, View, name};
use crate::render::html::markup::Markup;
use crate::report::AgentInfo;

pub(super) fn section(view: &View<'_>) -> Section {
    let mut n_findings = vec![0_usize; view.report.agents.len()];
    for finding in &view.report.findings {
        for &agent in &finding.agents {
            n_findings[agent as usize] += 1;
        }
    }
    let mut body = Markup::default();
    body.raw("<form class=\"filter script\" data-for=\"agents\" role=\"search\" aria-label=\"Filter agents\"></form>\n<div class=\"scroll\"><table class=\"sorted\">\n<thead><tr><th scope=\"col\">Agent</th><th scope=\"col\">Kind</th><th scope=\"col\">Model</th><th scope=\"col\" class=\"num\">Tokens</th><th scope=\"col\" class=\"num\">Group</th><th scope=\"col\" class=\"num\">Findings</th></tr></thead>\n<tbody>\n");
    for agent in &view.report.agents {
        body.append(row(view, agent, n_findings[agent.id as usize]));
    }
    body.raw("</tbody></table></div>\n");
    Section {
        id: "agents",
        title: "Agents",
        needs_script: false,
        count: view.report.agents.len(),
        body,
    }
}

fn row(view: &View<'_>, agent: &AgentInfo, n_findings: usize) -> Markup {
    let mut out = Markup::default();
    out.raw("<tr id=\"agent-")
        .number(agent.id)
        .raw("\"><th scope=\"row\"><a href=\"#agent-")
        .number(agent.id)
        .raw("\">")
        .text(name(agent))
        .raw("</a><span class=\"path\">")
        .text(&agent.path)
        .raw("</span></th><td>")
        .raw(agent.kind)
        .raw("</td><td>");
    if let Some(model) = &agent.model {
        out.text(model);
    }
    out.raw("</td><td class=\"num\">").count(agent.tokens as usize).raw("</td><td class=\"num\">");
    if let Some(group) = view.group_of[agent.id as usize] {
        out.raw("<a href=\"#group-")
            .number(group.id + 1)
            .raw("\">")
            .number(group.id + 1)
            .raw("</a>");
    }
    out.raw("</td><td class=\"num\">");
    if n_findings > 0 {
        out.count(n_findings);
    }
    out.raw("</td></tr>\n");
    out
}
