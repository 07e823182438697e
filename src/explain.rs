//! What a rule or a facet means, for people: the result of the command `explain`.

use std::collections::BTreeMap;

use crate::config::Config;
use crate::error::Error;
use crate::facet::house::MODEL;
use crate::facet::{Entry, Exclusive, FacetKind, FacetScope, OptionEntry, Text, entries};
use crate::finding::Rule;
use crate::slip::nearest;

/// A text in sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What is explained: an id, and what it is in a few words.
    pub title: String,
    /// The sections, each with a heading; the first has none.
    pub sections: Vec<Section>,
}

/// A part of an explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its heading; empty where there is none.
    pub heading: &'static str,
    /// What stands in it.
    pub parts: Vec<Part>,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A paragraph.
    Text(String),
    /// An entry of a list, and what there is to know of it.
    Item(String, String),
    /// What stands in a file, as it stands there.
    Code(String),
}

/// Explains the rule or facet of this name, the facet as `config` leaves it.
///
/// # Errors
/// If there is none.
pub fn explain(name: &str, config: &Config) -> Result<Explanation, Error> {
    if let Some(rule) = Rule::find(name) {
        return Ok(of_rule(rule));
    }
    if name == MODEL {
        return Ok(of_models());
    }
    let entries = entries(&config.facets);
    if let Some(entry) = entries.get(name) {
        return Ok(of_facet(name, entry, config));
    }
    let rules = Rule::ALL.iter().map(|rule| rule.id());
    let names = rules.chain(entries.keys().map(String::as_str));
    Err(Error::NoSuchName {
        name: name.to_owned(),
        nearest: nearest(name, names).map(str::to_owned),
    })
}

/// All rules with their summaries.
pub fn overview() -> Explanation {
    let item = |rule: Rule| Part::Item(rule.id().to_owned(), rule.summary().to_owned());
    Explanation {
        title: "Rules".to_owned(),
        sections: vec![
            section("", Rule::ALL.into_iter().map(item).collect()),
            section(
                "",
                vec![text(
                    "`agent-overlap explain RULE` says more about one of them, `agent-overlap explain \
                     FACET` about a decision that agents can disagree about; `agent-overlap facets` \
                     lists these.",
                )],
            ),
        ],
    }
}

fn section(heading: &'static str, parts: Vec<Part>) -> Section {
    Section { heading, parts }
}

fn text(text: impl Into<String>) -> Part {
    Part::Text(text.into())
}

fn of_rule(rule: Rule) -> Explanation {
    let guide = rule.guide();
    let mut example = Vec::new();
    if !guide.config.is_empty() {
        example.push(text("agent-overlap.toml"));
        example.push(Part::Code(guide.config.to_owned()));
    }
    for (path, content) in guide.files {
        example.push(text(*path));
        example.push(Part::Code((*content).to_owned()));
    }
    Explanation {
        title: format!("{}: {}", rule.id(), rule.summary()),
        sections: vec![
            section("", vec![text(guide.meaning)]),
            section("How it is decided", vec![text(guide.decided)]),
            section("Example", example),
            section("How to switch it off", off(rule)),
        ],
    }
}

/// The ways to be spared a rule.
fn off(rule: Rule) -> Vec<Part> {
    let id = rule.id();
    vec![
        text("Everywhere, in agent-overlap.toml:"),
        Part::Code(format!("[rules]\n{id} = \"off\"\n")),
        text("For some files, in agent-overlap.toml:"),
        Part::Code(format!(
            "[[accept]]\nrule = \"{id}\"\npaths = [\"/legacy/\"]\nreason = \"goes away with version 2\"\n"
        )),
        text(
            "For what is quoted from one section, by a comment below its heading; before the first \
             heading it speaks for the whole file. The reason is required:",
        ),
        Part::Code(format!("<!-- agent-overlap: allow {id}: both are meant -->\n")),
    ]
}

/// Models stand in the frontmatter, so that they are no facet.
fn of_models() -> Explanation {
    Explanation {
        title: format!("{MODEL}: the model that an agent asks for"),
        sections: vec![
            section(
                "",
                vec![text(
                    "The field `model` of the frontmatter. Agents of one role should agree about it: \
                     `model-conflict`. Aliases and full ids of one model are one; an agent without the \
                     field inherits the model of whoever starts it.",
                )],
            ),
            section(
                "How to fix it, in agent-overlap.toml",
                vec![Part::Code(format!("[house]\n{MODEL} = [\"sonnet\", \"haiku\"]\n"))],
            ),
        ],
    }
}

fn of_facet(id: &str, entry: &Entry, config: &Config) -> Explanation {
    let title = entry.title.clone().unwrap_or_else(|| id.replace('-', " "));
    let mut sections = vec![section("", vec![text(binding(entry))])];
    if entry.off {
        sections.push(section("", vec![text("It is switched off in the configuration.")]));
    }
    if !entry.cues.is_empty() {
        sections.push(section("What names it", vec![text(listed(&entry.cues))]));
    }
    if !entry.options.is_empty() {
        sections.push(section("Options and what counts as their names", options(entry)));
    }
    if let Some(house) = config.house.get(id) {
        let right = house.names().join(" or ");
        sections
            .push(section("", vec![text(format!("Right here is {right}: `[house]` says so."))]));
    }
    sections.push(section(
        "How to fix it or switch it off, in agent-overlap.toml",
        switches(id, &entry.options),
    ));
    Explanation { title: format!("{id}: {title}"), sections }
}

/// Who is bound by a decision.
fn binding(entry: &Entry) -> String {
    let what = match entry.kind.unwrap_or_default() {
        FacetKind::Choice => "A choice between things that one uses.",
        FacetKind::Practice => "A way of working.",
        FacetKind::Measure => {
            return "A number. Statements about it are compared as `quantity-conflict`.".to_owned();
        }
    };
    let who = match entry.scope.unwrap_or_default() {
        FacetScope::Project => "All agents of a project have to agree",
        FacetScope::Agent => "Each agent decides for itself; only agents of one role should agree",
        FacetScope::Memory => {
            "Each agent decides for itself, unless a memory file does; agents of one role should agree"
        }
    };
    let whether = match entry.exclusive.unwrap_or_default() {
        Exclusive::Project => "two options exclude each other in one project",
        Exclusive::Part => {
            "two options exclude each other in one project, unless they are told of different layers or tests"
        }
        Exclusive::Layer => "two options exclude each other in one layer or language of a project",
        Exclusive::Never => "options stand side by side as a rule and are no conflict",
    };
    format!("{what} {who}; {whether}.")
}

fn options(entry: &Entry) -> Vec<Part> {
    let mut parts: Vec<Part> = entry
        .options
        .iter()
        .map(|(name, option)| Part::Item(name.clone(), names(option)))
        .collect();
    let aliases = || entry.options.values().flat_map(|option| &option.aliases);
    if aliases().any(|alias| alias.starts_with(['=', '~'])) {
        parts.push(text(
            "Names count in any casing. One with `=` counts in this casing only, one with `~` only \
             with another sign of the same technology nearby.",
        ));
    }
    if entry.options.values().any(|option| !option.cues.is_empty()) {
        parts.push(text(
            "In phrases, `*` is up to four words, `a/b` either word, and `^` and `$` are the ends of \
             a clause; `a & b & !c` is a sentence with `a` and `b`, in any order, and without `c`.",
        ));
    }
    parts
}

/// What a text may show an option by.
fn names(option: &OptionEntry) -> String {
    let off = if option.off { "switched off" } else { "" };
    let implied = format!("implies {}", listed(&option.implies));
    let commands = format!("commands: {}", listed(&option.commands));
    let imports = format!("imports: {}", listed(&option.imports));
    let parts = [
        (!option.off, off.to_owned()),
        (option.aliases.is_empty(), listed(&option.aliases)),
        (option.cues.is_empty(), listed(&option.cues)),
        (option.commands.is_empty(), commands),
        (option.imports.is_empty(), imports),
        (option.implies.is_empty(), implied),
    ];
    let told = parts.into_iter().filter(|(is_empty, _)| !is_empty).map(|(_, part)| part);
    told.collect::<Vec<_>>().join("; ")
}

fn listed(words: &[Text]) -> String {
    words.join(", ")
}

fn switches(id: &str, options: &BTreeMap<String, OptionEntry>) -> Vec<Part> {
    let mut parts = Vec::new();
    if let Some(name) = options.keys().next() {
        parts.push(Part::Code(format!("[house]\n{id} = {name:?}\n")));
        parts.push(Part::Code(format!("[facets.{id}.options]\n{name:?} = {{ off = true }}\n")));
    }
    parts.push(Part::Code(format!("[facets.{id}]\noff = true\n")));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_rule_is_called_like_a_facet() {
        let entries = entries(&Default::default());
        for rule in Rule::ALL {
            assert!(!entries.contains_key(rule.id()), "{}", rule.id());
        }
        assert!(!entries.contains_key(MODEL), "`[house]` has its own meaning for it");
    }

    #[test]
    fn facets_can_be_explained_and_their_examples_are_valid() {
        // Each example is read with the whole table, which takes its time.
        const EVERY: usize = 10;
        let config = Config::default();
        for id in entries(&config.facets).keys().step_by(EVERY) {
            let explanation = explain(id, &config).unwrap();
            let parts = explanation.sections.iter().flat_map(|section| &section.parts);
            for code in parts.filter_map(|part| match part {
                Part::Code(code) => Some(code),
                _ => None,
            }) {
                Config::parse(code, std::path::Path::new("c.toml")).unwrap();
            }
        }
    }
}
