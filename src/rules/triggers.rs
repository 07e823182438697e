//! Agents between which a product's model has to guess: `trigger-overlap`.
//!
//! Sentences of boundary aside, a pair is told where the descriptions are nearly
//! the same; where they and the roles are somewhat alike, and each speaks of all
//! that the other's name is about; or where both show nearly the same example
//! request. And only where a product picks both from one list. What is said of
//! copies and of one role in own words is not said again. Pairs are found by an
//! exact join, or are related already, so that the cost grows with the words that
//! agents share.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{Draft, Facts, alias};
use crate::agent::{Agent, Kind, Start, boundary};
use crate::finding::{Evidence, Rule, Severity};
use crate::join::{SimilarPair, Vectors, similar_pairs_that_meet};
use crate::measure::name::Name;
use crate::source::Span;
use crate::text::background::{Background, SCALE};
use crate::text::language::Language;
use crate::text::{Lexicon, Term};

/// Descriptions with less than this cosine, or roles less alike, may have one topic,
/// but not one job (`docs/routing.md`).
const MIN_ALIKE: f64 = 0.25;
const MIN_ROLE: f64 = 0.35;

/// From here on they describe one job, not two that overlap.
const MUCH_ALIKE: f64 = 0.65;

/// From here on it is hard to see what tells them apart.
const NEARLY_SAME: f64 = 0.9;

/// Example requests that differ in a word or a name, not in what is asked.
const SAME_REQUEST: f64 = 0.9;

/// Fewer terms, or terms of less information (sum of IDF, in nats), are a
/// phrase that any two agents may share.
const MIN_TERMS: usize = 4;
const MIN_INFORMATION: f64 = 12.0;

/// More than this weight has no term: 4 nats, one file of fifty.
const MAX_WEIGHT: u32 = 4 * SCALE as u32;

/// A word in the descriptions of so many agents of a folder, and of this share
/// of them, is one of the house: it names the project, not a job.
const MIN_HOUSE: usize = 3;
const HOUSE_SHARE: f64 = 0.2;

/// What two agents share.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Shared {
    /// The description.
    Description,
    /// An example request: its index in the list of each.
    Example(usize, usize),
}

/// Two agents that share a trigger.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Overlap {
    left: u32,
    right: u32,
    shared: Shared,
    similarity: f64,
}

/// All findings of the family.
pub fn findings(facts: &Facts<'_>) -> Vec<Draft> {
    let candidates: Vec<u32> =
        (0..facts.agents().len() as u32).filter(|&id| is_candidate(facts, id)).collect();
    let mut lexicon = Lexicon::default();
    // What is told of groups and stand-ins is not compared: of thousands of copies
    // all would be pairs.
    let group_of = facts.groups.group_of();
    let stand_ins: BTreeSet<(u32, u32)> = alias::stand_ins(facts)
        .iter()
        .map(|found| (found.agent.min(found.other), found.agent.max(found.other)))
        .collect();
    let is_told = |one: u32, other: u32| {
        let group = group_of.get(&one);
        let is_grouped = group.is_some() && group == group_of.get(&other);
        is_grouped || stand_ins.contains(&(one.min(other), one.max(other)))
    };
    let triggers = Triggers::new(facts, &candidates, &mut lexicon);
    let same = descriptions(facts, &triggers, is_told);
    let said: BTreeSet<(u32, u32)> = same.iter().map(|one| (one.left, one.right)).collect();
    let mut shown = examples(facts, &candidates, &mut lexicon, is_told);
    shown.retain(|one| !said.contains(&(one.left, one.right)));
    stars(&same).chain(stars(&shown)).map(|star| finding(facts, &star)).collect()
}

/// Commands are left out: a model may start them, but people do, by name.
fn is_candidate(facts: &Facts<'_>, id: u32) -> bool {
    let agent = facts.agent(id);
    agent.start() == Start::Request && agent.kind != Kind::Command && !facts.groups.is_mirror(id)
}

/// Whether a product's model picks one of both, and neither speaks of the other.
fn compete(facts: &Facts<'_>, one: u32, other: u32) -> bool {
    let (left, right) = (facts.agent(one), facts.agent(other));
    let (here, there) = (&left.origin, &right.origin);
    let is_one_list = left.kind == right.kind
        && here.product == there.product
        && (here.load_root == there.load_root
            || (here.project_root.is_some() && here.project_root == there.project_root));
    is_one_list
        && !left.name.eq_ignore_ascii_case(&right.name)
        && left.language == right.language
        && !names(left, right)
        && !names(right, left)
}

/// Whether a description names another agent: as the one to use, or by a name
/// that is no common word.
fn names(agent: &Agent, other: &Agent) -> bool {
    let trigger = &agent.description.trigger;
    let name = other.name.to_lowercase();
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    boundary::named_others(trigger).contains(&name)
        || name.contains(['-', '_'])
            && (trigger.to_lowercase()).split(|c| !is_part(c)).any(|word| word == name)
}

/// What the candidates are called and what their descriptions say, in terms.
struct Triggers<'a> {
    candidates: &'a [u32],
    /// By candidate: all terms of the description, boundaries aside, ascending.
    said: Vec<Vec<u32>>,
    /// By candidate: the topics of its name.
    topics: Vec<Vec<u32>>,
}

impl<'a> Triggers<'a> {
    fn new(facts: &Facts<'_>, candidates: &'a [u32], lexicon: &mut Lexicon) -> Self {
        let mut said = Vec::with_capacity(candidates.len());
        let mut topics = Vec::with_capacity(candidates.len());
        for &id in candidates {
            let agent = facts.agent(id);
            let own = boundary::own_statements(&agent.description.trigger);
            said.push(set(own, agent, lexicon));
            let name = Name::new(&agent.name);
            topics.push(name.topics().map(|stem| lexicon.stem(stem).0).collect());
        }
        Self { candidates, said, topics }
    }

    /// The descriptions without the words of the house, as far as they say enough.
    fn vectors(&self, facts: &Facts<'_>) -> Vectors {
        let root = |id: u32| facts.agent(id).origin.load_root.as_str();
        let mut n_agents: BTreeMap<&str, usize> = BTreeMap::new();
        let mut n_having: BTreeMap<(&str, u32), usize> = BTreeMap::new();
        for (&id, said) in self.candidates.iter().zip(&self.said) {
            *n_agents.entry(root(id)).or_default() += 1;
            for &term in said {
                *n_having.entry((root(id), term)).or_default() += 1;
            }
        }
        let is_own = |id: u32, term: u32| {
            let n = n_having[&(root(id), term)];
            n < MIN_HOUSE || (n as f64) < HOUSE_SHARE * n_agents[root(id)] as f64
        };
        let sets = self.candidates.iter().zip(&self.said).map(|(&id, said)| {
            let own = said.iter().copied().filter(|&term| is_own(id, term));
            enough(own.collect())
        });
        vectors(&sets.collect::<Vec<_>>())
    }

    /// Whether each of two candidates speaks of all topics in the other's name, in
    /// its own name or its description.
    fn share_topics(&self, left: usize, right: usize) -> bool {
        let speaks = |one: usize, other: usize| {
            let has = |words: &[u32], topic: &u32| words.binary_search(topic).is_ok();
            let mut topics = self.topics[other].iter();
            topics.all(|topic| has(&self.said[one], topic) || self.topics[one].contains(topic))
        };
        speaks(left, right) && speaks(right, left)
    }

    /// Whether each of two candidates speaks of a topic in its own name of which the
    /// other does not: a house template about two things.
    fn are_from_one_mould(&self, left: usize, right: usize) -> bool {
        let speaks_alone = |one: usize, other: usize| {
            let has = |candidate: usize, topic| self.said[candidate].binary_search(topic).is_ok();
            let mut topics = self.topics[one].iter();
            topics.any(|topic| has(one, topic) && !has(other, topic))
        };
        speaks_alone(left, right) && speaks_alone(right, left)
    }
}

/// The terms of some texts of an agent, ascending, each once.
fn set<'t>(texts: impl Iterator<Item = &'t str>, agent: &Agent, lexicon: &mut Lexicon) -> Vec<u32> {
    let mut terms = Vec::new();
    for text in texts {
        lexicon.terms(text, Language::from_code(agent.language), &mut terms);
    }
    let mut terms: Vec<u32> = terms.into_iter().map(|term| term.0).collect();
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// The terms, or none where they say too little.
fn enough(terms: Vec<u32>) -> Vec<u32> {
    let information: u32 = terms.iter().map(|&term| weight(term)).sum();
    if terms.len() < MIN_TERMS || f64::from(information) / SCALE < MIN_INFORMATION {
        return Vec::new();
    }
    terms
}

/// The IDF of a term, which the rarest do not rule: the name of a product says
/// what all its agents are about.
fn weight(term: u32) -> u32 {
    Background::get().weight(Term(term)).min(MAX_WEIGHT)
}

fn vectors(sets: &[Vec<u32>]) -> Vectors {
    let last = sets.iter().filter_map(|set| set.last()).max();
    let weights: Vec<u32> = (0..last.map_or(0, |&last| last + 1)).map(weight).collect();
    Vectors::sets(sets.iter().map(Vec::as_slice), &weights)
}

/// The pairs that compete by their descriptions, by left, then right.
fn descriptions(
    facts: &Facts<'_>,
    triggers: &Triggers<'_>,
    is_told: impl Fn(u32, u32) -> bool + Sync,
) -> Vec<Overlap> {
    let vectors = triggers.vectors(facts);
    let id = |candidate: usize| triggers.candidates[candidate];
    let meet = |left: u32, right: u32| !is_told(id(left as usize), id(right as usize));
    let n_terms = vectors.n_terms();
    let pairs = similar_pairs_that_meet(&vectors, NEARLY_SAME, n_terms, |_| true, meet);
    let nearly_same = pairs.into_iter().filter_map(|pair| {
        let (left, right) = (pair.left as usize, pair.right as usize);
        let is_one_job = !triggers.are_from_one_mould(left, right);
        is_one_job.then(|| (id(left), id(right), pair.similarity))
    });
    // The first of each list with these words: one of another project is no rival.
    let mut first: BTreeMap<(&str, &str, &str, &str), usize> = BTreeMap::new();
    let in_same_words = (0..triggers.candidates.len()).filter_map(|at| {
        let agent = facts.agent(id(at));
        let (trigger, origin) = (agent.description.trigger.as_str(), &agent.origin);
        let root = origin.project_root.as_ref().unwrap_or(&origin.load_root);
        let list = (trigger, agent.kind.as_str(), origin.product.as_str(), root.as_str());
        let twin = *first.entry(list).or_insert(at);
        let is_one_job = twin != at && !triggers.said[at].is_empty();
        is_one_job.then(|| (id(twin), id(at), 1.0))
    });
    let in_topic = facts.pairs.iter().filter_map(|pair| {
        let at = |id: u32| triggers.candidates.binary_search(&id).ok();
        let (left, right) = (at(pair.left)?, at(pair.right)?);
        let similarity = vectors.cosine(left as u32, right as u32);
        let is_one_job = (MIN_ALIKE..NEARLY_SAME).contains(&similarity)
            && pair.role >= MIN_ROLE
            && triggers.share_topics(left, right);
        is_one_job.then_some((pair.left, pair.right, similarity))
    });
    let mut overlaps: Vec<Overlap> = (in_same_words.chain(nearly_same).chain(in_topic))
        .filter(|&(left, right, _)| !is_told(left, right) && compete(facts, left, right))
        .map(|(left, right, similarity)| Overlap {
            left,
            right,
            shared: Shared::Description,
            similarity,
        })
        .collect();
    overlaps.sort_by_key(|one| (one.left, one.right));
    overlaps.dedup_by_key(|one| (one.left, one.right));
    overlaps
}

/// The pairs that compete by an example, the nearest ones of each, by left, then right.
fn examples(
    facts: &Facts<'_>,
    candidates: &[u32],
    lexicon: &mut Lexicon,
    is_told: impl Fn(u32, u32) -> bool + Sync,
) -> Vec<Overlap> {
    let mut owners = Vec::new();
    let mut requests = Vec::new();
    for &id in candidates {
        let agent = facts.agent(id);
        for (at, example) in agent.description.examples.iter().enumerate() {
            let request = example.request(facts.text(id));
            owners.push((id, at));
            let terms = set(std::iter::once(request.as_ref()), agent, lexicon);
            requests.push(enough(terms));
        }
    }
    let meet = |left: u32, right: u32| {
        let [(one, _), (other, _)] = [left, right].map(|request| owners[request as usize]);
        one != other && !is_told(one, other)
    };
    let requests = vectors(&requests);
    let n_terms = requests.n_terms();
    let pairs = similar_pairs_that_meet(&requests, SAME_REQUEST, n_terms, |_| true, meet);
    let mut best: BTreeMap<(u32, u32), Overlap> = BTreeMap::new();
    for SimilarPair { left, right, similarity } in pairs {
        let ((one, at), (other, other_at)) = (owners[left as usize], owners[right as usize]);
        if !compete(facts, one, other) {
            continue;
        }
        let overlap =
            Overlap { left: one, right: other, shared: Shared::Example(at, other_at), similarity };
        let known = best.entry((one, other)).or_insert(overlap);
        if similarity > known.similarity {
            *known = overlap;
        }
    }
    best.into_values().collect()
}

/// Overlaps as stars: the agent with the most first, each agent in one set
/// with its most alike neighbour at the centre. No two overlaps are of one pair.
fn stars(overlaps: &[Overlap]) -> impl Iterator<Item = Vec<Overlap>> {
    // By agent: what is left of its overlaps, by the other agent.
    let mut around: BTreeMap<u32, BTreeMap<u32, Overlap>> = BTreeMap::new();
    for one in overlaps {
        around.entry(one.left).or_default().insert(one.right, *one);
        around.entry(one.right).or_default().insert(one.left, *one);
    }
    // The agents by the number of those, most first.
    let mut order: BTreeSet<(Reverse<usize>, u32)> =
        around.iter().map(|(&id, others)| (Reverse(others.len()), id)).collect();
    std::iter::from_fn(move || {
        let &(_, centre) = order.first()?;
        let star: Vec<Overlap> = around[&centre].values().copied().collect();
        let members: BTreeSet<u32> = star.iter().flat_map(|one| [one.left, one.right]).collect();
        for &member in &members {
            let others = around.get_mut(&member).expect("it has an overlap");
            order.remove(&(Reverse(others.len()), member));
            // What the members share with others is a set of its own.
            others.retain(|other, _| !members.contains(other));
            if !others.is_empty() {
                order.insert((Reverse(others.len()), member));
            }
        }
        Some(star)
    })
}

fn finding(facts: &Facts<'_>, set: &[Overlap]) -> Draft {
    let agents: BTreeSet<u32> = set.iter().flat_map(|one| [one.left, one.right]).collect();
    let agents: Vec<u32> = agents.into_iter().collect();
    let names = facts.names(&agents);
    let least = set.iter().map(|one| one.similarity).fold(1.0, f64::min);
    let is_description = set.iter().any(|one| one.shared == Shared::Description);
    let is_nearly_same = least >= NEARLY_SAME;
    let message = if !is_description {
        format!("{names} show nearly the same example request: it goes to one by chance")
    } else if is_nearly_same {
        format!(
            "{names} describe themselves in nearly the same words: requests go to one by chance"
        )
    } else if least >= MUCH_ALIKE {
        format!("{names} describe much the same job: requests go to one by chance")
    } else {
        format!("the jobs that {names} describe overlap: many a request fits more than one")
    };
    let help = if is_description {
        "say in each description which requests are its own and when to use the other; or make them one"
    } else {
        "keep the example in the one that shall answer, and say in the other's description when not to use it"
    };
    let (severity, confidence) = if is_nearly_same {
        (Severity::Warning, 0.95)
    } else if least >= MUCH_ALIKE {
        (Severity::Note, 0.85)
    } else {
        (Severity::Note, 0.8)
    };
    let mut evidence: Vec<Evidence> = Vec::new();
    for one in set {
        for place in quotes(facts, one) {
            if !evidence.contains(&place) {
                evidence.push(place);
            }
        }
    }
    Draft {
        rule: Rule::TriggerOverlap,
        severity,
        confidence,
        message,
        help: help.to_owned(),
        agents,
        dispute: None,
        evidence,
    }
}

fn quotes(facts: &Facts<'_>, overlap: &Overlap) -> [Evidence; 2] {
    let Overlap { left, right, .. } = *overlap;
    match overlap.shared {
        Shared::Description => [description(facts, left), description(facts, right)],
        Shared::Example(at, other_at) => {
            [example(facts, left, at), example(facts, right, other_at)]
        }
    }
}

/// The description without its examples.
fn description(facts: &Facts<'_>, id: u32) -> Evidence {
    let description = &facts.agent(id).description;
    Evidence {
        text: description.trigger.clone(),
        ..facts.quote(id, description.span.unwrap_or_default())
    }
}

fn example(facts: &Facts<'_>, id: u32, at: usize) -> Evidence {
    let user: Span = facts.agent(id).description.examples[at].user;
    facts.quote(id, user)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::relation::{Pair, Relation};
    use crate::report::Scope;

    fn told(files: &[(&str, &str)]) -> Vec<Draft> {
        told_of(files, &[])
    }

    /// What is told of agents with these names and descriptions, related like this.
    fn told_of(files: &[(&str, &str)], pairs: &[Pair]) -> Vec<Draft> {
        let files: Vec<(String, String)> = files
            .iter()
            .map(|(name, description)| {
                let path = format!(".claude/agents/{name}.md");
                let body = format!("- Only {name} says this about {name}.");
                (path, format!("---\nname: {name}\ndescription: {description}\n---\n\n{body}\n"))
            })
            .collect();
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        super::super::with_facts(&files, pairs, Scope::Project, findings)
    }

    /// The definition of [`stars`], in its own words.
    fn plain_stars(mut left: Vec<Overlap>) -> Vec<Vec<Overlap>> {
        let mut stars = Vec::new();
        while !left.is_empty() {
            let ends = || left.iter().flat_map(|one| [one.left, one.right]);
            let n_of = |id: u32| ends().filter(|&end| end == id).count();
            let centre = ends().min_by_key(|&id| (Reverse(n_of(id)), id)).unwrap();
            let star: Vec<Overlap> = (left.iter())
                .filter(|one| one.left == centre || one.right == centre)
                .copied()
                .collect();
            let is_member = |id: u32| star.iter().any(|one| one.left == id || one.right == id);
            left.retain(|one| !(is_member(one.left) && is_member(one.right)));
            stars.push(star);
        }
        stars
    }

    proptest! {
        #[test]
        fn stars_are_taken_by_the_number_of_what_is_left(
            pairs in prop::collection::btree_set((0..12u32, 0..12u32), 0..40),
        ) {
            let overlap = |(left, right)| Overlap {
                left,
                right,
                shared: Shared::Description,
                similarity: 0.9,
            };
            let pairs = pairs.into_iter().filter(|(left, right)| left < right);
            let overlaps: Vec<Overlap> = pairs.map(overlap).collect();
            let found: Vec<Vec<Overlap>> = stars(&overlaps).collect();
            prop_assert_eq!(found, plain_stars(overlaps));
        }
    }

    const BARGES: &str = "Use when a barge has to pass the eastern lock at low water";

    #[test]
    fn one_description_in_many_agents_is_one_finding() {
        let files =
            ["warden", "keeper", "porter", "sluicer", "gatekeeper"].map(|name| (name, BARGES));
        // A word that all agents of a folder have is one of the house.
        let others = (0..40).map(|n| (format!("stranger-{n}"), format!("Counts gulls {n}")));
        let others: Vec<(String, String)> = others.collect();
        let others = others.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        let files: Vec<_> = files.into_iter().chain(others).collect();
        let found = told(&files);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].agents.len(), 5);
        assert_eq!(found[0].severity, Severity::Warning);
        assert_eq!(found[0].evidence[0].text, BARGES);
    }

    #[test]
    fn one_description_of_everyday_words_is_told() {
        let reviews = "Reviews pull requests for correctness and tests before merge";
        let found = told(&[("reviewer", reviews), ("gatekeeper", reviews)]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].severity, Severity::Warning);
    }

    #[test]
    fn one_description_in_two_projects_is_told_where_two_agents_have_it() {
        let agent =
            |name: &str| format!("---\nname: {name}\ndescription: Counts gulls\n---\n\nCount.\n");
        let files = ["a/.claude/agents/x.md", "b/.claude/agents/y.md", "b/.claude/agents/z.md"];
        let texts = files.map(|path| agent(&path[path.len() - 4..path.len() - 3]));
        let files: Vec<(&str, &str)> =
            files.into_iter().zip(texts.iter().map(String::as_str)).collect();
        let found = super::super::with_facts(&files, &[], Scope::Project, findings);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].agents, [1, 2]);
    }

    #[test]
    fn a_house_template_about_other_things_is_silent() {
        let found = told(&[
            ("granite", "Use when granite has to pass the eastern lock at low water"),
            ("timber", "Use when timber has to pass the eastern lock at low water"),
        ]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn who_sends_requests_to_the_other_is_silent() {
        let sends = format!("{BARGES}. Do not use at night: use night-warden instead.");
        let found = told(&[("day-warden", &sends), ("night-warden", BARGES)]);
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(told(&[("day-warden", BARGES), ("night-warden", BARGES)]).len(), 1);
    }

    /// What is told of two agents of a lock whose roles are alike, one of them for its gates.
    fn gates_and(name: &str, description: &str) -> Vec<Draft> {
        let gates = "Use when lock gates need care. Greases hinges, checks seals, inspects sluices";
        let roles_alike = Pair {
            left: 0,
            right: 1,
            relation: Relation::Overlapping,
            redundancy: 0.48,
            name: 0.5,
            role: 0.7,
            left_in_right: 0.1,
            right_in_left: 0.1,
            matches: Vec::new(),
        };
        told_of(&[("lock-gates", gates), (name, description)], &[roles_alike])
    }

    #[test]
    fn somewhat_alike_is_told_where_each_speaks_of_the_others_name() {
        let found = gates_and(
            "lock-sluices",
            "Use when sluices of a lock jam. Greases chains, checks gates and their seals",
        );
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].message.contains("job"), "{found:?}");
        let found = gates_and(
            "lock-lamps",
            "Use when lamps of a lock fail. Greases chains, checks gates and their seals",
        );
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn who_speaks_of_the_other_by_name_is_silent() {
        let found = gates_and(
            "lock-sluices",
            "Use after lock-gates when sluices jam. Greases chains, checks gates and their seals",
        );
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn one_example_request_in_two_agents_is_told() {
        let with_example = |job: &str| {
            format!(
                "\"{job}\\n<example>user: 'The reefer boxes of the Astrid have to be ashore before noon' assistant: 'Yes'</example>\""
            )
        };
        let (cranes, gangs) = (with_example("Plans cranes"), with_example("Hires gangs"));
        let found = told(&[("crane-planner", &cranes), ("gang-master", &gangs)]);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("example request"), "{found:?}");
        assert!(found[0].evidence[0].text.starts_with("The reefer boxes"), "{found:?}");
    }
}
