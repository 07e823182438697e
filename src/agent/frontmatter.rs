//! The block between the two `---` lines.
//!
//! Much of what people write there is not YAML, most often because of an
//! unquoted `: ` in a description. So there are three readers: `plain` for
//! blocks whose meaning is certain without a parser, `yaml` for the rest, and
//! `lines` for what YAML rejects. Why it was rejected is found by
//! `diagnose` from the text itself, because a parser stumbles later than the
//! author erred.

mod block;
mod diagnose;
mod lines;
mod plain;
mod yaml;

use std::borrow::Cow;

use super::{Fault, FaultKind};
use crate::source::Span;
use block::{Block, Opening};
use diagnose::Failure;
pub(crate) use lines::key_of;

/// Larger blocks are not given to the YAML parser. The largest of 25,000 real ones has 150 lines.
const MAX_YAML_BYTES: usize = 64 * 1024;

/// Past the third fault of one block its author knows what to look for.
const MAX_FAULTS: usize = 3;

/// A value of the frontmatter. Scalars keep their text: `1.0` is no number, `on` no boolean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing after the colon, or `null` or `~`.
    Null,
    /// A scalar, as text.
    Text(String),
    /// A sequence.
    List(Vec<Value>),
    /// A mapping, in the order of the file.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// The text of a scalar; `None` for a null, a list or a map.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// The names that the value lists, trimmed, without quotes and empty ones.
    ///
    /// A string is split at commas or, where it has none, at white space; both
    /// only outside brackets and quotes, so `Bash(git add:*), Read` is two. Of
    /// a map `name: bool` the names that are not `false` count.
    pub fn items(&self) -> Vec<Cow<'_, str>> {
        let mut items = Vec::new();
        match self {
            Self::Null => {}
            Self::Text(text) => {
                let text = unbracketed(text.trim());
                let commas = split_outside(text, |c| c == ',');
                let parts = if commas.len() > 1 {
                    commas
                } else {
                    split_outside(text, char::is_whitespace)
                };
                items.extend(parts);
            }
            Self::List(values) => {
                for value in values {
                    match value {
                        Self::Null => {}
                        Self::Text(text) => items.push(text),
                        Self::Map(entries) => {
                            items.extend(entries.iter().map(|(key, _)| key.as_str()));
                        }
                        Self::List(inner) => items.extend(inner.iter().filter_map(Self::as_text)),
                    }
                }
            }
            Self::Map(entries) => {
                let named = entries.iter().filter(|(_, value)| value.as_text() != Some("false"));
                items.extend(named.map(|(name, _)| name.as_str()));
            }
        }
        items
            .into_iter()
            .map(|item| unquoted(item.trim()))
            .filter(|item| !item.is_empty())
            .map(Cow::Borrowed)
            .collect()
    }

    /// The value of a plain scalar.
    fn of_plain(text: &str) -> Self {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => Self::Null,
            _ => Self::Text(text.to_owned()),
        }
    }
}

/// One top-level key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The key, as written.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// Where the value stands: from its first byte to the end of its last line
    /// (line break excluded); empty, right after the colon, for a null.
    pub value_span: Span,
    /// The value.
    pub value: Value,
}

/// The frontmatter of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontmatter {
    /// The whole block with its delimiters; `None` where there is none.
    pub span: Option<Span>,
    /// Its top-level fields, in the order of the file.
    pub fields: Vec<Field>,
    /// Where the body begins.
    pub body_start: u32,
}

impl Frontmatter {
    /// The field with exactly this key.
    pub fn get(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }
}

/// What stands between the delimiters of the block at the beginning of `text`,
/// if it has the shape of one.
pub(crate) fn content(text: &str) -> Option<&str> {
    block::find(text).map(|block| block.content.of(text))
}

/// Reads the frontmatter at the beginning of `text`, a decoded file without byte-order mark.
///
/// Never fails: where the block is no YAML, its keys are recovered line by line
/// and the faults say why. Takes time linear in the length of the text.
pub fn parse(text: &str) -> (Frontmatter, Vec<Fault>) {
    let Some(block) = block::find(text) else {
        return (Frontmatter::default(), Vec::new());
    };
    read_block(text, block).unwrap_or_default()
}

/// The fields of a block; `None` where it turns out to be prose after a horizontal rule.
fn read_block(text: &str, block: Block) -> Option<(Frontmatter, Vec<Fault>)> {
    let mut faults = Vec::new();
    let fields = match read_strict(text, block.content) {
        Ok(fields) => fields?,
        Err(failure) => {
            if block.is_closed
                && let Some(shorter) = block::before_body(text, &block)
            {
                return read_block(text, shorter);
            }
            let fields = lines::read(text, block.content);
            if !fields.iter().any(|field| lines::is_known_key(&field.key)) {
                return None;
            }
            faults = diagnose::faults(text, block.content, &fields, &failure);
            fields
        }
    };
    let is_certain = block.is_closed && block.opening == Opening::Dashes;
    if !is_certain && !fields.iter().any(|field| lines::is_known_key(&field.key)) {
        return None;
    }
    faults.extend(diagnose::delimiter_faults(text, &block));
    let fields = without_repeats(fields, &mut faults);
    faults.sort_by_key(|fault| fault.span);
    faults.truncate(MAX_FAULTS);
    let frontmatter =
        Frontmatter { span: Some(block.span), fields, body_start: block.body_start as u32 };
    Some((frontmatter, faults))
}

/// Reads a block that is YAML. `Ok(None)` where it is YAML, but no mapping, as prose is.
fn read_strict(text: &str, content: Span) -> Result<Option<Vec<Field>>, Failure> {
    if content.byte_len() > MAX_YAML_BYTES {
        return Err(Failure::TooLarge);
    }
    let fields = match plain::read(text, content) {
        Some(fields) => fields,
        None => match yaml::read(text, content)? {
            Some(fields) => fields,
            None => return Ok(None),
        },
    };
    if is_spilled(&fields) {
        return Err(Failure::Spilled);
    }
    Ok(Some(fields))
}

/// Whether the lines of an example became keys: `user:` and `assistant:` at the
/// beginning of a line are YAML, but not what the author meant.
fn is_spilled(fields: &[Field]) -> bool {
    let after_description = fields.iter().skip_while(|field| field.key != "description").skip(1);
    let is_speaker = |field: &&Field| {
        ["user", "assistant", "context", "human"]
            .iter()
            .any(|speaker| field.key.eq_ignore_ascii_case(speaker))
    };
    after_description.filter(is_speaker).take(2).count() == 2
}

/// Of fields with one key keeps the first, as a reader from the top would.
fn without_repeats(fields: Vec<Field>, faults: &mut Vec<Fault>) -> Vec<Field> {
    let mut seen = rustc_hash::FxHashSet::default();
    let mut kept = Vec::with_capacity(fields.len());
    for field in fields {
        if seen.insert(field.key.clone()) {
            kept.push(field);
        } else if faults.len() < MAX_FAULTS {
            faults.push(Fault {
                kind: FaultKind::Frontmatter,
                span: field.key_span,
                message: format!("the key `{}` stands here a second time", field.key),
                help: "keep one of the two; products disagree on which one counts".to_owned(),
            });
        }
    }
    kept
}

/// The text inside one pair of square brackets, which some write around a plain list.
fn unbracketed(text: &str) -> &str {
    match text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(inner) if !inner.contains(['[', ']']) => inner,
        _ => text,
    }
}

/// The text without a pair of quotes around it.
fn unquoted(text: &str) -> &str {
    for quote in ['"', '\'', '`'] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return inner.trim();
        }
    }
    text
}

/// Splits at the characters that stand outside brackets and quotes. A quote
/// counts only at the beginning of a part, since it may be an apostrophe.
fn split_outside(text: &str, is_separator: impl Fn(char) -> bool) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut n_open = 0usize;
    let mut quote = None;
    for (at, c) in text.char_indices() {
        if let Some(open) = quote {
            if c == open {
                quote = None;
            }
            continue;
        }
        match c {
            '"' | '\'' if text[start..at].trim().is_empty() => quote = Some(c),
            '(' | '[' | '{' => n_open += 1,
            ')' | ']' | '}' => n_open = n_open.saturating_sub(1),
            _ if n_open == 0 && is_separator(c) => {
                parts.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests;
