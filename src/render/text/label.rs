//! What agents are called in the text, so that the reader knows which file is
//! meant.

use super::flow::{clip_middle, shorten_path};
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
    named
        .strip_prefix(name)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

impl Label {
    /// In at most `room` columns, the name where it says who is meant, else
    /// the path.
    pub(super) fn short(&self, room: usize) -> String {
        if self.is_telling {
            clip_middle(&self.name, room)
        } else {
            shorten_path(&self.path, room, 0)
        }
    }

    /// One or two lines of at most `room` columns: the name where it leads to
    /// the file, the path where it holds the name, else both. `n_common`
    /// leading folders are shared by the agents shown beside it.
    pub(super) fn lines(&self, room: usize, n_common: usize) -> Vec<String> {
        let path = |room| shorten_path(&self.path, room, n_common);
        match (self.is_telling, self.own_file) {
            (true, true) => vec![clip_middle(&self.name, room)],
            (false, true) => vec![path(room)],
            (_, false) if self.name.is_empty() => vec![path(room)],
            (_, false) => vec![
                clip_middle(&self.name, room),
                format!("  {}", path(room - 2)),
            ],
        }
    }
}
