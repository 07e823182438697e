//! Numbers, lists and doubt in words, the same in every form for people.

pub(super) mod review;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::compare::{Comparison, Difference, Match, Measures};
use crate::finding::{Evidence, Finding, Rule, Severity};
use crate::relation::Relation;
use crate::render::quote::clean;
use crate::report::{
    AgentInfo, AllowedBy, AllowedInfo, ApartInfo, BaselineCounts, GroupInfo, PairInfo, Report,
};
pub(super) use crate::text::{counted, listed, thousands};

/// Confidence from which on a finding needs no qualification.
const SURE: f64 = 0.9;
/// Confidence from which on a finding is more likely right than not by far.
const LIKELY: f64 = 0.7;

/// `91 %`; whole only where it is so.
pub(super) fn percent(share: f64) -> String {
    let percent = (share * 100.0).round();
    let percent = match percent {
        p if p >= 100.0 && share < 1.0 => 99.0,
        p if p <= 0.0 && share > 0.0 => 1.0,
        p => p,
    };
    format!("{percent:.0} %")
}

/// What is said of a confidence that is not high.
pub(super) fn doubt(confidence: f64) -> Option<&'static str> {
    match confidence {
        c if c >= SURE => None,
        c if c >= LIKELY => Some("likely"),
        _ => Some("possible"),
    }
}

/// The quotes of a finding, each place once, with the options that are taken
/// there, as far as they are known and say more than the quote. `evidence` may
/// go on with the quotes of other findings, of which no option is known.
pub(super) fn quotes<'a>(
    evidence: &[&'a Evidence],
    finding: &Finding,
    agents: &[AgentInfo],
) -> Vec<(&'a Evidence, Option<String>)> {
    let mut quotes: Vec<(&Evidence, Vec<&str>)> = Vec::new();
    for (at, &quote) in evidence.iter().enumerate() {
        if at >= finding.evidence.len() {
            quotes.push((quote, Vec::new()));
            continue;
        }
        let options = options_taken(finding, at, agents);
        match quotes.iter_mut().find(|(other, _)| *other == quote) {
            Some((_, all)) => all.extend(options),
            None => quotes.push((quote, options)),
        }
    }
    let labelled = quotes.into_iter().map(|(quote, mut options)| {
        // Who says "X, never Y" takes X.
        let mut known = BTreeSet::new();
        options.retain(|option| known.insert(*option));
        options.sort_by_key(|option| option.starts_with("not "));
        (quote, (!options.is_empty()).then(|| options.join(", ")))
    });
    labelled.collect()
}

/// The quotes of a finding, each place once: who says "X, never Y" is quoted for both.
pub(super) fn places(finding: &Finding) -> Vec<&Evidence> {
    let mut places: Vec<&Evidence> = Vec::new();
    for place in &finding.evidence {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

/// The options of one quote. The first quotes take a side each; later ones those
/// of their agent, where that is on one side alone or is quoted there for each.
fn options_taken<'a>(finding: &'a Finding, at: usize, agents: &[AgentInfo]) -> Vec<&'a str> {
    let options = finding.options.as_deref().unwrap_or_default();
    let quote = &finding.evidence[at];
    let is_said_by = |id: &u32| agents[*id as usize].path == quote.path;
    let sides: Vec<usize> = match at < options.len() {
        true => vec![at],
        false => (0..finding.sides.len())
            .filter(|&side| finding.sides[side].iter().any(is_said_by))
            .collect(),
    };
    let n_quoted = finding.evidence.iter().filter(|one| *one == quote).count();
    if sides.len() > 1 && sides.len() != n_quoted {
        return Vec::new();
    }
    let sides = sides.into_iter();
    let told = sides.filter_map(|side| {
        let option = options.get(side)?;
        (finding.evidence[side].text != *option).then_some(option.as_str())
    });
    told.collect()
}

/// The figures of a comparison in a sentence.
pub(super) fn likeness(measures: &Measures) -> String {
    format!(
        "By their rare words, {} of the left is like the right, and {} of the right like the left. \
         Likeness of names {:.2}, of roles {:.2}; redundancy {:.2}.",
        percent(measures.left_in_right),
        percent(measures.right_in_left),
        measures.name,
        measures.role,
        measures.redundancy
    )
}

/// What a merge of two that could replace each other would have to move.
pub(super) fn to_move(comparison: &Comparison) -> Option<String> {
    let (left, right) = (comparison.counts.to_move_left, comparison.counts.to_move_right);
    let is_meant = comparison.measures.relation.is_redundant() && left + right > 0;
    is_meant.then(|| {
        format!(
            "Merging them would move {} of the left, or {right} of the right: also what the other \
             side does not say in full.",
            counted(left as u64, "statement", "statements")
        )
    })
}

/// The text, or its first `max` characters, in quotation marks.
pub(super) fn quoted(text: &str, max: usize) -> String {
    format!("“{}”", clipped(text, max))
}

/// The text, or its first `max` characters.
pub(super) fn clipped(text: &str, max: usize) -> Cow<'_, str> {
    match text.char_indices().nth(max) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()).into(),
        None => text.into(),
    }
}

/// The first `limit`, or all where only one would be left out: the line that
/// counts it would take as much room.
pub(super) fn shown<T>(items: &[T], limit: usize) -> &[T] {
    if items.len() <= limit.saturating_add(1) { items } else { &items[..limit] }
}

/// What a reader takes away who reads no further.
pub(super) fn verdict(report: &Report) -> String {
    let found = verdict_on_read(report);
    match report.summary.incomplete {
        true => format!("{found} Not everything could be read."),
        false => found,
    }
}

fn verdict_on_read(report: &Report) -> String {
    let n_agents = report.summary.agents as u64;
    if n_agents == 0 {
        return "No agent definitions found.".to_owned();
    }
    let all_agents = report.agents.iter().all(|agent| agent.kind == "agent");
    let agents = match all_agents {
        true => counted(n_agents, "agent", "agents"),
        false => counted(n_agents, "definition", "definitions"),
    };
    let counts = report.summary.findings;
    let serious = severe(counts.error, counts.warning);
    let redundancy = match n_droppable(&report.groups) {
        0 if n_agents == 1 => agents,
        0 if !report.apart.is_empty() => format!("{agents}, none to be merged into others"),
        0 => match likely_one_job(report).len() {
            0 => format!("{agents}, none redundant"),
            n => format!(
                "{agents}, none redundant for sure, {} to read side by side",
                counted(n as u64, "pair", "pairs")
            ),
        },
        n => format!(
            "{} of {agents} could be merged into others{}",
            thousands(n),
            or_told_apart(&report.groups)
        ),
    };
    match serious.is_empty() {
        true if report.summary.baseline.is_some() => {
            format!("{redundancy}. No new errors, no new warnings.")
        }
        true => format!("{redundancy}. No errors, no warnings."),
        false => format!("{redundancy}. {} to settle{}.", listed(&serious), most_warnings(report)),
    }
}

/// How many of the agents that could be merged share hardly a line with the one
/// to keep, so that they could as well stay.
fn or_told_apart(groups: &[GroupInfo]) -> String {
    let unlike: u64 =
        groups.iter().filter(|group| group.hardly_alike).map(|group| group.drop.len() as u64).sum();
    match unlike {
        0 => String::new(),
        n if n == n_droppable(groups) => " or told apart in their descriptions".to_owned(),
        n => format!(", {} of these or told apart in their descriptions", thousands(n)),
    }
}

/// The other way out where hardly a line is alike.
pub(super) const UNLIKE: &str =
    "hardly a line is alike: or say in each description which requests are its own";

/// Warnings from which on their bulk is named.
const MIN_BULK: usize = 5;

/// The rule that makes two in three warnings or more: a reader wants to know
/// what else there is.
fn most_warnings(report: &Report) -> String {
    let n_all = report.summary.findings.warning;
    let findings = report.findings.iter();
    let mut counts: BTreeMap<Rule, usize> = BTreeMap::new();
    for finding in findings.filter(|finding| finding.severity == Severity::Warning) {
        *counts.entry(finding.rule).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|&(_, n)| n);
    match most {
        Some((rule, n)) if n_all >= MIN_BULK && n == n_all => {
            format!("; all of the warnings are {}", rule.id())
        }
        Some((rule, n)) if n_all >= MIN_BULK && n * 3 >= n_all * 2 => {
            format!("; {} of the warnings are {}", thousands(n as u64), rule.id())
        }
        _ => String::new(),
    }
}

/// How many groups are alike and stay as they are, by reason, the most first.
pub(super) fn apart(groups: &[ApartInfo]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for group in groups {
        *counts.entry(group.reason).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|&(reason, n)| (std::cmp::Reverse(n), reason));
    let reasons: Vec<String> = counts.iter().map(|(reason, n)| format!("{n} {reason}")).collect();
    format!(
        "{} as alike, of which none can stand in for another one: {}",
        counted(groups.len() as u64, "group", "groups"),
        listed(&reasons)
    )
}

/// Who keeps a finding quiet.
pub(super) fn allowed_by(one: &AllowedInfo) -> String {
    match (one.by, &one.comment) {
        (AllowedBy::Comment, Some(place)) => {
            format!("by the comment in {}:{}", clean(&place.path), place.line)
        }
        (AllowedBy::Comment, None) => "by a comment".to_owned(),
        (AllowedBy::Accept, _) => "by `[[accept]]` in the configuration".to_owned(),
        (AllowedBy::House, _) => "by `[house]` in the configuration".to_owned(),
    }
}

/// Pairs that may well be one job, by redundancy, highest first.
pub(super) fn likely_one_job(report: &Report) -> Vec<&PairInfo> {
    let pairs = report.pairs.iter();
    pairs.filter(|pair| pair.likely_one_job).collect()
}

/// What is known of pairs that may well be one job, and what to do.
pub(super) const LIKELY_ONE_JOB: &str = "Each of these pairs may well be one job, which the words \
     alone do not decide. Read them side by side, and keep one or say in both when to use the other";

/// How near two agents are that may well be one job.
pub(super) fn nearness(pair: &PairInfo) -> String {
    format!(
        "redundancy {:.2}; {} of the first is like the second, {} of the second like the first",
        pair.redundancy,
        percent(pair.left_in_right),
        percent(pair.right_in_left)
    )
}

/// Other pairs that have something in common, of which none of the two could go, by
/// redundancy, highest first; without copies in other folders.
pub(super) fn overlaps(report: &Report) -> Vec<&PairInfo> {
    let is_mirror = |id: u32| report.agents[id as usize].mirror_of.is_some();
    let pairs = report.pairs.iter().filter(|pair| !pair.likely_one_job);
    pairs
        .filter(|pair| !pair.relation.is_redundant() && pair.relation != Relation::Distinct)
        .filter(|pair| !is_mirror(pair.left) && !is_mirror(pair.right))
        .collect()
}

/// What a baseline keeps quiet, and what it knows in vain.
pub(super) fn baseline(counts: BaselineCounts) -> String {
    let gone = match counts.gone {
        1 => "1 finding of the baseline is gone; --write-baseline forgets it".to_owned(),
        n => format!(
            "{} findings of the baseline are gone; --write-baseline forgets them",
            thousands(n as u64)
        ),
    };
    match counts {
        BaselineCounts { known: 0, gone: 0 } => "it knows no finding".to_owned(),
        BaselineCounts { known: 0, .. } => format!("no known finding; {gone}"),
        BaselineCounts { known, gone: 0 } => {
            format!("{} kept quiet", counted(known as u64, "known finding", "known findings"))
        }
        BaselineCounts { known, .. } => format!(
            "{} kept quiet; {gone}",
            counted(known as u64, "known finding", "known findings")
        ),
    }
}

/// `1 error`, `2 warnings`, without what there is none of.
pub(super) fn severe(n_errors: usize, n_warnings: usize) -> Vec<String> {
    let mut parts = Vec::new();
    if n_errors > 0 {
        parts.push(counted(n_errors as u64, "error", "errors"));
    }
    if n_warnings > 0 {
        parts.push(counted(n_warnings as u64, "warning", "warnings"));
    }
    parts
}

/// What differs in two statements that match, where words do not show it.
pub(super) fn difference(found: &Match) -> Option<&'static str> {
    if found.differs.contains(&Difference::Direction) {
        return Some(match found.left.warning {
            true => "the left warns of it, the right advises it",
            false => "the left advises it, the right warns of it",
        });
    }
    let has_numbers = found.differs.contains(&Difference::Numbers);
    has_numbers.then_some("other numbers")
}

/// By agent: whether its name says who is meant. It can be seen, and no other
/// agent bears it.
pub(super) fn are_telling_names(agents: &[AgentInfo]) -> Vec<bool> {
    let mut n_bearers: BTreeMap<&str, usize> = BTreeMap::new();
    for agent in agents {
        *n_bearers.entry(&agent.name).or_default() += 1;
    }
    let is_telling = |name: &str| n_bearers[name] == 1 && !clean(name).is_empty();
    agents.iter().map(|agent| is_telling(&agent.name)).collect()
}

/// Agents that the groups would drop.
pub(super) fn n_droppable(groups: &[GroupInfo]) -> u64 {
    groups.iter().map(|group| group.drop.len() as u64).sum()
}

#[cfg(test)]
mod tests {
    use super::{counted, listed, shown, thousands};

    #[test]
    fn numbers_are_grouped_and_nouns_agree() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_000), "1,000");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(counted(1, "agent", "agents"), "1 agent");
        assert_eq!(counted(0, "agent", "agents"), "0 agents");
    }

    #[test]
    fn lists_end_in_and() {
        let parts = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(listed(&parts), "a, b and c");
        assert_eq!(listed(&parts[..2]), "a and b");
        assert_eq!(listed(&parts[..1]), "a");
    }

    #[test]
    fn a_single_item_over_the_limit_is_shown() {
        assert_eq!(shown(&[1, 2, 3], 2), [1, 2, 3]);
        assert_eq!(shown(&[1, 2, 3, 4], 2), [1, 2]);
        assert_eq!(shown(&[1, 2], usize::MAX), [1, 2]);
    }
}
