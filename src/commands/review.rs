//! `agent-overlap review`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use agent_overlap::analysis::Analysis;
use agent_overlap::config::Overrides;
use agent_overlap::discover::{Discovery, definition, spelled};
use agent_overlap::render::{Layout, Limits, render_review};
use agent_overlap::review::{Change, Status, review};
use anyhow::Context;

use super::Outcome;
use super::git::{FileChange, Repository};
use super::input::{self, Input};
use crate::cli::Review;

pub(crate) fn run(arguments: Review) -> anyhow::Result<Outcome> {
    let flags = Overrides {
        scope: arguments.run.scope,
        fail_on: arguments.gate.fail_on,
        ..Overrides::default()
    };
    let input = Input::resolve(&arguments.settings, flags)?;
    let config = &input.config;

    let progress = arguments.run.start()?;
    let mut paths = input::paths(&arguments.against, arguments.user);
    paths.extend_from_slice(&arguments.new);
    let discovery = input.discover(&paths)?;
    let incomplete = discovery.unreachable;
    let remark = input::remark(&discovery);
    // Discovered by themselves, they are known by their paths.
    let named = match arguments.new.as_slice() {
        [] => None,
        new => Some(paths_of(&input.discover(new)?)),
    };
    let (change, before) = match &arguments.base {
        Some(rev) => since(rev, named.as_ref(), &arguments.against, &discovery, &input)?,
        None => {
            let named = named.into_iter().flatten();
            let change = Change {
                reviewed: named.map(|path| (path, Status::Named)).collect(),
                ..Change::default()
            };
            (change, None)
        }
    };
    let before = before.map(|before| Analysis::new(before, config));
    let after = Analysis::new(discovery, config);
    let review = review(change, &after, before.as_ref(), config);
    progress.stop();

    let layout = Layout {
        limits: if arguments.all {
            Limits::ALL
        } else {
            Limits::default()
        },
        ..arguments.output.layout()
    };
    arguments
        .output
        .write(|out| render_review(&review, arguments.output.format, &layout, out))?;
    if let Some(remark) = remark.filter(|_| !arguments.run.quiet) {
        let _ = writeln!(anstream::stderr(), "{remark}");
    }
    Ok(Outcome::of(
        &review.report.findings,
        config.fail_on,
        incomplete,
    ))
}

fn paths_of(discovery: &Discovery) -> BTreeSet<String> {
    let files = discovery.files.iter();
    files.map(|file| file.source.path.clone()).collect()
}

/// What changed since the branch left `rev`, of `named` files if there are
/// any; and the collection as it was, unless nothing but new files came in.
fn since(
    rev: &str,
    named: Option<&BTreeSet<String>>,
    against: &[PathBuf],
    discovery: &Discovery,
    input: &Input,
) -> anyhow::Result<(Change, Option<Discovery>)> {
    let repository = Repository::at(&input.working_folder)?;
    let base = repository.fork_point(rev)?;
    let is_reviewed = |path: &String| named.is_none_or(|named| named.contains(path));
    let belongs = |path: &Path| {
        against.is_empty() || against.iter().any(|root| path.starts_with(spelled(root)))
    };
    let old_text = |path: &Path| {
        let bytes = repository.file(&base, path);
        bytes.with_context(|| format!("reading `{}` as it was", path.display()))
    };
    let mut change = Change {
        base: Some(base.clone()),
        ..Change::default()
    };
    // By path as shown.
    let mut new = BTreeSet::new();
    let mut old = BTreeMap::new();
    let known = paths_of(discovery);
    for FileChange { path, old_path } in repository.changes(&base)? {
        let path = path
            .map(|path| spelled(&path))
            .filter(|path| known.contains(path));
        let was = match &old_path {
            Some(old_path) if path.is_some() || belongs(old_path) => {
                definition(spelled(old_path), old_text(old_path)?, &input.options())
            }
            _ => None,
        };
        match (path, was) {
            (Some(path), was) => {
                let status = if was.is_some() {
                    Status::Changed
                } else {
                    Status::Added
                };
                if is_reviewed(&path) {
                    change.reviewed.insert(path.clone(), status);
                }
                new.insert(path.clone());
                if let Some(was) = was {
                    if was.source.path != path {
                        change.old_paths.insert(path, was.source.path.clone());
                    }
                    old.insert(was.source.path.clone(), was);
                }
            }
            (None, Some(was)) => {
                if named.is_none() {
                    change.removed.push(was.source.path.clone());
                }
                old.insert(was.source.path.clone(), was);
            }
            (None, None) => {}
        }
    }
    change.removed.sort();
    if old.is_empty() {
        return Ok((change, None));
    }
    let mut before = discovery.clone();
    for file in &mut before.files {
        // A path tells more where it lies on the disk.
        if let Some(was) = old.get_mut(&file.source.path) {
            was.origin = file.origin.clone();
        }
    }
    before.files.retain(|file| !new.contains(&file.source.path));
    before.files.extend(old.into_values());
    before
        .files
        .sort_by(|a, b| a.source.path.cmp(&b.source.path));
    Ok((change, Some(before)))
}
