//! All stages in order: the only place that knows all of them. An
//! [`Analysis`] is what the commands work on; [`analyse`] makes the report of it.

mod infos;
mod quiet;

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use crate::collection::Collection;
use crate::commitment::reading::{Figure, Known, Reading};
use crate::commitment::{Commitment, commitments_in};
use crate::config::{Config, ScopeChoice};
use crate::discover::{Discovery, Skipped};
use crate::facet::Table;
use crate::facet::house::House;
use crate::finding::{Finding, Rule, Severity};
use crate::graph::{Boilerplate, Groups, boilerplate, groups};
use crate::lineup::decisions;
use crate::merge::statement::Statements;
use crate::merge::{Apart, Merges, advice, places};
use crate::plugin::Plugins;
use crate::relation::{Pair, pairs};
use crate::report::{
    AgentInfo, AllowedBy, AllowedInfo, ApartInfo, BoilerplateInfo, FindingCounts, PlaceInfo,
    ProblemInfo, Report, SCHEMA_VERSION, Scope, SkippedInfo, Summary, TokenCounts, Tool,
};
use crate::rules::{Facts, drafts, redundancy};
use crate::source::{Problem, Sources};
use infos::{agent_info, agent_infos, boilerplate_infos, group_infos, pair_infos, problem_infos};
use quiet::{Comment, allowed, allowed_by_house, comments, excuse};

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
        let Discovery { files, skipped, problems, unreachable, roots: _ } = discovery;
        let (files, origins): (Vec<_>, Vec<_>) =
            files.into_iter().map(|file| (file.source, file.origin)).unzip();
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
                (commitments_in(agent, source, &facets, &reading), reading.figures(agent))
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
        Self { together: true, ..self }
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
            ApartInfo { members: group.members(), relation: group.relation, reason: apart.reason }
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
    if is_project { Scope::Project } else { Scope::Catalogue }
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
        let place = PlaceInfo { path: comment.path.to_owned(), line: comment.line };
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

fn key(finding: &Finding) -> (Severity, Option<(&str, u32, u32)>, &str, &str) {
    let place = finding
        .evidence
        .first()
        .map(|evidence| (evidence.path.as_str(), evidence.line, evidence.column));
    (finding.severity, place, finding.rule.id(), &finding.fingerprint)
}
