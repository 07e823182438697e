//! Which findings were there before a change.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::Change;
use crate::agent::Kind;
use crate::finding::{Finding, Rule};
use crate::report::Report;

/// The findings of the collection without the change.
pub(super) struct Known<'a> {
    change: &'a Change,
    /// Whether the collection before is known. If not, all that is under
    /// review came in, and the others were there.
    has_before: bool,
    identities: BTreeSet<Vec<Cow<'a, str>>>,
    /// Disagreements by what is decided; each project may have one.
    disagreements: BTreeMap<Decision<'a>, Vec<Sides<'a>>>,
}

/// The rule, the facet and the options, sorted.
type Decision<'a> = (Rule, &'a str, Vec<&'a str>);

/// By option: who takes it.
type Sides<'a> = BTreeMap<&'a str, Side<'a>>;

#[derive(Default)]
struct Side<'a> {
    paths: BTreeSet<&'a str>,
    has_memory: bool,
}

impl<'a> Known<'a> {
    pub(super) fn new(change: &'a Change, before: Option<&'a Report>) -> Self {
        let mut identities = BTreeSet::new();
        let mut disagreements: BTreeMap<Decision<'a>, Vec<Sides<'a>>> = BTreeMap::new();
        if let Some(before) = before {
            for finding in &before.findings {
                identities.insert(finding.identity(|path| path));
                if let Some(decision) = decision(finding) {
                    let of_decision = disagreements.entry(decision).or_default();
                    of_decision.push(sides(before, finding, Some));
                }
            }
        }
        Self {
            change,
            has_before: before.is_some(),
            identities,
            disagreements,
        }
    }

    /// Whether the change adds nothing to a finding of the report after it: it
    /// was there; or it is a disagreement that was there, in whatever words,
    /// and whoever is new to a side joins the one that leads.
    pub(super) fn has(&self, after: &Report, finding: &Finding) -> bool {
        let old_path = |path| self.change.old_paths.get(path).map_or(path, String::as_str);
        let Some(decision) = decision(finding) else {
            return self.identities.contains(&finding.identity(old_path));
        };
        let is_reviewed = |path: &str| self.change.reviewed.contains_key(path);
        let without = (!self.has_before)
            .then(|| sides(after, finding, |path| (!is_reviewed(path)).then_some(path)));
        let of_decision = self.disagreements.get(&decision).into_iter().flatten();
        let now = sides(after, finding, |path| Some(old_path(path)));
        let is_same = |was: &&Sides<'_>| {
            let mut sides = now.iter();
            sides.all(|(option, side)| !side.paths.is_disjoint(&was[option].paths))
        };
        let joins_leader = |was: &Sides<'_>| {
            let mut sides = now.iter();
            sides.all(|(option, side)| {
                side.paths.is_subset(&was[option].paths) || leads(was, option)
            })
        };
        let mut all = without.iter().chain(of_decision);
        all.find(is_same).is_some_and(joins_leader)
    }
}

/// `None` for what is no disagreement between agents.
fn decision(finding: &Finding) -> Option<Decision<'_>> {
    let (facet, options) = finding.decision()?;
    let mut options: Vec<&str> = options.iter().map(String::as_str).collect();
    options.sort_unstable();
    (finding.sides.len() == options.len()).then_some((finding.rule, facet, options))
}

/// Who takes which option, by the paths that `place` gives.
fn sides<'a>(
    report: &'a Report,
    finding: &'a Finding,
    place: impl Fn(&'a str) -> Option<&'a str>,
) -> Sides<'a> {
    let mut sides = Sides::new();
    let options = finding.options.iter().flatten();
    for (option, agents) in options.zip(&finding.sides) {
        let side = sides.entry(option.as_str()).or_default();
        for &agent in agents {
            let agent = &report.agents[agent as usize];
            if let Some(path) = place(&agent.path) {
                side.paths.insert(path);
                side.has_memory |= agent.kind == Kind::Memory.as_str();
            }
        }
    }
    sides
}

/// Whether a side has the memory file, or where none has it most of the files.
fn leads(sides: &Sides<'_>, option: &str) -> bool {
    if sides.values().any(|side| side.has_memory) {
        return sides[option].has_memory;
    }
    let n_files = sides[option].paths.len();
    sides
        .iter()
        .all(|(other, side)| *other == option || side.paths.len() < n_files)
}
