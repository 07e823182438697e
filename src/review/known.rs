//! Which findings were there before a change.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::agent::Kind;
use crate::finding::{Finding, Rule};
use crate::report::Report;

/// The findings of the collection without the change.
pub(super) struct Known<'a> {
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
    pub(super) fn new(before: Option<&'a Report>) -> Self {
        let mut known = Self {
            identities: BTreeSet::new(),
            disagreements: BTreeMap::new(),
        };
        let Some(before) = before else { return known };
        for finding in &before.findings {
            known.identities.insert(finding.identity(|path| path));
            if let Some(decision) = decision(finding) {
                let of_decision = known.disagreements.entry(decision).or_default();
                of_decision.push(sides(before, finding, |path| path));
            }
        }
        known
    }

    /// Whether the change adds nothing to a finding of the report after it: it
    /// was there; or it is a disagreement that was there, in whatever words,
    /// and whoever is new to a side joins the one that leads. `old_path` tells
    /// where a file lay before.
    pub(super) fn has<'b>(
        &self,
        after: &'b Report,
        finding: &'b Finding,
        old_path: impl Fn(&'b str) -> &'b str,
    ) -> bool {
        let now = sides(after, finding, &old_path);
        let of_decision = decision(finding).and_then(|decision| self.disagreements.get(&decision));
        let was = of_decision.and_then(|all| all.iter().find(|was| is_same(was, &now)));
        match was {
            Some(was) => now.iter().all(|(option, side)| {
                side.paths.is_subset(&was[option].paths) || leads(was, option)
            }),
            None => self.identities.contains(&finding.identity(&old_path)),
        }
    }
}

/// `None` for what is no disagreement between agents.
fn decision(finding: &Finding) -> Option<Decision<'_>> {
    let (facet, options) = finding.decision()?;
    let mut options: Vec<&str> = options.iter().map(String::as_str).collect();
    options.sort_unstable();
    (finding.sides.len() == options.len()).then_some((finding.rule, facet, options))
}

fn sides<'a>(
    report: &'a Report,
    finding: &'a Finding,
    place: impl Fn(&'a str) -> &'a str,
) -> Sides<'a> {
    let mut sides = Sides::new();
    let options = finding.options.iter().flatten();
    for (option, agents) in options.zip(&finding.sides) {
        let side = sides.entry(option.as_str()).or_default();
        for &agent in agents {
            let agent = &report.agents[agent as usize];
            side.paths.insert(place(&agent.path));
            side.has_memory |= agent.kind == Kind::Memory.as_str();
        }
    }
    sides
}

/// Whether somebody takes each option in both, which are of one decision.
fn is_same(was: &Sides<'_>, now: &Sides<'_>) -> bool {
    now.iter()
        .all(|(option, side)| !side.paths.is_disjoint(&was[option].paths))
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
