//! Words and clauses around a place in a text.

/// Characters that end the sentence a cue stands in.
pub(super) const SENTENCE_ENDS: [char; 9] = ['.', '!', '?', ';', ':', '|', '\n', '–', '—'];

/// The next word of the sentence without punctuation, and the bytes up to its end.
pub(super) fn next_word(text: &str) -> Option<(&str, usize)> {
    let kind = |at: usize| text.as_bytes().get(at).map(|&byte| KINDS[usize::from(byte)]);
    let mut start = 0;
    while kind(start) == Some(Kind::Sign) {
        start += 1;
    }
    let mut end = start;
    while kind(end) == Some(Kind::Word) {
        end += 1;
    }
    if kind(end) == Some(Kind::Other) {
        return next_word_of_any(text);
    }
    // "tests/" is a folder.
    (end > start).then(|| (text[start..end].trim_end_matches('/'), end))
}

/// [`next_word`], where the text is not all ASCII.
fn next_word_of_any(text: &str) -> Option<(&str, usize)> {
    let is_border = |c: char| is_of_word(c) || SENTENCE_ENDS.contains(&c);
    let start = text.find(is_border)?;
    let word = &text[start..];
    let n = word.find(|c: char| !is_of_word(c)).unwrap_or(word.len());
    (n > 0).then(|| (word[..n].trim_end_matches('/'), start + n))
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\'' | '-' | '_' | '/')
}

/// What a byte is in a sentence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    /// One of [`SENTENCE_ENDS`].
    End,
    Sign,
    /// No ASCII.
    Other,
}

const KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Other; 256];
    let mut byte = 0;
    while byte < 0x80 {
        kinds[byte] = match byte as u8 {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'\'' | b'-' | b'_' | b'/' => Kind::Word,
            b'.' | b'!' | b'?' | b';' | b':' | b'|' | b'\n' => Kind::End,
            _ => Kind::Sign,
        };
        byte += 1;
    }
    kinds
};

/// Whether the condition that begins at a byte leaves open what is asked for.
/// "Once all is green" and "if you spot a slip" tell when to act, "unless the
/// user asks" who may change it, "at once" nothing.
pub(crate) fn is_open_condition(text: &str, start: usize) -> bool {
    const MAX_WORDS: usize = 10;
    const DONE: [&str; 14] = [
        "complete", "completed", "done", "finished", "green", "pass", "passed", "passes", "ready",
        "succeed", "succeeds", "through", "work", "works",
    ];
    const ASKED: [&str; 14] = [
        "approved", "approves", "ask", "asked", "asking", "asks", "confirmed", "confirms",
        "instructed", "request", "requested", "requests", "told", "wants",
    ];
    const MET: [&str; 8] =
        ["come", "discover", "encounter", "find", "hit", "notice", "see", "spot"];
    let clause = &text[start..];
    let end = clause.find([',', ';', ':', '.', '|']).unwrap_or(clause.len());
    let clause = clause[..end].to_ascii_lowercase();
    let words: Vec<&str> = words(&clause).take(MAX_WORDS).collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    match words[..] {
        ["once", ..] if text[..start].trim_end().ends_with("at") => false,
        ["unless", ..] => !has(&ASKED),
        ["if" | "when" | "whenever", "you", met, ..] if MET.contains(&met) => false,
        ["when" | "once", ..] => has(&ASKED) || !has(&DONE),
        _ => true,
    }
}

/// Whether an order may begin here: "Commit.", "then commit", "1. Commit".
pub(super) fn is_clause_start(before: &str) -> bool {
    const LEADS: [&str; 5] = ["and", "then", "please", "also", "always"];
    let before = tail(before)
        .trim_end_matches(|c: char| c == ' ' || !c.is_alphanumeric() && !is_clause_sign(c));
    before.is_empty()
        || before.ends_with(is_clause_sign)
        || words(before).last().is_some_and(|word| is_one_of(word, &LEADS))
}

fn is_clause_sign(c: char) -> bool {
    SENTENCE_ENDS.contains(&c) || matches!(c, ',' | '(' | ')' | '，' | '。' | '、')
}

/// Whether no word of the same clause follows: "Use tabs.", "Use tabs, not spaces."
pub(super) fn is_clause_end(text: &str) -> bool {
    let text = text.trim_start_matches(['"', '\'', '`', '*', '”', '»', ' ']);
    let mut chars = text.chars();
    match chars.next() {
        None => true,
        Some('.') => !chars.next().is_some_and(char::is_alphanumeric),
        Some('-') => chars.next() == Some(' '),
        // "Do not commit: secrets" goes on.
        Some(c) => c != ':' && is_clause_sign(c),
    }
}

pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty())
}

pub(super) fn is_one_of(word: &str, list: &[&str]) -> bool {
    list.iter().any(|one| one.eq_ignore_ascii_case(word))
}

/// The end of a text, as far as it can matter for what follows it: lines may be very long.
pub(super) fn tail(text: &str) -> &str {
    const MAX_BYTES: usize = 120;
    &text[text.ceil_char_boundary(text.len().saturating_sub(MAX_BYTES))..]
}
