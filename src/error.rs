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
}
