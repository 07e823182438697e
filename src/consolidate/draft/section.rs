//! Places in sections: of the kept file, and new ones.

use super::{
    Block, Circumstance, Direction, Form, Gap, Marker, Merger, NewSection, Node, Other, Spot,
    Target, UnitKind, identity_section, is_same_title, line_end, marker, piece,
};
use crate::agent::is_rule;
use crate::source::{Span, line_below, whole_lines};

/// The lowest heading that is one to Markdown.
const MAX_LEVEL: u8 = 6;

impl<'a> Merger<'a, '_> {
    /// Puts a piece that nothing but its section introduces into the section
    /// it fits best.
    pub(super) fn put_in_section(
        &mut self,
        other: &mut Other<'a, '_>,
        own: &Block,
        units: &[usize],
        node: Node,
    ) -> usize {
        // Who somebody is goes together, whatever stands above it.
        let is_equal = |here: &u32| self.section_holds_as(other, own.section, *here);
        let identity = other.sections.get(own.section).filter(is_equal);
        let target = match identity.filter(|_| self.is_of_identity(other, units)) {
            Some(here) => Target::Kept(here),
            None => self.target(other, own.section),
        };
        match target {
            Target::New(parent) => self.tree.put_below(parent, node),
            Target::Kept(section) => {
                let spot = self.spot(other, units, section, node.form);
                self.tree.put(spot, node)
            }
        }
    }

    /// Puts a row into the kept file's table with the same head, else below the
    /// head of its own, which comes along. `None` for a row without a head.
    pub(super) fn put_row(
        &mut self,
        other: &mut Other<'a, '_>,
        row: usize,
        node: &Node,
        is_whole: bool,
    ) -> Option<usize> {
        let head = head_of(&other.blocks, row, other.text)?;
        if let Some(spot) = self.table_end(other, row, head)
            && !is_whole
        {
            return Some(self.tree.put(spot, node.clone()));
        }
        let table = match other.tables.get(&head) {
            Some(&table) => table,
            None => {
                let block = other.blocks[head].clone();
                let line = other.text[block.lines.clone()].trim().to_owned();
                let mut begin = paragraph(line);
                begin.form = Form::Table;
                let rule =
                    line_below(other.text, block.lines.end).map(|rule| rule.trim().to_owned());
                begin.lines.extend(rule);
                let table = self.put_node(other, head, &[], begin);
                other.tables.insert(head, table);
                table
            }
        };
        Some(self.tree.put_below(table, node.clone()))
    }

    /// Where in a section of the kept file a piece goes.
    pub(super) fn spot(
        &self,
        other: &Other<'a, '_>,
        units: &[usize],
        section: u32,
        form: Form,
    ) -> Spot {
        let of_section = || {
            let blocks = self.blocks.iter().enumerate();
            blocks.filter(move |(_, block)| block.section == section)
        };
        let is_plain_item = |block: &Block| {
            block.kind == UnitKind::Item
                && block
                    .lead_in
                    .is_none_or(|above| self.kept.units[above as usize].kind == UnitKind::Heading)
                && marker(&self.text[block.lines.clone()]).is_some()
        };
        let last_item = |ordered: bool| {
            of_section().rfind(|(_, block)| {
                is_plain_item(block) && is_numbered(&self.text[block.lines.clone()]) == ordered
            })
        };
        let spot = match form {
            Form::Item { is_numbered } => match last_item(is_numbered) {
                Some((at, _)) => Some(self.after(at)),
                None => self.above_lead_ins(section),
            },
            Form::Paragraph if self.is_identity(other, units, section) => self.identity_end(),
            Form::Heading | Form::Paragraph | Form::Code | Form::Row | Form::Table => None,
        };
        spot.unwrap_or_else(|| self.section_end(section))
    }

    fn is_identity(&self, other: &Other<'a, '_>, units: &[usize], section: u32) -> bool {
        identity_section(self.kept) == Some(section) && self.is_of_identity(other, units)
    }

    /// Whether some of the units tell another one who it is.
    fn is_of_identity(&self, other: &Other<'a, '_>, units: &[usize]) -> bool {
        let identity = other.agent.identity();
        let is_own = |unit: &usize| identity.contains(&other.agent.units[*unit]);
        units.iter().any(is_own)
    }

    /// The kept section in which what stands in another one's section may do
    /// without its own heading: there is none, it is the title of the file, or
    /// the kept one's means the same.
    fn section_of_same_title(&self, other: &Other<'a, '_>, section: u32) -> Option<u32> {
        let is_equal = |here: &u32| self.section_holds_as(other, section, *here);
        let here = other.sections.get(section).filter(is_equal);
        let own = other.agent.sections[section as usize];
        let Some(heading) = own.heading.filter(|_| own.level > 1) else {
            return here;
        };
        let is_same = |here: &u32| self.is_same_heading(other, heading, *here);
        here.filter(is_same).or_else(|| {
            let mut all = 0..self.kept.sections.len() as u32;
            all.find(|here| {
                let level = self.kept.sections[*here as usize].level;
                level == own.level && is_equal(here) && is_same(here)
            })
        })
    }

    /// Whether what stands in a section of another one holds when that in a
    /// section of the kept file does.
    fn section_holds_as(&self, other: &Other<'a, '_>, section: u32, here: u32) -> bool {
        other.holds.sections[section as usize] == self.holds.sections[here as usize]
    }

    /// Whether a title of another one means what the heading of a kept section does.
    pub(super) fn is_same_heading(&self, other: &Other<'a, '_>, title: u32, here: u32) -> bool {
        let kept = self.kept.sections[here as usize].heading;
        kept.is_some_and(|kept| is_same_title(self.facts, (other.id, title), (self.keep, kept)))
    }

    /// After the paragraph in which the kept agent is told who it is, and after
    /// what that introduces.
    fn identity_end(&self) -> Option<Spot> {
        let identity = self.kept.identity();
        let holds = |block: &Block| {
            let mut units = block.units.clone();
            units.any(|unit| identity.contains(&self.kept.units[unit]))
        };
        let is_own = |&at: &usize| holds(&self.blocks[at]);
        let mut own = (0..self.blocks.len()).filter(is_own);
        let plain = own.clone().rfind(|&at| !self.leads_in(at));
        let at = plain.or_else(|| own.next_back())?;
        Some(blank_after(self.end_with_children(at)))
    }

    /// Whether a block introduces another one.
    fn leads_in(&self, at: usize) -> bool {
        let own = &self.blocks[at].units;
        let mut below = self.blocks[at + 1..].iter();
        below.any(|block| {
            let above = block.lead_in.map(|above| above as usize);
            above.is_some_and(|above| own.contains(&above))
        })
    }

    /// Before the first paragraph of a section that introduces a list, which
    /// another list behind it would carry on; `None` where there is none.
    fn above_lead_ins(&self, section: u32) -> Option<Spot> {
        let own = (0..self.blocks.len()).filter(|&at| self.blocks[at].section == section);
        let is_lead_in =
            |&at: &usize| self.blocks[at].kind == UnitKind::Sentence && self.leads_in(at);
        let first = own.clone().find(is_lead_in)?;
        let above = own.take_while(|&at| at < first).last();
        Some(blank_after(match above {
            Some(above) => self.end_with_children(above),
            None => self.heading_end(section),
        }))
    }

    /// After a block of the kept file and what it introduces, in its list if
    /// it is an item.
    pub(super) fn after(&self, at: usize) -> Spot {
        let block = &self.blocks[at];
        let line = &self.text[block.lines.clone()];
        let offset = self.end_with_children(at);
        let Some(mark) = marker(line).filter(|_| block.kind == UnitKind::Item) else {
            let n_indent = line.len() - line.trim_start_matches([' ', '\t']).len();
            return Spot {
                offset,
                gap: Gap::Blank,
                indent: line[..n_indent].to_owned(),
                marker: None,
            };
        };
        let sign = mark.trim_start_matches([' ', '\t', '>']);
        let indent = mark[..mark.len() - sign.len()].to_owned();
        let after_digits = sign.trim_start_matches(|c: char| c.is_ascii_digit());
        let number = piece::number(mark);
        Spot {
            offset,
            gap: Gap::Line,
            indent,
            marker: Some(Marker {
                sign: after_digits.to_owned(),
                next: number.map(|number| number.saturating_add(1)),
            }),
        }
    }

    /// Where the last block ends that a block introduces, or it itself.
    fn end_with_children(&self, at: usize) -> usize {
        let mut end = self.blocks[at].lines.end;
        let mut inside = self.blocks[at].units.clone();
        for block in &self.blocks[at + 1..] {
            let Some(above) = block.lead_in else { break };
            if !inside.contains(&(above as usize)) {
                break;
            }
            inside.end = block.units.end;
            end = end.max(block.lines.end);
        }
        end
    }

    /// After the last row of the kept file's table with the same head.
    fn table_end(&self, other: &Other<'a, '_>, row: usize, head: usize) -> Option<Spot> {
        let own = cells(other.text, &other.blocks[head]);
        let direction = other.agent.units[other.blocks[head].units.start].direction;
        let at = (0..self.blocks.len()).find(|&at| {
            let block = &self.blocks[at];
            is_head(block, self.text)
                && self.kept.units[block.units.start].direction == direction
                && cells(self.text, block) == own
                && self.holds_as(other, &other.blocks[row], block)
        })?;
        let rows = (at + 1..self.blocks.len()).take_while(|&next| {
            let block = &self.blocks[next];
            block.kind == UnitKind::Row && !is_head(block, self.text)
        });
        let last = rows.last().unwrap_or(at);
        Some(Spot { gap: Gap::Line, ..self.after(last) })
    }

    /// After the last block of a section, before those nested in it.
    fn section_end(&self, section: u32) -> Spot {
        let ends = self.blocks.iter().enumerate();
        let end = ends
            .filter(|(_, block)| block.section == section)
            .map(|(at, _)| self.end_with_children(at))
            .max();
        blank_after(end.unwrap_or_else(|| self.heading_end(section)))
    }

    fn heading_end(&self, section: u32) -> usize {
        match self.kept.sections[section as usize].heading {
            Some(heading) => {
                line_end(self.text, self.kept.units[heading as usize].span.end as usize)
            }
            None => self.kept.frontmatter.body_start as usize,
        }
    }

    /// After the last block of a section and all that are nested in it.
    fn subtree_end(&self, section: u32) -> usize {
        let sections = &self.kept.sections;
        let is_inside = |mut inner: u32| {
            while inner > section {
                inner = sections[inner as usize].parent;
            }
            inner == section
        };
        let inside = (section..sections.len() as u32).filter(|&inner| is_inside(inner));
        inside
            .map(|inner| self.section_end(inner).offset)
            .max()
            .unwrap_or(self.text.trim_end().len())
    }

    /// Where the pieces of another one's section go.
    fn target(&mut self, other: &mut Other<'a, '_>, section: u32) -> Target {
        match self.section_of_same_title(other, section) {
            Some(here) => Target::Kept(here),
            None => self.new_target(other, section),
        }
    }

    /// The same for a section whose heading the kept file does not have.
    fn new_target(&mut self, other: &mut Other<'a, '_>, section: u32) -> Target {
        if let Some(&node) = other.titles.get(&section) {
            return Target::New(node);
        }
        let own = other.agent.sections[section as usize];
        let Some(heading) = own.heading else {
            return Target::Kept(identity_section(self.kept).unwrap_or(0));
        };
        let known = self.new_sections.iter().find(|new| {
            let agent = self.facts.agent(new.agent);
            let title = agent.sections[new.section as usize].heading;
            new.circumstance == other.holds.sections[section as usize]
                && title.is_some_and(|title| {
                    is_same_title(self.facts, (new.agent, title), (other.id, heading))
                })
        });
        if let Some(new) = known {
            return Target::New(new.node);
        }
        let title = piece::title(other.text, other.agent.units[heading as usize].span);
        let node = self.put_heading(other, section, title);
        other.titles.insert(section, node);
        Target::New(node)
    }

    /// Begins a section that the kept file does not have.
    pub(super) fn put_heading(
        &mut self,
        other: &mut Other<'a, '_>,
        section: u32,
        title: String,
    ) -> usize {
        let own = other.agent.sections[section as usize];
        let parent = other.agent.sections[own.parent as usize];
        let is_nested = parent.heading.is_some() && parent.level > 1;
        let title = match own.is_under_bold_line() {
            true => match self.put_bold_line(other, section, title) {
                Ok(node) => return node,
                Err(title) => title,
            },
            false => title,
        };
        let above = is_nested.then(|| match self.target(other, own.parent) {
            // What follows a bold line's section would follow the heading too.
            Target::Kept(here) => Target::Kept(self.below_heading(here)),
            above => above,
        });
        let (level, above) = match above {
            Some(Target::Kept(here)) => (self.kept.sections[here as usize].level + 1, above),
            Some(Target::New(node)) => {
                let of_node = self.new_sections.iter().find(|new| new.node == node);
                (of_node.map_or(self.usual_level(), |new| new.level) + 1, above)
            }
            None => (self.usual_level(), None),
        };
        let level = level.clamp(1, MAX_LEVEL);
        let node = heading(format!("{} {title}", "#".repeat(usize::from(level))));
        let node = match above {
            Some(Target::New(above)) => self.tree.put_below(above, node),
            Some(Target::Kept(here)) => {
                let offset = self.subtree_end(here);
                self.tree.put(section_after(offset), node)
            }
            None => self.tree.put(section_after(self.text.trim_end().len()), node),
        };
        self.new_sections.push(NewSection {
            agent: other.id,
            section,
            circumstance: other.holds.sections[section as usize].clone(),
            node,
            level,
        });
        node
    }

    /// Puts in a bold line that stands for a heading. Between the kept file's
    /// introduction and its headings it would part them, so that it becomes a
    /// heading at the end, which is given back.
    fn put_bold_line(
        &mut self,
        other: &mut Other<'a, '_>,
        section: u32,
        title: String,
    ) -> Result<usize, String> {
        let own = other.agent.sections[section as usize];
        let here = match self.target(other, own.parent) {
            Target::New(above) => return Ok(self.tree.put_below(above, heading(title))),
            Target::Kept(here) => here,
        };
        if self.kept.sections[here as usize].level > 1 {
            return Ok(self.tree.put(self.section_end(here), heading(title)));
        }
        let mut levels = self.kept.sections.iter().map(|section| section.level);
        if !levels.any(|level| (2..=MAX_LEVEL).contains(&level)) {
            let end = section_after(self.text.trim_end().len());
            return Ok(self.tree.put(end, heading(title)));
        }
        // What a bold line turns is its list alone, a heading turns all below it.
        let turns = own.direction == Direction::Warning
            || other.holds.sections[section as usize] != Circumstance::ALWAYS;
        if turns {
            return Ok(self.tree.put(self.section_end(here), heading(title)));
        }
        Err(plain_title(&title).to_owned())
    }

    /// The section itself, or the one that a bold line's section lies in.
    fn below_heading(&self, mut section: u32) -> u32 {
        while self.kept.sections[section as usize].is_under_bold_line() {
            section = self.kept.sections[section as usize].parent;
        }
        section
    }

    /// The level of most of the kept file's sections below its title.
    fn usual_level(&self) -> u8 {
        let levels = self.kept.sections.iter().map(|section| section.level);
        levels.filter(|level| (2..=MAX_LEVEL).contains(level)).min().unwrap_or(2)
    }

    /// Puts an example of another one's body at the end.
    pub(super) fn put_example(&mut self, other: &Other<'a, '_>, example: Span) {
        let line = self.facts.sources.position(other.agent.file, example.start).line;
        let mut node = paragraph(String::new());
        let lines = whole_lines(example.of(other.text));
        node.lines = lines.map(|line| line.trim_end().to_owned()).collect();
        if self.with_origin {
            let path = self.labels.of(self.facts.path(other.id));
            node.lines.insert(0, piece::comment(&format!("from {path}:{line}")));
        }
        self.tree.put(section_after(self.text.trim_end().len()), node);
    }
}

/// The words of a line in bold, without the colon.
pub(super) fn plain_title(line: &str) -> &str {
    let words = line.trim_matches(['*', '_', ' ']);
    words.trim_end_matches([':', '*', '_'])
}

/// Whether an item is marked by a number.
pub(super) fn is_numbered(item: &str) -> bool {
    marker(item).is_some_and(|mark| mark.contains(|c: char| c.is_ascii_digit()))
}

fn heading(line: String) -> Node {
    Node { form: Form::Heading, ..paragraph(line) }
}

pub(super) fn paragraph(line: String) -> Node {
    Node { form: Form::Paragraph, lines: vec![line], comments: Vec::new(), children: Vec::new() }
}

fn blank_after(offset: usize) -> Spot {
    Spot { offset, gap: Gap::Blank, indent: String::new(), marker: None }
}

fn section_after(offset: usize) -> Spot {
    Spot { gap: Gap::Section, ..blank_after(offset) }
}

/// The first row of the table that holds the row at `at`.
fn head_of(blocks: &[Block], at: usize, text: &str) -> Option<usize> {
    (0..=at)
        .rev()
        .take_while(|&before| blocks[before].kind == UnitKind::Row)
        .find(|&before| is_head(&blocks[before], text))
}

/// Whether a block is the head of a table.
fn is_head(block: &Block, text: &str) -> bool {
    block.kind == UnitKind::Row && line_below(text, block.lines.end).is_some_and(is_rule)
}

/// The letters and digits of each cell of a row, in lower case.
fn cells(text: &str, block: &Block) -> Vec<String> {
    let line = text[block.lines.clone()].trim().trim_matches('|');
    let letters = |cell: &str| {
        let letters = cell.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    line.split('|').map(letters).collect()
}
