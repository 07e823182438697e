//! All stages in order.

use std::borrow::Cow;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::agent::Unit;
use crate::collection::Collection;
use crate::config::Config;
use crate::discover::Discovery;
use crate::join::similar_pairs;
use crate::relation::{self, Pair};
use crate::report::{
    AgentInfo, FindingCounts, MatchInfo, PairInfo, ProblemInfo, Quote, Report, SCHEMA_VERSION,
    Scope, Summary, TokenCounts, Tool,
};
use crate::source::{LineIndex, Problem, SourceFile};
use crate::text::n_tokens;

/// Runs the stages.
pub fn analyse(discovery: Discovery, config: &Config) -> Report {
    let Discovery {
        files,
        skipped,
        problems,
        ..
    } = discovery;
    let (sources, origins): (Vec<_>, Vec<_>) = files
        .into_iter()
        .map(|file| (file.source, file.origin))
        .unzip();
    let t = std::time::Instant::now();
    let collection = Collection::new(&sources, &origins);
    eprintln!(
        "collection {:?} units {}",
        t.elapsed(),
        collection.units.len()
    );
    let copies = similar_pairs(&collection.units, config.thresholds.unit_copy);
    eprintln!("join {:?} copies {}", t.elapsed(), copies.len());
    let pairs = relation::pairs(&collection, &copies, &config.thresholds);
    eprintln!("pairs {:?} {}", t.elapsed(), pairs.len());
    let lines: Vec<LineIndex> = sources
        .par_iter()
        .map(|source| LineIndex::new(&source.text))
        .collect();
    let quote = |agent: u32, unit: u32| quote(&collection, &sources, &lines, agent, unit);
    let mut pair_infos: Vec<PairInfo> = pairs
        .par_iter()
        .map(|pair| pair_info(pair, config.matches, &quote))
        .collect();
    pair_infos.sort_by(|a, b| {
        b.redundancy
            .total_cmp(&a.redundancy)
            .then_with(|| (a.left, a.right).cmp(&(b.left, b.right)))
    });
    let agents = collection
        .agents
        .iter()
        .enumerate()
        .map(|(id, agent)| {
            let source: &SourceFile = &sources[agent.file.idx()];
            AgentInfo {
                id: id as u32,
                path: source.path.clone(),
                name: agent.name.clone(),
                kind: agent.kind.as_str(),
                model: agent.model().map(|(model, _)| model.to_owned()),
                tools: agent
                    .tools()
                    .map(|(tools, _)| tools.into_iter().map(Cow::into_owned).collect()),
                language: agent.language,
                units: agent.units.len(),
                tokens: n_tokens(&source.text),
                description_tokens: agent
                    .description
                    .span
                    .map_or(0, |span| n_tokens(span.of(&source.text))),
                mirror_of: None,
            }
        })
        .collect::<Vec<_>>();
    Report {
        schema_version: SCHEMA_VERSION,
        tool: Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        scope: Scope::Catalogue,
        summary: Summary {
            files_read: sources.len(),
            files_skipped: skipped.len(),
            agents: agents.len(),
            units: agents.iter().map(|agent| agent.units).sum(),
            distinct_units: collection.units.len(),
            pairs: pairs.len(),
            groups: 0,
            findings: FindingCounts::default(),
            tokens: TokenCounts::default(),
        },
        agents,
        pairs: pair_infos,
        groups: Vec::new(),
        boilerplate: Vec::new(),
        findings: Vec::new(),
        problems: problems
            .into_iter()
            .map(
                |Problem {
                     path,
                     line,
                     message,
                 }| ProblemInfo {
                    path,
                    line,
                    message,
                },
            )
            .collect(),
    }
}

fn quote(
    collection: &Collection,
    sources: &[SourceFile],
    lines: &[LineIndex],
    agent: u32,
    unit: u32,
) -> Quote {
    let definition = &collection.agents[agent as usize];
    let unit: &Unit = &definition.units[unit as usize];
    let file = definition.file.idx();
    let (line, end_line) = lines[file].lines(unit.span);
    Quote {
        line,
        end_line,
        text: definition.unit_text(unit, &sources[file].text).into_owned(),
    }
}

fn pair_info(pair: &Pair, n_matches: usize, quote: &impl Fn(u32, u32) -> Quote) -> PairInfo {
    PairInfo {
        left: pair.left,
        right: pair.right,
        relation: pair.relation,
        redundancy: pair.redundancy,
        name: pair.name,
        role: pair.role,
        left_in_right: pair.left_in_right,
        right_in_left: pair.right_in_left,
        n_matches: pair.matches.len(),
        matches: pair
            .matches
            .iter()
            .take(n_matches)
            .map(|unit_match| MatchInfo {
                similarity: unit_match.similarity,
                left: quote(pair.left, unit_match.left_unit),
                right: quote(pair.right, unit_match.right_unit),
            })
            .collect(),
    }
}
