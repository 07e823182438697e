//! `agent-overlap audit`.

use agent_overlap::config::Overrides;
use agent_overlap::render::quote::clean;
use agent_overlap::render::{Layout, render};
use anyhow::bail;

use super::Outcome;
use super::baseline::Renewal;
use super::input::{self, Input};
use super::output::limits;
use crate::cli::Audit;

pub(crate) fn run(arguments: Audit) -> anyhow::Result<Outcome> {
    let flags = Overrides {
        scope: arguments.run.scope,
        fail_on: arguments.gate.fail_on,
        matches: arguments.matches,
    };
    let input = Input::resolve(&arguments.settings, flags)?;
    let config = &input.config;

    let renewal =
        if arguments.write_baseline { Some(Renewal::new(&arguments.gate, config)?) } else { None };
    let mut known = match renewal {
        Some(_) => None,
        None => arguments.gate.baseline(config)?,
    };

    let progress = arguments.run.start()?;
    let discovery = input.discover(&arguments.collection.paths())?;
    let incomplete = discovery.unreachable;
    let roots = discovery.roots.clone();
    let remark = input::remark(&discovery);
    let analysis = input::analyse(discovery, config);
    let mut report = analysis.report(config);
    let reads_all = input.reads_all(&roots);
    let idle = reads_all.then(|| analysis.idle_comments(&report, config));
    progress.stop();

    let mut remarks: Vec<String> = remark.map(str::to_owned).into_iter().collect();
    if let Some(renewal) = renewal {
        if incomplete {
            bail!("not everything could be read, so the baseline was not written");
        }
        let (baseline, done) = renewal.write(&report, &roots)?;
        remarks.push(done);
        known = Some(baseline);
    }
    if let Some(baseline) = known {
        let (of_read, _) = baseline.split(|path| roots.hold(path));
        of_read.apply(&mut report);
    }
    remarks.extend(idle.into_iter().flatten().map(|(place, rule)| {
        format!(
            "note: nothing to allow for `{}` in {}:{}: this comment can go",
            rule.id(),
            clean(&place.path),
            place.line
        )
    }));
    if reads_all {
        let unused = config.unused(&report.accepted);
        remarks.extend(unused.map(|accept| {
            format!(
                "note: nothing to accept for `{}` (\"{}\"): this `[[accept]]` can go",
                accept.rule.id(),
                clean(&accept.reason)
            )
        }));
    }

    let layout = Layout {
        limits: limits(arguments.all),
        paths: arguments.collection.shown(),
        flags: arguments.collection.flags(&arguments.settings, &arguments.run),
        link_base: arguments.links.link_base,
        ..arguments.output.layout()
    };
    arguments.output.write(|out| render(&report, arguments.output.format, &layout, out))?;
    for remark in &remarks {
        arguments.run.tell(remark);
    }
    // A wrong folder must not keep a pipeline green for ever.
    let is_empty = report.agents.is_empty();
    let outcome = Outcome::of(&report.findings, config.fail_on, incomplete || is_empty);
    Ok(outcome)
}
