//! Redundant agents: whom to keep, whom to drop, what it saves and what would
//! be lost. A table where the page is wide enough, else a list.

use comfy_table::{CellAlignment, ContentArrangement, Table};

use super::flow::{width, wrap};
use super::label::{self, Label};
use super::page::TABLE_STYLE;
use super::{DIM, View, counted, shown, thousands};
use crate::render::wording;
use crate::report::GroupInfo;

/// Columns that a table leaves for the agents, else there is none.
const MIN_AGENTS: usize = 32;

const HEADERS: [&str; 5] = ["#", "saves", "merge", "relation", "agents"];

/// Columns that are set flush right.
const N_NUMBERS: usize = 3;

/// Columns that a table takes beside its contents: a blank on both sides of
/// each cell.
const PADDING: usize = 2 * HEADERS.len();

/// What becomes of agents, with a blank, as it stands before them.
const KEEP: &str = "keep  ";
const MERGE: &str = "merge ";
const DROP: &str = "drop  ";

pub(super) fn section(view: &View<'_>) -> String {
    let groups = &view.result.groups;
    if groups.is_empty() && view.result.apart.is_empty() {
        return String::new();
    }
    let mut out = view.page.heading("Redundant agents");
    if groups.is_empty() {
        return out + &apart(view);
    }
    let shown = shown(groups, view.layout.limits.groups);
    if let Some(table) = table(view, shown) {
        out.push_str(&table);
        let legend = "saves: tokens of the dropped files, less those of what is to merge, \
                      headings aside · \
                      merge: lines of them that the kept agent does not say yet";
        let has_parts =
            shown.iter().any(|group| group.missing_units == 0 && group.missing_parts > 0);
        let of_parts = " · parts: of descriptions or frontmatter";
        let are_unlike = shown.iter().any(is_marked);
        let of_unlike = format!(" · {UNLIKE} {}", wording::UNLIKE);
        let legend = format!(
            "{legend}{}{}",
            if has_parts { of_parts } else { "" },
            if are_unlike { &of_unlike } else { "" }
        );
        for line in wrap(&legend, view.page.prose - 1, view.page.prose - 1, 3) {
            out.push_str(&format!(" {}\n", view.page.paint(DIM, &line)));
        }
    } else {
        for group in shown {
            out.push_str(&item(view, group));
        }
    }
    out.push_str(&view.more(" ", groups.len() - shown.len(), "more group", "more groups"));
    if !view.result.apart.is_empty() {
        out.push('\n');
    }
    out + &apart(view)
}

/// Groups that are as alike, but of which none can go.
fn apart(view: &View<'_>) -> String {
    let apart = &view.result.apart;
    if apart.is_empty() {
        return String::new();
    }
    let remark = "As alike, but none can stand in for another one:";
    let mut out = view.page.sentence(DIM, " ", remark);
    let shown = shown(apart, view.layout.limits.groups);
    for group in shown {
        let value = format!("{} ({})", view.names(&group.members), group.reason);
        out.push_str(&view.page.hang("   ", 5, &value));
    }
    out + &view.more(" ", apart.len() - shown.len(), "more group", "more groups")
}

/// What has to be moved from the files that go, in a few words.
fn moved(group: &GroupInfo) -> Option<String> {
    match (group.missing_units, group.missing_parts) {
        (0, 0) => None,
        (0, n) => Some(counted(n as u64, "part", "parts")),
        (n, _) => Some(counted(n as u64, "line", "lines")),
    }
}

/// Stands behind what has to be moved where hardly a line is alike.
const UNLIKE: &str = "*";

fn is_marked(group: &GroupInfo) -> bool {
    group.hardly_alike && !group.lacks_nothing()
}

/// Figures first and names last, so that nothing stands to the right of names
/// of all lengths. `None` where the figures leave too little room.
fn table(view: &View<'_>, groups: &[GroupInfo]) -> Option<String> {
    let figures: Vec<[String; 4]> = groups
        .iter()
        .map(|group| {
            let mut merge = moved(group).unwrap_or_else(|| "–".to_owned());
            if is_marked(group) {
                merge.push_str(UNLIKE);
            }
            let saves = thousands(group.tokens_saved);
            [number(group), saves, merge, group.relation.as_str().to_owned()]
        })
        .collect();
    let taken = (0..4).map(|column| {
        let cells = figures.iter().map(|row| width(&row[column]));
        cells.fold(HEADERS[column].len(), usize::max)
    });
    let room = view.page.width.saturating_sub(taken.sum::<usize>() + PADDING);

    if room < MIN_AGENTS {
        return None;
    }

    let mut table = Table::new();
    table
        .load_style(TABLE_STYLE)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(HEADERS);
    for (at, (group, figures)) in groups.iter().zip(figures).enumerate() {
        let mut agents = agents(view, group, room);
        if at + 1 < groups.len() {
            agents.push(String::new());
        }
        table.add_row(figures.into_iter().chain([agents.join("\n")]));
    }
    for column in table.column_iter_mut().take(N_NUMBERS) {
        column.set_cell_alignment(CellAlignment::Right);
    }

    let mut out = String::new();
    let mut rule = String::new();
    for (at, line) in table.lines().enumerate() {
        let line = match at {
            0 => view.page.paint(DIM, line.trim_end()),
            1 => view.page.paint(DIM, &line),
            _ => line,
        };
        out.push_str(&line);
        out.push('\n');
        if at == 1 {
            rule = line + "\n";
        }
    }
    Some(out + &rule)
}

/// A group as an item of a list.
fn item(view: &View<'_>, group: &GroupInfo) -> String {
    let label = format!(" {}. ", number(group));
    let indent = " ".repeat(label.len());
    let agents = agents(view, group, view.page.width - label.len()).join(&format!("\n{indent}"));
    let merge = moved(group).unwrap_or_else(|| "nothing".to_owned());
    let merge = format!("{merge} to merge");
    let saved = counted(group.tokens_saved, "token", "tokens");
    let mut figures = format!("{}, saves {saved}, {merge}", group.relation.as_str());
    if is_marked(group) {
        figures.push_str(&format!("; {}", wording::UNLIKE));
    }
    format!("{label}{agents}\n{}", view.page.hang(&indent, indent.len(), &figures))
}

/// Who stays and who goes, a line or two each, cut after the first few.
fn agents(view: &View<'_>, group: &GroupInfo, room: usize) -> Vec<String> {
    let room = room.saturating_sub(KEEP.len());
    let mut lines = Vec::new();
    let shown = shown(&group.drop, view.layout.limits.members);
    let gone = match group.lacks_nothing() {
        true => DROP,
        false => MERGE,
    };
    let members = std::iter::once(&group.keep).chain(shown);
    let labels: Vec<&Label> = members.map(|id| view.label(*id)).collect();
    for (nth, of_member) in label::lines(&labels, room).into_iter().enumerate() {
        let side = match nth {
            0 => KEEP,
            1 => gone,
            _ => "      ",
        };
        for (at, line) in of_member.into_iter().enumerate() {
            let side = if at == 0 { side } else { "      " };
            lines.push(format!("{side}{line}"));
        }
    }
    let n_more = group.drop.len() - shown.len();
    if n_more > 0 {
        view.is_cut.set(true);
        lines.push(format!("      + {} more", thousands(n_more as u64)));
    }
    lines
}

/// Groups count from 1 for people.
pub(super) fn number(group: &GroupInfo) -> String {
    (group.id + 1).to_string()
}
