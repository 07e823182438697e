//! Finding the names of options in a text: all in one pass.

use aho_corasick::AhoCorasick;
use rustc_hash::FxHashMap;

use super::{Choice, OptionEntry};

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

/// What a pattern of the automaton is.
#[derive(Debug)]
enum Pattern {
    /// A phrase that hides the names in it.
    Skip,
    /// A name of an option.
    Alias { option: u32, casing: Casing },
    /// The literal beginning of a phrase that prescribes a practice.
    Cue {
        option: u32,
        rest: Box<str>,
        is_negative: bool,
    },
    /// A phrase that names a measure.
    Measure { facet: u32 },
}

/// What a name asks of its surroundings.
#[derive(Debug, PartialEq, Eq)]
enum Casing {
    /// Nothing.
    Any,
    /// To be written like this.
    Exact(Box<str>),
    /// The same, and evidence nearby.
    Evident(Box<str>),
}

/// Words that `*` stands for, at most.
const MAX_GAP: usize = 4;

/// Evidence for a doubtful name stands at most so many bytes away.
const NEARBY: u32 = 60;

/// Nouns behind a doubtful name that make it a technology.
const TYPE_NOUNS: [&str; 18] = [
    "framework",
    "library",
    "router",
    "component",
    "components",
    "database",
    "orm",
    "queries",
    "schema",
    "plugin",
    "cluster",
    "tests",
    "suite",
    "apps",
    "template",
    "templates",
    "middleware",
    "migrations",
];

/// Words before a cue that take it back.
const NEGATIONS: [&str; 12] = [
    "never", "not", "no", "without", "cannot", "avoid", "skip", "stop", "than", "don't", "doesn't",
    "isn't",
];

/// Finds names of options and measures.
///
/// Names are looked up by their first word in ASCII, for which one pass over
/// the words of a text is enough; those without such a word are few and found
/// by an automaton. (One automaton for all took ten times as long to build and
/// six times as long to run; see docs/benchmarks.md.)
pub struct Scanner {
    /// Names by first word: all patterns whose first word has one key.
    by_word: FxHashMap<u64, Vec<Worded>>,
    /// A bit for each hash of a key in `by_word`: most words have none.
    filter: Box<[u64; FILTER_WORDS]>,
    /// Names without a word in ASCII.
    wordless: AhoCorasick,
    wordless_patterns: Vec<u32>,
    patterns: Vec<Pattern>,
    /// By option: its facet and what it implies, for evidence.
    kin: Vec<(u32, Vec<u32>)>,
    /// Commands with their options, in order.
    commands: Vec<(Box<str>, u32)>,
    /// Modules with their options, by name.
    imports: Vec<(Box<str>, u32)>,
}

/// A name with a word in ASCII.
#[derive(Debug)]
struct Worded {
    text: Box<str>,
    /// Bytes before its first word in ASCII.
    n_before: usize,
    /// The key of what follows that word, and which bits of it count.
    rest: u64,
    rest_mask: u64,
    pattern: u32,
}

/// Size of the filter; a power of two.
const FILTER_WORDS: usize = 1024;

/// The bit that makes ASCII letters lower case, in each of eight bytes.
const LOWER_CASE: u64 = 0x2020_2020_2020_2020;

/// What texts are looked up by: up to eight first bytes, ASCII letters in lower case.
fn key(text: &[u8]) -> u64 {
    let bytes = match text.first_chunk::<8>() {
        Some(&bytes) => bytes,
        None => {
            let mut bytes = [0; 8];
            bytes[..text.len()].copy_from_slice(text);
            bytes
        }
    };
    (u64::from_le_bytes(bytes) | LOWER_CASE) & key_mask(text.len())
}

/// The bits of a key that `n` bytes fill.
fn key_mask(n: usize) -> u64 {
    u64::MAX.checked_shr(64 - 8 * n.min(8) as u32).unwrap_or(0)
}

/// The place of a key in the filter.
fn filter_bit(key: u64) -> (usize, u64) {
    let hash = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48;
    (hash as usize / 64, 1 << (hash % 64))
}

impl Scanner {
    pub(super) fn new<'a>(
        skip: &[&str],
        options: &[Choice],
        written: &[&OptionEntry],
        measures: impl Iterator<Item = &'a [String]>,
    ) -> Self {
        let mut scanner = Self {
            by_word: FxHashMap::default(),
            filter: Box::new([0; FILTER_WORDS]),
            wordless: AhoCorasick::new([""; 0]).expect("no pattern is no trouble"),
            wordless_patterns: Vec::new(),
            patterns: Vec::new(),
            kin: options
                .iter()
                .map(|option| (option.facet, option.implies.clone()))
                .collect(),
            commands: Vec::new(),
            imports: Vec::new(),
        };
        let mut wordless = Vec::new();
        for phrase in skip {
            scanner.add(phrase, Pattern::Skip, &mut wordless);
        }
        for (option, entry) in (0..).zip(written) {
            for alias in &entry.aliases {
                let (name, casing) = match (alias.strip_prefix('='), alias.strip_prefix('~')) {
                    (Some(name), _) => (name, Casing::Exact(name.into())),
                    (_, Some(name)) => (name, Casing::Evident(name.into())),
                    _ => (alias.as_str(), Casing::Any),
                };
                scanner.add(name, Pattern::Alias { option, casing }, &mut wordless);
            }
            for cue in &entry.cues {
                let (starts, rest) = parse_cue(cue);
                for start in starts {
                    let is_negative = words(&start).any(is_negation);
                    let pattern = Pattern::Cue {
                        option,
                        rest: rest.into(),
                        is_negative,
                    };
                    scanner.add(&start, pattern, &mut wordless);
                }
            }
            let with_option = |name: &String| (name.as_str().into(), option);
            scanner
                .commands
                .extend(entry.commands.iter().map(with_option));
            scanner
                .imports
                .extend(entry.imports.iter().map(with_option));
        }
        for (facet, cues) in (0..).zip(measures) {
            for cue in cues {
                scanner.add(cue, Pattern::Measure { facet }, &mut wordless);
            }
        }
        scanner.commands.sort();
        scanner.imports.sort();
        // Too large an automaton is no danger with a table that people write.
        if let Ok(automaton) = AhoCorasick::new(&wordless) {
            scanner.wordless = automaton;
        }
        scanner
    }

    fn add(&mut self, text: &str, pattern: Pattern, wordless: &mut Vec<String>) {
        let idx = self.patterns.len() as u32;
        self.patterns.push(pattern);
        let bytes = text.as_bytes();
        let Some(n_before) = bytes.iter().position(u8::is_ascii_alphanumeric) else {
            if !text.is_empty() {
                wordless.push(text.to_owned());
                self.wordless_patterns.push(idx);
            }
            return;
        };
        let n = bytes[n_before..]
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();
        let word_key = key(&bytes[n_before..n_before + n]);
        let (at, bit) = filter_bit(word_key);
        self.filter[at] |= bit;
        let rest = &bytes[n_before + n..];
        self.by_word.entry(word_key).or_default().push(Worded {
            text: text.into(),
            n_before,
            rest: key(rest),
            rest_mask: key_mask(rest.len()),
            pattern: idx,
        });
    }

    /// All names in `text`, in order; of names inside one another the longest.
    pub fn hits(&self, text: &str) -> Vec<Hit> {
        let mut found: Vec<(u32, u32, u32)> = Vec::new();
        let mut hits = Vec::new();
        self.find_worded(text, |start, end, pattern| {
            self.take(text, (start, end), pattern, &mut found, &mut hits);
        });
        if may_hold_wordless(text) {
            for place in self.wordless.find_overlapping_iter(text) {
                let pattern = self.wordless_patterns[place.pattern().as_usize()];
                self.take(
                    text,
                    (place.start(), place.end()),
                    pattern,
                    &mut found,
                    &mut hits,
                );
            }
        }
        self.longest(text, found, &mut hits);
        hits.sort_by_key(|hit| (hit.start, hit.end, hit.target));
        hits.dedup();
        hits
    }

    /// Calls `found` with each place of each name that has a word in ASCII.
    fn find_worded(&self, text: &str, mut found: impl FnMut(usize, usize, u32)) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if !bytes[at].is_ascii_alphanumeric() {
                at += 1;
                continue;
            }
            let n = bytes[at..]
                .iter()
                .take_while(|byte| byte.is_ascii_alphanumeric())
                .count();
            let word_key = key(&bytes[at..at + n]);
            let (word, bit) = filter_bit(word_key);
            if self.filter[word] & bit != 0 {
                let rest = key(&bytes[at + n..]);
                let names = self.by_word.get(&word_key).into_iter().flatten();
                for name in names.filter(|name| rest & name.rest_mask == name.rest) {
                    let Some(start) = at.checked_sub(name.n_before) else {
                        continue;
                    };
                    let end = start + name.text.len();
                    let is_here = text
                        .get(start..end)
                        .is_some_and(|here| here.eq_ignore_ascii_case(&name.text));
                    if is_here {
                        found(start, end, name.pattern);
                    }
                }
            }
            at += n;
        }
    }

    /// Keeps a name that stands by itself: names of options for
    /// [`Self::longest`], cues and measures as hits.
    fn take(
        &self,
        text: &str,
        (start, end): (usize, usize),
        pattern: u32,
        found: &mut Vec<(u32, u32, u32)>,
        hits: &mut Vec<Hit>,
    ) {
        if !is_whole(text, start, end) {
            return;
        }
        let place = (start as u32, end as u32);
        match &self.patterns[pattern as usize] {
            Pattern::Skip
            | Pattern::Alias {
                casing: Casing::Any,
                ..
            } => found.push((place.0, place.1, pattern)),
            Pattern::Alias {
                casing: Casing::Exact(name) | Casing::Evident(name),
                ..
            } => {
                if text[start..end] == **name {
                    found.push((place.0, place.1, pattern));
                }
            }
            Pattern::Cue {
                option,
                rest,
                is_negative,
            } => {
                if let Some(n) = match_rest(rest, &text[end..])
                    && (*is_negative || !is_negated(&text[..start]))
                {
                    let end = place.1 + n as u32;
                    hits.push(Hit {
                        target: Target::Option(*option),
                        start: place.0,
                        end,
                    });
                }
            }
            Pattern::Measure { facet } => {
                hits.push(Hit {
                    target: Target::Measure(*facet),
                    start: place.0,
                    end: place.1,
                });
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
            .filter_map(
                |&(start, _, pattern)| match &self.patterns[pattern as usize] {
                    Pattern::Alias {
                        option,
                        casing: Casing::Any | Casing::Exact(_),
                    } => Some((start, *option)),
                    _ => None,
                },
            )
            .collect();
        for (start, end, pattern) in found {
            let Pattern::Alias { option, casing } = &self.patterns[pattern as usize] else {
                continue;
            };
            if !matches!(casing, Casing::Evident(_))
                || self.is_evident(text, *option, (start, end), &sure)
            {
                hits.push(Hit {
                    target: Target::Option(*option),
                    start,
                    end,
                });
            }
        }
    }

    /// Whether another option of the facet, or one that this one implies,
    /// stands nearby in the line, or a noun that says what it is.
    fn is_evident(
        &self,
        text: &str,
        option: u32,
        (start, end): (u32, u32),
        sure: &[(u32, u32)],
    ) -> bool {
        let (facet, implies) = &self.kin[option as usize];
        let from = sure.partition_point(|&(at, _)| at + NEARBY < start);
        let near = sure[from..]
            .iter()
            .take_while(|&&(at, _)| at <= end + NEARBY);
        let is_kin = |other: u32| {
            other != option && (self.kin[other as usize].0 == *facet || implies.contains(&other))
        };
        let is_same_line = |at: u32| {
            let between = (at.min(start) as usize)..(at.max(end) as usize);
            !text[between].contains('\n')
        };
        near.filter(|&&(_, other)| is_kin(other))
            .any(|&(at, _)| is_same_line(at))
            || words(&text[end as usize..]).next().is_some_and(|word| {
                text[end as usize..].starts_with(' ') && is_one_of(word, &TYPE_NOUNS)
            })
    }

    /// The option that a line of code shows, which begins with a command or
    /// imports a module, and the bytes of the line that show it.
    pub fn code_option(&self, line: &str) -> Option<(u32, CodeSign)> {
        let line = line
            .trim_start()
            .trim_start_matches(['$', '>', '%'])
            .trim_start();
        if let Some(module) = imported(line) {
            return self
                .import_option(module)
                .map(|option| (option, CodeSign::Import));
        }
        let first = line.split([' ', '\t']).next()?;
        let from = self
            .commands
            .partition_point(|(command, _)| &**command < first);
        self.commands[from..]
            .iter()
            .take_while(|(command, _)| command.starts_with(first))
            .filter(|(command, _)| {
                line.strip_prefix(&**command)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
            })
            .max_by_key(|(command, _)| command.len())
            .map(|&(_, option)| (option, CodeSign::Command))
    }

    /// The option of a module or of the package that it is a part of.
    fn import_option(&self, module: &str) -> Option<u32> {
        let mut name = module;
        loop {
            if let Ok(at) = self
                .imports
                .binary_search_by(|(import, _)| (**import).cmp(name))
            {
                return Some(self.imports[at].1);
            }
            name = &name[..name.rfind(['/', '.', ':'])?];
        }
    }
}

impl std::fmt::Debug for Scanner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scanner")
            .field("patterns", &self.patterns.len())
            .finish_non_exhaustive()
    }
}

/// What a line of code shows its choice by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeSign {
    /// A command at its start.
    Command,
    /// An import.
    Import,
}

/// The module that a line imports, in the languages of most samples.
fn imported(line: &str) -> Option<&str> {
    let quoted = |text: &'_ str| -> Option<(usize, usize)> {
        let start = text.find(['\'', '"'])? + 1;
        let end = start + text[start..].find(['\'', '"'])?;
        Some((start, end))
    };
    if let Some(rest) = line.strip_prefix("from ") {
        return rest
            .split([' ', ';'])
            .next()
            .map(|module| module.trim_matches(['\'', '"']));
    }
    if let Some(rest) = line.strip_prefix("import ") {
        if let Some((start, end)) = quoted(rest) {
            return Some(&rest[start..end]);
        }
        let rest = rest.strip_prefix("static ").unwrap_or(rest);
        return rest.split([' ', ';', ',']).next();
    }
    if let Some(rest) = line.strip_prefix("use ") {
        return rest.split([':', ';', ' ']).next();
    }
    let rest = &line[line.find("require(")?..];
    let (start, end) = quoted(rest)?;
    Some(&rest[start..end])
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
        after
            .strip_prefix(sign)
            .is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
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

/// The end of a text, as far as it can matter for what follows it: lines may be very long.
fn tail(text: &str) -> &str {
    const MAX_BYTES: usize = 120;
    &text[text.ceil_char_boundary(text.len().saturating_sub(MAX_BYTES))..]
}

/// Whether a text has letters of scripts other than Latin and Greek, told by
/// the first bytes of their encodings; arrows and emoji begin with others.
fn may_hold_wordless(text: &str) -> bool {
    !text.is_ascii()
        && text
            .bytes()
            .any(|byte| matches!(byte, 0xD0..=0xE1 | 0xE3..=0xED))
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

/// The literal beginnings of a cue, and what has to follow: all from the first
/// `*` on, or from the first alternative after the first word.
fn parse_cue(cue: &str) -> (Vec<String>, &str) {
    let (first, mut rest) = cue.split_once(' ').unwrap_or((cue, ""));
    if first == "*" {
        return (Vec::new(), "");
    }
    let mut starts: Vec<String> = first.split('/').map(str::to_owned).collect();
    while !rest.is_empty() {
        let (word, behind) = rest.split_once(' ').unwrap_or((rest, ""));
        if word == "*" || word.contains('/') {
            break;
        }
        for start in &mut starts {
            start.push(' ');
            start.push_str(word);
        }
        rest = behind;
    }
    for at in 0..starts.len() {
        if starts[at].contains("do not") {
            starts.push(starts[at].replace("do not", "don't"));
        }
    }
    (starts, rest)
}

/// Characters that end the sentence a cue stands in.
const SENTENCE_ENDS: [char; 9] = ['.', '!', '?', ';', ':', '|', '\n', '–', '—'];

/// Length of the beginning of `text` that matches the rest of a cue, if it does.
fn match_rest(cue: &str, text: &str) -> Option<usize> {
    if cue.is_empty() {
        return Some(0);
    }
    let (token, rest) = cue.split_once(' ').unwrap_or((cue, ""));
    if token != "*" {
        let (word, n) = next_word(text)?;
        let is_one = token.split('/').any(|one| one.eq_ignore_ascii_case(word));
        return is_one
            .then(|| match_rest(rest, &text[n..]))
            .flatten()
            .map(|more| n + more);
    }
    let mut skipped = 0;
    for n_words in 0..=MAX_GAP {
        if let Some(n) = match_rest(rest, &text[skipped..]) {
            return Some(skipped + n);
        }
        if n_words < MAX_GAP {
            skipped += next_word(&text[skipped..])?.1;
        }
    }
    None
}

/// The next word of the sentence without punctuation, and the bytes up to its end.
fn next_word(text: &str) -> Option<(&str, usize)> {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '-' | '_' | '/');
    let start = text.find(is_word)?;
    if text[..start].contains(SENTENCE_ENDS) {
        return None;
    }
    let n = text[start..]
        .find(|c: char| !is_word(c))
        .unwrap_or(text.len() - start);
    Some((&text[start..start + n], start + n))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
}

fn is_one_of(word: &str, list: &[&str]) -> bool {
    list.iter().any(|one| one.eq_ignore_ascii_case(word))
}

fn is_negation(word: &str) -> bool {
    is_one_of(word, &NEGATIONS)
}

/// Whether one of the three words before takes back what follows.
fn is_negated(before: &str) -> bool {
    let before = tail(before);
    let sentence = before.rsplit(SENTENCE_ENDS).next().unwrap_or(before);
    sentence
        .rsplit(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .take(3)
        .any(is_negation)
}
