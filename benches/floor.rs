//! What an audit costs beside the least that reading the same files costs.
//!
//! `cargo bench --bench floor -- PATH…`; without a path, a made collection of
//! 1,000 agents. The floor is: walk the folders, read the definitions and run
//! the Markdown parser over them, on all processors, and nothing else. Both
//! are measured in turn in one process, in CPU seconds (user and system, all
//! threads), which other work on the machine disturbs less than elapsed time.
//!
//! `--alone FOLDER` does the floor's work once, over all files of a folder, and
//! prints nothing: for `peers.sh`, which measures it from outside.

#[path = "../examples/made/recipe.rs"]
mod made;

use std::collections::HashSet;
use std::fs;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use agent_overlap::analysis::analyse;
use agent_overlap::config::Config;
use agent_overlap::discover::{DiscoverOptions, discover};
use agent_overlap::render::{Layout, ReportFormat, render};
use ignore::WalkBuilder;
use made::Recipe;
use pulldown_cmark::{Options, Parser};
use rayon::prelude::*;
use rustix::time::{ClockId, clock_gettime};

/// Rounds that count; one more goes before them to fill the caches.
const N_ROUNDS: usize = 9;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    // Cargo adds `--bench`.
    let (options, named): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let mut paths = named.iter().map(fs::canonicalize).collect::<io::Result<Vec<PathBuf>>>()?;
    if options.iter().any(|option| option == "--alone") {
        floor(&paths, |_| true);
        return Ok(());
    }
    let made = tempfile::tempdir()?;
    if paths.is_empty() {
        write_made(made.path())?;
        paths.push(made.path().to_owned());
    }
    let definitions = definitions(&paths)?;
    let mut rounds = Vec::with_capacity(N_ROUNDS);
    for _ in 0..=N_ROUNDS {
        let floor = cpu_seconds(|| {
            floor(&paths, |path| definitions.contains(path));
            Ok(())
        })?;
        rounds.push((floor, cpu_seconds(|| audit(&paths))?));
    }
    rounds.remove(0);
    print(&definitions, &rounds)
}

fn write_made(folder: &Path) -> io::Result<()> {
    for file in (0..1_000).map(|number| Recipe::USUAL.file(number)) {
        let path = folder.join(file.path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        fs::write(path, file.text)?;
    }
    Ok(())
}

fn options(config: &Config) -> io::Result<DiscoverOptions> {
    Ok(DiscoverOptions::new(std::env::current_dir()?, config))
}

/// The files that an audit reads as definitions.
fn definitions(paths: &[PathBuf]) -> Result<HashSet<PathBuf>> {
    let options = options(&Config::default())?;
    let found = discover(paths, &options)?;
    let files = found.files.iter();
    let real = files.map(|file| fs::canonicalize(options.working_folder.join(&file.source.path)));
    Ok(real.collect::<io::Result<_>>()?)
}

/// Walks, reads and parses.
fn floor(paths: &[PathBuf], is_read: impl Fn(&Path) -> bool) {
    let walks = paths.iter().flat_map(|path| {
        WalkBuilder::new(path).hidden(false).require_git(false).git_global(false).build()
    });
    let files: Vec<PathBuf> = walks
        .flatten()
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .map(ignore::DirEntry::into_path)
        .filter(|path| is_read(path))
        .collect();
    let n_events: usize = files.into_par_iter().map(|path| n_events(&path)).sum();
    black_box(n_events);
}

fn n_events(path: &Path) -> usize {
    let bytes = fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    Parser::new_ext(&text, options).into_offset_iter().count()
}

/// What `agent-overlap audit --format json` does.
fn audit(paths: &[PathBuf]) -> Result<()> {
    let config = Config::default();
    let discovery = discover(paths, &options(&config)?)?;
    let report = analyse(discovery, &config);
    render(&report, ReportFormat::Json, &Layout::default(), &mut io::sink())?;
    Ok(())
}

/// CPU seconds of the whole process while `work` runs.
fn cpu_seconds(work: impl FnOnce() -> Result<()>) -> Result<f64> {
    let before = clock_gettime(ClockId::ProcessCPUTime);
    work()?;
    let spent = clock_gettime(ClockId::ProcessCPUTime) - before;
    Ok(spent.tv_sec as f64 + spent.tv_nsec as f64 / 1e9)
}

fn print(definitions: &HashSet<PathBuf>, rounds: &[(f64, f64)]) -> Result<()> {
    let n_bytes: u64 =
        definitions.iter().map(|path| fs::metadata(path).map_or(0, |file| file.len())).sum();
    let floor = median(rounds.iter().map(|round| round.0));
    let audit = median(rounds.iter().map(|round| round.1));
    let ratio = median(rounds.iter().map(|(floor, audit)| audit / floor));
    let mut out = io::stdout();
    writeln!(out, "files   {}", definitions.len())?;
    writeln!(out, "bytes   {n_bytes}")?;
    writeln!(out, "floor   {floor:.3} CPU s")?;
    writeln!(out, "audit   {audit:.3} CPU s")?;
    writeln!(out, "ratio   {ratio:.2} (median of {} rounds)", rounds.len())?;
    Ok(())
}

/// The middle one of an odd number of values.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
