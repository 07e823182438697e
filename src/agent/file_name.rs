//! What definition files are called, and what that says of them.

use super::{Kind, Product};

/// Names that say by themselves what a file is.
const WHOLE: [(&str, Kind, Option<Product>); 9] = [
    (".clinerules", Kind::Rule, Some(Product::Other("Cline"))),
    (".cursorrules", Kind::Rule, Some(Product::Cursor)),
    (".windsurfrules", Kind::Rule, Some(Product::Other("Windsurf"))),
    ("AGENTS.md", Kind::Memory, Some(Product::Codex)),
    ("AGENTS.override.md", Kind::Memory, Some(Product::Codex)),
    ("CLAUDE.local.md", Kind::Memory, Some(Product::Claude)),
    ("CLAUDE.md", Kind::Memory, Some(Product::Claude)),
    ("GEMINI.md", Kind::Memory, Some(Product::Gemini)),
    ("copilot-instructions.md", Kind::Memory, Some(Product::Copilot)),
];

/// Words that stand before the ending in Copilot's names: `x.prompt.md`.
const WORDS: [(&str, Kind); 4] = [
    ("agent", Kind::Agent),
    ("chatmode", Kind::ChatMode),
    ("instructions", Kind::Instructions),
    ("prompt", Kind::Prompt),
];

/// The file of a skill, and its stem, in lower case.
const SKILL_FILE: &str = "skill.md";
const SKILL: &str = "skill";

/// What files of an ending are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Markdown,
    /// A rule of Cursor.
    Rule,
    Text,
    /// No Markdown: read where it is named itself.
    Other,
}

/// Endings of definition files.
const ENDINGS: [(&str, Form); 5] = [
    ("md", Form::Markdown),
    ("markdown", Form::Markdown),
    ("mdc", Form::Rule),
    ("txt", Form::Text),
    ("toml", Form::Other),
];

/// Whether a folder with a file of this name may be read with it.
pub(crate) fn may_be_definition(name: &str) -> bool {
    is_whole(name) || ending(name).is_some_and(|(_, form)| form != Form::Other)
}

/// Whether a file is Markdown by its ending.
pub(crate) fn is_markdown(name: &str) -> bool {
    ending(name).is_some_and(|(_, form)| form == Form::Markdown)
}

/// What a file's own name says of it.
pub(crate) fn kind_of(name: &str) -> Option<(Kind, Option<Product>)> {
    if let Some(&(_, kind, product)) = WHOLE.iter().find(|(whole, ..)| *whole == name) {
        return Some((kind, product));
    }
    if name.eq_ignore_ascii_case(SKILL_FILE) {
        return Some((Kind::Skill, None));
    }
    if ending(name).is_some_and(|(_, form)| form == Form::Rule) {
        return Some((Kind::Rule, Some(Product::Cursor)));
    }
    // Translations are called `x.chatmode_ja.md`.
    let (_, suffix) = name.strip_suffix(".md")?.rsplit_once('.')?;
    let word = suffix.split(['_', '-']).next().unwrap_or(suffix);
    kind_of_word(word).map(|kind| (kind, Some(Product::Copilot)))
}

/// A file's name without what says what it is: `x` for `x.prompt.md`.
pub(crate) fn stem(name: &str) -> &str {
    let Some((stem, _)) = ending(name) else {
        return name;
    };
    match stem.rsplit_once('.') {
        Some((stem, word)) if name.ends_with(".md") && kind_of_word(word).is_some() => stem,
        _ => stem,
    }
}

/// The name that a file has without a `name` of its own: the file's without
/// its ending, the folder's where the file's says nothing (`SKILL.md`, `.cursorrules`).
pub(super) fn name_from_path(path: &str) -> String {
    let mut parts = path.rsplit('/');
    let file = parts.next().unwrap_or_default();
    let stem = stem(file);
    let names_folder =
        stem.eq_ignore_ascii_case(SKILL) || stem.is_empty() || (stem == file && is_whole(file));
    let folder = parts.find(|part| !part.starts_with('.'));
    folder.filter(|_| names_folder).unwrap_or(stem).to_owned()
}

fn is_whole(name: &str) -> bool {
    WHOLE.iter().any(|(whole, ..)| *whole == name)
}

fn kind_of_word(word: &str) -> Option<Kind> {
    let found = WORDS.iter().find(|(known, _)| *known == word);
    found.map(|&(_, kind)| kind)
}

/// A name without its ending, and what files of that are.
fn ending(name: &str) -> Option<(&str, Form)> {
    let (stem, ending) = name.rsplit_once('.')?;
    let found = ENDINGS.iter().find(|(known, _)| *known == ending);
    found.map(|&(_, form)| (stem, form))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_file_s_or_the_folder_s() {
        for (path, name) in [
            ("agents/tester.md", "tester"),
            ("agents/tester.agent.md", "tester"),
            ("agents/v1.agent.markdown", "v1.agent"),
            ("agents/v1.tester.txt", "v1.tester"),
            ("prompts/plan.prompt.md", "plan"),
            ("modes/plan.chatmode_ja.md", "plan.chatmode_ja"),
            ("rules/style.mdc", "style"),
            ("agents/tester.toml", "tester"),
            ("skills/brew/SKILL.md", "brew"),
            ("skills/brew/skill.md", "brew"),
            ("shop/.cursorrules", "shop"),
            ("shop/.windsurfrules", "shop"),
            ("shop/.clinerules", "shop"),
            ("shop/.github/.agent.md", "shop"),
            ("shop/CLAUDE.md", "CLAUDE"),
            (".clinerules", ".clinerules"),
        ] {
            assert_eq!(name_from_path(path), name, "{path}");
        }
    }

    #[test]
    fn names_that_say_what_a_file_is_may_be_definitions() {
        let whole = WHOLE.iter().map(|(name, ..)| (*name).to_owned());
        let with_word = WORDS.iter().map(|(word, _)| format!("x.{word}.md"));
        for name in whole.chain(with_word).chain(["Skill.md".to_owned()]) {
            assert!(kind_of(&name).is_some(), "{name}");
            assert!(may_be_definition(&name), "{name}");
        }
        for name in ["a.toml", "a.rs", "md", "cursorrules", "claude.md.bak"] {
            assert!(!may_be_definition(name), "{name}");
        }
    }
}
