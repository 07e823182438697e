//! What is said of a review.

use super::{counted, listed, percent, severe, thousands};
use crate::finding::Finding;
use crate::render::quote::clean;
use crate::report::FindingCounts;
use crate::review::{Closest, Review, Reviewed, Status, Verdict};

/// Characters of a commit's name that tell it from others.
const COMMIT_WIDTH: usize = 12;

/// What a changed definition is called that is unlike all others: it is not new.
const CLEAR: &str = "clear";

/// The words for verdicts, gravest first.
const WORDS: [&str; 6] = [
    Verdict::Duplicate.as_str(),
    Verdict::Redundant.as_str(),
    Verdict::Conflicts.as_str(),
    Verdict::Overlaps.as_str(),
    Verdict::New.as_str(),
    CLEAR,
];

/// The word for a verdict.
pub(in crate::render) fn word(one: &Reviewed) -> &'static str {
    match (one.verdict, one.status) {
        (Verdict::New, Status::Changed) => CLEAR,
        (verdict, _) => verdict.as_str(),
    }
}

/// The word as it stands behind a number of definitions.
fn beside_number(word: &str) -> &str {
    match word {
        "conflicts" => "in conflict",
        "overlaps" => "overlapping",
        word => word,
    }
}

/// The findings that stand beside the verdicts: who is redundant is a verdict.
pub(in crate::render) fn added(review: &Review) -> Vec<&Finding> {
    let added = review.report.findings.iter();
    added.filter(|found| !found.rule.is_redundancy()).collect()
}

/// Whether another agent could do the work of a reviewed one.
pub(in crate::render) fn has_redundant(review: &Review) -> bool {
    let mut reviewed = review.reviewed.iter();
    reviewed.any(|one| one.verdict <= Verdict::Redundant)
}

/// What a reader takes away who reads no further.
pub(in crate::render) fn verdict(review: &Review) -> String {
    let n = review.reviewed.len() as u64;
    let of_word = |word: &&str| {
        let alike = review.reviewed.iter().filter(|one| self::word(one) == *word);
        let n = alike.count() as u64;
        (n > 0).then(|| format!("{} {}", thousands(n), beside_number(word)))
    };
    let verdicts: Vec<String> = WORDS.iter().filter_map(of_word).collect();
    let counts = FindingCounts::of(added(review));
    let listing = severe(counts.error, counts.warning);
    let what = match review.base {
        Some(_) => ("new or changed definition", "new or changed definitions"),
        None => ("definition", "definitions"),
    };
    let subject = match n {
        0 => "No new or changed definitions".to_owned(),
        _ => format!("{} reviewed: {}", counted(n, what.0, what.1), listed(&verdicts)),
    };
    match (listing.is_empty(), n, has_redundant(review)) {
        // The verdicts tell who is redundant, in place of findings.
        (false, ..) if counts != review.report.summary.findings => {
            format!("{subject}. Added beside that: {}.", listed(&listing))
        }
        (false, ..) => format!("{subject}. {} added.", listed(&listing)),
        (true, 0, _) | (true, _, true) => format!("{subject}."),
        (true, _, false) => format!("{subject}. No errors, no warnings."),
    }
}

/// With what the change was compared; `base` is already fit to be shown.
pub(in crate::render) fn circumstances(review: &Review, base: Option<&str>) -> Vec<String> {
    let n_agents = review.report.summary.agents as u64;
    let n_others = n_agents.saturating_sub(review.reviewed.len() as u64);
    let others = counted(n_others, "other definition", "other definitions");
    let mut facts = vec![format!("compared with {others}")];
    if let Some(base) = base {
        let base: String = base.chars().take(COMMIT_WIDTH).collect();
        facts.push(format!("changes since {base}"));
    }
    facts
}

/// What happened to a definition, and what was said of it before.
pub(in crate::render) fn happened(one: &Reviewed) -> Option<String> {
    let moved = match &one.old_path {
        Some(path) => format!(", renamed from {}", clean(path)),
        None => String::new(),
    };
    let before = match one.was {
        Some(was) if was == one.verdict && was != Verdict::New => {
            format!(", {} before too", was.as_str())
        }
        Some(was) if was <= Verdict::Redundant => format!(", was {} before", was.as_str()),
        _ => String::new(),
    };
    match one.status {
        Status::Named => None,
        Status::Added => Some("added".to_owned()),
        Status::Changed => Some(format!("changed{moved}{before}")),
    }
}

/// The closest agent of one that is new: a changed one was there before.
pub(in crate::render) fn shown_closest(one: &Reviewed) -> Option<&Closest> {
    let closest = one.closest.as_ref();
    closest.filter(|_| one.status != Status::Changed)
}

/// How much is alike of a new definition and the one closest to it.
pub(in crate::render) fn closest(closest: &Closest, name: &str) -> String {
    format!(
        "{name}, {} alike (roles {}, text {}): by their words too little to overlap",
        percent(closest.redundancy),
        percent(closest.role),
        percent(closest.said_there)
    )
}

/// What to do about a definition whose nearest agent is called `nearest`.
pub(in crate::render) fn help(review: &Review, one: &Reviewed, nearest: &str) -> String {
    let mut redundant = one.nearest.iter().take(1);
    let redundant = redundant.find(|near| near.relation.is_redundant());
    if redundant.is_some_and(|near| one.is_to_stay(near)) {
        return format!("of the two that are under review, keep this one and not {nearest}");
    }
    let is_opposed = redundant.is_some_and(|near| review.are_opposed(one.agent, near.agent));
    if is_opposed {
        return format!(
            "it contradicts {nearest}, see below: decide which of them is right and keep that \
             one, or give it work of its own and say in both descriptions when to use the other"
        );
    }
    match (redundant.is_some(), one.only_here.is_empty()) {
        (true, true) => format!("drop it and use {nearest}"),
        (true, false) => format!(
            "move what only it says to {nearest}, or give it work of its own and say in both \
             descriptions when to use the other"
        ),
        (false, _) => {
            format!("say in its description and in that of {nearest} when to use the other")
        }
    }
}

/// What else there is that the review does not speak of.
pub(in crate::render) fn known(review: &Review) -> Option<String> {
    let mut sentences = Vec::new();
    let n_quiet = review.report.summary.baseline.map_or(0, |counts| counts.known);
    if n_quiet > 0 {
        let quiet = counted(n_quiet as u64, "known finding", "known findings");
        sentences.push(format!("Baseline: {quiet} kept quiet."));
    }
    if review.n_known > 0 {
        let were = if review.n_known == 1 { "was" } else { "were" };
        let known = counted(review.n_known as u64, "finding", "findings");
        sentences.push(format!(
            "{known} about these files {were} there before the change. \
             `agent-overlap audit` shows all."
        ));
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}
