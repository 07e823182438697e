//! What git knows about the working folder. Git is called as a program.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

/// A repository, seen from one of its folders. Paths are relative to that.
#[derive(Debug)]
pub(super) struct Repository {
    folder: PathBuf,
}

/// A file that differs from a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileChange {
    /// Where it lies in the working tree; `None` if it is gone.
    pub(super) path: Option<PathBuf>,
    /// What the commit has; `None` if the file is new, or a link before.
    pub(super) old: Option<OldFile>,
}

/// A file of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OldFile {
    /// Where it lay.
    pub(super) path: PathBuf,
    /// Git's name of what it held.
    blob: String,
}

impl Repository {
    /// The repository that holds `folder`.
    pub(super) fn at(folder: &Path) -> anyhow::Result<Self> {
        let repository = Self { folder: folder.to_owned() };
        repository
            .git(["rev-parse", "--is-inside-work-tree"])
            .context("looking for a git work tree")?;
        Ok(repository)
    }

    /// The commit at which the current branch left `rev`; `rev` itself where
    /// the two have no history in common, as far as it was fetched.
    pub(super) fn fork_point(&self, rev: &str) -> anyhow::Result<String> {
        let commit = format!("{rev}^{{commit}}");
        let commit = self
            .line(["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])
            .with_context(|| {
            format!(
                "git knows no commit `{rev}`; a shallow clone has to fetch it first \
                     (with actions/checkout: `fetch-depth: 0`)"
            )
        })?;
        Ok(self.line(["merge-base", &commit, "HEAD"]).unwrap_or(commit))
    }

    /// Files of the whole working tree that differ from `commit`, untracked ones
    /// included, ignored ones not. Those outside of the folder begin with `..`.
    pub(super) fn changes(&self, commit: &str) -> anyhow::Result<Vec<FileChange>> {
        let tracked = self.git([
            "diff", "--raw", "--no-abbrev", "-z", "--find-renames", "--no-relative",
            "--no-ext-diff", commit, "--",
        ])?;
        let untracked =
            self.git(["ls-files", "--others", "--exclude-standard", "--full-name", "-z", ":/"])?;
        let mut changes = parse_raw(&tracked).context("reading the output of `git diff`")?;
        changes.extend(
            fields(&untracked).map(|path| FileChange { path: Some(path_of(path)), old: None }),
        );
        let folder = PathBuf::from(self.line(["rev-parse", "--show-prefix"])?);
        for change in &mut changes {
            let old = change.old.as_mut().map(|old| &mut old.path);
            for path in change.path.iter_mut().chain(old) {
                *path = relative(path, &folder);
            }
        }
        Ok(changes)
    }

    /// What a file of a commit holds.
    pub(super) fn content(&self, file: &OldFile) -> anyhow::Result<Vec<u8>> {
        self.git(["cat-file", "blob", &file.blob])
            .with_context(|| format!("reading `{}` as it was", file.path.display()))
    }

    /// The files of the folder that git tracks.
    pub(super) fn tracked(&self) -> anyhow::Result<BTreeSet<PathBuf>> {
        let files = self.git(["ls-files", "-z"])?;
        Ok(fields(&files).map(path_of).collect())
    }

    /// A tracked file of the whole work tree that differs from the last commit.
    pub(super) fn first_uncommitted(&self) -> anyhow::Result<Option<PathBuf>> {
        let status = self.git(["status", "--porcelain", "-z", "--untracked-files=no"])?;
        // Two letters and a blank, then the path.
        let first = fields(&status).next().and_then(|entry| entry.get(3..));
        Ok(first.map(path_of))
    }

    fn line<const N: usize>(&self, arguments: [&str; N]) -> anyhow::Result<String> {
        let output = self.git(arguments)?;
        Ok(String::from_utf8_lossy(&output).trim().to_owned())
    }

    /// Runs git; what it prints on the standard output.
    fn git<const N: usize>(&self, arguments: [impl AsRef<OsStr>; N]) -> anyhow::Result<Vec<u8>> {
        let output = Command::new("git")
            .args(&arguments)
            .current_dir(&self.folder)
            // Reading takes no locks: another git may be at work.
            .env("GIT_OPTIONAL_LOCKS", "0")
            .output()
            .context("running `git`, which has to be installed for this")?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let verb = arguments[0].as_ref().to_string_lossy();
            match said.trim() {
                "" => bail!("`git {verb}` failed"),
                said => bail!("`git {verb}` failed: {said}"),
            }
        }
        Ok(output.stdout)
    }
}

/// A path from the root of the work tree, as it is called in `folder`.
fn relative(path: &Path, folder: &Path) -> PathBuf {
    let (mut path, mut folder) = (path.components().peekable(), folder.components().peekable());
    while path.peek().is_some() && path.peek() == folder.peek() {
        path.next();
        folder.next();
    }
    folder.map(|_| Component::ParentDir).chain(path).collect()
}

/// The fields of output that ends each with NUL.
fn fields(output: &[u8]) -> impl Iterator<Item = &[u8]> {
    output.split(|&byte| byte == 0).filter(|field| !field.is_empty())
}

/// Reads `git diff --raw -z`: a line about modes, blobs and status, then one
/// path, or two where a file was renamed or copied.
fn parse_raw(output: &[u8]) -> Option<Vec<FileChange>> {
    let mut fields = fields(output);
    let mut changes = Vec::new();
    while let Some(about) = fields.next() {
        let about = str::from_utf8(about).ok()?.strip_prefix(':')?;
        let [old_mode, _, old_blob, _, status] = about.split(' ').collect::<Vec<_>>()[..] else {
            return None;
        };
        let first = path_of(fields.next()?);
        let (old_path, path) = match status.as_bytes().first()? {
            b'A' => (None, Some(first)),
            b'D' => (Some(first), None),
            b'R' => (Some(first), Some(path_of(fields.next()?))),
            b'C' => (None, Some(path_of(fields.next()?))),
            _ => (Some(first.clone()), Some(first)),
        };
        let old = old_path.filter(|_| old_mode.starts_with(REGULAR_FILE));
        changes.push(FileChange {
            path,
            old: old.map(|path| OldFile { path, blob: old_blob.to_owned() }),
        });
    }
    Some(changes)
}

/// What git's modes of files that are no links and no submodules begin with.
const REGULAR_FILE: &str = "100";

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_count_from_the_folder() {
        for (path, folder, expected) in [
            ("a/b.md", "", "a/b.md"),
            ("a/b.md", "a/", "b.md"),
            ("a/b.md", "a/c/", "../b.md"),
            ("b.md", "a/c/", "../../b.md"),
            ("ab/c.md", "a/", "../ab/c.md"),
        ] {
            assert_eq!(relative(Path::new(path), Path::new(folder)), Path::new(expected));
        }
    }

    #[test]
    fn each_status_has_its_paths() {
        let output = b":100644 100644 a1 b1 M\0a b.md\0:100644 100755 a2 b2 R087\0old.md\0new.md\0\
            :100644 000000 a3 00 D\0gone.md\0:000000 100644 00 b4 A\0\xc3\xa9.md\0\
            :120000 100644 a5 b5 T\0link.md\0";
        let text = |path: &Path| path.display().to_string();
        let changes: Vec<_> = parse_raw(output)
            .unwrap()
            .iter()
            .map(|change| {
                let old = change.old.as_ref();
                (
                    old.map(|old| (text(&old.path), old.blob.clone())),
                    change.path.as_deref().map(text),
                )
            })
            .collect();
        let old = |path: &str, blob: &str| Some((path.to_owned(), blob.to_owned()));
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            changes,
            [
                (old("a b.md", "a1"), some("a b.md")),
                (old("old.md", "a2"), some("new.md")),
                (old("gone.md", "a3"), None),
                (None, some("é.md")),
                (None, some("link.md")),
            ]
        );
        assert_eq!(parse_raw(b":100644 100644 a b R100\0only.md\0"), None);
    }
}
