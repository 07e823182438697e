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
    AgentInfo, AllowedBy, AllowedInfo, ApartInfo, BoilerplateInfo, FindingCounts, GroupInfo,
    MatchInfo, MissingInfo, PairInfo, PlaceInfo, ProblemInfo, Quote, Report, SCHEMA_VERSION, Scope,
    SkippedInfo, Summary, TokenCounts, Tool,
};
use crate::rules::{Facts, drafts, house, redundancy};
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

    /// Findings as configured, and those that stay quiet because somebody accepts
    /// them, both by severity, then path and line. `merges` are those
    /// of [`Self::merges`].
    pub fn findings(&self, config: &Config, merges: &Merges) -> (Vec<Finding>, Vec<Finding>) {
        let (findings, accepted) = findings(&self.facts(), config, merges);
        let accepted = accepted.into_iter().map(|(finding, _)| finding);
        (findings, accepted.collect())
    }

    /// Comments that keep nothing quiet, by path and line: where they stand, and
    /// of which rule they speak. `report` is that of this analysis.
    pub fn idle_comments(&self, report: &Report, config: &Config) -> Vec<(PlaceInfo, Rule)> {
        let facts = self.facts();
        let quotes = || report.findings.iter().chain(&report.accepted);
        let is_idle = |comment: &Comment<'_>| {
            let is_on = config.severity(comment.rule, Severity::Note).is_some();
            let mut found = quotes().flat_map(|one| one.evidence.iter().map(|at| (one.rule, at)));
            is_on && !found.any(|(rule, place)| comment.speaks_of(rule, place))
        };
        let idle = comments(&facts).into_values().flatten().filter(is_idle);
        let idle = idle.map(|comment| {
            let path = comment.path.to_owned();
            let line = comment.line;
            (PlaceInfo { path, line }, comment.rule)
        });
        idle.collect()
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
        let (findings, accepted) = findings(&facts, config, &merges);
        let (accepted, mut allowed): (Vec<_>, Vec<_>) = accepted.into_iter().unzip();
        allowed.extend(allowed_by_house(&facts, config));
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
            allowed: allowed.len(),
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
            allowed,
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

/// Findings as configured, and those that stay quiet because somebody accepts
/// them, each with who does; both by severity, then path and line.
fn findings(
    facts: &Facts<'_>,
    config: &Config,
    merges: &Merges,
) -> (Vec<Finding>, Vec<(Finding, AllowedInfo)>) {
    let comments = comments(facts);
    let allowed_by = |finding: &Finding| {
        let mut accepts = config.accept.iter();
        if let Some(accept) = accepts.find(|accept| accept.accepts(finding)) {
            return Some(allowed(finding, AllowedBy::Accept, None, &accept.reason));
        }
        let comment = excuse(facts, &comments, finding)?;
        let place = PlaceInfo {
            path: comment.path.to_owned(),
            line: comment.line,
        };
        let by = AllowedBy::Comment;
        Some(allowed(finding, by, Some(place), comment.reason))
    };
    let groups = facts.groups.groups.iter().zip(advice(facts, merges));
    let of_groups = groups.map(|(group, help)| redundancy::of_group(facts, group, help));
    let mut findings = Vec::new();
    let mut accepted = Vec::new();
    for draft in drafts(facts).into_iter().chain(of_groups) {
        let Some(severity) = config.severity(draft.rule, draft.severity) else {
            continue;
        };
        let finding = draft.finish(severity);
        match allowed_by(&finding) {
            Some(allowed) => accepted.push((finding, allowed)),
            None => findings.push(finding),
        }
    }
    findings.sort_by(|a, b| key(a).cmp(&key(b)));
    accepted.sort_by(|(a, _), (b, _)| key(a).cmp(&key(b)));
    (findings, accepted)
}

/// A comment that keeps findings of a rule quiet which quote certain lines.
struct Comment<'a> {
    path: &'a str,
    line: u32,
    rule: Rule,
    lines: RangeInclusive<u32>,
    reason: &'a str,
}

impl Comment<'_> {
    fn speaks_of(&self, rule: Rule, place: &Evidence) -> bool {
        self.rule == rule && self.path == place.path && self.lines.contains(&place.line)
    }
}

/// By path: the comments that keep findings quiet.
fn comments<'a>(facts: &Facts<'a>) -> BTreeMap<&'a str, Vec<Comment<'a>>> {
    let mut comments: BTreeMap<&str, Vec<Comment<'_>>> = BTreeMap::new();
    for agent in facts.agents() {
        let path = facts.sources.path(agent.file);
        for allowance in &agent.allowances {
            let (first, last) = facts.sources.lines(agent.file, allowance.span);
            comments.entry(path).or_default().push(Comment {
                path,
                line: facts.sources.lines(agent.file, allowance.comment).0,
                rule: allowance.rule,
                lines: first..=last,
                reason: &allowance.reason,
            });
        }
    }
    comments
}

/// The comment that keeps a finding quiet, if there is one.
fn excuse<'c, 'a>(
    facts: &Facts<'_>,
    comments: &'c BTreeMap<&'a str, Vec<Comment<'a>>>,
    finding: &Finding,
) -> Option<&'c Comment<'a>> {
    let comment = |place: &Evidence| {
        let mut of_file = comments.get(place.path.as_str())?.iter();
        of_file.find(|comment| comment.speaks_of(finding.rule, place))
    };
    // Whoever excuses one of a side speaks for no other who takes it.
    let of_side = |side: &Vec<u32>| {
        let is_own = |one: &&Evidence| side.iter().any(|&agent| facts.path(agent) == one.path);
        let own = finding.evidence.iter().filter(is_own);
        let excuses: Option<Vec<&Comment<'_>>> = own.map(comment).collect();
        excuses?.first().copied()
    };
    match finding.sides.as_slice() {
        [] => finding.evidence.iter().find_map(comment),
        sides => sides.iter().find_map(of_side),
    }
}

/// A finding that stays quiet.
fn allowed(
    finding: &Finding,
    by: AllowedBy,
    comment: Option<PlaceInfo>,
    reason: &str,
) -> AllowedInfo {
    let place = |one: &Evidence| PlaceInfo {
        path: one.path.clone(),
        line: one.line,
    };
    AllowedInfo {
        rule: finding.rule,
        message: finding.message.clone(),
        places: finding.evidence.iter().map(place).collect(),
        fingerprint: finding.fingerprint.clone(),
        by,
        comment,
        reason: reason.to_owned(),
    }
}

/// What the house keeps quiet, as it allows more than one side.
fn allowed_by_house(facts: &Facts<'_>, config: &Config) -> Vec<AllowedInfo> {
    let settled = house::settled(facts).into_iter();
    let told = settled.filter_map(|(draft, right)| {
        let severity = config.severity(draft.rule, draft.severity)?;
        let reason = format!("`[house]` allows {right}");
        Some(allowed(
            &draft.finish(severity),
            AllowedBy::House,
            None,
            &reason,
        ))
    });
    told.collect()
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
