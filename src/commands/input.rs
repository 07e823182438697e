//! What a command reads: the configuration and the definitions.

use std::io::Write;
use std::path::{Path, PathBuf};

use agent_overlap::config::{Config, Overrides};
use agent_overlap::discover::{DiscoverOptions, Discovery, discover};
use agent_overlap::render::quote::clean;
use anyhow::Context;

use crate::cli::Settings;

/// Where a run takes place and by which settings.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) config: Config,
    working_folder: PathBuf,
}

impl Input {
    /// Reads the configuration, the one named or the nearest one.
    pub(super) fn resolve(settings: &Settings, flags: Overrides) -> anyhow::Result<Self> {
        let working_folder = std::env::current_dir().context("finding the working folder")?;
        // A file found in the working folder is shown without what lies above.
        let found = || {
            let path = Config::find(&working_folder)?;
            Some(
                path.strip_prefix(&working_folder)
                    .map(Path::to_owned)
                    .unwrap_or(path),
            )
        };
        let file = settings.config.clone().or_else(found);
        let config = Config::resolve(file.as_deref(), &working_folder, flags)?;
        Ok(Self {
            config,
            working_folder,
        })
    }

    /// Reads the definitions at `paths`.
    pub(super) fn discover(&self, paths: &[PathBuf]) -> anyhow::Result<Discovery> {
        let options = DiscoverOptions {
            home_folder: std::env::home_dir(),
            ..DiscoverOptions::new(self.working_folder.clone(), &self.config)
        };
        Ok(discover(paths, &options)?)
    }
}

/// What a user should know besides the report.
pub(super) fn remark(discovery: &Discovery) -> Option<&'static str> {
    if discovery.unreachable {
        Some("warning: not everything could be read; the problems in the report name it")
    } else if discovery.files.is_empty() {
        Some("note: no definitions found; files in ignored folders have to be named")
    } else {
        None
    }
}

/// Tells on the standard error output what could not be read, where no report does.
pub(super) fn tell_unread(discovery: &Discovery) {
    let mut stderr = anstream::stderr();
    for problem in discovery.problems.iter().filter(|_| discovery.unreachable) {
        let _ = writeln!(
            stderr,
            "warning: `{}`: {}",
            clean(&problem.path),
            problem.message
        );
    }
}
