//! Finds where the block begins and ends, in the shapes that people give it.

use memchr::memchr2;

use super::lines::{is_known_key, key_of};
use crate::source::Span;

/// A block found in a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    /// The whole block with its delimiters.
    pub(super) span: Span,
    /// What stands between the delimiters.
    pub(super) content: Span,
    /// Where the body begins.
    pub(super) body_start: usize,
    /// What it began with.
    pub(super) opening: Opening,
    /// Whether a line ends it.
    pub(super) is_closed: bool,
}

/// What a block began with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    /// `---`, as it should be.
    Dashes,
    /// A code fence around the block or the whole file.
    Fence,
    /// Nothing: the first line is a key.
    Missing,
}

/// One line: its text is `start..end`, the next line begins at `next`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) next: usize,
    pub(super) text: &'a str,
}

impl Line<'_> {
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    pub(super) fn is_indented(&self) -> bool {
        self.text.starts_with([' ', '\t'])
    }
}

/// The lines of `text` under `span`; `\n`, `\r\n` and a lone `\r` end one.
pub(super) fn lines(text: &str, span: Span) -> impl Iterator<Item = Line<'_>> {
    let text = &text[..span.range().end];
    let mut start = span.range().start;
    std::iter::from_fn(move || {
        if start >= text.len() {
            return None;
        }
        let end =
            memchr2(b'\n', b'\r', &text.as_bytes()[start..]).map_or(text.len(), |at| start + at);
        let n_break = match &text.as_bytes()[end..] {
            [b'\r', b'\n', ..] => 2,
            [] => 0,
            _ => 1,
        };
        let line = Line { start, end, next: end + n_break, text: &text[start..end] };
        start = line.next;
        Some(line)
    })
}

/// The block at the beginning of `text`, if it has the shape of one.
pub(super) fn find(text: &str) -> Option<Block> {
    let mut rest = lines(text, Span::new(0, text.len())).skip_while(Line::is_blank);
    let first = rest.next()?;
    if first.text.trim() == "---" {
        return find_end(text, first.start, first.next, Opening::Dashes);
    }
    if is_opening_fence(first.text.trim()) {
        let second = rest.find(|line| !line.is_blank())?;
        return match second.text.trim() {
            "---" => find_end(text, first.start, second.next, Opening::Fence),
            _ if begins_block(second.text) => {
                find_end(text, first.start, second.start, Opening::Fence)
            }
            _ => None,
        };
    }
    if begins_block(first.text) {
        return find_end(text, first.start, first.start, Opening::Missing)
            .filter(|block| block.is_closed);
    }
    None
}

/// Finds the end of the block whose first key line is to begin at `from`.
fn find_end(text: &str, start: usize, from: usize, opening: Opening) -> Option<Block> {
    let mut has_keys = false;
    let mut previous_blank = false;
    for line in lines(text, Span::new(from, text.len())) {
        let trimmed = line.text.trim_end();
        let is_dashes = trimmed.len() >= 3 && trimmed.bytes().all(|byte| byte == b'-');
        let closes = trimmed == "---"
            || (trimmed == "..." && opening == Opening::Dashes)
            || (is_dashes && has_keys)
            || (opening == Opening::Fence && is_closing_fence(trimmed));
        if closes {
            let body_start = after_fence(text, line.next, opening, trimmed);
            return Some(Block {
                span: Span::new(start, line.end),
                content: Span::new(from, line.start),
                body_start,
                opening,
                is_closed: true,
            });
        }
        // A block without an opening line has to be one paragraph of keys.
        if opening == Opening::Missing && previous_blank && key_of(line.text).is_none() {
            return None;
        }
        has_keys |= key_of(line.text).is_some();
        previous_blank = line.is_blank();
    }
    unclosed(text, start, from, opening)
}

/// The leading key lines of a block that no line ends.
fn unclosed(text: &str, start: usize, from: usize, opening: Opening) -> Option<Block> {
    let content = Span::new(from, text.len());
    let first = lines(text, content).find(|line| !line.is_blank())?;
    if !key_of(first.text).is_some_and(|(key, _)| is_known_key(key)) {
        return None;
    }
    let mut end = first.next;
    let mut end_of_text = first.end;
    let mut previous_blank = false;
    for line in lines(text, Span::new(first.next, text.len())) {
        let is_key = key_of(line.text).is_some_and(|(key, _)| is_known_key(key));
        if is_heading(line.text) || (previous_blank && !is_key && !line.is_blank()) {
            break;
        }
        previous_blank = line.is_blank();
        if !previous_blank {
            end = line.next;
            end_of_text = line.end;
        }
    }
    Some(Block {
        span: Span::new(start, end_of_text),
        content: Span::new(from, end),
        body_start: end,
        opening,
        is_closed: false,
    })
}

/// A closed block that YAML rejects may reach to a horizontal rule deep in the
/// body, when its own end is missing: then a blank line and a Markdown heading
/// with prose stand in it. The block up to there, in that case.
pub(super) fn before_body(text: &str, block: &Block) -> Option<Block> {
    let mut previous_blank = false;
    let mut heading = None;
    for line in lines(text, block.content) {
        if line.is_blank() {
            previous_blank = true;
            continue;
        }
        if heading.is_some() && !is_heading(line.text) {
            if key_of(line.text).is_none() {
                return unclosed(
                    text,
                    block.span.range().start,
                    block.content.range().start,
                    block.opening,
                );
            }
            heading = None;
        }
        if previous_blank && is_heading(line.text) {
            heading = Some(line.start);
        }
        previous_blank = false;
    }
    None
}

/// Where the body begins after the closing line; the end of a fence around the block alone is no body.
fn after_fence(text: &str, next: usize, opening: Opening, closing: &str) -> usize {
    if opening != Opening::Fence || is_closing_fence(closing) {
        return next;
    }
    match lines(text, Span::new(next, text.len())).find(|line| !line.is_blank()) {
        Some(line) if is_closing_fence(line.text.trim()) => line.next,
        _ => next,
    }
}

fn begins_block(line: &str) -> bool {
    key_of(line).is_some_and(|(key, _)| matches!(key, "name" | "description"))
}

fn is_opening_fence(line: &str) -> bool {
    let info = line.trim_start_matches('`');
    line.len() - info.len() >= 3 && matches!(info.trim(), "" | "markdown" | "md" | "yaml" | "yml")
}

fn is_closing_fence(line: &str) -> bool {
    line.len() >= 3 && line.bytes().all(|byte| byte == b'`')
}

fn is_heading(line: &str) -> bool {
    let title = line.trim_start_matches('#');
    (1..=6).contains(&(line.len() - title.len())) && title.starts_with(' ')
}
