//! Whether the frontmatter of a draft has a field of another file: as a value
//! of the same key, or written down in a comment with key and value.

use crate::agent::{Agent, Field, Value};
use crate::source::lines;

/// The fields of a file that have to be in the draft. Its name goes with it,
/// and its description is compared by sentence.
pub(super) fn checked(agent: &Agent) -> impl Iterator<Item = &Field> {
    let fields = agent.frontmatter.fields.iter();
    fields.filter(|field| {
        !matches!(field.key.as_str(), "name" | "description") && field.value != Value::Null
    })
}

/// Whether the draft, of the text `text`, keeps a field of the file `source`.
pub(super) fn keeps(draft: &Agent, text: &str, field: &Field, source: &str) -> bool {
    let mut same_key = draft.frontmatter.fields.iter();
    if same_key.any(|own| own.key == field.key && holds(&own.value, &field.value)) {
        return true;
    }
    if matches!(field.key.as_str(), "tools" | "allowed-tools") && lists(draft, field) {
        return true;
    }
    let head = &text[..draft.frontmatter.body_start as usize];
    let key = folded(&field.key);
    let raw = folded(field.value_span.of(source));
    let mut leaves = Vec::new();
    collect(&field.value, &mut leaves);
    notes(head).iter().any(|note| {
        note.contains(&key)
            && (note.contains(&raw) || leaves.iter().all(|leaf| note.contains(leaf)))
    })
}

/// Whether a value has all that another one has.
fn holds(own: &Value, other: &Value) -> bool {
    match (own, other) {
        (Value::List(own), Value::List(others)) => {
            others.iter().all(|other| own.iter().any(|own| holds(own, other)))
        }
        (Value::Map(own), Value::Map(others)) => others.iter().all(|(key, other)| {
            own.iter().any(|(own_key, own)| own_key == key && holds(own, other))
        }),
        (Value::Text(own), Value::Text(other)) => folded(own) == folded(other),
        _ => own == other,
    }
}

/// Whether the draft lists each tool of a field; a map may forbid some.
fn lists(draft: &Agent, field: &Field) -> bool {
    let own = draft.tools().map_or_else(Vec::new, |(tools, _)| tools);
    let is_listed = |tool: &str| own.iter().any(|own| own.eq_ignore_ascii_case(tool));
    let is_map = matches!(field.value, Value::Map(_));
    !is_map && field.value.items().iter().all(|tool| is_listed(tool))
}

/// The comments of a frontmatter. A line that begins with `#` and two blanks
/// goes on with the one before it.
fn notes(head: &str) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    for line in lines(head) {
        let Some(comment) = line.strip_prefix('#') else {
            continue;
        };
        match notes.last_mut().filter(|_| comment.starts_with("  ")) {
            Some(note) => note.push_str(&folded(comment)),
            None => notes.push(folded(comment)),
        }
    }
    notes
}

/// The texts of a value, folded.
fn collect(value: &Value, leaves: &mut Vec<String>) {
    match value {
        Value::Null => {}
        Value::Text(text) => leaves.push(folded(text)),
        Value::List(items) => items.iter().for_each(|item| collect(item, leaves)),
        Value::Map(entries) => {
            for (key, value) in entries {
                leaves.push(folded(key));
                collect(value, leaves);
            }
        }
    }
}

/// In lower case, without blanks, quotes, and what does not print.
fn folded(text: &str) -> String {
    let counts =
        |c: &char| !c.is_whitespace() && !c.is_control() && !matches!(c, '"' | '\'' | '\\');
    text.chars().filter(counts).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::{Kind, Origin, Product, parse};
    use crate::source::{FileId, SourceFile};

    fn read(text: &str) -> Agent {
        let file = SourceFile::new("agents/a.md", text);
        let origin = Origin {
            kind: Some(Kind::Agent),
            product: Product::Claude,
            load_root: String::new(),
            project_root: None,
        };
        parse(FileId(0), &file, origin)
    }

    fn keeps_all(draft: &str, other: &str) -> bool {
        let (own, agent) = (read(draft), read(other));
        checked(&agent).all(|field| keeps(&own, draft, field, other))
    }

    #[test]
    fn a_field_is_kept_as_a_value_or_in_a_comment() {
        let other = "---\nname: b\ncolor: Teal\n---\nText.\n";
        for (draft, expected) in [
            ("---\nname: a\n---\nText.\n", false),
            ("---\nname: a\ncolor: teal\n---\nText.\n", true),
            ("---\nname: a\ncolor: red\n---\nText.\n", false),
            ("---\nname: a\n# b.md also has color: Teal\n---\nText.\n", true),
            ("---\nname: a\n# b.md also has colour: Teal\n---\nText.\n", false),
            ("---\nname: a\n---\n# color: Teal\n", false),
        ] {
            assert_eq!(keeps_all(draft, other), expected, "{draft}");
        }
    }

    #[test]
    fn each_part_of_a_value_counts() {
        let other = "---\nname: b\nlimits:\n  bash:\n    \"rm *\": ask\n---\nText.\n";
        let note =
            "---\nname: a\n# b.md also has limits:\n#     bash:\n#       \"rm *\": ask\n---\n";
        assert!(keeps_all(note, other));
        assert!(!keeps_all(&note.replace("ask", "deny"), other));
        let map = "---\nname: a\nlimits:\n  bash:\n    \"rm *\": ask\n    \"ls\": allow\n---\n";
        assert!(keeps_all(map, other));
        assert!(!keeps_all(&map.replace("ask", "deny"), other));
    }

    #[test]
    fn tools_of_one_list_may_stand_in_another() {
        let other = "---\nname: b\ntools: [Read, Bash]\n---\nText.\n";
        assert!(keeps_all("---\nname: a\ntools: Write, Bash, read\n---\n", other));
        assert!(!keeps_all("---\nname: a\ntools: Write, Read\n---\n", other));
    }
}
