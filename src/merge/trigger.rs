//! What routes requests to the members of groups: which sentences and example
//! requests of a description another one has too.

use std::collections::{BTreeMap, BTreeSet};

use super::block::opening;
use super::statement::Statements;
use crate::agent::{Agent, Origin, boundary};
use crate::collection::Collection;
use crate::rules::Facts;
use crate::source::{SourceFile, Sources, Span, whole_lines};

/// The trigger texts of some agents, read and compared as bodies of their own.
pub(crate) struct Triggers {
    /// By agent: its place in `collection`.
    places: BTreeMap<u32, u32>,
    sources: Sources,
    collection: Collection,
    statements: Statements,
}

impl Triggers {
    pub(crate) fn new(facts: &Facts<'_>, agents: impl Iterator<Item = u32>) -> Self {
        let agents: BTreeSet<u32> = agents.collect();
        let (files, origins): (Vec<SourceFile>, Vec<Origin>) = agents
            .iter()
            .map(|&id| {
                let agent = facts.agent(id);
                let file = SourceFile::new(facts.path(id), agent.description.trigger.clone());
                (file, agent.origin.clone())
            })
            .unzip();
        let collection = Collection::new(&files, &origins);
        let sources = Sources::new(files);
        let statements = Statements::of_descriptions(&collection, &sources);
        Self { places: agents.into_iter().zip(0..).collect(), sources, collection, statements }
    }

    /// The wordings of an agent's description.
    pub(crate) fn known(&self, agent: u32) -> BTreeSet<u32> {
        let place = self.places[&agent] as usize;
        let own = self.statements.of_units[place].iter();
        own.flatten().copied().collect()
    }

    /// The sentences of an agent's description that are not among the known
    /// ones, as they stand there; they are known from then on. A sentence that
    /// keeps members of its group apart has nothing to say when they are one.
    pub(crate) fn missing(
        &self,
        agent: u32,
        known: &mut BTreeSet<u32>,
        members: &[&str],
    ) -> Vec<String> {
        let place = self.places[&agent];
        let read = &self.collection.agents[place as usize];
        let source = self.sources.text(read.file);
        let mut missing = Vec::new();
        for (unit, wording) in self.statements.of_units[place as usize].iter().enumerate() {
            let Some(wording) = *wording else { continue };
            let sayers = self.statements.sayers(wording);
            if sayers.iter().any(|(sayer, _)| known.contains(sayer)) {
                continue;
            }
            known.insert(wording);
            let text = sentence(read, unit, source);
            let keeps_apart =
                boundary::separates(text) && members.iter().any(|name| names(text, name));
            if !keeps_apart {
                missing.push(text.to_owned());
            }
        }
        missing
    }
}

/// The text of a unit with its markup, up to the next one.
fn sentence<'a>(agent: &Agent, unit: usize, source: &'a str) -> &'a str {
    let start = match unit {
        0 => 0,
        _ => opening(source, agent.units[unit].span.range().start),
    };
    let end = agent
        .units
        .get(unit + 1)
        .map_or(source.len(), |next| opening(source, next.span.range().start));
    source[start..end.max(start)].trim()
}

/// Whether a name stands in a text as a whole word, in whatever case; `-` and
/// `_` are parts of words.
fn names(text: &str, name: &str) -> bool {
    let (text, name) = (text.to_lowercase(), name.to_lowercase());
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let is_whole = |start: usize| {
        let end = start + name.len();
        !text[..start].ends_with(joins) && !text[end..].starts_with(joins)
    };
    !name.is_empty() && text.match_indices(&name).any(|(start, _)| is_whole(start))
}

/// From this share of their words on two requests are the same one.
const SAME_REQUEST: f64 = 0.8;

/// The example requests of an agent that are not among `known`, in the order
/// of the file; they are known from then on.
pub(crate) fn new_examples(facts: &Facts<'_>, agent: u32, known: &mut Vec<String>) -> Vec<Span> {
    let text = facts.text(agent);
    let mut new = Vec::new();
    for example in &facts.agent(agent).description.examples {
        let request = if example.user.is_empty() { example.span } else { example.user };
        let request = request.of(text);
        if !known.iter().any(|other| is_same_request(other, request)) {
            known.push(request.to_owned());
            new.push(example.span);
        }
    }
    new
}

/// An example of a description as it reads: without the escapes of a string in
/// quotes and the indentation of a block; a literal `\n` is a line break.
pub(crate) fn example_text(agent: &Agent, span: Span, source: &str) -> String {
    let raw = span.of(source);
    let description = agent.frontmatter.get("description");
    let quote = description.and_then(|field| field.value_span.of(source).chars().next());
    let text = match quote {
        Some('"') => raw.replace("\\\"", "\"").replace("\\\\", "\\"),
        Some('\'') => raw.replace("''", "'"),
        _ => raw.to_owned(),
    };
    let text = text.replace("\\n", "\n");
    let lines: Vec<&str> = whole_lines(&text).map(str::trim).collect();
    lines.join("\n").trim().to_owned()
}

fn is_same_request(one: &str, other: &str) -> bool {
    let words = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let (one, other) = (words(one), words(other));
    let n_shared = one.intersection(&other).count();
    let n_all = one.len() + other.len() - n_shared;
    n_all > 0 && n_shared as f64 >= SAME_REQUEST * n_all as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_sentence_is_a_whole_word() {
        for text in ["Not for (API).", "Use api, not this.", "api"] {
            assert!(names(text, "api"), "{text}");
        }
        for text in ["the capital", "api-pro", "an_api", "APIs", ""] {
            assert!(!names(text, "api"), "{text}");
        }
        assert!(!names("any text", ""));
    }
}
