//! The fast reader: blocks of one-line fields whose meaning in YAML is certain.
//!
//! Four of five real blocks are of this kind. A property test holds it to the
//! YAML reader.

use memchr::memchr_iter;

use super::block::lines;
use super::lines::key_of;
use super::{Field, Value};
use crate::source::Span;

/// YAML gives up on longer keys, and no real key comes near.
const MAX_KEY_BYTES: usize = 100;

/// The fields, or `None` where a line needs a YAML parser.
pub(super) fn read(text: &str, content: Span) -> Option<Vec<Field>> {
    let mut fields = Vec::new();
    for line in lines(text, content) {
        // Control characters and a byte-order mark have rules of their own.
        let is_control = |byte: &u8| *byte < b' ' || *byte == 0x7f;
        // Counting all is faster than stopping at the first.
        if line.text.bytes().filter(is_control).count() > 0 || line.text.contains('\u{feff}') {
            return None;
        }
        if line.text.starts_with('#') || line.text.trim_start_matches(' ').is_empty() {
            continue;
        }
        let (key, rest) = key_of(line.text)?;
        if key.len() > MAX_KEY_BYTES {
            return None;
        }
        let colon_end = line.end - rest.len();
        let written = rest.trim_matches(' ');
        let value = read_value(written)?;
        let value_start = if written.is_empty() {
            colon_end
        } else {
            line.end - rest.trim_start_matches(' ').len()
        };
        fields.push(Field {
            key: key.to_owned(),
            key_span: Span::new(line.start, line.start + key.len()),
            value_span: if value == Value::Null {
                Span::new(colon_end, colon_end)
            } else {
                Span::new(value_start, value_start + written.len())
            },
            value,
        });
    }
    Some(fields)
}

fn read_value(written: &str) -> Option<Value> {
    for quote in ['"', '\''] {
        if let Some(rest) = written.strip_prefix(quote) {
            let inner = rest.strip_suffix(quote)?;
            let is_simple = !inner.contains([quote, '\\']);
            return is_simple.then(|| Value::Text(inner.to_owned()));
        }
    }
    let is_plain = written.starts_with(|c: char| c.is_alphanumeric() || "/_.(<$+".contains(c))
        || written.is_empty();
    let bytes = written.as_bytes();
    let begins_key = |at: usize| matches!(bytes.get(at + 1), None | Some(b' '));
    let begins_comment = |at: usize| at > 0 && bytes[at - 1] == b' ';
    let is_certain = is_plain
        && !memchr_iter(b':', bytes).any(begins_key)
        && !memchr_iter(b'#', bytes).any(begins_comment);
    is_certain.then(|| Value::of_plain(written))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::yaml;
    use super::*;

    proptest! {
        #[test]
        fn agrees_with_yaml_wherever_it_applies(
            lines in prop::collection::vec((
                prop::sample::select(vec!["name", "a", "on", "x-y", "null", "1", "_", " a", ""]),
                prop::sample::select(vec![":", ": ", ":  ", ":\t", ""]),
                prop_oneof![
                    "[ -~éü–中\u{85}\u{2028}\u{a0}]{0,12}",
                    "\"[ -~é]{0,6}\"",
                    "'[ -~é]{0,6}'",
                    prop::sample::select(vec!["null", "~", "yes", "1.0", "2024-01-02", "a: b", "a:", "a #b", "# c"])
                        .prop_map(str::to_owned),
                ],
                prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n", " \n", "\n# c\n"]),
            ), 0..5),
        ) {
            let text: String =
                lines.iter().flat_map(|(key, colon, value, end)| [*key, *colon, value.as_str(), *end]).collect();
            let content = Span::new(0, text.len());
            if let Some(fields) = read(&text, content) {
                prop_assert_eq!(yaml::read(&text, content), Ok(Some(fields)));
            }
        }
    }
}
