//! The options that a configuration fixes as the right ones.

use std::collections::BTreeMap;

use super::{Facet, FacetKind, Mistake, Table, unknown_option};
use crate::model::{FAMILIES, Model, is_inherit};
use crate::slip::nearest;

/// The name that stands among the facets for the models that agents may ask for.
pub const MODEL: &str = "model";

/// What is right here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct House {
    /// By facet: the right options, in the order of the configuration.
    rulings: BTreeMap<u32, Vec<u32>>,
    /// The models that agents may ask for, as written; empty where all may.
    models: Vec<String>,
}

impl House {
    /// Looks up the options that `names` gives for each facet. What is wrong is
    /// left out and told, with the facet and the place in its list as the path.
    pub fn new<'a>(
        names: impl Iterator<Item = (&'a str, &'a [String])>,
        table: &Table,
    ) -> (Self, Vec<Mistake>) {
        let mut house = Self::default();
        let mut mistakes = Vec::new();
        for (id, names) in names {
            let ruling = match table.find(id) {
                _ if names.is_empty() => Err(format!("no option of `{id}` would be right")),
                _ if id == MODEL => Ok(None),
                Some((_, facet)) if facet.kind == FacetKind::Measure => {
                    Err(format!("`{id}` is a number, not a choice between options"))
                }
                Some(found) => Ok(Some(found)),
                None => Err(unknown_facet(id, table)),
            };
            match ruling {
                Err(message) => mistakes.push(Mistake { path: vec![id.to_owned()], message }),
                Ok(facet) => house.rule(id, facet, names, table, &mut mistakes),
            }
        }
        (house, mistakes)
    }

    /// Adds what is right in one facet, or of models.
    fn rule(
        &mut self,
        id: &str,
        facet: Option<(u32, &Facet)>,
        names: &[String],
        table: &Table,
        mistakes: &mut Vec<Mistake>,
    ) {
        for (nth, name) in names.iter().enumerate() {
            let added = match facet {
                Some((idx, facet)) => option(facet, name, table)
                    .map(|option| self.rulings.entry(idx).or_default().push(option)),
                None => model(name).map(|()| self.models.push(name.clone())),
            };
            if let Err(message) = added {
                mistakes.push(Mistake { path: vec![id.to_owned(), nth.to_string()], message });
            }
        }
    }

    /// All facets that are fixed, with their right options.
    pub fn rulings(&self) -> impl Iterator<Item = (u32, &[u32])> {
        self.rulings.iter().map(|(&facet, options)| (facet, options.as_slice()))
    }

    /// The right options of a facet; `None` where it is left open.
    pub fn allowed(&self, facet: u32) -> Option<&[u32]> {
        self.rulings.get(&facet).map(Vec::as_slice)
    }

    /// The models that agents may ask for, as written; empty where all may.
    pub fn models(&self) -> &[String] {
        &self.models
    }
}

fn option(facet: &Facet, name: &str, table: &Table) -> Result<u32, String> {
    let option = table.find_option(facet, name);
    option.ok_or_else(|| unknown_option(name, &facet.id, table.nearest_option(facet, name)))
}

fn model(name: &str) -> Result<(), String> {
    if is_inherit(name) || Model::read(name).is_some() {
        return Ok(());
    }
    Err(match nearest(name, FAMILIES.into_iter().chain(["inherit"])) {
        Some(near) => format!("unknown model `{name}`; did you mean `{near}`?"),
        None => format!("unknown model `{name}`"),
    })
}

/// What to say of a facet that is not there.
fn unknown_facet(id: &str, table: &Table) -> String {
    match table.nearest_id(id) {
        Some(near) => format!("unknown facet `{id}`; did you mean `{near}`?"),
        None => format!("unknown facet `{id}`; `agent-overlap facets` lists them"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facet::Entries;

    fn house(names: &[(&str, &[&str])]) -> (House, Vec<Mistake>) {
        let (table, _) = Table::new(&Entries::new());
        let names: Vec<(&str, Vec<String>)> = names
            .iter()
            .map(|(id, names)| (*id, names.iter().map(|name| (*name).to_owned()).collect()))
            .collect();
        House::new(names.iter().map(|(id, names)| (*id, names.as_slice())), &table)
    }

    #[test]
    fn options_are_found_in_any_casing() {
        let (house, mistakes) =
            house(&[("package-manager-js", &["PNPM", "yarn"]), ("model", &["Sonnet", "inherit"])]);
        assert_eq!(mistakes, []);
        let (_, allowed) = house.rulings().next().unwrap();
        assert_eq!(allowed.len(), 2);
        assert_eq!(house.models().len(), 2);
    }

    #[test]
    fn mistakes_name_the_nearest() {
        let (house, mistakes) = house(&[
            ("package-manager", &["pnpm"]),
            ("package-manager-js", &["npm", "pnmp"]),
            ("model", &["sonet"]),
            ("test-coverage-minimum", &[]),
        ]);
        let told: Vec<_> = mistakes.iter().map(|mistake| mistake.message.as_str()).collect();
        assert_eq!(
            told,
            [
                "unknown facet `package-manager`; did you mean `package-manager-js`?",
                "unknown option `pnmp` of `package-manager-js`; did you mean `pnpm`?",
                "unknown model `sonet`; did you mean `sonnet`?",
                "no option of `test-coverage-minimum` would be right",
            ]
        );
        assert_eq!(mistakes[1].path, ["package-manager-js", "1"]);
        assert_eq!(house.rulings().count(), 1, "what is right is kept");
    }
}
