//! Workflow commands, which GitHub Actions turns into annotations. It shows
//! ten errors, ten warnings and ten notices of a step, so the surest come first.

use crate::finding::{Finding, Severity};
use crate::render::quote::clean;
use crate::render::wording::{counted, doubt, listed, places, quoted, severe};
use crate::report::{FindingCounts, ProblemInfo};

/// Annotations of one severity that GitHub shows of a step.
const MAX_SHOWN: usize = 10;

/// Places that a message names besides its own.
const MAX_OTHERS: usize = 3;

/// Characters of a quote.
const MAX_QUOTE: usize = 200;

/// A line for each finding, by severity, then by confidence, then in their
/// order; a line for each problem; and a sentence for the log.
pub(super) fn annotations(findings: &[Finding], problems: &[ProblemInfo]) -> String {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted
        .sort_by(|a, b| (a.severity.cmp(&b.severity)).then(b.confidence.total_cmp(&a.confidence)));
    let mut out = String::new();
    for finding in sorted {
        out.push_str(&annotation(finding));
    }
    for problem in problems {
        out.push_str(&trouble(problem));
    }
    out + &closing(FindingCounts::of(findings), problems.len())
}

fn annotation(finding: &Finding) -> String {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = Vec::new();
    if let Some(place) = finding.evidence.first() {
        properties.push(property("file", &place.path));
        properties.push(format!("line={}", place.line));
        properties.push(format!("endLine={}", place.end_line));
        // A column is for one line only.
        if place.line == place.end_line {
            properties.push(format!("col={}", place.column));
        }
    }
    properties.push(property("title", finding.rule.id()));
    format!("::{command} {}::{}\n", properties.join(","), escaped(&message(finding)))
}

fn trouble(problem: &ProblemInfo) -> String {
    let mut properties = vec![property("file", &problem.path)];
    properties.extend(problem.line.map(|line| format!("line={line}")));
    properties.push(property("title", "problem in the input"));
    format!("::warning {}::{}\n", properties.join(","), escaped(&clean(&problem.message)))
}

/// What is the matter, the other sides, and what to do: a line each.
fn message(finding: &Finding) -> String {
    let mut lines = vec![clean(&finding.message)];
    if let (Some(doubt), Some(line)) = (doubt(finding.confidence), lines.last_mut()) {
        line.push_str(&format!(" ({doubt}, {:.2})", finding.confidence));
    }
    let places = places(finding);
    let (here, others) = places.split_at(places.len().min(1));
    // What stands at the annotation itself is shown above it, unless the
    // change did not touch it.
    lines.extend(
        here.iter().map(|place| format!("here: {}", quoted(&clean(&place.text), MAX_QUOTE))),
    );
    for place in others.iter().take(MAX_OTHERS) {
        let at = format!("{}:{}", clean(&place.path), place.line);
        lines.push(format!("{at}: {}", quoted(&clean(&place.text), MAX_QUOTE)));
    }
    let n_more = others.len().saturating_sub(MAX_OTHERS);
    if n_more > 0 {
        let more = counted(n_more as u64, "more place", "more places");
        lines.push(format!("and {more}"));
    }
    let help = clean(&finding.help);
    if !help.is_empty() {
        lines.push(format!("help: {help}"));
    }
    lines.join("\n")
}

/// How many there are, for the log: it shows all, the annotations some.
fn closing(counts: FindingCounts, n_problems: usize) -> String {
    let mut parts = severe(counts.error, counts.warning);
    if counts.note > 0 {
        parts.push(counted(counts.note as u64, "note", "notes"));
    }
    if n_problems > 0 {
        parts.push(counted(n_problems as u64, "problem", "problems"));
    }
    if parts.is_empty() {
        return "agent-overlap: no findings\n".to_owned();
    }
    let n_warnings = counts.warning + n_problems;
    let is_cut = [counts.error, n_warnings, counts.note].into_iter().max() > Some(MAX_SHOWN);
    let cut = match is_cut {
        true => "; GitHub shows the first ten errors, warnings and notices",
        false => "",
    };
    format!("agent-overlap: {}{cut}\n", listed(&parts))
}

/// `name=value`, the value on one line and escaped as the runner unescapes it.
fn property(name: &str, value: &str) -> String {
    let value = escaped(&clean(value));
    format!("{name}={}", value.replace(':', "%3A").replace(',', "%2C"))
}

/// A message as the runner unescapes it.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}
