//! Other people's text, made safe to show. Paths, names, messages and quotes
//! come from files that nobody vouched for: an escape sequence could repaint
//! the terminal, a bidi control could make a sentence read as another one, an
//! invisible character could hide a difference that the report is about.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

/// Marks that one character may carry. Four are more than any orthography
/// stacks; a hundred would paint over the lines around it.
const MAX_MARKS: usize = 4;

/// How far the end of an escape sequence is sought, in bytes. The bound keeps
/// a text of nothing but beginnings linear.
const MAX_ESCAPE: usize = 1024;

/// The text on one line, as it may be printed: white space folded to single
/// blanks and trimmed, without control characters, escape sequences, bidi
/// controls and characters that nobody sees. Linear in the text's length.
pub fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    let mut blank = false;
    let mut n_marks = 0;
    while let Some(c) = rest.chars().next() {
        rest = &rest[escape_len(rest).unwrap_or(c.len_utf8())..];
        if c.is_whitespace() {
            blank = !clean.is_empty();
            continue;
        }
        if is_hidden(c) {
            continue;
        }
        if c.width() == Some(0) {
            n_marks += 1;
            if clean.is_empty() || n_marks > MAX_MARKS {
                continue;
            }
        } else {
            n_marks = 0;
        }
        if blank {
            clean.push(' ');
            blank = false;
        }
        clean.push(c);
    }
    clean
}

/// A part of a line, [`clean`]: a blank stays at an end where the part has white space.
pub fn clean_inner(part: &str) -> String {
    let text = clean(part);
    if text.is_empty() {
        let is_blank = part.contains(char::is_whitespace);
        return if is_blank { " ".to_owned() } else { text };
    }
    let blank = |is_blank: bool| if is_blank { " " } else { "" };
    let before = blank(part.starts_with(char::is_whitespace));
    let after = blank(part.ends_with(char::is_whitespace));
    format!("{before}{text}{after}")
}

/// The path with all bytes percent-encoded but those that stand for
/// themselves in every part of a URI (RFC 3986, section 2.3).
pub(super) fn percent_encoded(path: &str) -> Cow<'_, str> {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(byte);
    if path.as_bytes().iter().all(is_plain) {
        return path.into();
    }
    let mut uri = String::with_capacity(path.len() + 16);
    for byte in path.bytes() {
        if is_plain(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri.into()
}

/// Whether a character is a control, or shows nothing where it stands.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Bidi controls.
            '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            // Joiners, invisible operators, deprecated format characters.
            | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{feff}'
            // Soft hyphen, grapheme joiner, fillers, vowels that are not shown.
            | '\u{00ad}' | '\u{034f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{3164}' | '\u{ffa0}'
            // Annotation anchors, and two that are no characters, in XML not even text.
            | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
            // Variation selectors and tags, which can carry a hidden message
            // and make the width of what they follow a matter of opinion.
            | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
}

/// Bytes of the escape sequence that `text` begins with, if it begins with one
/// (ECMA-48: control sequences, control strings, and the short ones).
fn escape_len(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let bytes = &bytes[..bytes.len().min(MAX_ESCAPE)];
    let (kind, start) = match bytes {
        [0x1b, kind, ..] => (*kind, 2),
        // The one-character forms U+0080..=U+009F of ESC @ … ESC _.
        [0xc2, kind @ 0x80..=0x9f, ..] => (kind - 0x40, 2),
        _ => return None,
    };
    let body = &bytes[start..];
    let len = match kind {
        b'[' => {
            let end = body.iter().position(|b| !(0x20..=0x3f).contains(b))?;
            (0x40..=0x7e).contains(&body[end]).then_some(end + 1)
        }
        b']' | b'P' | b'X' | b'^' | b'_' => string_len(body),
        0x20..=0x2f => {
            let end = body.iter().position(|b| !(0x20..=0x2f).contains(b))?;
            (0x30..=0x7e).contains(&body[end]).then_some(end + 1)
        }
        0x30..=0x7e => Some(0),
        _ => None,
    };
    len.map(|len| start + len)
}

/// Bytes up to the end of a control string: BEL, ESC \ or U+009C.
fn string_len(body: &[u8]) -> Option<usize> {
    (0..body.len()).find_map(|at| match &body[at..] {
        [0x07, ..] => Some(at + 1),
        [0x1b, b'\\', ..] | [0xc2, 0x9c, ..] => Some(at + 2),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::{clean, clean_inner};

    #[test]
    fn escape_sequences_go_with_their_parameters() {
        assert_eq!(clean("a\x1b[31;1mred\x1b[0m b"), "ared b");
        assert_eq!(clean("\u{9b}2Jgone"), "gone");
        assert_eq!(clean("\x1b]8;;http://x\x1b\\link\x1b]8;;\x07 end"), "link end");
        assert_eq!(clean("\x1b(Bplain\x1bc"), "plain");
    }

    #[test]
    fn unfinished_escape_sequences_lose_only_the_escape() {
        assert_eq!(clean("\x1b"), "");
        assert_eq!(clean("\x1b[31"), "[31");
        assert_eq!(clean("\x1b]0;title"), "]0;title");
        assert_eq!(clean("\x1bé"), "é");
    }

    #[test]
    fn unseen_characters_go() {
        assert_eq!(clean("a\u{202e}b\u{2066}c\u{200b}\u{feff}d\u{e0041}\0\x08"), "abcd");
        assert_eq!(clean("✔\u{fe0f}"), "✔");
    }

    #[test]
    fn white_space_folds() {
        assert_eq!(clean(" a\r\n\t b\u{a0}\u{3000}\u{2028}c \n"), "a b c");
    }

    #[test]
    fn parts_of_a_line_keep_the_blanks_between_them() {
        assert_eq!(clean_inner(" a\n b\t"), " a b ");
        assert_eq!(clean_inner("a\u{202e}b"), "ab");
        assert_eq!((clean_inner(" \n"), clean_inner("\u{200b}")), (" ".into(), String::new()));
    }

    #[test]
    fn stacked_marks_are_cut() {
        let stacked = format!("e{}x", "\u{301}".repeat(500));
        assert_eq!(clean(&stacked), format!("e{}x", "\u{301}".repeat(4)));
    }
}
