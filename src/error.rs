//! What can stop a run.

use std::path::PathBuf;

/// A bad invocation or configuration. Trouble in an input is no error but a
/// [`Problem`](crate::source::Problem).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A named path does not exist.
    #[error("no such file or folder: `{}`", path.display())]
    NoSuchPath {
        /// The path as given.
        path: PathBuf,
    },
    /// A file or folder that the run cannot do without could not be read.
    #[error("reading `{}`", path.display())]
    Read {
        /// The path as given.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A name that is neither a rule's nor a facet's.
    #[error("no rule or facet is called `{name}`; {}", hint(nearest.as_deref()))]
    NoSuchName {
        /// The name as given.
        name: String,
        /// The rule or facet that may be meant.
        nearest: Option<String>,
    },
    /// A file that should be a baseline and is none.
    #[error("`{}` is no baseline: {message}", path.display())]
    Baseline {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// A mistake in the configuration.
    #[error("{}:{line}:{column}: {message}", path.display())]
    Config {
        /// The configuration file.
        path: PathBuf,
        /// Line of the mistake, from 1.
        line: u32,
        /// Column of the mistake in characters, from 1.
        column: u32,
        /// What is wrong, with the nearest valid name where there is one.
        message: String,
    },
}

fn hint(nearest: Option<&str>) -> String {
    match nearest {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            "`agent-overlap explain` lists the rules, `agent-overlap facets` the facets".to_owned()
        }
    }
}
