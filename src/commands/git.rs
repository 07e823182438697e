//! What git knows about the working folder. Git is called as a program.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

/// The part of a repository that lies in one folder. Paths are relative to it.
#[derive(Debug)]
pub(super) struct Repository {
    folder: PathBuf,
}

/// A file that differs from a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileChange {
    /// Where it lies in the working tree; `None` if it is gone.
    pub(super) path: Option<PathBuf>,
    /// Where it lay in the commit; `None` if it is new.
    pub(super) old_path: Option<PathBuf>,
}

impl Repository {
    /// The repository that holds `folder`.
    pub(super) fn at(folder: &Path) -> anyhow::Result<Self> {
        let repository = Self {
            folder: folder.to_owned(),
        };
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
            .line([
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &commit,
            ])
            .with_context(|| {
                format!(
                    "git knows no commit `{rev}`; a shallow clone has to fetch it first \
                     (with actions/checkout: `fetch-depth: 0`)"
                )
            })?;
        Ok(self.line(["merge-base", &commit, "HEAD"]).unwrap_or(commit))
    }

    /// Files of the working tree that differ from `commit`, untracked ones
    /// included, ignored ones not.
    pub(super) fn changes(&self, commit: &str) -> anyhow::Result<Vec<FileChange>> {
        let tracked = self.git([
            "diff",
            "--name-status",
            "-z",
            "--find-renames",
            "--relative",
            "--no-ext-diff",
            commit,
            "--",
        ])?;
        let untracked = self.git(["ls-files", "--others", "--exclude-standard", "-z"])?;
        let mut changes = parse_status(&tracked).context("reading the output of `git diff`")?;
        changes.extend(fields(&untracked).map(|path| FileChange {
            path: Some(path_of(path)),
            old_path: None,
        }));
        Ok(changes)
    }

    /// What a file holds in `commit`.
    pub(super) fn file(&self, commit: &str, path: &Path) -> anyhow::Result<Vec<u8>> {
        let mut object = OsString::from(format!("{commit}:./"));
        object.push(path);
        self.git([OsStr::new("cat-file"), OsStr::new("blob"), &object])
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

/// The fields of output that ends each with NUL.
fn fields(output: &[u8]) -> impl Iterator<Item = &[u8]> {
    output
        .split(|&byte| byte == 0)
        .filter(|field| !field.is_empty())
}

/// Reads `git diff --name-status -z`: a letter, then one path, or two where a
/// file was renamed or copied.
fn parse_status(output: &[u8]) -> Option<Vec<FileChange>> {
    let mut fields = fields(output);
    let mut changes = Vec::new();
    while let Some(status) = fields.next() {
        let first = path_of(fields.next()?);
        changes.push(match status[0] {
            b'A' => FileChange {
                path: Some(first),
                old_path: None,
            },
            b'D' => FileChange {
                path: None,
                old_path: Some(first),
            },
            b'R' => FileChange {
                path: Some(path_of(fields.next()?)),
                old_path: Some(first),
            },
            b'C' => FileChange {
                path: Some(path_of(fields.next()?)),
                old_path: None,
            },
            _ => FileChange {
                path: Some(first.clone()),
                old_path: Some(first),
            },
        });
    }
    Some(changes)
}

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
    fn each_status_has_its_paths() {
        let output = b"M\0a b.md\0R087\0old.md\0new.md\0D\0gone.md\0A\0\xc3\xa9.md\0";
        let pair = |change: &FileChange| {
            let text =
                |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
            (text(&change.old_path), text(&change.path))
        };
        let changes = parse_status(output).unwrap();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            changes.iter().map(pair).collect::<Vec<_>>(),
            [
                (some("a b.md"), some("a b.md")),
                (some("old.md"), some("new.md")),
                (some("gone.md"), None),
                (None, some("é.md")),
            ]
        );
        assert_eq!(parse_status(b"R100\0only.md\0"), None);
    }
}
