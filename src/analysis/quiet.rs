//! What keeps findings quiet: comments in the files, the configuration, the house.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::config::Config;
use crate::finding::{Evidence, Finding, Rule};
use crate::report::{AllowedBy, AllowedInfo, PlaceInfo};
use crate::rules::{Facts, house};

/// A comment that keeps findings of a rule quiet which quote certain lines.
pub(super) struct Comment<'a> {
    pub(super) path: &'a str,
    pub(super) line: u32,
    pub(super) rule: Rule,
    lines: RangeInclusive<u32>,
    pub(super) reason: &'a str,
}

impl Comment<'_> {
    pub(super) fn speaks_of(&self, rule: Rule, place: &Evidence) -> bool {
        self.rule == rule && self.path == place.path && self.lines.contains(&place.line)
    }
}

/// By path: the comments that keep findings quiet.
pub(super) fn comments<'a>(facts: &Facts<'a>) -> BTreeMap<&'a str, Vec<Comment<'a>>> {
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
pub(super) fn excuse<'c, 'a>(
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
pub(super) fn allowed(
    finding: &Finding,
    by: AllowedBy,
    comment: Option<PlaceInfo>,
    reason: &str,
) -> AllowedInfo {
    let place = |one: &Evidence| PlaceInfo { path: one.path.clone(), line: one.line };
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
pub(super) fn allowed_by_house(facts: &Facts<'_>, config: &Config) -> Vec<AllowedInfo> {
    let settled = house::settled(facts).into_iter();
    let told = settled.filter_map(|(draft, right)| {
        let severity = config.severity(draft.rule, draft.severity)?;
        let reason = format!("`[house]` allows {right}");
        Some(allowed(&draft.finish(severity), AllowedBy::House, None, &reason))
    });
    told.collect()
}
