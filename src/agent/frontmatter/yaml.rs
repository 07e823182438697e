//! The YAML reader: parser events to fields.
//!
//! Events rather than deserialising, because they carry what the author wrote:
//! the text of `1.0`, and the bytes of each node. The parser limits nesting and
//! aliases are paid from a budget, so time and memory are linear in the block.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use serde_yaml::granit_parser::{self, Event, Parser, ScalarStyle, ScanError, StrInput};

use super::diagnose::Failure;
use super::{Field, Value};
use crate::source::Span;

/// Deeper nesting is no frontmatter. Bounds the recursion of [`Reader::node`].
const MAX_DEPTH: usize = 64;

/// How many bytes all aliases together may copy.
const MAX_ALIAS_BYTES: usize = 256 * 1024;

/// The fields of a block; `None` where it holds YAML that is no mapping.
pub(super) fn read(text: &str, content: Span) -> Result<Option<Vec<Field>>, Failure> {
    let block = content.of(text);
    let start = content.range().start;
    // The parser takes a NUL for the end of its input and would drop the rest.
    if let Some(at) = block.find('\0') {
        return Err(Failure::at(start + at, "a NUL character"));
    }
    let options = granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut reader = Reader {
        text,
        parser: Parser::new_from_str_with_options(block, options),
        start,
        anchors: FxHashMap::default(),
        n_alias_bytes: 0,
    };
    reader.document()
}

struct Reader<'a> {
    /// The whole file.
    text: &'a str,
    parser: Parser<'a, StrInput<'a>>,
    /// Where the block begins in the file.
    start: usize,
    anchors: FxHashMap<usize, Value>,
    n_alias_bytes: usize,
}

/// A value with the bytes from its first to its last token.
struct Node {
    value: Value,
    span: Span,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), Failure> {
        match self.parser.next_event() {
            None => Ok((Event::StreamEnd, Span::new(self.start, self.start))),
            Some(Ok((event, span))) => {
                let range = span.byte_range().unwrap_or_default();
                let end = range.end.max(range.start);
                Ok((event, Span::new(self.start + range.start, self.start + end)))
            }
            Some(Err(error)) => Err(self.failure(&error)),
        }
    }

    fn failure(&self, error: &ScanError) -> Failure {
        if *error.kind() == granit_parser::ErrorKind::RecursionLimitExceeded {
            return Failure::TooDeep;
        }
        let at = self.start + error.marker().byte_offset().unwrap_or_default();
        Failure::at(at, &error.info())
    }

    fn document(&mut self) -> Result<Option<Vec<Field>>, Failure> {
        let mut fields = Some(Vec::new());
        let mut n_documents = 0;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(fields),
                Event::DocumentStart(..) => {
                    n_documents += 1;
                    if n_documents > 1 {
                        return Err(Failure::at(
                            span.range().start,
                            "a line that begins with `---`",
                        ));
                    }
                }
                Event::MappingStart(_, anchor, _) => fields = Some(self.fields(anchor)?),
                Event::Scalar(..) | Event::SequenceStart(..) | Event::Alias(_) => {
                    let node = self.node(event, span)?;
                    // A block of comments and blank lines is empty, not prose.
                    if node.value != Value::Null {
                        fields = None;
                    }
                }
                _ => {}
            }
        }
    }

    /// The fields of the top-level mapping, whose start was read.
    fn fields(&mut self, anchor: usize) -> Result<Vec<Field>, Failure> {
        let mut fields = Vec::new();
        loop {
            let (event, span) = self.next()?;
            let (key, key_span) = match event {
                Event::MappingEnd => break,
                _ => Self::key(event, span)?,
            };
            let (event, span) = self.next()?;
            let is_block =
                matches!(event, Event::Scalar(_, ScalarStyle::Literal | ScalarStyle::Folded, ..));
            let node = self.node(event, span)?;
            let value_span = if node.value == Value::Null {
                let at = self.after_colon(key_span);
                Span::new(at, at)
            } else if is_block {
                self.trimmed(self.header_start(key_span), node.span.range().end)
            } else {
                self.trimmed(node.span.range().start, node.span.range().end)
            };
            fields.push(Field { key: key.into_owned(), key_span, value_span, value: node.value });
        }
        if anchor != 0 {
            self.anchors.insert(anchor, Value::Null);
        }
        Ok(fields)
    }

    /// The byte after a key's colon; the key's end where it has none.
    fn after_colon(&self, key_span: Span) -> usize {
        let end = key_span.range().end;
        let rest = self.text[end..].trim_start_matches(['"', '\'']).trim_start();
        if rest.starts_with(':') { self.text.len() - rest.len() + 1 } else { end }
    }

    /// Where the header of a block scalar stands; the parser's span begins after it.
    fn header_start(&self, key_span: Span) -> usize {
        let rest = &self.text[self.after_colon(key_span)..];
        self.text.len() - rest.trim_start().len()
    }

    /// A span without the line breaks that belong to a block's last token.
    fn trimmed(&self, start: usize, end: usize) -> Span {
        let token = &self.text[start..end.max(start)];
        Span::new(start, start + token.trim_end_matches([' ', '\t', '\n', '\r']).len())
    }

    fn key(event: Event<'a>, span: Span) -> Result<(Cow<'a, str>, Span), Failure> {
        let Event::Scalar(key, style, ..) = event else {
            return Err(Failure::at(span.range().start, "a key that is no plain word"));
        };
        let is_quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        let inside = if is_quoted && span.byte_len() >= 2 {
            Span { start: span.start + 1, end: span.end - 1 }
        } else {
            span
        };
        Ok((key, inside))
    }

    /// The node that begins with an event.
    fn node(&mut self, event: Event<'a>, span: Span) -> Result<Node, Failure> {
        let start = span.start;
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let value = match style {
                    ScalarStyle::Plain => Value::of_plain(&text),
                    _ => Value::Text(text.into_owned()),
                };
                self.define(anchor, &value);
                Ok(Node { value, span })
            }
            Event::SequenceStart(_, anchor, _) => {
                let mut items = Vec::new();
                let mut end = span.end;
                loop {
                    let (event, span) = self.next()?;
                    if event == Event::SequenceEnd {
                        end = end.max(span.end);
                        break;
                    }
                    let node = self.node(event, span)?;
                    end = end.max(node.span.end);
                    items.push(node.value);
                }
                let value = Value::List(items);
                self.define(anchor, &value);
                Ok(Node { value, span: Span { start, end } })
            }
            Event::MappingStart(_, anchor, _) => {
                let mut entries = Vec::new();
                let mut end = span.end;
                loop {
                    let (event, span) = self.next()?;
                    if event == Event::MappingEnd {
                        end = end.max(span.end);
                        break;
                    }
                    let (key, key_span) = Self::key(event, span)?;
                    let (event, span) = self.next()?;
                    let node = self.node(event, span)?;
                    end = end.max(key_span.end).max(node.span.end);
                    entries.push((key.into_owned(), node.value));
                }
                let value = Value::Map(entries);
                self.define(anchor, &value);
                Ok(Node { value, span: Span { start, end } })
            }
            Event::Alias(anchor) => {
                let value = self.anchors.get(&anchor).cloned().unwrap_or(Value::Null);
                self.n_alias_bytes += byte_cost(&value);
                if self.n_alias_bytes > MAX_ALIAS_BYTES {
                    return Err(Failure::TooLarge);
                }
                Ok(Node { value, span })
            }
            _ => Err(Failure::at(span.range().start, "an unexpected token")),
        }
    }

    fn define(&mut self, anchor: usize, value: &Value) {
        if anchor != 0 {
            self.anchors.insert(anchor, value.clone());
        }
    }
}

/// About how much memory a copy of the value takes.
fn byte_cost(value: &Value) -> usize {
    const NODE: usize = size_of::<Value>();
    NODE + match value {
        Value::Null => 0,
        Value::Text(text) => text.len(),
        Value::List(items) => items.iter().map(byte_cost).sum(),
        Value::Map(entries) => {
            entries.iter().map(|(key, value)| NODE + key.len() + byte_cost(value)).sum()
        }
    }
}
