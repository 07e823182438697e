//! The quoted places of a finding: the two sides beside each other where the
//! page is wide enough, else one under the other, then the others in short.

use super::flow::{clip, width, wrap};
use super::{DIM, PLACE, View, place, shown};
use crate::finding::Evidence;
use crate::render::quote::clean;

/// Columns of a page on which two quotes stand beside each other.
const MIN_SIDE_BY_SIDE: usize = 120;
/// Columns that one of them takes at most, for lines that are easy to read.
/// A long place may take more.
const MAX_SIDE: usize = 64;
/// Columns between them.
const GAP: usize = 3;
/// Columns before a quote.
const INDENT: &str = "    ";
/// Lines that are quoted of a side.
const MAX_LINES: usize = 3;
/// Columns that suffice for a quote to stand, cut, behind its place.
const MIN_BESIDE: usize = 40;

/// Parts a place from the quote behind it.
const BAR: &str = " │ ";

/// A text and the places where it stands.
struct Quoted {
    places: Vec<String>,
    text: String,
    /// The option that this side chose.
    option: String,
}

impl Quoted {
    /// Whether it stands where another one does, and on the same side.
    fn is_at(&self, other: &Self) -> bool {
        self.places == other.places && self.option == other.option
    }
}

/// The places with what stands there, and the options that they chose, as far as
/// it is known.
pub(super) fn quotes(view: &View<'_>, all: &[(&Evidence, Option<String>)]) -> String {
    let shown = shown(all, view.layout.limits.places);
    let quotes = quoted(shown);
    let mut out = String::new();
    let rest = match quotes.as_slice() {
        [left, right, rest @ ..] => {
            match side_by_side(view, left, right) {
                Some(lines) => out.push_str(&lines),
                None => {
                    out.push_str(&full(view, left, MAX_LINES));
                    out.push_str(&match right.is_at(left) {
                        true => lines(view, right, MAX_LINES),
                        false => full(view, right, MAX_LINES),
                    });
                }
            }
            rest
        }
        [only] => {
            out.push_str(&full(view, only, MAX_LINES));
            &[]
        }
        [] => &[],
    };
    // What follows is in short, its place where it is another one.
    for (quote, before) in rest.iter().zip(&quotes[1.min(quotes.len())..]) {
        out.push_str(&match quote.is_at(before) {
            true => lines(view, quote, 1),
            false => short(view, quote),
        });
    }
    let n_more = all.len() - shown.len();
    out + &view.more(INDENT, n_more, "more place", "more places")
}

/// The places, those of one text that follow each other taken together.
fn quoted(all: &[(&Evidence, Option<String>)]) -> Vec<Quoted> {
    let mut quotes: Vec<Quoted> = Vec::new();
    for (evidence, option) in all {
        let text = clean(&evidence.text);
        let place = place(&evidence.path, evidence.line);
        let option = option.as_deref().map(clean).unwrap_or_default();
        match quotes.last_mut() {
            Some(last) if last.text == text => last.places.push(place),
            _ => quotes.push(Quoted { places: vec![place], text, option }),
        }
    }
    quotes
}

/// Two columns, if there is room for them and for the place of each.
fn side_by_side(view: &View<'_>, left: &Quoted, right: &Quoted) -> Option<String> {
    if view.page.width < MIN_SIDE_BY_SIDE {
        return None;
    }
    let half = (view.page.width - INDENT.len() - GAP) / 2;
    let [[left_place], [right_place]] = [left.places.as_slice(), right.places.as_slice()] else {
        return None;
    };
    let place_width = width(left_place).max(width(right_place));
    if place_width > half {
        return None;
    }
    let room = half.min(MAX_SIDE.max(place_width));
    let column = |quote: &Quoted, place: &str| {
        let (option, option_width) = option_after(view, quote, place, room);
        let first = format!("{}{option}", view.page.paint(PLACE, place));
        let mut lines = vec![(first, width(place) + option_width)];
        lines.extend(body(view, quote, room, MAX_LINES));
        lines
    };
    let left = column(left, left_place);
    let right = column(right, right_place);
    let mut out = String::new();
    let empty = (String::new(), 0);
    for at in 0..left.len().max(right.len()) {
        let (left, left_width) = left.get(at).unwrap_or(&empty);
        let (right, _) = right.get(at).unwrap_or(&empty);
        let gap = " ".repeat(room + GAP - left_width);
        out.push_str(&format!("{INDENT}{left}{gap}{right}\n"));
    }
    Some(out)
}

/// The places and the first lines of the text.
fn full(view: &View<'_>, quote: &Quoted, max_lines: usize) -> String {
    let room = view.page.prose - INDENT.len();
    let mut out = String::new();
    for place in &quote.places {
        let (option, _) = option_after(view, quote, place, room);
        out.push_str(&format!("{INDENT}{}{option}\n", view.page.paint(PLACE, place)));
    }
    out + &lines(view, quote, max_lines)
}

/// The first lines of the text alone.
fn lines(view: &View<'_>, quote: &Quoted, max_lines: usize) -> String {
    let room = view.page.prose - INDENT.len();
    let lines = body(view, quote, room, max_lines).into_iter();
    lines.map(|(line, _)| format!("{INDENT}{line}\n")).collect()
}

/// The place, the option and the text on one line, if there is room, else on two.
fn short(view: &View<'_>, quote: &Quoted) -> String {
    let [place] = quote.places.as_slice() else {
        return full(view, quote, 1);
    };
    let room = view.page.prose - INDENT.len();
    let (option, option_width) = option_after(view, quote, place, room);
    let taken = width(place) + option_width + width(BAR);
    if taken + width(&quote.text).min(MIN_BESIDE) > room {
        return full(view, quote, 1);
    }
    let text = clip(&quote.text, room - taken);
    let place = view.page.paint(PLACE, place);
    let bar = view.page.paint(DIM, BAR);
    format!("{INDENT}{place}{option}{bar}{text}\n")
}

/// The first lines of the text behind a bar, each with its width.
fn body(view: &View<'_>, quote: &Quoted, room: usize, max_lines: usize) -> Vec<(String, usize)> {
    let bar = view.page.paint(DIM, "│");
    wrap(&quote.text, room - 2, room - 2, max_lines)
        .into_iter()
        .map(|line| (format!("{bar} {line}"), width(&line) + 2))
        .collect()
}

/// The option of this side, if it fits behind the place; and its width.
fn option_after(view: &View<'_>, quote: &Quoted, place: &str, room: usize) -> (String, usize) {
    let option_width = width(&quote.option) + 2;
    if quote.option.is_empty() || width(place) + option_width > room {
        return (String::new(), 0);
    }
    (format!("  {}", view.page.paint(DIM, &quote.option)), option_width)
}
