//! What texts forbid by its very letters: "Never use `any`", "No inline styles".

mod example;
mod known;
mod list;
mod object;

use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use crate::commitment::MAX_STATEMENT_BYTES;
use crate::reach::{Part, part_of};
use crate::rules::Facts;
use crate::text::word_finder;

use super::clash::{MAX_BANS, Place};
pub(super) use example::is_bad_example;
use known::{ORDERED, needles, ordered};
pub(super) use list::{BanLists, Listed};
use object::{exception, object};

/// What the text of most bans says.
pub(super) const FORBIDDEN: &str = "forbidden";

/// Something that is not to be written.
#[derive(Debug)]
pub(super) struct Ban {
    pub(super) place: Place,
    pub(super) part: Part,
    /// What its text says, in few words: [`FORBIDDEN`], or the other way that it asks for.
    pub(super) said: &'static str,
    /// What is forbidden, as it is shown.
    pub(super) topic: String,
    /// Of these strings each one breaks the ban.
    pub(super) needles: Vec<Needle>,
    /// Words of the exception that the ban makes, in lower case.
    pub(super) exception: Vec<String>,
}

/// What a ban names.
#[derive(Debug)]
struct Object {
    /// As it is shown.
    topic: String,
    /// Of these strings each one breaks the ban.
    needles: Vec<Needle>,
    /// Words of the exception that is made, in lower case.
    exception: Vec<String>,
}

/// A string to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Needle {
    pub(super) text: String,
    /// Whether prose may use it too ("use `x`"), not only code.
    pub(super) is_literal: bool,
    /// Ends of the name that it begins; none is asked for where the list is empty.
    pub(super) endings: &'static [&'static str],
}

/// Beginnings of a ban in lower case.
const CUES: &[&str] = &[
    "never ", "do not ", "don't ", "don’t ", "avoid ", "no ", "must not ", "you must not ",
    "not allowed: ", "forbidden: ", "prohibited: ", "nunca ", "niemals ", "kein ", "keine ",
    "никогда не ", "❌ no ", "❌ never ",
];

/// All bans of an agent.
pub(super) fn bans(facts: &Facts<'_>, id: u32, bans: &mut Vec<Ban>) {
    let agent = facts.agent(id);
    let source = facts.text(id);
    let enough = bans.len() + MAX_BANS;
    let mut lists = BanLists::new(agent, source);
    let cues = cues_in(source);
    for (unit_idx, unit) in agent.units.iter().enumerate() {
        if !unit.kind.is_text() {
            continue;
        }
        // A quick look that spares most statements the rest.
        let Range { start, end } = unit.span.range();
        let nearest = cues.get(cues.partition_point(|&cue| cue < start));
        let is_of_note = nearest.is_some_and(|&cue| cue < end);
        let is_listed = lists.of(unit).is_some();
        if !is_listed && !is_of_note || unit.span.byte_len() > MAX_STATEMENT_BYTES {
            continue;
        }
        if bans.len() >= enough {
            return;
        }
        let marked = unit.span.of(source);
        if let Some((said, known)) = ordered(agent, source, unit) {
            bans.push(Ban {
                place: Place::unit(id, unit_idx),
                part: part_of(agent, source, unit_idx, marked),
                said,
                topic: known.title.to_owned(),
                needles: needles(known),
                exception: Vec::new(),
            });
        }
        let plain = marked.replace("**", "");
        for (nth, clause) in clauses(&plain).enumerate() {
            // "`draft`: do not call `send`" holds where the thing named is.
            if nth > 0 && is_named_case(&plain, clause) {
                continue;
            }
            // What follows the first clause is the reason, or what to do instead.
            let listed = || object(bare(clause)).filter(|_| is_listed && nth == 0);
            if let Some(object) = forbidden(clause).or_else(listed) {
                bans.push(Ban {
                    place: Place::unit(id, unit_idx),
                    part: part_of(
                        agent,
                        source,
                        unit_idx,
                        clause.split(',').next().unwrap_or_default(),
                    ),
                    said: FORBIDDEN,
                    topic: object.topic,
                    needles: object.needles,
                    exception: object.exception,
                });
            }
        }
    }
}

/// Where a text holds words of a ban, or of an order like one, ascending.
fn cues_in(text: &str) -> Vec<usize> {
    // Two searches for few words are quicker than one for many.
    static FIRST: OnceLock<AhoCorasick> = OnceLock::new();
    static LAST: OnceLock<AhoCorasick> = OnceLock::new();
    let first = FIRST.get_or_init(|| {
        let cues = CUES.iter().map(|cue| cue.trim_start_matches("❌ "));
        let ordered = ORDERED.iter().flat_map(|(_, known)| known.phrases);
        word_finder(cues.chain(ordered.copied()))
    });
    let last = LAST.get_or_init(|| word_finder(REFUSING));
    let lower = text.to_ascii_lowercase();
    let found = first.find_iter(&lower).chain(last.find_iter(&lower));
    let mut places: Vec<usize> = found.map(|found| found.start()).collect();
    places.sort_unstable();
    places
}

/// The parts of a statement that may each forbid something.
fn clauses(text: &str) -> impl Iterator<Item = &str> {
    let lines =
        text.split(". ").flat_map(|part| part.split("; ")).flat_map(|part| part.split(": "));
    lines.flat_map(|part| part.split(" — ")).flat_map(|part| part.split(" – "))
}

/// The text in lower case, each character at its place; `None` where one takes
/// more or fewer bytes then.
fn lower_in_place(text: &str) -> Option<String> {
    let is_kept = |c: char| c.to_lowercase().map(char::len_utf8).sum::<usize>() == c.len_utf8();
    text.chars().all(is_kept).then(|| text.to_lowercase())
}

/// Whether nothing but a name in backticks stands before a clause: the case
/// for which it holds.
fn is_named_case(text: &str, clause: &str) -> bool {
    let before = &text[..clause.as_ptr() as usize - text.as_ptr() as usize];
    let before = before.trim_matches(|c: char| !c.is_alphanumeric() && c != '`');
    // A unit that begins in code begins behind the backtick.
    let name = before.strip_suffix('`').map(|name| name.trim_start_matches('`'));
    name.is_some_and(|name| !name.is_empty() && !name.contains('`'))
}

/// What a clause forbids.
fn forbidden(clause: &str) -> Option<Object> {
    let clause = bare(clause);
    let lower = lower_in_place(clause)?;
    if let Some(rest) = CUES.iter().find_map(|cue| lower.strip_prefix(cue)) {
        return object(&clause[clause.len() - rest.len()..]);
    }
    let (subject, verdict) = refused(&lower)?;
    let exception = exception(&clause[verdict..])?;
    let subject = &clause[..subject];
    // A unit that begins in code begins behind the backtick.
    let is_cut = subject.matches('`').count() % 2 == 1;
    let object = match is_cut {
        true => object(&format!("`{subject}"))?,
        false => object(subject)?,
    };
    Some(Object { exception, ..object })
}

/// Ends of a ban that begins with what is forbidden, in lower case.
const REFUSALS: &[&str] = &[
    " is banned", " are banned", " is forbidden", " are forbidden", " is prohibited",
    " are prohibited", " is not allowed", " are not allowed", " is not permitted",
    " are not permitted", " is not accepted", " are not accepted", " is off limits",
    " are off limits", " is off-limits", " are off-limits", " must not be used",
    " must never be used", " may not be used", " is never used", " are never used",
    " fails the lint", " fails lint", " fails ci",
];

/// Words of which each refusal has one.
const REFUSING: &[&str] = &[
    "banned", "forbidden", "prohibited", "not allowed", "not permitted", "not accepted",
    "off limits", "off-limits", "be used", "never used", "fails lint", "fails the lint",
    "fails ci",
];

/// Where the subject of a clause ends that refuses it, and where the refusal
/// does: "`any` is banned". What stands in brackets between is no part of it.
fn refused(lower: &str) -> Option<(usize, usize)> {
    static WORDS: OnceLock<AhoCorasick> = OnceLock::new();
    // All of them say "is", "are", "be" or "fails".
    if ![" is ", " are ", " be ", " fails "].iter().any(|verb| lower.contains(verb)) {
        return None;
    }
    let found = WORDS.get_or_init(|| word_finder(REFUSALS)).find(lower)?;
    let (at, end) = (found.start(), found.end());
    let subject = lower[..at].find(" (").filter(|_| lower[..at].ends_with(')'));
    Some((subject.unwrap_or(at), end))
}

/// A clause without signs in front.
fn bare(clause: &str) -> &str {
    clause.trim_start_matches(|c: char| !c.is_alphabetic() && !matches!(c, '`' | '❌'))
}
