//! Pages for a browser: one file that loads nothing. A strict policy says so
//! to the browser too, and all foreign text is escaped.

mod comparison;
mod markup;
mod page;
mod report;

pub(super) use comparison::comparison;
pub(super) use report::{report, review, svg};

use crate::render::quote::clean;

/// Foreign text on one line, without what nobody sees, as HTML.
fn text(text: &str) -> String {
    escape(&clean(text))
}

/// Text as HTML: what it shows is what it is, in attributes too.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_text() {
        assert_eq!(
            text("<script src='x'>\"&amp;\u{202e}\u{1b}[31m"),
            "&lt;script src=&#39;x&#39;&gt;&quot;&amp;amp;"
        );
    }
}
