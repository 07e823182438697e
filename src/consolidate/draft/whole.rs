//! What must not be mixed with its like: steps in an order, and what an output
//! has to look like. Such a section of another file stays whole under a heading
//! of its own, and where the kept file has its like, somebody has to decide.

use super::section::{is_numbered, paragraph};
use super::{Block, Form, Merger, Other, UnitKind, comment, is_same_title, piece, quoted};
use crate::agent::Agent;

/// Steps that make a procedure.
const MIN_STEPS: usize = 3;

/// Headings with one of these words say what an output looks like.
const OF_FORMATS: [&str; 2] = ["format", "template"];

/// Headings with one of these words say how to go about the work.
const OF_STEPS: [&str; 7] = [
    "process",
    "workflow",
    "steps",
    "procedure",
    "instructions",
    "approach",
    "methodology",
];

/// Numbers under such a heading count, they give no order.
const OF_LISTS: [&str; 5] = ["practice", "principle", "guideline", "rule", "example"];

impl<'a> Merger<'a, '_> {
    /// Whether a piece goes below a heading of its own: a step, what introduces
    /// steps, or a part of a format.
    pub(super) fn stays_whole(
        &self,
        other: &Other<'a, '_>,
        block: usize,
        units: &[usize],
        form: Form,
    ) -> bool {
        let own = &other.blocks[block];
        let introduces = |step: &Block| {
            let above = step.lead_in.map(|above| above as usize);
            above.is_some_and(|above| own.units.contains(&above)) && is_step(step, other.text)
        };
        form == Form::Item { ordered: true }
            || (units.is_empty()
                && own.kind == UnitKind::Sentence
                && other.blocks.iter().any(introduces))
            || self.like(other, own.section).is_some()
    }

    /// The piece that begins what stays whole of a section.
    pub(super) fn whole(&mut self, other: &mut Other<'a, '_>, section: u32) -> usize {
        let own = other.wholes.get(&section).or(other.titles.get(&section));
        if let Some(&node) = own {
            return node;
        }
        let is_known = self.is_known_title(other, section);
        let title = title(other, section, is_known);
        let node = self.put_heading(other, section, title);
        let decide = self.decide_between_wholes(other, section);
        if let Some(decide) = decide {
            self.tree.put_below(node, paragraph(decide));
        }
        other.wholes.insert(section, node);
        if !is_known {
            other.titles.insert(section, node);
        }
        node
    }

    /// Whether the draft has a heading of the same words, or there is none.
    fn is_known_title(&self, other: &Other<'a, '_>, section: u32) -> bool {
        let Some(heading) = other.agent.sections[section as usize].heading else {
            return true;
        };
        let mut kept = self.kept.sections.iter();
        let mut new = self.new_sections.iter();
        let is_same = |theirs: (u32, u32)| is_same_title(self.facts, (other.id, heading), theirs);
        kept.any(|section| {
            section
                .heading
                .is_some_and(|title| is_same((self.keep, title)))
        }) || new.any(|new| {
            let title = self.facts.agent(new.agent).sections[new.section as usize].heading;
            title.is_some_and(|title| is_same((new.agent, title)))
        })
    }

    /// `<!-- DECIDE: the steps under "Work" (a.md:3) or the steps under "Work"
    /// (b.md:9)? -->`, where the kept file has its own.
    fn decide_between_wholes(&self, other: &Other<'a, '_>, section: u32) -> Option<String> {
        let is_format = self.is_format(other.agent, other.text, section);
        let here = match is_format {
            true => self.like(other, section),
            false => self.opposed_steps(other, section),
        }?;
        let what = if is_format { "format" } else { "steps" };
        let kept = self.place(self.keep, here, &self.blocks)?;
        let own = self.place(other.id, section, &other.blocks)?;
        Some(comment(&format!(
            "DECIDE: the {what}{kept} or the {what}{own}?"
        )))
    }

    /// The kept section whose steps stand against those of another one: it is
    /// about the same, or both headings speak of a way to go.
    fn opposed_steps(&self, other: &Other<'a, '_>, section: u32) -> Option<u32> {
        if n_steps(&other.blocks, other.text, section) < MIN_STEPS {
            return None;
        }
        let own = heading_text(other.agent, other.text, section);
        let has_steps = |&here: &u32| n_steps(&self.blocks, self.text, here) >= MIN_STEPS;
        let speaks_of = |title: &str, words: &[&str]| words.iter().any(|word| title.contains(word));
        let mapped = other.sections.get(section).filter(has_steps);
        if let Some(here) = mapped.filter(|_| !speaks_of(&own, &OF_LISTS)) {
            return Some(here);
        }
        let mut all = 0..self.kept.sections.len() as u32;
        all.find(|here| {
            let kept = heading_text(self.kept, self.text, *here);
            has_steps(here) && speaks_of(&own, &OF_STEPS) && speaks_of(&kept, &OF_STEPS)
        })
    }

    /// ` under "Work" (a.md:3)`; of a section without a heading, where its
    /// steps begin.
    fn place(&self, id: u32, section: u32, blocks: &[Block]) -> Option<String> {
        let (agent, text) = (self.facts.agent(id), self.facts.text(id));
        let heading = agent.sections[section as usize].heading;
        let heading = heading.map(|heading| agent.units[heading as usize].span);
        let is_own_step = |block: &&Block| block.section == section && is_step(block, text);
        let start = match heading {
            Some(heading) => heading.start,
            None => blocks.iter().find(is_own_step)?.lines.start as u32,
        };
        let line = self.facts.sources.position(agent.file, start).line;
        let label = self.labels.of(self.facts.path(id));
        let named = heading.map_or_else(String::new, |heading| {
            format!(" under {}", quoted(&piece::title(text, heading)))
        });
        Some(format!("{named} ({label}:{line})"))
    }

    /// The kept section that shows a format, where another one's does.
    fn like(&self, other: &Other<'a, '_>, section: u32) -> Option<u32> {
        if !self.is_format(other.agent, other.text, section) {
            return None;
        }
        let is_like = |here: &u32| self.is_format(self.kept, self.text, *here);
        let mapped = other.sections.get(section).filter(is_like);
        mapped.or_else(|| (0..self.kept.sections.len() as u32).find(is_like))
    }

    /// Whether the heading of a section says that it shows a format.
    fn is_format(&self, agent: &Agent, text: &str, section: u32) -> bool {
        let title = heading_text(agent, text, section);
        OF_FORMATS.iter().any(|word| title.contains(word))
    }
}

/// The heading of a section in lower case; empty without one.
fn heading_text(agent: &Agent, text: &str, section: u32) -> String {
    let heading = agent.sections[section as usize].heading;
    heading.map_or_else(String::new, |heading| {
        piece::title(text, agent.units[heading as usize].span).to_lowercase()
    })
}

/// How many numbered items a section has.
fn n_steps(blocks: &[Block], text: &str, section: u32) -> usize {
    let own = blocks.iter().filter(|block| block.section == section);
    own.filter(|block| is_step(block, text)).count()
}

/// Whether a block is an item with a number.
fn is_step(block: &Block, text: &str) -> bool {
    block.kind == UnitKind::Item && is_numbered(&text[block.lines.clone()])
}

/// The heading of a section, with the name of its agent where the draft has
/// such a heading already.
fn title(other: &Other<'_, '_>, section: u32, is_known: bool) -> String {
    let own = other.agent.sections[section as usize];
    let name = &other.agent.name;
    let Some(heading) = own.heading else {
        return format!("Steps of {name}");
    };
    let title = piece::title(other.text, other.agent.units[heading as usize].span);
    if !is_known {
        return title;
    }
    if own.is_under_bold_line() {
        let plain = title
            .trim_matches(['*', '_', ' '])
            .trim_end_matches([':', '*', '_']);
        return format!("**{plain} ({name}):**");
    }
    format!("{} ({name})", title.trim_end_matches(':'))
}
