//! Commands that are how anybody spells them: `npm run build`, `pip install`.
//!
//! One of them says little of what a project uses, since tutorials are written
//! so; two in one agent, or one against a plain ban, say enough.

use super::context::Contexts;
use super::reading::{Place, Reading};
use super::sample::{OPEN_ABOVE, commands};
use super::{Commitment, Reader, Strength, decided};
use crate::agent::{Agent, Direction, Kind, Unit, UnitKind};
use crate::facet::Table;
use crate::source::{Span, whole_lines};

/// A program and the words behind it that work on the project itself.
const PLAIN: [(&str, &[&str]); 3] = [
    ("npm", &["run", "test", "start", "install", "i"]),
    ("pip", &["install"]),
    ("pip3", &["install"]),
];

/// So many commands of npm tell that a memory file means it.
const MIN_NPM_COMMANDS: usize = 3;

/// What an agent runs with npm and pip: weak statements, and a medium one where
/// a memory file runs the scripts of its project so and names no other manager.
pub(super) fn commit(reader: &mut Reader<'_>, reading: &Reading<'_>) {
    let Reader { agent, source, table, ref mut contexts, ref mut out } = *reader;
    for program in ["npm", "pip"] {
        if !source.contains(program) {
            continue;
        }
        let hits = table.scanner().hits(program);
        let Some(option) = hits.iter().find_map(|hit| decided(hit, table)) else {
            continue;
        };
        let found = runs(agent, source, program, contexts);
        let is_meant = program == "npm"
            && agent.kind == Kind::Memory
            && found.iter().filter(|run| run.is_sample).count() >= MIN_NPM_COMMANDS
            && !names_other(agent, source, table, reading, option);
        for (nth, run) in found.into_iter().enumerate() {
            let strength = if is_meant && nth == 0 { Strength::Medium } else { Strength::Weak };
            let place = Place::Unit(run.unit_idx);
            out.push(Commitment::taken(option, strength, place, run.span));
        }
    }
}

/// A plain command in a text.
struct Run {
    unit_idx: u32,
    span: Span,
    /// Whether it stands in a block of code.
    is_sample: bool,
}

fn runs(agent: &Agent, source: &str, program: &str, contexts: &mut Contexts<'_>) -> Vec<Run> {
    let mut found = Vec::new();
    for (unit_idx, unit) in (0..).zip(&agent.units) {
        let text = unit.span.of(source);
        if unit.direction != Direction::Advice || !text.contains(program) {
            continue;
        }
        let is_sample = unit.kind == UnitKind::Code;
        if !is_sample && !unit.kind.is_prose() || contexts.of(unit).has_any(&OPEN_ABOVE) {
            continue;
        }
        let spans = if is_sample { lines(unit, text, program) } else { prose(unit, text, program) };
        found.extend(spans.into_iter().map(|span| Run { unit_idx, span, is_sample }));
    }
    found
}

fn lines(unit: &Unit, text: &str, program: &str) -> Vec<Span> {
    let mut at = unit.span.start as usize;
    let mut spans = Vec::new();
    for line in whole_lines(text) {
        let code = line.trim();
        if commands(code).any(|command| is_plain(command, program)) {
            let start = at + (line.len() - line.trim_start().len());
            spans.push(Span::new(start, start + code.len()));
        }
        at += line.len();
    }
    spans
}

/// The statement itself, if it has such a command in backticks.
fn prose(unit: &Unit, text: &str, program: &str) -> Vec<Span> {
    let mut code = text.split('`').skip(1).step_by(2);
    let has = code.any(|code| commands(code).any(|command| is_plain(command, program)));
    if has { vec![unit.span] } else { Vec::new() }
}

fn is_plain(command: &str, program: &str) -> bool {
    let command = command.trim_start().trim_start_matches("$ ");
    let mut words = command.split_whitespace();
    let run = words.next().unwrap_or_default();
    let next = words.next().unwrap_or_default();
    run.starts_with(program)
        && PLAIN.iter().any(|(name, nexts)| *name == run && nexts.contains(&next))
        && !words.any(|word| matches!(word, "-g" | "--global" | "-U" | "--upgrade"))
}

/// Whether an agent names or runs another option of the facet.
fn names_other(
    agent: &Agent,
    source: &str,
    table: &Table,
    reading: &Reading<'_>,
    option: u32,
) -> bool {
    let is_other =
        |other: u32| table.option(other).facet == table.option(option).facet && other != option;
    let is_named = reading.statements().iter().any(|statement| {
        let hits = reading.hits(statement).iter();
        hits.filter_map(|hit| decided(hit, table)).any(is_other)
    });
    let is_run = |unit: &Unit| {
        let mut commands = whole_lines(unit.span.of(source)).flat_map(commands);
        commands.any(|command| {
            let told = table.scanner().code_option(command);
            told.is_some_and(|(other, _)| is_other(other))
        })
    };
    let mut samples = agent.units.iter().filter(|unit| unit.kind == UnitKind::Code);
    is_named || samples.any(is_run)
}
