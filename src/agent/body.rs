//! Sections and units of the Markdown.
//!
//! One pass over the events of pulldown-cmark. A block's text is collected
//! without markup, together with the places in the file that it came from
//! (`Inline`), cut into statements (`super::split`), and each statement
//! becomes a unit that owns a run of those places. Linear in the events, whose
//! number the parser bounds.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::description::{self, Example};
use super::direction;
use super::mask::{self, Region, RegionKind, Regions};
use super::split;
use super::{BOLD_LEVEL, Direction, Fault, FaultKind, Piece, Section, Unit, UnitKind};
use crate::source::{Span, line_start};

/// What the body of a file holds.
#[derive(Debug, Default)]
pub struct Body {
    /// See [`super::Agent::sections`].
    pub sections: Vec<Section>,
    /// See [`super::Agent::units`].
    pub units: Vec<Unit>,
    /// See [`super::Agent::pieces`].
    pub pieces: Vec<Piece>,
    /// What is broken.
    pub faults: Vec<Fault>,
    /// The `<example>` blocks.
    pub examples: Vec<Example>,
}

/// A longer strong paragraph is a statement, no title.
const MAX_TITLE_BYTES: usize = 100;

/// Items up to this length stay whole; longer ones are cut into sentences.
const MAX_WHOLE_ITEM_BYTES: usize = 240;

/// A code block is cut at blank lines and after this many lines.
const MAX_CODE_LINES: usize = 12;

/// About how many bytes of a file make a unit.
const BYTES_PER_UNIT: usize = 100;

/// Takes the body `source[start..]` apart.
pub fn parse(source: &str, start: usize) -> Body {
    let masked = mask::mask(source, start);
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut builder = Builder::new(source, &masked.regions);
    for (event, range) in Parser::new_ext(&masked.text, options).into_offset_iter() {
        builder.event(&event, Span::new(start + range.start, start + range.end));
    }
    let mut body = builder.body;
    body.units.shrink_to_fit();
    body.pieces.shrink_to_fit();
    body.examples = description::body_examples(&source[start..], &masked.text, start);
    body
}

/// The text of one block without markup, and where each part of it stands.
#[derive(Default)]
struct Inline {
    text: String,
    /// Offset in `text` and place in the file.
    parts: Vec<(usize, Piece)>,
    /// Offsets in `text` at which a line of the file begins.
    line_starts: Vec<usize>,
    /// Whether a space is due before the next part.
    spaced: bool,
    /// End of the strong text with which the block begins, if it does.
    strong_end: Option<usize>,
    /// Whether the block begins with text that is not strong.
    begins_plain: bool,
}

impl Inline {
    fn clear(&mut self) {
        self.text.clear();
        self.parts.clear();
        self.line_starts.clear();
        self.line_starts.push(0);
        self.spaced = false;
        self.strong_end = None;
        self.begins_plain = false;
    }

    /// Adds the parts of `span` that the parser saw; `seen` is as long as the
    /// span and differs from the file where a tag was masked.
    fn push(&mut self, source: &str, seen: &str, span: Span) {
        let file = span.of(source);
        if file == seen {
            return self.push_part(file, span);
        }
        let is_masked = |at: usize| file.as_bytes()[at] != seen.as_bytes()[at];
        let mut at = 0;
        while at < file.len() {
            let masked = is_masked(at);
            let n = (at..file.len()).take_while(|&next| is_masked(next) == masked).count();
            if masked {
                self.spaced = true;
            } else {
                let start = span.start as usize + at;
                self.push_part(&file[at..at + n], Span::new(start, start + n));
            }
            at += n;
        }
    }

    fn push_part(&mut self, text: &str, span: Span) {
        if text.is_empty() {
            return;
        }
        let spaced = self.spaced && !self.text.is_empty();
        if spaced {
            self.text.push(' ');
        }
        self.parts.push((self.text.len(), Piece { span, spaced }));
        self.text.push_str(text);
        self.spaced = false;
    }

    fn line_break(&mut self) {
        self.spaced = true;
        // The next part begins after the space that is due.
        self.line_starts.push(self.text.len() + usize::from(!self.text.is_empty()));
    }
}

/// A list or item around the current place.
#[derive(Clone, Copy, Default)]
struct Level {
    /// What introduces the items of the list.
    lead_in: Option<u32>,
    /// The first unit of the current item.
    item: Option<u32>,
}

struct Builder<'a> {
    source: &'a str,
    regions: Regions<'a>,
    body: Body,
    /// By unit: the direction that it gives to what it introduces.
    leads: Vec<Option<Direction>>,
    inline: Inline,
    lists: Vec<Level>,
    /// Sections from the first to the current one.
    open_sections: Vec<u32>,
    /// The last statement outside lists, if it ends in a colon.
    lead_in: Option<u32>,
    code: Option<Code>,
    in_heading: bool,
    in_table: bool,
    in_strong: bool,
}

struct Code {
    is_fenced: bool,
    block: Span,
    content: Option<Span>,
}

impl<'a> Builder<'a> {
    fn new(source: &'a str, regions: &'a [Region]) -> Self {
        let first = Section { heading: None, level: 0, parent: 0, direction: Direction::Advice };
        let body = Body {
            sections: vec![first],
            units: Vec::with_capacity(source.len() / BYTES_PER_UNIT),
            pieces: Vec::with_capacity(source.len() / BYTES_PER_UNIT),
            ..Body::default()
        };
        Self {
            source,
            regions: Regions::new(regions),
            body,
            leads: Vec::with_capacity(source.len() / BYTES_PER_UNIT),
            inline: Inline { line_starts: vec![0], ..Inline::default() },
            lists: Vec::new(),
            open_sections: vec![0],
            lead_in: None,
            code: None,
            in_heading: false,
            in_table: false,
            in_strong: false,
        }
    }

    fn event(&mut self, event: &Event<'_>, span: Span) {
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(*tag),
            Event::Text(text) => self.text(text, span),
            Event::Code(_) => self.inline_code(span),
            Event::SoftBreak | Event::HardBreak => self.inline.line_break(),
            Event::Html(_) | Event::InlineHtml(_) => self.inline.spaced = true,
            Event::Rule => {
                self.flush();
                self.lead_in = None;
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, span: Span) {
        match tag {
            Tag::Heading { .. } => {
                self.flush();
                self.in_heading = true;
            }
            Tag::List(_) => {
                self.flush();
                let lead_in = self.lists.last().and_then(|level| level.item).or(self.lead_in);
                self.lists.push(Level { lead_in, item: None });
            }
            Tag::Item => {
                self.flush();
                if let Some(level) = self.lists.last_mut() {
                    level.item = None;
                }
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                let is_fenced = matches!(kind, CodeBlockKind::Fenced(_));
                self.code = Some(Code { is_fenced, block: span, content: None });
            }
            Tag::Table(_) => {
                self.flush();
                self.in_table = true;
            }
            Tag::TableCell => self.inline.spaced = true,
            Tag::Strong => self.in_strong = true,
            Tag::Paragraph | Tag::BlockQuote(_) | Tag::HtmlBlock => self.flush(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => self.heading(level as u8),
            TagEnd::Paragraph | TagEnd::Item | TagEnd::HtmlBlock => self.flush(),
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
                if self.lists.is_empty() {
                    self.lead_in = self.last_item_that_leads_in();
                }
            }
            TagEnd::CodeBlock => self.code_block(),
            TagEnd::TableHead | TagEnd::TableRow => self.row(),
            TagEnd::Table => self.in_table = false,
            TagEnd::Strong => {
                self.in_strong = false;
                if !self.inline.begins_plain && self.inline.strong_end.is_none() {
                    self.inline.strong_end = Some(self.inline.text.len());
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, span: Span) {
        if let Some(code) = &mut self.code {
            let start = code.content.map_or(span.start, |content| content.start);
            code.content = Some(Span { start, end: span.end });
        } else if text.len() == span.byte_len() {
            self.note_begin();
            self.inline.push(self.source, text, span);
        } else {
            // An entity such as `&nbsp;` or `&rarr;`: never a word.
            self.inline.spaced = true;
        }
    }

    fn inline_code(&mut self, span: Span) {
        let code = span.of(self.source);
        let n_ticks = code.bytes().take_while(|&byte| byte == b'`').count();
        let inner = &code[n_ticks..code.len().saturating_sub(n_ticks).max(n_ticks)];
        let start = span.start as usize + n_ticks + (inner.len() - inner.trim_start().len());
        let inner = inner.trim();
        self.note_begin();
        self.inline.push(self.source, inner, Span::new(start, start + inner.len()));
    }

    fn note_begin(&mut self) {
        self.inline.begins_plain |= self.inline.text.is_empty() && !self.in_strong;
    }

    /// The last unit if it is an item that ends in a colon: what follows its
    /// list is often meant to lie in it, but is not indented enough.
    fn last_item_that_leads_in(&self) -> Option<u32> {
        let last = self.body.units.last()?;
        let leads_in = || direction::ends_in_colon(last.span.of(self.source));
        let is_item = last.kind == UnitKind::Item && leads_in();
        is_item.then(|| self.body.units.len() as u32 - 1)
    }

    /// Ends the block that was being collected.
    fn flush(&mut self) {
        if self.in_table || self.in_heading {
            return;
        }
        if !split::trim(&self.inline.text).is_empty() {
            if self.lists.is_empty() {
                self.paragraph();
            } else {
                self.item();
            }
        }
        self.inline.clear();
    }

    fn paragraph(&mut self) {
        let text = self.inline.text.trim_end();
        let after_strong = self.inline.strong_end.and_then(|end| text.get(end..));
        let is_title = text.len() <= MAX_TITLE_BYTES
            && after_strong.is_some_and(|rest| rest.trim_matches([':', '：', ' ']).is_empty());
        if is_title {
            self.lead_in = self.section(BOLD_LEVEL);
            return;
        }
        let mut last = None;
        let lead_in = self.lead_in;
        for (range, is_item) in split::paragraph(&self.inline.text, &self.inline.line_starts) {
            let kind = if is_item { UnitKind::Item } else { UnitKind::Sentence };
            let introduced_by =
                if is_item { last.filter(|_| lead_in.is_none()).or(lead_in) } else { None };
            let unit = self.push_unit(range.clone(), kind, introduced_by);
            if !is_item {
                last =
                    unit.filter(|_| direction::ends_in_colon(self.inline.text[range].trim_end()));
            }
        }
        self.lead_in = last;
    }

    fn item(&mut self) {
        let Some(&Level { lead_in, item }) = self.lists.last() else {
            return;
        };
        // What follows in the same item is introduced by its first statement.
        let introduced_by = item.or(lead_in);
        let whole = 0..self.inline.text.len();
        let first = if whole.len() <= MAX_WHOLE_ITEM_BYTES {
            self.push_unit(whole, UnitKind::Item, introduced_by)
        } else {
            let sentences = split::sentences(&self.inline.text);
            let units = sentences
                .into_iter()
                .map(|range| self.push_unit(range, UnitKind::Item, introduced_by));
            // All are pushed, also those after the first.
            units.fold(None, Option::or)
        };
        if let Some(level) = self.lists.last_mut() {
            level.item = level.item.or(first);
        }
    }

    fn heading(&mut self, level: u8) {
        self.in_heading = false;
        self.section(level);
        self.inline.clear();
        self.lead_in = None;
    }

    /// Opens a section whose heading is the inline text; returns the heading's unit.
    fn section(&mut self, level: u8) -> Option<u32> {
        while let Some(&open) = self.open_sections.last() {
            if self.body.sections[open as usize].level < level {
                break;
            }
            self.open_sections.pop();
        }
        let parent = self.open_sections.last().copied().unwrap_or(0);
        let direction = direction::of_heading(&self.inline.text)
            .unwrap_or(self.body.sections[parent as usize].direction);
        self.open_sections.push(self.body.sections.len() as u32);
        self.body.sections.push(Section { heading: None, level, parent, direction });
        let heading = self.push_unit(0..self.inline.text.len(), UnitKind::Heading, None);
        if let Some(section) = self.body.sections.last_mut() {
            section.heading = heading;
        }
        heading
    }

    fn row(&mut self) {
        self.push_unit(0..self.inline.text.len(), UnitKind::Row, self.lead_in);
        self.inline.clear();
    }

    fn code_block(&mut self) {
        let Some(code) = self.code.take() else { return };
        if code.is_fenced && !is_closed(code.block.of(self.source)) {
            self.unclosed_fence(&code);
        }
        let lead_in =
            self.lists.last().and_then(|level| level.item.or(level.lead_in)).or(self.lead_in);
        if let Some(content) = code.content {
            // What looked like indentation may be a masked comment of wide characters.
            let start = self.source.ceil_char_boundary(content.start as usize);
            let content = Span::new(start, content.end as usize);
            for range in split::code(content.of(self.source), MAX_CODE_LINES) {
                self.inline.clear();
                let span = Span::new(
                    content.start as usize + range.start,
                    content.start as usize + range.end,
                );
                self.inline.push_part(span.of(self.source), span);
                self.push_unit(0..self.inline.text.len(), UnitKind::Code, lead_in);
            }
            self.inline.clear();
        }
    }

    /// Says that a fence takes what follows it for code. One with nothing
    /// after it in what contains it takes nothing, and is not told.
    fn unclosed_fence(&mut self, code: &Code) {
        let taken = code.content.map_or("", |content| content.of(self.source));
        if taken.trim().is_empty() {
            return;
        }
        let block = code.block;
        let rest = match &self.source[block.end as usize..] {
            after if after.trim().is_empty() => "file",
            _ if self.lists.is_empty() => "quote",
            _ => "list item",
        };
        self.body.faults.push(Fault {
            kind: FaultKind::Other,
            span: block,
            message: format!(
                "this code fence is never closed, so the rest of the {rest} counts as code"
            ),
            help: "close the fence with a line of as many backticks".to_owned(),
        });
    }

    /// Adds the unit whose text is `range` of the inline text, unless it is
    /// blank or lies in an example.
    fn push_unit(
        &mut self,
        range: std::ops::Range<usize>,
        kind: UnitKind,
        lead_in: Option<u32>,
    ) -> Option<u32> {
        let untrimmed = &self.inline.text[range.clone()];
        let text = split::trim(untrimmed);
        if text.is_empty() {
            return None;
        }
        let n_before = if text.len() == untrimmed.len() {
            0
        } else {
            untrimmed.len() - untrimmed.trim_start().len()
        };
        let start = range.start + n_before;
        let end = start + text.len();
        let first_piece = self.body.pieces.len();
        let from =
            self.inline.parts.partition_point(|&(at, piece)| at + piece.span.byte_len() <= start);
        for &(at, piece) in self.inline.parts[from..].iter().take_while(|&&(at, _)| at < end) {
            let skip = start.saturating_sub(at) as u32;
            let cut = (at + piece.span.byte_len()).saturating_sub(end) as u32;
            let span = Span { start: piece.span.start + skip, end: piece.span.end - cut };
            self.body.pieces.push(Piece { span, spaced: piece.spaced && skip == 0 });
        }
        let pieces = &self.body.pieces[first_piece..];
        let span = Span { start: pieces.first()?.span.start, end: pieces.last()?.span.end };
        let region = self.regions.around(span);
        if region == Some(RegionKind::Example) {
            self.body.pieces.truncate(first_piece);
            return None;
        }
        let section_idx = self.open_sections.last().copied().unwrap_or(0);
        let direction = match region {
            Some(RegionKind::Bad) => Direction::Warning,
            Some(RegionKind::Good) => Direction::Advice,
            _ => self.direction(text, kind, section_idx, lead_in),
        };
        let pieces = Span::new(first_piece, self.body.pieces.len());
        self.leads.push(
            direction::of_lead_in(text).or((direction == Direction::Warning).then_some(direction)),
        );
        self.body.units.push(Unit { kind, direction, section_idx, lead_in, span, pieces });
        Some(self.body.units.len() as u32 - 1)
    }

    fn direction(
        &self,
        text: &str,
        kind: UnitKind,
        section_idx: u32,
        lead_in: Option<u32>,
    ) -> Direction {
        let own = match kind {
            // The section that a heading opens has the heading's direction.
            UnitKind::Heading | UnitKind::Code => None,
            _ => direction::of_statement(text),
        };
        own.or_else(|| self.leads[lead_in? as usize])
            .unwrap_or(self.body.sections[section_idx as usize].direction)
    }
}

/// Whether a fenced code block ends with its closing fence. The parser's span
/// of an unclosed one runs to the end of what contains it.
fn is_closed(block: &str) -> bool {
    let marker = block.as_bytes().first().copied().unwrap_or(b'`');
    let n_open = block.bytes().take_while(|&byte| byte == marker).count();
    let block = block.trim_end();
    let last = &block[line_start(block, block.len())..];
    let is_alone = last.len() == block.len();
    let last = last.trim_start_matches([' ', '\t', '>']);
    !is_alone && last.len() >= n_open && last.bytes().all(|byte| byte == marker)
}

#[cfg(test)]
mod tests {
    use super::{Direction, parse};

    #[test]
    fn a_lone_cr_ends_a_line_like_any_line_break() {
        let text = "# Tides\n\n<rules>\n- Log it\n</rules>\n\n```sh\nmake <b>\n\nmake all\n```\n\n\
                    Text with\na break. <!-- a\nb -->\n\n| a | b |\n|-|-|\n| c | d |\n\n## More\n- Weigh it\n";
        let units = |text: &str| {
            let units = parse(text, 0).units.into_iter();
            units.map(|unit| (unit.kind, unit.span, unit.section_idx)).collect::<Vec<_>>()
        };
        assert_eq!(units(&text.replace('\n', "\r")), units(text));
    }

    #[test]
    fn tags_in_code_begin_no_example() {
        for text in [
            "- Mark it with `<example>` and `<code>`.\n- Then stop.\n",
            "Write ``<example>`` first.\n\nThen stop.\n",
            "```xml\n<example>\n</example>\n```\n\nThen stop.\n",
        ] {
            let body = parse(text, 0);
            assert_eq!(body.examples, [], "{text}");
            assert!(body.units.len() > 1, "{text}");
        }
        let examples = parse("Like `<example>`:\n<example>a</example>\n", 0).examples;
        assert_eq!(examples.len(), 1);
        assert_eq!(examples[0].span.range(), 18..38);
    }

    #[test]
    fn a_list_that_is_indented_too_little_is_led_in_by_the_item_above() {
        let text =
            "Do this:\n\n9. Log it\n10. Never weigh:\n   - Sand\n   - Salt\n\nThen:\n- Stop\n";
        let units = parse(text, 0).units;
        let lead_ins: Vec<_> = units.iter().map(|unit| unit.lead_in).collect();
        assert_eq!(lead_ins, [None, Some(0), Some(0), Some(2), Some(2), None, Some(5)]);
        assert_eq!(units[3].direction, Direction::Warning);
    }

    #[test]
    fn a_fence_that_is_not_closed_takes_what_follows_in_its_container() {
        let cases = [
            ("- Log it\n\n```json\n{}\n\n- Weigh it\n", Some("file")),
            ("1. Run\n   ```sh\n   make\n\n2. Then stop\n", Some("list item")),
            ("> ```\n> make\n\nThen stop.\n", Some("quote")),
            ("- Log it\n\n```json\n{}\n```\n\n- Weigh it\n", None),
            // The second one is left over and takes nothing.
            ("1. Run\n   ```sh\n   make\n   ```\n   ```\n\n2. Then stop\n", None),
            ("```sh\nmake\n```\n```\n", None),
            ("- Log it\r\r```json\r{}\r```\r\r- Weigh it\r", None),
            ("- Log it\r\r```json\r{}\r\r- Weigh it\r", Some("file")),
        ];
        for (text, rest) in cases {
            let messages: Vec<String> =
                parse(text, 0).faults.into_iter().map(|fault| fault.message).collect();
            let expected: Vec<String> = rest
                .map(|rest| {
                    format!(
                        "this code fence is never closed, so the rest of the {rest} counts as code"
                    )
                })
                .into_iter()
                .collect();
            assert_eq!(messages, expected, "{text}");
        }
    }
}
