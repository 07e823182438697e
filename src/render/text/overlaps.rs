//! Agents that may well be one job, and those that only meet in a part of their scope.

use super::flow::wrap;
use super::{BOLD, DIM, View, counted, shown};
use crate::relation::Relation;
use crate::render::Limits;
use crate::render::quote::clean;
use crate::render::wording::{LIKELY_ONE_JOB, likely_one_job, nearness, overlaps};
use crate::report::{MatchInfo, PairInfo};

/// Shared statements that are quoted of a pair.
const MAX_QUOTED: usize = 2;

/// Matches below are in the measures, but prove little to a reader.
const MIN_QUOTED: f64 = 0.65;

/// Lines of each side of a quoted statement.
const MAX_LINES: usize = 2;

/// The matches that prove something to a reader.
pub(super) fn telling(pair: &PairInfo) -> impl Iterator<Item = &MatchInfo> {
    // A lead-in ("When working on tasks:") says nothing by itself.
    let leads_in =
        |found: &&MatchInfo| found.left.text.ends_with(':') || found.right.text.ends_with(':');
    pair.matches.iter().filter(move |found| found.similarity >= MIN_QUOTED && !leads_in(found))
}

/// Pairs that may well be one job, a name and its figures each.
pub(super) fn likely(view: &View<'_>) -> String {
    let pairs = likely_one_job(view.result);
    if pairs.is_empty() {
        return String::new();
    }
    let mut out = view.page.heading("To read side by side");
    out.push_str(&view.page.hang("", 0, &format!("{LIKELY_ONE_JOB}.")));
    let shown = shown(&pairs, view.layout.limits.overlaps);
    for pair in shown {
        out.push('\n');
        let names = view.names(&[pair.left, pair.right]);
        out.push_str(&view.page.sentence(BOLD, "", &names));
        out.push_str(&view.page.hang("    ", 4, &nearness(pair)));
    }
    let n_more = pairs.len() - shown.len();
    if n_more > 0 {
        out.push('\n');
    }
    out + &view.more("", n_more, "more pair", "more pairs")
}

pub(super) fn section(view: &View<'_>) -> String {
    // A memory file applies always; no request is routed to it.
    let is_routed = |agent: u32| !view.result.agents[agent as usize].applies_always();
    let is_told = |pair: &&PairInfo| {
        pair.relation == Relation::Overlapping
            && is_routed(pair.left)
            && is_routed(pair.right)
            && telling(pair).next().is_some()
    };
    let (pairs, others): (Vec<&PairInfo>, Vec<&PairInfo>) =
        overlaps(view.result).into_iter().partition(is_told);
    let is_all = view.layout.limits == Limits::ALL;
    if pairs.is_empty() && (others.is_empty() || !is_all) {
        return String::new();
    }
    let mut out = view.page.heading("Overlapping agents");
    let lead = "They meet in a part of what they do or say. Where a request can fit both, say in the descriptions when to use the other.";
    out.push_str(&view.page.hang("", 0, lead));
    let shown = shown(&pairs, view.layout.limits.overlaps);
    let n_quoted = match is_all {
        true => usize::MAX,
        false => MAX_QUOTED,
    };
    for pair in shown {
        out.push('\n');
        let names = view.names(&[pair.left, pair.right]);
        let n_alike = pair.n_matches.unwrap_or(pair.matches.len()) as u64;
        let alike = counted(n_alike, "statement", "statements");
        for line in wrap(
            &format!("{names}: {alike} with rare words in common"),
            view.page.prose,
            view.page.prose,
            MAX_LINES + 1,
        ) {
            out.push_str(&format!("{}\n", view.page.paint(BOLD, &line)));
        }
        for found in telling(pair).take(n_quoted) {
            let room = view.page.prose - 6;
            let sides = [(&found.left, "│"), (&found.right, "~")];
            for (quote, mark) in sides {
                for line in wrap(&clean(&quote.text), room, room, MAX_LINES) {
                    out.push_str(&format!("    {} {line}\n", view.page.paint(DIM, mark)));
                }
            }
        }
    }
    // Of the rest no statement shows it: by their roles, or by their outline.
    let shown_others = if is_all { &others[..] } else { &[] };
    if !shown_others.is_empty() {
        out.push('\n');
    }
    for pair in shown_others {
        let names = view.names(&[pair.left, pair.right]);
        let line = format!("{names}: {}", pair.relation.as_str());
        out.push_str(&view.page.hang("", 0, &line));
    }
    let n_more = pairs.len() - shown.len();
    if n_more > 0 {
        out.push('\n');
    }
    out + &view.more("", n_more, "more overlapping pair", "more overlapping pairs")
}
