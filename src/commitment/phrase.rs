//! Small questions about the text before and behind a name.

use super::wording::Found;
use crate::facet::scan::Hit;

pub(super) fn overlaps(found: &Found, start: usize, end: usize) -> bool {
    found.start < end && start < found.end
}

pub(super) fn is_abbreviation(text: &str) -> bool {
    ["e.g.", "i.e.", "vs.", "etc.", "z.B.", "ca.", "approx."]
        .iter()
        .any(|one| text.ends_with(one))
}

pub(super) fn starts_with_any(text: &str, starts: &[&str]) -> bool {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    starts.iter().any(|start| {
        text.get(..start.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(start))
    })
}

/// Where the label ends that stands last before a name: "Framework: ",
/// "Database – ".
pub(super) fn label(text: &str) -> Option<(usize, usize)> {
    const MAX_LABEL_WORDS: usize = 4;
    let at = text.rfind([':', '：', '–', '—', '→'])?;
    let sign = text[at..].chars().next()?;
    let end = at + sign.len_utf8();
    let is_spaced = text[end..].is_empty() || text[end..].starts_with(' ');
    if at == 0 || matches!(sign, ':' | '–' | '—') && !is_spaced {
        return None;
    }
    // A label begins the line, or with a capital within it.
    let spaces = || text[..at].rmatch_indices(' ').take(MAX_LABEL_WORDS);
    let start = if spaces().count() < MAX_LABEL_WORDS {
        0
    } else {
        spaces()
            .map(|(space, _)| space + 1)
            .find(|&start| text[start..].starts_with(char::is_uppercase))?
    };
    Some((start, end))
}

/// Whether nothing but other names, versions and signs of a list stands before
/// a name, or since the last such sign.
pub(super) fn is_list_member(before: &str, hits: &[Hit], offset: usize) -> bool {
    let signs = before.rmatch_indices([',', '+', '&', '/', '、', '，', '·', '|']);
    let at = signs.map(|(at, sign)| at + sign.len()).next().unwrap_or(0);
    is_filler(&before[at..], hits, offset + at) && before[..at].split(' ').count() < 16
}

/// Words that may stand between a cue and the name that it is about.
const FILLERS: [&str; 46] = [
    "use",
    "using",
    "the",
    "a",
    "an",
    "any",
    "our",
    "only",
    "always",
    "modern",
    "and",
    "with",
    "of",
    "to",
    "raw",
    "plain",
    "or",
    "introduce",
    "usar",
    "uses",
    "utilizar",
    "utilizes",
    "verwenden",
    "benutzen",
    "nutzen",
    "utiliser",
    "utilisez",
    "usare",
    "install",
    "import",
    "latest",
    "proper",
    "strict",
    "best",
    "recommend",
    "new",
    "el",
    "la",
    "le",
    "der",
    "die",
    "das",
    "ein",
    "de",
    "un",
    "i.e",
];

/// Whether a text holds only names, versions, signs and words that mean nothing here.
pub(super) fn is_filler(text: &str, hits: &[Hit], offset: usize) -> bool {
    let is_named = |at: usize| {
        hits.iter()
            .any(|hit| (hit.start as usize) <= at && at < hit.end as usize)
    };
    let mut at = 0;
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '\'') {
        let is_version = word.starts_with(|c: char| c.is_ascii_digit()) || word.is_empty();
        if !is_version
            && !is_named(offset + at)
            && !FILLERS
                .iter()
                .any(|filler| filler.eq_ignore_ascii_case(word))
        {
            return false;
        }
        at += word.len();
        at += text[at..].chars().next().map_or(0, char::len_utf8);
    }
    true
}

/// Whether the sentence says no more about the name it just told.
pub(super) fn ends_phrase(rest: &str) -> bool {
    let rest = rest.trim_start_matches(['`', '*', '"', '\'']);
    rest.is_empty()
        || rest.starts_with(['.', ',', ';', ')', '!', '/', ']', '。', '，', '、', ':'])
        || starts_with_any(
            rest,
            &[
                "or ", "and ", "nor ", "here", "in this", "at all", "for ", "oder ", "ni ", "ou ",
            ],
        ) && rest.starts_with(' ')
        || rest.starts_with(" –")
        || rest.starts_with(" —")
        || rest.starts_with(" -")
}

/// Whether a name goes on: "React Aria", "Docker Hub"; versions and
/// common nouns are no part of it.
pub(super) fn is_sub_product(rest: &str) -> bool {
    const PARTS: [&str; 12] = [
        "App",
        "Router",
        "Server",
        "Components",
        "LTS",
        "API",
        "Edge",
        "SDK",
        "ORM",
        "CLI",
        "Actions",
        "Pages",
    ];
    let Some(word) = rest.strip_prefix(' ') else {
        return false;
    };
    let word = word
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    let is_capital = word.chars().next().is_some_and(char::is_uppercase);
    is_capital && !PARTS.contains(&word)
}

/// Whether brackets behind a name say that another thing is used after all:
/// "Lucide (configured, but Tabler is used)".
pub(super) fn is_conceded(rest: &str) -> bool {
    let rest = rest.trim_start_matches(['*', '`', ' ']);
    let aside = rest
        .strip_prefix('(')
        .and_then(|rest| rest.split(')').next());
    aside.is_some_and(|aside| aside.contains(" but "))
}

/// Whether a name in a list stands for the thing itself: "React 18, …", "JWT
/// for sessions", but not "React optimization".
pub(super) fn is_complete(rest: &str) -> bool {
    const NOUNS: [&str; 22] = [
        "app",
        "router",
        "api",
        "components",
        "framework",
        "library",
        "database",
        "orm",
        "tokens",
        "authentication",
        "auth",
        "runtime",
        "server",
        "primitives",
        "classes",
        "hooks",
        "cache",
        "queue",
        "store",
        "storage",
        "workspaces",
        "monorepo",
    ];
    const PREPOSITIONS: [&str; 24] = [
        "for",
        "with",
        "as",
        "on",
        "via",
        "in",
        "and",
        "by",
        "at",
        "to",
        "only",
        "everywhere",
        "für",
        "mit",
        "als",
        "para",
        "con",
        "como",
        "pour",
        "avec",
        "для",
        "с",
        "за",
        "over",
    ];
    let rest =
        rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '@' | '`'));
    let rest = rest
        .strip_prefix(" v")
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        .unwrap_or(rest);
    let rest =
        rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '.' | '+'));
    let n = rest
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(rest.len());
    let word = &rest[..n];
    word.is_empty()
        || !word.is_ascii() && !word.starts_with(char::is_uppercase)
        || NOUNS
            .iter()
            .chain(&PREPOSITIONS)
            .any(|one| one.eq_ignore_ascii_case(word))
}

/// Whether a name is the program of a command in the text: "npm run lint".
pub(super) fn is_command(text: &str) -> bool {
    const SUBCOMMANDS: [&str; 20] = [
        "run", "install", "ci", "add", "exec", "test", "start", "build", "i", "init", "create",
        "dlx", "x", "lint", "format", "check", "dev", "sync", "audit", "publish",
    ];
    let mut words = text.split(' ');
    let program = words.next().unwrap_or_default();
    let next = words
        .next()
        .unwrap_or_default()
        .trim_end_matches([',', '.', ')', ';', ':']);
    let is_program = program.bytes().all(|byte| byte.is_ascii_lowercase());
    is_program && (SUBCOMMANDS.contains(&next) || next.starts_with('-') && next.len() > 1)
}
