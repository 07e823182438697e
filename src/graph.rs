//! Groups, mirrors and boilerplate.

use crate::relation::Relation;

/// Agents that their representative could replace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The member with which every other one is redundant.
    pub representative: u32,
    /// All members, ascending.
    pub members: Vec<u32>,
    /// The weakest relation of a member with the representative.
    pub relation: Relation,
    /// Whom to keep: the representative.
    pub keep: u32,
    /// Whom to drop, ascending.
    pub drop: Vec<u32>,
    /// Units of the dropped that the kept one does not say.
    pub missing_units: usize,
}

/// How agents hang together.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    /// By agent: the agent whose generated copy it is, in another folder.
    pub mirror_of: Vec<Option<u32>>,
    /// The groups.
    pub groups: Vec<Group>,
}

/// A block that many agents repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boilerplate {
    /// Units of the block in its first holder, in order.
    pub units: Vec<u32>,
    /// Who repeats it, ascending.
    pub agents: Vec<u32>,
}
