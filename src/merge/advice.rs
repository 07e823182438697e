//! What to do about the groups of a report, in a sentence each.

use super::members::has_hardly_a_line;
use super::{Merge, Merges};
use crate::graph::Group;
use crate::relation::Relation;
use crate::rules::Facts;
use crate::text::{counted, listed};

/// Merges that one sentence tells, if a group falls into several.
const MAX_MERGES: usize = 3;

/// By group of the analysis: what to do about it. It is what the merges do, and
/// so what the table of groups and the plan of a clean-up say.
pub fn advice(facts: &Facts<'_>, merges: &Merges) -> Vec<String> {
    let groups = &facts.groups.groups;
    let group_of = facts.groups.group_of();
    let mut of_groups: Vec<Vec<&Merge>> = vec![Vec::new(); groups.len()];
    for merge in &merges.merges {
        let members = participants(merge);
        let mut groups: Vec<usize> = members.filter_map(|id| group_of.get(&id).copied()).collect();
        groups.sort_unstable();
        groups.dedup();
        for group in groups {
            of_groups[group].push(merge);
        }
    }
    let mut apart = merges.apart.iter().peekable();
    let groups = groups.iter().zip(of_groups).enumerate();
    groups
        .map(|(at, (group, merges))| match apart.next_if(|apart| apart.group == at) {
            Some(apart) => of_apart(group, apart.reason),
            None => of_merges(facts, group, &merges),
        })
        .collect()
}

/// The one to keep and those that go.
fn participants(merge: &Merge) -> impl Iterator<Item = u32> {
    let gone = merge.gone().map(|member| member.agent);
    [merge.keep].into_iter().chain(gone)
}

fn of_apart(group: &Group, reason: &str) -> String {
    let what = match group.relation {
        Relation::Redundant => "say in each description which requests are its own",
        Relation::Contained => "say in each what it alone is for",
        _ => "make them from one source, or say in each what sets it apart",
    };
    format!("{what}; none can stand in for another one, as these are files {reason}")
}

fn of_merges(facts: &Facts<'_>, group: &Group, merges: &[&Merge]) -> String {
    let merged: Vec<u32> = merges.iter().flat_map(|merge| participants(merge)).collect();
    let mut stay = group.members();
    stay.retain(|id| !merged.contains(id));
    let all: Vec<u32> = merged.iter().chain(&stay).copied().collect();
    let names = |ids: &[u32]| facts.names_among(ids, &all);
    let has_rest = merges.len() == 1 && stay.is_empty();
    let of_merge = |merge: &&Merge| {
        let kept = names(&[merge.keep]);
        let gone: Vec<u32> = participants(merge).skip(1).collect();
        let gone = if has_rest { "the rest".to_owned() } else { names(&gone) };
        match lacking(merge) {
            None => format!("keep {kept} and drop {gone}: it says all that they say"),
            Some(lacking) => {
                let n_statements = merge.gone().map(|member| member.statements).sum();
                let n_own = n_statements_lacking(merge);
                let alike = match has_hardly_a_line(n_own, n_statements) {
                    true => {
                        let n_said = n_statements - n_own;
                        format!(
                            "what they are for is alike, hardly a line is ({n_said} of \
                             {n_statements} statements in common): choose one, or "
                        )
                    }
                    false => String::new(),
                };
                let partly = match n_own {
                    0 => "",
                    _ => ", in full or in part",
                };
                format!(
                    "{alike}keep {kept} and merge {gone} into it, as it lacks {lacking} of \
                     theirs{partly}"
                )
            }
        }
    };
    let mut parts: Vec<String> = merges.iter().take(MAX_MERGES).map(of_merge).collect();
    if let Some(n_more @ 1..) = merges.len().checked_sub(MAX_MERGES) {
        parts.push(format!("and so with {n_more} more"));
    }
    if !stay.is_empty() {
        let why = match stay.len() {
            1 => "stays: it is loaded elsewhere, or made for other models or files",
            _ => "stay: they are loaded elsewhere, or made for other models or files",
        };
        parts.push(format!("{} {why}", names(&stay)));
    }
    let n_lacking: usize = merges.iter().map(|merge| n_statements_lacking(merge)).sum();
    if n_lacking >= MANY_STATEMENTS {
        parts.push("`agent-overlap consolidate` makes a draft of it".to_owned());
    }
    if group.relation == Relation::Redundant {
        parts.push("or say in each description which requests are its own".to_owned());
    }
    parts.join("; ")
}

/// So many statements nobody moves by hand.
const MANY_STATEMENTS: usize = 10;

fn n_statements_lacking(merge: &Merge) -> usize {
    merge.gone().map(|member| member.only_here.len()).sum()
}

/// What the kept one does not have; `None` where that is nothing.
fn lacking(merge: &Merge) -> Option<String> {
    let sum = |of: fn(&super::MemberPlan) -> usize| merge.gone().map(of).sum::<usize>() as u64;
    let counts = [
        (n_statements_lacking(merge) as u64, "statement", "statements"),
        (
            sum(|member| member.triggers.len()),
            "sentence of a description",
            "sentences of descriptions",
        ),
        (sum(|member| member.examples), "example request", "example requests"),
        (sum(|member| member.fields.len()), "field", "fields"),
    ];
    let counts = counts.into_iter().filter(|&(n, ..)| n > 0);
    let parts: Vec<String> = counts.map(|(n, one, many)| counted(n, one, many)).collect();
    (!parts.is_empty()).then(|| listed(&parts))
}
