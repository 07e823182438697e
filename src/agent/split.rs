//! Cutting the text of a block into statements.

use std::ops::Range;

use crate::source::line_breaks;

/// Signs that people use as bullets where Markdown knows none.
const BULLETS: [char; 18] =
    ['•', '●', '○', '◦', '▪', '▫', '■', '‣', '⁃', '→', '➜', '➤', '✓', '✔', '✅', '❌', '🚫', '☑'];

/// Words before whose full stop no sentence ends, in lower case.
const ABBREVIATIONS: [&str; 14] = [
    "e.g", "i.e", "etc", "vs", "cf", "dr", "mr", "mrs", "ms", "no", "fig", "approx", "incl", "z.b",
];

/// Signs that belong to the sentence before them.
const CLOSING: [char; 10] = ['"', '\'', ')', ']', '”', '’', '」', '』', '）', '»'];

/// The statements of a paragraph, each with whether it is an item of an
/// improvised list: a line that begins with a sign such as `•`, or a part of
/// an inline run `1. … 2. …`. All others are sentences; lines that are labels
/// with their values (`Cache: Redis`) are sentences of their own.
///
/// `line_starts` are the offsets at which lines of the file begin, ascending.
pub(super) fn paragraph(text: &str, line_starts: &[usize]) -> Vec<(Range<usize>, bool)> {
    let mut statements = Vec::new();
    let mut blocks: Vec<(Range<usize>, bool)> = Vec::new();
    let mut start = 0;
    let mut is_item = begins_with_bullet(text);
    let ends = line_starts.iter().skip(1).copied().chain([text.len()]);
    let lines = || line_starts.iter().copied().zip(ends.clone());
    // A line break at the end of the text begins no line.
    let line_of = |line: usize, end: usize| text.get(line..end.min(text.len())).unwrap_or_default();
    let n_labels = match line_starts.len() {
        0 | 1 => 0,
        _ => lines().filter(|&(line, end)| begins_with_label(line_of(line, end))).count(),
    };
    for (line, end) in lines() {
        let begins_bullet = begins_with_bullet(line_of(line, end));
        let begins_label = n_labels > 1 && begins_with_label(line_of(line, end));
        if line > 0 && (begins_bullet || begins_label) {
            blocks.push((start..line, is_item));
            (start, is_item) = (line, begins_bullet);
        }
    }
    blocks.push((start..text.len(), is_item));
    for (block, is_item) in blocks {
        if is_item {
            statements.push((block, true));
            continue;
        }
        let base = block.start;
        let shift = |range: Range<usize>| base + range.start..base + range.end;
        let text = &text[block];
        let (n_prose, items) = numbered(text);
        statements
            .extend(sentences(&text[..n_prose]).into_iter().map(|range| (shift(range), false)));
        statements.extend(items.into_iter().map(|range| (shift(range), true)));
    }
    statements
}

/// Whether a line is a label with its value: one to four words, the first with a
/// capital, and a colon.
fn begins_with_label(line: &str) -> bool {
    const MAX_BYTES: usize = 40;
    const MAX_WORDS: usize = 4;
    let line = trim(line);
    let head = &line[..line.floor_char_boundary(MAX_BYTES)];
    let Some((label, value)) = head.split_once(':') else {
        return false;
    };
    let is_word = |word: &str| word.starts_with(char::is_alphanumeric);
    value.starts_with(' ')
        && label.starts_with(char::is_uppercase)
        && label.split(' ').count() <= MAX_WORDS
        && label.split(' ').all(is_word)
}

fn begins_with_bullet(text: &str) -> bool {
    let text = text.trim_start();
    // No bullet is ASCII, and most texts begin so.
    text.bytes().next().is_some_and(|byte| !byte.is_ascii()) && text.starts_with(BULLETS)
}

/// The items of an inline run `1. … 2. … 3. …`, numbers left out, and the
/// length of the prose before them; none unless there are two, in order.
fn numbered(text: &str) -> (usize, Vec<Range<usize>>) {
    let mut marks: Vec<Range<usize>> = Vec::new();
    if !text.contains('2') {
        return (text.len(), marks);
    }
    for (at, _) in text.match_indices(|c: char| c == '(' || c.is_ascii_digit()) {
        let begins_word = text[..at].chars().next_back().is_none_or(char::is_whitespace);
        let n_mark = mark_len(&text[at..], marks.len() + 1).filter(|_| begins_word);
        marks.extend(n_mark.map(|n| at..at + n));
    }
    if marks.len() < 2 {
        return (text.len(), Vec::new());
    }
    let ends = marks.iter().skip(1).map(|mark| mark.start).chain([text.len()]);
    (marks[0].start, marks.iter().zip(ends).map(|(mark, end)| mark.end..end).collect())
}

/// The length of `number` at the beginning of `text`, written `1. `, `1) ` or `(1) `.
fn mark_len(text: &str, number: usize) -> Option<usize> {
    let number = number.to_string();
    let rest = match text.strip_prefix('(') {
        Some(inner) => inner.strip_prefix(&number)?.strip_prefix(')')?,
        None => text.strip_prefix(&number)?.strip_prefix(['.', ')'])?,
    };
    rest.strip_prefix(' ').map(|rest| text.len() - rest.len())
}

/// The sentences of a text. A sentence ends at `.`, `!` or `?` before white
/// space and what can begin a sentence, and at 。！？ anywhere.
pub(crate) fn sentences(text: &str) -> Vec<Range<usize>> {
    // The signs in ASCII and the first bytes of `。` and of `！？`.
    let may_end = |byte: &u8| matches!(byte, b'.' | b'!' | b'?' | 0xE3 | 0xEF);
    let mut found = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(n) = text.as_bytes()[at..].iter().position(may_end) {
        at += n;
        let sign = if text.as_bytes()[at].is_ascii() {
            &text[at..=at]
        } else if text[at..].starts_with(['。', '！', '？']) {
            &text[at..at + 3]
        } else {
            at += 1;
            continue;
        };
        let before = &text[start..at];
        at += sign.len();
        let end = at + text[at..].len() - text[at..].trim_start_matches(CLOSING).len();
        if sign.len() > 1 || ends_sentence(before, sign, &text[end..]) {
            found.push(start..end);
            start = end;
        }
    }
    if start < text.len() {
        found.push(start..text.len());
    }
    found
}

fn ends_sentence(before: &str, sign: &str, after: &str) -> bool {
    let Some(next) = after.trim_start().chars().next() else {
        return false;
    };
    if !after.starts_with(char::is_whitespace) || next.is_lowercase() {
        return false;
    }
    if sign != "." {
        return true;
    }
    let word = before.rsplit([' ', '(', '\t']).next().unwrap_or_default();
    let is_number =
        !word.is_empty() && word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit());
    !(is_number
        || is_initial(&before[..before.len() - word.len()], word)
        || ABBREVIATIONS.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// Whether a word is the initial of a name, `J. Doe`: a capital after a
/// capitalised word or at the beginning. "Not for C." names a thing.
fn is_initial(before: &str, word: &str) -> bool {
    let starts_with_capital = |word: &str| word.starts_with(char::is_uppercase);
    let is_one_capital = starts_with_capital(word) && word.chars().nth(1).is_none();
    let previous = || before.split_whitespace().next_back();
    is_one_capital && (before.ends_with('(') || previous().is_none_or(starts_with_capital))
}

/// Runs of lines without a blank line between them, of at most `max_lines` lines each.
pub(super) fn code(text: &str, max_lines: usize) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    let mut n_lines = 0;
    let ends = line_breaks(text).map(|end| end + 1);
    for end in ends.chain([text.len()]) {
        let range = at..end;
        at = end;
        if is_blank(&text[range.clone()]) {
            n_lines = 0;
        } else if n_lines == 0 || n_lines == max_lines {
            found.push(range);
            n_lines = 1;
        } else if let Some(last) = found.last_mut() {
            last.end = range.end;
            n_lines += 1;
        }
    }
    found
}

fn is_blank(line: &str) -> bool {
    let indent = |byte: &u8| matches!(byte, b' ' | b'\t');
    let first = line.bytes().find(|byte| !indent(byte));
    !first.is_some_and(|byte| byte.is_ascii_graphic()) && line.trim_start().is_empty()
}

/// [`str::trim`], which takes its time, for texts that mostly have nothing to trim.
pub(super) fn trim(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn first_bytes_tell_what_whole_texts_do(text in "[ \t\r\na.•é\u{a0}\u{2028}\u{b}]{0,5}") {
            prop_assert_eq!(trim(&text), text.trim());
            prop_assert_eq!(is_blank(&text), text.trim().is_empty());
            let begins = text.trim_start().starts_with(BULLETS);
            prop_assert_eq!(begins_with_bullet(&text), begins);
        }
    }

    fn cut(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| text[range].trim()).collect()
    }

    #[test]
    fn sentences_end_where_the_next_begins() {
        assert_eq!(
            cut("Use v1.2, e.g. Node. Ask first! (Never guess.) Ok"),
            ["Use v1.2, e.g. Node.", "Ask first!", "(Never guess.)", "Ok"]
        );
        assert_eq!(
            cut("Ask J. Doe. Not for C. By Don E. Knuth."),
            ["Ask J. Doe.", "Not for C.", "By Don E. Knuth."]
        );
        assert_eq!(cut("先测试。再提交！"), ["先测试。", "再提交！"]);
        assert_eq!(cut(""), Vec::<&str>::new());
    }

    #[test]
    fn signs_and_inline_numbers_make_items() {
        let text = "Do this: 1. Read it 2. Test it, see fig. 3. 3. Ship it";
        let found: Vec<_> = paragraph(text, &[0])
            .into_iter()
            .map(|(range, item)| (text[range].trim(), item))
            .collect();
        assert_eq!(found[0], ("Do this:", false));
        assert_eq!(found[1], ("Read it", true));
        assert_eq!(found.len(), 4);
        let text = "Rules: • one • two • three";
        assert_eq!(paragraph(text, &[0, 7, 15]).len(), 3);
    }

    #[test]
    fn labels_with_their_values_are_statements_line_by_line() {
        let cut = |text: &str| {
            let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
            let starts: Vec<usize> = [0].into_iter().chain(breaks).collect();
            let found = paragraph(text, &starts);
            found.into_iter().map(|(range, _)| text[range].trim().to_owned()).collect::<Vec<_>>()
        };
        let stack = "The stack\nis old.\nLanguage: Go\nBuild tool: make, if at all\nand no other";
        assert_eq!(
            cut(stack),
            ["The stack\nis old.", "Language: Go", "Build tool: make, if at all\nand no other"]
        );
        for whole in [
            "One thing is sure:\nthe tide comes.",
            "Note: it rains\nand it pours",
            "user: hello\nagent: good morning",
        ] {
            assert_eq!(cut(whole).len(), 1, "{whole}");
        }
    }

    #[test]
    fn code_is_cut_at_blank_lines_and_by_length() {
        let ranges = code("a\nb\n\nc\nd\ne\n", 2);
        assert_eq!(ranges, [0..4, 5..9, 9..11]);
        assert_eq!(code("a\rb\r\rc\rd\re\r", 2), ranges);
        assert_eq!(code("a\r\nb\r\n\r\nc", 2), [0..6, 8..9]);
    }
}
