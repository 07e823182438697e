//! The forms for machines, of the fixtures.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::{fixtures, repository, run, write};

fn audit(folder: &Path, path: &str, format: &str) -> Vec<u8> {
    let arguments = ["audit", path, "--format", format, "--fail-on", "never"];
    let run = run(folder, &arguments);
    assert_eq!(run.code, Some(0), "{path}: {}", run.stderr);
    run.stdout
}

/// What a schema has against a value.
pub(super) fn mistakes(schema: &Value, value: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors = validator.iter_errors(value);
    errors.map(|error| error.to_string()).collect()
}

#[test]
fn sarif_of_every_fixture_is_valid() {
    // A pattern for the language, which we do not write, has a bracket too many.
    let schema = include_str!("../schemas/sarif-2.1.0.json").replace("{2}]?$", "{2}$");
    let schema: Value = serde_json::from_str(&schema).unwrap();
    for name in fixtures() {
        let log = audit(repository(), &format!("fixtures/{name}"), "sarif");
        let log = serde_json::from_slice(&log).unwrap();
        assert_eq!(mistakes(&schema, &log), [""; 0], "{name}");
    }
}

#[test]
fn json_of_every_fixture_is_valid() {
    let schema = fs::read_to_string(repository().join("docs/report.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    for name in fixtures() {
        let report = audit(repository(), &format!("fixtures/{name}"), "json");
        let mut report: Value = serde_json::from_slice(&report).unwrap();
        assert_eq!(mistakes(&schema, &report), [""; 0], "{name}");
        report["scope"] = "elsewhere".into();
        assert_eq!(mistakes(&schema, &report).len(), 1);
    }
}

#[test]
fn sarif_fingerprints_survive_moved_lines() {
    let folder = tempfile::tempdir().unwrap();
    let from = repository().join("fixtures/backend-team");
    super::audit::copy_folder(&from, folder.path());
    let fingerprints = || {
        let log: Value = serde_json::from_slice(&audit(folder.path(), ".", "sarif")).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        let line = |result: &Value| {
            let place = &result["locations"][0]["physicalLocation"];
            place["region"]["startLine"].as_u64().unwrap()
        };
        let lines: u64 = results.iter().map(line).sum();
        let prints: Vec<Value> =
            results.into_iter().map(|mut result| result["partialFingerprints"].take()).collect();
        (prints, lines)
    };
    let (before, lines) = fingerprints();
    for entry in fs::read_dir(folder.path().join(".claude/agents")).unwrap() {
        let file = entry.unwrap().path();
        let text = fs::read_to_string(&file).unwrap();
        let moved = text.replacen("---\n", "---\n# moved\n", 1);
        fs::write(&file, moved).unwrap();
    }
    let (after, moved_lines) = fingerprints();
    assert!(!before.is_empty() && moved_lines > lines);
    assert_eq!(before, after);
}

#[test]
fn every_form_copes_with_nothing_and_with_hostile_names() {
    let folder = tempfile::tempdir().unwrap();
    for format in ["sarif", "github", "markdown"] {
        let output = run(folder.path(), &["audit", ".", "--format", format]);
        assert_eq!(output.code, Some(2), "nothing to read is no verdict");
        assert!(output.stdout.ends_with(b"\n"));
    }
    for name in ["a\u{1b}[31m", "b|c", "@team <b>"] {
        let text = format!("---\nname: \"{name}\"\nmodel: [\n---\n\nPlan the day of {name}.\n");
        write(folder.path(), &format!("agents/{name}.md"), text);
    }
    for format in ["sarif", "github", "markdown"] {
        let output = audit(folder.path(), ".", format);
        assert!(!output.contains(&0x1b), "{format}");
    }
}

#[test]
fn markdown_links_lead_to_the_base() {
    let base = "https://example.com/o/r/blob/main/";
    let run = run(
        repository(),
        &["audit", "fixtures/same-role", "--format", "markdown", "--link-base", base],
    );
    let text = run.text();
    assert!(text.contains(&format!("]({base}fixtures/same-role/")));
}

#[test]
fn a_review_is_a_page_with_a_row_for_each_definition() {
    let arguments = [
        "review",
        "fixtures/backend-team/.claude/agents/backend-infra-engineer.md",
        "--against",
        "fixtures/backend-team",
        "--format",
        "markdown",
    ];
    let run = run(repository(), &arguments);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    insta::assert_snapshot!(run.text());
}

#[test]
fn the_forms_of_a_review_hold_what_it_adds() {
    let arguments = |format| {
        [
            "review",
            "fixtures/backend-team/.claude/agents/next-backend.md",
            "--against",
            "fixtures/backend-team",
            "--format",
            format,
        ]
    };
    let json = run(repository(), &arguments("json")).json();
    let findings = json["findings"].as_array().unwrap();
    assert!(!findings.is_empty());
    let sarif = run(repository(), &arguments("sarif")).json();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let github = run(repository(), &arguments("github"));
    let commands = github.text().lines().filter(|line| line.starts_with("::"));
    assert_eq!(findings.len(), results.len());
    assert_eq!(findings.len(), commands.count());
}
