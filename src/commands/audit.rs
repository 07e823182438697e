//! `agent-overlap audit`.

use std::io::Write;
use std::path::PathBuf;

use agent_overlap::analysis::analyse;
use agent_overlap::config::Overrides;
use agent_overlap::render::{Layout, Limits, render};

use super::input::{self, Input};
use super::{Outcome, progress::Progress};
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
    let flags = Overrides {
        scope: arguments.scope,
        fail_on: arguments.fail_on,
        matches: arguments.matches,
    };
    let input = Input::resolve(&arguments.settings, flags)?;
    let config = &input.config;

    let progress = Progress::start(arguments.quiet);
    let discovery = input.discover(&paths(&arguments))?;
    let incomplete = discovery.unreachable;
    let remark = input::remark(&discovery);
    let report = analyse(discovery, config);
    progress.stop();

    let layout = Layout {
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
        ..arguments.output.layout()
    };
    arguments
        .output
        .write(|out| render(&report, arguments.output.format, &layout, out))?;
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
fn paths(arguments: &Audit) -> Vec<PathBuf> {
    let mut paths = arguments.paths.clone();
    if paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    if let Some(home) = std::env::home_dir().filter(|_| arguments.user) {
        let there = |path: &&&str| home.join(path.trim_start_matches("~/")).exists();
        paths.extend(USER_PATHS.iter().filter(there).map(PathBuf::from));
    }
    paths
}
