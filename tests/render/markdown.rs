//! The Markdown page: what it looks like, that it ends where it must, and that
//! nothing in a file can break out of it.

use agent_overlap::render::{Layout, Limits, ReportFormat};
use agent_overlap::report::Report;
use proptest::prelude::{any, prop, proptest};
use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::{rendered, samples};

fn markdown(report: &Report, link_base: Option<&str>) -> String {
    let layout = Layout { link_base: link_base.map(str::to_owned), ..Layout::default() };
    rendered(report, ReportFormat::Markdown, &layout)
}

/// Panics where the page holds what only a foreign text can have brought in.
fn check(page: &str, link_base: Option<&str>) {
    let options = Options::ENABLE_GFM
        | Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH;
    let mut columns = 0;
    let mut depth = 0;
    let mut is_code = false;
    for event in Parser::new_ext(page, options) {
        match event {
            Event::Html(html) => {
                let html = html.trim_end();
                let is_ours = ["<details>", "</details>"].contains(&html)
                    || html.starts_with("<summary>") && html.ends_with("</summary>");
                assert!(is_ours, "{html:?}");
                match html {
                    "<details>" => depth += 1,
                    "</details>" => depth -= 1,
                    _ => {}
                }
            }
            Event::InlineHtml(html) => assert_eq!(&*html, "<br>"),
            Event::Start(Tag::Link { dest_url, .. }) => {
                let base = link_base.expect("no links without a base");
                assert!(dest_url.starts_with(base), "{dest_url}");
            }
            Event::Start(Tag::Image { .. } | Tag::CodeBlock(_) | Tag::Strikethrough)
            | Event::FootnoteReference(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::TaskListMarker(_)
            | Event::Rule => panic!("{event:?}"),
            Event::Start(Tag::Table(alignments)) => columns = alignments.len(),
            Event::Start(Tag::TableRow) => assert_eq!(columns, 5),
            Event::Code(_) => is_code = true,
            // GitHub looks for these in what is left.
            Event::Text(text) => {
                for mark in ["@a", "#1", "https://", "http://", "www.a"] {
                    assert!(!text.contains(mark), "{text:?}");
                }
            }
            _ => {}
        }
    }
    assert!(is_code || !page.contains('`'));
    assert_eq!(depth, 0, "all that is folded ends");
    assert!(!page.contains(|c: char| c.is_control() && c != '\n'));
    assert!(page.chars().count() <= 65_536);
}

#[test]
fn a_page_of_a_team() {
    insta::assert_snapshot!(markdown(&samples::team(), None));
}

#[test]
fn a_page_with_links() {
    let base = "https://example.com/blob/main/";
    let page = markdown(&samples::catalogue(), Some(base));
    check(&page, Some(base));
    insta::assert_snapshot!(page);
}

#[test]
fn a_page_of_nothing_says_so() {
    insta::assert_snapshot!(markdown(&samples::nothing(), None), @r"
    ## agent-overlap

    **No agent definitions found.**
    ");
}

#[test]
fn a_long_report_ends_where_a_comment_does_and_says_what_is_missing() {
    let mut report = samples::team();
    let finding = report.findings[0].clone();
    report.findings = (0..2_000)
        .map(|at| {
            let mut finding = finding.clone();
            finding.message = format!("finding {at}");
            finding
        })
        .collect();
    let layout = Layout { limits: Limits::ALL, ..Layout::default() };
    let page = rendered(&report, ReportFormat::Markdown, &layout);
    check(&page, None);
    let n_shown = page.matches("\n- finding ").count();
    assert!(n_shown > 50);
    let rest = format!("… {} more findings: ", thousands(2_000 - n_shown));
    assert!(page.contains(&rest), "{rest}");
}

fn thousands(n: usize) -> String {
    format!("{},{:03}", n / 1_000, n % 1_000)
}

/// Puts a text wherever foreign text stands.
fn filled(text: &str) -> Report {
    let mut report = samples::hostile();
    for agent in &mut report.agents {
        (agent.name, agent.path) = (text.to_owned(), text.to_owned());
    }
    for finding in &mut report.findings {
        (finding.message, finding.help) = (text.to_owned(), text.to_owned());
        finding.options = Some(vec![text.to_owned(); 2]);
        for evidence in &mut finding.evidence {
            (evidence.path, evidence.text) = (text.to_owned(), text.to_owned());
        }
    }
    for problem in &mut report.problems {
        (problem.path, problem.message) = (text.to_owned(), text.to_owned());
    }
    report
}

#[test]
fn foreign_text_does_not_break_out() {
    for text in [
        "<!-- hidden",
        "</details><script>alert(1)</script>",
        "| a | b |",
        "`a` @team and `b",
        "@team #12 GH-7 owner/name#3",
        "[x](https://example.com) ![y](z) <https://example.com>",
        "https://example.com www.example.com a@b.example",
        "---",
        "- [ ] task",
        "1. one",
        "# heading",
        "> quote\n\n```\ncode\n```",
        "$x$ $$y$$ ~~z~~ [^1]",
        "a\\",
        "``",
        "@``a https:``//a.b",
        "\u{202e}\u{200b}\x1b]8;;https://example.com\x07link",
    ] {
        for base in [None, Some("https://example.org/")] {
            check(&markdown(&filled(text), base), base);
        }
    }
    check(&markdown(&samples::hostile(), None), None);
}

proptest! {
    #[test]
    fn no_text_breaks_out(text in any::<String>(), marks in "[-`*_<>|\\\\@#\\[\\]()!~$&:/.+=a1 \n]{0,40}") {
        for text in [text, marks] {
            check(&markdown(&filled(&text), None), None);
        }
    }

    #[test]
    fn marks_read_as_they_were_written(words in prop::collection::vec("[a-z*_<>|\\\\@#\\[\\]()!~$&=+-]{1,8}", 1..8)) {
        let text = words.join(" ");
        let mut report = samples::team();
        report.findings.truncate(1);
        report.findings[0].message.clone_from(&text);
        let page = markdown(&report, None);
        let shown: String = Parser::new_ext(&page, Options::ENABLE_GFM)
            .filter_map(|event| match event {
                Event::Text(text) => Some(text.to_string()),
                _ => None,
            })
            .collect();
        let shown = shown.replace('\u{200b}', "");
        assert!(shown.contains(&text), "{text:?} in {shown:?}");
    }
}
