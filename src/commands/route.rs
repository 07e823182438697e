//! `agent-overlap route`.

use std::io::{self, Read};

use agent_overlap::analysis::Analysis;
use agent_overlap::config::Overrides;
use agent_overlap::render::render_routing;
use agent_overlap::route::route;
use anyhow::{Context, bail};

use super::Outcome;
use super::input::{self, Input};
use super::progress::Progress;
use crate::cli::Route;

/// Bytes of a request that are read from the standard input. What is asked
/// stands at the beginning, and few words of the rest count.
const MAX_REQUEST_BYTES: u64 = 1 << 20;

pub(crate) fn run(arguments: Route) -> anyhow::Result<Outcome> {
    let input = Input::resolve(&arguments.settings, Overrides::default())?;
    let request = match arguments.request.as_str() {
        "-" => read_request().context("reading the request from the standard input")?,
        given => given.to_owned(),
    };
    if request.trim().is_empty() {
        bail!("the request is empty");
    }
    let progress = Progress::start(false);
    let discovery = input.discover(&arguments.collection.paths())?;
    let incomplete = discovery.unreachable;
    input::tell_unread(&discovery);
    let analysis = Analysis::new(discovery, &input.config);
    let routing = route(&analysis, request.trim(), usize::from(arguments.top));
    progress.stop();

    let layout = arguments.output.layout();
    arguments
        .output
        .write(|out| render_routing(&routing, arguments.output.format, &layout, out))?;
    Ok(Outcome::of_reading(incomplete))
}

fn read_request() -> io::Result<String> {
    let mut bytes = Vec::new();
    io::stdin().take(MAX_REQUEST_BYTES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
