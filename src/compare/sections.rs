//! The order in which the statements of two agents are read beside each other:
//! section by section as the left agent has them, then what stands in sections
//! that only the right one has.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::statements::{Aligned, Alignment, Difference, Statement, paths};
use crate::agent::Agent;
use crate::rules::Facts;

/// A section of one or of both agents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// The left agent's; `None` where only the right one has it.
    pub left: Option<Title>,
    /// The right agent's section that corresponds to it, if one does.
    pub right: Option<Title>,
    /// What stands there, in the order of reading.
    pub rows: Vec<Row>,
}

/// The title of a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Title {
    /// The headings, joined by ` › `; empty before the first one.
    pub text: String,
    /// Line of the heading, from 1; `None` before the first one.
    pub line: Option<u32>,
}

/// A place in the lists of an [`Alignment`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Row {
    /// Place in [`Alignment::matches`].
    Match(usize),
    /// Place in [`Alignment::only_left`].
    OnlyLeft(usize),
    /// Place in [`Alignment::only_right`].
    OnlyRight(usize),
}

/// All statements in the order of reading; sections without any are left out.
pub(super) fn sections(
    facts: &Facts<'_>,
    left: u32,
    right: u32,
    aligned: &Aligned,
) -> Vec<Section> {
    let (left_agent, right_agent) = (facts.agent(left), facts.agent(right));
    let alignment = &aligned.alignment;
    let counterparts = counterparts(left_agent, right_agent, aligned);
    let title = |id: u32, paths: &[String], section: u32| {
        let agent = facts.agent(id);
        let heading = agent.sections[section as usize].heading;
        Title {
            text: paths[section as usize].clone(),
            line: heading.map(|unit| {
                let span = agent.units[unit as usize].span;
                facts.sources.lines(agent.file, span).0
            }),
        }
    };
    let left_paths = paths(left_agent, facts.text(left));
    let right_paths = paths(right_agent, facts.text(right));

    let mut guests = guests(left_agent, right_agent, alignment, &counterparts);
    let mut rows = std::mem::take(&mut guests.at_start);
    let matched = alignment.matches.iter().map(|found| found.left.unit_idx);
    for (section, row) in in_order(left_agent, matched, &alignment.only_left, Row::OnlyLeft) {
        let rows = rows.entry(section).or_default();
        rows.push(row);
        rows.extend(guests.behind.remove(&row).into_iter().flatten());
    }
    for (section, guests) in guests.at_end {
        rows.entry(section).or_default().extend(guests);
    }
    // Of the right sections that belong to a left one, the first gives the
    // title, unless one has the same title.
    let mut partners: BTreeMap<u32, u32> = BTreeMap::new();
    for (&right, &left) in &counterparts {
        partners.entry(left).or_insert(right);
    }
    partners.extend(aligned.titles.iter().rev().copied());
    let both = rows.into_iter().map(|(section, rows)| Section {
        left: Some(title(left, &left_paths, section)),
        right: partners.get(&section).map(|&partner| title(right, &right_paths, partner)),
        rows,
    });
    let alone = guests.alone.into_iter().map(|(section, rows)| Section {
        left: None,
        right: Some(title(right, &right_paths, section)),
        rows,
    });
    both.chain(alone).collect()
}

/// A right section belongs to a left one of another title if at least one in
/// this many of its statements stands there in nearly the same words.
const COMMON_PART: usize = 3;

/// By right section: the left one that corresponds to it, which is the one of
/// the same title, or else the one with which it has the most statements in
/// common, the first of several.
fn counterparts(left: &Agent, right: &Agent, aligned: &Aligned) -> BTreeMap<u32, u32> {
    let alignment = &aligned.alignment;
    let section =
        |agent: &Agent, statement: &Statement| agent.units[statement.unit_idx as usize].section_idx;
    let mut n_statements: BTreeMap<u32, usize> = BTreeMap::new();
    for statement in &alignment.only_right {
        *n_statements.entry(section(right, statement)).or_default() += 1;
    }
    let mut n_common: BTreeMap<(u32, u32), usize> = BTreeMap::new();
    for found in &alignment.matches {
        let (left, right) = (section(left, &found.left), section(right, &found.right));
        *n_statements.entry(right).or_default() += 1;
        if !found.differs.contains(&Difference::Wording) {
            *n_common.entry((right, left)).or_default() += 1;
        }
    }
    let mut best: BTreeMap<u32, (usize, u32)> = BTreeMap::new();
    for ((right, left), n) in n_common {
        let best = best.entry(right).or_insert((n, left));
        if n > best.0 {
            *best = (n, left);
        }
    }
    let mut counterparts: BTreeMap<u32, u32> = best
        .into_iter()
        .filter(|(right, (n, _))| n * COMMON_PART >= n_statements[right])
        .map(|(right, (_, left))| (right, left))
        .collect();
    counterparts.extend(aligned.titles.iter().map(|&(left, right)| (right, left)));
    // What stands before any heading does so in both.
    counterparts.insert(0, 0);
    counterparts
}

/// The statements of an agent, each with its section, in the order of the
/// file: the units that match, and what `only` it says as a `row`.
fn in_order(
    agent: &Agent,
    matched: impl Iterator<Item = u32>,
    only: &[Statement],
    row: fn(usize) -> Row,
) -> Vec<(u32, Row)> {
    let matched = matched.enumerate().map(|(at, unit)| (unit, Row::Match(at)));
    let only = only.iter().enumerate();
    let only = only.map(|(at, statement)| (statement.unit_idx, row(at)));
    let mut units: Vec<(u32, Row)> = matched.chain(only).collect();
    units.sort_by_key(|(unit, _)| *unit);
    let section = |unit: u32| agent.units[unit as usize].section_idx;
    let units = units.into_iter();
    units.map(|(unit, row)| (section(unit), row)).collect()
}

/// What only the right agent says, by where it is shown.
#[derive(Default)]
struct Guests {
    /// By left section: what stands before the first match in the right one.
    at_start: BTreeMap<u32, Vec<Row>>,
    /// By match of one section: what stands behind it in the right file.
    behind: BTreeMap<Row, Vec<Row>>,
    /// By left section: what stands behind a match with another section.
    at_end: BTreeMap<u32, Vec<Row>>,
    /// By right section that no left one corresponds to.
    alone: BTreeMap<u32, Vec<Row>>,
}

fn guests(
    left: &Agent,
    right: &Agent,
    alignment: &Alignment,
    counterparts: &BTreeMap<u32, u32>,
) -> Guests {
    let in_right = alignment.matches.iter().map(|found| found.right.unit_idx);
    let rows = in_order(right, in_right, &alignment.only_right, Row::OnlyRight);
    let mut guests = Guests::default();
    // Where nothing matches, what only the left one says comes first.
    let matched: BTreeSet<u32> = alignment
        .matches
        .iter()
        .map(|found| left.units[found.left.unit_idx as usize].section_idx)
        .collect();
    // The last match, with its left and its right section.
    let mut before: Option<(u32, u32, Row)> = None;
    for (section, row) in rows {
        if let Row::Match(at) = row {
            let partner = alignment.matches[at].left.unit_idx;
            let home = left.units[partner as usize].section_idx;
            before = Some((home, section, row));
            continue;
        }
        let place = match counterparts.get(&section) {
            None => guests.alone.entry(section).or_default(),
            Some(&home) => match before.filter(|(_, of_right, _)| *of_right == section) {
                Some((of_left, _, found)) if of_left == home => {
                    guests.behind.entry(found).or_default()
                }
                Some(_) => guests.at_end.entry(home).or_default(),
                None if matched.contains(&home) => guests.at_start.entry(home).or_default(),
                None => guests.at_end.entry(home).or_default(),
            },
        };
        place.push(row);
    }
    guests
}
