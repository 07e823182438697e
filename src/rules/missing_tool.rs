//! `missing-tool`: an agent is told to do what its `tools` do not let it.
//!
//! Only orders of strong wording count: "Write the report to `docs/x.md`",
//! "Run `npm test`", "Spawn the `x` agent". An agent of Claude Code without
//! `tools` has all of them; the `allowed-tools` of commands and skills spare
//! questions and forbid nothing.

use std::collections::BTreeSet;

use super::{Dispute, Draft, Facts};
use crate::agent::{Agent, Direction, Kind, Product, Unit};
use crate::finding::{Rule, Severity};

/// Something that takes a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Write,
    Run,
    Delegate,
}

impl Act {
    const ALL: [Self; 3] = [Self::Write, Self::Run, Self::Delegate];

    /// The tools that can do it, in lower case.
    fn tools(self) -> &'static [&'static str] {
        match self {
            Self::Write => &["write", "edit", "multiedit", "notebookedit"],
            Self::Run => &["bash", "powershell"],
            Self::Delegate => &["task", "agent"],
        }
    }

    fn told(self) -> &'static str {
        match self {
            Self::Write => "write files",
            Self::Run => "run commands",
            Self::Delegate => "start other agents",
        }
    }

    fn lacks(self) -> &'static str {
        match self {
            Self::Write => "`Write` or `Edit`",
            Self::Run => "`Bash`",
            Self::Delegate => "`Agent`",
        }
    }

    fn help(self) -> String {
        let add = format!("add {} to `tools`", self.lacks());
        match self {
            Self::Write | Self::Run => format!("{add}, or leave this work to another agent"),
            // Nested agents came with 2.1.172 and are on by default since 2.1.219.
            Self::Delegate => format!(
                "let whoever called it start the others; or {add}, which Claude Code heeds in \
                 called agents since 2.1.219"
            ),
        }
    }
}

/// One finding for each agent and kind of act.
pub fn findings(facts: &Facts<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let mut names: Option<BTreeSet<String>> = None;
    for (id, agent) in (0..).zip(facts.agents()) {
        let is_mirror = facts.groups.is_mirror(id);
        let Some(tools) = listed_tools(agent).filter(|_| !is_mirror) else {
            continue;
        };
        let names = names.get_or_insert_with(|| {
            let agents = facts.agents().iter().filter(|agent| agent.kind == Kind::Agent);
            agents.map(|agent| agent.name.to_lowercase()).collect()
        });
        for act in Act::ALL {
            if !tools.iter().any(|tool| allows(tool, act)) {
                drafts.extend(draft(facts, id, act, &tools, names));
            }
        }
    }
    drafts
}

/// The tools of an agent that may use no others, in lower case without arguments.
fn listed_tools(agent: &Agent) -> Option<Vec<String>> {
    if agent.kind != Kind::Agent || agent.origin.product != Product::Claude {
        return None;
    }
    agent.frontmatter.get("tools")?;
    let (tools, _) = agent.tools()?;
    let plain = |tool: &str| {
        let end = tool.find('(').unwrap_or(tool.len());
        tool[..end].trim().to_ascii_lowercase()
    };
    let tools: Vec<String> = tools.iter().map(|tool| plain(tool)).collect();
    (!tools.is_empty()).then_some(tools)
}

/// Whether a tool can do this, or may for all that is known.
fn allows(tool: &str, act: Act) -> bool {
    /// Tools of Claude Code that do none of the three.
    const OTHERS: &[&str] = &[
        "askuserquestion", "bashoutput", "exitplanmode", "glob", "grep", "killshell", "ls", "lsp",
        "notebookread", "read", "skill", "slashcommand", "todoread", "todowrite", "toolsearch",
        "webfetch", "websearch",
    ];
    let is_known = OTHERS.contains(&tool) || Act::ALL.iter().any(|act| act.tools().contains(&tool));
    if is_known {
        return act.tools().contains(&tool);
    }
    // A server's tools may write and run, but start no agents.
    match tool.strip_prefix("mcp__") {
        Some(server) => act != Act::Delegate && !is_reader(server),
        None => true,
    }
}

/// Servers that look things up, by their names.
fn is_reader(server: &str) -> bool {
    ["context7", "sequential", "docs", "search", "fetch", "exa", "tavily", "perplexity"]
        .iter()
        .any(|name| server.contains(name))
}

fn draft(
    facts: &Facts<'_>,
    id: u32,
    act: Act,
    tools: &[String],
    names: &BTreeSet<String>,
) -> Option<Draft> {
    let agent = facts.agent(id);
    let source = facts.text(id);
    let orders: Vec<&Unit> = agent
        .units
        .iter()
        .filter(|unit| unit.kind.is_prose() && unit.direction != Direction::Warning)
        .filter(|unit| {
            let text = agent.unit_text(unit, source);
            let marked = unit.span.of(source);
            match act {
                Act::Write => orders_to_write(&text),
                Act::Run => orders_to_run(&text, marked),
                Act::Delegate => orders_to_delegate(&text, &agent.name, names),
            }
        })
        .filter(|unit| !agent.is_introduced_by(unit, source, NOT_ORDERED))
        .collect();
    let first = orders.first()?;
    // A shell can write files, though that is not what it was given for; where the
    // tools for it are ruled out by name, they are no slip.
    let has_shell = act == Act::Write && tools.iter().any(|tool| allows(tool, Act::Run));
    if has_shell && rules_out(agent, act) {
        return None;
    }
    let field = agent.frontmatter.get("tools")?;
    let mut evidence = vec![facts.quote_unit(id, first), facts.quote_line(id, field.key_span)];
    evidence
        .extend(orders.iter().skip(1).take(MAX_QUOTES - 1).map(|unit| facts.quote_unit(id, unit)));
    Some(Draft {
        rule: Rule::MissingTool,
        severity: if has_shell { Severity::Note } else { Severity::Warning },
        confidence: if has_shell { 0.7 } else { 0.9 },
        message: format!(
            "`{}` is told to {}, but its tools lack {}{}",
            agent.name,
            act.told(),
            act.lacks(),
            if has_shell { ": only `Bash` could" } else { "" }
        ),
        help: act.help(),
        agents: vec![id],
        dispute: Some(Dispute {
            facet: "tools".to_owned(),
            options: vec![act.told().to_owned(), format!("no {}", act.lacks())],
            sides: Vec::new(),
        }),
        evidence,
    })
}

/// Whether a field lists the tools of an act as not to be used.
fn rules_out(agent: &Agent, act: Act) -> bool {
    const FIELDS: [&str; 3] = ["disallowedTools", "disallowed-tools", "disallowed_tools"];
    let fields = FIELDS.iter().filter_map(|key| agent.frontmatter.get(key));
    fields.into_iter().any(|field| {
        let tools = field.value.items();
        tools.iter().any(|tool| act.tools().contains(&tool.to_ascii_lowercase().as_str()))
    })
}

/// Orders quoted at most.
const MAX_QUOTES: usize = 3;

/// Words in a heading or lead-in by which what follows is for someone else, or
/// shows something.
const NOT_ORDERED: &[&str] = &[
    "user", "developer", "example", "sample", "template", "output", "recommend", "suggest",
    "format", "delegate", "anti-pattern", "usage", "install", "setup", "checklist",
    "should be told", "report", "documentation",
];

/// A text's first word in lower case, and the rest; adverbs in front are passed over.
fn verb(text: &str) -> (String, &str) {
    const ADVERBS: &[&str] = &["always", "then", "also", "finally"];
    let mut rest = text;
    loop {
        let start = rest.trim_start_matches(|c: char| !c.is_alphabetic());
        let end = start.find(|c: char| !c.is_alphabetic()).unwrap_or(start.len());
        let word = start[..end].to_lowercase();
        rest = &start[end..];
        if !ADVERBS.contains(&word.as_str()) {
            return (word, rest);
        }
    }
}

/// "Write the report to `docs/x.md`", "Updates BACKLOG.md", "Note it in `log.md`".
fn orders_to_write(text: &str) -> bool {
    const WRITING: &[&str] = &[
        "write", "writes", "save", "saves", "update", "updates", "append", "appends", "edit",
        "edits",
    ];
    /// Verbs that may write, if a file is where to.
    const KEEPING: &[&str] = &["add", "adds", "note", "notes", "log", "logs", "record", "records"];
    const WHERE: &[&str] = &["in", "into", "to", "under"];
    let (verb, rest) = verb(text);
    let is_keeping = KEEPING.contains(&verb.as_str());
    if !is_keeping && !WRITING.contains(&verb.as_str()) {
        return false;
    }
    let clause = clause(rest);
    let words: Vec<&str> = clause.split_whitespace().take(MAX_WORDS).collect();
    let file = words.iter().position(|word| is_file(word));
    !has_choice(clause)
        && file.is_some_and(|at| !is_keeping || at > 0 && WHERE.contains(&words[at - 1]))
}

/// Between the verb and the file stand this many words at most.
const MAX_WORDS: usize = 8;

fn is_file(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        ".md", ".json", ".yaml", ".yml", ".txt", ".ts", ".tsx", ".js", ".py", ".sql", ".toml",
        ".csv",
    ];
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '/'));
    let word = word.trim_end_matches(['.', ',']);
    ENDINGS.iter().any(|ending| word.len() > ending.len() && word.ends_with(ending))
}

/// "Run `npm test`". What stands in backticks must look like a command.
fn orders_to_run(text: &str, marked: &str) -> bool {
    let (verb, rest) = verb(text);
    if !matches!(verb.as_str(), "run" | "runs" | "execute") || has_choice(clause(rest)) {
        return false;
    }
    let Some((before, command)) = marked.split_once('`') else {
        return false;
    };
    let n_words =
        before.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count();
    let command = command.split('`').next().unwrap_or_default();
    n_words <= 3 && is_command(command)
}

/// Programs that are run from a shell.
const PROGRAMS: &[&str] = &[
    "bash", "bun", "bunx", "bundle", "cargo", "composer", "curl", "deno", "docker", "dotnet",
    "eslint", "flutter", "gh", "git", "go", "gradle", "grep", "helm", "jest", "kubectl", "make",
    "mvn", "mypy", "node", "npm", "npx", "php", "pip", "pnpm", "poetry", "pytest", "python",
    "python3", "ruff", "sh", "terraform", "uv", "yarn",
];

/// Whether it is a program with something behind it; of one that is not known an
/// option or a path.
fn is_command(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let Some(program) = words.next() else {
        return false;
    };
    let is_program = program.starts_with(|c: char| c.is_ascii_lowercase())
        && program.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let has_place = |word: &str| word.starts_with('-') || word == "." || word.contains('/');
    if PROGRAMS.contains(&program) {
        words.next().is_some() || program == "pytest"
    } else {
        is_program && words.any(has_place)
    }
}

/// "Spawn the `x` agent", where there is an `x`, or "use the Task tool". `names`
/// are in lower case.
fn orders_to_delegate(text: &str, own: &str, names: &BTreeSet<String>) -> bool {
    let lower = text.to_lowercase();
    let starts_with_order = || matches!(verb(&lower).0.as_str(), "spawn" | "launch" | "invoke");
    let after = lower.split_once("spawn ").or_else(|| {
        let parts = lower.split_once(' ')?;
        starts_with_order().then_some(parts)
    });
    let is_by_tool = lower.contains("the task tool")
        && ["use ", "via ", "with ", "using "]
            .iter()
            .any(|verb| lower.contains(&format!("{verb}the task tool")));
    if (after.is_none() && !is_by_tool) || has_choice(clause(&lower)) {
        return false;
    }
    let Some((_, after)) = after.filter(|_| !is_by_tool) else {
        return true;
    };
    let is_name_byte = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let mut words = after.split(|c: char| !is_name_byte(c)).filter(|word| !word.is_empty());
    let word = words.find(|word| !matches!(*word, "the" | "a" | "an" | "agent"));
    word.is_some_and(|word| {
        word != own.to_lowercase() && word.contains('-') && names.contains(word)
    })
}

/// The text up to the end of its first clause.
fn clause(text: &str) -> &str {
    let end = [". ", "; ", " — ", " – "].iter().filter_map(|mark| text.find(mark)).min();
    &text[..end.unwrap_or(text.len())]
}

/// Whether a clause leaves another way, or speaks of what others do.
fn has_choice(clause: &str) -> bool {
    let words = format!(" {} ", clause.to_lowercase());
    [" or ", " if ", " oder ", " ou ", " user", " ask ", " suggest", " when possible"]
        .iter()
        .any(|cue| words.contains(cue))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Scope;
    use crate::rules::with_facts;

    /// What is said of an agent with these tools and this body.
    fn found(tools: &str, body: &str) -> Vec<String> {
        let text = format!("---\nname: desk\ndescription: d\n{tools}\n---\n{body}\n");
        let files = [
            (".claude/agents/desk.md", text.as_str()),
            (
                ".claude/agents/seal-keeper.md",
                "---\nname: seal-keeper\ndescription: d\n---\nText.\n",
            ),
        ];
        let drafts = with_facts(&files, &[], Scope::Project, findings);
        drafts.into_iter().map(|draft| draft.message).collect()
    }

    #[test]
    fn orders_that_need_a_tool_that_is_not_there() {
        let readers = "tools: Read, Grep";
        for (body, lacks) in [
            ("Write the report to `docs/report.md`.", "`Write` or `Edit`"),
            ("- Updates LEDGER.md and the index", "`Write` or `Edit`"),
            ("Always note leaks in `LEDGER.md`.", "`Write` or `Edit`"),
            ("1. Run `npm test` and read the result.", "`Bash`"),
            ("Run `tide-scan list --long` first.", "`Bash`"),
            ("Run `tide-scan .` from the root.", "`Bash`"),
            ("Spawn `seal-keeper` with the list.", "`Agent`"),
            ("Use the Task tool for each folder.", "`Agent`"),
        ] {
            let found = found(readers, body);
            assert_eq!(found.len(), 1, "{body}: {found:?}");
            assert!(found[0].ends_with(lacks), "{found:?}");
        }
    }

    #[test]
    fn who_has_the_tool_or_all_of_them_is_fine() {
        let body = "Write the list to `a.md`.\n\nRun `npm test`.\n\nSpawn seal-keeper.";
        for tools in
            ["", "tools: Write, Bash, Task", "tools: \"*\"", "tools: Edit, Bash(npm:*), Agent"]
        {
            assert_eq!(found(tools, body), [] as [&str; 0], "{tools}");
        }
        assert_eq!(found("tools: mcp__files__put, Task", body), [] as [&str; 0]);
    }

    #[test]
    fn what_is_no_order_needs_no_tool() {
        for body in [
            "Suggest to write `a.md`.",
            "Run `npm test` or read the last report.",
            "## Output format\n\nWrite the summary to `a.md`.",
            "Never write to `a.md`.",
            "Ask the user to run `npm test`.",
            "Run `/tide --long` and `checks()`.",
            "Run `tide scan` in your head.",
            "```\nRun `npm test`\n```",
            "Run the numbers in your head. Update the mental model.",
            "Write the summary in two lines.",
            "Note that `a.md` lists them.",
            "Add `a.md` as a source.",
            "Spawn a sense of wonder.",
        ] {
            assert_eq!(found("tools: Read", body), [] as [&str; 0], "{body}");
        }
    }
}
