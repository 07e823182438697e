//! Which plugin a file belongs to: plugins are installed one by one, so that
//! nothing in one can stand in for something in another.

use std::collections::BTreeSet;

/// Folders whose folders are a plugin each.
const OF_PLUGINS: [&str; 2] = ["plugins", "external_plugins"];

/// The file that makes a folder a plugin of Claude Code.
pub const MANIFEST: &str = ".claude-plugin/plugin.json";

/// The plugins of a run, as far as paths do not tell them.
#[derive(Debug, Clone, Default)]
pub struct Plugins {
    /// Folders with a manifest, as shown; empty for the working folder.
    folders: BTreeSet<String>,
}

impl Plugins {
    /// Of the folders of some files, those that `has_manifest` is true of. Each
    /// is asked for once.
    pub fn find<'a>(
        paths: impl Iterator<Item = &'a str>,
        has_manifest: impl Fn(&str) -> bool,
    ) -> Self {
        let folders: BTreeSet<&str> = paths.flat_map(folders).collect();
        let folders = folders.into_iter().filter(|folder| has_manifest(folder));
        Self { folders: folders.map(str::to_owned).collect() }
    }

    /// The folder of the plugin that a file lies in, the innermost one: it has a
    /// manifest, or lies in a folder of plugins.
    pub fn of<'a>(&self, path: &'a str) -> Option<&'a str> {
        let is_plugin = |folder: &&str| {
            let mut parts = folder.rsplit('/');
            let is_named = parts.next().is_some_and(|name| !name.is_empty());
            is_named && parts.next().is_some_and(|above| OF_PLUGINS.contains(&above))
                || self.folders.contains(*folder)
        };
        folders(path).find(is_plugin)
    }
}

/// The folders that a file lies in, as far as its path names them, from the
/// inside out; the working folder is empty.
pub(crate) fn folders(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(above(path), |path| above(path))
}

fn above(path: &str) -> Option<&str> {
    match path.rsplit_once('/') {
        Some((folder, _)) => (!folder.is_empty()).then_some(folder),
        None => (!matches!(path, "" | "..")).then_some(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plugin_is_told_by_its_path_or_its_manifest() {
        let paths = ["kit/agents/a.md", "b.md"];
        let plugins = Plugins::find(paths.into_iter(), |folder| folder == "kit");
        for (path, expected) in [
            ("plugins/oven/agents/baker.md", Some("plugins/oven")),
            ("x/external_plugins/mill/skills/s/SKILL.md", Some("x/external_plugins/mill")),
            ("plugins/baker.md", None),
            ("agents/baker.md", None),
            ("kit/agents/a.md", Some("kit")),
            ("kit/plugins/mill/commands/grind.md", Some("kit/plugins/mill")),
            ("b.md", None),
        ] {
            assert_eq!(plugins.of(path), expected, "{path}");
        }
        let root = Plugins::find(paths.into_iter(), str::is_empty);
        assert_eq!(root.of("kit/agents/a.md"), Some(""));
        assert_eq!(root.of("/elsewhere/a.md"), None);
        assert_eq!(root.of("../elsewhere/a.md"), None);
    }
}
