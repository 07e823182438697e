//! Whether a text is a definition, told by its first lines.

use super::SkipReason;
use super::classify::{Certainty, Place};
use crate::agent::Kind;
use crate::agent::file_name::is_markdown;
use crate::agent::frontmatter::{content, key_of};
use crate::source::lines;

/// Keys that products give a meaning.
const SETTINGS: [&str; 13] = [
    "agent", "allowed-tools", "alwaysApply", "applyTo", "argument-hint", "color", "globs", "mode",
    "model", "permission", "permissions", "temperature", "tools",
];

/// Keys of web pages and issue templates.
const PAGE_KEYS: [&str; 11] = [
    "about", "date", "labels", "layout", "permalink", "sidebar", "sidebar_label",
    "sidebar_position", "slug", "title", "weight",
];

/// Which keys a text's frontmatter has. Read without YAML: what a line begins
/// with is a key if it stands as far left as the first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Head {
    is_blank: bool,
    is_present: bool,
    /// Whether it is a YAML list, which products refuse but authors write.
    is_list: bool,
    has_name: bool,
    has_description: bool,
    has_setting: bool,
    has_page_key: bool,
}

/// Reads the keys of the frontmatter that an agent of this text has.
pub(super) fn head(text: &str) -> Head {
    let mut head = Head { is_blank: text.trim().is_empty(), ..Head::default() };
    let Some(content) = content(text) else {
        return head;
    };
    head.is_present = true;
    let mut lines = lines(content).filter(|line| !line.trim().is_empty()).peekable();
    let first = lines.peek().copied().unwrap_or_default();
    let indent = &first[..first.len() - first.trim_start_matches(' ').len()];
    head.is_list = first.starts_with("- ");
    for line in lines {
        head.add(line.strip_prefix(indent).unwrap_or_default());
    }
    head
}

impl Head {
    fn add(&mut self, line: &str) {
        let line = match line.get(..2) {
            Some("- " | "  ") if self.is_list => &line[2..],
            _ => line,
        };
        let Some((key, _)) = key_of(line) else {
            return;
        };
        match key {
            "name" => self.has_name = true,
            "description" => self.has_description = true,
            _ => {
                self.has_setting |= SETTINGS.contains(&key);
                self.has_page_key |= PAGE_KEYS.contains(&key);
            }
        }
    }

    /// Whether it is a definition's, wherever the file may lie.
    fn is_definition(self) -> bool {
        let is_named = self.has_name || self.has_description;
        let is_page =
            self.has_page_key && !self.has_setting && !(self.has_name && self.has_description);
        is_named && !is_page
    }
}

/// Whether a file is read as a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is one, and has frontmatter that says so.
    Definition,
    /// It is one by where it lies.
    ByLocation,
    /// It is one if most files of its folder lack frontmatter too.
    IfMostLack,
    /// It is one if another file of its load root, or of one beside it, has frontmatter.
    IfAnyHas,
    /// It is none.
    Skip(SkipReason),
}

/// Whether a file called `name` at `place`, whose text begins with `head`, is a definition.
pub(super) fn judge(name: &str, place: &Place, head: Head) -> Verdict {
    if head.is_blank {
        return Verdict::Skip(SkipReason::Empty);
    }
    let kind = place.origin.kind;
    if head.is_present {
        let is_known = head.has_name || head.has_description || head.has_setting;
        let is_definition = match place.certainty {
            Certainty::Name => true,
            Certainty::Folder => is_known || kind != Some(Kind::Agent),
            Certainty::Likely => head.is_definition() || head.has_setting,
            // A list between two rules is text, unless its folder says otherwise.
            Certainty::None => head.is_definition() && !head.is_list && !place.is_resource,
        };
        return if is_definition {
            Verdict::Definition
        } else {
            Verdict::Skip(SkipReason::OtherFrontmatter)
        };
    }
    if place.certainty == Certainty::Name {
        return Verdict::ByLocation;
    }
    if !is_markdown(name) {
        return Verdict::Skip(SkipReason::NoFrontmatter);
    }
    if is_shouted(name) || name.starts_with("readme.") {
        return Verdict::Skip(SkipReason::DocumentName);
    }
    match (place.certainty, kind) {
        (Certainty::Folder, Some(Kind::Agent)) if place.is_direct => Verdict::ByLocation,
        (Certainty::Folder, Some(Kind::Agent)) => Verdict::IfMostLack,
        (Certainty::Folder, _) => Verdict::ByLocation,
        (Certainty::Likely, _) if place.is_documentation => {
            Verdict::Skip(SkipReason::NoFrontmatter)
        }
        (Certainty::Likely, Some(Kind::Agent)) if place.is_direct => Verdict::IfMostLack,
        (Certainty::Likely, Some(Kind::Command)) => Verdict::IfAnyHas,
        _ => Verdict::Skip(SkipReason::NoFrontmatter),
    }
}

/// Whether a file is documentation by its name, whatever it holds.
pub(super) fn is_document_name(name: &str) -> bool {
    const DOCUMENTS: [&str; 15] = [
        "ATTRIBUTION", "AUTHORS", "CHANGELOG", "CODE_OF_CONDUCT", "CONTRIBUTING", "HISTORY",
        "INDEX", "LICENSE", "MAINTAINERS", "NOTICE", "PULL_REQUEST_TEMPLATE", "README", "SECURITY",
        "SUPPORT", "TEMPLATE",
    ];
    let stem = name.split('.').next().unwrap_or(name).trim_start_matches('_');
    // `README_ja`, `README-en`; but `readme-writer` is an agent.
    let stem = if stem.starts_with("README") {
        stem.split(['_', '-']).next().unwrap_or(stem)
    } else {
        stem
    };
    DOCUMENTS.contains(&stem)
}

/// Whether a file's name is written in capitals, as those of documents are.
fn is_shouted(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.chars().any(char::is_uppercase) && !stem.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::classify::place;

    fn verdict(path: &str, text: &str) -> Verdict {
        let name = path.rsplit('/').next().unwrap();
        judge(name, &place(path, path), head(text))
    }

    #[test]
    fn frontmatter_is_found_where_it_may_stand() {
        for text in [
            "---\nname: x\n---\n",
            "---\r\nmodel: opus\r\ndescription: x\r\n---\r\n",
            "---\rname: x\r---\r",
            "\n \n---\nname: x\n---\n",
            "```markdown\n---\nname: x\n---\n```\n",
            "name: x\ndescription: y\n---\nbody",
            "---\n\nname: x\n-----------\nbody",
            "---\nname: x",
            " ---\nname: x\n---\n",
            "---\n name: x\n model: y\n---\n",
            "---\n\n# Mine\nname: x\n---\n",
        ] {
            assert_eq!(verdict("a.md", text), Verdict::Definition, "{text:?}");
        }
    }

    #[test]
    fn a_block_elsewhere_does_not_count() {
        for text in [
            "# Title\n---\nname: x\n---\n",
            "text\n\n```\n---\nname: x\n---\n```\n",
            "----\nname: x\n----\n",
            "```python\n---\nname: x\n---\n```\n",
            "name: x\ndescription: y\n\nbody",
        ] {
            assert_eq!(verdict("a.md", text), Verdict::Skip(SkipReason::NoFrontmatter), "{text:?}");
        }
        for text in [
            "---\ntitle: x\n---\nname: y\n",
            "---\nmetadata:\n  name: x\n---\n",
            "---\n---\n",
            "---\nname:x\n---\n",
        ] {
            assert_eq!(
                verdict("a.md", text),
                Verdict::Skip(SkipReason::OtherFrontmatter),
                "{text:?}"
            );
        }
    }

    #[test]
    fn pages_and_issue_templates_are_no_definitions() {
        let other = Verdict::Skip(SkipReason::OtherFrontmatter);
        assert_eq!(verdict("docs/agents/a.md", "---\ntitle: x\ndescription: y\n---\n"), other);
        assert_eq!(
            verdict(
                ".github/ISSUE_TEMPLATE/bug.md",
                "---\nname: Bug\nabout: x\nlabels: bug\n---\n"
            ),
            other
        );
        assert_eq!(verdict(".claude/agents/a.md", "---\ntitle: x\n---\n"), other);
        assert_eq!(
            verdict("a.md", "---\ntitle: x\nname: y\ndescription: z\n---\n"),
            Verdict::Definition
        );
    }

    #[test]
    fn a_list_is_frontmatter_in_a_folder_of_agents() {
        let text = "---\n- name: x\n  description: y\n---\n";
        for path in [".claude/agents/a.md", "agents/a.md"] {
            assert_eq!(verdict(path, text), Verdict::Definition, "{path}");
        }
        let other = Verdict::Skip(SkipReason::OtherFrontmatter);
        assert_eq!(verdict("a.md", text), other);
        let text = "---\n- one: two\n---\n";
        assert_eq!(verdict(".claude/agents/a.md", text), other);
    }

    #[test]
    fn a_file_without_frontmatter_is_judged_by_its_place() {
        let skip = Verdict::Skip(SkipReason::NoFrontmatter);
        let document = Verdict::Skip(SkipReason::DocumentName);
        for (path, expected) in [
            (".claude/agents/a.md", Verdict::ByLocation),
            (".claude/agents/a.txt", skip),
            (".claude/agents/NOTES_2.md", document),
            (".claude/agents/readme.md", document),
            (".claude/agents/x/a.md", Verdict::IfMostLack),
            (".claude/commands/x/a.md", Verdict::ByLocation),
            (".claude/skills/x/a.md", skip),
            (".cursor/rules/a.mdc", Verdict::ByLocation),
            ("s/SKILL.md", Verdict::ByLocation),
            ("agents/a.md", Verdict::IfMostLack),
            ("agents/roadmaps/a.md", skip),
            ("docs/agents/a.md", skip),
            ("commands/x/a.md", Verdict::IfAnyHas),
            ("docs/commands/a.md", skip),
            ("rules/a.md", skip),
            ("a.md", skip),
        ] {
            assert_eq!(verdict(path, "# Text\n"), expected, "{path}");
        }
        let agent = "---\nname: a\ndescription: b\ntools: Read\n---\nText\n";
        assert_eq!(verdict("skills/x/a.md", agent), Verdict::Definition);
        let other = Verdict::Skip(SkipReason::OtherFrontmatter);
        assert_eq!(verdict("skills/x/references/a.md", agent), other);
        assert_eq!(verdict(".claude/agents/a.md", " \n\r\n"), Verdict::Skip(SkipReason::Empty));
    }

    #[test]
    fn some_names_are_documents() {
        for name in ["README.md", "README.zh-CN.md", "README_ja.md", "CHANGELOG.md", "_TEMPLATE.md"]
        {
            assert!(is_document_name(name), "{name}");
        }
        for name in ["readme-writer.md", "security.md", "SKILL.md", "CLAUDE.md", "index-advisor.md"]
        {
            assert!(!is_document_name(name), "{name}");
        }
    }
}
