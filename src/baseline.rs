//! Findings that were there before. A baseline keeps them quiet, so that a run
//! speaks of what is new and fails for that alone.
//!
//! A disagreement is known by what is decided and who takes which side, any
//! other finding by its fingerprint, which survives moved lines. Rule, paths and
//! message stand in the file for whoever reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::disagreement::{Disagreement, memories};
use crate::error::Error;
use crate::finding::Finding;
use crate::report::{AgentInfo, BaselineCounts, FindingCounts, Report};

/// Name of the file where none is named.
pub const FILE_NAME: &str = "agent-overlap-baseline.json";

/// Version of the file's form.
const VERSION: u32 = 1;

/// The findings of an earlier run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// By rule, then paths, then fingerprint; each fingerprint once.
    pub entries: Vec<Entry>,
}

/// A known finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Id of its rule.
    pub rule: String,
    /// The files that it quotes, each once, in the order of the quotes.
    pub paths: Vec<String>,
    /// Its stable name.
    pub fingerprint: String,
    /// How often it was there: a sentence may stand twice in a file.
    #[serde(default = "once", skip_serializing_if = "is_once")]
    pub count: usize,
    /// Of a disagreement: who takes which side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) disagreement: Option<Disagreement>,
    /// What it said.
    pub message: String,
}

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    findings: Vec<Entry>,
}

/// Findings set against a baseline.
#[derive(Debug, Clone)]
pub struct Sifted {
    /// Those that it does not know, in their order.
    pub new: Vec<Finding>,
    /// How many it knows, and how many of its own are not there any more.
    pub counts: BaselineCounts,
}

impl Baseline {
    /// The baseline that knows these findings about `agents`.
    pub fn of(findings: &[Finding], agents: &[AgentInfo]) -> Self {
        let mut by_fingerprint: BTreeMap<&str, Entry> = BTreeMap::new();
        for finding in findings {
            by_fingerprint
                .entry(&finding.fingerprint)
                .and_modify(|entry| entry.count += 1)
                .or_insert_with(|| entry(finding, agents));
        }
        let mut entries: Vec<Entry> = by_fingerprint.into_values().collect();
        entries.sort();
        Self { entries }
    }

    /// Parts it into what is known of files that a run reads, and what is known
    /// of others too: the run cannot tell whether that is still there.
    pub fn split(self, is_read: impl Fn(&str) -> bool) -> (Self, Self) {
        let is_read = |entry: &Entry| entry.paths.iter().all(|path| is_read(path));
        let (read, unread) = self.entries.into_iter().partition(is_read);
        (Self { entries: read }, Self { entries: unread })
    }

    /// Adds what another one knows.
    pub fn join(&mut self, other: Self) {
        self.entries.extend(other.entries);
        self.entries.sort();
    }

    /// Reads the text of a baseline; `path` is for messages.
    ///
    /// # Errors
    /// If it is none, or one that a later version wrote.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        let mistake = |message| Error::Baseline { path: path.to_owned(), message };
        let file: File = serde_json::from_str(text).map_err(|error| mistake(error.to_string()))?;
        if file.version != VERSION {
            let version = file.version;
            return Err(mistake(format!("its version is {version}, not {VERSION}")));
        }
        Ok(Self { entries: file.findings })
    }

    /// Writes the file: each finding on a line, so that a change of one is a
    /// change of one line.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{{\n\"version\": {VERSION},\n\"findings\": [")?;
        for (at, entry) in self.entries.iter().enumerate() {
            out.write_all(if at == 0 { b"\n" } else { b",\n" })?;
            serde_json::to_writer(&mut *out, entry)?;
        }
        let is_empty = self.entries.is_empty();
        out.write_all(if is_empty { b"]\n}\n" } else { b"\n]\n}\n" })
    }

    /// How many findings it knows.
    pub fn n_findings(&self) -> usize {
        self.entries.iter().map(|entry| entry.count).sum()
    }

    /// Sets findings about `agents` against it. Of a finding that is there more
    /// often than it was, the last ones are new; so is a disagreement that somebody
    /// joined, see `Disagreement::covers`.
    pub fn sift(&self, findings: Vec<Finding>, agents: &[AgentInfo]) -> Sifted {
        let mut left: BTreeMap<&str, usize> = BTreeMap::new();
        let mut disagreements: BTreeMap<(&str, &str), Vec<&Entry>> = BTreeMap::new();
        for entry in &self.entries {
            *left.entry(&entry.fingerprint).or_default() += entry.count;
            if let Some(disagreement) = &entry.disagreement {
                let key = (entry.rule.as_str(), disagreement.about.as_str());
                disagreements.entry(key).or_default().push(entry);
            }
        }
        let memories = memories(agents);
        let mut is_there: BTreeSet<&str> = BTreeSet::new();
        let mut known = 0;
        let mut is_known = |finding: &Finding| {
            if let Some(now) = Disagreement::of(finding, agents, Some) {
                let entries = disagreements.get(&(finding.rule.id(), now.about.as_str()));
                let covering = entries.into_iter().flatten().find(|entry| {
                    let was = entry.disagreement.as_ref();
                    was.is_some_and(|was| was.covers(&now, &memories))
                });
                is_there.extend(covering.map(|entry| entry.fingerprint.as_str()));
                return covering.is_some();
            }
            match left.get_mut(finding.fingerprint.as_str()) {
                Some(n) if *n > 0 => {
                    *n -= 1;
                    true
                }
                _ => false,
            }
        };
        let is_new = |finding: &Finding| {
            let is_known = is_known(finding);
            known += usize::from(is_known);
            !is_known
        };
        let new = findings.into_iter().filter(is_new).collect();
        let is_gone = |fingerprint: &str| !is_there.contains(fingerprint);
        let left = left.iter().filter(|(fingerprint, _)| is_gone(fingerprint));
        let gone = left.map(|(_, n)| n).sum();
        Sifted { new, counts: BaselineCounts { known, gone } }
    }

    /// Leaves only what is new in a report, and counts the rest.
    pub fn apply(&self, report: &mut Report) {
        let findings = std::mem::take(&mut report.findings);
        let Sifted { new, counts } = self.sift(findings, &report.agents);
        report.summary.findings = FindingCounts::of(&new);
        report.summary.baseline = Some(counts);
        report.findings = new;
    }

    /// The same for a report that has only some of the findings: what it does
    /// not have is not gone.
    pub fn apply_to_part(&self, report: &mut Report) {
        self.apply(report);
        report.summary.baseline =
            report.summary.baseline.map(|counts| BaselineCounts { gone: 0, ..counts });
    }
}

fn entry(finding: &Finding, agents: &[AgentInfo]) -> Entry {
    let mut paths: Vec<String> = Vec::new();
    for evidence in &finding.evidence {
        if !paths.contains(&evidence.path) {
            paths.push(evidence.path.clone());
        }
    }
    Entry {
        rule: finding.rule.id().to_owned(),
        paths,
        fingerprint: finding.fingerprint.clone(),
        count: 1,
        disagreement: Disagreement::of(finding, agents, Some),
        message: finding.message.clone(),
    }
}

fn once() -> usize {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_once(count: &usize) -> bool {
    *count == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Rule, Severity};

    fn finding(fingerprint: &str) -> Finding {
        Finding {
            rule: Rule::HouseRule,
            severity: Severity::Error,
            confidence: 1.0,
            message: format!("says \"{fingerprint}\""),
            help: String::new(),
            agents: vec![0],
            facet: None,
            options: None,
            sides: Vec::new(),
            evidence: Vec::new(),
            fingerprint: fingerprint.to_owned(),
        }
    }

    fn findings(fingerprints: &str) -> Vec<Finding> {
        fingerprints.split_whitespace().map(finding).collect()
    }

    #[test]
    fn known_findings_go_and_vanished_ones_are_counted() {
        let sifted = Baseline::of(&findings("a b c"), &[]).sift(findings("b d"), &[]);
        assert_eq!(sifted.new[0].fingerprint, "d");
        assert_eq!(sifted.new.len(), 1);
        assert_eq!(sifted.counts, BaselineCounts { known: 1, gone: 2 });
    }

    #[test]
    fn a_finding_that_multiplies_is_new() {
        let baseline = Baseline::of(&findings("a b a"), &[]);
        assert_eq!(baseline.n_findings(), 3);
        let sifted = baseline.sift(findings("a a a"), &[]);
        assert_eq!(sifted.new.len(), 1);
        assert_eq!(sifted.counts, BaselineCounts { known: 2, gone: 1 });
    }

    #[test]
    fn what_is_known_of_other_files_is_kept_apart() {
        let entry = |paths: &[&str]| Entry {
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
            ..entry(&finding(paths[0]), &[])
        };
        let entries = vec![entry(&["a.md"]), entry(&["a.md", "b.md"]), entry(&["b.md"])];
        let all = Baseline { entries };
        let (mut read, unread) = all.clone().split(|path| path == "a.md");
        assert_eq!(read.entries, all.entries[..1]);
        assert_eq!(unread.entries, all.entries[1..]);
        read.join(unread);
        assert_eq!(read, all);
    }

    #[test]
    fn what_is_written_is_read_again() {
        for fingerprints in ["", "a", "b a b c"] {
            let baseline = Baseline::of(&findings(fingerprints), &[]);
            let mut text = Vec::new();
            baseline.write(&mut text).unwrap();
            let text = String::from_utf8(text).unwrap();
            assert_eq!(Baseline::parse(&text, Path::new("b")).unwrap(), baseline);
            assert_eq!(
                text.lines().count(),
                4 + baseline.entries.len() + usize::from(!fingerprints.is_empty())
            );
        }
    }

    #[test]
    fn what_is_no_baseline_is_refused() {
        for (text, expected) in [
            ("", "`b` is no baseline: EOF while parsing"),
            ("[]", "`b` is no baseline: invalid"),
            ("{\"version\":2,\"findings\":[]}", "`b` is no baseline: its version is 2, not 1"),
            ("{\"version\":1}", "`b` is no baseline: missing field `findings`"),
        ] {
            let message = Baseline::parse(text, Path::new("b")).unwrap_err().to_string();
            assert!(message.starts_with(expected), "{message}");
        }
    }
}
