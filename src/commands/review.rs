//! `agent-overlap review`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use agent_overlap::analysis::Analysis;
use agent_overlap::config::Overrides;
use agent_overlap::discover::{Discovery, FoundFile, definition, may_be_read, shown, spelled};
use agent_overlap::render::{Layout, render_review};
use agent_overlap::review::{Change, Status, review};
use anyhow::bail;

use super::Outcome;
use super::git::{FileChange, Repository};
use super::input::{self, Input};
use super::output::limits;
use crate::cli::Review;

pub(crate) fn run(arguments: Review) -> anyhow::Result<Outcome> {
    let flags = Overrides {
        scope: arguments.run.scope,
        fail_on: arguments.gate.fail_on,
        ..Overrides::default()
    };
    let input = Input::resolve(&arguments.settings, flags)?;
    let config = &input.config;

    let baseline = arguments.gate.baseline(config)?;

    let progress = arguments.run.start()?;
    let mut paths = input::paths(&arguments.against, arguments.user);
    paths.extend_from_slice(&arguments.new);
    let mut discovery = input.discover(&paths)?;
    let incomplete = discovery.unreachable;
    let remark = input::remark(&discovery);
    let named = match arguments.new.as_slice() {
        [] => None,
        new => {
            let roots = shown(new, &input.options())?;
            let mut paths = paths_of(&discovery);
            paths.retain(|path| roots.hold(path));
            Some(paths)
        }
    };
    let since = match &arguments.base {
        Some(rev) => since(rev, named.as_ref(), &arguments.against, &discovery, &input)?,
        None => {
            let named = named.unwrap_or_default();
            discovery.place(&named);
            let named = named.into_iter();
            let change = Change {
                reviewed: named.map(|path| (path, Status::Named)).collect(),
                ..Change::default()
            };
            Since { change, ..Since::default() }
        }
    };
    let before = since.before.map(|before| Analysis::new(before, config));
    let after = Analysis::new(discovery, config);
    let mut review = review(since.change, &after, before.as_ref(), config);
    if let Some(baseline) = &baseline {
        baseline.apply_to_part(&mut review.report);
    }
    progress.stop();

    let layout = Layout {
        limits: limits(arguments.all),
        link_base: arguments.links.link_base,
        ..arguments.output.layout()
    };
    arguments.output.write(|out| render_review(&review, arguments.output.format, &layout, out))?;
    for remark in [remark, since.elsewhere.as_deref()].into_iter().flatten() {
        arguments.run.tell(remark);
    }
    Ok(Outcome::of(&review.report.findings, config.fail_on, incomplete))
}

fn paths_of(discovery: &Discovery) -> BTreeSet<String> {
    let files = discovery.files.iter();
    files.map(|file| file.source.path.clone()).collect()
}

/// What changed.
#[derive(Default)]
struct Since {
    change: Change,
    /// The collection as it was.
    before: Option<Discovery>,
    /// What to say of changes that are not read.
    elsewhere: Option<String>,
}

/// What changed since the branch left `rev`, of `named` files if there are
/// any; and the collection as it was, unless nothing but new files came in.
fn since(
    rev: &str,
    named: Option<&BTreeSet<String>>,
    against: &[PathBuf],
    discovery: &Discovery,
    input: &Input,
) -> anyhow::Result<Since> {
    let repository = Repository::at(&input.working_folder)?;
    let base = repository.fork_point(rev)?;
    let is_reviewed = |path: &String| named.is_none_or(|named| named.contains(path));
    let options = input.options();
    let roots = shown(against, &options)?;
    let belongs = |path: &str| match against {
        [] => !path.starts_with("../"),
        _ => roots.hold(path),
    };
    let mut change = Change { base: Some(base.clone()), ..Change::default() };
    let mut today = BTreeSet::new();
    let mut old_files = BTreeMap::new();
    let known = paths_of(discovery);
    let mut n_elsewhere = 0;
    for FileChange { path, old } in repository.changes(&base)? {
        let path = path.map(|path| spelled(&path));
        let is_elsewhere = |path: &&String| !belongs(path) && may_be_read(path, &options);
        n_elsewhere += path.iter().filter(is_elsewhere).count();
        let path = path.filter(|path| known.contains(path));
        let was = match &old {
            Some(old) => {
                let old_path = spelled(&old.path);
                let matters = path.is_some() || belongs(&old_path);
                if matters && may_be_read(&old_path, &options) {
                    definition(old_path, repository.content(old)?, &options)
                } else {
                    None
                }
            }
            None => None,
        };
        let old_path = was.as_ref().map(|was| was.source.path.clone());
        match (&path, &old_path) {
            (Some(path), None) if is_reviewed(path) => {
                change.reviewed.insert(path.clone(), Status::Added);
            }
            (Some(path), Some(old_path)) if is_reviewed(path) => {
                change.reviewed.insert(path.clone(), Status::Changed);
                if path != old_path {
                    change.old_paths.insert(path.clone(), old_path.clone());
                }
            }
            (None, Some(old_path)) if named.is_none() => change.removed.push(old_path.clone()),
            _ => {}
        }
        today.extend(path);
        old_files.extend(old_path.zip(was));
    }
    let is_empty = named.is_none() && today.is_empty() && change.removed.is_empty();
    if n_elsewhere > 0 && is_empty && !against.is_empty() {
        bail!(
            "nothing to review: what changed lies outside of --against; leave that out, or name \
             the new definitions"
        );
    }
    let elsewhere = (n_elsewhere > 0 && named.is_none() && against.is_empty()).then(|| {
        format!(
            "note: {} outside of this folder, which alone is read; run at the root of the work \
             tree to review all",
            match n_elsewhere {
                1 => "1 changed definition lies".to_owned(),
                n => format!("{n} changed definitions lie"),
            }
        )
    });
    change.removed.sort();
    let before = (!old_files.is_empty()).then(|| as_it_was(discovery, &today, old_files));
    Ok(Since { change, before, elsewhere })
}

/// The collection with old files, by path, in place of those at the paths `today`.
fn as_it_was(
    discovery: &Discovery,
    today: &BTreeSet<String>,
    mut old_files: BTreeMap<String, FoundFile>,
) -> Discovery {
    let mut before = discovery.clone();
    for file in &mut before.files {
        // A path tells more where it lies on the disk.
        if let Some(was) = old_files.get_mut(&file.source.path) {
            was.origin = file.origin.clone();
        }
    }
    before.files.retain(|file| !today.contains(&file.source.path));
    before.files.extend(old_files.into_values());
    before.files.sort_by(|a, b| a.source.path.cmp(&b.source.path));
    before
}
