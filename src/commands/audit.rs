//! `agent-overlap audit`.

use std::io::Write;

use agent_overlap::analysis::analyse;
use agent_overlap::config::Overrides;
use agent_overlap::render::{Layout, Limits, render};

use super::Outcome;
use super::input::{self, Input};
use crate::cli::Audit;

pub(crate) fn run(arguments: Audit) -> anyhow::Result<Outcome> {
    let flags = Overrides {
        scope: arguments.run.scope,
        fail_on: arguments.gate.fail_on,
        matches: arguments.matches,
    };
    let input = Input::resolve(&arguments.settings, flags)?;
    let config = &input.config;

    let progress = arguments.run.start()?;
    let discovery = input.discover(&input::paths(&arguments.paths, arguments.user))?;
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
    if let Some(remark) = remark.filter(|_| !arguments.run.quiet) {
        let _ = writeln!(anstream::stderr(), "{remark}");
    }
    Ok(Outcome::of(&report.findings, config.fail_on, incomplete))
}
