//! `dangling-reference`: a name of an agent that no agent of the run bears.
//!
//! What counts as a name is decided by `mention`, narrowly: "the testing
//! agent" describes, "the `test-runner` agent" names. Each name is said once
//! for all that is loaded together, with all its places.

mod listed;
mod mention;
mod nearest;

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, MatchKind};
use memchr::memmem;
use rustc_hash::FxHashSet;

use super::{Draft, Facts};
use crate::agent::{Agent, Kind, Unit};
use crate::finding::{Evidence, Rule, Severity};
use crate::report::Scope;
use crate::source::Span;
use mention::{Mention, mentions};
use nearest::Nearest;

/// One finding for each name and unit of what is loaded together.
pub fn findings(facts: &Facts<'_>) -> Vec<Draft> {
    let known = known_names(facts);
    let folders = known_folders(facts);
    let shortened = shortened_names(facts, &known);
    let agents = facts.agents().iter();
    let agents = agents.filter(|agent| agent.kind == Kind::Agent);
    let agents: FxHashSet<String> = agents.map(|agent| key(&agent.name)).collect();
    let mut uses: BTreeMap<(&str, String), Vec<Use>> = BTreeMap::new();
    for (id, agent) in (0..).zip(facts.agents()) {
        if facts.groups.is_mirror(id) || !is_searched(agent) {
            continue;
        }
        let text = facts.text(id);
        let mut unknown = mentions(text, agent.description.span);
        let body = agent.frontmatter.body_start as usize;
        unknown.extend(shortened.iter().flat_map(|names| short_mentions(text, body, names)));
        unknown.extend(listed::listed(agent, text, &agents));
        unknown.retain(|mention| {
            !is_known(mention.span.of(text), &known, &folders) && !is_history(text, mention.span)
        });
        let said_again = again(agent, text, &unknown);
        unknown.extend(said_again);
        unknown.sort_by_key(|mention| mention.span);
        unknown.dedup();
        for mention in unknown {
            let mut examples = agent.description.examples.iter();
            let in_example = examples.any(|example| holds(example.span, mention.span));
            uses.entry((unit(agent), key(mention.span.of(text)))).or_default().push(Use {
                id,
                mention,
                in_example,
            });
        }
    }
    let nearest = Nearest::new(facts);
    let memory_files = (0..).zip(facts.agents());
    let memory_files = memory_files.filter(|(_, agent)| agent.kind == Kind::Memory);
    let texts = uses.values().flatten().map(|one| one.id);
    let texts = texts.chain(memory_files.map(|(id, _)| id)).collect();
    let elsewhere = files_of_other_forms(facts, &texts);
    uses.iter()
        .filter(|((_, name), _)| !elsewhere.contains(name))
        .map(|(_, uses)| draft(facts, uses, &nearest, !agents.is_empty()))
        .collect()
}

/// Finds names that end in `-agent` without that ending: texts say "works with
/// `x-y`" and mean `x-y-agent`. One word alone may be anything.
fn shortened_names(facts: &Facts<'_>, known: &FxHashSet<String>) -> Option<AhoCorasick> {
    let agents = facts.agents().iter().filter(|agent| agent.kind == Kind::Agent);
    let names: BTreeSet<String> = agents
        .filter_map(|agent| key(&agent.name).strip_suffix("-agent").map(str::to_owned))
        .filter(|name| name.contains('-') && !known.contains(name))
        .collect();
    // One name may begin with another: the longest that stands there is meant.
    let mut finder = AhoCorasick::builder();
    finder.match_kind(MatchKind::LeftmostLongest);
    finder.build(names).ok()
}

/// Words before a name by which it is someone to work with.
const WORKS_WITH: &[&str] = &[
    "with", "with the", "to", "to the", "from", "from the", "and", "by", "by the", "via", "->", "→",
];

/// Where a text works with an agent by its name without `-agent`.
fn short_mentions(text: &str, body: usize, names: &AhoCorasick) -> Vec<Mention> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '.');
    let found = names.find_iter(&text[body..]).filter(|found| {
        let before = text[body..body + found.start()].trim_end_matches(['`', '*', '@']);
        let after = &text[body + found.end()..];
        let is_whole = !before.ends_with(is_part) && !after.starts_with(is_part);
        let words = before.trim_end();
        is_whole
            && !after.starts_with(" agent")
            && WORKS_WITH.iter().any(|cue| words.ends_with(cue))
    });
    let mentions =
        found.map(|found| Mention { span: Span::new(body + found.start(), body + found.end()) });
    mentions.collect()
}

/// One place where a name stands.
#[derive(Debug, Clone, Copy)]
struct Use {
    id: u32,
    mention: Mention,
    in_example: bool,
}

/// Names that texts give to files of a form that is not read here, as agents
/// are defined by in other places: `x-developer.yaml`.
fn files_of_other_forms(facts: &Facts<'_>, texts: &BTreeSet<u32>) -> FxHashSet<String> {
    const ENDINGS: [&str; 4] = [".yaml", ".yml", ".toml", ".json"];
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let mut names = FxHashSet::default();
    for text in texts.iter().map(|&id| facts.text(id)) {
        for ending in ENDINGS {
            for at in memmem::find_iter(text.as_bytes(), ending) {
                let before = &text[..at];
                let name = before.trim_end_matches(is_part).len();
                names.insert(key(&before[name..]));
            }
        }
    }
    names
}

/// Whether the line tells of an agent that was: "formerly done by the x-y agent".
fn is_history(text: &str, span: Span) -> bool {
    let start = text.ceil_char_boundary(span.range().start.saturating_sub(BEFORE_BYTES));
    let end = text.floor_char_boundary((span.range().end + AFTER_BYTES).min(text.len()));
    let before = text[start..span.range().start].trim_end_matches(['`', '*', '"']);
    // A name that begins its line goes on with the sentence of the line before.
    let before = before.trim_end().rsplit(['\n', '\r']).next();
    let after = text[span.range().end..end].split(['\n', '\r']).next();
    let says = |part: Option<&str>| {
        let part = part.unwrap_or_default().to_lowercase();
        [
            "formerly", "previously", "deprecated", "no longer", "replaces", "replaced",
            "merged into", "renamed", "retired", "the former",
        ]
        .iter()
        .any(|word| part.contains(word))
    };
    says(before) || says(after)
}

/// The places in examples where names that were found are said again, in
/// whatever words.
fn again(agent: &Agent, text: &str, found: &[Mention]) -> Vec<Mention> {
    if found.is_empty() || agent.description.examples.is_empty() {
        return Vec::new();
    }
    let names: BTreeSet<&str> = found.iter().map(|mention| mention.span.of(text)).collect();
    let Ok(names) = AhoCorasick::new(names) else {
        return Vec::new();
    };
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let mut again = Vec::new();
    for example in &agent.description.examples {
        let words = example.span.of(text);
        // One name may hold another: "tools:x-y" and "x-y".
        for place in names.find_overlapping_iter(words) {
            let is_whole = !words[..place.start()].ends_with(is_part)
                && !words[place.end()..].starts_with(is_part);
            if is_whole {
                let start = example.span.range().start;
                again.push(Mention { span: Span::new(start + place.start(), start + place.end()) });
            }
        }
    }
    again
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// Guides for writing agents are full of made-up names.
fn is_searched(agent: &Agent) -> bool {
    let is_guide = |name: &str| {
        let lower = name.to_lowercase();
        let is_about_agents = lower.contains("agent") && !lower.ends_with("agent");
        is_about_agents
            || ["template", "example", "prompt-engineer", "plugin-dev", "skill-creator"]
                .iter()
                .any(|word| lower.contains(word))
    };
    let is_followed = matches!(
        agent.kind,
        Kind::Agent
            | Kind::Command
            | Kind::Skill
            | Kind::Memory
            | Kind::ChatMode
            | Kind::Prompt
            | Kind::Instructions
    );
    is_followed && !(agent.kind != Kind::Agent && is_guide(&agent.name))
}

/// What is loaded together: a project, or the folder that holds a plugin's `agents`.
fn unit(agent: &Agent) -> &str {
    if let Some(root) = &agent.origin.project_root {
        return root;
    }
    let root = agent.origin.load_root.as_str();
    let (home, last) = root.rsplit_once('/').unwrap_or(("", root));
    match last {
        "agents" | "agent" | "commands" | "command" | "skills" | "skill" | "subagents" => home,
        _ => root,
    }
}

/// A name for comparing: lower case, words parted by hyphens, humps too.
fn key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    let mut after_small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            if !key.is_empty() && !key.ends_with('-') {
                key.push('-');
            }
        } else {
            if after_small && c.is_uppercase() {
                key.push('-');
            }
            key.extend(c.to_lowercase());
        }
        after_small = c.is_lowercase();
    }
    key.truncate(key.trim_end_matches('-').len());
    key
}

/// Every name by which a definition of the run may be called.
fn known_names(facts: &Facts<'_>) -> FxHashSet<String> {
    let mut known: FxHashSet<String> = BUILT_IN.iter().map(|name| (*name).to_owned()).collect();
    for (id, agent) in (0..).zip(facts.agents()) {
        known.insert(key(&agent.name));
        let path = facts.path(id);
        let mut parts = path.rsplit('/');
        let file = parts.next().unwrap_or(path);
        known.insert(key(file.split('.').next().unwrap_or(file)));
        if agent.kind == Kind::Skill {
            known.extend(parts.next().map(key));
        }
    }
    known
}

/// Agents that products bring themselves.
const BUILT_IN: [&str; 24] = [
    "agent", "bash", "browser", "build", "claude", "claude-code", "claude-code-guide", "cli-help",
    "codebase-investigator", "default", "edit", "explore", "explorer", "fork", "general",
    "general-purpose", "generalist", "main", "output-style-setup", "plan", "statusline-setup",
    "sub-agent", "subagent", "worker",
];

/// The folders of the run: plugins are called by theirs.
fn known_folders(facts: &Facts<'_>) -> FxHashSet<String> {
    let mut folders = FxHashSet::default();
    for id in 0..facts.agents().len() as u32 {
        let path = facts.path(id);
        let folder = path.rfind('/').map_or("", |at| &path[..at]);
        folders.extend(folder.split('/').map(key));
    }
    folders
}

/// Whether a definition of the run bears the name, alone or behind its plugin
/// or folder. Names of plugins that are not here cannot be judged.
fn is_known(name: &str, known: &FxHashSet<String>, folders: &FxHashSet<String>) -> bool {
    if let Some((plugin, rest)) = name.rsplit_once([':', '/']) {
        let plugin = plugin.rsplit([':', '/']).next().unwrap_or(plugin);
        return known.contains(&key(rest)) || !folders.contains(&key(plugin));
    }
    let key = key(name);
    // `@agent-x` is how Claude Code mentions `x`.
    let bare = key.strip_prefix("agent-").unwrap_or(&key);
    known.contains(&key) || known.contains(bare)
}

/// Where no agents were read at all, nobody can know whether there is one.
fn draft(facts: &Facts<'_>, uses: &[Use], nearest: &Nearest, are_read: bool) -> Draft {
    let first = uses[0];
    let name = first.mention.span.of(facts.text(first.id));
    // "to x-architect or x-specialist": the one named beside it is not meant.
    let quotes: Vec<Evidence> = uses.iter().map(|one| quote(facts, one)).collect();
    let is_beside = |near: &str| quotes.iter().any(|quote| quote.text.contains(near));
    let (severity, confidence, message, help) = if let Some(own) = meant_itself(facts, uses) {
        let own = &facts.agent(own).name;
        (
            Severity::Warning,
            0.95,
            format!(
                "the examples of `{own}` call `{name}`, which no agent here is called; probably \
                 it is meant itself"
            ),
            format!("write `{own}` instead of `{name}`"),
        )
    } else if let Some(near) = nearest.find(&key(name)).filter(|near| !is_beside(near)) {
        (
            Severity::Warning,
            0.9,
            format!("no agent here is called `{name}`; did you mean `{near}`?"),
            format!("write `{near}` if it is meant, else add or name the right agent"),
        )
    } else {
        let severity = if facts.scope == Scope::Project && are_read {
            Severity::Warning
        } else {
            Severity::Note
        };
        let place = match uses.len() {
            1 => String::new(),
            n => format!(" in {n} places"),
        };
        (
            severity,
            0.8,
            format!("`{name}` is called upon{place}, but no agent here bears that name"),
            format!("add `{name}`, name an agent that exists, or say where `{name}` comes from"),
        )
    };
    let mut agents: Vec<u32> = uses.iter().map(|one| one.id).collect();
    agents.dedup();
    Draft {
        rule: Rule::DanglingReference,
        severity,
        confidence,
        message,
        help,
        agents,
        dispute: None,
        evidence: quotes,
    }
}

/// The agent whose examples call it by this name: they do so twice or more, and
/// never by the name it has.
fn meant_itself(facts: &Facts<'_>, uses: &[Use]) -> Option<u32> {
    let ids: BTreeSet<u32> = uses.iter().map(|one| one.id).collect();
    ids.into_iter().find(|&id| {
        let agent = facts.agent(id);
        let text = facts.text(id);
        let own = key(&agent.name);
        // `x-helper` is no mention of `helper`.
        let wrong = uses[0].mention.span.of(facts.text(uses[0].id));
        let n_uses = uses.iter().filter(|one| one.id == id && one.in_example).count();
        let names_itself = || {
            let examples = agent.description.examples.iter();
            examples
                .map(|example| example.span.of(text))
                .any(|example| key(&example.replace(wrong, "")).contains(&own))
        };
        agent.kind == Kind::Agent && n_uses >= 2 && !names_itself()
    })
}

/// Statements up to this length are quoted whole.
const MAX_WHOLE_BYTES: usize = 240;

/// Of others, bytes quoted before and after a name at most.
const BEFORE_BYTES: usize = 90;
const AFTER_BYTES: usize = 60;

/// The statement with a name, or the words around it, inside its line and its
/// sentence where they are short.
fn quote(facts: &Facts<'_>, one: &Use) -> Evidence {
    let text = facts.text(one.id);
    let (from, to) = (one.mention.span.range().start, one.mention.span.range().end);
    let units = &facts.agent(one.id).units;
    let after = units.partition_point(|unit| unit.span.start <= one.mention.span.start);
    let is_whole = |unit: &&Unit| {
        let has_name = unit.span.end >= one.mention.span.end;
        has_name && unit.kind.is_prose() && unit.span.byte_len() <= MAX_WHOLE_BYTES
    };
    if let Some(unit) = units[..after].last().filter(is_whole) {
        return facts.quote_unit(one.id, unit);
    }
    let low = text.ceil_char_boundary(from.saturating_sub(BEFORE_BYTES));
    let before = &text[low..from];
    let begins = ["\n", "\r", "\\n", ">", ". ", "! ", "? ", "。"]
        .iter()
        .filter_map(|end| Some(before.rfind(end)? + end.len()))
        .max();
    let skipped = match begins {
        Some(at) => at,
        None if low == 0 => 0,
        None => before.find(' ').unwrap_or(0),
    };
    let high = text.floor_char_boundary((to + AFTER_BYTES).min(text.len()));
    let after = &text[to..high];
    let ends = [("\n", 0), ("\r", 0), ("\\n", 0), ("<", 0), (". ", 1), ("! ", 1), ("? ", 1)];
    let sentence = ends.iter().filter_map(|&(end, n_kept)| Some(after.find(end)? + n_kept)).min();
    let kept = match sentence {
        Some(at) => at,
        None if high == text.len() => after.len(),
        None => after.rfind(' ').unwrap_or(after.len()),
    };
    facts.quote(one.id, trimmed(text, low + skipped, to + kept))
}

/// The span without white space around it, and without half of an escape.
fn trimmed(text: &str, start: usize, end: usize) -> Span {
    let part = &text[start..end];
    let start = start + part.len() - part.trim_start().len();
    let part = part.trim().trim_end_matches('\\').trim_end();
    Span::new(start, start + part.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::with_facts;

    fn found(files: &[(&str, &str)], scope: Scope) -> Vec<(Severity, String, Vec<String>)> {
        let quotes = |draft: Draft| draft.evidence.into_iter().map(|one| one.text).collect();
        with_facts(files, &[], scope, findings)
            .into_iter()
            .map(|draft| (draft.severity, draft.message.clone(), quotes(draft)))
            .collect()
    }

    const KEEPER: (&str, &str) = (
        ".claude/agents/term-keeper.md",
        "---\nname: term-keeper\ndescription: Keeps terms.\n---\nKeep terms.\n",
    );

    fn with_body(body: &str) -> Vec<(Severity, String, Vec<String>)> {
        let text = format!("---\nname: desk\ndescription: The desk.\n---\n{body}\n");
        found(&[(".claude/agents/desk.md", &text), KEEPER], Scope::Project)
    }

    #[test]
    fn examples_that_call_the_agent_by_another_name_are_one_finding() {
        let text = "---\nname: helper\ndescription: >-\n  Helps.\n  <example>user: 'Late'\n  assistant: 'I will use the paper-helper agent to write.'\n  <commentary>Work of the paper-helper agent.</commentary></example>\n---\nHelp.\n";
        let found = found(&[(".claude/agents/helper.md", text), KEEPER], Scope::Catalogue);
        let [(severity, message, quotes)] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(*severity, Severity::Warning);
        assert!(message.contains("the examples of `helper` call `paper-helper`"));
        assert_eq!(quotes.len(), 2);
        assert_eq!(quotes[1], "Work of the paper-helper agent.");
    }

    #[test]
    fn a_name_hides_no_longer_one_that_begins_with_it() {
        let file = |name: &str| {
            let text = format!("---\nname: {name}\ndescription: Checks {name}.\n---\nCheck.\n");
            (format!(".claude/agents/{name}.md"), text)
        };
        let builder = "---\nname: builder\ndescription: Builds.\n---\n\
                       Works closely with code-style-check on each change.\n";
        let [one, longer] = ["code-style-agent", "code-style-check-agent"].map(file);
        let found = found(
            &[(&one.0, &one.1), (&longer.0, &longer.1), (".claude/agents/builder.md", builder)],
            Scope::Project,
        );
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].1.contains("`code-style-check`"), "{found:?}");
    }

    #[test]
    fn a_slip_of_the_pen_gets_the_nearest_name() {
        for body in ["Use the term-keepr agent first.", "Pass it to the `termkeeper` agent."] {
            let found = with_body(body);
            assert_eq!(found.len(), 1, "{body}");
            assert!(found[0].1.ends_with("did you mean `term-keeper`?"));
        }
    }

    #[test]
    fn delegations_to_nobody_are_warnings_in_a_project() {
        for body in [
            "Hand off to @layout-wizard when there are seals.",
            "Delegate to the `ocr-clerk` agent.",
            "Task(subagent_type=\"scanner\")",
            "- Backend work → backend-developer agent",
        ] {
            let found = with_body(body);
            assert_eq!(found.len(), 1, "{body}: {found:?}");
            assert_eq!(found[0].0, Severity::Warning);
        }
    }

    #[test]
    fn a_mention_at_the_beginning_of_a_file_may_be_cut() {
        let files = [("AGENTS.md", "@x-y` agent does it.\n"), KEEPER];
        assert_eq!(found(&files, Scope::Project), []);
    }

    #[test]
    fn a_name_without_its_ending_gets_the_whole_name() {
        let files = [
            (
                ".claude/agents/desk.md",
                "---\nname: desk\ndescription: d\n---\nWorks with tide-watch on spring tides.\n\nA tide-watch is kept at night.\n",
            ),
            (
                ".claude/agents/tide-watch-agent.md",
                "---\nname: tide-watch-agent\ndescription: d\n---\nWatch. Activated by `@agent-dock`.\n",
            ),
        ];
        let found = found(&files, Scope::Project);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[1].1.ends_with("did you mean `tide-watch-agent`?"), "{found:?}");
        assert!(found[0].1.starts_with("`dock` is called upon"), "{found:?}");
    }

    #[test]
    fn descriptions_of_agents_and_real_names_are_no_reference() {
        for body in [
            "Use the agent for prices, the main agent for talk, another agent for the rest.",
            "Use the Term Keeper agent, the `term-keeper` agent, or @term-keeper.",
            "Use the `Explore` agent, then the general-purpose agent.",
            "Keep the user agent string. Build a long-running agent with a multi-agent design.",
            "Use your-agent-name agent. subagent_type: <name>. subagent_type=agent_type",
            "This was formerly done by the style-reviewer agent.",
            "It holds the advice of the former\n`style-reviewer` agent.",
            "Delegates to the service layer; `my-script.sh` hands off to `x-y.md`.",
            "Mention @agent-term-keeper. Use superpowers:code-reviewer agent.",
            "The `tools` agent field. Import @testing-library/react.",
        ] {
            assert_eq!(with_body(body), [], "{body}");
        }
    }
}
