//! Who answers to a request: the verdict, the ranking with the words that
//! decide, and what the reader should know of it.

use super::flow::{clip_middle, width};
use super::page::Page;
use super::{BOLD, DIM, MAX_NAME, PLACE, counted, listed, place, thousands};
use crate::render::Layout;
use crate::render::quote::clean;
use crate::route::{Answer, COVERED, LeftOut, MAX_WORDS, NEAR, Routing, Verdict, WordHit};

/// Words of the request that are shown for an answer, and of those that
/// nobody has.
const MAX_HITS: usize = 6;
const MAX_MISSES: usize = 8;

/// Columns of a word at most: a request may hold encoded data.
const MAX_WORD: usize = 24;

/// The ranking, the verdict first.
pub(in crate::render) fn route(routing: &Routing, layout: &Layout) -> String {
    let page = Page::new(layout);
    let mut out = page.hang("", 0, &verdict(routing));
    if !routing.answers.is_empty() {
        out.push('\n');
    }
    for (at, answer) in routing.answers.iter().enumerate() {
        // Shares of the score of a mere guess would look like certainty.
        let share = match routing.verdict {
            Verdict::Weak => String::new(),
            _ => percent(answer.share),
        };
        out.push_str(&ranked(&page, at + 1, &share, answer));
    }
    let more = routing.matching - routing.answers.len();
    if more > 0 {
        let rest = match more {
            1 => format!("… 1 more (--top {} shows it)", routing.matching),
            n => format!("… {} more (--top {} shows them)", thousands(n as u64), routing.matching),
        };
        out.push_str(&format!("    {}\n", page.paint(DIM, &rest)));
    }
    for remark in remarks(routing) {
        out.push('\n');
        out.push_str(&page.hang("", 0, &remark));
    }
    out
}

fn verdict(routing: &Routing) -> String {
    let name = |answer: &Answer| format!("`{}`", clip_middle(&shown_name(answer), MAX_NAME));
    // Another product's agents are asked by nobody who asks the first.
    let product = routing.answers.first().map(|first| first.product);
    let rivals = routing.answers.iter();
    let rivals: Vec<&Answer> = rivals.filter(|answer| Some(answer.product) == product).collect();
    match (routing.verdict, rivals.as_slice()) {
        _ if routing.candidates == 0 && routing.left_out == LeftOut::default() => {
            "No agent definitions found.".to_owned()
        }
        _ if routing.candidates == 0 => {
            "Nobody answers: no definition here is picked by request.".to_owned()
        }
        (Verdict::None, _) if routing.words.is_empty() => {
            "Nobody answers: the request has only common words.".to_owned()
        }
        (Verdict::Weak, [first, ..]) if first.coverage >= COVERED => {
            format!("A guess at best: {} comes first, but for one word of its body.", name(first))
        }
        (Verdict::Weak, [first, ..]) => format!(
            "A guess at best: {} comes first, but has only {} of what the request says.",
            name(first),
            percent(first.coverage)
        ),
        (Verdict::Clear, [first, second, ..]) => format!(
            "{} answers, ahead of {} with {} of its score.",
            name(first),
            name(second),
            percent(second.share)
        ),
        (Verdict::Clear, [first, ..]) if routing.matching == 1 => {
            format!("{} answers: nobody else has a word of the request.", name(first))
        }
        (Verdict::Clear, [first, ..]) if rivals.len() < routing.answers.len() => {
            format!("{} answers: nobody else of {} comes near.", name(first), first.product)
        }
        (Verdict::Clear, [first, ..]) => format!(
            "{} answers, the next has less than {} of its score.",
            name(first),
            percent(NEAR)
        ),
        (Verdict::Near, [first, second, ..]) if routing.near == 2 => {
            format!(
                "Too near to call: {} comes first, but {} has {} of its score.",
                name(first),
                name(second),
                percent(second.share)
            )
        }
        (Verdict::Near, [first, ..]) => format!(
            "Too near to call: {} comes first, but {} at least {} of its score.",
            name(first),
            match routing.near - 1 {
                1 => "another has".to_owned(),
                n => format!("{} others have", thousands(n as u64)),
            },
            percent(NEAR)
        ),
        (_, _) => "Nobody answers: no definition has a word of the request.".to_owned(),
    }
}

fn ranked(page: &Page, rank: usize, share: &str, answer: &Answer) -> String {
    let head = match share {
        "" => format!("{rank:>2}. "),
        share => format!("{rank:>2}. {share:>5}  "),
    };
    let indent = " ".repeat(width(&head));
    let room = page.prose.saturating_sub(width(&head) + width(answer.kind) + 2);
    let name = clip_middle(&shown_name(answer), room.min(MAX_NAME));
    format!(
        "{head}{}  {}\n{indent}{}\n{}",
        page.paint(BOLD, &name),
        page.paint(DIM, answer.kind),
        page.paint(PLACE, &place(&answer.path, answer.line)),
        page.hang(&indent, indent.len(), &words(answer)),
    )
}

/// `migration (name, description), sql (body) and 2 more`.
fn words(answer: &Answer) -> String {
    let shown = super::shown(&answer.words, MAX_HITS);
    let mut parts: Vec<String> = shown.iter().map(hit).collect();
    let more = answer.words.len() - shown.len();
    if more > 0 {
        parts.push(format!("{more} more"));
    }
    match more {
        0 => parts.join(", "),
        _ => listed(&parts),
    }
}

/// `production (description, body; as “product” in the name)`.
fn hit(word: &WordHit) -> String {
    let mut as_asked: Vec<&str> = Vec::new();
    let mut otherwise: Vec<(&str, Vec<&str>)> = Vec::new();
    for (field, spelled) in word.fields.iter().zip(&word.spelled) {
        if *spelled == word.text {
            as_asked.push(field.as_str());
            continue;
        }
        match otherwise.iter_mut().find(|(other, _)| other == spelled) {
            Some((_, fields)) => fields.push(field.as_str()),
            None => otherwise.push((spelled, vec![field.as_str()])),
        }
    }
    let otherwise = otherwise
        .into_iter()
        .map(|(spelled, fields)| format!("as “{}” in {}", shown_word(spelled), fields.join(", ")));
    let as_asked = (!as_asked.is_empty()).then(|| as_asked.join(", "));
    let places: Vec<String> = as_asked.into_iter().chain(otherwise).collect();
    format!("{} ({})", shown_word(&word.text), places.join("; "))
}

/// What the reader should know besides.
fn remarks(routing: &Routing) -> Vec<String> {
    let mut remarks = Vec::new();
    let misses: Vec<String> = routing
        .words
        .iter()
        .filter(|word| word.candidates == 0)
        .map(|word| shown_word(&word.text))
        .collect();
    if !misses.is_empty() && routing.matching > 0 {
        let shown = super::shown(&misses, MAX_MISSES);
        let more = match misses.len() - shown.len() {
            0 => String::new(),
            n => format!(" and {} more", thousands(n as u64)),
        };
        remarks.push(format!("In no definition: {}{more}.", shown.join(", ")));
    }
    if routing.cut {
        remarks.push(format!("Only the first {MAX_WORDS} distinct words of the request count."));
    }
    if routing.candidates == 0 && routing.left_out == LeftOut::default() {
        return remarks;
    }
    let mut counts =
        format!("{} compared", counted(routing.candidates as u64, "definition", "definitions"));
    let left_out = left_out(routing);
    if !left_out.is_empty() {
        counts.push_str(&format!("; no candidates: {}", listed(&left_out)));
    }
    remarks.push(format!(
        "{counts}. Ranked by words, not by meaning: the model that picks may choose otherwise."
    ));
    remarks
}

fn left_out(routing: &Routing) -> Vec<String> {
    let left_out = &routing.left_out;
    let counts = [
        (left_out.always, "always applies", "always apply"),
        (left_out.files, "goes with files", "go with files"),
        (left_out.hand, "is started by hand", "are started by hand"),
        (left_out.mirrors, "is a copy", "are copies"),
    ];
    let some = counts.into_iter().filter(|(n, ..)| *n > 0);
    some.map(|(n, one, many)| counted(n as u64, one, many)).collect()
}

/// An agent may be called nothing that can be seen.
fn shown_name(answer: &Answer) -> String {
    match clean(&answer.name) {
        name if name.is_empty() => clean(&answer.path),
        name => name,
    }
}

fn shown_word(word: &str) -> String {
    clip_middle(&clean(word), MAX_WORD)
}

fn percent(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}
