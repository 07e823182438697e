//! Statements beside each other where the page is wide enough, else one under
//! the other.

use anstyle::Style;

use super::View;
use super::marked::{Line, lines};
use crate::compare::{Difference, Match, Statement};
use crate::render::text::{DIM, ERROR, GOOD, NOTE, WARNING, counted, shown};
use crate::render::wording::difference;

/// Columns of a page on which two statements stand beside each other.
const MIN_SIDE_BY_SIDE: usize = 110;
/// Columns of a page that two statements fill at most: longer lines are hard to read.
const MAX_PAGE: usize = 200;
/// Columns of a line number.
const NUMBER: usize = 5;
/// Columns before a statement on a narrow page: its mark and its line.
const INDENT: usize = 4 + NUMBER + 2;
/// Lines that are shown of a statement of which there is no other version.
const MAX_ALONE: usize = 3;
/// Lines that are shown of one that is to be read word by word.
const MAX_COMPARED: usize = 12;

/// A row: what both say, or what one of them says.
#[derive(Clone, Copy)]
pub(super) enum Shown<'a> {
    Match(&'a Match),
    OnlyLeft(&'a Statement),
    OnlyRight(&'a Statement),
}

impl Shown<'_> {
    pub(super) fn is_same(&self) -> bool {
        matches!(self, Self::Match(found) if found.differs.is_empty())
    }
}

/// The rows of a section, those that are the same counted in one line, unless
/// everything is to be shown.
pub(super) fn rows(view: &View<'_>, rows: &[Shown<'_>]) -> String {
    let limit = view.layout.limits.statements;
    let is_all = limit == usize::MAX;
    let n_same = rows.iter().filter(|row| row.is_same()).count();
    let told: Vec<Shown<'_>> =
        rows.iter().filter(|row| is_all || !row.is_same()).copied().collect();
    let mut out = String::new();
    if !is_all && n_same > 0 {
        out.push_str(&remark(view, "=", &counted(n_same as u64, "the same", "the same")));
    }
    let shown = shown(&told, limit);
    for row in shown {
        out.push_str(&one(view, *row));
    }
    let rest = &told[shown.len()..];
    if !rest.is_empty() {
        let n =
            |is_counted: fn(&Shown<'_>) -> bool| rest.iter().filter(|row| is_counted(row)).count();
        let parts = [
            (n(|row| matches!(row, Shown::Match(_))), "in both"),
            (n(|row| matches!(row, Shown::OnlyLeft(_))), "only left"),
            (n(|row| matches!(row, Shown::OnlyRight(_))), "only right"),
        ];
        let parts: Vec<String> =
            parts.iter().filter(|(n, _)| *n > 0).map(|(n, which)| format!("{n} {which}")).collect();
        let more = format!("more: {} (--all shows them)", parts.join(", "));
        out.push_str(&remark(view, "…", &more));
    }
    out
}

/// A line that is no statement.
fn remark(view: &View<'_>, mark: &str, text: &str) -> String {
    format!("  {}\n", view.page.paint(DIM, &format!("{mark} {text}")))
}

fn one(view: &View<'_>, row: Shown<'_>) -> String {
    let mut out =
        if view.page.width >= MIN_SIDE_BY_SIDE { beside(view, row) } else { below(view, row) };
    if let Some(note) = note(row) {
        let label = format!("    {} ", view.page.paint(WARNING, "!"));
        out.push_str(&view.page.hang(&label, 6, note));
    }
    out
}

/// What is to be seen before the words are.
fn note(row: Shown<'_>) -> Option<&'static str> {
    let Shown::Match(found) = row else {
        return None;
    };
    difference(found)
}

/// What sort of match it is.
fn mark(found: &Match) -> (Style, &'static str) {
    if found.differs.is_empty() {
        (DIM, "=")
    } else if found.differs.contains(&Difference::Wording) {
        (NOTE, "≈")
    } else {
        (WARNING, "≠")
    }
}

/// Lines that are shown of the statements of a row.
fn max_lines(view: &View<'_>, row: Shown<'_>) -> usize {
    match row {
        _ if view.layout.limits.statements == usize::MAX => usize::MAX,
        Shown::Match(_) => MAX_COMPARED,
        Shown::OnlyLeft(_) | Shown::OnlyRight(_) => MAX_ALONE,
    }
}

/// Two columns, and between them what sort of row it is.
fn beside(view: &View<'_>, row: Shown<'_>) -> String {
    let column = (view.page.width.min(MAX_PAGE) - 3) / 2;
    let room = column - NUMBER - 2;
    let max_lines = max_lines(view, row);
    let lines = |statement: &Statement| lines(&view.page, statement, room, max_lines);
    let (left, mark, right) = match row {
        Shown::Match(found) => (Some(&found.left), mark(found), Some(&found.right)),
        Shown::OnlyLeft(statement) => (Some(statement), (ERROR, "-"), None),
        Shown::OnlyRight(statement) => (None, (GOOD, "+"), Some(statement)),
    };
    let left_lines = left.map(lines).unwrap_or_default();
    let right_lines = right.map(lines).unwrap_or_default();
    let nothing: Line = (String::new(), 0);
    let mut out = String::new();
    for at in 0..left_lines.len().max(right_lines.len()).max(1) {
        let number = |statement: Option<&Statement>| match statement {
            Some(statement) if at == 0 => view.page.paint(DIM, &number(statement.line)),
            _ => " ".repeat(NUMBER),
        };
        let (text, text_width) = left_lines.get(at).unwrap_or(&nothing);
        let gap = " ".repeat(room - text_width);
        let mark = match at {
            0 => view.page.paint(mark.0, mark.1),
            _ => " ".to_owned(),
        };
        let (right_text, _) = right_lines.get(at).unwrap_or(&nothing);
        out.push_str(&format!(
            "{}  {text}{gap} {mark} {}  {right_text}\n",
            number(left),
            number(right)
        ));
    }
    out
}

/// The left statement, then the right one.
fn below(view: &View<'_>, row: Shown<'_>) -> String {
    let one = |style, mark: &str, statement: &Statement| {
        let room = view.page.prose - INDENT;
        let lines = lines(&view.page, statement, room, max_lines(view, row));
        let texts: Vec<String> = lines.into_iter().map(|(text, _)| text).collect();
        let indent = format!("\n{}", " ".repeat(INDENT));
        format!(
            "  {} {}  {}\n",
            view.page.paint(style, mark),
            view.page.paint(DIM, &number(statement.line)),
            texts.join(&indent)
        )
    };
    match row {
        Shown::Match(found) if row.is_same() => one(DIM, "=", &found.left),
        Shown::Match(found) => {
            let (style, mark) = mark(found);
            one(style, mark, &found.left) + &one(style, " ", &found.right)
        }
        Shown::OnlyLeft(statement) => one(ERROR, "-", statement),
        Shown::OnlyRight(statement) => one(GOOD, "+", statement),
    }
}

/// A line number in its columns.
fn number(line: u32) -> String {
    format!("{line:>NUMBER$}")
}
