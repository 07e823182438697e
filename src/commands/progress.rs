//! A sign of life for runs that take a while.

use std::io::{self, IsTerminal};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::ProgressBar;

/// Runs shorter than this show nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// Time between two pictures of the spinner.
const TICK: Duration = Duration::from_millis(100);

/// A spinner on the standard error output, if that is a terminal and the run takes longer than [`PATIENCE`].
#[derive(Debug)]
pub(crate) struct Progress {
    watcher: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins to wait.
    pub(crate) fn start(quiet: bool) -> Self {
        if quiet || !io::stderr().is_terminal() {
            return Self { watcher: None };
        }
        let (sender, done) = mpsc::channel();
        let thread = thread::spawn(move || {
            if done.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let spinner = ProgressBar::new_spinner().with_message("reading and comparing");
            spinner.enable_steady_tick(TICK);
            // Returns when the sender is dropped, which is what it waits for.
            let _ = done.recv();
            spinner.finish_and_clear();
        });
        Self { watcher: Some((sender, thread)) }
    }

    /// Takes the spinner away.
    pub(crate) fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if let Some((sender, thread)) = self.watcher.take() {
            drop(sender);
            // A spinner that panicked is no reason to fail.
            let _ = thread.join();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}
