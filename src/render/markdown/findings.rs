//! Findings by severity and, within it, by rule. Errors stand open; a rule
//! with many others is folded.

use super::prose::{escaped, quote};
use super::{Links, Page};
use crate::finding::{Evidence, Finding, Severity};
use crate::render::Limits;
use crate::render::entries::{Entry, entries};
use crate::render::wording::{clipped, counted, doubt, quotes, shown, thousands};
use crate::report::AgentInfo;

/// Findings of a rule from which on it is folded, if they are no errors.
const MAX_OPEN: usize = 3;

/// Characters of a quote.
const MAX_QUOTE: usize = 400;

/// Characters of a message or help.
const MAX_SENTENCE: usize = 1_000;

/// Adds the findings, as far as there is room, and says how many there was none for.
pub(super) fn add_all<'a>(
    page: &mut Page,
    findings: impl IntoIterator<Item = &'a Finding>,
    agents: &[AgentInfo],
    limits: &Limits,
    links: &Links<'_>,
) {
    let n_cut = add(page, findings.into_iter().collect(), agents, limits, links);
    if n_cut > 0 {
        let cut = counted(n_cut as u64, "more finding", "more findings");
        page.close(&format!("*… {cut}: a page has no more room. `--format json` has all.*"));
    }
}

/// Adds the findings. Returns how many were left out for want of room.
fn add(
    page: &mut Page,
    mut findings: Vec<&Finding>,
    agents: &[AgentInfo],
    limits: &Limits,
    links: &Links<'_>,
) -> usize {
    findings.sort_by_key(|finding| (finding.severity, finding.rule));
    let mut n_cut = 0;
    for of_severity in findings.chunk_by(|a, b| a.severity == b.severity) {
        let title = match of_severity[0].severity {
            Severity::Error => "Errors",
            Severity::Warning => "Warnings",
            Severity::Note => "Notes",
        };
        let n = thousands(of_severity.len() as u64);
        if n_cut > 0 || !page.add(&format!("### {title} ({n})")) {
            n_cut += of_severity.len();
            continue;
        }
        for of_rule in of_severity.chunk_by(|a, b| a.rule == b.rule) {
            n_cut += match n_cut {
                0 => one_rule(page, of_rule, agents, limits, links),
                _ => of_rule.len(),
            };
        }
    }
    n_cut
}

/// The first findings of one severity and rule. Returns how many found no room.
fn one_rule(
    page: &mut Page,
    findings: &[&Finding],
    agents: &[AgentInfo],
    limits: &Limits,
    links: &Links<'_>,
) -> usize {
    let (severity, rule) = (findings[0].severity, findings[0].rule);
    let is_folded = match severity {
        Severity::Error => false,
        Severity::Warning => findings.len() > MAX_OPEN,
        Severity::Note => true,
    };
    let limit = match severity {
        Severity::Error => limits.errors,
        Severity::Warning | Severity::Note => limits.others,
    };
    let (id, summary) = (rule.id(), rule.summary());
    let head = match is_folded {
        true => format!(
            "<details>\n<summary><b>{id}</b>: {summary} ({})</summary>",
            thousands(findings.len() as u64)
        ),
        false => format!("#### {id}: {summary}"),
    };
    if !page.add(&head) {
        return findings.len();
    }
    let entries = entries(findings);
    let shown = shown(&entries, limit);
    let mut help_before = "";
    let mut n_told = 0;
    let mut is_full = false;
    for entry in shown {
        let help = entry.findings[0].help.as_str();
        let quotes = quotes(&entry.evidence, entry.findings[0], agents);
        is_full = !page.add(&item(entry, &quotes, help != help_before, limits, links));
        if is_full {
            break;
        }
        help_before = help;
        n_told += entry.findings.len();
    }
    let n_more = findings.len() - n_told;
    if n_more > 0 && !is_full {
        let kind = severity.as_str();
        let more = counted(n_more as u64, &format!("more {kind}"), &format!("more {kind}s"));
        page.close(&format!("… {more} of this rule (`--all` shows them)"));
    }
    if is_folded {
        page.close("</details>");
    }
    match is_full {
        true => n_more,
        false => 0,
    }
}

/// What is the matter, where, and what to do, as an item of a list.
fn item(
    entry: &Entry<'_>,
    quotes: &[(&Evidence, Option<String>)],
    with_help: bool,
    limits: &Limits,
    links: &Links<'_>,
) -> String {
    let finding = entry.findings[0];
    let mut out = format!("- {}", escaped(&clipped(&finding.message, MAX_SENTENCE)));
    if let Some(doubt) = doubt(finding.confidence) {
        out.push_str(&format!(" *({doubt}, {:.2})*", finding.confidence));
    }
    if entry.findings.len() > 1 {
        let n = thousands(entry.findings.len() as u64);
        out.push_str(&format!(" *({n} times)*"));
    }
    let places = shown(quotes, limits.places);
    let mut before = String::new();
    // Places of one text that follow each other are taken together, and so are
    // texts of one place.
    for same in places.chunk_by(|(a, _), (b, _)| a.text == b.text) {
        let here = whereabouts(same, links);
        match here == before {
            true => out.push_str("\n  >"),
            false => out.push_str(&format!("\n\n  {here}")),
        }
        let text = quote(&clipped(&same[0].0.text, MAX_QUOTE));
        if !text.is_empty() {
            out.push_str(&format!("\n  > {text}"));
        }
        before = here;
    }
    let n_more = quotes.len() - places.len();
    if n_more > 0 {
        let more = counted(n_more as u64, "more place", "more places");
        out.push_str(&format!("\n\n  … {more}"));
    }
    if !finding.help.is_empty() {
        let help = match with_help {
            true => escaped(&clipped(&finding.help, MAX_SENTENCE)),
            false => "as above".to_owned(),
        };
        out.push_str(&format!("\n\n  **Help:** {help}"));
    }
    out
}

/// Where a text stands, and the option that it chose in the first place.
fn whereabouts(quotes: &[(&Evidence, Option<String>)], links: &Links<'_>) -> String {
    let places: Vec<String> =
        quotes.iter().map(|(place, _)| links.place(&place.path, Some(place.line))).collect();
    let option = quotes[0].1.as_deref().map(escaped).unwrap_or_default();
    match option.is_empty() {
        true => places.join(", "),
        false => format!("{} · {option}", places.join(", ")),
    }
}
