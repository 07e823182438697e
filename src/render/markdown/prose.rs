//! Other people's text in Markdown. What they wrote must read as they wrote
//! it: it makes no link, no heading, no table cell, no HTML, mentions nobody
//! and refers to no issue.

use crate::render::quote::{clean, percent_encoded};

/// Characters that mean something anywhere in a line, `$` for mathematics.
const SPECIAL: &[char] = &['\\', '`', '*', '_', '[', ']', '<', '>', '&', '|', '~', '$', '#'];

/// Nothing to see; it keeps `@` and `#` from what follows them.
const BREAK: char = '\u{200b}';

/// The text on one line, so that it shows as it is. Text between backticks,
/// as in messages, becomes code.
pub(super) fn escaped(text: &str) -> String {
    let text = clean(text);
    let mut parts = text.split('`');
    let n_ticks = parts.clone().count() - 1;
    let mut out = prose(parts.next().unwrap_or_default());
    // An odd backtick at the end stands for itself.
    for _ in 0..n_ticks / 2 {
        let (Some(inside), Some(after)) = (parts.next(), parts.next()) else {
            break;
        };
        // Two fences side by side would be one, and what stands on both sides
        // of nothing would meet.
        if out.ends_with('`') || (inside.is_empty() && !out.is_empty()) {
            out.push(BREAK);
        }
        out.push_str(&fenced(inside));
        out.push_str(&prose(after));
    }
    for part in parts {
        out.push_str("\\`");
        out.push_str(&prose(part));
    }
    at_line_start(out)
}

/// A quote on one line: escaped, and its backticks stand for themselves.
pub(super) fn quote(text: &str) -> String {
    at_line_start(prose(&clean(text)))
}

/// The text as a span of code, which is safe from all but backticks and, in a
/// table, bars. Nothing for a text without a visible character.
pub(super) fn code(text: &str) -> String {
    fenced(&clean(text))
}

fn fenced(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// The text as a span of code in a cell of a table.
pub(super) fn cell_code(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// The text on one line in an HTML block, where Markdown means nothing.
pub(super) fn html(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' | '#' => out.extend([c, BREAK]),
            c => out.push(c),
        }
    }
    out
}

/// The target of a link to a file below `base`.
pub(super) fn target(base: &str, path: &str, line: Option<u32>) -> String {
    let mut url = format!("{base}{}", percent_encoded(path));
    if let Some(line) = line {
        url.push_str(&format!("#L{line}"));
    }
    url
}

fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if SPECIAL.contains(&c) {
            out.push('\\');
        }
        out.push(c);
        let next_is = |test: fn(char) -> bool| rest.chars().next().is_some_and(test);
        match c {
            '@' if next_is(char::is_alphanumeric) => out.push(BREAK),
            '#' if next_is(|c| c.is_ascii_digit()) => out.push(BREAK),
            '-' if out.ends_with("GH-") || out.ends_with("gh-") => out.push(BREAK),
            // `https://…` and `www.…` are links without any bracket.
            ':' if rest.starts_with("//") => out.push(BREAK),
            '.' if ends_in_www(&out[..out.len() - 1]) => out.push(BREAK),
            _ => {}
        }
    }
    out
}

fn ends_in_www(text: &str) -> bool {
    let tail = text.len().checked_sub(3).map(|at| &text.as_bytes()[at..]);
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case(b"www"))
}

/// A line that begins with a mark of a list, a rule or a heading begins with a
/// backslash instead.
fn at_line_start(text: String) -> String {
    let n_digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.as_bytes().get(n_digits) {
        Some(b'-' | b'+' | b'=') if n_digits == 0 => format!("\\{text}"),
        Some(b'.' | b')') if n_digits > 0 => {
            format!("{}\\{}", &text[..n_digits], &text[n_digits..])
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stand_for_themselves() {
        assert_eq!(escaped("a *b* [c](d) <e> f|g"), "a \\*b\\* \\[c\\](d) \\<e\\> f\\|g");
        assert_eq!(escaped("<!-- x"), "\\<!-- x");
        for (text, expected) in [("- a", "\\- a"), ("1. a", "1\\. a"), ("===", "\\===")] {
            assert_eq!(escaped(text), expected);
        }
    }

    #[test]
    fn nobody_is_mentioned_and_nothing_linked() {
        for (text, expected) in [
            ("@team", "@\u{200b}team"),
            ("a #12", "a \\#\u{200b}12"),
            ("GH-7", "GH-\u{200b}7"),
            ("https://a.b", "https:\u{200b}//a.b"),
            ("www.a.b", "www.\u{200b}a.b"),
            ("a@b.c", "a@\u{200b}b.c"),
        ] {
            assert_eq!(escaped(text), expected);
        }
    }

    #[test]
    fn names_between_backticks_become_code() {
        assert_eq!(escaped("use `a_b` or `@c`"), "use `a_b` or `@c`");
        assert_eq!(escaped("an `: ` is it"), "an `: ` is it");
        assert_eq!(escaped("an `odd one"), "an \\`odd one");
        assert_eq!(escaped("two `a``b`"), "two `a`\u{200b}`b`");
    }

    #[test]
    fn code_has_a_fence_that_it_does_not_hold() {
        assert_eq!(code("a ``b`` c"), "```a ``b`` c```");
        assert_eq!(code("`a`"), "`` `a` ``");
        assert_eq!(code("\u{200b}"), "");
        assert_eq!(cell_code("a|b"), "`a\\|b`");
    }

    #[test]
    fn targets_have_no_bracket() {
        assert_eq!(target("x/", "a (b).md", Some(3)), "x/a%20%28b%29.md#L3");
    }
}
