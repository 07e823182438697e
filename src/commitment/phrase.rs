//! Small questions about the text before and behind a name.

use super::wording::Found;
use crate::facet::scan::Hit;
use crate::text::strip_prefix_of_any_case;

pub(super) fn overlaps(found: &Found, start: usize, end: usize) -> bool {
    found.start < end && start < found.end
}

pub(super) fn is_abbreviation(text: &str) -> bool {
    ["e.g.", "i.e.", "vs.", "etc.", "z.B.", "ca.", "approx."].iter().any(|one| text.ends_with(one))
}

pub(super) fn starts_with_any(text: &str, starts: &[&str]) -> bool {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    starts.iter().any(|start| strip_prefix_of_any_case(text, start).is_some())
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

/// Verbs of orders that a thing may be the means of.
const TASKS: [&str; 184] = [
    "access", "animate", "apply", "assemble", "assert", "authenticate", "automate", "back", "bind",
    "build", "bundle", "cache", "calculate", "call", "check", "choose", "clean", "code", "collect",
    "compile", "compose", "compute", "configure", "connect", "consume", "containerize", "copy",
    "cover", "crawl", "create", "debug", "declare", "decode", "define", "deliver", "deploy",
    "design", "develop", "dispatch", "display", "distribute", "document", "draw", "emit", "encode",
    "encrypt", "enforce", "execute", "export", "expose", "extract", "fetch", "fill", "filter",
    "format", "generate", "group", "hand-write", "handle", "hash", "hold", "host", "implement",
    "import", "index", "inject", "install", "instrument", "invoke", "issue", "keep", "lay", "lint",
    "load", "localize", "lock", "log", "make", "manage", "map", "measure", "minify", "mix", "mock",
    "model", "monitor", "move", "notify", "obtain", "open", "order", "organize", "package",
    "paginate", "parse", "patch", "perform", "persist", "pick", "pin", "place", "plot", "poll",
    "post", "prepare", "print", "process", "produce", "profile", "propagate", "protect", "provide",
    "provision", "publish", "pull", "push", "put", "query", "queue", "read", "receive", "record",
    "register", "release", "render", "replicate", "report", "request", "resolve", "retry", "route",
    "run", "save", "scaffold", "schedule", "scrape", "search", "secure", "seed", "select", "send",
    "serialize", "serve", "set", "share", "ship", "show", "sign", "sort", "specify", "split",
    "stage", "start", "store", "stream", "structure", "stub", "style", "submit", "sync",
    "synchronize", "tag", "target", "test", "throttle", "trace", "track", "train", "transform",
    "translate", "transpile", "trigger", "tune", "type", "type-check", "upload", "validate",
    "verify", "version", "view", "visualize", "wire", "wrap", "write",
];

/// Whether a text begins with an order to do something.
pub(super) fn begins_with_task(text: &str) -> bool {
    const BEFORE: [&str; 7] = ["always", "please", "you", "must", "should", "only", "we"];
    // "After login, save the token to `localStorage`"
    let text = match text.split_once(", ") {
        Some((first, rest)) if starts_with_any(first, &["after ", "before ", "on "]) => rest,
        _ => text,
    };
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '-'));
    let mut words = words.filter(|word| !word.is_empty());
    words
        .find(|word| !BEFORE.iter().any(|before| before.eq_ignore_ascii_case(word)))
        .is_some_and(|word| TASKS.iter().any(|task| task.eq_ignore_ascii_case(word)))
}

/// Whether a new clause begins behind a text: nothing is before it but "since" and the like.
pub(super) fn ends_clause(text: &str) -> bool {
    const JOINTS: [&str; 6] = ["since", "because", "as", "and", "but", "the"];
    let text = text
        .trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, ',' | ';' | ':' | ')'));
    text.is_empty()
        || text.ends_with([',', ';', ':', ')'])
        || ends_with_word(&text.to_ascii_lowercase(), &JOINTS)
}

/// Whether a text ends with one of these words.
pub(super) fn ends_with_word(text: &str, words: &[&str]) -> bool {
    let last = text.rsplit(' ').next().unwrap_or_default();
    words.contains(&last)
}

/// Whether a text names a thing in a few words and says no more of it: "All HTTP handlers".
pub(super) fn is_subject(text: &str) -> bool {
    const MAX_WORDS: usize = 8;
    const NO_THINGS: [&str; 23] = [
        "it", "this", "that", "there", "which", "what", "who", "he", "she", "they", "you", "i",
        "if", "when", "to", "not", "some", "most", "many", "other", "others", "can", "could",
    ];
    const HERE: [&str; 5] =
        [" in this repo", " in this repository", " in this project", " in this codebase", " here"];
    let text = text.trim();
    let text = HERE
        .iter()
        .find_map(|here| text.strip_suffix(here))
        .unwrap_or(text)
        .trim_start_matches(|c: char| !c.is_alphanumeric());
    let is_word = |word: &str| {
        word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '\'' | '/' | '`' | '*'))
            && !NO_THINGS.iter().any(|no| no.eq_ignore_ascii_case(word))
    };
    !text.is_empty() && text.split(' ').count() <= MAX_WORDS && text.split(' ').all(is_word)
}

/// What a part of a project has to do with what it is made of, beside what
/// [`made_subject`] tells.
const VERBS: [&str; 45] = [
    " belongs in", " belong in", " belongs into", " belong into", " comes out of", " come out of",
    " is kept in", " are kept in", " is in", " are in", " is in region", " sits in", " sit in",
    " uses", " use", " is", " are", " runs", " lives in", " live in", " goes through",
    " go through", " go to", " goes to", " runs on", " run on", " runs in", " run in",
    " runs with", " run with", " talks to", " talk to", " comes from", " come from", " must be",
    " es", " es el", " es la", " é", " é o", " é a", " ist", " est", " è", " relies on",
];

/// Words that lead from what is done to the means.
pub(super) const LINKS: [&str; 11] =
    ["with", "in", "into", "using", "via", "through", "on", "to", "by", "as", "from"];

/// Participles that do not end in "ed".
const PARTICIPLES: [&str; 12] = [
    "built", "done", "drawn", "driven", "held", "kept", "made", "run", "sent", "set", "spoken",
    "written",
];

/// Whether a text is a subject and how it stands to what follows: "The API is written in".
pub(super) fn is_subject_and_verb(text: &str) -> bool {
    let mut verbs = VERBS.iter();
    verbs.any(|verb| text.strip_suffix(verb).is_some_and(is_subject))
        || made_subject(text).is_some_and(is_subject)
}

/// Whether a verb tells what is done with a thing: "written".
pub(super) fn is_participle(verb: &str) -> bool {
    verb.ends_with("ed") || PARTICIPLES.contains(&verb)
}

/// The subject of "The API is written in" and "Every service logs with".
fn made_subject(text: &str) -> Option<&str> {
    let (rest, link) = text.rsplit_once(' ')?;
    if !LINKS.contains(&link) {
        return None;
    }
    let (rest, verb) = rest.rsplit_once(' ')?;
    if !is_participle(verb) {
        let is_task = |verb: &str| TASKS.contains(&verb);
        let is_active = verb
            .strip_suffix('s')
            .is_some_and(|verb| is_task(verb) || verb.strip_suffix('e').is_some_and(is_task));
        return is_active.then_some(rest);
    }
    const AUXILIARIES: [&str; 6] = [" is", " are", " gets", " get", " must be", " has to be"];
    AUXILIARIES.iter().find_map(|verb| rest.strip_suffix(verb))
}

/// The subject with which a sentence begins: "The lambda" in "The lambda runs on Node 18".
pub(crate) fn subject_of(text: &str) -> Option<&str> {
    let ends = VERBS.iter().filter_map(|verb| {
        let (subject, rest) = text.split_once(verb)?;
        rest.starts_with(' ').then_some(subject)
    });
    ends.min_by_key(|subject| subject.len()).filter(|subject| is_subject(subject))
}

/// Words that may stand between a cue and the name that it is about.
const FILLERS: [&str; 56] = [
    "add", "adopt", "use", "using", "the", "a", "an", "any", "our", "only", "always", "modern",
    "and", "with", "of", "to", "raw", "plain", "or", "introduce", "usar", "uses", "utilizar",
    "utilizes", "verwenden", "benutzen", "nutzen", "utiliser", "utilisez", "usare", "install",
    "import", "latest", "proper", "strict", "best", "recommend", "new", "el", "la", "le", "der",
    "die", "das", "ein", "de", "un", "i.e", "使用", "用", "引入", "采用", "nehmen", "wir",
    "ausschließlich", "exclusivamente",
];

/// Whether a text holds only names, versions, signs and words that mean nothing here.
pub(super) fn is_filler(text: &str, hits: &[Hit], offset: usize) -> bool {
    let is_named =
        |at: usize| hits.iter().any(|hit| (hit.start as usize) <= at && at < hit.end as usize);
    let mut at = 0;
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '\'') {
        let is_version = word.starts_with(|c: char| c.is_ascii_digit()) || word.is_empty();
        if !is_version
            && !is_named(offset + at)
            && !FILLERS.iter().any(|filler| filler.eq_ignore_ascii_case(word))
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
                "anywhere", "in our", "in any", "in new", "whatsoever", "either", "any more",
                "anymore", "code",
            ],
        ) && rest.starts_with(' ')
        || rest.starts_with(" –")
        || rest.starts_with(" —")
        || rest.starts_with(" -")
}

/// Whether a name goes on: "React Aria", "Docker Hub"; versions and
/// common nouns are no part of it.
pub(super) fn is_sub_product(rest: &str) -> bool {
    const PARTS: [&str; 14] = [
        "App", "DataFrame", "DataFrames", "Router", "Server", "Components", "LTS", "API", "Edge",
        "SDK", "ORM", "CLI", "Actions", "Pages",
    ];
    let Some(word) = rest.strip_prefix(' ') else {
        return false;
    };
    let word = word.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let is_capital = word.chars().next().is_some_and(char::is_uppercase);
    is_capital && !PARTS.contains(&word)
}

/// Whether brackets behind a name say that another thing is used after all:
/// "Lucide (configured, but Tabler is used)".
pub(super) fn is_conceded(rest: &str) -> bool {
    let rest = rest.trim_start_matches(['*', '`', ' ']);
    let aside = rest.strip_prefix('(').and_then(|rest| rest.split(')').next());
    aside.is_some_and(|aside| aside.contains(" but "))
}

/// Whether a name stands for the thing itself, at most with a noun of its own:
/// "Kafka topics", "Mermaid blocks in the docs".
pub(super) fn is_used_whole(rest: &str) -> bool {
    if is_complete(rest) {
        return true;
    }
    let noun = rest.trim_start_matches(['`', '*']).strip_prefix(' ').unwrap_or_default();
    let n = noun.find(|c: char| !c.is_alphabetic()).unwrap_or(noun.len());
    noun[..n].chars().all(char::is_lowercase)
        && (ends_phrase(&noun[n..]) || is_complete(&noun[n..]))
}

/// Words ahead of a name that say that there is no other.
pub(super) const ALONE: [&str; 8] = [
    "only", "exclusively", "solely", "nur", "ausschließlich", "uniquement", "exclusivement",
    "exclusivamente",
];

/// Whether the text around a name says that there is no other: "`httpx` only",
/// "Terraform and nothing else".
pub(super) fn is_only_one(before: &str, rest: &str) -> bool {
    const BEHIND: [&str; 8] = [
        "only", "exclusively", "alone", "is the only", "are the only", "everywhere",
        "ausschließlich", "exclusivement",
    ];
    const ANYWHERE: [&str; 18] = [
        "nothing else", "no other", "not any other", "don't use any other", "do not use any other",
        "never any other", "any other is", "nichts anderes", "nichts sonst", "sonst nichts",
        "kein anderes", "keine andere", "rien d'autre", "toute autre", "aucune autre", "nada más",
        "ningún otro", "ninguna otra",
    ];
    let signs = ['`', '*', '"', ' '];
    let words = before.trim_end_matches(signs).to_lowercase();
    let words = words.strip_suffix(" use").unwrap_or(&words);
    ends_with_word(words, &["but"])
        || ends_with_word(words, &ALONE)
        || starts_with_any(rest, &BEHIND) && rest.starts_with(signs)
        || {
            let rest = rest.to_lowercase();
            ANYWHERE.iter().any(|phrase| rest.contains(phrase))
        }
}

/// Whether the text behind a name says that it is not used: "`ESLint` is not used here".
pub(super) fn is_refused(rest: &str) -> bool {
    const REFUSALS: [&str; 27] = [
        "is off limits", "are off limits", "is not accepted", "are not accepted", "is rejected",
        "are rejected", "is disallowed", "are disallowed", "is not permitted", "are not permitted",
        "are banned", "is not used", "are not used", "isn't used", "aren't used", "is not allowed",
        "are not allowed", "is forbidden", "are forbidden", "is banned", "is prohibited",
        "must not be used", "must never be used", "is not installed", "is not available",
        "is no longer used", "should not be used",
    ];
    rest.starts_with([' ', '`', '*']) && starts_with_any(rest, &REFUSALS)
}

/// Whether a name in a list stands for the thing itself: "React 18, …", "JWT
/// for sessions", but not "React optimization".
pub(super) fn is_complete(rest: &str) -> bool {
    const NOUNS: [&str; 22] = [
        "app", "router", "api", "components", "framework", "library", "database", "orm", "tokens",
        "authentication", "auth", "runtime", "server", "primitives", "classes", "hooks", "cache",
        "queue", "store", "storage", "workspaces", "monorepo",
    ];
    const PREPOSITIONS: [&str; 30] = [
        "for", "with", "as", "on", "via", "in", "under", "inside", "within", "from", "through",
        "using", "and", "by", "at", "to", "only", "everywhere", "für", "mit", "als", "para", "con",
        "como", "pour", "avec", "для", "с", "за", "over",
    ];
    let after =
        rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '@' | '`'));
    let after = after
        .strip_prefix(" v")
        .filter(|after| after.starts_with(|c: char| c.is_ascii_digit()))
        .unwrap_or(after);
    let after =
        after.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '.' | '+'));
    // "ORM: Prisma. Never write raw SQL."
    let ends_sentence = rest[..rest.len() - after.len()].contains(". ");
    let rest = after;
    let n = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    let word = &rest[..n];
    ends_sentence
        || word.is_empty()
        || !word.is_ascii() && !word.starts_with(char::is_uppercase)
        || NOUNS.iter().chain(&PREPOSITIONS).any(|one| one.eq_ignore_ascii_case(word))
}

/// Whether a name is the program of a command in the text: "npm run lint".
pub(super) fn is_command(text: &str) -> bool {
    const SUBCOMMANDS: [&str; 20] = [
        "run", "install", "ci", "add", "exec", "test", "start", "build", "i", "init", "create",
        "dlx", "x", "lint", "format", "check", "dev", "sync", "audit", "publish",
    ];
    let mut words = text.split(' ');
    let program = words.next().unwrap_or_default();
    let next = words.next().unwrap_or_default().trim_end_matches([',', '.', ')', ';', ':']);
    let is_program = program.bytes().all(|byte| byte.is_ascii_lowercase());
    is_program && (SUBCOMMANDS.contains(&next) || next.starts_with('-') && next.len() > 1)
}
