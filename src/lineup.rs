//! What can be decided, and what each agent decides for: the results of the
//! command `facets`, as they are serialised. `docs/report.md` explains the fields.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use serde::Serialize;

use crate::agent::{Agent, Kind, Origin, parse};
use crate::commitment::{Commitment, Strength, commitments, stances, versions};
use crate::discover::Discovery;
use crate::facet::version::Version;
use crate::facet::{Exclusive, Facet, FacetKind, FacetScope, Table};
use crate::report::{DecisionInfo, SaidBy, SideInfo, side_label};
use crate::rules::Facts;
use crate::source::{FileId, Sources, Span};

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
    /// Whether a memory file says otherwise; where none decides it, whether
    /// at least as many agents say otherwise as the same, itself among these.
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
struct Member {
    agent: Agent,
    stands: Vec<Stand>,
}

/// Reads all files and says what each agent decides for. Time: linear in the
/// text, and for each facet quadratic in the agents that take a side.
pub fn lineup(discovery: Discovery, table: &Table) -> Lineup {
    let (files, origins): (Vec<_>, Vec<_>) = discovery
        .files
        .into_iter()
        .map(|file| (file.source, file.origin))
        .unzip();
    let sources = Sources::new(files);
    let members = members(&sources, &origins, table);
    let mut sided: Vec<&Member> = members
        .iter()
        .filter(|member| !member.stands.is_empty())
        .collect();
    sided.sort_by_key(|member| {
        let is_memory = member.agent.kind == Kind::Memory;
        (!is_memory, sources.path(member.agent.file))
    });
    let facets = facets(&sided, table);
    let infos = |member: &&Member| -> Vec<StanceInfo> {
        let stands = member.stands.iter();
        stands
            .map(|stand| info(&member.agent, stand, &sources, table))
            .collect()
    };
    Lineup {
        n_agents: members.len(),
        stances: sided.iter().flat_map(infos).collect(),
        rows: rows(&labels(&members, &sided, &sources), &facets, &sided, table),
        facets: facets
            .iter()
            .map(|&facet| table.facet(facet).id.clone())
            .collect(),
    }
}

fn members(sources: &Sources, origins: &[Origin], table: &Table) -> Vec<Member> {
    let files = sources.files().par_iter().zip(origins).enumerate();
    files
        .map(|(idx, (file, origin))| {
            let agent = parse(FileId(idx as u32), file, origin.clone());
            let stands = stands(&agent, &file.text, table);
            Member { agent, stands }
        })
        .collect()
}

/// What those who take a side are called: see [`Row::label`].
fn labels(all: &[Member], sided: &[&Member], sources: &Sources) -> Vec<String> {
    let mut n_bearers: BTreeMap<&str, usize> = BTreeMap::new();
    for member in all {
        *n_bearers.entry(&member.agent.name).or_default() += 1;
    }
    let label = |member: &&Member| {
        let agent = &member.agent;
        if n_bearers[agent.name.as_str()] == 1 && agent.kind != Kind::Memory {
            agent.name.clone()
        } else {
            sources.path(agent.file).to_owned()
        }
    };
    sided.iter().map(label).collect()
}

fn rows(labels: &[String], facets: &[u32], sided: &[&Member], table: &Table) -> Vec<Row> {
    let columns: Vec<Vec<Option<Cell>>> = facets
        .iter()
        .map(|&facet| column(facet, sided, table))
        .collect();
    let row = |(at, label): (usize, &String)| Row {
        label: label.clone(),
        cells: columns.iter().map(|column| column[at].clone()).collect(),
    };
    labels.iter().enumerate().map(row).collect()
}

/// What an agent decides for: see [`sides`].
fn stands(agent: &Agent, source: &str, table: &Table) -> Vec<Stand> {
    let commitments = commitments(agent, source, table);
    let sides = sides(&commitments, table).into_iter();
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
            let side = facet
                .entry((!best.takes, best.option, version))
                .or_default();
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
fn facets(sided: &[&Member], table: &Table) -> Vec<u32> {
    let mut n_agents: BTreeMap<u32, usize> = BTreeMap::new();
    for member in sided {
        let of_agent: BTreeSet<u32> = member
            .stands
            .iter()
            .map(|stand| table.option(stand.option).facet)
            .collect();
        for facet in of_agent {
            *n_agents.entry(facet).or_default() += 1;
        }
    }
    let mut facets: Vec<u32> = n_agents.keys().copied().collect();
    facets.sort_by_key(|facet| (Reverse(n_agents[facet]), *facet));
    facets
}

/// What each agent says of one facet.
fn column(facet: u32, sided: &[&Member], table: &Table) -> Vec<Option<Cell>> {
    let sides: Vec<Vec<&Stand>> = sided
        .iter()
        .map(|member| {
            let stands = member.stands.iter();
            stands
                .filter(|stand| table.option(stand.option).facet == facet)
                .collect()
        })
        .collect();
    // Who takes what the other takes too does not disagree over the rest.
    let disagree = |one: &[&Stand], other: &[&Stand]| {
        one.iter().any(|a| {
            let is_shared = other.iter().any(|b| are_alike(a, b));
            !is_shared && other.iter().any(|b| are_opposed(a, b, facet, table))
        })
    };
    let is_memory = |at: usize| sided[at].agent.kind == Kind::Memory;
    let tells_version = |at: usize| sides[at].iter().any(|stand| stand.version.is_some());
    let is_disputed = |own: usize| {
        // Who tells no version says neither the same nor otherwise of one.
        let counts = |at: &usize| {
            !sides[*at].is_empty()
                && (tells_version(*at) || !tells_version(own) || disagree(&sides[own], &sides[*at]))
        };
        let counted: Vec<usize> = (0..sides.len()).filter(counts).collect();
        let opposed = || {
            let others = counted.iter().copied().filter(|&at| at != own);
            others.filter(|&at| disagree(&sides[own], &sides[at]))
        };
        if counted.iter().any(|&at| is_memory(at)) {
            opposed().any(is_memory)
        } else {
            opposed().count() > 0 && 2 * opposed().count() >= counted.len()
        }
    };
    let cell = |(at, side): (usize, &Vec<&Stand>)| {
        let said: Vec<String> = side.iter().map(|stand| said(stand, table)).collect();
        (!side.is_empty()).then(|| Cell {
            text: said.join(", "),
            is_disputed: is_disputed(at),
        })
    };
    sides.iter().enumerate().map(cell).collect()
}

/// Whether two say the same.
fn are_alike(one: &Stand, other: &Stand) -> bool {
    let agree = || match one.version.zip(other.version) {
        Some((a, b)) => a.agrees(b),
        None => true,
    };
    (one.option, one.takes) == (other.option, other.takes) && agree()
}

/// Whether two cannot both have it their way in one and the same place. Which
/// part of the project each speaks of is for the rules.
fn are_opposed(one: &Stand, other: &Stand, facet: u32, table: &Table) -> bool {
    let facet = table.facet(facet);
    if facet.scope != FacetScope::Project {
        return false;
    }
    match (one.takes, other.takes) {
        (true, true) if one.option == other.option => !are_alike(one, other),
        (true, true) => {
            facet.exclusive != Exclusive::Never && !table.agree(one.option, other.option)
        }
        (true, false) => table.includes(one.option, other.option),
        (false, true) => table.includes(other.option, one.option),
        (false, false) => false,
    }
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
