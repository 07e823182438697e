//! What is reported, and its evidence.

mod guide;

use std::borrow::Cow;
use std::collections::BTreeSet;

pub use guide::Guide;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
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
    /// An agent told to do what its tools do not let it.
    MissingTool,
    /// A name of an agent that no agent bears.
    DanglingReference,
    /// Different options of one decision, or different versions of one thing.
    ChoiceConflict,
    /// Opposite ways of working.
    PracticeConflict,
    /// Another option than the one that the configuration fixes.
    HouseRule,
    /// One forbids what the other advises.
    PolarityConflict,
    /// Other numbers for one measure.
    QuantityConflict,
    /// Another path, address or name for one thing.
    FactConflict,
    /// One file says two things that cannot both be followed.
    SelfContradiction,
    /// Copies of one text that now disagree.
    DriftedTwin,
    /// A decision that a merge left open.
    OpenDecision,
    /// The same text more than once.
    DuplicateAgent,
    /// Copies that drifted apart.
    NearDuplicateAgent,
    /// One says all that the other says.
    ContainedAgent,
    /// One role, told in own words more than once.
    RedundantAgent,
    /// Agents between which a product's model has to guess.
    TriggerOverlap,
    /// A block that many agents repeat.
    SharedBoilerplate,
}

impl Rule {
    /// All rules, in the order of the documentation.
    pub const ALL: [Self; 21] = [
        Self::InvalidFrontmatter,
        Self::NameCollision,
        Self::ModelConflict,
        Self::ToolsConflict,
        Self::MissingTool,
        Self::DanglingReference,
        Self::ChoiceConflict,
        Self::PracticeConflict,
        Self::HouseRule,
        Self::PolarityConflict,
        Self::QuantityConflict,
        Self::FactConflict,
        Self::SelfContradiction,
        Self::DriftedTwin,
        Self::OpenDecision,
        Self::DuplicateAgent,
        Self::NearDuplicateAgent,
        Self::ContainedAgent,
        Self::RedundantAgent,
        Self::TriggerOverlap,
        Self::SharedBoilerplate,
    ];

    /// The stable id.
    pub fn id(self) -> &'static str {
        match self {
            Self::InvalidFrontmatter => "invalid-frontmatter",
            Self::NameCollision => "name-collision",
            Self::ModelConflict => "model-conflict",
            Self::ToolsConflict => "tools-conflict",
            Self::MissingTool => "missing-tool",
            Self::DanglingReference => "dangling-reference",
            Self::ChoiceConflict => "choice-conflict",
            Self::PracticeConflict => "practice-conflict",
            Self::HouseRule => "house-rule",
            Self::PolarityConflict => "polarity-conflict",
            Self::QuantityConflict => "quantity-conflict",
            Self::FactConflict => "fact-conflict",
            Self::SelfContradiction => "self-contradiction",
            Self::DriftedTwin => "drifted-twin",
            Self::OpenDecision => "open-decision",
            Self::DuplicateAgent => "duplicate-agent",
            Self::NearDuplicateAgent => "near-duplicate-agent",
            Self::ContainedAgent => "contained-agent",
            Self::RedundantAgent => "redundant-agent",
            Self::TriggerOverlap => "trigger-overlap",
            Self::SharedBoilerplate => "shared-boilerplate",
        }
    }

    /// Whether it reports that two texts are in each other's way.
    pub fn is_conflict(self) -> bool {
        matches!(
            self,
            Self::NameCollision
                | Self::ModelConflict
                | Self::ToolsConflict
                | Self::ChoiceConflict
                | Self::PracticeConflict
                | Self::HouseRule
                | Self::PolarityConflict
                | Self::QuantityConflict
                | Self::FactConflict
                | Self::SelfContradiction
                | Self::DriftedTwin
                | Self::OpenDecision
        )
    }

    /// Whether it reports that one agent could replace another.
    pub fn is_redundancy(self) -> bool {
        matches!(
            self,
            Self::DuplicateAgent
                | Self::NearDuplicateAgent
                | Self::ContainedAgent
                | Self::RedundantAgent
        )
    }

    /// The rule with this id.
    pub fn find(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.id() == id)
    }

    /// What the rule reports, in one line.
    pub fn summary(self) -> &'static str {
        match self {
            Self::InvalidFrontmatter => "frontmatter that the product cannot read or refuses",
            Self::NameCollision => "two definitions with one name where one is loaded",
            Self::ModelConflict => "agents of one role that ask for different models",
            Self::ToolsConflict => "agents of one text that are allowed different tools",
            Self::MissingTool => "an agent told to do what its tools do not let it",
            Self::DanglingReference => "a name of an agent that no agent bears",
            Self::ChoiceConflict => "other options of one decision, or other versions of one thing",
            Self::PracticeConflict => "opposite ways of working",
            Self::HouseRule => "another option than the configuration fixes",
            Self::PolarityConflict => "one forbids what the other advises",
            Self::QuantityConflict => "other numbers for one measure",
            Self::FactConflict => "another path, address or name for one thing",
            Self::SelfContradiction => "one file says two things that cannot both be followed",
            Self::DriftedTwin => "copies of one text that now disagree",
            Self::OpenDecision => "a decision that a merge left open",
            Self::DuplicateAgent => "the same agent more than once",
            Self::NearDuplicateAgent => "copies of one agent that drifted apart",
            Self::ContainedAgent => "an agent of whose advice another holds most",
            Self::RedundantAgent => "one role, told in own words more than once",
            Self::TriggerOverlap => "agents between which a request goes by chance",
            Self::SharedBoilerplate => "a block that many agents repeat",
        }
    }
}

/// A quoted place that proves a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Evidence {
    /// Path as shown.
    pub path: String,
    /// First line, from 1.
    pub line: u32,
    /// Last line, from 1.
    pub end_line: u32,
    /// Column of the first character, from 1, in characters.
    pub column: u32,
    /// The quoted text; of more than 2,048 bytes the first, and `…`.
    pub text: String,
}

/// A reported fact.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Finding {
    /// What it is about.
    pub rule: Rule,
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is, in 0..=1.
    #[serde(serialize_with = "rounded")]
    #[schemars(with = "f64", range(min = 0, max = 1))]
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
    /// Ids of the agents of each side, in the order of the options; empty where
    /// agents are not opposed to each other.
    pub sides: Vec<Vec<u32>>,
    /// The quoted places, the two sides first.
    pub evidence: Vec<Evidence>,
    /// Stable name of this finding, a hash of its [`Self::identity`]: it
    /// survives moved lines.
    pub fingerprint: String,
}

impl Finding {
    /// What makes the findings of two runs the same one, with paths as `place`
    /// gives them: of a disagreement what is decided, the options and who is
    /// quoted first for each, in whatever words and order; of redundancy the
    /// files; of all else the files and the words that are quoted.
    pub fn identity<'a>(&'a self, place: impl Fn(&'a str) -> &'a str) -> Vec<Cow<'a, str>> {
        let mut identity = vec![Cow::Borrowed(self.rule.id())];
        let mut push = |part: &'a str| identity.push(Cow::Borrowed(part));
        if let Some((facet, options)) = self.decision() {
            push(facet);
            let sides: BTreeSet<(&str, &str)> = (options.iter().zip(&self.evidence))
                .map(|(option, evidence)| (option.as_str(), place(&evidence.path)))
                .collect();
            for (option, path) in sides {
                push(option);
                push(path);
            }
        } else if self.rule.is_redundancy() {
            let paths: BTreeSet<&str> =
                self.evidence.iter().map(|evidence| place(&evidence.path)).collect();
            paths.into_iter().for_each(push);
        } else {
            let quotes = self.evidence.iter().map(|evidence| {
                let words: Vec<&str> = evidence.text.split_whitespace().collect();
                (place(&evidence.path), words.join(" "))
            });
            let quotes: BTreeSet<(&str, String)> = quotes.collect();
            for (path, words) in quotes {
                identity.push(Cow::Borrowed(path));
                identity.push(Cow::Owned(words));
            }
        }
        identity
    }

    /// The facet and the options of a disagreement that these tell from all others.
    pub fn decision(&self) -> Option<(&str, &[String])> {
        let is_told = matches!(
            self.rule,
            Rule::ChoiceConflict
                | Rule::PracticeConflict
                | Rule::PolarityConflict
                | Rule::QuantityConflict
                | Rule::FactConflict
        );
        match (&self.facet, &self.options) {
            (Some(facet), Some(options)) if is_told => Some((facet, options)),
            _ => None,
        }
    }
}

/// Writes a score with four decimals, which is more than it is worth.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
pub(crate) fn rounded<S: Serializer>(score: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((score * 10_000.0).round() / 10_000.0)
}
