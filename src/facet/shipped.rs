//! The table of facets that ships with the program, as constants.

use super::{
    Bound, Entries, Entry, Exclusive, FacetKind, FacetScope, MeasureUnit, OptionEntry, Text,
};

include!(concat!(env!("OUT_DIR"), "/facets.rs"));

/// One facet; the fields are those of [`Entry`].
struct Facet {
    id: &'static str,
    title: Option<&'static str>,
    scope: Option<FacetScope>,
    exclusive: Option<Exclusive>,
    kind: Option<FacetKind>,
    unit: Option<MeasureUnit>,
    bound: Option<Bound>,
    cues: &'static [&'static str],
    options: &'static [Choice],
}

impl Facet {
    const EMPTY: Self = Self {
        id: "",
        title: None,
        scope: None,
        exclusive: None,
        kind: None,
        unit: None,
        bound: None,
        cues: &[],
        options: &[],
    };
}

/// One option; the fields are those of [`OptionEntry`].
struct Choice {
    name: &'static str,
    aliases: &'static [&'static str],
    cues: &'static [&'static str],
    implies: &'static [&'static str],
    version: Option<u8>,
    commands: &'static [&'static str],
    imports: &'static [&'static str],
}

impl Choice {
    const EMPTY: Self = Self {
        name: "",
        aliases: &[],
        cues: &[],
        implies: &[],
        version: None,
        commands: &[],
        imports: &[],
    };
}

/// Phrases that hide the names in them: "Google Play" is no Play framework.
pub(super) fn skip() -> &'static [&'static str] {
    SKIP
}

/// The facets as a configuration would write them.
pub(super) fn entries() -> Entries {
    let facets = FACETS.iter();
    facets.map(|facet| (facet.id.to_owned(), entry(facet))).collect()
}

fn entry(facet: &'static Facet) -> Entry {
    let options = facet.options.iter();
    Entry {
        off: false,
        title: facet.title.map(str::to_owned),
        scope: facet.scope,
        exclusive: facet.exclusive,
        kind: facet.kind,
        unit: facet.unit,
        bound: facet.bound,
        cues: texts(facet.cues),
        options: options.map(|one| (one.name.to_owned(), option(one))).collect(),
    }
}

fn option(option: &'static Choice) -> OptionEntry {
    OptionEntry {
        off: false,
        aliases: texts(option.aliases),
        cues: texts(option.cues),
        implies: texts(option.implies),
        version: option.version,
        commands: texts(option.commands),
        imports: texts(option.imports),
    }
}

fn texts(texts: &[&'static str]) -> Vec<Text> {
    texts.iter().map(|&text| text.into()).collect()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[test]
    fn the_constants_are_what_people_edit() {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            skip: Vec<String>,
            facets: Entries,
        }
        let file: File = toml::from_str(include_str!("facets.toml")).unwrap();
        assert_eq!(skip(), file.skip);
        assert_eq!(entries(), file.facets);
    }
}
