//! The proof that a draft loses nothing.
//!
//! It knows nothing of how drafts are made: it reads each draft with the
//! parser that reads every file, and compares its statements, the sentences of
//! its description and the fields of its frontmatter with those of the files it
//! takes the place of. `check/fields.rs` says when a field is there.

mod fields;

use std::collections::BTreeSet;

use serde::Serialize;

use super::draft::Draft;
use crate::agent::{Agent, Origin, boundary};
use crate::collection::Collection;
use crate::merge::statement::Statements;
use crate::merge::verbatim::{Lines, has_links_of};
use crate::rules::Facts;
use crate::source::{SourceFile, Sources};

/// Where a statement of a member went.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Placement {
    /// The member.
    pub agent: u32,
    /// First line of the statement there, from 1.
    pub line: u32,
    /// Line of the draft that says it, from 1.
    pub draft_line: u32,
    /// How alike the two are, in 0.8..=1.
    #[serde(serialize_with = "crate::finding::rounded")]
    pub similarity: f64,
}

/// What the check of a draft found.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Check {
    /// Where each statement of each member went, by member and line.
    pub placements: Vec<Placement>,
    /// Sentences of the members' descriptions that are in that of the draft.
    pub sentences: usize,
    /// Fields of the members' frontmatter that are in that of the draft, as a
    /// value or in a comment; without name and description.
    pub fields: usize,
    /// Why the draft must not be written, one sentence each without a full
    /// stop; empty for a draft that loses nothing.
    pub faults: Vec<String>,
}

/// Checks each draft against the files it takes the place of. All are read
/// and compared at once, so that many drafts cost little more than one.
pub fn check(facts: &Facts<'_>, drafts: &[Draft]) -> Vec<Check> {
    let mut files: Vec<SourceFile> = Vec::new();
    let mut origins: Vec<Origin> = Vec::new();
    let mut push = |agent: &Agent, path: &str, text: &str| {
        files.push(SourceFile::new(path, text));
        origins.push(agent.origin.clone());
        files.len() as u32 - 1
    };
    // By draft: its place among the files, and each member with its place.
    let mut places: Vec<(u32, Vec<(u32, u32)>)> = Vec::new();
    for draft in drafts {
        let path = facts.path(draft.keep);
        let place = push(facts.agent(draft.keep), path, &draft.text);
        let members = [draft.keep].into_iter().chain(draft.joined.iter().copied());
        let members = members.map(|id| (id, push(facts.agent(id), facts.path(id), facts.text(id))));
        places.push((place, members.collect()));
    }
    let bodies = Texts::new(files, &origins);
    let descriptions = bodies.descriptions(&origins);
    let reading = Reading {
        collection: &bodies.collection,
        sources: &bodies.sources,
        statements: &bodies.statements,
        descriptions: &descriptions,
    };
    places.iter().map(|(place, members)| reading.check(*place, members)).collect()
}

/// Files, parsed and compared.
struct Texts {
    sources: Sources,
    collection: Collection,
    statements: Statements,
}

impl Texts {
    fn new(files: Vec<SourceFile>, origins: &[Origin]) -> Self {
        Self::with(files, origins, Statements::new)
    }

    fn with(
        files: Vec<SourceFile>,
        origins: &[Origin],
        compare: impl Fn(&Collection, &Sources) -> Statements,
    ) -> Self {
        let collection = Collection::new(&files, origins);
        let sources = Sources::new(files);
        let statements = compare(&collection, &sources);
        Self { sources, collection, statements }
    }

    /// The descriptions of the same files, without their examples, as bodies.
    fn descriptions(&self, origins: &[Origin]) -> Self {
        let file = |agent: &Agent| {
            SourceFile::new(
                self.sources.path(agent.file).to_owned(),
                agent.description.trigger.clone(),
            )
        };
        let files = self.collection.agents.iter().map(file).collect();
        Self::with(files, origins, Statements::of_descriptions)
    }
}

struct Reading<'a> {
    collection: &'a Collection,
    sources: &'a Sources,
    statements: &'a Statements,
    descriptions: &'a Texts,
}

impl Reading<'_> {
    /// `members` begins with the kept one.
    fn check(&self, place: u32, members: &[(u32, u32)]) -> Check {
        let draft = &self.collection.agents[place as usize];
        let voice = self.statements.voice(place);
        let lines = Lines::new(draft, self.sources.text(draft.file));
        let mut check = Check { faults: self.new_faults(draft, members[0].1), ..Check::default() };
        self.check_descriptions(place, members, &mut check);
        for &(id, source) in members {
            let agent = &self.collection.agents[source as usize];
            self.check_fields(draft, agent, &mut check);
            let wordings = &self.statements.of_units[source as usize];
            for (unit, wording) in agent.units.iter().zip(wordings) {
                let Some(wording) = *wording else { continue };
                let line = self.sources.lines(agent.file, unit.span).0;
                let text = self.sources.text(agent.file);
                let circumstance = self.statements.circumstance(wording);
                let said = self
                    .statements
                    .said(wording, &voice)
                    .or_else(|| Some((lines.say(agent, unit, text, circumstance)?, 1.0)))
                    .filter(|_| has_links_of(self.sources.text(draft.file), unit, text));
                match said {
                    Some((by, similarity)) => check.placements.push(Placement {
                        agent: id,
                        line,
                        draft_line: self.line(draft, by),
                        similarity,
                    }),
                    None => {
                        let text = agent.unit_text(unit, text);
                        let path = self.sources.path(agent.file);
                        check.faults.push(format!("`{text}` ({path}:{line}) would be lost"));
                    }
                }
            }
        }
        check
    }

    /// Each sentence of a description has to be in that of the draft, but for
    /// one that keeps apart what becomes one.
    fn check_descriptions(&self, place: u32, members: &[(u32, u32)], check: &mut Check) {
        let Texts { sources, collection, statements } = self.descriptions;
        let voice = statements.voice(place);
        let names: Vec<Vec<String>> = members
            .iter()
            .map(|&(_, source)| words(&self.collection.agents[source as usize].name))
            .collect();
        let read = &collection.agents[place as usize];
        let text = sources.text(read.file);
        let units = read.units.iter();
        let sentences: Vec<Vec<String>> =
            units.map(|unit| words(&read.unit_text(unit, text))).collect();
        // A sentence that became one with another is there too, and so is what it says.
        let mut in_others = BTreeSet::new();
        for &(_, source) in members {
            let read = &collection.agents[source as usize];
            let wordings = &statements.of_units[source as usize];
            for (unit, wording) in read.units.iter().zip(wordings) {
                let text = read.unit_text(unit, sources.text(read.file));
                if is_one_of_two(&text, &sentences) {
                    in_others.extend(*wording);
                }
            }
        }
        for &(_, source) in members {
            let read = &collection.agents[source as usize];
            let wordings = &statements.of_units[source as usize];
            for (unit, wording) in read.units.iter().zip(wordings) {
                let Some(wording) = *wording else { continue };
                let text = read.unit_text(unit, sources.text(read.file));
                let is_void = boundary::separates(&text) && calls_any(&text, &names);
                let is_said = statements.said(wording, &voice).is_some();
                let mut sayers = statements.sayers(wording).iter();
                if is_said || sayers.any(|(sayer, _)| in_others.contains(sayer)) {
                    check.sentences += 1;
                } else if !is_void {
                    let path = sources.path(read.file);
                    check
                        .faults
                        .push(format!("`{text}` of the description ({path}) would be lost"));
                }
            }
        }
    }

    fn check_fields(&self, draft: &Agent, agent: &Agent, check: &mut Check) {
        let (text, source) = (self.sources.text(draft.file), self.sources.text(agent.file));
        for field in fields::checked(agent) {
            if fields::keeps(draft, text, field, source) {
                check.fields += 1;
                continue;
            }
            let (path, line) =
                (self.sources.path(agent.file), self.sources.lines(agent.file, field.key_span).0);
            let key = &field.key;
            check.faults.push(format!("its field `{key}` ({path}:{line}) would be lost"));
        }
    }

    /// What is wrong with a draft that was not wrong with the kept file.
    fn new_faults(&self, draft: &Agent, keep: u32) -> Vec<String> {
        let kept = &self.collection.agents[keep as usize];
        let mut faults: Vec<String> = Vec::new();
        if self.sources.text(draft.file) == self.sources.text(kept.file) {
            return faults;
        }
        for fault in &draft.faults {
            let is_old = |old: &crate::agent::Fault| old.message == fault.message;
            if fault.kind.is_of_frontmatter() || !kept.faults.iter().any(is_old) {
                faults.push(fault.message.clone());
            }
        }
        if draft.name != kept.name {
            faults.push(format!("it would be called `{}`", draft.name));
        }
        if draft.kind != kept.kind {
            faults.push(format!("it would be of kind {}", draft.kind.as_str()));
        }
        let described = |agent: &Agent| agent.frontmatter.get("description").is_some();
        if described(kept) && !described(draft) {
            faults.push("its description would be lost".to_owned());
        }
        faults
    }

    fn line(&self, agent: &Agent, unit: u32) -> u32 {
        let span = agent.units[unit as usize].span;
        self.sources.lines(agent.file, span).0
    }
}

/// Whether a sentence is one of two in another: it begins that, before "or" or
/// "and", or that begins like it and goes on as it does behind one of them: "use
/// it for B" and "use it when A" in "use it for B, or when A".
fn is_one_of_two(text: &str, sentences: &[Vec<String>]) -> bool {
    /// So many words may stand before what is not repeated.
    const MAX_LEAD: usize = 12;
    let own = words(text);
    let joins = |word: &String| matches!(word.as_str(), "or" | "and");
    let is_in = |sentence: &Vec<String>| {
        let begins = sentence.starts_with(&own) && sentence.get(own.len()).is_some_and(joins);
        let pairs = own.iter().zip(sentence).take(MAX_LEAD);
        let n_same = pairs.take_while(|(own, other)| own == other).count();
        let goes_on = |n: usize| {
            let rest = &own[n..];
            let mut all = n..sentence.len();
            !rest.is_empty()
                && all.any(|at| joins(&sentence[at]) && sentence[at + 1..].starts_with(rest))
        };
        begins || (1..=n_same).any(goes_on)
    };
    !own.is_empty() && sentences.iter().any(is_in)
}

/// Whether a text has one of these names, word by word.
fn calls_any(text: &str, names: &[Vec<String>]) -> bool {
    let said = words(text);
    let has =
        |name: &Vec<String>| !name.is_empty() && said.windows(name.len()).any(|at| at == name);
    names.iter().any(has)
}

/// The words of a text in lower case; `-` and `_` are parts of words.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_may_go_on_in_another_one() {
        let draft = [words("Use it for storms, or when a ship sails. Never for B.")];
        assert!(is_one_of_two("Use it when a ship sails.", &draft));
        assert!(!is_one_of_two("Use it when a ship docks.", &draft));
        assert!(!is_one_of_two("Ask it when a ship sails.", &draft));
        assert!(is_one_of_two("Use it for storms.", &draft));
        assert!(!is_one_of_two("Use it for B.", &draft));
        assert!(!is_one_of_two("Use it.", &draft));
    }

    #[test]
    fn a_name_is_called_by_its_own_words() {
        let names = [words("api"), words("Chief Cook"), words("")];
        for text in ["Not for (API).", "ask the chief cook"] {
            assert!(calls_any(text, &names), "{text}");
        }
        for text in ["the capital", "api-pro", "an_api", "a cook", ""] {
            assert!(!calls_any(text, &names), "{text}");
        }
    }
}
