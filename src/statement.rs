//! Whether one statement says all that another one says.
//!
//! Likeness alone does not tell: a rare word makes statements alike that say
//! different things of it, and "use the Python version" differs from "use the
//! .NET version" in the one word that counts. So whatever says the same has to
//! keep the direction, the numbers, the names and most of the words as well.
//! That is no symmetric relation: "at least 3 of 5" says "at least 3", not the
//! other way round.
//!
//! Names are told by how they are written, which holds in all languages with
//! capitals; where all nouns have them, more words count as names.

use std::collections::BTreeSet;

use crate::agent::{Direction, Unit, UnitKind};
use crate::join::Vectors;
use crate::text::language::is_cjk;

/// From this cosine on statements may say the same.
pub const SAME: f64 = 0.8;

/// What has to be looked at beside the cosine.
#[derive(Debug, Clone, Copy)]
pub struct Statement<'a> {
    /// Its text without markup.
    pub text: &'a str,
    /// Its set of terms, an index of the vectors.
    pub set: u32,
    /// Whether it advises or warns.
    pub direction: Direction,
    /// Whether it is code.
    pub is_code: bool,
}

impl<'a> Statement<'a> {
    /// A unit with its text and set.
    pub fn of(unit: &Unit, text: &'a str, set: u32) -> Self {
        Self { text, set, direction: unit.direction, is_code: unit.kind == UnitKind::Code }
    }

    /// Whether it says all that `other` says, given that their cosine in
    /// `units` is at least [`SAME`].
    pub fn says(&self, other: &Self, units: &Vectors) -> bool {
        self.says_of_a_time(other, units)
            && (self.is_code || have_same_conditions(self.text, other.text))
    }

    /// The same of sentences that tell when something is called for: they may
    /// tell it by another clause.
    pub fn says_of_a_time(&self, other: &Self, units: &Vectors) -> bool {
        self.direction == other.direction
            && has_terms(units.terms(self.set), units.terms(other.set), other.is_code)
            && keeps_particulars(other.text, self.text)
    }
}

/// Words that make a condition or an exception of a clause, each with the one
/// that means the same.
const CONDITIONS: [(&str, &str); 11] = [
    ("if", "if"),
    ("when", "if"),
    ("whenever", "if"),
    ("unless", "unless"),
    ("until", "until"),
    ("before", "before"),
    ("after", "after"),
    ("except", "except"),
    ("excluding", "except"),
    ("only", "only"),
    ("but", "but"),
];

/// Whether two statements make the same conditions and exceptions: neither has
/// a word that makes one, nor a word in such a clause, that the other lacks.
/// "Bind all values, except in migrations" is another rule than "Bind all values".
fn have_same_conditions(one: &str, other: &str) -> bool {
    Conditions::of(one).are_those_of(one, &Conditions::of(other), other)
}

/// Whether two statements hold at different times, as each tells by a clause:
/// both can be followed.
pub(crate) fn hold_apart(one: &str, other: &str) -> bool {
    let (own, others) = (Conditions::of(one), Conditions::of(other));
    let tells_when = |conditions: &Conditions| Some(conditions.words) == condition("if");
    tells_when(&own) && tells_when(&others) && !own.are_those_of(one, &others, other)
}

/// What a statement says about when it holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Conditions {
    /// A bit for each of [`CONDITIONS`], the first of those that mean the same.
    words: u16,
    /// The words of their clauses.
    clauses: BTreeSet<String>,
}

impl Conditions {
    pub(crate) fn of(text: &str) -> Self {
        /// Shorter words are articles and the like.
        const MIN_LETTERS: usize = 4;
        /// Signs at which a clause ends.
        const ENDS: [char; 8] = [',', '.', ';', ':', '(', ')', '—', '–'];
        let mut conditions = Self::default();
        let mut is_inside = false;
        let mut end = 0;
        for (at, word) in words(text) {
            is_inside = is_inside && !text[end..at].contains(ENDS);
            end = at + word.len();
            if let Some(bit) = condition(word) {
                conditions.words |= bit;
                is_inside = true;
            } else if is_inside && (word.len() >= MIN_LETTERS || word == "not") {
                conditions.clauses.insert(stem(word));
            }
        }
        conditions
    }

    /// Whether a statement has the same conditions as another one; each comes
    /// with its text.
    pub(crate) fn are_those_of(&self, text: &str, other: &Self, other_text: &str) -> bool {
        let has_all = |conditions: &Self, text: &str| {
            let known: BTreeSet<String> = words(text).map(|(_, word)| stem(word)).collect();
            conditions.clauses.is_subset(&known)
        };
        self.words == other.words
            && (self.clauses == other.clauses || has_all(self, other_text) && has_all(other, text))
    }
}

/// So many letters tell a word of a clause, whatever its ending.
fn stem(word: &str) -> String {
    const LETTERS: usize = 4;
    let letters = word.chars().take(LETTERS);
    letters.flat_map(char::to_lowercase).collect()
}

/// The bit of a word that makes a condition.
fn condition(word: &str) -> Option<u16> {
    let mut all = CONDITIONS.iter();
    let (_, same) = all.find(|(own, _)| own.eq_ignore_ascii_case(word))?;
    let first = CONDITIONS.iter().position(|(own, _)| own == same)?;
    Some(1 << first)
}

/// Whether all terms of code are there, and of other text at least three in four.
fn has_terms(own: &[u32], others: &[u32], is_code: bool) -> bool {
    let may_miss = if is_code { 0 } else { others.len() / 4 };
    let missed = others.iter().filter(|term| own.binary_search(term).is_err());
    missed.count() <= may_miss
}

/// Whether `other` has each number and each name of `own`, in any case.
fn keeps_particulars(own: &str, other: &str) -> bool {
    if !numbers(own).is_subset(&numbers(other)) {
        return false;
    }
    let mut names = names(own).peekable();
    if names.peek().is_none() {
        return true;
    }
    let known: BTreeSet<String> =
        words(other).flat_map(|(_, word)| [folded(word), word.to_lowercase()]).collect();
    // "APIs" names what "API" does, `reports/` is another folder than `report/`.
    let is_in_path = |name: &str| {
        let at = name.as_ptr() as usize - own.as_ptr() as usize;
        own[..at].ends_with(is_slash) || own[at + name.len()..].starts_with(is_slash)
    };
    names.all(|name| match is_in_path(name) {
        true => known.contains(&name.to_lowercase()),
        false => known.contains(&folded(name)),
    })
}

/// The runs of ASCII digits in a text.
pub fn numbers(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).collect()
}

/// Numbers that are written as words. "One" is more often a pronoun.
const NUMBER_WORDS: [&str; 24] = [
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "fifteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    "hundred", "thousand", "million", "dozen",
];

fn is_number_word(word: &str) -> bool {
    NUMBER_WORDS.iter().any(|number| word.eq_ignore_ascii_case(number))
}

/// Whether a text has a number, in digits or as a word.
pub fn has_numbers(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    words.any(|word| word.contains(|c: char| c.is_ascii_digit()) || is_number_word(word))
}

/// A text with one sign for each number, a run of ASCII digits or a word: what
/// is the same of two texts differs in nothing but numbers.
pub fn without_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let word = part.trim_end_matches(|c: char| !c.is_alphanumeric());
        let part = if is_number_word(word) {
            out.push('0');
            &part[word.len()..]
        } else {
            part
        };
        for c in part.chars() {
            let c = if c.is_ascii_digit() { '0' } else { c };
            if c != '0' || !out.ends_with('0') {
                out.push(c);
            }
        }
    }
    out
}

/// Words that name something: with a capital within a sentence or within the
/// word, with an underscore or a dot within, with a sign before them as in
/// code, as a part of a path, or in the middle of a script without spaces.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    words(text).filter_map(move |(at, word)| {
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        let mut chars = word.chars();
        let first = chars.next()?;
        let is_name = chars.any(char::is_uppercase)
            || first.is_uppercase() && is_within_sentence(before)
            || matches!(first, '.' | '@' | '$' | '#')
            || word.contains('_')
            || has_inner_dot(word)
            || before.ends_with(joins_names)
            || after.starts_with(joins_names);
        is_name.then_some(word)
    })
}

/// Whether a word beside this character is a part of a path, or foreign.
fn joins_names(c: char) -> bool {
    is_slash(c) || is_cjk(c)
}

fn is_slash(c: char) -> bool {
    matches!(c, '/' | '\\')
}

/// Words of scripts with spaces, with where they begin; a path is cut at its slashes.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |c: char| {
        c.is_alphanumeric() && !is_cjk(c) || matches!(c, '_' | '-' | '.' | '@' | '$' | '#' | '+')
    };
    text.split(move |c| !is_part(c)).filter_map(move |run| {
        let word = run.trim_end_matches(['.', '-']).trim_start_matches('-');
        let at = word.as_ptr() as usize - text.as_ptr() as usize;
        word.contains(char::is_alphanumeric).then_some((at, word))
    })
}

/// Whether what stands before a word leads up to it: a word or a comma.
fn is_within_sentence(before: &str) -> bool {
    let last = before.trim_end().chars().next_back();
    last.is_some_and(|c| c.is_alphanumeric() || c == ',')
}

/// `main.rs`, but not `e.g`.
fn has_inner_dot(word: &str) -> bool {
    let mut parts = word.split('.');
    parts.clone().count() > 1 && parts.any(|part| part.chars().nth(1).is_some())
}

/// In lower case, and without the ending of a plural: "APIs" names what "API" does.
fn folded(word: &str) -> String {
    let mut word = word.to_lowercase();
    if word.len() > 1 && word.ends_with('s') {
        word.pop();
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_by_how_they_are_written() {
        for (text, expected) in [
            ("Use the Python version", &["Python"][..]),
            ("Always check it. Then stop: Say so", &[]),
            ("Run on PostgreSQL, Redis and the JVM", &["PostgreSQL", "Redis", "JVM"]),
            ("read .claude/loop.local.md, e.g. twice", &[".claude", "loop.local.md"]),
            ("set max_retries of $HOME", &["max_retries", "$HOME"]),
            ("look into state/orders", &["state", "orders"]),
            ("このpython版", &["python"]),
        ] {
            assert_eq!(names(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn numbers_are_digits_or_words() {
        for (text, expected) in [
            ("Wait 30 s, then 5.", "Wait 0 s, then 0."),
            ("Wait thirty s, then five.", "Wait 0 s, then 0."),
            ("Often, one tenth", "Often, one tenth"),
        ] {
            assert_eq!(without_numbers(text), expected);
            assert_eq!(has_numbers(text), text != expected, "{text}");
        }
    }

    #[test]
    fn a_paraphrase_has_the_numbers_and_names() {
        for (own, other, keeps) in [
            ("Use the Python version", "Use the .NET version", false),
            ("Offer REST APIs", "A REST API is offered", true),
            ("NEVER push", "Never push at all", true),
            ("Wait 30 s", "Wait 30 s, 3 times", true),
            ("Wait 30 s, 3 times", "Wait 30 s", false),
            ("Read `a/state.json`", "Read the state", false),
            ("Read the state", "Read `a/state.json`", true),
            ("Put the report into `reports/`", "Put the report into `notes/`", false),
        ] {
            assert_eq!(keeps_particulars(own, other), keeps, "{own} / {other}");
        }
    }

    #[test]
    fn a_clause_more_is_another_condition() {
        for (one, other) in [
            ("Bind all values", "Bind all values, except in migrations"),
            ("Wax the skis", "Wax the skis only at night"),
            ("Stop if the pump fails", "Stop if the valve fails"),
            ("Try again", "Try again unless it burns"),
            ("Dry them before the race", "Dry them after the race"),
            ("Ask if the value is set", "Ask if the value is not set"),
        ] {
            assert!(!have_same_conditions(one, other), "{one} / {other}");
            assert!(!have_same_conditions(other, one), "{other} / {one}");
        }
        assert!(hold_apart("Stop if the pump fails", "Go when it runs"));
        assert!(!hold_apart("Stop if the pump fails", "Never stop"));
        for (one, other) in [
            ("Wax the skis", "Put wax on the skis"),
            ("When a pump fails, stop", "Stop if the pump fails"),
            ("Ask if a wave touches it", "Ask if a wave can touch it"),
            ("Set server-only keys", "Set keys"),
        ] {
            assert!(have_same_conditions(one, other), "{one} / {other}");
        }
    }

    #[test]
    fn a_paraphrase_has_most_of_the_words_and_code_all() {
        let own = [1, 2, 3, 5];
        assert!(has_terms(&own, &[1, 2, 3, 4], false));
        assert!(!has_terms(&own, &[1, 2, 3, 4], true));
        assert!(!has_terms(&own, &[1, 2, 4], false));
        assert!(has_terms(&own, &[1, 2, 3], true));
    }
}
