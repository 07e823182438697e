//! Who takes which side of what.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::agent::Kind;
use crate::commitment::reading::Place;
use crate::commitment::{Commitment, Stance, Strength, stances, versions};
use crate::facet::scan::Target;
use crate::facet::{Exclusive, FacetKind};
use crate::reach::Part;
use crate::rules::Facts;
use crate::rules::disputes::part;

/// What two agents may disagree about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    /// Which option of a facet.
    Facet(u32),
    /// Which version of an option.
    Version(u32),
}

/// One agent's side.
#[derive(Debug)]
pub(super) struct Holder<'a> {
    pub(super) agent: u32,
    pub(super) commitment: &'a Commitment,
    pub(super) unit_idx: u32,
    pub(super) takes: bool,
    pub(super) strength: Strength,
    pub(super) is_speciality: bool,
    pub(super) part: Part,
}

impl<'a> Holder<'a> {
    /// `None` where no unit says it: a description is no advice.
    fn new(
        facts: &Facts<'_>,
        agent: u32,
        stance: &Stance,
        commitment: &'a Commitment,
    ) -> Option<Self> {
        let Place::Unit(unit_idx) = commitment.place else {
            return None;
        };
        Some(Self {
            agent,
            commitment,
            unit_idx,
            takes: stance.takes,
            strength: stance.strength,
            is_speciality: stance.is_speciality || is_named_after(facts, agent, stance.option),
            part: part(facts, agent, unit_idx as usize),
        })
    }

    /// The statement, without markup.
    pub(super) fn text<'t>(&self, facts: &Facts<'t>) -> Cow<'t, str> {
        let agent = facts.agent(self.agent);
        let unit = &agent.units[self.unit_idx as usize];
        agent.unit_text(unit, facts.text(self.agent))
    }
}

/// The words of a text in lower case.
pub(super) fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// Who takes which side, by subject: of the facets that the house has decided,
/// or of all others.
pub(super) fn subjects<'a>(
    facts: &Facts<'a>,
    of_house: bool,
) -> BTreeMap<Subject, Vec<Holder<'a>>> {
    let mut subjects: BTreeMap<Subject, Vec<Holder<'_>>> = BTreeMap::new();
    let bound = bound_by_memory(facts);
    let is_meant = |facet: u32| facts.house.allowed(facet).is_some() == of_house;
    for (agent, commitments) in (0..).zip(facts.commitments) {
        let mut add = |subject: Subject, stance: &Stance, commitment: &'a Commitment| {
            let holder = Holder::new(facts, agent, stance, commitment);
            subjects.entry(subject).or_default().extend(holder);
        };
        for (stance, best) in stances(commitments, facts.facets) {
            let facet = facts.facets.option(stance.option).facet;
            if is_meant(facet) && facts.facets.facet(facet).exclusive != Exclusive::Never {
                add(Subject::Facet(facet), &stance, best);
            }
        }
        for passing in told_in_passing(facts, agent, &bound) {
            let facet = facts.facets.option(passing.option).facet;
            if is_meant(facet) {
                let stance = Stance::of_one(passing, Strength::Weak);
                add(Subject::Facet(facet), &stance, passing);
            }
        }
        for commitment in versions(commitments).into_iter().filter(|_| !of_house) {
            let strength = commitment.strength.max(Strength::Medium);
            let stance = Stance::of_one(commitment, strength);
            add(Subject::Version(commitment.option), &stance, commitment);
        }
    }
    subjects
}

/// By option that goes against what a memory file binds all to: how surely an
/// agent has to say it. Where the file rejects it, or takes another one and says
/// that there is no other, naming it is enough; where it just takes another one,
/// a weak statement is.
fn bound_by_memory(facts: &Facts<'_>) -> BTreeMap<u32, Strength> {
    let table = facts.facets;
    let mut bound: BTreeMap<u32, Strength> = BTreeMap::new();
    let mut bind = |option: u32, strength: Strength| {
        let least = bound.entry(option).or_insert(strength);
        *least = strength.min(*least);
    };
    let rejected: BTreeSet<u32> = of_memories(facts)
        .flatten()
        .filter(|commitment| !commitment.takes)
        .map(|commitment| commitment.option)
        .collect();
    if !rejected.is_empty() {
        let goes_with = |option: u32| rejected.iter().any(|&out| table.includes(option, out));
        for option in (0..table.n_options()).filter(|&option| goes_with(option)) {
            bind(option, Strength::Named);
        }
    }
    for commitments in of_memories(facts) {
        for (stance, best) in stances(commitments, table) {
            let facet = table.facet_of(stance.option);
            let is_exclusive = matches!(facet.exclusive, Exclusive::Project | Exclusive::Part);
            if !stance.takes || !is_exclusive || facet.kind != FacetKind::Choice {
                continue;
            }
            let strength = match best.is_only {
                true => Strength::Named,
                false => Strength::Weak,
            };
            let rivals = facet.options.clone();
            for rival in rivals.filter(|&other| !table.agree(stance.option, other)) {
                bind(rival, strength);
            }
        }
    }
    bound
}

/// What each memory file commits to.
fn of_memories<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a Vec<Commitment>> {
    let agents = facts.agents().iter().zip(facts.commitments);
    agents.filter(|(agent, _)| agent.kind == Kind::Memory).map(|(_, commitments)| commitments)
}

/// What an agent that is no memory file says in passing, of a decision that it
/// leaves open, though a memory file binds it to something else: the surest
/// statement of each option.
fn told_in_passing<'a>(
    facts: &Facts<'a>,
    agent: u32,
    bound: &BTreeMap<u32, Strength>,
) -> Vec<&'a Commitment> {
    let own = &facts.commitments[agent as usize];
    if facts.agent(agent).kind == Kind::Memory || bound.is_empty() {
        return Vec::new();
    }
    let is_meant = |told: &&Commitment| {
        let least = bound.get(&told.option);
        told.takes && !told.is_sample && least.is_some_and(|&least| told.strength >= least)
    };
    let mut told: BTreeMap<u32, &Commitment> = BTreeMap::new();
    for commitment in own.iter().filter(is_meant) {
        let best = told.entry(commitment.option).or_insert(commitment);
        if commitment.strength > best.strength {
            *best = commitment;
        }
    }
    let table = facts.facets;
    let is_decided = |option: u32| {
        let facet = table.option(option).facet;
        let mut others = own.iter();
        others.any(|other| {
            let is_of_facet = table.option(other.option).facet == facet;
            let is_of_side = match other.option == option {
                true => other.strength >= Strength::Medium,
                false => !table.agree(other.option, option),
            };
            is_of_facet && (is_of_side || !other.takes)
        })
    };
    told.retain(|&option, _| !is_decided(option));
    told.into_values().collect()
}

/// Whether an agent's name says which option it is for, or what goes with it.
fn is_named_after(facts: &Facts<'_>, agent: u32, option: u32) -> bool {
    named_options(facts, agent).iter().any(|&named| facts.facets.agree(named, option))
}

/// The options that an agent's name has.
pub(in crate::rules) fn named_options(facts: &Facts<'_>, agent: u32) -> Vec<u32> {
    let name = facts.agent(agent).name.replace(['-', '_', '.'], " ");
    options_in(facts, &name).collect()
}

/// The options that a text names.
pub(super) fn options_in(facts: &Facts<'_>, text: &str) -> impl Iterator<Item = u32> {
    let hits = facts.facets.scanner().hits(text).into_iter();
    hits.filter_map(|hit| match hit.target {
        Target::Option(option) => Some(option),
        Target::Measure(_) => None,
    })
}
