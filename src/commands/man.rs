//! `agent-overlap man`.

use std::fs;
use std::path::Path;

use anyhow::Context;
use clap::{Command, CommandFactory};
use clap_mangen::Man as Page;

use super::{Outcome, output};
use crate::cli::{Cli, Man};

pub(crate) fn run(arguments: &Man) -> anyhow::Result<Outcome> {
    // Each page names its options; `help` would be one page more for each command.
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    let Some(folder) = &arguments.folder else {
        output::write(None, |out| Page::new(program).render(out))?;
        return Ok(Outcome::Clean);
    };
    fs::create_dir_all(folder).with_context(|| format!("making `{}`", folder.display()))?;
    for command in program.get_subcommands() {
        write(folder, command)?;
    }
    write(folder, &program)?;
    Ok(Outcome::Clean)
}

/// Writes the page of a command: `agent-overlap-audit.1`.
fn write(folder: &Path, command: &Command) -> anyhow::Result<()> {
    let page = Page::new(command.clone());
    let file = folder.join(page.get_filename());
    output::write(Some(&file), |out| page.render(out))
}
