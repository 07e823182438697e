//! What an agent says of its model.

use crate::agent::{Agent, Value};
use crate::model::{Model, is_inherit};

/// The model or models that an agent asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rules) enum Choice {
    /// Omitted, `inherit` or the like.
    Inherit,
    /// One of these.
    Named(Vec<Model>),
}

impl Choice {
    /// What an agent chose; `None` where the value says nothing of a model.
    pub(in crate::rules) fn of(agent: &Agent) -> Option<Self> {
        let Some(field) = agent.frontmatter.get("model") else {
            return Some(Self::Inherit);
        };
        let texts: Vec<&str> = match &field.value {
            Value::Null => return Some(Self::Inherit),
            Value::Text(text) => vec![text],
            Value::List(values) => values.iter().filter_map(Value::as_text).collect(),
            Value::Map(_) => return None,
        };
        Self::named(&texts)
    }

    /// The choice that values make; `None` where they say nothing of a model.
    pub(in crate::rules) fn named(texts: &[&str]) -> Option<Self> {
        if let [text] = texts
            && is_inherit(text)
        {
            return Some(Self::Inherit);
        }
        let mut models: Vec<Model> = texts.iter().filter_map(|text| Model::read(text)).collect();
        models.sort();
        models.dedup();
        (!models.is_empty()).then_some(Self::Named(models))
    }

    /// Whether it names a model.
    pub(in crate::rules) fn is_named(&self) -> bool {
        matches!(self, Self::Named(_))
    }

    fn models(&self) -> &[Model] {
        match self {
            Self::Inherit => &[],
            Self::Named(models) => models,
        }
    }

    /// Whether all that it names is allowed. An open version fits every one.
    pub(in crate::rules) fn is_within(&self, allowed: &Self) -> bool {
        let fits = |model: &Model| allowed.models().iter().any(|one| one.fits(model));
        self.models().iter().all(fits)
    }

    /// Whether it says the version too.
    pub(in crate::rules) fn has_version(&self) -> bool {
        self.models().iter().any(|model| !model.version.is_empty())
    }

    /// Whether one model of a family could serve both.
    pub(in crate::rules) fn shares_family(&self, other: &Self) -> bool {
        let families = |model: &Model| other.models().iter().any(|one| one.family == model.family);
        self.models().iter().any(families)
    }

    /// Whether one and the same model could serve both; an open version fits every one.
    pub(in crate::rules) fn shares_version(&self, other: &Self) -> bool {
        let fits = |model: &Model| other.models().iter().any(|one| one.fits(model));
        self.models().iter().any(fits)
    }

    /// The words used in reports, with the versions where they are what differs.
    pub(in crate::rules) fn label(&self, with_version: bool) -> String {
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
