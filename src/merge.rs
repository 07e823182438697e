//! Who can be merged into whom, what only each of them has, and what that
//! saves: for the report and for the plan of a clean-up alike.
//!
//! [`Merges`] goes through the agents that are loaded alike and says for each
//! member of a group whether it stays, is merged into the one to keep, or goes
//! because it says nothing of its own. [`statement`] decides what says the same,
//! [`advice`](advice()) puts it into a sentence.

mod advice;
pub(crate) mod block;
pub(crate) mod circumstance;
pub(crate) mod field;
mod folder;
pub(crate) mod members;
pub mod statement;
mod trigger;
pub(crate) mod verbatim;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::agent::{Agent, Kind, Product};
use crate::finding::Finding;
use crate::graph::{Group, stars};
use crate::plugin::Plugins;
use crate::relation::Relation;
use crate::report::Quote;
use crate::rules::Facts;
pub use advice::advice;
use field::Variant;
use folder::Folders;
pub use members::Own;
use statement::Statements;
use trigger::Triggers;

/// Agents that become one, and what that saves.
#[derive(Debug, Clone)]
pub struct Merge {
    /// The weakest relation of a member with the kept one.
    pub relation: Relation,
    /// Whom to keep.
    pub keep: u32,
    /// All members, the kept one first, then by id; those last that stay
    /// since the kept one cannot stand in for them.
    pub members: Vec<MemberPlan>,
    /// Tokens of the files that go less those of what is moved.
    pub tokens_saved: u64,
    /// Tokens of the descriptions that go less those of what is moved.
    pub description_tokens_saved: u64,
}

impl Merge {
    /// The members whose files go.
    pub fn gone(&self) -> impl Iterator<Item = &MemberPlan> {
        let members = self.members.iter();
        members.filter(|member| member.action != Action::Keep)
    }

    /// Statements that have to be moved, and nothing else.
    pub fn moved_statements(&self) -> usize {
        self.gone().map(|member| member.only_here.len()).sum()
    }
}

/// What to do with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// It stays.
    Keep,
    /// What only it says goes into the kept one, then it goes.
    Merge,
    /// It goes: nothing of it is lost.
    Drop,
}

impl Action {
    /// The word used in plans.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Merge => "merge",
            Self::Drop => "drop",
        }
    }
}

/// What to do with a member of a group, and why.
#[derive(Debug, Clone, Serialize)]
pub struct MemberPlan {
    /// The agent.
    pub agent: u32,
    /// What to do.
    pub action: Action,
    /// Why, in one sentence without a full stop.
    pub reason: String,
    /// Distinct statements of its body.
    pub statements: usize,
    /// Those that neither the kept one nor a member before it says.
    pub only_here: Vec<Quote>,
    /// Sentences of its description of which the same is true.
    pub triggers: Vec<String>,
    /// Its example requests that no other of them has.
    pub examples: usize,
    /// Keys of its frontmatter whose value none of them has; without name and
    /// description.
    pub fields: Vec<String>,
    /// The places of what only it has.
    #[serde(skip)]
    pub own: Own,
}

/// What, whose, in which project and in which plugin.
type Place<'a> = (Kind, Product, Option<&'a str>, Option<&'a str>);

/// By agent: a number for the place it is loaded at, the same for agents that
/// can stand in for each other: of one kind, product, project and plugin.
/// `None` for mirrors, which tools make anew, and for memory files, which speak
/// for their folder and no other.
pub fn places(facts: &Facts<'_>, plugins: &Plugins) -> Vec<Option<u32>> {
    let mut numbers: BTreeMap<Place<'_>, u32> = BTreeMap::new();
    let mut places = Vec::with_capacity(facts.agents().len());
    for (id, (agent, mirror_of)) in (0..).zip(facts.agents().iter().zip(&facts.groups.mirror_of)) {
        let counts = mirror_of.is_none() && agent.kind != Kind::Memory;
        let next = numbers.len() as u32;
        let project = agent.origin.project_root.as_deref();
        let plugin = plugins.of(facts.path(id));
        let place = (agent.kind, agent.origin.product, project, plugin);
        places.push(counts.then(|| *numbers.entry(place).or_insert(next)));
    }
    places
}

impl MemberPlan {
    /// What only it has beside statements: sentences of its description,
    /// example requests, fields of its frontmatter.
    pub fn n_parts(&self) -> usize {
        self.triggers.len() + self.examples + self.fields.len()
    }
}

/// A group of which nobody can stand in for another one, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    /// Its place among the groups of the analysis.
    pub group: usize,
    /// Why, in words that follow a number of groups.
    pub reason: &'static str,
}

/// What of a collection can be merged, and what cannot.
#[derive(Debug, Clone, Default)]
pub struct Merges {
    /// By tokens saved, highest first, then by the kept agent.
    pub merges: Vec<Merge>,
    /// The groups of which nothing can be merged, in the order of the analysis.
    pub apart: Vec<Apart>,
}

impl Merges {
    /// Decides for every group; `places` are those of [`places`]. Without the
    /// statements of all agents only those of members are compared.
    pub fn new(facts: &Facts<'_>, places: &[Option<u32>], statements: Option<&Statements>) -> Self {
        let folders = Folders::new(facts);
        let groups = mergeable(facts, places, &folders, |_| true);
        let planned: BTreeSet<u32> = groups.iter().flat_map(Group::members).collect();
        let of_members;
        let statements = match statements {
            Some(statements) => statements,
            None => {
                let speaks = |id: u32| planned.contains(&id);
                of_members = Statements::of(facts.collection, facts.sources, speaks);
                &of_members
            }
        };
        let triggers = Triggers::new(facts, planned.iter().copied());
        let group_of = facts.groups.group_of();
        let mut merges: Vec<Merge> = groups
            .iter()
            .map(|group| {
                let of_report = group_of.get(&group.representative);
                let of_report = of_report.map(|&at| &facts.groups.groups[at]);
                let mut others = of_report.map_or_else(Vec::new, Group::members);
                others.retain(|other| !planned.contains(other));
                others.retain(|&other| !are_alike(facts, places, group.representative, other));
                members::merge(facts, statements, &triggers, &folders, group, &others)
            })
            .collect();
        merges.sort_by_key(|merge| (Reverse(merge.tokens_saved), merge.keep));
        let all = facts.groups.groups.iter().enumerate();
        let apart = all
            .filter(|(_, group)| group.members().iter().all(|id| !planned.contains(id)))
            .map(|(at, group)| Apart { group: at, reason: reason_apart(facts, group) })
            .collect();
        Self { merges, apart }
    }

    /// Leaves out what somebody accepts; `groups` are those of the analysis.
    pub fn leave_out(&mut self, accepted: &[Finding], groups: &[Group]) {
        let redundant = accepted.iter().filter(|found| found.rule.is_redundancy());
        let settled: Vec<&[u32]> = redundant.map(|found| &*found.agents).collect();
        let is_open = |members: &[u32]| {
            let is_settled = |settled: &&[u32]| members.iter().all(|id| settled.contains(id));
            !settled.iter().any(is_settled)
        };
        self.merges.retain(|merge| {
            let gone = merge.gone().map(|member| member.agent);
            let members: Vec<u32> = gone.chain([merge.keep]).collect();
            is_open(&members)
        });
        self.apart.retain(|apart| is_open(&groups[apart.group].members()));
    }
}

/// Whether one of two agents can stand in for the other: both are loaded at one
/// place, for the same files, and made for the same models.
fn are_alike(facts: &Facts<'_>, places: &[Option<u32>], one: u32, other: u32) -> bool {
    let place = |agent: u32| places[agent as usize];
    let is_same_place = place(one).is_some() && place(one) == place(other);
    is_same_place
        && field::variant(facts, one, other).is_none()
        && !is_family(facts.agent(one), facts.agent(other))
}

/// Whether one of two agents stands for a whole family that the other is a
/// member of: `ship` for `ship:dock`.
fn is_family(one: &Agent, other: &Agent) -> bool {
    let heads = |head: &Agent, member: &Agent| {
        let rest = member.name.strip_prefix(head.name.as_str());
        rest.is_some_and(|rest| rest.starts_with(':'))
    };
    heads(one, other) || heads(other, one)
}

/// By agent: the one that is kept for it, of those that count and can stand in for
/// each other.
pub fn kept(
    facts: &Facts<'_>,
    plugins: &Plugins,
    counts: impl Fn(u32) -> bool,
) -> BTreeMap<u32, u32> {
    let places = places(facts, plugins);
    let groups = mergeable(facts, &places, &Folders::new(facts), counts);
    let kept = groups.into_iter().flat_map(|group| {
        let keep = group.representative;
        group.drop.into_iter().map(move |other| (other, keep))
    });
    kept.collect()
}

/// Groups of agents that count and can stand in for each other. A group of the
/// report may lie in several places, each with one to keep.
fn mergeable(
    facts: &Facts<'_>,
    places: &[Option<u32>],
    folders: &Folders<'_>,
    counts: impl Fn(u32) -> bool,
) -> Vec<Group> {
    let mirror_of = &facts.groups.mirror_of;
    let mut groups = stars(facts.collection, facts.pairs, mirror_of, |one, other| {
        counts(one) && counts(other) && are_alike(facts, places, one, other)
    });
    for group in &mut groups {
        folders.settle(facts, group);
    }
    groups
}

/// Why nobody in a group can stand in for its representative.
fn reason_apart(facts: &Facts<'_>, group: &Group) -> &'static str {
    let kept = facts.agent(group.representative);
    let all = |differs: &dyn Fn(u32, &Agent) -> bool| {
        let mut others = group.drop.iter();
        others.all(|&id| differs(id, facts.agent(id)))
    };
    let project = |agent: &Agent| agent.origin.project_root.clone();
    let variant = |id: u32| field::variant(facts, group.representative, id);
    if kept.kind == Kind::Memory && all(&|_, other| other.kind == Kind::Memory) {
        "that are memory files, each for its own folder"
    } else if all(&|_, other| other.kind != kept.kind) {
        "of different kinds"
    } else if all(&|_, other| other.origin.product != kept.origin.product) {
        "loaded by different products"
    } else if all(&|_, other| project(other) != project(kept)) {
        "of different projects"
    } else if all(&|id, _| matches!(variant(id), Some(Variant::Models(_)))) {
        "made for different models"
    } else if all(&|id, _| matches!(variant(id), Some(Variant::Files(_)))) {
        "loaded for different files"
    } else if all(&|_, other| is_family(kept, other)) {
        "of a command and of the family that it heads, such as `ship` and `ship:dock`"
    } else if all(&|id, other| {
        let is_alike = other.kind == kept.kind && other.origin.product == kept.origin.product;
        is_alike && project(other) == project(kept) && variant(id).is_none()
    }) {
        "of different plugins"
    } else {
        "apart for several of these reasons: product, kind, project, plugin, model, files"
    }
}
