//! The rules: each family is a function from what is known of a collection to findings.

pub mod alias;
pub mod disputes;
pub mod frontmatter;
pub mod house;
pub mod missing_tool;
pub mod models;
pub mod names;
pub mod open_decision;
pub mod redundancy;
pub mod references;
pub mod triggers;

use std::borrow::Cow;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use xxhash_rust::xxh3::Xxh3;

use crate::agent::{Agent, Kind, Unit, UnitKind};
use crate::collection::Collection;
use crate::commitment::Commitment;
use crate::commitment::reading::Figure;
use crate::facet::Table;
use crate::facet::house::House;
use crate::finding::{Evidence, Finding, Rule, Severity};
use crate::graph::{Boilerplate, Groups};
use crate::reach::Reach;
use crate::relation::Pair;
use crate::report::{Quote, Scope};
use crate::source::{Sources, Span, line_end, line_start};
use crate::text::{head, listed};
pub(crate) use disputes::version_of;

/// All that rules may look at.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// The agents with their terms.
    pub collection: &'a Collection,
    /// Related pairs, by left, then right.
    pub pairs: &'a [Pair],
    /// Mirrors and groups.
    pub groups: &'a Groups,
    /// Repeated blocks.
    pub boilerplate: &'a [Boilerplate],
    /// Project or catalogue.
    pub scope: Scope,
    /// Whether somebody asks what these agents are together, so that all are in
    /// each other's way.
    pub together: bool,
    /// The decisions that agents take a side in.
    pub facets: &'a Table,
    /// The options that are right here.
    pub house: &'a House,
    /// By agent: what it commits to, in the order of its file.
    pub(crate) commitments: &'a [Vec<Commitment>],
    /// By agent: its statements that name a measure, in the order of its file.
    pub(crate) figures: &'a [Vec<Figure>],
}

impl<'a> Facts<'a> {
    /// Who is in whose way.
    pub fn reach(&self) -> Reach<'a> {
        let reach = Reach::new(self.collection, self.sources, self.pairs, self.groups, self.scope);
        if self.together { reach.together() } else { reach }
    }

    /// The agents, by id.
    pub fn agents(&self) -> &'a [Agent] {
        &self.collection.agents
    }

    /// One agent.
    pub fn agent(&self, id: u32) -> &'a Agent {
        &self.collection.agents[id as usize]
    }

    /// Path of an agent's file, as shown.
    pub fn path(&self, id: u32) -> &'a str {
        self.sources.path(self.agent(id).file)
    }

    /// Text of an agent's file.
    pub fn text(&self, id: u32) -> &'a str {
        self.sources.text(self.agent(id).file)
    }

    /// Quotes a span of an agent's file as it stands there.
    pub fn quote(&self, id: u32, span: Span) -> Evidence {
        self.quote_as(id, span, span.of(self.text(id)).trim())
    }

    /// Quotes a unit, without markup.
    pub fn quote_unit(&self, id: u32, unit: &Unit) -> Evidence {
        let text = self.statement(id, unit, MAX_QUOTE_BYTES + MAX_CHAR_BYTES);
        self.quote_as(id, unit.span, &text)
    }

    /// Quotes a unit, told by its index, with its lines alone.
    pub fn quote_lines(&self, id: u32, unit: u32) -> Quote {
        let agent = self.agent(id);
        let unit = &agent.units[unit as usize];
        let (line, end_line) = self.sources.lines(agent.file, unit.span);
        Quote { line, end_line, text: self.statement(id, unit, usize::MAX).into() }
    }

    /// Quotes the first line of the file that says something, for what is not
    /// there to be quoted: the first field of the frontmatter, else of the body.
    pub fn quote_start(&self, id: u32) -> Evidence {
        let frontmatter = &self.agent(id).frontmatter;
        let start = match frontmatter.fields.first() {
            Some(field) => field.key_span.start as usize,
            None => {
                let body = &self.text(id)[frontmatter.body_start as usize..];
                self.text(id).len() - body.trim_start().len()
            }
        };
        self.quote_line(id, Span::new(start, start))
    }

    /// Quotes the whole line on which a span begins: a field of the frontmatter with its key.
    pub fn quote_line(&self, id: u32, span: Span) -> Evidence {
        let (text, at) = (self.text(id), span.start as usize);
        self.quote(id, Span::new(line_start(text, at), line_end(text, at)))
    }

    /// The pair of two agents, if they are related.
    pub fn pair(&self, one: u32, other: u32) -> Option<&'a Pair> {
        let ends = (one.min(other), one.max(other));
        let at = self.pairs.binary_search_by_key(&ends, |pair| (pair.left, pair.right)).ok()?;
        Some(&self.pairs[at])
    }

    /// Names of agents for a message: `` `a`, `b` and `c` ``, at most four; the
    /// path stands behind names that are not unique among them.
    pub fn names(&self, agents: &[u32]) -> String {
        self.names_among(agents, agents)
    }

    /// The same, for names that have to be unique among more agents.
    pub fn names_among(&self, agents: &[u32], all: &[u32]) -> String {
        const MAX_NAMES: usize = 4;
        // Memory files are known by their paths.
        let name = |id: u32| match self.agent(id).kind {
            Kind::Memory => self.path(id),
            _ => self.agent(id).name.as_str(),
        };
        let mut names: Vec<String> = Vec::new();
        for &id in agents.iter().take(MAX_NAMES) {
            let is_unique = all.iter().all(|&other| other == id || name(other) != name(id));
            names.push(if is_unique {
                format!("`{}`", name(id))
            } else {
                format!("`{}` ({})", name(id), self.path(id))
            });
        }
        match agents.len().checked_sub(MAX_NAMES) {
            Some(n_more) if n_more > 0 => format!("{} and {n_more} more", names.join(", ")),
            _ => listed(&names),
        }
    }

    /// Text of a repeated block as it stands in its first holder, a unit a line.
    pub fn block_text(&self, block: &Boilerplate) -> String {
        let Some(&first) = block.agents.first() else {
            return String::new();
        };
        let agent = self.agent(first);
        let units = block
            .units
            .iter()
            .map(|&unit| agent.unit_text(&agent.units[unit as usize], self.text(first)));
        units.collect::<Vec<_>>().join("\n")
    }

    /// Quotes the first unit of a block, which `first` has, where it stands in `agent`.
    pub fn quote_block(&self, block: &Boilerplate, first: u32, agent: u32) -> Option<Evidence> {
        let set = self.collection.unit_sets[first as usize][*block.units.first()? as usize];
        let unit =
            self.collection.unit_sets[agent as usize].iter().position(|&other| other == set)?;
        Some(self.quote_unit(agent, &self.agent(agent).units[unit]))
    }

    /// The text of a unit without markup, with bars between the cells of a row.
    /// What lies behind the first `max_bytes` of it may be missing.
    fn statement(&self, id: u32, unit: &Unit, max_bytes: usize) -> Cow<'a, str> {
        let (agent, source) = (self.agent(id), self.text(id));
        if unit.kind != UnitKind::Row {
            return agent.unit_start(unit, source, max_bytes);
        }
        let mut text = String::with_capacity(unit.span.byte_len().min(max_bytes));
        let mut end = unit.span.start;
        for piece in &agent.pieces[unit.pieces.range()] {
            let between = Span { start: end, end: piece.span.start };
            if between.of(source).contains('|') {
                text.push_str(" | ");
            } else if piece.spaced && !text.is_empty() {
                text.push(' ');
            }
            text.push_str(piece.span.of(source));
            end = piece.span.end;
            if text.len() >= max_bytes {
                break;
            }
        }
        Cow::Owned(text)
    }

    /// Quotes a span with `text` for what it says, cut where it is long.
    fn quote_as(&self, id: u32, span: Span, text: &str) -> Evidence {
        let file = self.agent(id).file;
        let (line, end_line) = self.sources.lines(file, span);
        let column = self.sources.position(file, span.start).column;
        Evidence {
            path: self.sources.path(file).to_owned(),
            line,
            end_line,
            column,
            text: cut(text),
        }
    }
}

/// A quoted text at most, in bytes, the mark of what is left out aside. A line
/// may be as long as its file, and may be quoted often.
const MAX_QUOTE_BYTES: usize = 2048;

/// The longest character in UTF-8.
const MAX_CHAR_BYTES: usize = 4;

/// A text, or what [`MAX_QUOTE_BYTES`] hold of it and a mark.
fn cut(text: &str) -> String {
    if text.len() <= MAX_QUOTE_BYTES {
        return text.to_owned();
    }
    format!("{}…", head(text, MAX_QUOTE_BYTES))
}

/// What a rule says, before it is named and sorted.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The rule.
    pub rule: Rule,
    /// How bad it is, unless the configuration says otherwise.
    pub severity: Severity,
    /// How sure it is, in 0..=1.
    pub confidence: f64,
    /// What is the matter.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Ids of the agents concerned.
    pub agents: Vec<u32>,
    /// What is in dispute.
    pub dispute: Option<Dispute>,
    /// The quoted places, the two sides first.
    pub evidence: Vec<Evidence>,
}

/// What agents disagree about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// The decision.
    pub facet: String,
    /// The options chosen, one a side.
    pub options: Vec<String>,
    /// Ids of the agents of each side; none where agents are not opposed to
    /// each other.
    pub sides: Vec<Vec<u32>>,
}

/// Every draft of every rule but those on groups of agents, see
/// [`redundancy::of_group`].
pub fn drafts(facts: &Facts<'_>) -> Vec<Draft> {
    let families: [fn(&Facts<'_>) -> Vec<Draft>; 11] = [
        frontmatter::findings,
        names::findings,
        models::findings,
        missing_tool::findings,
        references::findings,
        house::findings,
        disputes::findings,
        open_decision::findings,
        redundancy::findings,
        alias::findings,
        triggers::findings,
    ];
    // Each family by itself, in parallel; their order stays.
    let families = families.par_iter();
    families.flat_map_iter(|family| family(facts)).collect()
}

impl Draft {
    /// The finding, with its stable name.
    pub fn finish(self, severity: Severity) -> Finding {
        let (facet, options, sides) = match self.dispute {
            Some(dispute) => (Some(dispute.facet), Some(dispute.options), dispute.sides),
            None => (None, None, Vec::new()),
        };
        let mut finding = Finding {
            rule: self.rule,
            severity,
            confidence: self.confidence,
            message: self.message,
            help: self.help,
            agents: self.agents,
            facet,
            options,
            sides,
            evidence: self.evidence,
            fingerprint: String::new(),
        };
        let mut hash = Xxh3::new();
        for part in finding.identity(|path| path) {
            hash.update(part.as_bytes());
            hash.update(&[0]);
        }
        finding.fingerprint = format!("{:016x}", hash.digest());
        finding
    }
}

/// Facts of a collection made of (path, text), for the tests of the families.
#[cfg(test)]
fn with_facts<T>(
    files: &[(&str, &str)],
    pairs: &[Pair],
    scope: Scope,
    run: impl FnOnce(&Facts<'_>) -> T,
) -> T {
    use crate::commitment::commitments_in;
    use crate::commitment::reading::Reading;
    use crate::facet::Entries;

    let files: Vec<crate::source::SourceFile> =
        files.iter().map(|&(path, text)| crate::source::SourceFile::new(path, text)).collect();
    let origins: Vec<_> = files.iter().map(|file| crate::discover::classify(&file.path)).collect();
    let collection = Collection::new(&files, &origins);
    let (facets, _) = Table::new(&Entries::new());
    let (commitments, figures): (Vec<_>, Vec<_>) = collection
        .agents
        .iter()
        .map(|agent| {
            let source = &files[agent.file.idx()].text;
            let reading = Reading::new(agent, source, facets.scanner());
            (commitments_in(agent, source, &facets, &reading), reading.figures(agent))
        })
        .unzip();
    run(&Facts {
        sources: &Sources::new(files),
        collection: &collection,
        pairs,
        groups: &Groups::default(),
        boilerplate: &[],
        scope,
        together: false,
        facets: &facets,
        house: &House::default(),
        commitments: &commitments,
        figures: &figures,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_quotes_are_cut_between_characters() {
        let whole = "a".repeat(MAX_QUOTE_BYTES);
        assert_eq!(cut(&whole), whole);
        let wide = format!("{}é", &whole[1..]);
        assert_eq!(cut(&wide), format!("{}…", &whole[1..]));
        for body in [
            format!("- {}", "字 ".repeat(MAX_QUOTE_BYTES)),
            format!("- {}", "`é` and ".repeat(MAX_QUOTE_BYTES)),
            format!("| a | b |\n|-|-|\n{}", "| é ".repeat(MAX_QUOTE_BYTES)),
            format!("| a | b |\n|-|-|\n| 字 | {} |", "字 ".repeat(MAX_QUOTE_BYTES)),
        ] {
            with_facts(&[("CLAUDE.md", &body)], &[], Scope::Project, |facts| {
                let agent = facts.agent(0);
                for unit in &agent.units {
                    let whole = facts.statement(0, unit, usize::MAX);
                    assert_eq!(facts.quote_unit(0, unit).text, cut(&whole), "{body}");
                }
            });
        }
    }
}
