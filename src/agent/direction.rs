//! Whether words advise or warn, by how they begin.

use super::Direction;

/// Beginnings of a sentence that forbids or warns, in lower case.
const WARNING_STARTS: [&str; 45] = [
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
    "niemals",
    "vermeide",
    "nie ",
    "никогда",
    "не ",
    "избегай",
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

/// The direction that a statement's own first words give it, if they give one.
pub(super) fn of_statement(text: &str) -> Option<Direction> {
    let start = lower_start(text);
    if ADVICE_STARTS.iter().any(|cue| start.starts_with(cue)) {
        Some(Direction::Advice)
    } else if WARNING_STARTS.iter().any(|cue| begins_with(&start, cue)) {
        Some(Direction::Warning)
    } else {
        None
    }
}

/// The direction that a heading gives to what stands below it, if it gives one.
pub(super) fn of_heading(text: &str) -> Option<Direction> {
    let start = lower_start(text);
    if ADVICE_HEADINGS.iter().any(|cue| start.contains(cue)) || is_plain_do(&start) {
        Some(Direction::Advice)
    } else if WARNING_HEADINGS.iter().any(|cue| start.contains(cue)) {
        Some(Direction::Warning)
    } else {
        None
    }
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
    matches!(
        start.trim_end_matches([':', ' ']),
        "do" | "dos" | "do's" | "good" | "correct" | "right" | "best practices"
    )
}

/// Whole words only: "none" is no "no", "cannot" is no "can".
fn begins_with(start: &str, cue: &str) -> bool {
    start.strip_prefix(cue).is_some_and(|rest| {
        let joins = |c: char| c.is_ascii_alphanumeric();
        !(cue.ends_with(joins) && rest.starts_with(joins))
    })
}

/// The first 80 bytes in lower case, without markup and numbers in front.
fn lower_start(text: &str) -> String {
    let text = text.trim_start_matches(|c: char| {
        c.is_whitespace()
            || c.is_ascii_digit()
            || matches!(
                c,
                '*' | '_' | '#' | '-' | '.' | ')' | '(' | '"' | '⚠' | '\u{FE0F}'
            )
    });
    text[..text.floor_char_boundary(80)].to_lowercase()
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
