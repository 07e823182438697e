//! An agent's statements as plain text, with the names of options found in them.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use super::MAX_STATEMENT_BYTES;
use crate::agent::{Agent, UnitKind};
use crate::facet::scan::{Hit, Scanner, Target};

/// Where a statement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the trigger text of the description.
    Description,
    /// In a unit of the body.
    Unit(u32),
}

/// A statement in prose with at least one name in it.
#[derive(Debug, Clone)]
pub(crate) struct Statement<'a> {
    /// Where it stands.
    pub(crate) place: Place,
    /// What it says. White space is single spaces and `’` an apostrophe.
    pub(crate) text: Cow<'a, str>,
    /// Its names among those of the reading.
    hits: Range<usize>,
}

/// A statement in prose that names a measure and has a digit in it.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    /// The unit.
    pub(crate) unit_idx: u32,
    /// Its text, in lower case as far as it is ASCII, small numbers in digits;
    /// each byte stands where it stood.
    pub(crate) lower: String,
    /// The names of measures: the facet, and the bytes of the text. Of names
    /// inside one another the longest.
    pub(crate) measures: Vec<(u32, Range<usize>)>,
}

/// What one agent says in prose that names an option or a measure.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reading<'a> {
    statements: Vec<Statement<'a>>,
    hits: Vec<Hit>,
}

/// The names in texts that were read before, by number of the text: texts repeat.
#[derive(Debug)]
pub(crate) struct Known(Vec<OnceLock<Box<[Hit]>>>);

impl Known {
    /// Of texts numbered up to `n_texts`, none of which was read yet.
    pub(crate) fn new(n_texts: usize) -> Self {
        Self(vec![OnceLock::new(); n_texts])
    }
}

impl<'a> Reading<'a> {
    /// Reads the trigger text and the units of `agent`, those of code left out.
    #[cfg(test)]
    pub(crate) fn new(agent: &'a Agent, source: &'a str, scanner: &Scanner) -> Self {
        let texts: Vec<u32> = (0..).take(agent.units.len()).collect();
        Self::with_known(agent, source, scanner, &Known::new(texts.len()), &texts)
    }

    /// [`Self::new`], where texts are `known` by the numbers of the agent's units.
    pub(crate) fn with_known(
        agent: &'a Agent,
        source: &'a str,
        scanner: &Scanner,
        known: &Known,
        texts: &[u32],
    ) -> Self {
        let mut reading = Self::default();
        let trigger = even(Cow::Borrowed(agent.description.trigger.as_str()));
        let hits = scanner.hits(&trigger);
        reading.add(Place::Description, trigger, &hits);
        for (idx, (unit, &text)) in (0..).zip(agent.units.iter().zip(texts)) {
            if unit.kind == UnitKind::Code {
                continue;
            }
            let place = Place::Unit(idx);
            let known = &known.0[text as usize];
            let code = agent.code_ranges(unit, source);
            if code.is_empty() && known.get().is_some_and(|hits| hits.is_empty()) {
                continue;
            }
            let text = agent.unit_text(unit, source);
            // Other places of the same text may not be marked as code.
            if !code.is_empty() && is_even(&text) && scanner.marks(&text, &code) {
                let hits = scanner.hits_with_code(&text, &code);
                reading.add(place, text, &hits);
                continue;
            }
            let text = even(text);
            let hits = known.get_or_init(|| scanner.hits(&text).into());
            reading.add(place, text, hits);
        }
        reading
    }

    /// Adds a statement with its names.
    fn add(&mut self, place: Place, text: Cow<'a, str>, names: &[Hit]) {
        if !names.is_empty() {
            let from = self.hits.len();
            self.hits.extend(names);
            let hits = from..self.hits.len();
            self.statements.push(Statement { place, text, hits });
        }
    }

    /// The statements, in the order of the file.
    pub(crate) fn statements(&self) -> &[Statement<'a>] {
        &self.statements
    }

    /// The statements that may set a figure, in the order of the file.
    pub(crate) fn figures(&self, agent: &Agent) -> Vec<Figure> {
        let figure = |statement: &Statement| {
            let Place::Unit(unit_idx) = statement.place else {
                return None;
            };
            let kind = agent.units[unit_idx as usize].kind;
            let text = &statement.text;
            if !kind.is_text() || text.len() > MAX_STATEMENT_BYTES {
                return None;
            }
            let measures = outermost(self.hits(statement));
            if measures.is_empty() {
                return None;
            }
            let lower = in_digits(&text.to_ascii_lowercase());
            lower.bytes().any(|byte| byte.is_ascii_digit()).then_some(Figure {
                unit_idx,
                lower,
                measures,
            })
        };
        self.statements.iter().filter_map(figure).collect()
    }

    /// The names in a statement, in order.
    pub(crate) fn hits(&self, statement: &Statement) -> &[Hit] {
        &self.hits[statement.hits.clone()]
    }
}

/// A text with "two" as "  2".
pub(crate) fn in_digits(lower: &str) -> String {
    let is_border = |c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_');
    let mut text = String::with_capacity(lower.len());
    for piece in lower.split_inclusive(is_border) {
        let word = piece.trim_end_matches(is_border);
        text.push_str(digits(word).unwrap_or(word));
        text.push_str(&piece[word.len()..]);
    }
    text
}

/// A small number in digits, as long as it is in words.
fn digits(word: &str) -> Option<&'static str> {
    Some(match word {
        "one" => "  1",
        "two" | "dos" => "  2",
        "three" => "    3",
        "four" => "   4",
        "five" => "   5",
        "six" => "  6",
        "seven" => "    7",
        "eight" => "    8",
        "nine" => "   9",
        "ten" => " 10",
        "tres" | "drei" => "   3",
        "cuatro" | "quatre" => "     4",
        "zwei" | "deux" => "   2",
        "vier" => "   4",
        "trois" => "    3",
        _ => return None,
    })
}

/// The names of measures that lie in no longer one, of names by where they
/// begin and end.
fn outermost(hits: &[Hit]) -> Vec<(u32, Range<usize>)> {
    let measures: Vec<(u32, Range<usize>)> = hits
        .iter()
        .filter_map(|hit| match hit.target {
            Target::Measure(facet) => Some((facet, hit.start as usize..hit.end as usize)),
            Target::Option(_) => None,
        })
        .collect();
    let mut outermost = Vec::new();
    // Where the last of the names ends that begin before.
    let mut covered = 0;
    for of_start in measures.chunk_by(|(_, one), (_, other)| one.start == other.start) {
        let end = of_start.last().map_or(0, |(_, longest)| longest.end);
        if end > covered {
            covered = end;
            let longest = of_start.iter().filter(|(_, range)| range.end == end);
            outermost.extend(longest.cloned());
        }
    }
    outermost
}

/// A text as [`Statement::text`] has it.
fn even(text: Cow<'_, str>) -> Cow<'_, str> {
    if is_even(&text) { text } else { Cow::Owned(evened(&text)) }
}

/// A text with words one space apart, and `'` for `’`.
fn evened(text: &str) -> String {
    let mut even = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !even.is_empty() {
            even.push(' ');
        }
        even.push_str(word);
    }
    if even.contains('’') {
        even = even.replace('’', "'");
    }
    even
}

/// Whether [`evened`] would change nothing, texts with control characters aside.
fn is_even(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return true;
    };
    // Without a way out, so that many bytes are looked at in one step.
    const ODD: u8 = 1;
    let pairs = bytes.iter().zip(&bytes[1..]);
    let seen = pairs.fold(0, |seen, (left, right)| {
        let is_double = u8::from(*left == b' ') & u8::from(*right == b' ');
        seen | u8::from(*left < b' ') | is_double | left & !0x7F
    });
    let is_odd = |c: char| c == '’' || !c.is_ascii() && c.is_whitespace();
    *first != b' '
        && *last > b' '
        && seen & ODD == 0
        && ((seen | last).is_ascii() || !text.contains(is_odd))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_small_number_is_told_in_digits() {
        for (text, expected) in [
            ("wait two minutes; run two", "wait   2 minutes; run   2"),
            ("one, two—ten.", "  1,   2— 10."),
            ("someone two-fold two_x two", "someone two-fold two_x   2"),
            ("deux fois, quatre", "   2 fois,      4"),
            ("", ""),
        ] {
            let found = in_digits(text);
            assert_eq!(found, expected);
            assert_eq!(found.len(), text.len());
        }
    }

    proptest! {
        #[test]
        fn outermost_names_lie_in_no_longer_one(
            mut names in prop::collection::vec((0u32..12, 1u32..6, 0u32..3), 0..12),
        ) {
            names.sort_unstable();
            let hits: Vec<Hit> = (names.iter())
                .map(|&(start, len, facet)| Hit {
                    target: Target::Measure(facet),
                    start,
                    end: start + len,
                })
                .collect();
            let is_within = |inner: &Hit, outer: &Hit| {
                outer.start <= inner.start
                    && inner.end <= outer.end
                    && inner.end - inner.start < outer.end - outer.start
            };
            let expected: Vec<(u32, Range<usize>)> = (names.iter().zip(&hits))
                .filter(|(_, hit)| !hits.iter().any(|outer| is_within(hit, outer)))
                .map(|(&(_, _, facet), hit)| (facet, hit.start as usize..hit.end as usize))
                .collect();
            prop_assert_eq!(outermost(&hits), expected);
        }

        #[test]
        fn even_texts_stay_as_they_are(text in "[ \t\u{a0}’a-c.é\n]{0,5}[ a-c]{0,40}[ \t’a]{0,2}") {
            if is_even(&text) {
                prop_assert_eq!(&evened(&text), &text);
            }
        }
    }
}
