//! Which statements of two agents say the same, and which only one of them has.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

use super::words::{Segment, word_diff};
use crate::agent::{Agent, Direction, Unit, UnitKind};
use crate::align::{Aligner, UnitMatch, one_to_one};
use crate::finding::rounded;
use crate::rules::Facts;

/// The statements of two texts, each in one place of this.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Alignment {
    /// What both say, in the order of the left text.
    pub matches: Vec<Match>,
    /// What only the left one says, in its order.
    pub only_left: Vec<Statement>,
    /// What only the right one says, in its order.
    pub only_right: Vec<Statement>,
}

/// Two statements that say the same thing, or speak of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Match {
    /// Cosine, in 0..=1.
    #[serde(serialize_with = "rounded")]
    pub similarity: f64,
    /// In what they differ, the gravest first; nothing where they are the same.
    pub differs: Vec<Difference>,
    /// The left one.
    pub left: Statement,
    /// The right one.
    pub right: Statement,
}

/// Share of the text that two statements must have in common for the words
/// between to be worth marking: less is one statement in other words.
const MIN_COMMON_SHARE: f64 = 0.4;

/// In what two matching statements differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Difference {
    /// One advises what the other warns of.
    Direction,
    /// Other numbers stand in one place.
    Numbers,
    /// Some words stand for others.
    Words,
    /// The same is told in other words, or something near to it.
    Wording,
}

/// A unit with its place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Statement {
    /// Index among the agent's units; 0 for a sentence of the description.
    #[serde(skip)]
    pub unit_idx: u32,
    /// The headings above it, joined by ` › `; empty before the first one.
    pub section: String,
    /// First line, from 1.
    pub line: u32,
    /// Last line, from 1.
    pub end_line: u32,
    /// Text without markup.
    pub text: String,
    /// Whether it warns of what it says: it stands under "Never" and the like.
    pub warning: bool,
    /// The text cut where it begins and ceases to differ from that of its
    /// match; empty where it is the same or told in other words throughout.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Segment>,
}

impl Match {
    /// Two statements with what they differ in.
    pub(super) fn new(
        similarity: f64,
        (mut left, left_form): (Statement, Form),
        (mut right, right_form): (Statement, Form),
    ) -> Self {
        let diff = word_diff(&left.text, &right.text);
        let is_same = if left_form.is_code || right_form.is_code {
            let mut words = left.text.split_whitespace();
            words.by_ref().eq(right.text.split_whitespace())
        } else {
            diff.is_same()
        };
        let is_reworded = !is_same && diff.common_share() < MIN_COMMON_SHARE;
        let mut differs = Vec::new();
        // What is told in other words may forbid the contrary.
        let are_opposed = left_form.direction.is_some()
            && right_form.direction.is_some()
            && left_form.direction != right_form.direction;
        if are_opposed && !is_reworded {
            differs.push(Difference::Direction);
        }
        if is_reworded {
            differs.push(Difference::Wording);
        } else if !is_same {
            if diff.has_other_numbers() {
                differs.push(Difference::Numbers);
            }
            differs.push(Difference::Words);
            (left.segments, right.segments) = (diff.left, diff.right);
        }
        Self { similarity, differs, left, right }
    }
}

/// How a statement is to be compared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    /// Advice or warning; `None` of what is neither: code and headings.
    pub(super) direction: Option<Direction>,
    /// Whether every sign counts.
    pub(super) is_code: bool,
}

impl Form {
    fn of(kind: UnitKind, direction: Direction) -> Self {
        Self {
            direction: (!matches!(kind, UnitKind::Code | UnitKind::Heading)).then_some(direction),
            is_code: kind == UnitKind::Code,
        }
    }
}

/// Statements by the sections of both texts: what the arrangement is made of.
pub(super) struct Aligned {
    pub(super) alignment: Alignment,
    /// Sections of the left and of the right agent with the same title.
    pub(super) titles: Vec<(u32, u32)>,
    /// Statements that repeat one of the same text, left and right.
    pub(super) n_repeated: (usize, usize),
}

/// The statements of the bodies of two agents: which match (a cosine of at
/// least `unit_match` and enough words in common, or nearly all words the same;
/// each in one match at most), and which have no like in the other. What an agent says more often than the
/// other, in the same words, is listed once. Titles of sections are none,
/// unless nothing stands below.
pub(super) fn aligned(facts: &Facts<'_>, left: u32, right: u32, unit_match: f64) -> Aligned {
    let (mut lefts, mut rights) = (Side::new(facts, left), Side::new(facts, right));
    let mut found: Vec<(u32, u32, f64)> = Vec::new();
    let mut titles = Vec::new();
    for (left_key, right_key, similarity) in key_pairs(facts, &lefts, &rights, unit_match) {
        for (left_unit, right_unit) in pair_up(&mut lefts, &left_key, &mut rights, &right_key) {
            match (lefts.title_of(left_unit), rights.title_of(right_unit)) {
                (Some(left), Some(right)) => titles.push((left, right)),
                _ => found.push((left_unit, right_unit, similarity)),
            }
        }
    }
    for near in near_copies(&lefts, &rights) {
        lefts.close(near.left_unit);
        rights.close(near.right_unit);
        found.push((near.left_unit, near.right_unit, near.similarity));
    }
    found.sort_by_key(|&(left, right, _)| (left, right));
    titles.sort_unstable();
    let matches = found
        .into_iter()
        .map(|(left, right, similarity)| {
            Match::new(similarity, lefts.statement(left), rights.statement(right))
        })
        .collect();
    let (only_left, n_left) = lefts.rest();
    let (only_right, n_right) = rights.rest();
    let statements = |side: &Side<'_>, units: Vec<u32>| {
        let units = units.into_iter();
        units.map(|unit| side.statement(unit).0).collect()
    };
    Aligned {
        alignment: Alignment {
            matches,
            only_left: statements(&lefts, only_left),
            only_right: statements(&rights, only_right),
        },
        titles,
        n_repeated: (n_left, n_right),
    }
}

/// What the units of an agent are compared by: their set of terms, or, of those
/// without terms ("Do not."), their words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Set(u32),
    Words(String),
}

/// What two units under one key must have in common besides.
#[derive(Debug, Clone, Copy)]
enum Likeness {
    /// Every letter, and the direction.
    Text,
    /// Both are titles, or neither is.
    Kind,
    /// Nothing.
    Terms,
}

/// The units of one agent with a key, in the order of the file.
struct Side<'a> {
    facts: &'a Facts<'a>,
    id: u32,
    /// By unit: the section of which it is the title.
    titles: Vec<Option<u32>>,
    sections: Vec<String>,
    units: BTreeMap<Key, Units>,
}

#[derive(Default)]
struct Units {
    /// Those that are in no match yet.
    open: Vec<u32>,
    /// Whether any was.
    is_matched: bool,
}

impl<'a> Side<'a> {
    fn new(facts: &'a Facts<'a>, id: u32) -> Self {
        let agent = facts.agent(id);
        let mut side = Self {
            facts,
            id,
            titles: titles(agent),
            sections: paths(agent, facts.text(id)),
            units: BTreeMap::new(),
        };
        for idx in 0..side.agent().units.len() as u32 {
            let key = side.key(idx);
            if key != Key::Words(String::new()) {
                side.units.entry(key).or_default().open.push(idx);
            }
        }
        side
    }

    fn set(&self, unit: u32) -> Option<u32> {
        self.facts.collection.unit_sets[self.id as usize][unit as usize]
    }

    fn unit(&self, unit: u32) -> &'a Unit {
        &self.agent().units[unit as usize]
    }

    fn terms(&self, unit: u32) -> &'a [u32] {
        let units = &self.facts.collection.units;
        self.set(unit).map_or(&[], |set| units.terms(set))
    }

    fn key(&self, unit: u32) -> Key {
        match self.set(unit) {
            Some(set) => Key::Set(set),
            None => Key::Words(self.words(unit)),
        }
    }

    /// The units under a key, which are to be matched now.
    fn take(&mut self, key: &Key) -> Vec<u32> {
        let Some(units) = self.units.get_mut(key) else {
            return Vec::new();
        };
        units.is_matched = true;
        std::mem::take(&mut units.open)
    }

    /// Those that got no match.
    fn give_back(&mut self, key: &Key, open: Vec<u32>) {
        if let Some(units) = self.units.get_mut(key) {
            units.open = open;
        }
    }

    fn agent(&self) -> &'a Agent {
        self.facts.agent(self.id)
    }

    fn text(&self, unit: u32) -> String {
        let text = self.facts.text(self.id);
        self.agent().unit_text(self.unit(unit), text).into_owned()
    }

    /// The words of a unit in lower case.
    fn words(&self, unit: u32) -> String {
        let text = self.text(unit).to_lowercase();
        let words = text.split(|c: char| !c.is_alphanumeric());
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        words.join(" ")
    }

    /// What has to be equal in units that are alike.
    fn look(&self, unit: u32, likeness: Likeness) -> (bool, Option<(Direction, String)>) {
        let is_title = self.title_of(unit).is_some();
        match likeness {
            Likeness::Text => {
                let direction = self.unit(unit).direction;
                (is_title, Some((direction, self.text(unit))))
            }
            Likeness::Kind => (is_title, None),
            Likeness::Terms => (false, None),
        }
    }

    fn title_of(&self, unit: u32) -> Option<u32> {
        self.titles[unit as usize]
    }

    fn statement(&self, unit_idx: u32) -> (Statement, Form) {
        let unit = self.unit(unit_idx);
        let (line, end_line) = self.facts.sources.lines(self.agent().file, unit.span);
        let statement = Statement {
            unit_idx,
            section: self.sections[unit.section_idx as usize].clone(),
            line,
            end_line,
            text: self.text(unit_idx),
            warning: unit.direction == Direction::Warning,
            segments: Vec::new(),
        };
        (statement, Form::of(unit.kind, unit.direction))
    }

    /// The units in no match, each statement once, and how many repeat another one.
    fn rest(&self) -> (Vec<u32>, usize) {
        let mut only: Vec<u32> = Vec::new();
        let mut n_repeated = 0;
        for units in self.units.values() {
            let is_statement = |unit: &&u32| self.title_of(**unit).is_none();
            let mut open = units.open.iter().filter(is_statement);
            if !units.is_matched {
                only.extend(open.next());
            }
            n_repeated += open.count();
        }
        only.sort_unstable();
        (only, n_repeated)
    }

    /// Takes a unit out of those in no match.
    fn close(&mut self, unit: u32) {
        let key = self.key(unit);
        if let Some(units) = self.units.get_mut(&key) {
            units.is_matched = true;
            units.open.retain(|open| *open != unit);
        }
    }
}

/// The keys of both sides that match. Units of the same terms are taken for each
/// other before others are sought: the best match of a line that the left agent
/// repeats may else be a longer one.
fn key_pairs(
    facts: &Facts<'_>,
    lefts: &Side<'_>,
    rights: &Side<'_>,
    unit_match: f64,
) -> Vec<(Key, Key, f64)> {
    let is_shared = |key: &Key| lefts.units.contains_key(key) && rights.units.contains_key(key);
    let shared = lefts.units.keys().filter(|key| is_shared(key));
    let mut pairs: Vec<(Key, Key, f64)> =
        shared.map(|key| (key.clone(), key.clone(), 1.0)).collect();
    let mut aligner = Aligner::new(facts.collection, unit_match);
    aligner.set_right(rights.id);
    let others = aligner.align_units(lefts.id, |set| !is_shared(&Key::Set(set)));
    let others = others.matches_where(|found| are_alike(lefts, rights, found));
    pairs.extend(others.into_iter().map(|found| {
        let (left, right) = (lefts.key(found.left_unit), rights.key(found.right_unit));
        (left, right, found.similarity)
    }));
    pairs
}

/// Whether two units that share rare words say the same thing: a title only what
/// another title says, and told in other words only what has one direction.
fn are_alike(lefts: &Side<'_>, rights: &Side<'_>, found: &UnitMatch) -> bool {
    let (left, right) = (found.left_unit, found.right_unit);
    if lefts.title_of(left).is_some() && rights.title_of(right).is_some() {
        return true;
    }
    let (left_unit, right_unit) = (lefts.unit(left), rights.unit(right));
    let is_heading = |unit: &Unit| unit.kind == UnitKind::Heading;
    if is_heading(left_unit) != is_heading(right_unit) {
        return false;
    }
    let common = Common::new(lefts.terms(left), rights.terms(right));
    let is_told_alike =
        || word_diff(&lefts.text(left), &rights.text(right)).common_share() >= MIN_COMMON_SHARE;
    common.is_most() && left_unit.direction == right_unit.direction
        || common.is_half() && is_told_alike()
}

/// Pairs of statements that are compared word by word, at most.
const MAX_NEAR: usize = 10_000;
/// Bytes of a statement that is.
const MAX_NEAR_BYTES: usize = 400;
/// Share of their text that near copies have in common.
const MIN_NEAR_SHARE: f64 = 0.7;

/// How many words two statements have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Common {
    /// Those of the left and of the right one.
    n_all: usize,
    /// Those in both.
    n_shared: usize,
}

impl Common {
    /// Of terms, ascending.
    pub(super) fn new<T: Ord>(left: &[T], right: &[T]) -> Self {
        let shared = left.iter().filter(|term| right.binary_search(term).is_ok());
        Self { n_all: left.len() + right.len(), n_shared: shared.count() }
    }

    /// Whether two or more words are shared, which are half of all.
    pub(super) fn is_half(self) -> bool {
        self.n_shared > 1 && 4 * self.n_shared >= self.n_all
    }

    /// Whether what is shared is more than a topic. One word in common, however
    /// rare, is that and no more: beside it, half of the others have to be shared.
    pub(super) fn is_most(self) -> bool {
        self.n_shared > 1 && 4 * (self.n_shared - 1) >= self.n_all - 2
    }
}

/// Statements that have too few rare words in common to match, but nearly all
/// their words: "thirty minutes" and "sixty minutes". Each with its cosine.
fn near_copies(lefts: &Side<'_>, rights: &Side<'_>) -> Vec<UnitMatch> {
    let (left_rest, _) = lefts.rest();
    let (right_rest, _) = rights.rest();
    if left_rest.len().saturating_mul(right_rest.len()) > MAX_NEAR {
        return Vec::new();
    }
    let short = |side: &Side<'_>, units: Vec<u32>| -> Vec<(u32, u32, String)> {
        let texts =
            units.into_iter().filter_map(|unit| Some((unit, side.set(unit)?, side.text(unit))));
        texts.filter(|(.., text)| text.len() <= MAX_NEAR_BYTES).collect()
    };
    let (left_rest, right_rest) = (short(lefts, left_rest), short(rights, right_rest));
    let mut near: Vec<(f64, UnitMatch)> = Vec::new();
    for (left, left_set, left_text) in &left_rest {
        for (right, right_set, right_text) in &right_rest {
            let cosine = lefts.facts.collection.units.cosine(*left_set, *right_set);
            if cosine <= 0.0 {
                continue;
            }
            let share = word_diff(left_text, right_text).common_share();
            if share >= MIN_NEAR_SHARE {
                let found = UnitMatch { left_unit: *left, right_unit: *right, similarity: cosine };
                near.push((share, found));
            }
        }
    }
    one_to_one(near)
}

/// Pairs of the units under two keys: first those that are the same to the
/// letter, then titles with titles and statements with statements, then any.
fn pair_up<'a>(
    lefts: &mut Side<'a>,
    left_key: &Key,
    rights: &mut Side<'a>,
    right_key: &Key,
) -> Vec<(u32, u32)> {
    let (mut left_open, mut right_open) = (lefts.take(left_key), rights.take(right_key));
    let mut pairs = Vec::new();
    // A title and a statement of other words speak of one thing at best.
    let likenesses: &[Likeness] = if left_key == right_key {
        &[Likeness::Text, Likeness::Kind, Likeness::Terms]
    } else {
        &[Likeness::Kind]
    };
    for &likeness in likenesses {
        let mut waiting: BTreeMap<_, VecDeque<u32>> = BTreeMap::new();
        for unit in std::mem::take(&mut right_open) {
            let same = waiting.entry(rights.look(unit, likeness)).or_default();
            same.push_back(unit);
        }
        left_open.retain(|&left| {
            let same = waiting.get_mut(&lefts.look(left, likeness));
            let partner = same.and_then(VecDeque::pop_front);
            pairs.extend(partner.map(|right| (left, right)));
            partner.is_none()
        });
        right_open = waiting.into_values().flatten().collect();
        right_open.sort_unstable();
    }
    lefts.give_back(left_key, left_open);
    rights.give_back(right_key, right_open);
    pairs
}

/// By unit: the section of which it is the title. A heading with nothing below
/// it is a statement of its own.
fn titles(agent: &Agent) -> Vec<Option<u32>> {
    let mut has_content = vec![false; agent.sections.len()];
    for section in &agent.sections[1.min(agent.sections.len())..] {
        has_content[section.parent as usize] = true;
    }
    for (idx, unit) in (0..).zip(&agent.units) {
        if agent.sections[unit.section_idx as usize].heading != Some(idx) {
            has_content[unit.section_idx as usize] = true;
        }
    }
    let mut titles = vec![None; agent.units.len()];
    for (idx, section) in (0..).zip(&agent.sections) {
        if let Some(heading) = section.heading.filter(|_| has_content[idx as usize]) {
            titles[heading as usize] = Some(idx);
        }
    }
    titles
}

/// Bytes of a title that are kept: each statement below it repeats them.
const MAX_TITLE: usize = 200;

/// By section: its title behind those above it. A single title of the first
/// level names the whole file and is left out.
pub(super) fn paths(agent: &Agent, source: &str) -> Vec<String> {
    let n_first = agent.sections.iter().filter(|section| section.level == 1).count();
    let mut paths: Vec<String> = Vec::with_capacity(agent.sections.len());
    for (idx, section) in agent.sections.iter().enumerate() {
        let Some(heading) = section.heading else {
            paths.push(String::new());
            continue;
        };
        let title = agent.unit_text(&agent.units[heading as usize], source);
        let mut title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        if title.len() > MAX_TITLE {
            title.truncate(title.floor_char_boundary(MAX_TITLE));
            title.push('…');
        }
        let parent = section.parent as usize;
        let above = (parent < idx).then(|| &agent.sections[parent]);
        let is_named = above.is_some_and(|above| above.level > 1 || n_first > 1);
        match paths.get(parent).filter(|above| is_named && !above.is_empty()) {
            Some(above) => paths.push(format!("{above} › {title}")),
            None => paths.push(title),
        }
    }
    paths
}
