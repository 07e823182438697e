//! The frontmatter, key by key.

use super::super::flow::{clip, width, wrap};
use super::View;
use crate::compare::{FieldInfo, FieldState, FieldValue};
use crate::render::quote::clean;
use crate::render::text::{DIM, ERROR, GOOD, WARNING};

/// Columns of a key.
const MAX_KEY: usize = 16;
/// Lines of one value.
const MAX_LINES: usize = 3;

/// What differs, then the keys that are the same in one line.
pub(super) fn section(view: &View<'_>) -> String {
    let fields = &view.result.frontmatter;
    if fields.is_empty() {
        return String::new();
    }
    let keys = fields.iter().map(|field| width(&clean(&field.key)));
    let key_width = keys.max().unwrap_or(0).min(MAX_KEY);
    let mut out = view.page.heading("Frontmatter");
    let same: Vec<String> = fields
        .iter()
        .filter(|field| field.state == FieldState::Same)
        .map(|field| clean(&field.key))
        .collect();
    for field in fields.iter().filter(|field| field.state != FieldState::Same) {
        out.push_str(&one(view, field, key_width));
    }
    if !same.is_empty() {
        let room = view.page.prose - 4;
        let lines = wrap(&format!("the same: {}", same.join(", ")), room, room, MAX_LINES);
        let line = format!("= {}", lines.join("\n    "));
        out.push_str(&format!("  {}\n", view.page.paint(DIM, &line)));
    }
    out
}

fn one(view: &View<'_>, field: &FieldInfo, key_width: usize) -> String {
    let key = clip(&clean(&field.key), key_width);
    let key = format!("{key}{}", " ".repeat(key_width - width(&key)));
    let indent = 4 + key_width + 2;
    let line = |mark: String, key: &str, text: &str| {
        view.page.hang(&format!("  {mark} {key}  "), indent, text)
    };
    let blank = " ".repeat(key_width);
    let text = |value: &Option<FieldValue>| match value {
        Some(value) if value.text.is_empty() => "(empty)".to_owned(),
        Some(value) => clean(&value.text),
        None => "(not set)".to_owned(),
    };
    let (style, mark) = match field.state {
        FieldState::Same | FieldState::SameMeaning => (DIM, "="),
        FieldState::Differs => (WARNING, "≠"),
        FieldState::OnlyLeft => (ERROR, "-"),
        FieldState::OnlyRight => (GOOD, "+"),
    };
    let mark = view.page.paint(style, mark);
    let mut out = match (&field.items, field.state) {
        (Some(items), _) => {
            let parts =
                [("both", &items.both), ("left", &items.only_left), ("right", &items.only_right)];
            let parts = parts.iter().filter(|(_, names)| !names.is_empty());
            let lines = parts.enumerate().map(|(at, (which, names))| {
                let text = clean(&format!("{which}: {}", names.join(", ")));
                match at {
                    0 => line(mark.clone(), &key, &text),
                    _ => line(" ".to_owned(), &blank, &text),
                }
            });
            lines.collect()
        }
        (None, FieldState::OnlyLeft) => line(mark, &key, &text(&field.left)),
        (None, FieldState::OnlyRight) => line(mark, &key, &text(&field.right)),
        (None, _) => {
            let both = format!("{}  |  {}", text(&field.left), text(&field.right));
            if width(&both) + indent <= view.page.prose {
                line(mark, &key, &both)
            } else {
                line(mark, &key, &text(&field.left))
                    + &line(" ".to_owned(), &blank, &text(&field.right))
            }
        }
    };
    if let Some(note) = field.note {
        let room = view.page.prose - indent;
        for note in wrap(&format!("({note})"), room, room, MAX_LINES) {
            out.push_str(&format!("{}{}\n", " ".repeat(indent), view.page.paint(DIM, &note)));
        }
    }
    out
}
