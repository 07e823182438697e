//! What the words around a name say of it.

use super::phrase::{
    ends_phrase, is_command, is_complete, is_conceded, is_filler, is_list_member, is_sub_product,
    label, overlaps, starts_with_any,
};
use super::prose::Prose;
use super::wording::{Cue, Found};
use super::{Strength, decided};
use crate::agent::Direction;
use crate::facet::scan::{Hit, Target};

/// Cues under which nothing is decided, wherever they stand in a statement.
const OPEN: [Cue; 4] = [
    Cue::Condition,
    Cue::History,
    Cue::Comparison,
    Cue::Detection,
];

/// Cues of a heading or lead-in under which nothing is decided.
pub(super) const OPEN_ABOVE: [Cue; 7] = [
    Cue::Condition,
    Cue::History,
    Cue::Comparison,
    Cue::Detection,
    Cue::Knowledge,
    Cue::Example,
    Cue::Sample,
];

/// What the words around a name say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judgement {
    /// It speaks of something else: other times, conditions, samples.
    Elsewhere,
    /// Nothing.
    Mention,
    /// It is taken.
    Takes {
        strength: Strength,
        is_speciality: bool,
    },
    /// It is rejected.
    Rejects,
}

impl Judgement {
    fn takes_if(condition: bool, strength: Strength, is_speciality: bool) -> Self {
        if condition {
            Self::Takes {
                strength,
                is_speciality,
            }
        } else {
            Self::Mention
        }
    }
}

impl Prose<'_> {
    /// What the words around a name say of it.
    pub(super) fn judge(&self, hit: Hit, found: &[Found]) -> Judgement {
        let (start, end) = (hit.start as usize, hit.end as usize);
        let sentence = self.sentence(start);
        let here = || {
            found
                .iter()
                .filter(|cue| cue.start >= sentence.start && cue.end <= sentence.end)
        };
        let has = |cues: &[Cue]| {
            here().any(|found| cues.contains(&found.cue) && !overlaps(found, start, end))
        };
        if is_sub_product(&self.text[end..])
            || self.is_quoted(start)
            || self.context.has_any(&[Cue::Sample, Cue::History])
            || has(&OPEN)
            || self.text[..sentence.end].ends_with('?')
        {
            return Judgement::Elsewhere;
        }
        let is_command = is_command(&self.text[start..]);
        if is_command
            && self
                .table
                .scanner()
                .code_option(&self.text[start..])
                .is_none()
        {
            return Judgement::Elsewhere;
        }
        if self.is_rejected(start, end, found) {
            return if self.rejects_itself(hit) {
                Judgement::Rejects
            } else {
                Judgement::Elsewhere
            };
        }
        let is_warning = self
            .unit
            .is_some_and(|unit| unit.direction == Direction::Warning);
        let before = &self.text[sentence.start..start];
        let has_before = |cue: Cue| here().any(|found| found.cue == cue && found.end <= start);
        if has_before(Cue::Example) || has_before(Cue::Rejection) || is_warning {
            return Judgement::Elsewhere;
        }
        if self.unit.is_none() {
            // A description tells its subject first and triggers later.
            let is_first = sentence.start == 0 && !has_before(Cue::Order);
            return Judgement::takes_if(is_first && before.len() < 120, Strength::Weak, true);
        }
        if self.text[end..].starts_with("-first") && !has_before(Cue::Knowledge) {
            return Judgement::Takes {
                strength: Strength::Medium,
                is_speciality: false,
            };
        }
        if has_before(Cue::Identity) {
            return Judgement::takes_if(self.is_identity(), Strength::Strong, true);
        }
        if self.is_title() {
            return Judgement::Takes {
                strength: Strength::Medium,
                is_speciality: true,
            };
        }
        if self.is_heading() || self.context.has_any(&OPEN_ABOVE) || has(&[Cue::Knowledge]) {
            return Judgement::Mention;
        }
        if is_command {
            return Judgement::Takes {
                strength: Strength::Medium,
                is_speciality: false,
            };
        }
        let is_member =
            is_list_member(before, self.hits, sentence.start) && is_complete(&self.text[end..]);
        // Where a sentence ends inside the row, its first cell is no label of the next one.
        let first_cell = self
            .first_cell()
            .filter(|&n| sentence.start == 0 && n <= before.len())
            .map(|n| (0, n));
        if let Some((from, to)) = label(before).or(first_cell) {
            let is_listed = is_complete(&self.text[end..])
                && is_list_member(&before[to..], self.hits, sentence.start + to);
            let name = &before[from..to];
            let is_stack = self.is_stack_label(name)
                && !self.is_survey(name, &self.text[sentence.start + to..sentence.end]);
            let is_meant = is_listed && is_stack && !is_conceded(&self.text[end..]);
            return Judgement::takes_if(is_meant, Strength::Strong, false);
        }
        if is_member
            && starts_with_any(
                &self.text[end..],
                &[
                    "is your default",
                    "is the default",
                    "is our default",
                    "is the standard",
                    "is mandatory",
                    "is required",
                    "by default",
                ],
            )
        {
            return Judgement::Takes {
                strength: Strength::Strong,
                is_speciality: false,
            };
        }
        if here().any(|found| found.cue == Cue::Fact && found.end <= start)
            && here().any(|found| matches!(found.cue, Cue::Order | Cue::Use) && found.end <= start)
        {
            return Judgement::Takes {
                strength: Strength::Strong,
                is_speciality: false,
            };
        }
        let lead = here().rfind(|found| found.end <= start);
        let is_direct =
            |found: &Found| is_filler(&self.text[found.end..start], self.hits, found.end);
        match lead {
            Some(order) if order.cue == Cue::Order && is_direct(order) => {
                let is_first = self.text[sentence.start..order.start]
                    .chars()
                    .filter(|c| c.is_alphabetic())
                    .count()
                    <= 12;
                let is_always =
                    starts_with_any(
                        &self.text[order.start..],
                        &["always", "must", "only", "use only"],
                    ) || starts_with_any(before, &["always", "must", "you always", "only"]);
                let strength = match (is_first, is_always) {
                    (true, true) => Strength::Strong,
                    (true, false) => Strength::Medium,
                    (false, true) => Strength::Medium,
                    (false, false) => Strength::Weak,
                };
                Judgement::Takes {
                    strength,
                    is_speciality: false,
                }
            }
            Some(used) if used.cue == Cue::Use && is_direct(used) => Judgement::Takes {
                strength: Strength::Weak,
                is_speciality: false,
            },
            _ if is_member && self.is_in_stack() && self.is_short() => Judgement::Takes {
                strength: Strength::Strong,
                is_speciality: false,
            },
            _ => Judgement::Mention,
        }
    }

    /// A practice is prescribed by its cue, unless something takes it back.
    pub(super) fn judge_practice(&self, hit: Hit, found: &[Found]) -> Judgement {
        let start = hit.start as usize;
        let sentence = self.sentence(start);
        let here = || {
            found
                .iter()
                .filter(|cue| cue.start >= sentence.start && cue.end <= sentence.end)
        };
        let is_inside = |cue: &Found| cue.start >= start && cue.end <= hit.end as usize;
        let is_open = here().any(|cue| {
            matches!(cue.cue, Cue::Condition | Cue::History | Cue::Comparison) && !is_inside(cue)
        });
        let is_negative = found
            .iter()
            .any(|cue| cue.cue == Cue::Rejection && is_inside(cue));
        let is_reversed = self
            .unit
            .is_some_and(|unit| unit.direction == Direction::Warning)
            && !is_negative;
        let is_apart = self.unit.is_none()
            || self.is_heading()
            || self
                .context
                .has_any(&[Cue::Sample, Cue::Condition, Cue::Example])
            || self.text[..sentence.end].ends_with('?')
            || self.is_quoted(start);
        Judgement::takes_if(
            !is_open && !is_reversed && !is_apart,
            Strength::Medium,
            false,
        )
    }

    /// Whether a rejection leads straight to the name, and the sentence says no more about it.
    fn is_rejected(&self, start: usize, end: usize, found: &[Found]) -> bool {
        let before = found.iter().rev().filter(|cue| cue.end <= start);
        // "Never use", "nunca usar": the order is part of the rejection.
        let Some(cue) = before
            .clone()
            .find(|cue| cue.cue != Cue::Order)
            .or(before.clone().next())
        else {
            return false;
        };
        // "View models should not import UIKit" rejects it for view models alone.
        let clause = &self.text[..cue.start];
        let clause = &clause[clause
            .rfind([',', ';', ':', '(', '—', '–', '.', '!'])
            .map_or(0, |at| clause.ceil_char_boundary(at + 1))..];
        let is_about_other = clause
            .split(' ')
            .filter(|word| word.chars().any(char::is_alphabetic))
            .count()
            > 2
            || starts_with_any(&self.text[cue.start..], &["should", "must", "cannot"])
                && !clause.trim().is_empty();
        let cue_text = &self.text[cue.start..];
        let is_migration = starts_with_any(
            cue_text,
            &["migrated from", "migrated away from", "moved away from"],
        );
        let is_comparison = is_migration
            || starts_with_any(
                cue_text,
                &["over", "instead of", "rather than", "in place of"],
            );
        let between = &self.text[cue.end..start];
        cue.cue == Cue::Rejection
            && (is_comparison || !is_about_other)
            && !self.is_aside(cue.start)
            && is_filler(between, self.hits, cue.end)
            // "From webpack to Vite" leaves the first one.
            && !(is_migration && between.contains(" to "))
            && (is_comparison || ends_phrase(&self.text[end..]))
    }

    /// Whether a rejection is of the thing itself: "Svelte 5 instead of Svelte 4"
    /// rejects no more than the version, "not Lucide React" another thing, and
    /// what was left for something built on it is still there.
    fn rejects_itself(&self, hit: Hit) -> bool {
        let Target::Option(option) = hit.target else {
            return false;
        };
        let is_part_of = |other: &Hit| {
            other.end + 1 == hit.start && self.text[other.end as usize..].starts_with(' ')
        };
        let is_kept = |other: &Hit| {
            decided(other, self.table)
                .is_some_and(|other| other != option && self.table.includes(other, option))
        };
        self.version(hit, option).is_none()
            && !self
                .hits
                .iter()
                .any(|other| is_part_of(other) || is_kept(other))
    }

    /// Whether a cue stands amid brackets that describe something else than an
    /// option: "`roles.ts` is half of it (pure, no Prisma)".
    fn is_aside(&self, at: usize) -> bool {
        let before = &self.text[..at];
        let Some(open) = before
            .rfind('(')
            .filter(|&open| !before[open..].contains(')'))
        else {
            return false;
        };
        let subject = before[..open].trim_end().len();
        before[open..].contains(char::is_alphabetic)
            && !self
                .hits
                .iter()
                .any(|hit| hit.end as usize >= subject && hit.start as usize <= open)
    }
}
