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
        self.page.layout(self.output.as_deref())
    }

    /// Writes a result to where this says.
    pub(super) fn write(
        &self,
        result: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        write(self.output.as_deref(), result)
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
    let terminal = file
        .is_none()
        .then(|| terminal_size::terminal_size_of(io::stdout()))
        .flatten();
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

/// Writes all or nothing: a new file takes the place of the old one when it is complete.
fn replace_file(
    file: &Path,
    report: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let target = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    // `/dev/null`, a pipe: nothing that could be replaced.
    if target.exists() && !target.is_file() {
        return fill(File::options().write(true).open(&target)?, report);
    }
    let Some(name) = target.file_name() else {
        return Err(io::Error::from(io::ErrorKind::InvalidFilename));
    };
    let draft: PathBuf = target.with_file_name(format!(
        ".{}.{}.tmp",
        name.to_string_lossy(),
        std::process::id()
    ));
    let written = File::create_new(&draft)
        .and_then(|out| {
            // Who may read the old file may read the new one, and nobody else.
            if let Ok(old) = fs::metadata(&target) {
                fs::set_permissions(&draft, old.permissions())?;
            }
            fill(out, report)
        })
        .and_then(|()| fs::rename(&draft, &target));
    if written.is_err() {
        // The first error is the one worth telling.
        let _ = fs::remove_file(&draft);
    }
    written
}

fn fill(file: File, report: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(file);
    report(&mut out)?;
    out.flush()
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
