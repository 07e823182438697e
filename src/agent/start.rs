//! What makes a product start an agent: a request that fits its description,
//! or something else.
//!
//! Read from the products' documentation of 2026. Claude Code's model picks
//! agents and skills, and commands that describe themselves; Cursor's picks
//! rules by their description only where neither `globs` nor `alwaysApply`
//! settle it; Copilot's picks instructions in the same way without `applyTo`.

use std::borrow::Cow;

use super::{Agent, Kind, Product, Value};

/// What starts an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Start {
    /// A request: the model reads name and description and picks it.
    Request,
    /// Nothing: it applies always, like a memory file.
    Always,
    /// Work on the files that it names.
    Files,
    /// People alone: by its name, or from a list.
    Hand,
}

impl Agent {
    /// What makes its product start it.
    pub fn start(&self) -> Start {
        let is_hands_off = self.is_field("disable-model-invocation", "true")
            || self.is_field("infer", "false")
            || self.is_field("disable", "true")
            || (self.origin.product == Product::OpenCode && self.is_field("mode", "primary"));
        if is_hands_off {
            return Start::Hand;
        }
        let is_described = !self.description.trigger.is_empty();
        let is_claude = self.origin.product == Product::Claude;
        let is_cursor = self.origin.product == Product::Cursor;
        match self.kind {
            Kind::Memory => Start::Always,
            Kind::Agent | Kind::Skill => Start::Request,
            Kind::Command if is_claude && is_described => Start::Request,
            Kind::Command | Kind::Prompt | Kind::ChatMode => Start::Hand,
            Kind::Instructions => match self.names_files("applyTo") {
                true if self.names_all_files("applyTo") => Start::Always,
                true => Start::Files,
                false if is_described => Start::Request,
                false => Start::Hand,
            },
            Kind::Rule if self.is_field("alwaysApply", "true") => Start::Always,
            Kind::Rule if self.names_files("globs") || self.names_files("paths") => Start::Files,
            Kind::Rule if is_cursor && is_described => Start::Request,
            Kind::Rule if is_cursor && self.frontmatter.get("alwaysApply").is_some() => Start::Hand,
            Kind::Rule => Start::Always,
        }
    }

    fn is_field(&self, key: &str, value: &str) -> bool {
        self.text_field(key).is_some_and(|(text, _)| text.eq_ignore_ascii_case(value))
    }

    /// The patterns of the files that it is loaded for, whatever else starts it.
    pub fn file_patterns(&self) -> Vec<String> {
        let fields = ["applyTo", "globs", "paths"].map(|key| self.frontmatter.get(key));
        let values = fields.into_iter().flatten().map(|field| &field.value);
        let patterns = values.flat_map(|value| value.items().into_iter().map(Cow::into_owned));
        let mut patterns: Vec<String> = patterns.collect();
        patterns.retain(|pattern| !pattern.trim().is_empty());
        patterns
    }

    /// Whether a field holds at least one pattern for files.
    fn names_files(&self, key: &str) -> bool {
        let Some(field) = self.frontmatter.get(key) else {
            return false;
        };
        match &field.value {
            Value::Null => false,
            value => value.items().iter().any(|glob| !glob.trim().is_empty()),
        }
    }

    fn names_all_files(&self, key: &str) -> bool {
        ["*", "**", "**/*"].iter().any(|all| self.is_field(key, all))
    }
}
