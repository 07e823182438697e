//! Not written yet.
use super::{Draft, Facts};
/// Findings.
pub fn findings(_facts: &Facts<'_>) -> Vec<Draft> {
    Vec::new()
}
