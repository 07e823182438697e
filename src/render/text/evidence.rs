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

/// A text and the places where it stands.
struct Quoted {
    places: Vec<String>,
    text: String,
    /// The option that this side chose.
    option: String,
}

/// The places with what stands there. `options` are those that the first
/// places chose, one each.
pub(super) fn quotes(view: &View<'_>, evidence: &[&Evidence], options: &[String]) -> String {
    let shown = shown(evidence, view.layout.limits.places);
    let quotes = quoted(shown, options);
    let mut out = String::new();
    let rest = match quotes.as_slice() {
        [left, right, rest @ ..] => {
            match side_by_side(view, left, right) {
                Some(lines) => out.push_str(&lines),
                None => {
                    out.push_str(&full(view, left, MAX_LINES));
                    out.push_str(&full(view, right, MAX_LINES));
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
    for quote in rest {
        out.push_str(&short(view, quote));
    }
    let n_more = evidence.len() - shown.len();
    out + &view.more(INDENT, n_more, "more place", "more places")
}

/// The places, those of one text that follow each other taken together.
fn quoted(evidence: &[&Evidence], options: &[String]) -> Vec<Quoted> {
    let mut quotes: Vec<Quoted> = Vec::new();
    for (at, evidence) in evidence.iter().enumerate() {
        let text = clean(&evidence.text);
        let place = place(&evidence.path, evidence.line);
        let option = options
            .get(at)
            .map(|option| clean(option))
            .unwrap_or_default();
        match quotes.last_mut() {
            Some(last) if last.text == text => last.places.push(place),
            _ => quotes.push(Quoted {
                places: vec![place],
                text,
                option,
            }),
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
        out.push_str(&format!(
            "{INDENT}{}{option}\n",
            view.page.paint(PLACE, place)
        ));
    }
    for (line, _) in body(view, quote, room, max_lines) {
        out.push_str(&format!("{INDENT}{line}\n"));
    }
    out
}

/// The place and the text on one line, if there is room, else on two.
fn short(view: &View<'_>, quote: &Quoted) -> String {
    let room = view.page.prose - INDENT.len();
    match quote.places.as_slice() {
        [place] if width(place) + 2 + width(&quote.text).min(MIN_BESIDE) <= room => {
            let text = clip(&quote.text, room - width(place) - 2);
            format!("{INDENT}{}  {text}\n", view.page.paint(PLACE, place))
        }
        _ => full(view, quote, 1),
    }
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
    (
        format!("  {}", view.page.paint(DIM, &quote.option)),
        option_width,
    )
}
