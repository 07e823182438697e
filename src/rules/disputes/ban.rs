//! What texts forbid by its very letters: "Never use `any`", "No inline styles".

use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use crate::agent::{Agent, Direction, MAX_INTRODUCTION_BYTES, Unit, UnitKind};
use crate::commitment::MAX_STATEMENT_BYTES;
use crate::reach::{Part, part_of};
use crate::rules::Facts;
use crate::text::word_finder;

use super::clash::{MAX_BANS, Place};
use super::fact::tail;

/// What the text of most bans says.
pub(super) const FORBIDDEN: &str = "forbidden";

/// Something that is not to be written.
#[derive(Debug)]
pub(super) struct Ban {
    pub(super) place: Place,
    pub(super) part: Part,
    /// What its text says, in few words: [`FORBIDDEN`], or the other way that it asks for.
    pub(super) said: &'static str,
    /// What is forbidden, as it is shown.
    pub(super) topic: String,
    /// Of these strings each one breaks the ban.
    pub(super) needles: Vec<Needle>,
    /// Words of the exception that the ban makes, in lower case.
    pub(super) exception: Vec<String>,
}

/// A string to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Needle {
    pub(super) text: String,
    /// Whether prose may use it too ("use `x`"), not only code.
    pub(super) is_literal: bool,
    /// Ends of the name that it begins; none is asked for where the list is empty.
    pub(super) endings: &'static [&'static str],
}

/// Beginnings of a ban in lower case.
const CUES: &[&str] = &[
    "never ",
    "do not ",
    "don't ",
    "don’t ",
    "avoid ",
    "no ",
    "must not ",
    "you must not ",
    "not allowed: ",
    "forbidden: ",
    "prohibited: ",
    "nunca ",
    "niemals ",
    "kein ",
    "keine ",
    "никогда не ",
    "❌ no ",
    "❌ never ",
];

/// Words between the cue and what is forbidden that leave it forbidden as such.
const THROUGH: &[&str] = &[
    "use", "using", "uses", "call", "calling", "write", "writing", "raw", "direct", "directly",
    "inline", "bare", "any", "the", "a", "an", "plain", "import", "importing", "introduce", "add",
    "rely", "on", "fall", "back", "to", "native", "usar", "verwende", "benutze", "ever", "run",
    "running", "html",
];

/// Words behind it that only say what kind of thing it is.
const KINDS: &[&str] = &[
    "calls", "call", "usage", "use", "statements", "statement", "type", "types", "elements",
    "element", "tags", "tag", "attributes", "keyword", "queries", "function", "method", "hook",
    "anywhere", "directly", "ever", "assertions", "imports", "command", "value", "values", "color",
    "colors", "colour", "colours", "html",
];

/// What a known phrase forbids in code.
struct Known {
    /// What it is called in reports.
    title: &'static str,
    /// Phrases of a ban, in lower case.
    phrases: &'static [&'static str],
    /// What breaks it.
    needles: &'static [&'static str],
    /// See [`Needle::endings`].
    endings: &'static [&'static str],
}

/// Orders that forbid well-known letters without a word of ban: what they ask
/// for, and what that forbids.
#[rustfmt::skip]
const ORDERED: &[(&str, Known)] = &[
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

/// All bans of an agent.
pub(super) fn bans(facts: &Facts<'_>, id: u32, bans: &mut Vec<Ban>) {
    let agent = facts.agent(id);
    let source = facts.text(id);
    let enough = bans.len() + MAX_BANS;
    let mut lists = BanLists::new(agent, source);
    let cues = cues_in(source);
    for (unit_idx, unit) in agent.units.iter().enumerate() {
        if !unit.kind.is_text() {
            continue;
        }
        // A quick look that spares most statements the rest.
        let Range { start, end } = unit.span.range();
        let nearest = cues.get(cues.partition_point(|&cue| cue < start));
        let is_of_note = nearest.is_some_and(|&cue| cue < end);
        let is_listed = lists.of(unit).is_some();
        if !is_listed && !is_of_note || unit.span.byte_len() > MAX_STATEMENT_BYTES {
            continue;
        }
        if bans.len() >= enough {
            return;
        }
        let marked = unit.span.of(source);
        if let Some((said, known)) = ordered(agent, source, unit) {
            bans.push(Ban {
                place: Place::unit(id, unit_idx),
                part: part_of(agent, source, unit_idx, marked),
                said,
                topic: known.title.to_owned(),
                needles: needles(known),
                exception: Vec::new(),
            });
        }
        let plain = marked.replace("**", "");
        for (nth, clause) in clauses(&plain).enumerate() {
            // "`draft`: do not call `send`" holds where the thing named is.
            if nth > 0 && is_named_case(&plain, clause) {
                continue;
            }
            // What follows the first clause is the reason, or what to do instead.
            let listed = || object(bare(clause)).filter(|_| is_listed && nth == 0);
            if let Some((topic, needles, exception)) = forbidden(clause).or_else(listed) {
                bans.push(Ban {
                    place: Place::unit(id, unit_idx),
                    part: part_of(
                        agent,
                        source,
                        unit_idx,
                        clause.split(',').next().unwrap_or_default(),
                    ),
                    said: FORBIDDEN,
                    topic,
                    needles,
                    exception,
                });
            }
        }
    }
}

/// Where a text holds words of a ban, or of an order like one, ascending.
fn cues_in(text: &str) -> Vec<usize> {
    // Two searches for few words are quicker than one for many.
    static FIRST: OnceLock<AhoCorasick> = OnceLock::new();
    static LAST: OnceLock<AhoCorasick> = OnceLock::new();
    let first = FIRST.get_or_init(|| {
        let cues = CUES.iter().map(|cue| cue.trim_start_matches("❌ "));
        let ordered = ORDERED.iter().flat_map(|(_, known)| known.phrases);
        word_finder(cues.chain(ordered.copied()))
    });
    let last = LAST.get_or_init(|| word_finder(REFUSING));
    let lower = text.to_ascii_lowercase();
    let found = first.find_iter(&lower).chain(last.find_iter(&lower));
    let mut places: Vec<usize> = found.map(|found| found.start()).collect();
    places.sort_unstable();
    places
}

/// The parts of a statement that may each forbid something.
fn clauses(text: &str) -> impl Iterator<Item = &str> {
    let lines = text
        .split(". ")
        .flat_map(|part| part.split("; "))
        .flat_map(|part| part.split(": "));
    lines
        .flat_map(|part| part.split(" — "))
        .flat_map(|part| part.split(" – "))
}

/// The text in lower case, each character at its place; `None` where one takes
/// more or fewer bytes then.
fn lower_in_place(text: &str) -> Option<String> {
    let is_kept = |c: char| c.to_lowercase().map(char::len_utf8).sum::<usize>() == c.len_utf8();
    text.chars().all(is_kept).then(|| text.to_lowercase())
}

/// Whether nothing but a name in backticks stands before a clause: the case
/// for which it holds.
fn is_named_case(text: &str, clause: &str) -> bool {
    let before = &text[..clause.as_ptr() as usize - text.as_ptr() as usize];
    let before = before.trim_matches(|c: char| !c.is_alphanumeric() && c != '`');
    // A unit that begins in code begins behind the backtick.
    let name = before
        .strip_suffix('`')
        .map(|name| name.trim_start_matches('`'));
    name.is_some_and(|name| !name.is_empty() && !name.contains('`'))
}

/// What a clause forbids: how it is shown, what breaks it, and the words of its exception.
fn forbidden(clause: &str) -> Option<(String, Vec<Needle>, Vec<String>)> {
    let clause = bare(clause);
    let lower = lower_in_place(clause)?;
    if let Some(rest) = CUES.iter().find_map(|cue| lower.strip_prefix(cue)) {
        return object(&clause[clause.len() - rest.len()..]);
    }
    let (subject, verdict) = refused(&lower)?;
    let exception = exception(&clause[verdict..])?;
    let subject = &clause[..subject];
    // A unit that begins in code begins behind the backtick.
    let is_cut = subject.matches('`').count() % 2 == 1;
    let (topic, needles, _) = match is_cut {
        true => object(&format!("`{subject}"))?,
        false => object(subject)?,
    };
    Some((topic, needles, exception))
}

/// Ends of a ban that begins with what is forbidden, in lower case.
const REFUSALS: &[&str] = &[
    " is banned",
    " are banned",
    " is forbidden",
    " are forbidden",
    " is prohibited",
    " are prohibited",
    " is not allowed",
    " are not allowed",
    " is not permitted",
    " are not permitted",
    " is not accepted",
    " are not accepted",
    " is off limits",
    " are off limits",
    " is off-limits",
    " are off-limits",
    " must not be used",
    " must never be used",
    " may not be used",
    " is never used",
    " are never used",
    " fails the lint",
    " fails lint",
    " fails ci",
];

/// Words of which each refusal has one.
const REFUSING: &[&str] = &[
    "banned", "forbidden", "prohibited", "not allowed", "not permitted", "not accepted",
    "off limits", "off-limits", "be used", "never used", "fails lint", "fails the lint",
    "fails ci",
];

/// Where the subject of a clause ends that refuses it, and where the refusal
/// does: "`any` is banned". What stands in brackets between is no part of it.
fn refused(lower: &str) -> Option<(usize, usize)> {
    static WORDS: OnceLock<AhoCorasick> = OnceLock::new();
    // All of them say "is", "are", "be" or "fails".
    if ![" is ", " are ", " be ", " fails "]
        .iter()
        .any(|verb| lower.contains(verb))
    {
        return None;
    }
    let found = WORDS.get_or_init(|| word_finder(REFUSALS)).find(lower)?;
    let (at, end) = (found.start(), found.end());
    let subject = lower[..at]
        .find(" (")
        .filter(|_| lower[..at].ends_with(')'));
    Some((subject.unwrap_or(at), end))
}

/// A clause without signs in front.
fn bare(clause: &str) -> &str {
    clause.trim_start_matches(|c: char| !c.is_alphabetic() && !matches!(c, '`' | '❌'))
}

/// What is forbidden by the words behind a cue.
fn object(text: &str) -> Option<(String, Vec<Needle>, Vec<String>)> {
    let text = text.trim_start_matches(['❌', ' ']);
    known(text)
        .or_else(|| literal(text))
        .or_else(|| call(text))
        .or_else(|| means(text))
        .or_else(|| command(text))
}

/// Whose business a list of what is not to be done is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listed {
    /// Nobody does it.
    Forbidden,
    /// The agent leaves it to others.
    OwnLimit,
}

/// Titles and lead-ins of lists of what is not to be done, in lower case.
const LISTS: &[(&str, Listed)] = &[
    ("never", Listed::Forbidden),
    ("never do", Listed::Forbidden),
    ("never do this", Listed::Forbidden),
    ("never use", Listed::Forbidden),
    ("don't", Listed::Forbidden),
    ("don'ts", Listed::Forbidden),
    ("don't use", Listed::Forbidden),
    ("do not", Listed::Forbidden),
    ("do not use", Listed::Forbidden),
    ("must not", Listed::Forbidden),
    ("you must not", Listed::Forbidden),
    ("you must never", Listed::Forbidden),
    ("forbidden", Listed::Forbidden),
    ("prohibited", Listed::Forbidden),
    ("not allowed", Listed::Forbidden),
    ("avoid", Listed::Forbidden),
    ("nunca", Listed::Forbidden),
    ("niemals", Listed::Forbidden),
    ("verboten", Listed::Forbidden),
    ("prohibido", Listed::Forbidden),
    ("никогда", Listed::Forbidden),
    ("you do not", Listed::OwnLimit),
    ("you don't", Listed::OwnLimit),
    ("what you do not do", Listed::OwnLimit),
    ("what you don't do", Listed::OwnLimit),
    ("what this agent does not do", Listed::OwnLimit),
    ("this agent does not", Listed::OwnLimit),
    ("will not", Listed::OwnLimit),
];

/// The lists of an agent by which its items are not to be done.
#[derive(Debug)]
pub(super) struct BanLists<'a> {
    agent: &'a Agent,
    source: &'a str,
    /// The last title asked about: items follow each other.
    last: Option<(&'a Unit, Option<Listed>)>,
}

impl<'a> BanLists<'a> {
    pub(super) fn new(agent: &'a Agent, source: &'a str) -> Self {
        Self {
            agent,
            source,
            last: None,
        }
    }

    /// Whether a unit stands in a list of what is not to be done.
    pub(super) fn of(&mut self, unit: &Unit) -> Option<Listed> {
        if unit.kind != UnitKind::Item {
            return None;
        }
        let title = self.agent.introductions(unit).next()?;
        match self.last {
            Some((last, listed)) if std::ptr::eq(last, title) => listed,
            _ => {
                let text = self
                    .agent
                    .unit_start(title, self.source, MAX_INTRODUCTION_BYTES);
                let listed = listed_below(&text);
                self.last = Some((title, listed));
                listed
            }
        }
    }
}

/// What the title of a list says of its items.
fn listed_below(title: &str) -> Option<Listed> {
    let title = title.trim_matches(|c: char| !c.is_alphabetic());
    let found = if title.is_ascii() {
        LISTS
            .iter()
            .find(|(list, _)| list.eq_ignore_ascii_case(title))
    } else {
        let title = title.to_lowercase().replace('’', "'");
        LISTS.iter().find(|(list, _)| *list == title)
    };
    found.map(|&(_, listed)| listed)
}

fn known(object: &str) -> Option<(String, Vec<Needle>, Vec<String>)> {
    static PHRASES: OnceLock<AhoCorasick> = OnceLock::new();
    let lower = object.to_lowercase();
    let phrases = || KNOWN.iter().flat_map(|known| known.phrases);
    if !PHRASES
        .get_or_init(|| word_finder(phrases()))
        .is_match(&lower)
    {
        return None;
    }
    let (known, rest) = KNOWN.iter().find_map(|known| {
        known.phrases.iter().find_map(|phrase| {
            let at = lower.find(phrase)?;
            let before = lower[..at].replace('`', "");
            let is_direct = before
                .split_whitespace()
                .all(|word| THROUGH.contains(&word));
            is_direct.then(|| (known, &lower[at + phrase.len()..]))
        })
    })?;
    let exception = exception(rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '`'))?;
    let in_prose = known.title.trim_matches('`');
    let in_prose = marked(in_prose).filter(|_| in_prose.len() < known.title.len());
    let needles = needles(known).into_iter().chain(in_prose).collect();
    Some((known.title.to_owned(), needles, exception))
}

fn needles(known: &Known) -> Vec<Needle> {
    let needle = |text: &&str| Needle {
        text: (*text).to_owned(),
        is_literal: false,
        endings: known.endings,
    };
    known.needles.iter().map(needle).collect()
}

/// What a statement orders that forbids well-known letters.
fn ordered(agent: &Agent, source: &str, unit: &Unit) -> Option<(&'static str, &'static Known)> {
    const OPEN: &[&str] = &[
        " if ", " when ", "unless", " or ", "e.g.", "legacy", "rationale", "?",
    ];
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

/// Tools of the agents themselves: some have them, others leave the work to those.
const TOOLS: &[&str] = &[
    "Agent", "Bash", "Edit", "Glob", "Grep", "MultiEdit", "NotebookEdit", "Read", "Skill", "Task",
    "TodoWrite", "WebFetch", "WebSearch", "Write",
];

/// "use `a` or `b` outside the config layer"
fn literal(object: &str) -> Option<(String, Vec<Needle>, Vec<String>)> {
    let (before, mut rest) = object.split_once('`')?;
    let is_direct = before
        .split_whitespace()
        .all(|word| THROUGH.contains(&word.to_lowercase().as_str()));
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
    let shown = format!("`{}`", needles.join("` or `"));
    let marked = needles.iter().filter_map(|literal| marked(literal));
    let needles: Vec<Needle> = (needles.iter().copied().filter_map(needle))
        .chain(marked)
        .collect();
    (!needles.is_empty()).then_some((shown, needles, exception))
}

/// "`unwrap()` in production code", where the call needs no backticks.
fn call(object: &str) -> Option<(String, Vec<Needle>, Vec<String>)> {
    let (name, rest) = object.split_once("()")?;
    let (before, name) = name.rsplit_once(' ').unwrap_or(("", name));
    let is_direct = before
        .split_whitespace()
        .all(|word| THROUGH.contains(&word.to_lowercase().as_str()));
    let is_name = name.len() >= 4 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_direct || !is_name {
        return None;
    }
    let needle = Needle {
        text: format!("{name}("),
        is_literal: false,
        endings: &[],
    };
    Some((format!("`{name}()`"), vec![needle], exception(rest)?))
}

/// "Never skip the hooks with `--no-verify`": the flag by which it is done.
fn means(object: &str) -> Option<(String, Vec<Needle>, Vec<String>)> {
    let (before, rest) = object.split_once('`')?;
    let (flag, after) = rest.split_once('`').unwrap_or((rest, ""));
    let link = before.trim_end().rsplit_once(' ').map(|(_, link)| link);
    let is_means =
        link.is_some_and(|link| ["with", "using", "via", "by", "through"].contains(&link));
    let is_flag = flag.starts_with("--") && flag.len() > 4 && !flag.contains([' ', '=']);
    if !is_means || !is_flag || before.contains(',') {
        return None;
    }
    Some((format!("`{flag}`"), vec![needle(flag)?], exception(after)?))
}

/// "Never use git push --force": a command without backticks.
fn command(object: &str) -> Option<(String, Vec<Needle>, Vec<String>)> {
    const PROGRAMS: &[&str] = &[
        "cargo", "docker", "git", "kubectl", "make", "npm", "npx", "pip", "pnpm", "rm", "sudo",
        "terraform", "yarn",
    ];
    const MAX_WORDS: usize = 4;
    let mut words = object.split(' ').peekable();
    while words
        .next_if(|word| THROUGH.contains(&word.to_lowercase().as_str()))
        .is_some()
    {}
    let is_part = |word: &&str| {
        word.chars().all(|c| c.is_ascii_lowercase() || c == '-')
            && !matches!(
                *word,
                "without" | "with" | "on" | "in" | "or" | "to" | "for" | "and"
            )
    };
    let parts: Vec<&str> = words
        .map(|word| word.trim_end_matches(['.', ',', ';', '!']))
        .take_while(is_part)
        .collect();
    let is_command = PROGRAMS.contains(parts.first()?)
        && (2..=MAX_WORDS).contains(&parts.len())
        && parts.iter().any(|part| part.starts_with('-'));
    if !is_command {
        return None;
    }
    let text = parts.join(" ");
    let at = object.find(&text)?;
    let exception = exception(&object[at + text.len()..])?;
    Some((format!("`{text}`"), vec![needle(&text)?], exception))
}

/// What to look for where a literal is forbidden; nothing for what is too plain.
fn needle(literal: &str) -> Option<Needle> {
    let has_hole = literal.contains("...") || literal.contains(['…', '{', '[', '$']);
    if literal.len() < 3 || literal.len() > 60 || has_hole || literal.contains('\n') {
        return None;
    }
    let tag = literal
        .strip_prefix('<')
        .map(|rest| rest.trim_end_matches(['>', '/', ' ']));
    let text = match tag {
        Some(tag) if tag.chars().all(char::is_alphanumeric) => format!("<{tag}"),
        Some(_) => return None,
        // `var(` is a call, `var x` a declaration.
        None if DECLARING.contains(&literal) => format!("{literal} "),
        // `fetch` is a word of English, `fetch(` is a call.
        None if literal.chars().all(|c| c.is_ascii_lowercase()) => format!("{literal}("),
        None => literal.to_owned(),
    };
    Some(Needle {
        text,
        is_literal: tag.is_none() && !DECLARING.contains(&literal),
        endings: &[],
    })
}

/// A plain word that is forbidden, as prose shows it: "use `fetch`".
fn marked(literal: &str) -> Option<Needle> {
    let is_word = literal.len() >= 3 && literal.chars().all(|c| c.is_ascii_lowercase());
    is_word.then(|| Needle {
        text: format!("`{literal}`"),
        is_literal: true,
        endings: &[],
    })
}

/// Words of languages with which a declaration begins.
const DECLARING: &[&str] = &["enum", "interface", "namespace", "var"];

/// The words of an exception behind what is forbidden; `None` where what
/// follows makes the ban one of something else.
fn exception(rest: &str) -> Option<Vec<String>> {
    let mut rest = rest.trim_start_matches(['`', '*', '_', '"', '\'', ')']);
    loop {
        let trimmed = rest.trim_start();
        let word: &str = trimmed
            .split(|c: char| !c.is_alphabetic())
            .next()
            .unwrap_or_default();
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
        "in production code",
        "in production queries",
        "in committed code",
        "in code",
        "in typescript",
        "in javascript",
        "in the code",
        "in the codebase",
        "in this project",
        "in this codebase",
        "in new code",
        "in jsx",
        "in components",
        "in production",
    ];
    if let Some(place) = EVERYWHERE.iter().find(|place| lower.starts_with(**place)) {
        let after = &lower[place.len()..];
        // Tests are no production code.
        let excepted = place.contains("production").then(|| "test".to_owned());
        return (!after.starts_with(char::is_alphanumeric)).then(|| excepted.into_iter().collect());
    }
    let words = [
        "outside ", "outside of ", "except ", "unless ", "other than ",
    ]
    .iter()
    .find_map(|cue| lower.strip_prefix(cue))?;
    let words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| {
        word.len() >= 4 && !matches!(*word, "each" | "that" | "this" | "with" | "when" | "from")
    });
    Some(words.map(str::to_owned).collect())
}

/// Marks of bad examples, in lower case.
const BAD: &[&str] = &[
    "❌",
    "✗",
    "🚫",
    "bad",
    "wrong",
    "don't",
    "don’t",
    "do not",
    "avoid",
    "never",
    "anti-pattern",
    "antipattern",
    "before",
    "incorrect",
    "not ",
    "slow",
    "vulnerable",
    "insecure",
    "unsafe",
    "problem",
    "legacy",
    "original",
    "[critical",
    "[high",
    "injection",
    "falsch",
    "falsch:",
    "mal:",
    "неправильно",
];

/// Marks of good examples, in lower case.
const GOOD: &[&str] = &[
    "✅", "✓", "good", "right", "correct", "better", "after", "fast", "secure", "richtig", "bien:",
    "правильно",
];

/// Whether the line of code at `start` is shown as what not to do, or looked
/// for: the nearest mark above it decides.
pub(super) fn is_bad_example(
    agent: &Agent,
    source: &str,
    unit_idx: usize,
    line: &str,
    start: usize,
) -> bool {
    const SEARCHING: &[&str] = &[
        "grep", "rg ", "find ", "search", "pattern", "regex", "/g", "lint", "check", "expect",
        "no-", "forbid", "explain ",
    ];
    let lower = line.to_lowercase();
    let is_marked = |text: &str, marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    if is_marked(&lower, SEARCHING) || is_marked(&lower, BAD) {
        return true;
    }
    let first = (0..=unit_idx)
        .rev()
        .take_while(|&idx| agent.units[idx].kind == UnitKind::Code)
        .take(MAX_BLOCKS)
        .last()
        .unwrap_or(unit_idx);
    let above = tail(
        &source[agent.units[first].span.range().start..start],
        MAX_ABOVE,
    );
    for line in above.lines().rev() {
        let line = line.to_lowercase();
        let is_comment = ["//", "#", "--", "/*", "<!--", "*", "{/*", "\"\"\""]
            .iter()
            .any(|sign| line.trim_start().starts_with(sign));
        if is_comment && is_marked(&line, BAD) {
            return true;
        }
        if is_comment && is_marked(&line, GOOD) {
            return false;
        }
    }
    let unit = &agent.units[first];
    let heading = agent.sections[unit.section_idx as usize].heading;
    let introduction = first
        .checked_sub(1)
        .filter(|&idx| agent.units[idx].section_idx == unit.section_idx);
    let outer = introduction
        .map(|idx| idx as u32)
        .into_iter()
        .chain(unit.lead_in)
        .chain(heading);
    outer
        .map(|idx| {
            let unit = &agent.units[idx as usize];
            let text = agent.unit_start(unit, source, MAX_STATEMENT_BYTES);
            text.to_lowercase()
        })
        .any(|text| is_marked(&text, BAD))
}

/// Blocks of one fence that are looked through for a mark at most.
const MAX_BLOCKS: usize = 12;

/// Bytes above a line of code that are looked through for a mark at most.
const MAX_ABOVE: usize = 16_384;
