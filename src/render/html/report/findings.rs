//! The findings: conflicts by the decision they are about, the others by rule.

use std::collections::BTreeMap;

use super::{Section, View, agent_link, place};
use crate::finding::{Evidence, Finding, Rule};
use crate::render::html::markup::Markup;
use crate::render::wording::{doubt, quotes};

/// Findings of a section up to which all of them are open from the beginning.
const MAX_OPEN: usize = 24;

/// Findings of a block up to which it is open from the beginning.
const MAX_OPEN_BLOCK: usize = 40;

/// Quotes of a finding; more stand in the other forms.
const MAX_QUOTES: usize = 12;

/// The findings that are about a decision, by decision.
pub(super) fn conflicts(view: &View<'_>) -> Section {
    let mut decisions: BTreeMap<&str, Vec<(usize, &Finding)>> = BTreeMap::new();
    for &(at, finding) in &view.conflicts {
        let decision = finding.facet.as_deref().unwrap_or_default();
        decisions.entry(decision).or_default().push((at, finding));
    }
    let mut decisions: Vec<_> = decisions.into_iter().collect();
    // Findings are sorted by severity, so the first of each is its worst.
    decisions.sort_by_key(|(decision, findings)| (findings[0].1.severity, *decision));
    let mut body = Markup::default();
    body.raw("<p class=\"lead\">Decisions on which agents say different things, and who says what.</p>\n")
        .append(filter("conflicts"));
    for (decision, findings) in &decisions {
        let mut title = Markup::default();
        title.text(decision);
        body.append(block("", title, "", findings, view, view.conflicts.len()));
    }
    Section {
        id: "conflicts",
        title: "Conflicts",
        needs_script: false,
        count: view.conflicts.len(),
        body,
    }
}

/// All other findings, by rule.
pub(super) fn others(view: &View<'_>) -> Section {
    let mut rules: BTreeMap<Rule, Vec<(usize, &Finding)>> = BTreeMap::new();
    for &(at, finding) in &view.others {
        rules.entry(finding.rule).or_default().push((at, finding));
    }
    let mut rules: Vec<_> = rules.into_iter().collect();
    rules.sort_by_key(|(rule, findings)| (findings[0].1.severity, *rule));
    let mut body = Markup::default();
    body.append(filter("findings"));
    for (rule, findings) in &rules {
        let mut title = Markup::default();
        title.raw("<code>").raw(rule.id()).raw("</code>");
        body.append(block(anchor(*rule), title, rule.summary(), findings, view, view.others.len()));
    }
    Section {
        id: "findings",
        title: if view.conflicts.is_empty() { "Findings" } else { "Other findings" },
        needs_script: false,
        count: view.others.len(),
        body,
    }
}

/// The id of the block of a rule.
pub(super) fn anchor(rule: Rule) -> &'static str {
    rule.id()
}

/// Where the script puts the fields that filter a section, and what it says of
/// the result.
fn filter(id: &'static str) -> Markup {
    let mut out = Markup::default();
    out.raw("<form class=\"filter script\" data-for=\"")
        .raw(id)
        .raw("\" role=\"search\" aria-label=\"Filter ")
        .raw(id)
        .raw("\"></form>\n");
    out
}

/// Findings under one title.
fn block(
    id: &'static str,
    title: Markup,
    summary: &'static str,
    findings: &[(usize, &Finding)],
    view: &View<'_>,
    n_section: usize,
) -> Markup {
    let mut out = Markup::default();
    out.raw("<details class=\"block\"");
    if !id.is_empty() {
        out.raw(" id=\"").raw(id).raw("\"");
    }
    if findings.len() <= MAX_OPEN_BLOCK {
        out.raw(" open");
    }
    out.raw("><summary><h3>")
        .append(title)
        .raw(" <span class=\"n\">")
        .count(findings.len())
        .raw("</span></h3>");
    if !summary.is_empty() {
        out.raw(" <span class=\"about\">").raw(summary).raw("</span>");
    }
    out.raw("</summary>\n");
    for (at, finding) in findings {
        out.append(one(*at, finding, view, n_section <= MAX_OPEN));
    }
    out.raw("</details>\n");
    out
}

fn one(at: usize, finding: &Finding, view: &View<'_>, is_open: bool) -> Markup {
    let severity = finding.severity.as_str();
    let mut out = Markup::default();
    out.raw("<details class=\"finding ")
        .raw(severity)
        .raw("\" id=\"finding-")
        .number(at as u64)
        .raw("\" data-severity=\"")
        .raw(severity)
        .raw("\" data-rule=\"")
        .raw(finding.rule.id())
        .raw(if is_open { "\" open>" } else { "\">" })
        .raw("<summary><span class=\"badge\">")
        .raw(severity)
        .raw("</span> <span class=\"message\">")
        .prose(&finding.message)
        .raw("</span></summary>\n<div class=\"sides\">\n");
    let evidence: Vec<&Evidence> = finding.evidence.iter().collect();
    let quotes = quotes(&evidence, finding, &view.report.agents);
    for (evidence, option) in quotes.iter().take(MAX_QUOTES) {
        out.append(side(evidence, option.as_deref()));
    }
    out.raw("</div>\n");
    if let n_more @ 1.. = quotes.len().saturating_sub(MAX_QUOTES) {
        out.raw("<p class=\"facts\">and ").count(n_more).raw(" more places</p>\n");
    }
    if !finding.help.is_empty() {
        out.raw("<p class=\"help\"><b>help</b> ").prose(&finding.help).raw("</p>\n");
    }
    out.raw("<p class=\"facts\"><code>").raw(finding.rule.id()).raw("</code>");
    if let Some(doubt) = doubt(finding.confidence) {
        out.raw(" · ").raw(doubt);
    }
    if !finding.agents.is_empty() {
        out.raw(" · concerns ");
    }
    for (at, &id) in finding.agents.iter().enumerate() {
        out.raw(if at == 0 { "" } else { ", " }).append(agent_link(view.agent(id)));
    }
    out.raw("</p>\n</details>\n");
    out
}

/// Who says what.
fn side(evidence: &Evidence, option: Option<&str>) -> Markup {
    let mut out = Markup::default();
    out.raw("<figure><figcaption>");
    if let Some(option) = option {
        out.raw("<b>").text(option).raw("</b> ");
    }
    out.append(place(&evidence.path, evidence.line)).raw("</figcaption>");
    if !evidence.text.is_empty() {
        out.raw("<blockquote>").text(&evidence.text).raw("</blockquote>");
    }
    out.raw("</figure>\n");
    out
}
