//! All renderers, from reports made by hand.

mod github;
mod markdown;
mod samples;
mod sarif;
mod text;

use agent_overlap::render::{Layout, ReportFormat, render};
use agent_overlap::report::Report;

/// The report in a form, as a string.
fn rendered(report: &Report, format: ReportFormat, layout: &Layout) -> String {
    let mut out = Vec::new();
    render(report, format, layout, &mut out).expect("memory can be written");
    String::from_utf8(out).expect("the output is UTF-8")
}

fn json(report: &Report) -> String {
    rendered(report, ReportFormat::Json, &Layout::default())
}

#[test]
fn json_has_each_element_on_its_own_line() {
    insta::assert_snapshot!(json(&samples::team()));
    insta::assert_snapshot!(json(&samples::nothing()), @r#"
    {
    "schema_version":1,
    "tool":{"name":"agent-overlap","version":"0.0.0"},
    "scope":"project",
    "summary":{"files_read":0,"files_skipped":3,"incomplete":false,"agents":0,"units":0,"distinct_units":0,"pairs":0,"groups":0,"findings":{"error":0,"warning":0,"note":0},"allowed":0,"tokens":{"total":0,"descriptions":0,"redundant":0}},
    "agents":[],
    "pairs":[],
    "groups":[],
    "apart":[],
    "boilerplate":[],
    "decisions":[],
    "findings":[],
    "allowed":[],
    "problems":[],
    "skipped":[]
    }
    "#);
}

#[test]
fn json_says_what_the_report_says() {
    for report in [samples::team(), samples::catalogue(), samples::hostile()] {
        let value: serde_json::Value = serde_json::from_str(&json(&report)).expect("valid JSON");
        assert_eq!(value, serde_json::to_value(&report).unwrap());
    }
}
