//! Patterns of paths, as in ignore files.

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use serde::{Deserialize, Deserializer, de};

/// Patterns as in a `.gitignore`, relative to the folder of the configuration
/// file: `drafts/` is any folder called so, `/drafts` the one at the top,
/// `*.old.md` any such file, `!keep.md` an exception.
#[derive(Debug, Clone)]
pub struct Globs {
    patterns: Vec<String>,
    matcher: Gitignore,
    /// The working folder as seen from the folder of the configuration file.
    below: String,
}

impl Default for Globs {
    fn default() -> Self {
        Self { patterns: Vec::new(), matcher: Gitignore::empty(), below: String::new() }
    }
}

impl PartialEq for Globs {
    fn eq(&self, other: &Self) -> bool {
        self.patterns == other.patterns && self.below == other.below
    }
}

impl Globs {
    /// Compiles patterns.
    ///
    /// # Errors
    /// A sentence about the first pattern that is none.
    pub fn new(patterns: Vec<String>) -> Result<Self, String> {
        let mut builder = GitignoreBuilder::new("");
        builder.allow_unclosed_class(false);
        for pattern in &patterns {
            builder
                .add_line(None, pattern)
                .map_err(|error| format!("bad pattern `{pattern}`: {error}"))?;
        }
        let matcher = builder.build().map_err(|error| format!("bad patterns: {error}"))?;
        Ok(Self { patterns, matcher, below: String::new() })
    }

    /// The patterns as written.
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    /// Whether there are no patterns; then nothing matches.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Says where the working folder lies, as seen from the folder that the patterns are relative to.
    pub(super) fn set_below(&mut self, below: &str) {
        below.clone_into(&mut self.below);
    }

    /// Whether a path as shown, or a folder above it, matches.
    pub fn matches(&self, path: &str, is_folder: bool) -> bool {
        if self.is_empty() {
            return false;
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in self.below.split('/').chain(path.split('/')) {
            match part {
                "" | "." => {}
                ".." if parts.last().is_some_and(|last| *last != "..") => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        self.matcher.matched_path_or_any_parents(parts.join("/"), is_folder).is_ignore()
    }
}

impl<'de> Deserialize<'de> for Globs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Vec::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_ignore_files() {
        let mut globs = Globs::new(
            ["drafts/", "/top.md", "*.old.md", "!keep.old.md"].map(str::to_owned).into(),
        )
        .unwrap();
        for (path, expected) in [
            ("a/drafts/b/c.md", true),
            ("drafts.md", false),
            ("top.md", true),
            ("a/top.md", false),
            ("a/x.old.md", true),
            ("keep.old.md", false),
            ("/abs/drafts/x.md", true),
            ("../x.old.md", true),
        ] {
            assert_eq!(globs.matches(path, false), expected, "{path}");
        }
        globs.set_below("a/b");
        assert!(globs.matches("../../top.md", false));
        assert!(!globs.matches("top.md", false));
    }

    #[test]
    fn no_patterns_match_nothing() {
        assert!(!Globs::default().matches("a.md", false));
    }

    #[test]
    fn a_bad_pattern_is_named() {
        assert!(Globs::new(vec!["a[".to_owned()]).unwrap_err().starts_with("bad pattern `a[`: "));
    }
}
