//! Finds redundant AI-agent definitions and conflicting advice.

pub mod agent;
pub mod error;
pub mod finding;
pub mod join;
pub mod measure;
pub mod relation;
pub mod report;
pub mod source;
pub mod text;

pub use error::Error;
