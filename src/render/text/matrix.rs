//! Decisions as a table, and who decides for what as a matrix.

use comfy_table::{CellAlignment, ContentArrangement, Table};

use super::flow::{clip, clip_middle, shorten_path, told_apart, width};
use super::page::{Page, TABLE_STYLE};
use super::{DIM, WARNING, counted};
use crate::lineup::{Cell, FacetInfo, Lineup, Row};
use crate::render::Layout;
use crate::render::quote::clean;

/// Columns of a title from which on there is a column of titles.
const MIN_TITLE: usize = 12;

/// Columns of an agent's label at most, and of one cell.
const MAX_LABEL: usize = 36;
const MAX_CELL: usize = 28;

/// Columns that a table takes beside each cell.
const PADDING: usize = 2;

/// Stands behind a side that is in dispute.
const DISPUTED: &str = "≠";

/// What can be decided, one a line.
pub(in crate::render) fn facets(facets: &[FacetInfo], layout: &Layout) -> String {
    let page = Page::new(layout);
    let id_width = facets.iter().map(|facet| width(&facet.id)).max().unwrap_or(0);
    let taken = id_width + "practice".len() + "options".len() + 4 * PADDING;
    let room = page.width.saturating_sub(taken);
    let mut table = plain_table();
    let headers = ["facet", "title", "kind", "options"];
    let is_kept = |at: usize| at != 1 || room >= MIN_TITLE;
    table.set_header(
        headers.iter().enumerate().filter(|(at, _)| is_kept(*at)).map(|(_, header)| *header),
    );
    for facet in facets {
        let cells = [
            clean(&facet.id),
            clip(&clean(&facet.title), room),
            facet.kind.to_owned(),
            match facet.options.len() {
                0 => "–".to_owned(),
                n => n.to_string(),
            },
        ];
        table.add_row(
            cells.into_iter().enumerate().filter(|(at, _)| is_kept(*at)).map(|(_, cell)| cell),
        );
    }
    if let Some(numbers) = table.column_iter_mut().last() {
        numbers.set_cell_alignment(CellAlignment::Right);
    }
    lines(&page, &table)
}

/// Agents below each other, facets beside each other. Where the page is too
/// narrow for all facets, the rest follows below.
pub(in crate::render) fn lineup(lineup: &Lineup, layout: &Layout) -> String {
    let page = Page::new(layout);
    let definitions = counted(lineup.n_agents as u64, "definition", "definitions");
    let decisions = counted(lineup.facets.len() as u64, "decision", "decisions");
    let mut out = match (lineup.n_agents, lineup.rows.len()) {
        (0, _) => return "No agent definitions found.\n".to_owned(),
        (_, 0) => return format!("None of {definitions} takes a side in anything.\n"),
        (_, 1) => format!("1 of {definitions} takes a side in {decisions}.\n"),
        (_, n) => format!("{n} of {definitions} take a side in {decisions}.\n"),
    };
    let labels = labels(&page, &lineup.rows);
    let label_width = labels.iter().map(|label| width(label)).max().unwrap_or(0) + PADDING;
    let mut from = 0;
    while from < lineup.facets.len() {
        let n = n_fitting(lineup, from, page.width.saturating_sub(label_width));
        out.push('\n');
        out.push_str(&block(&page, lineup, &labels, from..from + n));
        from += n;
    }
    if lineup.rows.iter().flat_map(|row| row.cells.iter().flatten()).any(|cell| cell.is_disputed) {
        let legend = format!(
            "{DISPUTED}: goes against a memory file, most others or the house; `agent-overlap audit` \
             tells why. What is said in passing does not stand here, nor do numbers."
        );
        out.push('\n');
        out.push_str(&page.sentence(DIM, " ", &legend));
    }
    out
}

/// How many facets from one on fit beside the labels, at least one.
fn n_fitting(lineup: &Lineup, from: usize, room: usize) -> usize {
    let mut used = 0;
    let widths = (from..lineup.facets.len()).map(|facet| {
        let cells = lineup.rows.iter().filter_map(|row| row.cells[facet].as_ref());
        let widest = cells.map(|cell| width(&said(cell))).max().unwrap_or(0);
        widest.max(width(&lineup.facets[facet])) + PADDING
    });
    let fitting = widths.take_while(|width| {
        used += width;
        used <= room
    });
    fitting.count().max(1)
}

/// A table of some facets and the agents that take a side in one of them.
fn block(
    page: &Page,
    lineup: &Lineup,
    labels: &[String],
    facets: std::ops::Range<usize>,
) -> String {
    let mut table = plain_table();
    let headers = lineup.facets[facets.clone()].iter().map(|id| clean(id));
    table.set_header(std::iter::once(String::new()).chain(headers));
    for (row, label) in lineup.rows.iter().zip(labels) {
        let cells = &row.cells[facets.clone()];
        if cells.iter().any(Option::is_some) {
            let cells = cells.iter().map(|cell| cell.as_ref().map(said).unwrap_or_default());
            table.add_row(std::iter::once(label.clone()).chain(cells));
        }
    }
    let disputed = page.paint(WARNING, DISPUTED);
    lines(page, &table).replace(DISPUTED, &disputed)
}

/// What the rows are called: a path that would look like another one when it is
/// cut is whole.
fn labels(page: &Page, rows: &[Row]) -> Vec<String> {
    let cut = rows.iter().map(|row| label(page, row)).collect();
    told_apart(cut, |at| clean(&rows[at].label))
}

fn label(page: &Page, row: &Row) -> String {
    let room = MAX_LABEL.min(page.width / 3);
    let label = clean(&row.label);
    match label.contains('/') {
        true => shorten_path(&label, room, 0),
        false => clip_middle(&label, room),
    }
}

fn said(cell: &Cell) -> String {
    let text = clip(&clean(&cell.text), MAX_CELL);
    match cell.is_disputed {
        true => format!("{text} {DISPUTED}"),
        false => text,
    }
}

fn plain_table() -> Table {
    let mut table = Table::new();
    table.load_style(TABLE_STYLE).set_content_arrangement(ContentArrangement::Disabled);
    table
}

/// The lines of a table, its header dimmed.
fn lines(page: &Page, table: &Table) -> String {
    let mut out = String::new();
    for (at, line) in table.lines().enumerate() {
        let line = line.trim_end();
        out.push_str(&if at < 2 { page.paint(DIM, line) } else { line.to_owned() });
        out.push('\n');
    }
    out
}
