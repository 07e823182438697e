//! Advice that cannot be followed together: `polarity-conflict`,
//! `quantity-conflict`, `fact-conflict`, and `self-contradiction` where one
//! file says both.
//!
//! Two statements clash where they are in each other's way ([`crate::reach`]),
//! speak of the same part of the project, and say opposite things of the same
//! thing. What "the same thing" is, each family knows by strong wordings alone:
//! a false alarm costs more than a miss.

mod choice;
mod clash;
mod measures;
mod number;
mod quantity;

use super::{Draft, Facts};
use crate::reach::Reach;

/// One finding for each disagreement.
pub fn findings(facts: &Facts<'_>) -> Vec<Draft> {
    let reach = Reach::new(
        facts.collection,
        facts.sources,
        facts.pairs,
        facts.groups,
        facts.scope,
    );
    let clashes = choice::clashes(facts, &reach).into_iter();
    clashes
        .chain(quantity::clashes(facts, &reach))
        .map(|clash| clash.draft(facts, &reach))
        .collect()
}
