//! `agent-overlap facets`.

use agent_overlap::analysis::Analysis;
use agent_overlap::config::Overrides;
use agent_overlap::facet::Table;
use agent_overlap::lineup::{facet_infos, lineup};
use agent_overlap::render::{render_facets, render_lineup};

use super::Outcome;
use super::input::{self, Input};
use crate::cli::Facets;

pub(crate) fn run(arguments: Facets) -> anyhow::Result<Outcome> {
    let input = Input::resolve(&arguments.settings, Overrides::default())?;
    let (format, layout) = (arguments.output.format, arguments.output.layout());
    if arguments.paths.is_empty() {
        let (table, _) = Table::new(&input.config.facets);
        let facets = facet_infos(&table);
        arguments.output.write(|out| render_facets(&facets, format, &layout, out))?;
        return Ok(Outcome::Clean);
    }
    let discovery = input.discover(&arguments.paths)?;
    let incomplete = discovery.unreachable;
    input::tell_unread(&discovery);
    let lineup = lineup(&Analysis::new(discovery, &input.config).facts());
    arguments.output.write(|out| render_lineup(&lineup, format, &layout, out))?;
    Ok(Outcome::of_reading(incomplete))
}
