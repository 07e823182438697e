//! Ports: "the API listens on port 8000", `localhost:5173`.

use memchr::memmem;

use super::tail;
use crate::text::head;

/// Bytes that are read on either side of a port.
const MAX_BESIDE: usize = 120;

/// What may listen, by its names. A clause that names several is about them
/// together: the port of "backend API" is another one's than that of "API".
const THINGS: &[(&str, &[&str])] = &[
    ("API", &["api", "apis"]),
    ("admin", &["admin"]),
    ("backend", &["backend", "back-end"]),
    ("dashboard", &["dashboard"]),
    ("database", &["database", "db"]),
    ("dev server", &["dev server", "development server", "vite"]),
    ("frontend", &["frontend", "front-end"]),
    ("gateway", &["gateway"]),
    ("gRPC", &["grpc"]),
    ("metrics", &["metrics", "prometheus"]),
    ("MongoDB", &["mongodb", "mongo"]),
    ("MySQL", &["mysql", "mariadb"]),
    ("PostgreSQL", &["postgresql", "postgres"]),
    ("Redis", &["redis"]),
    ("Storybook", &["storybook"]),
    ("WebSocket", &["websocket", "websockets"]),
    ("worker", &["worker", "workers"]),
];

/// Words by which a clause tells of several ports, or of none for sure.
const OTHERWISE: &[&str] = &[
    "any", "debug", "debugger", "default", "defaults", "expose", "exposes", "forward", "if", "map",
    "maps", "or", "proxies", "proxy", "test", "tests", "unless",
];

/// What listens on a port, the port, and where that stands.
pub(super) struct Port<'a> {
    pub(super) thing: String,
    pub(super) number: &'a str,
    pub(super) at: usize,
}

/// The ports that a text tells from byte `body` on.
pub(super) fn ports(source: &str, body: usize) -> impl Iterator<Item = Port<'_>> {
    let text = &source.as_bytes()[body..];
    let named = memmem::find_iter(text, "ort").filter_map(move |at| {
        let at = body + at;
        let is_word = at > 0
            && source.as_bytes()[at - 1].eq_ignore_ascii_case(&b'p')
            && !source[..at - 1].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let rest = source[at + "ort".len()..].strip_prefix([' ', ':', '='])?;
        is_word.then(|| source.len() - rest.trim_start_matches([' ', '`', '*', ':']).len())
    });
    let local = memmem::find_iter(text, "localhost:").map(move |at| body + at + "localhost:".len());
    named.chain(local).filter_map(move |at| {
        let digits = &source[at..];
        let n_digits = digits.bytes().take_while(u8::is_ascii_digit).count();
        let number = &digits[..n_digits];
        let is_whole = (2..=5).contains(&n_digits)
            && !digits[n_digits..]
                .starts_with(|c: char| c.is_alphanumeric() || c == ':' || c == '-');
        let thing = is_whole.then(|| thing(source, at))??;
        Some(Port { thing, number, at })
    })
}

/// What listens on the port at a byte: what its clause names, else the clause
/// itself without numbers, which says the same only in the same words.
fn thing(source: &str, at: usize) -> Option<String> {
    let before = tail(&source[..at], MAX_BESIDE);
    let after = head(&source[at..], MAX_BESIDE);
    let ends = |c: char| matches!(c, ',' | ';' | '(' | ')' | '|' | '\n' | '\r');
    let start = before.rfind(ends).map_or(0, |end| end + 1);
    let start = start.max(before.rfind(" and ").unwrap_or(0));
    let end = after.find(ends).unwrap_or(after.len());
    let end = end.min(after.find(". ").unwrap_or(end));
    let clause = format!("{}{}", &before[start..], &after[..end]).to_lowercase();
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let words: Vec<&str> = clause.split(|c| !is_part(c)).filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| OTHERWISE.contains(word)) {
        return None;
    }
    let told = format!(" {} ", words.join(" "));
    let is_named = |names: &&[&str]| names.iter().any(|name| told.contains(&format!(" {name} ")));
    let things: Vec<&str> =
        THINGS.iter().filter(|(_, names)| is_named(names)).map(|(thing, _)| *thing).collect();
    let is_number = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
    match things.is_empty() {
        false => Some(things.join(" ")),
        true => {
            let words: Vec<&str> = words.into_iter().filter(|word| !is_number(word)).collect();
            (words.len() >= MIN_WORDS).then(|| format!("\"{}\"", words.join(" ")))
        }
    }
}

/// Fewer words name nothing: "on port 3000".
const MIN_WORDS: usize = 4;
