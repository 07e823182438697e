//! What two agents are to each other.

use serde::Serialize;

/// The relation of a pair, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The same text, white space and markup aside.
    Identical,
    /// The same text but for a few words.
    Duplicate,
    /// A copy that drifted: most units match, some were changed, added or lost.
    NearDuplicate,
    /// One says all that the other says, and more.
    Contained,
    /// The same role in own words.
    Redundant,
    /// Shared scope or advice, each worth keeping.
    Overlapping,
    /// The same house template about different things.
    Template,
    /// The same agent in another language.
    Translation,
}

impl Relation {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::Duplicate => "duplicate",
            Self::NearDuplicate => "near-duplicate",
            Self::Contained => "contained",
            Self::Redundant => "redundant",
            Self::Overlapping => "overlapping",
            Self::Template => "template",
            Self::Translation => "translation",
        }
    }

    /// Whether one of the two could go.
    pub fn is_redundant(self) -> bool {
        self <= Self::Redundant
    }
}
