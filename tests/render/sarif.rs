//! SARIF: valid, and with what code scanning needs.

#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

use agent_overlap::render::{Layout, ReportFormat};
use agent_overlap::report::Report;
use serde_json::Value;

use crate::{rendered, samples};

fn sarif(report: &Report) -> Value {
    let text = rendered(report, ReportFormat::Sarif, &Layout::default());
    serde_json::from_str(&text).expect("valid JSON")
}

fn results(log: &Value) -> &[Value] {
    log["runs"][0]["results"].as_array().unwrap()
}

#[test]
fn sarif_is_what_its_schema_says() {
    // A pattern for the language, which we do not write, has a bracket too many.
    let schema = include_str!("../schemas/sarif-2.1.0.json").replace("{2}]?$", "{2}$");
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    for report in [
        samples::nothing(),
        samples::one(),
        samples::team(),
        samples::catalogue(),
        samples::hostile(),
    ] {
        let log = sarif(&report);
        let errors: Vec<String> =
            validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0]);
        assert_eq!(results(&log).len(), report.findings.len());
    }
    let mut log = sarif(&samples::team());
    log["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(!validator.is_valid(&log), "the schema finds mistakes");
}

#[test]
fn a_result_names_both_sides() {
    let log = sarif(&samples::team());
    let result = results(&log).iter().find(|result| result["ruleId"] == "model-conflict").unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(result).unwrap());
}

#[test]
fn rules_are_described_where_the_results_point() {
    let log = sarif(&samples::team());
    let rules = &log["runs"][0]["tool"]["driver"]["rules"];
    for result in results(&log) {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    for rule in rules.as_array().unwrap() {
        for text in ["shortDescription", "fullDescription"] {
            let length = rule[text]["text"].as_str().unwrap().len();
            assert!((1..=1024).contains(&length), "{}: {text}", rule["id"]);
        }
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&rules[1]).unwrap());
}

#[test]
fn equal_findings_are_told_apart_by_number() {
    let mut report = samples::team();
    report.findings = vec![report.findings[0].clone(), report.findings[0].clone()];
    let log = sarif(&report);
    let hashes: Vec<&Value> = results(&log)
        .iter()
        .map(|result| &result["partialFingerprints"]["primaryLocationLineHash"])
        .collect();
    assert_eq!(hashes, ["0123456789abcdef:1", "0123456789abcdef:2"]);
}

#[test]
fn a_foreign_link_is_none() {
    let mut report = samples::team();
    report.findings[0].message = "see [here](https://example.com)\x1b[31m".to_owned();
    let log = sarif(&report);
    let text = results(&log)[0]["message"]["text"].as_str().unwrap();
    assert!(text.starts_with("see [here] (https://example.com)"));
}

#[test]
fn more_results_than_code_scanning_takes_are_cut_and_counted() {
    let mut report = samples::team();
    let finding = report.findings[0].clone();
    report.findings = vec![finding; 25_002];
    let log = sarif(&report);
    assert_eq!(results(&log).len(), 25_000);
    let notifications = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    let last = notifications.as_array().unwrap().last().unwrap();
    let text = last["message"]["text"].as_str().unwrap();
    assert_eq!(text, "2 findings are left out: code scanning takes 25000 at most");
}

#[test]
fn a_run_that_could_not_read_everything_has_not_succeeded() {
    let mut report = samples::team();
    for incomplete in [false, true] {
        report.summary.incomplete = incomplete;
        let log = sarif(&report);
        let succeeded = &log["runs"][0]["invocations"][0]["executionSuccessful"];
        assert_eq!(succeeded, !incomplete);
    }
}
