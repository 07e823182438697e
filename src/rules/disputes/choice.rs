//! `choice-conflict` and `practice-conflict`: agents that take different
//! options of one facet, or different versions of one option.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use petgraph::unionfind::UnionFind;

use super::clash::{Clash, Place, Side};
use super::part;
use crate::agent::Kind;
use crate::commitment::reading::Place as Statement;
use crate::commitment::{Commitment, Stance, Strength, stances, subject_of, versions};
use crate::facet::scan::Target;
use crate::facet::{Exclusive, Facet, FacetKind, FacetScope};
use crate::finding::{Rule, Severity};
use crate::reach::{Dimension, Part, Reach, Way};
use crate::relation::{Pair, Relation};
use crate::rules::Facts;

/// What two agents may disagree about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    /// Which option of a facet.
    Facet(u32),
    /// Which version of an option.
    Version(u32),
}

/// One agent's side.
#[derive(Debug)]
struct Holder<'a> {
    agent: u32,
    commitment: &'a Commitment,
    unit_idx: u32,
    takes: bool,
    strength: Strength,
    is_speciality: bool,
    part: Part,
}

impl Holder<'_> {
    /// The statement, without markup.
    fn text<'a>(&self, facts: &Facts<'a>) -> Cow<'a, str> {
        let agent = facts.agent(self.agent);
        let unit = &agent.units[self.unit_idx as usize];
        agent.unit_text(unit, facts.text(self.agent))
    }
}

/// The words of a text in lower case.
fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// One clash for each set of agents that disagree, directly or through others,
/// about a subject. What the house has decided is none.
pub(super) fn clashes(facts: &Facts<'_>, reach: &Reach<'_>) -> Vec<Clash> {
    let kin = kin(facts);
    subjects(facts, false)
        .iter()
        .flat_map(|(&subject, holders)| of_subject(facts, reach, &kin, subject, holders))
        .collect()
}

/// The statements that would clash, had the house not decided: by agent, with
/// the side that it takes.
pub(in crate::rules) fn decided_by_house<'a>(
    facts: &Facts<'a>,
    reach: &Reach<'_>,
) -> Vec<(u32, Stance, &'a Commitment)> {
    let kin = kin(facts);
    let mut statements = Vec::new();
    for (subject, holders) in subjects(facts, true) {
        let edges = edges(facts, reach, &kin, subject, &holders);
        let opposed: BTreeSet<usize> = edges.iter().flat_map(|edge| [edge.0, edge.1]).collect();
        statements.extend(opposed.iter().map(|&at| {
            let holder = &holders[at];
            let stance = Stance {
                option: holder.commitment.option,
                takes: holder.takes,
                strength: holder.strength,
                is_speciality: holder.is_speciality,
                best: 0,
            };
            (holder.agent, stance, holder.commitment)
        }));
    }
    statements
}

/// Who takes which side, by subject: of the facets that the house has decided,
/// or of all others.
fn subjects<'a>(facts: &Facts<'a>, fixed: bool) -> BTreeMap<Subject, Vec<Holder<'a>>> {
    let mut subjects: BTreeMap<Subject, Vec<Holder<'_>>> = BTreeMap::new();
    let bound = bound_by_memory(facts);
    for (agent, commitments) in (0..).zip(facts.commitments) {
        for stance in stances(commitments, facts.facets) {
            let facet = facts.facets.option(stance.option).facet;
            let is_fixed = facts.house.allowed(facet).is_some();
            if is_fixed != fixed || facts.facets.facet(facet).exclusive == Exclusive::Never {
                continue;
            }
            if let Some(holder) = holder(facts, agent, &stance, &commitments[stance.best as usize])
            {
                subjects
                    .entry(Subject::Facet(facet))
                    .or_default()
                    .push(holder);
            }
        }
        for passing in told_in_passing(facts, agent, &bound) {
            let facet = facts.facets.option(passing.option).facet;
            if facts.house.allowed(facet).is_some() != fixed {
                continue;
            }
            let stance = Stance {
                option: passing.option,
                takes: true,
                strength: Strength::Weak,
                is_speciality: false,
                best: 0,
            };
            let holder = holder(facts, agent, &stance, passing);
            subjects
                .entry(Subject::Facet(facet))
                .or_default()
                .extend(holder);
        }
        for commitment in versions(commitments).into_iter().filter(|_| !fixed) {
            let stance = Stance {
                option: commitment.option,
                takes: true,
                strength: commitment.strength.max(Strength::Medium),
                is_speciality: false,
                best: 0,
            };
            if let Some(holder) = holder(facts, agent, &stance, commitment) {
                subjects
                    .entry(Subject::Version(commitment.option))
                    .or_default()
                    .push(holder);
            }
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
        for stance in stances(commitments, table) {
            let facet = table.facet_of(stance.option);
            let is_exclusive = matches!(facet.exclusive, Exclusive::Project | Exclusive::Part);
            if !stance.takes || !is_exclusive || facet.kind != FacetKind::Choice {
                continue;
            }
            let strength = match commitments[stance.best as usize].is_only {
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
    agents
        .filter(|(agent, _)| agent.kind == Kind::Memory)
        .map(|(_, commitments)| commitments)
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

/// By agent: those of one field. One could replace the other, or they overlap
/// and the topic words of one name are among those of the other.
fn kin(facts: &Facts<'_>) -> BTreeMap<u32, Vec<u32>> {
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
    };
    let mut kin: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for pair in facts.pairs.iter().filter(is_kin) {
        kin.entry(pair.left).or_default().push(pair.right);
        kin.entry(pair.right).or_default().push(pair.left);
    }
    kin
}

/// Whether an agent's name says which option it is for.
pub(in crate::rules) fn is_named_after(facts: &Facts<'_>, agent: u32, option: u32) -> bool {
    let name = facts.agent(agent).name.replace(['-', '_', '.'], " ");
    let mut named = options_in(facts, &name);
    named.any(|named| facts.facets.agree(named, option))
}

/// The options that a text names.
fn options_in(facts: &Facts<'_>, text: &str) -> impl Iterator<Item = u32> {
    let hits = facts.facets.scanner().hits(text).into_iter();
    hits.filter_map(|hit| match hit.target {
        Target::Option(option) => Some(option),
        Target::Measure(_) => None,
    })
}

fn holder<'a>(
    facts: &Facts<'_>,
    agent: u32,
    stance: &Stance,
    commitment: &'a Commitment,
) -> Option<Holder<'a>> {
    let Statement::Unit(unit_idx) = commitment.place else {
        return None;
    };
    Some(Holder {
        agent,
        commitment,
        unit_idx,
        takes: stance.takes,
        strength: stance.strength,
        is_speciality: stance.is_speciality || is_named_after(facts, agent, stance.option),
        part: part(facts, agent, unit_idx as usize),
    })
}

fn of_subject(
    facts: &Facts<'_>,
    reach: &Reach<'_>,
    kin: &BTreeMap<u32, Vec<u32>>,
    subject: Subject,
    holders: &[Holder<'_>],
) -> Vec<Clash> {
    let edges = edges(facts, reach, kin, subject, holders);
    let mut sets = UnionFind::<usize>::new(holders.len());
    for &(one, other, _) in &edges {
        sets.union(one, other);
    }
    let mut by_set: BTreeMap<usize, Vec<(usize, usize, Way)>> = BTreeMap::new();
    for edge in edges {
        by_set.entry(sets.find(edge.0)).or_default().push(edge);
    }
    by_set
        .values()
        .map(|edges| dispute(facts, subject, holders, edges))
        .collect()
}

/// Who disagrees with whom, and why they are in each other's way.
fn edges(
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
        let near = kin
            .get(&holder.agent)
            .into_iter()
            .flatten()
            .map(|&other| (other, Way::Related));
        for (other_agent, way) in reach.of(holder.agent).into_iter().chain(near) {
            let others = by_agent.get(&other_agent).into_iter().flatten().copied();
            for other in others.filter(|&other| other > one) {
                if clash(facts, subject, holder, &holders[other], way) {
                    edges.push((one, other, way));
                }
            }
        }
    }
    edges
}

fn clash(
    facts: &Facts<'_>,
    subject: Subject,
    one: &Holder<'_>,
    other: &Holder<'_>,
    way: Way,
) -> bool {
    if one
        .part
        .is_apart_in(&other.part, dimensions(facts, subject))
    {
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
                && [one, other]
                    .iter()
                    .all(|holder| is_task(facts, holder.agent));
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

/// Whether a statement holds for one folder alone, of which the other's file says
/// nothing: "In `web/` the runner is Vitest".
fn is_confined(facts: &Facts<'_>, one: &Holder<'_>, other: &Holder<'_>) -> bool {
    let text = one.text(facts);
    let mut words = text.split(' ');
    let is_place = words.next().is_some_and(|word| {
        matches!(
            word,
            "In" | "Under" | "Inside" | "Within" | "Below" | "in" | "under"
        )
    });
    let folder = words.next().filter(|_| is_place);
    let folder = folder.and_then(|word| word.trim_end_matches([',', ':']).strip_suffix('/'));
    folder.is_some_and(|folder| !folder.is_empty() && !facts.text(other.agent).contains(folder))
}

/// Whether two statements that ask first, or do not, speak of other acts: "Ask
/// before you delete data", "Don't ask before running tests".
fn are_two_acts(facts: &Facts<'_>, one: &Holder<'_>, other: &Holder<'_>) -> bool {
    const LINKS: [&str; 8] = ["a", "and", "or", "the", "they", "we", "you", "your"];
    /// Words of an act that stand for all.
    const GENERAL: [&str; 28] = [
        "acting",
        "action",
        "any",
        "anything",
        "change",
        "changes",
        "changing",
        "code",
        "doing",
        "each",
        "edit",
        "editing",
        "every",
        "everything",
        "file",
        "files",
        "implementation",
        "implementing",
        "make",
        "making",
        "proceed",
        "proceeding",
        "start",
        "starting",
        "step",
        "touch",
        "write",
        "writing",
    ];
    let acts = |holder: &Holder<'_>| {
        let text = holder.text(facts).to_lowercase();
        let (_, act) = text.split_once(" before ")?;
        let end = act.find([',', '.', ';', ':', '(']).unwrap_or(act.len());
        let mut words = words(&act[..end]);
        words.retain(|word| !LINKS.contains(&word.as_str()));
        let is_general = words.iter().any(|word| GENERAL.contains(&word.as_str()));
        (!words.is_empty() && !is_general).then_some(words)
    };
    let acts = acts(one).zip(acts(other));
    acts.is_some_and(|(one, other)| !one.iter().any(|word| other.contains(word)))
}

/// Whether each of two statements is about another language: it is named there,
/// or in the name and description of the agent.
fn are_two_languages(facts: &Facts<'_>, one: &Holder<'_>, other: &Holder<'_>) -> bool {
    let Some((_, facet)) = facts.facets.find("programming-language") else {
        return false;
    };
    let in_text = |text: &str| -> Vec<u32> {
        let named = options_in(facts, text);
        named
            .filter(|option| facet.options.contains(option))
            .collect()
    };
    let languages = |holder: &Holder<'_>| {
        let own = in_text(&holder.text(facts));
        let agent = facts.agent(holder.agent);
        if !own.is_empty() || agent.kind == Kind::Memory {
            return own;
        }
        let name = agent.name.replace(['-', '_'], " ");
        in_text(&format!("{name}. {}", agent.description.trigger))
    };
    let (own, others) = (languages(one), languages(other));
    let is_there = |own: &u32| others.iter().any(|other| facts.facets.agree(*own, *other));
    !own.is_empty() && !others.is_empty() && !own.iter().any(is_there)
}

/// The decision for a pipeline.
const PIPELINE: &str = "ci-system";

/// Whether somebody calls an agent for one task: its ways of working are for that task.
fn is_task(facts: &Facts<'_>, agent: u32) -> bool {
    matches!(facts.agent(agent).kind, Kind::Command | Kind::Skill)
}

/// Whether each of two statements tells of a program of its own: "The web app
/// runs on Node 22", "The lambda runs on Node 18".
fn are_two_programs(facts: &Facts<'_>, one: &Holder<'_>, other: &Holder<'_>) -> bool {
    const PROGRAMS: [&str; 32] = [
        "admin",
        "api",
        "app",
        "backend",
        "bot",
        "cli",
        "client",
        "dashboard",
        "docs",
        "engine",
        "extension",
        "frontend",
        "function",
        "functions",
        "gateway",
        "importer",
        "lambda",
        "library",
        "package",
        "plugin",
        "portal",
        "script",
        "scripts",
        "server",
        "service",
        "services",
        "shop",
        "site",
        "website",
        "widget",
        "worker",
        "workers",
    ];
    let subject = |holder: &Holder<'_>| {
        let words = words(subject_of(&holder.text(facts))?);
        let is_program = words.iter().any(|word| PROGRAMS.contains(&word.as_str()));
        is_program.then_some(words)
    };
    let (Some(a), Some(b)) = (subject(one), subject(other)) else {
        return false;
    };
    let is_article = |word: &str| matches!(word, "the" | "our" | "all" | "a" | "this");
    !a.iter().any(|word| !is_article(word) && b.contains(word))
}

/// By which parts of a project a subject may be decided differently.
fn dimensions(facts: &Facts<'_>, subject: Subject) -> &'static [Dimension] {
    let is_of_tests = |facet: u32| {
        let id = &facts.facets.facet(facet).id;
        id.starts_with("test-") || id.contains("mock")
    };
    match subject {
        // "Do not mock the database in tests" speaks of all tests.
        Subject::Facet(facet) if is_of_tests(facet) => &[
            Dimension::Layer,
            Dimension::Tests,
            Dimension::Stage,
            Dimension::Platform,
        ],
        Subject::Version(_) => &[Dimension::Stage, Dimension::Platform],
        // What runs in the pipeline is told apart by it, not what the pipeline is.
        Subject::Facet(facet) if facts.facets.facet(facet).id == PIPELINE => {
            &[Dimension::Stage, Dimension::Platform]
        }
        Subject::Facet(facet) if facts.facets.facet(facet).exclusive == Exclusive::Project => &[
            Dimension::Environment,
            Dimension::Stage,
            Dimension::Platform,
            Dimension::Language,
        ],
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
        "use",
        "uses",
        "used",
        "using",
        "with",
        "write",
        "written",
        "build",
        "built",
        "builds",
        "code",
        "project",
        "this",
        "that",
        "always",
        "must",
        "should",
        "only",
        "from",
        "and",
        "the",
        "for",
        "all",
        "new",
        "our",
        "app",
        "application",
        "stack",
        "language",
        "framework",
        "follow",
        "best",
        "practices",
        "implement",
        "create",
        "run",
        "runs",
        "based",
        "version",
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
        && a.iter()
            .any(|word| !GENERAL.contains(&word.as_str()) && b.contains(word))
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
    taken(facts, one).filter(is_choice).any(|option| {
        others
            .iter()
            .any(|&other| facts.facets.agree(option, other))
    })
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
        languages[at + 1..]
            .iter()
            .all(|&other| facts.facets.agree(language, other))
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

/// What all who disagree say, each option one side.
fn dispute(
    facts: &Facts<'_>,
    subject: Subject,
    holders: &[Holder<'_>],
    edges: &[(usize, usize, Way)],
) -> Clash {
    let mut members: Vec<usize> = edges
        .iter()
        .flat_map(|&(one, other, _)| [one, other])
        .collect();
    members.sort_unstable();
    members.dedup();
    let mut sides: Vec<Side> = Vec::new();
    let mut sure: Vec<Strength> = Vec::new();
    let members = || members.iter().map(|&at| &holders[at]);
    for holder in members().filter(|holder| !is_included(facts, holder, members())) {
        let label = label(facts, subject, holder);
        let place = Place {
            agent: holder.agent,
            unit_idx: holder.unit_idx,
            line: is_line(facts, holder).then_some(holder.commitment.span),
        };
        match sides.iter().position(|side| side.label == label) {
            Some(at) => {
                sides[at].places.push(place);
                sure[at] = sure[at].max(holder.strength);
            }
            None => {
                sides.push(Side {
                    label,
                    places: vec![place],
                });
                sure.push(holder.strength);
            }
        }
    }
    // What holds for all comes first, then what most say.
    let is_memory = |place: &Place| facts.agent(place.agent).kind == Kind::Memory;
    for side in &mut sides {
        side.places.sort_by_key(|place| (!is_memory(place), *place));
    }
    sides.sort_by_key(|side| {
        (
            !side.places.iter().any(is_memory),
            Reverse(side.places.len()),
            side.places[0],
        )
    });
    let weakest = sure.iter().copied().min().unwrap_or(Strength::Weak);
    let way = edges
        .iter()
        .map(|&(_, _, way)| way)
        .min()
        .unwrap_or(Way::Related);
    let confidence = match (weakest, way) {
        (Strength::Strong, Way::SameFile | Way::Memory) => 0.9,
        (Strength::Strong, _) => 0.8,
        (_, Way::SameFile | Way::Memory) => 0.75,
        _ => 0.65,
    };
    let (topic, rule) = match subject {
        Subject::Version(option) => (
            format!("version of {}", facts.facets.option(option).name),
            Rule::ChoiceConflict,
        ),
        Subject::Facet(facet) => {
            let facet = facts.facets.facet(facet);
            let rule = match facet.kind {
                FacetKind::Practice => Rule::PracticeConflict,
                _ => Rule::ChoiceConflict,
            };
            (facet.title.clone(), rule)
        }
    };
    let is_hard =
        weakest == Strength::Strong && way != Way::Related && rule == Rule::ChoiceConflict;
    Clash {
        rule,
        severity: if is_hard {
            Severity::Error
        } else {
            Severity::Warning
        },
        confidence,
        topic,
        sides,
        help: match members().all(|holder| facts.agent(holder.agent).kind == Kind::Memory) {
            true if way == Way::Memory => HELP_FOR_MEMORIES.to_owned(),
            _ => help(way).to_owned(),
        },
    }
}

/// Whether the agent takes what this is a part of as well: "shadcn/ui (based on
/// Radix UI)" takes one side, not two.
fn is_included<'a>(
    facts: &Facts<'_>,
    holder: &Holder<'_>,
    mut others: impl Iterator<Item = &'a Holder<'a>>,
) -> bool {
    let option = holder.commitment.option;
    others.any(|other| {
        let whole = other.commitment.option;
        holder.takes
            && other.takes
            && other.agent == holder.agent
            && whole != option
            && facts.facets.includes(whole, option)
    })
}

fn label(facts: &Facts<'_>, subject: Subject, holder: &Holder<'_>) -> String {
    let name = &facts.facets.option(holder.commitment.option).name;
    match (subject, holder.commitment.version) {
        (Subject::Version(_), Some(version)) => format!("{name} {version}"),
        _ if holder.takes => name.clone(),
        _ => format!("not {name}"),
    }
}

/// Whether a line of a block of code is meant, not the whole block.
fn is_line(facts: &Facts<'_>, holder: &Holder<'_>) -> bool {
    let unit = &facts.agent(holder.agent).units[holder.unit_idx as usize];
    unit.span != holder.commitment.span
}

const HELP_FOR_MEMORIES: &str =
    "decide for one and write it in both files; where both are meant, say in each for which part";

fn help(way: Way) -> &'static str {
    match way {
        Way::Memory => {
            "bring the agents in line with the memory file, or correct the memory file if the project has moved on; \
             where both are meant, say in each for which part"
        }
        Way::SameFile => {
            "decide for one and correct the other; where both are meant, say for which part"
        }
        Way::Project => {
            "decide for one and write it in all of them; where both are meant, say in each for which part"
        }
        Way::Related | Way::Together => {
            "decide for one, or say in each description for which stack it is, so that the right one is picked"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Scope;
    use crate::rules::with_facts;

    /// What the agents `name: body` of one project disagree about; `CLAUDE` is the memory file.
    fn disputes(agents: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<(String, String)> = agents
            .iter()
            .map(|&(name, body)| match name {
                "CLAUDE" => ("CLAUDE.md".to_owned(), format!("# Project\n\n{body}\n")),
                _ => (
                    format!(".claude/agents/{name}.md"),
                    format!("---\nname: {name}\ndescription: works on {name}\n---\n\n{body}\n"),
                ),
            })
            .collect();
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        with_facts(&files, &[], Scope::Project, |facts| {
            let reach = Reach::new(
                facts.collection,
                facts.sources,
                facts.pairs,
                facts.groups,
                facts.scope,
            );
            let told = |side: &Side| format!("{}×{}", side.label, side.places.len());
            clashes(facts, &reach)
                .iter()
                .map(|clash| {
                    let sides: Vec<String> = clash.sides.iter().map(told).collect();
                    format!("{}: {}", clash.topic, sides.join(" "))
                })
                .collect()
        })
    }

    #[test]
    fn one_dispute_holds_all_who_say_each() {
        let told = disputes(&[
            ("CLAUDE", "- Always use pnpm."),
            ("a", "- Always use npm."),
            ("b", "- Always use npm."),
            ("c", "- Always use pnpm."),
        ]);
        assert_eq!(told, ["JavaScript package manager: pnpm×2 npm×2"]);
    }

    #[test]
    fn versions_clash_unless_one_meets_the_other() {
        let stack = |line: &'static str| {
            [
                (
                    "CLAUDE",
                    "- **Frontend**: React 19\n- **Runtime**: Java 17+",
                ),
                ("a", line),
            ]
        };
        assert_eq!(
            disputes(&stack("- **Frontend**: React 18")),
            ["version of React: React 19×1 React 18×1"]
        );
        assert_eq!(disputes(&stack("- **Frontend**: React 19.1")), [""; 0]);
        assert_eq!(disputes(&stack("- **Language**: Java 21")), [""; 0]);
    }

    #[test]
    fn taking_goes_against_rejecting() {
        let told = disputes(&[
            ("a", "- Never use Redux."),
            ("b", "- **State**: Redux Toolkit"),
        ]);
        assert_eq!(told.len(), 1, "{told:?}");
    }

    #[test]
    fn a_word_in_passing_is_enough_against_a_memory_file() {
        let told = |memory: &str, agent: &str| disputes(&[("CLAUDE", memory), ("a", agent)]);
        let weak = "Whoever builds the store does so using Redux.";
        let named = "The store of each page: its Redux part comes first.";
        let rejected = ["client state management: not Redux×1 Redux×1"];
        let rival = ["client state management: Zustand×1 Redux×1"];
        assert_eq!(told("- Never use Redux.", weak), rejected);
        assert_eq!(told("- Never use Redux.", named), rejected);
        assert_eq!(told("- Always use Zustand.", weak), rival);
        assert_eq!(told("- Always use Zustand.", named), [""; 0]);
        assert_eq!(told("- Use Zustand and nothing else.", named), rival);
        let peers = [("a", weak), ("b", "- Never use Redux.")];
        assert_eq!(disputes(&peers), [""; 0]);
    }

    #[test]
    fn statements_of_other_folders_languages_and_acts_are_apart() {
        for (memory, agent) in [
            ("- In `web/` the tests run on Vitest.", "- Use Jest."),
            (
                "- Python functions raise exceptions on failure.",
                "- Rust functions return a `Result` on failure.",
            ),
            (
                "- Ask before you drop a table.",
                "- Don't ask before running tests.",
            ),
        ] {
            let files = [("CLAUDE", memory), ("a", agent)];
            assert_eq!(disputes(&files), [""; 0], "{memory}");
        }
        let files = [
            ("CLAUDE", "- In `web/` the tests run on Vitest."),
            ("a", "You work in `web/`.\n\n- Use Jest."),
        ];
        assert_eq!(disputes(&files).len(), 1);
    }

    #[test]
    fn specialists_do_not_conflict() {
        let told = disputes(&[
            ("mysql-expert", "You are a MySQL expert."),
            ("mssql-expert", "You are a SQL Server expert."),
        ]);
        assert_eq!(told, [""; 0]);
    }

    #[test]
    fn parts_of_a_project_do_not_conflict() {
        let told = disputes(&[
            (
                "CLAUDE",
                "- **Backend tests**: Jest\n- **Frontend tests**: Vitest",
            ),
            ("frontend-tester", "- **Test runner**: Vitest"),
        ]);
        assert_eq!(told, [""; 0]);
        let told = disputes(&[
            ("a", "## Legacy code\n\n- **Frontend**: React 17"),
            ("b", "- **Frontend**: React 19"),
        ]);
        assert_eq!(told, [""; 0]);
    }

    #[test]
    fn what_a_memory_file_tells_of_the_whole_holds_where_no_layer_is_named() {
        let told = |agent: &str, body: &str| {
            let whole = "- **Framework**: Flask\n- **Dates**: Luxon";
            disputes(&[("CLAUDE", whole), (agent, body)])
        };
        let other = "- **Framework**: Django\n- **Dates**: Luxon";
        assert_eq!(
            told("builder", other),
            ["backend framework: Flask×1 Django×1"]
        );
        assert_eq!(told("frontend-builder", other), [""; 0]);
        let expert = "You are a Django expert.\n\n- **Dates**: Luxon";
        assert_eq!(told("django-expert", expert), [""; 0]);
        // Another program, told by nothing in common or by its language.
        assert_eq!(told("builder", "- **Framework**: Django"), [""; 0]);
        let two_languages = format!("{other}\n- **Language**: TypeScript\n- Always use Python.");
        assert_eq!(told("builder", &two_languages), [""; 0]);
        let peers = [
            ("a", "- **Framework**: Flask"),
            ("b", "- **Framework**: Django"),
        ];
        assert_eq!(disputes(&peers), [""; 0]);
    }

    #[test]
    fn one_runner_holds_for_all_tests_that_are_not_told_apart() {
        let told = |one: &str, other: &str| {
            let bodies = [one, other].map(|part| format!("- **{part}**: "));
            disputes(&[
                ("CLAUDE", &format!("{}Jest", bodies[0])),
                ("a", &format!("{}Vitest", bodies[1])),
            ])
        };
        let clash = ["JavaScript test runner: Jest×1 Vitest×1"];
        assert_eq!(told("Tests", "Tests"), clash);
        assert_eq!(told("Tests", "Frontend tests"), clash);
        assert_eq!(told("Backend tests", "Frontend tests"), [""; 0]);
    }

    #[test]
    fn a_language_is_decided_where_two_speak_of_one_thing() {
        let told = |one: &str, other: &str| disputes(&[("CLAUDE", one), ("a", other)]);
        assert_eq!(
            told(
                "New classes are written in Kotlin.",
                "Write new classes in Java."
            ),
            ["programming language: Kotlin×1 Java×1"]
        );
        assert_eq!(
            told(
                "New classes are written in Kotlin.",
                "Write all scripts in Python."
            ),
            [""; 0]
        );
    }

    #[test]
    fn two_programs_have_versions_of_their_own() {
        let told = |one: &str, other: &str| disputes(&[("CLAUDE", one), ("a", other)]);
        let clash = ["version of Node.js: Node.js 22×1 Node.js 18×1"];
        assert_eq!(
            told("Use Node.js 22.", "The lambda runs on Node.js 18."),
            clash
        );
        assert_eq!(
            told(
                "The web app runs on Node.js 22.",
                "The lambda runs on Node.js 18."
            ),
            [""; 0]
        );
    }

    #[test]
    fn all_tests_and_the_pipeline_itself_are_no_part_of_their_own() {
        let told = |one: &str, other: &str| disputes(&[("CLAUDE", one), ("a", other)]);
        assert_eq!(
            told(
                "Do not mock the database in tests.",
                "Always mock the database."
            )
            .len(),
            1
        );
        assert_eq!(
            told("- CI: GitHub Actions", "The pipeline runs on GitLab CI."),
            ["CI system: GitHub Actions×1 GitLab CI×1"]
        );
    }

    #[test]
    fn titles_are_names() {
        let told = disputes(&[
            (
                "CLAUDE",
                "- Use Vitest.\n\n# Docs and bug finder\n\n- Diagrams are Mermaid blocks.",
            ),
            ("a", "- Write diagrams in PlantUML."),
        ]);
        assert_eq!(told, ["diagram tool: Mermaid×1 PlantUML×1"]);
    }

    #[test]
    fn what_implies_the_other_agrees() {
        let told = disputes(&[
            ("a", "- **Database**: Supabase"),
            ("b", "- **Database**: PostgreSQL"),
        ]);
        assert_eq!(told, [""; 0]);
    }

    #[test]
    fn practices_that_oppose_each_other_conflict() {
        let told = disputes(&[
            ("CLAUDE", "- Commit and push after every change."),
            ("a", "- Never commit without explicit permission."),
        ]);
        assert_eq!(told.len(), 1, "{told:?}");
    }

    #[test]
    fn two_memory_files_of_one_folder_are_brought_in_line_with_each_other() {
        let files = [
            ("AGENTS.md", "# P\n\n- Always use pnpm.\n"),
            ("CLAUDE.md", "# P\n\n- Always use npm.\n"),
        ];
        let drafts = with_facts(
            &files,
            &[],
            Scope::Project,
            crate::rules::disputes::findings,
        );
        let [draft] = drafts.as_slice() else {
            panic!("{drafts:?}")
        };
        assert!(
            draft
                .message
                .ends_with("both memory files hold for one folder")
        );
        assert_eq!(draft.help, HELP_FOR_MEMORIES);
    }
}
