//! What is wrong with a configuration, for whoever wrote it: the key, what is
//! allowed there, and the nearest name where one is near.

use crate::slip::nearest;

/// The parser's message about what stands at byte `at` of `text`, in plain words.
pub(super) fn in_words(message: &str, text: &str, at: usize) -> String {
    let subject = match key_before(&text[..at]) {
        Some(key) => format!("`{key}`"),
        None => "this".to_owned(),
    };
    if message.starts_with("string values must be quoted") {
        let rest = text[at..].lines().next().unwrap_or_default().trim();
        return match rest {
            "" => format!("{subject} has no value"),
            rest => format!("{subject} is a text, which stands in quotes: `\"{rest}\"`"),
        };
    }
    if let Some(rest) = message.strip_prefix("unknown variant `")
        && let Some((found, allowed)) = rest.split_once("`, expected ")
    {
        let allowed: Vec<&str> = names(allowed).collect();
        let hint = nearest(found, allowed.iter().copied())
            .map_or(String::new(), |name| format!("; did you mean `{name}`?"));
        return format!("{subject} has to be {}, not `{found}`{hint}", choice(&allowed));
    }
    if message.starts_with("unknown ")
        && let Some((what, allowed)) = message.split_once(", ")
        && let Some(found) = names(what).next()
        && let Some(name) = nearest(found, names(allowed))
    {
        return format!("{what}; did you mean `{name}`?");
    }
    let mismatch = ["invalid type: ", "invalid value: "];
    if let Some(rest) = mismatch.iter().find_map(|kind| message.strip_prefix(kind))
        && let Some((found, expected)) = rest.split_once(", expected ")
    {
        return format!("{subject} has to be {}, not {}", plain(expected.trim_end()), plain(found));
    }
    let message = message.trim_end();
    match message.strip_prefix("expected ") {
        Some(expected) => format!("{subject} has to be {expected}"),
        None if message == "wanted string or table" => format!("{subject} has to be a text"),
        None => message.replace('\n', "; "),
    }
}

/// The key to which the value behind `before` is given on the same line.
fn key_before(before: &str) -> Option<&str> {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let (assignment, _) = line.rsplit_once('=')?;
    let key = assignment.rsplit(['{', ',']).next()?.trim();
    (!key.is_empty()).then_some(key)
}

/// What stands in backticks.
fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split('`').skip(1).step_by(2)
}

/// "`a`, `b` or `c`".
fn choice(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// A type or value as a writer of TOML knows it.
fn plain(what: &str) -> String {
    let what = match what {
        "a sequence" | "sequence" => "a list",
        "a map" | "map" => "a table",
        "a string" | "path string" => "a text",
        "a boolean" => "`true` or `false`",
        "usize" | "u64" | "u32" => "a whole number from 0 on",
        "f64" => "a number",
        what => what,
    };
    for (kind, name) in [
        ("string ", "the text "),
        ("integer ", "the number "),
        ("floating point ", "the number "),
        ("boolean ", ""),
    ] {
        if let Some(value) = what.strip_prefix(kind) {
            return format!("{name}{value}");
        }
    }
    what.to_owned()
}
