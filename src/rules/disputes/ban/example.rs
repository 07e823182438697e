//! Code that is shown as what not to do.

use crate::agent::{Agent, UnitKind};
use crate::commitment::MAX_STATEMENT_BYTES;
use crate::rules::disputes::fact::tail;

/// Whether the line of code at `start` is shown as what not to do, or looked
/// for: the nearest mark above it decides.
pub(in crate::rules::disputes) fn is_bad_example(
    agent: &Agent,
    source: &str,
    unit_idx: usize,
    line: &str,
    start: usize,
) -> bool {
    const SEARCHING: &[&str] = &[
        "grep", "rg ", "find ", "search", "pattern", "regex", "/g", "lint", "check", "expect",
        "no-", "forbid", "explain ",
    ];
    let lower = line.to_lowercase();
    let is_marked = |text: &str, marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    if is_marked(&lower, SEARCHING) || is_marked(&lower, BAD) {
        return true;
    }
    let first = (0..=unit_idx)
        .rev()
        .take_while(|&idx| agent.units[idx].kind == UnitKind::Code)
        .take(MAX_BLOCKS)
        .last()
        .unwrap_or(unit_idx);
    // In a quote, or behind a bullet, the line begins before its unit.
    let from = agent.units[first].span.range().start.min(start);
    let above = tail(&source[from..start], MAX_ABOVE);
    for line in above.lines().rev() {
        let line = line.to_lowercase();
        let is_comment = ["//", "#", "--", "/*", "<!--", "*", "{/*", "\"\"\""]
            .iter()
            .any(|sign| line.trim_start().starts_with(sign));
        if is_comment && is_marked(&line, BAD) {
            return true;
        }
        if is_comment && is_marked(&line, GOOD) {
            return false;
        }
    }
    let unit = &agent.units[first];
    let heading = agent.sections[unit.section_idx as usize].heading;
    let introduction = first
        .checked_sub(1)
        .filter(|&idx| agent.units[idx].section_idx == unit.section_idx);
    let outer = introduction
        .map(|idx| idx as u32)
        .into_iter()
        .chain(unit.lead_in)
        .chain(heading);
    outer
        .map(|idx| {
            let unit = &agent.units[idx as usize];
            let text = agent.unit_start(unit, source, MAX_STATEMENT_BYTES);
            text.to_lowercase()
        })
        .any(|text| is_marked(&text, BAD))
}

/// Marks of bad examples, in lower case.
const BAD: &[&str] = &[
    "❌",
    "✗",
    "🚫",
    "bad",
    "wrong",
    "don't",
    "don’t",
    "do not",
    "avoid",
    "never",
    "anti-pattern",
    "antipattern",
    "before",
    "incorrect",
    "not ",
    "slow",
    "vulnerable",
    "insecure",
    "unsafe",
    "problem",
    "legacy",
    "original",
    "[critical",
    "[high",
    "injection",
    "falsch",
    "falsch:",
    "mal:",
    "неправильно",
];

/// Marks of good examples, in lower case.
const GOOD: &[&str] = &[
    "✅", "✓", "good", "right", "correct", "better", "after", "fast", "secure", "richtig", "bien:",
    "правильно",
];

/// Blocks of one fence that are looked through for a mark at most.
const MAX_BLOCKS: usize = 12;

/// Bytes above a line of code that are looked through for a mark at most.
const MAX_ABOVE: usize = 16_384;
