//! What stands around the content of a page. The policy names style and script
//! by their hashes, which `build.rs` computes, so that nothing else can run or
//! be loaded, whatever the files under analysis say.

use super::markup::Markup;
use super::text;

/// How the page of a comparison looks.
const COMPARISON_STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/comparison.css"));
const COMPARISON_POLICY: &str = concat!(
    "default-src 'none'; style-src '",
    env!("COMPARISON_STYLE_HASH"),
    "'; base-uri 'none'; form-action 'none'"
);

/// How the page of a report looks, and what it does; all that it shows is text
/// of its own or of the data, none of it is markup.
const REPORT_STYLE: &str = include_str!(concat!(env!("OUT_DIR"), "/report.css"));
const REPORT_SCRIPT: &str = include_str!(concat!(env!("OUT_DIR"), "/report.js"));
const REPORT_POLICY: &str = concat!(
    "default-src 'none'; style-src '",
    env!("REPORT_STYLE_HASH"),
    "'; script-src '",
    env!("REPORT_SCRIPT_HASH"),
    "'; base-uri 'none'; form-action 'none'"
);

/// How a drawing looks: in a page, and what else it needs by itself.
const PALETTE: &str = include_str!("palette.css");
const GRAPH_STYLE: &str = include_str!("graph.css");
const FILE_STYLE: &str = "\
svg { font: 12px system-ui, -apple-system, \"Segoe UI\", Roboto, sans-serif; }
.ground { fill: var(--page); }
.keys text { fill: var(--soft); }
";

/// The page of a comparison around `body`, which is HTML already.
pub(super) fn comparison(title: &str, body: &str) -> String {
    let head = head(title, COMPARISON_POLICY, COMPARISON_STYLE);
    format!("{head}<body>\n{body}</body>\n</html>\n")
}

/// The page of a report around `body`. The script works on `data`, which is JSON.
pub(super) fn report(title: &str, body: Markup, data: Markup) -> String {
    format!(
        "{}<body>\n{}<script type=\"application/json\" id=\"data\">{}</script>\n<script>{REPORT_SCRIPT}</script>\n</body>\n</html>\n",
        head(title, REPORT_POLICY, REPORT_STYLE),
        body.into_string(),
        data.into_string(),
    )
}

/// A picture by itself, of a width and height in pixels, around `body`, which is
/// SVG already. `frame` is what of it is shown.
pub(super) fn drawing(frame: Markup, width: f64, height: f64, body: Markup) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"{}\">\n\
         <style>\n{PALETTE}{GRAPH_STYLE}{FILE_STYLE}</style>\n{}</svg>\n",
        frame.into_string(),
        body.into_string(),
    )
}

fn head(title: &str, policy: &str, style: &str) -> String {
    format!(
        "<!doctype html>\n\
         <html lang=\"en\">\n\
         <head>\n\
         <meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{}</title>\n\
         <style>{style}</style>\n\
         </head>\n",
        text(title)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_and_script_are_small_and_load_nothing() {
        assert!(REPORT_STYLE.len() + REPORT_SCRIPT.len() < 40_000);
        for style in [REPORT_STYLE, COMPARISON_STYLE] {
            for word in ["@import", "url(", "http:", "https:", "</", "<!--"] {
                assert!(!style.contains(word), "{word}");
            }
        }
        for word in [
            "innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "Function(",
            "fetch(", "XMLHttp", "import ", "https:", "</", "<!--",
        ] {
            assert!(!REPORT_SCRIPT.contains(word), "{word}");
        }
    }

    #[test]
    fn the_page_of_a_comparison_loads_nothing() {
        let page = comparison("a", "");
        for word in ["http:", "https:", "url(", "@import", "<script", "<link", "src="] {
            assert!(!page.contains(word), "{word}");
        }
    }
}
