//! Bytes to text. Nothing is refused: what is not valid is replaced and named.

use std::string::FromUtf8Error;

use memchr::memchr;

use crate::source::{BYTE_ORDER_MARK, LineIndex};

/// What stands for bytes that are no text.
const REPLACEMENT: &str = "\u{FFFD}";

/// How many bytes [`is_text`] looks at. Binary files show what they are early.
const PROBE_BYTES: usize = 8 * 1024;

/// A file is text while fewer than one in this many bytes is NUL or not UTF-8.
/// French in Latin-1 has about one in twenty, pictures and archives one in two.
const BAD_BYTE_RATIO: usize = 8;

/// Something in the bytes that was not plain UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodeProblem {
    /// Line of the first such place, from 1; `None` where the whole file is meant.
    pub line: Option<u32>,
    /// One sentence, lower case, no full stop.
    pub message: String,
}

/// Whether `bytes` are text: UTF-8, nearly UTF-8, or UTF-16 with a byte-order mark.
/// Looks at the beginning only. No bytes are text.
pub fn is_text(bytes: &[u8]) -> bool {
    if utf16_order(bytes).is_some() {
        return true;
    }
    let probe = &bytes[..bytes.len().min(PROBE_BYTES)];
    if is_plain(probe) {
        return true;
    }
    let n_bad: usize = probe
        .utf8_chunks()
        .map(|chunk| {
            let n_nul = chunk.valid().bytes().filter(|&byte| byte == 0).count();
            n_nul + chunk.invalid().len()
        })
        .sum();
    n_bad * BAD_BYTE_RATIO < probe.len()
}

/// [`decode`] of bytes that [are text](is_text); `None` for others.
pub(super) fn decode_text(bytes: Vec<u8>) -> Option<(String, Vec<DecodeProblem>)> {
    // Nearly all files are plain, which is found out once.
    match plain(bytes) {
        Ok(text) => Some((text, Vec::new())),
        Err(bytes) => is_text(&bytes).then(|| decode(bytes)),
    }
}

/// The text of bytes that are UTF-8 without NUL, a byte-order mark dropped; else the bytes.
fn plain(bytes: Vec<u8>) -> Result<String, Vec<u8>> {
    if memchr(0, &bytes).is_some() {
        return Err(bytes);
    }
    let mut text = String::from_utf8(bytes).map_err(FromUtf8Error::into_bytes)?;
    drop_mark(&mut text);
    Ok(text)
}

fn drop_mark(text: &mut String) {
    if text.starts_with(BYTE_ORDER_MARK) {
        text.drain(..BYTE_ORDER_MARK.len());
    }
}

/// Whether bytes begin with the byte-order mark of UTF-8.
pub(super) fn has_mark(bytes: &[u8]) -> bool {
    bytes.starts_with(BYTE_ORDER_MARK.as_bytes())
}

/// The text of a file, and what had to be replaced to get it.
///
/// A UTF-8 byte-order mark is dropped without a word. UTF-16 is read where its
/// mark says so. Bytes that are not UTF-8, and NUL, become U+FFFD. Valid UTF-8
/// is taken over without a copy.
pub fn decode(bytes: Vec<u8>) -> (String, Vec<DecodeProblem>) {
    let mut problems = Vec::new();
    let mut text = match utf16_order(&bytes) {
        Some(read) => decode_utf16(&bytes[2..], read, &mut problems),
        None => decode_utf8(bytes, &mut problems),
    };
    drop_mark(&mut text);
    if let Some(first) = memchr(0, text.as_bytes()) {
        let n_nul = text.bytes().filter(|&byte| byte == 0).count();
        problems.push(DecodeProblem {
            line: Some(LineIndex::new(&text).line(first as u32)),
            message: format!("{} replaced by U+FFFD", counted(n_nul, "NUL character")),
        });
        text = text.replace('\0', REPLACEMENT);
    }
    (text, problems)
}

fn is_plain(bytes: &[u8]) -> bool {
    memchr(0, bytes).is_none() && str::from_utf8(bytes).is_ok()
}

/// How two bytes make a UTF-16 code unit.
type CodeUnit = fn([u8; 2]) -> u16;

fn utf16_order(bytes: &[u8]) -> Option<CodeUnit> {
    match bytes {
        [0xFF, 0xFE, ..] => Some(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => Some(u16::from_be_bytes),
        _ => None,
    }
}

fn decode_utf16(bytes: &[u8], read: CodeUnit, problems: &mut Vec<DecodeProblem>) -> String {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut first_bad = None;
    let mut text = String::with_capacity(bytes.len());
    for decoded in char::decode_utf16(pairs.iter().map(|&pair| read(pair))) {
        if decoded.is_err() {
            first_bad.get_or_insert(text.len());
        }
        text.push(decoded.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    if !rest.is_empty() {
        first_bad.get_or_insert(text.len());
        text.push(char::REPLACEMENT_CHARACTER);
    }
    problems.push(DecodeProblem {
        line: None,
        message: "is UTF-16; save it as UTF-8, which is what the products read".to_owned(),
    });
    if let Some(offset) = first_bad {
        problems.push(DecodeProblem {
            line: Some(LineIndex::new(&text).line(offset as u32)),
            message: "invalid UTF-16 replaced by U+FFFD".to_owned(),
        });
    }
    text
}

fn decode_utf8(bytes: Vec<u8>, problems: &mut Vec<DecodeProblem>) -> String {
    let error = match String::from_utf8(bytes) {
        Ok(text) => return text,
        Err(error) => error,
    };
    let first_bad = error.utf8_error().valid_up_to();
    let mut text = String::with_capacity(error.as_bytes().len());
    let mut n_bad = 0;
    for chunk in error.as_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push_str(REPLACEMENT);
            n_bad += 1;
        }
    }
    problems.push(DecodeProblem {
        line: Some(LineIndex::new(&text).line(first_bad as u32)),
        message: format!("not UTF-8: {} replaced by U+FFFD", counted(n_bad, "place")),
    });
    text
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn text_is_decoded_alike_whether_plain_or_not(
            start in prop::sample::select(vec!["", "\u{FEFF}", "é", "\0"]),
            rest in prop_oneof![
                "[ -~é\u{FEFF}]{0,20}".prop_map(String::into_bytes),
                prop::collection::vec(any::<u8>(), 0..20),
            ],
        ) {
            let bytes = [start.as_bytes(), &rest].concat();
            let expected = is_text(&bytes).then(|| decode(bytes.clone()));
            prop_assert_eq!(decode_text(bytes), expected);
        }
    }

    fn lines(problems: &[DecodeProblem]) -> Vec<Option<u32>> {
        problems.iter().map(|problem| problem.line).collect()
    }

    #[test]
    fn utf8_is_kept_and_its_mark_dropped() {
        assert_eq!(decode("é\r\n".into()), ("é\r\n".to_owned(), vec![]));
        assert_eq!(decode("\u{FEFF}x".into()), ("x".to_owned(), vec![]));
        assert_eq!(decode(vec![]), (String::new(), vec![]));
    }

    #[test]
    fn utf16_is_read_in_both_orders() {
        for (mark, read) in [
            ([0xFF, 0xFE], u16::to_le_bytes as fn(u16) -> [u8; 2]),
            ([0xFE, 0xFF], u16::to_be_bytes),
        ] {
            let mut bytes = mark.to_vec();
            bytes.extend("name: ü😀".encode_utf16().flat_map(read));
            assert!(is_text(&bytes));
            let (text, problems) = decode(bytes);
            assert_eq!(text, "name: ü😀");
            assert_eq!(lines(&problems), [None]);
        }
    }

    #[test]
    fn half_a_utf16_character_is_replaced() {
        let (text, problems) = decode(vec![0xFF, 0xFE, b'a', 0, b'\n', 0, 0x00, 0xD8, b'b']);
        assert_eq!(text, "a\n\u{FFFD}\u{FFFD}");
        assert_eq!(lines(&problems), [None, Some(2)]);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_replaced_and_their_first_line_named() {
        let (text, problems) = decode(b"a\nb\n\xE9t\xE9\n".to_vec());
        assert_eq!(text, "a\nb\n\u{FFFD}t\u{FFFD}\n");
        assert_eq!(problems[0].line, Some(3));
        assert_eq!(problems[0].message, "not UTF-8: 2 places replaced by U+FFFD");
    }

    #[test]
    fn nul_is_replaced() {
        let (text, problems) = decode(b"a\nb\0c".to_vec());
        assert_eq!(text, "a\nb\u{FFFD}c");
        assert_eq!(problems[0].line, Some(2));
        assert_eq!(problems[0].message, "1 NUL character replaced by U+FFFD");
    }

    #[test]
    fn pictures_are_not_text_and_latin_1_is() {
        assert!(!is_text(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10"));
        assert!(is_text(b"Les r\xE8gles du d\xE9p\xF4t sont simples et tout le monde les suit."));
        assert!(is_text(b""));
    }
}
