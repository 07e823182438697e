//! Whether words advise or warn, by how they begin.

use std::borrow::Cow;

use super::Direction;
use super::cues::Cues;

/// Beginnings of a sentence that forbids or warns; ASCII in any case.
static WARNING_STARTS: Cues<49> = Cues::new([
    "never", "don't", "don’t", "do not", "avoid", "must not", "should not", "shouldn't", "cannot",
    "no ", "not ", "you must not", "you must never", "you should not", "you should never",
    "you never", "you do not", "you don't", "refrain from", "stop ", "forbidden", "prohibited",
    "❌", "🚫", "⛔", "✗", "✘", "❎", "nunca", "evita", "evite", "no debes", "jamais", "ne pas",
    "évite", "Évite", "niemals", "vermeide", "nie ", "никогда", "Никогда", "не ", "Не ", "избегай",
    "Избегай", "绝不", "不要", "禁止", "절대",
]);

/// Beginnings that give advice even below a warning.
static ADVICE_STARTS: Cues<12> = Cues::new([
    "✅", "✓", "✔", "👍", "do:", "instead", "good:", "correct:", "right:", "better:", "prefer",
    "always",
]);

/// Words in a heading or lead-in that turn what stands below into a warning, in lower case.
static WARNING_HEADINGS: Cues<34> = Cues::new([
    "anti-pattern", "antipattern", "anti pattern", "red flag", "to avoid", "avoid ", "never",
    "don't", "don’t", "do not", "donts", "must not", "should not", "what not to", "forbidden",
    "prohibited", "not allowed", "mistakes", "pitfalls", "bad practice", "bad example", "wrong",
    "❌", "🚫", "⛔", "nunca", "prohibido", "proibido", "niemals", "verboten", "запрещ", "никогда",
    "禁止", "절대",
]);

/// Words in a heading that make it give advice although it names a danger
/// (`Avoiding mistakes`, `Do / Don't` side by side).
static ADVICE_HEADINGS: Cues<8> = Cues::new([
    "✅", "how to avoid", "avoiding", "do's and don", "dos and don", "do / don", "do/don",
    "do and don",
]);

/// The direction that a statement's own first words give it, if they give one.
pub(crate) fn of_statement(text: &str) -> Option<Direction> {
    let text = trimmed(text);
    if begins_with(text, &ADVICE_STARTS) {
        Some(Direction::Advice)
    } else {
        begins_with(text, &WARNING_STARTS).then_some(Direction::Warning)
    }
}

/// The direction that a heading gives to what stands below it, if it gives one.
pub(super) fn of_heading(text: &str) -> Option<Direction> {
    let start = trimmed(text);
    let start = &start[..start.floor_char_boundary(MAX_CUE_BYTES)];
    // The cues' ASCII letters match in any case.
    let has_capital = start.chars().any(|c| !c.is_ascii() && c.is_uppercase());
    let start = if has_capital { Cow::Owned(start.to_lowercase()) } else { Cow::Borrowed(start) };
    if is_plain_do(&start) || ADVICE_HEADINGS.are_in(&start) {
        Some(Direction::Advice)
    } else {
        WARNING_HEADINGS.are_in(&start).then_some(Direction::Warning)
    }
}

/// The direction that a lead-in ("Never:") gives to its list, if it gives one.
/// Only what ends in a colon leads in.
pub(super) fn of_lead_in(text: &str) -> Option<Direction> {
    if !ends_in_colon(text) {
        return None;
    }
    of_statement(text).or_else(|| {
        // "You must never:" warns, "When you never saw the code, do this:" does not.
        let n_words = text.split_whitespace().count();
        (n_words <= 5).then(|| of_heading(text)).flatten()
    })
}

/// Whether a text ends in a colon, and so may introduce what follows.
pub(super) fn ends_in_colon(text: &str) -> bool {
    match text.as_bytes().last() {
        Some(last) if last.is_ascii() => *last == b':',
        _ => text.ends_with('：'),
    }
}

fn is_plain_do(start: &str) -> bool {
    const PLAIN: [&str; 7] = ["do", "dos", "do's", "good", "correct", "right", "best practices"];
    let start = start.trim_end_matches([':', ' ']);
    PLAIN.iter().any(|word| start.eq_ignore_ascii_case(word))
}

/// Whether a text begins with a cue, in whole words: "none" is no "no". Cues
/// outside ASCII stand in the table in each case that a sentence begins with.
fn begins_with<const N: usize>(text: &str, cues: &Cues<N>) -> bool {
    let joins = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let is_whole =
        |cue: &str| !(joins(cue.as_bytes().last()) && joins(text.as_bytes().get(cue.len())));
    cues.at_start(text.as_bytes()).any(is_whole)
}

/// Cues stand at the beginning of a heading; what comes later is its object.
const MAX_CUE_BYTES: usize = 80;

/// Without markup and numbers in front.
fn trimmed(text: &str) -> &str {
    text.trim_start_matches(|c: char| {
        c.is_whitespace()
            || c.is_ascii_digit()
            || matches!(c, '*' | '_' | '#' | '-' | '.' | ')' | '(' | '"' | '⚠' | '\u{FE0F}')
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn capitals_count_like_small_letters(text in "(NEVER|n|Никогда|ЗАПРЕЩ|é|É| |:|do){0,4}") {
            prop_assert_eq!(of_heading(&text), of_heading(&text.to_lowercase()));
        }
    }

    #[test]
    fn statements() {
        for text in [
            "Never commit", "1. Don't guess", "❌ Wrong", "Do not.", "**Avoid** globals",
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
        assert_eq!(of_lead_in("When you have never seen the code, first do all of this:"), None);
    }
}
