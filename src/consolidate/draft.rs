//! A merged agent: the kept file, byte for byte, with what only the others
//! have put in where it fits.
//!
//! What is said under a lead-in or heading stays under one that says the same,
//! as "Never:" above a list reverses its items: where the kept file has none,
//! the lead-in moves along, and a section without its like becomes one of its
//! own at the end. Steps in an order and formats of output are never mixed with
//! those of another one: they stay whole, see `whole`.

mod frontmatter;
mod piece;
mod place;
mod section;
mod sentence;
mod tree;
mod whole;

use std::collections::{BTreeMap, BTreeSet};

use super::Decision;
use crate::agent::{Agent, Direction, Unit, UnitKind};
use crate::align::Aligner;
use crate::finding::Evidence;
use crate::merge::block::{Block, blocks, marker};
use crate::merge::circumstance::{Circumstance, Circumstances};
use crate::merge::members::Member;
use crate::merge::statement::{Statements, Voice};
use crate::rules::Facts;
use crate::rules::open_decision::MARK;
use crate::source::{line_break, line_end, whole_lines};
use crate::statement::{has_numbers, names, without_numbers};
use crate::text::n_tokens;
use piece::{comment, quoted};
use place::{SectionMap, identity_section, is_same_title};
use tree::{Form, Gap, Marker, Node, Spot, Tree};

/// A merged agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The agent whose file it takes the place of.
    pub keep: u32,
    /// The agents that are merged into it or dropped for it.
    pub joined: Vec<u32>,
    /// The whole file.
    pub text: String,
    /// Estimated tokens of its comments that tell where a piece comes from and
    /// what has to be decided, those of the kept file left out.
    pub comment_tokens: u64,
}

/// Merges the members of a group. `aligner` serves to find like sections;
/// `with_origin` says whether comments tell where each piece comes from.
pub(super) fn draft<'a>(
    facts: &Facts<'a>,
    statements: &Statements,
    aligner: &mut Aligner<'a>,
    keep: u32,
    members: &[Member<'_>],
    decisions: &[Decision],
    with_origin: bool,
) -> Draft {
    let labels = Labels::new(facts, keep, members);
    let mut merger = Merger::new(facts, statements, keep, with_origin, &labels);
    aligner.set_right(keep);
    for member in members {
        let sections = SectionMap::new(facts, aligner, keep, member.agent);
        merger.add(member, &sections, decisions);
    }
    let rest = merger.open_decisions(decisions);
    let kept = facts.agent(keep);
    let text = facts.text(keep);
    let body = kept.frontmatter.body_start as usize;
    let merged = merger.tree.write_into(text);
    let head = frontmatter::merge(facts, keep, members, decisions, &labels, with_origin);
    let mut out = head.unwrap_or_else(|| text[..body].to_owned());
    let head_end = out.len();
    for comment in rest {
        out.push_str(&comment);
        out.push_str(line_break(text));
    }
    out.push_str(&merged[body..]);
    let n_new = n_comment_tokens(&out, head_end);
    Draft {
        keep,
        joined: members.iter().map(|member| member.agent).collect(),
        comment_tokens: n_new.saturating_sub(n_comment_tokens(text, body)),
        text: out,
    }
}

/// Estimated tokens that a file would have less without comments such as those
/// of a draft: lines with `#` in its head, and `<!-- from … -->` and `<!-- DECIDE:
/// … -->` in its body, which begins at `body`.
fn n_comment_tokens(text: &str, body: usize) -> u64 {
    let head = whole_lines(&text[..body]);
    let mut plain: String = head.filter(|line| !line.starts_with('#')).collect();
    let mut rest = &text[body..];
    while let Some((before, comment)) = rest.split_once("<!-- ") {
        if !(comment.starts_with("from ") || comment.starts_with(MARK)) {
            plain.extend([before, "<!-- "]);
            rest = comment;
            continue;
        }
        let Some((_, after)) = comment.split_once("-->") else {
            break;
        };
        plain.push_str(before.strip_suffix(' ').unwrap_or(before));
        rest = after;
    }
    plain.push_str(rest);
    n_tokens(text).saturating_sub(n_tokens(&plain))
}

/// What files are called in comments: the end of the path that no other
/// member shares.
struct Labels {
    of_paths: BTreeMap<String, String>,
}

impl Labels {
    fn new(facts: &Facts<'_>, keep: u32, members: &[Member<'_>]) -> Self {
        let ids = [keep].into_iter().chain(members.iter().map(|member| member.agent));
        let paths: Vec<&str> = ids.map(|id| facts.path(id)).collect();
        let names = super::file_names(paths.iter().copied());
        let is_shared = |name: &String| names.iter().filter(|other| *other == name).count() > 1;
        let label = |(path, name): (&str, &String)| {
            let label = if is_shared(name) { path } else { name };
            (path.to_owned(), label.to_owned())
        };
        Self { of_paths: paths.into_iter().zip(&names).map(label).collect() }
    }

    fn of<'s>(&'s self, path: &'s str) -> &'s str {
        self.of_paths.get(path).map_or(path, String::as_str)
    }
}

/// The words of a statement around what it names, in lower case; `None` without
/// a name, or where so few are left that two of them may well stand together.
fn around_names(text: &str) -> Option<String> {
    const MIN_WORDS: usize = 4;
    let mut rest = String::with_capacity(text.len());
    let mut at = 0;
    for name in names(text) {
        let start = name.as_ptr() as usize - text.as_ptr() as usize;
        rest.push_str(&text[at..start]);
        rest.push('_');
        at = start + name.len();
    }
    rest.push_str(&text[at..]);
    let words = rest.split_whitespace().filter(|word| !word.contains('_'));
    let has_words = words.filter(|word| word.contains(char::is_alphabetic)).count() >= MIN_WORDS;
    (at > 0 && has_words).then(|| rest.to_lowercase())
}

/// Whether each of two statements has one name that the other does not have.
fn differ_in_one_name(one: &str, other: &str) -> bool {
    let (one, other): (BTreeSet<&str>, BTreeSet<&str>) =
        (names(one).collect(), names(other).collect());
    one.difference(&other).count() == 1 && other.difference(&one).count() == 1
}

/// Whether a text of several sentences ends with another one.
fn has_sentence(text: &str, sentence: &str) -> bool {
    let plain = |text: &str| text.trim_end().trim_end_matches('.').len();
    let above = text[..plain(text)].strip_suffix(&sentence[..plain(sentence)]);
    above.is_some_and(|above| above.trim_end().ends_with(['.', '!', '?']))
}

/// Whether advice also says what not to do, as its opposite does: "Make it once,
/// never twice."
fn has_negation(text: &str) -> bool {
    const NEGATIONS: [&str; 9] =
        ["never", "not", "don't", "don’t", "avoid", "without", "instead", "rather", "no"];
    let mut words = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’')));
    words.any(|word| NEGATIONS.iter().any(|one| one.eq_ignore_ascii_case(word)))
}

/// A section that the kept file does not have: whose it is, its index, when it
/// holds, and the piece that begins it.
#[derive(Debug, Clone)]
struct NewSection {
    agent: u32,
    section: u32,
    circumstance: Circumstance,
    node: usize,
    level: u8,
}

/// When and where what an agent says holds, by unit and by section.
struct Holds {
    units: Vec<Circumstance>,
    sections: Vec<Circumstance>,
}

impl Holds {
    fn new(agent: &Agent, text: &str) -> Self {
        let mut circumstances = Circumstances::new(agent, text);
        Self { units: circumstances.of_units(), sections: circumstances.of_sections() }
    }
}

/// Where the pieces of a section go.
#[derive(Debug, Clone, Copy)]
enum Target {
    /// Into a section of the kept file.
    Kept(u32),
    /// Below a piece: the heading of a section that is new.
    New(usize),
}

struct Merger<'a, 'b> {
    facts: &'b Facts<'a>,
    statements: &'b Statements,
    keep: u32,
    kept: &'a Agent,
    text: &'a str,
    blocks: Vec<Block>,
    holds: Holds,
    voice: Voice<'b>,
    /// Statements of the kept file with numbers in them, by their text without.
    numbered: BTreeMap<String, u32>,
    /// Statements of the kept file that name something, by the words around it.
    naming: BTreeMap<String, u32>,
    with_origin: bool,
    labels: &'b Labels,
    tree: Tree,
    new_sections: Vec<NewSection>,
    /// Places in the list of decisions of those that a comment names already.
    is_marked: BTreeSet<usize>,
}

/// One of the others, while its pieces are put in.
struct Other<'a, 'c> {
    id: u32,
    agent: &'a Agent,
    text: &'a str,
    blocks: Vec<Block>,
    holds: Holds,
    sections: &'c SectionMap,
    /// By block: the piece that it became, with its units there.
    put: BTreeMap<usize, (usize, Vec<usize>)>,
    /// By section: the piece that became its heading in bold.
    titles: BTreeMap<u32, usize>,
    /// By section: the piece that begins what stays whole of it.
    wholes: BTreeMap<u32, usize>,
    /// By the block that is the head of a table: the piece that begins it.
    tables: BTreeMap<usize, usize>,
}

impl<'a, 'b> Merger<'a, 'b> {
    fn new(
        facts: &'b Facts<'a>,
        statements: &'b Statements,
        keep: u32,
        with_origin: bool,
        labels: &'b Labels,
    ) -> Self {
        let kept = facts.agent(keep);
        let text = facts.text(keep);
        let (mut numbered, mut naming) = (BTreeMap::new(), BTreeMap::new());
        for (unit_idx, unit) in (0..).zip(&kept.units) {
            let own = kept.unit_text(unit, text);
            if unit.is_statement() && has_numbers(&own) && own.contains(char::is_alphabetic) {
                numbered.entry(without_numbers(&own)).or_insert(unit_idx);
            }
            if unit.kind.is_prose()
                && let Some(words) = around_names(&own)
            {
                naming.entry(words).or_insert(unit_idx);
            }
        }
        Self {
            facts,
            statements,
            keep,
            kept,
            text,
            blocks: blocks(kept, text),
            holds: Holds::new(kept, text),
            voice: statements.voice(keep),
            numbered,
            naming,
            with_origin,
            labels,
            tree: Tree::default(),
            new_sections: Vec::new(),
            is_marked: BTreeSet::new(),
        }
    }

    /// Puts in what only this member says.
    fn add(&mut self, member: &Member<'_>, sections: &SectionMap, decisions: &[Decision]) {
        let agent = self.facts.agent(member.agent);
        let text = self.facts.text(member.agent);
        let mut other = Other {
            id: member.agent,
            agent,
            text,
            blocks: blocks(agent, text),
            holds: Holds::new(agent, text),
            sections,
            put: BTreeMap::new(),
            titles: BTreeMap::new(),
            wholes: BTreeMap::new(),
            tables: BTreeMap::new(),
        };
        let mut of_block: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &unit in member.units {
            let unit = unit as usize;
            let block = other.blocks.partition_point(|block| block.units.end <= unit);
            of_block.entry(block).or_default().push(unit);
        }
        self.complete_steps(&other, &mut of_block);
        for (block, units) in of_block {
            self.put(&mut other, block, &units, decisions);
        }
        for example in member.body_examples(self.facts) {
            self.put_example(&other, example);
        }
    }

    /// Puts in some units of a block, and before them what introduces it.
    fn put(
        &mut self,
        other: &mut Other<'a, '_>,
        block: usize,
        units: &[usize],
        decisions: &[Decision],
    ) {
        let own = other.blocks[block].clone();
        let mut node = piece::piece(other.agent, &own, units, other.text);
        if self.with_origin {
            let (file, start) = (other.agent.file, own.lines.start as u32);
            let line = self.facts.sources.position(file, start).line;
            let path = self.labels.of(self.facts.path(other.id));
            node.comments.push(comment(&format!("from {path}:{line}")));
        }
        let decide = self.decide(other, &own, units, decisions);
        node.comments.extend(decide);
        let node = self.put_node(other, block, units, node);
        other.put.insert(block, (node, units.to_vec()));
    }

    /// The piece with a lead-in: that of its block if it is there, which the
    /// lead-in then is as well.
    fn put_lead_in(&mut self, other: &mut Other<'a, '_>, lead_in: u32) -> usize {
        let lead_in = lead_in as usize;
        let block = other.blocks.partition_point(|block| block.units.end <= lead_in);
        let (known, mut units) = match other.put.get(&block) {
            Some((node, units)) => (Some(*node), units.clone()),
            None => (None, Vec::new()),
        };
        if let Err(at) = units.binary_search(&lead_in) {
            units.insert(at, lead_in);
        }
        let piece = piece::piece(other.agent, &other.blocks[block], &units, other.text);
        let node = match known {
            Some(node) => {
                self.tree.nodes[node].lines = piece.lines;
                node
            }
            None => self.put_node(other, block, &[], piece),
        };
        other.put.insert(block, (node, units));
        node
    }

    fn put_node(
        &mut self,
        other: &mut Other<'a, '_>,
        block: usize,
        units: &[usize],
        mut node: Node,
    ) -> usize {
        let own = other.blocks[block].clone();
        let is_whole = self.stays_whole(other, block, units, node.form);
        if let Some(spot) = self.beside_opposed(other, &own, units, &node)
            && !is_whole
        {
            return self.tree.put(spot, node);
        }
        if node.form == Form::Row
            && let Some(id) = self.put_row(other, block, &node, is_whole)
        {
            return id;
        }
        let Some(lead_in) = self.lead_in(other, block) else {
            let has_heading = other.agent.sections[own.section as usize].heading.is_some();
            if is_whole && (has_heading || matches!(node.form, Form::Item { .. })) {
                let parent = self.whole(other, own.section);
                return self.tree.put_below(parent, node);
            }
            // What introduces steps keeps them together where no heading does.
            if is_whole {
                node.comments.extend(self.decide_between_steps(other, &own));
            }
            return self.put_in_section(other, &own, units, node);
        };
        if let Some(spot) = self.below_same_lead_in(other, &own, lead_in, &node)
            && (!is_whole || self.is_opposed_bullet(other, units, &spot))
        {
            return self.tree.put(spot, node);
        }
        // "Output:" may be a heading of the kept file.
        let holds = &other.holds.units[own.units.start];
        let is_heading = |here: &u32| {
            self.holds.sections[*here as usize] == *holds
                && self.is_same_heading(other, lead_in, *here)
        };
        let here = other.sections.of_lead_in(lead_in).filter(is_heading);
        if let Some(here) = here.filter(|_| !is_whole) {
            let spot = self.spot(other, units, here, node.form);
            return self.tree.put(spot, node);
        }
        let parent = self.put_lead_in(other, lead_in);
        self.tree.put_below(parent, node)
    }

    /// The unit that introduces a block, headings aside.
    fn lead_in(&self, other: &Other<'a, '_>, block: usize) -> Option<u32> {
        let own = &other.blocks[block];
        let lead_in = own.lead_in?;
        let is_own = own.units.contains(&(lead_in as usize));
        let is_heading = other.agent.units[lead_in as usize].kind == UnitKind::Heading;
        (!is_own && !is_heading).then_some(lead_in)
    }

    /// The place below the kept file's lead-in that says the same.
    fn below_same_lead_in(
        &self,
        other: &Other<'a, '_>,
        own: &Block,
        lead_in: u32,
        node: &Node,
    ) -> Option<Spot> {
        let section = other.agent.units[lead_in as usize].section_idx;
        let wording = self.statements.of_units[other.id as usize][lead_in as usize];
        let same = match wording {
            Some(wording) => self.statements.said(wording, &self.voice)?.0,
            None => {
                let here = other.sections.get(section)?;
                let mut units = self.blocks.iter().flat_map(|block| block.units.clone());
                units.find(|&unit| {
                    let unit_idx = unit as u32;
                    self.kept.units[unit].section_idx == here
                        && self.blocks.iter().any(|block| block.lead_in == Some(unit_idx))
                        && is_same_title(self.facts, (other.id, lead_in), (self.keep, unit_idx))
                })? as u32
            }
        };
        let is_item = matches!(node.form, Form::Item { .. });
        let last = self.blocks.iter().rposition(|block| {
            block.lead_in == Some(same)
                && (block.kind == UnitKind::Item) == is_item
                && self.holds_as(other, own, block)
        })?;
        let mut spot = self.after(last);
        // What has no order is no further step.
        let are_numbered = spot.marker.as_ref().is_some_and(|marker| marker.next.is_some());
        if is_item && !matches!(node.form, Form::Item { is_numbered: true }) && are_numbered {
            (spot.gap, spot.marker) = (Gap::Blank, None);
        }
        Some(spot)
    }

    /// Whether a block of another member holds when one of the kept file does.
    fn holds_as(&self, other: &Other<'a, '_>, own: &Block, kept: &Block) -> bool {
        other.holds.units[own.units.start] == self.holds.units[kept.units.start]
    }

    /// Whether a numbered item stands against one of the bullets at a place: it
    /// is one of them, and no step.
    fn is_opposed_bullet(&self, other: &Other<'a, '_>, units: &[usize], spot: &Spot) -> bool {
        let marker = spot.marker.as_ref();
        let are_bullets = marker.is_some_and(|marker| marker.next.is_none());
        let mut units = units.iter();
        are_bullets && units.any(|&unit| self.opposed(other, unit).is_some())
    }

    /// Right after the kept item that gives other numbers, or says the
    /// opposite by words of its own.
    fn beside_opposed(
        &self,
        other: &Other<'a, '_>,
        own: &Block,
        units: &[usize],
        node: &Node,
    ) -> Option<Spot> {
        let [unit] = units[..] else { return None };
        let opposed = self.opposed(other, unit)?;
        let block =
            self.blocks.iter().position(|block| block.units.contains(&(opposed as usize)))?;
        let kept = &self.blocks[block];
        let is_like = kept.kind == UnitKind::Item
            && matches!(node.form, Form::Item { is_numbered } if is_numbered == section::is_numbered(&self.text[kept.lines.clone()]))
            && own.lead_in.is_none()
            && kept.lead_in.is_none()
            && self.holds_as(other, own, kept)
            && other.agent.units[unit].direction == self.kept.units[opposed as usize].direction;
        is_like.then(|| self.after(block))
    }

    /// The kept unit that gives another number or name than a unit of another
    /// member, or says the opposite.
    fn opposed(&self, other: &Other<'a, '_>, unit: usize) -> Option<u32> {
        let wording = self.statements.of_units[other.id as usize][unit]?;
        let own = &other.agent.units[unit];
        let text = other.agent.unit_text(own, other.text);
        let by_words = || {
            let (kept, _) = self.statements.opposed(wording, &self.voice)?;
            let theirs = &self.kept.units[kept as usize];
            let advice = match own.direction {
                Direction::Advice => text.clone(),
                Direction::Warning => self.kept.unit_text(theirs, self.text),
            };
            let is_same = own.direction != theirs.direction && has_negation(&advice);
            let is_part = has_sentence(&self.kept.unit_text(theirs, self.text), &text);
            (!is_same && !is_part).then_some(kept)
        };
        let by_names = || {
            let kept = *self.naming.get(&around_names(&text)?)?;
            let theirs = &self.kept.units[kept as usize];
            let kept_text = self.kept.unit_text(theirs, self.text);
            let one_differs = differ_in_one_name(&text, &kept_text);
            (one_differs && theirs.direction == own.direction).then_some(kept)
        };
        // In a short statement numbers weigh more than all its words.
        let by_numbers = || {
            let kept = *self.numbered.get(&without_numbers(&text))?;
            let is_same = self.kept.unit_text(&self.kept.units[kept as usize], self.text) == text;
            (!is_same).then_some(kept)
        };
        let opposed = by_numbers().or_else(by_words).or_else(by_names)?;
        let meets = self.holds.units[opposed as usize].meets(&other.holds.units[unit]);
        meets.then_some(opposed)
    }

    /// Where the kept agent is told who it is, for the unit that tells another
    /// one: nobody is two.
    fn other_self(&self, other: &Other<'a, '_>, unit: usize) -> Option<u32> {
        let is_self = |agent: &Agent, text: &str, unit: &Unit| {
            let text = agent.unit_text(unit, text).to_lowercase();
            agent.identity().contains(unit) && text.starts_with("you are ")
        };
        if !is_self(other.agent, other.text, &other.agent.units[unit]) {
            return None;
        }
        let mut kept = self.kept.units.iter();
        let kept = kept.position(|unit| is_self(self.kept, self.text, unit))?;
        Some(kept as u32)
    }

    /// What has to be decided about a piece, as comments.
    fn decide(
        &mut self,
        other: &Other<'a, '_>,
        own: &Block,
        units: &[usize],
        decisions: &[Decision],
    ) -> Vec<String> {
        let mut comments = Vec::new();
        let path = self.facts.path(other.id);
        let (first, last) = (
            self.facts.sources.position(other.agent.file, own.lines.start as u32).line,
            self.facts.sources.position(other.agent.file, own.lines.end as u32).line,
        );
        let is_here = |quote: &Evidence| quote.path == path && (first..=last).contains(&quote.line);
        for (at, decision) in decisions.iter().enumerate() {
            let kept_path = self.facts.path(self.keep);
            let quotes = || decision.evidence.iter().enumerate();
            let own = quotes().find(|(_, quote)| is_here(quote));
            // Copies that disagree more than once are quoted pair by pair.
            let beside = |nth: usize| {
                let kept = quotes().filter(|(_, quote)| quote.path == kept_path);
                kept.min_by_key(|(at, _)| (at / 2 != nth / 2, at.abs_diff(nth)))
            };
            if let Some((nth, own_quote)) = own
                && let Some((_, kept_quote)) = beside(nth)
            {
                comments.push(self.decide_between(kept_quote, own_quote));
                self.is_marked.insert(at);
            }
        }
        if !comments.is_empty() {
            return comments;
        }
        for &unit in units {
            let opposed = self.opposed(other, unit);
            if let Some(opposed) = opposed.or_else(|| self.other_self(other, unit)) {
                let kept = self.facts.quote_unit(self.keep, &self.kept.units[opposed as usize]);
                let own = self.facts.quote_unit(other.id, &other.agent.units[unit]);
                comments.push(self.decide_between(&kept, &own));
            }
        }
        comments
    }

    /// Decisions about statements that no piece carries: both sides are in
    /// the kept file's words, or the other side is another member's.
    fn open_decisions(&self, decisions: &[Decision]) -> Vec<String> {
        decisions
            .iter()
            .enumerate()
            .filter(|(at, decision)| {
                !self.is_marked.contains(at) && !frontmatter::decides(decision.rule)
            })
            .filter_map(|(_, decision)| {
                let [first, rest @ ..] = &decision.evidence[..] else {
                    return None;
                };
                let second = rest.iter().find(|quote| quote.path != first.path)?;
                Some(self.decide_between(first, second))
            })
            .collect()
    }

    /// `<!-- DECIDE: "…" (a.md:3) or "…" (b.md:9)? -->`.
    fn decide_between(&self, kept: &Evidence, own: &Evidence) -> String {
        let side = |quote: &Evidence| {
            let label = self.labels.of(&quote.path);
            format!("{} ({label}:{})", quoted(&quote.text), quote.line)
        };
        comment(&format!("{MARK}{} or {}?", side(kept), side(own)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_in_one_name_is_told_by_the_words_around_it() {
        let (one, other) = ("Store all keys in `a/keys.db`", "Store all keys in `b/keys.db`");
        assert_eq!(around_names(one), around_names(other));
        assert!(around_names(one).is_some() && differ_in_one_name(one, other));
        assert_eq!(around_names("Store all keys in the safe"), None);
        assert_eq!(around_names("Use Redis"), None);
        assert!(!differ_in_one_name("Ask Ann and Bob", "Ask Cleo and Dan"));
    }

    #[test]
    fn a_sentence_is_whole() {
        assert!(has_sentence("Do not run. Wax the skis.", "Wax the skis"));
        assert!(!has_sentence("Never wax the skis.", "wax the skis"));
        assert!(!has_sentence("Wax the skis.", "Wax the skis."));
    }

    #[test]
    fn advice_may_say_what_not_to_do() {
        assert!(has_negation("Make one at the root, never in a loop"));
        assert!(!has_negation("Make one at the root"));
    }
}
