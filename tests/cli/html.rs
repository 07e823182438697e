//! The page for a browser: what it consists of, and that nothing foreign
//! becomes a part of it.

use std::collections::BTreeSet;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::write;

/// The page of an audit in `folder`.
fn page(folder: &Path, arguments: &str) -> String {
    let arguments: Vec<&str> = arguments.split(' ').collect();
    let run = super::run(folder, &arguments);
    assert!(run.code.is_some_and(|code| code < 2), "{}", run.stderr);
    run.text().to_owned()
}

fn page_of(fixture: &str) -> String {
    page(&crate::fixture(fixture), "audit . --format html")
}

/// What stands in the last element that begins with `start`.
fn content<'a>(page: &'a str, start: &str, end: &str) -> &'a str {
    let at = page.rfind(start).expect("the page has it") + start.len();
    page[at..].split(end).next().unwrap()
}

fn data(page: &str) -> Value {
    let data = content(page, r#"<script type="application/json" id="data">"#, "</script>");
    serde_json::from_str(data).expect("the data is JSON")
}

/// Elements with their attributes, in order, but for what style, script and
/// data say. Panics where a browser could see a tag otherwise.
fn tags(page: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        let name: String =
            after.chars().take_while(|c| c.is_ascii_alphanumeric() || "/!".contains(*c)).collect();
        rest = &rest[name.len()..];
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix("/>").or_else(|| rest.strip_prefix('>')) {
                rest = after;
                break;
            }
            let end = rest.find(['=', ' ', '>']).expect("a tag ends");
            let attribute = rest[..end].to_owned();
            rest = &rest[end..];
            let value = match rest.strip_prefix("=\"") {
                Some(after) => {
                    let (value, after) = after.split_once('"').expect("a value ends");
                    rest = after;
                    value
                }
                None => "",
            };
            attributes.push((attribute, value.to_owned()));
        }
        if ["script", "style"].contains(&name.as_str()) {
            let end = format!("</{name}>");
            rest = &rest[rest.find(&end).expect("it ends")..];
        }
        tags.push((name, attributes));
    }
    tags
}

/// Agents that would like to run, to break out or to be overlooked.
pub(crate) fn hostile() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let lines: String = (0..12)
        .map(|n| {
            format!(
                "- Check <script>alert({n})</script> of the </script><!-- ledger {n} before noon\n"
            )
        })
        .collect();
    for (file, name) in [
        ("a", r#""><img src=x onerror=alert(1)>"#),
        ("b", "</script><script>alert(2)</script>\u{fffe}"),
        ("c", "javascript:alert(3)\u{202e}\u{7}\u{2028}x"),
    ] {
        let name = serde_json::to_string(name).unwrap();
        let content = format!(
            "---\nname: {name}\ndescription: \"<b onclick='x()'>Audits ledgers</b> & javascript:alert(4)\"\nmodel: \"<i>{file}</i>\"\n---\n\nYou audit ledgers.\n\n{lines}"
        );
        write(folder.path(), &format!(".claude/agents/{file}.md"), content);
    }
    folder
}

#[test]
fn foreign_text_is_text() {
    let folder = hostile();
    let page = page(folder.path(), "audit . --format html");
    let known: BTreeSet<String> =
        tags(&page_of("backend-team")).into_iter().map(|(name, _)| name).collect();
    let mut n_shown = 0;
    for (name, attributes) in tags(&page) {
        assert!(known.contains(&name), "<{name}> is none of ours");
        for (attribute, value) in attributes {
            assert!(!attribute.starts_with("on"), "{attribute}");
            assert!(!["src", "style", "action"].contains(&attribute.as_str()));
            if attribute == "href" {
                assert!(value.starts_with('#'), "{value}");
                n_shown += 1;
            }
        }
    }
    assert!(n_shown > 10, "the tags are found");
    assert_eq!(page.matches("<script").count(), 2);
    assert_eq!(page.matches("</script").count(), 2);
    assert!(page.contains("&lt;/script&gt;&lt;script&gt;alert(2)&lt;/script&gt;"));
    let is_unseen = |c: char| c.is_control() && c != '\n' || "\u{202e}\u{2028}".contains(c);
    assert!(!page.contains(is_unseen));
    let names = data(&page)["agents"].to_string();
    assert!(names.contains("</script><script>alert(2)</script>"), "{names}");
}

#[test]
fn the_policy_allows_the_style_and_the_script_of_the_page_and_nothing_else() {
    let page = page_of("backend-team");
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text));
    let style = hash(content(&page, "<style>", "</style>"));
    let script = hash(content(&page, "<script>", "</script>"));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'"
    );
    assert!(page.contains(&format!("content=\"{policy}\"")));
}

#[test]
fn the_data_holds_the_related_pairs_with_their_matches() {
    let data = data(&page_of("backend-team"));
    let pair = &data["pairs"][0];
    assert_eq!(pair["relation"], "redundant");
    let matches = pair["matches"].as_array().unwrap();
    assert_eq!(pair["n_matches"].as_u64().unwrap(), matches.len() as u64);
    let text = matches[0][2].as_u64().unwrap() as usize;
    assert!(data["texts"][text].is_string());
}

/// Headings and the ids that links lead to, in order.
#[test]
fn the_page_has_sections_with_headings() {
    let page = page_of("backend-team");
    let mut outline = String::new();
    for (name, attributes) in tags(&page) {
        let is_part = [
            "section", "article", "h1", "h2", "h3", "form", "dialog", "header", "main", "nav",
            "footer",
        ];
        if is_part.contains(&name.as_str()) {
            let shown = attributes.iter().map(|(name, value)| format!(" {name}={value}"));
            outline.push_str(&format!("{name}{}\n", shown.collect::<String>()));
        }
    }
    insta::assert_snapshot!(outline);
}

#[test]
fn links_lead_to_what_is_there() {
    let page = page_of("backend-team");
    let data = data(&page);
    let tags = tags(&page);
    let attributes = || tags.iter().flat_map(|(_, attributes)| attributes);
    let ids: Vec<&str> =
        attributes().filter(|(name, _)| name == "id").map(|(_, id)| id.as_str()).collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len());
    let pairs: BTreeSet<String> = data["pairs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| format!("pair-{}-{}", pair["left"], pair["right"]))
        .collect();
    for (_, href) in attributes().filter(|(name, _)| name == "href") {
        let target = &href[1..];
        assert!(unique.contains(target) || pairs.contains(target), "{href}");
    }
}

#[test]
fn a_page_is_made_of_nothing_and_of_one_agent() {
    let folder = tempfile::tempdir().unwrap();
    let empty = super::run(folder.path(), &["audit", ".", "--format", "html"]);
    assert!(empty.text().contains("No agent definitions found"));
    write(
        folder.path(),
        ".claude/agents/a.md",
        "---\nname: a\ndescription: Reviews the tides\n---\n\nReview the tides.\n",
    );
    let page = page(folder.path(), "audit . --format html");
    assert!(page.contains("1 agent. No errors"), "{page}");
}

#[test]
fn pictures_are_the_same_graph_in_three_languages() {
    let folder = crate::fixture("backend-team");
    for format in ["dot", "mermaid", "graphml"] {
        insta::assert_snapshot!(format, page(&folder, &format!("audit . --format {format}")));
    }
}

/// To renew the picture: `agent-overlap audit fixtures/backend-team --format svg --output docs/graph.svg`.
#[test]
fn the_picture_in_the_readme_is_what_the_program_draws() {
    let home = crate::repository();
    let drawn = page(home, "audit fixtures/backend-team --format svg");
    let kept = std::fs::read_to_string(home.join("docs/graph.svg")).unwrap();
    assert_eq!(kept, drawn, "docs/graph.svg is out of date");
}

#[test]
fn names_do_not_break_the_pictures() {
    let folder = hostile();
    for format in ["svg", "dot", "mermaid", "graphml"] {
        let picture = page(folder.path(), &format!("audit . --format {format}"));
        insta::assert_snapshot!(format!("hostile-{format}"), picture);
    }
}

/// What Graphviz makes of a graph whose names would like to be syntax.
#[cfg(unix)]
#[expect(clippy::print_stderr, reason = "a test that checks nothing says so")]
#[test]
fn graphviz_draws_the_graph() {
    if !crate::browser::is_installed("dot") {
        eprintln!("skipped: no `dot` in PATH");
        return;
    }
    let folder = hostile();
    super::run(folder.path(), &["audit", ".", "--format", "dot", "--output", "graph.dot"]);
    let output = std::process::Command::new("dot")
        .args(["-Tplain", "graph.dot"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let drawn = String::from_utf8(output.stdout).unwrap();
    let n_nodes = drawn.lines().filter(|line| line.starts_with("node ")).count();
    assert_eq!(n_nodes, 3, "{drawn}");
}
