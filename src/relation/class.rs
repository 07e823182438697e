//! What the measures of a pair make of it.

use super::{Candidate, Pair, Relation};
use crate::agent::{Agent, Kind};
use crate::align::Coverage;
use crate::collection::Collection;
use crate::config::Thresholds;
use crate::measure::name::Topics;

pub(super) fn relate(
    collection: &Collection,
    candidate: &Candidate,
    coverage: Coverage,
    thresholds: &Thresholds,
) -> Pair {
    let &Candidate { left, right, name, role, .. } = candidate;
    let redundancy = candidate.redundancy(coverage.max());
    let relation = if is_translation(collection, candidate, coverage) {
        Relation::Translation
    } else if same_body(collection, left, right) {
        if candidate.by_contents || role >= 1.0 - 1e-9 {
            Relation::Identical
        } else {
            Relation::Duplicate
        }
    } else {
        classify(collection, candidate, coverage, thresholds)
    };
    let Coverage { left_in_right, right_in_left } = coverage;
    Pair {
        left,
        right,
        relation,
        redundancy,
        name,
        role,
        left_in_right,
        right_in_left,
        matches: Vec::new(),
    }
}

fn classify(
    collection: &Collection,
    candidate: &Candidate,
    coverage: Coverage,
    thresholds: &Thresholds,
) -> Relation {
    let &Candidate { left, right, role, .. } = candidate;
    let redundancy = candidate.redundancy(coverage.max());
    let is_near = coverage.min() >= thresholds.near_duplicate;
    let [one, other] = [left, right].map(|agent| &collection.agents[agent as usize]);
    let do_two_things = || name_two_acts(one, other);
    if (is_near || coverage.max() >= thresholds.contained) && are_parallel(collection, left, right)
        || is_near
            && (do_two_things()
                || are_siblings(collection, left, right)
                || swap_one_word(collection, left, right))
    {
        return Relation::Template;
    }
    let says_something = |agent: u32| collection.own[agent as usize].len() >= MIN_COPIED_UNITS;
    if coverage.min() >= thresholds.duplicate
        && (redundancy >= thresholds.overlapping || says_something(left) && says_something(right))
    {
        return Relation::Duplicate;
    }
    if redundancy < thresholds.overlapping {
        return if coverage.max() >= thresholds.template {
            Relation::Template
        } else {
            Relation::Distinct
        };
    }
    if redundancy < thresholds.redundant || do_two_things() {
        return Relation::Overlapping;
    }
    if is_near {
        return Relation::NearDuplicate;
    }
    let inner = if coverage.left_in_right >= coverage.right_in_left { left } else { right };
    if coverage.max() >= thresholds.contained
        && collection.own[inner as usize].len() >= MIN_CONTAINED_UNITS
        && (candidate.name > 0.0 || !is_called_by_name(one) || !is_called_by_name(other))
    {
        return Relation::Contained;
    }
    let topics = collection.names[left as usize].topics_beside(&collection.names[right as usize]);
    let are_agents = one.kind == Kind::Agent && other.kind == Kind::Agent;
    if topics == Topics::Same && are_rivals(one, other) && (are_agents || role >= MIN_ROLE) {
        Relation::Redundant
    } else {
        Relation::Overlapping
    }
}

/// Whether two that overlap may well be one job, though that is not sure: what
/// starts one could start the other, neither is about a thing in its name that the
/// other hardly knows, and they are much alike; or one of them says most of what the
/// other says.
pub fn is_likely_one_job(collection: &Collection, pair: &Pair) -> bool {
    let &Pair { left, right, .. } = pair;
    let [one, other] = [left, right].map(|agent| &collection.agents[agent as usize]);
    let is_alike = pair.redundancy >= LIKELY_ONE_JOB;
    let is_held = |inner: u32, share: f64| {
        let n_units = collection.own[inner as usize].len();
        share >= HELD && (is_alike || n_units >= MIN_CONTAINED_UNITS)
    };
    let is_of_its_own = |agent: u32, other: u32| {
        speaks_of(collection, own_topics(collection, agent, other), agent, other)
    };
    let topics = collection.names[left as usize].topics_beside(&collection.names[right as usize]);
    let are_about_two_things = || match (is_of_its_own(left, right), is_of_its_own(right, left)) {
        (true, true) => true,
        (false, false) => false,
        // `ship-log` for all of a ship, `ship-log-engine` for its engine. What is called
        // by its name is meant by each word of it.
        _ => topics != Topics::Different || is_called_by_name(one),
    };
    pair.relation == Relation::Overlapping
        && one.kind == other.kind
        && one.kind != Kind::Memory
        && are_rivals(one, other)
        && !name_two_acts(one, other)
        && !names_are_reverse(collection, left, right)
        && (is_held(left, pair.left_in_right)
            || is_held(right, pair.right_in_left)
            || is_alike
                && pair.left_in_right.max(pair.right_in_left) >= SHARED
                && !are_about_two_things())
}

/// From here on agents that are about the same things are mostly one job
/// (`docs/measures.md`).
const LIKELY_ONE_JOB: f64 = 0.5;

/// Agents with less in common, however alike their names and roles, share a topic.
const SHARED: f64 = 0.25;

/// So much of what one says is most of it.
const HELD: f64 = 0.75;

fn names_are_reverse(collection: &Collection, left: u32, right: u32) -> bool {
    let names = |agent: u32| &collection.names[agent as usize];
    names(left).is_reverse_of(names(right))
}

/// Fewer distinct units are one rule, which two texts of different roles may
/// have in common.
const MIN_COPIED_UNITS: usize = 3;

/// Fewer distinct units make a stub, whose few words are found in any agent
/// of its kind: nothing that another one could contain.
const MIN_CONTAINED_UNITS: usize = 5;

/// Least likeness of roles of one role in own words, unless both are agents:
/// commands and skills are named by what they do ("configure", "review"), which
/// says little.
const MIN_ROLE: f64 = 0.35;

fn is_translation(collection: &Collection, candidate: &Candidate, coverage: Coverage) -> bool {
    may_translate(collection, candidate) && coverage.max() < 0.5
}

/// Whether two agents of one name are written in two languages.
pub(super) fn may_translate(collection: &Collection, candidate: &Candidate) -> bool {
    let language = |agent: u32| collection.agents[agent as usize].language;
    let (left, right) = (language(candidate.left), language(candidate.right));
    left != "und" && right != "und" && left != right && candidate.name >= 1.0
}

fn same_body(collection: &Collection, left: u32, right: u32) -> bool {
    let sets = |agent: u32| &collection.unit_sets[agent as usize];
    sets(left) == sets(right) && sets(left).iter().any(Option::is_some)
}

/// Whether two agents that agree in most of their words are about different
/// things: `create-java-project` and `create-kotlin-project`, or the skills
/// `access` of the plugins `discord` and `telegram`. Each text speaks of a word
/// of its own name or folders, and the other less than half as often.
fn are_parallel(collection: &Collection, left: u32, right: u32) -> bool {
    let is_of_its_own = |agent: u32, other: u32| {
        let topics = own_topics(collection, agent, other);
        let terms = topics.chain(own_folders(collection, agent, other));
        speaks_of(collection, terms, agent, other)
    };
    is_of_its_own(left, right) && is_of_its_own(right, left)
}

/// Whether an agent speaks of one of these terms more than twice as often as
/// another one does.
fn speaks_of(
    collection: &Collection,
    mut terms: impl Iterator<Item = u32>,
    agent: u32,
    other: u32,
) -> bool {
    let n_units = |agent: u32, term: u32| collection.n_units_with(agent, term);
    terms.any(|term| n_units(agent, term) > 2 * n_units(other, term))
}

/// Whether of two agents that agree in most of their words each has a word of
/// its own in the name, and one of these is at home in one of the texts alone:
/// the text for Java may be what is left of the one for Kotlin.
fn are_siblings(collection: &Collection, left: u32, right: u32) -> bool {
    /// So often a word occurs that is at home in a text.
    const MANY: usize = 2;
    /// So much more often than in the other text.
    const FAR_MORE: usize = 4;
    let is_at_home = |agent: u32, other: u32| {
        own_topics(collection, agent, other).any(|term| {
            let n_units = |agent: u32| collection.n_units_with(agent, term);
            n_units(agent) >= MANY + FAR_MORE * n_units(other)
        })
    };
    let names = |agent: u32| &collection.names[agent as usize];
    names_are_reverse(collection, left, right)
        || names(left).topics_beside(names(right)) == Topics::Different
            && (is_at_home(left, right) || is_at_home(right, left))
}

/// Whether two texts are one but for a word that stands in one's name instead of a
/// word of the other's name, and so throughout: `suggest-tides`, `suggest-currents`.
fn swap_one_word(collection: &Collection, left: u32, right: u32) -> bool {
    /// Fewer units that differ in the word alone may be chance.
    const MIN_SWAPPED: usize = 4;
    let [one, other] = [left, right].map(|agent| name_words(&collection.agents[agent as usize]));
    let n_differing = one.iter().zip(&other).filter(|(one, other)| one != other);
    if one.len() != other.len() || n_differing.count() != 1 {
        return false;
    }
    let sets = |agent: u32| collection.own[agent as usize].iter().map(|own| own.set);
    let only = |agent: u32, other: u32| -> Vec<&[u32]> {
        let only = sets(agent).filter(|&set| sets(other).all(|others| others != set));
        only.map(|set| collection.units.terms(set)).collect()
    };
    let (lefts, rights) = (only(left, right), only(right, left));
    // The word in all its forms: terms in so many of these units, and hardly in the other text.
    let at_home = |units: &[&[u32]], agent: u32, other: u32| -> Vec<u32> {
        let n_units = |agent: u32, term: u32| collection.n_units_with(agent, term);
        let mut terms: Vec<u32> = units.concat();
        terms.sort_unstable();
        terms.dedup();
        terms.retain(|&term| n_units(agent, term) >= (2 * n_units(other, term)).max(MIN_SWAPPED));
        terms
    };
    let mut forms = at_home(&lefts, left, right);
    forms.extend(at_home(&rights, right, left));
    let rest = |units: &[&[u32]]| -> Vec<Vec<u32>> {
        let terms = units.iter().map(|terms| terms.iter().copied());
        terms.map(|terms| terms.filter(|term| !forms.contains(term)).collect()).collect()
    };
    let (lefts, rights) = (rest(&lefts), rest(&rights));
    let n_swapped = lefts.iter().filter(|one| rights.contains(one)).count();
    n_swapped >= MIN_SWAPPED && n_swapped * 2 >= lefts.len().min(rights.len())
}

/// The topics of an agent's name that the other's lacks.
fn own_topics(collection: &Collection, agent: u32, other: u32) -> impl Iterator<Item = u32> {
    let others = &collection.topics[other as usize];
    let topics = collection.topics[agent as usize].iter().copied();
    topics.filter(move |term| others.binary_search(term).is_err())
}

/// The words of an agent's folders that neither the other's folders nor its name have.
fn own_folders(collection: &Collection, agent: u32, other: u32) -> impl Iterator<Item = u32> {
    let others = [&collection.topics, &collection.folders].map(|words| &words[other as usize]);
    let folders = collection.folders[agent as usize].iter().copied();
    folders.filter(move |term| others.iter().all(|other| other.binary_search(term).is_err()))
}

/// Whether a user starts it by its name: another one that says the same and is
/// called something else, such as a page of help, is no substitute.
fn is_called_by_name(agent: &Agent) -> bool {
    matches!(agent.kind, Kind::Command | Kind::Prompt)
}

/// Whether one request may start either of two definitions: what a user calls by
/// its name is no rival of what a model chooses or a path brings in, nor a skill
/// of the agent that works with it.
fn are_rivals(one: &Agent, other: &Agent) -> bool {
    let is_chosen =
        |agent: &Agent| matches!(agent.kind, Kind::Agent | Kind::ChatMode | Kind::Skill);
    is_called_by_name(one) == is_called_by_name(other)
        && is_chosen(one) == is_chosen(other)
        && (one.kind == other.kind || !calls(one, other) && !calls(other, one))
}

/// Whether a field of `one`, such as its skills or first prompt, names `other`.
fn calls(one: &Agent, other: &Agent) -> bool {
    let is_name_of_other = |item: &str| {
        item.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_'))
            .any(|word| word.eq_ignore_ascii_case(&other.name))
    };
    one.frontmatter
        .fields
        .iter()
        .filter(|field| !matches!(field.key.as_str(), "name" | "description"))
        .any(|field| field.value.items().iter().any(|item| is_name_of_other(item)))
}

/// What names say that is done, verbs of one act in a line.
const ACTS: [&[&str]; 9] = [
    &["add", "build", "create", "draft", "generate", "init", "make", "new", "write"],
    &["edit", "improve", "modify", "refactor", "refresh", "update", "upgrade"],
    &["archive", "delete", "destroy", "remove", "uninstall"],
    &["analyze", "audit", "check", "review", "test", "validate", "verify"],
    &["fix", "repair", "resolve"],
    &["explain", "find", "get", "list", "read", "search", "show", "view"],
    &["enable", "launch", "open", "resume", "run", "start"],
    &["cancel", "close", "disable", "pause", "stop"],
    &["deploy", "export", "publish", "push", "send", "upload"],
];

/// Whether two names are the same but for what is done: `create-plan` and
/// `update-plan`.
fn name_two_acts(one: &Agent, other: &Agent) -> bool {
    let (left, right) = (name_words(one), name_words(other));
    let own = |one: &[String], other: &[String]| -> Vec<String> {
        let words = one.iter().filter(|word| !other.contains(word));
        words.cloned().collect()
    };
    let ([left], [right]) = (&own(&left, &right)[..], &own(&right, &left)[..]) else {
        return false;
    };
    let act = |word: &str| ACTS.iter().position(|verbs| verbs.contains(&word));
    matches!((act(left), act(right)), (Some(one), Some(other)) if one != other)
}

fn name_words(agent: &Agent) -> Vec<String> {
    let name = agent.name.to_lowercase();
    let words = name.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}
