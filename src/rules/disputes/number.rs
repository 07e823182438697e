//! Numbers with their units and bounds: "at least 80 %", "< 200ms", "max 300 lines".

use crate::facet::Bound;
use crate::text::language::is_cjk;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Measured {
    /// Nothing that is said.
    Plain,
    Percent,
    /// Milliseconds.
    Time,
    /// Bytes.
    Size,
    Lines,
    Characters,
    Words,
    Sentences,
    Pixels,
    Levels,
    Parameters,
    Rounds,
}

/// A number in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quantity {
    /// In thousandths of the base unit of `measured`.
    pub(super) thousandths: u64,
    pub(super) measured: Measured,
    /// The side that the words next to it name.
    pub(super) bound: Option<Bound>,
    /// Where it begins and ends, unit included.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Words behind a number, what they count, and how many base units one of it is.
const UNITS: [(&str, Measured, u64); 87] = [
    ("word", Measured::Words, 1),
    ("words", Measured::Words, 1),
    ("wörter", Measured::Words, 1),
    ("palabras", Measured::Words, 1),
    ("sentence", Measured::Sentences, 1),
    ("sentences", Measured::Sentences, 1),
    ("sätze", Measured::Sentences, 1),
    ("frases", Measured::Sentences, 1),
    ("%", Measured::Percent, 1),
    ("percent", Measured::Percent, 1),
    ("ms", Measured::Time, 1),
    ("millisecond", Measured::Time, 1),
    ("milliseconds", Measured::Time, 1),
    ("s", Measured::Time, 1_000),
    ("sec", Measured::Time, 1_000),
    ("secs", Measured::Time, 1_000),
    ("second", Measured::Time, 1_000),
    ("seconds", Measured::Time, 1_000),
    ("m", Measured::Time, 60_000),
    ("min", Measured::Time, 60_000),
    ("mins", Measured::Time, 60_000),
    ("minute", Measured::Time, 60_000),
    ("minutes", Measured::Time, 60_000),
    ("h", Measured::Time, 3_600_000),
    ("hour", Measured::Time, 3_600_000),
    ("hours", Measured::Time, 3_600_000),
    ("d", Measured::Time, 86_400_000),
    ("day", Measured::Time, 86_400_000),
    ("days", Measured::Time, 86_400_000),
    ("week", Measured::Time, 604_800_000),
    ("weeks", Measured::Time, 604_800_000),
    ("month", Measured::Time, 2_592_000_000),
    ("months", Measured::Time, 2_592_000_000),
    ("year", Measured::Time, 31_536_000_000),
    ("years", Measured::Time, 31_536_000_000),
    ("tage", Measured::Time, 86_400_000),
    ("días", Measured::Time, 86_400_000),
    ("jours", Measured::Time, 86_400_000),
    ("dias", Measured::Time, 86_400_000),
    ("minuten", Measured::Time, 60_000),
    ("minutos", Measured::Time, 60_000),
    ("prozent", Measured::Percent, 1),
    ("attempt", Measured::Rounds, 1),
    ("retry", Measured::Rounds, 1),
    ("kb", Measured::Size, 1_000),
    ("kib", Measured::Size, 1_000),
    ("mb", Measured::Size, 1_000_000),
    ("mib", Measured::Size, 1_000_000),
    ("gb", Measured::Size, 1_000_000_000),
    ("line", Measured::Lines, 1),
    ("lines", Measured::Lines, 1),
    ("loc", Measured::Lines, 1),
    ("lignes", Measured::Lines, 1),
    ("líneas", Measured::Lines, 1),
    ("zeilen", Measured::Lines, 1),
    ("char", Measured::Characters, 1),
    ("chars", Measured::Characters, 1),
    ("character", Measured::Characters, 1),
    ("characters", Measured::Characters, 1),
    ("px", Measured::Pixels, 1),
    ("level", Measured::Levels, 1),
    ("levels", Measured::Levels, 1),
    ("parameter", Measured::Parameters, 1),
    ("parameters", Measured::Parameters, 1),
    ("params", Measured::Parameters, 1),
    ("arguments", Measured::Parameters, 1),
    ("rounds", Measured::Rounds, 1),
    ("column", Measured::Characters, 1),
    ("columns", Measured::Characters, 1),
    ("cols", Measured::Characters, 1),
    ("zeichen", Measured::Characters, 1),
    ("caracteres", Measured::Characters, 1),
    ("caractères", Measured::Characters, 1),
    ("символов", Measured::Characters, 1),
    ("times", Measured::Rounds, 1),
    ("attempts", Measured::Rounds, 1),
    ("retries", Measured::Rounds, 1),
    ("tries", Measured::Rounds, 1),
    ("mal", Measured::Rounds, 1),
    ("veces", Measured::Rounds, 1),
    ("vezes", Measured::Rounds, 1),
    ("fois", Measured::Rounds, 1),
    ("segundos", Measured::Time, 1_000),
    ("sekunden", Measured::Time, 1_000),
    ("secondes", Measured::Time, 1_000),
    ("linhas", Measured::Lines, 1),
    ("строк", Measured::Lines, 1),
];

/// The same of scripts without spaces, where they stand right behind the number.
const UNSPACED_UNITS: [(&str, Measured, u64); 22] = [
    ("文字", Measured::Characters, 1),
    ("字符", Measured::Characters, 1),
    ("个字符", Measured::Characters, 1),
    ("글자", Measured::Characters, 1),
    ("자 ", Measured::Characters, 1),
    ("行", Measured::Lines, 1),
    ("줄", Measured::Lines, 1),
    ("秒", Measured::Time, 1_000),
    ("초", Measured::Time, 1_000),
    ("分钟", Measured::Time, 60_000),
    ("分", Measured::Time, 60_000),
    ("분", Measured::Time, 60_000),
    ("时间", Measured::Time, 3_600_000),
    ("小时", Measured::Time, 3_600_000),
    ("時間", Measured::Time, 3_600_000),
    ("시간", Measured::Time, 3_600_000),
    ("天", Measured::Time, 86_400_000),
    ("日", Measured::Time, 86_400_000),
    ("일", Measured::Time, 86_400_000),
    ("回", Measured::Rounds, 1),
    ("次", Measured::Rounds, 1),
    ("회", Measured::Rounds, 1),
];

/// Words that may stand between a number and its unit: "200 changed lines".
const BETWEEN: [&str; 8] =
    ["changed", "added", "modified", "new", "physical", "source", "full", "consecutive"];

/// Words before a number that say which side of it is allowed, longest first
/// where one ends in another.
const BOUNDS_BEFORE: [(&str, Bound); 56] = [
    ("not drop below", Bound::Min),
    ("not fall below", Bound::Min),
    ("never drop below", Bound::Min),
    ("never fall below", Bound::Min),
    ("never drops below", Bound::Min),
    ("not be below", Bound::Min),
    ("never below", Bound::Min),
    ("no lower than", Bound::Min),
    ("deeper than", Bound::Max),
    ("shorter than", Bound::Max),
    ("<=", Bound::Max),
    (">=", Bound::Min),
    ("<", Bound::Max),
    ("≤", Bound::Max),
    (">", Bound::Min),
    ("≥", Bound::Min),
    ("no more than", Bound::Max),
    ("not more than", Bound::Max),
    ("not exceed", Bound::Max),
    ("never exceed", Bound::Max),
    ("no less than", Bound::Min),
    ("more than", Bound::Min),
    ("less than", Bound::Max),
    ("fewer than", Bound::Max),
    ("longer than", Bound::Max),
    ("larger than", Bound::Max),
    ("at most", Bound::Max),
    ("at least", Bound::Min),
    ("up to", Bound::Max),
    ("under", Bound::Max),
    ("below", Bound::Max),
    ("within", Bound::Max),
    ("maximum", Bound::Max),
    ("maximum of", Bound::Max),
    ("max", Bound::Max),
    ("max.", Bound::Max),
    ("limit", Bound::Max),
    ("above", Bound::Min),
    ("over", Bound::Min),
    ("exceeds", Bound::Min),
    ("minimum", Bound::Min),
    ("minimum of", Bound::Min),
    ("min", Bound::Min),
    ("min.", Bound::Min),
    ("maximal", Bound::Max),
    ("máximo", Bound::Max),
    ("mínimo", Bound::Min),
    ("au plus", Bound::Max),
    ("最多", Bound::Max),
    ("最大", Bound::Max),
    ("不超过", Bound::Max),
    ("mindestens", Bound::Min),
    ("höchstens", Bound::Max),
    ("al menos", Bound::Min),
    ("como máximo", Bound::Max),
    ("au moins", Bound::Min),
];

/// Words behind a number that say which side of it is allowed.
const BOUNDS_AFTER: [(&str, Bound); 18] = [
    ("at the most", Bound::Max),
    ("+", Bound::Min),
    ("minimum", Bound::Min),
    ("min", Bound::Min),
    ("or more", Bound::Min),
    ("or higher", Bound::Min),
    ("maximum", Bound::Max),
    ("max", Bound::Max),
    ("or less", Bound::Max),
    ("or fewer", Bound::Max),
    ("or shorter", Bound::Max),
    ("at most", Bound::Max),
    ("tops", Bound::Max),
    ("at least", Bound::Min),
    ("以内", Bound::Max),
    ("以下", Bound::Max),
    ("以上", Bound::Min),
    ("이하", Bound::Max),
];

/// All numbers of a text in lower case. Ranges ("7-10 days"), versions, dates,
/// ports and numbers inside names are none.
pub(super) fn quantities(lower: &str) -> Vec<Quantity> {
    let bytes = lower.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = at + digits(&bytes[at..]);
        if let Some(quantity) = quantity(lower, at, end) {
            found.push(quantity);
        }
        at = end;
    }
    found
}

/// Length of the run of digits and separators at the start.
fn digits(bytes: &[u8]) -> usize {
    let mut n = 0;
    while n < bytes.len() {
        let goes_on = bytes[n].is_ascii_digit()
            || (matches!(bytes[n], b'.' | b',' | b':' | b'/' | b'-')
                && bytes.get(n + 1).is_some_and(u8::is_ascii_digit));
        if !goes_on {
            break;
        }
        n += 1;
    }
    n
}

fn quantity(lower: &str, start: usize, end: usize) -> Option<Quantity> {
    let before = &lower[..start];
    let is_inside = |c: char| {
        c.is_alphanumeric() && !is_cjk(c)
            || matches!(c, '_' | '#' | '$' | '.' | '/' | '-' | '~' | '–')
    };
    if before.ends_with(is_inside) {
        return None;
    }
    let value = thousandths(&lower[start..end])?;
    let after = &lower[end..];
    let unit = unit_behind(after);
    let is_joined = after.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '–'));
    if is_joined && unit.is_none() {
        return None;
    }
    let (measured, factor, n) = unit.unwrap_or((Measured::Plain, 1, 0));
    let end = end + n;
    Some(Quantity {
        thousandths: value.checked_mul(factor)?,
        measured,
        bound: bound_before(before).or_else(|| bound_after(&lower[end..])),
        start,
        end,
    })
}

/// The unit behind a number: what it counts, how many base units one of it is,
/// and the bytes up to its end.
fn unit_behind(after: &str) -> Option<(Measured, u64, usize)> {
    let mut unspaced = UNSPACED_UNITS.iter();
    if let Some(&(name, measured, factor)) = unspaced.find(|(name, ..)| after.starts_with(name)) {
        return Some((measured, factor, name.len()));
    }
    let word = |text: &str| {
        let end = text.find(|c: char| !c.is_alphabetic() && c != '%');
        end.unwrap_or(text.len())
    };
    let mut at = usize::from(after.starts_with([' ', '-']));
    let first = &after[at..at + word(&after[at..])];
    let behind = at + first.len();
    if BETWEEN.contains(&first) && after[behind..].starts_with(' ') {
        at = behind + 1;
    }
    let name = &after[at..at + word(&after[at..])];
    let &(_, measured, factor) = UNITS.iter().find(|(unit, ..)| *unit == name)?;
    Some((measured, factor, at + name.len()))
}

/// `1,000`, `99.95` and `4.5:1` in thousandths; `None` for ranges, times and the like.
fn thousandths(digits: &str) -> Option<u64> {
    let digits = digits.strip_suffix(":1").unwrap_or(digits);
    if digits.contains([':', '/', '-']) || digits.len() > 12 {
        return None;
    }
    let plain = digits.replace(',', "");
    match plain.split_once('.') {
        None => plain.parse::<u64>().ok()?.checked_mul(1_000),
        Some((whole, part)) if part.len() <= 3 && !part.contains('.') => {
            let part: u64 = format!("{part:0<3}").parse().ok()?;
            whole.parse::<u64>().ok()?.checked_mul(1_000)?.checked_add(part)
        }
        Some(_) => None,
    }
}

fn bound_before(before: &str) -> Option<Bound> {
    let words = before.trim_end_matches([' ', '*', '`', ':', '(', '~']);
    BOUNDS_BEFORE
        .iter()
        .find(|(word, _)| {
            words.strip_suffix(word).is_some_and(|rest| {
                let is_sign = !word.starts_with(char::is_alphabetic);
                is_sign || !rest.ends_with(char::is_alphanumeric)
            })
        })
        .map(|&(_, bound)| bound)
}

/// Whether a word alone may tell a bound: "over", "maximum".
pub(super) fn is_bound_word(word: &str) -> bool {
    let mut bounds = BOUNDS_BEFORE.iter().chain(&BOUNDS_AFTER);
    bounds.any(|(bound, _)| bound.split(' ').any(|one| one == word))
}

/// Whether a text is nothing but a bound: "at most".
pub(super) fn is_bound(text: &str) -> bool {
    BOUNDS_BEFORE.iter().any(|(word, _)| text.trim() == *word)
}

fn bound_after(after: &str) -> Option<Bound> {
    let words = after.trim_start_matches([' ', '*', '`']);
    BOUNDS_AFTER
        .iter()
        .find(|(word, _)| {
            words.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        })
        .map(|&(_, bound)| bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(u64, Measured, Option<Bound>)> {
        let all = quantities(text);
        all.iter().map(|one| (one.thousandths, one.measured, one.bound)).collect()
    }

    #[test]
    fn units_and_bounds() {
        use Bound::{Max, Min};
        let cases = [
            ("at least 80%", (80_000, Measured::Percent, Some(Min))),
            ("80%+ coverage", (80_000, Measured::Percent, Some(Min))),
            ("< 200ms", (200_000, Measured::Time, Some(Max))),
            ("under **2.5 seconds**", (2_500_000, Measured::Time, Some(Max))),
            ("max 1,000 lines", (1_000_000, Measured::Lines, Some(Max))),
            ("a 260-line file", (260_000, Measured::Lines, None)),
            ("no more than 5", (5_000, Measured::Plain, Some(Max))),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), [expected], "{text}");
        }
    }

    #[test]
    fn ranges_versions_and_names_are_no_numbers() {
        for text in [
            "7-10 days", "v18", "next.js 14.2.1", "utf8", "10:30", "#42", "16x", "2025-11-01",
            "999999999999 weeks",
        ] {
            assert_eq!(read(text), [], "{text}");
        }
    }
}
