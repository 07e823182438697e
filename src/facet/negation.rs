//! What takes a phrase back: "never", "do not", "is forbidden".

use super::clause::{SENTENCE_ENDS, is_one_of, next_word, tail, words};

/// Words shortly before a cue that take it back.
const NEGATIONS: [&str; 41] = [
    "never", "not", "no", "without", "cannot", "avoid", "skip", "stop", "than", "don't", "doesn't",
    "isn't", "aren't", "can't", "mustn't", "shouldn't", "won't", "nor", "forbid", "forbids",
    "refrain", "nunca", "jamás", "jamais", "ne", "pas", "sin", "sem", "sans", "não", "nicht",
    "nie", "niemals", "kein", "keine", "keinen", "ohne", "не", "без", "никогда", "нельзя",
];

/// Negations that hold up to the end of their clause.
const FAR_NEGATIONS: [&str; 16] = [
    "never", "not", "cannot", "avoid", "don't", "can't", "mustn't", "shouldn't", "nunca", "jamais",
    "jamás", "não", "nicht", "niemals", "не", "никогда",
];

/// Words that begin a clause, up to which no negation reaches.
const CLAUSE_STARTS: [&str; 18] = [
    "and", "but", "so", "then", "instead", "since", "because", "while", "which", "that", "who",
    "just", "und", "sondern", "sino", "pero", "mais", "mas",
];

/// Words that join what a negation holds for.
const JOINTS: [&str; 5] = ["or", "nor", "oder", "ou", "или"];

/// What takes a cue back right before it, in languages without spaces.
const UNSPACED_NEGATIONS: [&str; 10] =
    ["不", "不要", "禁止", "不得", "不应", "不可", "不能", "勿", "避免", "无需"];

/// A negation that many Chinese words end with, such as 特别 ("especially").
const DO_NOT: &str = "别";

/// What stands before [`DO_NOT`] where it is a word: "please", "you", "also", "then".
const BEFORE_DO_NOT: [&str; 8] = ["请", "你", "您", "千万", "也", "就", "都", "先"];

/// What takes a cue back right behind it, in such languages.
const UNSPACED_NEGATIONS_BEHIND: [&str; 11] = [
    "しない", "しません", "せず", "するな", "は禁止", "禁止", "하지", "지 않", "지 마", "은 금지",
    " 금지",
];

fn is_negation(word: &str) -> bool {
    is_one_of(word, &NEGATIONS)
}

/// Whether the words around a cue that begins with `name` take it back.
pub(super) fn is_taken_back(name: &str, before: &str, after: &str) -> bool {
    /// What two negations make is no order: "never skip hooks".
    const REFUSALS: [&str; 3] = ["avoid", "skip", "stop"];
    /// "Never commit without asking" takes "commit without asking" back.
    const LINKS: [&str; 7] = ["without", "than", "sin", "sem", "sans", "ohne", "без"];
    let first = words(name).next().unwrap_or("");
    if is_one_of(first, &REFUSALS) {
        let last = words(tail(before)).last().unwrap_or("");
        return is_negation(last) || is_one_of(last, &JOINTS) && is_negated(before);
    }
    let is_negative = words(name)
        .enumerate()
        .any(|(nth, word)| is_negation(word) && (nth == 0 || !is_one_of(word, &LINKS)));
    !is_negative && (is_negated(before) || is_barred(after))
}

/// Whether what stands before a cue takes it back: a negation among the last
/// three words, or one further off in the same clause.
fn is_negated(before: &str) -> bool {
    const N_NEAR: usize = 3;
    const N_FAR: usize = 10;
    let before = tail(before);
    let sentence = before.rsplit(SENTENCE_ENDS).next().unwrap_or(before);
    let unspaced = sentence.trim_end();
    let is_do_not = unspaced.strip_suffix(DO_NOT).is_some_and(|before| {
        !before.ends_with(char::is_alphanumeric)
            || BEFORE_DO_NOT.iter().any(|one| before.ends_with(one))
    });
    if is_do_not
        || UNSPACED_NEGATIONS.iter().any(|one| unspaced.ends_with(one))
        || comes_first(sentence)
    {
        return true;
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '\'';
    let mut is_open = true;
    let mut is_joined = false;
    let mut later = "";
    let mut n_words = 0;
    for (nth, clause) in sentence.rsplit([',', '(', ')']).enumerate() {
        for word in clause.rsplit(|c| !is_word(c)).filter(|word| !word.is_empty()) {
            n_words += 1;
            let is_instead_of =
                word.eq_ignore_ascii_case("instead") && later.eq_ignore_ascii_case("of");
            if n_words <= N_NEAR
                && (is_negation(word) || is_instead_of || word.eq_ignore_ascii_case("over"))
            {
                return true;
            }
            is_joined |= n_words == 1 && is_one_of(word, &JOINTS);
            is_open &= (nth == 0 || is_joined) && !is_one_of(word, &CLAUSE_STARTS);
            if is_open && is_one_of(word, &FAR_NEGATIONS) {
                return true;
            }
            if n_words >= N_NEAR && !is_open || n_words == N_FAR {
                return false;
            }
            later = word;
        }
    }
    false
}

/// Whether what stands before a cue says that something else comes first: "ask
/// before you run migrations" orders to ask.
fn comes_first(sentence: &str) -> bool {
    const LINKS: [&str; 3] = ["before", "bevor", "until"];
    const SUBJECTS: [&str; 6] = ["you", "we", "it", "anyone", "du", "sie"];
    let mut words = sentence.rsplit(|c: char| !c.is_alphanumeric());
    let mut last = || words.find(|word| !word.is_empty()).unwrap_or("");
    let word = last();
    let word = if is_one_of(word, &SUBJECTS) { last() } else { word };
    is_one_of(word, &LINKS)
}

/// Whether what stands behind a cue takes it back: "Inline styles are forbidden."
fn is_barred(after: &str) -> bool {
    const VERBS: [&str; 9] = ["is", "are", "must", "should", "ist", "sind", "está", "están", "est"];
    const BARS: [&str; 12] = [
        "not", "never", "forbidden", "prohibited", "banned", "disallowed", "verboten", "prohibido",
        "prohibida", "prohibidos", "interdit", "nicht",
    ];
    let unspaced = &UNSPACED_NEGATIONS_BEHIND;
    if !after.is_ascii() && unspaced.iter().any(|one| after.starts_with(one)) {
        return true;
    }
    let Some((verb, end)) = next_word(after).filter(|_| after.starts_with(' ')) else {
        return false;
    };
    let mut rest = &after[end..];
    let mut is_bar = || {
        let (word, end) = next_word(rest)?;
        rest = &rest[end..];
        Some(is_one_of(word, &BARS))
    };
    is_one_of(verb, &VERBS) && (is_bar() == Some(true) || is_bar() == Some(true))
}
