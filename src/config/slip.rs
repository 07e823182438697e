//! Wrong names in `[facets]` and `[house]`, thresholds that contradict each
//! other, and where they stand.

use toml::de::{DeTable, DeValue};

use super::{Config, Thresholds};
use crate::facet::house::House;
use crate::facet::{Mistake, Table};

/// Byte and message of the first slip in `text`, which `config` was read from.
pub(super) fn first(config: &Config, text: &str) -> Option<(usize, String)> {
    wrong_threshold(&config.thresholds, text).or_else(|| wrong_name(config, text))
}

/// The first threshold that is above one that asks for more.
fn wrong_threshold(thresholds: &Thresholds, text: &str) -> Option<(usize, String)> {
    let Thresholds {
        unit_match, unit_copy, redundant, overlapping, near_duplicate, duplicate, ..
    } = *thresholds;
    let (less, more) = [
        (("unit-match", unit_match), ("unit-copy", unit_copy)),
        (("overlapping", overlapping), ("redundant", redundant)),
        (("near-duplicate", near_duplicate), ("duplicate", duplicate)),
    ]
    .into_iter()
    .find(|(less, more)| less.1 > more.1)?;
    let root = DeTable::parse(text).ok()?;
    // One of them may be a default.
    let start = [less, more]
        .into_iter()
        .find_map(|(key, _)| start_of(root.get_ref(), "thresholds", &[key]));
    let message = format!("`{}` ({}) must not be above `{}` ({})", less.0, less.1, more.0, more.1);
    Some((start.unwrap_or(0), message))
}

fn wrong_name(config: &Config, text: &str) -> Option<(usize, String)> {
    // Most configurations need no table, which takes some milliseconds.
    if config.facets.is_empty() && config.house.is_empty() {
        return None;
    }
    let (table, in_facets) = Table::new(&config.facets);
    let (_, in_house) = House::new(config.house_names(), &table);
    let root = DeTable::parse(text).ok()?;
    let place = |section: &str, mistake: Mistake| {
        let path: Vec<&str> = mistake.path.iter().map(String::as_str).collect();
        let start = start_of(root.get_ref(), section, &path);
        (start.unwrap_or(0), mistake.message)
    };
    let in_facets = in_facets.into_iter().map(|mistake| place("facets", mistake));
    let in_house = in_house.into_iter().map(|mistake| place("house", mistake));
    in_facets.chain(in_house).min()
}

/// Where the last of `key` and the keys of `path` below it stands. Elements of
/// a list are keys too: `0` is the first one.
fn start_of(table: &DeTable<'_>, key: &str, path: &[&str]) -> Option<usize> {
    let (key, value) = table.iter().find(|(one, _)| one.get_ref().as_ref() == key)?;
    let Some((next, rest)) = path.split_first() else {
        return Some(key.span().start);
    };
    match value.get_ref() {
        DeValue::Table(table) => start_of(table, next, rest),
        DeValue::Array(values) => {
            let value = values.get(next.parse::<usize>().ok()?)?;
            Some(value.span().start)
        }
        _ => Some(value.span().start),
    }
}
