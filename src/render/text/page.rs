//! A page: how wide it is, and how titles and sentences stand on it.

use anstyle::Style;
use comfy_table::{ContentLineStyle, LineStyle, TableStyle};

use super::flow::{width, wrap};
use super::{BOLD, DIM, MAX_SENTENCE};
use crate::render::{Layout, MIN_WIDTH};

/// Sentences are not set wider than this: longer lines are hard to read.
const MAX_PROSE: usize = 110;

/// A rule under the header, blanks between the columns.
pub(super) const TABLE_STYLE: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none())
    .header_separator(LineStyle::none().fill('─'))
    .content_lines(ContentLineStyle::none());

/// What all sections are laid out on.
pub(super) struct Page {
    /// Columns of the page, at least [`MIN_WIDTH`].
    pub(super) width: usize,
    /// Columns of sentences.
    pub(super) prose: usize,
    /// Whether there is colour.
    pub(super) color: bool,
}

impl Page {
    pub(super) fn new(layout: &Layout) -> Self {
        let width = layout.width.max(MIN_WIDTH);
        Self { width, prose: width.min(MAX_PROSE), color: layout.color }
    }

    /// The text in a style, where there is colour.
    pub(super) fn paint(&self, style: Style, text: &str) -> String {
        if self.color && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// A sentence in a style, each line after `indent`.
    pub(super) fn sentence(&self, style: Style, indent: &str, sentence: &str) -> String {
        let room = self.prose - width(indent);
        let lines = wrap(sentence, room, room, MAX_SENTENCE).into_iter();
        lines.map(|line| format!("{indent}{}\n", self.paint(style, &line))).collect()
    }

    /// A title on a rule across the page, and a blank line.
    pub(super) fn heading(&self, title: &str) -> String {
        let rule = "─".repeat(self.prose.saturating_sub(width(title) + 4));
        format!(
            "{} {} {}\n\n",
            self.paint(DIM, "──"),
            self.paint(BOLD, title),
            self.paint(DIM, &rule)
        )
    }

    /// A sentence after `label`, which fills the first line's beginning, with
    /// a hanging indent under it. `label` may be painted, so its width is told.
    pub(super) fn hang(&self, label: &str, label_width: usize, sentence: &str) -> String {
        let room = self.prose.saturating_sub(label_width);
        let lines = wrap(sentence, room, room, MAX_SENTENCE);
        let indent = format!("\n{}", " ".repeat(label_width));
        format!("{label}{}\n", lines.join(&indent))
    }
}
