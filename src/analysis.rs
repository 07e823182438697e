//! All stages in order: the only place that knows all of them. An
//! [`Analysis`] is what the commands work on; [`analyse`] makes the report of it.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;

use crate::collection::Collection;
use crate::commitment::reading::{Figure, Known, Reading};
use crate::commitment::{Commitment, commitments_in};
use crate::config::{Config, ScopeChoice};
use crate::discover::{Discovery, Skipped};
use crate::facet::Table;
use crate::facet::house::House;
use crate::finding::{Evidence, Finding, Rule, Severity};
use crate::graph::{Boilerplate, Groups, boilerplate, groups};
use crate::lineup::decisions;
use crate::merge::members::has_hardly_a_line;
use crate::merge::statement::Statements;
use crate::merge::{Apart, MemberPlan, Merge, Merges, advice, places};
use crate::plugin::Plugins;
use crate::relation::{Pair, Relation, pairs};
use crate::report::{
    AgentInfo, ApartInfo, BoilerplateInfo, FindingCounts, GroupInfo, MatchInfo, MissingInfo,
    PairInfo, ProblemInfo, Quote, Report, SCHEMA_VERSION, Scope, SkippedInfo, Summary, TokenCounts,
    Tool,
};
use crate::rules::{Facts, drafts, redundancy};
use crate::source::{Problem, Sources};
use crate::text::n_tokens;

/// What was discovered, read, compared, grouped and judged. The report depends
/// on the files and the configuration alone, not on threads or the order in
/// which paths were given.
pub fn analyse(discovery: Discovery, config: &Config) -> Report {
    Analysis::new(discovery, config).report(config)
}

/// All that was found out about a collection: what the commands work on.
#[derive(Debug)]
pub struct Analysis {
    /// The files.
    pub sources: Sources,
    /// The agents with their terms.
    pub collection: Collection,
    /// Related pairs, by left, then right.
    pub pairs: Vec<Pair>,
    /// Mirrors and groups.
    pub groups: Groups,
    /// Repeated blocks.
    pub boilerplate: Vec<Boilerplate>,
    /// Project or catalogue.
    pub scope: Scope,
    together: bool,
    facets: Table,
    house: House,
    commitments: Vec<Vec<Commitment>>,
    figures: Vec<Vec<Figure>>,
    skipped: Vec<Skipped>,
    /// Trouble in reaching and decoding files.
    pub read_problems: Vec<Problem>,
    unreachable: bool,
    /// The plugins that the files belong to.
    pub plugins: Plugins,
}

impl Analysis {
    /// Reads and compares what was discovered.
    pub fn new(discovery: Discovery, config: &Config) -> Self {
        let Discovery {
            files,
            skipped,
            problems,
            unreachable,
            roots: _,
        } = discovery;
        let (files, origins): (Vec<_>, Vec<_>) = files
            .into_iter()
            .map(|file| (file.source, file.origin))
            .unzip();
        let sources = Sources::new(files);
        // The table takes as long as a few files.
        let (collection, (facets, _)) = rayon::join(
            || Collection::new(sources.files(), &origins),
            || Table::new(&config.facets),
        );
        let pairs = pairs(&collection, &config.thresholds);
        let groups = groups(&collection, &pairs);
        let boilerplate = boilerplate(&collection, &groups, &config.thresholds);
        let scope = scope(config.scope, &collection);
        let (house, _) = House::new(config.house_names(), &facets);
        let known = Known::new(collection.n_texts);
        let (commitments, figures): (Vec<Vec<Commitment>>, Vec<Vec<Figure>>) = collection
            .agents
            .par_iter()
            .zip(&collection.texts)
            .map(|(agent, texts)| {
                let source = sources.text(agent.file);
                let reading = Reading::with_known(agent, source, facets.scanner(), &known, texts);
                (
                    commitments_in(agent, source, &facets, &reading),
                    reading.figures(agent),
                )
            })
            .unzip();
        Self {
            sources,
            collection,
            pairs,
            groups,
            boilerplate,
            scope,
            together: false,
            facets,
            house,
            commitments,
            figures,
            skipped,
            read_problems: problems,
            unreachable,
            plugins: Plugins::default(),
        }
    }

    /// The same, with plugins that have to be looked for beside the files.
    pub fn with_plugins(self, plugins: Plugins) -> Self {
        Self { plugins, ..self }
    }

    /// The same, with all agents taken to be in each other's way, wherever they
    /// lie: whoever asks about a few wants to know what these are together.
    pub fn together(self) -> Self {
        Self {
            together: true,
            ..self
        }
    }

    /// What rules may look at.
    pub fn facts(&self) -> Facts<'_> {
        Facts {
            sources: &self.sources,
            collection: &self.collection,
            pairs: &self.pairs,
            groups: &self.groups,
            boilerplate: &self.boilerplate,
            scope: self.scope,
            together: self.together,
            facets: &self.facets,
            house: &self.house,
            commitments: &self.commitments,
            figures: &self.figures,
        }
    }

    /// What can be merged and the groups of which nothing can. `statements` are
    /// those of all agents, where they are known already.
    pub fn merges(&self, statements: Option<&Statements>) -> Merges {
        let facts = self.facts();
        Merges::new(&facts, &places(&facts, &self.plugins), statements)
    }

    /// Findings as configured, by severity, then path and line; and those that
    /// stay quiet because somebody accepts them, in no order. `merges` are those
    /// of [`Self::merges`].
    pub fn findings(&self, config: &Config, merges: &Merges) -> (Vec<Finding>, Vec<Finding>) {
        findings(&self.facts(), config, merges)
    }

    /// Groups that stay as they are, in the same order.
    pub fn apart_infos(&self, apart: &[Apart]) -> Vec<ApartInfo> {
        let info = |apart: &Apart| {
            let group = &self.groups.groups[apart.group];
            ApartInfo {
                members: group.members(),
                relation: group.relation,
                reason: apart.reason,
            }
        };
        apart.iter().map(info).collect()
    }

    /// All agents, by id.
    pub fn agents(&self) -> Vec<AgentInfo> {
        agent_infos(&self.facts())
    }

    /// One agent.
    pub fn agent(&self, id: u32) -> AgentInfo {
        agent_info(&self.facts(), id)
    }

    /// Blocks that many agents repeat, by tokens saved, highest first.
    pub fn boilerplate(&self) -> Vec<BoilerplateInfo> {
        boilerplate_infos(&self.facts())
    }

    /// Trouble in the input, by path and line.
    pub fn problems(&self) -> Vec<ProblemInfo> {
        problem_infos(&self.facts(), &self.read_problems)
    }

    /// The whole report.
    pub fn report(&self, config: &Config) -> Report {
        let facts = self.facts();
        let mut merges = self.merges(None);
        let (findings, accepted) = self.findings(config, &merges);
        merges.leave_out(&accepted, &self.groups.groups);
        let agents = agent_infos(&facts);
        let pair_infos = pair_infos(&facts, config.matches);
        let group_infos = group_infos(&merges.merges);
        let summary = Summary {
            files_read: self.sources.files().len(),
            files_skipped: self.skipped.len(),
            incomplete: self.unreachable,
            agents: agents.len(),
            units: agents.iter().map(|agent| agent.units).sum(),
            distinct_units: self.collection.units.len(),
            pairs: pair_infos.len(),
            groups: group_infos.len(),
            findings: FindingCounts::of(&findings),
            allowed: accepted.len(),
            baseline: None,
            tokens: TokenCounts {
                total: agents.iter().map(|agent| agent.tokens).sum(),
                descriptions: agents.iter().map(|agent| agent.description_tokens).sum(),
                redundant: group_infos.iter().map(|group| group.tokens_saved).sum(),
            },
        };
        Report {
            schema_version: SCHEMA_VERSION,
            tool: Tool::THIS,
            scope: self.scope,
            summary,
            agents,
            pairs: pair_infos,
            groups: group_infos,
            apart: self.apart_infos(&merges.apart),
            boilerplate: boilerplate_infos(&facts),
            decisions: decisions(&facts),
            findings,
            accepted,
            problems: problem_infos(&facts, &self.read_problems),
            skipped: self
                .skipped
                .iter()
                .map(|Skipped { path, reason }| SkippedInfo {
                    path: path.clone(),
                    reason: reason.as_str(),
                })
                .collect(),
        }
    }
}

/// A project has a memory file or a folder such as `.claude`; a catalogue has
/// neither, or holds the folders of many projects.
fn scope(choice: ScopeChoice, collection: &Collection) -> Scope {
    let is_project = match choice {
        ScopeChoice::Project => true,
        ScopeChoice::Catalogue => false,
        ScopeChoice::Auto => {
            let n_in_projects = collection
                .agents
                .iter()
                .filter(|agent| agent.origin.project_root.is_some())
                .count();
            n_in_projects * 2 > collection.agents.len()
        }
    };
    if is_project {
        Scope::Project
    } else {
        Scope::Catalogue
    }
}

/// Findings as configured, by severity, then path and line; and those that
/// stay quiet because somebody accepts them, in no order.
fn findings(facts: &Facts<'_>, config: &Config, merges: &Merges) -> (Vec<Finding>, Vec<Finding>) {
    let allowed_lines = allowed_lines(facts);
    let is_quiet = |finding: &Finding| {
        let evidence = || finding.evidence.iter();
        let is_allowed = |evidence: &Evidence| {
            let of_file = allowed_lines.get(evidence.path.as_str());
            let mut lines = of_file.into_iter().flatten();
            lines.any(|(rule, lines)| *rule == finding.rule && lines.contains(&evidence.line))
        };
        // Whoever excuses one of a side speaks for no other who takes it.
        let is_excused = |side: &Vec<u32>| {
            let is_of_side =
                |one: &&Evidence| side.iter().any(|&agent| facts.path(agent) == one.path);
            let mut own = evidence().filter(is_of_side).peekable();
            own.peek().is_some() && own.all(is_allowed)
        };
        config.accepts(finding)
            || match finding.sides.as_slice() {
                [] => evidence().any(is_allowed),
                sides => sides.iter().any(is_excused),
            }
    };
    let groups = facts.groups.groups.iter().zip(advice(facts, merges));
    let of_groups = groups.map(|(group, help)| redundancy::of_group(facts, group, help));
    let all = drafts(facts).into_iter().chain(of_groups);
    let all = all.filter_map(|draft| {
        let severity = config.severity(draft.rule, draft.severity)?;
        Some(draft.finish(severity))
    });
    let (accepted, mut findings): (Vec<_>, Vec<_>) = all.partition(is_quiet);
    findings.sort_by(|a, b| key(a).cmp(&key(b)));
    (findings, accepted)
}

/// By path: the lines for which comments keep a rule quiet.
fn allowed_lines<'a>(facts: &Facts<'a>) -> BTreeMap<&'a str, Vec<(Rule, RangeInclusive<u32>)>> {
    let mut lines: BTreeMap<&str, Vec<(Rule, RangeInclusive<u32>)>> = BTreeMap::new();
    for agent in facts.agents() {
        for allowance in &agent.allowances {
            let (first, last) = facts.sources.lines(agent.file, allowance.span);
            let of_file = lines.entry(facts.sources.path(agent.file)).or_default();
            of_file.push((allowance.rule, first..=last));
        }
    }
    lines
}

fn key(finding: &Finding) -> (Severity, Option<(&str, u32, u32)>, &str, &str) {
    let place = finding
        .evidence
        .first()
        .map(|evidence| (evidence.path.as_str(), evidence.line, evidence.column));
    (
        finding.severity,
        place,
        finding.rule.id(),
        &finding.fingerprint,
    )
}

fn agent_infos(facts: &Facts<'_>) -> Vec<AgentInfo> {
    let ids = 0..facts.agents().len() as u32;
    ids.map(|id| agent_info(facts, id)).collect()
}

fn agent_info(facts: &Facts<'_>, id: u32) -> AgentInfo {
    let agent = facts.agent(id);
    let text = facts.text(id);
    AgentInfo {
        id,
        path: facts.path(id).to_owned(),
        name: agent.name.clone(),
        kind: agent.kind.as_str(),
        model: agent.model().map(|(model, _)| model.to_owned()),
        tools: agent
            .tools()
            .map(|(tools, _)| tools.into_iter().map(Cow::into_owned).collect()),
        language: agent.language,
        units: agent.units.len(),
        tokens: n_tokens(text),
        description_tokens: agent
            .description
            .span
            .map_or(0, |span| n_tokens(span.of(text))),
        mirror_of: facts.groups.mirror_of[id as usize],
    }
}

/// Pairs by redundancy, highest first, then by ids.
fn pair_infos(facts: &Facts<'_>, n_matches: usize) -> Vec<PairInfo> {
    let quotes = MatchQuotes::new(facts, n_matches);
    let mut infos: Vec<PairInfo> = facts
        .pairs
        .par_iter()
        .map(|pair| pair_info(pair, &quotes, n_matches))
        .collect();
    infos.sort_by(|a, b| {
        b.redundancy
            .total_cmp(&a.redundancy)
            .then((a.left, a.right).cmp(&(b.left, b.right)))
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
        let quotes = places
            .par_iter()
            .map(|&(agent, unit)| facts.quote_lines(agent, unit))
            .collect();
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
        n_matches: (pair.relation != Relation::Distinct).then_some(pair.matches.len()),
        matches: matches.collect(),
    }
}

/// What can be merged, in its order.
fn group_infos(merges: &[Merge]) -> Vec<GroupInfo> {
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
fn boilerplate_infos(facts: &Facts<'_>) -> Vec<BoilerplateInfo> {
    let info = |block: &Boilerplate| {
        let text = facts.block_text(block);
        let tokens_saved = n_tokens(&text) * (block.agents.len() as u64 - 1);
        BoilerplateInfo {
            text,
            agents: block.agents.clone(),
            tokens_saved,
        }
    };
    let mut infos: Vec<BoilerplateInfo> = facts.boilerplate.iter().map(info).collect();
    infos.sort_by_key(|block| Reverse(block.tokens_saved));
    infos
}

/// Trouble in reaching and decoding files, and faults of the bodies; those of
/// the frontmatter are findings.
fn problem_infos(facts: &Facts<'_>, problems: &[Problem]) -> Vec<ProblemInfo> {
    let mut infos: Vec<ProblemInfo> = problems
        .iter()
        .map(|problem| ProblemInfo {
            path: problem.path.clone(),
            line: problem.line,
            message: problem.message.clone(),
        })
        .collect();
    for agent in facts.agents() {
        for fault in agent
            .faults
            .iter()
            .filter(|fault| fault.kind == crate::agent::FaultKind::Other)
        {
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
