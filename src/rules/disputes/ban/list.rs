//! Lists whose heading or lead-in says what their items are.

use crate::agent::{Agent, MAX_INTRODUCTION_BYTES, Unit, UnitKind};

/// Whose business a list of what is not to be done is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rules::disputes) enum Listed {
    /// Nobody does it.
    Forbidden,
    /// The agent leaves it to others.
    OwnLimit,
}

/// Titles and lead-ins of lists of what is not to be done, in lower case.
const LISTS: &[(&str, Listed)] = &[
    ("never", Listed::Forbidden),
    ("never do", Listed::Forbidden),
    ("never do this", Listed::Forbidden),
    ("never use", Listed::Forbidden),
    ("don't", Listed::Forbidden),
    ("don'ts", Listed::Forbidden),
    ("don't use", Listed::Forbidden),
    ("do not", Listed::Forbidden),
    ("do not use", Listed::Forbidden),
    ("must not", Listed::Forbidden),
    ("you must not", Listed::Forbidden),
    ("you must never", Listed::Forbidden),
    ("forbidden", Listed::Forbidden),
    ("prohibited", Listed::Forbidden),
    ("not allowed", Listed::Forbidden),
    ("avoid", Listed::Forbidden),
    ("nunca", Listed::Forbidden),
    ("niemals", Listed::Forbidden),
    ("verboten", Listed::Forbidden),
    ("prohibido", Listed::Forbidden),
    ("никогда", Listed::Forbidden),
    ("you do not", Listed::OwnLimit),
    ("you don't", Listed::OwnLimit),
    ("what you do not do", Listed::OwnLimit),
    ("what you don't do", Listed::OwnLimit),
    ("what this agent does not do", Listed::OwnLimit),
    ("this agent does not", Listed::OwnLimit),
    ("will not", Listed::OwnLimit),
];

/// The lists of an agent by which its items are not to be done.
#[derive(Debug)]
pub(in crate::rules::disputes) struct BanLists<'a> {
    agent: &'a Agent,
    source: &'a str,
    /// The last title asked about: items follow each other.
    last: Option<(&'a Unit, Option<Listed>)>,
}

impl<'a> BanLists<'a> {
    pub(in crate::rules::disputes) fn new(agent: &'a Agent, source: &'a str) -> Self {
        Self { agent, source, last: None }
    }

    /// Whether a unit stands in a list of what is not to be done.
    pub(in crate::rules::disputes) fn of(&mut self, unit: &Unit) -> Option<Listed> {
        if unit.kind != UnitKind::Item {
            return None;
        }
        let title = self.agent.introductions(unit).next()?;
        match self.last {
            Some((last, listed)) if std::ptr::eq(last, title) => listed,
            _ => {
                let text = self.agent.unit_start(title, self.source, MAX_INTRODUCTION_BYTES);
                let listed = listed_below(&text);
                self.last = Some((title, listed));
                listed
            }
        }
    }
}

/// What the title of a list says of its items.
fn listed_below(title: &str) -> Option<Listed> {
    let title = title.trim_matches(|c: char| !c.is_alphabetic());
    let found = if title.is_ascii() {
        LISTS.iter().find(|(list, _)| list.eq_ignore_ascii_case(title))
    } else {
        let title = title.to_lowercase().replace('’', "'");
        LISTS.iter().find(|(list, _)| *list == title)
    };
    found.map(|&(_, listed)| listed)
}
