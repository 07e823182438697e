//! Statements, and which of them say the same.
//!
//! A statement is a unit that advises something: no heading, no head of a
//! table, and no short lead-in such as "When reviewing:", which are titles of
//! what they introduce. "Write it to `a.md`:" says more than that.
//!
//! Statements of one *wording* (the same terms, direction and numbers) are
//! folded, so that a collection's house text costs nothing.
//!
//! Which wording says another is told by [`Statement::says`]; likeness is no
//! chain: whatever is like something alike is compared itself.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::agent::{Agent, Direction, Unit, UnitKind};
use crate::collection::Collection;
use crate::join::similar_pairs_of;
use crate::source::Sources;
use crate::statement::{SAME, Statement, names, numbers};

/// The wordings of a collection, and who says whom.
#[derive(Debug)]
pub struct Statements {
    /// By agent, by unit: its wording; `None` for titles and for units without
    /// a letter or digit.
    pub of_units: Vec<Vec<Option<u32>>>,
    /// By wording: the agents that have it as a statement, ascending.
    pub holders: Vec<Vec<u32>>,
    /// By agent: its wordings with the first unit of each, by wording; those
    /// of lead-ins and heads of tables too. What stands in a title is said.
    voices: Vec<Vec<(u32, u32)>>,
    /// By wording: those that say it, best first, with their cosines; itself comes first.
    sayers: Vec<Vec<(u32, f64)>>,
    /// By wording: those about as alike that do not say it, for their
    /// direction or their numbers, best first.
    opposed: Vec<Vec<(u32, f64)>>,
}

/// What makes a wording.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Wording {
    content: Content,
    direction: Direction,
    numbers: Vec<String>,
    is_code: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Content {
    /// A set of terms of the collection.
    Terms(u32),
    /// The text itself, where no word of it weighs anything: "Do it now."
    Text(String),
}

impl Statements {
    /// Folds and compares the statements of all agents. Time and memory are
    /// those of [`similar_pairs_of`] on the distinct units.
    pub fn new(collection: &Collection, sources: &Sources) -> Self {
        Self::of(collection, sources, |_| true)
    }

    /// The same of the agents alone that `speaks` holds of; others are silent.
    pub fn of(collection: &Collection, sources: &Sources, speaks: impl Fn(u32) -> bool) -> Self {
        let mut ids: BTreeMap<Wording, u32> = BTreeMap::new();
        let mut wordings: Vec<Wording> = Vec::new();
        let mut texts: Vec<Cow<'_, str>> = Vec::new();
        let mut of_units = Vec::with_capacity(collection.agents.len());
        let mut voices = Vec::with_capacity(collection.agents.len());
        let mut holders: Vec<Vec<u32>> = Vec::new();
        for (id, agent) in collection.agents.iter().enumerate() {
            if !speaks(id as u32) {
                voices.push(Vec::new());
                of_units.push(vec![None; agent.units.len()]);
                continue;
            }
            let text = sources.text(agent.file);
            let is_title = titles(agent, text);
            let mut own = Vec::with_capacity(agent.units.len());
            let mut voice: Vec<(u32, u32)> = Vec::new();
            for (at, unit) in agent.units.iter().enumerate() {
                let set = collection.unit_sets[id][at];
                let Some(wording) = wording(agent, unit, text, set) else {
                    own.push(None);
                    continue;
                };
                let next = wordings.len() as u32;
                let wording_id = *ids.entry(wording.clone()).or_insert(next);
                if wording_id == next {
                    wordings.push(wording);
                    texts.push(agent.unit_text(unit, text));
                    holders.push(Vec::new());
                }
                voice.push((wording_id, at as u32));
                own.push((!is_title[at]).then_some(wording_id));
                let holders = &mut holders[wording_id as usize];
                if !is_title[at] && holders.last() != Some(&(id as u32)) {
                    holders.push(id as u32);
                }
            }
            voice.sort_unstable();
            voice.dedup_by_key(|(wording, _)| *wording);
            voices.push(voice);
            of_units.push(own);
        }
        drop(ids);
        let (sayers, opposed) = compare(collection, &wordings, &texts);
        Self {
            of_units,
            holders,
            voices,
            sayers,
            opposed,
        }
    }

    /// Number of wordings.
    pub fn len(&self) -> usize {
        self.holders.len()
    }

    /// Whether nobody says anything.
    pub fn is_empty(&self) -> bool {
        self.holders.is_empty()
    }

    /// The wordings that say this one, best first, with their cosines in
    /// [`SAME`]`..=1`; itself comes first.
    pub fn sayers(&self, wording: u32) -> &[(u32, f64)] {
        &self.sayers[wording as usize]
    }

    /// The agents with a statement that says this one, ascending.
    pub fn said_by(&self, wording: u32) -> Vec<u32> {
        let sayers = self.sayers(wording).iter();
        let mut agents: Vec<u32> = sayers
            .flat_map(|&(sayer, _)| &self.holders[sayer as usize])
            .copied()
            .collect();
        agents.sort_unstable();
        agents.dedup();
        agents
    }

    /// An agent's statements, to be asked what it says.
    pub fn voice(&self, agent: u32) -> Voice<'_> {
        Voice {
            units: &self.voices[agent as usize],
        }
    }

    /// The unit of `voice` that says a wording best, and the cosine.
    pub fn said(&self, wording: u32, voice: &Voice<'_>) -> Option<(u32, f64)> {
        first_of(voice, self.sayers(wording))
    }

    /// The unit of `voice` that speaks of the same as a wording, but the other
    /// way round or with other numbers, and the cosine.
    pub fn opposed(&self, wording: u32, voice: &Voice<'_>) -> Option<(u32, f64)> {
        first_of(voice, &self.opposed[wording as usize])
    }
}

/// The statements of one agent by wording.
#[derive(Debug, Clone, Copy)]
pub struct Voice<'a> {
    units: &'a [(u32, u32)],
}

impl Voice<'_> {
    /// The agent's first unit with a wording.
    pub fn unit(&self, wording: u32) -> Option<u32> {
        let at = self.units.partition_point(|&(own, _)| own < wording);
        let &(own, unit) = self.units.get(at)?;
        (own == wording).then_some(unit)
    }
}

fn first_of(voice: &Voice<'_>, wordings: &[(u32, f64)]) -> Option<(u32, f64)> {
    wordings
        .iter()
        .find_map(|&(wording, cosine)| Some((voice.unit(wording)?, cosine)))
}

/// See [`Statements::sayers`] and [`Statements::opposed`].
type Likes = Vec<Vec<(u32, f64)>>;

/// `texts` has by wording the text of its first unit.
fn compare(
    collection: &Collection,
    wordings: &[Wording],
    texts: &[Cow<'_, str>],
) -> (Likes, Likes) {
    let mut of_set: Vec<Vec<u32>> = vec![Vec::new(); collection.units.len()];
    for (id, wording) in wordings.iter().enumerate() {
        if let Content::Terms(set) = wording.content {
            of_set[set as usize].push(id as u32);
        }
    }
    let mut sayers: Likes = (0..wordings.len() as u32)
        .map(|id| vec![(id, 1.0)])
        .collect();
    let mut opposed: Likes = vec![Vec::new(); wordings.len()];
    let statement = |wording: u32, set: u32| Statement {
        text: &texts[wording as usize],
        set,
        direction: wordings[wording as usize].direction,
        is_code: wordings[wording as usize].is_code,
    };
    let mut relate = |(said, said_set): (u32, u32), (by, by_set): (u32, u32), cosine: f64| {
        let (own, other) = (&wordings[said as usize], &wordings[by as usize]);
        if statement(by, by_set).says(&statement(said, said_set), &collection.units) {
            sayers[said as usize].push((by, cosine));
        } else if own.direction != other.direction || differ_in_numbers(own, other) {
            opposed[said as usize].push((by, cosine));
        }
    };
    for (set, of_one) in (0..).zip(&of_set) {
        for &said in of_one {
            for &by in of_one.iter().filter(|&&by| by != said) {
                relate((said, set), (by, set), 1.0);
            }
        }
    }
    let (units, counts) = (&collection.units, |set: u32| {
        !of_set[set as usize].is_empty()
    });
    for pair in similar_pairs_of(units, SAME, units.n_terms(), counts) {
        for &left in &of_set[pair.left as usize] {
            for &right in &of_set[pair.right as usize] {
                let (left, right) = ((left, pair.left), (right, pair.right));
                relate(left, right, pair.similarity);
                relate(right, left, pair.similarity);
            }
        }
    }
    for list in sayers.iter_mut().chain(&mut opposed) {
        list.sort_by(|a, b| b.1.total_cmp(&a.1));
    }
    // A sort keeps equals in order, so that a wording says itself first.
    (sayers, opposed)
}

/// Whether both name numbers, and not the same ones.
fn differ_in_numbers(own: &Wording, other: &Wording) -> bool {
    !own.numbers.is_empty() && !other.numbers.is_empty() && own.numbers != other.numbers
}

/// `None` for a heading, and where there is no letter or digit.
fn wording(agent: &Agent, unit: &Unit, source: &str, set: Option<u32>) -> Option<Wording> {
    if unit.kind == UnitKind::Heading {
        return None;
    }
    let text = agent.unit_text(unit, source);
    let content = match set {
        Some(set) => Content::Terms(set),
        None => Content::Text(literal(&text)?),
    };
    let numbers = numbers(&text).into_iter().map(str::to_owned).collect();
    Some(Wording {
        content,
        direction: unit.direction,
        numbers,
        is_code: unit.kind == UnitKind::Code,
    })
}

/// The text with white space folded; `None` where it has no letter or digit.
fn literal(text: &str) -> Option<String> {
    if !text.contains(char::is_alphanumeric) {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    Some(words.join(" "))
}

/// A longer lead-in says something of its own.
const MAX_TITLE_WORDS: usize = 8;

/// Words with which a lead-in begins that tells when its list holds, which is
/// nothing without the list.
const CIRCUMSTANCES: [&str; 12] = [
    "for", "when", "if", "in", "on", "with", "before", "after", "while", "during", "as", "to",
];

/// Words that make an order of a lead-in.
const ORDERS: [&str; 3] = ["always", "never", "must"];

/// Words in capitals that name nothing.
const EMPHASIS: [&str; 7] = ["NOT", "NEVER", "ALWAYS", "MUST", "DO", "ONLY", "ALL"];

/// So many letters has a word that says what is ordered, at least.
const MIN_LETTERS: usize = 5;

/// Whether a lead-in says something that its list does not: it has a number, or
/// it tells what to do with something that it names. `marked` is its text with
/// markup.
fn says_something(text: &str, marked: &str) -> bool {
    if text.contains(|c: char| c.is_ascii_digit()) {
        return true;
    }
    let is_letter = |c: char| c.is_alphanumeric() || c == '\'';
    let words = || {
        text.split(|c| !is_letter(c))
            .filter(|word| !word.is_empty())
    };
    let is_one_of =
        |word: &str, some: &[&str]| some.iter().any(|one| one.eq_ignore_ascii_case(word));
    let Some(first) = words().next() else {
        return false;
    };
    if is_one_of(first, &CIRCUMSTANCES) {
        return false;
    }
    let is_capital = |word: &&str| word.starts_with(char::is_uppercase);
    let n_capital = words().skip(1).filter(is_capital).count();
    let is_in_title_case = n_capital > words().count() - 1 - n_capital;
    let is_name = |word: &str| !EMPHASIS.contains(&word);
    let names_something = || !is_in_title_case && names(text).any(is_name);
    let is_order = || {
        let objects = words().filter(|word| word.len() >= MIN_LETTERS && !is_one_of(word, &ORDERS));
        words().any(|word| is_one_of(word, &ORDERS)) && objects.count() > 1
    };
    marked.contains('`') || names_something() || is_order()
}

/// By unit: whether it is the title of others.
fn titles(agent: &Agent, source: &str) -> Vec<bool> {
    let mut introduces = vec![false; agent.units.len()];
    for (at, unit) in agent.units.iter().enumerate() {
        if let Some(lead_in) = unit.lead_in {
            introduces[lead_in as usize] = true;
        }
        // "When reviewing, you will:" above the headings of what is done then.
        if unit.kind == UnitKind::Heading && at > 0 {
            introduces[at - 1] = true;
        }
    }
    let is_title = |(unit, introduces): (&Unit, bool)| {
        let text = agent.unit_text(unit, source);
        let is_short = || {
            text.trim_end().ends_with([':', '：'])
                && text.split_whitespace().count() <= MAX_TITLE_WORDS
                && !says_something(&text, unit.span.of(source))
        };
        unit.kind == UnitKind::Heading || unit.is_table_head(source) || (introduces && is_short())
    };
    agent.units.iter().zip(introduces).map(is_title).collect()
}

#[cfg(test)]
mod tests {
    use super::says_something;

    #[test]
    fn a_lead_in_that_orders_or_names_something_is_a_statement() {
        for text in [
            "Write it to `out/plan.md` with these parts:",
            "Use PostgreSQL for:",
            "Always include security headers:",
            "Answer within 3 days:",
        ] {
            assert!(says_something(text, text), "{text}");
        }
        for text in [
            "Never:",
            "You must NOT:",
            "When reviewing TypeScript, you will:",
            "Best Practices for Testing:",
            "OUTPUT STRUCTURE:",
            "Your tasks:",
            "",
        ] {
            assert!(!says_something(text, text), "{text}");
        }
    }
}
