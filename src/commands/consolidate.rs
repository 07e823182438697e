//! `agent-overlap consolidate`.

use std::io::Write;

use agent_overlap::analysis::Analysis;
use agent_overlap::config::Overrides;
use agent_overlap::consolidate::plan;
use agent_overlap::render::{Layout, Limits, render_plan};

use super::Outcome;
use super::input::{self, Input};
use crate::cli::Consolidate;

pub(crate) fn run(arguments: Consolidate) -> anyhow::Result<Outcome> {
    let flags = Overrides {
        scope: arguments.run.scope,
        ..Overrides::default()
    };
    let input = Input::resolve(&arguments.settings, flags)?;

    let progress = arguments.run.start()?;
    let discovery = input.discover(&input::paths(&arguments.paths, arguments.user))?;
    let incomplete = discovery.unreachable;
    input::tell_unread(&discovery);
    let remark = input::remark(&discovery).filter(|_| !incomplete);
    let analysis = Analysis::new(discovery, &input.config);
    let plan = plan(&analysis, &input.config);
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
        .write(|out| render_plan(&plan, arguments.output.format, &layout, out))?;
    if let Some(remark) = remark.filter(|_| !arguments.run.quiet) {
        let _ = writeln!(anstream::stderr(), "{remark}");
    }
    Ok(if incomplete {
        Outcome::Incomplete
    } else {
        Outcome::Clean
    })
}
