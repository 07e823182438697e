//! What a change does to a collection: for each new or changed definition a
//! verdict, its nearest neighbours and what only it says, and the findings that
//! the change adds. `docs/report.md` explains the serialised fields.

mod known;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::agent::Kind;
use crate::align::Aligner;
use crate::analysis::Analysis;
use crate::config::Config;
use crate::finding::{Evidence, Finding, Rule, rounded};
use crate::graph::unsaid;
use crate::measure::redundancy;
use crate::merge::kept;
use crate::relation::{Relation, pair};
use crate::report::{AgentInfo, FindingCounts, PairInfo, Quote, Report};
use known::Known;

/// What happened to a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It was named for review; what was there before is not known.
    Named,
    /// It is new.
    Added,
    /// It was there before, with another text or at another path.
    Changed,
}

/// What a reviewer should know first, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The collection has this text already.
    Duplicate,
    /// The collection has an agent that could do its work.
    Redundant,
    /// It contradicts others, itself or the house, or takes another's name.
    Conflicts,
    /// Its scope or advice meets another agent's.
    Overlaps,
    /// No agent has enough of its words to overlap it; the closest is named.
    New,
}

impl Verdict {
    /// The word used in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Redundant => "redundant",
            Self::Conflicts => "conflicts",
            Self::Overlaps => "overlaps",
            Self::New => "new",
        }
    }
}

/// An agent near a reviewed one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Neighbour {
    /// Its id.
    pub agent: u32,
    /// What the two are to each other.
    pub relation: Relation,
    /// Redundancy, in 0..=1.
    #[serde(serialize_with = "rounded")]
    pub redundancy: f64,
    /// Share of the reviewed one's content that this one says too, in 0..=1.
    #[serde(serialize_with = "rounded")]
    pub said_there: f64,
    /// Share of this one's content that the reviewed one says too, in 0..=1.
    #[serde(serialize_with = "rounded")]
    pub said_here: f64,
    /// Whether it is under review too.
    pub is_reviewed: bool,
}

/// The agent closest to one that none is near to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Closest {
    /// Its id.
    pub agent: u32,
    /// Redundancy, in 0..=1.
    #[serde(serialize_with = "rounded")]
    pub redundancy: f64,
    /// Likeness of the roles, in 0..=1.
    #[serde(serialize_with = "rounded")]
    pub role: f64,
    /// Share of the reviewed one's content that this one says too, in 0..=1.
    #[serde(serialize_with = "rounded")]
    pub said_there: f64,
}

/// One definition under review.
#[derive(Debug, Clone, Serialize)]
pub struct Reviewed {
    /// Its id.
    pub agent: u32,
    /// What happened to it.
    pub status: Status,
    /// Where a changed one lay before, if elsewhere.
    pub old_path: Option<String>,
    /// What a reviewer should know first.
    pub verdict: Verdict,
    /// The verdict on what was there before the change.
    pub was: Option<Verdict>,
    /// Agents that could replace it or share its scope, the nearest first.
    pub nearest: Vec<Neighbour>,
    /// Where there are none of these: the agent that comes closest to it.
    pub closest: Option<Closest>,
    /// Statements of its body, each once, headings aside.
    pub n_statements: usize,
    /// Of them those that no agent in `nearest` says; none where there is no such agent.
    pub only_here: Vec<Quote>,
}

/// What a change does. The report is the audit's, cut to the change: its
/// agents are the reviewed ones and those that they meet, its pairs and
/// findings those that the change takes part in, without what was so before.
/// Groups and blocks are left to the audit.
#[derive(Debug, Clone, Serialize)]
pub struct Review {
    /// The audit's report, cut to the change. The counts of its summary are
    /// those of the whole collection, but for pairs, groups and findings.
    #[serde(flatten)]
    pub report: Report,
    /// The commit that the change is compared with.
    pub base: Option<String>,
    /// The definitions under review, by path.
    pub reviewed: Vec<Reviewed>,
    /// Paths of the definitions that the change removes.
    pub removed: Vec<String>,
    /// Findings about these definitions that were there before the change.
    pub n_known: usize,
}

/// What changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// The commit that it is compared with.
    pub base: Option<String>,
    /// By path as shown: what happened to the definitions under review.
    pub reviewed: BTreeMap<String, Status>,
    /// By path as shown: where a changed file lay before, if elsewhere.
    pub old_paths: BTreeMap<String, String>,
    /// Paths of the definitions that are gone.
    pub removed: Vec<String>,
}

/// Reviews a change. `after` is the collection with it, `before` the one
/// without; where `before` is not known, everything about the reviewed
/// definitions counts as added.
pub fn review(
    change: Change,
    after: &Analysis,
    before: Option<&Analysis>,
    config: &Config,
) -> Review {
    let mut report = after.report(config);
    let before = before.map(|before| before.report(config));
    let findings = std::mem::take(&mut report.findings);
    let known = Known::new(&change, before.as_ref(), &report.agents);
    let is_reviewed = |path: &str| change.reviewed.contains_key(path);
    let is_added = |finding: &Finding| !known.has(finding);
    let concerns = |finding: &Finding| {
        let mut agents = finding.agents.iter();
        let mut evidence = finding.evidence.iter();
        finding.rule != Rule::SharedBoilerplate
            && (agents.any(|&agent| is_reviewed(&report.agents[agent as usize].path))
                || evidence.any(|evidence| is_reviewed(&evidence.path)))
    };
    // What is removed leaves its callers behind.
    let is_left_behind =
        |finding: &Finding| before.is_some() && finding.rule == Rule::DanglingReference;
    let mut n_known = 0;
    let mut findings: Vec<Finding> = findings
        .into_iter()
        .filter(|finding| {
            let (concerns, is_added) = (concerns(finding), is_added(finding));
            n_known += usize::from(concerns && !is_added);
            is_added && (concerns || is_left_behind(finding))
        })
        .collect();
    let renamed =
        before.as_ref().map(|before| renamed(&change, before, &report)).unwrap_or_default();
    let kept = kept(&after.facts(), &after.plugins, |agent| {
        !is_reviewed(&report.agents[agent as usize].path)
    });
    for finding in &mut findings {
        let help = help_for_newcomers(finding, &report, &change, &kept);
        if let Some(help) = help.or_else(|| help_for_callers(finding, &renamed)) {
            finding.help = help;
        }
        quote_reviewed_first(finding, &report.agents, &is_reviewed);
    }

    let mut reviewed = Vec::with_capacity(change.reviewed.len());
    let mut aligner = Aligner::new(&after.collection, config.thresholds.unit_match);
    for agent in &report.agents {
        let Some(&status) = change.reviewed.get(&agent.path) else {
            continue;
        };
        let mut nearest = nearest(&report, agent.id, &is_reviewed);
        kept_first(&mut nearest, &kept);
        let n_statements = n_statements(after, agent.id);
        let moved_from = change.old_paths.get(&agent.path);
        let old_path = moved_from.unwrap_or(&agent.path);
        let closest = match nearest.is_empty() {
            true => closest(after, agent.id, config),
            false => None,
        };
        reviewed.push(Reviewed {
            agent: agent.id,
            status,
            old_path: moved_from.cloned(),
            verdict: verdict(&nearest, &findings, agent.id),
            was: before.as_ref().and_then(|before| {
                let old = before.agents.iter().find(|old| old.path == *old_path)?;
                let nearest = self::nearest(before, old.id, &is_reviewed);
                Some(verdict(&nearest, &before.findings, old.id))
            }),
            only_here: only_here(after, &mut aligner, agent.id, &nearest),
            nearest,
            closest,
            n_statements,
        });
    }

    let is_near = |pair: &PairInfo| {
        reviewed.iter().any(|one| {
            let other = match one.agent {
                agent if agent == pair.left => pair.right,
                agent if agent == pair.right => pair.left,
                _ => return false,
            };
            one.nearest.iter().any(|near| near.agent == other)
        })
    };
    report.pairs.retain(is_near);
    report.problems.retain(|problem| is_reviewed(&problem.path));
    report.groups.clear();
    report.apart.clear();
    report.boilerplate.clear();
    report.decisions.clear();
    report.skipped.clear();
    report.findings = findings;
    report.summary.pairs = report.pairs.len();
    report.summary.groups = 0;
    report.summary.findings = FindingCounts::of(&report.findings);
    let mut review =
        Review { report, base: change.base, reviewed, removed: change.removed, n_known };
    review.keep_mentioned();
    review
}

/// Among redundant agents the one that comes in is the one to go, whichever of
/// them the audit would keep. `None` where that is not the question.
fn help_for_newcomers(
    finding: &Finding,
    report: &Report,
    change: &Change,
    kept: &BTreeMap<u32, u32>,
) -> Option<String> {
    if !finding.rule.is_redundancy() {
        return None;
    }
    let agents = finding.agents.iter();
    let agents = agents.map(|&agent| &report.agents[agent as usize]);
    let (old, new): (Vec<_>, Vec<_>) =
        agents.partition(|agent| change.reviewed.get(&agent.path) != Some(&Status::Added));
    let (old, new) = (old.first()?, new.first()?);
    let old = kept.get(&old.id).unwrap_or(&old.id);
    let old = &report.agents[*old as usize];
    Some(format!(
        "move what only the new `{}` says to `{}` and drop it, or give it work of its own",
        new.name, old.name
    ))
}

/// Puts what is under review first among the quotes, of each side and of all: it
/// is there that forms with one place for a finding show it.
fn quote_reviewed_first(
    finding: &mut Finding,
    agents: &[AgentInfo],
    is_reviewed: &impl Fn(&str) -> bool,
) {
    let evidence = &mut finding.evidence;
    // The first quotes are those of the options.
    let n_options = finding.options.as_ref().map_or(0, Vec::len);
    for (at, side) in finding.sides.iter().enumerate() {
        let is_meant = |one: &Evidence| {
            let mut side = side.iter().map(|&id| &agents[id as usize].path);
            is_reviewed(&one.path) && side.any(|path| *path == one.path)
        };
        let mut others = n_options..evidence.len();
        let is_to_give_way = evidence.get(at).is_some_and(|own| !is_meant(own));
        if is_to_give_way && let Some(other) = others.find(|&other| is_meant(&evidence[other])) {
            evidence.swap(at, other);
        }
    }
    let Some(first) = evidence.iter().position(|one| is_reviewed(&one.path)) else {
        return;
    };
    if n_options == 0 || first < n_options {
        evidence[..=first].rotate_right(1);
    }
    if let Some(options) = finding.options.as_mut().and_then(|all| all.get_mut(..=first)) {
        options.rotate_right(1);
        if let Some(sides) = finding.sides.get_mut(..=first) {
            sides.rotate_right(1);
        }
    }
}

/// The old and new names of the agents that the change renames, by path.
fn renamed(change: &Change, before: &Report, after: &Report) -> Vec<(String, String)> {
    let names = after.agents.iter().filter_map(|agent| {
        change.reviewed.get(&agent.path)?;
        let old_path = change.old_paths.get(&agent.path).unwrap_or(&agent.path);
        let old = before.agents.iter().find(|old| old.path == *old_path)?;
        (old.name != agent.name).then(|| (old.name.clone(), agent.name.clone()))
    });
    names.collect()
}

/// Whoever calls a renamed agent by its old name should use the new one.
fn help_for_callers(finding: &Finding, renamed: &[(String, String)]) -> Option<String> {
    let is_called = |old: &str| finding.message.contains(&format!("`{old}`"));
    let mut renamed = renamed.iter();
    let (old, new) =
        renamed.find(|(old, _)| finding.rule == Rule::DanglingReference && is_called(old))?;
    Some(format!("write `{new}` instead of `{old}`, which this change renames"))
}

/// Agents that could replace one or share its scope, by relation, then by
/// redundancy, then by id. Mirrors are left out, the agent's own and others'.
fn nearest(report: &Report, agent: u32, is_reviewed: &impl Fn(&str) -> bool) -> Vec<Neighbour> {
    let is_mirror = |agent: u32| report.agents[agent as usize].mirror_of.is_some();
    let near = |pair: &PairInfo| {
        let (other, said_there, said_here) = if pair.left == agent {
            (pair.right, pair.left_in_right, pair.right_in_left)
        } else if pair.right == agent {
            (pair.left, pair.right_in_left, pair.left_in_right)
        } else {
            return None;
        };
        (pair.relation <= Relation::Overlapping && !is_mirror(other)).then_some(Neighbour {
            agent: other,
            relation: pair.relation,
            redundancy: pair.redundancy,
            said_there,
            said_here,
            is_reviewed: is_reviewed(&report.agents[other as usize].path),
        })
    };
    if is_mirror(agent) {
        return Vec::new();
    }
    let mut nearest: Vec<Neighbour> = report.pairs.iter().filter_map(near).collect();
    nearest.sort_by(|a, b| {
        let is_overlap = |near: &Neighbour| !near.relation.is_redundant();
        is_overlap(a)
            .cmp(&is_overlap(b))
            .then(b.redundancy.total_cmp(&a.redundancy))
            .then(a.agent.cmp(&b.agent))
    });
    nearest
}

/// Of several copies of an agent, puts the one first that the audit would keep:
/// nobody is to be sent to what goes itself.
fn kept_first(nearest: &mut [Neighbour], kept: &BTreeMap<u32, u32>) {
    let first = nearest.first();
    let first = first.filter(|first| first.relation <= Relation::Duplicate);
    let first = first.and_then(|first| kept.get(&first.agent));
    let at = nearest
        .iter()
        .position(|near| near.relation <= Relation::NearDuplicate && Some(&near.agent) == first);
    if let Some(at) = at {
        nearest[..=at].rotate_right(1);
    }
}

/// Agents whose texts are compared to find the closest one.
const MAX_CLOSEST: usize = 5;

/// The agent that could most nearly replace one, of those that have a word of
/// its name or role; no mirror and no memory file, and for a mirror none.
fn closest(analysis: &Analysis, agent: u32, config: &Config) -> Option<Closest> {
    let collection = &analysis.collection;
    let counts = |id: u32| {
        let is_memory = collection.agents[id as usize].kind == Kind::Memory;
        !is_memory && !analysis.groups.is_mirror(id)
    };
    if !counts(agent) {
        return None;
    }
    let name = |id: u32| &collection.names[id as usize];
    let others = (0..collection.agents.len() as u32).filter(|&id| id != agent && counts(id));
    let mut others: Vec<(f64, u32)> = others
        .map(|id| {
            let role = collection.roles.cosine(agent, id);
            (redundancy(name(agent).similarity(name(id)), role, 0.0), id)
        })
        .filter(|(likeness, _)| *likeness > 0.0)
        .collect();
    others.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let compared = others.iter().take(MAX_CLOSEST).map(|&(_, id)| {
        let (left, right) = (agent.min(id), agent.max(id));
        let pair = pair(collection, left, right, &config.thresholds);
        let said_there = match left == agent {
            true => pair.left_in_right,
            false => pair.right_in_left,
        };
        Closest { agent: id, redundancy: pair.redundancy, role: pair.role, said_there }
    });
    // Of equals the first.
    compared.reduce(|best, one| match one.redundancy > best.redundancy {
        true => one,
        false => best,
    })
}

fn verdict(nearest: &[Neighbour], findings: &[Finding], agent: u32) -> Verdict {
    let closest = nearest.iter().map(|near| near.relation).min();
    let has = |is_meant: fn(Rule) -> bool| {
        let mut findings = findings.iter();
        findings.any(|found| is_meant(found.rule) && found.agents.contains(&agent))
    };
    match closest {
        Some(Relation::Identical | Relation::Duplicate) => Verdict::Duplicate,
        Some(relation) if relation.is_redundant() => Verdict::Redundant,
        _ if has(Rule::is_conflict) => Verdict::Conflicts,
        Some(_) => Verdict::Overlaps,
        None if has(|rule| rule == Rule::TriggerOverlap) => Verdict::Overlaps,
        None => Verdict::New,
    }
}

/// Distinct statements of an agent's body.
fn n_statements(analysis: &Analysis, agent: u32) -> usize {
    let units = &analysis.collection.agents[agent as usize].units;
    let own = analysis.collection.own[agent as usize].iter();
    own.filter(|own| units[own.unit_idx as usize].is_statement()).count()
}

/// See [`Reviewed::only_here`].
fn only_here(
    analysis: &Analysis,
    aligner: &mut Aligner<'_>,
    agent: u32,
    nearest: &[Neighbour],
) -> Vec<Quote> {
    let (collection, sources) = (&analysis.collection, &analysis.sources);
    let unsaid_by = nearest.iter().map(|near| {
        let unsaid = unsaid(collection, sources, aligner, agent, near.agent);
        unsaid.into_iter().map(|own| own.unit_idx).collect::<BTreeSet<u32>>()
    });
    let everywhere = unsaid_by.reduce(|all, some| &all & &some);
    let quote = |unit| analysis.facts().quote_lines(agent, unit);
    everywhere.into_iter().flatten().map(quote).collect()
}

impl Reviewed {
    /// Whether it is to stay of two under review that could replace each other:
    /// the one of which less stands in the other, else the first by path.
    pub fn is_to_stay(&self, near: &Neighbour) -> bool {
        let own_share = near.said_there.total_cmp(&near.said_here);
        near.is_reviewed && own_share.then(self.agent.cmp(&near.agent)).is_lt()
    }
}

impl Review {
    /// Whether a finding says that two agents decide otherwise: each takes a side
    /// that the other does not take.
    pub fn are_opposed(&self, one: u32, other: u32) -> bool {
        let takes_alone = |finding: &Finding, one: u32, other: u32| {
            let mut sides = finding.sides.iter();
            sides.any(|side| side.contains(&one) && !side.contains(&other))
        };
        let mut decided = self.report.findings.iter();
        decided.any(|finding| {
            finding.decision().is_some()
                && takes_alone(finding, one, other)
                && takes_alone(finding, other, one)
        })
    }

    /// Leaves the agents that something else speaks of; ids become places in
    /// the shorter list.
    fn keep_mentioned(&mut self) {
        let report = &mut self.report;
        let mut mentioned: BTreeSet<u32> = BTreeSet::new();
        for one in &self.reviewed {
            mentioned.insert(one.agent);
            mentioned.extend(one.nearest.iter().map(|near| near.agent));
            mentioned.extend(one.closest.map(|closest| closest.agent));
        }
        for finding in &report.findings {
            mentioned.extend(&finding.agents);
        }
        let originals = |agent: &u32| report.agents[*agent as usize].mirror_of;
        mentioned.extend(mentioned.clone().iter().filter_map(originals));
        let ids: BTreeMap<u32, u32> = mentioned.into_iter().zip(0..).collect();
        report.agents.retain(|agent| ids.contains_key(&agent.id));
        for agent in &mut report.agents {
            agent.id = ids[&agent.id];
            agent.mirror_of = agent.mirror_of.map(|original| ids[&original]);
        }
        for pair in &mut report.pairs {
            (pair.left, pair.right) = (ids[&pair.left], ids[&pair.right]);
        }
        for finding in &mut report.findings {
            for agent in finding.agents.iter_mut().chain(finding.sides.iter_mut().flatten()) {
                *agent = ids[agent];
            }
        }
        for one in &mut self.reviewed {
            one.agent = ids[&one.agent];
            for near in &mut one.nearest {
                near.agent = ids[&near.agent];
            }
            if let Some(closest) = &mut one.closest {
                closest.agent = ids[&closest.agent];
            }
        }
    }
}
