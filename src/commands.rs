//! The subcommands: arguments to library to renderer.

pub(crate) mod audit;
mod baseline;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod consolidate;
pub(crate) mod explain;
pub(crate) mod facets;
mod git;
pub(crate) mod init;
mod input;
pub(crate) mod man;
mod output;
mod progress;
pub(crate) mod review;
pub(crate) mod route;
pub(crate) mod schema;

use agent_overlap::config::FailOn;
use agent_overlap::finding::Finding;

/// How a run ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing at or above the failing level.
    Clean,
    /// Findings at or above the failing level.
    Findings,
    /// Something could not be read, or there was nothing to read: no verdict.
    Incomplete,
}

impl Outcome {
    /// The outcome of a run that gives no verdict.
    fn of_reading(is_incomplete: bool) -> Self {
        if is_incomplete { Self::Incomplete } else { Self::Clean }
    }

    /// The outcome of a run with these findings.
    fn of(findings: &[Finding], fail_on: FailOn, is_incomplete: bool) -> Self {
        let mut findings = findings.iter();
        if is_incomplete {
            Self::Incomplete
        } else if findings.any(|finding| fail_on.is_reached_by(finding.severity)) {
            Self::Findings
        } else {
            Self::Clean
        }
    }
}
