//! The frontmatter of two agents, key by key.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::agent::{Agent, Field, Kind, Value};
use crate::model::{Model, is_inherit};
use crate::rules::Facts;

/// One key of the frontmatter. The description is none: its sentences are
/// compared one by one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldInfo {
    /// The key, as written.
    pub key: String,
    /// How the two values agree.
    pub state: FieldState,
    /// The left value; `None` where the key is missing.
    pub left: Option<FieldValue>,
    /// The right value.
    pub right: Option<FieldValue>,
    /// Of two lists that differ: what both hold and what only one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Items>,
    /// What is to be known about it, in a few words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
}

/// How the values of one key agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldState {
    /// The same text, or lists of the same names.
    Same,
    /// Another text with the same effect.
    SameMeaning,
    /// Another value.
    Differs,
    /// The right agent has no such key.
    OnlyLeft,
    /// The left agent has no such key.
    OnlyRight,
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldValue {
    /// Line of the key, from 1.
    pub line: u32,
    /// The value on one line.
    pub text: String,
}

/// Two lists as sets, each in the order of its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Items {
    /// In both lists.
    pub both: Vec<String>,
    /// In the left one only.
    pub only_left: Vec<String>,
    /// In the right one only.
    pub only_right: Vec<String>,
}

/// The keys in the order of the left file, then those that only the right one has.
pub(super) fn fields(facts: &Facts<'_>, left: u32, right: u32) -> Vec<FieldInfo> {
    let (left_agent, right_agent) = (facts.agent(left), facts.agent(right));
    let mut met: BTreeSet<&str> = BTreeSet::from(["description"]);
    let fields = [left_agent, right_agent].into_iter();
    let keys = fields.flat_map(|agent| agent.frontmatter.fields.iter().map(|field| &field.key));
    let mut infos = Vec::new();
    for key in keys.filter(|key| met.insert(key)) {
        let sides = (left_agent.frontmatter.get(key), right_agent.frontmatter.get(key));
        let (state, note) = agreement(key, sides, (left_agent, right_agent));
        let items = match sides {
            (Some(one), Some(other)) if state == FieldState::Differs && is_list(one, other) => {
                Some(items(&one.value, &other.value))
            }
            _ => None,
        };
        infos.push(FieldInfo {
            key: key.clone(),
            state,
            left: sides.0.map(|field| value(facts, left, field)),
            right: sides.1.map(|field| value(facts, right, field)),
            items,
            note,
        });
    }
    infos
}

/// Keys whose value lists names, however it is written.
const LISTS: [&str; 5] = ["tools", "allowed-tools", "disallowedTools", "globs", "skills"];

fn is_list(one: &Field, other: &Field) -> bool {
    let is_sequence = |field: &Field| matches!(field.value, Value::List(_) | Value::Map(_));
    LISTS.contains(&one.key.as_str()) || is_sequence(one) || is_sequence(other)
}

/// How the values agree, and what is to be known about it.
fn agreement(
    key: &str,
    sides: (Option<&Field>, Option<&Field>),
    agents: (&Agent, &Agent),
) -> (FieldState, Option<&'static str>) {
    let alone = |state: FieldState, field: &Field, lacking: &Agent| match key {
        "model" if field.value.as_text().is_some_and(is_inherit) => {
            (FieldState::SameMeaning, Some("without the key, the model is inherited too"))
        }
        "tools" if lacking.kind == Kind::Agent => {
            (state, Some("without the key, all tools are allowed"))
        }
        _ => (state, None),
    };
    match sides {
        (Some(one), Some(other)) if is_same(one, other) => (FieldState::Same, None),
        (Some(one), Some(other)) if key == "model" && is_one_model(&one.value, &other.value) => {
            (FieldState::SameMeaning, Some("two names of what may be one model"))
        }
        (Some(one), None) => alone(FieldState::OnlyLeft, one, agents.1),
        (None, Some(other)) => alone(FieldState::OnlyRight, other, agents.0),
        _ => (FieldState::Differs, None),
    }
}

fn is_same(one: &Field, other: &Field) -> bool {
    if one.value == other.value {
        return true;
    }
    if is_list(one, other) {
        let items = items(&one.value, &other.value);
        return items.only_left.is_empty() && items.only_right.is_empty() && !items.both.is_empty();
    }
    match (one.value.as_text(), other.value.as_text()) {
        (Some(one), Some(other)) => one.split_whitespace().eq(other.split_whitespace()),
        _ => false,
    }
}

/// `sonnet` and `claude-sonnet-4-5` may be one model, `inherit` and nothing are.
fn is_one_model(one: &Value, other: &Value) -> bool {
    let text = |value: &Value| value.as_text().unwrap_or_default().to_owned();
    let (one, other) = (text(one), text(other));
    let fits = match (Model::read(&one), Model::read(&other)) {
        (Some(one), Some(other)) => one.fits(&other),
        _ => false,
    };
    fits || is_inherit(&one) && is_inherit(&other)
}

fn items(one: &Value, other: &Value) -> Items {
    let names = |value: &Value| -> Vec<String> {
        let mut met = BTreeSet::new();
        let names = value.items().into_iter().map(|name| name.into_owned());
        names.filter(|name| met.insert(name.clone())).collect()
    };
    let (left, right) = (names(one), names(other));
    let of_left: BTreeSet<&String> = left.iter().collect();
    let of_right: BTreeSet<&String> = right.iter().collect();
    let chosen = |names: &[String], is_chosen: &dyn Fn(&String) -> bool| {
        names.iter().filter(|name| is_chosen(name)).cloned().collect()
    };
    Items {
        both: chosen(&left, &|name| of_right.contains(name)),
        only_left: chosen(&left, &|name| !of_right.contains(name)),
        only_right: chosen(&right, &|name| !of_left.contains(name)),
    }
}

fn value(facts: &Facts<'_>, id: u32, field: &Field) -> FieldValue {
    let text = match &field.value {
        Value::Text(text) => text.clone(),
        value @ Value::List(_) => value.items().join(", "),
        Value::Null | Value::Map(_) => field.value_span.of(facts.text(id)).to_owned(),
    };
    FieldValue {
        line: facts.sources.lines(facts.agent(id).file, field.key_span).0,
        text: text.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}
