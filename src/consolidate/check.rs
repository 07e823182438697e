//! The proof that a draft loses nothing.
//!
//! It knows nothing of how drafts are made: it reads each draft with the
//! parser that reads every file, and compares its statements with those of the
//! files it takes the place of.

use serde::Serialize;

use super::draft::Draft;
use super::statement::Statements;
use crate::agent::{Agent, Origin};
use crate::collection::Collection;
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
        files.push(SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        });
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
    let collection = Collection::new(&files, &origins);
    let sources = Sources::new(files);
    let statements = Statements::new(&collection, &sources);
    let reading = Reading {
        collection: &collection,
        sources: &sources,
        statements: &statements,
    };
    places
        .iter()
        .map(|(place, members)| reading.check(*place, members))
        .collect()
}

struct Reading<'a> {
    collection: &'a Collection,
    sources: &'a Sources,
    statements: &'a Statements,
}

impl Reading<'_> {
    /// `members` begins with the kept one.
    fn check(&self, place: u32, members: &[(u32, u32)]) -> Check {
        let draft = &self.collection.agents[place as usize];
        let voice = self.statements.voice(place);
        let mut check = Check {
            faults: self.new_faults(draft, members[0].1),
            ..Check::default()
        };
        for &(id, source) in members {
            let agent = &self.collection.agents[source as usize];
            let wordings = &self.statements.of_units[source as usize];
            for (unit, wording) in agent.units.iter().zip(wordings) {
                let Some(wording) = *wording else { continue };
                let line = self.sources.lines(agent.file, unit.span).0;
                match self.statements.said(wording, &voice) {
                    Some((by, similarity)) => check.placements.push(Placement {
                        agent: id,
                        line,
                        draft_line: self.line(draft, by),
                        similarity,
                    }),
                    None => {
                        let text = agent.unit_text(unit, self.sources.text(agent.file));
                        let path = self.sources.path(agent.file);
                        check
                            .faults
                            .push(format!("`{text}` ({path}:{line}) would be lost"));
                    }
                }
            }
        }
        check
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
        let lost = kept.frontmatter.fields.iter();
        let lost = lost.filter(|field| draft.frontmatter.get(&field.key).is_none());
        faults.extend(lost.map(|field| format!("its field `{}` would be lost", field.key)));
        faults
    }

    fn line(&self, agent: &Agent, unit: u32) -> u32 {
        let span = agent.units[unit as usize].span;
        self.sources.lines(agent.file, span).0
    }
}
