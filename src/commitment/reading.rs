//! An agent's statements as plain text, with the names of options found in them.

use std::ops::Range;

use crate::agent::{Agent, UnitKind};
use crate::facet::scan::{Hit, Scanner};

/// Where a statement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the trigger text of the description.
    Description,
    /// In a unit of the body.
    Unit(u32),
}

/// A statement with at least one name in it.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Where it stands.
    pub place: Place,
    /// Its bytes in the text of the reading.
    pub range: Range<usize>,
    /// Its names among those of the reading, their places relative to the statement.
    pub hits: Range<usize>,
}

/// What one agent says that names an option.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    text: String,
    statements: Vec<Statement>,
    hits: Vec<Hit>,
}

impl Reading {
    /// Reads the trigger text and the units of `agent`. White space of prose
    /// becomes single spaces and `’` an apostrophe; code stays as it is.
    pub fn new(agent: &Agent, source: &str, scanner: &Scanner) -> Self {
        let mut text = String::with_capacity(source.len());
        let mut places: Vec<(Place, Range<usize>)> = Vec::with_capacity(agent.units.len() + 1);
        let mut buffer = String::new();
        if !agent.description.trigger.is_empty() {
            push_prose(&mut text, &agent.description.trigger);
            places.push((Place::Description, 0..text.len()));
            text.push('\n');
        }
        for (idx, unit) in agent.units.iter().enumerate() {
            let start = text.len();
            let plain = agent.unit_text_in(unit, source, &mut buffer);
            if unit.kind == UnitKind::Code {
                text.push_str(plain);
            } else {
                push_prose(&mut text, plain);
            }
            places.push((Place::Unit(idx as u32), start..text.len()));
            text.push('\n');
        }
        Self::of(text, places, scanner)
    }

    fn of(text: String, places: Vec<(Place, Range<usize>)>, scanner: &Scanner) -> Self {
        let mut hits = scanner.hits(&text);
        let mut statements = Vec::new();
        let mut from = 0;
        for (place, range) in places {
            let n = hits[from..]
                .iter()
                .take_while(|hit| (hit.start as usize) < range.end)
                .count();
            if n > 0 {
                for hit in &mut hits[from..from + n] {
                    hit.start -= range.start as u32;
                    hit.end -= range.start as u32;
                }
                statements.push(Statement {
                    place,
                    range,
                    hits: from..from + n,
                });
            }
            from += n;
        }
        Self {
            text,
            statements,
            hits,
        }
    }

    /// The statements, in the order of the file.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// The text of a statement.
    pub fn text(&self, statement: &Statement) -> &str {
        &self.text[statement.range.clone()]
    }

    /// The names in a statement, in order.
    pub fn hits(&self, statement: &Statement) -> &[Hit] {
        &self.hits[statement.hits.clone()]
    }
}

fn push_prose(text: &mut String, prose: &str) {
    let prose = prose.trim();
    if is_even(prose) {
        text.push_str(prose);
        return;
    }
    let start = text.len();
    for word in prose.split_whitespace() {
        if text.len() > start {
            text.push(' ');
        }
        let mut parts = word.split('’');
        text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            text.push('\'');
            text.push_str(part);
        }
    }
}

/// Whether words stand one space apart, and no character is rare enough to be
/// a space of another kind or a `’`.
fn is_even(prose: &str) -> bool {
    let mut last = b'x';
    prose.bytes().all(|byte| {
        let is_even = byte > b' ' && byte < 0x80 || byte == b' ' && last != b' ';
        last = byte;
        is_even
    })
}
