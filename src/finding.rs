//! What is reported, and its evidence.

use serde::{Serialize, Serializer};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Both sides cannot hold, or a product will not do what is written.
    Error,
    /// Costs something or confuses; worth a change.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// What a finding is about. The kebab-case id is stable: scripts, configuration
/// and baselines name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Frontmatter that the product cannot read or refuses.
    InvalidFrontmatter,
    /// Two definitions of one product with one name in one scope.
    NameCollision,
    /// Agents of one role that ask for different models.
    ModelConflict,
    /// Agents of one role or text that are allowed different tools.
    ToolsConflict,
    /// A name of an agent that no agent bears.
    DanglingReference,
    /// The same text more than once.
    DuplicateAgent,
    /// Copies that drifted apart.
    NearDuplicateAgent,
    /// One says all that the other says.
    ContainedAgent,
    /// One role, told in own words more than once.
    RedundantAgent,
    /// A block that many agents repeat.
    SharedBoilerplate,
    /// Different options of one decision, or different versions of one thing.
    ChoiceConflict,
    /// Opposite ways of working.
    PracticeConflict,
    /// One file that says both.
    SelfContradiction,
    /// Another option than the one that the configuration fixes.
    HouseRule,
}

impl Rule {
    /// All rules, in the order of the documentation.
    pub const ALL: [Self; 14] = [
        Self::InvalidFrontmatter,
        Self::NameCollision,
        Self::ModelConflict,
        Self::ToolsConflict,
        Self::DanglingReference,
        Self::DuplicateAgent,
        Self::NearDuplicateAgent,
        Self::ContainedAgent,
        Self::RedundantAgent,
        Self::SharedBoilerplate,
        Self::ChoiceConflict,
        Self::PracticeConflict,
        Self::SelfContradiction,
        Self::HouseRule,
    ];

    /// The stable id.
    pub fn id(self) -> &'static str {
        match self {
            Self::InvalidFrontmatter => "invalid-frontmatter",
            Self::NameCollision => "name-collision",
            Self::ModelConflict => "model-conflict",
            Self::ToolsConflict => "tools-conflict",
            Self::DanglingReference => "dangling-reference",
            Self::DuplicateAgent => "duplicate-agent",
            Self::NearDuplicateAgent => "near-duplicate-agent",
            Self::ContainedAgent => "contained-agent",
            Self::RedundantAgent => "redundant-agent",
            Self::SharedBoilerplate => "shared-boilerplate",
            Self::ChoiceConflict => "choice-conflict",
            Self::PracticeConflict => "practice-conflict",
            Self::SelfContradiction => "self-contradiction",
            Self::HouseRule => "house-rule",
        }
    }

    /// What the rule reports, in one line.
    pub fn summary(self) -> &'static str {
        match self {
            Self::InvalidFrontmatter => "frontmatter that the product cannot read or refuses",
            Self::NameCollision => "two definitions with one name where one is loaded",
            Self::ModelConflict => "agents of one role that ask for different models",
            Self::ToolsConflict => "agents of one text that are allowed different tools",
            Self::DanglingReference => "a name of an agent that no agent bears",
            Self::DuplicateAgent => "the same agent more than once",
            Self::NearDuplicateAgent => "copies of one agent that drifted apart",
            Self::ContainedAgent => "an agent whose advice another holds in full",
            Self::RedundantAgent => "one role, told in own words more than once",
            Self::SharedBoilerplate => "a block that many agents repeat",
            Self::ChoiceConflict => "different options of one decision, or versions of one thing",
            Self::PracticeConflict => "opposite ways of working",
            Self::SelfContradiction => "one file that says both",
            Self::HouseRule => "another option than the configuration fixes",
        }
    }
}

/// A quoted place that proves a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Path as shown.
    pub path: String,
    /// First line, from 1.
    pub line: u32,
    /// Last line, from 1.
    pub end_line: u32,
    /// Column of the first character, from 1, in characters.
    pub column: u32,
    /// The quoted text.
    pub text: String,
}

/// A reported fact.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// What it is about.
    pub rule: Rule,
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is, in 0..=1.
    #[serde(serialize_with = "rounded")]
    pub confidence: f64,
    /// What is the matter, in one or two sentences.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Ids of the agents concerned.
    pub agents: Vec<u32>,
    /// The decision that is in dispute, if any.
    pub facet: Option<String>,
    /// The options that were chosen, one a side.
    pub options: Option<Vec<String>>,
    /// The quoted places, the two sides first.
    pub evidence: Vec<Evidence>,
    /// Stable name of this finding: it survives moved lines.
    pub fingerprint: String,
}

/// Writes a score with four decimals, which is more than it is worth.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
pub(crate) fn rounded<S: Serializer>(score: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((score * 10_000.0).round() / 10_000.0)
}
