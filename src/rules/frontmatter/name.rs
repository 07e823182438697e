//! Names that their product refuses, or that are none.

use super::{Flaw, has_broken_value, is_broken, is_claude, is_installed, is_placed};
use crate::agent::{Agent, Fault, Kind, Product, Value};
use crate::finding::Severity;

/// What is wrong with the name of an agent or a skill, if anything.
pub(super) fn name_flaw(agent: &Agent, faults: &[&Fault]) -> Option<Flaw> {
    let may_have_name = matches!(agent.kind, Kind::Agent | Kind::Skill) && is_placed(agent);
    if !may_have_name || is_broken(agent, faults, "name") {
        return None;
    }
    let flaw = |severity, confidence, message: String, help: &str, span| {
        Some(Flaw { severity, confidence, message, help: help.to_owned(), span })
    };
    let field = agent.frontmatter.get("name");
    let key_span = field.map(|field| field.key_span);
    let is_claude_agent = agent.kind == Kind::Agent && is_claude(agent);
    let is_gemini_agent = agent.kind == Kind::Agent && agent.origin.product == Product::Gemini;
    match field.map(|field| &field.value) {
        Some(value @ (Value::List(_) | Value::Map(_))) => {
            let shape = if matches!(value, Value::List(_)) { "list" } else { "map" };
            return flaw(
                Severity::Warning,
                0.95,
                format!("`name` is a {shape}, not a text; products may not take it for a name"),
                "write one plain word after `name:`",
                key_span,
            );
        }
        Some(Value::Text(name)) if is_placeholder(name) => {
            return flaw(
                Severity::Warning,
                0.9,
                format!("`name` is the placeholder `{}`, not a name", name.trim()),
                "fill in the name, or keep templates out of the folder of definitions",
                key_span,
            );
        }
        _ => {}
    }
    let Some((name, span)) = agent.text_field("name") else {
        return missing_name(agent, faults, is_claude_agent, is_gemini_agent);
    };
    let is_slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if is_claude_agent && (name.starts_with('-') || name.contains(':')) {
        let cause = if name.contains(':') { "contains a `:`" } else { "begins with `-`" };
        return flaw(
            Severity::Error,
            0.95,
            format!("the name `{name}` {cause}; Claude Code skips such a file"),
            &format!("name it `{}`", slug(name)),
            Some(span),
        );
    }
    if is_gemini_agent && !name.chars().all(|c| is_slug(c) || c == '_') {
        return flaw(
            Severity::Error,
            0.9,
            format!(
                "the name `{name}` is no slug; Gemini CLI requires one of `a-z`, `0-9`, `-` and `_`"
            ),
            &format!("name it `{}`", slug(name)),
            Some(span),
        );
    }
    let is_in_agents = agent.origin.kind == Some(Kind::Agent);
    if is_claude_agent && is_in_agents && !name.chars().all(is_slug) {
        let help = match slug(name) {
            slug if slug.is_empty() => "name it in lower-case letters and hyphens".to_owned(),
            slug => format!("name it `{slug}`, here and where it is called"),
        };
        return flaw(
            Severity::Note,
            0.9,
            format!(
                "the name `{name}` is not of lower-case letters and hyphens, as Claude Code documents them"
            ),
            &help,
            Some(span),
        );
    }
    None
}

fn missing_name(
    agent: &Agent,
    faults: &[&Fault],
    is_claude_agent: bool,
    is_gemini_agent: bool,
) -> Option<Flaw> {
    let field = agent.frontmatter.get("name");
    if field.is_none() && has_broken_value(agent, faults) {
        return None;
    }
    let (severity, effect) = if is_gemini_agent {
        (Severity::Error, "Gemini CLI requires one")
    } else if is_claude_agent && is_installed(agent) {
        (
            Severity::Error,
            "Claude Code takes the file for documentation and does not load it as an agent",
        )
    } else if is_claude_agent {
        (
            Severity::Warning,
            "Claude Code takes such a file for documentation, unless a plugin brings it",
        )
    } else {
        return None;
    };
    let state = if field.is_some() { "`name` is empty" } else { "`name` is missing" };
    Some(Flaw {
        severity,
        confidence: if field.is_some() { 0.95 } else { 0.9 },
        message: format!("{state}; {effect}"),
        help: match slug(&agent.name) {
            slug if slug.is_empty() => "add a `name`".to_owned(),
            slug => format!("add `name: {slug}`"),
        },
        span: field
            .map(|field| field.key_span)
            .or_else(|| agent.frontmatter.fields.first().map(|field| field.key_span)),
    })
}

/// Whether a name waits to be filled in: `{{NAME}}`, `${name}`, `<name>`, `[name]`.
fn is_placeholder(name: &str) -> bool {
    let name = name.trim();
    let is_wrapped = |open, close| name.starts_with(open) && name.ends_with(close);
    name.contains("{{")
        || name.contains("${")
        || is_wrapped('<', '>')
        || is_wrapped('[', ']')
        || is_wrapped('{', '}')
}

/// The name in lower-case letters, digits and hyphens.
pub(super) fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}
