//! Text of another file in the form in which it is put in.

use super::tree::{Form, Node};
use crate::agent::{Agent, UnitKind};
use crate::merge::block::{Block, marker, slices};
use crate::source::{Span, line_end, line_start, whole_lines};

/// Characters of a quote in a comment.
const MAX_QUOTE: usize = 160;

/// Some units of a block, or the whole block where these are all of them,
/// none, or cannot be cut out.
pub(super) fn piece(agent: &Agent, block: &Block, units: &[usize], text: &str) -> Node {
    let raw = &text[block.lines.clone()];
    let is_mixed = || {
        let mut kinds = block.units.clone().map(|unit| agent.units[unit].kind);
        kinds.any(|kind| kind != block.kind)
    };
    let is_part = !units.is_empty() && units.len() < block.units.len();
    let part = (is_part && block.kind != UnitKind::Code && !is_mixed())
        .then(|| slices(agent, block, units, text))
        .flatten();
    let mark = marker(raw).filter(|_| block.kind == UnitKind::Item);
    let form = match block.kind {
        UnitKind::Item if mark.is_some() => {
            Form::Item { is_numbered: mark.and_then(number).is_some() }
        }
        UnitKind::Row => Form::Row,
        UnitKind::Code => Form::Code,
        UnitKind::Item | UnitKind::Sentence | UnitKind::Heading => Form::Paragraph,
    };
    let lines = match part {
        Some(part) => vec![part],
        // Code may begin right behind the marker of its item.
        None if block.kind == UnitKind::Code => dedented(raw, marker(raw)),
        None => dedented(raw, mark),
    };
    Node { form, lines, comments: Vec::new(), children: Vec::new() }
}

/// The number of a marker such as `3. `.
pub(super) fn number(mark: &str) -> Option<u32> {
    let digits = mark.trim_start_matches([' ', '\t', '>']);
    let end = digits.find(|c: char| !c.is_ascii_digit())?;
    digits[..end].parse().ok()
}

/// The lines without their common indentation; of an item, without its marker.
fn dedented(raw: &str, mark: Option<&str>) -> Vec<String> {
    let mut lines = whole_lines(raw);
    let first = lines.next().unwrap_or_default();
    let n_lead = match mark {
        Some(mark) => mark.len(),
        None => first.len() - first.trim_start_matches([' ', '\t']).len(),
    };
    let mut out = vec![first[n_lead..].trim_end().to_owned()];
    for line in lines {
        let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
        out.push(line[blank.min(n_lead)..].trim_end().to_owned());
    }
    out
}

/// The text of a heading with its markup, without the signs that make it one.
pub(super) fn title(text: &str, heading: Span) -> String {
    let start = line_start(text, heading.start as usize);
    let end = line_end(text, heading.end as usize);
    let line = text[start..end].trim().trim_start_matches('#').trim();
    line.trim_end_matches('#').trim_end().to_owned()
}

/// A comment that ends where it ends.
pub(super) fn comment(text: &str) -> String {
    let text = text.replace("-->", "->").replace("--!>", "-!>");
    format!("<!-- {} -->", text.replace(['\n', '\r'], " ").trim_end_matches('-'))
}

/// A quote on one line, cut where it is long.
pub(super) fn quoted(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    let mut chars = text.chars();
    let shown: String = chars.by_ref().take(MAX_QUOTE).collect();
    let more = if chars.next().is_some() { "…" } else { "" };
    format!("\"{shown}{more}\"")
}
