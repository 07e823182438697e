//! Which of some copies stays where they lie in different folders: of the same
//! two folders it is always the same one, so that neither is torn in half.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use super::field::{OF_FILES, is_of_some_files};
use crate::agent::{Agent, Kind, Start};
use crate::graph::Group;
use crate::plugin::folders;
use crate::relation::Relation;
use crate::rules::Facts;

/// Folders of what is made of agents that lie elsewhere.
const ASIDE: [&str; 6] = ["integrations", "examples", "samples", "archive", "deprecated", "legacy"];

/// How many agents lie in each folder, those inside it included, and the folders of
/// which others hold copies.
pub(crate) struct Folders<'a> {
    n_agents: BTreeMap<&'a str, usize>,
    sources: Vec<&'a str>,
}

impl<'a> Folders<'a> {
    pub(crate) fn new(facts: &Facts<'a>) -> Self {
        let mut n_agents: BTreeMap<&str, usize> = BTreeMap::new();
        for id in 0..facts.agents().len() as u32 {
            for folder in folders(facts.path(id)) {
                *n_agents.entry(folder).or_default() += 1;
            }
        }
        let mirrored = facts.groups.mirrored.iter();
        let sources = mirrored.map(|folder| folder.source.as_str()).collect();
        Self { n_agents, sources }
    }

    /// Makes the best of the copies the one to keep.
    pub(crate) fn settle(&self, facts: &Facts<'_>, group: &mut Group) {
        let old = group.representative;
        let n_faults = |id: u32| facts.agent(id).faults.len();
        let copies = group
            .drop
            .iter()
            .copied()
            .filter(|&other| is_copy(facts, group, other) && n_faults(other) <= n_faults(old));
        let best = copies.fold(old, |best, other| match self.is_before(facts, other, best) {
            true => other,
            false => best,
        });
        if best != old {
            group.representative = best;
            group.drop.retain(|&other| other != best);
            group.drop.push(old);
            group.drop.sort_unstable();
        }
    }

    /// Whether one of two copies stays rather than the other: the one that is loaded
    /// for its files alone, then of hardly different ones the one in the folder that
    /// goes first, then of the same body the one that says more of when to use it,
    /// then the one with more fields, then the shorter name.
    fn is_before(&self, facts: &Facts<'_>, one: u32, other: u32) -> bool {
        let [left, right] = [one, other].map(|id| facts.agent(id));
        let pair = facts.pair(one, other);
        let is_drifted = pair.is_none_or(|pair| pair.relation > Relation::Duplicate);
        let of_folders = || {
            if is_drifted {
                return Ordering::Equal;
            }
            let precedence = self.precedence(facts.path(one), facts.path(other));
            precedence.map_or(Ordering::Equal, |(order, _)| order)
        };
        let bodies = &facts.collection.bodies;
        let have_same_body = bodies[one as usize] == bodies[other as usize];
        let n_trigger_words = |agent: &Agent| agent.description.trigger.split_whitespace().count();
        let n_fields = |agent: &Agent| agent.frontmatter.fields.len();
        let of_names = || {
            (n_trigger_words(right).cmp(&n_trigger_words(left)))
                .then(n_fields(right).cmp(&n_fields(left)))
                .then(left.name.len().cmp(&right.name.len()))
        };
        let order =
            rank_by_files(left).cmp(&rank_by_files(right)).then_with(of_folders).then_with(|| {
                match have_same_body {
                    true => of_names(),
                    false => Ordering::Equal,
                }
            });
        order.is_lt()
    }

    /// Why a copy in another folder stays rather than this one, in words that
    /// follow its path; `None` where folders do not decide it.
    pub(crate) fn reason(&self, kept: &str, dropped: &str) -> Option<&'static str> {
        let (order, reason) = self.precedence(kept, dropped)?;
        (order == Ordering::Less).then_some(reason)
    }

    /// Whether a folder, the outermost aside, holds one that others copy.
    fn is_source(&self, folder: &str) -> bool {
        let mut sources = self.sources.iter();
        !folder.is_empty()
            && sources.any(|source| {
                let rest = source.strip_prefix(folder);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
    }

    /// Which of two files lies in the folder that goes first, and why: the one
    /// that others copy, then the shallower one, then the one with more agents, then
    /// by name. `None` for files of one folder, and for those that are called
    /// differently: which name stays is no question of folders.
    fn precedence(&self, one: &str, other: &str) -> Option<(Ordering, &'static str)> {
        let (one, other) = trees(one, other)?;
        let depth = |folder: &str| folder.split('/').filter(|part| !part.is_empty()).count();
        let size = |folder: &str| Reverse(self.n_agents.get(folder).copied().unwrap_or(0));
        let is_aside = |folder: &str| {
            folder.split('/').any(|part| ASIDE.contains(&part.to_lowercase().as_str()))
        };
        let orders = [
            (is_aside(one).cmp(&is_aside(other)), "whose folder holds no samples or integrations"),
            (
                self.is_source(other).cmp(&self.is_source(one)),
                "whose folder is the one that others copy",
            ),
            (depth(one).cmp(&depth(other)), "whose folder is less deep"),
            (size(one).cmp(&size(other)), "whose folder holds more agents"),
            (one.cmp(other), "whose folder is the first by name"),
        ];
        orders.into_iter().find(|(order, _)| order.is_ne())
    }
}

/// Whether another member of a group could be its representative as well.
fn is_copy(facts: &Facts<'_>, group: &Group, other: u32) -> bool {
    let is_at_most = |relation: Relation, member: u32| {
        let pair = facts.pair(other.min(member), other.max(member));
        pair.is_some_and(|pair| pair.relation <= relation)
    };
    let members = group.members();
    let mut others = members.iter().filter(|&&member| member != other);
    is_at_most(Relation::Identical, group.representative)
        || others.all(|&member| is_at_most(Relation::NearDuplicate, member))
}

/// Which of two copies of a rule stays by what it is loaded for, the lowest first: one
/// that is always loaded, as its advice holds everywhere; one for some files; one for
/// all files by its patterns, or for none.
fn rank_by_files(agent: &Agent) -> u8 {
    let mut fields = OF_FILES.into_iter().filter_map(|key| agent.frontmatter.get(key));
    let is_rule = matches!(agent.kind, Kind::Rule | Kind::Instructions);
    if !is_rule || agent.start() == Start::Always {
        0
    } else if fields.any(|field| is_of_some_files(&field.value)) {
        1
    } else {
        2
    }
}

/// The folders in which two files lie under the same path, as the folders
/// `a` and `a/more` hold `x/y.md` and `a/more/x/y.md`.
fn trees<'p>(one: &'p str, other: &'p str) -> Option<(&'p str, &'p str)> {
    let folder = |path: &'p str| path.rfind('/').map_or("", |at| &path[..at]);
    let name = |path: &'p str| path.rsplit('/').next().unwrap_or(path);
    let (mut left, mut right) = (folder(one), folder(other));
    if name(one) != name(other) {
        return None;
    }
    while !left.is_empty() && !right.is_empty() && left != right && name(left) == name(right) {
        (left, right) = (folder(left), folder(right));
    }
    Some((left, right))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first<'p>(one: &'p str, other: &'p str) -> Option<(&'p str, &'static str)> {
        let n_agents = [("north", 3), ("south", 4)].into_iter().collect();
        let folders = Folders { n_agents, sources: vec!["tower/agents"] };
        let (order, reason) = folders.precedence(one, other)?;
        Some((if order.is_lt() { one } else { other }, reason))
    }

    #[test]
    fn the_shallower_folder_goes_first_then_the_larger_one() {
        let less_deep = "whose folder is less deep";
        for (one, other, expected) in [
            ("a/x/y.md", "a/more/x/y.md", Some(("a/x/y.md", less_deep))),
            ("z/y.md", "a/more/x/y.md", Some(("z/y.md", less_deep))),
            (
                "north/x/y.md",
                "south/x/y.md",
                Some(("south/x/y.md", "whose folder holds more agents")),
            ),
            ("east/y.md", "west/y.md", Some(("east/y.md", "whose folder is the first by name"))),
            (
                "integrations/y.md",
                "more/deep/y.md",
                Some(("more/deep/y.md", "whose folder holds no samples or integrations")),
            ),
            (
                "tower/x/y.md",
                "x/y.md",
                Some(("tower/x/y.md", "whose folder is the one that others copy")),
            ),
            ("a/x.md", "a/y.md", None),
            ("a/more/x.md", "a/y.md", None),
        ] {
            assert_eq!(first(one, other), expected, "{one} {other}");
            assert_eq!(first(other, one), expected, "{other} {one}");
        }
    }
}
