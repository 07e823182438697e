//! `drifted-twin`: two files that are one text but for a few statements, where
//! those statements disagree.
//!
//! That copies drifted apart at all is told by `near-duplicate-agent`; here
//! stands what the reader of both cannot follow: a statement reversed, another
//! number, another name. Other words for the same are no disagreement.

use std::collections::BTreeSet;

use crate::agent::{Agent, Direction, Kind, direction_of};
use crate::finding::{Rule, Severity};
use crate::join::Vectors;
use crate::relation::Relation;
use crate::rules::{Dispute, Draft, Facts};
use crate::statement::without_numbers;

use super::Places;
use super::number::quantities;

/// How two statements of like words disagree, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Drift {
    /// One advises what the other warns of.
    Reversed,
    /// Another number.
    Number,
    /// Another literal: a path, a command, a name in backticks.
    Literal,
}

impl Drift {
    /// In what statements disagree.
    fn told(self) -> &'static str {
        match self {
            Self::Reversed => "advised in one and forbidden in the other",
            Self::Number => "with other numbers",
            Self::Literal => "with other names",
        }
    }
}

/// Two statements that disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Difference {
    drift: Drift,
    left_unit: u32,
    right_unit: u32,
}

/// Two copies that disagree.
pub(super) struct Twin {
    pub(super) draft: Draft,
    /// The statements in which they do.
    pub(super) places: Places,
}

/// Why two files are held against each other statement by statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    /// They are one text, side by side in one folder.
    Copies,
    /// One says most of what the other says, side by side in one folder.
    Part,
    /// They are one text for two products, with paths and tools of their own.
    Elsewhere,
}

/// All pairs of copies that disagree.
pub(super) fn twins(facts: &Facts<'_>) -> Vec<Twin> {
    let relation = |one: u32, other: u32| {
        let pair = facts.pair(one.min(other), one.max(other));
        pair.map(|pair| pair.relation)
    };
    let mut pairs: BTreeSet<(u32, u32, Likeness)> = BTreeSet::new();
    for group in &facts.groups.groups {
        let keep = group.representative;
        for (nth, &other) in group.drop.iter().enumerate() {
            let likeness = |other: u32| likeness(facts, relation(keep, other)?, keep, other);
            // What is said of a file is said of its exact copies too.
            let is_said = || {
                let mut before = group.drop[..nth].iter();
                before.any(|&copy| {
                    relation(copy, other) == Some(Relation::Identical) && likeness(copy).is_some()
                })
            };
            let likeness = likeness(other).filter(|_| !is_said());
            pairs.extend(likeness.map(|likeness| (keep.min(other), keep.max(other), likeness)));
        }
    }
    let mirrors = facts.groups.mirrored.iter().flat_map(|folder| &folder.drifted);
    pairs.extend(mirrors.map(|&(source, copy)| {
        let (left, right) = (source.min(copy), source.max(copy));
        (left, right, Likeness::Elsewhere)
    }));
    pairs
        .into_iter()
        .filter_map(|(left, right, likeness)| twin(facts, left, right, likeness))
        .collect()
}

fn likeness(facts: &Facts<'_>, relation: Relation, left: u32, right: u32) -> Option<Likeness> {
    let likeness = match relation {
        Relation::Duplicate | Relation::NearDuplicate => {
            if are_for_two_products(facts, left, right) {
                Likeness::Elsewhere
            } else {
                Likeness::Copies
            }
        }
        Relation::Contained => Likeness::Part,
        _ => return None,
    };
    let are_read_together = likeness == Likeness::Elsewhere || are_side_by_side(facts, left, right);
    let is_apart = is_about_its_own(facts, left, right) || is_about_its_own(facts, right, left);
    (are_read_together && !is_apart).then_some(likeness)
}

/// Whether two products load them in one project.
fn are_for_two_products(facts: &Facts<'_>, left: u32, right: u32) -> bool {
    let (one, other) = (facts.agent(left), facts.agent(right));
    one.kind == other.kind
        && one.origin.product != other.origin.product
        && one.origin.project_root.is_some()
        && one.origin.project_root == other.origin.project_root
}

/// Whether two files are of one kind and are loaded together: variants for
/// other products and plugins differ on purpose.
fn are_side_by_side(facts: &Facts<'_>, left: u32, right: u32) -> bool {
    let (one, other) = (facts.agent(left), facts.agent(right));
    let is_one_project = one.origin.project_root.is_some()
        && one.origin.project_root == other.origin.project_root
        && one.kind == Kind::Memory;
    one.kind == other.kind && (one.origin.load_root == other.origin.load_root || is_one_project)
}

/// Whether the text of an agent speaks of a word of its name far more often than
/// the other one does, whose name lacks it: `deploy-blue` and `deploy-green`
/// are one text about two things.
fn is_about_its_own(facts: &Facts<'_>, agent: u32, other: u32) -> bool {
    const MIN_TIMES: usize = 3;
    let name = facts.agent(agent).name.to_lowercase();
    let other_name = facts.agent(other).name.to_lowercase();
    let (text, other_text) = (facts.text(agent).to_lowercase(), facts.text(other).to_lowercase());
    let mut own = name
        .split(|c: char| !c.is_alphanumeric())
        .map(|word| word.trim_end_matches('s'))
        .filter(|word| word.len() >= 3 && !other_name.contains(word));
    own.any(|word| {
        let n_times = text.matches(word).count();
        n_times >= MIN_TIMES && n_times >= MIN_TIMES * other_text.matches(word).count()
    })
}

/// Differences quoted at most.
const MAX_QUOTED: usize = 4;

fn twin(facts: &Facts<'_>, left: u32, right: u32, likeness: Likeness) -> Option<Twin> {
    let mut differences = differences(facts, left, right);
    // Each product has its own paths and tools, and each text its own names.
    differences.retain(|one| likeness == Likeness::Copies || one.drift <= Drift::Number);
    // What only holds the other may speak of another thing: "2 s for each answer".
    let is_one_thing = |one: &Difference| {
        let text = |id: u32, unit: u32| {
            let agent = facts.agent(id);
            without_numbers(&agent.unit_text(&agent.units[unit as usize], facts.text(id)))
        };
        one.drift != Drift::Number || text(left, one.left_unit) == text(right, one.right_unit)
    };
    differences.retain(|one| likeness != Likeness::Part || is_one_thing(one));
    let worst = differences.first()?.drift;
    let quotes = differences.iter().take(MAX_QUOTED).flat_map(|one| {
        let quote =
            |id: u32, unit: u32| facts.quote_unit(id, &facts.agent(id).units[unit as usize]);
        [quote(left, one.left_unit), quote(right, one.right_unit)]
    });
    let evidence: Vec<_> = quotes.collect();
    let (severity, alike) = match likeness {
        Likeness::Copies => (Severity::Error, "are copies of one text"),
        Likeness::Elsewhere => (Severity::Warning, "are copies of one text"),
        Likeness::Part => (Severity::Warning, "say much the same"),
    };
    let kinds: Vec<&[Difference]> =
        differences.chunk_by(|one, other| one.drift == other.drift).collect();
    let told = kinds.iter().map(|alike| match kinds.len() {
        1 => worst.told().to_owned(),
        _ => format!("{} {}", alike.len(), alike[0].drift.told()),
    });
    let told = told.collect::<Vec<_>>().join(", ");
    let statements = match differences.len() {
        1 => "1 statement disagrees".to_owned(),
        n => format!("{n} statements disagree"),
    };
    let places =
        differences.iter().flat_map(|one| [(left, one.left_unit), (right, one.right_unit)]);
    let places = places.collect();
    let draft = Draft {
        rule: Rule::DriftedTwin,
        severity,
        confidence: 0.9,
        message: format!("{} {alike}, but {statements}: {told}", facts.names(&[left, right])),
        help: "decide which statement is right and write it in both, or keep one file".to_owned(),
        agents: vec![left, right],
        dispute: Some(Dispute {
            facet: "copies of one text".to_owned(),
            options: evidence.iter().take(2).map(|quote| quote.text.clone()).collect(),
            sides: vec![vec![left], vec![right]],
        }),
        evidence,
    };
    Some(Twin { draft, places })
}

/// Units that have no like in the other file are compared up to this many.
const MAX_LEFT_OVER: usize = 120;

/// From this cosine on, two left-over units are versions of one statement.
const MIN_SIMILARITY: f64 = 0.55;

/// The statements in which two copies disagree, worst first, each once.
fn differences(facts: &Facts<'_>, left: u32, right: u32) -> Vec<Difference> {
    let (lefts, rights) = (left_over(facts, left, right), left_over(facts, right, left));
    let mut matches: Vec<(f64, u32, u32)> = Vec::new();
    for one in &lefts {
        for other in &rights {
            let similarity = one.similarity(other, &facts.collection.units);
            if similarity >= MIN_SIMILARITY {
                matches.push((similarity, one.unit, other.unit));
            }
        }
    }
    matches.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut left_taken, mut right_taken) = (BTreeSet::new(), BTreeSet::new());
    let mut found: Vec<Difference> = Vec::new();
    for (_, left_unit, right_unit) in matches {
        if left_taken.contains(&left_unit) || right_taken.contains(&right_unit) {
            continue;
        }
        left_taken.insert(left_unit);
        right_taken.insert(right_unit);
        let drift = drift(facts, (left, left_unit), (right, right_unit));
        found.extend(drift.map(|drift| Difference { drift, left_unit, right_unit }));
    }
    found.sort_unstable();
    found
}

/// A statement without its like in the other file.
struct LeftOver {
    set: u32,
    unit: u32,
    without_numbers: String,
}

impl LeftOver {
    /// The cosine, or 1 where only numbers differ: in a short statement they
    /// weigh more than all its words.
    fn similarity(&self, other: &Self, units: &Vectors) -> f64 {
        if self.without_numbers == other.without_numbers {
            1.0
        } else {
            units.cosine(self.set, other.set)
        }
    }
}

/// Statements of `agent` of which `other` has none with the same terms and direction.
fn left_over(facts: &Facts<'_>, agent: u32, other: u32) -> Vec<LeftOver> {
    let collection = facts.collection;
    let definition = facts.agent(agent);
    let theirs: BTreeSet<(u32, Direction)> = collection.unit_sets[other as usize]
        .iter()
        .zip(&facts.agent(other).units)
        .filter_map(|(set, unit)| Some(((*set)?, unit.direction)))
        .collect();
    collection.own[agent as usize]
        .iter()
        .map(|own| (own.set, own.unit_idx))
        .filter(|&(set, idx)| {
            let unit = &definition.units[idx as usize];
            unit.kind.is_text() && !theirs.contains(&(set, unit.direction))
        })
        .take(MAX_LEFT_OVER)
        .map(|(set, unit)| {
            let text = definition.unit_text(&definition.units[unit as usize], facts.text(agent));
            LeftOver { set, unit, without_numbers: without_numbers(&text) }
        })
        .collect()
}

fn drift(facts: &Facts<'_>, left: (u32, u32), right: (u32, u32)) -> Option<Drift> {
    let read = |(id, idx): (u32, u32)| {
        let agent = facts.agent(id);
        let unit = &agent.units[idx as usize];
        let marked = unit.span.of(facts.text(id)).to_lowercase();
        (unit.direction, agent.unit_text(unit, facts.text(id)).to_lowercase(), marked)
    };
    let (left_direction, left_text, left_marked) = read(left);
    let (right_direction, right_text, right_marked) = read(right);
    let is_dated = |text: &str| {
        ["updated", "version", "date:", "author"].iter().any(|word| text.contains(word))
    };
    if is_dated(&left_text) || is_dated(&right_text) {
        return None;
    }
    let (left_words, right_words) = (words(&left_text), words(&right_text));
    let own = |one: &BTreeSet<String>, other: &BTreeSet<String>| one.difference(other).count();
    // Two statements of which one goes on longer are not one.
    let n_own = own(&left_words, &right_words).max(own(&right_words, &left_words));
    if n_own > MAX_OWN_WORDS {
        return None;
    }
    if left_direction != right_direction {
        let advice = match left_direction {
            Direction::Advice => &left_text,
            _ => &right_text,
        };
        return (!warns_too(advice)).then_some(Drift::Reversed);
    }
    let disagree = |one, other| own(one, other) > 0 && own(other, one) > 0;
    if disagree(&numbers(&left_text), &numbers(&right_text)) {
        return Some(Drift::Number);
    }
    let names = [facts.agent(left.0), facts.agent(right.0)];
    // Without spaces between words the rest cannot be told from another translation.
    if names.iter().any(|agent| ["ja", "zh", "ko"].contains(&agent.language)) {
        return None;
    }
    let (left_literals, right_literals) =
        (literals(&left_marked, names), literals(&right_marked, names));
    let is_one_other =
        own(&left_literals, &right_literals) == 1 && own(&right_literals, &left_literals) == 1;
    is_one_other.then_some(Drift::Literal)
}

/// Whether a later clause of an advice warns: "Instantiate it at the root, never
/// inside a component" says what "Avoid instantiating it inside a component" does.
fn warns_too(advice: &str) -> bool {
    let mut clauses = advice.split([',', ';', ':', '.', '(', '–', '—']);
    clauses.any(|clause| direction_of(clause) == Some(Direction::Warning))
}

/// Words of one statement that its counterpart does not have, at most.
const MAX_OWN_WORDS: usize = 4;

fn numbers(text: &str) -> BTreeSet<String> {
    let numbers = quantities(text).into_iter();
    numbers.map(|one| format!("{} {:?}", one.thousandths, one.measured)).collect()
}

/// What stands in backticks, without what differs from product to product or is
/// the name of either agent.
fn literals(marked: &str, agents: [&Agent; 2]) -> BTreeSet<String> {
    let spans = marked.split('`').skip(1).step_by(2);
    let is_common = |literal: &&str| {
        let is_products = [".claude", ".opencode", ".github", ".cursor"]
            .iter()
            .any(|folder| literal.contains(folder));
        !is_products && agents.iter().all(|agent| !literal.contains(&agent.name.to_lowercase()))
    };
    spans.filter(is_common).map(str::to_owned).collect()
}

fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| word.chars().count() > 3).map(str::to_owned).collect()
}
