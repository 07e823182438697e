//! `invalid-frontmatter`: what a product cannot read in a frontmatter, or
//! refuses although it is YAML.
//!
//! What each product does with such a file is said only where its
//! documentation says it. Claude Code reads much that strict YAML forbids, so
//! for broken YAML it says "may".

mod name;

use super::{Draft, Facts};
use crate::agent::{Agent, Fault, FaultKind, Kind, Product, Value};
use crate::finding::{Evidence, Rule, Severity};
use crate::source::Span;
use name::name_flaw;

/// A fault in the meaning of the frontmatter, before it is a draft.
struct Flaw {
    severity: Severity,
    confidence: f64,
    message: String,
    help: String,
    span: Option<Span>,
}

/// One finding for each file and cause.
pub fn findings(facts: &Facts<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (id, agent) in (0..).zip(facts.agents()) {
        if agent.frontmatter.span.is_none() {
            drafts.extend(no_frontmatter(agent).map(|flaw| draft(facts, id, flaw)));
            continue;
        }
        let original = facts.groups.mirror_of.get(id as usize).copied().flatten();
        // A generated copy has the faults of its source; mending that one mends both.
        let is_said = |fault: &Fault| {
            original.is_some_and(|original| {
                let faults = &facts.agent(original).faults;
                faults.iter().any(|other| other.message == fault.message)
            })
        };
        let faults = distinct_faults(agent);
        let syntax = faults
            .iter()
            .filter(|fault| !is_said(fault) && !is_of_cursor(agent, fault))
            .filter(|fault| !is_to_be_filled_in(facts.path(id), fault))
            .map(|fault| of_fault(agent, fault));
        let flaws = syntax
            .chain(late_start(agent, facts.text(id)))
            .chain(description_flaw(agent, &faults))
            .chain(name_flaw(agent, &faults));
        drafts.extend(flaws.map(|flaw| draft(facts, id, flaw)));
    }
    drafts
}

fn draft(facts: &Facts<'_>, id: u32, flaw: Flaw) -> Draft {
    Draft {
        rule: Rule::InvalidFrontmatter,
        severity: flaw.severity,
        confidence: flaw.confidence,
        message: flaw.message,
        help: flaw.help,
        agents: vec![id],
        dispute: None,
        evidence: vec![match flaw.span {
            Some(span) => quote(facts, id, span),
            None => facts.quote_start(id),
        }],
    }
}

/// Longer lines are quoted around the place that is meant.
const MAX_LINE_BYTES: usize = 200;

/// The line of a fault; of a long one what stands around the first `: `, since
/// that is mostly the trouble.
fn quote(facts: &Facts<'_>, id: u32, span: Span) -> Evidence {
    let text = facts.text(id);
    let value = span.of(text);
    let colon = value
        .find(": ")
        .filter(|_| value.len() > MAX_LINE_BYTES && !value.starts_with(['"', '\'', '|', '>']));
    let Some(colon) = colon else {
        return facts.quote_line(id, span);
    };
    let from = value.floor_char_boundary(colon.saturating_sub(80));
    let skipped = if from == 0 { 0 } else { value[from..].find(' ').map_or(from, |at| from + at) };
    let start = span.range().start + skipped.min(colon);
    let colon = span.range().start + colon;
    let limit = text.floor_char_boundary((colon + 60).min(span.range().end));
    let end = text[colon..limit].rfind(' ').map_or(limit, |at| colon + at);
    facts.quote(id, Span::new(start, end.max(colon + 1)))
}

/// The faults of the frontmatter, of each field only the first: what follows
/// in one value is mostly the same mistake again.
fn distinct_faults(agent: &Agent) -> Vec<&Fault> {
    let mut kept: Vec<&Fault> = Vec::new();
    let mut fields = Vec::new();
    for fault in &agent.faults {
        if !fault.kind.is_of_frontmatter() {
            continue;
        }
        let field = field_at(agent, fault.span);
        let is_placeholder = |fault: &Fault| fault.kind == FaultKind::Placeholder;
        let is_same_root = is_placeholder(fault) && kept.iter().any(|other| is_placeholder(other));
        if !is_same_root && (field.is_none() || !fields.contains(&field)) {
            fields.push(field);
            kept.push(fault);
        }
    }
    kept
}

/// Whether it is as Cursor writes and reads it: `globs: **/*.ts` is no YAML, and in
/// quotes Cursor would take them for a part of the pattern.
fn is_of_cursor(agent: &Agent, fault: &Fault) -> bool {
    agent.kind == Kind::Rule && field_at(agent, fault.span) == Some("globs")
}

/// The key of the field in which a span begins; `None` at the delimiters.
fn field_at(agent: &Agent, span: Span) -> Option<&str> {
    let fields = &agent.frontmatter.fields;
    let after = fields.partition_point(|field| field.key_span.start <= span.start);
    let field = fields.get(after.checked_sub(1)?)?;
    (span.start <= field.value_span.end.max(field.key_span.end)).then_some(field.key.as_str())
}

/// Whether Claude Code loads the file, for all that its place and its fields say.
fn is_claude(agent: &Agent) -> bool {
    agent.origin.product == Product::Claude && !is_open_code(agent)
}

/// Whether the file lies where a definition may lie: what stands beside a
/// `SKILL.md` is material of that skill.
fn is_placed(agent: &Agent) -> bool {
    let root = &agent.origin.load_root;
    agent.origin.kind.is_some() || !root.split('/').any(|folder| folder == "skills")
}

/// Whether the fields are OpenCode's, wherever the file lies.
fn is_open_code(agent: &Agent) -> bool {
    let frontmatter = &agent.frontmatter;
    let has_mode = frontmatter
        .get("mode")
        .and_then(|field| field.value.as_text())
        .is_some_and(|mode| matches!(mode, "primary" | "subagent" | "all"));
    let has_map =
        frontmatter.get("tools").is_some_and(|field| matches!(field.value, Value::Map(_)));
    has_mode || has_map || frontmatter.get("temperature").is_some()
}

/// Whether the file lies in a project's or user's own folder, not in a plugin
/// or a catalogue, of which it is not known how it is installed.
fn is_installed(agent: &Agent) -> bool {
    agent.origin.project_root.is_some()
}

/// Faults in the lines around the block rather than in a value.
fn is_delimiter_fault(agent: &Agent, fault: &Fault) -> bool {
    agent.frontmatter.fields.first().is_some_and(|first| fault.span.start < first.key_span.start)
}

/// Whether it is the placeholder of a template, as the path says.
fn is_to_be_filled_in(path: &str, fault: &Fault) -> bool {
    fault.kind == FaultKind::Placeholder && path.to_ascii_lowercase().contains("template")
}

fn of_fault(agent: &Agent, fault: &Fault) -> Flaw {
    let key = field_at(agent, fault.span).unwrap_or_default();
    let is_delimiter = is_delimiter_fault(agent, fault);
    let (severity, confidence, effect) = match agent.kind {
        Kind::Agent if is_claude(agent) => (
            Severity::Warning,
            0.95,
            "Claude Code may skip the file and says so only in its debug log",
        ),
        Kind::Command | Kind::Skill if key == "argument-hint" => {
            (Severity::Note, 0.9, "it is only shown, but strict YAML readers lose all fields")
        }
        Kind::Rule if !is_delimiter => {
            (Severity::Note, 0.9, "readers of strict YAML lose all fields")
        }
        Kind::Memory => (Severity::Note, 0.8, "readers of strict YAML lose all fields"),
        _ => (Severity::Warning, 0.9, "readers of strict YAML lose all fields of the file"),
    };
    Flaw {
        severity,
        confidence,
        message: format!("{}; {effect}", fault.message),
        help: fault.help.clone(),
        span: Some(fault.span),
    }
}

/// A file of an `agents` folder that a product takes for no agent, as it has
/// no fields at all.
fn no_frontmatter(agent: &Agent) -> Option<Flaw> {
    let is_in_agents = agent.origin.kind == Some(Kind::Agent) && is_installed(agent);
    let effect = match agent.origin.product {
        _ if !is_in_agents => return None,
        Product::Claude if is_claude(agent) => {
            "Claude Code takes it for documentation and does not load it as an agent"
        }
        Product::Gemini => "Gemini CLI requires one with `name` and `description`",
        _ => return None,
    };
    Some(Flaw {
        severity: Severity::Error,
        confidence: 0.9,
        message: format!("the file has no frontmatter; {effect}"),
        help: format!(
            "begin it with `---`, `name: {}`, `description:` with when to use it, and `---`, \
             each on a line of its own",
            name::slug(&agent.name)
        ),
        span: None,
    })
}

/// A block that begins further down than in the first line.
fn late_start(agent: &Agent, text: &str) -> Option<Flaw> {
    let block = agent.frontmatter.span?;
    let before = &text[..block.range().start];
    let is_blank = before.trim().is_empty();
    let begins_blank = text.starts_with(['\n', '\r', ' ', '\t']);
    (is_blank && begins_blank).then(|| Flaw {
        severity: Severity::Warning,
        confidence: 0.8,
        message: "the frontmatter does not begin in the first line; readers that look for \
                  `---` there find no fields"
            .to_owned(),
        help: "remove what stands before the first `---`".to_owned(),
        span: Some(Span { end: block.start, ..block }),
    })
}

/// Whether a field is there, but broken, so that nothing is known of its meaning.
fn is_broken(agent: &Agent, faults: &[&Fault], key: &str) -> bool {
    faults.iter().any(|fault| field_at(agent, fault.span) == Some(key))
}

/// Whether any value is broken, so that the missing field may be hidden in it.
fn has_broken_value(agent: &Agent, faults: &[&Fault]) -> bool {
    faults.iter().any(|fault| field_at(agent, fault.span).is_some())
}

fn description_flaw(agent: &Agent, faults: &[&Fault]) -> Option<Flaw> {
    if !is_placed(agent)
        || agent.text_field("description").is_some()
        || is_broken(agent, faults, "description")
    {
        return None;
    }
    let field = agent.frontmatter.get("description");
    if field.is_none() && has_broken_value(agent, faults) {
        return None;
    }
    let product = agent.origin.product;
    let (severity, confidence, effect) = match (agent.kind, product) {
        (Kind::Agent, Product::Claude) if is_claude(agent) && is_installed(agent) => {
            (Severity::Error, 0.95, "Claude Code skips the file and says so only in its debug log")
        }
        (Kind::Agent, Product::Claude) if is_claude(agent) => (
            Severity::Warning,
            0.9,
            "Claude Code skips such a file, and loads it from a plugin with a placeholder for a description",
        ),
        (Kind::Agent, Product::Claude) if is_open_code(agent) => {
            (Severity::Warning, 0.85, "OpenCode requires it")
        }
        (Kind::Agent, Product::Gemini) => (Severity::Error, 0.9, "Gemini CLI requires it"),
        (Kind::Agent, Product::Copilot) => (Severity::Warning, 0.9, "Copilot requires it"),
        (Kind::Agent, Product::OpenCode) => (Severity::Warning, 0.9, "OpenCode requires it"),
        (Kind::Skill, _) => (Severity::Warning, 0.9, "a skill is chosen by its description"),
        _ => return None,
    };
    let state = match field.map(|field| &field.value) {
        None => "`description` is missing",
        Some(Value::List(_)) => "`description` is a list, not a text",
        Some(Value::Map(_)) => "`description` is a map, not a text",
        Some(Value::Null | Value::Text(_)) => "`description` is empty",
    };
    Some(Flaw {
        severity,
        confidence,
        message: format!("{state}; {effect}"),
        help: format!("write in `description` when `{}` is to be used", agent.name),
        span: field
            .map(|field| field.key_span)
            .or_else(|| agent.frontmatter.fields.first().map(|field| field.key_span)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relation::Pair;
    use crate::report::Scope;
    use crate::rules::with_facts;

    fn found(files: &[(&str, &str)], pairs: &[Pair]) -> Vec<Draft> {
        with_facts(files, pairs, Scope::Project, findings)
    }

    fn flaws(path: &str, text: &str) -> Vec<(Severity, String, u32)> {
        found(&[(path, text)], &[])
            .into_iter()
            .map(|draft| (draft.severity, draft.message, draft.evidence[0].line))
            .collect()
    }

    const AGENT: &str = ".claude/agents/a.md";

    #[test]
    fn broken_yaml_of_an_agent_may_cost_it() {
        let found = flaws(AGENT, "---\nname: a\ndescription: Use when: always\n---\n");
        let [(Severity::Warning, message, 3)] = found.as_slice() else { panic!("{found:?}") };
        assert!(message.contains("Claude Code may skip the file"));
    }

    #[test]
    fn a_long_line_is_quoted_around_its_colon() {
        let text = format!(
            "---\nname: a\ndescription: {}here: it is, {}\n---\n",
            "wörd ".repeat(60),
            "word ".repeat(60)
        );
        let found = found(&[(AGENT, &text)], &[]);
        let quote = &found[0].evidence[0];
        assert!(quote.text.contains("here: it is") && quote.text.len() < 170);
        assert_eq!(quote.line, 3);
    }

    #[test]
    fn what_cursor_writes_itself_is_no_flaw() {
        let rule = |fields: &str| {
            let text = format!("---\ndescription: d\n{fields}\n---\nText\n");
            flaws(".cursor/rules/a.mdc", &text).len()
        };
        assert_eq!(rule("globs: **/*.ts"), 0);
        assert_eq!(rule("tags: *.ts"), 1);
    }

    #[test]
    fn a_template_is_there_to_be_filled_in() {
        let text = "---\nname: {{NAME}}\ndescription: d\n---\nText\n";
        assert_eq!(flaws(".claude/commands/templates/a.md", text).len(), 0);
        assert_eq!(flaws(".claude/commands/a.md", text).len(), 1);
    }

    #[test]
    fn fields_that_a_product_requires() {
        let cases = [
            (
                AGENT,
                "You plan.\n",
                Severity::Error,
                "has no frontmatter; Claude Code takes it for documentation",
            ),
            (
                ".gemini/agents/a.md",
                "You plan.\n",
                Severity::Error,
                "has no frontmatter; Gemini CLI requires one",
            ),
            (AGENT, "---\nname: a\n---\n", Severity::Error, "`description` is missing"),
            (AGENT, "---\nname: a\ndescription:\n---\n", Severity::Error, "`description` is empty"),
            (AGENT, "---\ndescription: d\n---\n", Severity::Error, "`name` is missing"),
            ("x/agents/a.md", "---\ndescription: d\n---\n", Severity::Warning, "`name` is missing"),
            (
                AGENT,
                "---\nname: [a, b]\ndescription: d\n---\n",
                Severity::Warning,
                "`name` is a list",
            ),
            (AGENT, "---\nname: -a\ndescription: d\n---\n", Severity::Error, "begins with `-`"),
            (AGENT, "---\nname: x:a\ndescription: d\n---\n", Severity::Error, "contains a `:`"),
            (AGENT, "---\nname: A b\ndescription: d\n---\n", Severity::Note, "lower-case"),
            (
                ".gemini/agents/a.md",
                "---\nname: A b\ndescription: d\n---\n",
                Severity::Error,
                "no slug",
            ),
            (
                ".github/agents/a.agent.md",
                "---\nname: A b\n---\n",
                Severity::Warning,
                "Copilot requires it",
            ),
            (
                ".claude/skills/a/SKILL.md",
                "---\nname: a\n---\n",
                Severity::Warning,
                "a skill is chosen",
            ),
        ];
        for (path, text, severity, message) in cases {
            let found = flaws(path, text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!(found[0].0, severity, "{text}");
            assert!(found[0].1.contains(message), "{}", found[0].1);
        }
    }

    #[test]
    fn what_no_product_requires_is_not_missed() {
        for (path, text) in [
            ("plugin/agents/a.md", "Plain text in a catalogue, no frontmatter.\n"),
            (".opencode/agents/a.md", "---\ndescription: d\nmode: subagent\n---\n"),
            ("src/agent/a.md", "---\ndescription: d\nmode: subagent\n---\n"),
            (".github/agents/a.agent.md", "---\ndescription: d\n---\n"),
            (".claude/commands/a.md", "---\nargument-hint: x\n---\n"),
            (".claude/skills/a/REFERENCE.md", "---\nname: Some Reference\n---\n"),
            (AGENT, "---\nname: \"no\"\nversion: 1.0\ndescription: d\n---\n"),
        ] {
            assert_eq!(flaws(path, text), [], "{path}");
        }
    }
}
