//! The parsed form of one definition file.
//!
//! [`parse`] never fails: what is broken becomes a [`Fault`], what can be read
//! is read. A unit keeps no text of its own, only the spans of its pieces, so
//! that a collection costs little more memory than its files.

mod allow;
pub mod body;
pub mod boundary;
mod cues;
pub mod description;
mod direction;
pub(crate) mod file_name;
pub mod frontmatter;
mod mask;
pub(crate) mod split;
mod start;

use std::borrow::Cow;
use std::ops::Range;

use crate::source::{FileId, SourceFile, Span, line_below};
use crate::text::{head, language};
pub use allow::Allowance;
pub use description::{Description, Example};
pub(crate) use direction::of_statement as direction_of;
pub use frontmatter::{Field, Frontmatter, Value};
pub use start::Start;

/// What a file is, by its path and its frontmatter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An agent (Claude Code, Cursor, Codex, Gemini, OpenCode or Copilot).
    Agent,
    /// A skill: `SKILL.md`, named by its `name` or its folder.
    Skill,
    /// A slash command.
    Command,
    /// A rule: `.mdc`, `.cursorrules`, a file of a `rules` folder.
    Rule,
    /// Instructions for paths: `*.instructions.md`.
    Instructions,
    /// A reusable prompt: `*.prompt.md`.
    Prompt,
    /// A chat mode: `*.chatmode.md`.
    ChatMode,
    /// A memory file (`CLAUDE.md`, `AGENTS.md`, …), which applies to all below its folder.
    Memory,
}

impl Kind {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Skill => "skill",
            Self::Command => "command",
            Self::Rule => "rule",
            Self::Instructions => "instructions",
            Self::Prompt => "prompt",
            Self::ChatMode => "chat-mode",
            Self::Memory => "memory",
        }
    }
}

/// Whose rules decide what a file is called and who wins when two are called the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Product {
    /// Claude Code, and plain folders of Markdown agents.
    Claude,
    /// Cursor.
    Cursor,
    /// GitHub Copilot, in VS Code too.
    Copilot,
    /// OpenCode.
    OpenCode,
    /// Codex.
    Codex,
    /// Gemini CLI.
    Gemini,
    /// Another one, by its name: what it does with a file is not known here.
    Other(&'static str),
}

impl Product {
    /// The name that its makers give it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Claude => "Claude Code",
            Self::Cursor => "Cursor",
            Self::Copilot => "Copilot",
            Self::OpenCode => "OpenCode",
            Self::Codex => "Codex",
            Self::Gemini => "Gemini CLI",
            Self::Other(name) => name,
        }
    }
}

/// Where a file belongs, told by its path alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// What the path says the file is; `None` where only its frontmatter can tell.
    pub kind: Option<Kind>,
    /// Whose file it is.
    pub product: Product,
    /// The folder from which a product loads it together with its siblings
    /// (`…/.claude/agents`, a plugin's `agents`), as shown; empty for the working folder.
    pub load_root: String,
    /// The folder that holds `.claude`, `.cursor` and the like, as shown;
    /// `None` where the path names none.
    pub project_root: Option<String>,
}

/// Whether advice is given or warned of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Direction {
    /// Do this.
    #[default]
    Advice,
    /// Do not do this: it stands under "Never", "Anti-patterns", "❌" and the like.
    Warning,
}

/// What a unit was in the Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitKind {
    /// A heading's own text.
    Heading,
    /// A list item, or a sentence of a long one.
    Item,
    /// A sentence of a paragraph.
    Sentence,
    /// A row of a table.
    Row,
    /// Lines of a code block without a blank line between them.
    Code,
}

impl UnitKind {
    /// Whether it is running text: an item or a sentence.
    pub fn is_prose(self) -> bool {
        matches!(self, Self::Item | Self::Sentence)
    }

    /// Whether it is [prose](Self::is_prose) or the row of a table.
    pub fn is_text(self) -> bool {
        self.is_prose() || self == Self::Row
    }
}

/// Heading level of a `**Title:**` line: below all real ones.
const BOLD_LEVEL: u8 = 7;

/// A part of the body under one heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section {
    /// The heading's unit; `None` for what stands before the first heading.
    pub heading: Option<u32>,
    /// Heading level from 1; `**Title:**` lines count as 7; 0 for the first section.
    pub level: u8,
    /// The enclosing section's index; the first section is its own.
    pub parent: u32,
    /// The direction that the heading gives to what stands under it.
    pub direction: Direction,
}

impl Section {
    /// Whether a line in bold begins it, no heading that is one to Markdown.
    pub fn is_under_bold_line(&self) -> bool {
        self.level == BOLD_LEVEL
    }
}

/// The smallest compared piece of an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// What it was.
    pub kind: UnitKind,
    /// Advice or warning, by its own words, its lead-in and its headings.
    pub direction: Direction,
    /// Index of its section.
    pub section_idx: u32,
    /// The unit that introduces it: the item or sentence above its list.
    pub lead_in: Option<u32>,
    /// From its first to its last byte in the file, markup inside included.
    pub span: Span,
    /// Its text without markup: a range of [`Agent::pieces`].
    pub pieces: Span,
}

impl Unit {
    /// Whether it says something; a heading only names what follows.
    pub fn is_statement(&self) -> bool {
        self.kind != UnitKind::Heading
    }

    /// Whether it is the head of a table: the rule stands below it.
    pub(crate) fn is_table_head(&self, source: &str) -> bool {
        let below = || line_below(source, self.span.end as usize);
        self.kind == UnitKind::Row && below().is_some_and(is_rule)
    }
}

/// Whether a line parts the head of a table from its rows.
pub(crate) fn is_rule(line: &str) -> bool {
    line.contains('-') && line.chars().all(|c| matches!(c, '|' | ':' | '-' | ' ' | '\t'))
}

/// Something wrong in a definition that its product may punish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong and what the cure is.
    pub kind: FaultKind,
    /// Where.
    pub span: Span,
    /// One sentence, lower case, no full stop.
    pub message: String,
    /// What to do, ready to follow.
    pub help: String,
}

/// Whether a fault concerns the frontmatter, and how, or the rest of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// The frontmatter is not what the product needs: finding `invalid-frontmatter`.
    Frontmatter,
    /// So is a value that is still to be filled in: `{{name}}`.
    Placeholder,
    /// Anything else that is worth a line among the problems.
    Other,
}

impl FaultKind {
    /// Whether it is for the finding `invalid-frontmatter`.
    pub fn is_of_frontmatter(self) -> bool {
        matches!(self, Self::Frontmatter | Self::Placeholder)
    }
}

/// One definition file, taken apart.
#[derive(Debug, Clone)]
pub struct Agent {
    /// Its file.
    pub file: FileId,
    /// What it is.
    pub kind: Kind,
    /// Where it belongs.
    pub origin: Origin,
    /// What its product calls it: `name`, or the file's or folder's name.
    pub name: String,
    /// Where the name stands; `None` where it comes from the path.
    pub name_span: Option<Span>,
    /// The fields of the frontmatter; empty where there is none.
    pub frontmatter: Frontmatter,
    /// What routes requests to it.
    pub description: Description,
    /// Language of the body, as an ISO 639-1 code; `"und"` where there is too little text.
    pub language: &'static str,
    /// The body's sections; the first stands before any heading.
    pub sections: Vec<Section>,
    /// The body's units, in the order of the file.
    pub units: Vec<Unit>,
    /// Spans of plain text; a unit owns a run of them. Neighbours that do not
    /// touch in the file are read with a space between them when a line break
    /// or a cell border parts them.
    pub pieces: Vec<Piece>,
    /// What is wrong with the file.
    pub faults: Vec<Fault>,
    /// Findings that its comments keep quiet.
    pub allowances: Vec<Allowance>,
}

/// One run of plain text of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Where it stands in the file.
    pub span: Span,
    /// Whether a space parts it from the piece before it.
    pub spaced: bool,
}

/// Takes a definition file apart. Whatever is broken becomes a fault.
pub fn parse(file: FileId, source: &SourceFile, origin: Origin) -> Agent {
    let text = source.text.as_str();
    let (frontmatter, mut faults) = frontmatter::parse(text);
    let body = body::parse(text, frontmatter.body_start as usize);
    faults.extend(body.faults);
    let mut agent = Agent {
        file,
        kind: kind(&origin, &frontmatter),
        name: file_name::name_from_path(&source.path),
        name_span: None,
        description: description(&frontmatter, text, body.examples),
        frontmatter,
        origin,
        language: "und",
        sections: body.sections,
        units: body.units,
        pieces: body.pieces,
        faults,
        allowances: Vec::new(),
    };
    if let Some((name, span)) = agent.text_field("name") {
        (agent.name, agent.name_span) = (name.to_owned(), Some(span));
    }
    agent.language = language::detect(&agent.prose_sample(text));
    let (allowances, faults) = allow::allowances(&agent, text);
    agent.allowances = allowances;
    agent.faults.extend(faults);
    agent
}

/// What the path says, else an agent: definitions of unknown place are those
/// whose frontmatter has a name or a description, like an agent's.
fn kind(origin: &Origin, frontmatter: &Frontmatter) -> Kind {
    match origin.kind {
        Some(kind) => kind,
        None if frontmatter.get("globs").is_some() || frontmatter.get("alwaysApply").is_some() => {
            Kind::Rule
        }
        None if frontmatter.get("applyTo").is_some() => Kind::Instructions,
        None => Kind::Agent,
    }
}

fn description(
    frontmatter: &Frontmatter,
    source: &str,
    body_examples: Vec<Example>,
) -> Description {
    let mut description = match frontmatter.get("description") {
        Some(field) => {
            description::split(field.value.as_text().unwrap_or_default(), field.value_span, source)
        }
        None => Description::default(),
    };
    description.examples.extend(body_examples);
    description
}

/// So much of a heading or a lead-in is read, once for each unit that it introduces.
pub(crate) const MAX_INTRODUCTION_BYTES: usize = 1024;

/// The language is told by this many bytes of prose.
const LANGUAGE_SAMPLE_BYTES: usize = 600;

impl Agent {
    /// A field that holds non-empty text, and where its value stands.
    pub fn text_field(&self, key: &str) -> Option<(&str, Span)> {
        let field = self.frontmatter.get(key)?;
        let text = field.value.as_text()?.trim();
        (!text.is_empty()).then_some((text, field.value_span))
    }

    /// The model as written; of a list, the first.
    pub fn model(&self) -> Option<(&str, Span)> {
        let field = self.frontmatter.get("model")?;
        let text = match &field.value {
            Value::List(items) => items.first()?.as_text()?,
            value => value.as_text()?,
        };
        (!text.trim().is_empty()).then_some((text.trim(), field.value_span))
    }

    /// The tools as written, one each; `None` where the file leaves them open.
    pub fn tools(&self) -> Option<(Vec<Cow<'_, str>>, Span)> {
        let field =
            self.frontmatter.get("tools").or_else(|| self.frontmatter.get("allowed-tools"))?;
        (field.value != Value::Null).then(|| (field.value.items(), field.value_span))
    }

    /// What introduces a unit: its lead-in, then its heading.
    pub fn introductions(&self, unit: &Unit) -> impl Iterator<Item = &Unit> {
        let heading = self.sections[unit.section_idx as usize].heading;
        let above = unit.lead_in.into_iter().chain(heading);
        above.map(|idx| &self.units[idx as usize])
    }

    /// Whether what introduces a unit holds one of `words`, which are in lower case.
    pub(crate) fn is_introduced_by(&self, unit: &Unit, source: &str, words: &[&str]) -> bool {
        self.introductions(unit).any(|above| {
            let text = self.unit_start(above, source, MAX_INTRODUCTION_BYTES);
            let text = text.to_lowercase();
            words.iter().any(|word| text.contains(word))
        })
    }

    /// The lead-ins of a unit from the inside out, as far as they say anything
    /// about it: lists are nested a few levels deep.
    pub fn lead_ins(&self, unit: &Unit) -> impl Iterator<Item = &Unit> {
        let lead_ins = self.lead_in_ids(unit);
        lead_ins.map(|idx| &self.units[idx as usize])
    }

    /// The indices of [`Self::lead_ins`].
    pub(crate) fn lead_in_ids(&self, unit: &Unit) -> impl Iterator<Item = u32> {
        const MAX_LEAD_INS: usize = 16;
        let outer = |idx: &u32| self.units[*idx as usize].lead_in.filter(|next| next < idx);
        std::iter::successors(unit.lead_in, outer).take(MAX_LEAD_INS)
    }

    /// The innermost section whose heading speaks of a unit. A line in bold is
    /// the title of the list below it, not of the paragraphs after that.
    pub fn governing_section(&self, unit: &Unit) -> u32 {
        let section = self.sections[unit.section_idx as usize];
        if section.is_under_bold_line() && unit.kind == UnitKind::Sentence {
            section.parent
        } else {
            unit.section_idx
        }
    }

    /// The sentences in which the agent is told who it is: those with which
    /// the body begins, headings aside.
    pub fn identity(&self) -> &[Unit] {
        const MAX_SENTENCES: usize = 4;
        let is_sentence = |unit: &Unit| unit.kind == UnitKind::Sentence;
        let Some(first) = self.units.iter().position(is_sentence) else {
            return &[];
        };
        let section = self.units[first].section_idx;
        let run = self.units[first..]
            .iter()
            .take_while(|unit| is_sentence(unit) && unit.section_idx == section);
        &self.units[first..first + run.count().min(MAX_SENTENCES)]
    }

    fn prose_sample(&self, source: &str) -> String {
        let mut sample = String::with_capacity(2 * LANGUAGE_SAMPLE_BYTES + 1);
        let mut buffer = String::new();
        for unit in self.units.iter().filter(|unit| unit.kind.is_text()) {
            if sample.len() >= LANGUAGE_SAMPLE_BYTES {
                break;
            }
            let text = self.unit_text_in(unit, source, &mut buffer);
            sample.push_str(head(text, LANGUAGE_SAMPLE_BYTES));
            sample.push(' ');
        }
        if sample.len() < LANGUAGE_SAMPLE_BYTES / 4 {
            sample.push_str(&self.description.trigger);
        }
        sample
    }

    /// The text of a unit without markup; white space inside a piece is left as it is.
    pub fn unit_text<'a>(&self, unit: &Unit, source: &'a str) -> Cow<'a, str> {
        let pieces = &self.pieces[unit.pieces.range()];
        if let [piece] = pieces {
            return Cow::Borrowed(piece.span.of(source));
        }
        let mut text = String::with_capacity(unit.span.byte_len());
        self.join_pieces(unit, source, usize::MAX, &mut text);
        Cow::Owned(text)
    }

    /// Where [`Self::unit_text`] was marked as code, in its bytes.
    pub fn code_ranges(&self, unit: &Unit, source: &str) -> Vec<Range<usize>> {
        if memchr::memchr(b'`', unit.span.of(source).as_bytes()).is_none() {
            return Vec::new();
        }
        let mut end = 0;
        let pieces = &self.pieces[unit.pieces.range()];
        let ranges = pieces.iter().map(|piece| {
            let start = end + usize::from(piece.spaced && end > 0);
            end = start + piece.span.byte_len();
            (piece, start..end)
        });
        let is_code = |piece: &Piece| source[..piece.span.start as usize].ends_with('`');
        let code = ranges.filter(|(piece, _)| is_code(piece));
        code.map(|(_, range)| range).collect()
    }

    /// The first `max_bytes` of [`Self::unit_text`], or what of them is whole
    /// characters; no more of the unit is read.
    pub fn unit_start<'a>(&self, unit: &Unit, source: &'a str, max_bytes: usize) -> Cow<'a, str> {
        let pieces = &self.pieces[unit.pieces.range()];
        if let [piece] = pieces {
            return Cow::Borrowed(head(piece.span.of(source), max_bytes));
        }
        let mut text = String::new();
        self.join_pieces(unit, source, max_bytes, &mut text);
        Cow::Owned(text)
    }

    /// [`Self::unit_text`] for who asks often: text of many pieces is put into `buffer`.
    pub(crate) fn unit_text_in<'a>(
        &self,
        unit: &Unit,
        source: &'a str,
        buffer: &'a mut String,
    ) -> &'a str {
        if let [piece] = &self.pieces[unit.pieces.range()] {
            return piece.span.of(source);
        }
        buffer.clear();
        self.join_pieces(unit, source, usize::MAX, buffer);
        buffer
    }

    /// Adds the text of a unit to an empty one, as far as `max_bytes` hold it.
    fn join_pieces(&self, unit: &Unit, source: &str, max_bytes: usize, text: &mut String) {
        for piece in &self.pieces[unit.pieces.range()] {
            let gap = usize::from(piece.spaced && !text.is_empty());
            let Some(room) = max_bytes.checked_sub(text.len() + gap) else {
                break;
            };
            text.extend(std::iter::repeat_n(' ', gap));
            let piece = piece.span.of(source);
            let fitting = head(piece, room);
            text.push_str(fitting);
            if fitting.len() < piece.len() {
                break;
            }
        }
    }
}
