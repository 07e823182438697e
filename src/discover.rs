//! From paths to the texts of definition files.
//!
//! Folders are walked with their ignore files honoured; each real file is read
//! once, in parallel, and kept if it is a definition. The result depends
//! neither on the order of the paths nor on the number of threads.

mod classify;
mod decode;
mod head;
mod root;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::agent::file_name::may_be_definition;
use crate::agent::{Kind, Origin};
use crate::config::{Config, Globs};
use crate::error::Error;
use crate::source::{Problem, SourceFile, lies_below};
use classify::place;
use decode::{decode_text, has_mark};
use head::Verdict;
use root::{Root, roots};

pub use classify::classify;
pub use decode::{DecodeProblem, decode, is_text};
pub use root::spelled;

/// Folders that hold other people's files and are never entered.
const FOREIGN_FOLDERS: [&str; 7] =
    [".git", ".hg", ".jj", ".svn", ".venv", "node_modules", "target"];

/// How files are looked for.
#[derive(Debug, Clone)]
pub struct DiscoverOptions {
    /// What relative paths start from and shown paths are relative to.
    pub working_folder: PathBuf,
    /// What `~` at the beginning of a path stands for.
    pub home_folder: Option<PathBuf>,
    /// Files and folders that are left out, unless named.
    pub exclude: Globs,
    /// Larger files are left out, named ones too.
    pub max_file_bytes: u64,
}

impl DiscoverOptions {
    /// The options that `config` sets, for a run in `working_folder`.
    pub fn new(working_folder: PathBuf, config: &Config) -> Self {
        Self {
            working_folder,
            home_folder: None,
            exclude: config.exclude.clone(),
            max_file_bytes: config.max_file_bytes,
        }
    }
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Discovery {
    /// The definitions, by shown path.
    pub files: Vec<FoundFile>,
    /// Files with the ending of a definition that were left out, by shown path.
    pub skipped: Vec<Skipped>,
    /// Trouble with files and folders, by shown path and line.
    pub problems: Vec<Problem>,
    /// Whether something could not be read, so that the result is incomplete.
    pub unreachable: bool,
    /// What was asked for.
    pub roots: Roots,
}

impl Discovery {
    /// Takes the files at these paths for agents of the collection, where their
    /// paths say nothing or lie outside of the working folder: they are loaded
    /// then as most of its agents are.
    pub fn place(&mut self, newcomers: &BTreeSet<String>) {
        let is_new = |file: &FoundFile| newcomers.contains(&file.source.path);
        let mut homes: BTreeMap<(&str, Option<&str>), (usize, &Origin)> = BTreeMap::new();
        for file in self.files.iter().filter(|file| !is_new(file)) {
            let origin = &file.origin;
            if origin.kind == Some(Kind::Agent) {
                let place = (origin.load_root.as_str(), origin.project_root.as_deref());
                homes.entry(place).or_insert((0, origin)).0 += 1;
            }
        }
        let Some((_, home)) = homes.into_values().max_by_key(|&(n_agents, _)| n_agents) else {
            return;
        };
        let home = home.clone();
        for file in self.files.iter_mut().filter(|file| is_new(file)) {
            let is_outside = !lies_below(&file.source.path, "");
            let may_be_agent =
                file.origin.kind.is_none() || is_outside && file.origin.kind == home.kind;
            if may_be_agent {
                file.origin = Origin { kind: file.origin.kind, ..home.clone() };
            }
        }
    }
}

/// The files and folders that were asked for, as shown; the working folder is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roots(pub Vec<String>);

impl Roots {
    /// Whether a file, told by its path as shown, is one of them or lies below
    /// one, whether it is there or not.
    pub fn hold(&self, path: &str) -> bool {
        self.0.iter().any(|root| lies_below(path, root))
    }
}

/// A definition file.
#[derive(Debug, Clone)]
pub struct FoundFile {
    /// Its shown path and its text.
    pub source: SourceFile,
    /// Where it belongs.
    pub origin: Origin,
    /// Whether it was named itself, not found in a folder.
    pub named: bool,
}

/// A file that was left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// Path as shown.
    pub path: String,
    /// Why.
    pub reason: SkipReason,
}

/// Why a file was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SkipReason {
    /// A README or another document by its name.
    DocumentName,
    /// No frontmatter, where a definition would have one.
    NoFrontmatter,
    /// Frontmatter of something else: neither a name nor a description, or a web page's.
    OtherFrontmatter,
    /// Nothing but white space.
    Empty,
    /// A symbolic link.
    Link,
    /// Larger than the limit.
    TooLarge,
    /// Not text.
    NotText,
    /// Could not be read.
    Unreadable,
}

impl SkipReason {
    /// The words used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DocumentName => "a document by its name",
            Self::NoFrontmatter => "no frontmatter",
            Self::OtherFrontmatter => "frontmatter of something else",
            Self::Empty => "empty",
            Self::Link => "a symbolic link",
            Self::TooLarge => "too large",
            Self::NotText => "not text",
            Self::Unreadable => "could not be read",
        }
    }
}

/// Reads the definitions at `paths`: files, whatever their ending, and folders
/// with all below them. Links are followed where they are named, not inside
/// folders. Files that are no definitions are left out and listed, unless named.
///
/// # Errors
/// If one of `paths` does not exist.
pub fn discover(paths: &[PathBuf], options: &DiscoverOptions) -> Result<Discovery, Error> {
    let mut found = Discovery::default();
    let mut candidates = Vec::new();
    for root in roots(paths, options, &mut found)? {
        found.roots.0.push(root.shown.clone());
        if root.is_folder {
            walk(&root, options, &mut candidates, &mut found);
        } else {
            candidates.push(Candidate::new(&root, root.real.clone(), true));
        }
    }
    candidates.sort_by(|a, b| {
        a.bytes().cmp(b.bytes()).then(b.named.cmp(&a.named)).then_with(|| a.shown.cmp(&b.shown))
    });
    candidates.dedup_by(|next, first| next.bytes() == first.bytes());

    let outcomes: Vec<Outcome> = candidates
        .into_par_iter()
        .map(|candidate| read(candidate, options.max_file_bytes))
        .collect();
    keep_definitions(outcomes, &mut found);

    found.files.sort_by(|a, b| a.source.path.cmp(&b.source.path));
    found.skipped.sort();
    found.skipped.dedup();
    found.problems.sort();
    found.problems.dedup();
    Ok(found)
}

/// A file that may be a definition.
struct Candidate {
    real: PathBuf,
    shown: String,
    named: bool,
    place: classify::Place,
}

impl Candidate {
    fn new(root: &Root, real: PathBuf, named: bool) -> Self {
        let shown = root.shown(&real);
        let slashed = real.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        let mut place = place(&slashed, &shown);
        let origin = &mut place.origin;
        origin.load_root = root.shown(Path::new(&origin.load_root));
        origin.project_root =
            origin.project_root.as_ref().map(|folder| root.shown(Path::new(folder)));
        Self { real, shown, named, place }
    }

    /// The real path for comparing, which part by part would take longer.
    fn bytes(&self) -> &[u8] {
        self.real.as_os_str().as_encoded_bytes()
    }

    fn name(&self) -> &str {
        file_name(&self.shown)
    }
}

/// The last part of a path as shown.
fn file_name(shown: &str) -> &str {
    shown.rsplit('/').next().unwrap_or(shown)
}

fn walk(
    root: &Root,
    options: &DiscoverOptions,
    candidates: &mut Vec<Candidate>,
    found: &mut Discovery,
) {
    let exclude = options.exclude.clone();
    let filter_root = root.clone();
    let enters = move |entry: &DirEntry| {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        if entry.depth() == 0 {
            return true;
        }
        if is_folder && FOREIGN_FOLDERS.iter().any(|name| entry.file_name() == *name) {
            return false;
        }
        if exclude.is_empty() {
            return true;
        }
        !exclude.matches(&filter_root.shown(entry.path()), is_folder)
    };
    // The user's global ignore file is left out: it differs between machines.
    let entries = WalkBuilder::new(&root.real)
        .hidden(false)
        .require_git(false)
        .git_global(false)
        .follow_links(false)
        .filter_entry(enters)
        .build();
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path =
                    error_path(&error).map_or_else(|| root.shown.clone(), |path| root.shown(path));
                match error.into_io_error() {
                    // A file that went away during the walk is no longer there to be read.
                    Some(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Some(error) => unreachable_at(found, path, &error),
                    None => unreachable_at(found, path, &io::Error::from(io::ErrorKind::Other)),
                }
                continue;
            }
        };
        let Some(kind) = entry.file_type().filter(|kind| !kind.is_dir()) else {
            continue;
        };
        let name = entry.file_name().to_string_lossy();
        if !may_be_definition(&name) {
            continue;
        }
        let reason = if kind.is_symlink() {
            Some(SkipReason::Link)
        } else if !kind.is_file() {
            continue;
        } else if head::is_document_name(&name) {
            Some(SkipReason::DocumentName)
        } else {
            None
        };
        match reason {
            Some(reason) => found.skipped.push(Skipped { path: root.shown(entry.path()), reason }),
            None => candidates.push(Candidate::new(root, entry.into_path(), false)),
        }
    }
}

fn error_path(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            error_path(err)
        }
        _ => None,
    }
}

fn unreachable_at(found: &mut Discovery, path: String, error: &io::Error) {
    found.unreachable = true;
    found.problems.push(Problem {
        path,
        line: None,
        message: format!("could not be read: {}", error.kind()),
    });
}

/// What reading a candidate gave.
struct Outcome {
    candidate: Candidate,
    text: String,
    has_mark: bool,
    problems: Vec<Problem>,
    verdict: Verdict,
}

fn read(candidate: Candidate, max_file_bytes: u64) -> Outcome {
    let problem = |line, message| Problem { path: candidate.shown.clone(), line, message };
    let refused =
        |reason, message| (String::new(), vec![problem(None, message)], Verdict::Skip(reason));
    let mut is_marked = false;
    let (text, problems, verdict) = match read_bytes(&candidate.real, max_file_bytes) {
        Err(error) => {
            refused(SkipReason::Unreadable, format!("could not be read: {}", error.kind()))
        }
        Ok(None) => {
            refused(SkipReason::TooLarge, format!("skipped: larger than {max_file_bytes} bytes"))
        }
        Ok(Some(bytes)) => {
            is_marked = has_mark(&bytes);
            let decoded = if candidate.named {
                let (text, problems) = decode(bytes);
                Some((text, problems, Verdict::Definition))
            } else {
                decode_text(bytes).map(|(text, problems)| {
                    let head = head::head(&text);
                    let verdict = head::judge(candidate.name(), &candidate.place, head);
                    (text, problems, verdict)
                })
            };
            match decoded {
                None => refused(SkipReason::NotText, "skipped: not text".to_owned()),
                Some((text, problems, verdict)) => {
                    let problems = problems
                        .into_iter()
                        .map(|found| problem(found.line, found.message))
                        .collect();
                    (text, problems, verdict)
                }
            }
        }
    };
    Outcome { candidate, text, has_mark: is_marked, problems, verdict }
}

/// Whether a folder with a file of this path, as shown, may be read with it,
/// whatever the file holds.
pub fn may_be_read(path: &str, options: &DiscoverOptions) -> bool {
    let name = file_name(path);
    may_be_definition(name)
        && !head::is_document_name(name)
        && !options.exclude.matches(path, false)
}

/// How paths of the command line are shown: what lies below one of them is
/// shown below that, or in the working folder.
///
/// # Errors
/// If one of `paths` does not exist.
pub fn shown(paths: &[PathBuf], options: &DiscoverOptions) -> Result<Roots, Error> {
    let roots = roots(paths, options, &mut Discovery::default())?;
    Ok(Roots(roots.into_iter().map(|root| root.shown).collect()))
}

/// A definition that is not on the disk, such as one that a commit holds: its
/// path as shown and its bytes. `None` if a folder with this file would be
/// read without it; where its neighbours decide that, it counts as one.
pub fn definition(path: String, bytes: Vec<u8>, options: &DiscoverOptions) -> Option<FoundFile> {
    let is_small = bytes.len() as u64 <= options.max_file_bytes;
    if !may_be_read(&path, options) || !is_small {
        return None;
    }
    let has_mark = has_mark(&bytes);
    let (text, _) = decode_text(bytes)?;
    let place = place(&path, &path);
    match head::judge(file_name(&path), &place, head::head(&text)) {
        Verdict::Skip(_) => None,
        _ => Some(FoundFile {
            source: SourceFile { path, text, has_mark },
            origin: place.origin,
            named: false,
        }),
    }
}

/// The bytes of a file; `None` if there are more than `max_bytes`.
fn read_bytes(path: &Path, max_bytes: u64) -> io::Result<Option<Vec<u8>>> {
    let file = File::open(path)?;
    let byte_len = file.metadata()?.len();
    if byte_len > max_bytes {
        return Ok(None);
    }
    // One byte more shows at once that the end is reached, and that a file grew.
    let mut bytes = Vec::with_capacity(byte_len as usize + 1);
    file.take(max_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= max_bytes).then_some(bytes))
}

/// Settles the verdicts that depend on neighbours and sorts files from skipped ones.
fn keep_definitions(outcomes: Vec<Outcome>, found: &mut Discovery) {
    // By folder: files with and without frontmatter. And the folders whose load
    // roots (`x/agents`, `x/commands`) hold a file with it.
    let mut folders: FxHashMap<&[u8], (usize, usize)> = FxHashMap::default();
    let mut homes: FxHashSet<&str> = FxHashSet::default();
    if outcomes
        .iter()
        .any(|outcome| matches!(outcome.verdict, Verdict::IfMostLack | Verdict::IfAnyHas))
    {
        for outcome in outcomes.iter().filter(|outcome| !outcome.candidate.named) {
            let counts = folders.entry(folder_of(&outcome.candidate)).or_default();
            match outcome.verdict {
                Verdict::Definition => {
                    counts.0 += 1;
                    homes.insert(home_of(&outcome.candidate));
                }
                Verdict::IfMostLack => counts.1 += 1,
                _ => {}
            }
        }
    }
    let reason = |outcome: &Outcome| match outcome.verdict {
        Verdict::Definition | Verdict::ByLocation => None,
        Verdict::IfMostLack => {
            let counts = folders.get(folder_of(&outcome.candidate));
            let (with, without) = counts.copied().unwrap_or_default();
            (without <= with).then_some(SkipReason::NoFrontmatter)
        }
        Verdict::IfAnyHas => {
            let has_any = homes.contains(home_of(&outcome.candidate));
            (!has_any).then_some(SkipReason::NoFrontmatter)
        }
        Verdict::Skip(reason) => Some(reason),
    };
    let reasons: Vec<Option<SkipReason>> = outcomes.iter().map(reason).collect();
    for (outcome, reason) in outcomes.into_iter().zip(reasons) {
        let Outcome { candidate, text, has_mark, problems, .. } = outcome;
        found.unreachable |= reason == Some(SkipReason::Unreadable);
        match reason {
            Some(reason) => {
                // What is no definition may be encoded as it likes.
                if matches!(
                    reason,
                    SkipReason::TooLarge | SkipReason::NotText | SkipReason::Unreadable
                ) {
                    found.problems.extend(problems);
                }
                found.skipped.push(Skipped { path: candidate.shown, reason });
            }
            None => {
                found.problems.extend(problems);
                found.files.push(FoundFile {
                    source: SourceFile { path: candidate.shown, text, has_mark },
                    origin: candidate.place.origin,
                    named: candidate.named,
                });
            }
        }
    }
}

/// The folder that holds the load root.
fn home_of(candidate: &Candidate) -> &str {
    candidate.place.origin.load_root.rsplit_once('/').map_or("", |(home, _)| home)
}

/// The folder in which the file lies, as the bytes of its real path.
fn folder_of(candidate: &Candidate) -> &[u8] {
    let folder = candidate.real.parent().unwrap_or(Path::new(""));
    folder.as_os_str().as_encoded_bytes()
}

#[cfg(test)]
mod tests;
