//! What a ban names, and what of it is excepted.

use super::known::known;
use super::{Needle, Object};

/// What is forbidden by the words behind a cue.
pub(super) fn object(text: &str) -> Option<Object> {
    let text = text.trim_start_matches(['❌', ' ']);
    known(text)
        .or_else(|| literal(text))
        .or_else(|| call(text))
        .or_else(|| means(text))
        .or_else(|| command(text))
}

/// "use `a` or `b` outside the config layer"
fn literal(object: &str) -> Option<Object> {
    let (before, mut rest) = object.split_once('`')?;
    let is_direct =
        before.split_whitespace().all(|word| THROUGH.contains(&word.to_lowercase().as_str()));
    if !is_direct {
        return None;
    }
    let mut needles = Vec::new();
    loop {
        // A unit that ends in code ends before the backtick.
        let (literal, after) = rest.split_once('`').unwrap_or((rest, ""));
        needles.push(literal.trim());
        let joined = [" or `", ", `", "/`", " / `", ", or `", " and `", " nor `"]
            .iter()
            .find_map(|join| after.strip_prefix(join));
        match joined {
            Some(next) => rest = next,
            None => {
                rest = after;
                break;
            }
        }
    }
    let exception = exception(rest)?;
    // Each agent has its own tools.
    if needles.iter().any(|literal| TOOLS.contains(literal)) {
        return None;
    }
    let topic = format!("`{}`", needles.join("` or `"));
    let marked = needles.iter().filter_map(|literal| marked(literal));
    let needles: Vec<Needle> = (needles.iter().copied().filter_map(needle)).chain(marked).collect();
    (!needles.is_empty()).then_some(Object { topic, needles, exception })
}

/// Tools of the agents themselves: some have them, others leave the work to those.
const TOOLS: &[&str] = &[
    "Agent", "Bash", "Edit", "Glob", "Grep", "MultiEdit", "NotebookEdit", "Read", "Skill", "Task",
    "TodoWrite", "WebFetch", "WebSearch", "Write",
];

/// Words between the cue and what is forbidden that leave it forbidden as such.
pub(super) const THROUGH: &[&str] = &[
    "use", "using", "uses", "call", "calling", "write", "writing", "raw", "direct", "directly",
    "inline", "bare", "any", "the", "a", "an", "plain", "import", "importing", "introduce", "add",
    "rely", "on", "fall", "back", "to", "native", "usar", "verwende", "benutze", "ever", "run",
    "running", "html",
];

/// "`unwrap()` in production code", where the call needs no backticks.
fn call(object: &str) -> Option<Object> {
    let (name, rest) = object.split_once("()")?;
    let (before, name) = name.rsplit_once(' ').unwrap_or(("", name));
    let is_direct =
        before.split_whitespace().all(|word| THROUGH.contains(&word.to_lowercase().as_str()));
    let is_name = name.len() >= 4 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_direct || !is_name {
        return None;
    }
    let needle = Needle { text: format!("{name}("), is_literal: false, endings: &[] };
    Some(Object {
        topic: format!("`{name}()`"),
        needles: vec![needle],
        exception: exception(rest)?,
    })
}

/// "Never skip the hooks with `--no-verify`": the flag by which it is done.
fn means(object: &str) -> Option<Object> {
    let (before, rest) = object.split_once('`')?;
    let (flag, after) = rest.split_once('`').unwrap_or((rest, ""));
    let link = before.trim_end().rsplit_once(' ').map(|(_, link)| link);
    let is_means =
        link.is_some_and(|link| ["with", "using", "via", "by", "through"].contains(&link));
    let is_flag = flag.starts_with("--") && flag.len() > 4 && !flag.contains([' ', '=']);
    if !is_means || !is_flag || before.contains(',') {
        return None;
    }
    Some(Object {
        topic: format!("`{flag}`"),
        needles: vec![needle(flag)?],
        exception: exception(after)?,
    })
}

/// "Never use git push --force": a command without backticks.
fn command(object: &str) -> Option<Object> {
    const PROGRAMS: &[&str] = &[
        "cargo", "docker", "git", "kubectl", "make", "npm", "npx", "pip", "pnpm", "rm", "sudo",
        "terraform", "yarn",
    ];
    const MAX_WORDS: usize = 4;
    let mut words = object.split(' ').peekable();
    while words.next_if(|word| THROUGH.contains(&word.to_lowercase().as_str())).is_some() {}
    let is_part = |word: &&str| {
        word.chars().all(|c| c.is_ascii_lowercase() || c == '-')
            && !matches!(*word, "without" | "with" | "on" | "in" | "or" | "to" | "for" | "and")
    };
    let parts: Vec<&str> =
        words.map(|word| word.trim_end_matches(['.', ',', ';', '!'])).take_while(is_part).collect();
    let is_command = PROGRAMS.contains(parts.first()?)
        && (2..=MAX_WORDS).contains(&parts.len())
        && parts.iter().any(|part| part.starts_with('-'));
    if !is_command {
        return None;
    }
    let text = parts.join(" ");
    let at = object.find(&text)?;
    let exception = exception(&object[at + text.len()..])?;
    Some(Object { topic: format!("`{text}`"), needles: vec![needle(&text)?], exception })
}

/// What to look for where a literal is forbidden; nothing for what is too plain.
fn needle(literal: &str) -> Option<Needle> {
    let has_hole = literal.contains("...") || literal.contains(['…', '{', '[', '$']);
    if literal.len() < 3 || literal.len() > 60 || has_hole || literal.contains('\n') {
        return None;
    }
    let tag = literal.strip_prefix('<').map(|rest| rest.trim_end_matches(['>', '/', ' ']));
    let text = match tag {
        Some(tag) if tag.chars().all(char::is_alphanumeric) => format!("<{tag}"),
        Some(_) => return None,
        // `var(` is a call, `var x` a declaration.
        None if DECLARING.contains(&literal) => format!("{literal} "),
        // `fetch` is a word of English, `fetch(` is a call.
        None if literal.chars().all(|c| c.is_ascii_lowercase()) => format!("{literal}("),
        None => literal.to_owned(),
    };
    Some(Needle { text, is_literal: tag.is_none() && !DECLARING.contains(&literal), endings: &[] })
}

/// A plain word that is forbidden, as prose shows it: "use `fetch`".
pub(super) fn marked(literal: &str) -> Option<Needle> {
    let is_word = literal.len() >= 3 && literal.chars().all(|c| c.is_ascii_lowercase());
    is_word.then(|| Needle { text: format!("`{literal}`"), is_literal: true, endings: &[] })
}

/// Words of languages with which a declaration begins.
const DECLARING: &[&str] = &["enum", "interface", "namespace", "var"];

/// The words of an exception behind what is forbidden; `None` where what
/// follows makes the ban one of something else.
pub(super) fn exception(rest: &str) -> Option<Vec<String>> {
    let mut rest = rest.trim_start_matches(['`', '*', '_', '"', '\'', ')']);
    loop {
        let trimmed = rest.trim_start();
        let word: &str = trimmed.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        if KINDS.contains(&word.to_lowercase().as_str()) {
            rest = &trimmed[word.len()..];
        } else {
            rest = trimmed;
            break;
        }
    }
    let lower = rest.to_lowercase();
    let ends =
        rest.is_empty() || rest.starts_with(['.', ',', ';', ':', '!', '(', '-', '—', '–', '→']);
    if ends || lower.starts_with("because ") || lower.starts_with("instead") {
        // What stands in brackets may still be an exception.
        let excepts = ["except", "unless", "only ", "outside", "allowed", "legacy"];
        return (!excepts.iter().any(|word| lower.contains(word))).then(Vec::new);
    }
    const EVERYWHERE: &[&str] = &[
        "in production code", "in production queries", "in committed code", "in code",
        "in typescript", "in javascript", "in the code", "in the codebase", "in this project",
        "in this codebase", "in new code", "in jsx", "in components", "in production",
    ];
    if let Some(place) = EVERYWHERE.iter().find(|place| lower.starts_with(**place)) {
        let after = &lower[place.len()..];
        // Tests are no production code.
        let excepted = place.contains("production").then(|| "test".to_owned());
        return (!after.starts_with(char::is_alphanumeric)).then(|| excepted.into_iter().collect());
    }
    let words = ["outside ", "outside of ", "except ", "unless ", "other than "]
        .iter()
        .find_map(|cue| lower.strip_prefix(cue))?;
    let words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| {
        word.len() >= 4 && !matches!(*word, "each" | "that" | "this" | "with" | "when" | "from")
    });
    Some(words.map(str::to_owned).collect())
}

/// Words behind it that only say what kind of thing it is.
const KINDS: &[&str] = &[
    "calls", "call", "usage", "use", "statements", "statement", "type", "types", "elements",
    "element", "tags", "tag", "attributes", "keyword", "queries", "function", "method", "hook",
    "anywhere", "directly", "ever", "assertions", "imports", "command", "value", "values", "color",
    "colors", "colour", "colours", "html",
];
