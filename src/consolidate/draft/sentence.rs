//! The sentences of a description with those of others among them.
//!
//! What an agent is comes before when to use it, and what begins like a sentence
//! that is there goes on with it: "Use it when A, or when B." No word is made up
//! but "or" and "and".

/// Words with which a sentence begins that tells when to use an agent.
const OF_USAGE: [&str; 10] = [
    "use", "invoke", "call", "trigger", "deploy", "activate", "delegate", "launch", "must",
    "should",
];

/// Words behind which a sentence tells what for or when.
const CONNECTIVES: [&str; 9] =
    ["when", "whenever", "if", "for", "to", "after", "before", "while", "during"];

/// Words with which a sentence begins that goes on with the one before it.
const DEPENDENT: [&str; 12] = [
    "this", "these", "that", "those", "it", "its", "they", "such", "also", "including",
    "additionally", "specifically",
];

/// Words of a sentence that takes something back, which more would blur.
const LIMITS: [&str; 8] = ["but", "except", "never", "not", "only", "unless", "don't", "without"];

/// A longer sentence is not made longer.
const MAX_BYTES: usize = 600;

/// So many words may stand before what tells when or what for.
const MAX_LEAD: usize = 12;

/// So many sentences are looked at for one that begins alike: a description
/// has hardly more.
const MAX_SENTENCES: usize = 32;

/// A text with the sentences that others add, in their order as far as they
/// depend on each other.
pub(super) fn merged(own: &str, more: &[&str]) -> String {
    let mut sentences: Vec<String> = split(own);
    let mut first_usage = sentences.iter().position(|sentence| is_of_usage(sentence));
    for (at, &sentence) in more.iter().enumerate() {
        let goes_on = more.get(at + 1).is_some_and(|next| is_dependent(next));
        let stands_alone = !is_dependent(sentence) && !goes_on;
        let known = sentences.iter_mut().take(MAX_SENTENCES);
        let known = known.filter(|_| stands_alone);
        if let Some((known, both)) =
            known.filter_map(|known| both(known, sentence).map(|both| (known, both))).next()
        {
            *known = both;
            continue;
        }
        match first_usage {
            Some(usage) if usage > 0 && stands_alone && tells_what_it_is(sentence) => {
                sentences.insert(usage, blank_behind(sentence));
                first_usage = Some(usage + 1);
            }
            _ => {
                if let Some(last) = sentences.last_mut() {
                    *last = blank_behind(last);
                }
                sentences.push(sentence.to_owned());
            }
        }
    }
    let merged = sentences.concat();
    merged.trim_end().to_owned()
}

/// A text with one more sentence.
pub(super) fn join(merged: &mut String, sentence: &str) {
    if !merged.is_empty() {
        *merged = blank_behind(merged);
    }
    merged.push_str(sentence);
}

/// A sentence that ends, with a blank behind it.
fn blank_behind(sentence: &str) -> String {
    let ends = |c: char| !c.is_alphanumeric();
    match sentence {
        _ if sentence.ends_with([' ', '\n']) || sentence.ends_with("\\n") => sentence.to_owned(),
        _ if sentence.ends_with(ends) => format!("{sentence} "),
        _ => format!("{sentence}. "),
    }
}

/// The sentences of a text with what stands behind each.
fn split(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut begins_at = |at: usize| {
        sentences.push(text[start..at].to_owned());
        start = at;
    };
    for (end, _) in text.match_indices(['.', '!', '?', '\n']) {
        let rest = &text[end + 1..];
        let next = rest.trim_start();
        let is_end = rest.len() > next.len() && next.starts_with(|c: char| !c.is_lowercase());
        if is_end {
            begins_at(text.len() - next.len());
        }
    }
    begins_at(text.len());
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

/// Two sentences as one, where both begin alike up to what they tell when or
/// what for.
fn both(known: &str, sentence: &str) -> Option<String> {
    let plain = known.trim_end().trim_end_matches('.');
    let ends_plainly = plain.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | '`'));
    if known.len() > MAX_BYTES || !ends_plainly || plain.contains(['\n', ':']) {
        return None;
    }
    if has_limit(known) || has_limit(sentence) {
        return None;
    }
    let (own, others): (Vec<&str>, Vec<&str>) =
        (plain.split_whitespace().collect(), sentence.split_whitespace().collect());
    let pairs = || own.iter().zip(&others).take(MAX_LEAD);
    let is_usage = is_of_usage(sentence);
    let leads_on = |word: &str| match is_usage {
        true => is_one_of(word, &CONNECTIVES),
        false => word == "for",
    };
    let at = pairs().position(|(own, other)| leads_on(own) && leads_on(other))?;
    let is_like = pairs().take(at).all(|(own, other)| own.eq_ignore_ascii_case(other));
    let (least, conjunction) = if is_usage { (1, "or") } else { (2, "and") };
    if !is_like || at < least || at + 1 == others.len() || sentence.contains('\n') {
        return None;
    }
    let blank = &known[known.trim_end().len()..];
    Some(format!("{plain}, {conjunction} {}{blank}", others[at..].join(" ")))
}

fn has_limit(sentence: &str) -> bool {
    let mut words = sentence.split(|c: char| !c.is_alphanumeric() && c != '\'');
    words.any(|word| is_one_of(word, &LIMITS))
}

/// Whether a sentence tells what an agent is, not when to use it, what it leaves
/// to others, or an example.
fn tells_what_it_is(sentence: &str) -> bool {
    let is_example = sentence.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("example"));
    !is_example && !is_of_usage(sentence) && !has_limit(sentence)
}

fn is_of_usage(sentence: &str) -> bool {
    is_one_of(first_word(sentence), &OF_USAGE)
}

fn is_dependent(sentence: &str) -> bool {
    let begins_small = sentence.starts_with(|c: char| c.is_lowercase() || !c.is_alphanumeric());
    begins_small || is_one_of(first_word(sentence), &DEPENDENT)
}

fn first_word(sentence: &str) -> &str {
    let mut words = sentence.split(|c: char| !c.is_alphanumeric());
    words.find(|word| !word.is_empty()).unwrap_or_default()
}

fn is_one_of(word: &str, some: &[&str]) -> bool {
    some.iter().any(|one| one.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::merged;

    #[test]
    fn sentences_that_begin_alike_become_one() {
        for (own, more, expected) in [
            (
                "Use this agent when a ship docks.",
                &["Use this agent when a ship sails."][..],
                "Use this agent when a ship docks, or when a ship sails.",
            ),
            (
                "Berths ships. Use it after storms. Asks first.",
                &["Plans tides.", "Use it for repairs."],
                "Berths ships. Plans tides. Use it after storms, or for repairs. Asks first.",
            ),
            (
                "House rules for ships of the port",
                &["House rules for ships at sea."],
                "House rules for ships of the port, and for ships at sea.",
            ),
            ("Use it at night", &["Use it for repairs."], "Use it at night. Use it for repairs."),
            (
                "Use it for storms.",
                &["Use it for repairs.", "This includes ropes."],
                "Use it for storms. Use it for repairs. This includes ropes.",
            ),
            (
                "Expert for knots. See e.g. the list.",
                &["Expert in ropes."],
                "Expert for knots. See e.g. the list. Expert in ropes.",
            ),
            (
                "Leads ships to berths at night.",
                &["Leads ships to berths."],
                "Leads ships to berths at night. Leads ships to berths.",
            ),
            ("", &["Use it for repairs."], "Use it for repairs."),
        ] {
            assert_eq!(merged(own, more), expected, "{own}");
        }
    }
}
