//! Reading and writing the baseline of a run.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use agent_overlap::baseline::{Baseline, FILE_NAME};
use agent_overlap::config::Config;
use agent_overlap::discover::Roots;
use agent_overlap::report::Report;
use anyhow::{Context, bail};

use super::output;
use crate::cli::Gate;

impl Gate {
    /// The baseline that the flag or the configuration names, if one does.
    pub(super) fn baseline(&self, config: &Config) -> anyhow::Result<Option<Baseline>> {
        let Some(file) = self.baseline_file(config) else {
            return Ok(None);
        };
        let Some(baseline) = read(file)? else {
            bail!(
                "no baseline `{}`; `agent-overlap audit --write-baseline` writes it",
                file.display()
            );
        };
        expect_of_this_folder(file, &baseline)?;
        Ok(Some(baseline))
    }

    fn baseline_file<'a>(&'a self, config: &'a Config) -> Option<&'a Path> {
        self.baseline.as_deref().or(config.baseline.as_deref())
    }
}

/// A baseline that is about to be written.
#[derive(Debug)]
pub(super) struct Renewal {
    file: PathBuf,
    /// Whether a flag or the configuration names the file.
    is_named: bool,
    before: Baseline,
}

impl Renewal {
    /// Looks where to write, before any work is done: never over a file that
    /// is no baseline, nor over one whose paths count from another folder.
    pub(super) fn new(gate: &Gate, config: &Config) -> anyhow::Result<Self> {
        let named = gate.baseline_file(config);
        let file = named.unwrap_or(Path::new(FILE_NAME)).to_owned();
        let before = read(&file)?.unwrap_or_default();
        expect_of_this_folder(&file, &before)?;
        Ok(Self { before, is_named: named.is_some(), file })
    }

    /// Writes down the findings of a report; what is known of files outside of `roots`
    /// stays. Returns the baseline of this run and what was done.
    pub(super) fn write(
        self,
        report: &Report,
        roots: &Roots,
    ) -> anyhow::Result<(Baseline, String)> {
        let (before, unread) = self.before.split(|path| roots.hold(path));
        let baseline = Baseline::of(&report.findings, &report.agents);
        let n_unread = unread.n_findings();
        let mut all = baseline.clone();
        all.join(unread);
        output::write(Some(&self.file), |out| all.write(out))?;

        let changes = before.sift(report.findings.clone(), &report.agents);
        let file = self.file.display();
        let mut done = format!(
            "wrote {} to `{file}`: {} new, {} forgotten",
            match all.n_findings() {
                1 => "1 finding".to_owned(),
                n => format!("{n} findings"),
            },
            changes.new.len(),
            changes.counts.gone
        );
        if n_unread > 0 {
            done.push_str(&format!(", {n_unread} kept of files that were not read"));
        }
        if !self.is_named {
            done.push_str(&format!(
                "\nto use it: `--baseline {file}`, or `baseline = \"{file}\"` in agent-overlap.toml"
            ));
        }
        Ok((baseline, done))
    }
}

/// Refuses a baseline that was written in another folder, where all that it
/// knows would seem to be gone, and all that is here new.
fn expect_of_this_folder(file: &Path, baseline: &Baseline) -> anyhow::Result<()> {
    if is_of_another_folder(file, baseline) {
        bail!(
            "the paths in `{}` count from the folder in which it was written, which is another \
             one; run there",
            file.display()
        );
    }
    Ok(())
}

/// Whether a baseline lies outside of this folder, and none of its files are
/// here, or more of them beside it.
fn is_of_another_folder(file: &Path, baseline: &Baseline) -> bool {
    let is_outside = file.is_absolute() || file.starts_with("..");
    let beside = file.parent().unwrap_or(Path::new(""));
    let n_in = |folder: &Path| {
        let paths = baseline.entries.iter().flat_map(|entry| &entry.paths);
        paths.filter(|path| folder.join(path).exists()).count()
    };
    let n_here = n_in(Path::new(""));
    is_outside && !baseline.entries.is_empty() && (n_here == 0 || n_here < n_in(beside))
}

/// The baseline in a file; `None` if there is no file.
fn read(file: &Path) -> anyhow::Result<Option<Baseline>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(Baseline::parse(&text, file)?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("reading `{}`", file.display())),
    }
}
