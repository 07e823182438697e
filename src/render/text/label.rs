//! What agents are called in the text, so that the reader knows which file is
//! meant.

use super::flow::{clip_middle, n_common_folders, shorten_path, told_apart, wrap};
use crate::render::quote::clean;
use crate::render::wording::are_telling_names;
use crate::report::AgentInfo;

/// An agent's name and path, safe to print.
pub(super) struct Label {
    pub(super) name: String,
    pub(super) path: String,
    /// Whether the name says who is meant.
    is_telling: bool,
    /// Whether the file is named after the agent.
    own_file: bool,
}

/// The labels of all agents, by id.
pub(super) fn labels(agents: &[AgentInfo]) -> Vec<Label> {
    agents
        .iter()
        .zip(are_telling_names(agents))
        .map(|(agent, is_telling)| Label {
            name: clean(&agent.name),
            path: clean(&agent.path),
            is_telling,
            own_file: is_named_after(&agent.path, &agent.name),
        })
        .collect()
}

/// Whether `backend.md`, `backend.agent.md` or `backend/SKILL.md` holds `backend`.
fn is_named_after(path: &str, name: &str) -> bool {
    let mut parts = path.rsplit('/');
    let file = parts.next().unwrap_or_default();
    let named = match file {
        "SKILL.md" => parts.next().unwrap_or_default(),
        _ => file,
    };
    named.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Agents that stand beside each other, a name or path each: cut where these are
/// too wide, unless that would make two of them look the same.
pub(super) fn names(labels: &[&Label], for_name: usize, for_path: usize) -> Vec<String> {
    let cut = labels.iter().map(|label| label.within(for_name, for_path));
    told_apart(cut.collect(), |at| labels[at].path.clone())
}

/// Agents that stand below each other in at most `room` columns, each on a few
/// lines: see [`Label::lines`]. A path that would look like another one when it
/// is cut goes on on the next line.
pub(super) fn lines(labels: &[&Label], room: usize) -> Vec<Vec<String>> {
    let n_common = n_common_folders(labels.iter().map(|label| label.path.as_str()));
    let cut = labels.iter().map(|label| label.lines(room, n_common));
    told_apart(cut.collect(), |at| wrap(&labels[at].path, room, room, usize::MAX))
}

impl Label {
    /// In at most `room` columns, the name where it says who is meant, else
    /// the path.
    pub(super) fn short(&self, room: usize) -> String {
        self.within(room, room)
    }

    /// The same, with other columns for a path than for a name.
    fn within(&self, for_name: usize, for_path: usize) -> String {
        match self.is_telling {
            true => clip_middle(&self.name, for_name),
            false => shorten_path(&self.path, for_path, 0),
        }
    }

    /// One or two lines of at most `room` columns: the name where it leads to
    /// the file, the path where it holds the name, else both. `n_common`
    /// leading folders are shared by the agents shown beside it.
    fn lines(&self, room: usize, n_common: usize) -> Vec<String> {
        let path = |room| shorten_path(&self.path, room, n_common);
        match (self.is_telling, self.own_file) {
            (true, true) => vec![clip_middle(&self.name, room)],
            (false, true) => vec![path(room)],
            (_, false) if self.name.is_empty() => vec![path(room)],
            (_, false) => vec![clip_middle(&self.name, room), format!("  {}", path(room - 2))],
        }
    }
}
