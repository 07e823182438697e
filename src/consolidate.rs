//! What to do with each agent so that everything is said once: the plan of the
//! command `consolidate`.
//!
//! [`plan`] goes through what can be merged in an [`Analysis`], which
//! [`crate::merge`] tells for the report as well. [`mod@cover`] finds the
//! smallest set of agents that still says everything, [`draft`] makes merged
//! agents, and [`mod@check`] proves that they lose nothing.

pub mod check;
pub mod cover;
pub mod draft;

mod references;

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::align::Aligner;
use crate::analysis::Analysis;
use crate::config::Config;
use crate::finding::{Evidence, Finding, Rule};
use crate::merge::members::Member;
use crate::merge::statement::Statements;
use crate::merge::{Action, MemberPlan, Merge, Merges, places};
use crate::relation::Relation;
use crate::report::{AgentInfo, ApartInfo, BoilerplateInfo, ProblemInfo, SCHEMA_VERSION, Tool};
use crate::rules::open_decision::MARK;
use crate::statement::hold_apart;
use crate::text::n_tokens;
use check::{Check, check};
use cover::cover;
use draft::{Draft, draft};
pub use references::Reference;

/// What to do with a collection.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What made the plan.
    pub tool: Tool,
    /// The figures.
    pub summary: PlanSummary,
    /// All agents, by path. An agent's id is its place in this list.
    pub agents: Vec<AgentInfo>,
    /// The groups, by tokens saved, highest first, then by the kept agent.
    pub groups: Vec<GroupPlan>,
    /// Groups of which none can stand in for another one, as in the report.
    pub apart: Vec<ApartInfo>,
    /// Agents of which every statement is said by others, by id.
    pub replaceable: Vec<Replaceable>,
    /// Blocks that many agents repeat, by tokens saved, highest first.
    pub boilerplate: Vec<BoilerplateInfo>,
    /// Trouble in the input, by path and line.
    pub problems: Vec<ProblemInfo>,
    /// Whether comments in the drafts tell where each piece comes from.
    #[serde(skip)]
    pub with_origin: bool,
    /// What was written; `None` where nothing was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<Written>,
}

/// Files that were written.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Written {
    /// The folder of drafts; `None` where the agents themselves were changed.
    pub folder: Option<String>,
    /// Files that were written.
    pub changed: Vec<String>,
    /// Files that were removed.
    pub removed: Vec<String>,
    /// What that does to the files of the groups; [`PlanTokens::drafts`].
    pub tokens: DraftTokens,
}

/// The figures of a plan.
#[derive(Debug, Clone, Serialize)]
pub struct PlanSummary {
    /// Definitions that count: all but mirrors and memory files.
    pub agents: usize,
    /// Copies that tools make of other files, which do not count.
    pub mirrors: usize,
    /// Groups in which something is merged or dropped.
    pub groups: usize,
    /// Groups of the report that stay as they are: their members are loaded by
    /// different products, in different projects or plugins or as different
    /// kinds, or are made for different models, so that none can stand in for
    /// another.
    pub groups_apart: usize,
    /// Agents to be merged into others, and then to go.
    pub merged: usize,
    /// Agents to go as they are.
    pub dropped: usize,
    /// Statements that have to be moved.
    pub moved_statements: usize,
    /// Conflicts inside groups that somebody has to decide.
    pub decisions: usize,
    /// Places that drafts mark to be decided: those of the conflicts, and where
    /// fields of the frontmatter, steps or formats stand against each other.
    pub marks: usize,
    /// Statements of members that are in what the members become.
    pub placed: usize,
    /// Those of them that are there in like words, not in the same.
    pub in_like_words: usize,
    /// Sentences of their descriptions that are in that of what they become.
    pub sentences: usize,
    /// Fields of their frontmatter that are in that of what they become.
    pub fields: usize,
    /// Groups whose draft would lose something: nothing is written for them,
    /// and they count for none of the other figures but [`Self::groups`].
    pub refused: usize,
    /// Text, in tokens: of all that counts, and what is saved.
    pub tokens: PlanTokens,
    /// How few agents could say everything.
    pub cover: CoverInfo,
}

/// Estimated tokens of text.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct PlanTokens {
    /// All files that count.
    pub total: u64,
    /// Their descriptions.
    pub descriptions: u64,
    /// What the groups save.
    pub saved: u64,
    /// What they save of the descriptions.
    pub descriptions_saved: u64,
    /// What is saved if each block of boilerplate stood in one place.
    pub boilerplate: u64,
    /// What the drafts come to.
    pub drafts: DraftTokens,
}

/// Estimated tokens of the files that become one with others, and of what they
/// become. What is saved is counted before a draft is made, without the headings
/// and lead-ins that have to move along and without its comments: so drafts save
/// less.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct DraftTokens {
    /// The files as they are.
    pub before: u64,
    /// What they become.
    pub after: u64,
    /// Of this the comments of the drafts that tell where a piece comes from
    /// and what has to be decided.
    pub comments: u64,
}

/// The smallest set of agents that still says everything; see [`mod@cover`].
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct CoverInfo {
    /// Agents of the set that was found.
    pub agents: usize,
    /// No set has fewer.
    pub at_least: usize,
    /// Whether the two are equal: no smaller set exists.
    pub exact: bool,
    /// The set has at most this many times the least number of agents.
    #[serde(serialize_with = "crate::finding::rounded")]
    pub bound: f64,
}

/// An agent of which every statement is said by others.
#[derive(Debug, Clone, Serialize)]
pub struct Replaceable {
    /// The agent.
    pub agent: u32,
    /// Who says what it says, those that say the most of it first; empty for
    /// an agent without statements.
    pub by: Vec<u32>,
}

/// What to do with a group.
#[derive(Debug, Clone, Serialize)]
pub struct GroupPlan {
    /// Its place in the list.
    pub id: u32,
    /// The weakest relation of a member with the kept one.
    pub relation: Relation,
    /// Whom to keep.
    pub keep: u32,
    /// All members, the kept one first, then by id.
    pub members: Vec<MemberPlan>,
    /// Files that go.
    pub files_saved: usize,
    /// Tokens of the files that go less those of what is moved.
    pub tokens_saved: u64,
    /// Tokens of the descriptions that go less those of what is moved.
    pub description_tokens_saved: u64,
    /// Statements that have to be moved, and nothing else.
    pub moved_statements: usize,
    /// Conflicts between members that somebody has to decide.
    pub decisions: Vec<Decision>,
    /// Copies in other folders of members that change or go.
    pub mirrors: Vec<u32>,
    /// Where other agents call a member that goes by its name.
    pub references: Vec<Reference>,
    /// The one agent that the members become.
    pub draft: DraftInfo,
}

/// A merged agent and the proof that nothing is lost with it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DraftInfo {
    /// Path of the file in a folder of drafts; its name is that of the kept
    /// file. Groups of which nothing is merged need no draft.
    pub file: Option<String>,
    /// Places in it that are marked to be decided.
    pub marks: usize,
    /// Estimated tokens of the files that become one.
    pub tokens_before: u64,
    /// Estimated tokens of it.
    pub tokens: u64,
    /// Those of them in comments that tell where a piece comes from and what
    /// has to be decided.
    pub comment_tokens: u64,
    /// The whole file, with the byte-order mark of the kept one; the kept one's
    /// text where nothing is merged.
    #[serde(skip)]
    pub text: String,
    /// Where each statement of each member went, or why the members must not
    /// become one.
    #[serde(flatten)]
    pub check: Check,
}

/// A conflict between members of a group.
#[derive(Debug, Clone, Serialize)]
pub struct Decision {
    /// What it is about.
    pub rule: Rule,
    /// What is the matter.
    pub message: String,
    /// The quoted places in members, the two sides first.
    pub evidence: Vec<Evidence>,
    /// Names the finding in the report.
    pub fingerprint: String,
}

/// Makes the plan and the drafts. It depends on the analysis alone, and on
/// whether comments in the drafts are to tell where each piece comes from.
pub fn plan(analysis: &Analysis, config: &Config, with_origin: bool) -> Plan {
    let facts = analysis.facts();
    let agents = analysis.agents();
    let boilerplate = analysis.boilerplate();
    let statements = Statements::new(&analysis.collection, &analysis.sources);
    let places = places(&facts, &analysis.plugins);
    let mut merges = Merges::new(&facts, &places, Some(&statements));
    let (mut findings, accepted) = analysis.findings(config, &merges);
    findings.retain(|finding| is_for_owner(finding.rule));
    merges.leave_out(&accepted, &analysis.groups.groups);
    let Merges { merges, apart } = merges;
    let mut groups: Vec<GroupPlan> = (0..).zip(merges).map(GroupPlan::new).collect();
    let mut mirrors_of: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    for (agent, original) in (0..).zip(&analysis.groups.mirror_of) {
        if let Some(original) = original {
            mirrors_of.entry(*original).or_default().push(agent);
        }
    }
    for group in &mut groups {
        group.decisions = decisions(group, &findings, &agents);
        group.mirrors = mirrors(group, &mirrors_of);
    }
    make_drafts(analysis, config, &statements, &mut groups, with_origin);
    references::find(&facts, &mut groups);

    let mut ranks = vec![1; agents.len()];
    for group in &groups {
        ranks[group.keep as usize] = 0;
    }
    let cover = cover(&statements, &places, &ranks);
    let counted = || (0..agents.len()).filter(|&id| places[id].is_some());
    // What is refused is not done, so that it counts for nothing.
    let safe = || groups.iter().filter(|group| group.is_safe());
    let count = |action: Action| {
        let members = safe().flat_map(|group| &group.members);
        members.filter(|member| member.action == action).count()
    };
    let checks = || safe().map(|group| &group.draft.check);
    let placements = || checks().flat_map(|check| &check.placements);
    let summary = PlanSummary {
        agents: counted().count(),
        mirrors: analysis.groups.mirror_of.iter().flatten().count(),
        groups: groups.len(),
        groups_apart: apart.len(),
        merged: count(Action::Merge),
        dropped: count(Action::Drop),
        moved_statements: safe().map(|group| group.moved_statements).sum(),
        decisions: safe().map(|group| group.decisions.len()).sum(),
        marks: safe().map(|group| group.draft.marks).sum(),
        placed: placements().count(),
        in_like_words: placements().filter(|place| place.similarity < 1.0).count(),
        sentences: checks().map(|check| check.sentences).sum(),
        fields: checks().map(|check| check.fields).sum(),
        refused: groups.len() - safe().count(),
        tokens: PlanTokens {
            total: counted().map(|id| agents[id].tokens).sum(),
            descriptions: counted().map(|id| agents[id].description_tokens).sum(),
            saved: safe().map(|group| group.tokens_saved).sum(),
            descriptions_saved: safe().map(|group| group.description_tokens_saved).sum(),
            boilerplate: boilerplate.iter().map(|block| block.tokens_saved).sum(),
            drafts: draft_tokens(safe()),
        },
        cover: CoverInfo {
            agents: cover.needed.len(),
            at_least: cover.at_least,
            exact: cover.needed.len() == cover.at_least,
            bound: bound(&cover),
        },
    };
    Plan {
        schema_version: SCHEMA_VERSION,
        tool: Tool::THIS,
        summary,
        agents,
        groups,
        apart: analysis.apart_infos(&apart),
        replaceable: cover
            .replaceable
            .into_iter()
            .map(|(agent, by)| Replaceable { agent, by })
            .collect(),
        boilerplate,
        problems: analysis.problems(),
        with_origin,
        written: None,
    }
}

fn draft_tokens<'a>(groups: impl Iterator<Item = &'a GroupPlan>) -> DraftTokens {
    let mut tokens = DraftTokens::default();
    for group in groups {
        tokens.before += group.draft.tokens_before;
        tokens.after += group.draft.tokens;
        tokens.comments += group.draft.comment_tokens;
    }
    tokens
}

/// Files of a draft whose bytes were not read as they are: what was replaced
/// could not be put back.
fn decoding_faults(analysis: &Analysis, draft: &Draft) -> Vec<String> {
    let facts = analysis.facts();
    let members = draft.joined.iter().chain([&draft.keep]);
    let paths: BTreeSet<&str> = members.map(|&id| facts.path(id)).collect();
    let problems = analysis.read_problems.iter();
    problems
        .filter(|problem| paths.contains(problem.path.as_str()))
        .map(|problem| format!("`{}`: {}", problem.path, problem.message))
        .collect()
}

/// Makes the draft of each group and checks it.
fn make_drafts(
    analysis: &Analysis,
    config: &Config,
    statements: &Statements,
    groups: &mut [GroupPlan],
    with_origin: bool,
) {
    let facts = analysis.facts();
    let mut aligner = Aligner::new(&analysis.collection, config.thresholds.unit_match);
    let drafts: Vec<Draft> = groups
        .iter()
        .map(|group| {
            let members: Vec<Member<'_>> = group.members.iter().filter_map(Member::of).collect();
            if group.is_merge() {
                let (keep, decisions) = (group.keep, &group.decisions);
                return draft(
                    &facts, statements, &mut aligner, keep, &members, decisions, with_origin,
                );
            }
            Draft {
                keep: group.keep,
                joined: members.iter().map(|member| member.agent).collect(),
                text: facts.text(group.keep).to_owned(),
                comment_tokens: 0,
            }
        })
        .collect();
    let checks = check(&facts, &drafts);
    let merged = groups.iter().filter(|group| group.is_merge());
    let names = file_names(merged.map(|group| facts.path(group.keep)));
    let mut files = distinct(names).into_iter();
    for ((group, draft), mut check) in groups.iter_mut().zip(drafts).zip(checks) {
        if group.is_merge() {
            check.faults.extend(decoding_faults(analysis, &draft));
        }
        let mark = facts.sources.mark(facts.agent(group.keep).file);
        group.draft = DraftInfo {
            file: if group.is_merge() { files.next() } else { None },
            marks: n_marks(facts.text(group.keep), &draft.text),
            tokens_before: draft
                .joined
                .iter()
                .chain([&draft.keep])
                .map(|&id| n_tokens(facts.text(id)))
                .sum(),
            tokens: n_tokens(&draft.text),
            comment_tokens: draft.comment_tokens,
            text: format!("{mark}{}", draft.text),
            check,
        };
    }
}

/// Places of a draft that are marked to be decided, those of the kept file
/// left out.
fn n_marks(kept: &str, draft: &str) -> usize {
    let count = |text: &str| text.matches(MARK).count();
    count(draft).saturating_sub(count(kept))
}

/// By path: the end of it that no other path shares, if there is one; with the
/// folder's name where the file's alone names nothing.
fn file_names<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<String> {
    let parts: Vec<Vec<&str>> = paths
        .map(|path| {
            let parts = path.split('/');
            let named = parts.filter(|part| !matches!(*part, "" | "." | ".."));
            named.map(|part| part.trim_end_matches(':')).collect()
        })
        .collect();
    fn tail<'s, 't>(parts: &'s [&'t str], n: usize) -> &'s [&'t str] {
        &parts[parts.len().saturating_sub(n)..]
    }
    let mut n_having: FxHashMap<&[&str], usize> = FxHashMap::default();
    for own in &parts {
        for n in 1..=own.len() {
            *n_having.entry(tail(own, n)).or_default() += 1;
        }
    }
    let name = |own: &Vec<&str>| {
        let least = if own.last() == Some(&"SKILL.md") { 2 } else { 1 };
        let is_unique = |n: &usize| n_having[tail(own, *n)] == 1;
        let n = (least..=own.len()).find(is_unique).unwrap_or(own.len());
        tail(own, n).join("/")
    };
    parts.iter().map(name).collect()
}

/// The names with a number before each that was there already, so that no
/// draft takes the place of another.
fn distinct(mut names: Vec<String>) -> Vec<String> {
    let mut known = BTreeSet::new();
    for name in &mut names {
        let plain = name.clone();
        let mut n = 2;
        while !known.insert(name.clone()) {
            *name = format!("{n}/{plain}");
            n += 1;
        }
    }
    names
}

/// How many times the least number of agents a cover has at most: what the
/// greedy choice guarantees, or what the lower bound shows if that is better.
fn bound(cover: &cover::Cover) -> f64 {
    if cover.at_least == 0 {
        return 1.0;
    }
    let harmonic: f64 = (1..=cover.greedy_size).map(|n| 1.0 / n as f64).sum();
    let shown = cover.needed.len() as f64 / cover.at_least as f64;
    shown.min(harmonic.max(1.0))
}

/// Whether a rule is about what agents say, which stays to be decided when
/// they are one; a name that both bear does not.
fn is_for_owner(rule: Rule) -> bool {
    rule.is_conflict() && !matches!(rule, Rule::NameCollision | Rule::SelfContradiction)
}

/// The findings of which both sides stand in members that become one.
fn decisions(group: &GroupPlan, findings: &[Finding], agents: &[AgentInfo]) -> Vec<Decision> {
    let joined: BTreeMap<&str, u32> = group
        .members
        .iter()
        .filter(|member| member.agent == group.keep || member.action != Action::Keep)
        .map(|member| (agents[member.agent as usize].path.as_str(), member.agent))
        .collect();
    let decision = |finding: &Finding| {
        let quotes = finding.evidence.iter();
        let mut evidence: Vec<&Evidence> =
            quotes.filter(|quote| joined.contains_key(quote.path.as_str())).collect();
        let are_opposed = |one: &Evidence, other: &Evidence| {
            let (one, other) = (joined[one.path.as_str()], joined[other.path.as_str()]);
            one != other && are_on_two_sides(&finding.sides, one, other)
        };
        let are_opposed = |one: &Evidence, other: &Evidence| {
            are_opposed(one, other) && !hold_apart(&one.text, &other.text)
        };
        let (first, second) = (0..evidence.len())
            .flat_map(|first| (first + 1..evidence.len()).map(move |second| (first, second)))
            .find(|&(first, second)| are_opposed(evidence[first], evidence[second]))?;
        // The two sides first, the others in their order.
        evidence[..=first].rotate_right(1);
        evidence[1..=second].rotate_right(1);
        Some(Decision {
            rule: finding.rule,
            message: finding.message.clone(),
            evidence: evidence.into_iter().cloned().collect(),
            fingerprint: finding.fingerprint.clone(),
        })
    };
    findings.iter().filter_map(decision).collect()
}

/// Whether two agents take different sides; so do all where no side is told.
fn are_on_two_sides(sides: &[Vec<u32>], one: u32, other: u32) -> bool {
    let takes = |agent: u32| {
        let sides = (0..).zip(sides);
        sides.filter(move |(_, side)| side.contains(&agent)).map(|(nth, _)| nth)
    };
    sides.is_empty() || takes(one).any(|mine: usize| takes(other).any(|theirs| mine != theirs))
}

/// The mirrors of members that change or go, ascending.
fn mirrors(group: &GroupPlan, mirrors_of: &FxHashMap<u32, Vec<u32>>) -> Vec<u32> {
    let is_touched = |member: &&MemberPlan| {
        let goes = member.action != Action::Keep;
        let changes = member.agent == group.keep && group.is_merge();
        goes || changes
    };
    let touched = group.members.iter().filter(is_touched);
    let mut mirrors: Vec<u32> =
        touched.filter_map(|member| mirrors_of.get(&member.agent)).flatten().copied().collect();
    mirrors.sort_unstable();
    mirrors
}

impl DraftInfo {
    /// Tokens of the files less those of the draft, comments aside, as they go
    /// once they are read; negative where headings that move along outweigh it.
    pub fn tokens_saved(&self) -> i64 {
        let after = self.tokens - self.comment_tokens;
        self.tokens_before as i64 - after as i64
    }
}

impl GroupPlan {
    fn new((id, merge): (u32, Merge)) -> Self {
        Self {
            id,
            relation: merge.relation,
            keep: merge.keep,
            files_saved: merge.gone().count(),
            tokens_saved: merge.tokens_saved,
            description_tokens_saved: merge.description_tokens_saved,
            moved_statements: merge.moved_statements(),
            members: merge.members,
            decisions: Vec::new(),
            mirrors: Vec::new(),
            references: Vec::new(),
            draft: DraftInfo::default(),
        }
    }

    /// Whether nothing is lost when the members become one.
    pub fn is_safe(&self) -> bool {
        self.draft.check.faults.is_empty()
    }

    /// Whether the kept file changes.
    pub fn is_merge(&self) -> bool {
        let mut members = self.members.iter();
        members.any(|member| member.action == Action::Merge)
    }
}
