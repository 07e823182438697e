//! Who is in whose way.
//!
//! Two texts can only contradict each other where one reader follows both: an
//! agent and the memory files above it, the parts of one file, the agents of
//! one project, and in a catalogue those of which one could replace the other.
//! And they must speak of the same part of the project (see [`Part`]), and rules
//! that are loaded for some files alone of the same files.

mod part;
mod territory;

use std::collections::BTreeMap;
use std::ops::Bound;

use rustc_hash::FxHashMap;

use crate::agent::{Agent, Kind};
use crate::collection::Collection;
use crate::graph::Groups;
use crate::relation::Pair;
use crate::report::Scope;
use crate::source::{Sources, holds_working_folder, is_of_user, lies_below};
pub use part::{Dimension, Part, part_of, part_of_unit};
use territory::Territory;

/// Why advice of two agents is in each other's way, the closest reason first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// It stands in one file.
    SameFile,
    /// One is a memory file that governs the other, or both govern the same folder.
    Memory,
    /// Both belong to one project.
    Project,
    /// One could replace the other.
    Related,
    /// Somebody asks what they are together.
    Together,
}

/// Why an agent reads a memory file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Memory {
    /// It lies in the file's folder or below, or is loaded for files that do.
    Above,
    /// The project has memory files in one folder alone, which the agent does
    /// not lie below.
    Adopted,
    /// It is the user's own and works on the file's project.
    OfGuest,
    /// Both are memory files of one folder.
    Both,
}

/// Folders whose files show something or are kept, but are not followed, in lower case.
const QUIET_FOLDERS: &[&str] = &[
    "archive", "archived", "archives", "backup", "backups", "bak", "boilerplate", "boilerplates",
    "demo", "demos", "deprecated", "example", "examples", "fixture", "fixtures", "node_modules",
    "old", "reference", "references", "sample", "samples", "scaffold", "scaffolds", "template",
    "templates", "testdata", "third_party", "trash", "vendor", "attic", "_archive", "_old",
];

/// Where an agent stands.
#[derive(Debug)]
struct Place<'a> {
    /// The folder that a memory file governs.
    governs: Option<&'a str>,
    /// The folder whose memory files an agent reads; `None` where the path names no project.
    home: Option<&'a str>,
    /// The same number for the same home: equal ones are asked for often.
    home_id: Option<u32>,
    /// The files that a rule is loaded for; `None` for what is loaded for all.
    territory: Option<Territory>,
    /// Folders with memory files that hold its territory, though not its home, ascending.
    visits: Vec<&'a str>,
    /// A mirror is its original once more, and in nobody's way.
    is_mirror: bool,
    /// Whether it lies in one of [`QUIET_FOLDERS`] of its project.
    is_quiet: bool,
    /// Whether its whole project lies in one: it is a project by itself.
    is_set_apart: bool,
    /// Whether its home is that of more than [`MAX_TEAM`], or the user's, whose
    /// agents are there for all projects.
    is_in_crowd: bool,
}

/// So many definitions in one project work together at most; more are a catalogue
/// from which people pick. Of 54 ordinary projects the largest has 21.
const MAX_TEAM: usize = 100;

/// The user's own folder, as paths show it.
const USERS_HOME: &str = "~";

/// Answers who is in whose way.
#[derive(Debug)]
pub struct Reach<'a> {
    scope: Scope,
    /// Whether all are taken for followed together, wherever they lie.
    is_together: bool,
    places: Vec<Place<'a>>,
    /// By home: the agents there, ascending.
    residents: BTreeMap<&'a str, Vec<u32>>,
    /// By folder that they govern: the memory files, ascending.
    memories: BTreeMap<&'a str, Vec<u32>>,
    /// Those of these folders that are the working folder or hold it.
    around: Vec<&'a str>,
    /// By home that no memory file governs: the one folder below it that has
    /// any. What lies there is the project.
    stand_ins: FxHashMap<&'a str, &'a str>,
    /// By folder that stands in: the homes for which it does, ascending.
    adopted: FxHashMap<&'a str, Vec<&'a str>>,
    /// By folder with memory files: who visits it, ascending.
    visitors: FxHashMap<&'a str, Vec<u32>>,
    /// By agent: those of which one could replace the other, ascending.
    related: Vec<Vec<u32>>,
}

impl<'a> Reach<'a> {
    /// Reads the places of all agents. Time and space: linear in agents and pairs.
    pub fn new(
        collection: &'a Collection,
        sources: &'a Sources,
        pairs: &[Pair],
        groups: &Groups,
        scope: Scope,
    ) -> Self {
        let mut places: Vec<Place<'a>> = (0..)
            .zip(&collection.agents)
            .map(|(id, agent)| place(agent, sources.path(agent.file), groups.is_mirror(id), scope))
            .collect();
        number_homes(&mut places);
        let mut residents: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        let mut memories: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (id, place) in (0..).zip(&places) {
            if place.is_mirror || place.is_quiet {
                continue;
            }
            if let Some(home) = place.home {
                residents.entry(home).or_default().push(id);
            }
            if let Some(folder) = place.governs {
                memories.entry(folder).or_default().push(id);
            }
        }
        for (home, ids) in &residents {
            let governs = |id: &u32| places[*id as usize].governs.is_some();
            let n_agents = ids.iter().filter(|id| !governs(id)).count();
            if n_agents > MAX_TEAM || *home == USERS_HOME {
                for &id in ids {
                    places[id as usize].is_in_crowd = true;
                }
            }
        }
        let folders = memories.keys().copied();
        let around: Vec<&str> = folders.filter(|at| holds_working_folder(at)).collect();
        let mut stand_ins = FxHashMap::default();
        let mut adopted: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        for &home in residents.keys() {
            if let Some(folder) = stand_in(home, &memories, &around) {
                stand_ins.insert(home, folder);
                adopted.entry(folder).or_default().push(home);
            }
        }
        let mut visitors: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
        for (id, place) in (0..).zip(&mut places) {
            place.visits = visits(place, &memories);
            for folder in &place.visits {
                visitors.entry(folder).or_default().push(id);
            }
        }
        let mut related = vec![Vec::new(); places.len()];
        for pair in pairs.iter().filter(|pair| pair.relation.is_redundant()) {
            related[pair.left as usize].push(pair.right);
            related[pair.right as usize].push(pair.left);
        }
        for others in &mut related {
            others.sort_unstable();
        }
        Self {
            scope,
            is_together: false,
            places,
            residents,
            memories,
            around,
            stand_ins,
            adopted,
            visitors,
            related,
        }
    }

    /// The same, but whoever asks wants to know what all of them are together:
    /// mirrors, examples and strangers too are in each other's way.
    pub fn together(self) -> Self {
        Self {
            is_together: true,
            // Two files do not tell where else their project has memory files.
            stand_ins: FxHashMap::default(),
            adopted: FxHashMap::default(),
            ..self
        }
    }

    /// Why two agents are in each other's way; `None` where they are not. A
    /// mirror is not even in its own.
    pub fn way(&self, one: u32, other: u32) -> Option<Way> {
        let together = if one == other { Way::SameFile } else { Way::Together };
        self.way_by_place(one, other)
            .or(self.is_together.then_some(together))
            .filter(|_| one == other || self.are_loaded_together(one, other))
    }

    fn way_by_place(&self, one: u32, other: u32) -> Option<Way> {
        let (a, b) = (self.place(one), self.place(other));
        if a.is_mirror || b.is_mirror {
            return None;
        }
        if one == other {
            return Some(Way::SameFile);
        }
        let is_one_home = a.home_id == b.home_id;
        if a.is_quiet || b.is_quiet || ((a.is_set_apart || b.is_set_apart) && !is_one_home) {
            return None;
        }
        if a.governs.is_some() || b.governs.is_some() {
            return (self.reads(a, b) || self.reads(b, a)).then_some(Way::Memory);
        }
        let is_of_team = |place: &Place<'_>| place.home.is_some() && !place.is_in_crowd;
        if self.scope == Scope::Project && is_of_team(a) && is_of_team(b) {
            return is_one_home.then_some(Way::Project);
        }
        let is_related = self.related[one as usize].binary_search(&other).is_ok();
        is_related.then_some(Way::Related)
    }

    /// Whether some file may have both loaded, as far as the patterns of rules tell.
    pub fn are_loaded_together(&self, one: u32, other: u32) -> bool {
        match (&self.place(one).territory, &self.place(other).territory) {
            (Some(one), Some(other)) => one.meets(other),
            _ => true,
        }
    }

    /// A number that is the same for all agents of one project; `None` where they
    /// are no team.
    pub fn project(&self, agent: u32) -> Option<u32> {
        let place = self.place(agent);
        place.home_id.filter(|_| !place.is_in_crowd)
    }

    /// Whether an agent is followed at all: no mirror of another one, and not
    /// kept as an example.
    pub fn is_followed(&self, agent: u32) -> bool {
        let place = self.place(agent);
        self.is_together || !place.is_mirror && !place.is_quiet
    }

    /// All whose way `agent` is in, ascending, itself included.
    pub fn of(&self, agent: u32) -> Vec<(u32, Way)> {
        let neighbours = self.place(agent).home.and_then(|home| self.residents.get(home));
        let below = self.place(agent).governs.iter().flat_map(|folder| {
            let start = start_below(folder);
            let from = self.residents.range(start..);
            from.take_while(move |(home, _)| home.starts_with(start)).flat_map(|(_, ids)| ids)
        });
        let homes = self.place(agent).governs.and_then(|folder| self.adopted.get(folder));
        let adopted = homes.into_iter().flatten().flat_map(|home| &self.residents[home]);
        if self.is_together {
            let all = 0..self.places.len() as u32;
            return all.filter_map(|other| Some((other, self.way(agent, other)?))).collect();
        }
        let visitors = self.place(agent).governs.and_then(|at| self.visitors.get(at));
        let others = (neighbours.into_iter().flatten())
            .chain(below)
            .chain(adopted)
            .chain(visitors.into_iter().flatten());
        self.with_ways(agent, others.copied().chain(self.near(agent)).collect())
    }

    /// Whether somebody else may be in an agent's way than those that it could replace.
    pub fn has_company(&self, agent: u32) -> bool {
        let place = self.place(agent);
        self.is_followed(agent)
            && (self.is_together || place.governs.is_some() || place.home.is_some())
    }

    /// Those of [`Self::of`] that are no mere neighbours in a project: the agent
    /// itself, memory files, and those that it could replace. In a memory
    /// file's way are also those that it governs; they are left out.
    pub fn of_closer(&self, agent: u32) -> Vec<(u32, Way)> {
        self.with_ways(agent, self.near(agent).collect())
    }

    /// The agent itself, all memory files that it may read, and those that it could replace.
    fn near(&self, agent: u32) -> impl Iterator<Item = u32> {
        let home = self.place(agent).home;
        let stand_in = home.and_then(|home| self.stand_ins.get(home)).copied();
        let folders = home.into_iter().flat_map(|home| folders_up(home, &self.around));
        let visited = self.place(agent).visits.iter().copied();
        let folders = folders.chain(stand_in).chain(visited);
        let memories = folders.filter_map(|folder| self.memories.get(folder));
        let related = &self.related[agent as usize];
        std::iter::once(agent).chain(memories.flatten().chain(related).copied())
    }

    fn with_ways(&self, agent: u32, mut others: Vec<u32>) -> Vec<(u32, Way)> {
        others.sort_unstable();
        others.dedup();
        others.into_iter().filter_map(|other| Some((other, self.way(agent, other)?))).collect()
    }

    /// Whether whoever follows `reader` reads the memory file `memory` too: the
    /// file of its own folder or of one above, or of the files that it is loaded
    /// for. A memory file does not contradict
    /// one above it, it overrides it.
    fn reads(&self, reader: &Place<'a>, memory: &Place<'a>) -> bool {
        let (Some(folder), Some(home)) = (memory.governs, reader.home) else {
            return false;
        };
        if reader.governs.is_some() {
            return folder == home;
        }
        is_below(home, folder)
            || self.stand_ins.get(home) == Some(&folder) && reader.may_work_in(folder)
            || reader.visits.binary_search(&folder).is_ok()
    }

    /// Why one of two agents reads the other, a memory file. Nothing is told by
    /// it of two that are in each other's way otherwise.
    pub fn memory(&self, one: u32, other: u32) -> Memory {
        let (a, b) = (self.place(one), self.place(other));
        let is_stand_in = |reader: &Place<'a>, memory: &Place<'a>| {
            let folder = reader.home.and_then(|home| self.stand_ins.get(home));
            folder.is_some() && folder.copied() == memory.governs
        };
        let is_guest = |reader: &Place<'a>, memory: &Place<'a>| {
            reader.home == Some(USERS_HOME) && memory.home != Some(USERS_HOME)
        };
        if a.governs.is_some() && b.governs.is_some() {
            Memory::Both
        } else if is_guest(a, b) || is_guest(b, a) {
            Memory::OfGuest
        } else if is_stand_in(a, b) || is_stand_in(b, a) {
            Memory::Adopted
        } else {
            Memory::Above
        }
    }

    fn place(&self, agent: u32) -> &Place<'a> {
        &self.places[agent as usize]
    }
}

impl Place<'_> {
    /// Whether some file of a folder, or of one above or below it, may have it loaded.
    fn may_work_in(&self, folder: &str) -> bool {
        self.territory.as_ref().is_none_or(|territory| {
            let mut folders = territory.folders();
            folders.any(|own| is_below(own, folder) || is_below(folder, own))
        })
    }
}

/// See [`Reach::stand_ins`].
fn stand_in<'a>(
    home: &str,
    memories: &BTreeMap<&'a str, Vec<u32>>,
    around: &[&str],
) -> Option<&'a str> {
    if folders_up(home, around).any(|folder| memories.contains_key(folder)) {
        return None;
    }
    let start = start_below(home);
    let mut below = memories
        .range::<str, _>((Bound::Included(start), Bound::Unbounded))
        .map(|(folder, _)| *folder)
        .take_while(|folder| folder.starts_with(start))
        .filter(|folder| is_below(folder, home));
    let first = below.next()?;
    below.next().is_none().then_some(first)
}

/// See [`Place::visits`].
fn visits<'a>(place: &Place<'a>, memories: &BTreeMap<&'a str, Vec<u32>>) -> Vec<&'a str> {
    let (Some(territory), Some(home)) = (&place.territory, place.home) else {
        return Vec::new();
    };
    let folders = territory.folders().flat_map(|folder| folders_up(folder, &[]));
    let known = folders.filter_map(|folder| memories.get_key_value(folder));
    let mut visits: Vec<&str> = known.map(|(folder, _)| *folder).collect();
    visits.retain(|folder| !is_below(home, folder));
    visits.sort_unstable();
    visits.dedup();
    visits
}

/// What the paths of all folders below one begin with. So do some of others.
fn start_below(folder: &str) -> &str {
    if holds_working_folder(folder) { "" } else { folder }
}

/// A folder and all above it that may have memory files: those that its path
/// names, and of those `around` the working folder the ones that hold it.
fn folders_up<'f>(folder: &'f str, around: &'f [&'f str]) -> impl Iterator<Item = &'f str> {
    let named = std::iter::successors(Some(folder), |folder| parent(folder));
    named
        .take_while(|folder| !holds_working_folder(folder))
        .chain(around.iter().copied().filter(|at| is_below(folder, at)))
}

/// The folder above one, as far as its path names it.
fn parent(folder: &str) -> Option<&str> {
    let end = folder.rfind('/')?;
    let above = &folder[..end.max(1)];
    (above != folder).then_some(above)
}

fn number_homes(places: &mut [Place<'_>]) {
    let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
    for place in places {
        let next = numbers.len() as u32;
        place.home_id = place.home.map(|home| *numbers.entry(home).or_insert(next));
    }
}

/// Whether a folder is another one or lies below it, as far as memory files go:
/// a user's own agents work in the working folder, too.
pub(crate) fn is_below(folder: &str, above: &str) -> bool {
    lies_below(folder, above) || (is_of_user(folder) && lies_below("", above))
}

fn place<'a>(agent: &'a Agent, path: &'a str, is_mirror: bool, scope: Scope) -> Place<'a> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let root = agent.origin.project_root.as_deref();
    let is_memory = agent.kind == Kind::Memory;
    Place {
        governs: root.filter(|_| is_memory),
        // In a project, an `agents` folder of no product is read like the rest.
        home: root.or((scope == Scope::Project).then_some(folder)),
        home_id: None,
        territory: Territory::new(agent, root),
        visits: Vec::new(),
        is_in_crowd: false,
        is_mirror,
        is_quiet: is_quiet(folder.strip_prefix(root.unwrap_or("")).unwrap_or(folder)),
        // Where people keep their projects says nothing of them.
        is_set_apart: lies_below(path, "") && is_quiet(root.unwrap_or("")),
    }
}

/// Whether one of the folders of a path is one of [`QUIET_FOLDERS`].
fn is_quiet(folders: &str) -> bool {
    folders.split('/').any(|folder| QUIET_FOLDERS.contains(&folder.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::discover::classify;
    use crate::relation::Relation;
    use crate::source::SourceFile;

    fn with_reach<T>(
        paths: &[&str],
        pairs: &[Pair],
        scope: Scope,
        run: impl FnOnce(&Reach<'_>) -> T,
    ) -> T {
        let text = "---\nname: a\ndescription: b\n---\nText.\n";
        let files: Vec<(&str, &str)> = paths.iter().map(|path| (*path, text)).collect();
        with_files(&files, pairs, scope, run)
    }

    /// Files by path and text.
    fn with_files<T>(
        files: &[(&str, &str)],
        pairs: &[Pair],
        scope: Scope,
        run: impl FnOnce(&Reach<'_>) -> T,
    ) -> T {
        let origins: Vec<_> = files.iter().map(|(path, _)| classify(path)).collect();
        let files: Vec<SourceFile> =
            files.iter().map(|&(path, text)| SourceFile::new(path, text)).collect();
        let collection = Collection::new(&files, &origins);
        let sources = Sources::new(files);
        let reach = Reach::new(&collection, &sources, pairs, &Groups::default(), scope);
        run(&reach)
    }

    #[test]
    fn memory_governs_what_lies_below_its_folder() {
        let paths = [
            "CLAUDE.md",
            ".claude/agents/a.md",
            ".github/copilot-instructions.md",
            "app/CLAUDE.md",
            "app/.claude/agents/b.md",
            "application/.claude/agents/c.md",
        ];
        with_reach(&paths, &[], Scope::Project, |reach| {
            assert_eq!(reach.way(0, 1), Some(Way::Memory));
            assert_eq!(reach.way(1, 2), Some(Way::Memory));
            assert_eq!(reach.way(0, 2), Some(Way::Memory));
            assert_eq!(reach.way(0, 3), None, "an override");
            assert_eq!(reach.way(3, 1), None);
            assert_eq!(reach.way(0, 4), Some(Way::Memory));
            assert_eq!(reach.way(3, 4), Some(Way::Memory));
            assert_eq!(reach.way(3, 5), None);
            let of: Vec<u32> = reach.of(0).into_iter().map(|(id, _)| id).collect();
            assert_eq!(of, [0, 1, 2, 4, 5]);
            let of: Vec<u32> = reach.of(3).into_iter().map(|(id, _)| id).collect();
            assert_eq!(of, [3, 4]);
        });
    }

    #[test]
    fn rules_are_followed_where_their_files_lie() {
        let rule = |globs: &str| format!("---\nglobs: {globs}\nalwaysApply: false\n---\nText.\n");
        let (web, services, python) = (rule("apps/web/**"), rule("services/api/**"), rule("*.py"));
        let files = [
            (".cursor/rules/web.mdc", web.as_str()),
            (".cursor/rules/services.mdc", services.as_str()),
            (".cursor/rules/python.mdc", python.as_str()),
            ("services/CLAUDE.md", "Text."),
            ("services/api/AGENTS.md", "Text."),
            ("apps/CLAUDE.md", "Text."),
        ];
        with_files(&files, &[], Scope::Project, |reach| {
            assert_eq!(reach.way(0, 1), None);
            assert_eq!(reach.way(0, 2), Some(Way::Project));
            assert_eq!(
                reach.of(1),
                [(1, Way::SameFile), (2, Way::Project), (3, Way::Memory), (4, Way::Memory)]
            );
            assert_eq!(reach.of(5), [(0, Way::Memory), (5, Way::SameFile)]);
            assert_eq!(reach.memory(3, 1), Memory::Above);
        });
        with_files(&files[..4], &[], Scope::Project, |reach| {
            assert_eq!(reach.way(0, 3), None, "the only memory file is of another folder");
            assert_eq!(reach.memory(2, 3), Memory::Adopted);
        });
    }

    #[test]
    fn a_catalogue_is_no_team() {
        let team = |n: usize| {
            let agents = (0..n).map(|nth| format!(".claude/agents/a{nth}.md"));
            let paths: Vec<String> = agents.chain(["CLAUDE.md".to_owned()]).collect();
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            with_reach(&paths, &[], Scope::Project, |reach| {
                assert_eq!(reach.way(0, n as u32), Some(Way::Memory));
                (reach.way(0, 1), reach.project(0).is_some())
            })
        };
        assert_eq!(team(MAX_TEAM), (Some(Way::Project), true));
        assert_eq!(team(MAX_TEAM + 1), (None, false));
    }

    #[test]
    fn the_only_memory_file_of_a_project_may_lie_deeper() {
        let paths = [".claude/agents/a.md", "app/AGENTS.md", "app/CLAUDE.md"];
        with_reach(&paths, &[], Scope::Project, |reach| {
            assert_eq!(reach.way(0, 1), Some(Way::Memory));
            assert_eq!(reach.way(0, 2), Some(Way::Memory));
            assert_eq!(reach.of(1)[0], (0, Way::Memory));
            assert!(reach.memory(0, 1) == Memory::Adopted && reach.memory(2, 0) == Memory::Adopted);
            assert!(reach.memory(1, 2) != Memory::Adopted);
        });
        let paths = ["app/.claude/agents/a.md", "app/AGENTS.md"];
        with_reach(&paths, &[], Scope::Project, |reach| {
            assert!(reach.memory(0, 1) != Memory::Adopted);
        });
        let paths = [".claude/agents/a.md", "app/AGENTS.md", "lib/CLAUDE.md"];
        with_reach(&paths, &[], Scope::Project, |reach| {
            assert_eq!(reach.way(0, 1), None);
        });
    }

    #[test]
    fn memory_governs_no_folder_beside_its_own_and_all_below() {
        let paths = [
            "CLAUDE.md", ".claude/agents/a.md", "../.claude/agents/b.md",
            "../shared/.claude/agents/c.md", "/srv/.claude/agents/d.md", "~/.claude/agents/e.md",
            "../CLAUDE.md", "app/.claude/agents/f.md", "/srv/CLAUDE.md", "../../CLAUDE.md",
        ];
        with_reach(&paths, &[], Scope::Project, |reach| {
            let read = |memory: u32| -> Vec<u32> {
                let ways = reach.of(memory).into_iter();
                ways.filter(|(id, way)| *way == Way::Memory && *id != memory)
                    .map(|(id, _)| id)
                    .collect()
            };
            assert_eq!(read(0), [1, 5, 7]);
            assert_eq!(read(6), [1, 2, 3, 5, 7]);
            assert_eq!(read(8), [4]);
            assert_eq!(read(9), read(6));
            assert!(reach.of(1).contains(&(6, Way::Memory)));
            assert_eq!(reach.way(3, 0), None);
        });
    }

    #[test]
    fn a_memory_file_elsewhere_stands_in_for_nobody() {
        for paths in [
            [".claude/agents/a.md", "../shared/CLAUDE.md"],
            ["../lib/.claude/agents/a.md", "CLAUDE.md"],
            [".claude/agents/a.md", "/srv/CLAUDE.md"],
            ["app/.claude/agents/a.md", "app-old/CLAUDE.md"],
        ] {
            with_reach(&paths, &[], Scope::Project, |reach| {
                assert_eq!(reach.way(0, 1), None, "{paths:?}");
            });
        }
        let paths = ["../.claude/agents/a.md", "lib/CLAUDE.md"];
        with_reach(&paths, &[], Scope::Project, |reach| {
            assert_eq!(reach.memory(0, 1), Memory::Adopted);
        });
    }

    const TREE: [&str; 26] = [
        "../../.claude/agents/a.md",
        "../../CLAUDE.md",
        "../CLAUDE.md",
        "../lib/.claude/agents/a.md",
        "../lib/CLAUDE.md",
        "../.claude/agents/a.md",
        ".claude/agents/a.md",
        ".cursor/rules/a.mdc",
        ".cursor/rules/b.mdc",
        "/home/CLAUDE.md",
        "/home/u/.claude/agents/a.md",
        "AGENTS.md",
        "CLAUDE.md",
        "app-old/.claude/agents/a.md",
        "app-old/CLAUDE.md",
        "app/.claude/agents/a.md",
        "app/CLAUDE.md",
        "app/web/.claude/agents/a.md",
        "app/web/AGENTS.md",
        "app/web/CLAUDE.md",
        "app/web/examples/a.md",
        "application/.claude/agents/a.md",
        "application/web/CLAUDE.md",
        "lib/agents/a.md",
        "~/.claude/CLAUDE.md",
        "~/.claude/agents/a.md",
    ];

    proptest! {
        #[test]
        fn whose_way_it_is_in_is_found_by_folder(
            paths in prop::sample::subsequence(&TREE[..], 1..=TREE.len()),
            globs in prop::sample::select(vec!["app/**", "app/web/*.ts", "lib/*", "**"]),
            scope in prop::sample::select(vec![Scope::Project, Scope::Catalogue]),
        ) {
            let text = format!("---\nname: a\nglobs: {globs}\n---\nText.\n");
            let files: Vec<(&str, &str)> = paths.iter().map(|path| (*path, text.as_str())).collect();
            with_files(&files, &[], scope, |reach| {
                let all = 0..paths.len() as u32;
                for id in all.clone() {
                    let ways = all.clone().filter_map(|other| Some((other, reach.way(id, other)?)));
                    prop_assert_eq!(reach.of(id), ways.collect::<Vec<_>>());
                }
                Ok(())
            })?;
        }
    }

    #[test]
    fn a_project_is_in_its_own_way_and_a_catalogue_is_not() {
        let paths = [".claude/agents/a.md", ".cursor/rules/b.mdc", "x/.claude/agents/c.md"];
        with_reach(&paths, &[], Scope::Project, |reach| {
            assert_eq!(reach.way(0, 1), Some(Way::Project));
            assert_eq!(reach.way(0, 2), None);
            assert_eq!(reach.way(0, 0), Some(Way::SameFile));
        });
        with_reach(&paths, &[], Scope::Catalogue, |reach| {
            assert_eq!(reach.way(0, 1), None);
            assert_eq!(reach.of(0), [(0, Way::SameFile)]);
        });
    }

    #[test]
    fn related_agents_of_a_catalogue_are_in_each_others_way() {
        let pair = |right, relation| Pair {
            left: 0,
            right,
            relation,
            redundancy: 0.5,
            name: 0.5,
            role: 0.5,
            left_in_right: 0.5,
            right_in_left: 0.5,
            matches: Vec::new(),
        };
        let pairs = [pair(1, Relation::Redundant), pair(2, Relation::Overlapping)];
        let paths = ["agents/a.md", "agents/b.md", "agents/c.md"];
        with_reach(&paths, &pairs, Scope::Catalogue, |reach| {
            assert_eq!(reach.of(0), [(0, Way::SameFile), (1, Way::Related)]);
        });
    }

    #[test]
    fn examples_are_in_nobodys_way_but_their_own() {
        let paths = ["CLAUDE.md", ".claude/agents/a.md", ".claude/agents/templates/b.md"];
        with_reach(&paths, &[], Scope::Project, |reach| {
            assert_eq!(reach.way(0, 2), None);
            assert_eq!(reach.way(2, 2), Some(Way::SameFile));
            assert_eq!(reach.of(1).len(), 2);
        });
        let outside = ["/home/u/examples/p/.claude/agents/a.md", "/home/u/examples/p/CLAUDE.md"];
        with_reach(&outside, &[], Scope::Project, |reach| {
            assert_eq!(reach.way(0, 1), Some(Way::Memory));
        });
    }
}
