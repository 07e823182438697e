//! When and where a statement holds, by the lead-ins and headings above it.
//!
//! "If the tests pass:" and "If the tests fail:" turn the same item into two
//! statements. Titles are read word by word, so that they are told apart by any
//! of them: a negation counts as much as a rare word.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::agent::{Agent, MAX_INTRODUCTION_BYTES, Unit};
use crate::statement::names;
use crate::text::language::Language;
use crate::text::strip_prefix_of_any_case;

/// How far a circumstance narrows what is said under it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Not at all: it holds always.
    #[default]
    Always,
    /// It names a part of the agent's own work: "When reviewing".
    Work,
    /// It names what or where something is for: "On Windows", "For reports".
    /// What holds always holds there too.
    Scope,
    /// It makes a condition: "If the tests fail", "Before the deployment".
    Condition,
}

/// When and where something holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Circumstance {
    kind: Kind,
    /// The stems of each title that tells it; `None` where none does.
    titles: Option<Arc<str>>,
}

impl Circumstance {
    /// What holds always.
    pub(crate) const ALWAYS: Self = Self { kind: Kind::Always, titles: None };

    fn of(titles: &BTreeSet<&Title>) -> Self {
        let stems: Vec<&str> = titles.iter().map(|title| &*title.stems).collect();
        Self {
            kind: titles.iter().map(|title| title.kind).max().unwrap_or_default(),
            titles: (!stems.is_empty()).then(|| stems.join(" / ").into()),
        }
    }

    /// Whether what is said under this one is said under `other` too. Other
    /// than by being equal that needs one of them to hold [always](Self::ALWAYS).
    pub(crate) fn covers(&self, other: &Self) -> bool {
        let by_kind = match self.kind {
            Kind::Always => matches!(other.kind, Kind::Work | Kind::Scope),
            Kind::Work => other.kind == Kind::Always,
            Kind::Scope | Kind::Condition => false,
        };
        by_kind || self == other
    }

    /// Whether something may hold under both.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.kind == Kind::Always || other.kind == Kind::Always || self == other
    }
}

/// What one title says about when and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Title {
    kind: Kind,
    stems: String,
}

/// The circumstances of an agent's units; each title is read once.
pub(crate) struct Circumstances<'a> {
    agent: &'a Agent,
    /// By unit: what it says as a title.
    titles: Vec<Option<Title>>,
    /// The circumstance of the unit that was asked for last, with its lead-in
    /// and section: most units share them with the one before.
    last: Option<(Option<u32>, u32, Circumstance)>,
}

impl<'a> Circumstances<'a> {
    pub(crate) fn new(agent: &'a Agent, source: &str) -> Self {
        let mut is_title = vec![false; agent.units.len()];
        let headings = agent.sections.iter().filter(|section| section.level > 1);
        let lead_ins = agent.units.iter().filter_map(|unit| unit.lead_in);
        for title in headings.filter_map(|section| section.heading).chain(lead_ins) {
            is_title[title as usize] = true;
        }
        let language = Language::from_code(agent.language);
        let title = |(unit, is_title): (&Unit, bool)| {
            let text = is_title.then(|| agent.unit_start(unit, source, MAX_INTRODUCTION_BYTES))?;
            read(&text, language)
        };
        Self { agent, titles: agent.units.iter().zip(is_title).map(title).collect(), last: None }
    }

    /// When and where a unit holds.
    pub(crate) fn of(&mut self, unit: &Unit) -> Circumstance {
        let above = (unit.lead_in, self.agent.governing_section(unit));
        if let Some((lead_in, section, known)) = &self.last
            && (*lead_in, *section) == above
        {
            return known.clone();
        }
        let lead_ins = self.agent.lead_in_ids(unit);
        let titles = self.headings(above.1).chain(lead_ins.map(|idx| idx as usize));
        let circumstance = self.told_by(titles);
        self.last = Some((above.0, above.1, circumstance.clone()));
        circumstance
    }

    /// When and where all units of the agent hold.
    pub(crate) fn of_units(&mut self) -> Vec<Circumstance> {
        let units = self.agent.units.iter();
        units.map(|unit| self.of(unit)).collect()
    }

    /// When and where something holds that stands right below the heading of
    /// each section.
    pub(crate) fn of_sections(&self) -> Vec<Circumstance> {
        let sections = 0..self.agent.sections.len() as u32;
        sections.map(|section| self.told_by(self.headings(section))).collect()
    }

    fn told_by(&self, titles: impl Iterator<Item = usize>) -> Circumstance {
        let titles: BTreeSet<&Title> = titles.filter_map(|idx| self.titles[idx].as_ref()).collect();
        Circumstance::of(&titles)
    }

    /// The headings above a section and its own.
    fn headings(&self, section: u32) -> impl Iterator<Item = usize> {
        let sections = &self.agent.sections;
        let outer = |section: &u32| {
            let parent = sections[*section as usize].parent;
            (parent < *section).then_some(parent)
        };
        // The title of a file says what it is about, not when it holds.
        std::iter::successors(Some(section), outer).filter_map(|section| {
            let own = sections[section as usize];
            own.heading.filter(|_| own.level > 1).map(|idx| idx as usize)
        })
    }
}

/// Words that make a condition, each with the one that means the same.
const CONDITIONS: [(&str, &str); 12] = [
    ("if", "if"),
    ("when", "if"),
    ("whenever", "if"),
    ("once", "if"),
    ("unless", "unless"),
    ("until", "until"),
    ("before", "before"),
    ("prior", "before"),
    ("after", "after"),
    ("without", "without"),
    ("except", "except"),
    ("outside", "except"),
];

/// Words before what or where something is for.
const SCOPES: [&str; 8] = ["for", "in", "on", "at", "under", "during", "while", "phase"];

/// Words behind one of [`SCOPES`] that name nothing.
const OF_ANY_SCOPE: [&str; 22] = [
    "each", "every", "all", "any", "both", "general", "addition", "additional", "summary", "short",
    "conclusion", "particular", "detail", "order", "your", "this", "these", "example", "examples",
    "more", "further", "reference",
];

/// How an agent is started, which is no circumstance to it.
const STARTED: [&str; 14] = [
    "invoked", "called", "activated", "started", "launched", "asked", "delegated", "used",
    "assigned", "given", "triggered", "tasked", "engaged", "working",
];

/// Environments and platforms: a title of nothing else tells where.
const ENVIRONMENTS: [&str; 16] = [
    "production", "prod", "staging", "local", "locally", "ci", "windows", "linux", "unix", "macos",
    "mac", "ios", "android", "desktop", "mobile", "docker",
];

/// What may stand beside [`ENVIRONMENTS`] in a title.
const OF_ENVIRONMENTS: [&str; 10] = [
    "environment", "environments", "only", "platform", "platforms", "users", "machines", "mode",
    "builds", "and",
];

/// Words before a condition that change nothing about it.
const LEADING: [&str; 7] = ["only", "even", "and", "or", "but", "then", "also"];

/// With one of these begins what is to be done then.
const ENDS: [&str; 8] = ["you", "please", "always", "never", "ensure", "provide", "do", "use"];

/// Words that tell no circumstance from another.
const EMPTY: [&str; 30] = [
    "the", "a", "an", "your", "you", "this", "that", "these", "those", "is", "are", "be", "been",
    "being", "was", "were", "has", "have", "had", "of", "to", "and", "or", "it", "its", "their",
    "there", "will", "should", "must",
];

/// What a title says about when and where; `None` where it says nothing.
fn read(title: &str, language: Language) -> Option<Title> {
    let title = title.trim();
    if !may_tell(title) {
        return None;
    }
    let end = title.find([',', ':', ';', '—', '–', '(', '.', '：']);
    let clause = match strip_prefix_of_any_case(title, "phase ") {
        // "Phase 2: Build"
        Some(_) => title,
        None => title[..end.unwrap_or(title.len())].split(" - ").next().unwrap_or_default(),
    };
    let words: Vec<String> = clause
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’')))
        .filter(|word| word.contains(char::is_alphabetic))
        .map(str::to_lowercase)
        .skip_while(|word| LEADING.contains(&word.as_str()))
        .collect();
    let last = words.last()?;
    if title.ends_with([':', '：']) && clause.len() + 4 >= title.len() {
        let leaves_open = condition(last).is_some() || last == "for" && names(clause).count() > 0;
        let is_of_agent = |word: &String| matches!(word.as_str(), "agent" | "skill" | "this");
        if leaves_open && words.iter().any(is_of_agent) {
            return Some(usage(&words, "use".to_owned()));
        }
        if leaves_open {
            return title_of(Kind::Condition, stems(&words, language)?);
        }
    }
    let words_of_use: Vec<&str> = words.iter().map(String::as_str).collect();
    if let ["when", "to", rest @ ..] | ["when", "not", "to", rest @ ..] = &words_of_use[..] {
        return Some(usage(&words, language.stem(rest.first()?).into_owned()));
    }
    let (first, rest) = words.split_first()?;
    let second = rest.first().map_or("", String::as_str);
    if SCOPES.contains(&first.as_str()) {
        let is_named = !OF_ANY_SCOPE.contains(&second) && !STARTED.contains(&second);
        let words = stems(until_end(rest), language).filter(|_| is_named)?;
        return title_of(Kind::Scope, words);
    }
    let is_environment = |word: &String| ENVIRONMENTS.contains(&word.as_str());
    let is_of_environment = |word: &String| OF_ENVIRONMENTS.contains(&word.as_str());
    if words.iter().any(is_environment)
        && words.iter().all(|word| is_environment(word) || is_of_environment(word))
    {
        let words: Vec<String> = words.into_iter().filter(|word| is_environment(word)).collect();
        return title_of(Kind::Scope, stems(&words, language)?);
    }
    // Within a title only these begin a clause for sure: "What to do if it fails".
    let is_inner = |word: &str| matches!(word, "if" | "unless" | "when" | "whenever");
    let at = match condition(first) {
        Some(_) => 0,
        None => words.iter().position(|word| is_inner(word))?,
    };
    let (head, rest) = (words[at].as_str(), &words[at + 1..]);
    let second = rest.first().map_or("", String::as_str);
    let is_time = matches!(head, "when" | "whenever" | "once");
    if second == "to" && is_time || STARTED.contains(&second) {
        return None;
    }
    if is_time && (second == "you" || second.ends_with("ing")) {
        let rest = if second == "you" { &rest[1..] } else { rest };
        return title_of(Kind::Work, stems(until_end(rest), language)?);
    }
    let words = stems(until_end(rest), language)?;
    title_of(Kind::Condition, format!("{} {words}", condition(head)?))
}

fn title_of(kind: Kind, stems: String) -> Option<Title> {
    Some(Title { kind, stems })
}

/// A title that tells when to use the agent, or when not to.
fn usage(words: &[String], verb: String) -> Title {
    const NEGATIONS: [&str; 5] = ["not", "never", "don't", "don’t", "avoid"];
    let is_negated = words.iter().any(|word| NEGATIONS.contains(&word.as_str()));
    let stems = if is_negated { format!("not {verb}") } else { verb };
    Title { kind: Kind::Work, stems }
}

/// Whether a title has a word without which it tells no circumstance.
fn may_tell(title: &str) -> bool {
    let is_one_of =
        |word: &str, some: &[&str]| some.iter().any(|one| one.eq_ignore_ascii_case(word));
    let mut words = title.split(|c: char| !c.is_alphanumeric());
    words.any(|word| {
        let makes_condition = || CONDITIONS.iter().any(|(one, _)| one.eq_ignore_ascii_case(word));
        !word.is_empty()
            && (is_one_of(word, &SCOPES) || is_one_of(word, &ENVIRONMENTS) || makes_condition())
    })
}

fn condition(word: &str) -> Option<&'static str> {
    let mut all = CONDITIONS.iter();
    all.find(|(own, _)| *own == word).map(|(_, same)| *same)
}

/// The words of a clause up to what is to be done.
fn until_end(words: &[String]) -> &[String] {
    let begins = |word: &String| ENDS.contains(&word.as_str());
    let end = words.iter().skip(1).position(begins);
    &words[..end.map_or(words.len(), |end| end + 1)]
}

/// The stems of words that tell something, sorted; `None` where none does.
fn stems(words: &[String], language: Language) -> Option<String> {
    let telling = words.iter().filter(|word| !EMPTY.contains(&word.as_str()));
    let stems: BTreeSet<_> = telling.map(|word| language.stem(word)).collect();
    let stems: Vec<&str> = stems.iter().map(AsRef::as_ref).collect();
    (!stems.is_empty()).then(|| stems.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circumstance(title: &str) -> Circumstance {
        Circumstance::of(&read(title, Language::English).iter().collect())
    }

    #[test]
    fn titles_of_circumstances_are_told_apart() {
        for (one, other) in [
            ("If the tests pass:", "If the tests fail:"),
            ("If the tests pass:", "If the tests do not pass:"),
            ("Before the launch:", "After the launch:"),
            ("On Windows", "On Linux"),
            ("Production:", "Staging:"),
            ("Phase 1: Survey", "Phase 2: Build"),
            ("When mooring:", "When casting off:"),
            ("Use the crane when:", "Use the winch when:"),
            ("What to do if it leaks", "What to do if it burns"),
            ("When to use this agent", "When not to use this agent"),
            ("Use this agent when:", "Never use this agent when:"),
        ] {
            let (one, other) = (circumstance(one), circumstance(other));
            assert!(!one.covers(&other) && !other.covers(&one), "{one:?} {other:?}");
        }
    }

    #[test]
    fn titles_of_one_circumstance_are_equal() {
        for (one, other) in [
            ("If the tests fail:", "When a test fails, you will:"),
            ("On Windows:", "Windows users"),
            ("Prior to the launch", "Before launch:"),
            ("Only when it burns", "If it burns:"),
            ("When to use this agent", "Invoke this agent if:"),
        ] {
            assert_eq!(circumstance(one), circumstance(other), "{one} {other}");
        }
    }

    #[test]
    fn titles_of_topics_hold_always() {
        for title in [
            "When invoked:", "For each ship, give:", "For example:", "Local development",
            "Your tasks:", "",
        ] {
            assert_eq!(circumstance(title), Circumstance::ALWAYS, "{title}");
        }
    }

    #[test]
    fn what_holds_always_holds_in_a_scope_but_is_no_condition() {
        let always = Circumstance::ALWAYS;
        for (title, is_covered, covers) in [
            ("If it burns:", false, false),
            ("On Windows:", true, false),
            ("When mooring:", true, true),
        ] {
            let own = circumstance(title);
            assert_eq!(always.covers(&own), is_covered, "{title}");
            assert_eq!(own.covers(&always), covers, "{title}");
        }
    }
}
