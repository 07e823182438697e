//! What is put into a draft, as a tree, and how it is written.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::merge::block::marker;
use crate::source::{line_break, line_breaks};

/// How a piece is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// An item of a list.
    Item { is_numbered: bool },
    /// A heading, or a line in bold that stands for one.
    Heading,
    /// Lines of prose.
    Paragraph,
    /// A fenced block of code.
    Code,
    /// A row under the rows of a table.
    Row,
    /// The head of a table with the line below it; its rows follow.
    Table,
}

/// A piece of text to be put in, with what goes below it.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) form: Form,
    /// Without marker and indentation.
    pub(super) lines: Vec<String>,
    /// Comments about the piece, each complete.
    pub(super) comments: Vec<String>,
    pub(super) children: Vec<usize>,
}

/// A place in the kept file where pieces are put in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    /// After this byte.
    pub(super) offset: usize,
    /// How far from what stands before it.
    pub(super) gap: Gap,
    /// What each line begins with.
    pub(super) indent: String,
    /// How items are marked there.
    pub(super) marker: Option<Marker>,
}

/// What stands between a piece and the text before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// A line break: the list or table goes on.
    Line,
    /// A blank line.
    Blank,
    /// A blank line, after all else at this place: a section of its own.
    Section,
}

/// The marker of a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Marker {
    /// The bullet, or the sign behind the number, with the blanks after it.
    pub(super) sign: String,
    /// The number of the next item.
    pub(super) next: Option<u32>,
}

/// Pieces by the place they go to.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) spots: BTreeMap<Spot, Vec<usize>>,
}

impl Tree {
    /// Adds a piece at a place.
    pub(super) fn put(&mut self, spot: Spot, node: Node) -> usize {
        let there = self.spots.get(&spot).map_or(&[][..], Vec::as_slice);
        let at = self.place_among(there, node.form);
        self.nodes.push(node);
        let id = self.nodes.len() - 1;
        self.spots.entry(spot).or_default().insert(at, id);
        id
    }

    /// Adds a piece below another one.
    pub(super) fn put_below(&mut self, parent: usize, node: Node) -> usize {
        let at = self.place_among(&self.nodes[parent].children, node.form);
        self.nodes.push(node);
        let id = self.nodes.len() - 1;
        self.nodes[parent].children.insert(at, id);
        id
    }

    /// Where a piece goes among those of one place: behind them all, but before
    /// the headings, below which it would lie, and an item before the lead-ins,
    /// whose lists it would carry on.
    fn place_among(&self, there: &[usize], form: Form) -> usize {
        let is_item = matches!(form, Form::Item { .. });
        let takes_over = |&id: &usize| {
            let node = &self.nodes[id];
            let leads_in = node.form == Form::Paragraph && !node.children.is_empty();
            node.form == Form::Heading || is_item && leads_in
        };
        let end = || there.iter().position(takes_over);
        let end = (form != Form::Heading).then(end).flatten();
        end.unwrap_or(there.len())
    }

    /// The text with all pieces put in, those at one place in the order in
    /// which they came.
    pub(super) fn write_into(&self, text: &str) -> String {
        let line_break = line_break(text);
        let mut out = String::with_capacity(text.len() * 2);
        let mut at = 0;
        // What goes on inside an item comes before what goes on behind it.
        let mut spots: Vec<(&Spot, &Vec<usize>)> = self.spots.iter().collect();
        spots.sort_by_key(|(spot, _)| {
            let is_section = spot.gap == Gap::Section;
            (spot.offset, is_section, Reverse(spot.indent.len()))
        });
        let mut spots = spots.into_iter().peekable();
        while let Some((spot, ids)) = spots.next() {
            out.push_str(&text[at..spot.offset]);
            at = spot.offset;
            let mut lines = Vec::new();
            self.write(ids, &spot.indent, spot.marker.as_ref(), &mut lines);
            let n_wanted = match spot.gap {
                Gap::Line => 1,
                Gap::Blank | Gap::Section => 2,
            };
            if !out.trim().is_empty() {
                let n_there = line_breaks(&out[out.trim_end().len()..]).count();
                out.push_str(&line_break.repeat(n_wanted - n_there.min(n_wanted)));
            }
            out.push_str(&lines.join(line_break));
            let is_last_here = spots.peek().is_none_or(|(next, _)| next.offset > at);
            let below = text[at..].trim_start();
            if is_last_here && !below.is_empty() {
                let n_there = line_breaks(&text[at..text.len() - below.len()]).count();
                out.push_str(&line_break.repeat(n_wanted - n_there.min(n_wanted)));
            }
        }
        out.push_str(&text[at..]);
        if !out.ends_with(['\n', '\r']) {
            out.push_str(line_break);
        }
        out
    }

    fn write(&self, ids: &[usize], indent: &str, given: Option<&Marker>, out: &mut Vec<String>) {
        let mut next = given.and_then(|marker| marker.next);
        let mut before: Option<Form> = None;
        let mut is_other_list = false;
        for &id in ids {
            let node = &self.nodes[id];
            let goes_on = matches!(
                (before, node.form),
                (Some(Form::Item { .. }), Form::Item { .. }) | (Some(Form::Row), Form::Row)
            );
            if before.is_some() && !goes_on {
                out.push(String::new());
            }
            if !goes_on && given.is_none() {
                next = Some(1);
                is_other_list = ends_in_list(out, indent);
            }
            before = Some(node.form);
            match node.form {
                Form::Item { is_numbered } => {
                    let sign = match (given, is_numbered) {
                        (Some(marker), _) => match next {
                            Some(n) => format!("{n}{}", marker.sign),
                            None => marker.sign.clone(),
                        },
                        (None, true) => {
                            let sign = if is_other_list { ')' } else { '.' };
                            format!("{}{sign} ", next.unwrap_or(1))
                        }
                        (None, false) => if is_other_list { "* " } else { "- " }.to_owned(),
                    };
                    next = next.map(|n| n.saturating_add(1));
                    let blank = " ".repeat(sign.chars().count());
                    for (at, line) in commented(node).iter().enumerate() {
                        let lead = if at == 0 { &sign } else { &blank };
                        out.push(format!("{indent}{lead}{line}").trim_end().to_owned());
                    }
                    self.write_children(node, &format!("{indent}{blank}"), out);
                }
                Form::Heading | Form::Paragraph | Form::Row | Form::Table => {
                    for line in commented(node) {
                        out.push(format!("{indent}{line}").trim_end().to_owned());
                    }
                    let is_above = matches!(node.form, Form::Heading | Form::Paragraph);
                    if !node.children.is_empty() && is_above {
                        out.push(String::new());
                    }
                    self.write_children(node, indent, out);
                }
                Form::Code => {
                    let comments = node.comments.iter();
                    out.extend(comments.map(|comment| format!("{indent}{comment}")));
                    for line in &node.lines {
                        out.push(format!("{indent}{line}").trim_end().to_owned());
                    }
                }
            }
        }
    }

    fn write_children(&self, node: &Node, indent: &str, out: &mut Vec<String>) {
        if !node.children.is_empty() {
            self.write(&node.children, indent, None, out);
        }
    }
}

/// Whether the lines end in a list at this indentation, which another list right
/// behind it would carry on if it were marked alike.
fn ends_in_list(lines: &[String], indent: &str) -> bool {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut above = lines.iter().rev();
    let last = above.find(|line| !line.is_empty() && depth(line) <= indent.len());
    last.is_some_and(|line| {
        let (own, rest) = line.split_at(depth(line));
        let sign = marker(rest).unwrap_or_default().trim_end();
        own == indent && (sign == "-" || sign.ends_with('.'))
    })
}

/// The lines with the comments at their end; in a row, inside the last cell.
fn commented(node: &Node) -> Vec<String> {
    let mut lines = node.lines.clone();
    if node.comments.is_empty() {
        return lines;
    }
    let comments = node.comments.join(" ");
    if let Some(last) = lines.last_mut() {
        match last.trim_end().strip_suffix('|') {
            Some(cells) if node.form == Form::Row || cells.trim_start().starts_with('|') => {
                *last = format!("{} {comments} |", cells.trim_end());
            }
            _ => *last = format!("{} {comments}", last.trim_end()),
        }
    }
    lines
}
