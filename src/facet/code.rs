//! What lines of code show: commands and imports.

use rustc_hash::FxHashMap;

use super::Text;

/// What a line of code shows its choice by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeSign {
    /// A command at its start.
    Command,
    /// An import.
    Import,
}

/// Commands and modules that show an option.
#[derive(Debug, Default)]
pub(super) struct CodeSigns {
    /// Commands with their options, by their first word.
    commands: FxHashMap<Box<str>, Vec<(Text, u32)>>,
    /// Options by the modules that show them.
    imports: FxHashMap<Text, u32>,
    /// The length of the longest of these modules, in bytes.
    longest_import: usize,
}

impl CodeSigns {
    pub(super) fn add(&mut self, option: u32, commands: &[Text], imports: &[Text]) {
        for command in commands {
            let of_word = self.commands.entry(first_word(command).into());
            of_word.or_default().push((command.clone(), option));
        }
        for import in imports {
            self.longest_import = self.longest_import.max(import.len());
            self.imports.entry(import.clone()).or_insert(option);
        }
    }

    /// The option that a line of code shows, which begins with a command or
    /// imports a module, and which of the two.
    pub(super) fn option(&self, line: &str) -> Option<(u32, CodeSign)> {
        let line = line.trim_start().trim_start_matches(['$', '>', '%']).trim_start();
        if let Some(module) = imported(line) {
            let option = self.option_of(module);
            return option.map(|option| (option, CodeSign::Import));
        }
        self.commands
            .get(first_word(line))?
            .iter()
            .filter(|(command, _)| {
                line.strip_prefix(&**command)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
            })
            .max_by_key(|(command, _)| command.len())
            .map(|&(_, option)| (option, CodeSign::Command))
    }

    /// The option of a module or of the package that it is a part of.
    fn option_of(&self, module: &str) -> Option<u32> {
        let is_border = |byte: &u8| matches!(byte, b'/' | b'.' | b':');
        let mut name = module;
        // Of a long name only as many bytes may be known.
        if let Some(known) = module.as_bytes().get(..=self.longest_import) {
            name = &module[..known.iter().rposition(is_border)?];
        }
        loop {
            if let Some(&option) = self.imports.get(name) {
                return Some(option);
            }
            name = &name[..name.as_bytes().iter().rposition(is_border)?];
        }
    }
}

/// What stands before the first space of a line of code.
fn first_word(line: &str) -> &str {
    let end = line.bytes().position(|byte| matches!(byte, b' ' | b'\t'));
    &line[..end.unwrap_or(line.len())]
}

/// The module that a line imports, in the languages of most samples.
fn imported(line: &str) -> Option<&str> {
    let quoted = |text: &'_ str| -> Option<(usize, usize)> {
        let start = text.find(['\'', '"'])? + 1;
        let end = start + text[start..].find(['\'', '"'])?;
        Some((start, end))
    };
    if let Some(rest) = line.strip_prefix("from ") {
        return rest.split([' ', ';']).next().map(|module| module.trim_matches(['\'', '"']));
    }
    if let Some(rest) = line.strip_prefix("import ") {
        if let Some((start, end)) = quoted(rest) {
            return Some(&rest[start..end]);
        }
        let rest = rest.strip_prefix("static ").unwrap_or(rest);
        return rest.split([' ', ';', ',']).next();
    }
    if let Some(rest) = line.strip_prefix("use ") {
        return rest.split([':', ';', ' ']).next();
    }
    let call =
        memchr::memchr_iter(b'(', line.as_bytes()).find(|&at| line[..at].ends_with("require"))?;
    let rest = &line[call..];
    let (start, end) = quoted(rest)?;
    Some(&rest[start..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_shows_the_option_of_the_package_that_it_is_a_part_of() {
        let mut signs = CodeSigns::default();
        signs.add(1, &[], &["react".into()]);
        signs.add(2, &[], &["react.dom/server".into()]);
        for (module, option) in [
            ("react", Some(1)),
            ("react/jsx", Some(1)),
            ("react.dom", Some(1)),
            ("react.dom/serve", Some(1)),
            ("react.dom/server", Some(2)),
            ("react.dom/server.edge", Some(2)),
            ("react.dom/servers", Some(1)),
            ("react.dom/serversides", Some(1)),
            ("reacts.of.a.kind.that.is.long", None),
            ("réact.dom/sérvér", None),
            ("", None),
        ] {
            assert_eq!(signs.option_of(module), option, "{module}");
        }
    }
}
