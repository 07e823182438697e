//! Bans that name no letters, but have well-known ones.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use super::object::{THROUGH, exception, marked};
use super::{Needle, Object};
use crate::agent::{Agent, Direction, Unit};
use crate::text::word_finder;

/// What a known phrase forbids in code.
pub(super) struct Known {
    /// What it is called in reports.
    pub(super) title: &'static str,
    /// Phrases of a ban, in lower case.
    pub(super) phrases: &'static [&'static str],
    /// What breaks it.
    needles: &'static [&'static str],
    /// See [`Needle::endings`].
    endings: &'static [&'static str],
}

/// Orders that forbid well-known letters without a word of ban: what they ask
/// for, and what that forbids.
#[rustfmt::skip]
pub(super) const ORDERED: &[(&str, Known)] = &[
    ("goes against parameters, which are asked for", Known { title: "SQL built from strings", phrases: &["parameterized quer", "parameterised quer", "prepared statement", "parameterized sql", "parametrizadas"], needles: &["= '{", "= '${", "f\"SELECT ", "f'SELECT ", "f\"INSERT ", "f\"UPDATE ", "f\"DELETE "], endings: &[] }),
    ("goes against keyboard access, which is asked for", Known { title: "`onClick` on a `<div>` or `<span>`", phrases: &["semantic html", "keyboard navigation", "keyboard accessib"], needles: &["<div onClick", "<span onClick", "<div onclick", "<div @click"], endings: &[] }),
    ("goes against HttpOnly cookies, which are asked for", Known { title: "tokens in `localStorage`", phrases: &["httponly cookie", "http-only cookie"], needles: &["localStorage.setItem('token'", "localStorage.setItem(\"token\"", "localStorage.setItem('accessToken'", "localStorage.setItem('access_token'", "localStorage.setItem('auth"], endings: &[] }),
    ("goes against `user-event`, which is asked for", Known { title: "`fireEvent`", phrases: &["testing-library/user-event for", "testing-library/user-event** for", "testing-library/user-event` for", "userevent over fireevent", "userevent instead of fireevent", "prefer userevent", "prefer user-event", "userevent, not fireevent", "user-event over fireevent", "user-event instead of fireevent", "`user-event` over", "use user-event", "use `user-event`", "use userevent", "use `userevent`"], needles: &["fireEvent"], endings: &[] }),
    ("goes against keys of a factory, which are asked for", Known { title: "query keys in place", phrases: &["query key factor", "querykeys.ts", "query-keys.ts", "centralized query keys", "centralised query keys"], needles: &["queryKey: ['", "queryKey: [\""], endings: &[] }),
    ("goes against types, which are asked for", Known { title: "interfaces", phrases: &["type` instead of `interface", "type` over `interface", "type instead of interface", "type over interface", "types over interfaces", "types instead of interfaces"], needles: &["export interface "], endings: &[] }),
    ("goes against times with a zone, which are asked for", Known { title: "times without a zone", phrases: &["timezone-aware", "timezone aware datetimes"], needles: &["datetime.utcnow()", "datetime.now()"], endings: &[] }),
];

/// Bans that name no letters, but have well-known ones.
#[rustfmt::skip]
const KNOWN: &[Known] = &[
    Known { title: "secrets in the client", phrases: &["exposed to client", "exposed to the client", "exposed to frontend", "exposed to the frontend", "exposed to the browser", "expose api keys", "expose secrets to the client", "expose api keys to the client"], needles: &["VITE_", "NEXT_PUBLIC_", "REACT_APP_"], endings: &["API_KEY", "API_KEYS", "SECRET", "SECRET_KEY", "SERVICE_ROLE_KEY"] },
    Known { title: "inline styles", phrases: &["inline style", "inline css"], needles: &["style={{", " style=\""], endings: &[] },
    Known { title: "inline JavaScript", phrases: &["inline js", "inline javascript", "inline event handler", "inline script"], needles: &[" onclick=\"", " onchange=\"", " onsubmit=\"", " oninput=\""], endings: &[] },
    Known { title: "`SELECT *`", phrases: &["select *", "select \\*"], needles: &[".select('*')", ".select(\"*\")", "SELECT * FROM", "SELECT *\nFROM", "select * from"], endings: &[] },
    Known { title: "default exports", phrases: &["default export", "export default"], needles: &["export default "], endings: &[] },
    Known { title: "`any`", phrases: &["any type", "any types", "`any`"], needles: &[": any;", ": any)", ": any,", ": any =", "<any>", " as any"], endings: &[] },
    Known { title: "`console.log`", phrases: &["console.log"], needles: &["console.log("], endings: &[] },
    Known { title: "function declarations", phrases: &["function declaration"], needles: &["export function ", "export async function ", "export default function "], endings: &[] },
    Known { title: "class components", phrases: &["class component"], needles: &["extends React.Component", "extends Component "], endings: &[] },
    Known { title: "bare `except`", phrases: &["bare except", "naked except"], needles: &["except:"], endings: &[] },
    Known { title: "wildcard imports", phrases: &["wildcard import", "star import"], needles: &["import *\n"], endings: &[] },
    Known { title: "fixed colours", phrases: &["hardcoded hex", "hard-coded hex", "hardcode hex", "hardcoded color", "hardcoded colour", "arbitrary values"], needles: &["bg-[#", "text-[#", "border-[#"], endings: &[] },
    Known { title: "raw SQL", phrases: &["raw sql"], needles: &["cursor.execute(", ".execute(\"SELECT", "$queryRawUnsafe"], endings: &[] },
    Known { title: "relative imports", phrases: &["relative import", "relative paths for imports"], needles: &["from '../", "from \"../"], endings: &[] },
    Known { title: "force pushes", phrases: &["force push", "force-push"], needles: &["git push --force", "git push -f"], endings: &[] },
    Known { title: "pushes to the main branch", phrases: &["push directly to main", "push to main", "push directly to master", "push to master", "commit directly to main", "commit to main", "commit directly to master"], needles: &["git push origin main", "git push origin master"], endings: &[] },
    Known { title: "emojis", phrases: &["emoji"], needles: &["🚀", "✨", "🎉", "📊", "🔍", "🎯"], endings: &[] },
    Known { title: "TODO comments", phrases: &["todo comment", "todos in code", "todo/fixme"], needles: &["// TODO", "# TODO"], endings: &[] },
    Known { title: "enums", phrases: &["typescript enum", "enums"], needles: &["export enum "], endings: &[] },
    Known { title: "`!important`", phrases: &["!important"], needles: &["!important"], endings: &[] },
    Known { title: "fixed waits", phrases: &["arbitrary sleep", "fixed sleep", "hard wait", "hardcoded wait", "hard-coded wait", "hardcoded sleep", "arbitrary wait", "arbitrary timeout", "fixed timeout", "fixed wait", "waitfortimeout"], needles: &["waitForTimeout(", "time.sleep("], endings: &[] },
    Known { title: "the tag `latest`", phrases: &["latest tag", "`latest` tag", "`:latest`", ":latest", "latest image"], needles: &[":latest"], endings: &[] },
    Known { title: "any origin", phrases: &["wildcard cors", "cors wildcard", "allow all origins"], needles: &["Access-Control-Allow-Origin: *", "allow_origins=[\"*\"]", "origin: '*'", "origin: \"*\""], endings: &[] },
    Known { title: "MD5", phrases: &["md5"], needles: &["hashlib.md5(", "createHash('md5')", "createHash(\"md5\")"], endings: &[] },
    Known { title: "the index as a key", phrases: &["array index as key", "array index as a key", "array index as the key", "array indices as key", "array indexes as key", "index as key", "index as a key", "index as the key", "indices as key", "indexes as key"], needles: &["key={index}", "key={i}", "key={idx}"], endings: &[] },
];

pub(super) fn known(object: &str) -> Option<Object> {
    static PHRASES: OnceLock<AhoCorasick> = OnceLock::new();
    let lower = object.to_lowercase();
    let phrases = || KNOWN.iter().flat_map(|known| known.phrases);
    if !PHRASES.get_or_init(|| word_finder(phrases())).is_match(&lower) {
        return None;
    }
    let (known, rest) = KNOWN.iter().find_map(|known| {
        known.phrases.iter().find_map(|phrase| {
            let at = lower.find(phrase)?;
            let before = lower[..at].replace('`', "");
            let is_direct = before.split_whitespace().all(|word| THROUGH.contains(&word));
            is_direct.then(|| (known, &lower[at + phrase.len()..]))
        })
    })?;
    let exception = exception(rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '`'))?;
    let in_prose = known.title.trim_matches('`');
    let in_prose = marked(in_prose).filter(|_| in_prose.len() < known.title.len());
    let needles = needles(known).into_iter().chain(in_prose).collect();
    Some(Object { topic: known.title.to_owned(), needles, exception })
}

pub(super) fn needles(known: &Known) -> Vec<Needle> {
    let needle = |text: &&str| Needle {
        text: (*text).to_owned(),
        is_literal: false,
        endings: known.endings,
    };
    known.needles.iter().map(needle).collect()
}

/// What a statement orders that forbids well-known letters.
pub(super) fn ordered(
    agent: &Agent,
    source: &str,
    unit: &Unit,
) -> Option<(&'static str, &'static Known)> {
    const OPEN: &[&str] = &[" if ", " when ", "unless", " or ", "e.g.", "legacy", "rationale", "?"];
    static PHRASES: OnceLock<AhoCorasick> = OnceLock::new();
    let phrases =
        PHRASES.get_or_init(|| word_finder(ORDERED.iter().flat_map(|(_, known)| known.phrases)));
    let text = unit.span.of(source);
    let found = phrases.find(&text.to_ascii_lowercase())?;
    let lower = text.to_lowercase();
    let is_quoted = text[..found.start()].matches(['"', '“', '”']).count() % 2 == 1;
    if is_quoted
        || unit.direction == Direction::Warning
        || OPEN.iter().any(|word| lower.contains(word))
    {
        return None;
    }
    let samples = ["example", "output", "template", "report", "❌"];
    let is_sample = agent.is_introduced_by(unit, source, &samples);
    let mut before = 0;
    let (said, known) = ORDERED.iter().find(|(_, known)| {
        before += known.phrases.len();
        found.pattern().as_usize() < before
    })?;
    (!is_sample).then_some((said, known))
}
