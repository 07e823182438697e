//! Where a report goes, and how it looks there.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use agent_overlap::render::{Layout, Limits};
use anyhow::Context;
use clap::ValueEnum;

use crate::cli::{Color, Output, Page};

/// Columns where no terminal tells.
const WIDTH: usize = 100;

impl<F: ValueEnum + Clone + Send + Sync + 'static> Output<F> {
    /// The layout of a text that goes where this says.
    pub(super) fn layout(&self) -> Layout {
        self.page.layout(self.file())
    }

    /// Writes a result to where this says.
    pub(super) fn write(
        &self,
        result: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        write(self.file(), result)
    }

    /// The file to write; `-` is the standard output, as without one.
    fn file(&self) -> Option<&Path> {
        let file = self.output.as_deref();
        file.filter(|file| *file != Path::new("-"))
    }
}

impl Page {
    /// The layout of a text that goes to `file`, or to the standard output without one.
    pub(super) fn layout(&self, file: Option<&Path>) -> Layout {
        Layout {
            width: self.width.map_or_else(|| width(file), usize::from),
            color: has_color(self.color, file),
            ..Layout::default()
        }
    }
}

/// How much is shown.
pub(super) fn limits(all: bool) -> Limits {
    if all { Limits::ALL } else { Limits::default() }
}

/// Columns of a text report: those of the terminal that shows it.
fn width(file: Option<&Path>) -> usize {
    let terminal = file.is_none().then(|| terminal_size::terminal_size_of(io::stdout())).flatten();
    terminal.map_or(WIDTH, |(width, _)| usize::from(width.0))
}

/// Whether a text report is coloured.
fn has_color(color: Color, file: Option<&Path>) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            file.is_none()
                && anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
        }
    }
}

/// Writes a report to `file`, or to the standard output without one. A reader
/// that goes away, as `head` does, has what it wanted: that is no error.
pub(super) fn write(
    file: Option<&Path>,
    report: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    let written = match file {
        Some(file) => replace_file(file, report),
        None => print(report),
    };
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.with_context(|| match file {
            Some(file) => format!("writing `{}`", file.display()),
            None => "writing the report".to_owned(),
        }),
    }
}

/// Writes a report to the standard output.
fn print(report: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let stdout = io::stdout();
    // A terminal of an older Windows needs the colours translated.
    let choice = if stdout.is_terminal() {
        anstream::ColorChoice::Always
    } else {
        anstream::ColorChoice::AlwaysAnsi
    };
    let mut out = BufWriter::new(anstream::AutoStream::new(stdout.lock(), choice));
    report(&mut out)?;
    out.flush()
}

/// Writes all or nothing: a new file takes the place of the old one when it is
/// complete. Of a symbolic link that is the file it leads to, there or not yet.
fn replace_file(
    file: &Path,
    report: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let target = behind_links(file)?;
    // `/dev/null`, a pipe: nothing that could be replaced.
    if target.exists() && !target.is_file() {
        fill(File::options().write(true).open(&target)?, report)?;
        return Ok(());
    }
    let (draft, out) = create_beside(&target)?;
    let written = complete(out, &draft, &target, report);
    if written.is_err() {
        // The first error is the one worth telling.
        let _ = fs::remove_file(&draft);
    }
    written
}

/// Links that are followed one after the other, as many as Linux follows.
const MAX_LINKS: usize = 40;

/// The path that a path leads to by symbolic links, whether a file is there or not.
fn behind_links(file: &Path) -> io::Result<PathBuf> {
    let mut target = file.to_owned();
    for _ in 0..MAX_LINKS {
        let Ok(next) = fs::read_link(&target) else {
            return Ok(target);
        };
        // A relative link starts from its own folder.
        target = target.parent().unwrap_or(Path::new("")).join(next);
    }
    Err(io::Error::other("too many symbolic links"))
}

/// Names that are tried for a new file, of which an earlier run that was
/// stopped may have left some.
const MAX_NAMES: usize = 100;

/// Creates a file of a name that nobody has, in the folder of another one.
fn create_beside(target: &Path) -> io::Result<(PathBuf, File)> {
    let Some(name) = target.file_name() else {
        return Err(io::Error::from(io::ErrorKind::InvalidFilename));
    };
    let (name, id) = (name.to_string_lossy(), std::process::id());
    for nth in 0..MAX_NAMES {
        let path = target.with_file_name(format!(".{name}.{id}-{nth}.tmp"));
        match File::create_new(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists))
}

/// Fills a new file and puts it in the place of the old one.
fn complete(
    out: File,
    draft: &Path,
    target: &Path,
    report: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    // Who may read the old file may read the new one, and nobody else.
    if let Ok(old) = fs::metadata(target) {
        fs::set_permissions(draft, old.permissions())?;
    }
    // The new name must not reach the disk before the text.
    fill(out, report)?.sync_all()?;
    fs::rename(draft, target)
}

fn fill(file: File, report: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<File> {
    let mut out = BufWriter::new(file);
    report(&mut out)?;
    out.into_inner().map_err(io::IntoInnerError::into_error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_report_leaves_the_old_file_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report.txt");
        write(Some(&file), |out| out.write_all(b"old")).unwrap();
        let failed = write(Some(&file), |out| {
            out.write_all(b"new")?;
            Err(io::Error::other("no more"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_to_string(&file).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_of_the_same_passing_name_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let id = std::process::id();
        let foreign = folder.path().join(format!(".report.txt.{id}-0.tmp"));
        fs::write(&foreign, "mine").unwrap();
        let file = folder.path().join("report.txt");
        write(Some(&file), |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(fs::read_to_string(&foreign).unwrap(), "mine");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_what_it_leads_to_is_written() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("reports")).unwrap();
        symlink("reports/new.txt", path("one")).unwrap();
        symlink("one", path("two")).unwrap();
        // The first time the link leads nowhere.
        for text in ["first", "second"] {
            write(Some(&path("two")), |out| out.write_all(text.as_bytes())).unwrap();
            assert_eq!(fs::read_to_string(path("reports/new.txt")).unwrap(), text);
            assert!(path("one").is_symlink() && path("two").is_symlink());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_cannot_be_written_through_stays() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        for target in ["loop", "no-such-folder/new.txt"] {
            let link = folder.path().join("loop");
            symlink(target, &link).unwrap();
            assert!(write(Some(&link), |out| out.write_all(b"new")).is_err());
            assert!(link.is_symlink());
            fs::remove_file(&link).unwrap();
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_written_anew_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("agent.md");
        for mode in [0o600, 0o755, 0o640] {
            fs::write(&file, "old").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            write(Some(&file), |out| out.write_all(b"new")).unwrap();
            let now = fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(now & 0o777, mode);
            assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        }
    }
}
