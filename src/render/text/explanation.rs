//! What a rule or a facet means.

use super::flow::wrap;
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
    for line in wrap(
        &clean(&explanation.title),
        page.prose,
        page.prose,
        MAX_LINES,
    ) {
        out.push_str(&format!("{}\n", page.paint(BOLD, &line)));
    }
    for section in &explanation.sections {
        out.push('\n');
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
            out.push_str(&one(&page, part));
        }
    }
    out
}

fn one(page: &Page, part: &Part) -> String {
    match part {
        Part::Text(text) => {
            let lines = wrap(&clean(text), page.prose, page.prose, MAX_LINES);
            lines.iter().map(|line| format!("{line}\n")).collect()
        }
        Part::Item(name, text) => item(page, &clean(name), &clean(text)),
        Part::Code(code) => code.lines().map(|line| code_line(page, line)).collect(),
    }
}

fn item(page: &Page, name: &str, text: &str) -> String {
    let room = page.prose - INDENT.len();
    let first = room.saturating_sub(super::flow::width(name) + 2);
    let lines = wrap(text, first, room, MAX_LINES);
    let text = lines.join(&format!("\n{INDENT}  "));
    format!("  {}  {text}\n", page.paint(BOLD, name)).replace("  \n", "\n")
}

/// A line as it stands in a file: it can be copied, so that it is not broken.
fn code_line(page: &Page, line: &str) -> String {
    let indent = line.len() - line.trim_start().len();
    match clean(line) {
        text if text.is_empty() => "\n".to_owned(),
        text => format!("{INDENT}{}{}\n", " ".repeat(indent), page.paint(DIM, &text)),
    }
}
