//! What a file is by its path alone.

use crate::agent::file_name::kind_of;
use crate::agent::{Kind, Origin, Product};

/// How much a path says about its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    /// Nothing: only the frontmatter can tell.
    None,
    /// It lies in a folder called `agents`, `commands` or the like, which may hold anything.
    Likely,
    /// It lies where a product looks: `.claude/agents`, `.cursor/rules`.
    Folder,
    /// Its own name says it: `SKILL.md`, `CLAUDE.md`, `*.mdc`.
    Name,
}

/// A file's place among folders that products read.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) origin: Origin,
    pub(super) certainty: Certainty,
    /// Whether the file lies in its load root itself, not in a folder below.
    pub(super) is_direct: bool,
    /// Whether a folder above is called `docs` or the like.
    pub(super) is_documentation: bool,
    /// Whether it lies among what a skill looks up.
    pub(super) is_resource: bool,
}

/// What the path of a file, separated by `/`, says about it.
///
/// ```
/// use agent_overlap::agent::{Kind, Product};
/// let origin = agent_overlap::discover::classify("app/.cursor/agents/tester.md");
/// assert_eq!(origin.kind, Some(Kind::Agent));
/// assert_eq!(origin.product, Product::Cursor);
/// assert_eq!(origin.load_root, "app/.cursor/agents");
/// assert_eq!(origin.project_root.as_deref(), Some("app"));
/// ```
pub fn classify(path: &str) -> Origin {
    place(path, path).origin
}

/// The folders in which products keep what belongs to a project or a user.
const PRODUCT_FOLDERS: [(&str, Product); 12] = [
    (".agents", Product::Codex),
    (".claude", Product::Claude),
    (".clinerules", Product::Other("Cline")),
    (".codex", Product::Codex),
    (".config/opencode", Product::OpenCode),
    (".cursor", Product::Cursor),
    (".gemini", Product::Gemini),
    (".github", Product::Copilot),
    (".kiro", Product::Other("Kiro")),
    (".opencode", Product::OpenCode),
    (".roo", Product::Other("Roo Code")),
    (".windsurf", Product::Other("Windsurf")),
];

/// Folders whose files may be about agents without being any.
const DOCUMENTATION_FOLDERS: [&str; 6] =
    ["docs", "doc", "documentation", "wiki", "website", "site"];

/// Folders of a skill with what it looks up or copies, whatever that looks like.
const RESOURCE_FOLDERS: [&str; 5] = ["assets", "examples", "references", "resources", "templates"];

/// What a folder's name says of the files in it. Some names say it only
/// directly under a product's folder.
fn folder_kind(name: &str, under_product: bool) -> Option<Kind> {
    Some(match name {
        "agents" | "agent" | "subagents" | "sub-agents" => Kind::Agent,
        "commands" | "command" => Kind::Command,
        "skills" | "skill" => Kind::Skill,
        "rules" => Kind::Rule,
        "modes" | "mode" if under_product => Kind::Agent,
        "chatmodes" if under_product => Kind::ChatMode,
        "instructions" if under_product => Kind::Instructions,
        "prompts" if under_product => Kind::Prompt,
        _ => return None,
    })
}

/// A path's folders, with the byte offset at which each ends.
fn folders(path: &str) -> impl DoubleEndedIterator<Item = (&str, usize)> {
    let parent = path.rfind('/').map_or("", |at| &path[..at]);
    let base = parent.as_ptr() as usize;
    parent.split('/').map(move |name| (name, name.as_ptr() as usize - base + name.len()))
}

/// The deepest folder of a product: whose, where its name begins and ends.
fn product_folder(path: &str) -> Option<(Product, usize, usize)> {
    let may_be = |name: &str| name.starts_with('.') || name == "opencode";
    folders(path).rev().filter(|&(name, _)| may_be(name)).find_map(|(name, end)| {
        PRODUCT_FOLDERS.iter().find_map(|&(folder, product)| {
            let last = folder.rsplit('/').next().unwrap_or(folder);
            let begin = (name == last).then(|| end.checked_sub(folder.len())).flatten()?;
            let is_whole = begin == 0 || path.as_bytes()[begin - 1] == b'/';
            (path[..end].ends_with(folder) && is_whole).then_some((product, begin, end))
        })
    })
}

/// The folder of definitions that holds the file: its kind, where its path
/// ends, and whether it lies directly under `product_end`.
fn kind_folder(path: &str, product_end: Option<usize>) -> Option<(Kind, usize, bool)> {
    let mut found: Option<(Kind, usize, bool)> = None;
    for (name, end) in folders(path) {
        let under_product =
            product_end.is_some_and(|product_end| end == product_end + 1 + name.len());
        let Some(kind) = folder_kind(name, under_product) else {
            continue;
        };
        // `agents/subagents` is loaded from its first folder, and a product's folder
        // with all below it: `.claude/commands/skills` holds commands. Only a skill
        // may bring agents of its own.
        let continues = found.is_some_and(|(outer, outer_end, outer_sure)| {
            let is_nested = outer == kind && outer_end + 1 + name.len() == end;
            !under_product && (is_nested || (outer_sure && (outer != Kind::Skill || outer == kind)))
        });
        if !continues {
            found = Some((kind, end, under_product));
        }
    }
    found
}

fn parent(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..at])
}

/// [`classify`] with what discovery needs besides. `shown` is the part of
/// `path` that the run was asked for: what lies above it is no documentation of it.
pub(super) fn place(path: &str, shown: &str) -> Place {
    let name = &path[path.rfind('/').map_or(0, |at| at + 1)..];
    let own = kind_of(name);
    let product = product_folder(path);
    let folder = kind_folder(path, product.map(|(_, _, end)| end));

    let kind = match (own, folder) {
        (Some((kind, _)), _) => Some(kind),
        // What lies beside a `SKILL.md` belongs to that skill.
        (None, Some((Kind::Skill, ..))) | (None, None) => None,
        (None, Some((kind, ..))) => Some(kind),
    };
    let certainty = match (own, folder) {
        (Some(_), _) => Certainty::Name,
        (None, Some((_, _, true))) if kind.is_some() => Certainty::Folder,
        (None, Some(_)) if kind.is_some() => Certainty::Likely,
        _ => Certainty::None,
    };
    let is_memory = kind == Some(Kind::Memory);
    let project_root = match product {
        Some((_, begin, _)) => Some(path[..begin].trim_end_matches('/').to_owned()),
        None if is_memory || name.starts_with('.') => Some(parent(path).to_owned()),
        None => None,
    };
    let load_root = match (folder, product) {
        (Some((_, end, _)), _) if !is_memory => &path[..end],
        _ => parent(path),
    };
    let by_name = own.and_then(|(_, product)| product);
    Place {
        is_direct: load_root == parent(path),
        is_resource: folder.is_some_and(|(kind, end, _)| {
            let mut below = folders(&path[end..]);
            kind == Kind::Skill && below.any(|(name, _)| RESOURCE_FOLDERS.contains(&name))
        }),
        is_documentation: folders(shown).any(|(name, _)| DOCUMENTATION_FOLDERS.contains(&name)),
        certainty,
        origin: Origin {
            kind,
            product: product.map(|(product, ..)| product).or(by_name).unwrap_or(Product::Claude),
            load_root: load_root.to_owned(),
            project_root,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_say_what_files_are() {
        use Product::{Claude, Codex, Copilot, Cursor, Gemini, OpenCode, Other};
        let agent = Some(Kind::Agent);
        let cases = [
            (".claude/agents/a.md", agent, Claude, ".claude/agents", Some("")),
            ("/h/p/.claude/agents/dev/a.md", agent, Claude, "/h/p/.claude/agents", Some("/h/p")),
            ("/.claude/agents/a.md", agent, Claude, "/.claude/agents", Some("")),
            ("p/.cursor/agents/a.md", agent, Cursor, "p/.cursor/agents", Some("p")),
            ("p/.cursor/rules/a.mdc", Some(Kind::Rule), Cursor, "p/.cursor/rules", Some("p")),
            ("p/.github/agents/a.agent.md", agent, Copilot, "p/.github/agents", Some("p")),
            (
                "p/.github/prompts/a.prompt.md",
                Some(Kind::Prompt),
                Copilot,
                "p/.github/prompts",
                Some("p"),
            ),
            (
                "p/.github/copilot-instructions.md",
                Some(Kind::Memory),
                Copilot,
                "p/.github",
                Some("p"),
            ),
            (
                "p/.opencode/agent/subagents/core/a.md",
                agent,
                OpenCode,
                "p/.opencode/agent",
                Some("p"),
            ),
            (
                "u/.config/opencode/agents/a.md",
                agent,
                OpenCode,
                "u/.config/opencode/agents",
                Some("u"),
            ),
            ("u/x.config/opencode/agents/a.md", agent, Claude, "u/x.config/opencode/agents", None),
            (".codex/prompts/a.md", Some(Kind::Prompt), Codex, ".codex/prompts", Some("")),
            (".gemini/agents/a.md", agent, Gemini, ".gemini/agents", Some("")),
            (".claude/CLAUDE.md", Some(Kind::Memory), Claude, ".claude", Some("")),
            ("p/CLAUDE.md", Some(Kind::Memory), Claude, "p", Some("p")),
            ("AGENTS.md", Some(Kind::Memory), Codex, "", Some("")),
            ("agents.md", None, Claude, "", None),
            ("p/.cursorrules", Some(Kind::Rule), Cursor, "p", Some("p")),
            ("p/.windsurfrules", Some(Kind::Rule), Other("Windsurf"), "p", Some("p")),
            ("p/.kiro/agents/a.md", agent, Other("Kiro"), "p/.kiro/agents", Some("p")),
            (".roo/rules/a.md", Some(Kind::Rule), Other("Roo Code"), ".roo/rules", Some("")),
            (".clinerules/a.md", None, Other("Cline"), ".clinerules", Some("")),
            ("agents/a.md", agent, Claude, "agents", None),
            ("agents/subagents/a.md", agent, Claude, "agents", None),
            ("agents/plugins/x/agents/a.md", agent, Claude, "agents/plugins/x/agents", None),
            ("plugins/x/commands/a.md", Some(Kind::Command), Claude, "plugins/x/commands", None),
            ("plugins/x/skills/s/SKILL.md", Some(Kind::Skill), Claude, "plugins/x/skills", None),
            ("x/skills/s/references/a.md", None, Claude, "x/skills", None),
            ("x/skills/s/agents/a.md", agent, Claude, "x/skills/s/agents", None),
            ("x/s/skill.md", Some(Kind::Skill), Claude, "x/s", None),
            (
                ".claude/commands/skills/a.md",
                Some(Kind::Command),
                Claude,
                ".claude/commands",
                Some(""),
            ),
            (".claude/skills/s/agents/a.md", agent, Claude, ".claude/skills/s/agents", Some("")),
            ("prompts/a.md", None, Claude, "prompts", None),
            ("c/a.chatmode_ja.md", Some(Kind::ChatMode), Copilot, "c", None),
            ("c/a.agent.txt", None, Claude, "c", None),
            ("a.md", None, Claude, "", None),
        ];
        for (path, kind, product, load_root, project_root) in cases {
            let project_root = project_root.map(str::to_owned);
            let load_root = load_root.to_owned();
            assert_eq!(classify(path), Origin { kind, product, load_root, project_root }, "{path}");
        }
    }
}
