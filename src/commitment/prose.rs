//! A statement in words: its names, its sentences, and where it stands.

use std::ops::Range;

use super::judgement::{Judgement, Name};
use super::phrase::{is_abbreviation, is_only_one};
use super::reading::Place;
use super::wording::{Cue, CueSet, cues};
use super::{Commitment, Strength, decided};
use crate::agent::{Agent, Direction, Kind, Unit, UnitKind};
use crate::facet::scan::Hit;
use crate::facet::version::Version;
use crate::facet::{FacetKind, Table};

/// A statement in words, and what is needed to judge it.
pub(super) struct Prose<'a> {
    pub(super) agent: &'a Agent,
    pub(super) source: &'a str,
    pub(super) table: &'a Table,
    pub(super) text: &'a str,
    pub(super) hits: &'a [Hit],
    pub(super) unit: Option<&'a Unit>,
    pub(super) place: Place,
    pub(super) context: CueSet,
}

impl Prose<'_> {
    pub(super) fn commit(&self, out: &mut Vec<Commitment>) {
        let found = cues(self.text);
        let judged: Vec<(Hit, u32, Judgement)> = self
            .hits
            .iter()
            .filter_map(|&hit| {
                let option = decided(&hit, self.table)?;
                let name = Name::new(self, hit, &found);
                let judgement = match self.table.facet_of(option).kind {
                    FacetKind::Choice => name.judge(),
                    FacetKind::Practice => name.judge_practice(),
                    FacetKind::Measure => Judgement::Mention,
                };
                Some((hit, option, judgement))
            })
            .collect();
        // "GraphQL only, we don't build REST resources" names no second choice.
        let is_denied = |rival: Hit, from: usize| {
            found.iter().any(|cue| {
                let clause = self.text.get(cue.end..rival.start as usize);
                cue.cue == Cue::Rejection
                    && cue.start >= from
                    && clause.is_some_and(|clause| !clause.contains([',', ';', '.', ':']))
            })
        };
        for &(hit, option, judgement) in &judged {
            let facet = self.table.option(option).facet;
            let is_rival = |&(rival, other, judgement): &(Hit, u32, Judgement)| {
                self.table.option(other).facet == facet
                    && !self.table.agree(option, other)
                    && judgement != Judgement::Rejects
                    && !is_denied(rival, hit.end as usize)
            };
            let version = self.version(hit, option);
            let (takes, strength, is_speciality) = match judgement {
                // A version is told of what is there.
                Judgement::Mention | Judgement::Takes { strength: Strength::Named, .. }
                    if version.is_some() && !judged.iter().any(is_rival) =>
                {
                    (true, Strength::Weak, false)
                }
                Judgement::Mention | Judgement::Elsewhere => continue,
                Judgement::Rejects => (false, Strength::Strong, false),
                Judgement::Takes { strength, .. }
                    if judged.iter().any(|rival| {
                        is_rival(rival)
                            && !(strength == Strength::Strong && self.is_behind(hit, rival))
                    }) =>
                {
                    continue;
                }
                Judgement::Takes { strength, is_speciality } => {
                    // "npm (not yarn)" decides more surely than "npm" alone.
                    let is_decided = judged.iter().any(|&(_, other, judgement)| {
                        self.table.option(other).facet == facet && judgement == Judgement::Rejects
                    });
                    (true, if is_decided { Strength::Strong } else { strength }, is_speciality)
                }
            };
            let span = match self.unit {
                Some(unit) => unit.span,
                None => self.agent.description.span.unwrap_or_default(),
            };
            out.push(Commitment {
                version,
                takes,
                is_speciality,
                is_only: takes
                    && strength > Strength::Weak
                    && is_only_one(
                        &self.text[..hit.start as usize],
                        &self.text[hit.end as usize..],
                    ),
                ..Commitment::taken(option, strength, self.place, span)
            });
        }
    }

    /// Whether a rival is merely named, in another sentence than the one that
    /// decides: "pnpm is the only package manager. An npm lockfile is an error."
    fn is_behind(&self, hit: Hit, &(rival, _, judgement): &(Hit, u32, Judgement)) -> bool {
        let is_named = match judgement {
            Judgement::Takes { strength, .. } => strength < Strength::Weak,
            Judgement::Elsewhere | Judgement::Mention | Judgement::Rejects => true,
        };
        is_named && !self.sentence(hit.start as usize).contains(&(rival.start as usize))
    }

    pub(super) fn version(&self, hit: Hit, option: u32) -> Option<Version> {
        let n = self.table.option(option).version;
        let name = &self.text[hit.start as usize..hit.end as usize];
        // "Vue 3" and "Java 17" may be names of their own.
        let digits = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let ends_in_digits = digits < name.len() && name[..digits].ends_with(' ');
        let rest = if ends_in_digits {
            &self.text[hit.start as usize + digits - 1..]
        } else {
            &self.text[hit.end as usize..]
        };
        if n == 0 { None } else { Version::after_name(rest, n) }
    }

    /// The sentence around a byte: units of list items may hold several.
    pub(super) fn sentence(&self, at: usize) -> Range<usize> {
        let text = self.text;
        let is_border = |space: &usize| {
            let before = &text[..*space];
            before.ends_with(['.', '!', '?', ';', '。']) && !is_abbreviation(before)
        };
        let spaces = |range: Range<usize>| {
            let offset = range.start;
            let bytes = text.as_bytes()[range].iter().enumerate();
            bytes.filter(|&(_, &byte)| byte == b' ').map(move |(at, _)| offset + at)
        };
        let start = spaces(0..at).rev().find(is_border).map_or(0, |space| space + 1);
        let end = spaces(at..text.len()).find(is_border).unwrap_or(text.len());
        start..end
    }

    pub(super) fn is_warning(&self) -> bool {
        self.unit.is_some_and(|unit| unit.direction == Direction::Warning)
    }

    pub(super) fn is_heading(&self) -> bool {
        self.unit.is_some_and(|unit| unit.kind == UnitKind::Heading)
    }

    /// Whether this is the title of the file.
    pub(super) fn is_title(&self) -> bool {
        let Some(unit) = self.unit else { return false };
        self.is_heading() && self.agent.sections[unit.section_idx as usize].level == 1
    }

    pub(super) fn is_identity(&self) -> bool {
        let identity = self.agent.identity();
        self.unit.is_some_and(|unit| identity.iter().any(|own| own.span == unit.span))
    }

    pub(super) fn is_short(&self) -> bool {
        const MAX_WORDS: usize = 14;
        self.text.split(' ').count() <= MAX_WORDS
    }

    /// Whether the name stands in quotation marks, as somebody else's words.
    pub(super) fn is_quoted(&self, start: usize) -> bool {
        let before = &self.text[..start];
        let n_straight = before.bytes().filter(|&byte| byte == b'"').count();
        let n_curly =
            if before.is_ascii() { 0 } else { before.matches(['“', '”', '«', '»']).count() };
        (n_straight + n_curly) % 2 == 1
    }

    /// Whether a label names what is chosen, not what is looked for or known.
    pub(super) fn is_stack_label(&self, label: &str) -> bool {
        const OTHER: [&str; 20] = [
            "note", "example", "input", "output", "user", "assistant", "context", "tags",
            "keywords", "triggers", "trigger", "why", "tip", "sources", "fallback", "alternative",
            "backup", "optional", "legacy", "import",
        ];
        let label = label.trim_end_matches([':', ' ', '-', '–', '—']);
        let is_row = self.unit.is_some_and(|unit| unit.kind == UnitKind::Row);
        label.split(' ').count() <= 4
            && !OTHER.iter().any(|other| label.eq_ignore_ascii_case(other))
            && (!is_row || self.n_cells() == 2)
    }

    /// Whether the headings say that this is what is used.
    pub(super) fn is_in_stack(&self) -> bool {
        self.context.has(Cue::Stack)
            || self.agent.kind == Kind::Memory && self.context.has(Cue::Overview)
    }

    /// Length of the first of two cells in the text of a row.
    pub(super) fn first_cell(&self) -> Option<usize> {
        let unit = self.unit.filter(|unit| unit.kind == UnitKind::Row)?;
        let cell =
            unit.span.of(self.source).split('|').map(str::trim).find(|cell| !cell.is_empty())?;
        let cell = cell.trim_matches(['*', '`', '_']);
        (self.n_cells() == 2 && self.text.starts_with(cell)).then_some(cell.len())
    }

    /// Whether a label in the plural stands above a list of three or more:
    /// "Patterns: microservices, CQRS, event sourcing" is what one knows.
    pub(super) fn is_survey(&self, label: &str, list: &str) -> bool {
        let label = label.trim_end_matches(|c: char| !c.is_alphanumeric());
        let is_plural = label.ends_with('s')
            && !label.ends_with("ss")
            && !label.to_ascii_lowercase().ends_with("css");
        is_plural && list.matches(',').count() >= 2 && !self.is_in_stack()
    }

    fn n_cells(&self) -> usize {
        let Some(unit) = self.unit else { return 0 };
        unit.span.of(self.source).split('|').filter(|cell| !cell.trim().is_empty()).count()
    }
}
