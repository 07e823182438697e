//! The result of a run, as it is serialised. `docs/report.md` explains each
//! field; the names are a contract.

use std::collections::BTreeSet;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::agent::Kind;
use crate::finding::{Finding, Rule, Severity, rounded};
use crate::relation::Relation;

/// Version of the JSON form. Fields are added, never reused.
pub const SCHEMA_VERSION: u32 = 1;

/// Everything that a run found out.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Report {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What made the report.
    pub tool: Tool,
    /// Whether the agents work together in a project or lie in a catalogue for everyone.
    pub scope: Scope,
    /// The figures.
    pub summary: Summary,
    /// All agents, by path. An agent's id is its place in this list.
    pub agents: Vec<AgentInfo>,
    /// Related pairs, by redundancy, highest first.
    pub pairs: Vec<PairInfo>,
    /// Agents that one of them could replace, by tokens saved, highest first;
    /// without the groups that somebody accepts.
    pub groups: Vec<GroupInfo>,
    /// Agents that are as redundant, but of which none can stand in for another
    /// one, by the one that says the most.
    pub apart: Vec<ApartInfo>,
    /// Blocks that many agents repeat, by tokens saved, highest first.
    pub boilerplate: Vec<BoilerplateInfo>,
    /// What agents decide for, by the number of agents, the most first, then by id.
    pub decisions: Vec<DecisionInfo>,
    /// What is to be said, by severity, then path and line.
    pub findings: Vec<Finding>,
    /// What somebody accepts, by a comment or in the configuration.
    #[serde(skip)]
    pub accepted: Vec<Finding>,
    /// What stays quiet and why, in the order of findings.
    pub allowed: Vec<AllowedInfo>,
    /// Trouble in the input, by path and line.
    pub problems: Vec<ProblemInfo>,
    /// Files that look like definitions and were not read, by path.
    pub skipped: Vec<SkippedInfo>,
}

impl Report {
    /// By agent: the group that it belongs to.
    pub fn group_of(&self) -> Vec<Option<&GroupInfo>> {
        let mut group_of = vec![None; self.agents.len()];
        for group in &self.groups {
            for &member in &group.members {
                group_of[member as usize] = Some(group);
            }
        }
        group_of
    }
}

/// A decision and who takes which side in it. Copies made for other folders
/// are left out: they say what their original says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DecisionInfo {
    /// Its stable id.
    pub facet: String,
    /// What is decided.
    pub title: String,
    /// The sides, by the number of agents, the most first, then by option.
    pub sides: Vec<SideInfo>,
}

impl DecisionInfo {
    /// Ids of all who take a side.
    pub fn agents(&self) -> BTreeSet<u32> {
        let said_by = self.sides.iter().flat_map(|side| &side.said_by);
        said_by.map(|said| said.agent).collect()
    }
}

impl SideInfo {
    /// `React 19`, `not npm`.
    pub fn label(&self) -> String {
        side_label(&self.option, self.version.as_deref(), self.takes)
    }
}

/// See [`SideInfo::label`].
pub(crate) fn side_label(option: &str, version: Option<&str>, takes: bool) -> String {
    match (takes, version) {
        (false, _) => format!("not {option}"),
        (true, Some(version)) => format!("{option} {version}"),
        (true, None) => option.to_owned(),
    }
}

/// One side in a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SideInfo {
    /// The option.
    pub option: String,
    /// The version, where one is told that matters.
    pub version: Option<String>,
    /// Whether the option is taken; else it is rejected.
    pub takes: bool,
    /// Who says so, by agent.
    pub said_by: Vec<SaidBy>,
}

/// Where an agent takes a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SaidBy {
    /// Id of the agent.
    pub agent: u32,
    /// Line of the statement that says it best, from 1.
    pub line: u32,
}

/// A finding that stays quiet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AllowedInfo {
    /// What it is about.
    pub rule: Rule,
    /// What would be the matter.
    pub message: String,
    /// The quoted places.
    pub places: Vec<PlaceInfo>,
    /// Its stable name.
    pub fingerprint: String,
    /// What keeps it quiet.
    pub by: AllowedBy,
    /// Where the comment stands, if it is one.
    pub comment: Option<PlaceInfo>,
    /// Why.
    pub reason: String,
}

/// What keeps a finding quiet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AllowedBy {
    /// A comment in a file.
    Comment,
    /// `[[accept]]` in the configuration.
    Accept,
    /// `[house]` in the configuration, which allows all of the options.
    House,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PlaceInfo {
    /// Path as shown.
    pub path: String,
    /// Line, from 1.
    pub line: u32,
}

/// A file that was not read as a definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SkippedInfo {
    /// Path as shown.
    pub path: String,
    /// Why.
    pub reason: &'static str,
}

/// Name and version of the program.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Tool {
    /// The program's name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

impl Tool {
    /// This program.
    pub const THIS: Self =
        Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
}

/// How agents are in each other's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// They work together in one project (or several side by side).
    Project,
    /// They are offered for everyone to pick from.
    Catalogue,
}

/// The figures of a run.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Summary {
    /// Files that were read as definitions.
    pub files_read: usize,
    /// Files of the folders that were not: no definition, too large, unreadable.
    pub files_skipped: usize,
    /// Whether something could not be read, so that the report says less than there is.
    pub incomplete: bool,
    /// Definitions.
    pub agents: usize,
    /// Units of all bodies.
    pub units: usize,
    /// Units that differ in their terms.
    pub distinct_units: usize,
    /// Related pairs.
    pub pairs: usize,
    /// Groups.
    pub groups: usize,
    /// Findings by severity.
    pub findings: FindingCounts,
    /// Findings that stay quiet, by a comment or by the configuration: length of `allowed`.
    pub allowed: usize,
    /// Findings set against a baseline, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineCounts>,
    /// Text, in tokens.
    pub tokens: TokenCounts,
}

/// Findings by severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FindingCounts {
    /// Errors.
    pub error: usize,
    /// Warnings.
    pub warning: usize,
    /// Notes.
    pub note: usize,
}

impl FindingCounts {
    /// Counts findings.
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            match finding.severity {
                Severity::Error => counts.error += 1,
                Severity::Warning => counts.warning += 1,
                Severity::Note => counts.note += 1,
            }
        }
        counts
    }
}

/// Findings set against a baseline.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BaselineCounts {
    /// Findings that it knows, which stay quiet.
    pub known: usize,
    /// Findings that it knows and that are not there any more.
    pub gone: usize,
}

/// Estimated tokens of text.
#[derive(Debug, Clone, Copy, Default, Serialize, JsonSchema)]
pub struct TokenCounts {
    /// All files.
    pub total: u64,
    /// Descriptions.
    pub descriptions: u64,
    /// What is saved if each group is made one agent without losing a statement.
    pub redundant: u64,
}

/// One definition.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AgentInfo {
    /// Its place in the list.
    pub id: u32,
    /// Path as shown.
    pub path: String,
    /// What its product calls it.
    pub name: String,
    /// What it is: `agent`, `skill`, `command`, `rule`, ….
    pub kind: &'static str,
    /// The model as written.
    pub model: Option<String>,
    /// The tools as written, one each.
    pub tools: Option<Vec<String>>,
    /// ISO 639-1 code of the body, `und` where there is too little text.
    pub language: &'static str,
    /// Units of the body.
    pub units: usize,
    /// Tokens of the file.
    pub tokens: u64,
    /// Tokens of the description.
    pub description_tokens: u64,
    /// The agent that this one mirrors: the same definition made for another
    /// folder. Mirrors take no part in groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mirror_of: Option<u32>,
}

impl AgentInfo {
    /// Whether it applies to every request, so that none is routed to it.
    pub fn applies_always(&self) -> bool {
        self.kind == Kind::Memory.as_str()
    }

    /// What people call it: a memory file by its file's name.
    pub fn label(&self) -> &str {
        match self.applies_always() {
            true => self.path.rsplit('/').next().unwrap_or_default(),
            false => &self.name,
        }
    }
}

/// Two related agents, `left < right`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PairInfo {
    /// Id of the first.
    pub left: u32,
    /// Id of the second.
    pub right: u32,
    /// What they are to each other.
    pub relation: Relation,
    /// Redundancy, in 0..=1.
    #[serde(serialize_with = "rounded")]
    #[schemars(with = "f64", range(min = 0, max = 1))]
    pub redundancy: f64,
    /// Likeness of the names, in 0..=1.
    #[serde(serialize_with = "rounded")]
    #[schemars(with = "f64", range(min = 0, max = 1))]
    pub name: f64,
    /// Likeness of the roles, in 0..=1.
    #[serde(serialize_with = "rounded")]
    #[schemars(with = "f64", range(min = 0, max = 1))]
    pub role: f64,
    /// Share of the left one's content that the right one says too, in 0..=1.
    #[serde(serialize_with = "rounded")]
    #[schemars(with = "f64", range(min = 0, max = 1))]
    pub left_in_right: f64,
    /// Share of the right one's content that the left one says too, in 0..=1.
    #[serde(serialize_with = "rounded")]
    #[schemars(with = "f64", range(min = 0, max = 1))]
    pub right_in_left: f64,
    /// Whether both may well be one job, though they are in no common group: pairs to
    /// be read side by side.
    pub likely_one_job: bool,
    /// How many units of the two match; [`PairInfo::matches`] may hold fewer.
    /// Left out of distinct pairs, like the matches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_matches: Option<usize>,
    /// The most telling matching units.
    pub matches: Vec<MatchInfo>,
}

/// Two units that say the same.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MatchInfo {
    /// Cosine, in 0..=1.
    #[serde(serialize_with = "rounded")]
    #[schemars(with = "f64", range(min = 0, max = 1))]
    pub similarity: f64,
    /// The left agent's unit.
    pub left: Quote,
    /// The right agent's unit.
    pub right: Quote,
}

/// A unit with its lines.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Quote {
    /// First line, from 1.
    pub line: u32,
    /// Last line, from 1.
    pub end_line: u32,
    /// Text without markup.
    // Many matches quote one unit: they share its text.
    pub text: Arc<str>,
}

/// Agents that one of them could replace, as `consolidate` plans it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GroupInfo {
    /// Its place in the list.
    pub id: u32,
    /// The member with which every other one is redundant.
    pub representative: u32,
    /// All members, by id.
    pub members: Vec<u32>,
    /// The weakest relation of a member with the representative.
    pub relation: Relation,
    /// Whom to keep.
    pub keep: u32,
    /// Whom to drop.
    pub drop: Vec<u32>,
    /// Tokens of the dropped files less those of what has to be moved. It is an
    /// upper bound: headings that have to move along are not counted.
    pub tokens_saved: u64,
    /// Tokens of the dropped descriptions less those of what has to be moved.
    pub description_tokens_saved: u64,
    /// Statements of each of the dropped ones, in the order of `drop`.
    pub statements: Vec<usize>,
    /// Statements of the dropped ones that the kept one does not say.
    pub missing_units: usize,
    /// Whether the kept one says hardly a statement of theirs: their tasks are
    /// alike, but a merge moves nearly all and saves next to nothing.
    pub hardly_alike: bool,
    /// Those statements, each once, by agent and line.
    pub missing: Vec<MissingInfo>,
    /// Sentences of descriptions, example requests and fields of frontmatter
    /// of the dropped ones that the kept one does not have.
    pub missing_parts: usize,
}

impl GroupInfo {
    /// Whether the kept agent has all that the others have.
    pub fn lacks_nothing(&self) -> bool {
        self.missing_units == 0 && self.missing_parts == 0
    }
}

/// Agents that are redundant, but loaded apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ApartInfo {
    /// All members, by id.
    pub members: Vec<u32>,
    /// The weakest relation of a member with the one that says the most.
    pub relation: Relation,
    /// Why none can stand in for another one: "of different plugins".
    pub reason: &'static str,
}

/// What would be lost with a dropped agent.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MissingInfo {
    /// Who says it.
    pub agent: u32,
    /// Where, and what.
    #[serde(flatten)]
    pub quote: Quote,
}

/// A block that many agents repeat.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BoilerplateInfo {
    /// Its text, as it stands in the first of them.
    pub text: String,
    /// Who repeats it.
    pub agents: Vec<u32>,
    /// Tokens saved if it stood in one place.
    pub tokens_saved: u64,
}

/// Trouble in one input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProblemInfo {
    /// Path as shown.
    pub path: String,
    /// Line, from 1.
    pub line: Option<u32>,
    /// What is wrong.
    pub message: String,
}
