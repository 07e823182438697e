//! Models by family: aliases, full ids and display names of one model are one.

use std::collections::BTreeSet;

/// One model.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Model {
    /// `sonnet`, or an id where the product has no families.
    pub(crate) family: String,
    /// `4.5`; empty where an alias leaves it open.
    pub(crate) version: String,
}

/// Claude's families, which stand in ids of every form.
pub(crate) const FAMILIES: [&str; 4] = ["sonnet", "opus", "haiku", "fable"];

/// What the ids of other models begin with.
const OTHERS: [&str; 16] = [
    "gpt", "gemini", "grok", "deepseek", "qwen", "llama", "mistral", "kimi", "glm", "codex", "o1",
    "o3", "o4", "minimax", "gemma", "raptor",
];

impl Model {
    /// The model that a value names; `None` for placeholders and words of a house.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        // `Claude Sonnet 4.5 (copilot)`, `anthropic/claude-sonnet-4`.
        let text = text.split(" (").next().unwrap_or(&text);
        let id = text.rsplit('/').next().unwrap_or(text).replace([' ', '_'], "-");
        if id.contains(['{', '}', '<', '>', '$', '[']) {
            return None;
        }
        if let Some(family) = FAMILIES.into_iter().find(|family| id.contains(family)) {
            return Some(Self { family: family.to_owned(), version: version(&id) });
        }
        let is_known = OTHERS.iter().any(|start| id.starts_with(start));
        is_known.then_some(Self { family: id, version: String::new() })
    }

    /// Whether one and the same model may be meant by both.
    pub(crate) fn fits(&self, other: &Self) -> bool {
        self.family == other.family
            && (self.version == other.version
                || self.version.is_empty()
                || other.version.is_empty())
    }
}

/// Words by which a name says that its model is chosen on purpose, beside those
/// of models.
const TIERS: [&str; 15] = [
    "claude", "complex", "deep", "fast", "heavy", "high", "large", "light", "lite", "low", "max",
    "medium", "mini", "quick", "small",
];

/// The words of an agent's name, in lower case, that tell of a model or of how
/// strong one is.
pub(crate) fn tiers(name: &str) -> BTreeSet<String> {
    let name = name.to_lowercase();
    let words = name.split(|c: char| !c.is_alphanumeric());
    let is_tier = |word: &&str| {
        let mut lists = [&TIERS[..], &FAMILIES, &OTHERS].into_iter();
        lists.any(|words| words.contains(word))
    };
    words.filter(is_tier).map(str::to_owned).collect()
}

/// Whether a value leaves the model to whoever starts the agent.
pub(crate) fn is_inherit(text: &str) -> bool {
    let text = text.trim();
    ["", "inherit", "default", "auto"].iter().any(|one| text.eq_ignore_ascii_case(one))
}

/// The version in an id of Claude: its first one or two numbers, of one or two
/// digits. A date ends them: what follows it, as `v1:0`, counts something else.
fn version(id: &str) -> String {
    let numbers: Vec<&str> = id
        .split(|c: char| !c.is_ascii_digit())
        .filter(|number| !number.is_empty())
        .take_while(|number| number.len() <= 2)
        .take(2)
        .collect();
    numbers.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_every_form_have_the_version_of_the_model() {
        for (id, version) in [
            ("sonnet", ""),
            ("claude-sonnet-4", "4"),
            ("claude-sonnet-4-5", "4.5"),
            ("claude-sonnet-4-5-20250929", "4.5"),
            ("claude-sonnet-4-20250514", "4"),
            ("claude-3-5-sonnet-20241022", "3.5"),
            ("Claude Sonnet 4.5 (copilot)", "4.5"),
            ("anthropic.claude-sonnet-4-20250514-v1:0", "4"),
            ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "4.5"),
            ("claude-sonnet-4@20250514", "4"),
        ] {
            let model = Model::read(id).unwrap();
            assert_eq!(
                (model.family.as_str(), model.version.as_str()),
                ("sonnet", version),
                "{id}"
            );
        }
    }
}
