//! What each agent commits to: "Stack: Next.js 15", "use pnpm (not npm)".
//!
//! Most names in a text are mere mentions: lists of what somebody knows,
//! conditions, history, examples, comparisons. What counts is the wording
//! around a name; the precision of each wording was measured
//! (docs/conflicts.md). Where two options of one facet stand side by side
//! in a statement, both are on offer and neither is chosen.

pub mod reading;
mod sample;
mod tree;
mod wording;

use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::agent::{Agent, Direction, Kind, Unit, UnitKind};
use crate::facet::scan::{Hit, Target};
use crate::facet::version::Version;
use crate::facet::{Exclusive, FacetKind, Table};
use crate::source::Span;
use reading::{Place, Reading, Statement};
use wording::{Cue, CueSet, Found, cue_set, cues};

/// How surely a wording decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// In one of two to three cases: counts where there is a second witness.
    Weak,
    /// In two of three cases.
    Medium,
    /// In nine of ten cases.
    Strong,
}

/// One statement's stance on one option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commitment {
    /// The option, by its index in the table.
    pub option: u32,
    /// Its version, where one is told that matters.
    pub version: Option<Version>,
    /// Whether it is taken; else it is rejected.
    pub takes: bool,
    /// How surely.
    pub strength: Strength,
    /// Whether the agent is a specialist of it: its identity, title or description says so.
    pub is_speciality: bool,
    /// Whether it is no more than the version that a sample of code asks for.
    pub is_sample: bool,
    /// Where the statement stands.
    pub place: Place,
    /// What is to be quoted.
    pub span: Span,
}

/// All commitments of an agent, in the order of the file. Facets whose options
/// stand side by side as a rule ([`Exclusive::Never`]) decide nothing.
pub fn commitments(agent: &Agent, source: &str, table: &Table) -> Vec<Commitment> {
    commitments_in(
        agent,
        source,
        table,
        &Reading::new(agent, source, table.scanner()),
    )
}

/// [`commitments`], where the agent was read before.
pub fn commitments_in(
    agent: &Agent,
    source: &str,
    table: &Table,
    reading: &Reading<'_>,
) -> Vec<Commitment> {
    let mut contexts = Contexts::new(agent, source);
    let mut commitments = Vec::new();
    for statement in reading.statements() {
        let hits = reading.hits(statement);
        if statement.text.len() > MAX_STATEMENT_BYTES
            || hits.len() > MAX_NAMES
            || !hits.iter().any(|hit| decided(hit, table).is_some())
        {
            continue;
        }
        let unit = unit_of(agent, statement);
        let prose = Prose {
            agent,
            source,
            table,
            text: &statement.text,
            hits,
            unit,
            place: statement.place,
            context: unit.map_or(CueSet::default(), |unit| contexts.of(unit)),
        };
        prose.commit(&mut commitments);
    }
    sample::commit(agent, source, table, &mut contexts, &mut commitments);
    tree::commit(agent, source, table, &mut contexts, &mut commitments);
    commitments.extend(sample::npm_by_use(
        agent,
        source,
        table,
        reading,
        &mut contexts,
    ));
    commitments.sort_by_key(|commitment| (commitment.span, commitment.option));
    commitments
}

fn unit_of<'a>(agent: &'a Agent, statement: &Statement<'_>) -> Option<&'a Unit> {
    match statement.place {
        Place::Description => None,
        Place::Unit(idx) => Some(&agent.units[idx as usize]),
    }
}

/// What headings and lead-ins say about what stands below them.
struct Contexts<'a> {
    agent: &'a Agent,
    source: &'a str,
    by_section: Vec<Option<CueSet>>,
    /// By the innermost lead-in of a unit.
    by_lead_in: FxHashMap<u32, CueSet>,
}

impl<'a> Contexts<'a> {
    fn new(agent: &'a Agent, source: &'a str) -> Self {
        Self {
            agent,
            source,
            by_section: vec![None; agent.sections.len()],
            by_lead_in: FxHashMap::default(),
        }
    }

    /// The cues of the lead-ins and headings above a unit.
    fn of(&mut self, unit: &Unit) -> CueSet {
        let headings = self.section(self.agent.governing_section(unit));
        let lead_ins = unit.lead_in.map_or(CueSet::default(), |innermost| {
            *self.by_lead_in.entry(innermost).or_insert_with(|| {
                let lead_ins = self.agent.lead_ins(unit);
                lead_ins.fold(CueSet::default(), |set, lead_in| {
                    set.and(cue_set(&self.agent.unit_text(lead_in, self.source)))
                })
            })
        });
        headings.and(lead_ins)
    }

    fn section(&mut self, idx: u32) -> CueSet {
        if let Some(set) = self.by_section[idx as usize] {
            return set;
        }
        let section = self.agent.sections[idx as usize];
        let own = section.heading.map_or(CueSet::default(), |heading| {
            cue_set(
                &self
                    .agent
                    .unit_text(&self.agent.units[heading as usize], self.source),
            )
        });
        let set = match section.parent {
            parent if parent == idx => own,
            // "Tech stack" below "What you know" is a stack.
            parent if own.has(Cue::Stack) => own.and(self.section(parent).without(&CATALOGUING)),
            parent => own.and(self.section(parent)),
        };
        let set = if own.has(Cue::Stack) {
            set.without(&CATALOGUING)
        } else {
            set
        };
        self.by_section[idx as usize] = Some(set);
        set
    }
}

/// Cues under which nothing is decided, wherever they stand in a statement.
const OPEN: [Cue; 4] = [
    Cue::Condition,
    Cue::History,
    Cue::Comparison,
    Cue::Detection,
];

/// Cues of a heading or lead-in under which nothing is decided.
const OPEN_ABOVE: [Cue; 7] = [
    Cue::Condition,
    Cue::History,
    Cue::Comparison,
    Cue::Detection,
    Cue::Knowledge,
    Cue::Example,
    Cue::Sample,
];

/// Those of them that the title of a stack outweighs.
const CATALOGUING: [Cue; 3] = [Cue::Knowledge, Cue::Comparison, Cue::Detection];

/// Longer statements, and those with more names, decide nothing.
const MAX_STATEMENT_BYTES: usize = 4096;
const MAX_NAMES: usize = 64;

/// The option that a name may decide for.
fn decided(hit: &Hit, table: &Table) -> Option<u32> {
    match hit.target {
        Target::Option(option) => {
            (table.facet_of(option).exclusive != Exclusive::Never).then_some(option)
        }
        Target::Measure(_) => None,
    }
}

/// A statement in words, and what is needed to judge it.
struct Prose<'a> {
    agent: &'a Agent,
    source: &'a str,
    table: &'a Table,
    text: &'a str,
    hits: &'a [Hit],
    unit: Option<&'a Unit>,
    place: Place,
    context: CueSet,
}

impl Prose<'_> {
    fn commit(&self, out: &mut Vec<Commitment>) {
        let found = cues(self.text);
        let judged: Vec<(Hit, u32, Judgement)> = self
            .hits
            .iter()
            .filter_map(|&hit| {
                let option = decided(&hit, self.table)?;
                let judgement = match self.table.facet_of(option).kind {
                    FacetKind::Choice => self.judge(hit, &found),
                    FacetKind::Practice => self.judge_practice(hit, &found),
                    FacetKind::Measure => Judgement::Mention,
                };
                Some((hit, option, judgement))
            })
            .collect();
        for &(hit, option, judgement) in &judged {
            let facet = self.table.option(option).facet;
            let is_rival = |&(_, other, judgement): &(Hit, u32, Judgement)| {
                self.table.option(other).facet == facet
                    && !self.table.agree(option, other)
                    && judgement != Judgement::Rejects
            };
            let version = self.version(hit, option);
            let (takes, strength, is_speciality) = match judgement {
                // A version is told of what is there.
                Judgement::Mention if version.is_some() && !judged.iter().any(is_rival) => {
                    (true, Strength::Weak, false)
                }
                Judgement::Mention | Judgement::Elsewhere => continue,
                Judgement::Rejects => (false, Strength::Strong, false),
                Judgement::Takes { .. } if judged.iter().any(is_rival) => continue,
                Judgement::Takes {
                    strength,
                    is_speciality,
                } => {
                    // "npm (not yarn)" decides more surely than "npm" alone.
                    let is_decided = judged.iter().any(|&(_, other, judgement)| {
                        self.table.option(other).facet == facet && judgement == Judgement::Rejects
                    });
                    (
                        true,
                        if is_decided {
                            Strength::Strong
                        } else {
                            strength
                        },
                        is_speciality,
                    )
                }
            };
            let span = match self.unit {
                Some(unit) => unit.span,
                None => self.agent.description.span.unwrap_or_default(),
            };
            out.push(Commitment {
                option,
                version,
                takes,
                strength,
                is_speciality,
                is_sample: false,
                place: self.place,
                span,
            });
        }
    }

    fn version(&self, hit: Hit, option: u32) -> Option<Version> {
        let n = self.table.option(option).version;
        let name = &self.text[hit.start as usize..hit.end as usize];
        // "Vue 3" and "Java 17" may be names of their own.
        let digits = name
            .trim_end_matches(|c: char| c.is_ascii_digit() || c == '.')
            .len();
        let ends_in_digits = digits < name.len() && name[..digits].ends_with(' ');
        let rest = if ends_in_digits {
            &self.text[hit.start as usize + digits - 1..]
        } else {
            &self.text[hit.end as usize..]
        };
        if n == 0 {
            None
        } else {
            Version::after_name(rest, n)
        }
    }

    /// What the words around a name say of it.
    fn judge(&self, hit: Hit, found: &[Found]) -> Judgement {
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
    fn judge_practice(&self, hit: Hit, found: &[Found]) -> Judgement {
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

    /// The sentence around a byte: units of list items may hold several.
    fn sentence(&self, at: usize) -> Range<usize> {
        let text = self.text;
        let is_border = |space: &usize| {
            let before = &text[..*space];
            before.ends_with(['.', '!', '?', ';', '。']) && !is_abbreviation(before)
        };
        let spaces = |range: Range<usize>| {
            let offset = range.start;
            let bytes = text.as_bytes()[range].iter().enumerate();
            bytes
                .filter(|&(_, &byte)| byte == b' ')
                .map(move |(at, _)| offset + at)
        };
        let start = spaces(0..at)
            .rev()
            .find(is_border)
            .map_or(0, |space| space + 1);
        let end = spaces(at..text.len()).find(is_border).unwrap_or(text.len());
        start..end
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

    fn is_heading(&self) -> bool {
        self.unit.is_some_and(|unit| unit.kind == UnitKind::Heading)
    }

    /// Whether this is the title of the file.
    fn is_title(&self) -> bool {
        let Some(unit) = self.unit else { return false };
        self.is_heading() && self.agent.sections[unit.section_idx as usize].level == 1
    }

    fn is_identity(&self) -> bool {
        let identity = self.agent.identity();
        self.unit
            .is_some_and(|unit| identity.iter().any(|own| own.span == unit.span))
    }

    fn is_short(&self) -> bool {
        const MAX_WORDS: usize = 14;
        self.text.split(' ').count() <= MAX_WORDS
    }

    /// Whether the name stands in quotation marks, as somebody else's words.
    fn is_quoted(&self, start: usize) -> bool {
        let before = &self.text[..start];
        let n_straight = before.bytes().filter(|&byte| byte == b'"').count();
        let n_curly = if before.is_ascii() {
            0
        } else {
            before.matches(['“', '”', '«', '»']).count()
        };
        (n_straight + n_curly) % 2 == 1
    }

    /// Whether a label names what is chosen, not what is looked for or known.
    fn is_stack_label(&self, label: &str) -> bool {
        const OTHER: [&str; 20] = [
            "note",
            "example",
            "input",
            "output",
            "user",
            "assistant",
            "context",
            "tags",
            "keywords",
            "triggers",
            "trigger",
            "why",
            "tip",
            "sources",
            "fallback",
            "alternative",
            "backup",
            "optional",
            "legacy",
            "import",
        ];
        let label = label.trim_end_matches([':', ' ', '-', '–', '—']);
        let is_row = self.unit.is_some_and(|unit| unit.kind == UnitKind::Row);
        label.split(' ').count() <= 4
            && !OTHER.iter().any(|other| label.eq_ignore_ascii_case(other))
            && (!is_row || self.n_cells() == 2)
    }

    /// Whether the headings say that this is what is used.
    fn is_in_stack(&self) -> bool {
        self.context.has(Cue::Stack)
            || self.agent.kind == Kind::Memory && self.context.has(Cue::Overview)
    }

    /// Length of the first of two cells in the text of a row.
    fn first_cell(&self) -> Option<usize> {
        let unit = self.unit.filter(|unit| unit.kind == UnitKind::Row)?;
        let cell = unit
            .span
            .of(self.source)
            .split('|')
            .map(str::trim)
            .find(|cell| !cell.is_empty())?;
        let cell = cell.trim_matches(['*', '`', '_']);
        (self.n_cells() == 2 && self.text.starts_with(cell)).then_some(cell.len())
    }

    /// Whether a label in the plural stands above a list of three or more:
    /// "Patterns: microservices, CQRS, event sourcing" is what one knows.
    fn is_survey(&self, label: &str, list: &str) -> bool {
        let label = label.trim_end_matches(|c: char| !c.is_alphanumeric());
        let is_plural = label.ends_with('s')
            && !label.ends_with("ss")
            && !label.to_ascii_lowercase().ends_with("css");
        is_plural && list.matches(',').count() >= 2 && !self.is_in_stack()
    }

    fn n_cells(&self) -> usize {
        let Some(unit) = self.unit else { return 0 };
        unit.span
            .of(self.source)
            .split('|')
            .filter(|cell| !cell.trim().is_empty())
            .count()
    }
}

/// What the words around a name say of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Judgement {
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

fn overlaps(found: &Found, start: usize, end: usize) -> bool {
    found.start < end && start < found.end
}

fn is_abbreviation(text: &str) -> bool {
    ["e.g.", "i.e.", "vs.", "etc.", "z.B.", "ca.", "approx."]
        .iter()
        .any(|one| text.ends_with(one))
}

fn starts_with_any(text: &str, starts: &[&str]) -> bool {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    starts.iter().any(|start| {
        text.get(..start.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(start))
    })
}

/// Where the label ends that stands last before a name: "Framework: ",
/// "Database – ".
fn label(text: &str) -> Option<(usize, usize)> {
    const MAX_LABEL_WORDS: usize = 4;
    let at = text.rfind([':', '：', '–', '—', '→'])?;
    let sign = text[at..].chars().next()?;
    let end = at + sign.len_utf8();
    let is_spaced = text[end..].is_empty() || text[end..].starts_with(' ');
    if at == 0 || matches!(sign, ':' | '–' | '—') && !is_spaced {
        return None;
    }
    // A label begins the line, or with a capital within it.
    let spaces = || text[..at].rmatch_indices(' ').take(MAX_LABEL_WORDS);
    let start = if spaces().count() < MAX_LABEL_WORDS {
        0
    } else {
        spaces()
            .map(|(space, _)| space + 1)
            .find(|&start| text[start..].starts_with(char::is_uppercase))?
    };
    Some((start, end))
}

/// Whether nothing but other names, versions and signs of a list stands before
/// a name, or since the last such sign.
fn is_list_member(before: &str, hits: &[Hit], offset: usize) -> bool {
    let signs = before.rmatch_indices([',', '+', '&', '/', '、', '，', '·', '|']);
    let at = signs.map(|(at, sign)| at + sign.len()).next().unwrap_or(0);
    is_filler(&before[at..], hits, offset + at) && before[..at].split(' ').count() < 16
}

/// Words that may stand between a cue and the name that it is about.
const FILLERS: [&str; 46] = [
    "use",
    "using",
    "the",
    "a",
    "an",
    "any",
    "our",
    "only",
    "always",
    "modern",
    "and",
    "with",
    "of",
    "to",
    "raw",
    "plain",
    "or",
    "introduce",
    "usar",
    "uses",
    "utilizar",
    "utilizes",
    "verwenden",
    "benutzen",
    "nutzen",
    "utiliser",
    "utilisez",
    "usare",
    "install",
    "import",
    "latest",
    "proper",
    "strict",
    "best",
    "recommend",
    "new",
    "el",
    "la",
    "le",
    "der",
    "die",
    "das",
    "ein",
    "de",
    "un",
    "i.e",
];

/// Whether a text holds only names, versions, signs and words that mean nothing here.
fn is_filler(text: &str, hits: &[Hit], offset: usize) -> bool {
    let is_named = |at: usize| {
        hits.iter()
            .any(|hit| (hit.start as usize) <= at && at < hit.end as usize)
    };
    let mut at = 0;
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '\'') {
        let is_version = word.starts_with(|c: char| c.is_ascii_digit()) || word.is_empty();
        if !is_version
            && !is_named(offset + at)
            && !FILLERS
                .iter()
                .any(|filler| filler.eq_ignore_ascii_case(word))
        {
            return false;
        }
        at += word.len();
        at += text[at..].chars().next().map_or(0, char::len_utf8);
    }
    true
}

/// Whether the sentence says no more about the name it just told.
fn ends_phrase(rest: &str) -> bool {
    let rest = rest.trim_start_matches(['`', '*', '"', '\'']);
    rest.is_empty()
        || rest.starts_with(['.', ',', ';', ')', '!', '/', ']', '。', '，', '、', ':'])
        || starts_with_any(
            rest,
            &[
                "or ", "and ", "nor ", "here", "in this", "at all", "for ", "oder ", "ni ", "ou ",
            ],
        ) && rest.starts_with(' ')
        || rest.starts_with(" –")
        || rest.starts_with(" —")
        || rest.starts_with(" -")
}

/// Whether a name goes on: "React Aria", "Docker Hub"; versions and
/// common nouns are no part of it.
fn is_sub_product(rest: &str) -> bool {
    const PARTS: [&str; 12] = [
        "App",
        "Router",
        "Server",
        "Components",
        "LTS",
        "API",
        "Edge",
        "SDK",
        "ORM",
        "CLI",
        "Actions",
        "Pages",
    ];
    let Some(word) = rest.strip_prefix(' ') else {
        return false;
    };
    let word = word
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    let is_capital = word.chars().next().is_some_and(char::is_uppercase);
    is_capital && !PARTS.contains(&word)
}

/// Whether brackets behind a name say that another thing is used after all:
/// "Lucide (configured, but Tabler is used)".
fn is_conceded(rest: &str) -> bool {
    let rest = rest.trim_start_matches(['*', '`', ' ']);
    let aside = rest
        .strip_prefix('(')
        .and_then(|rest| rest.split(')').next());
    aside.is_some_and(|aside| aside.contains(" but "))
}

/// Whether a name in a list stands for the thing itself: "React 18, …", "JWT
/// for sessions", but not "React optimization".
fn is_complete(rest: &str) -> bool {
    const NOUNS: [&str; 22] = [
        "app",
        "router",
        "api",
        "components",
        "framework",
        "library",
        "database",
        "orm",
        "tokens",
        "authentication",
        "auth",
        "runtime",
        "server",
        "primitives",
        "classes",
        "hooks",
        "cache",
        "queue",
        "store",
        "storage",
        "workspaces",
        "monorepo",
    ];
    const PREPOSITIONS: [&str; 24] = [
        "for",
        "with",
        "as",
        "on",
        "via",
        "in",
        "and",
        "by",
        "at",
        "to",
        "only",
        "everywhere",
        "für",
        "mit",
        "als",
        "para",
        "con",
        "como",
        "pour",
        "avec",
        "для",
        "с",
        "за",
        "over",
    ];
    let rest =
        rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '@' | '`'));
    let rest = rest
        .strip_prefix(" v")
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        .unwrap_or(rest);
    let rest =
        rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '.' | '+'));
    let n = rest
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(rest.len());
    let word = &rest[..n];
    word.is_empty()
        || !word.is_ascii() && !word.starts_with(char::is_uppercase)
        || NOUNS
            .iter()
            .chain(&PREPOSITIONS)
            .any(|one| one.eq_ignore_ascii_case(word))
}

/// Whether a name is the program of a command in the text: "npm run lint".
fn is_command(text: &str) -> bool {
    const SUBCOMMANDS: [&str; 20] = [
        "run", "install", "ci", "add", "exec", "test", "start", "build", "i", "init", "create",
        "dlx", "x", "lint", "format", "check", "dev", "sync", "audit", "publish",
    ];
    let mut words = text.split(' ');
    let program = words.next().unwrap_or_default();
    let next = words
        .next()
        .unwrap_or_default()
        .trim_end_matches([',', '.', ')', ';', ':']);
    let is_program = program.bytes().all(|byte| byte.is_ascii_lowercase());
    is_program && (SUBCOMMANDS.contains(&next) || next.starts_with('-') && next.len() > 1)
}

/// What an agent stands for in one facet, all its statements taken together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stance {
    /// The option, by its index in the table.
    pub option: u32,
    /// Whether it is taken; else it is rejected.
    pub takes: bool,
    /// How surely: two weak statements make a medium one.
    pub strength: Strength,
    /// Whether it is no more than the agent's speciality.
    pub is_speciality: bool,
    /// The statement that says it best, among the agent's commitments.
    pub best: u32,
}

/// By how well a statement can be quoted for what it says.
fn rank(commitment: &Commitment) -> (Strength, bool, bool) {
    (
        commitment.strength,
        !commitment.is_speciality,
        commitment.place != Place::Description,
    )
}

/// The stances of an agent on facets, by option, rejections last. Where it
/// takes several options that exclude each other and none more surely than the
/// others, it leaves the facet open and has no stance.
pub fn stances(commitments: &[Commitment], table: &Table) -> Vec<Stance> {
    let mut stances: Vec<Stance> = Vec::new();
    for (idx, commitment) in (0..).zip(commitments) {
        if commitment.is_sample {
            continue;
        }
        let known = stances
            .iter_mut()
            .find(|stance| stance.option == commitment.option && stance.takes == commitment.takes);
        match known {
            None => stances.push(Stance {
                option: commitment.option,
                takes: commitment.takes,
                strength: commitment.strength,
                is_speciality: commitment.is_speciality,
                best: idx,
            }),
            Some(stance) => {
                let best = &commitments[stance.best as usize];
                if rank(commitment) > rank(best) {
                    stance.best = idx;
                }
                let is_second_witness = commitment.strength == Strength::Weak
                    && stance.strength == Strength::Weak
                    && commitment.place != best.place;
                let strength = if is_second_witness {
                    Strength::Medium
                } else {
                    commitment.strength
                };
                stance.strength = stance.strength.max(strength);
                stance.is_speciality &= commitment.is_speciality;
            }
        }
    }
    stances.retain(|stance| stance.strength > Strength::Weak);
    let rivals = |stance: &Stance, other: &Stance| {
        let facet = table.option(stance.option).facet;
        stance.takes
            && other.takes
            && table.option(other.option).facet == facet
            && table.facet(facet).exclusive == Exclusive::Project
            && !table.agree(stance.option, other.option)
    };
    let all = stances.clone();
    stances.retain(|stance| {
        !all.iter()
            .any(|other| rivals(stance, other) && other.strength >= stance.strength)
    });
    stances.sort_by_key(|stance| (!stance.takes, stance.option));
    stances
}

/// The versions that an agent tells, one statement for each option: none where
/// it tells several of equal standing.
pub fn versions(commitments: &[Commitment]) -> Vec<&Commitment> {
    let mut told: BTreeMap<u32, Vec<&Commitment>> = BTreeMap::new();
    for commitment in commitments {
        if commitment.takes
            && commitment.version.is_some()
            && commitment.place != Place::Description
        {
            told.entry(commitment.option).or_default().push(commitment);
        }
    }
    told.into_values().filter_map(agreed).collect()
}

/// The first of the surest, if all of these may mean one version.
fn agreed(told: Vec<&Commitment>) -> Option<&Commitment> {
    let surest = told.iter().map(|commitment| commitment.strength).max()?;
    let mut best = told
        .into_iter()
        .filter(|commitment| commitment.strength == surest);
    let first = best.next()?;
    let agrees = |other: &Commitment| {
        first
            .version
            .zip(other.version)
            .is_some_and(|(a, b)| a.agrees(b))
    };
    best.all(agrees).then_some(first)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::agent::parse;
    use crate::discover::classify;
    use crate::facet::Entries;
    use crate::source::{FileId, SourceFile};

    static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new(&Entries::new()).0);

    /// The commitments of a body, as "Flask", "React 19" or "not npm", each with `?` unless strong.
    fn committed(body: &str) -> Vec<String> {
        committed_at(
            ".claude/agents/a.md",
            &format!("---\nname: a\ndescription: d\n---\n{body}"),
        )
    }

    fn read(path: &str, text: &str) -> Vec<Commitment> {
        let file = SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let agent = parse(FileId(0), &file, classify(path));
        commitments(&agent, text, &TABLE)
    }

    fn committed_at(path: &str, text: &str) -> Vec<String> {
        let mut told: Vec<String> = read(path, text)
            .iter()
            .map(|commitment| {
                let not = if commitment.takes { "" } else { "not " };
                let name = &TABLE.option(commitment.option).name;
                let version = commitment
                    .version
                    .map(|version| format!(" {version}"))
                    .unwrap_or_default();
                let doubt = if commitment.strength == Strength::Strong {
                    ""
                } else {
                    "?"
                };
                format!("{not}{name}{version}{doubt}")
            })
            .collect();
        told.dedup();
        told
    }

    #[test]
    fn samples_tell_versions_and_no_more() {
        let told = |code: &str| committed(&format!("```\n{code}\n```"));
        assert_eq!(told("FROM node:20-alpine AS build"), ["Node.js 20?"]);
        assert_eq!(told("FROM --platform=linux/amd64 node:20"), [""; 0]);
        assert_eq!(told("    image: postgres:16"), ["PostgreSQL 16?"]);
        assert_eq!(told("  python-version: \"3.12\""), ["Python 3.12?"]);
        assert_eq!(told("  node-version: [18, 20]"), [""; 0]);
        assert_eq!(told("FROM node:${NODE}"), [""; 0]);
        assert_eq!(told("FROM registry.test/harbour:3"), [""; 0]);
    }

    #[test]
    fn a_memory_file_that_runs_all_with_npm_takes_it() {
        let told = |path: &str, rest: &str| {
            let text =
                format!("# Boats\n\n```sh\nnpm run dev\nnpm test\nnpm run lint\n{rest}\n```\n");
            committed_at(path, &text)
        };
        assert_eq!(told("CLAUDE.md", ""), ["npm?"]);
        assert_eq!(told("CLAUDE.md", "pnpm dlx serve"), ["pnpm?"]);
        assert_eq!(told("CLAUDE.md", "cd e2e && pnpm dlx serve"), ["pnpm?"]);
        assert_eq!(told(".claude/agents/a.md", ""), [""; 0]);
        assert_eq!(
            committed_at("CLAUDE.md", "```sh\nnpm run dev\nnpm test\n```\n"),
            [""; 0]
        );
        let optional = "If you use npm:\n\n```sh\nnpm run dev\nnpm test\nnpm run lint\n```\n";
        assert_eq!(committed_at("CLAUDE.md", optional), [""; 0]);
    }

    #[test]
    fn an_aside_about_something_else_rejects_nothing() {
        assert_eq!(
            committed("`roles.ts` is the half for the edge (pure, no Prisma)."),
            [""; 0]
        );
        assert_eq!(
            committed("Use Drizzle (small, not Prisma)."),
            ["Drizzle", "not Prisma"]
        );
    }

    #[test]
    fn stacks_and_labels_commit() {
        assert_eq!(committed("- **Framework**: FastAPI\n"), ["FastAPI"]);
        assert_eq!(
            committed("## Tech stack\n\n- React 19 with hooks\n- Vite\n"),
            ["React 19", "Vite"]
        );
        assert_eq!(
            committed("**Frontend**: Next.js 15, Zustand\n"),
            ["Next.js 15", "Zustand"],
            "other facets in one line"
        );
        assert_eq!(
            committed("| Database | PostgreSQL 16 |\n|-|-|\n"),
            ["PostgreSQL 16"]
        );
    }

    #[test]
    fn identities_orders_and_facts_commit() {
        assert_eq!(committed("You are a Django developer.\n"), ["Django"]);
        assert_eq!(committed("- Always use pnpm for packages.\n"), ["pnpm"]);
        assert_eq!(committed("- Use Vitest for unit tests.\n"), ["Vitest?"]);
        assert_eq!(
            committed("This project uses Drizzle for all queries.\n"),
            ["Drizzle"]
        );
    }

    #[test]
    fn rejections_reject() {
        assert_eq!(
            committed("- Use argon2 (not bcrypt).\n"),
            ["Argon2", "not bcrypt"]
        );
        assert_eq!(committed("- Never use Redux.\n"), ["not Redux"]);
        assert_eq!(
            committed("- Views should not import UIKit\n"),
            [""; 0],
            "for views alone"
        );
        assert_eq!(
            committed("- Svelte 5 instead of Svelte 4\n"),
            ["Svelte 5?"],
            "only the version"
        );
        assert_eq!(
            committed("- Always use Heroicons, not Lucide React.\n"),
            ["Heroicons", "not Lucide"],
            "not React"
        );
        assert_eq!(
            committed("- Always use TypeScript, never JavaScript.\n"),
            ["TypeScript"],
            "which is JavaScript too"
        );
    }

    #[test]
    fn what_was_left_behind_is_rejected() {
        assert_eq!(
            committed("- **Tests**: Vitest (migrated from Jest)\n"),
            ["not Jest", "Vitest"]
        );
        assert_eq!(
            committed("We migrated from webpack to Vite.\n"),
            ["not webpack"]
        );
        assert_eq!(
            committed("The data was migrated from MySQL.\n"),
            [""; 0],
            "long ago"
        );
        assert_eq!(
            committed("We migrated from PostgreSQL to Supabase.\n"),
            [""; 0],
            "which is PostgreSQL too"
        );
    }

    #[test]
    fn a_label_may_be_taken_back_in_brackets() {
        assert_eq!(
            committed("- **Icons**: Lucide (configured, but Heroicons is what we use)\n"),
            [""; 0]
        );
    }

    #[test]
    fn the_tree_of_a_memory_file_tells_what_is_used() {
        let told = |path: &str, line: &str| {
            committed_at(path, &format!("# Boats\n\n```\nquay/\n{line}\n```\n"))
        };
        let line = "├── web/   # Next.js 15 + Zustand frontend";
        assert_eq!(told("CLAUDE.md", line), ["Next.js 15?", "Zustand?"]);
        assert_eq!(told(".claude/agents/a.md", line), [""; 0]);
        for other in [
            "├── web/   # legacy Next.js pages",
            "├── web/   # talks to Zustand",
            "web --dev   # Next.js server",
        ] {
            assert_eq!(told("CLAUDE.md", other), [""; 0], "{other}");
        }
    }

    #[test]
    fn mentions_commit_to_nothing() {
        for mention in [
            "You know React, Vue and Angular.",
            "- React, Vue, Angular",
            "- Experience with Flask and Django",
            "If the project uses Jest, run it.",
            "Use Jest or Vitest.",
            "When you migrated from Webpack to Vite, say so.",
            "Detect the framework: look for Flask in requirements.",
            "Compare Flask vs FastAPI.",
            "- Frameworks such as Flask",
            "Does it use Redis?",
            "The user said \"we use Flask\".",
            "- Flask-based services",
            "- See https://flask.example.com/redis/",
        ] {
            assert_eq!(committed(mention), [""; 0], "{mention}");
        }
        assert_eq!(
            committed("## Example output\n\n- Framework: Flask\n"),
            [""; 0]
        );
        assert_eq!(
            committed("## Areas of expertise\n\n- Databases: MySQL\n"),
            [""; 0]
        );
    }

    #[test]
    fn everyday_words_need_evidence() {
        assert_eq!(committed("- Use Go deep on every question.\n"), [""; 0]);
        assert_eq!(
            committed("- Next, express the result in less words.\n"),
            [""; 0]
        );
    }

    #[test]
    fn commands_commit_and_plain_npm_does_not() {
        assert_eq!(
            committed("```sh\npnpm install\nnpm run build\n```\n"),
            ["pnpm?"]
        );
        assert_eq!(committed("```sh\ncd web && yarn build\n```\n"), ["yarn?"]);
        assert_eq!(
            committed("```sh\n# ❌ wrong\n```\n\n## Don't\n\n```sh\nyarn add x\n```\n"),
            [""; 0]
        );
    }

    #[test]
    fn practices_are_told_by_cues() {
        assert_eq!(committed("- Never use `any`.\n"), ["forbidden?"]);
        assert_eq!(
            committed("- Never use `any` unless the library forces it.\n"),
            [""; 0],
            "conditional"
        );
    }

    #[test]
    fn other_languages_are_read() {
        assert_eq!(committed("- Nunca usar Redux.\n"), ["not Redux"]);
        assert_eq!(committed("- Verwende pnpm.\n"), ["pnpm?"]);
    }

    #[test]
    fn a_second_weak_witness_makes_a_stance() {
        let text = "---\nname: a\ndescription: d\n---\n- Build pages using Svelte.\n- Test them using Svelte too.\n";
        let commitments = read(".claude/agents/a.md", text);
        assert!(
            commitments.iter().all(|one| one.strength == Strength::Weak),
            "{commitments:?}"
        );
        assert_eq!(stances(&commitments, &TABLE).len(), 1);
        assert_eq!(stances(&commitments[..1], &TABLE).len(), 0);
    }

    #[test]
    fn two_of_one_kind_leave_it_open() {
        let text = "---\nname: a\ndescription: d\n---\n- Always use pnpm.\n- Always use yarn.\n";
        let commitments = read(".claude/agents/a.md", text);
        assert_eq!(commitments.len(), 2);
        assert_eq!(stances(&commitments, &TABLE), []);
    }

    #[test]
    fn any_text_is_read_without_a_panic() {
        for text in [
            "使用 pnpm，不要使用 npm。",
            "«React»—Vue",
            "a: pnpm – b — React:",
            "é/React",
            "**｜** | React |",
            "–",
            "’’ React’s",
            "## Tech stack\n\n| a | b |\n|---|---|\n| ab. | ééééé PostgreSQL |",
        ] {
            committed(text);
        }
    }
}
