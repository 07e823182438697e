//! Writes a collection of agents of any size, for measuring: made-up ones, or
//! those of a folder, repeated with changes.
//!
//! ```text
//! cargo run --release --example made -- --agents 5000 --copies 0.15 --boilerplate 0.1 --seed 1 FOLDER
//! cargo run --release --example made -- --agents 5000 --from DEFINITIONS FOLDER
//! ```
//!
//! Equal arguments write equal files. No file depends on another one, so that
//! 300,000 agents need no more memory than one.

mod recipe;
mod repeat;

use std::fs;
use std::path::{Path, PathBuf};

use agent_overlap::config::Config;
use agent_overlap::discover::{DiscoverOptions, discover};
use agent_overlap::source::SourceFile;
use anyhow::{Context, ensure};
use clap::Parser;
use rayon::prelude::*;
use recipe::Recipe;
use repeat::Repeated;

/// Writes a collection of agents of any size.
#[derive(Debug, Parser)]
struct Args {
    /// How many agents to write.
    #[arg(long, value_name = "N")]
    agents: usize,
    /// Share of agents that are edited copies of an earlier one (1 makes all of
    /// one template); of repeated ones, of those after the first round.
    #[arg(long, value_name = "SHARE", default_value_t = Recipe::USUAL.copies)]
    copies: f64,
    /// Share of sections that are the house's, word for word.
    #[arg(long, value_name = "SHARE", default_value_t = Recipe::USUAL.boilerplate)]
    boilerplate: f64,
    /// Equal seeds make equal collections.
    #[arg(long, default_value_t = Recipe::USUAL.seed)]
    seed: u64,
    /// Repeat the definitions of this folder instead of making some up: a
    /// sample of them where fewer are wanted, else round by round with changes.
    #[arg(long, value_name = "FOLDER", conflicts_with = "boilerplate")]
    from: Option<PathBuf>,
    /// Where to write: a folder that is empty or not there.
    folder: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let is_taken = fs::read_dir(&args.folder).is_ok_and(|mut entries| entries.next().is_some());
    ensure!(!is_taken, "`{}` is not empty", args.folder.display());
    if let Some(from) = &args.from {
        let repeated = Repeated::new(definitions(from)?, args.copies, args.seed);
        write(&args, |number| repeated.file(number))
    } else {
        let recipe = Recipe { copies: args.copies, boilerplate: args.boilerplate, seed: args.seed };
        write(&args, |number| recipe.file(number))
    }
}

/// The definitions of a folder, with paths that begin there.
fn definitions(folder: &Path) -> anyhow::Result<Vec<SourceFile>> {
    let options = DiscoverOptions::new(fs::canonicalize(folder)?, &Config::default());
    let found = discover(std::slice::from_ref(&options.working_folder), &options)?;
    ensure!(!found.files.is_empty(), "no definitions in `{}`", folder.display());
    Ok(found.files.into_iter().map(|file| file.source).collect())
}

fn write(args: &Args, file: impl Fn(usize) -> SourceFile + Sync) -> anyhow::Result<()> {
    (0..args.agents).into_par_iter().try_for_each(|number| {
        let SourceFile { path, text, .. } = file(number);
        let path = args.folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&args.folder))
            .and_then(|()| fs::write(&path, text))
            .with_context(|| format!("writing `{}`", path.display()))
    })
}
