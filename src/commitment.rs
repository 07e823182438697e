//! What each agent commits to: "Stack: Next.js 15", "use pnpm (not npm)".
//!
//! Most names in a text are mere mentions: lists of what somebody knows,
//! conditions, history, examples, comparisons. What counts is the wording
//! around a name; the precision of each wording was measured
//! (docs/conflicts.md). Where two options of one facet stand side by side
//! in a statement, both are on offer and neither is chosen.

mod context;
mod judgement;
mod phrase;
mod plain;
mod prose;
pub(crate) mod reading;
mod sample;
mod stance;
mod tree;
mod wording;

pub(crate) use phrase::subject_of;
pub(crate) use stance::{Stance, stances, versions};

use crate::agent::{Agent, Direction, Unit, UnitKind};
use crate::facet::scan::{Hit, Target};
use crate::facet::version::Version;
use crate::facet::{Exclusive, Table};
use crate::source::Span;
use context::Contexts;
use prose::Prose;
use reading::{Place, Reading, Statement};
use wording::CueSet;

/// How surely a wording decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Strength {
    /// The only one of its decision that a statement names, and nothing more:
    /// counts against a choice that binds.
    Named,
    /// In one of two to three cases: counts where there is a second witness.
    Weak,
    /// In two of three cases.
    Medium,
    /// In nine of ten cases.
    Strong,
}

/// One statement's stance on one option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Commitment {
    /// The option, by its index in the table.
    pub(crate) option: u32,
    /// Its version, where one is told that matters.
    pub(crate) version: Option<Version>,
    /// Whether it is taken; else it is rejected.
    pub(crate) takes: bool,
    /// How surely.
    pub(crate) strength: Strength,
    /// Whether the agent is a specialist of it: its identity, title or description says so.
    pub(crate) is_speciality: bool,
    /// Whether it says that no other option is.
    pub(crate) is_only: bool,
    /// Whether it is no more than the version that a sample of code asks for.
    pub(crate) is_sample: bool,
    /// Where the statement stands.
    pub(crate) place: Place,
    /// What is to be quoted.
    pub(crate) span: Span,
}

impl Commitment {
    /// That an agent takes an option, with no more said of it.
    fn taken(option: u32, strength: Strength, place: Place, span: Span) -> Self {
        Self {
            option,
            version: None,
            takes: true,
            strength,
            is_speciality: false,
            is_only: false,
            is_sample: false,
            place,
            span,
        }
    }
}

/// An agent that is read, and the commitments that were found so far.
struct Reader<'a> {
    agent: &'a Agent,
    source: &'a str,
    table: &'a Table,
    contexts: Contexts<'a>,
    out: Vec<Commitment>,
}

/// Longer statements decide nothing and set no figure; nor do those with more
/// names decide anything.
pub(crate) const MAX_STATEMENT_BYTES: usize = 4096;
const MAX_NAMES: usize = 64;

/// All commitments of an agent, in the order of the file. Facets whose options
/// stand side by side as a rule ([`Exclusive::Never`]) decide nothing.
#[cfg(test)]
pub(crate) fn commitments(agent: &Agent, source: &str, table: &Table) -> Vec<Commitment> {
    commitments_in(agent, source, table, &Reading::new(agent, source, table.scanner()))
}

/// [`commitments`], where the agent was read before.
pub(crate) fn commitments_in(
    agent: &Agent,
    source: &str,
    table: &Table,
    reading: &Reading<'_>,
) -> Vec<Commitment> {
    let mut reader =
        Reader { agent, source, table, contexts: Contexts::new(agent, source), out: Vec::new() };
    for statement in reading.statements() {
        let hits = reading.hits(statement);
        if statement.text.len() > MAX_STATEMENT_BYTES
            || hits.len() > MAX_NAMES
            || !hits.iter().any(|hit| decided(hit, table).is_some())
        {
            continue;
        }
        let unit = unit_of(agent, statement);
        let prose = Prose {
            agent,
            source,
            table,
            text: &statement.text,
            hits,
            unit,
            place: statement.place,
            context: unit.map_or(CueSet::default(), |unit| reader.contexts.of(unit)),
        };
        prose.commit(&mut reader.out);
    }
    sample::commit(&mut reader);
    tree::commit(&mut reader);
    plain::commit(&mut reader, reading);
    let mut commitments = reader.out;
    commitments.sort_by_key(|commitment| (commitment.span, commitment.option));
    commitments
}

/// Blocks of code with their indices, but those that show how not to do it.
fn shown_code(agent: &Agent) -> impl Iterator<Item = (usize, &Unit)> {
    let is_shown =
        |unit: &Unit| unit.kind == UnitKind::Code && unit.direction != Direction::Warning;
    let units = agent.units.iter().enumerate();
    units.filter(move |(_, unit)| is_shown(unit))
}

fn unit_of<'a>(agent: &'a Agent, statement: &Statement<'_>) -> Option<&'a Unit> {
    match statement.place {
        Place::Description => None,
        Place::Unit(idx) => Some(&agent.units[idx as usize]),
    }
}

/// The option that a name may decide for.
fn decided(hit: &Hit, table: &Table) -> Option<u32> {
    match hit.target {
        Target::Option(option) => {
            (table.facet_of(option).exclusive != Exclusive::Never).then_some(option)
        }
        Target::Measure(_) => None,
    }
}

#[cfg(test)]
mod tests;
