//! The network in the languages of other tools: Graphviz, Mermaid, and
//! everything that reads `GraphML`. Ids are numbers of our own, and names are
//! escaped as each language asks, so that no name can be taken for syntax.

use crate::network::Edge;
use crate::relation::Relation;

mod dot;
mod graphml;
mod mermaid;

pub(super) use dot::dot;
pub(super) use graphml::graphml;
pub(super) use mermaid::mermaid;

/// Whether one of both could replace the other.
fn is_redundant(edge: &Edge) -> bool {
    edge.relation.is_some_and(Relation::is_redundant)
}
