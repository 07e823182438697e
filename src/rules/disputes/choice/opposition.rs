//! Whether two sides cannot both be taken.

use std::collections::BTreeMap;

use super::apart::{are_two_acts, are_two_languages, are_two_programs, is_confined};
use super::holder::{Holder, Subject, words};
use crate::agent::Kind;
use crate::commitment::Strength;
use crate::facet::{Exclusive, Facet, FacetKind, FacetScope};
use crate::reach::{Dimension, Reach, Way};
use crate::relation::{Pair, Relation};
use crate::rules::Facts;

/// Who disagrees with whom, and why they are in each other's way.
pub(super) fn edges(
    facts: &Facts<'_>,
    reach: &Reach<'_>,
    kin: &BTreeMap<u32, Vec<u32>>,
    subject: Subject,
    holders: &[Holder<'_>],
) -> Vec<(usize, usize, Way)> {
    let mut by_agent: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, holder) in holders.iter().enumerate() {
        by_agent.entry(holder.agent).or_default().push(at);
    }
    let mut edges: Vec<(usize, usize, Way)> = Vec::new();
    for (one, holder) in holders.iter().enumerate() {
        let near = kin.get(&holder.agent).into_iter().flatten().map(|&other| (other, Way::Related));
        for (other_agent, way) in reach.of(holder.agent).into_iter().chain(near) {
            let others = by_agent.get(&other_agent).into_iter().flatten().copied();
            for other in others.filter(|&other| other > one) {
                if are_opposed(facts, subject, holder, &holders[other], way) {
                    edges.push((one, other, way));
                }
            }
        }
    }
    edges
}

/// By agent: those of one field. One could replace the other, or they overlap
/// and the topic words of one name are among those of the other.
pub(super) fn kin(facts: &Facts<'_>, reach: &Reach<'_>) -> BTreeMap<u32, Vec<u32>> {
    let topics = |agent: u32| &facts.collection.topics[agent as usize];
    let holds =
        |all: &[u32], some: &[u32]| !some.is_empty() && some.iter().all(|term| all.contains(term));
    let is_mirror = |agent: u32| facts.groups.is_mirror(agent);
    let is_kin = |pair: &&Pair| {
        let (one, other) = (topics(pair.left), topics(pair.right));
        let is_one_field =
            pair.relation == Relation::Overlapping && (holds(one, other) || holds(other, one));
        (pair.relation.is_redundant() || is_one_field)
            && !is_mirror(pair.left)
            && !is_mirror(pair.right)
            && reach.are_loaded_together(pair.left, pair.right)
    };
    let mut kin: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for pair in facts.pairs.iter().filter(is_kin) {
        kin.entry(pair.left).or_default().push(pair.right);
        kin.entry(pair.right).or_default().push(pair.left);
    }
    kin
}

fn are_opposed(
    facts: &Facts<'_>,
    subject: Subject,
    one: &Holder<'_>,
    other: &Holder<'_>,
    way: Way,
) -> bool {
    if one.part.is_apart_in(&other.part, dimensions(facts, subject)) {
        return false;
    }
    let (a, b) = (one.commitment, other.commitment);
    let are_opposed = match subject {
        Subject::Version(_) => {
            let agree = a.version.zip(b.version).is_none_or(|(a, b)| a.agrees(b));
            // Two samples may be for two programs; a memory file tells of this one.
            let is_sure = match way {
                Way::Memory => !(a.is_sample && b.is_sample),
                Way::SameFile => one.strength.min(other.strength) == Strength::Strong,
                _ => !a.is_sample && !b.is_sample,
            };
            !agree && is_sure
        }
        Subject::Facet(idx) => {
            let facet = facts.facets.facet(idx);
            let is_weak = one.strength.min(other.strength) == Strength::Weak;
            let is_clash = match (one.takes, other.takes) {
                _ if is_weak && way != Way::Memory => false,
                (true, true) => {
                    way != Way::SameFile
                        && !facts.facets.agree(a.option, b.option)
                        && exclude(facts, facet, one, other, way)
                }
                (true, false) => facts.facets.includes(a.option, b.option),
                (false, true) => facts.facets.includes(b.option, a.option),
                (false, false) => false,
            };
            let are_tasks = facet.kind == FacetKind::Practice
                && way == Way::Project
                && [one, other].iter().all(|holder| is_task(facts, holder.agent));
            is_clash && !are_tasks && is_decided(facet, one, other, way)
        }
    };
    are_opposed
        && !are_two_programs(facts, one, other)
        && !is_confined(facts, one, other)
        && !is_confined(facts, other, one)
        && !(is_practice(facts, subject)
            && (are_two_acts(facts, one, other) || are_two_languages(facts, one, other)))
}

fn is_practice(facts: &Facts<'_>, subject: Subject) -> bool {
    match subject {
        Subject::Facet(facet) => facts.facets.facet(facet).kind == FacetKind::Practice,
        Subject::Version(_) => false,
    }
}

/// Whether somebody calls an agent for one task: its ways of working are for that task.
fn is_task(facts: &Facts<'_>, agent: u32) -> bool {
    matches!(facts.agent(agent).kind, Kind::Command | Kind::Skill)
}

/// The decision for a pipeline.
const PIPELINE: &str = "ci-system";

/// By which parts of a project a subject may be decided differently.
fn dimensions(facts: &Facts<'_>, subject: Subject) -> &'static [Dimension] {
    let is_of_tests = |facet: u32| {
        let id = &facts.facets.facet(facet).id;
        id.starts_with("test-") || id.contains("mock")
    };
    match subject {
        // "Do not mock the database in tests" speaks of all tests.
        Subject::Facet(facet) if is_of_tests(facet) => {
            &[Dimension::Layer, Dimension::Tests, Dimension::Stage, Dimension::Platform]
        }
        Subject::Version(_) => &[Dimension::Stage, Dimension::Platform],
        // What runs in the pipeline is told apart by it, not what the pipeline is.
        Subject::Facet(facet) if facts.facets.facet(facet).id == PIPELINE => {
            &[Dimension::Stage, Dimension::Platform]
        }
        Subject::Facet(facet) if facts.facets.facet(facet).exclusive == Exclusive::Project => {
            &[Dimension::Environment, Dimension::Stage, Dimension::Platform, Dimension::Language]
        }
        Subject::Facet(_) => &Dimension::ALL,
    }
}

/// Whether two options cannot both be taken where the two stand.
fn exclude(
    facts: &Facts<'_>,
    facet: &Facet,
    one: &Holder<'_>,
    other: &Holder<'_>,
    way: Way,
) -> bool {
    match facet.exclusive {
        Exclusive::Project | Exclusive::Part => true,
        Exclusive::Layer => {
            one.part.shares_layer(&other.part)
                || way == Way::Related && one.part.has_layers_of(&other.part)
                || way == Way::Memory && is_told_of_all(facts, one, other)
                || matches!(way, Way::Memory | Way::Project)
                    && speak_of_one_thing(facts, one, other)
        }
        Exclusive::Never => false,
    }
}

/// Whether a memory file and an agent both say it of the project as a whole:
/// no layer is named, neither is a specialist, and they speak of one program,
/// since all that they take is of one language and something is taken by both.
fn is_told_of_all(facts: &Facts<'_>, one: &Holder<'_>, other: &Holder<'_>) -> bool {
    let is_memory = |holder: &Holder<'_>| facts.agent(holder.agent).kind == Kind::Memory;
    let is_of_layer = |holder: &Holder<'_>| holder.is_speciality || holder.part.names_layer();
    is_memory(one) != is_memory(other)
        && !is_of_layer(one)
        && !is_of_layer(other)
        && share_a_choice(facts, one.agent, other.agent)
        && is_one_language(facts, one.agent, other.agent)
}

/// Whether two short statements have a word in common that says what the
/// options are for: "New classes are written in Kotlin", "Write classes in Java".
fn speak_of_one_thing(facts: &Facts<'_>, one: &Holder<'_>, other: &Holder<'_>) -> bool {
    const MAX_WORDS: usize = 14;
    const GENERAL: [&str; 40] = [
        "use", "uses", "used", "using", "with", "write", "written", "build", "built", "builds",
        "code", "project", "this", "that", "always", "must", "should", "only", "from", "and",
        "the", "for", "all", "new", "our", "app", "application", "stack", "language", "framework",
        "follow", "best", "practices", "implement", "create", "run", "runs", "based", "version",
        "are",
    ];
    let short = |holder: &Holder<'_>| {
        let mut words = words(&holder.text(facts));
        words.retain(|word| word.len() > 2);
        (words.len() <= MAX_WORDS).then_some(words)
    };
    let (Some(a), Some(b)) = (short(one), short(other)) else {
        return false;
    };
    !one.is_speciality
        && !other.is_speciality
        && a.iter().any(|word| !GENERAL.contains(&word.as_str()) && b.contains(word))
}

/// What an agent takes, all strengths.
fn taken(facts: &Facts<'_>, agent: u32) -> impl Iterator<Item = u32> {
    facts.commitments[agent as usize]
        .iter()
        .filter(|commitment| commitment.takes && commitment.strength > Strength::Named)
        .map(|commitment| commitment.option)
}

fn share_a_choice(facts: &Facts<'_>, one: u32, other: u32) -> bool {
    let is_choice = |&option: &u32| facts.facets.facet_of(option).kind == FacetKind::Choice;
    let others: Vec<u32> = taken(facts, other).filter(is_choice).collect();
    taken(facts, one)
        .filter(is_choice)
        .any(|option| others.iter().any(|&other| facts.facets.agree(option, other)))
}

/// Whether all languages that two agents take or imply go together, as
/// TypeScript and JavaScript do.
fn is_one_language(facts: &Facts<'_>, one: u32, other: u32) -> bool {
    let Some((_, facet)) = facts.facets.find("programming-language") else {
        return true;
    };
    let mut languages: Vec<u32> = [one, other]
        .into_iter()
        .flat_map(|agent| taken(facts, agent))
        .flat_map(|option| {
            let implied = facts.facets.option(option).implies.iter().copied();
            implied.chain([option])
        })
        .filter(|option| facet.options.contains(option))
        .collect();
    languages.sort_unstable();
    languages.dedup();
    languages.iter().enumerate().all(|(at, &language)| {
        languages[at + 1..].iter().all(|&other| facts.facets.agree(language, other))
    })
}

/// Whether the two say it surely enough, and not only because each is a
/// specialist of its own.
fn is_decided(facet: &Facet, one: &Holder<'_>, other: &Holder<'_>, way: Way) -> bool {
    let is_bound = match facet.scope {
        FacetScope::Project => true,
        FacetScope::Agent => matches!(way, Way::Related | Way::SameFile),
        FacetScope::Memory => matches!(way, Way::Related | Way::SameFile | Way::Memory),
    };
    if !is_bound {
        return false;
    }
    let n_specialists = usize::from(one.is_speciality) + usize::from(other.is_speciality);
    let n_allowed = usize::from(matches!(way, Way::Related | Way::Memory));
    let surest = one.strength.max(other.strength);
    n_specialists <= n_allowed
        && (surest == Strength::Strong || facet.kind == FacetKind::Practice || way != Way::Related)
}
