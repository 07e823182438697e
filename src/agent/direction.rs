//! Whether words advise or warn, by how they begin.

use std::borrow::Cow;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use super::Direction;

/// Beginnings of a sentence that forbids or warns; ASCII in any case.
const WARNING_STARTS: [&str; 49] = [
    "never",
    "don't",
    "don’t",
    "do not",
    "avoid",
    "must not",
    "should not",
    "shouldn't",
    "cannot",
    "no ",
    "not ",
    "you must not",
    "you must never",
    "you should not",
    "you should never",
    "you never",
    "you do not",
    "you don't",
    "refrain from",
    "stop ",
    "forbidden",
    "prohibited",
    "❌",
    "🚫",
    "⛔",
    "✗",
    "✘",
    "❎",
    "nunca",
    "evita",
    "evite",
    "no debes",
    "jamais",
    "ne pas",
    "évite",
    "Évite",
    "niemals",
    "vermeide",
    "nie ",
    "никогда",
    "Никогда",
    "не ",
    "Не ",
    "избегай",
    "Избегай",
    "绝不",
    "不要",
    "禁止",
    "절대",
];

/// Beginnings that give advice even below a warning.
const ADVICE_STARTS: [&str; 12] = [
    "✅", "✓", "✔", "👍", "do:", "instead", "good:", "correct:", "right:", "better:", "prefer",
    "always",
];

/// Words in a heading or lead-in that turn what stands below into a warning, in lower case.
const WARNING_HEADINGS: [&str; 34] = [
    "anti-pattern",
    "antipattern",
    "anti pattern",
    "red flag",
    "to avoid",
    "avoid ",
    "never",
    "don't",
    "don’t",
    "do not",
    "donts",
    "must not",
    "should not",
    "what not to",
    "forbidden",
    "prohibited",
    "not allowed",
    "mistakes",
    "pitfalls",
    "bad practice",
    "bad example",
    "wrong",
    "❌",
    "🚫",
    "⛔",
    "nunca",
    "prohibido",
    "proibido",
    "niemals",
    "verboten",
    "запрещ",
    "никогда",
    "禁止",
    "절대",
];

/// Words in a heading that make it give advice although it names a danger
/// (`Avoiding mistakes`, `Do / Don't` side by side).
const ADVICE_HEADINGS: [&str; 8] = [
    "✅",
    "how to avoid",
    "avoiding",
    "do's and don",
    "dos and don",
    "do / don",
    "do/don",
    "do and don",
];

/// By a first byte: a bit for each cue that begins with it in either case,
/// those of [`ADVICE_STARTS`] first. Most statements begin with none.
static CUES_BY_BYTE: [u64; 256] = cues_by_byte();

const fn cues_by_byte() -> [u64; 256] {
    let mut cues = [0; 256];
    let mut cue = 0;
    while cue < ADVICE_STARTS.len() + WARNING_STARTS.len() {
        let first = start(cue).as_bytes()[0];
        cues[first.to_ascii_lowercase() as usize] |= 1 << cue;
        cues[first.to_ascii_uppercase() as usize] |= 1 << cue;
        cue += 1;
    }
    cues
}

const fn start(cue: usize) -> &'static str {
    if cue < ADVICE_STARTS.len() {
        ADVICE_STARTS[cue]
    } else {
        WARNING_STARTS[cue - ADVICE_STARTS.len()]
    }
}

/// The direction that a statement's own first words give it, if they give one.
pub(super) fn of_statement(text: &str) -> Option<Direction> {
    let text = trimmed(text);
    let mut cues = CUES_BY_BYTE[usize::from(*text.as_bytes().first()?)];
    while cues != 0 {
        let cue = cues.trailing_zeros() as usize;
        if begins_with(text, start(cue)) {
            return Some(if cue < ADVICE_STARTS.len() {
                Direction::Advice
            } else {
                Direction::Warning
            });
        }
        cues &= cues - 1;
    }
    None
}

/// The direction that a heading gives to what stands below it, if it gives one.
pub(super) fn of_heading(text: &str) -> Option<Direction> {
    let start = trimmed(text);
    let start = &start[..start.floor_char_boundary(MAX_CUE_BYTES)];
    // The cues' ASCII letters match in any case.
    let start = if start.is_ascii() {
        Cow::Borrowed(start)
    } else {
        Cow::Owned(start.to_lowercase())
    };
    if is_plain_do(&start) {
        return Some(Direction::Advice);
    }
    let mut direction = None;
    for found in heading_cues().find_overlapping_iter(start.as_ref()) {
        if found.pattern().as_usize() < ADVICE_HEADINGS.len() {
            return Some(Direction::Advice);
        }
        direction = Some(Direction::Warning);
    }
    direction
}

/// Those of [`ADVICE_HEADINGS`] first.
fn heading_cues() -> &'static AhoCorasick {
    static CUES: OnceLock<AhoCorasick> = OnceLock::new();
    CUES.get_or_init(|| {
        AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(ADVICE_HEADINGS.iter().chain(&WARNING_HEADINGS))
            .expect("a few dozen short cues fit")
    })
}

/// The direction that a lead-in ("Never:") gives to its list, if it gives one.
/// Only what ends in a colon leads in.
pub(super) fn of_lead_in(text: &str) -> Option<Direction> {
    let text = text.trim_end();
    if !text.ends_with([':', '：']) {
        return None;
    }
    of_statement(text).or_else(|| {
        // "You must never:" warns, "When you never saw the code, do this:" does not.
        let n_words = text.split_whitespace().count();
        (n_words <= 5).then(|| of_heading(text)).flatten()
    })
}

fn is_plain_do(start: &str) -> bool {
    const PLAIN: [&str; 7] = [
        "do",
        "dos",
        "do's",
        "good",
        "correct",
        "right",
        "best practices",
    ];
    let start = start.trim_end_matches([':', ' ']);
    PLAIN.iter().any(|word| start.eq_ignore_ascii_case(word))
}

/// Whether a text begins with a cue, in whole words: "none" is no "no". Cues
/// outside ASCII stand in the table in each case that a sentence begins with.
fn begins_with(text: &str, cue: &str) -> bool {
    let Some(start) = text.get(..cue.len()) else {
        return false;
    };
    let joins = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    start.eq_ignore_ascii_case(cue)
        && !(joins(cue.as_bytes().last()) && joins(text.as_bytes().get(cue.len())))
}

/// Cues stand at the beginning of a heading; what comes later is its object.
const MAX_CUE_BYTES: usize = 80;

/// Without markup and numbers in front.
fn trimmed(text: &str) -> &str {
    text.trim_start_matches(|c: char| {
        c.is_whitespace()
            || c.is_ascii_digit()
            || matches!(
                c,
                '*' | '_' | '#' | '-' | '.' | ')' | '(' | '"' | '⚠' | '\u{FE0F}'
            )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements() {
        for text in [
            "Never commit",
            "1. Don't guess",
            "❌ Wrong",
            "Do not.",
            "**Avoid** globals",
            "禁止直接提交",
        ] {
            assert_eq!(of_statement(text), Some(Direction::Warning), "{text}");
        }
        for text in ["✅ Do", "Always ask", "Prefer composition"] {
            assert_eq!(of_statement(text), Some(Direction::Advice), "{text}");
        }
        for text in ["Use notes", "Nevermore", "Notify the owner", "Node.js", ""] {
            assert_eq!(of_statement(text), None, "{text}");
        }
    }

    #[test]
    fn headings_and_lead_ins() {
        assert_eq!(of_heading("Red Flags to Avoid"), Some(Direction::Warning));
        assert_eq!(of_heading("Do's and Don'ts"), Some(Direction::Advice));
        assert_eq!(of_heading("Workflow"), None);
        assert_eq!(of_lead_in("Never:"), Some(Direction::Warning));
        assert_eq!(of_lead_in("Never"), None);
        assert_eq!(
            of_lead_in("When you have never seen the code, first do all of this:"),
            None
        );
    }
}
