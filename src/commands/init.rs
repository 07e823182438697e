//! `agent-overlap init`.

use std::fs::File;
use std::io::Write;

use agent_overlap::config::{DEFAULT_TOML, FILE_NAME};
use anyhow::Context;

use super::Outcome;

/// Writes the configuration file; never over one that is there.
pub(crate) fn run() -> anyhow::Result<Outcome> {
    File::create_new(FILE_NAME)
        .and_then(|mut file| file.write_all(DEFAULT_TOML.as_bytes()))
        .with_context(|| format!("writing `{FILE_NAME}`"))?;
    Ok(Outcome::Clean)
}
