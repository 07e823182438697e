//! Files in memory, and places in them.
//!
//! Analysis keeps byte [`Span`]s; lines and columns are computed where
//! something is shown, by [`LineIndex`].

use std::sync::OnceLock;

use memchr::{memchr2, memchr2_iter, memrchr2};

/// Index of a file among the files of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

impl FileId {
    /// The index, for slices.
    pub fn idx(self) -> usize {
        self.0 as usize
    }
}

/// A half-open range of bytes `start..end` in one file's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of `start..end`. The configuration keeps texts below 4 GiB.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Self { start: start as u32, end: end as u32 }
    }

    /// The range, for slices.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Length in bytes.
    pub fn byte_len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The text under the span.
    ///
    /// # Panics
    /// If the span does not lie in `text` on character boundaries, that is, if
    /// it was made for another text.
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
    }
}

/// The mark with which some programs begin a file of UTF-8.
pub(crate) const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// A file that was read: its name as shown and its decoded text.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path as shown, relative to the working folder where possible, separated by `/`.
    pub path: String,
    /// The text: UTF-8, without a byte-order mark.
    pub text: String,
    /// Whether the file begins with the byte-order mark of UTF-8, which has to
    /// come back where the file is written again.
    pub has_mark: bool,
}

impl SourceFile {
    /// A file without a byte-order mark.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into(), has_mark: false }
    }
}

/// All files of a run, each with its line index once it is asked for.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
    lines: Vec<OnceLock<LineIndex>>,
}

impl Sources {
    /// Keeps the order of `files`: a [`FileId`] is a place in it.
    pub fn new(files: Vec<SourceFile>) -> Self {
        let lines = files.iter().map(|_| OnceLock::new()).collect();
        Self { files, lines }
    }

    /// All files, in order.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// What stands before the text of a file: a byte-order mark or nothing.
    pub fn mark(&self, file: FileId) -> &'static str {
        if self.files[file.idx()].has_mark { BYTE_ORDER_MARK } else { "" }
    }

    /// Path of a file, as shown.
    pub fn path(&self, file: FileId) -> &str {
        &self.files[file.idx()].path
    }

    /// Text of a file.
    pub fn text(&self, file: FileId) -> &str {
        &self.files[file.idx()].text
    }

    /// First and last line of a span, from 1.
    pub fn lines(&self, file: FileId, span: Span) -> (u32, u32) {
        self.index(file).lines(span)
    }

    /// Line and column of a byte.
    pub fn position(&self, file: FileId, offset: u32) -> Position {
        self.index(file).position(self.text(file), offset)
    }

    fn index(&self, file: FileId) -> &LineIndex {
        self.lines[file.idx()].get_or_init(|| LineIndex::new(self.text(file)))
    }
}

/// Whether a path, as shown, is `folder` or lies below it. The working folder is
/// empty and lies below `..`; what lies below `~` or an absolute path does so as
/// it is spelled alone.
///
/// ```
/// use agent_overlap::source::lies_below;
/// assert!(lies_below("app/a.md", "app") && lies_below("app/a.md", ".."));
/// assert!(!lies_below("../lib/a.md", "") && !lies_below("~/a.md", ""));
/// ```
pub fn lies_below(path: &str, folder: &str) -> bool {
    if holds_working_folder(folder) {
        return !path.starts_with('/') && !is_of_user(path) && n_climbs(path) <= n_climbs(folder);
    }
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || folder.ends_with('/'))
}

/// Whether a folder, as shown, is the working folder or one above it.
pub(crate) fn holds_working_folder(folder: &str) -> bool {
    folder.is_empty() || folder.split('/').all(|part| part == "..")
}

/// Whether a path, as shown, is spelled from the user's home folder.
pub(crate) fn is_of_user(path: &str) -> bool {
    path == "~" || path.starts_with("~/")
}

/// How many folders a path climbs from the working folder before it names one.
fn n_climbs(path: &str) -> usize {
    path.split('/').take_while(|part| *part == "..").count()
}

/// The lines of a text without what ends them, `\n` or `\r`; an empty one
/// stands between the two of `\r\n`.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    let ends = memchr2_iter(b'\n', b'\r', text.as_bytes());
    ends.chain([text.len()]).map(move |end| {
        let line = &text[start..end];
        start = end + 1;
        line
    })
}

/// The last byte of each line break: `\n`, `\r\n` or a lone `\r`.
pub(crate) fn line_breaks(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    memchr2_iter(b'\n', b'\r', bytes)
        .filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'))
}

/// The lines of a text with the break that ends each: `\n`, `\r\n` or a lone `\r`.
pub(crate) fn whole_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    let ends = line_breaks(text).map(|at| at + 1).chain([text.len()]);
    ends.filter_map(move |end| {
        let line = &text[start..end];
        start = end;
        (!line.is_empty()).then_some(line)
    })
}

/// The break that ends the lines of a text: the first one that stands in it.
pub(crate) fn line_break(text: &str) -> &'static str {
    match line_breaks(text).next() {
        Some(at) if text[..=at].ends_with("\r\n") => "\r\n",
        Some(at) if text[..=at].ends_with('\r') => "\r",
        _ => "\n",
    }
}

/// Where the line begins that holds byte `at`.
pub(crate) fn line_start(text: &str, at: usize) -> usize {
    memrchr2(b'\n', b'\r', &text.as_bytes()[..at]).map_or(0, |end| end + 1)
}

/// Where the line ends that holds byte `at`, its line break excluded.
pub(crate) fn line_end(text: &str, at: usize) -> usize {
    memchr2(b'\n', b'\r', &text.as_bytes()[at..]).map_or(text.len(), |n| at + n)
}

/// The line below the one that holds byte `at`, or that ends there.
pub(crate) fn line_below(source: &str, at: usize) -> Option<&str> {
    let below = whole_lines(source.get(at..)?).nth(1)?;
    Some(below.trim_end_matches(['\n', '\r']))
}

/// Trouble in one input. The run goes on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Path as shown.
    pub path: String,
    /// Line, from 1; `None` where the whole file is meant.
    pub line: Option<u32>,
    /// One sentence, lower case, no full stop.
    pub message: String,
}

/// A place as people count: both from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// Where the lines of a text begin. `\n`, `\r\n` and a lone `\r` end a line.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Finds the line starts of `text` in one pass.
    pub fn new(text: &str) -> Self {
        let ends = line_breaks(text).map(|at| at as u32 + 1);
        let starts = std::iter::once(0).chain(ends);
        Self { starts: starts.collect() }
    }

    /// The line that holds byte `offset`, from 1. An offset past the end lies in the last line.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset) as u32
    }

    /// Line and column of byte `offset` of `text`, the text the index was made from.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.line(offset);
        let start = self.starts[line as usize - 1] as usize;
        let end = text.floor_char_boundary((offset as usize).min(text.len()));
        Position { line, column: text[start.min(end)..end].chars().count() as u32 + 1 }
    }

    /// First and last line that `span` touches, from 1. A span that ends right
    /// after a line break ends in the line before it.
    pub fn lines(&self, span: Span) -> (u32, u32) {
        let first = self.line(span.start);
        let last = self.line(span.end.saturating_sub(1).max(span.start));
        (first, last)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lines_are_the_parts_between_line_ends(text in "[a\n\ré]{0,12}") {
            let expected: Vec<&str> = text.split(['\n', '\r']).collect();
            prop_assert_eq!(lines(&text).collect::<Vec<_>>(), expected);
        }
    }

    proptest! {
        #[test]
        fn whole_lines_are_the_text_and_each_ends_once(text in "[a\n\ré]{0,12}") {
            let found: Vec<&str> = whole_lines(&text).collect();
            prop_assert_eq!(found.concat(), text.as_str());
            let index = LineIndex::new(&text);
            let n_lines = index.line(text.len() as u32);
            let is_open = !text.is_empty() && !text.ends_with(['\n', '\r']);
            prop_assert_eq!(found.len() as u32, n_lines - 1 + u32::from(is_open));
        }
    }

    #[test]
    fn the_line_break_of_a_text_is_its_first_one() {
        for (text, expected) in
            [("a", "\n"), ("a\nb", "\n"), ("a\r\nb\n", "\r\n"), ("a\rb\n", "\r"), ("\r", "\r")]
        {
            assert_eq!(line_break(text), expected, "{text:?}");
        }
    }

    #[test]
    fn lines_end_at_lf_crlf_and_lone_cr() {
        let text = "a\r\nb\rc\nd";
        let index = LineIndex::new(text);
        let lines: Vec<u32> = (0..text.len() as u32).map(|offset| index.line(offset)).collect();
        assert_eq!(lines, [1, 1, 1, 2, 2, 3, 3, 4]);
    }

    #[test]
    fn columns_count_characters() {
        let text = "x\né–z";
        let index = LineIndex::new(text);
        assert_eq!(index.position(text, 7), Position { line: 2, column: 3 });
    }

    #[test]
    fn what_lies_below_a_folder_is_told_by_paths_as_shown() {
        for (path, folder) in [
            ("", ""),
            ("a.md", ""),
            ("..a.md", ""),
            ("app/a.md", "app"),
            ("app", "app"),
            ("", ".."),
            ("app/a.md", ".."),
            ("../lib/a.md", ".."),
            ("../lib/a.md", "../.."),
            ("../lib/a.md", "../lib"),
            ("/lib/a.md", "/lib"),
            ("/lib/a.md", "/"),
            ("~/.claude/a.md", "~/.claude"),
            ("~", "~"),
        ] {
            assert!(lies_below(path, folder), "{path} below {folder}");
        }
        for (path, folder) in [
            ("../lib/a.md", ""),
            ("..", ""),
            ("../../a.md", ".."),
            ("/lib/a.md", ""),
            ("/lib/a.md", ".."),
            ("~/a.md", ""),
            ("~", ".."),
            ("application/a.md", "app"),
            ("app/a.md", "../lib"),
            ("../library/a.md", "../lib"),
            ("", "app"),
        ] {
            assert!(!lies_below(path, folder), "{path} not below {folder}");
        }
    }

    #[test]
    fn an_empty_text_has_one_line() {
        let index = LineIndex::new("");
        assert_eq!(index.lines(Span::default()), (1, 1));
        assert_eq!(index.position("", 9), Position { line: 1, column: 1 });
    }
}
