//! Where in the kept file something of another one belongs.

use std::collections::BTreeMap;

use crate::agent::{Agent, Unit, UnitKind};
use crate::align::Aligner;
use crate::rules::Facts;

/// From this sum on of the likeness of headings and the share of matching
/// statements, two sections are about the same.
const SAME_SECTION: f64 = 0.5;

/// What introduces units: the heading of their section, or a sentence above
/// their list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Title {
    Section(u32),
    LeadIn(u32),
}

/// The titles that a unit counts for: its section, or the sentence above its
/// list, in whose place a section can stand.
fn titles_of(agent: &Agent, unit: &Unit) -> impl Iterator<Item = Title> {
    let lead_in = unit.lead_in.filter(|&above| {
        let above = &agent.units[above as usize];
        above.kind == UnitKind::Sentence && above.lead_in.is_none()
    });
    [Some(Title::Section(unit.section_idx)), lead_in.map(Title::LeadIn)].into_iter().flatten()
}

/// From this cosine on two titles mean the same.
const SAME_TITLE: f64 = 0.8;

/// For the sections of one agent: the section of the kept one that is about
/// the same, if there is one.
#[derive(Debug)]
pub(super) struct SectionMap {
    of: BTreeMap<u32, u32>,
    /// By the sentence that introduces a list: "Provide:" may be what the kept
    /// one calls "Output".
    of_lead_in: BTreeMap<u32, u32>,
}

impl SectionMap {
    /// `aligner` has the kept agent as its right side.
    pub(super) fn new(facts: &Facts<'_>, aligner: &mut Aligner<'_>, keep: u32, agent: u32) -> Self {
        let (kept, own) = (facts.agent(keep), facts.agent(agent));
        // How many units under a title match units of a kept section, and how
        // many there are.
        let mut n_matches: BTreeMap<(Title, u32), usize> = BTreeMap::new();
        let mut n_units: BTreeMap<Title, usize> = BTreeMap::new();
        for unit in own.units.iter().filter(|unit| unit.is_statement()) {
            for title in titles_of(own, unit) {
                *n_units.entry(title).or_default() += 1;
            }
        }
        for found in aligner.align(agent).matches() {
            let from = &own.units[found.left_unit as usize];
            let to = &kept.units[found.right_unit as usize];
            if from.is_statement() && to.is_statement() {
                for title in titles_of(own, from) {
                    *n_matches.entry((title, to.section_idx)).or_default() += 1;
                }
            }
        }
        let identities = (identity_section(own), identity_section(kept));
        let mut map = Self { of: BTreeMap::new(), of_lead_in: BTreeMap::new() };
        for (&title, &n_units) in &n_units {
            let (unit, direction) = match title {
                Title::Section(section) => {
                    let section = own.sections[section as usize];
                    (section.heading, section.direction)
                }
                Title::LeadIn(unit) => (Some(unit), own.units[unit as usize].direction),
            };
            let is_like = |to: &u32| kept.sections[*to as usize].direction == direction;
            let to_identity = match (title, identities) {
                (Title::Section(own), (Some(from), to)) if own == from => to.filter(is_like),
                _ => None,
            };
            let best = (0..kept.sections.len() as u32)
                .filter(is_like)
                .map(|to| {
                    let n = n_matches.get(&(title, to)).copied().unwrap_or(0);
                    let heading = kept.sections[to as usize].heading;
                    let likeness = match (unit, heading) {
                        (Some(own), Some(theirs)) => likeness(facts, (agent, own), (keep, theirs)),
                        _ => 0.0,
                    };
                    (likeness + n as f64 / n_units as f64, to)
                })
                .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
                .filter(|&(score, _)| score >= SAME_SECTION)
                .map(|(_, to)| to);
            if let Some(to) = to_identity.or(best) {
                match title {
                    Title::Section(section) => map.of.insert(section, to),
                    Title::LeadIn(unit) => map.of_lead_in.insert(unit, to),
                };
            }
        }
        map
    }

    /// The kept section about what a lead-in introduces.
    pub(super) fn of_lead_in(&self, lead_in: u32) -> Option<u32> {
        self.of_lead_in.get(&lead_in).copied()
    }

    pub(super) fn get(&self, section: u32) -> Option<u32> {
        self.of.get(&section).copied()
    }
}

/// The section in which an agent is told who it is.
pub(super) fn identity_section(agent: &Agent) -> Option<u32> {
    agent.identity().first().map(|unit| unit.section_idx)
}

/// Whether two titles, (agent, unit) each, mean the same: they are alike, and
/// neither has much that the other does not. A rare word alone makes "When
/// refactoring" and "Before you start refactoring" alike.
pub(super) fn is_same_title(facts: &Facts<'_>, one: (u32, u32), other: (u32, u32)) -> bool {
    let unit = |(agent, unit): (u32, u32)| &facts.agent(agent).units[unit as usize];
    unit(one).direction == unit(other).direction
        && likeness(facts, one, other) >= SAME_TITLE
        && has_most_terms(facts, one, other)
        && has_most_terms(facts, other, one)
}

/// Whether a title has at least two in three terms of another one.
fn has_most_terms(facts: &Facts<'_>, own: (u32, u32), other: (u32, u32)) -> bool {
    let terms = |(agent, unit): (u32, u32)| {
        let set = facts.collection.unit_sets[agent as usize][unit as usize];
        set.map_or(&[][..], |set| facts.collection.units.terms(set))
    };
    let (own, other) = (terms(own), terms(other));
    let missed = other.iter().filter(|term| !own.contains(term));
    missed.count() * 3 <= other.len()
}

/// Cosine of two units; 1 of units without terms that are equal letter by letter.
fn likeness(facts: &Facts<'_>, one: (u32, u32), other: (u32, u32)) -> f64 {
    let set = |(agent, unit): (u32, u32)| facts.collection.unit_sets[agent as usize][unit as usize];
    let letters = |(id, unit): (u32, u32)| -> String {
        let agent = facts.agent(id);
        let text = agent.unit_text(&agent.units[unit as usize], facts.text(id));
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    match (set(one), set(other)) {
        (Some(own), Some(theirs)) => facts.collection.units.cosine(own, theirs),
        (None, None) if letters(one) == letters(other) => 1.0,
        _ => 0.0,
    }
}
