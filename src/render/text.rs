//! The report for a person at a terminal: the verdict first, then the groups,
//! the findings with their quotes, and what to do next. A section that has
//! nothing to say is not there.

use std::cell::Cell;

use anstyle::{AnsiColor, Style};

use crate::render::quote::clean;
use crate::render::wording::{counted, listed, shown, thousands};
use crate::render::{Layout, Limits};
use crate::report::{AgentInfo, Report};

mod allowed;
mod boilerplate;
mod comparison;
mod consolidation;
mod evidence;
mod explanation;
mod findings;
mod flow;
mod groups;
mod label;
mod matrix;
mod next;
mod overlaps;
mod page;
mod problems;
mod review;
mod route;
mod summary;

pub(super) use comparison::comparison;
pub(super) use consolidation::consolidation;
pub(super) use explanation::explanation;
use label::Label;
pub(super) use matrix::{facets, lineup};
pub(super) use next::Topic;
use page::Page;
pub(super) use review::review;
pub(super) use route::route;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Blue.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const PLACE: Style = AnsiColor::Cyan.on_default();

/// Lines of a sentence that are shown. Messages are short; this is for one
/// that quotes a name of a thousand words.
const MAX_SENTENCE: usize = 8;

/// Columns of an agent's name in a sentence.
const MAX_NAME: usize = 48;

/// Columns before sentences, and marks around paths in them.
const MAX_INDENT: usize = 12;

/// What all sections need to know.
struct View<'a, T = Report> {
    /// What is shown.
    result: &'a T,
    layout: &'a Layout,
    /// By agent id.
    labels: Vec<Label>,
    page: Page,
    /// Whether a section left something out. The last section reads it.
    is_cut: Cell<bool>,
}

/// The report as text, without a trailing blank line.
pub(super) fn text(report: &Report, layout: &Layout) -> String {
    let view = View::new(report, &report.agents, layout);
    page(&[
        summary::section(&view),
        groups::section(&view),
        findings::section(&view),
        overlaps::likely(&view),
        overlaps::section(&view),
        boilerplate::section(&view, "Shared boilerplate", &report.boilerplate, |ids| {
            view.names(ids)
        }),
        allowed::section(&view),
        problems::section(&view),
        problems::skipped(&view),
        next::section(&view),
    ])
}

/// What a reader of any form wants to know first.
pub(super) struct Overview {
    /// Names and values of the figures that are not zero.
    pub(super) figures: Vec<(&'static str, String)>,
    /// What to do and where the report speaks of it, the most urgent first.
    pub(super) steps: Vec<(Topic, String)>,
}

/// What the text begins and ends with, for forms that show everything.
pub(super) fn overview(report: &Report) -> Overview {
    let layout = Layout {
        limits: Limits {
            members: Limits::default().members,
            steps: Limits::default().steps,
            ..Limits::ALL
        },
        ..Layout::default()
    };
    let view = View::new(report, &report.agents, &layout);
    Overview { figures: summary::figures(&view), steps: next::work(&view) }
}

/// The sections that say something, with a blank line between them.
fn page(sections: &[String]) -> String {
    let mut out = String::new();
    for section in sections.iter().filter(|section| !section.is_empty()) {
        if !out.is_empty() {
            out.push('\n');
        }
        for line in section.lines() {
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
    out
}

impl<'a, T> View<'a, T> {
    fn new(result: &'a T, agents: &[AgentInfo], layout: &'a Layout) -> Self {
        Self {
            result,
            layout,
            labels: label::labels(agents),
            page: Page::new(layout),
            is_cut: Cell::new(false),
        }
    }

    /// `a, b, c + 3 more`, for agents.
    fn names(&self, ids: &[u32]) -> String {
        let shown = shown(ids, self.layout.limits.members);
        let labels: Vec<&Label> = shown.iter().map(|id| self.label(*id)).collect();
        let names = label::names(&labels, MAX_NAME, self.room_for_path());
        match ids.len() - shown.len() {
            0 => names.join(", "),
            more => format!("{} + {} more", names.join(", "), thousands(more as u64)),
        }
    }

    /// A line that counts what is left out: `… 12 more groups (--all shows them)`.
    /// Nothing where nothing is.
    fn more(&self, indent: &str, n: usize, one: &str, many: &str) -> String {
        if n == 0 {
            return String::new();
        }
        self.is_cut.set(true);
        let line = format!(
            "… {} (--all shows {})",
            counted(n as u64, one, many),
            if n == 1 { "it" } else { "them" }
        );
        self.page.sentence(DIM, indent, &line)
    }

    fn label(&self, id: u32) -> &Label {
        &self.labels[id as usize]
    }

    /// Columns of a path in a sentence, which has some beside it.
    fn room_for_path(&self) -> usize {
        self.page.prose.saturating_sub(MAX_INDENT)
    }
}

/// `path:line`, which terminals make a link of; never cut.
fn place(path: &str, line: u32) -> String {
    format!("{}:{line}", clean(path))
}
