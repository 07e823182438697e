//! How often `route` finds the agent that an example request belongs to.
//!
//! `cargo bench --bench route -- FOLDER…`: each folder in FOLDER is a collection.
//! Each example request of each agent is asked, with this example held back from
//! its own agent, of all candidates of its collection. Two figures: how often
//! the owner is first and among the first three, and how often the owner or a
//! copy of it is (an agent of the same name, or a pair up to `near-duplicate`).
//! The last part says how often each verdict is right.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use agent_overlap::analysis::Analysis;
use agent_overlap::config::Config;
use agent_overlap::discover::{DiscoverOptions, discover};
use agent_overlap::relation::Relation;
use agent_overlap::route::{Profile, Request, Verdict, is_candidate, rank, verdict};
use agent_overlap::text::Lexicon;
use rayon::prelude::*;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    // Cargo adds `--bench`.
    let named = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let mut all = Vec::new();
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{:48} {:>6} {:>5} {:>13} {:>13}",
        "collection", "agents", "asked", "first   three", "with copies"
    )?;
    for folder in named {
        for collection in collections(Path::new(&folder))? {
            let (n_candidates, outcomes) = ask_all(&collection)?;
            if !outcomes.is_empty() {
                let name = collection.file_name().unwrap_or_default();
                write_row(&mut out, &name.to_string_lossy(), n_candidates, &outcomes)?;
                all.extend(outcomes);
            }
        }
    }
    write_row(&mut out, "all", 0, &all)?;
    let halves = all.iter().enumerate().partition(|(at, _)| at % 2 == 0);
    let (even, odd): (Vec<_>, Vec<_>) = halves;
    for (name, half) in [("every second one", even), ("the others", odd)] {
        let half: Vec<Outcome> = half.into_iter().map(|(_, outcome)| *outcome).collect();
        write_row(&mut out, name, 0, &half)?;
    }
    for verdict in [Verdict::Clear, Verdict::Weak, Verdict::Near] {
        let such = all.iter().filter(|outcome| outcome.verdict == verdict);
        let such: Vec<Outcome> = such.copied().collect();
        write_row(&mut out, &format!("verdict {verdict:?}"), 0, &such)?;
    }
    Ok(())
}

/// The folders in a folder, by name.
fn collections(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

/// What came of one request. Places count from 0.
#[derive(Debug, Clone, Copy)]
struct Outcome {
    place: usize,
    place_with_copies: usize,
    verdict: Verdict,
}

/// Asks each example request of a collection; also says of how many candidates.
fn ask_all(collection: &Path) -> Result<(usize, Vec<Outcome>)> {
    let config = Config::default();
    let options = DiscoverOptions::new(collection.to_owned(), &config);
    let analysis = Analysis::new(discover(&[collection.to_owned()], &options)?, &config);
    let mut lexicon = Lexicon::default();
    let agents = &analysis.collection.agents;
    let text = |id: u32| analysis.sources.text(agents[id as usize].file);
    let candidates: Vec<u32> =
        (0..agents.len() as u32).filter(|&id| is_candidate(&analysis, id)).collect();
    let mut requests = Vec::new();
    for (at, &id) in candidates.iter().enumerate() {
        let agent = &agents[id as usize];
        for (nth, example) in agent.description.examples.iter().enumerate() {
            let request = Request::new(&example.request(text(id)), &mut lexicon);
            let held_back = Profile::new(agent, text(id), nth..nth + 1, &mut lexicon);
            if !request.words.is_empty() {
                requests.push((at, request, held_back));
            }
        }
    }
    let profiles: Vec<Profile> = candidates
        .iter()
        .map(|&id| Profile::new(&agents[id as usize], text(id), 0..0, &mut lexicon))
        .collect();
    let ask = |(owner, request, held_back): &(usize, Request, Profile)| {
        let hits = |(at, profile): (usize, &Profile)| {
            let profile = if at == *owner { held_back } else { profile };
            (at, profile.hits(request))
        };
        let ranked = rank(profiles.iter().enumerate().map(hits));
        let place = |fits: &dyn Fn(usize) -> bool| {
            let place = ranked.iter().position(|&(at, _)| fits(at));
            place.unwrap_or(usize::MAX)
        };
        let is_copy = |at| are_copies(&analysis, candidates[*owner], candidates[at]);
        Outcome {
            place: place(&|at| at == *owner),
            place_with_copies: place(&|at| at == *owner || is_copy(at)),
            verdict: verdict(&ranked, request, |_| true),
        }
    };
    Ok((candidates.len(), requests.par_iter().map(ask).collect()))
}

fn are_copies(analysis: &Analysis, one: u32, other: u32) -> bool {
    let name = |id: u32| &analysis.collection.agents[id as usize].name;
    let ends = (one.min(other), one.max(other));
    let pair = analysis
        .pairs
        .binary_search_by_key(&ends, |pair| (pair.left, pair.right))
        .map(|at| analysis.pairs[at].relation);
    name(one).eq_ignore_ascii_case(name(other))
        || pair.is_ok_and(|relation| relation <= Relation::NearDuplicate)
}

fn write_row(
    out: &mut impl Write,
    name: &str,
    n_candidates: usize,
    outcomes: &[Outcome],
) -> io::Result<()> {
    let share = |is_right: &dyn Fn(&Outcome) -> bool| {
        let n_right = outcomes.iter().filter(|outcome| is_right(outcome)).count();
        100.0 * n_right as f64 / outcomes.len().max(1) as f64
    };
    let n_candidates = match n_candidates {
        0 => String::new(),
        n => n.to_string(),
    };
    writeln!(
        out,
        "{name:48} {n_candidates:>6} {:>5} {:>4.0} % {:>4.0} % {:>4.0} % {:>4.0} %",
        outcomes.len(),
        share(&|outcome| outcome.place == 0),
        share(&|outcome| outcome.place < 3),
        share(&|outcome| outcome.place_with_copies == 0),
        share(&|outcome| outcome.place_with_copies < 3),
    )
}
