//! A page of bounded length. What does not fit is counted, not cut through.

/// Characters of a page. A comment on GitHub holds 65,536; the rest is left
/// for what a workflow may add.
const MAX_CHARS: usize = 60_000;

/// Characters that are kept for the lines that say what was cut, and for the
/// ends of what is open.
const RESERVE: usize = 1_000;

/// A page that is being written.
#[derive(Default)]
pub(super) struct Page {
    text: String,
    n_chars: usize,
}

impl Page {
    /// Adds a block and a blank line, if there is room for it; else says so.
    pub(super) fn add(&mut self, block: &str) -> bool {
        let n_chars = block.chars().count() + 2;
        let fits = self.n_chars + n_chars <= MAX_CHARS - RESERVE;
        if fits {
            self.push(block, n_chars);
        }
        fits
    }

    /// Adds a short block of our own words, for which room is kept.
    pub(super) fn close(&mut self, block: &str) {
        self.push(block, block.chars().count() + 2);
    }

    fn push(&mut self, block: &str, n_chars: usize) {
        self.n_chars += n_chars;
        self.text.push_str(block);
        self.text.push_str("\n\n");
    }

    /// The text, ending in one line end.
    pub(super) fn finish(mut self) -> String {
        self.text.truncate(self.text.trim_end().len());
        self.text.push('\n');
        self.text
    }
}
