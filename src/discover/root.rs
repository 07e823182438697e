//! The paths of the command line, and how what lies below them is shown.

use std::fs;
use std::io;
use std::path::{Component, MAIN_SEPARATOR, Path, PathBuf};

use super::{DiscoverOptions, Discovery, unreachable_at};
use crate::error::Error;
use crate::source::Problem;

/// A path of the command line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Root {
    /// The absolute path without links.
    pub(super) real: PathBuf,
    /// The path as shown; empty for the working folder, `..` for the one above it.
    pub(super) shown: String,
    /// The absolute path of the working folder, where that lies deeper.
    pub(super) working_folder: Option<PathBuf>,
    pub(super) is_folder: bool,
}

pub(super) fn roots(
    paths: &[PathBuf],
    options: &DiscoverOptions,
    found: &mut Discovery,
) -> Result<Vec<Root>, Error> {
    let working_folder = fs::canonicalize(&options.working_folder)
        .map_err(|source| Error::Read { path: options.working_folder.clone(), source })?;
    let mut roots = Vec::with_capacity(paths.len());
    for path in paths {
        let home = options.home_folder.as_ref().zip(path.strip_prefix("~").ok());
        let full = home.map_or_else(|| working_folder.join(path), |(home, rest)| home.join(rest));
        let (real, kind) = match fs::canonicalize(&full)
            .and_then(|real| Ok((fs::metadata(&real)?.file_type(), real)))
        {
            Ok((kind, real)) => (real, kind),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Error::NoSuchPath { path: path.clone() });
            }
            Err(error) => {
                unreachable_at(found, spelled(path), &error);
                continue;
            }
        };
        let shown = root_shown(&real, &working_folder, path);
        if kind.is_dir() || kind.is_file() {
            let is_around = working_folder != real && working_folder.starts_with(&real);
            roots.push(Root {
                working_folder: is_around.then(|| working_folder.clone()),
                real,
                shown,
                is_folder: kind.is_dir(),
            });
        } else {
            found.problems.push(Problem {
                path: shown,
                line: None,
                message: "is neither a file nor a folder, and was not opened".to_owned(),
            });
            found.unreachable = true;
        }
    }
    roots.sort();
    roots.dedup();
    Ok(roots)
}

/// How a path of the command line is shown: from the working folder where it
/// lies below or above that, else as `typed`.
fn root_shown(real: &Path, working_folder: &Path, typed: &Path) -> String {
    if real.starts_with(working_folder) || working_folder.starts_with(real) {
        relative(real, working_folder)
    } else {
        spelled(typed)
    }
}

/// The way from one folder to a file or folder, both absolute.
fn relative(real: &Path, from: &Path) -> String {
    let common = from.ancestors().find_map(|above| {
        let rest = real.strip_prefix(above).ok()?;
        Some((above, rest))
    });
    let Some((above, rest)) = common else {
        return spelled(real);
    };
    let levels = from.components().count() - above.components().count();
    joined(&climbed("", levels), &spelled(rest))
}

/// A path as shown: separated by `/`, without `.` and doubled separators.
pub fn spelled(path: &Path) -> String {
    let mut shown = String::new();
    for part in path.components() {
        match part {
            Component::RootDir => shown.push('/'),
            Component::CurDir => {}
            part => {
                if !shown.is_empty() && !shown.ends_with('/') {
                    shown.push('/');
                }
                shown.push_str(&part.as_os_str().to_string_lossy());
            }
        }
    }
    shown
}

pub(super) fn joined(folder: &str, rest: &str) -> String {
    match (folder, rest) {
        ("", _) => rest.to_owned(),
        (_, "") => folder.to_owned(),
        _ if folder.ends_with('/') => [folder, rest].concat(),
        _ => [folder, "/", rest].concat(),
    }
}

/// The shown path of the folder `levels` above the one shown as `shown`.
pub(super) fn climbed(shown: &str, levels: usize) -> String {
    let mut shown = shown.to_owned();
    for _ in 0..levels {
        let (folder, last) = shown.rsplit_once('/').unwrap_or(("", &shown));
        shown = match last {
            "" | ".." => joined(&shown, ".."),
            _ if folder.is_empty() && shown.starts_with('/') => "/".to_owned(),
            _ => folder.to_owned(),
        };
    }
    shown
}

impl Root {
    /// How an absolute path is shown: one below the root, or a folder above it.
    /// Below one that holds the working folder it is shown from there.
    pub(super) fn shown(&self, real: &Path) -> String {
        if let Some(folder) = &self.working_folder {
            return relative(real, folder);
        }
        if let Some(rest) = self.spelled_below(real) {
            return joined(&self.shown, rest);
        }
        if let Ok(rest) = real.strip_prefix(&self.real) {
            return joined(&self.shown, &spelled(rest));
        }
        let levels = self.real.strip_prefix(real).map_or(0, |rest| rest.components().count());
        climbed(&self.shown, levels)
    }

    /// What follows the root in the path of something below it, where that is
    /// spelled as it is shown: paths of a walk are.
    fn spelled_below<'a>(&self, real: &'a Path) -> Option<&'a str> {
        let rest = real.to_str()?.strip_prefix(self.real.to_str()?)?;
        let rest = rest.strip_prefix(MAIN_SEPARATOR)?;
        let mut parts = rest.as_bytes().split(|&byte| byte == b'/');
        let is_spelled = MAIN_SEPARATOR == '/' && parts.all(|part| !matches!(part, b"" | b"."));
        is_spelled.then_some(rest)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_lies_below_a_root_is_shown_below_it() {
        for (real, shown, path, expected) in [
            ("/a/b", "b", "/a/b/c/d.md", "b/c/d.md"),
            ("/a/b", "", "/a/b/c.md", "c.md"),
            ("/a/b", "../b", "/a/b", "../b"),
            ("/a/b", "b", "/a/b//c/./d.md", "b/c/d.md"),
            ("/", "/", "/c.md", "/c.md"),
            ("/a/b", "b", "/a", ""),
        ] {
            let root = Root {
                real: PathBuf::from(real),
                shown: shown.to_owned(),
                working_folder: None,
                is_folder: true,
            };
            assert_eq!(root.shown(Path::new(path)), expected, "{path}");
        }
    }

    #[test]
    fn below_a_root_that_holds_the_working_folder_paths_begin_there() {
        let root = Root {
            real: PathBuf::from("/a"),
            shown: root_shown(Path::new("/a"), Path::new("/a/b/c"), Path::new("/a/")),
            working_folder: Some(PathBuf::from("/a/b/c")),
            is_folder: true,
        };
        for (path, expected) in [
            ("/a/b/c/d.md", "d.md"),
            ("/a/b/c", ""),
            ("/a/b/d.md", "../d.md"),
            ("/a/d.md", "../../d.md"),
            ("/a", "../.."),
        ] {
            assert_eq!(root.shown(Path::new(path)), expected, "{path}");
        }
    }
}
