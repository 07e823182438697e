//! The text form: what it looks like, and that it stays in its columns.

use std::collections::BTreeSet;

use agent_overlap::render::quote::clean;
use agent_overlap::render::{Layout, Limits, ReportFormat};
use agent_overlap::report::Report;
use proptest::prelude::{any, prop, proptest};
use unicode_width::UnicodeWidthStr;

use crate::{rendered, samples};

fn text(report: &Report, width: usize) -> String {
    let layout = Layout { width, ..Layout::default() };
    rendered(report, ReportFormat::Text, &layout)
}

/// The text without styles.
fn plain(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| {
        let (_, text) = part.split_once('m').expect("a style ends in m");
        plain + text
    })
}

/// Panics where a line is too wide, but for one that holds nothing but a place,
/// or where a control character other than a line end stands.
fn check(report: &Report, text: &str, width: usize) {
    let findings = report.findings.iter().flat_map(|finding| &finding.evidence);
    let mut places: BTreeSet<String> =
        findings.map(|evidence| format!("{}:{}", clean(&evidence.path), evidence.line)).collect();
    places.extend(report.problems.iter().map(|problem| {
        let line = problem.line.map(|line| format!(":{line}"));
        clean(&problem.path) + &line.unwrap_or_default()
    }));
    for line in text.lines() {
        assert!(
            line.width() <= width || places.contains(line.trim_start()),
            "{} columns of {width}: {line:?}",
            line.width()
        );
        assert!(!line.contains(char::is_control), "{line:?}");
        assert_eq!(line, line.trim_end());
    }
    assert!(text.ends_with('\n'));
}

#[test]
fn nothing_found_says_where_to_look() {
    insta::assert_snapshot!(text(&samples::nothing(), 80));
}

#[test]
fn a_clean_agent_is_called_clean() {
    insta::assert_snapshot!(text(&samples::one(), 80));
}

#[test]
fn a_team_at_80_columns() {
    insta::assert_snapshot!(text(&samples::team(), 80));
}

#[test]
fn a_team_at_140_columns() {
    insta::assert_snapshot!(text(&samples::team(), 140));
}

#[test]
fn a_catalogue_at_80_columns() {
    insta::assert_snapshot!(text(&samples::catalogue(), 80));
}

#[test]
fn a_catalogue_at_140_columns() {
    insta::assert_snapshot!(text(&samples::catalogue(), 140));
}

#[test]
fn colour_adds_nothing_but_styles() {
    for report in [samples::team(), samples::hostile()] {
        for width in [40, 80, 160] {
            let color = Layout { width, color: true, ..Layout::default() };
            let colored = rendered(&report, ReportFormat::Text, &color);
            assert!(colored.contains("\x1b["));
            assert_eq!(plain(&colored), text(&report, width));
        }
    }
}

#[test]
fn all_shows_all() {
    let layout = Layout { limits: Limits::ALL, ..Layout::default() };
    let report = samples::catalogue();
    let text = rendered(&report, ReportFormat::Text, &layout);
    assert!(!text.contains("--all") && !text.contains("more"));
    check(&report, &text, layout.width);
}

#[test]
fn commands_repeat_the_paths_as_a_shell_takes_them() {
    let layout = Layout {
        paths: vec![".claude/agents".to_owned(), "it's mine".to_owned()],
        ..Layout::default()
    };
    let text = rendered(&samples::one(), ReportFormat::Text, &layout);
    assert!(text.contains(r"agent-overlap audit .claude/agents 'it'\''s mine' --fail-on error"));
    let layout = Layout { flags: vec!["--user".to_owned()], ..Layout::default() };
    let text = rendered(&samples::one(), ReportFormat::Text, &layout);
    assert!(text.contains("agent-overlap audit --user --fail-on error"), "{text}");
}

#[test]
fn lines_fit_the_width() {
    let small = [samples::nothing(), samples::one(), samples::team(), samples::hostile()];
    for width in 40..=200 {
        for report in &small {
            check(report, &text(report, width), width);
        }
    }
    let catalogue = samples::catalogue();
    for width in (40..=200).step_by(20) {
        check(&catalogue, &text(&catalogue, width), width);
    }
}

#[test]
fn narrower_than_40_columns_counts_as_40() {
    assert_eq!(text(&samples::team(), 0), text(&samples::team(), 40));
}

proptest! {
    #[test]
    fn any_text_fits_the_width(
        texts in prop::array::uniform8(any::<String>()),
        width in 40_usize..=200,
    ) {
        let report = samples::made_of(&texts.each_ref().map(String::as_str));
        check(&report, &text(&report, width), width);
    }
}
