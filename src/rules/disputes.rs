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
mod frame;
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

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::{Draft, Facts};
use crate::finding::Rule;
use crate::reach::{Part, Reach, part_of_unit};
pub(crate) use choice::version_of;
pub(super) use choice::{decided_by_house, named_options};
use clash::{Clash, Place};

/// One finding for each disagreement.
pub fn findings(facts: &Facts<'_>) -> Vec<Draft> {
    let reach = facts.reach();
    let families: [fn(&Facts<'_>, &Reach<'_>) -> Vec<Clash>; 8] = [
        choice::clashes,
        polarity::clashes,
        order::clashes,
        quantity::clashes,
        fact::clashes,
        envelope::clashes,
        language::clashes,
        sample::clashes,
    ];
    let families = families.par_iter();
    let clashes = families.flat_map_iter(|family| family(facts, &reach));
    // A ban and an order are often two options of a known decision, and so are
    // two figures.
    let (bans, told): (Vec<Clash>, Vec<Clash>) = clashes
        .collect::<Vec<_>>()
        .into_iter()
        .partition(|clash| clash.rule == Rule::PolarityConflict);
    let twins = twin::twins(facts);
    let mut frames = frame::clashes(facts, &reach);
    frames.retain(|clash| {
        let own = places(clash);
        twins.iter().all(|twin| own.is_disjoint(&twin.places))
    });
    let mut clashes = with_untold(with_untold(told, bans), frames);
    root::name_roots(facts, &reach, &mut clashes);
    // What two copies disagree about is said once.
    clashes.retain(|clash| {
        let own = places(clash);
        !twins.iter().any(|twin| own.is_subset(&twin.places))
    });
    let clashes = clashes.iter().map(|clash| clash.draft(facts, &reach));
    let twins = twins.into_iter().map(|twin| twin.draft);
    twins.chain(clashes).collect()
}

/// Those about choices and practices alone.
pub(super) fn choices(facts: &Facts<'_>) -> Vec<Draft> {
    let reach = facts.reach();
    let clashes = choice::clashes(facts, &reach);
    let drafts = clashes.iter().map(|clash| clash.draft(facts, &reach));
    drafts.collect()
}

/// Statements by agent and unit.
type Places = BTreeSet<(u32, u32)>;

fn places(clash: &Clash) -> Places {
    let places = clash.places();
    places.map(|place| (place.agent, place.unit_idx)).collect()
}

/// Adds those of `more` that none of `told` tells as well.
fn with_untold(mut told: Vec<Clash>, more: Vec<Clash>) -> Vec<Clash> {
    let decided: Vec<Places> = told.iter().map(places).collect();
    let mut by_place: BTreeMap<(u32, u32), Vec<usize>> = BTreeMap::new();
    for (at, decided) in decided.iter().enumerate() {
        for &place in decided {
            by_place.entry(place).or_default().push(at);
        }
    }
    let is_untold = |clash: &Clash| {
        let own = places(clash);
        let others = own.first().and_then(|place| by_place.get(place));
        let mut others = others.into_iter().flatten();
        !others.any(|&other| own.is_subset(&decided[other]))
    };
    told.extend(more.into_iter().filter(is_untold));
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
        self.0.get_or_init(|| part(facts, place.agent, place.unit_idx as usize))
    }
}

/// The messages about a memory file and an agent `desk` below it, for the tests of the families.
#[cfg(test)]
fn found(memory: &str, agent: &str) -> Vec<String> {
    let agent = format!("---\nname: desk\ndescription: d\n---\n{agent}\n");
    let files = [("CLAUDE.md", memory), (".claude/agents/desk.md", agent.as_str())];
    let drafts = super::with_facts(&files, &[], crate::report::Scope::Project, findings);
    drafts.into_iter().map(|draft| draft.message).collect()
}
