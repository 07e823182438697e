//! Decisions that agents take a side in, such as "JavaScript package manager".
//!
//! A decision is a *facet*, what can be decided an *option*. Both are data: the
//! table that ships with the program (`facet/facets.toml`, which explains its
//! keys) and what a configuration adds, overrides or switches off. [`scan`]
//! finds the names in a text.

mod bag;
pub(crate) mod clause;
mod code;
mod cue;
pub mod house;
mod negation;
pub mod phrases;
pub mod scan;
mod shipped;
pub mod version;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;

use rustc_hash::FxHashMap;
use scan::Scanner;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::slip::nearest;

/// A text as written: one that ships, or of a configuration.
pub type Text = Cow<'static, str>;

/// Facets as written, by id.
pub type Entries = BTreeMap<String, Entry>;

/// One facet as written. What a configuration leaves out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Entry {
    /// Whether it is switched off.
    pub off: bool,
    /// What is decided, as it would stand in "they disagree about the …".
    pub title: Option<String>,
    /// Who has to agree.
    pub scope: Option<FacetScope>,
    /// Where two options exclude each other.
    pub exclusive: Option<Exclusive>,
    /// What is decided: a choice, a practice or a number.
    pub kind: Option<FacetKind>,
    /// Of a measure: what its numbers count.
    pub unit: Option<MeasureUnit>,
    /// Of a measure: on which side of the number one has to stay.
    pub bound: Option<Bound>,
    /// Of a measure: phrases that name it.
    pub cues: Vec<Text>,
    /// The options, by name.
    pub options: BTreeMap<String, OptionEntry>,
}

/// One option as written.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct OptionEntry {
    /// Whether it is switched off.
    pub off: bool,
    /// Its names in texts: `=Go` in this casing only, `~Go` with evidence nearby as well,
    /// a name in backticks where it is marked as code.
    pub aliases: Vec<Text>,
    /// Of a practice: phrases that prescribe it; `*` is up to four words, `a/b` either word,
    /// `^` and `$` the ends of a clause; `a & b & !c` words of one sentence in any order.
    pub cues: Vec<Text>,
    /// Names of the options that hold wherever this one does.
    pub implies: Vec<Text>,
    /// How many leading numbers of its version matter.
    pub version: Option<u8>,
    /// Commands that show the choice at the start of a line of code.
    pub commands: Vec<Text>,
    /// Modules whose import shows the choice.
    pub imports: Vec<Text>,
}

/// Who has to agree on a facet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FacetScope {
    /// All agents of a project.
    #[default]
    Project,
    /// Each agent decides for itself; only agents of one role should agree.
    Agent,
    /// The same, but what a memory file says binds all that it holds for.
    Memory,
}

/// Where two options of a facet exclude each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Exclusive {
    /// In one project.
    #[default]
    Project,
    /// In one project, unless the two speak of different layers or kinds of tests.
    Part,
    /// In one layer or language of a project, and only where both name it.
    Layer,
    /// Nowhere: they stand side by side as a rule.
    Never,
}

/// What a facet decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FacetKind {
    /// Which of several things is used.
    #[default]
    Choice,
    /// How one behaves.
    Practice,
    /// How much.
    Measure,
}

/// What the numbers of a measure count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum MeasureUnit {
    Percent,
    Ms,
    S,
    Min,
    Days,
    Kb,
    Lines,
    Chars,
    Words,
    Sentences,
    Px,
    Ratio,
    Count,
}

/// On which side of a number one has to stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// At least so much.
    Min,
    /// At most so much.
    Max,
    /// Just so much.
    #[default]
    Exact,
}

/// A mistake in facets as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The keys that lead to it, below `facets`.
    pub path: Vec<String>,
    /// What is wrong, with the nearest valid name where there is one.
    pub message: String,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// Its stable id, in kebab case.
    pub id: String,
    /// What is decided, as it would stand in "they disagree about the …".
    pub title: String,
    /// Who has to agree.
    pub scope: FacetScope,
    /// Where two options exclude each other.
    pub exclusive: Exclusive,
    /// What is decided.
    pub kind: FacetKind,
    /// Of a measure: what its numbers count, and its side.
    pub measure: Option<(MeasureUnit, Bound)>,
    /// Its options among [`Table::options`].
    pub options: Range<u32>,
}

/// One possible decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Index of its facet.
    pub facet: u32,
    /// Its name in reports.
    pub name: String,
    /// How many leading numbers of its version matter; 0 where none does.
    pub version: u8,
    /// All options that hold wherever this one does, ascending, itself left out.
    pub implies: Vec<u32>,
}

/// All facets in force.
pub struct Table {
    facets: Vec<Facet>,
    options: Vec<Choice>,
    scanner: Scanner,
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table")
            .field("facets", &self.facets.len())
            .field("options", &self.options.len())
            .finish_non_exhaustive()
    }
}

impl Table {
    /// The table that ships with `changes` made to it. What is wrong in the
    /// changes is left out and told.
    pub fn new(changes: &Entries) -> (Self, Vec<Mistake>) {
        let (mut entries, mistakes) = merged(changes);
        entries.retain(|_, entry| !entry.off);
        for entry in entries.values_mut() {
            entry.options.retain(|_, option| !option.off);
        }
        (Self::build(&entries), mistakes)
    }

    fn build(entries: &Entries) -> Self {
        let mut facets = Vec::with_capacity(entries.len());
        let mut options = Vec::new();
        let mut written: Vec<&OptionEntry> = Vec::new();
        for (id, entry) in entries {
            let first = options.len() as u32;
            for (name, option) in &entry.options {
                options.push(Choice {
                    facet: facets.len() as u32,
                    name: name.clone(),
                    version: option.version.unwrap_or(0),
                    implies: Vec::new(),
                });
                written.push(option);
            }
            facets.push(Facet {
                id: id.clone(),
                title: entry.title.clone().unwrap_or_else(|| id.replace('-', " ")),
                scope: entry.scope.unwrap_or_default(),
                exclusive: entry.exclusive.unwrap_or_default(),
                kind: entry.kind.unwrap_or_default(),
                measure: entry.unit.map(|unit| (unit, entry.bound.unwrap_or_default())),
                options: first..options.len() as u32,
            });
        }
        let implied = implications(&facets, &options, &written);
        for (option, implies) in options.iter_mut().zip(closure(implied)) {
            option.implies = implies;
        }
        let titles: Vec<&str> = facets.iter().map(|facet| facet.title.as_str()).collect();
        let cues = entries.values().map(|entry| entry.cues.as_slice());
        let scanner = Scanner::new(shipped::skip(), &titles, &options, &written, cues);
        Self { facets, options, scanner }
    }

    /// All facets, by id.
    pub fn facets(&self) -> &[Facet] {
        &self.facets
    }

    /// All options, by facet, then name.
    pub fn options(&self) -> &[Choice] {
        &self.options
    }

    /// One facet.
    pub fn facet(&self, idx: u32) -> &Facet {
        &self.facets[idx as usize]
    }

    /// How many options there are.
    pub fn n_options(&self) -> u32 {
        self.options.len() as u32
    }

    /// One option.
    pub fn option(&self, idx: u32) -> &Choice {
        &self.options[idx as usize]
    }

    /// The facet that an option belongs to.
    pub fn facet_of(&self, option: u32) -> &Facet {
        self.facet(self.option(option).facet)
    }

    /// The facet with this id.
    pub fn find(&self, id: &str) -> Option<(u32, &Facet)> {
        let at = self.facets.binary_search_by(|facet| facet.id.as_str().cmp(id)).ok()?;
        Some((at as u32, &self.facets[at]))
    }

    /// The option of a facet with this name, in any casing.
    pub fn find_option(&self, facet: &Facet, name: &str) -> Option<u32> {
        facet.options.clone().find(|&option| self.option(option).name.eq_ignore_ascii_case(name))
    }

    /// Whether one who takes `taken` has taken `other` too.
    pub fn includes(&self, taken: u32, other: u32) -> bool {
        taken == other || self.option(taken).implies.binary_search(&other).is_ok()
    }

    /// Whether one who takes `one` has taken `other` too, or the other way round.
    pub fn agree(&self, one: u32, other: u32) -> bool {
        self.includes(one, other) || self.includes(other, one)
    }

    /// What finds the options in a text.
    pub fn scanner(&self) -> &Scanner {
        &self.scanner
    }

    /// The id that somebody may have meant, if one is near.
    pub fn nearest_id(&self, id: &str) -> Option<&str> {
        nearest(id, self.facets.iter().map(|facet| facet.id.as_str()))
    }

    /// The option of a facet that somebody may have meant, if one is near.
    pub fn nearest_option(&self, facet: &Facet, name: &str) -> Option<&str> {
        let names = facet.options.clone().map(|option| self.option(option).name.as_str());
        nearest(name, names)
    }
}

/// The facets that ship as written, with `changes` made to them, those
/// switched off included.
pub fn entries(changes: &Entries) -> Entries {
    merged(changes).0
}

/// The facets that ship as written, with `changes` made to them, and what is wrong in these.
fn merged(changes: &Entries) -> (Entries, Vec<Mistake>) {
    let mut entries = shipped::entries();
    let mut mistakes = Vec::new();
    if !changes.is_empty() {
        merge(&mut entries, changes, &mut mistakes);
        mistakes.extend(unknown_implications(&entries));
    }
    (entries, mistakes)
}

/// Makes the changes of a configuration to the entries that ship.
fn merge(entries: &mut Entries, changes: &Entries, mistakes: &mut Vec<Mistake>) {
    let known: Vec<String> = entries.keys().cloned().collect();
    for (id, change) in changes {
        let name = id.as_str();
        if !known.contains(id) && (change.off || change.title.is_none()) {
            mistakes.push(Mistake {
                path: vec![id.clone()],
                message: match nearest(name, known.iter().map(String::as_str)) {
                    Some(near) if change.off => {
                        format!("unknown facet `{name}`; did you mean `{near}`?")
                    }
                    Some(near) => format!(
                        "unknown facet `{name}`; did you mean `{near}`? A new one needs a `title`"
                    ),
                    None => format!("unknown facet `{name}`; a new one needs a `title`"),
                },
            });
            continue;
        }
        let entry = entries.entry(id.clone()).or_default();
        entry.off = change.off;
        replace(&mut entry.title, &change.title);
        replace(&mut entry.scope, &change.scope);
        replace(&mut entry.exclusive, &change.exclusive);
        replace(&mut entry.kind, &change.kind);
        replace(&mut entry.unit, &change.unit);
        replace(&mut entry.bound, &change.bound);
        replace_list(&mut entry.cues, &change.cues);
        let names: Vec<String> = entry.options.keys().cloned().collect();
        for (name, change) in &change.options {
            let known = names.iter().find(|known| known.eq_ignore_ascii_case(name));
            if change.off && known.is_none() {
                let near = nearest(name, names.iter().map(String::as_str));
                mistakes.push(Mistake {
                    path: vec![id.clone(), "options".to_owned(), name.clone()],
                    message: unknown_option(name, id, near),
                });
                continue;
            }
            let name = known.unwrap_or(name);
            merge_option(entry.options.entry(name.clone()).or_default(), name, change);
        }
    }
}

fn merge_option(option: &mut OptionEntry, name: &str, change: &OptionEntry) {
    option.off = change.off;
    replace(&mut option.version, &change.version);
    replace_list(&mut option.aliases, &change.aliases);
    replace_list(&mut option.cues, &change.cues);
    replace_list(&mut option.implies, &change.implies);
    replace_list(&mut option.commands, &change.commands);
    replace_list(&mut option.imports, &change.imports);
    if option.aliases.is_empty() && option.cues.is_empty() {
        option.aliases.push(name.to_owned().into());
    }
}

fn replace<T: Clone>(old: &mut Option<T>, new: &Option<T>) {
    if new.is_some() {
        old.clone_from(new);
    }
}

fn replace_list<T: Clone>(old: &mut Vec<T>, new: &[T]) {
    if !new.is_empty() {
        new.clone_into(old);
    }
}

/// What to say of an option that a facet does not have.
pub(crate) fn unknown_option(name: &str, facet: &str, near: Option<&str>) -> String {
    match near {
        Some(near) => format!("unknown option `{name}` of `{facet}`; did you mean `{near}`?"),
        None => format!(
            "unknown option `{name}` of `{facet}`; `agent-overlap explain {facet}` lists them"
        ),
    }
}

/// What entries imply that is no option of any facet, switched off or not.
fn unknown_implications(entries: &Entries) -> Vec<Mistake> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut paths: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (id, entry) in entries {
        for name in entry.options.keys() {
            names.insert(name);
            paths.insert((id, name));
        }
    }
    let is_known = |name: &str| {
        names.contains(name) || name.split_once('/').is_some_and(|path| paths.contains(&path))
    };
    let mut mistakes = Vec::new();
    for (id, entry) in entries {
        for (name, option) in &entry.options {
            for implied in option.implies.iter().filter(|implied| !is_known(implied)) {
                mistakes.push(Mistake {
                    path: [id, "options", name, "implies"].map(str::to_owned).to_vec(),
                    message: match nearest(implied, names.iter().copied()) {
                        Some(near) => format!("unknown option `{implied}`; did you mean `{near}`?"),
                        None => format!("unknown option `{implied}`"),
                    },
                });
            }
        }
    }
    mistakes
}

/// What each option implies by its own entry. `facet-id/Name` says which is
/// meant where two facets have an option of one name.
fn implications(
    facets: &[Facet],
    options: &[Choice],
    written: &[&OptionEntry],
) -> Vec<BTreeSet<u32>> {
    let mut by_name: FxHashMap<&str, u32> = FxHashMap::default();
    for (idx, option) in (0..).zip(options) {
        by_name.entry(&option.name).or_insert(idx);
    }
    let by_path = |path: &str| {
        let (id, name) = path.split_once('/')?;
        let at = facets.binary_search_by(|facet| facet.id.as_str().cmp(id)).ok()?;
        let mut of_facet = facets[at].options.clone();
        of_facet.find(|&option| options[option as usize].name == name)
    };
    let resolve = |name: &Text| by_path(name).or_else(|| by_name.get(name.as_ref()).copied());
    written.iter().map(|option| option.implies.iter().filter_map(resolve).collect()).collect()
}

/// All that follows from each option through others.
fn closure(direct: Vec<BTreeSet<u32>>) -> Vec<Vec<u32>> {
    let reach = |start: usize| {
        let mut reached = BTreeSet::new();
        let mut open: Vec<u32> = direct[start].iter().copied().collect();
        while let Some(next) = open.pop() {
            if next as usize != start && reached.insert(next) {
                open.extend(&direct[next as usize]);
            }
        }
        reached.into_iter().collect()
    };
    (0..direct.len()).map(reach).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(text: &str) -> (Table, Vec<String>) {
        let (table, mistakes) = Table::new(&toml::from_str(text).unwrap());
        (table, mistakes.into_iter().map(|mistake| mistake.message).collect())
    }

    #[test]
    fn the_table_that_ships_is_right() {
        assert_eq!(unknown_implications(&shipped::entries()), []);
    }

    #[test]
    fn implications_reach_through_others() {
        let (table, mistakes) = changed(
            "[mascot]\ntitle = \"mascot\"\n[mascot.options]\n\
             Ferris = { implies = [\"Crab\"] }\nCrab = { implies = [\"Crustacean\"] }\nCrustacean = {}",
        );
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let (_, mascot) = table.find("mascot").unwrap();
        let option = |name| table.find_option(mascot, name).unwrap();
        assert!(table.includes(option("Ferris"), option("Crustacean")));
        assert!(!table.includes(option("Crustacean"), option("Ferris")));
    }

    #[test]
    fn a_configuration_adds_and_switches_off() {
        let (table, mistakes) = changed(
            "[mascot]\ntitle = \"mascot\"\n[mascot.options]\nFerris = { aliases = [\"ferris\"] }\nGopher = {}\n\
             [programming-language]\noff = true",
        );
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let (_, mascot) = table.find("mascot").unwrap();
        assert!(table.find_option(mascot, "gopher").is_some());
        assert!(table.find("programming-language").is_none());
        let hits = table.scanner().hits("Ferris or a Gopher, in Rust");
        assert_eq!(hits.len(), 2);
    }

    #[test]
    fn a_facet_of_ones_own_without_a_title_is_told_what_it_lacks() {
        let (_, mistakes) = changed("[programing-language.options]\nRust = {}");
        assert_eq!(
            mistakes,
            [
                "unknown facet `programing-language`; did you mean `programming-language`? A new one \
                 needs a `title`"
            ]
        );
    }

    #[test]
    fn slips_in_a_configuration_get_the_nearest_name() {
        let (_, mistakes) = changed("[programing-language]\noff = true");
        assert_eq!(
            mistakes,
            ["unknown facet `programing-language`; did you mean `programming-language`?"]
        );
        let (_, mistakes) = changed("[programming-language.options]\nPyhton = { off = true }");
        assert_eq!(
            mistakes,
            ["unknown option `Pyhton` of `programming-language`; did you mean `Python`?"]
        );
        let (_, mistakes) =
            changed("[x]\ntitle = \"x\"\n[x.options]\ny = { implies = [\"Pythn\"] }");
        assert_eq!(mistakes, ["unknown option `Pythn`; did you mean `Python`?"]);
    }
}
