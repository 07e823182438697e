//! The `agent-overlap` program.

mod cli;
mod commands;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use cli::{Cli, Command};
use commands::Outcome;

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Ok(Outcome::Incomplete) => ExitCode::from(2),
        Err(error) => {
            // Nobody is left to tell if this fails too.
            let _ = writeln!(anstream::stderr(), "error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<Outcome> {
    match cli.command {
        Command::Audit(arguments) => commands::audit::run(arguments),
        Command::Review(arguments) => commands::review::run(arguments),
        Command::Consolidate(arguments) => commands::consolidate::run(arguments),
        Command::Compare(arguments) => commands::compare::run(arguments),
        Command::Facets(arguments) => commands::facets::run(arguments),
        Command::Route(arguments) => commands::route::run(arguments),
        Command::Explain(arguments) => commands::explain::run(arguments),
        Command::Init(_) => commands::init::run(),
        Command::Schema(arguments) => commands::schema::run(&arguments),
        Command::Completions(arguments) => commands::completions::run(&arguments),
        Command::Man(arguments) => commands::man::run(&arguments),
    }
}
