//! What a command reads: the configuration and the definitions.

use std::io::Write;
use std::path::{Path, PathBuf};

use agent_overlap::analysis::Analysis;
use agent_overlap::config::{Config, FILE_NAME, Overrides};
use agent_overlap::discover::{DiscoverOptions, Discovery, Roots, discover, spelled};
use agent_overlap::plugin::{MANIFEST, Plugins};
use agent_overlap::render::quote::clean;
use anyhow::Context;
use clap::ValueEnum;

use super::progress::Progress;
use crate::cli::{Collection, Run, Settings};

/// Where products look for a user's own definitions.
const USER_PATHS: [&str; 10] = [
    "~/.claude/agents", "~/.claude/skills", "~/.claude/commands", "~/.claude/CLAUDE.md",
    "~/.cursor/agents", "~/.cursor/rules", "~/.config/opencode/agent", "~/.config/opencode/agents",
    "~/.codex/agents", "~/.gemini/agents",
];

/// Where a run takes place and by which settings.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) config: Config,
    pub(super) working_folder: PathBuf,
    /// The configuration file, from the working folder if it lies below.
    config_file: Option<PathBuf>,
}

impl Input {
    /// Reads the configuration, the one named or the nearest one.
    pub(super) fn resolve(settings: &Settings, flags: Overrides) -> anyhow::Result<Self> {
        let working_folder = std::env::current_dir().context("finding the working folder")?;
        // A file found in the working folder is shown without what lies above.
        let found = || {
            let path = Config::find(&working_folder)?;
            Some(path.strip_prefix(&working_folder).map(Path::to_owned).unwrap_or(path))
        };
        let file = settings.config.clone().or_else(found);
        let config = Config::resolve(file.as_deref(), &working_folder, flags)?;
        Ok(Self { config, working_folder, config_file: file })
    }

    /// Whether a run of these paths reads all that the configuration is for, or
    /// all of the working folder where there is none.
    pub(super) fn reads_all(&self, roots: &Roots) -> bool {
        match &self.config_file {
            Some(file) => roots.hold(&spelled(file)),
            None => roots.hold(FILE_NAME),
        }
    }

    /// Reads the definitions at `paths`.
    pub(super) fn discover(&self, paths: &[PathBuf]) -> anyhow::Result<Discovery> {
        Ok(discover(paths, &self.options())?)
    }

    /// How files are looked for.
    pub(super) fn options(&self) -> DiscoverOptions {
        DiscoverOptions {
            home_folder: std::env::home_dir(),
            ..DiscoverOptions::new(self.working_folder.clone(), &self.config)
        }
    }
}

impl Collection {
    /// What to read: the paths given, or the working folder; and the user's own if asked for.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        paths(&self.paths, self.user)
    }

    /// The paths as given.
    pub(super) fn shown(&self) -> Vec<String> {
        let paths = self.paths.iter();
        paths.map(|path| path.display().to_string()).collect()
    }

    /// The flags by which other commands read the same.
    pub(super) fn flags(&self, settings: &Settings, run: &Run) -> Vec<String> {
        let mut flags = Vec::new();
        if self.user {
            flags.push("--user".to_owned());
        }
        if let Some(scope) = run.scope.and_then(|scope| scope.to_possible_value()) {
            flags.extend(["--scope".to_owned(), scope.get_name().to_owned()]);
        }
        if let Some(file) = &settings.config {
            flags.extend(["--config".to_owned(), file.display().to_string()]);
        }
        flags
    }
}

/// See [`Collection::paths`].
pub(super) fn paths(given: &[PathBuf], user: bool) -> Vec<PathBuf> {
    let mut paths = given.to_vec();
    if paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    if let Some(home) = std::env::home_dir().filter(|_| user) {
        let there = |path: &&&str| home.join(path.trim_start_matches("~/")).exists();
        paths.extend(USER_PATHS.iter().filter(there).map(PathBuf::from));
    }
    paths
}

impl Run {
    /// Sets the threads and begins to show that something is going on.
    pub(super) fn start(&self) -> anyhow::Result<Progress> {
        if let Some(n_threads) = self.threads {
            rayon::ThreadPoolBuilder::new().num_threads(usize::from(n_threads)).build_global()?;
        }
        Ok(Progress::start(self.quiet))
    }

    /// Tells something on the standard error output, unless that is to be quiet.
    pub(super) fn tell(&self, remark: &str) {
        if !self.quiet {
            let _ = writeln!(anstream::stderr(), "{remark}");
        }
    }
}

/// Compares what was read, with the plugins that their manifests tell.
pub(super) fn analyse(discovery: Discovery, config: &Config) -> Analysis {
    let paths = discovery.files.iter().map(|file| file.source.path.as_str());
    let plugins = Plugins::find(paths, |folder| Path::new(folder).join(MANIFEST).is_file());
    Analysis::new(discovery, config).with_plugins(plugins)
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
        let _ = writeln!(stderr, "warning: `{}`: {}", clean(&problem.path), problem.message);
    }
}
