//! One sentence with two figures, in a memory file and where it holds: "Roll back
//! when the error rate is above 2 %" and "… above 5 %".
//!
//! Other measures have names in the table of facets. Here nothing but the words
//! tells that both speak of one thing, so all of them have to agree, those of the
//! heading too.

use std::collections::{BTreeMap, BTreeSet};

use super::LazyPart;
use super::clash::{Clash, Place, Side, opposed};
use super::number::{Measured, Quantity, is_bound_word, quantities};
use super::quantity::differ;
use crate::agent::{Agent, Direction, MAX_INTRODUCTION_BYTES, Unit, UnitKind};
use crate::facet::Bound;
use crate::finding::{Rule, Severity};
use crate::reach::{Reach, Way};
use crate::rules::Facts;
use crate::text::language::Language;
use crate::text::{Lexicon, Term, words};

/// What a number counts, and the words around it and in the heading, each
/// ascending.
type Frame = (Measured, Vec<Term>, Vec<Term>);

/// A statement in a frame.
#[derive(Debug)]
struct Filled {
    /// The side of the number that is allowed, and the number in thousandths.
    figure: (Bound, u64),
    /// The figure as it is written, and the sentence without it.
    shown: String,
    sentence: String,
    place: Place,
    part: LazyPart,
}

/// One clash for each frame that agents fill in two ways.
pub(super) fn clashes(facts: &Facts<'_>, reach: &Reach<'_>) -> Vec<Clash> {
    let mut lexicon = Lexicon::default();
    let mut frames: BTreeMap<Frame, Vec<Filled>> = BTreeMap::new();
    for id in 0..facts.agents().len() as u32 {
        if reach.has_company(id) {
            read(facts, id, &mut lexicon, &mut frames);
        }
    }
    let mut clashes: Vec<Clash> =
        (frames.values()).flat_map(|filled| of_frame(facts, reach, filled)).collect();
    // The numbers of terms tell no order.
    clashes.sort_by_key(|clash| clash.places().min().copied());
    clashes
}

fn read(
    facts: &Facts<'_>,
    id: u32,
    lexicon: &mut Lexicon,
    frames: &mut BTreeMap<Frame, Vec<Filled>>,
) {
    let (agent, source) = (facts.agent(id), facts.text(id));
    let language = Language::from_code(agent.language);
    for (unit_idx, unit) in agent.units.iter().enumerate() {
        if !may_be_filled(unit, source) {
            continue;
        }
        let text = agent.unit_text(unit, source);
        let Some(quantity) = figure(&text.to_ascii_lowercase()) else {
            continue;
        };
        let (before, after) = (&text[..quantity.start], &text[quantity.end..]);
        let mut terms = |texts: &[&str], is_meant: fn(&str) -> bool| -> Vec<Term> {
            let words = texts.iter().flat_map(|text| words(text));
            let words = words.filter(|word| is_meant(word));
            let terms = words.filter_map(|word| lexicon.term(&word, language));
            let terms: BTreeSet<Term> = terms.collect();
            terms.into_iter().collect()
        };
        let around = terms(&[before, after], |word| !is_bound_word(word));
        if around.len() < MIN_TERMS {
            continue;
        }
        let above = above(agent, source, unit);
        let above = terms(&[&above], |word| !GENERAL.contains(&word));
        let frame = (quantity.measured, around, above);
        frames.entry(frame).or_default().push(Filled {
            figure: (quantity.bound.unwrap_or(Bound::Exact), quantity.thousandths),
            shown: text[quantity.start..quantity.end].to_owned(),
            sentence: format!("{before}…{after}"),
            place: Place::unit(id, unit_idx),
            part: LazyPart::default(),
        });
    }
}

/// Words of headings that narrow nothing.
const GENERAL: [&str; 24] = [
    "convention", "conventions", "development", "general", "guideline", "guidelines", "important",
    "instructions", "key", "notes", "policies", "policy", "practices", "principles", "process",
    "project", "requirements", "rule", "rules", "standard", "standards", "work", "workflow",
    "working",
];

/// What introduces a unit: its lead-in and its heading, but the title of the file.
fn above(agent: &Agent, source: &str, unit: &Unit) -> String {
    let is_in_title = agent.sections[unit.section_idx as usize].level <= 1;
    let introductions =
        agent.introductions(unit).filter(|above| !is_in_title || above.kind != UnitKind::Heading);
    introductions
        .map(|above| agent.unit_start(above, source, MAX_INTRODUCTION_BYTES))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Words that weigh something, which two sentences share: fewer are a label.
const MIN_TERMS: usize = 3;

/// A short sentence with a number in it.
fn may_be_filled(unit: &Unit, source: &str) -> bool {
    const MAX_BYTES: usize = 200;
    let text = unit.span.of(source);
    unit.kind.is_text()
        && !matches!(unit.kind, UnitKind::Heading | UnitKind::Row)
        && unit.direction != Direction::Warning
        && text.len() <= MAX_BYTES
        && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// The one figure of a statement that asks for it: a number that counts something
/// or is a limit.
fn figure(lower: &str) -> Option<Quantity> {
    /// Words of a statement that tells what was.
    const PAST: [&str; 6] = ["had", "last", "took", "used", "was", "were"];
    let quantities = quantities(lower);
    let [quantity] = quantities.as_slice() else {
        return None;
    };
    let is_set = quantity.measured != Measured::Plain || quantity.bound.is_some();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    (is_set && !words.any(|word| PAST.contains(&word))).then_some(*quantity)
}

/// More statements of one frame are a house template, which each fills in its own way.
const MAX_FILLED: usize = 100;

fn of_frame(facts: &Facts<'_>, reach: &Reach<'_>, filled: &[Filled]) -> Vec<Clash> {
    if filled.len() > MAX_FILLED {
        return Vec::new();
    }
    let are_opposed = |one: usize, other: usize| {
        let (one, other) = (&filled[one], &filled[other]);
        let way = reach.way(one.place.agent, other.place.agent);
        differ(one.figure, other.figure)
            && way == Some(Way::Memory)
            && !one.part.of(facts, one.place).is_apart_from(other.part.of(facts, other.place))
    };
    let sets = opposed(filled.len(), are_opposed).into_iter();
    sets.map(|set| clash(set.iter().map(|&at| &filled[at]).collect())).collect()
}

fn clash(filled: Vec<&Filled>) -> Clash {
    let mut sides: Vec<Side> = Vec::new();
    for one in &filled {
        Side::add(&mut sides, one.shown.clone(), one.place);
    }
    Clash {
        rule: Rule::QuantityConflict,
        severity: Severity::Warning,
        confidence: 0.8,
        topic: format!("“{}”", filled[0].sentence),
        sides,
        help: "find out which is right and write it in all places; or say in each what it is for"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::disputes::found;

    #[test]
    fn one_sentence_with_two_fillings_is_one_finding() {
        for (memory, agent, topic) in [
            (
                "- Roll back when the error rate is above 2 %.",
                "- Roll back when the error rate is above 5 %.",
                "“Roll back when the error rate is above ….”: 2 % (`CLAUDE.md`), but 5 % (`desk`)",
            ),
            (
                "- Wait 30 seconds between polls of the queue",
                "- Wait 10 seconds between the polls of the queue",
                "“Wait … between polls of the queue”: 30 seconds (`CLAUDE.md`), but 10 seconds",
            ),
        ] {
            let found = found(memory, agent);
            assert_eq!(found.len(), 1, "{memory}: {found:?}");
            assert!(found[0].starts_with(topic), "{found:?}");
        }
    }

    #[test]
    fn other_sentences_cases_and_limits_that_go_together_are_none() {
        for (memory, agent) in [
            (
                "- Roll back when the error rate is above 2 %",
                "- Alert when the error rate is above 5 %",
            ),
            (
                "- Write at least 2 notes for each release",
                "- Write at most 5 notes for each release",
            ),
            (
                "- In production, wait 30 seconds between polls of the queue",
                "- In tests, wait 1 second between polls of the queue",
            ),
            (
                "## Thumbnails\n\n- Images are at most 200 pixels wide",
                "## Banners\n\n- Images are at most 1200 pixels wide",
            ),
            ("- The build of the site took 12 minutes", "- The build of the site took 9 minutes"),
            ("- Step 2 of the release plan: tag it", "- Step 3 of the release plan: tag it"),
        ] {
            assert_eq!(found(memory, agent), [""; 0], "{memory}");
        }
    }
}
