//! Model values by family: aliases, full ids and display names of one model are one choice.

use crate::agent::{Agent, Value};

/// The model or models that an agent asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    /// Omitted, `inherit` or the like.
    Inherit,
    /// One of these.
    Named(Vec<Model>),
}

/// One model.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Model {
    /// `sonnet`, or an id where the product has no families.
    family: String,
    /// `4.5`; empty where an alias leaves it open.
    version: String,
}

/// Claude's families, which stand in ids of every form.
const FAMILIES: [&str; 4] = ["sonnet", "opus", "haiku", "fable"];

/// What the ids of other models begin with.
const OTHERS: [&str; 16] = [
    "gpt", "gemini", "grok", "deepseek", "qwen", "llama", "mistral", "kimi", "glm", "codex", "o1",
    "o3", "o4", "minimax", "gemma", "raptor",
];

impl Choice {
    /// What an agent chose; `None` where the value says nothing of a model.
    pub(super) fn of(agent: &Agent) -> Option<Self> {
        let Some(field) = agent.frontmatter.get("model") else {
            return Some(Self::Inherit);
        };
        let texts: Vec<&str> = match &field.value {
            Value::Null => return Some(Self::Inherit),
            Value::Text(text) => vec![text],
            Value::List(values) => values.iter().filter_map(Value::as_text).collect(),
            Value::Map(_) => return None,
        };
        if let [text] = texts[..]
            && matches!(
                text.trim().to_ascii_lowercase().as_str(),
                "" | "inherit" | "default" | "auto"
            )
        {
            return Some(Self::Inherit);
        }
        let mut models: Vec<Model> = texts.iter().filter_map(|text| Model::read(text)).collect();
        models.sort();
        models.dedup();
        (!models.is_empty()).then_some(Self::Named(models))
    }

    /// Whether it names a model.
    pub(super) fn is_named(&self) -> bool {
        matches!(self, Self::Named(_))
    }

    fn models(&self) -> &[Model] {
        match self {
            Self::Inherit => &[],
            Self::Named(models) => models,
        }
    }

    /// Whether it says the version too.
    pub(super) fn has_version(&self) -> bool {
        self.models().iter().any(|model| !model.version.is_empty())
    }

    /// Whether one model of a family could serve both.
    pub(super) fn shares_family(&self, other: &Self) -> bool {
        let families = |model: &Model| other.models().iter().any(|one| one.family == model.family);
        self.models().iter().any(families)
    }

    /// Whether one and the same model could serve both; an open version fits every one.
    pub(super) fn shares_version(&self, other: &Self) -> bool {
        let fits = |a: &Model, b: &Model| {
            a.family == b.family
                && (a.version == b.version || a.version.is_empty() || b.version.is_empty())
        };
        self.models()
            .iter()
            .any(|a| other.models().iter().any(|b| fits(a, b)))
    }

    /// The words used in reports, with the versions where they are what differs.
    pub(super) fn label(&self, with_version: bool) -> String {
        if !self.is_named() {
            return "inherit".to_owned();
        }
        let mut labels: Vec<String> = self
            .models()
            .iter()
            .map(|model| {
                if with_version && !model.version.is_empty() {
                    format!("{} {}", model.family, model.version)
                } else {
                    model.family.clone()
                }
            })
            .collect();
        labels.dedup();
        labels.join(" or ")
    }
}

impl Model {
    /// The model that a value names; `None` for placeholders and words of a house.
    fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        // `Claude Sonnet 4.5 (copilot)`, `anthropic/claude-sonnet-4`.
        let text = text.split(" (").next().unwrap_or(&text);
        let id = text
            .rsplit('/')
            .next()
            .unwrap_or(text)
            .replace([' ', '_'], "-");
        if id.contains(['{', '}', '<', '>', '$', '[']) {
            return None;
        }
        if let Some(family) = FAMILIES.into_iter().find(|family| id.contains(family)) {
            return Some(Self {
                family: family.to_owned(),
                version: version(&id),
            });
        }
        let is_known = OTHERS.iter().any(|start| id.starts_with(start));
        is_known.then_some(Self {
            family: id,
            version: String::new(),
        })
    }
}

/// The version in an id of Claude: its numbers of one or two digits. Longer ones are dates.
fn version(id: &str) -> String {
    let numbers: Vec<&str> = id
        .split(|c: char| !c.is_ascii_digit())
        .filter(|number| matches!(number.len(), 1 | 2))
        .take(2)
        .collect();
    numbers.join(".")
}
