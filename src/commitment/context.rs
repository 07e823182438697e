//! What headings and lead-ins say about what stands below them.

use rustc_hash::FxHashMap;

use super::wording::{Cue, CueSet, cue_set};
use crate::agent::{Agent, MAX_INTRODUCTION_BYTES, Unit};
use crate::text::strip_prefix_of_any_case;

/// Cues of a heading that the title of a stack outweighs.
const CATALOGUING: [Cue; 3] = [Cue::Knowledge, Cue::Comparison, Cue::Detection];

/// Cues that are words of names in a title.
const OF_NAMES: [Cue; 4] = [Cue::Knowledge, Cue::Comparison, Cue::Detection, Cue::History];

/// What headings and lead-ins say about what stands below them.
pub(super) struct Contexts<'a> {
    agent: &'a Agent,
    source: &'a str,
    by_section: Vec<Option<CueSet>>,
    /// By lead-in: its own cues.
    by_lead_in: FxHashMap<u32, CueSet>,
}

impl<'a> Contexts<'a> {
    pub(super) fn new(agent: &'a Agent, source: &'a str) -> Self {
        Self {
            agent,
            source,
            by_section: vec![None; agent.sections.len()],
            by_lead_in: FxHashMap::default(),
        }
    }

    /// The cues of the lead-ins and headings above a unit.
    pub(super) fn of(&mut self, unit: &Unit) -> CueSet {
        let headings = self.section(self.agent.governing_section(unit));
        let agent = self.agent;
        let lead_ins = agent.lead_in_ids(unit);
        lead_ins.fold(headings, |set, idx| set.and(self.lead_in(idx)))
    }

    /// The cues of one lead-in, by how it begins.
    fn lead_in(&mut self, idx: u32) -> CueSet {
        *self.by_lead_in.entry(idx).or_insert_with(|| {
            let lead_in = &self.agent.units[idx as usize];
            let text = self.agent.unit_start(lead_in, self.source, MAX_INTRODUCTION_BYTES);
            if is_occasion(&text) {
                cue_set(&text).without(&[Cue::Condition])
            } else {
                cue_set(&text)
            }
        })
    }

    fn section(&mut self, idx: u32) -> CueSet {
        if let Some(set) = self.by_section[idx as usize] {
            return set;
        }
        let section = self.agent.sections[idx as usize];
        let own = section.heading.map_or(CueSet::default(), |heading| {
            cue_set(&self.agent.unit_text(&self.agent.units[heading as usize], self.source))
        });
        // A title names the project or the agent: "Docs repo", "Legacy portal", "Bug hunter".
        let own = match section.level {
            1 => own.without(&OF_NAMES),
            _ => own,
        };
        let set = match section.parent {
            parent if parent == idx => own,
            // "Tech stack" below "What you know" is a stack.
            parent if own.has(Cue::Stack) => own.and(self.section(parent).without(&CATALOGUING)),
            parent => own.and(self.section(parent)),
        };
        let set = if own.has(Cue::Stack) { set.without(&CATALOGUING) } else { set };
        self.by_section[idx as usize] = Some(set);
        set
    }
}

/// Whether a lead-in names no more than the agent's own work: "When invoked:".
fn is_occasion(lead_in: &str) -> bool {
    const OCCASIONS: [&str; 12] = [
        "when invoked", "when called", "when activated", "when started", "when launched",
        "when delegated", "when you write", "when you create", "when you add", "when you change",
        "when you edit", "when you implement",
    ];
    OCCASIONS.iter().any(|occasion| strip_prefix_of_any_case(lead_in, occasion).is_some())
}
