//! Workflow commands: nothing in a file can make one of its own.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

use agent_overlap::finding::Severity;
use agent_overlap::render::{Layout, ReportFormat};
use agent_overlap::report::Report;
use proptest::prelude::{any, proptest};

use crate::{rendered, samples};

fn github(report: &Report) -> String {
    rendered(report, ReportFormat::Github, &Layout::default())
}

#[test]
fn annotations_say_both_sides() {
    insta::assert_snapshot!(github(&samples::team()));
    insta::assert_snapshot!(github(&samples::nothing()), @"agent-overlap: no findings");
}

#[test]
fn the_worst_and_surest_come_first() {
    let mut report = samples::team();
    let finding = &report.findings[0];
    let with = |severity, confidence| {
        let mut finding = finding.clone();
        (finding.severity, finding.confidence) = (severity, confidence);
        finding
    };
    report.findings = vec![
        with(Severity::Note, 1.0),
        with(Severity::Warning, 0.6),
        with(Severity::Warning, 0.95),
        with(Severity::Error, 0.6),
    ];
    let text = github(&report);
    let commands: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("::")?.split(' ').next()).collect();
    assert_eq!(commands[..4], ["error", "warning", "warning", "notice"]);
    let lines: Vec<&str> = text.lines().collect();
    assert!(!lines[1].contains("possible") && lines[2].contains("(possible, 0.60)"));
}

/// The properties and the message of a command, unescaped as the runner does.
fn parse(line: &str) -> (Vec<(String, String)>, String) {
    let rest = line.strip_prefix("::").unwrap();
    let (command, message) = rest.split_once("::").unwrap();
    let (_, properties) = command.split_once(' ').unwrap();
    let message = message.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    let properties = properties.split(',').map(|property| {
        let (name, value) = property.split_once('=').unwrap();
        let value = value.replace("%3A", ":").replace("%2C", ",").replace("%25", "%");
        (name.to_owned(), value)
    });
    (properties.collect(), message)
}

#[test]
fn signs_of_the_commands_are_escaped() {
    let mut report = samples::team();
    report.findings.truncate(1);
    report.problems.clear();
    report.findings[0].evidence[0].path = "a,line=9::error,b%3A:c.md".to_owned();
    report.findings[0].message = "100%0A\n::error::no".to_owned();
    let text = github(&report);
    let (properties, message) = parse(text.lines().next().unwrap());
    assert_eq!(properties[0], ("file".to_owned(), "a,line=9::error,b%3A:c.md".to_owned()));
    assert!(message.starts_with("100%0A ::error::no"));
}

proptest! {
    #[test]
    fn every_line_is_one_command(message in any::<String>(), path in any::<String>(), text in any::<String>()) {
        let mut report = samples::hostile();
        for finding in &mut report.findings {
            finding.message.clone_from(&message);
            for evidence in &mut finding.evidence {
                evidence.path.clone_from(&path);
                evidence.text.clone_from(&text);
            }
        }
        let n_lines = report.findings.len() + report.problems.len() + 1;
        let text = github(&report);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), n_lines);
        let (last, commands) = lines.split_last().unwrap();
        assert!(last.starts_with("agent-overlap: "));
        for line in commands {
            let (properties, _) = parse(line);
            let known = ["file", "line", "endLine", "col", "title"];
            assert!(properties.iter().all(|(name, _)| known.contains(&name.as_str())));
            assert!(!line.contains(char::is_control));
        }
    }
}
