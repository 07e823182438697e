//! The program from outside: files in, output and exit code out.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in helpers too")]

mod audit;
mod baseline;
#[cfg(unix)]
mod browser;
mod compare;
mod consolidate;
mod determinism;
mod explain;
mod facets;
mod formats;
mod hostile;
mod house;
mod html;
#[cfg(unix)]
mod integrations;
#[cfg(unix)]
mod interaction;
mod readme;
mod redundancy;
mod review;
mod route;
mod schema;
mod shells;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// A run that takes longer hangs. No run comes near, on any machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Address space of a run, in KiB. What a run needs is far below.
const MEMORY_KIB: u32 = 1_000_000;

/// How a run of the program ended.
#[derive(Debug)]
struct Run {
    /// The exit code; `None` if a signal ended it.
    code: Option<i32>,
    stdout: Vec<u8>,
    stderr: String,
}

impl Run {
    /// The standard output as JSON.
    fn json(&self) -> Value {
        serde_json::from_slice(&self.stdout)
            .unwrap_or_else(|error| panic!("no JSON: {error}\n{}", self.stderr))
    }

    /// The standard output as text.
    fn text(&self) -> &str {
        str::from_utf8(&self.stdout).expect("the output is UTF-8")
    }
}

/// Runs the program in `folder` to its end, within bounds of memory and time.
fn run(folder: &Path, arguments: &[&str]) -> Run {
    run_within(PATIENCE, folder, arguments)
}

/// The same, with a limit of time of its own: a run that takes longer is ended,
/// and the test fails.
fn run_within(patience: Duration, folder: &Path, arguments: &[&str]) -> Run {
    let deadline = Instant::now() + patience;
    let mut child = bounded_program()
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let stdout = read_aside(child.stdout.take().expect("it is piped"));
    let stderr = read_aside(child.stderr.take().expect("it is piped"));
    // Both pipes end with the child at the latest.
    let [stdout, stderr] = [stdout, stderr].map(|pipe| {
        let rest = deadline.saturating_duration_since(Instant::now());
        pipe.recv_timeout(rest).unwrap_or_else(|_| {
            child.kill().expect("a child may be killed");
            panic!("`{}` takes more than {patience:?}", arguments.join(" "));
        })
    });
    let status = child.wait().expect("a child may be waited for");
    Run { code: status.code(), stdout, stderr: String::from_utf8_lossy(&stderr).into_owned() }
}

/// The program, where possible under a limit of memory.
fn bounded_program() -> Command {
    let program = env!("CARGO_BIN_EXE_agent-overlap");
    if cfg!(not(target_os = "linux")) {
        return Command::new(program);
    }
    let script = format!("ulimit -v {MEMORY_KIB} && exec \"$0\" \"$@\"");
    let mut shell = Command::new("sh");
    shell.args(["-c", &script, program]);
    shell
}

/// Reads a pipe to its end in a thread of its own, so that neither pipe of a child fills up.
fn read_aside(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = pipe.read_to_end(&mut bytes);
        // The receiver is gone where the test has failed by now.
        let _ = sender.send(read.map_or_else(|_| Vec::new(), |_| bytes));
    });
    receiver
}

/// Writes a file below `folder`, with the folders that lead to it.
fn write(folder: &Path, path: &str, content: impl AsRef<[u8]>) {
    let file = folder.join(path);
    fs::create_dir_all(file.parent().expect("it lies below a folder")).unwrap();
    fs::write(file, content).unwrap();
}

/// The folder of this package.
fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn fixture(folder: &str) -> PathBuf {
    repository().join("fixtures").join(folder)
}

/// The names of the folders of `fixtures/`, sorted.
fn fixtures() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(repository().join("fixtures"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Runs git in `folder`, undisturbed by the settings of who runs the test.
/// Returns the standard output.
fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.org"])
        .args(["-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", folder.join("no-such-file"))
        .output()
        .expect("git is installed");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "git {arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}
