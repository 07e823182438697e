//! Finds redundant AI-agent definitions and conflicting advice.

pub mod agent;
pub mod error;
pub mod finding;
pub mod relation;
pub mod report;
pub mod source;

pub use error::Error;
