//! `agent-overlap compare`.

use std::path::{Path, PathBuf};

use agent_overlap::agent;
use agent_overlap::analysis::Analysis;
use agent_overlap::compare::compare;
use agent_overlap::config::Overrides;
use agent_overlap::discover::{Discovery, FoundFile};
use agent_overlap::render::quote::clean;
use agent_overlap::render::{Layout, render_comparison};
use agent_overlap::slip::nearest;
use agent_overlap::source::FileId;
use anyhow::bail;

use super::Outcome;
use super::input::Input;
use super::output::limits;
use crate::cli::Compare;

pub(crate) fn run(arguments: Compare) -> anyhow::Result<Outcome> {
    let input = Input::resolve(&arguments.settings, Overrides::default())?;
    let mut here = None;
    let left = named(&input, &mut here, &arguments.left)?;
    let right = named(&input, &mut here, &arguments.right)?;
    if left.source.path == right.source.path {
        bail!("`{}` twice: two files are needed", clean(&left.source.path));
    }
    let discovery = Discovery { files: vec![left, right], ..Discovery::default() };
    let analysis = Analysis::new(discovery, &input.config).together();
    let comparison = compare(&analysis, 0, 1, &input.config);

    let layout = Layout { limits: limits(arguments.all), ..arguments.output.layout() };
    let format = arguments.output.format;
    arguments.output.write(|out| render_comparison(&comparison, format, &layout, out))?;
    Ok(Outcome::Clean)
}

/// The definitions in the working folder, each with its name.
type Named = Vec<(String, FoundFile)>;

/// The file of this path or, if there is none, the definition of this name in
/// the working folder, which is read once, into `here`.
fn named(input: &Input, here: &mut Option<Named>, name: &Path) -> anyhow::Result<FoundFile> {
    let is_name = !name.exists() && name.components().count() == 1 && name.extension().is_none();
    if is_name {
        let named = match here {
            Some(named) => named,
            None => here.insert(all_named(input)?),
        };
        return by_name(named, &name.to_string_lossy());
    }
    if name.is_dir() {
        bail!(
            "`{}` is a folder; name a file in it, or compare all with `agent-overlap audit`",
            name.display()
        );
    }
    let mut discovery = input.discover(&[name.to_owned()])?;
    match discovery.files.pop() {
        Some(file) if file.source.text.trim().is_empty() => {
            bail!("`{}` is empty: there is nothing to compare", name.display())
        }
        Some(file) => Ok(file),
        None => bail!("`{}`: {}", name.display(), why_not(&discovery)),
    }
}

fn all_named(input: &Input) -> anyhow::Result<Named> {
    let discovery = input.discover(&[PathBuf::from(".")])?;
    let named = discovery.files.into_iter().map(|file| {
        let agent = agent::parse(FileId(0), &file.source, file.origin.clone());
        (agent.name, file)
    });
    Ok(named.collect())
}

/// Why a file that was named is not among the definitions.
fn why_not(discovery: &Discovery) -> String {
    let problem = discovery.problems.first().map(|problem| problem.message.clone());
    let skipped = discovery.skipped.first().map(|file| file.reason.as_str().to_owned());
    problem.or(skipped).unwrap_or_else(|| "no definition".to_owned())
}

/// The definition of this name or, where there is none, in the file of this name.
fn by_name(named: &[(String, FoundFile)], name: &str) -> anyhow::Result<FoundFile> {
    let files = |is_meant: &dyn Fn(&(String, FoundFile)) -> bool| -> Vec<&FoundFile> {
        let meant = named.iter().filter(|one| is_meant(one));
        meant.map(|(_, file)| file).collect()
    };
    let is_file = |file: &FoundFile| {
        let stem = Path::new(&file.source.path).file_stem();
        stem.is_some_and(|stem| stem == name)
    };
    let (mut found, mut what) = (files(&|(other, _)| other == name), "agents");
    if found.is_empty() {
        (found, what) = (files(&|(_, file)| is_file(file)), "files");
    }
    match found.as_slice() {
        [file] => Ok((*file).clone()),
        [] => match nearest(name, named.iter().map(|(other, _)| other.as_str())) {
            Some(near) => {
                let near = clean(near);
                bail!("no file and no agent here is called `{name}`; did you mean `{near}`?")
            }
            None => bail!("no file and no agent here is called `{name}`"),
        },
        several => {
            let paths: Vec<String> =
                several.iter().map(|file| format!("\n  {}", clean(&file.source.path))).collect();
            bail!("{} {what} are called `{name}`; name the file:{}", several.len(), paths.concat())
        }
    }
}
