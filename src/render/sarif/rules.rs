//! The rules, as code scanning shows them beside an alert.

use serde::Serialize;

use super::Text;
use crate::finding::Rule;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    id: &'static str,
    name: String,
    short_description: Text,
    full_description: Text,
    help: Help,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

/// All rules, in the order of [`Rule::ALL`].
pub(super) fn descriptors() -> Vec<Descriptor> {
    Rule::ALL.into_iter().map(descriptor).collect()
}

fn descriptor(rule: Rule) -> Descriptor {
    let (id, guide) = (rule.id(), rule.guide());
    let silence = format!(
        "To keep it quiet in one place, write a comment into the file: \
         <!-- agent-overlap: allow {id}: reason -->. To switch it off, write {id} = \"off\" \
         below [rules] in agent-overlap.toml."
    );
    let silence_markdown = format!(
        "To keep it quiet in one place, write a comment into the file:\n\n\
         ```html\n<!-- agent-overlap: allow {id}: reason -->\n```\n\n\
         To switch it off, write into `agent-overlap.toml`:\n\n\
         ```toml\n[rules]\n{id} = \"off\"\n```\n"
    );
    Descriptor {
        id,
        name: pascal_case(id),
        short_description: sentence(rule.summary()).as_str().into(),
        full_description: guide.meaning.into(),
        help: Help {
            text: format!("{}\n\n{}\n\n{silence}", guide.meaning, guide.decided),
            markdown: format!("{}\n\n{}\n\n{silence_markdown}", guide.meaning, guide.decided),
        },
    }
}

/// `name-collision` as `NameCollision`.
fn pascal_case(id: &str) -> String {
    id.split('-').map(capitalized).collect()
}

/// A few words as a sentence.
fn sentence(words: &str) -> String {
    capitalized(words) + "."
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
