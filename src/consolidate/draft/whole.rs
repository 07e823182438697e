//! What must not be mixed with its like: steps in an order, and what an output
//! has to look like. Such a section of another file stays whole under a heading
//! of its own, and where the kept file has its like, somebody has to decide.

use std::collections::{BTreeMap, BTreeSet};

use super::section::{is_numbered, paragraph, plain_title};
use super::{Block, Form, Merger, Other, UnitKind, comment, is_same_title, piece, quoted};
use crate::agent::Agent;
use crate::merge::block::{fence, marker};
use crate::rules::open_decision::MARK;
use crate::source::whole_lines;

/// Steps that make a procedure.
const MIN_STEPS: usize = 3;

/// Headings with one of these words say what an output looks like.
const OF_FORMATS: [&str; 4] = ["format", "formats", "template", "templates"];

/// So do those with one of these before "structure".
const OF_OUTPUTS: [&str; 4] = ["output", "report", "response", "answer"];

/// Titles with one of these words say how to go about the work.
const OF_STEPS: [&str; 10] = [
    "process", "workflow", "steps", "procedure", "instructions", "approach", "methodology", "how",
    "when", "invoked",
];

/// Numbers under such a title count, they give no order.
const OF_LISTS: [&str; 14] = [
    "practice", "principle", "guideline", "rule", "example", "type", "responsibilit", "area",
    "expertise", "standard", "criteria", "checklist", "format", "output",
];

/// Words of a title beside those that say no more of which work it is.
const OF_ANY_WORK: [&str; 14] = [
    "your", "this", "that", "these", "with", "work", "working", "called", "follow", "systematic",
    "will", "task", "main", "core",
];

/// Numbered items of one section below one lead-in, by block.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Steps {
    section: u32,
    lead_in: Option<u32>,
    blocks: Vec<usize>,
}

impl<'a> Merger<'a, '_> {
    /// Adds what is said of steps that stand against the kept file's, where most
    /// of them are put in: nobody can decide for a part of a procedure.
    pub(super) fn complete_steps(
        &self,
        other: &Other<'a, '_>,
        of_block: &mut BTreeMap<usize, Vec<usize>>,
    ) {
        let mut wanted = BTreeSet::new();
        for own in steps(&other.blocks, other.text) {
            let is_new = |at: &&usize| of_block.contains_key(*at);
            let n_new = own.blocks.iter().filter(is_new).count();
            if n_new * 2 >= own.blocks.len() && self.opposed_steps(other, &own).is_some() {
                wanted.extend(own.blocks);
            }
        }
        for (at, block) in other.blocks.iter().enumerate() {
            let above = block.lead_in.map(|above| above as usize);
            let holder = above.map(|above| {
                let blocks = &other.blocks;
                blocks.partition_point(|block| block.units.end <= above)
            });
            if holder.is_some_and(|holder| wanted.contains(&holder)) {
                wanted.insert(at);
            }
        }
        for at in wanted {
            of_block.insert(at, other.blocks[at].units.clone().collect());
        }
    }

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
        matches!(form, Form::Item { is_numbered: true })
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
        let decide = match is_format(other.agent, other.text, section) {
            true => self.decide_between_formats(other, section),
            false => steps(&other.blocks, other.text)
                .iter()
                .filter(|steps| steps.section == section)
                .find_map(|steps| self.decide_between_lists(other, steps)),
        };
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
        let mut kept = 0..self.kept.sections.len() as u32;
        let mut new = self.new_sections.iter();
        kept.any(|here| self.is_same_heading(other, heading, here))
            || new.any(|new| {
                let title = self.facts.agent(new.agent).sections[new.section as usize].heading;
                title.is_some_and(|title| {
                    is_same_title(self.facts, (other.id, heading), (new.agent, title))
                })
            })
    }

    /// The question which steps are meant, where a paragraph introduces some
    /// that stand against the kept file's.
    pub(super) fn decide_between_steps(
        &self,
        other: &Other<'a, '_>,
        lead_in: &Block,
    ) -> Option<String> {
        let steps = steps(&other.blocks, other.text);
        let is_below = |steps: &&Steps| {
            let above = steps.lead_in.map(|above| above as usize);
            above.is_some_and(|above| lead_in.units.contains(&above))
        };
        self.decide_between_lists(other, steps.iter().find(is_below)?)
    }

    fn decide_between_lists(&self, other: &Other<'a, '_>, own: &Steps) -> Option<String> {
        let kept = self.opposed_steps(other, own)?;
        let titles = (
            title_of(self.kept, &kept).and_then(|title| self.named(self.keep, title)),
            title_of(other.agent, own).and_then(|title| self.named(other.id, title)),
        );
        Some(self.decide_between_parts(other, "steps", titles, (&kept.blocks, &own.blocks)))
    }

    fn decide_between_formats(&self, other: &Other<'a, '_>, section: u32) -> Option<String> {
        let here = self.like(other, section)?;
        let parts = |blocks: &[Block], section: u32| -> Vec<usize> {
            let is_own = |at: &usize| blocks[*at].section == section;
            (0..blocks.len()).filter(is_own).collect()
        };
        let (kept, own) = (parts(&self.blocks, here), parts(&other.blocks, section));
        let named = |id: u32, section: u32| {
            self.named(id, self.facts.agent(id).sections[section as usize].heading?)
        };
        let titles = (named(self.keep, here), named(other.id, section));
        Some(self.decide_between_parts(other, "format", titles, (&kept, &own)))
    }

    /// `<!-- DECIDE: the steps under "Work" with "…" (a.md:3) or the steps under
    /// "Work" with "…" (b.md:9)? -->`, quoting where they begin to differ.
    fn decide_between_parts(
        &self,
        other: &Other<'a, '_>,
        what: &str,
        titles: (Option<String>, Option<String>),
        (kept, own): (&[usize], &[usize]),
    ) -> String {
        let said = |line: &str| -> String {
            let letters = line.chars().filter(|c| c.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect()
        };
        let of_kept = |at: usize| kept.get(at).map(|&at| shown(&self.blocks[at], self.text));
        let of_own = |at: usize| own.get(at).map(|&at| shown(&other.blocks[at], other.text));
        let is_same = |at: &usize| {
            let pair = of_kept(*at).zip(of_own(*at));
            pair.is_some_and(|(kept, own)| said(kept) == said(own))
        };
        let n_same = (0..).take_while(is_same).count();
        let side = |title: Option<String>, id: u32, text: &str, blocks: &[Block], at: &[usize]| {
            let title = title.map_or_else(String::new, |title| format!(" under {title}"));
            let label = self.labels.of(self.facts.path(id));
            let Some(&at) = at.get(n_same).or(at.last()) else {
                return format!("the {what}{title} ({label})");
            };
            let line = shown(&blocks[at], text);
            let start = line.as_ptr() as usize - text.as_ptr() as usize;
            let file = self.facts.agent(id).file;
            let number = self.facts.sources.position(file, start as u32).line;
            format!("the {what}{title} with {} ({label}:{number})", quoted(line))
        };
        comment(&format!(
            "{MARK}{} or {}?",
            side(titles.0, self.keep, self.text, &self.blocks, kept),
            side(titles.1, other.id, other.text, &other.blocks, own)
        ))
    }

    /// The words of a heading or lead-in, in quotes.
    fn named(&self, id: u32, title: u32) -> Option<String> {
        let agent = self.facts.agent(id);
        let text = agent.unit_text(&agent.units[title as usize], self.facts.text(id));
        let text = text.trim().trim_end_matches([':', '：']);
        (!text.is_empty()).then(|| quoted(text))
    }

    /// The kept steps that stand against those of another one: their titles
    /// mean the same, or both speak of a way to go about the same work.
    fn opposed_steps(&self, other: &Other<'a, '_>, own: &Steps) -> Option<Steps> {
        let all = steps(&self.blocks, self.text);
        let own_title = title_of(other.agent, own);
        let own_words = words_of(other.agent, other.text, own_title);
        if own_words.iter().any(|word| is_of_lists(word)) {
            return None;
        }
        let is_same = |kept: &&Steps| match (own_title, title_of(self.kept, kept)) {
            (Some(own), Some(kept)) => {
                is_same_title(self.facts, (other.id, own), (self.keep, kept))
            }
            (None, None) => true,
            _ => false,
        };
        let speaks_of_same = |kept: &&Steps| {
            let words = words_of(self.kept, self.text, title_of(self.kept, kept));
            is_of_steps(&own_words) && is_of_steps(&words) && share_work(&own_words, &words)
        };
        let found = all.iter().find(is_same);
        found.or_else(|| all.iter().find(speaks_of_same)).cloned()
    }

    /// The kept section that shows a format, where another one's does.
    fn like(&self, other: &Other<'a, '_>, section: u32) -> Option<u32> {
        if !is_format(other.agent, other.text, section) {
            return None;
        }
        let is_like = |here: &u32| is_format(self.kept, self.text, *here);
        let mapped = other.sections.get(section).filter(is_like);
        mapped.or_else(|| (0..self.kept.sections.len() as u32).find(is_like))
    }
}

/// The unit that says what some steps are for: their lead-in or heading.
fn title_of(agent: &Agent, steps: &Steps) -> Option<u32> {
    let heading = agent.sections[steps.section as usize].heading;
    steps.lead_in.or(heading)
}

/// The words of a title in lower case; none without one.
fn words_of(agent: &Agent, text: &str, title: Option<u32>) -> Vec<String> {
    let Some(title) = title else {
        return Vec::new();
    };
    let text = agent.unit_text(&agent.units[title as usize], text);
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

fn is_of_lists(word: &str) -> bool {
    OF_LISTS.iter().any(|start| word.starts_with(start))
}

/// Whether a title speaks of a way to go, and of no mere list.
fn is_of_steps(title: &[String]) -> bool {
    let is_one = |word: &String| OF_STEPS.contains(&word.as_str());
    title.iter().any(is_one) && !title.iter().any(|word| is_of_lists(word))
}

/// Whether two titles name the same work, or one of them names none.
fn share_work(one: &[String], other: &[String]) -> bool {
    /// So many letters tell a word, whatever its ending.
    const STEM: usize = 4;
    let stems = |title: &[String]| -> Vec<String> {
        let words = title.iter().filter(|word| {
            word.chars().count() >= STEM
                && !OF_STEPS.contains(&word.as_str())
                && !OF_ANY_WORK.contains(&word.as_str())
        });
        words.map(|word| word.chars().take(STEM).collect()).collect()
    };
    let (one, other) = (stems(one), stems(other));
    one.is_empty() || other.is_empty() || one.iter().any(|stem| other.contains(stem))
}

/// Whether the heading of a section says that it shows a format.
fn is_format(agent: &Agent, text: &str, section: u32) -> bool {
    let words = words_of(agent, text, agent.sections[section as usize].heading);
    let has = |some: &[&str]| words.iter().any(|word| some.contains(&word.as_str()));
    has(&OF_FORMATS) || has(&["structure"]) && has(&OF_OUTPUTS)
}

/// The lists of at least [`MIN_STEPS`] numbered items, in the order of the file.
fn steps(blocks: &[Block], text: &str) -> Vec<Steps> {
    let mut lists: Vec<Steps> = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        if !is_step(block, text) {
            continue;
        }
        let is_own =
            |list: &&mut Steps| (list.section, list.lead_in) == (block.section, block.lead_in);
        match lists.iter_mut().find(is_own) {
            Some(list) => list.blocks.push(at),
            None => lists.push(Steps {
                section: block.section,
                lead_in: block.lead_in,
                blocks: vec![at],
            }),
        }
    }
    lists.retain(|list| list.blocks.len() >= MIN_STEPS);
    lists
}

/// Whether a block is an item with a number.
fn is_step(block: &Block, text: &str) -> bool {
    block.kind == UnitKind::Item && is_numbered(&text[block.lines.clone()])
}

/// The first line of a block that says something, without its marker.
fn shown<'t>(block: &Block, text: &'t str) -> &'t str {
    let lines = whole_lines(&text[block.lines.clone()]);
    let mut lines = lines.map(|line| {
        let mark = marker(line).unwrap_or_default();
        line[mark.len()..].trim()
    });
    let says = |line: &&str| fence(line).is_none() && line.contains(char::is_alphanumeric);
    let start = block.lines.start;
    lines.find(says).unwrap_or(&text[start..start])
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
        return format!("**{} ({name}):**", plain_title(&title));
    }
    format!("{} ({name})", title.trim_end_matches(':'))
}
