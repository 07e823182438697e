//! The subcommands: arguments to library to renderer.

pub(crate) mod audit;
pub(crate) mod explain;
pub(crate) mod facets;
pub(crate) mod init;
mod input;
mod output;
mod progress;

/// How a run ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing at or above the failing level.
    Clean,
    /// Findings at or above the failing level.
    Findings,
    /// Something could not be read: no verdict.
    Incomplete,
}
