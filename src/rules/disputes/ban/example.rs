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
    let lower = line.to_lowercase();
    if is_marked(&lower, SEARCHING) || is_bad(&lower) {
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
        if is_comment && is_bad(&line) {
            return true;
        }
        if is_comment && is_marked(&line, GOOD) {
            return false;
        }
    }
    let unit = &agent.units[first];
    let heading = agent.sections[unit.section_idx as usize].heading;
    let introduction =
        first.checked_sub(1).filter(|&idx| agent.units[idx].section_idx == unit.section_idx);
    let outer = introduction.map(|idx| idx as u32).into_iter().chain(unit.lead_in).chain(heading);
    outer
        .map(|idx| {
            let unit = &agent.units[idx as usize];
            let text = agent.unit_start(unit, source, MAX_STATEMENT_BYTES);
            text.to_lowercase()
        })
        .any(|text| is_bad(&text))
}

/// Whether a text in lower case calls what it stands at bad.
fn is_bad(text: &str) -> bool {
    let end = text.trim_end_matches([' ', ':', '.', '*', '_', '`', ')', '/']);
    let is_word = |before: &str| !before.ends_with(char::is_alphanumeric);
    is_marked(text, BAD)
        || BAD_AT_END.iter().any(|mark| end.strip_suffix(mark).is_some_and(is_word))
}

/// Whether one of these marks stands in a text in lower case, no part of a longer
/// word: a badge is not bad, nor is `beforeEach` what was before.
fn is_marked(text: &str, marks: &[&str]) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    let stands_alone = |at: usize, mark: &str| {
        let (before, after) = (&text[..at], &text[at + mark.len()..]);
        !(mark.starts_with(joins) && before.ends_with(joins)
            || mark.ends_with(char::is_alphanumeric) && after.starts_with(joins))
    };
    marks.iter().any(|mark| text.match_indices(mark).any(|(at, _)| stands_alone(at, mark)))
}

/// Marks of lines that look for what they hold, or see to it that nobody uses
/// it, in lower case.
const SEARCHING: &[&str] = &[
    "grep", "egrep", "fgrep", "pgrep", "ripgrep", "rg", "find", "search", "pattern", "patterns",
    "regex", "regexp", "/g", "lint", "linter", "linting", "eslint", "tslint", "stylelint",
    "pylint", "check", "checks", "checker", "checking", "typecheck", "expect", "expects",
    "expected", "forbid", "forbids", "forbidden", "explain",
    // Rules of linters; `--no-verify` is none.
    " no-", "\"no-", "'no-", "`no-", "/no-", "(no-",
];

/// Marks of bad examples, in lower case.
const BAD: &[&str] = &[
    "❌", "✗", "🚫", "bad", "bad_", "wrong", "wrong_", "wrongly", "don't", "don’t", "do not",
    "not", "avoid", "avoids", "avoiding", "never", "anti-pattern", "anti-patterns", "antipattern",
    "antipatterns", "before", "incorrect", "incorrectly", "slow", "slower", "vulnerable",
    "insecure", "insecure_", "unsafe", "unsafe_", "legacy", "problematic", "problem:", "problems:",
    "original:", "original code", "original version", "original query", "the original",
    "[critical", "[high", "injection", "falsch", "mal:", "неправильно",
];

/// Marks of bad examples where a text ends with them: "The problem:" shows it,
/// "problem reports" are something else.
const BAD_AT_END: &[&str] = &["problem", "problems", "original"];

/// Marks of good examples, in lower case.
const GOOD: &[&str] = &[
    "✅", "✓", "good", "good_", "right", "correct", "correctly", "correct_", "better", "after",
    "fast", "faster", "secure", "secure_", "richtig", "bien:", "правильно",
];

/// Blocks of one fence that are looked through for a mark at most.
const MAX_BLOCKS: usize = 12;

/// Bytes above a line of code that are looked through for a mark at most.
const MAX_ABOVE: usize = 16_384;
