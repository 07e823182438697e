//! Pages for a browser: one file that loads nothing and runs nothing. A strict
//! policy says so to the browser too, and all foreign text is escaped.

mod comparison;

pub(super) use comparison::comparison;

use crate::render::quote::clean;

/// What a page looks like, in light and dark, on paper and on a narrow screen.
const STYLE: &str = include_str!("html/style.css");

/// Nothing is loaded from anywhere, and no script runs.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// A page around `body`, which is HTML already.
fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n\
         <html lang=\"en\">\n\
         <head>\n\
         <meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{}</title>\n\
         <style>\n{STYLE}</style>\n\
         </head>\n\
         <body>\n{body}</body>\n\
         </html>\n",
        text(title)
    )
}

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

    #[test]
    fn a_page_loads_nothing() {
        let page = page("a", "");
        for word in [
            "http:", "https:", "url(", "@import", "<script", "<link", "src=",
        ] {
            assert!(!page.contains(word), "{word}");
        }
    }
}
