//! Agents that are worth keeping apart though their scopes meet.

use super::flow::{width, wrap};
use super::{BOLD, DIM, View, counted, shown};
use crate::relation::Relation;
use crate::render::quote::clean;
use crate::report::PairInfo;

/// Shared statements that are quoted of a pair.
const MAX_QUOTED: usize = 2;

/// Lines of each side of a quoted statement.
const MAX_LINES: usize = 2;

pub(super) fn section(view: &View<'_>) -> String {
    let is_mirror = |agent: u32| view.report.agents[agent as usize].mirror_of.is_some();
    let pairs: Vec<&PairInfo> = view
        .report
        .pairs
        .iter()
        .filter(|pair| pair.relation == Relation::Overlapping && !pair.matches.is_empty())
        .filter(|pair| !is_mirror(pair.left) && !is_mirror(pair.right))
        .collect();
    if pairs.is_empty() {
        return String::new();
    }
    let mut out = view.heading("Overlapping agents");
    let lead = "Each has work of its own, but requests can fit both: say in the descriptions when to use the other.";
    out.push_str(&view.hang("", 0, lead));
    let shown = shown(&pairs, view.layout.limits.overlaps);
    for pair in shown {
        out.push('\n');
        let names = view.names(&[pair.left, pair.right]);
        let n_shared = pair.n_matches.unwrap_or(pair.matches.len()) as u64;
        let shared = counted(n_shared, "statement", "statements");
        let label = format!("{}: ", view.paint(BOLD, &names));
        let indent = if width(&names) + 30 > view.prose {
            4
        } else {
            width(&names) + 2
        };
        out.push_str(&view.hang(&label, indent, &format!("{shared} in common")));
        for found in pair.matches.iter().take(MAX_QUOTED) {
            let room = view.prose - 6;
            let sides = [(&found.left, "│"), (&found.right, "~")];
            for (quote, mark) in sides {
                for line in wrap(&clean(&quote.text), room, room, MAX_LINES) {
                    out.push_str(&format!("    {} {line}\n", view.paint(DIM, mark)));
                }
            }
        }
    }
    let n_more = pairs.len() - shown.len();
    if n_more > 0 {
        out.push('\n');
    }
    out + &view.more(
        "",
        n_more,
        "more overlapping pair",
        "more overlapping pairs",
    )
}
