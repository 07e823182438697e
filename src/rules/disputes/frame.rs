//! One sentence with two figures or two addresses: "Roll back when the error rate
//! is above 2 %" and "… above 5 %", "The staging API is at …".

use std::collections::BTreeMap;
use std::ops::Range;

use super::LazyPart;
use super::clash::{Clash, Place, Side, opposed};
use super::number::{Measured, is_bound_word, quantities};
use super::quantity::differ;
use crate::agent::{Direction, Unit, UnitKind};
use crate::facet::Bound;
use crate::finding::{Rule, Severity};
use crate::reach::{Reach, Way};
use crate::rules::Facts;
use crate::text::language::Language;
use crate::text::{Lexicon, Term, words};

/// What a statement fills its frame with.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Filling {
    /// A number in thousandths, and the side of it that is allowed.
    Figure(Bound, u64),
    Address(String),
}

/// What is left open in a frame, and the words around it, ascending.
type Frame = (Option<Measured>, Vec<Term>);

/// A statement in a frame.
#[derive(Debug)]
struct Filled {
    filling: Filling,
    /// The filling as it is written, and the sentence without it.
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
    let mut clashes: Vec<Clash> = (frames.values())
        .flat_map(|filled| of_frame(facts, reach, filled))
        .collect();
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
        let lower = text.to_ascii_lowercase();
        let Some((open, filling, range)) = figure(&lower).or_else(|| address(&lower)) else {
            continue;
        };
        let (before, after) = (&text[..range.start], &text[range.end..]);
        let mut frame: Vec<Term> = [before, after]
            .into_iter()
            .flat_map(words)
            .filter(|word| !is_bound_word(word))
            .filter_map(|word| lexicon.term(&word, language))
            .collect();
        frame.sort_unstable();
        frame.dedup();
        // "The staging API is at" says enough.
        if frame.len()
            >= if open.is_some() {
                MIN_TERMS
            } else {
                MIN_TERMS - 1
            }
        {
            frames.entry((open, frame)).or_default().push(Filled {
                filling,
                shown: text[range.clone()].to_owned(),
                sentence: format!("{before}…{after}"),
                place: Place::unit(id, unit_idx),
                part: LazyPart::default(),
            });
        }
    }
}

/// Words that weigh something, which two sentences share: fewer are a label.
const MIN_TERMS: usize = 3;

/// A short sentence with a number or an address in it.
fn may_be_filled(unit: &Unit, source: &str) -> bool {
    const MAX_BYTES: usize = 200;
    let text = unit.span.of(source);
    unit.kind.is_text()
        && !matches!(unit.kind, UnitKind::Heading | UnitKind::Row)
        && unit.direction != Direction::Warning
        && text.len() <= MAX_BYTES
        && (text.bytes().any(|byte| byte.is_ascii_digit()) || text.contains("://"))
}

/// The one figure of a statement: a number that counts something or is a limit.
fn figure(lower: &str) -> Option<(Option<Measured>, Filling, Range<usize>)> {
    let quantities = quantities(lower);
    let [quantity] = quantities.as_slice() else {
        return None;
    };
    let is_set = quantity.measured != Measured::Plain || quantity.bound.is_some();
    is_set.then(|| {
        let bound = quantity.bound.unwrap_or(Bound::Exact);
        let filling = Filling::Figure(bound, quantity.thousandths);
        (
            Some(quantity.measured),
            filling,
            quantity.start..quantity.end,
        )
    })
}

/// The one address of a statement that says what is there.
fn address(lower: &str) -> Option<(Option<Measured>, Filling, Range<usize>)> {
    const LINKS: [&str; 8] = ["are", "at", "from", "in", "is", "on", "to", "under"];
    let (before, address) = lower.split_once("://")?;
    let start = before.rfind("http")?;
    let link = before[..start].trim_end_matches([' ', '`', '(', '<', '"', ':']);
    let is_link = LINKS.contains(&link.rsplit(' ').next()?);
    let n =
        address.find(|c: char| c.is_whitespace() || matches!(c, ')' | '>' | '`' | '"' | ',' | ';'));
    let address = &address[..n.unwrap_or(address.len())];
    let end = before.len() + "://".len() + address.trim_end_matches(['.', '/', ':']).len();
    let is_only = !lower[end..].contains("://");
    (is_link && is_only).then(|| {
        (
            None,
            Filling::Address(lower[start..end].to_owned()),
            start..end,
        )
    })
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
        let differ = match (&one.filling, &other.filling) {
            (&Filling::Figure(bound, n), &Filling::Figure(other_bound, other)) => {
                differ((bound, n), (other_bound, other))
            }
            (one, other) => one != other,
        };
        // One file may tell of several cases in the same words, and what copies
        // disagree about is told of them.
        differ
            && way.is_some_and(|way| !matches!(way, Way::SameFile | Way::Related))
            && !one
                .part
                .of(facts, one.place)
                .is_apart_from(other.part.of(facts, other.place))
    };
    let sets = opposed(filled.len(), are_opposed).into_iter();
    sets.map(|set| clash(set.iter().map(|&at| &filled[at]).collect()))
        .collect()
}

fn clash(filled: Vec<&Filled>) -> Clash {
    let mut sides: Vec<Side> = Vec::new();
    for one in &filled {
        Side::add(&mut sides, one.shown.clone(), one.place);
    }
    let rule = match filled[0].filling {
        Filling::Figure(..) => Rule::QuantityConflict,
        Filling::Address(_) => Rule::FactConflict,
    };
    Clash {
        rule,
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
            (
                "- The staging API is at https://staging-api.tidewharf.io.",
                "- The staging API is at `https://api.staging.tidewharf.io`.",
                "“The staging API is at ….”: https://staging-api.tidewharf.io (`CLAUDE.md`), but",
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
                "- Read the guide for release notes at https://a.tidewharf.io",
                "- The guide for release notes is at https://a.tidewharf.io",
            ),
            (
                "- Step 2 of the release plan: tag it",
                "- Step 3 of the release plan: tag it",
            ),
        ] {
            assert_eq!(found(memory, agent), [""; 0], "{memory}");
        }
    }
}
