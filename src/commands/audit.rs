//! `agent-overlap audit`.

use std::io::Write;
use std::path::{Path, PathBuf};

use agent_overlap::analysis::analyse;
use agent_overlap::config::{Config, Overrides};
use agent_overlap::discover::{DiscoverOptions, Discovery, discover};
use agent_overlap::render::{Layout, Limits, render};
use anyhow::Context;

use super::{Outcome, output, progress::Progress};
use crate::cli::Audit;

/// Where products look for a user's own definitions.
const USER_PATHS: [&str; 10] = [
    "~/.claude/agents",
    "~/.claude/skills",
    "~/.claude/commands",
    "~/.claude/CLAUDE.md",
    "~/.cursor/agents",
    "~/.cursor/rules",
    "~/.config/opencode/agent",
    "~/.config/opencode/agents",
    "~/.codex/agents",
    "~/.gemini/agents",
];

pub(crate) fn run(arguments: Audit) -> anyhow::Result<Outcome> {
    if let Some(n_threads) = arguments.threads {
        rayon::ThreadPoolBuilder::new()
            .num_threads(usize::from(n_threads))
            .build_global()?;
    }
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
    let file = arguments.config.clone().or_else(found);
    let flags = Overrides {
        scope: arguments.scope,
        fail_on: arguments.fail_on,
        matches: arguments.matches,
    };
    let config = Config::resolve(file.as_deref(), &working_folder, flags)?;

    let progress = Progress::start(arguments.quiet);
    let options = DiscoverOptions {
        home_folder: std::env::home_dir(),
        ..DiscoverOptions::new(working_folder, &config)
    };
    let discovery = discover(&paths(&arguments, &options), &options)?;
    let incomplete = discovery.unreachable;
    let remark = remark(&discovery);
    let report = analyse(discovery, &config);
    progress.stop();

    let layout = Layout {
        width: arguments
            .width
            .map_or_else(|| output::width(arguments.output.as_deref()), usize::from),
        color: output::has_color(arguments.color, arguments.output.as_deref()),
        limits: if arguments.all {
            Limits::ALL
        } else {
            Limits::default()
        },
        paths: arguments
            .paths
            .iter()
            .map(|path| path.display().to_string())
            .collect(),
    };
    output::write(arguments.output.as_deref(), |out| {
        render(&report, arguments.format, &layout, out)
    })?;
    if let Some(remark) = remark.filter(|_| !arguments.quiet) {
        let _ = writeln!(anstream::stderr(), "{remark}");
    }
    let fails = report
        .findings
        .iter()
        .any(|finding| config.fail_on.is_reached_by(finding.severity));
    Ok(match (incomplete, fails) {
        (true, _) => Outcome::Incomplete,
        (false, true) => Outcome::Findings,
        (false, false) => Outcome::Clean,
    })
}

/// What to read: the paths given, or the working folder; and the user's own if asked for.
fn paths(arguments: &Audit, options: &DiscoverOptions) -> Vec<PathBuf> {
    let mut paths = arguments.paths.clone();
    if paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    if let Some(home) = options.home_folder.as_ref().filter(|_| arguments.user) {
        let there = |path: &&&str| home.join(path.trim_start_matches("~/")).exists();
        paths.extend(USER_PATHS.iter().filter(there).map(PathBuf::from));
    }
    paths
}

/// What a user should know besides the report.
fn remark(discovery: &Discovery) -> Option<&'static str> {
    if discovery.unreachable {
        Some("warning: not everything could be read; the problems in the report name it")
    } else if discovery.files.is_empty() {
        Some("note: no definitions found; files in ignored folders have to be named")
    } else {
        None
    }
}
