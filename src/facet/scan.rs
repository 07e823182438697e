//! Finding the names of options in a text: all in one pass.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::bag::Sentence;
use super::clause::{is_one_of, tail, words};
pub use super::code::CodeSign;
use super::code::CodeSigns;
use super::cue::{Cues, Following, Ticket};
use super::phrases::Phrases;
use super::{Choice, OptionEntry, Text};

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// An option, by its index in the table.
    Option(u32),
    /// A measure, by the index of its facet.
    Measure(u32),
}

/// A name found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// What it stands for.
    pub target: Target,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// What a name stands for when it is found.
#[derive(Debug, Clone, Copy)]
enum Pattern {
    /// A phrase that hides the names in it.
    Skip,
    /// A name of an option.
    Alias { option: u32, casing: Casing },
    /// A phrase that names a measure.
    Measure { facet: u32 },
}

/// What a name asks of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Casing {
    /// Nothing.
    Any,
    /// To be written like this.
    Exact,
    /// The same, and evidence nearby.
    Evident,
}

/// Evidence for a doubtful name stands at most so many bytes away.
const NEARBY: u32 = 60;

/// Nouns behind a doubtful name that make it a technology.
const TYPE_NOUNS: [&str; 18] = [
    "framework", "library", "router", "component", "components", "database", "orm", "queries",
    "schema", "plugin", "cluster", "tests", "suite", "apps", "template", "templates", "middleware",
    "migrations",
];

/// Finds names of options and measures.
pub struct Scanner {
    /// The distinct names, and the literal beginnings of cues.
    names: Phrases,
    patterns: ByName<Pattern>,
    tickets: ByName<Ticket>,
    cues: Cues,
    /// By option: its facet and what it implies, for evidence.
    kin: Vec<(u32, Vec<u32>)>,
    /// By facet: how the words of its title begin that say what is decided.
    topics: Vec<Vec<String>>,
    code: CodeSigns,
    /// Names that stand for an option where they are marked as code, and the option.
    marked: FxHashMap<String, u32>,
}

/// What goes by each name: all of one name side by side.
#[derive(Debug)]
struct ByName<T> {
    items: Vec<T>,
    /// By number of the name: where its items begin, and where those of the last one end.
    starts: Vec<u32>,
}

impl<T: Copy> ByName<T> {
    fn new(n_names: usize, items: &[(u32, T)]) -> Self {
        let mut starts = vec![0; n_names + 1];
        for &(name, _) in items {
            starts[name as usize + 1] += 1;
        }
        for name in 0..n_names {
            starts[name + 1] += starts[name];
        }
        let mut ends = starts.clone();
        let mut order = vec![0; items.len()];
        for (nth, &(name, _)) in items.iter().enumerate() {
            let end = &mut ends[name as usize];
            order[*end as usize] = nth;
            *end += 1;
        }
        Self { items: order.into_iter().map(|nth| items[nth].1).collect(), starts }
    }

    fn range(&self, name: u32) -> Range<usize> {
        let name = name as usize;
        self.starts[name] as usize..self.starts[name + 1] as usize
    }
}

impl Scanner {
    pub(super) fn new<'a>(
        skip: &[&str],
        titles: &[&str],
        options: &[Choice],
        written: &[&OptionEntry],
        measures: impl Iterator<Item = &'a [Text]>,
    ) -> Self {
        // Room that is not used costs less than lists that move as they grow.
        let n_cues = written.iter().map(|entry| entry.cues.len()).sum();
        let mut names = Phrases::with_capacity(2 * n_cues);
        let mut cues = Cues::with_capacity(n_cues);
        let mut tickets = Vec::with_capacity(2 * n_cues);
        let mut code = CodeSigns::default();
        let mut marked = FxHashMap::default();
        let mut patterns: Vec<(u32, Pattern)> =
            skip.iter().map(|phrase| (names.add(phrase), Pattern::Skip)).collect();
        for (option, entry) in (0..).zip(written) {
            for alias in &entry.aliases {
                let (name, casing) = match (alias.strip_prefix('='), alias.strip_prefix('~')) {
                    (Some(name), _) => (name, Casing::Exact),
                    (_, Some(name)) => (name, Casing::Evident),
                    _ => (alias.as_ref(), Casing::Any),
                };
                patterns.push((names.add(name), Pattern::Alias { option, casing }));
                if let Some(name) = marked_name(name) {
                    marked.insert(name.to_owned(), option);
                }
            }
            for cue in &entry.cues {
                cues.add(option, cue, |start, ticket| {
                    tickets.push((names.add(start), ticket));
                });
            }
            code.add(option, &entry.commands, &entry.imports);
        }
        for (facet, cues) in (0..).zip(measures) {
            for cue in cues {
                patterns.push((names.add(cue), Pattern::Measure { facet }));
            }
        }
        let n_names = names.len();
        Self {
            patterns: ByName::new(n_names, &patterns),
            tickets: ByName::new(n_names, &tickets),
            names,
            cues,
            kin: options.iter().map(|option| (option.facet, option.implies.clone())).collect(),
            topics: titles.iter().map(|title| topics(title)).collect(),
            code,
            marked,
        }
    }

    /// The option that a line of code shows, which begins with a command or
    /// imports a module, and which of the two.
    pub fn code_option(&self, line: &str) -> Option<(u32, CodeSign)> {
        self.code.option(line)
    }

    /// All names in `text`, in order; of names inside one another the longest.
    pub fn hits(&self, text: &str) -> Vec<Hit> {
        self.hits_with_code(text, &[])
    }

    /// Whether a name that stands for an option where it is marked as code
    /// begins one of the places that are.
    pub fn marks(&self, text: &str, code: &[Range<usize>]) -> bool {
        let mut code = code.iter();
        code.any(|range| self.marked.contains_key(first_word(&text[range.clone()])))
    }

    /// [`Self::hits`] in a text that lost its backticks: `code` has the places that
    /// had them. "`black`" names a formatter, "black" does not.
    pub fn hits_with_code(&self, text: &str, code: &[Range<usize>]) -> Vec<Hit> {
        let mut search = Search {
            scanner: self,
            text,
            following: Following::new(text),
            sentence: Sentence::of(text),
            found: Vec::new(),
            hits: Vec::new(),
        };
        self.names.find(text, |place, name| search.take(place, name));
        let Search { found, hits: cues, .. } = search;
        let mut hits = Vec::with_capacity(cues.len());
        self.longest(text, found, &mut hits);
        self.add_marked(text, code, &mut hits);
        hits.extend(cues);
        hits.sort_by_key(|hit| (hit.start, hit.end, hit.target));
        hits.dedup();
        hits
    }

    /// Adds names that stand for an option where they are marked as code, unless
    /// they are a part of another one.
    fn add_marked(&self, text: &str, code: &[Range<usize>], hits: &mut Vec<Hit>) {
        let n_plain = hits.len();
        for range in code {
            let word = first_word(&text[range.clone()]);
            let Some(&option) = self.marked.get(word) else {
                continue;
            };
            let (start, end) = (range.start as u32, (range.start + word.len()) as u32);
            let is_free = |hit: &Hit| hit.end <= start || end <= hit.start;
            if hits[..n_plain].iter().all(is_free) {
                let target = Target::Option(option);
                hits.push(Hit { target, start, end });
            }
        }
    }

    /// Of overlapping names the first and longest, doubtful ones with evidence only.
    fn longest(&self, text: &str, mut found: Vec<(u32, u32, u32)>, hits: &mut Vec<Hit>) {
        found.sort_unstable_by_key(|&(start, end, pattern)| (start, u32::MAX - end, pattern));
        let mut last = (0, 0);
        found.retain(|&(start, end, _)| {
            let is_free = start >= last.1 || (start, end) == last;
            if is_free {
                last = (start, end);
            }
            is_free
        });
        let sure: Vec<(u32, u32)> = found
            .iter()
            .filter_map(|&(start, _, pattern)| match self.patterns.items[pattern as usize] {
                Pattern::Alias { option, casing: Casing::Any | Casing::Exact } => {
                    Some((start, option))
                }
                _ => None,
            })
            .collect();
        for (start, end, pattern) in found {
            let Pattern::Alias { option, casing } = self.patterns.items[pattern as usize] else {
                continue;
            };
            if casing != Casing::Evident || self.is_evident(text, option, start..end, &sure) {
                hits.push(Hit { target: Target::Option(option), start, end });
            }
        }
    }

    /// Whether another option of the facet, or one that this one implies,
    /// stands nearby in the line, or a version or a noun that says what it is, or
    /// whether the line speaks of what is decided before: "secrets live in Vault".
    fn is_evident(
        &self,
        text: &str,
        option: u32,
        Range { start, end }: Range<u32>,
        sure: &[(u32, u32)],
    ) -> bool {
        let (facet, implies) = &self.kin[option as usize];
        let from = sure.partition_point(|&(at, _)| at + NEARBY < start);
        let near = sure[from..].iter().take_while(|&&(at, _)| at <= end + NEARBY);
        let is_kin = |other: u32| {
            other != option && (self.kin[other as usize].0 == *facet || implies.contains(&other))
        };
        let is_same_line = |at: u32| {
            let between = (at.min(start) as usize)..(at.max(end) as usize);
            !text[between].contains('\n')
        };
        near.filter(|&&(_, other)| is_kin(other)).any(|&(at, _)| is_same_line(at))
            || is_before_version(&text[end as usize..])
            || self.is_topic(*facet, before(text, start))
            || words(&text[end as usize..]).next().is_some_and(|word| {
                text[end as usize..].starts_with(' ') && is_one_of(word, &TYPE_NOUNS)
            })
    }
}

impl Scanner {
    /// Whether a text has a word of what is decided.
    fn is_topic(&self, facet: u32, text: &str) -> bool {
        let lower = text.to_lowercase();
        let topics = &self.topics[facet as usize];
        words(&lower).any(|word| topics.iter().any(|topic| word.starts_with(topic)))
    }
}

/// What the line says in the [`NEARBY`] bytes before a place.
fn before(text: &str, start: u32) -> &str {
    let from = text.ceil_char_boundary(start.saturating_sub(NEARBY) as usize);
    let near = &text[from..start as usize];
    near.rsplit('\n').next().unwrap_or(near)
}

/// How the words of a title begin that say what is decided: "secret" of "secret
/// store". What most titles have, and the names of languages, say nothing.
fn topics(title: &str) -> Vec<String> {
    const EMPTY: [&str; 30] = [
        "android", "api", "application", "approach", "as", "backend", "client", "component",
        "framework", "frontend", "go", "ios", "java", "javascript", "language", "layer", "library",
        "mobile", "model", "of", "php", "platform", "python", "ruby", "rust", "service", "store",
        "swift", "system", "tool",
    ];
    const ENDINGS: [&str; 4] = ["ing", "er", "s", "e"];
    const MIN_LETTERS: usize = 4;
    let lower = title.to_lowercase();
    let topics = words(&lower).filter(|word| !EMPTY.contains(word) && word.len() >= MIN_LETTERS);
    let stem = |word: &str| {
        let stems = ENDINGS.iter().filter_map(|ending| word.strip_suffix(ending));
        let stem = stems.into_iter().find(|stem| stem.len() >= MIN_LETTERS);
        stem.unwrap_or(word).to_owned()
    };
    topics.map(stem).collect()
}

fn first_word(text: &str) -> &str {
    text.split(' ').next().unwrap_or_default()
}

/// Whether a version follows: "Go 1.22".
fn is_before_version(after: &str) -> bool {
    let Some(rest) = after.strip_prefix(' ') else {
        return false;
    };
    let behind = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_digit = |c: char| c.is_ascii_digit();
    behind.len() < rest.len()
        && behind.strip_prefix('.').is_some_and(|minor| minor.starts_with(is_digit))
}

/// The name that an alias in backticks stands for.
fn marked_name(alias: &str) -> Option<&str> {
    alias.strip_prefix('`')?.strip_suffix('`')
}

impl std::fmt::Debug for Scanner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scanner").field("names", &self.names.len()).finish_non_exhaustive()
    }
}

/// A search for names in one text.
struct Search<'a> {
    scanner: &'a Scanner,
    text: &'a str,
    following: Following<'a>,
    sentence: Sentence<'a>,
    /// Names of options and phrases that hide them: first byte, end and number.
    found: Vec<(u32, u32, u32)>,
    /// Cues and measures.
    hits: Vec<Hit>,
}

impl Search<'_> {
    /// Keeps a name that stands by itself.
    fn take(&mut self, place: Range<usize>, name: u32) {
        if !is_whole(self.text, place.start, place.end) {
            return;
        }
        let scanner = self.scanner;
        let written = scanner.names.get(name);
        let (start, end) = (place.start as u32, place.end as u32);
        for idx in scanner.patterns.range(name) {
            match scanner.patterns.items[idx] {
                Pattern::Alias { casing: Casing::Exact | Casing::Evident, .. }
                    if self.text[place.clone()] != *written => {}
                Pattern::Skip | Pattern::Alias { .. } => self.found.push((start, end, idx as u32)),
                Pattern::Measure { facet } => {
                    self.hits.push(Hit { target: Target::Measure(facet), start, end });
                }
            }
        }
        let tickets = &scanner.tickets.items[scanner.tickets.range(name)];
        if !tickets.is_empty() {
            let hits = &mut self.hits;
            let following = &mut self.following;
            let sentence = &mut self.sentence;
            scanner.cues.find(tickets, (written, place), following, sentence, |option, place| {
                hits.push(Hit {
                    target: Target::Option(option),
                    start: place.start as u32,
                    end: place.end as u32,
                });
            });
        }
    }
}

/// Whether `text[start..end]` is no part of a longer word, file name or identifier.
fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back();
    let after = &text[end..];
    let next = after.chars().next();
    let first = text[start..].chars().next().unwrap_or(' ');
    let last = text[..end].chars().next_back().unwrap_or(' ');
    if before.is_some_and(|c| joins(c, first) || matches!(c, '@' | '$' | '.' | '\\'))
        || next.is_some_and(|c| joins(c, last))
    {
        return false;
    }
    if before == Some('/') && is_in_path(&text[..start]) {
        return false;
    }
    if before == Some('-') && text[..start - 1].ends_with(|c: char| c.is_alphanumeric()) {
        return false;
    }
    let follows = |sign: char| {
        after.strip_prefix(sign).is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
    };
    // "PostgreSQL-first" speaks of PostgreSQL, "Flask-based" of something else.
    !(follows('-') && !after.starts_with("-first") || follows('.') || follows(':'))
}

/// Whether the text ends within an address, a path or the name of a package
/// with a scope; "React/Next.js" is none of these.
fn is_in_path(before: &str) -> bool {
    let before = tail(before);
    let from = before
        .rfind(|c: char| c.is_whitespace() || matches!(c, '`' | '(' | '"' | '\'' | '[' | ','));
    let token = before[from.unwrap_or(0)..]
        .trim_start_matches(|c: char| c.is_whitespace() || "`(\"'[,".contains(c));
    token.starts_with(['@', '.', '~', '/'])
        || token.contains("://")
        || token.starts_with("src/")
        || token.starts_with("www.")
}

/// Whether a character continues the word that begins or ends with `edge`.
/// Chinese, Japanese and Korean write no spaces, so that only letters of the
/// same kind count.
fn joins(c: char, edge: char) -> bool {
    if c == '_' {
        return true;
    }
    c.is_alphanumeric()
        && !is_unspaced(c)
        && !is_unspaced(edge)
        && (edge.is_alphanumeric() || !c.is_ascii())
}

/// Han, kana and Hangul.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}')
}
