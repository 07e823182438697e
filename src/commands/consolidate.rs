//! `agent-overlap consolidate`.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use agent_overlap::config::Overrides;
use agent_overlap::consolidate::{GroupPlan, Plan, Written, plan};
use agent_overlap::merge::Action;
use agent_overlap::render::quote::clean;
use agent_overlap::render::{Layout, render_plan};
use anyhow::{Context, bail};

use super::Outcome;
use super::git::Repository;
use super::input::{self, Input};
use super::output::{self, limits};
use crate::cli::Consolidate;

pub(crate) fn run(arguments: Consolidate) -> anyhow::Result<Outcome> {
    let flags = Overrides { scope: arguments.run.scope, ..Overrides::default() };
    let input = Input::resolve(&arguments.settings, flags)?;
    if let Some(folder) = &arguments.write {
        check_is_free(folder)?;
        check_is_apart(folder, &arguments.collection.paths())?;
    }

    let progress = arguments.run.start()?;
    let discovery = input.discover(&arguments.collection.paths())?;
    let incomplete = discovery.unreachable;
    input::tell_unread(&discovery);
    let remark = input::remark(&discovery).filter(|_| !incomplete);
    let analysis = input::analyse(discovery, &input.config);
    let mut plan = plan(&analysis, &input.config, !arguments.no_origin);
    progress.stop();

    if let Some(folder) = &arguments.write {
        plan.written = Some(write_drafts(&plan, folder)?);
    } else if arguments.apply {
        plan.written = Some(apply(&plan)?);
    }

    let layout = Layout {
        limits: limits(arguments.all),
        paths: arguments.collection.shown(),
        flags: arguments.collection.flags(&arguments.settings, &arguments.run),
        ..arguments.output.layout()
    };
    arguments.output.write(|out| render_plan(&plan, arguments.output.format, &layout, out))?;
    if let Some(remark) = remark {
        arguments.run.tell(remark);
    }
    let is_refused = plan.written.is_some() && tell_refused(&plan);
    Ok(Outcome::of_reading(incomplete || is_refused))
}

/// Drafts go into a folder of their own, so that none of an earlier run, which
/// somebody may have edited, is lost or mixed with them.
fn check_is_free(folder: &Path) -> anyhow::Result<()> {
    let shown = folder.display();
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => bail!("`{shown}` is not empty: name a new folder for the drafts"),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).with_context(|| format!("looking into `{shown}`")),
    }
}

/// Drafts among the agents would be agents to the next run.
fn check_is_apart(folder: &Path, read: &[PathBuf]) -> anyhow::Result<()> {
    let place = real(folder)?;
    for path in read {
        if place.starts_with(real(path)?) {
            bail!(
                "`{}` lies in `{}`, so that the next run would read the drafts as agents: name a \
                 folder outside of what is read",
                folder.display(),
                path.display()
            );
        }
    }
    Ok(())
}

/// The absolute path without links; of what does not exist yet, with as much of
/// it resolved as exists.
fn real(path: &Path) -> anyhow::Result<PathBuf> {
    let path =
        std::path::absolute(path).with_context(|| format!("finding `{}`", path.display()))?;
    let found = path.ancestors().find_map(|above| Some((above, fs::canonicalize(above).ok()?)));
    Ok(match found {
        Some((above, real)) => match path.strip_prefix(above) {
            Ok(rest) if rest.as_os_str().is_empty() => real,
            Ok(rest) => real.join(rest),
            Err(_) => path,
        },
        None => path,
    })
}

fn write_drafts(plan: &Plan, folder: &Path) -> anyhow::Result<Written> {
    let mut written = Written {
        folder: Some(folder.display().to_string()),
        tokens: plan.summary.tokens.drafts,
        ..Written::default()
    };
    for group in plan.groups.iter().filter(|group| group.is_safe()) {
        let Some(name) = &group.draft.file else {
            continue;
        };
        let file = folder.join(name);
        write(&file, &group.draft.text)?;
        written.changed.push(file.display().to_string());
    }
    Ok(written)
}

/// Writes the merged agents over the kept files, then removes the others, so
/// that at no moment a statement is in no file.
fn apply(plan: &Plan) -> anyhow::Result<Written> {
    let path = |id: u32| plan.agents[id as usize].path.as_str();
    let safe = || plan.groups.iter().filter(|group| group.is_safe());
    let changed: Vec<(&GroupPlan, &str)> =
        safe().filter(|group| group.is_merge()).map(|group| (group, path(group.keep))).collect();
    let removed: Vec<&str> = safe()
        .flat_map(|group| &group.members)
        .filter(|member| member.action != Action::Keep)
        .map(|member| path(member.agent))
        .collect();
    let files: Vec<&str> =
        changed.iter().map(|(_, path)| *path).chain(removed.iter().copied()).collect();
    check_is_committed(&files)?;
    for (group, path) in &changed {
        write(Path::new(path), &group.draft.text)?;
    }
    for path in &removed {
        fs::remove_file(path).with_context(|| format!("removing `{path}`"))?;
    }
    let owned = |paths: Vec<&str>| paths.into_iter().map(str::to_owned).collect();
    Ok(Written {
        folder: None,
        changed: owned(changed.iter().map(|(_, path)| *path).collect()),
        removed: owned(removed),
        tokens: plan.summary.tokens.drafts,
    })
}

/// Only what git can bring back is changed.
fn check_is_committed(files: &[&str]) -> anyhow::Result<()> {
    let folder = std::env::current_dir().context("finding the working folder")?;
    let repository = Repository::at(&folder)
        .context("--apply changes files only in a git work tree, where git can undo it")?;
    let tracked = repository.tracked()?;
    for file in files {
        let path = Path::new(file);
        let is_link = path.is_symlink();
        if is_link || !tracked.contains(path) {
            let why = if is_link { "is a symbolic link" } else { "is not tracked by git here" };
            bail!(
                "`{}` {why}: --apply changes only what git can bring back; run it in the \
                 repository that holds the files",
                clean(file)
            );
        }
    }
    if let Some(changed) = repository.first_uncommitted()? {
        bail!(
            "`{}` has changes that are not committed: commit or stash them first, so that \
             `git diff` shows what --apply did and `git checkout .` undoes it",
            changed.display()
        );
    }
    Ok(())
}

fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| format!("writing `{}`", file.display()))?;
    }
    output::write(Some(file), |out| out.write_all(text.as_bytes()))
}

/// Tells what was not written, and why. Returns whether there is any.
fn tell_refused(plan: &Plan) -> bool {
    let mut stderr = anstream::stderr();
    let refused = plan.groups.iter().filter(|group| !group.is_safe());
    let mut any = false;
    for group in refused {
        any = true;
        let path = clean(&plan.agents[group.keep as usize].path);
        let fault = group.draft.check.faults.first().map_or("", String::as_str);
        let _ = writeln!(
            stderr,
            "error: nothing was written for the group of `{path}`: {}",
            clean(fault)
        );
    }
    any
}
