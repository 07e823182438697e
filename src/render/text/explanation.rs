//! What a rule or a facet means.

use super::flow::{width, wrap};
use super::page::Page;
use super::{BOLD, DIM};
use crate::explain::{Explanation, Part};
use crate::render::Layout;
use crate::render::quote::clean;

/// Lines of one paragraph, which is shown in full.
const MAX_LINES: usize = usize::MAX;

/// Columns before a line of code.
const INDENT: &str = "    ";

/// The explanation as text, a blank line between its parts.
pub(in crate::render) fn explanation(explanation: &Explanation, layout: &Layout) -> String {
    let page = Page::new(layout);
    let mut out = String::new();
    for line in wrap(&clean(&explanation.title), page.prose, page.prose, MAX_LINES) {
        out.push_str(&format!("{}\n", page.paint(BOLD, &line)));
    }
    for section in &explanation.sections {
        out.push('\n');
        let name_width = name_width(&section.parts);
        if !section.heading.is_empty() {
            out.push_str(&page.heading(section.heading));
        }
        let mut before = None;
        for part in &section.parts {
            let is_item = matches!(part, Part::Item(..));
            if before.is_some_and(|before: bool| !(before && is_item)) {
                out.push('\n');
            }
            before = Some(is_item);
            out.push_str(&one(&page, part, name_width));
        }
    }
    out
}

fn one(page: &Page, part: &Part, name_width: usize) -> String {
    match part {
        Part::Text(text) => {
            let lines = wrap(&clean(text), page.prose, page.prose, MAX_LINES);
            lines.iter().map(|line| format!("{line}\n")).collect()
        }
        Part::Item(name, text) => item(page, &clean(name), &clean(text), name_width),
        Part::Code(code) => code.lines().map(|line| code_line(page, line)).collect(),
    }
}

/// Names up to this width have their texts below each other.
const MAX_NAME: usize = 24;

/// Columns for the names of a list: none where one is too long for that.
fn name_width(parts: &[Part]) -> usize {
    let widths = parts.iter().filter_map(|part| match part {
        Part::Item(name, _) => Some(width(&clean(name))),
        Part::Text(_) | Part::Code(_) => None,
    });
    widths.max().filter(|width| *width <= MAX_NAME).unwrap_or(0)
}

fn item(page: &Page, name: &str, text: &str, name_width: usize) -> String {
    const BEFORE: &str = "  ";
    let indent = format!("{INDENT}{BEFORE}");
    let blanks = " ".repeat(name_width.saturating_sub(width(name)) + 2);
    let taken = BEFORE.len() + width(name) + blanks.len();
    let first = page.prose.saturating_sub(taken);
    let lines = wrap(text, first, page.prose - indent.len(), MAX_LINES);
    let text = lines.join(&format!("\n{indent}"));
    let name = page.paint(BOLD, name);
    format!("{BEFORE}{name}{}\n", format!("{blanks}{text}").trim_end())
}

/// A line as it stands in a file: it can be copied, so that it is not broken.
fn code_line(page: &Page, line: &str) -> String {
    let indent = line.len() - line.trim_start().len();
    match clean(line) {
        text if text.is_empty() => "\n".to_owned(),
        text => format!("{INDENT}{}{}\n", " ".repeat(indent), page.paint(DIM, &text)),
    }
}
