//! Where a text calls an agent by name.
//!
//! Three forms count: a name before the word "agent" (`the x-y agent`), a name
//! after a delegation (`hand off to @x-y`), and the value of `subagent_type`.
//! One fast pass over the bytes finds the few places that can hold any of them.

mod words;

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use crate::source::Span;
use crate::text::word_finder;
pub(super) use words::is_role;
use words::{is_adjective, is_call, is_generic, is_identifier, is_kebab, is_plain_word};

/// A name of an agent in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mention {
    /// The name without quotes, backticks or `@`.
    pub(super) span: Span,
}

/// All names of agents in a text, by place. `description` is where the
/// description stands: there, `use x-y instead` names an agent too.
pub(super) fn mentions(text: &str, description: Option<Span>) -> Vec<Mention> {
    let cues = cues().find_iter(text);
    let mut found: Vec<Mention> =
        cues.flat_map(|cue| mentions_at(text, cue.start())).flatten().collect();
    if let Some(span) = description {
        found.extend(instead(text, span));
    }
    found.retain(|mention| !is_generic(mention.span.of(text)));
    found.sort_by_key(|mention| mention.span);
    found.dedup();
    found
}

/// Finds the parts of "agent", "delegate", "escalate" and "hand off" by which
/// they are known in any case of their first letters. None overlaps another.
fn cues() -> &'static AhoCorasick {
    static CUES: OnceLock<AhoCorasick> = OnceLock::new();
    CUES.get_or_init(|| word_finder(["gent", "gat", "lat", "off"]))
}

/// The names for which the cue is at byte `at`.
fn mentions_at(text: &str, at: usize) -> [Option<Mention>; 3] {
    let (before, rest) = text.as_bytes().split_at(at);
    if rest.starts_with(b"gent-") && before.ends_with(b"@a") {
        [after_at(text, at + "gent-".len()), None, None]
    } else if rest.starts_with(b"gent") {
        let is_type = rest.starts_with(b"gent_type") && before.ends_with(b"suba");
        let value = is_type.then(|| subagent_type(text, at + "gent_type".len()));
        let named = before_agent(text, at);
        let beside = named.and_then(|named| beside(text, named));
        [named, beside, value.flatten()]
    } else if rest.starts_with(b"gat") && before.ends_with(b"ele")
        || rest.starts_with(b"lat") && before.ends_with(b"sca")
        || rest.starts_with(b"off") && is_hand_off(before)
    {
        [after_cue(text, at), None, None]
    } else {
        [None, None, None]
    }
}

/// The first of two names: "the `x-tester` or `y-tester` agent".
fn beside(text: &str, second: Mention) -> Option<Mention> {
    let marks = ['`', '*', '"', '\'', '@'];
    let before = text[..second.span.range().start].trim_end_matches(marks);
    let links = [" or ", " and ", "/"].into_iter();
    let before = links.filter_map(|link| before.strip_suffix(link)).next()?;
    let (span, _, _) = name_before(text, before.len())?;
    let name = span.of(text);
    (is_kebab(name) && is_role(name)).then_some(Mention { span })
}

/// The name in `@agent-x`, which is how Claude Code mentions `x`.
fn after_at(text: &str, start: usize) -> Option<Mention> {
    let rest = &text.as_bytes()[start..];
    let n = rest.iter().take_while(|&&byte| is_name_byte(byte)).count();
    let name = text[start..start + n].trim_end_matches([':', '-', '_']);
    let span = Span::new(start, start + name.len());
    let is_name = name.len() >= 3 && name.bytes().all(|byte| !byte.is_ascii_uppercase());
    (is_name && !text[start + n..].starts_with(['/', '.', '{', '<', '[', '*']))
        .then_some(Mention { span })
}

/// Whether `off` follows "hand" or "hands".
fn is_hand_off(before: &[u8]) -> bool {
    let before = before.strip_suffix(b" ").unwrap_or(before);
    let before = before.strip_suffix(b"-").unwrap_or(before);
    let before = before.strip_suffix(b"s").unwrap_or(before);
    before.ends_with(b"hand") || before.ends_with(b"Hand")
}

/// Characters that a name is made of.
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':')
}

/// How a name is set off from the words around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    None,
    Backtick,
    Quote,
    Bold,
    At,
}

/// The name that ends at `end`, its marks left out.
fn name_before(text: &str, end: usize) -> Option<(Span, Mark, usize)> {
    let bytes = text.as_bytes();
    let (mark, end) = match text[..end].chars().next_back()? {
        '`' => (Mark::Backtick, end - 1),
        '"' | '\'' => (Mark::Quote, end - 1),
        '*' => (Mark::Bold, text[..end].trim_end_matches('*').len()),
        _ => (Mark::None, end),
    };
    // `**`x`** agent`
    let (mark, end) = if mark == Mark::Bold && text[..end].ends_with('`') {
        (Mark::Backtick, end - 1)
    } else {
        (mark, end)
    };
    let n = bytes[..end].iter().rev().take_while(|&&byte| is_name_byte(byte)).count();
    let mut start = end - n;
    // The `n` of a literal `\n` is no letter.
    if text[..start].ends_with('\\') && n > 1 {
        start += 1;
    }
    let opening = text[..start].chars().next_back();
    let (mark, before) = match (mark, opening) {
        (Mark::None, Some('@')) => (Mark::At, start - 1),
        (Mark::Backtick | Mark::Quote, Some('@')) => (mark, start.checked_sub(2)?),
        (Mark::Backtick, Some('`')) | (Mark::Quote, Some('"' | '\'')) => (mark, start - 1),
        (Mark::Bold, Some('*' | '@')) => (mark, start - 1),
        (Mark::None, None) => (Mark::None, start),
        (Mark::None, Some(c)) if c.is_whitespace() || matches!(c, '(' | '"' | '\'' | '>') => {
            (Mark::None, start)
        }
        _ => return None,
    };
    let before = text.get(..before)?.trim_end_matches(['*', '`']).len();
    (end > start).then(|| (Span::new(start, end), mark, before))
}

/// `x-y agent`, where `at` is the `g` of the last word.
fn before_agent(text: &str, at: usize) -> Option<Mention> {
    let word_end =
        text[at..].find(|c: char| !c.is_ascii_alphanumeric()).map_or(text.len(), |n| at + n);
    let word_start = text[..at]
        .rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .map_or(0, |before| before + text[before..].chars().next().map_or(1, char::len_utf8));
    let word = text.get(word_start..word_end)?;
    if !matches!(word, "agent" | "subagent" | "sub-agent" | "Agent") {
        return None;
    }
    let gap = text[..word_start].strip_suffix(' ')?;
    let (span, mark, before) = name_before(text, gap.len())?;
    let name = span.of(text);
    let lead = last_words(&text[..before]);
    let is_called = is_call(&lead);
    let is_indefinite = matches!(lead[0].as_str(), "a" | "an" | "each" | "per" | "no");
    // "the deep-debugger agent" names even without a verb, so does "→ x-tester agent".
    let is_definite = matches!(lead[0].as_str(), "the" | "or" | "and")
        || text[..before].trim_end().ends_with(['→', '>', '⇒']);
    let is_name = match mark {
        Mark::Backtick if is_indefinite => false,
        Mark::Backtick => {
            is_identifier(name)
                || (is_plain_word(name) && (is_called || names_actor(text, word_end)))
        }
        Mark::At | Mark::Quote | Mark::Bold => {
            is_identifier(name) && (is_called || (is_definite && is_role(name)))
        }
        Mark::None => {
            let is_set_off = is_called || (is_definite && is_role(name));
            is_identifier(name) && is_set_off && !is_adjective(name)
        }
    };
    let is_title = word == "Agent" && mark != Mark::Backtick;
    (is_name && !is_title).then_some(Mention { span })
}

/// Whether what follows "agent" leaves it the last word of its phrase: not
/// "the `tools` agent field".
fn names_actor(text: &str, word_end: usize) -> bool {
    let rest = &text[word_end..];
    let next = rest.trim_start_matches(' ');
    let word: &str = next.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    rest.is_empty()
        || rest.starts_with(['.', ',', ';', '\n', '\r', ')'])
        || matches!(
            word,
            "to" | "for" | "when" | "with" | "and" | "on" | "in" | "after" | "before" | "if"
        )
}

/// The last three words of a text, in lower case, the last one first.
fn last_words(text: &str) -> [String; 3] {
    let tail = &text[text.floor_char_boundary(text.len().saturating_sub(60))..];
    let mut words = tail
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '-')))
        .filter(|word| !word.is_empty())
        .rev();
    std::array::from_fn(|_| words.next().unwrap_or_default().to_lowercase())
}

/// Names after "delegate to", "hand off to": in backticks, after `@`, or plain.
fn after_cue(text: &str, at: usize) -> Option<Mention> {
    /// Between the verb and the name stand a few words at most.
    const MAX_BYTES: usize = 48;
    let limit = text.floor_char_boundary((at + MAX_BYTES).min(text.len()));
    let rest = &text[at..limit];
    let line = &rest[..rest.find(['\n', '.', ';', '(', ')', '|']).unwrap_or(rest.len())];
    let mut start = at + line.find(" to ")? + " to ".len();
    for article in ["the ", "our ", "**", "agent "] {
        start += text[start..].strip_prefix(article).map_or(0, |_| article.len());
    }
    let (mark, skip) = match text[start..].chars().next()? {
        '`' => (Mark::Backtick, 1),
        '@' => (Mark::At, 1),
        '"' | '\'' => (Mark::Quote, 1),
        _ => (Mark::None, 0),
    };
    start += skip;
    if mark != Mark::At && text[start..].starts_with('@') {
        start += 1;
    }
    let n = text.as_bytes()[start..].iter().take_while(|&&byte| is_name_byte(byte)).count();
    let name = text[start..start + n].trim_end_matches([':', '-', '_']);
    let span = Span::new(start, start + name.len());
    let after = &text[start + name.len()..];
    let is_closed = match mark {
        Mark::Backtick => after.starts_with('`'),
        Mark::Quote => after.starts_with(['"', '\'']),
        _ => !after.starts_with(['/', '(', '=', '[']) && !continues_as_path(after),
    };
    let next = after.trim_start_matches(['`', '"', '\'', '*', ' ']);
    let is_agent = next.starts_with("agent") || next.starts_with("subagent");
    let is_name = is_kebab(name)
        && !is_adjective(name)
        && (mark == Mark::At || mark == Mark::Backtick || is_agent || is_role(name));
    (is_name && is_closed).then_some(Mention { span })
}

/// Whether a `.` after a name makes it a file: `x-y.md`.
fn continues_as_path(after: &str) -> bool {
    after
        .strip_prefix('.')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
}

/// The value in `subagent_type="x"`, `subagent_type: x`.
fn subagent_type(text: &str, at: usize) -> Option<Mention> {
    let rest = text[at..].trim_start_matches(['`', '"', '\'']);
    let rest = rest.trim_start_matches(' ').strip_prefix(['=', ':'])?;
    let rest = rest.trim_start_matches(' ');
    let quoted = rest.strip_prefix("\\\"").or_else(|| rest.strip_prefix(['"', '\'', '`']));
    let value = quoted.unwrap_or(rest);
    let start = text.len() - value.len();
    let n = value.bytes().take_while(|&byte| is_name_byte(byte) || byte == b'/').count();
    let name = value[..n].trim_end_matches(':');
    let after = &value[n..];
    // Without quotes, a word may be a variable.
    let is_whole = match quoted {
        Some(_) => after.starts_with(['"', '\'', '`', '\\']),
        None => is_kebab(name) && !after.starts_with(['(', '.', '[']),
    };
    let is_name = name.len() >= 2 && name.starts_with(|c: char| c.is_ascii_alphabetic());
    (is_name && is_whole).then(|| Mention { span: Span::new(start, start + name.len()) })
}

/// `use x-y instead`, `use the x-y for …` in a description.
fn instead(text: &str, span: Span) -> Vec<Mention> {
    let Some(part) = text.get(span.range()) else {
        return Vec::new();
    };
    let starts = part.match_indices("use ").filter_map(|(at, _)| {
        let mut start = at + 4;
        if part[start..].starts_with("the ") {
            start += 4;
        }
        if part[start..].starts_with(['`', '@']) {
            start += 1;
        }
        let n = part.as_bytes()[start..].iter().take_while(|&&byte| is_name_byte(byte)).count();
        let name = part[start..start + n].trim_end_matches(':');
        let after = part[start + name.len()..].trim_start_matches('`');
        let is_meant = after.starts_with(" instead") || after.starts_with(" for ");
        let is_name = is_kebab(name) && is_role(name) && !is_adjective(name);
        let start = span.range().start + start;
        (is_name && is_meant).then(|| Mention { span: Span::new(start, start + name.len()) })
    });
    starts.collect()
}
