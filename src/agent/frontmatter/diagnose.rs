//! Says why a block is no YAML, in words that its author can act on.
//!
//! A parser reports where it stumbled, often lines after the cause. So each
//! recovered field is parsed by itself, and the text of those that fail is
//! searched for the mistakes that real files show.

use super::block::{Block, Line, Opening, lines};
use super::lines::key_of;
use super::{Field, MAX_FAULTS, plain, yaml};
use crate::agent::{Fault, FaultKind};
use crate::source::Span;

/// Why the YAML reader gave up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// More bytes than are given to the parser, or than aliases may unfold to.
    TooLarge,
    /// Nested too deeply.
    TooDeep,
    /// YAML, but the lines of an example became keys.
    Spilled,
    /// The parser's own words.
    Syntax {
        /// Where it stumbled.
        at: usize,
        /// What it said.
        message: String,
    },
}

impl Failure {
    pub(super) fn at(at: usize, message: &str) -> Self {
        Self::Syntax { at, message: message.to_owned() }
    }
}

/// The cure of a text that YAML takes for something else: a block fits any text
/// and needs no escapes. `value` may have several lines.
fn as_block(key: &str, value: &str) -> String {
    let is_flush_left = |line: &str| !line.trim().is_empty() && !line.starts_with([' ', '\t', '#']);
    if value.lines().skip(1).any(is_flush_left) {
        format!("write `{key}: |` and indent all lines of the text")
    } else {
        format!("write it as a block: `{key}: |` and the text indented below")
    }
}

/// The cure of a short value that begins with a sign of YAML.
fn quotes(key: &str, value: &str) -> String {
    if !value.contains(['"', '\\']) {
        format!("put the value in double quotes: `{key}: \"…\"`")
    } else if !value.contains('\'') {
        format!("put the value in single quotes: `{key}: '…'`")
    } else {
        as_block(key, value)
    }
}

/// The faults of a block that YAML rejects, `fields` being what the line reader found.
pub(super) fn faults(text: &str, content: Span, fields: &[Field], failure: &Failure) -> Vec<Fault> {
    let whole_line = |at: usize| {
        let is_here = |line: &Line| at < line.next;
        lines(text, content)
            .find(is_here)
            .map_or(Span::new(content.range().start, content.range().start), |line| {
                Span::new(line.start, line.end)
            })
    };
    let (span, message, help) = match failure {
        Failure::TooLarge => (
            whole_line(content.range().start),
            "the frontmatter is too large to be read as YAML".to_owned(),
            "move the text below the closing `---`",
        ),
        Failure::TooDeep => (
            whole_line(content.range().start),
            "the frontmatter is nested too deeply to be read as YAML".to_owned(),
            "write the values as plain text or as simple lists",
        ),
        Failure::Spilled | Failure::Syntax { .. } => {
            let found: Vec<Fault> = field_slices(content, fields)
                .filter_map(|(field, slice)| field_fault(text, field, slice))
                .take(MAX_FAULTS)
                .collect();
            if !found.is_empty() {
                return found;
            }
            let (at, message) = match failure {
                Failure::Syntax { at, message } => (*at, message.as_str()),
                _ => (content.range().start, "the lines of an example became keys"),
            };
            if let Some(fault) = stray_first_line(text, content, fields) {
                return vec![fault];
            }
            (
                whole_line(at),
                format!("the frontmatter is no YAML: {message}"),
                "put the value in double quotes",
            )
        }
    };
    vec![fault(span, message, help)]
}

/// The faults of the lines around a block.
pub(super) fn delimiter_faults(text: &str, block: &Block) -> Vec<Fault> {
    let first_line = lines(text, block.span)
        .find(|line| !line.is_blank())
        .map_or(block.span, |line| Span::new(line.start, line.end));
    let mut faults = Vec::new();
    match block.opening {
        Opening::Dashes => {}
        Opening::Fence => faults.push(fault(
            first_line,
            "the frontmatter stands in a code fence, so products do not see it".to_owned(),
            "remove the fence: the file has to begin with `---`",
        )),
        Opening::Missing => faults.push(fault(
            first_line,
            "the `---` line before the frontmatter is missing".to_owned(),
            "begin the file with a line `---`",
        )),
    }
    if !block.is_closed {
        faults.push(fault(
            first_line,
            "the frontmatter is never closed".to_owned(),
            "put a line `---` after its last field",
        ));
    }
    faults
}

fn fault(span: Span, message: String, help: &str) -> Fault {
    Fault { kind: FaultKind::Frontmatter, span, message, help: help.to_owned() }
}

/// Each field with the bytes from its key to the next one's.
fn field_slices(content: Span, fields: &[Field]) -> impl Iterator<Item = (&Field, Span)> {
    fields.iter().enumerate().map(move |(idx, field)| {
        let end = fields.get(idx + 1).map_or(content.end, |next| next.key_span.start);
        (field, Span { start: field.key_span.start, end })
    })
}

/// What is wrong with a field that is no YAML by itself.
fn field_fault(text: &str, field: &Field, slice: Span) -> Option<Fault> {
    let alone = match plain::read(text, slice) {
        Some(fields) => Ok(Some(fields)),
        None => yaml::read(text, slice),
    };
    let failure = match alone {
        Ok(Some(alone)) if alone.len() == 1 => return indented_key(text, field),
        Ok(_) => Failure::Spilled,
        Err(failure) => failure,
    };
    let mut all = lines(text, slice);
    let first = all.next()?;
    let (_, rest) = key_of(first.text)?;
    let value = rest.trim();
    let value_start = first.end - rest.trim_start().len();
    let line_span = Span::new(value_start, value_start + value.len());
    let key = &field.key;
    let whole = &text[value_start..slice.range().end];
    if value.starts_with("{{") {
        let message = format!(
            "the value of `{key}` is a placeholder in braces, which YAML reads as a mapping"
        );
        let help = "fill in the placeholder, or put it in double quotes";
        return Some(Fault { kind: FaultKind::Placeholder, ..fault(line_span, message, help) });
    }
    if let Some((message, help)) = value_cause(key, value, whole) {
        return Some(fault(line_span, message, &help));
    }
    for line in all.filter(|line| !line.is_blank()) {
        let span = Span::new(line.start, line.end);
        if line.text.trim_start_matches(' ').starts_with('\t') {
            let message =
                format!("a line of `{key}` is indented with a tab, which YAML does not allow");
            return Some(fault(span, message, "indent with spaces"));
        }
        if !line.is_indented() && !line.text.starts_with(['#', '-', ']', '}']) {
            let message = format!(
                "the value of `{key}` runs over into a line that is not indented, where YAML expects a key"
            );
            let help = if value.starts_with(['"', '\'']) {
                "indent all lines of the text".to_owned()
            } else {
                as_block(key, whole)
            };
            return Some(fault(span, message, &help));
        }
        let is_plain = !value.starts_with(['|', '>', '"', '\'', '[', '{']) && !value.is_empty();
        if is_plain && has_colon(line.text) {
            let (message, help) = colon_cause(key, whole);
            return Some(fault(span, message, &help));
        }
    }
    if let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\''))
        && !value[1..].contains(quote)
    {
        let message = format!("the quote that opens the value of `{key}` is never closed");
        return Some(fault(line_span, message, &format!("end the value with `{quote}`")));
    }
    match failure {
        Failure::Syntax { message, .. } => Some(fault(
            line_span,
            format!("the value of `{key}` is no YAML: {message}"),
            &as_block(key, whole),
        )),
        Failure::TooLarge | Failure::TooDeep | Failure::Spilled => None,
    }
}

/// Every field is YAML by itself, yet this one is indented under the one before it.
fn indented_key(text: &str, field: &Field) -> Option<Fault> {
    let before = &text[..field.key_span.range().start];
    let key = &field.key;
    before.ends_with(' ').then(|| {
        let message = format!(
            "the key `{key}` is indented, so YAML takes it for a part of the value before it"
        );
        fault(field.key_span, message, "remove the spaces before the key")
    })
}

/// Text before the first key, such as a line of prose or a placeholder.
fn stray_first_line(text: &str, content: Span, fields: &[Field]) -> Option<Fault> {
    let end = fields.first().map_or(content.end, |field| field.key_span.start);
    let before = Span { start: content.start, end };
    let stray = lines(text, before).find(|line| !line.is_blank() && !line.text.starts_with('#'))?;
    let message = "this line is neither a key with a value nor the continuation of one".to_owned();
    Some(fault(Span::new(stray.start, stray.end), message, "indent it under its key, or remove it"))
}

/// The mistake in the first line of a value, with its cure; `whole` is the value
/// with all its lines.
fn value_cause(key: &str, value: &str, whole: &str) -> Option<(String, String)> {
    let first = value.chars().next()?;
    match first {
        '*' => Some((
            format!(
                "the value of `{key}` begins with an unquoted `*`, which YAML reads as an alias"
            ),
            quotes(key, whole),
        )),
        '?' | '@' | '`' | '%' | '&' | '!' | ',' | ']' | '}' => Some((
            format!("the value of `{key}` begins with `{first}`, which is reserved in YAML"),
            quotes(key, whole),
        )),
        '|' | '>'
            if value
                .trim_start_matches(['|', '>', '+', '-'])
                .starts_with(|c: char| !c.is_ascii_digit()) =>
        {
            Some((
                format!(
                    "text follows the `{first}` of `{key}` in one line, where YAML begins a block"
                ),
                format!("put the text on the next line, indented, or quote it: `{key}: \"…\"`"),
            ))
        }
        '-' if value.starts_with("- ") => Some((
            format!("the list of `{key}` begins in the line of the key"),
            "put each `- item` on a line of its own".to_owned(),
        )),
        '"' | '\'' => quote_cause(key, value, first),
        '[' | '{' => flow_cause(key, value, first).or_else(|| open_cause(key, whole, first)),
        _ if has_colon(value) => Some(colon_cause(key, whole)),
        _ => None,
    }
}

fn has_colon(value: &str) -> bool {
    value.contains(": ") || value.trim_end().ends_with(':')
}

fn colon_cause(key: &str, value: &str) -> (String, String) {
    let message =
        format!("the value of `{key}` holds an unquoted `: `, which YAML reads as a nested key");
    (message, as_block(key, value))
}

/// Text after the closing quote, or a wrong escape.
fn quote_cause(key: &str, value: &str, quote: char) -> Option<(String, String)> {
    let mut chars = value.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && quote == '"' {
            let (_, escaped) = chars.next()?;
            if !"0abtnvfre \"/\\N_LPxuU\t".contains(escaped) {
                let message =
                    format!("the value of `{key}` holds `\\{escaped}`, which is no escape in YAML");
                return Some((
                    message,
                    "write the backslash twice, or use single quotes".to_owned(),
                ));
            }
        } else if c == quote {
            if quote == '\'' && chars.next_if(|&(_, next)| next == '\'').is_some() {
                continue;
            }
            let rest = value[at + 1..].trim_start();
            if rest.is_empty() || rest.starts_with('#') {
                return None;
            }
            let message = format!("text follows the closing quote of `{key}`");
            let doubled = if quote == '"' { "`\\\"`" } else { "`''`" };
            return Some((
                message,
                format!("put all of it in one pair of quotes and write inner ones as {doubled}"),
            ));
        }
    }
    None
}

/// Text after the closing bracket, or a missing one.
fn flow_cause(key: &str, value: &str, open: char) -> Option<(String, String)> {
    let mut n_open = 0usize;
    for (at, c) in value.char_indices() {
        match c {
            '[' | '{' => n_open += 1,
            ']' | '}' => n_open = n_open.saturating_sub(1),
            _ => continue,
        }
        if n_open == 0 {
            let rest = value[at + 1..].trim_start();
            if rest.is_empty() || rest.starts_with('#') {
                return None;
            }
            let what = if open == '[' { "list" } else { "mapping" };
            return Some((
                format!("text follows the closing `{c}` of `{key}`, which YAML reads as a {what}"),
                quotes(key, value),
            ));
        }
    }
    None
}

/// A bracket that no line closes.
fn open_cause(key: &str, whole: &str, open: char) -> Option<(String, String)> {
    let close = if open == '[' { ']' } else { '}' };
    let is_open = whole.matches(open).count() > whole.matches(close).count();
    is_open.then(|| {
        (
            format!("the `{open}` that opens the value of `{key}` is never closed"),
            format!("end the value with `{close}`"),
        )
    })
}
