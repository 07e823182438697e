//! The frontmatter of a merged agent: that of the kept one, with the sentences
//! and examples of descriptions that only others have, the tools of all, and
//! what has to be decided as comments. Where it was no YAML, it becomes YAML.

use std::ops::Range;

use super::{Labels, sentence};
use crate::agent::{Agent, Field, Value};
use crate::consolidate::Decision;
use crate::finding::Rule;
use crate::merge::field::is_of_tools;
use crate::merge::members::Member;
use crate::rules::Facts;
use crate::rules::open_decision::MARK;
use crate::source::{line_break, line_end, whole_lines};

/// Whether the frontmatter says what has to be decided.
pub(super) fn decides(rule: Rule) -> bool {
    matches!(rule, Rule::ModelConflict | Rule::ToolsConflict)
}

/// The text before the body; `None` where it stays as it is.
pub(super) fn merge(
    facts: &Facts<'_>,
    keep: u32,
    members: &[Member<'_>],
    decisions: &[Decision],
    labels: &Labels,
    with_origin: bool,
) -> Option<String> {
    let kept = facts.agent(keep);
    let text = &facts.text(keep)[..kept.frontmatter.body_start as usize];
    let line_break = line_break(facts.text(keep));
    let mut fields: Vec<(String, Value, bool)> = kept
        .frontmatter
        .fields
        .iter()
        .map(|field| (field.key.clone(), field.value.clone(), false))
        .collect();
    let description = description(facts, kept, members);
    if let Some(text) = description {
        set(&mut fields, "description", Value::Text(text));
    }
    let mut remarks = Vec::new();
    let tools = tools(facts, kept, members, labels);
    let are_tools_merged = tools.is_some();
    if let Some((key, value, remark)) = tools {
        set(&mut fields, key, value);
        if with_origin {
            remarks.push(remark);
        }
    }
    remarks.extend(decide(facts, keep, members, decisions, labels));
    remarks.extend(other_fields(facts, kept, members, labels, are_tools_merged));
    let is_broken = kept.faults.iter().any(|fault| fault.kind.is_of_frontmatter());
    let is_changed = fields.iter().any(|(.., changed)| *changed);
    if !is_changed && remarks.is_empty() && !is_broken {
        return None;
    }
    let remarks: Vec<String> = remarks.iter().map(|text| format!("# {text}")).collect();
    if kept.frontmatter.span.is_none() || is_broken {
        let lines = fields.iter().map(|(key, value, is_changed)| {
            let field = kept.frontmatter.get(key).filter(|_| !is_changed);
            let raw = field.map(|field| field.key_span.range().start..field.value_span.range().end);
            let raw = raw.filter(|_| field.is_some_and(|field| is_yaml(field.value_span.of(text))));
            raw.map_or_else(|| emitted(key, value, ""), |raw| text[raw].to_owned())
        });
        let mut lines: Vec<String> = lines.chain(remarks).collect();
        lines.insert(0, "---".to_owned());
        lines.push("---".to_owned());
        let rest = kept.frontmatter.span.map_or("", |span| &text[span.end as usize..]);
        let head = lines.join("\n").replace('\n', line_break);
        let rest = if rest.is_empty() { line_break } else { rest };
        return Some(format!(
            "{head}{}{rest}",
            if rest.starts_with(['\n', '\r']) { "" } else { line_break }
        ));
    }
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for (key, value, _) in fields.iter().filter(|(.., changed)| *changed) {
        match kept.frontmatter.get(key) {
            Some(field) => {
                let range = field.key_span.range().start..field.value_span.range().end;
                let raw = field.value_span.of(text);
                edits.push((range, emitted(key, value, raw)));
            }
            None => {
                let end = fields_end(kept, text);
                edits.push((end..end, format!("\n{}", emitted(key, value, ""))));
            }
        }
    }
    let end = fields_end(kept, text);
    edits.extend(remarks.into_iter().map(|remark| (end..end, format!("\n{remark}"))));
    edits.sort_by_key(|(range, _)| range.start);
    let mut out = String::new();
    let mut at = 0;
    for (range, new) in edits {
        out.push_str(text.get(at..range.start).unwrap_or_default());
        out.push_str(&new.replace('\n', line_break));
        at = range.end.max(at);
    }
    out.push_str(&text[at..]);
    Some(out)
}

fn set(fields: &mut Vec<(String, Value, bool)>, key: &str, value: Value) {
    match fields.iter_mut().find(|(own, ..)| own == key) {
        Some(field) => (field.1, field.2) = (value, true),
        None => fields.push((key.to_owned(), value, true)),
    }
}

/// Where the last field ends; without one, the line that opens the frontmatter.
fn fields_end(agent: &Agent, text: &str) -> usize {
    let fields = agent.frontmatter.fields.iter();
    let last = fields.map(|field| field.value_span.range().end).max();
    last.unwrap_or_else(|| {
        let opening = agent.frontmatter.span.unwrap_or_default();
        line_end(text, opening.start as usize)
    })
}

/// The kept description with the sentences that only others have before its
/// examples, and their examples after them.
fn description(facts: &Facts<'_>, kept: &Agent, members: &[Member<'_>]) -> Option<String> {
    let sentences: Vec<&str> =
        members.iter().flat_map(|member| member.triggers).map(String::as_str).collect();
    let text = kept
        .frontmatter
        .get("description")
        .and_then(|field| field.value.as_text())
        .unwrap_or_default()
        .trim_end();
    let is_literal = text.contains("\\n") && !text.contains('\n');
    let line_break = if is_literal { "\\n" } else { "\n" };
    let examples: Vec<String> = members
        .iter()
        .flat_map(|member| member.examples(facts, &kept.name))
        .map(|example| example.replace('\n', line_break))
        .collect();
    if sentences.is_empty() && examples.is_empty() {
        return None;
    }
    let first_example = text.find("<example>").unwrap_or(text.len());
    let head = trimmed(&text[..first_example]);
    // Blanks between the sentences and the examples, a literal `\n` too.
    let gap = &text[head.len()..first_example];
    let mut merged = with_sentences(head, &sentences);
    merged.push_str(gap);
    merged.push_str(&text[first_example..]);
    for example in examples {
        merged.push_str(&format!("{line_break}{line_break}{example}"));
    }
    Some(merged)
}

/// Without blanks at the end, literal line breaks among them.
fn trimmed(text: &str) -> &str {
    text.trim_end().trim_end_matches("\\n").trim_end()
}

/// The sentences of a description with more of them: what introduces examples
/// stays behind all others, and is said once.
fn with_sentences(head: &str, more: &[&str]) -> String {
    let label = label_start(head).or_else(|| lead_in_start(head));
    let label = label.unwrap_or(head.len());
    let own = trimmed(&head[..label]);
    let (examples, plain): (Vec<&str>, Vec<&str>) =
        more.iter().partition(|sentence| label_start(sentence) == Some(0));
    let mut merged = sentence::merged(own, &plain);
    merged.push_str(&head[own.len()..]);
    let mut is_labelled = label < head.len();
    for sentence in examples {
        let rest = after_label(sentence).filter(|_| is_labelled);
        sentence::join(&mut merged, rest.unwrap_or(sentence));
        is_labelled = true;
    }
    merged
}

/// What may stand right before a label: bold and headings.
const MARKUP: [char; 3] = ['*', '_', '#'];

/// What a description calls its examples, at most: "Example use cases:".
const MAX_LABEL: usize = 24;

/// Where what introduces examples begins: "Examples:", in bold too.
fn label_start(text: &str) -> Option<usize> {
    let mut starts = text.match_indices("Example");
    let (at, _) = starts.find(|&(at, _)| {
        let above = trimmed(text[..at].trim_end_matches(MARKUP));
        let is_first = above.is_empty() || above.ends_with(['.', '!', '?', ')', '"', '\'']);
        is_first && label_len(&text[at..]).is_some()
    })?;
    Some(text[..at].trim_end_matches(MARKUP).len())
}

/// Where a sentence begins that introduces what follows the text: "When to use:".
fn lead_in_start(text: &str) -> Option<usize> {
    let inner = text.strip_suffix(':')?;
    let ends = [". ", "! ", "? ", "\n", "\\n"].map(|end| Some(inner.rfind(end)? + end.len()));
    let start = ends.into_iter().flatten().max()?;
    let blank = text[start..].len() - text[start..].trim_start().len();
    Some(start + blank)
}

/// The length of a label up to its colon.
fn label_len(text: &str) -> Option<usize> {
    let colon = text.find(':').filter(|&colon| colon < MAX_LABEL)?;
    let is_word = |c: char| c.is_alphabetic() || c == ' ';
    text[..colon].chars().all(is_word).then_some(colon + 1)
}

/// What follows a label in the same sentence, if it is more than a few words,
/// which would be another statement without it.
fn after_label(sentence: &str) -> Option<&str> {
    const MIN_WORDS: usize = 6;
    let at = sentence.find("Example")?;
    let rest = sentence[at + label_len(&sentence[at..])?..].trim_start_matches(['*', '_', ' ']);
    (rest.split_whitespace().count() >= MIN_WORDS).then_some(rest)
}

/// The tools of all, where the kept one lists its own and others list more.
fn tools(
    facts: &Facts<'_>,
    kept: &Agent,
    members: &[Member<'_>],
    labels: &Labels,
) -> Option<(&'static str, Value, String)> {
    let (own, _) = kept.tools()?;
    let mut known: Vec<String> = own.iter().map(|tool| tool.to_lowercase()).collect();
    let mut new: Vec<String> = Vec::new();
    let mut from: Vec<&str> = Vec::new();
    for member in members {
        let Some((tools, _)) = facts.agent(member.agent).tools() else {
            continue;
        };
        for tool in tools {
            if !known.contains(&tool.to_lowercase()) {
                known.push(tool.to_lowercase());
                new.push(tool.into_owned());
                from.push(labels.of(facts.path(member.agent)));
            }
        }
    }
    if new.is_empty() || known.iter().any(|tool| tool == "*") {
        return None;
    }
    from.dedup();
    let key =
        ["tools", "allowed-tools"].into_iter().find(|key| kept.frontmatter.get(key).is_some())?;
    let value = match kept.frontmatter.get(key)?.value.clone() {
        Value::Text(text) => {
            let is_spaced = !text.contains(',') && text.trim().contains(' ');
            let separator = if is_spaced { " " } else { ", " };
            let bracketed = text.trim().ends_with(']');
            if bracketed {
                return None;
            }
            Value::Text(format!("{}{separator}{}", text.trim(), new.join(separator)))
        }
        Value::List(mut items) => {
            items.extend(new.iter().cloned().map(Value::Text));
            Value::List(items)
        }
        Value::Map(mut entries) => {
            let is_new = |tool: &String| !entries.iter().any(|(key, _)| key == tool);
            let added: Vec<String> = new.iter().filter(|tool| is_new(tool)).cloned().collect();
            entries.extend(added.into_iter().map(|tool| (tool, Value::Text("true".to_owned()))));
            Value::Map(entries)
        }
        Value::Null => return None,
    };
    let remark = format!("{} from {}", new.join(", "), from.join(", "));
    Some((key, value, one_line(&remark)))
}

/// What only its owner can decide: model, and tools that one leaves open.
fn decide(
    facts: &Facts<'_>,
    keep: u32,
    members: &[Member<'_>],
    decisions: &[Decision],
    labels: &Labels,
) -> Vec<String> {
    let model = |id: u32| facts.agent(id).model().map_or("inherit", |(model, _)| model);
    // By model, the kept one's first: who asks for it.
    let mut choices: Vec<(&str, Vec<&str>)> = Vec::new();
    for id in [keep].into_iter().chain(members.iter().map(|member| member.agent)) {
        let label = labels.of(facts.path(id));
        match choices.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(model(id))) {
            Some((_, from)) => from.push(label),
            None => choices.push((model(id), vec![label])),
        }
    }
    let choices: Vec<String> =
        choices.iter().map(|(model, from)| format!("{model} ({})", from.join(", "))).collect();
    let mut remarks = Vec::new();
    if choices.len() > 1 {
        remarks.push(one_line(&format!("{MARK}model {}?", choices.join(" or "))));
    }
    let n_of_model = remarks.len();
    let open = |id: u32| facts.agent(id).tools().is_none();
    for member in members.iter().filter(|member| open(member.agent) != open(keep)) {
        let (one, other) = (labels.of(facts.path(member.agent)), labels.of(facts.path(keep)));
        let (open, closed) = if open(keep) { (other, one) } else { (one, other) };
        remarks.push(one_line(&format!("{MARK}tools are open in {open}, listed in {closed}?")));
    }
    let of_tools = decisions
        .iter()
        .filter(|decision| decision.rule == Rule::ToolsConflict && remarks.len() == n_of_model);
    let of_tools: Vec<String> =
        of_tools.map(|decision| one_line(&format!("{MARK}{}", decision.message))).collect();
    remarks.extend(of_tools);
    remarks
}

/// Values that only others have: they are written down, not taken over. One
/// that stands against the kept file's has to be decided.
fn other_fields(
    facts: &Facts<'_>,
    kept: &Agent,
    members: &[Member<'_>],
    labels: &Labels,
    are_tools_merged: bool,
) -> Vec<String> {
    let mut remarks = Vec::new();
    for member in members {
        let agent = facts.agent(member.agent);
        let path = labels.of(facts.path(member.agent));
        for &at in member.fields {
            let field = &agent.frontmatter.fields[at];
            let key = field.key.as_str();
            let is_decided = key == "model" && asks_for_another_model(kept, agent);
            if is_decided || are_tools_merged && is_merged(kept, field) {
                continue;
            }
            let also = match kept.frontmatter.get(key) {
                Some(_) => format!("{MARK}as above, or as {path} has"),
                None => format!("{path} also has"),
            };
            let written = written(field, facts.text(member.agent));
            remarks.push(format!("{} {written}", one_line(&also)));
        }
    }
    remarks
}

/// Whether the models of two are written down as a decision; a list of models
/// says more than its first one.
fn asks_for_another_model(kept: &Agent, agent: &Agent) -> bool {
    let model = |agent: &Agent| agent.model().map_or("inherit", |(model, _)| model).to_lowercase();
    let field = agent.frontmatter.get("model");
    let is_text = field.is_some_and(|field| field.value.as_text().is_some());
    is_text && model(kept) != model(agent)
}

/// Whether the tools of a field went into the kept one's list.
fn is_merged(kept: &Agent, field: &Field) -> bool {
    let is_map = |value: &Value| matches!(value, Value::Map(_));
    let kept_key = ["tools", "allowed-tools"].into_iter().find_map(|key| kept.frontmatter.get(key));
    // A map may forbid a tool, which no list does.
    is_of_tools(&field.key)
        && !is_map(&field.value)
        && kept_key.is_some_and(|key| !is_map(&key.value))
}

/// A field as it stands in its file, as the lines of a comment.
fn written(field: &Field, text: &str) -> String {
    let whole = &text[field.key_span.range().start..field.value_span.range().end];
    let is_shown = |c: &char| !c.is_control() || *c == '\t';
    let lines = whole_lines(whole).map(|line| line.chars().filter(is_shown).collect::<String>());
    let lines: Vec<String> = lines.map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n#   ")
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().filter(|c| !c.is_control()).collect()
}

/// Whether a value on one line, as it is written, is surely YAML.
fn is_yaml(raw: &str) -> bool {
    let raw = raw.trim();
    let is_in = |sign: char| {
        let inner = raw.strip_prefix(sign).and_then(|raw| raw.strip_suffix(sign));
        inner.is_some_and(|inner| !inner.contains([sign, '\\', '\n']))
    };
    is_plain(raw) || is_in('"') || is_in('\'')
}

/// A field as YAML. `raw` is how its value was written, whose style is kept.
fn emitted(key: &str, value: &Value, raw: &str) -> String {
    let is_flow = raw.trim_start().starts_with('[');
    match value {
        Value::Null => format!("{key}:"),
        Value::Text(text) if raw.trim_start().starts_with('"') && !text.contains('\n') => {
            format!("{key}: {}", quoted(text))
        }
        Value::Text(text) => format!("{key}: {}", scalar(text)),
        Value::List(items) if is_flow => {
            let is_quoted = raw.contains('"');
            let items: Vec<String> = items.iter().map(|item| flow(item, is_quoted)).collect();
            format!("{key}: [{}]", items.join(", "))
        }
        Value::List(_) | Value::Map(_) => {
            let mut out = format!("{key}:");
            nested(value, 2, &mut out);
            out
        }
    }
}

/// A list or map in lines, each indented.
fn nested(value: &Value, indent: usize, out: &mut String) {
    let blank = " ".repeat(indent);
    match value {
        Value::List(items) if items.is_empty() => out.push_str(" []"),
        Value::Map(entries) if entries.is_empty() => out.push_str(" {}"),
        Value::List(items) => {
            for item in items {
                out.push_str(&format!("\n{blank}- {}", flow(item, false)));
            }
        }
        Value::Map(entries) => {
            for (key, value) in entries {
                out.push_str(&format!("\n{blank}{}:", inline(key)));
                match value {
                    Value::List(_) | Value::Map(_) => nested(value, indent + 2, out),
                    Value::Null => {}
                    Value::Text(_) => out.push_str(&format!(" {}", flow(value, false))),
                }
            }
        }
        Value::Null | Value::Text(_) => {}
    }
}

/// A value on one line.
fn flow(value: &Value, is_quoted: bool) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Text(text) if is_quoted => quoted(text),
        Value::Text(text) => inline(text),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| flow(item, is_quoted)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", inline(key), flow(value, is_quoted)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

fn inline(text: &str) -> String {
    if is_plain(text) && !text.contains([',', '[', ']', '{', '}', '\n']) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// A scalar: plain, in quotes, or as a block where it has several lines.
fn scalar(text: &str) -> String {
    let has_odd = text.contains(|c: char| c.is_control() && c != '\n');
    if text.contains('\n') && !has_odd && !text.starts_with([' ', '\n']) {
        let lines = text.trim_end().lines().map(|line| match line.trim_end() {
            "" => String::new(),
            line => format!("  {line}"),
        });
        let lines: Vec<String> = lines.collect();
        return format!("|-\n{}", lines.join("\n"));
    }
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// Whether YAML reads a text as itself without quotes.
fn is_plain(text: &str) -> bool {
    const SPECIAL: [char; 19] = [
        '-', '?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@',
        '`',
    ];
    !text.is_empty()
        && text.trim() == text
        && !text.starts_with(SPECIAL)
        && !text.ends_with(':')
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.contains(|c: char| c.is_control())
}

/// A JSON string is a YAML string in double quotes.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::{emitted, is_yaml, with_sentences};
    use crate::agent::Value;

    #[test]
    fn a_value_keeps_its_quotes() {
        for raw in ["plain text", "\"in: quotes\"", "'one: two'"] {
            assert!(is_yaml(raw), "{raw}");
        }
        for raw in ["**/*", "one: two", "\"a \\\" b\"", "[a", ""] {
            assert!(!is_yaml(raw), "{raw}");
        }
        let text = Value::Text("Berths ships.".to_owned());
        assert_eq!(emitted("a", &text, "\"Berths.\""), "a: \"Berths ships.\"");
        assert_eq!(emitted("a", &text, "Berths."), "a: Berths ships.");
    }

    #[test]
    fn sentences_stand_before_what_introduces_examples() {
        let many = "Examples: after a storm at sea, when two ships ask for one berth";
        for (head, more, expected) in [
            ("Berths ships.", &["Use it at night."][..], "Berths ships. Use it at night."),
            ("Berths ships", &["Use it at night."], "Berths ships. Use it at night."),
            (
                "Berths ships. Examples:",
                &["Use it at night."],
                "Berths ships. Use it at night. Examples:",
            ),
            (
                "Berths ships.\\n\\n**Examples:** at low tide.",
                &["Use it at night."],
                "Berths ships. Use it at night.\\n\\n**Examples:** at low tide.",
            ),
            (
                "Berths ships. Examples: at low tide.",
                &[many, "Use it at night."],
                "Berths ships. Use it at night. Examples: at low tide. after a storm at sea, when \
                 two ships ask for one berth",
            ),
            (
                "Berths ships.\n\nWhen to ask:",
                &["Use it at night."],
                "Berths ships. Use it at night.\n\nWhen to ask:",
            ),
            ("", &["Examples: at dawn."], "Examples: at dawn."),
            ("Shows Examples of knots: ten", &["Use it."], "Shows Examples of knots: ten. Use it."),
        ] {
            assert_eq!(with_sentences(head, more), expected, "{head}");
        }
    }
}
