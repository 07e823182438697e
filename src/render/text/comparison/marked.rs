//! Statements with the words marked that the other one has not: in bold and
//! underlined where there is colour, else between « and ».

use anstyle::Style;

use super::super::flow::{width, wrap};
use super::super::page::Page;
use crate::compare::Statement;
use crate::render::quote::{clean, clean_inner};

const CHANGED: Style = Style::new().bold().underline();

/// A line as printed, and its columns.
pub(super) type Line = (String, usize);

/// The statement in lines of at most `room` columns, `max_lines` at most.
pub(super) fn lines(
    page: &Page,
    statement: &Statement,
    room: usize,
    max_lines: usize,
) -> Vec<Line> {
    let (text, changed) =
        if page.color { flagged(statement) } else { (bracketed(statement), Vec::new()) };
    let mut changed = changed.into_iter();
    wrap(&text, room, room, max_lines)
        .into_iter()
        .map(|line| (painted(page, &line, &mut changed), width(&line)))
        .collect()
}

/// The cleaned segments, each with whether it is changed; blanks stay at their ends.
fn cleaned(statement: &Statement) -> Vec<(String, bool)> {
    if statement.segments.is_empty() {
        return vec![(clean(&statement.text), false)];
    }
    let segments = statement.segments.iter();
    segments.map(|segment| (clean_inner(&segment.text), segment.changed)).collect()
}

/// The text with « and » around what is changed.
fn bracketed(statement: &Statement) -> String {
    let mut out = String::new();
    for (text, changed) in cleaned(statement) {
        let core = text.trim();
        if !changed || core.is_empty() {
            out.push_str(&text);
            continue;
        }
        let (before, after) = (text.starts_with(' '), text.ends_with(' '));
        out.push_str(if before { " " } else { "" });
        out.push_str(&format!("«{core}»"));
        out.push_str(if after { " " } else { "" });
    }
    out
}

/// The text, and for each character that is no blank whether it is changed:
/// lines are broken at blanks, so that these cannot be counted afterwards.
fn flagged(statement: &Statement) -> (String, Vec<bool>) {
    let mut out = String::new();
    let mut flags = Vec::new();
    for (text, changed) in cleaned(statement) {
        flags.extend(text.chars().filter(|c| *c != ' ').map(|_| changed));
        out.push_str(&text);
    }
    (out, flags)
}

/// The line with its changed characters in style.
fn painted(page: &Page, line: &str, changed: &mut impl Iterator<Item = bool>) -> String {
    let mut out = String::new();
    let mut run = String::new();
    let mut is_changed = false;
    for c in line.chars() {
        let next = if c == ' ' { is_changed } else { changed.next().unwrap_or(false) };
        if next != is_changed {
            out.push_str(&paint(page, &run, is_changed));
            run.clear();
            is_changed = next;
        }
        run.push(c);
    }
    out + &paint(page, &run, is_changed)
}

fn paint(page: &Page, run: &str, is_changed: bool) -> String {
    if is_changed { page.paint(CHANGED, run) } else { run.to_owned() }
}
