//! What can be decided, and what each agent decides for: the results of the
//! command `facets`, as they are serialised. `docs/report.md` explains the fields.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::agent::{Agent, Kind};
use crate::commitment::{Commitment, Strength, stances, versions};
use crate::facet::version::Version;
use crate::facet::{Exclusive, Facet, FacetKind, FacetScope, Table};
use crate::report::{DecisionInfo, SaidBy, SideInfo, side_label};
use crate::rules::{Facts, drafts, version_of};
use crate::source::{Sources, Span};

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacetInfo {
    /// Its stable id.
    pub id: String,
    /// What is decided.
    pub title: String,
    /// `choice`, `practice` or `measure`.
    pub kind: &'static str,
    /// Who has to agree: the `project`, each `agent` by itself, or each unless a
    /// `memory` file decides.
    pub scope: &'static str,
    /// Where two options exclude each other: `project`, `part`, `layer` or `never`.
    pub exclusive: &'static str,
    /// The options.
    pub options: Vec<String>,
}

/// All decisions of a table, by id.
pub fn facet_infos(table: &Table) -> Vec<FacetInfo> {
    let option = |idx: u32| table.option(idx).name.clone();
    let info = |facet: &Facet| FacetInfo {
        id: facet.id.clone(),
        title: facet.title.clone(),
        kind: kind(facet.kind),
        scope: scope(facet.scope),
        exclusive: exclusive(facet.exclusive),
        options: facet.options.clone().map(option).collect(),
    };
    table.facets().iter().map(info).collect()
}

/// The word used for a kind in reports.
pub fn kind(kind: FacetKind) -> &'static str {
    match kind {
        FacetKind::Choice => "choice",
        FacetKind::Practice => "practice",
        FacetKind::Measure => "measure",
    }
}

/// The word used for a scope in reports.
pub fn scope(scope: FacetScope) -> &'static str {
    match scope {
        FacetScope::Project => "project",
        FacetScope::Agent => "agent",
        FacetScope::Memory => "memory",
    }
}

/// The word used in reports for where options exclude each other.
pub fn exclusive(exclusive: Exclusive) -> &'static str {
    match exclusive {
        Exclusive::Project => "project",
        Exclusive::Part => "part",
        Exclusive::Layer => "layer",
        Exclusive::Never => "never",
    }
}

/// One agent's stance on one option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StanceInfo {
    /// The agent's name.
    pub agent: String,
    /// Its file, as shown.
    pub path: String,
    /// Id of the decision.
    pub facet: String,
    /// The option.
    pub option: String,
    /// The version, where one is told that matters.
    pub version: Option<String>,
    /// Whether the option is taken; else it is rejected.
    pub takes: bool,
    /// `medium` or `strong`: how surely.
    pub strength: &'static str,
    /// Line of the statement that says it best, from 1.
    pub line: u32,
}

/// What the agents of a run decide for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lineup {
    /// Definitions that were read.
    pub n_agents: usize,
    /// All stances: memory files first, then by path, facet and option.
    pub stances: Vec<StanceInfo>,
    /// Ids of the facets in which somebody takes a side, those with the most agents first.
    pub facets: Vec<String>,
    /// The agents that take a side somewhere: memory files first, then by path.
    pub rows: Vec<Row>,
}

/// One agent's side in each facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The agent's name where it is unique and no memory file's, else the path.
    pub label: String,
    /// By facet of the lineup.
    pub cells: Vec<Option<Cell>>,
}

/// One agent's side in one facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// `React 19`, `not npm`.
    pub text: String,
    /// Whether it goes against a memory file or most others in a disagreement that
    /// the audit tells, or against the house.
    pub is_disputed: bool,
}

/// A stance with what it is compared by.
#[derive(Debug)]
struct Stand {
    option: u32,
    takes: bool,
    version: Option<Version>,
    strength: Strength,
    span: Span,
}

/// An agent and what it stands for.
struct Member<'a> {
    id: u32,
    agent: &'a Agent,
    stands: Vec<Stand>,
}

/// What each agent of a collection decides for. Time: that of all rules.
pub fn lineup(facts: &Facts<'_>) -> Lineup {
    let (sources, table) = (facts.sources, facts.facets);
    let members: Vec<Member<'_>> = (0..)
        .zip(facts.agents())
        .map(|(id, agent)| {
            let stands = stands(&facts.commitments[id as usize], table);
            Member { id, agent, stands }
        })
        .collect();
    let mut sided: Vec<&Member<'_>> =
        members.iter().filter(|member| !member.stands.is_empty()).collect();
    sided.sort_by_key(|member| {
        let is_memory = member.agent.kind == Kind::Memory;
        (!is_memory, sources.path(member.agent.file))
    });
    let facets = facets(&sided, table);
    let infos = |member: &&Member<'_>| -> Vec<StanceInfo> {
        let stands = member.stands.iter();
        stands.map(|stand| info(member.agent, stand, sources, table)).collect()
    };
    let otherwise = otherwise(facts);
    let labels = labels(&members, &sided, sources);
    let row = |(member, label): (&&Member<'_>, String)| {
        let cell = |&facet: &u32| {
            let stands = member.stands.iter();
            let own = stands.filter(|stand| table.option(stand.option).facet == facet);
            let said: Vec<String> = own.map(|stand| said(stand, table)).collect();
            (!said.is_empty()).then(|| Cell {
                text: said.join(", "),
                is_disputed: otherwise.contains(&(member.id, facet)),
            })
        };
        Row { label, cells: facets.iter().map(cell).collect() }
    };
    Lineup {
        n_agents: members.len(),
        stances: sided.iter().flat_map(infos).collect(),
        rows: sided.iter().zip(labels).map(row).collect(),
        facets: facets.iter().map(|&facet| table.facet(facet).id.clone()).collect(),
    }
}

/// Who goes against a memory file in a disagreement that the audit tells, where
/// none is on a side against most others, or goes against the house; and in which
/// facet.
fn otherwise(facts: &Facts<'_>) -> BTreeSet<(u32, u32)> {
    let table = facts.facets;
    let versions = (0..table.n_options()).map(|option| {
        let option = table.option(option);
        (version_of(&option.name), option.facet)
    });
    let titles = (0..).zip(table.facets()).map(|(at, facet)| (facet.title.clone(), at));
    let facet_of: BTreeMap<String, u32> = versions.chain(titles).collect();
    let has_memory = |side: &&Vec<u32>| {
        let mut side = side.iter();
        side.any(|&agent| facts.agent(agent).kind == Kind::Memory)
    };
    let mut otherwise = BTreeSet::new();
    for draft in drafts(facts) {
        let Some(dispute) = &draft.dispute else {
            continue;
        };
        let Some(&facet) = facet_of.get(&dispute.facet) else {
            continue;
        };
        let sides = &dispute.sides;
        let against = if sides.is_empty() {
            draft.agents.clone()
        } else if sides.iter().any(|side| has_memory(&side)) {
            let others = sides.iter().filter(|side| !has_memory(side));
            others.flatten().copied().collect()
        } else {
            sides[1..].concat()
        };
        otherwise.extend(against.into_iter().map(|agent| (agent, facet)));
    }
    otherwise
}

/// What those who take a side are called: see [`Row::label`].
fn labels(all: &[Member<'_>], sided: &[&Member<'_>], sources: &Sources) -> Vec<String> {
    let mut n_bearers: BTreeMap<&str, usize> = BTreeMap::new();
    for member in all {
        *n_bearers.entry(&member.agent.name).or_default() += 1;
    }
    let label = |member: &&Member<'_>| {
        let agent = member.agent;
        if n_bearers[agent.name.as_str()] == 1 && agent.kind != Kind::Memory {
            agent.name.clone()
        } else {
            sources.path(agent.file).to_owned()
        }
    };
    sided.iter().map(label).collect()
}

/// What an agent decides for: see [`sides`].
fn stands(commitments: &[Commitment], table: &Table) -> Vec<Stand> {
    let sides = sides(commitments, table).into_iter();
    sides
        .map(|side| Stand {
            option: side.best.option,
            takes: side.best.takes,
            version: side.version,
            strength: side.strength,
            span: side.best.span,
        })
        .collect()
}

/// One agent's stance on one option, with the statement that says it best.
struct Side<'a> {
    best: &'a Commitment,
    version: Option<Version>,
    strength: Strength,
}

/// The sides that an agent takes, by facet, what it takes first, then by
/// option. Who tells the version of a thing has it.
fn sides<'a>(commitments: &'a [Commitment], table: &Table) -> Vec<Side<'a>> {
    let versions = versions(commitments);
    let mut sides: Vec<Side<'_>> = stances(commitments, table)
        .into_iter()
        .map(|(stance, best)| {
            let mut told = versions.iter().copied();
            let told = told.find(|told| told.option == stance.option && stance.takes);
            Side {
                best: told.unwrap_or(best),
                version: told.and_then(|told| told.version),
                strength: stance.strength,
            }
        })
        .collect();
    for &told in &versions {
        if !sides.iter().any(|side| side.best.option == told.option) {
            sides.push(Side {
                best: told,
                version: told.version,
                strength: told.strength.max(Strength::Medium),
            });
        }
    }
    sides.sort_by_key(|Side { best, .. }| {
        (table.option(best.option).facet, !best.takes, best.option)
    });
    sides
}

/// What agents decide for, by the number of agents, the most first, then by
/// facet: see [`Report::decisions`](crate::report::Report::decisions).
pub(crate) fn decisions(facts: &Facts<'_>) -> Vec<DecisionInfo> {
    let table = facts.facets;
    let mut facets: BTreeMap<u32, BTreeMap<_, Vec<SaidBy>>> = BTreeMap::new();
    for (id, commitments) in (0..).zip(facts.commitments) {
        if facts.groups.is_mirror(id) {
            continue;
        }
        for Side { best, version, .. } in sides(commitments, table) {
            let facet = facets.entry(table.option(best.option).facet).or_default();
            let side = facet.entry((!best.takes, best.option, version)).or_default();
            let line = facts.sources.lines(facts.agent(id).file, best.span).0;
            side.push(SaidBy { agent: id, line });
        }
    }
    let mut decisions = Vec::new();
    for (facet, sides) in facets {
        let mut sides: Vec<SideInfo> = sides
            .into_iter()
            .map(|((is_rejected, option, version), said_by)| SideInfo {
                option: table.option(option).name.clone(),
                version: version.map(|version| version.to_string()),
                takes: !is_rejected,
                said_by,
            })
            .collect();
        // What is taken and of the lower number stays first among equals.
        sides.sort_by_key(|side| Reverse(side.said_by.len()));
        decisions.push(DecisionInfo {
            facet: table.facet(facet).id.clone(),
            title: table.facet(facet).title.clone(),
            sides,
        });
    }
    decisions.sort_by_cached_key(|decision| Reverse(decision.agents().len()));
    decisions
}

/// The facets in which somebody takes a side, those with the most agents first, then by id.
fn facets(sided: &[&Member<'_>], table: &Table) -> Vec<u32> {
    let mut n_agents: BTreeMap<u32, usize> = BTreeMap::new();
    for member in sided {
        let of_agent: BTreeSet<u32> =
            member.stands.iter().map(|stand| table.option(stand.option).facet).collect();
        for facet in of_agent {
            *n_agents.entry(facet).or_default() += 1;
        }
    }
    let mut facets: Vec<u32> = n_agents.keys().copied().collect();
    facets.sort_by_key(|facet| (Reverse(n_agents[facet]), *facet));
    facets
}

fn said(stand: &Stand, table: &Table) -> String {
    let version = stand.version.map(|version| version.to_string());
    let option = &table.option(stand.option).name;
    side_label(option, version.as_deref(), stand.takes)
}

fn info(agent: &Agent, stand: &Stand, sources: &Sources, table: &Table) -> StanceInfo {
    StanceInfo {
        agent: agent.name.clone(),
        path: sources.path(agent.file).to_owned(),
        facet: table.facet_of(stand.option).id.clone(),
        option: table.option(stand.option).name.clone(),
        version: stand.version.map(|version| version.to_string()),
        takes: stand.takes,
        strength: match stand.strength {
            Strength::Named => "named",
            Strength::Weak => "weak",
            Strength::Medium => "medium",
            Strength::Strong => "strong",
        },
        line: sources.lines(agent.file, stand.span).0,
    }
}
