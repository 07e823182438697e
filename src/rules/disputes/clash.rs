//! A disagreement and how it is said.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use petgraph::unionfind::UnionFind;

use crate::agent::{Kind, UnitKind};
use crate::finding::{Evidence, Rule, Severity};
use crate::reach::{Memory, Reach, Way};
use crate::rules::{Dispute, Draft, Facts};
use crate::source::Span;
use crate::text::listed;

/// A statement: a unit of an agent, or a line of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) agent: u32,
    pub(super) unit_idx: u32,
    /// The line of a block of code that is meant.
    pub(super) line: Option<Span>,
}

/// All who say one thing.
#[derive(Debug, Clone)]
pub(super) struct Side {
    /// What they say, in few words.
    pub(super) label: String,
    /// Where they say it, by agent and unit.
    pub(super) places: Vec<Place>,
}

impl Side {
    /// Adds a place to the side of this label, or begins one.
    pub(super) fn add(sides: &mut Vec<Self>, label: String, place: Place) {
        match sides.iter_mut().find(|side| side.label == label) {
            Some(side) => side.places.push(place),
            None => sides.push(Self { label, places: vec![place] }),
        }
    }

    /// Whether nobody can take both: "pnpm" and "not npm" go together.
    fn excludes(&self, other: &Self) -> bool {
        match (self.label.strip_prefix(NOT), other.label.strip_prefix(NOT)) {
            (None, None) => true,
            (Some(_), Some(_)) => false,
            (Some(option), None) => option == other.label,
            (None, Some(option)) => option == self.label,
        }
    }
}

/// What a label begins with that rejects an option.
const NOT: &str = "not ";

/// A disagreement before it is a draft.
#[derive(Debug, Clone)]
pub(super) struct Clash {
    /// The rule, where it is not `self-contradiction`.
    pub(super) rule: Rule,
    pub(super) severity: Severity,
    pub(super) confidence: f64,
    /// What is decided, in two to four words.
    pub(super) topic: String,
    pub(super) sides: Vec<Side>,
    pub(super) help: String,
}

/// Bans of one agent, at most: nobody follows more, and each costs a search.
pub(super) const MAX_BANS: usize = 100;

/// The bans of all agents, as `read` finds them, and by agent where its own
/// stand among them: none of a mirror.
pub(super) fn bans_of_all<T>(
    facts: &Facts<'_>,
    reach: &Reach<'_>,
    read: impl Fn(&Facts<'_>, u32, &mut Vec<T>),
) -> (Vec<T>, Vec<Range<usize>>) {
    let mut all = Vec::new();
    let of_agent = (0..facts.agents().len() as u32).map(|id| {
        let start = all.len();
        if reach.way(id, id).is_some() {
            read(facts, id, &mut all);
            all.truncate(start + MAX_BANS);
        }
        start..all.len()
    });
    let of_agent = of_agent.collect();
    (all, of_agent)
}

/// Sets of at least two out of `n` that ties hold together, through others too:
/// members ascending, sets by their first.
pub(super) fn tied(n: usize, ties: impl IntoIterator<Item = (usize, usize)>) -> Vec<Vec<usize>> {
    let mut sets = UnionFind::new(n);
    for (one, other) in ties {
        sets.union(one, other);
    }
    members(sets)
}

/// The same where each two may be tied; `are_opposed` is not asked of two that are
/// together already.
pub(super) fn opposed(n: usize, are_opposed: impl Fn(usize, usize) -> bool) -> Vec<Vec<usize>> {
    let mut sets = UnionFind::new(n);
    for one in 0..n {
        for other in 0..one {
            if !sets.equiv(one, other) && are_opposed(one, other) {
                sets.union(one, other);
            }
        }
    }
    members(sets)
}

fn members(sets: UnionFind<usize>) -> Vec<Vec<usize>> {
    let mut by_label: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (member, label) in sets.into_labeling().into_iter().enumerate() {
        by_label.entry(label).or_default().push(member);
    }
    let mut sets: Vec<Vec<usize>> = by_label.into_values().filter(|set| set.len() > 1).collect();
    sets.sort_unstable();
    sets
}

/// Names said for one side at most.
const MAX_NAMES: usize = 3;

/// Places quoted for one side at most.
const MAX_QUOTES: usize = 6;

/// Who says something at these places, ascending.
fn sayers<'p>(places: impl IntoIterator<Item = &'p Place>) -> Vec<u32> {
    let agents: BTreeSet<u32> = places.into_iter().map(|place| place.agent).collect();
    agents.into_iter().collect()
}

impl Clash {
    /// The draft: a quote of each side first, then the others.
    pub(super) fn draft(&self, facts: &Facts<'_>, reach: &Reach<'_>) -> Draft {
        let agents = sayers(self.places());
        let is_one_file = agents.len() == 1;
        let told = self.sides.iter().filter(|side| !self.is_implied(side));
        let said = (0..).zip(told).map(|(nth, side)| {
            let joint = match nth {
                0 => "",
                1 => ", but ",
                _ => ", and ",
            };
            match is_one_file {
                true => format!("{joint}{}", side.label),
                false => format!("{joint}{} ({})", side.label, who(facts, side, &agents)),
            }
        });
        let said = said.collect::<String>();
        let message = if is_one_file {
            let name = named(facts, agents[0], &agents);
            format!("{name} contradicts itself about {}: {said}", self.topic)
        } else {
            format!("{}: {said}; {}", self.topic, self.why(facts, reach))
        };
        let first = self.sides.iter().filter_map(|side| side.places.first());
        let rest =
            self.sides.iter().flat_map(|side| side.places.iter().skip(1).take(MAX_QUOTES - 1));
        let quote = |place: &Place| place.quote(facts);
        Draft {
            rule: if is_one_file { Rule::SelfContradiction } else { self.rule },
            severity: self.severity,
            confidence: self.confidence,
            message,
            help: self.help.clone(),
            agents,
            dispute: Some(Dispute {
                facet: self.topic.clone(),
                options: self.sides.iter().map(|side| side.label.clone()).collect(),
                sides: self.sides.iter().map(|side| sayers(&side.places)).collect(),
            }),
            evidence: first.chain(rest).map(quote).collect(),
        }
    }

    /// Whether a side rejects something and all its sayers take a side of their
    /// own: that they say "pnpm" tells enough, "not npm" beside it confuses.
    fn is_implied(&self, side: &Side) -> bool {
        let rejects = |side: &Side| side.label.starts_with(NOT);
        let taken = || self.sides.iter().filter(|side| !rejects(side));
        let takers = sayers(taken().flat_map(|side| &side.places));
        let mut places = side.places.iter();
        rejects(side) && taken().count() > 1 && places.all(|place| takers.contains(&place.agent))
    }

    pub(super) fn places(&self) -> impl Iterator<Item = &Place> {
        self.sides.iter().flat_map(|side| &side.places)
    }

    /// The memory files of which each is opposed by another one: who follows
    /// one of them goes against the other.
    pub(super) fn memories_at_odds(&self, facts: &Facts<'_>, reach: &Reach<'_>) -> Vec<u32> {
        let says = |id: u32, side: &Side| side.places.iter().any(|place| place.agent == id);
        // What both say, they agree about.
        let says_alone = |id: u32, other: u32, side: &&Side| says(id, side) && !says(other, side);
        let are_at_odds = |one: u32, other: u32| {
            let mut own = self.sides.iter().filter(|side| says_alone(one, other, side));
            own.any(|side| {
                let mut others = self.sides.iter().filter(|side| says_alone(other, one, side));
                others.any(|other| side.excludes(other))
            })
        };
        let mut memories = sayers(self.places());
        memories.retain(|&id| facts.agent(id).kind == Kind::Memory);
        let all = memories.clone();
        memories.retain(|&one| {
            let mut others = all.iter().filter(|&&other| reach.way(one, other).is_some());
            others.any(|&other| are_at_odds(one, other))
        });
        memories
    }

    /// The closest reason why the sides are in each other's way.
    fn why(&self, facts: &Facts<'_>, reach: &Reach<'_>) -> String {
        let at_odds = self.memories_at_odds(facts, reach);
        if !at_odds.is_empty() && at_odds.len() < sayers(self.places()).len() {
            return format!("the memory files {} disagree", paths(facts, &at_odds));
        }
        self.closest_way(reach).to_owned()
    }

    fn closest_way(&self, reach: &Reach<'_>) -> &'static str {
        let mut ways: Vec<(Way, Memory)> = Vec::new();
        for (at, side) in self.sides.iter().enumerate() {
            for other in &self.sides[at + 1..] {
                ways.extend(side.places.iter().flat_map(|one| {
                    let others = other.places.iter();
                    others.filter_map(|other| {
                        let way = reach.way(one.agent, other.agent)?;
                        Some((way, reach.memory(one.agent, other.agent)))
                    })
                }));
            }
        }
        let closest = ways.iter().filter(|(way, _)| *way != Way::SameFile).min();
        match closest {
            Some((Way::Memory, Memory::Both)) => "both memory files hold for one folder",
            Some((Way::Memory, Memory::Above)) => "the memory file holds for all of them",
            Some((Way::Memory, Memory::Adopted)) => {
                "the project has memory files in no other folder"
            }
            Some((Way::Memory, Memory::OfGuest)) => {
                "the user's agents read the memory file of the project that they work on"
            }
            Some((Way::Project, _)) => "they work on one project",
            Some((Way::Together, _)) => "nobody can follow both",
            _ => "one could stand in for the other",
        }
    }
}

impl Place {
    /// The line of a unit, where that is code; else the whole unit.
    pub(super) fn line(agent: u32, unit_idx: usize, kind: UnitKind, line: Span) -> Self {
        Self { line: (kind == UnitKind::Code).then_some(line), ..Self::unit(agent, unit_idx) }
    }

    /// A whole unit.
    pub(super) fn unit(agent: u32, unit_idx: usize) -> Self {
        Self { agent, unit_idx: unit_idx as u32, line: None }
    }

    fn quote(&self, facts: &Facts<'_>) -> Evidence {
        match self.line {
            Some(line) => facts.quote(self.agent, line),
            None => {
                let unit = &facts.agent(self.agent).units[self.unit_idx as usize];
                facts.quote_unit(self.agent, unit)
            }
        }
    }
}

/// Files of agents in words: `` `a`, `b` and `c` ``.
pub(super) fn paths(facts: &Facts<'_>, ids: &[u32]) -> String {
    let paths: Vec<String> = ids.iter().map(|&id| format!("`{}`", facts.path(id))).collect();
    listed(&paths)
}

/// The agents of a side in words, each told from `all`.
fn who(facts: &Facts<'_>, side: &Side, all: &[u32]) -> String {
    let mut names: Vec<String> = Vec::new();
    for place in &side.places {
        let name = named(facts, place.agent, all);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let n_more = names.len().saturating_sub(MAX_NAMES);
    names.truncate(MAX_NAMES);
    match (n_more, names.split_last()) {
        (0, Some((last, rest))) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        (0, _) => names.concat(),
        _ => format!("{} and {n_more} more", names.join(", ")),
    }
}

/// The name of an agent; the path of a memory file, and where another one of
/// `all` has the name.
fn named(facts: &Facts<'_>, id: u32, all: &[u32]) -> String {
    let agent = facts.agent(id);
    let mut others = all.iter().filter(|&&other| other != id);
    let is_unique = others.all(|&other| facts.agent(other).name != agent.name);
    match agent.kind {
        Kind::Agent | Kind::Skill | Kind::Command if is_unique => format!("`{}`", agent.name),
        _ => format!("`{}`", facts.path(id)),
    }
}
