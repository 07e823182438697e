//! What routes requests to an agent: trigger text and examples.
//!
//! Examples are written as `<example>` blocks, or as a bare run of `Context:`,
//! `user:` and `assistant:`, in real lines or with the two characters `\n`
//! where a line break was meant. They are read from the file, not from the
//! decoded value, so that each word has its place. Every search goes forward
//! only, which keeps hostile input linear.

use std::borrow::Cow;

use memchr::{memchr_iter, memmem};

use crate::source::Span;

/// A description, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Description {
    /// Where the value stands in the file; `None` where there is no description.
    pub span: Option<Span>,
    /// The text without its examples, white space folded.
    pub trigger: String,
    /// The `<example>` blocks, of the description and of the body.
    pub examples: Vec<Example>,
}

/// One example request. Its words are a slice of the file, so that each can be quoted with its line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Example {
    /// The whole block.
    pub span: Span,
    /// The user's words, quotation marks left out: the first turn. Empty where there is none.
    pub user: Span,
}

impl Example {
    /// The user's words; line breaks that were written as two characters become spaces.
    pub fn request<'a>(&self, source: &'a str) -> Cow<'a, str> {
        with_real_breaks(self.user.of(source))
    }
}

/// Takes a description apart: `value` is the decoded text, `value_span` its place in `source`.
pub fn split(value: &str, value_span: Span, source: &str) -> Description {
    let mut examples = find_examples(source, value_span);
    if examples.is_empty() {
        examples = bare_examples(source, value_span);
    }
    Description { span: Some(value_span), trigger: trigger(value), examples }
}

/// The `<example>` blocks of `source` under `span`. An unclosed block ends at
/// the next one or at the end of `span`; blocks without text are left out.
pub fn find_examples(source: &str, span: Span) -> Vec<Example> {
    let Some(text) = source.get(span.range()) else {
        return Vec::new();
    };
    let start = span.range().start;
    let shown = blocks(text).filter(|block| !block.inner(text).trim().is_empty());
    shown.map(|block| read_example(text, block).moved(start)).collect()
}

/// The `<example>` blocks of a body that begins at `start` of its file. `masked`
/// is the body without its tags: one that is still there stands in code.
pub(super) fn body_examples(body: &str, masked: &str, start: usize) -> Vec<Example> {
    let mut shown = Cow::Borrowed(body);
    for tag in [OPEN, CLOSE] {
        for at in memmem::find_iter(masked.as_bytes(), tag) {
            shown.to_mut().replace_range(at..=at, " ");
        }
    }
    let examples = find_examples(&shown, Span::new(0, body.len())).into_iter();
    examples.map(|example| example.moved(start)).collect()
}

/// An `<example>` block: its byte ranges in the text that was searched.
#[derive(Debug, Clone, Copy)]
struct Block {
    start: usize,
    inner_start: usize,
    inner_end: usize,
    end: usize,
}

impl Block {
    fn inner<'a>(&self, text: &'a str) -> &'a str {
        &text[self.inner_start..self.inner_end]
    }
}

const OPEN: &str = "<example>";
const CLOSE: &str = "</example>";

/// The `<example>` blocks of a text. Each search for a closing tag ends at the
/// next opening one, so that the whole is linear.
fn blocks(text: &str) -> impl Iterator<Item = Block> {
    let find_open = |text: &str| memmem::find(text.as_bytes(), OPEN.as_bytes());
    let mut from = find_open(text);
    std::iter::from_fn(move || {
        let start = from?;
        let inner_start = start + OPEN.len();
        let next = find_open(&text[inner_start..]).map(|at| inner_start + at);
        let limit = next.unwrap_or(text.len());
        from = next;
        let block = match text[inner_start..limit].find(CLOSE) {
            Some(at) => {
                let inner_end = inner_start + at;
                Block { start, inner_start, inner_end, end: inner_end + CLOSE.len() }
            }
            None => Block { start, inner_start, inner_end: limit, end: limit },
        };
        Some(block)
    })
}

/// What a label announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Context,
    User,
    Assistant,
}

/// A label such as `user:` in a text, with its markup.
#[derive(Debug, Clone, Copy)]
struct Label {
    role: Role,
    start: usize,
    /// Where the words after it begin.
    end: usize,
}

/// The labels of a text, in order.
fn labels(text: &str) -> impl Iterator<Item = Label> {
    memchr_iter(b':', text.as_bytes()).filter_map(|colon| label_at(text, colon))
}

fn label_at(text: &str, colon: usize) -> Option<Label> {
    let before = text[..colon].trim_end_matches('*');
    let n_word = before.bytes().rev().take(10).take_while(u8::is_ascii_alphabetic).count();
    let mut word = &before[before.len() - n_word..];
    let mut start = before.len() - n_word;
    // In a literal `\nuser:` the n belongs to the line break.
    if before[..start].ends_with('\\') {
        word = word.get(1..)?;
        start += 1;
    }
    let role = match word {
        "Context" | "context" => Role::Context,
        "User" | "user" | "USER" | "Human" | "human" => Role::User,
        "Assistant" | "assistant" | "ASSISTANT" | "Claude" => Role::Assistant,
        _ => return None,
    };
    let lead = &text[..start];
    let unmarked = lead.trim_end_matches('*');
    let stands_alone = unmarked.is_empty()
        || unmarked.ends_with(char::is_whitespace)
        || unmarked.ends_with("\\n")
        || unmarked.ends_with("\\t")
        || unmarked.ends_with(['>', '"', '\'', '(', '”']);
    if !stands_alone {
        return None;
    }
    let after = &text[colon + 1..];
    let end = text.len() - after.trim_start_matches('*').len();
    Some(Label { role, start: unmarked.len(), end })
}

/// Reads a block; spans count from the beginning of `text`.
fn read_example(text: &str, block: Block) -> Example {
    let inner = block.inner(text);
    let talk = &inner[..inner.find("<commentary>").unwrap_or(inner.len())];
    // Within an example `context:` is a word like others: it begins no turn, so it ends none.
    let mut turns = labels(talk)
        .filter(|label| label.role != Role::Context)
        .skip_while(|label| label.role != Role::User);
    let user = turns.next().map(|label| {
        let end = turns.next().map_or(talk.len(), |next| next.start);
        words(text, block.inner_start + label.end, block.inner_start + end)
    });
    Example { span: Span::new(block.start, block.end), user: user.unwrap_or_default() }
}

/// The span of `start..end` without white space, quotes and list marks around it.
fn words(text: &str, mut start: usize, mut end: usize) -> Span {
    const AROUND: [&str; 4] = ["\\n", "\\t", "\\\"", "\\"];
    let is_around = |c: char| c.is_whitespace() || is_quote(c);
    loop {
        let part = &text[start..end];
        let mut kept = part.trim_start_matches(is_around);
        for escape in AROUND {
            kept = kept.strip_prefix(escape).unwrap_or(kept);
        }
        start = end - kept.len();
        kept = kept.trim_end_matches(is_around);
        for escape in AROUND {
            kept = kept.strip_suffix(escape).unwrap_or(kept);
        }
        // The mark of the next example, where examples are a list.
        if let Some(rest) = kept.strip_suffix('-')
            && (rest.ends_with(char::is_whitespace) || rest.ends_with("\\n"))
        {
            kept = rest;
        }
        end = start + kept.len();
        if kept.len() == part.len() {
            return if kept.is_empty() { Span::default() } else { Span::new(start, end) };
        }
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '”' | '‘' | '’' | '「' | '」')
}

impl Example {
    /// The example with all spans moved by `n_bytes`; empty ones stay at zero.
    fn moved(mut self, n_bytes: usize) -> Self {
        for span in [&mut self.span, &mut self.user] {
            if !span.is_empty() {
                *span = Span::new(span.range().start + n_bytes, span.range().end + n_bytes);
            }
        }
        self
    }
}

/// Examples without tags: each begins at a context, or at a user who speaks after an assistant.
fn bare_examples(source: &str, span: Span) -> Vec<Example> {
    let Some(text) = source.get(span.range()) else {
        return Vec::new();
    };
    let Some(begin) = bare_start(text) else {
        return Vec::new();
    };
    let mut starts = Vec::new();
    let mut last = None;
    for label in labels(&text[begin..]) {
        let begins = match label.role {
            Role::Context => last != Some(Role::Context),
            Role::User => last.is_none() || last == Some(Role::Assistant),
            Role::Assistant => false,
        };
        if begins {
            starts.push(begin + label.start);
        }
        last = Some(label.role);
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let bounds = starts.iter().copied().zip(ends);
    let examples = bounds.map(|(start, end)| {
        let end = start + text[start..end].trim_end().len();
        read_example(text, Block { start, inner_start: start, inner_end: end, end })
    });
    examples.map(|example| example.moved(span.range().start)).collect()
}

/// Where a run of examples without tags begins: a context or a user, before an assistant.
fn bare_start(text: &str) -> Option<usize> {
    let mut start = None;
    let mut has_user = false;
    for label in labels(text) {
        match label.role {
            Role::Context => start = start.or(Some(label.start)),
            Role::User => {
                start = start.or(Some(label.start));
                has_user = true;
            }
            Role::Assistant if has_user => return start,
            Role::Assistant => {}
        }
    }
    None
}

/// The value without its examples and what leads in to them.
fn trigger(value: &str) -> String {
    let value = with_real_breaks(value);
    let mut kept = String::new();
    let mut from = 0;
    for block in blocks(&value) {
        keep(&mut kept, &value[from..block.start]);
        from = block.end;
    }
    let rest = &value[from..];
    let rest = bare_start(rest).map_or(rest, |start| &rest[..start]);
    keep(&mut kept, rest);
    kept
}

/// Line breaks and tabs that were written as two characters become spaces.
fn with_real_breaks(value: &str) -> Cow<'_, str> {
    if !value.contains('\\') {
        return Cow::Borrowed(value);
    }
    let plain =
        value.replace("\\r", " ").replace("\\n", " ").replace("\\t", " ").replace("\\\"", "\"");
    Cow::Owned(plain)
}

/// Appends a part that stands before an example or at the end, without its lead-in.
fn keep(kept: &mut String, part: &str) {
    let part = if part.contains('<') {
        let plain =
            part.replace("</example>", " ").replace("<examples>", " ").replace("</examples>", " ");
        Cow::Owned(plain)
    } else {
        Cow::Borrowed(part)
    };
    for word in without_lead_in(without_marks(&part)).split_whitespace() {
        if !kept.is_empty() {
            kept.push(' ');
        }
        kept.push_str(word);
    }
}

/// The part without the list marks of the examples around it.
fn without_marks(part: &str) -> &str {
    let mut kept = part.trim();
    while let Some(rest) = kept.strip_suffix(['-', '*', '•'])
        && (rest.is_empty() || rest.ends_with(char::is_whitespace))
    {
        kept = rest.trim_end();
    }
    kept
}

/// A sentence longer than this says more than "Examples of when to use this agent:".
const MAX_LEAD_IN_BYTES: usize = 120;

/// "Example" in the languages that agents are written in.
const EXAMPLE_WORDS: &[&str] = &[
    "example", "例", "예시", "ejemplo", "exemplo", "exemple", "beispiel", "пример", "specifically",
    "scenario",
];

/// Cuts a last sentence that only announces examples.
fn without_lead_in(part: &str) -> &str {
    let part = part.trim_end();
    let sentence_start = part
        .trim_end_matches([':', '：', '.', '-', '*'])
        .rfind(['.', '!', '?', '\n', '。', ';', ')'])
        .map_or(0, |at| at + part[at..].chars().next().map_or(0, char::len_utf8));
    let sentence = &part[sentence_start..];
    let announces = (sentence.trim_end_matches('*').ends_with([':', '：'])
        || sentence.split_whitespace().count() <= 2)
        && sentence.len() <= MAX_LEAD_IN_BYTES;
    if !announces {
        return part;
    }
    let is_example_word =
        |word: &str| EXAMPLE_WORDS.iter().any(|example| word.to_lowercase().contains(example));
    // "…, for example:" at the end of a sentence that says something.
    if let Some((said, tail)) = sentence.rsplit_once(',')
        && tail.split_whitespace().count() <= 3
        && is_example_word(tail)
    {
        return part[..sentence_start + said.len()].trim_end();
    }
    if sentence.split_whitespace().take(4).any(is_example_word) {
        return part[..sentence_start].trim_end();
    }
    part
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split_all(text: &str) -> Description {
        split(text, Span::new(0, text.len()), text)
    }

    #[test]
    fn examples_leave_the_trigger() {
        let text = "Use for maps. Examples: <example>Context: A map. user: 'Draw it' assistant: 'I draw' \
                    <commentary>It is a map.</commentary></example>";
        let split = split_all(text);
        assert_eq!(split.trigger, "Use for maps.");
        let [example] = split.examples.as_slice() else { panic!("one example") };
        assert_eq!(example.user.of(text), "Draw it");
    }

    #[test]
    fn literal_line_breaks_part_labels() {
        let text = r#"Use for maps.\n\nExamples:\n<example>\nContext: A map.\nuser: \"Draw\"\nassistant: \"Sure\"\n</example>"#;
        let split = split_all(text);
        assert_eq!(split.trigger, "Use for maps.");
        assert_eq!(split.examples[0].user.of(text), "Draw");
    }

    #[test]
    fn a_user_is_quoted_with_the_first_turn_alone() {
        let text = "<example>user: a b assistant: one user: c assistant: two</example>";
        let example = &find_examples(text, Span::new(0, text.len()))[0];
        assert_eq!(example.user.of(text), "a b");
    }

    #[test]
    fn a_commentary_ends_the_turn_of_a_user_and_a_context_only_a_run() {
        let text = "<example>user: a context: b <commentary>c</commentary></example>";
        let example = &find_examples(text, Span::new(0, text.len()))[0];
        assert_eq!(example.user.of(text), "a context: b");
        let text = "Context: x user: a Context: y user: b assistant: c";
        let users: Vec<_> =
            split_all(text).examples.iter().map(|example| example.user.of(text)).collect();
        assert_eq!(users, ["a", "b"]);
    }

    #[test]
    fn an_unclosed_example_ends_at_the_next() {
        let text = "Go. <example>user: a <example>user: b";
        let split = split_all(text);
        assert_eq!(split.trigger, "Go.");
        let users: Vec<_> = split.examples.iter().map(|example| example.user.of(text)).collect();
        assert_eq!(users, ["a", "b"]);
    }

    #[test]
    fn runs_without_tags_are_examples() {
        let text = "Use for maps. Examples:\n- Context: One. user: 'a' assistant: 'b'\n- Context: Two. user: 'c' assistant: 'd'";
        let split = split_all(text);
        assert_eq!(split.trigger, "Use for maps.");
        let users: Vec<_> = split.examples.iter().map(|example| example.user.of(text)).collect();
        assert_eq!(users, ["a", "c"]);
    }

    #[test]
    fn a_plain_description_stays_whole() {
        for text in ["Writes docs and examples", "Answers the user: always.", "Use when: asked"] {
            let split = split_all(text);
            assert_eq!(split.trigger, text);
            assert!(split.examples.is_empty());
        }
    }

    #[test]
    fn a_lead_in_goes_but_its_sentence_stays() {
        for (text, trigger) in [
            ("Reviews code. Here are some examples: <example>x</example>", "Reviews code."),
            ("Reviews code, for example: <example>x</example>", "Reviews code"),
            (
                "Reviews code. Examples of when to invoke this agent:\n<example>x</example> Be quick.",
                "Reviews code. Be quick.",
            ),
            ("Reviews code. Examples:", "Reviews code."),
            ("レビューする。例：<example>x</example>", "レビューする。"),
        ] {
            assert_eq!(split_all(text).trigger, trigger);
        }
    }

    #[test]
    fn a_megabyte_of_tags_is_read_in_one_pass() {
        for piece in [
            "<example>", "<example>x", "user:", "<commentary>", "**:", "\\n-",
            "Context: user: assistant: ",
        ] {
            split_all(&piece.repeat((1 << 20) / piece.len()));
        }
    }

    proptest! {
        #[test]
        fn spans_are_slices_of_the_text(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    "<example>", "</example>", "Context:", "user:", "assistant:", "**User**:", "<commentary>",
                    "</commentary>", "\\n", "\\\"", "\"", "“", "é", " ", "\n", "- ", "word", "Examples:", "，", ".",
                ]),
                0..40,
            ),
        ) {
            let text = format!("né{}", pieces.concat());
            let span = Span::new(3, text.len());
            let split = split(span.of(&text), span, &text);
            for example in &split.examples {
                prop_assert!(example.span.start >= span.start && example.span.end <= span.end);
                let user = example.user;
                prop_assert!(text.get(user.range()).is_some());
                let is_inside = user.start >= example.span.start && user.end <= example.span.end;
                prop_assert!(user.is_empty() || is_inside);
            }
            prop_assert!(!split.trigger.contains("  ") && !split.trigger.contains('\n'));
        }
    }
}
