//! The reader for blocks that are no YAML: top-level `key: rest of line`, with
//! the lines that continue it.

use super::block::{Line, lines};
use super::{Field, Value};
use crate::source::Span;

/// Keys that begin a field even after a description that runs over into
/// unindented lines; all else there, such as `user:`, continues it. Keys with a
/// hyphen or an underscore need no entry, since no prose has them.
const KNOWN_KEYS: &[&str] = &[
    "agent", "agents", "aliases", "alwaysApply", "applyTo", "args", "arguments", "author",
    "background", "capabilities", "category", "cluster", "color", "command", "compatibility",
    "complexity", "created", "date", "dependencies", "deprecated", "description", "difficulty",
    "disable", "disallowedTools", "domain", "effort", "emoji", "engine", "excludeAgent",
    "execution", "expertise", "globs", "handoffs", "hidden", "homepage", "hooks", "icon", "id",
    "impact", "impactDescription", "initialPrompt", "inputs", "invokes", "isolation", "keywords",
    "kind", "language", "license", "maxTurns", "mcp", "mcpServers", "memory", "metadata", "mode",
    "model", "name", "origin", "outputs", "parameters", "paths", "permission", "permissionMode",
    "permissions", "priority", "readonly", "requires", "risk", "role", "shortcut", "skills",
    "source", "status", "steps", "subtask", "suggestion", "tags", "target", "temperature", "tier",
    "title", "tools", "triggers", "type", "updated", "url", "version", "vibe", "when", "whenToUse",
];

/// Whether frontmatter is known to have this key.
pub(super) fn is_known_key(key: &str) -> bool {
    KNOWN_KEYS.binary_search(&key).is_ok()
        || (key.contains(['-', '_']) && !key.bytes().any(|byte| byte.is_ascii_uppercase()))
}

/// The key at the beginning of a line, and what follows its colon.
pub(crate) fn key_of(line: &str) -> Option<(&str, &str)> {
    let n_key = line
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        .count();
    let (key, rest) = line.split_at(n_key);
    let rest = rest.strip_prefix(':')?;
    let begins_well = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (begins_well && (rest.is_empty() || rest.starts_with([' ', '\t']))).then_some((key, rest))
}

/// Reads the fields of a block line by line. What stands before the first key is left out.
pub(super) fn read(text: &str, content: Span) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut open: Option<RawField> = None;
    for line in lines(text, content) {
        match field_begin(&line, open.as_ref()) {
            Some(begun) => {
                fields.extend(open.replace(begun).map(|raw| raw.close(text)));
            }
            None => {
                if let Some(raw) = &mut open {
                    raw.push(line);
                }
            }
        }
    }
    fields.extend(open.map(|raw| raw.close(text)));
    fields
}

/// A field whose lines are being collected.
struct RawField<'a> {
    key: &'a str,
    key_span: Span,
    colon_end: usize,
    /// What follows the colon, then the lines that continue it.
    lines: Vec<Line<'a>>,
}

/// The field that a line begins, given the one that is open.
fn field_begin<'a>(line: &Line<'a>, open: Option<&RawField<'a>>) -> Option<RawField<'a>> {
    let unindented = line.text.trim_start_matches(' ');
    let n_indent = line.text.len() - unindented.len();
    let (key, rest) = key_of(unindented)?;
    if let Some(open) = open {
        let first = open.lines[0].text.trim();
        let may_begin = if n_indent > 0 {
            // A key indented by mistake after a one-line value; after an empty
            // value, a block header or a quote it belongs to that value.
            is_known_key(key) && first.starts_with(|c: char| !"|>'\"[{&!#".contains(c))
        } else {
            open.key != "description" || is_known_key(key)
        };
        if !may_begin {
            return None;
        }
    } else if n_indent > 3 {
        return None;
    }
    let start = line.start + n_indent;
    let colon_end = line.end - rest.len();
    Some(RawField {
        key,
        key_span: Span::new(start, start + key.len()),
        colon_end,
        lines: vec![Line { start: colon_end, text: rest, ..*line }],
    })
}

impl<'a> RawField<'a> {
    fn push(&mut self, line: Line<'a>) {
        let is_comment = line.text.starts_with('#') && self.key != "description";
        if !is_comment {
            self.lines.push(line);
        }
    }

    fn close(self, text: &str) -> Field {
        let value_span = self.value_span();
        let value =
            if value_span.is_empty() { Value::Null } else { self.value(value_span.of(text)) };
        let value_span = if value == Value::Null {
            Span::new(self.colon_end, self.colon_end)
        } else {
            value_span
        };
        Field { key: self.key.to_owned(), key_span: self.key_span, value_span, value }
    }

    fn value_span(&self) -> Span {
        let mut filled = self.lines.iter().filter(|line| !line.is_blank());
        let Some(first) = filled.next() else {
            return Span::new(self.colon_end, self.colon_end);
        };
        let last = filled.next_back().unwrap_or(first);
        let start = first.end - first.text.trim_start().len();
        Span::new(start, last.start + last.text.trim_end().len())
    }

    fn value(&self, raw: &str) -> Value {
        let first = self.lines[0].text.trim();
        if let Some(style) = block_style(first) {
            return Value::Text(block_text(&self.lines[1..], style));
        }
        if let Some(text) = quoted_text(raw) {
            return Value::Text(text);
        }
        if let Some(items) = flow_items(raw) {
            return Value::List(items);
        }
        let filled =
            || self.lines.iter().map(|line| line.text.trim()).filter(|line| !line.is_empty());
        if filled().all(|line| line == "-" || line.starts_with("- ")) {
            return Value::List(filled().map(|line| scalar(&line[1..])).collect());
        }
        if first.is_empty() && self.key != "description" {
            let entries: Option<Vec<_>> = filled()
                .map(|line| key_of(line).map(|(key, rest)| (key.to_owned(), scalar(rest))))
                .collect();
            if let Some(entries) = entries {
                return Value::Map(entries);
            }
        }
        let text = folded(self.lines.iter().map(|line| line.text));
        // In a description `#` is more often a hash sign than a comment.
        if self.key == "description" { Value::of_plain(&text) } else { scalar(&text) }
    }
}

/// A one-line scalar: its comment cut, its quotes removed.
fn scalar(written: &str) -> Value {
    let written = written.trim();
    if let Some(text) = quoted_text(written) {
        return Value::Text(text);
    }
    if written.starts_with('#') {
        return Value::Null;
    }
    Value::of_plain(written.split(" # ").next().unwrap_or_default().trim_end())
}

/// `|` or `>`, if the text is the header of a block scalar.
fn block_style(header: &str) -> Option<char> {
    let style = header.chars().next().filter(|c| matches!(c, '|' | '>'))?;
    let rest =
        header[1..].trim_start_matches(|c: char| matches!(c, '+' | '-') || c.is_ascii_digit());
    (rest.is_empty() || rest.trim_start().starts_with('#')).then_some(style)
}

/// The text of a block scalar, the indentation of its first line removed.
fn block_text(lines: &[Line], style: char) -> String {
    if style == '>' {
        return folded(lines.iter().map(|line| line.text));
    }
    let first = lines.iter().find(|line| !line.is_blank()).map_or("", |line| line.text);
    let n_indent = first.len() - first.trim_start_matches(' ').len();
    let mut text = String::new();
    for line in lines {
        let n_spaces = line.text.len() - line.text.trim_start_matches(' ').len();
        text.push_str(line.text[n_spaces.min(n_indent)..].trim_end());
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}

/// Joins lines as YAML does: a line break is a space, each blank line a line break.
fn folded<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    let mut n_blank = 0;
    for line in lines.map(str::trim) {
        if line.is_empty() {
            n_blank += 1;
            continue;
        }
        if !text.is_empty() {
            if n_blank == 0 {
                text.push(' ');
            }
            text.extend(std::iter::repeat_n('\n', n_blank));
        }
        n_blank = 0;
        text.push_str(line);
    }
    text
}

/// The text between the quotes, if the value begins and ends with the same one.
fn quoted_text(raw: &str) -> Option<String> {
    let quote = raw.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = raw[1..].strip_suffix(quote)?;
    let inner = if inner.contains(['\n', '\r']) {
        folded(inner.split(['\n', '\r']))
    } else {
        inner.to_owned()
    };
    Some(if quote == '"' { unescaped(&inner) } else { inner.replace("''", "'") })
}

/// Resolves the escapes that people use; others stay as written.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        match rest.next() {
            Some('n') => plain.push('\n'),
            Some('t') => plain.push('\t'),
            Some(c @ ('"' | '\\' | '/')) => plain.push(c),
            Some(other) => plain.extend(['\\', other]),
            None => plain.push('\\'),
        }
    }
    plain
}

/// The items of `[a, b]`, if the brackets hold the whole value.
fn flow_items(raw: &str) -> Option<Vec<Value>> {
    let inner = raw.strip_prefix('[')?.strip_suffix(']')?;
    if inner.contains(['[', ']', '{', '}']) {
        return None;
    }
    let parts = super::split_outside(inner, |c| c == ',');
    Some(parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).map(scalar).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_keys_are_sorted_for_the_search() {
        assert!(KNOWN_KEYS.is_sorted());
    }
}
