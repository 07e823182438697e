//! `agent-overlap explain`.

use agent_overlap::config::Overrides;
use agent_overlap::explain::{explain, overview};
use agent_overlap::render::render_explanation;

use super::input::Input;
use super::{Outcome, output};
use crate::cli::Explain;

pub(crate) fn run(arguments: Explain) -> anyhow::Result<Outcome> {
    let input = Input::resolve(&arguments.settings, Overrides::default())?;
    let explanation = match &arguments.name {
        Some(name) => explain(name, &input.config)?,
        None => overview(),
    };
    let layout = arguments.page.layout(None);
    output::write(None, |out| render_explanation(&explanation, &layout, out))?;
    Ok(Outcome::Clean)
}
