//! SARIF 2.1.0 (OASIS), for code scanning, editors and whatever else collects
//! what linters find. Only the parts that are used are written as types.
//!
//! GitHub refuses a run of more than 25,000 results and shows the first 5,000;
//! of a result it refuses more than 1,000 places and shows 100. Findings come
//! by severity, so what is cut is what matters least.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::finding::{Evidence, Finding, Rule, Severity};
use crate::render::quote::clean;
use crate::render::wording::{counted, doubt, places, quoted};
use crate::report::{ProblemInfo, Report};

mod rules;
mod uri;

use rules::Descriptor;
use uri::ArtifactLocation;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Results of a run at most.
const MAX_RESULTS: usize = 25_000;

/// Places of a result at most, the first one included.
const MAX_PLACES: usize = 100;

/// Places whose text is quoted in the message: the two sides.
const MAX_QUOTES: usize = 2;

/// Characters of a quote in a message.
const MAX_QUOTE: usize = 300;

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Driver<'a>,
    invocations: [Invocation<'a>; 1],
    original_uri_base_ids: BTreeMap<&'static str, UriBase>,
    column_kind: &'static str,
    results: Vec<RunResult<'a>>,
}

#[derive(Serialize)]
struct Driver<'a> {
    driver: Component<'a>,
}

#[derive(Serialize)]
struct Component<'a> {
    name: &'a str,
    version: &'a str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
struct UriBase {
    description: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'a> {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification<'a>>,
}

#[derive(Serialize)]
struct Notification<'a> {
    level: &'static str,
    message: Text,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RunResult<'a> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    partial_fingerprints: Fingerprints<'a>,
    /// The confidence, in 0..=100, which is all that the schema takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    rank: Option<f64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fingerprints<'a> {
    #[serde(rename = "agentOverlap/v1")]
    own: &'a str,
    /// By which GitHub tells a moved alert from a new one: a hash and which of
    /// those with this hash it is.
    primary_location_line_hash: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation<'a> {
    artifact_location: ArtifactLocation<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
}

/// A message as plain text.
#[derive(Serialize)]
struct Text {
    text: String,
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned() }
    }
}

/// Writes the findings of a report, in their order, and trouble in the input.
/// A run that could not read everything has not succeeded.
pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let Report { tool, findings, problems, .. } = report;
    let shown = &findings[..findings.len().min(MAX_RESULTS)];
    let mut notifications: Vec<Notification<'_>> = problems.iter().map(notification).collect();
    let n_cut = findings.len() - shown.len();
    if n_cut > 0 {
        let left_out = counted(n_cut as u64, "finding is", "findings are");
        notifications.push(Notification {
            level: "warning",
            message: Text {
                text: format!("{left_out} left out: code scanning takes {MAX_RESULTS} at most"),
            },
            locations: Vec::new(),
        });
    }
    let mut n_seen: BTreeMap<&str, usize> = BTreeMap::new();
    let results = shown.iter().map(|finding| {
        let nth = n_seen.entry(&finding.fingerprint).or_default();
        *nth += 1;
        result(finding, *nth)
    });
    let run = Run {
        tool: Driver {
            driver: Component {
                name: tool.name,
                version: tool.version,
                rules: rules::descriptors(),
            },
        },
        results: results.collect(),
        invocations: [Invocation {
            execution_successful: !report.summary.incomplete,
            tool_execution_notifications: notifications,
        }],
        original_uri_base_ids: BTreeMap::from([(
            uri::BASE,
            UriBase { description: "The folder in which the program ran.".into() },
        )]),
        column_kind: "unicodeCodePoints",
    };
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    out.write_all(b"\n")
}

/// The finding as the `nth` result with its fingerprint.
fn result(finding: &Finding, nth: usize) -> RunResult<'_> {
    let mut places = places(finding);
    places.truncate(MAX_PLACES);
    let related = places.iter().enumerate().skip(1);
    let rule = Rule::ALL.iter().position(|rule| *rule == finding.rule);
    RunResult {
        rule_id: finding.rule.id(),
        rule_index: rule.unwrap_or_default(),
        level: finding.severity.as_str(),
        message: Text { text: message(finding) },
        locations: places.iter().take(1).map(|one| location(one)).collect(),
        related_locations: related
            .map(|(id, evidence)| Location {
                id: Some(id),
                message: Some(quoted(&plain(&evidence.text), MAX_QUOTE).as_str().into()),
                ..location(evidence)
            })
            .collect(),
        partial_fingerprints: Fingerprints {
            own: &finding.fingerprint,
            primary_location_line_hash: format!("{}:{nth}", finding.fingerprint),
        },
        rank: Some((finding.confidence * 1000.0).round() / 10.0)
            .filter(|rank| (0.0..=100.0).contains(rank)),
    }
}

/// What is the matter, the two sides with links to the related places, and
/// what to do. Some readers show nothing else of a result.
fn message(finding: &Finding) -> String {
    let mut text = plain(&finding.message);
    if let Some(doubt) = doubt(finding.confidence) {
        text.push_str(&format!(" ({doubt}, {:.2})", finding.confidence));
    }
    text.push('\n');
    let places = places(finding);
    for (id, evidence) in places.iter().enumerate().take(MAX_QUOTES) {
        let place = plain(&format!("{}:{}", evidence.path, evidence.line));
        let place = match id {
            0 => place,
            _ => format!("[{}]({id})", place.replace('[', "\\[").replace(']', "\\]")),
        };
        text.push_str(&format!("\n{place}: {}", quoted(&plain(&evidence.text), MAX_QUOTE)));
    }
    let n_more = places.len().saturating_sub(MAX_QUOTES);
    if n_more > 0 {
        let more = counted(n_more as u64, "more place", "more places");
        text.push_str(&format!("\nand {more}"));
    }
    let help = plain(&finding.help);
    if !help.is_empty() {
        text.push_str(&format!("\n\nHelp: {help}"));
    }
    text
}

/// Foreign text in a message: on one line, and without a link of its own,
/// which SARIF writes as `[text](target)`.
fn plain(text: &str) -> String {
    clean(text).replace("](", "] (")
}

fn location(evidence: &Evidence) -> Location<'_> {
    Location {
        id: None,
        physical_location: PhysicalLocation {
            artifact_location: uri::artifact(&evidence.path),
            region: Some(Region {
                start_line: evidence.line,
                start_column: Some(evidence.column),
                end_line: Some(evidence.end_line),
            }),
        },
        message: None,
    }
}

fn notification(problem: &ProblemInfo) -> Notification<'_> {
    let region =
        problem.line.map(|start_line| Region { start_line, start_column: None, end_line: None });
    Notification {
        level: Severity::Warning.as_str(),
        message: plain(&problem.message).as_str().into(),
        locations: vec![Location {
            id: None,
            physical_location: PhysicalLocation {
                artifact_location: uri::artifact(&problem.path),
                region,
            },
            message: None,
        }],
    }
}
