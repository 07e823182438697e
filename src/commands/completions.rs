//! `agent-overlap completions`.

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Outcome, output};
use crate::cli::{Cli, Completions};

pub(crate) fn run(arguments: &Completions) -> anyhow::Result<Outcome> {
    let mut program = Cli::command();
    let name = program.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut program, &name, &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    if arguments.shell == Shell::Bash {
        // clap_complete 4.6 takes the hyphen of the program's name for the
        // border of a subcommand in one of two places, so that neither finds
        // the other.
        let wrong = name.replace('-', "__subcmd__");
        script = script.replace(&wrong, &name.replace('-', "__"));
    }
    output::write(None, |out| out.write_all(script.as_bytes()))?;
    Ok(Outcome::Clean)
}
