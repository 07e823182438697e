//! What was found out, as the report has it.

use std::borrow::Cow;
use std::cmp::Reverse;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;

use crate::agent::FaultKind;
use crate::graph::Boilerplate;
use crate::merge::members::has_hardly_a_line;
use crate::merge::{MemberPlan, Merge};
use crate::relation::{Pair, Relation, is_likely_one_job};
use crate::report::{
    AgentInfo, BoilerplateInfo, GroupInfo, MatchInfo, MissingInfo, PairInfo, ProblemInfo, Quote,
};
use crate::rules::Facts;
use crate::source::Problem;
use crate::text::n_tokens;

/// All agents, by id.
pub(super) fn agent_infos(facts: &Facts<'_>) -> Vec<AgentInfo> {
    let ids = 0..facts.agents().len() as u32;
    ids.map(|id| agent_info(facts, id)).collect()
}

pub(super) fn agent_info(facts: &Facts<'_>, id: u32) -> AgentInfo {
    let agent = facts.agent(id);
    let text = facts.text(id);
    AgentInfo {
        id,
        path: facts.path(id).to_owned(),
        name: agent.name.clone(),
        kind: agent.kind.as_str(),
        model: agent.model().map(|(model, _)| model.to_owned()),
        tools: agent.tools().map(|(tools, _)| tools.into_iter().map(Cow::into_owned).collect()),
        language: agent.language,
        units: agent.units.len(),
        tokens: n_tokens(text),
        description_tokens: agent.description.span.map_or(0, |span| n_tokens(span.of(text))),
        mirror_of: facts.groups.mirror_of[id as usize],
    }
}

/// Pairs by redundancy, highest first, then by ids.
pub(super) fn pair_infos(facts: &Facts<'_>, n_matches: usize) -> Vec<PairInfo> {
    let quotes = MatchQuotes::new(facts, n_matches);
    let group_of = facts.groups.group_of();
    let is_likely_one_job = |pair: &Pair| {
        let is_undecided =
            pair.relation == Relation::Redundant || is_likely_one_job(facts.collection, pair);
        let group = |agent: u32| group_of.get(&agent);
        let are_grouped = group(pair.left).is_some() && group(pair.left) == group(pair.right);
        let is_mirror = |agent: u32| facts.groups.is_mirror(agent);
        is_undecided && !are_grouped && !is_mirror(pair.left) && !is_mirror(pair.right)
    };
    let mut infos: Vec<PairInfo> = facts
        .pairs
        .par_iter()
        .map(|pair| PairInfo {
            likely_one_job: is_likely_one_job(pair),
            ..pair_info(pair, &quotes, n_matches)
        })
        .collect();
    infos.sort_by(|a, b| {
        b.redundancy.total_cmp(&a.redundancy).then((a.left, a.right).cmp(&(b.left, b.right)))
    });
    infos
}

/// What the first matches of all pairs quote: a unit is in many of them.
struct MatchQuotes {
    /// Agents and the indices of their units, ascending.
    places: Vec<(u32, u32)>,
    /// By place.
    quotes: Vec<Quote>,
}

impl MatchQuotes {
    fn new(facts: &Facts<'_>, n_matches: usize) -> Self {
        let places = facts.pairs.iter().flat_map(|pair| {
            pair.matches
                .iter()
                .take(n_matches)
                .flat_map(|found| [(pair.left, found.left_unit), (pair.right, found.right_unit)])
        });
        let mut places: Vec<(u32, u32)> = places.collect();
        places.par_sort_unstable();
        places.dedup();
        let quotes =
            places.par_iter().map(|&(agent, unit)| facts.quote_lines(agent, unit)).collect();
        Self { places, quotes }
    }

    fn get(&self, agent: u32, unit: u32) -> Quote {
        let place = self.places.partition_point(|&place| place < (agent, unit));
        self.quotes[place].clone()
    }
}

fn pair_info(pair: &Pair, quotes: &MatchQuotes, n_matches: usize) -> PairInfo {
    let matches = pair.matches.iter().take(n_matches).map(|found| MatchInfo {
        similarity: found.similarity,
        left: quotes.get(pair.left, found.left_unit),
        right: quotes.get(pair.right, found.right_unit),
    });
    PairInfo {
        left: pair.left,
        right: pair.right,
        relation: pair.relation,
        redundancy: pair.redundancy,
        name: pair.name,
        role: pair.role,
        left_in_right: pair.left_in_right,
        right_in_left: pair.right_in_left,
        likely_one_job: false,
        n_matches: (pair.relation != Relation::Distinct).then_some(pair.matches.len()),
        matches: matches.collect(),
    }
}

/// What can be merged, in its order.
pub(super) fn group_infos(merges: &[Merge]) -> Vec<GroupInfo> {
    let info = |(id, merge): (u32, &Merge)| {
        let drop: Vec<u32> = merge.gone().map(|member| member.agent).collect();
        let statements: Vec<usize> = merge.gone().map(|member| member.statements).collect();
        let mut members = drop.clone();
        members.push(merge.keep);
        members.sort_unstable();
        let missing = |member: &MemberPlan| -> Vec<MissingInfo> {
            let agent = member.agent;
            let quotes = member.only_here.iter().cloned();
            quotes.map(|quote| MissingInfo { agent, quote }).collect()
        };
        GroupInfo {
            id,
            representative: merge.keep,
            members,
            relation: merge.relation,
            keep: merge.keep,
            drop,
            tokens_saved: merge.tokens_saved,
            description_tokens_saved: merge.description_tokens_saved,
            hardly_alike: has_hardly_a_line(merge.moved_statements(), statements.iter().sum()),
            statements,
            missing_units: merge.moved_statements(),
            missing: merge.gone().flat_map(missing).collect(),
            missing_parts: merge.gone().map(MemberPlan::n_parts).sum(),
        }
    };
    (0..).zip(merges).map(info).collect()
}

/// Blocks by tokens saved, highest first, then in the order of the files.
pub(super) fn boilerplate_infos(facts: &Facts<'_>) -> Vec<BoilerplateInfo> {
    let info = |block: &Boilerplate| {
        let text = facts.block_text(block);
        let tokens_saved = n_tokens(&text) * (block.agents.len() as u64 - 1);
        BoilerplateInfo { text, agents: block.agents.clone(), tokens_saved }
    };
    let mut infos: Vec<BoilerplateInfo> = facts.boilerplate.iter().map(info).collect();
    infos.sort_by_key(|block| Reverse(block.tokens_saved));
    infos
}

/// Trouble in reaching and decoding files, and faults of the bodies; those of
/// the frontmatter are findings.
pub(super) fn problem_infos(facts: &Facts<'_>, problems: &[Problem]) -> Vec<ProblemInfo> {
    let mut infos: Vec<ProblemInfo> = problems
        .iter()
        .map(|problem| ProblemInfo {
            path: problem.path.clone(),
            line: problem.line,
            message: problem.message.clone(),
        })
        .collect();
    for agent in facts.agents() {
        for fault in agent.faults.iter().filter(|fault| fault.kind == FaultKind::Other) {
            infos.push(ProblemInfo {
                path: facts.sources.path(agent.file).to_owned(),
                line: Some(facts.sources.lines(agent.file, fault.span).0),
                message: fault.message.clone(),
            });
        }
    }
    infos.sort_by(|a, b| (&a.path, a.line, &a.message).cmp(&(&b.path, b.line, &b.message)));
    infos
}
