//! Other fields of one envelope: "All responses are `{ data, errors, meta }`"
//! against a sample below "Response format" with a field more or less.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use super::clash::{Clash, Place, Side, opposed};
use super::fact::{line_at, unit_at};
use super::part;
use crate::agent::{Agent, Direction, UnitKind};
use crate::finding::{Rule, Severity};
use crate::reach::{Dimension, Part, Reach, Way};
use crate::rules::Facts;
use crate::source::Span;
use crate::text::word_finder;

/// Names of what all answers of an API come in, without the first letter: that
/// spares putting whole texts into lower case.
const NAMES: &[&str] = &[
    "nvelope", "esponse format", "esponse Format", "esponse shape", "esponse Shape",
    "esponse structure", "esponse Structure", "esponse wrapper", "esponse Wrapper", "rror format",
    "rror Format", "rror shape", "rror Shape",
];

/// Fields of which an envelope has one; an agent's own report has others.
const USUAL: &[&str] = &["code", "data", "error", "errors", "message", "ok", "success"];

/// Fields that a failure alone has.
const OF_FAILURE: &[&str] = &["detail", "details", "error", "errors", "statuscode"];

/// Words by which a statement speaks of some answers only.
const NARROWER: &[&str] = &["e.g.", "example", "instead", "legacy", "list", "paginat", "webhook"];

/// The fields that a text says all answers have.
#[derive(Debug)]
struct Envelope {
    place: Place,
    part: Part,
    /// In lower case without `_`.
    fields: BTreeSet<String>,
    optional: BTreeSet<String>,
}

impl Envelope {
    /// Whether it is that of failures alone.
    fn is_of_failure(&self) -> bool {
        self.fields.iter().any(|field| OF_FAILURE.contains(&field.as_str()))
            && !self.fields.contains("data")
    }

    fn has(&self, field: &str) -> bool {
        self.fields.contains(field) || self.optional.contains(field)
    }

    /// Whether both are meant for the same answers, and one lacks a field of the other.
    fn is_opposed(&self, other: &Self) -> bool {
        self.is_of_failure() == other.is_of_failure()
            && self.fields.iter().any(|field| other.has(field))
            && (self.fields.iter().any(|field| !other.has(field))
                || other.fields.iter().any(|field| !self.has(field)))
    }
}

/// One clash for each envelope that two texts fill differently.
pub(super) fn clashes(facts: &Facts<'_>, reach: &Reach<'_>) -> Vec<Clash> {
    let mut told: Vec<Envelope> = Vec::new();
    for id in 0..facts.agents().len() as u32 {
        if reach.way(id, id).is_some() {
            envelopes(facts, id, &mut told);
        }
    }
    // An API has one envelope on both sides of the wire.
    const APART: [Dimension; 2] = [Dimension::Stage, Dimension::Platform];
    told.sort_by_key(|envelope| envelope.place);
    let are_opposed = |one: usize, other: usize| {
        let (one, other) = (&told[one], &told[other]);
        let way = reach.way(one.place.agent, other.place.agent);
        way.is_some_and(|way| way != Way::SameFile)
            && one.is_opposed(other)
            && !one.part.is_apart_in(&other.part, &APART)
    };
    let sets = opposed(told.len(), are_opposed).into_iter();
    sets.map(|set| clash(set.iter().map(|&at| &told[at]))).collect()
}

fn clash<'e>(told: impl Iterator<Item = &'e Envelope>) -> Clash {
    let mut sides: Vec<Side> = Vec::new();
    for envelope in told {
        Side::add(&mut sides, label(envelope), envelope.place);
    }
    Clash {
        rule: Rule::FactConflict,
        severity: Severity::Warning,
        confidence: 0.75,
        topic: "fields of a response".to_owned(),
        sides,
        help: "write the fields once and refer to them; or say which answers each is for"
            .to_owned(),
    }
}

fn label(envelope: &Envelope) -> String {
    let fields: Vec<&str> = envelope.fields.iter().map(String::as_str).collect();
    format!("`{{ {} }}`", fields.join(", "))
}

/// What an agent says of the envelope, with its fields on the line or in the block below.
fn envelopes(facts: &Facts<'_>, id: u32, told: &mut Vec<Envelope>) {
    static FINDER: OnceLock<AhoCorasick> = OnceLock::new();
    let finder = FINDER.get_or_init(|| word_finder(NAMES.iter().copied()));
    let agent = facts.agent(id);
    let source = facts.text(id);
    let body = agent.frontmatter.body_start as usize;
    let mut last: Option<Span> = None;
    for found in finder.find_iter(&source[body..]) {
        let at = body + found.start();
        let Some(unit_idx) = unit_at(agent, at) else {
            continue;
        };
        let unit = &agent.units[unit_idx];
        // One paragraph may hold a line for each thing.
        if unit.kind == UnitKind::Code
            || unit.direction == Direction::Warning
            || last.is_some_and(|line| line.range().contains(&at))
        {
            continue;
        }
        let line = *last.insert(line_at(source, at));
        let text = line.of(source);
        let lower = text.to_lowercase();
        if NARROWER.iter().any(|word| lower.contains(word)) {
            continue;
        }
        let shown = match text.find('{') {
            Some(open) => Some((unit_idx, &text[open + 1..])),
            None => block_below(agent, source, unit_idx),
        };
        let Some((shown_idx, object)) = shown else {
            continue;
        };
        let (optional, fields): (BTreeSet<_>, BTreeSet<_>) =
            fields(object).into_iter().partition(|field| field.ends_with('?'));
        let optional = optional.iter().map(|field| field.trim_end_matches('?').to_owned());
        let is_usual = fields.iter().any(|field| USUAL.contains(&field.as_str()));
        if fields.len() >= MIN_FIELDS && is_usual {
            told.push(Envelope {
                place: Place::unit(id, shown_idx),
                part: part(facts, id, unit_idx),
                optional: optional.collect(),
                fields,
            });
        }
    }
}

/// One field alone is no envelope.
const MIN_FIELDS: usize = 2;

/// The block of code right below a heading or lead-in, from behind its first
/// brace; a line such as "All endpoints return:" may stand between.
fn block_below<'a>(agent: &Agent, source: &'a str, unit_idx: usize) -> Option<(usize, &'a str)> {
    let is_lead_in = |idx: &usize| {
        let unit = &agent.units[*idx];
        unit.kind == UnitKind::Sentence && unit.span.of(source).trim_end().ends_with(':')
    };
    let next = unit_idx + 1;
    let below = (next..agent.units.len()).find(|idx| *idx > next || !is_lead_in(idx))?;
    let unit = &agent.units[below];
    let is_sample = unit.kind == UnitKind::Code && unit.direction == Direction::Advice;
    let code = unit.span.of(source);
    let open = code.find('{').filter(|_| is_sample)?;
    Some((below, &code[open + 1..]))
}

/// The names of an object's own fields, as far as its closing brace; those of
/// optional ones with the `?`.
fn fields(object: &str) -> Vec<String> {
    let mut own = String::new();
    let mut depth = 0_usize;
    for c in object.chars() {
        match c {
            '{' | '[' | '(' | '<' => depth += 1,
            '}' | ']' | ')' | '>' => match depth.checked_sub(1) {
                Some(outer) => depth = outer,
                None => break,
            },
            _ if depth == 0 => own.push(c),
            _ => {}
        }
    }
    own.split([',', ';', '\n']).filter_map(field).collect()
}

/// The name at the beginning of an entry: `"data": …`, `meta?: …`, `errors`.
fn field(entry: &str) -> Option<String> {
    let entry = entry.trim_start().trim_start_matches(['"', '\'', '`']);
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = entry.find(|c: char| !is_part(c)).unwrap_or(entry.len());
    let rest = entry[end..].trim_start_matches(['"', '\'', '`']);
    let is_optional = rest.starts_with('?');
    let is_ended = rest.trim_start_matches('?').trim_start();
    let is_field = is_ended.is_empty() || is_ended.starts_with(':');
    let name = entry[..end].to_ascii_lowercase().replace('_', "");
    let mark = if is_optional { "?" } else { "" };
    (is_field && name.starts_with(|c: char| c.is_ascii_alphabetic())).then(|| name + mark)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::disputes::found;

    #[test]
    fn other_fields_of_one_envelope_are_one_finding() {
        for (memory, agent) in [
            (
                "- All responses share one envelope: `{ data, errors, meta }`",
                "- Response envelope: `Reply<T> { Data, Errors }`",
            ),
            (
                "## Standard response format\n\nAll endpoints return:\n```json\n{\n  \"success\": true,\n  \"code\": 200,\n  \"data\": { \"berths\": [] }\n}\n```",
                "- Response format: `{success, data}`",
            ),
            (
                "- Error format: `{ error: string, code: string }`",
                "- Error format: { error, message }",
            ),
        ] {
            let found = found(memory, agent);
            assert_eq!(found.len(), 1, "{memory}: {found:?}");
            assert!(found[0].starts_with("fields of a response: `{ "), "{found:?}");
        }
    }

    #[test]
    fn optional_fields_failures_and_reports_are_no_other_envelope() {
        for (memory, agent) in [
            (
                "- Response envelope: `{ data, errors, meta }`",
                "- Response envelope: `{ data, meta, errors? }`",
            ),
            ("- Response envelope: `{ success, data }`", "- Error format: `{ success, error }`"),
            (
                "- Response envelope: `{ data, meta }`",
                "- Response envelope of lists: `{ data, total }`",
            ),
            (
                "- Response format: `{ verdict, findings }`",
                "- Response format: `{ verdict, summary }`",
            ),
        ] {
            assert_eq!(found(memory, agent), [] as [&str; 0], "{memory} / {agent}");
        }
    }

    #[test]
    fn an_object_has_its_own_fields_alone() {
        let object = "\"a\": { b: 1 },\n  c?: d[], e_f\n} g: 1";
        assert_eq!(fields(object), ["a", "c?", "ef"]);
    }
}
