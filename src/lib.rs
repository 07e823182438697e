//! Finds redundant AI-agent definitions and conflicting advice.

pub mod agent;
pub mod align;
pub mod analysis;
pub mod collection;
pub mod config;
pub mod discover;
pub mod error;
pub mod finding;
pub mod graph;
pub mod join;
pub mod measure;
pub mod relation;
pub mod render;
pub mod report;
pub mod rules;
pub mod source;
pub mod text;

pub use error::Error;
