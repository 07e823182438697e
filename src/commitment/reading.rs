//! An agent's statements as plain text, with the names of options found in them.

use std::ops::Range;

use crate::agent::{Agent, UnitKind};
use crate::facet::scan::{Hit, Scanner, Target};

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

/// A statement in prose that names a measure and has a digit in it.
#[derive(Debug, Clone)]
pub struct Figure {
    /// The unit.
    pub unit_idx: u32,
    /// Its text, in lower case as far as it is ASCII.
    pub lower: String,
    /// The names of measures: the facet, and the bytes of the text. Of names
    /// inside one another the longest.
    pub measures: Vec<(u32, Range<usize>)>,
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

    /// The statements that may set a figure, in the order of the file.
    pub fn figures(&self, agent: &Agent) -> Vec<Figure> {
        let figure = |statement: &Statement| {
            let Place::Unit(unit_idx) = statement.place else {
                return None;
            };
            let kind = agent.units[unit_idx as usize].kind;
            let text = self.text(statement);
            if !kind.is_text() || !text.bytes().any(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let measures = outermost(self.hits(statement));
            (!measures.is_empty()).then(|| Figure {
                unit_idx,
                lower: text.to_ascii_lowercase(),
                measures,
            })
        };
        self.statements.iter().filter_map(figure).collect()
    }

    /// The names in a statement, in order.
    pub fn hits(&self, statement: &Statement) -> &[Hit] {
        &self.hits[statement.hits.clone()]
    }
}

/// The names of measures that lie in no longer one.
fn outermost(hits: &[Hit]) -> Vec<(u32, Range<usize>)> {
    let measures: Vec<(u32, Range<usize>)> = hits
        .iter()
        .filter_map(|hit| match hit.target {
            Target::Measure(facet) => Some((facet, hit.start as usize..hit.end as usize)),
            Target::Option(_) => None,
        })
        .collect();
    let is_within = |inner: &Range<usize>, outer: &Range<usize>| {
        inner.len() < outer.len() && outer.start <= inner.start && inner.end <= outer.end
    };
    let is_outermost = |(_, range): &&(u32, Range<usize>)| {
        !measures.iter().any(|(_, outer)| is_within(range, outer))
    };
    measures.iter().filter(is_outermost).cloned().collect()
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
