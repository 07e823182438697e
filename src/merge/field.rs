//! What the frontmatter of one agent says that others lack, and what keeps
//! copies apart on purpose: the models that they are made for.

use std::collections::BTreeSet;

use crate::agent::{Agent, Field, Value};
use crate::model::tiers;
use crate::relation::Relation;
use crate::rules::Facts;

/// Fields with losses of their own: names are called elsewhere, and
/// descriptions are compared by sentence.
const SET_APART: [&str; 2] = ["name", "description"];

/// Fields that say which models a text is made for.
const OF_VARIANTS: [&str; 4] =
    ["model_family", "model-family", "recommended_models", "recommended-models"];

/// Fields that say for which files a text is loaded.
pub(super) const OF_FILES: [&str; 3] = ["applyTo", "globs", "paths"];

/// What keeps two agents beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variant {
    /// They are made for different models: by this field, or by their names.
    Models(&'static str),
    /// They are loaded for different files, by this field.
    Files(&'static str),
}

/// The fields of some agents, to be asked what another one adds.
#[derive(Debug, Clone, Default)]
pub(crate) struct KnownFields<'a> {
    values: Vec<(&'a str, &'a Value)>,
    tools: Vec<String>,
}

impl<'a> KnownFields<'a> {
    pub(crate) fn new(agent: &'a Agent) -> Self {
        let mut known = Self::default();
        known.add(agent);
        known
    }

    fn add(&mut self, agent: &'a Agent) {
        let fields = agent.frontmatter.fields.iter();
        self.values.extend(fields.map(|field| (field.key.as_str(), &field.value)));
        let tools = agent.tools().map_or_else(Vec::new, |(tools, _)| tools);
        self.tools.extend(tools.iter().map(|tool| tool.to_lowercase()));
    }

    /// The indices of an agent's fields with a value that is not known; they
    /// are known from then on.
    pub(crate) fn missing(&mut self, agent: &'a Agent) -> Vec<usize> {
        let fields = agent.frontmatter.fields.iter().enumerate();
        let missing = fields.filter(|(_, field)| !self.has(field));
        let missing = missing.map(|(at, _)| at).collect();
        self.add(agent);
        missing
    }

    fn has(&self, field: &Field) -> bool {
        let key = field.key.as_str();
        let same_key = self.values.iter().filter(|(own, _)| *own == key);
        SET_APART.contains(&key)
            || field.value == Value::Null
            || same_key.into_iter().any(|(_, own)| says(own, &field.value))
            || is_of_tools(key) && self.has_tools(&field.value)
    }

    /// Maps of tools may forbid some.
    fn has_tools(&self, value: &Value) -> bool {
        let tools = value.items();
        !matches!(value, Value::Map(_))
            && !tools.is_empty()
            && tools.iter().all(|tool| self.tools.contains(&tool.to_lowercase()))
    }
}

/// Whether a field lists tools.
pub(crate) fn is_of_tools(key: &str) -> bool {
    matches!(key, "tools" | "allowed-tools")
}

/// The patterns of files in a value, which may stand in one text with commas.
fn globs(value: &Value) -> BTreeSet<String> {
    let items = value.items();
    let globs = items.iter().flat_map(|item| item.split(','));
    let globs = globs.map(|glob| glob.trim().to_owned());
    globs.filter(|glob| !glob.is_empty()).collect()
}

/// Whether a value names files, and not all there are.
pub(super) fn is_of_some_files(value: &Value) -> bool {
    let globs = globs(value);
    !globs.is_empty() && !takes_all(&globs)
}

fn takes_all(globs: &BTreeSet<String>) -> bool {
    const ALL_FILES: [&str; 3] = ["**/*", "**", "*"];
    ALL_FILES.iter().any(|all| globs.contains(*all))
}

/// Whether the files of some patterns are among those of others.
fn holds_all(globs: &BTreeSet<String>, others: &BTreeSet<String>) -> bool {
    takes_all(globs) || others.is_subset(globs)
}

/// Whether a value holds all that another one does.
fn says(own: &Value, other: &Value) -> bool {
    match (own, other) {
        (Value::Text(own), Value::Text(other)) => own.trim().eq_ignore_ascii_case(other.trim()),
        (Value::Map(own), Value::Map(others)) => others.iter().all(|(key, value)| {
            let mut entries = own.iter().filter(|(own, _)| own == key);
            entries.any(|(_, own)| says(own, value))
        }),
        (Value::List(own), Value::List(others)) => {
            others.iter().all(|value| own.iter().any(|own| says(own, value)))
        }
        _ => own == other,
    }
}

/// Why two agents of one text or role stand beside each other on purpose. They
/// say for which models each is made, or their names do (`executor-low`) and
/// they ask for different ones; copies under names of their own that ask for
/// different models are variants too.
pub(crate) fn variant(facts: &Facts<'_>, one: u32, other: u32) -> Option<Variant> {
    let (left, right) = (facts.agent(one), facts.agent(other));
    let differs = |key: &&str| {
        let value = |agent: &Agent| {
            let field = agent.frontmatter.get(key)?;
            (field.value != Value::Null).then(|| field.value.clone())
        };
        value(left)
            .zip(value(right))
            .is_some_and(|(left, right)| !says(&left, &right) && !says(&right, &left))
    };
    let by_model = || {
        let (lefts, rights) = (tiers(&left.name), tiers(&right.name));
        let is_copy =
            facts.pair(one, other).is_some_and(|pair| pair.relation <= Relation::Duplicate);
        let are_named_apart = !left.name.eq_ignore_ascii_case(&right.name);
        if lefts != rights && !lefts.is_empty() && !rights.is_empty() {
            return Some(Variant::Models("name"));
        }
        let is_meant = lefts != rights || is_copy && are_named_apart;
        (is_meant && differs(&"model")).then_some(Variant::Models("model"))
    };
    let by_field = OF_VARIANTS.into_iter().find(differs).map(Variant::Models);
    let are_of_other_files = |key: &&str| {
        let globs = |agent: &Agent| Some(globs(&agent.frontmatter.get(key)?.value));
        globs(left)
            .zip(globs(right))
            .is_some_and(|(left, right)| !holds_all(&left, &right) && !holds_all(&right, &left))
    };
    let by_files = || {
        let mut keys = OF_FILES.into_iter();
        keys.find(are_of_other_files).map(Variant::Files)
    };
    by_field.or_else(by_model).or_else(by_files)
}
