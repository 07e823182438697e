//! Advice that cannot be followed together: `choice-conflict`,
//! `practice-conflict`, `polarity-conflict`, `quantity-conflict`,
//! `fact-conflict`, `self-contradiction` where one file says both, and
//! `drifted-twin` where two copies of one text do.
//!
//! Two statements clash where they are in each other's way ([`crate::reach`]),
//! speak of the same part of the project, and say opposite things of the same
//! thing. What "the same thing" is, each family knows by strong wordings alone:
//! a false alarm costs more than a miss.

mod ban;
mod choice;
mod clash;
mod envelope;
mod fact;
mod language;
mod number;
mod order;
mod polarity;
mod quantity;
mod root;
mod sample;
mod twin;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::{Draft, Facts};
use crate::finding::Rule;
use crate::reach::{Part, part_of_unit};
pub(super) use choice::is_named_after;
use clash::{Clash, Place};

/// One finding for each disagreement.
pub fn findings(facts: &Facts<'_>) -> Vec<Draft> {
    let reach = facts.reach();
    let mut clashes = choice::clashes(facts, &reach);
    clashes.extend(polarity::clashes(facts, &reach));
    clashes.extend(order::clashes(facts, &reach));
    clashes.extend(quantity::clashes(facts, &reach));
    clashes.extend(fact::clashes(facts, &reach));
    clashes.extend(envelope::clashes(facts, &reach));
    clashes.extend(language::clashes(facts, &reach));
    clashes.extend(sample::clashes(facts, &reach));
    clashes = told_once(clashes);
    root::name_roots(facts, &mut clashes);
    let mut drafts = twin::drafts(facts);
    // What two copies disagree about is said once.
    let twins: BTreeSet<Vec<u32>> = drafts.iter().map(|twin| twin.agents.clone()).collect();
    let clashes = clashes.iter().map(|clash| clash.draft(facts, &reach));
    drafts.extend(clashes.filter(|draft| !twins.contains(&draft.agents)));
    drafts
}

/// Without those of polarity that choices and practices tell of as well: a ban
/// and an order are often two options of a known decision.
fn told_once(clashes: Vec<Clash>) -> Vec<Clash> {
    type Places = BTreeSet<(u32, u32)>;
    let places = |clash: &Clash| -> Places {
        let places = clash.places();
        places.map(|place| (place.agent, place.unit_idx)).collect()
    };
    let (bans, mut told): (Vec<Clash>, Vec<Clash>) = clashes
        .into_iter()
        .partition(|clash| clash.rule == Rule::PolarityConflict);
    let decided: Vec<Places> = told.iter().map(places).collect();
    let mut by_place: BTreeMap<(u32, u32), Vec<usize>> = BTreeMap::new();
    for (at, decided) in decided.iter().enumerate() {
        for &place in decided {
            by_place.entry(place).or_default().push(at);
        }
    }
    let is_new = |clash: &Clash| {
        let own = places(clash);
        let others = own.first().and_then(|place| by_place.get(place));
        let mut others = others.into_iter().flatten();
        !others.any(|&other| own.is_subset(&decided[other]))
    };
    let new: Vec<Clash> = bans.into_iter().filter(is_new).collect();
    told.extend(new);
    told
}

/// The part of its project of which a unit speaks.
fn part(facts: &Facts<'_>, id: u32, unit_idx: usize) -> Part {
    part_of_unit(facts.agent(id), facts.text(id), unit_idx)
}

/// The part of its project of which a statement speaks, read when it is asked
/// for.
#[derive(Debug, Default)]
struct LazyPart(OnceCell<Part>);

impl LazyPart {
    /// `place` is that of the statement.
    fn of(&self, facts: &Facts<'_>, place: Place) -> &Part {
        self.0
            .get_or_init(|| part(facts, place.agent, place.unit_idx as usize))
    }
}

/// The messages about a memory file and an agent `desk` below it, for the tests of the families.
#[cfg(test)]
fn found(memory: &str, agent: &str) -> Vec<String> {
    let agent = format!("---\nname: desk\ndescription: d\n---\n{agent}\n");
    let files = [
        ("CLAUDE.md", memory),
        (".claude/agents/desk.md", agent.as_str()),
    ];
    let drafts = super::with_facts(&files, &[], crate::report::Scope::Project, findings);
    drafts.into_iter().map(|draft| draft.message).collect()
}
