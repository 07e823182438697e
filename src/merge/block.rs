//! The lines of a body that can be moved as one: an item, a paragraph, a row,
//! a fenced block of code. Units that share a line share a block.

use std::ops::Range;

use crate::agent::{Agent, Unit, UnitKind};
use crate::source::{line_end, line_start, whole_lines};

/// Lines that are moved as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// What its first unit is.
    pub(crate) kind: UnitKind,
    /// Its units.
    pub(crate) units: Range<usize>,
    /// Its lines in the file, the last line's end excluded; of code, the fences included.
    pub(crate) lines: Range<usize>,
    /// The unit that introduces it.
    pub(crate) lead_in: Option<u32>,
    /// Its section.
    pub(crate) section: u32,
}

/// The blocks of a body in the order of the file; headings are in none.
pub(crate) fn blocks(agent: &Agent, source: &str) -> Vec<Block> {
    let lead_ins = lead_ins(agent, source);
    let mut blocks: Vec<Block> = Vec::new();
    for (at, unit) in agent.units.iter().enumerate() {
        if unit.kind == UnitKind::Heading {
            continue;
        }
        let lines =
            line_start(source, unit.span.start as usize)..line_end(source, unit.span.end as usize);
        match blocks.last_mut() {
            Some(last) if last.units.end == at && goes_on(last, unit, &lines, source) => {
                last.units.end = at + 1;
                last.lines.end = last.lines.end.max(lines.end);
            }
            last => {
                let from = last.map_or(0, |last| last.lines.end);
                let lines = match unit.kind {
                    UnitKind::Code => fenced(source, from, &lines).unwrap_or(lines),
                    _ => lines,
                };
                blocks.push(Block {
                    kind: unit.kind,
                    units: at..at + 1,
                    lines,
                    lead_in: lead_ins[at],
                    section: unit.section_idx,
                });
            }
        }
    }
    blocks
}

/// By unit: what introduces it. That is its lead-in, or else a line without a
/// colon right above its list that is written like a title ("Naming Conventions").
pub(crate) fn lead_ins(agent: &Agent, source: &str) -> Vec<Option<u32>> {
    let mut label = None;
    let mut above: Option<(u32, &Unit)> = None;
    let mut lead_ins = Vec::with_capacity(agent.units.len());
    for (at, unit) in (0..).zip(&agent.units) {
        let is_plain_item = unit.kind == UnitKind::Item && unit.lead_in.is_none();
        if unit.kind != UnitKind::Item {
            label = None;
        } else if is_plain_item
            && let Some((idx, above)) = above
            && above.kind == UnitKind::Sentence
            && above.section_idx == unit.section_idx
        {
            label = is_label(agent, above, source).then_some(idx);
        }
        lead_ins.push(unit.lead_in.or(label.filter(|_| is_plain_item)));
        above = Some((at, unit));
    }
    lead_ins
}

/// Whether a sentence is a line of its own that is written like a title: few
/// words, the long ones with a capital, and no sign at its end.
fn is_label(agent: &Agent, unit: &Unit, source: &str) -> bool {
    const MAX_WORDS: usize = 6;
    /// Shorter words have no capital within a title.
    const MIN_LETTERS: usize = 4;
    let span = unit.span.range();
    let line = &source[line_start(source, span.start)..line_end(source, span.end)];
    let text = agent.unit_text(unit, source);
    let words = || text.split_whitespace();
    let is_capital = |word: &str| word.starts_with(|c: char| c.is_uppercase());
    let is_small = |word: &str| word.chars().count() < MIN_LETTERS;
    line.trim() == text.trim()
        && text.trim_end().ends_with(char::is_alphanumeric)
        && words().count() <= MAX_WORDS
        && words().next().is_some_and(is_capital)
        && words().all(|word| is_capital(word) || is_small(word))
}

/// Whether a unit belongs to the block before it: it begins on one of its
/// lines, or continues its item.
fn goes_on(last: &Block, unit: &Unit, lines: &Range<usize>, source: &str) -> bool {
    let continues_item = last.kind == UnitKind::Item
        && unit.kind == UnitKind::Item
        && unit.lead_in == Some(last.units.start as u32)
        && marker(&source[lines.start..unit.span.start as usize]).is_none();
    lines.start < last.lines.end || continues_item
}

/// The fenced block around the lines of some code that begins after `from`.
fn fenced(source: &str, from: usize, lines: &Range<usize>) -> Option<Range<usize>> {
    let before = source.get(from..lines.start)?;
    let mut start = lines.start;
    let above: Vec<&str> = whole_lines(before).collect();
    let (open, sign, n_signs) = above.into_iter().rev().find_map(|line| {
        start -= line.len();
        let (sign, n_signs, _) = fence(line)?;
        Some((line_start(source, start), sign, n_signs))
    })?;
    let mut at = lines.start;
    for line in whole_lines(&source[lines.start..]) {
        let is_end = fence(line).is_some_and(|(other, n, rest)| {
            other == sign && n >= n_signs && rest.trim().is_empty()
        });
        if is_end {
            return Some(open..line_end(source, at));
        }
        at += line.len();
    }
    Some(open..lines.end)
}

/// The sign of a fence, how many there are, and what follows on its line.
pub(crate) fn fence(line: &str) -> Option<(char, usize, &str)> {
    let line = line.trim_start_matches([' ', '\t', '>']);
    // A fence may stand right behind the marker of its item.
    let line = line.strip_prefix(marker(line).unwrap_or_default()).unwrap_or(line);
    let sign = line.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
    let rest = line.trim_start_matches(sign);
    let n_signs = line.len() - rest.len();
    (n_signs >= 3 && !(sign == '`' && rest.contains('`'))).then_some((sign, n_signs, rest))
}

/// What a line of an item begins with: indentation, bullet or number, blanks,
/// check box. `None` where it is no item.
pub(crate) fn marker(line: &str) -> Option<&str> {
    let after_blanks = line.trim_start_matches([' ', '\t', '>']);
    let digits = after_blanks.trim_start_matches(|c: char| c.is_ascii_digit());
    let n_digits = after_blanks.len() - digits.len();
    let rest = if (1..=9).contains(&n_digits) {
        digits.strip_prefix(['.', ')'])?
    } else {
        after_blanks.strip_prefix(['-', '*', '+', '•', '●', '○', '◦', '▪', '‣'])?
    };
    let text = rest.trim_start_matches([' ', '\t']);
    if text.len() == rest.len() && !rest.is_empty() {
        return None;
    }
    let is_box = |text: &&str| ["[ ] ", "[x] ", "[X] "].iter().any(|boxed| text.starts_with(boxed));
    let n_box = Some(text).filter(is_box).map_or(0, |_| "[ ] ".len());
    Some(&line[..line.len() - text.len() + n_box])
}

/// The text of some units of a block, with the markup and what stands between
/// a unit and the next. `None` where that would cut through emphasis or code.
pub(crate) fn slices(
    agent: &Agent,
    block: &Block,
    wanted: &[usize],
    source: &str,
) -> Option<String> {
    let first = block.lines.start;
    let line = &source[first..block.lines.end];
    let text_start = first + marker(line).map_or(0, str::len);
    let start = |unit: usize| match unit == block.units.start {
        true => text_start,
        false => opening(source, agent.units[unit].span.start as usize),
    };
    let mut parts: Vec<String> = Vec::new();
    for &unit in wanted {
        let end = match unit + 1 < block.units.end {
            true => start(unit + 1),
            false => block.lines.end,
        };
        let part = source.get(start(unit)..end)?;
        let words: Vec<&str> = part.split_whitespace().collect();
        parts.push(words.join(" "));
    }
    let is_whole = |part: &String| {
        part.matches("**").count().is_multiple_of(2) && part.matches('`').count().is_multiple_of(2)
    };
    parts.iter().all(is_whole).then(|| parts.join(" "))
}

/// Where the markup begins that stands right before a byte.
pub(crate) fn opening(source: &str, at: usize) -> usize {
    let before = source[..at].trim_end_matches(['*', '_', '`', '"', '\'', '(', '[', '“']);
    before.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::{Kind, Origin, Product, parse};
    use crate::source::{FileId, SourceFile};

    #[test]
    fn a_line_like_a_title_introduces_its_list() {
        let has_label = |text: &str| {
            let origin = Origin {
                kind: Some(Kind::Agent),
                product: Product::Claude,
                load_root: String::new(),
                project_root: None,
            };
            let agent = parse(FileId(0), &SourceFile::new("agents/a.md", text), origin);
            lead_ins(&agent, text).iter().flatten().count() == 2
        };
        for line in ["Care of Skis", "Waxing"] {
            assert!(has_label(&format!("{line}\n\n- Dry them\n- Wax them\n")), "{line}");
        }
        for line in ["Wax the skis", "Dry.", "Care of skis", "It rains. Care of Skis"] {
            assert!(!has_label(&format!("{line}\n\n- Dry them\n- Wax them\n")), "{line}");
        }
    }
}
