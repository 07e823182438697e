//! Statements, and which of them say the same.
//!
//! A statement is a unit that advises something: no heading, no head of a
//! table, and no short lead-in such as "When reviewing:", which are titles of
//! what they introduce. "Write it to `a.md`:" says more than that.
//!
//! Statements of one *wording* (the same terms, direction, numbers and
//! circumstance) are folded, so that a collection's house text costs nothing.
//!
//! Which wording says another is told by [`Statement::says`]; likeness is no
//! chain: whatever is like something alike is compared itself.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::block::lead_ins;
use super::circumstance::{Circumstance, Circumstances};
use crate::agent::{Agent, Direction, Unit, UnitKind};
use crate::collection::Collection;
use crate::join::similar_pairs_of;
use crate::source::Sources;
use crate::statement::{Conditions, SAME, Statement, names, numbers};

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
    /// By wording: when and where it holds, an index of `known_circumstances`.
    circumstances: Vec<u32>,
    known_circumstances: Vec<Circumstance>,
}

/// What makes a wording.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Wording {
    content: Content,
    direction: Direction,
    numbers: Vec<String>,
    is_code: bool,
    conditions: Conditions,
    /// A number for when and where it holds; [`ALWAYS`] where no title tells.
    circumstance: u32,
}

/// The number of what holds always.
const ALWAYS: u32 = 0;

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
        Self::read(collection, sources, speaks, true)
    }

    /// The same of descriptions: their titles tell when an agent is called, not
    /// when a sentence holds.
    pub(crate) fn of_descriptions(collection: &Collection, sources: &Sources) -> Self {
        Self::read(collection, sources, |_| true, false)
    }

    fn read(
        collection: &Collection,
        sources: &Sources,
        speaks: impl Fn(u32) -> bool,
        has_circumstances: bool,
    ) -> Self {
        let mut of_circumstances = BTreeMap::from([(Circumstance::ALWAYS, ALWAYS)]);
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
            let mut circumstances = has_circumstances.then(|| Circumstances::new(agent, text));
            let mut own = Vec::with_capacity(agent.units.len());
            let mut voice: Vec<(u32, u32)> = Vec::new();
            for (at, unit) in agent.units.iter().enumerate() {
                let set = collection.unit_sets[id][at];
                let Some(mut wording) = wording(agent, unit, text, set) else {
                    own.push(None);
                    continue;
                };
                if let Some(circumstances) = &mut circumstances {
                    let next = of_circumstances.len() as u32;
                    let circumstance = circumstances.of(unit);
                    if circumstance != Circumstance::ALWAYS {
                        let number = of_circumstances.entry(circumstance);
                        wording.circumstance = *number.or_insert(next);
                    }
                }
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
        let known_circumstances = by_number(of_circumstances);
        let (sayers, opposed) =
            compare(collection, &wordings, &texts, &known_circumstances, has_circumstances);
        Self {
            of_units,
            holders,
            voices,
            sayers,
            opposed,
            circumstances: wordings.iter().map(|own| own.circumstance).collect(),
            known_circumstances,
        }
    }

    /// When and where a wording holds.
    pub(crate) fn circumstance(&self, wording: u32) -> &Circumstance {
        &self.known_circumstances[self.circumstances[wording as usize] as usize]
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
        let mut agents: Vec<u32> =
            sayers.flat_map(|&(sayer, _)| &self.holders[sayer as usize]).copied().collect();
        agents.sort_unstable();
        agents.dedup();
        agents
    }

    /// An agent's statements, to be asked what it says.
    pub fn voice(&self, agent: u32) -> Voice<'_> {
        Voice { units: &self.voices[agent as usize] }
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
    wordings.iter().find_map(|&(wording, cosine)| Some((voice.unit(wording)?, cosine)))
}

/// See [`Statements::sayers`] and [`Statements::opposed`].
type Likes = Vec<Vec<(u32, f64)>>;

/// The circumstances in the order of their numbers.
fn by_number(numbers: BTreeMap<Circumstance, u32>) -> Vec<Circumstance> {
    let mut all: Vec<(u32, Circumstance)> = numbers.into_iter().map(|(own, n)| (n, own)).collect();
    all.sort_unstable();
    all.into_iter().map(|(_, own)| own).collect()
}

/// Calls `relate` for all wordings of two sets of terms that may hold at once:
/// their circumstances are equal, or one of them is [`ALWAYS`]. Both lists are
/// sorted by circumstance.
fn each_at_once(lefts: &[(u32, u32)], rights: &[(u32, u32)], relate: &mut impl FnMut(u32, u32)) {
    let under = |number: u32| {
        let start = rights.partition_point(|(own, _)| *own < number);
        let end = rights.partition_point(|(own, _)| *own <= number);
        &rights[start..end]
    };
    for &(circumstance, left) in lefts {
        let (same, others) = match circumstance {
            ALWAYS => (rights, &[][..]),
            number => (under(number), under(ALWAYS)),
        };
        for &(_, right) in same.iter().chain(others) {
            relate(left, right);
        }
    }
}

/// `texts` has by wording the text of its first unit.
fn compare(
    collection: &Collection,
    wordings: &[Wording],
    texts: &[Cow<'_, str>],
    circumstances: &[Circumstance],
    has_circumstances: bool,
) -> (Likes, Likes) {
    // By set of terms: its wordings, each behind the number of its circumstance.
    let mut of_set: Vec<Vec<(u32, u32)>> = vec![Vec::new(); collection.units.len()];
    for (id, wording) in (0..).zip(wordings) {
        if let Content::Terms(set) = wording.content {
            of_set[set as usize].push((wording.circumstance, id));
        }
    }
    of_set.iter_mut().for_each(|of_one| of_one.sort_unstable());
    let mut sayers: Likes = (0..wordings.len() as u32).map(|id| vec![(id, 1.0)]).collect();
    let mut opposed: Likes = vec![Vec::new(); wordings.len()];
    let statement = |wording: u32, set: u32| Statement {
        text: &texts[wording as usize],
        set,
        direction: wordings[wording as usize].direction,
        is_code: wordings[wording as usize].is_code,
    };
    let mut relate = |(said, said_set): (u32, u32), (by, by_set): (u32, u32), cosine: f64| {
        let (own, other) = (&wordings[said as usize], &wordings[by as usize]);
        let circumstance = |wording: &Wording| &circumstances[wording.circumstance as usize];
        let have_same_conditions = || {
            let (text, by_text) = (&texts[said as usize], &texts[by as usize]);
            own.conditions.are_those_of(text, &other.conditions, by_text)
        };
        if statement(by, by_set).says_of_a_time(&statement(said, said_set), &collection.units) {
            let is_free = !has_circumstances || own.is_code;
            if circumstance(other).covers(circumstance(own)) && (is_free || have_same_conditions())
            {
                sayers[said as usize].push((by, cosine));
            }
        } else if (own.direction != other.direction || differ_in_numbers(own, other))
            && have_same_conditions()
        {
            opposed[said as usize].push((by, cosine));
        }
    };
    for (set, of_one) in (0..).zip(&of_set) {
        each_at_once(of_one, of_one, &mut |said, by| {
            if said != by {
                relate((said, set), (by, set), 1.0);
            }
        });
    }
    let (units, counts) = (&collection.units, |set: u32| !of_set[set as usize].is_empty());
    for pair in similar_pairs_of(units, SAME, units.n_terms(), counts) {
        let (lefts, rights) = (&of_set[pair.left as usize], &of_set[pair.right as usize]);
        each_at_once(lefts, rights, &mut |left, right| {
            let (left, right) = ((left, pair.left), (right, pair.right));
            relate(left, right, pair.similarity);
            relate(right, left, pair.similarity);
        });
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
    let is_code = unit.kind == UnitKind::Code;
    let conditions = match is_code {
        true => Conditions::default(),
        false => Conditions::of(&text),
    };
    Some(Wording {
        content,
        direction: unit.direction,
        numbers,
        is_code,
        conditions,
        circumstance: ALWAYS,
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
const CIRCUMSTANCES: [&str; 12] =
    ["for", "when", "if", "in", "on", "with", "before", "after", "while", "during", "as", "to"];

/// Words that make an order of a lead-in.
const ORDERS: [&str; 3] = ["always", "never", "must"];

/// Words in capitals that name nothing.
const EMPHASIS: [&str; 7] = ["NOT", "NEVER", "ALWAYS", "MUST", "DO", "ONLY", "ALL"];

/// Words that have no capital within a title.
const CONJUNCTIONS: [&str; 4] = ["and", "or", "of", "the"];

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
    let words = || text.split(|c| !is_letter(c)).filter(|word| !word.is_empty());
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
    let is_small = |word: &&str| !is_capital(word) && !is_one_of(word, &CONJUNCTIONS);
    let is_in_title_case = n_capital > words().skip(1).filter(is_small).count();
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
    let mut is_label = vec![false; agent.units.len()];
    let lead_ins = lead_ins(agent, source);
    for (at, (unit, lead_in)) in agent.units.iter().zip(lead_ins).enumerate() {
        if let Some(lead_in) = lead_in {
            introduces[lead_in as usize] = true;
            is_label[lead_in as usize] = unit.lead_in.is_none();
        }
        // "When reviewing, you will:" above the headings of what is done then.
        if unit.kind == UnitKind::Heading && at > 0 {
            introduces[at - 1] = true;
        }
    }
    let is_title = |((unit, introduces), is_label): ((&Unit, bool), bool)| {
        let text = agent.unit_text(unit, source);
        let is_short = || {
            text.trim_end().ends_with([':', '：'])
                && text.split_whitespace().count() <= MAX_TITLE_WORDS
                && !says_something(&text, unit.span.of(source))
        };
        unit.kind == UnitKind::Heading
            || unit.is_table_head(source)
            || is_label
            || (introduces && is_short())
    };
    let units = agent.units.iter().zip(introduces).zip(is_label);
    units.map(is_title).collect()
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
            "UI and Styling:",
            "OUTPUT STRUCTURE:",
            "Your tasks:",
            "",
        ] {
            assert!(!says_something(text, text), "{text}");
        }
    }
}
