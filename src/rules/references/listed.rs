//! Names in lists and tables of agents: where most items begin with the name of
//! an agent, so does the one that no agent bears.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::key;
use super::mention::{Mention, is_role};
use crate::agent::{Agent, UnitKind};
use crate::source::Span;

/// Known names that make a column or a list one of agents, where its head does
/// not say so.
const MIN_KNOWN: usize = 3;

/// The same, where it does.
const MIN_KNOWN_BELOW_HEAD: usize = 2;

/// The same, where names are roles, in all lists of a file.
const MIN_KNOWN_IN_FILE: usize = 6;

/// Names in columns of tables and at the beginning of items that nobody bears,
/// where more of those beside them are names in `agents`.
pub(super) fn listed<'a>(agent: &Agent, text: &'a str, agents: &FxHashSet<String>) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut tables: Vec<Vec<&str>> = Vec::new();
    let mut lists: BTreeMap<(u32, Option<u32>), Vec<&str>> = BTreeMap::new();
    for unit in &agent.units {
        let written = unit.span.of(text);
        match unit.kind {
            UnitKind::Row if unit.is_table_head(text) => tables.push(vec![written]),
            UnitKind::Row => tables.last_mut().into_iter().for_each(|rows| rows.push(written)),
            UnitKind::Item => {
                let list = lists.entry((unit.section_idx, unit.lead_in)).or_default();
                list.push(written);
            }
            _ => {}
        }
    }
    for rows in tables {
        found.extend(in_columns(text, &rows, agents));
    }
    let names_of = |items: &Vec<&'a str>| -> Vec<&'a str> {
        let names = items.iter().filter_map(|item| {
            let end = item.find([' ', ':']).unwrap_or(item.len());
            let (start, rest) = item.split_at(end);
            name(start, rest)
        });
        names.collect()
    };
    let lists: Vec<Vec<&str>> = lists.values().map(names_of).collect();
    for names in &lists {
        found.extend(unknown(text, names.iter().copied(), agents, MIN_KNOWN));
    }
    // A short list of roles in a text full of lists of agents.
    let roles = lists.into_iter().flatten().filter(|name| is_role(name));
    found.extend(unknown(text, roles, agents, MIN_KNOWN_IN_FILE));
    found
}

/// The names in the columns of a table, its head first.
fn in_columns(text: &str, rows: &[&str], agents: &FxHashSet<String>) -> Vec<Mention> {
    let Some((head, rows)) = rows.split_first() else {
        return Vec::new();
    };
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| cells(row).collect()).collect();
    let mut found = Vec::new();
    for (column, title) in cells(head).enumerate() {
        let title = title.to_lowercase();
        let mut words = title.split(|c: char| !c.is_alphanumeric());
        let is_of_agents = words.any(|word| matches!(word, "agent" | "agents" | "subagent"));
        let least = if is_of_agents { MIN_KNOWN_BELOW_HEAD } else { MIN_KNOWN };
        let names = rows.iter().filter_map(|row| name(row.get(column)?, ""));
        found.extend(unknown(text, names, agents, least));
    }
    found
}

fn cells(row: &str) -> impl Iterator<Item = &str> {
    let row = row.trim().trim_matches('|');
    row.split('|').map(str::trim)
}

/// The name that a piece of text is, marks aside, if `rest` does not go on with
/// it: words of lower case, joined by hyphens or underscores.
fn name<'a>(text: &'a str, rest: &str) -> Option<&'a str> {
    let marks = ['*', '`', '@', '"'];
    let name = text.trim_matches(marks);
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(is_part);
    let rest = rest.trim_start();
    let is_whole = rest.is_empty() || rest.starts_with(['-', '–', '—', ':', '(', '→']);
    (is_name && is_whole).then_some(name)
}

/// Those that nobody bears, if at least `least` are known and more than are not.
fn unknown<'a>(
    text: &str,
    names: impl Iterator<Item = &'a str>,
    agents: &FxHashSet<String>,
    least: usize,
) -> Vec<Mention> {
    let (known, mut unknown): (Vec<&str>, Vec<&str>) =
        names.partition(|name| agents.contains(&key(name)));
    unknown.retain(|name| name.contains(['-', '_']));
    if known.len() < least || known.len() <= unknown.len() {
        return Vec::new();
    }
    let mention = |name: &str| {
        let start = name.as_ptr() as usize - text.as_ptr() as usize;
        Mention { span: Span::new(start, start + name.len()) }
    };
    unknown.into_iter().map(mention).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::parse;
    use crate::discover::classify;
    use crate::source::{FileId, SourceFile};

    fn found(text: &str) -> Vec<String> {
        let source = SourceFile::new("CLAUDE.md", text);
        let agent = parse(FileId(0), &source, classify("CLAUDE.md"));
        let agents = ["tide-reader", "lock-master", "crane-driver", "pilot"];
        let agents = agents.map(str::to_owned).into_iter().collect();
        let found = listed(&agent, text, &agents);
        let mut names: Vec<String> = found.iter().map(|one| one.span.of(text).to_owned()).collect();
        names.dedup();
        names
    }

    #[test]
    fn a_column_of_agents_names_one_that_is_not_there() {
        let table = "| Work | Recommended agent |\n|-|-|\n| gauge | `tide-reader` |\n\
                     | lock | @lock-master |\n| quay | `bollard-developer` |\n";
        assert_eq!(found(table), ["bollard-developer"]);
        let other = table.replace("Recommended agent", "Program");
        assert_eq!(found(&other), Vec::<String>::new());
    }

    #[test]
    fn a_list_of_agents_names_one_that_is_not_there() {
        let list = "- **tide-reader** - gauges\n- `lock-master`: locks\n- crane-driver — cranes\n\
                    - **rope-engineer** - ropes\n";
        assert_eq!(found(list), ["rope-engineer"]);
        let of_others = "- **npm-run** - scripts\n- `pilot` - ships\n- `dry-run` - nothing\n";
        assert_eq!(found(of_others), Vec::<String>::new());
        let sample = format!("```\n{list}```\n");
        assert_eq!(found(&sample), Vec::<String>::new());
    }
}
