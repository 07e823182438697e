//! `agent-overlap init`.

use std::fs::File;
use std::io::{ErrorKind, Write};

use agent_overlap::config::{DEFAULT_TOML, FILE_NAME};
use anyhow::{Context, bail};

use super::{Outcome, output};

/// Writes the configuration file; never over one that is there.
pub(crate) fn run() -> anyhow::Result<Outcome> {
    let written =
        File::create_new(FILE_NAME).and_then(|mut file| file.write_all(DEFAULT_TOML.as_bytes()));
    match written {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("`{FILE_NAME}` is here already and stays as it is")
        }
        written => written.with_context(|| format!("writing `{FILE_NAME}`"))?,
    }
    let done = format!("Wrote `{FILE_NAME}` with all settings and their defaults.\n");
    output::write(None, |out| out.write_all(done.as_bytes()))?;
    Ok(Outcome::Clean)
}
