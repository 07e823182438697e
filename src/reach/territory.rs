//! For which files a rule is loaded.
//!
//! A rule for `services/**/*.py` and one for `apps/web/**` are never loaded for
//! one file, nor are rules for `*.py` and for `*.ts`. Patterns are read as far
//! as they are plain: the folder ahead of the first wildcard, and what stands
//! behind the last one. What is between may be anything.

use crate::agent::{Agent, Start};
use crate::source::{holds_working_folder, is_of_user, lies_below};

/// The files for which a rule is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Territory {
    patterns: Vec<Pattern>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Pattern {
    /// All its files lie here or below; empty for the working folder.
    folder: String,
    /// So all their paths end.
    ending: String,
}

/// So many patterns are read from one field; more are taken for all files.
const MAX_PATTERNS: usize = 64;

impl Territory {
    /// The files of an agent that is loaded for some alone. `home` is the folder
    /// of its project. `None` where it is loaded for others too, or nobody knows.
    pub(super) fn new(agent: &Agent, home: Option<&str>) -> Option<Self> {
        let home = home.filter(|home| {
            agent.start() == Start::Files
                && !is_of_user(home)
                && (home.is_empty() || !holds_working_folder(home))
        })?;
        let mut patterns = Vec::new();
        for pattern in agent.file_patterns() {
            expand(&pattern, &mut patterns);
        }
        patterns.retain(|pattern| !pattern.starts_with('!'));
        if patterns.is_empty() || patterns.len() > MAX_PATTERNS {
            return None;
        }
        let patterns = patterns.iter().map(|pattern| Pattern::new(pattern, home));
        Some(Self { patterns: patterns.collect() })
    }

    /// Whether some file may belong to both.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let mut patterns = self.patterns.iter();
        patterns.any(|one| other.patterns.iter().any(|other| one.meets(other)))
    }

    /// The folders that its files lie below.
    pub(super) fn folders(&self) -> impl Iterator<Item = &str> {
        self.patterns.iter().map(|pattern| pattern.folder.as_str())
    }
}

impl Pattern {
    fn new(pattern: &str, home: &str) -> Self {
        let is_wild = |c: char| matches!(c, '*' | '?' | '[' | ']');
        let pattern = pattern.trim_start_matches("./").trim_start_matches('/');
        let plain = &pattern[..pattern.find(is_wild).unwrap_or(pattern.len())];
        let is_file = |name: &str| {
            name.contains('.') || name.ends_with("file") || plain.len() < pattern.len()
        };
        let (folder, name) = plain.rsplit_once('/').unwrap_or(("", plain));
        let folder = if is_file(name) || name.is_empty() { folder } else { plain };
        let folder = if home.is_empty() || lies_below(folder, home) {
            folder.to_owned()
        } else {
            let joined = format!("{home}/{folder}");
            joined.trim_end_matches('/').to_owned()
        };
        let ending = pattern.rfind(is_wild).map_or("", |at| &pattern[at + 1..]);
        let ending = if plain.len() == pattern.len() && is_file(name) { name } else { ending };
        Self { folder, ending: ending.to_owned() }
    }

    fn meets(&self, other: &Self) -> bool {
        let is_below = |one: &str, other: &str| other.is_empty() || lies_below(one, other);
        (is_below(&self.folder, &other.folder) || is_below(&other.folder, &self.folder))
            && (self.ending.ends_with(&other.ending) || other.ending.ends_with(&self.ending))
    }
}

/// A pattern without braces, once for each of what they list: `*.{ts,tsx}` is two.
fn expand(pattern: &str, out: &mut Vec<String>) {
    let braces = pattern.find('{').and_then(|open| {
        let close = open + pattern[open..].find('}')?;
        Some((open, close))
    });
    let Some((open, close)) = braces.filter(|_| out.len() <= MAX_PATTERNS) else {
        out.push(pattern.to_owned());
        return;
    };
    for item in pattern[open + 1..close].split(',') {
        let one = [&pattern[..open], item, &pattern[close + 1..]].concat();
        expand(&one, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::parse;
    use crate::discover::classify;
    use crate::source::{FileId, SourceFile};

    fn territory(path: &str, globs: &str) -> Option<Territory> {
        let text = format!("---\nglobs: {globs}\nalwaysApply: false\n---\n- Salt the stairs.\n");
        let source = SourceFile::new(path, text);
        let agent = parse(FileId(0), &source, classify(path));
        Territory::new(&agent, agent.origin.project_root.as_deref())
    }

    fn meet(one: &str, other: &str) -> bool {
        let of = |globs: &str| territory(".cursor/rules/a.mdc", globs).unwrap();
        let (one, other) = (of(one), of(other));
        assert_eq!(one.meets(&other), other.meets(&one));
        one.meets(&other)
    }

    #[test]
    fn folders_and_endings_keep_files_apart() {
        assert!(!meet("apps/web/**", "services/**/*.py"));
        assert!(!meet("**/*.py", "**/*.{ts,tsx}"));
        assert!(!meet("*.py,*.pyi", "src/*.ts"));
        assert!(meet("apps/**", "apps/web/**/*.ts"));
        assert!(meet("**/*.test.ts", "src/**/*.ts"));
        assert!(meet("**/*.{py,ts}", "./src/*.ts"));
        assert!(meet("Makefile", "**/*"));
        assert!(!meet("docs/a.md", "docs/b.md"));
        assert!(!meet("apps", "services/"));
        assert!(!meet("Makefile", "**/*.ts"));
    }

    #[test]
    fn patterns_count_from_the_project() {
        let nested = territory("services/.cursor/rules/a.mdc", "api/*.py").unwrap();
        assert_eq!(nested.folders().collect::<Vec<_>>(), ["services/api"]);
        let named = territory("services/.cursor/rules/a.mdc", "services/api/*.py").unwrap();
        assert_eq!(named, nested);
        assert_eq!(territory(".cursor/rules/a.mdc", "\"!a/**\""), None);
    }

    #[test]
    fn braces_without_end_are_all_files() {
        let many = "{a,b}".repeat(40);
        assert_eq!(territory(".cursor/rules/a.mdc", &format!("\"{many}\"")), None);
    }
}
