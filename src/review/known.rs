//! Which findings were there before a change.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::Change;
use crate::disagreement::{Disagreement, memories};
use crate::finding::{Finding, Rule};
use crate::report::{AgentInfo, Report};

/// The findings of the collection without the change.
pub(super) struct Known<'a> {
    change: &'a Change,
    after: &'a [AgentInfo],
    has_before: bool,
    /// Paths of the memory files, before and after.
    memories: BTreeSet<&'a str>,
    identities: BTreeSet<Vec<Cow<'a, str>>>,
    /// By rule and what is decided; each project may have one.
    disagreements: BTreeMap<(Rule, String), Vec<Disagreement>>,
}

impl<'a> Known<'a> {
    /// Where `before` is not known, all that is under review came in, and the
    /// others were there.
    pub(super) fn new(
        change: &'a Change,
        before: Option<&'a Report>,
        after: &'a [AgentInfo],
    ) -> Self {
        let mut identities = BTreeSet::new();
        let mut disagreements: BTreeMap<(Rule, String), Vec<Disagreement>> = BTreeMap::new();
        if let Some(before) = before {
            for finding in &before.findings {
                identities.insert(finding.identity(|path| path));
                if let Some(disagreement) = Disagreement::of(finding, &before.agents, Some) {
                    let key = (finding.rule, disagreement.about.clone());
                    disagreements.entry(key).or_default().push(disagreement);
                }
            }
        }
        Self {
            change,
            after,
            has_before: before.is_some(),
            memories: (before.iter())
                .flat_map(|before| memories(&before.agents))
                .chain(memories(after))
                .collect(),
            identities,
            disagreements,
        }
    }

    /// Whether the change adds nothing to a finding of the report after it: it
    /// was there; or it is a disagreement that was there, in whatever words,
    /// and whoever is new to a side joins the one that leads.
    pub(super) fn has(&self, finding: &Finding) -> bool {
        let old_path = |path| self.change.old_paths.get(path).map_or(path, String::as_str);
        let now = Disagreement::of(finding, self.after, |path| Some(old_path(path)));
        let Some(now) = now else {
            return self.identities.contains(&finding.identity(old_path));
        };
        let is_reviewed = |path: &str| self.change.reviewed.contains_key(path);
        let without = (!self.has_before).then(|| {
            Disagreement::of(finding, self.after, |path| (!is_reviewed(path)).then_some(path))
        });
        let known = self.disagreements.get(&(finding.rule, now.about.clone()));
        let mut all = without.iter().flatten().chain(known.into_iter().flatten());
        all.any(|was| was.covers(&now, &self.memories))
    }
}
