//! What an agent's tools let it do: change files or run commands, or only look.

use crate::agent::{Agent, Kind, Product, Value};

/// What the tools of an agent come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Capability {
    /// `tools` is omitted: everything.
    All,
    /// Listed tools, one of which writes or runs.
    Changing(Vec<String>),
    /// Listed tools that only read.
    Reading(Vec<String>),
}

/// Tools that write or run, in lower case, of all products.
const CHANGING: [&str; 24] = [
    "bash", "edit", "editfiles", "edit_file", "execute", "multiedit", "notebookedit", "patch",
    "powershell", "replace", "run", "runcommands", "runinterminal", "runinterminal2",
    "runnotebooks", "runtasks", "run_shell_command", "runterminalcommand", "shell",
    "str_replace_editor", "terminal", "write", "write_file", "createfile",
];

/// Tools that are known to change nothing in the work tree.
const READING: [&str; 47] = [
    "agent", "askuserquestion", "bashoutput", "changes", "codebase", "extensions", "fetch",
    "findtestfiles", "githubrepo", "glob", "google_web_search", "grep", "grep_search", "killbash",
    "killshell", "list", "listmcpresources", "list_directory", "ls", "lsp", "notebookread",
    "openbrowser", "opensimplebrowser", "problems", "question", "read", "readmcpresource",
    "read_file", "read_many_files", "search", "searchresults", "search_file_content",
    "sequentialthinking", "skill", "slashcommand", "task", "terminallastcommand", "testfailure",
    "think", "todoread", "todowrite", "todo", "usages", "vscodeapi", "web", "webfetch",
    "websearch",
];

/// Fields besides `tools` that say what an agent may do: with them, the list
/// alone proves nothing.
const OTHER_LIMITS: [&str; 6] =
    ["disallowedTools", "permission", "permissions", "permissionMode", "readonly", "allowed-tools"];

impl Capability {
    /// What an agent's tools come to; `None` where it cannot be told for sure.
    pub(super) fn of(agent: &Agent) -> Option<Self> {
        let frontmatter = &agent.frontmatter;
        let is_limited = OTHER_LIMITS.iter().any(|key| frontmatter.get(key).is_some());
        let has_tools = matches!(agent.kind, Kind::Agent | Kind::ChatMode)
            && agent.origin.product != Product::Cursor;
        if is_limited || !has_tools || frontmatter.span.is_none() {
            return None;
        }
        let Some(field) = frontmatter.get("tools") else {
            return Some(Self::All);
        };
        if let Value::Map(entries) = &field.value {
            return Some(of_map(entries));
        }
        let names: Vec<String> = field.value.items().iter().map(|name| shown(name)).collect();
        if let [name] = names.as_slice()
            && matches!(name.to_ascii_lowercase().as_str(), "*" | "all" | "inherit" | "all tools")
        {
            return Some(Self::All);
        }
        let is_in = |name: &str, list: &[&str]| {
            let plain = plain(name);
            list.contains(&plain.as_str())
        };
        if names.iter().any(|name| name == "*" || is_in(name, &CHANGING)) {
            return Some(Self::Changing(names));
        }
        // A tool nobody knows may write, so that only a list of known readers proves anything.
        let is_own = |name: &&String| !name.starts_with("mcp");
        let mut own = names.iter().filter(is_own).peekable();
        let is_reading = own.peek().is_some() && own.all(|name| is_in(name, &READING));
        is_reading.then_some(Self::Reading(names))
    }

    /// Whether files can be changed or commands run.
    pub(super) fn can_change(&self) -> bool {
        !matches!(self, Self::Reading(_))
    }

    /// Whether the file lists its tools.
    pub(super) fn is_listed(&self) -> bool {
        !matches!(self, Self::All)
    }

    /// The words used in reports.
    pub(super) fn label(&self) -> String {
        match self {
            Self::All => "all tools".to_owned(),
            Self::Changing(names) | Self::Reading(names) => names.join(", "),
        }
    }
}

/// OpenCode's map: what it does not switch off is on.
fn of_map(entries: &[(String, Value)]) -> Capability {
    let is_off = |tool: &str| {
        let value = entries.iter().find(|(name, _)| name == tool);
        value.is_some_and(|(_, value)| value.as_text() == Some("false"))
    };
    let off = |(_, value): &&(String, Value)| value.as_text() == Some("false");
    let names: Vec<String> =
        entries.iter().filter(off).map(|(name, _)| format!("no {name}")).collect();
    if is_off("*") || ["write", "edit", "bash"].into_iter().all(is_off) {
        Capability::Reading(names)
    } else if names.is_empty() {
        Capability::All
    } else {
        Capability::Changing(names)
    }
}

/// A tool's name without its arguments: `Bash(git:*)` is `Bash`.
fn shown(name: &str) -> String {
    let end = name.find('(').unwrap_or(name.len());
    name[..end].trim().to_owned()
}

/// For comparing: lower case, without the set that Copilot puts before it (`edit/editFiles`).
fn plain(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    last.to_ascii_lowercase()
}
