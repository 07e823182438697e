//! Finding the names of options in a text: all in one pass.

use std::borrow::Cow;
use std::hash::BuildHasher;
use std::ops::Range;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::phrases::Phrases;
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

/// What a phrase is.
#[derive(Debug)]
enum Pattern {
    /// A phrase that hides the names in it.
    Skip,
    /// A name of an option.
    Alias { option: u32, casing: Casing },
    /// The literal beginning of a phrase that prescribes a practice.
    Cue {
        option: u32,
        /// What has to follow, by its number.
        rest: u32,
        /// Whether it has to begin a clause.
        is_first: bool,
    },
    /// A phrase that names a measure.
    Measure { facet: u32 },
}

/// What has to follow the beginning of a cue: `*` is up to [`MAX_GAP`] words,
/// "a/b" one of these words, or the end of the clause where [`CLAUSE_END`] is
/// among them.
#[derive(Debug)]
struct Rest {
    /// Where it stands in [`Scanner::rests_text`].
    place: Range<usize>,
    /// What the words that follow have to be like, as far as that is quickly seen.
    asked: [Asked; N_ASKED],
}

/// One of the words behind the beginning of a cue.
#[derive(Debug, Clone, Copy)]
struct Asked {
    /// Which one it is, or [`ANYWHERE`] among the first [`N_LOOKED_AT`].
    nth: u8,
    /// It has one of these bits, see [`bit`].
    bits: u64,
}

/// So many words are looked at before a cue is matched.
const N_ASKED: usize = 3;

/// No certain place among the words that follow.
const ANYWHERE: u8 = u8::MAX;

/// What all words are like.
const NOTHING_ASKED: Asked = Asked {
    nth: ANYWHERE,
    bits: u64::MAX,
};

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

/// What stands for the beginning of a clause in a cue, and for its end.
const CLAUSE_START: &str = "^ ";
const CLAUSE_END: &str = "$";

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

/// Words shortly before a cue that take it back.
const NEGATIONS: [&str; 41] = [
    "never",
    "not",
    "no",
    "without",
    "cannot",
    "avoid",
    "skip",
    "stop",
    "than",
    "don't",
    "doesn't",
    "isn't",
    "aren't",
    "can't",
    "mustn't",
    "shouldn't",
    "won't",
    "nor",
    "forbid",
    "forbids",
    "refrain",
    "nunca",
    "jamás",
    "jamais",
    "ne",
    "pas",
    "sin",
    "sem",
    "sans",
    "não",
    "nicht",
    "nie",
    "niemals",
    "kein",
    "keine",
    "keinen",
    "ohne",
    "не",
    "без",
    "никогда",
    "нельзя",
];

/// Negations that hold up to the end of their clause.
const FAR_NEGATIONS: [&str; 16] = [
    "never",
    "not",
    "cannot",
    "avoid",
    "don't",
    "can't",
    "mustn't",
    "shouldn't",
    "nunca",
    "jamais",
    "jamás",
    "não",
    "nicht",
    "niemals",
    "не",
    "никогда",
];

/// Words that begin a clause, up to which no negation reaches.
const CLAUSE_STARTS: [&str; 18] = [
    "and", "but", "so", "then", "instead", "since", "because", "while", "which", "that", "who",
    "just", "und", "sondern", "sino", "pero", "mais", "mas",
];

/// Words that join what a negation holds for.
const JOINTS: [&str; 5] = ["or", "nor", "oder", "ou", "или"];

/// What takes a cue back right before it, in languages without spaces.
const UNSPACED_NEGATIONS: [&str; 11] = [
    "不", "不要", "禁止", "不得", "不应", "不可", "不能", "勿", "别", "避免", "无需",
];

/// What takes a cue back right behind it, in such languages.
const UNSPACED_NEGATIONS_BEHIND: [&str; 11] = [
    "しない",
    "しません",
    "せず",
    "するな",
    "は禁止",
    "禁止",
    "하지",
    "지 않",
    "지 마",
    "은 금지",
    " 금지",
];

/// Finds names of options and measures.
pub struct Scanner {
    /// The distinct names.
    names: Phrases,
    /// By number of the name: the last pattern that goes by it.
    by_name: Vec<Option<u32>>,
    patterns: Vec<Pattern>,
    /// By pattern: another one that goes by the same name.
    next: Vec<Option<u32>>,
    /// What has to follow the beginnings of cues.
    rests: Vec<Rest>,
    rests_text: String,
    /// By option: its facet and what it implies, for evidence.
    kin: Vec<(u32, Vec<u32>)>,
    /// Commands with their options, by their first word.
    commands: FxHashMap<Box<str>, Vec<(Box<str>, u32)>>,
    /// Options by the modules that show them.
    imports: FxHashMap<Box<str>, u32>,
}

/// The numbers of names by their hashes, while the names are added.
type Names = FxHashMap<u64, u32>;

impl Scanner {
    pub(super) fn new<'a>(
        skip: &[&str],
        options: &[Choice],
        written: &[&OptionEntry],
        measures: impl Iterator<Item = &'a [String]>,
    ) -> Self {
        let mut names = Names::with_capacity_and_hasher(written.len() * 16, FxBuildHasher);
        let mut scanner = Self {
            names: Phrases::default(),
            by_name: Vec::new(),
            patterns: Vec::new(),
            next: Vec::new(),
            rests: Vec::new(),
            rests_text: String::new(),
            kin: options
                .iter()
                .map(|option| (option.facet, option.implies.clone()))
                .collect(),
            commands: FxHashMap::default(),
            imports: FxHashMap::default(),
        };
        for phrase in skip {
            scanner.add(&mut names, phrase, Pattern::Skip);
        }
        for (option, entry) in (0..).zip(written) {
            for alias in &entry.aliases {
                let (name, casing) = match (alias.strip_prefix('='), alias.strip_prefix('~')) {
                    (Some(name), _) => (name, Casing::Exact),
                    (_, Some(name)) => (name, Casing::Evident),
                    _ => (alias.as_str(), Casing::Any),
                };
                scanner.add(&mut names, name, Pattern::Alias { option, casing });
            }
            for cue in &entry.cues {
                let unanchored = cue.strip_prefix(CLAUSE_START);
                let number = scanner.rests.len() as u32;
                let rest = for_each_start(unanchored.unwrap_or(cue), |start| {
                    let pattern = Pattern::Cue {
                        option,
                        rest: number,
                        is_first: unanchored.is_some(),
                    };
                    scanner.add(&mut names, start, pattern);
                });
                let from = scanner.rests_text.len();
                scanner.rests_text.push_str(rest);
                scanner.rests.push(Rest {
                    place: from..scanner.rests_text.len(),
                    asked: asked(rest),
                });
            }
            for command in &entry.commands {
                let commands = scanner.commands.entry(first_word(command).into());
                commands
                    .or_default()
                    .push((command.as_str().into(), option));
            }
            for import in &entry.imports {
                scanner
                    .imports
                    .entry(import.as_str().into())
                    .or_insert(option);
            }
        }
        for (facet, cues) in (0..).zip(measures) {
            for cue in cues {
                scanner.add(&mut names, cue, Pattern::Measure { facet });
            }
        }
        scanner
    }

    fn add(&mut self, names: &mut Names, name: &str, pattern: Pattern) {
        let idx = self.patterns.len() as u32;
        self.patterns.push(pattern);
        let number = *names
            .entry(FxBuildHasher.hash_one(name))
            .or_insert_with(|| {
                self.names.add(name);
                self.by_name.push(None);
                self.by_name.len() as u32 - 1
            });
        // Of two names with one hash, the later one is a name of its own.
        let number = if self.names.get(number) == name {
            number
        } else {
            self.names.add(name);
            self.by_name.push(None);
            self.by_name.len() as u32 - 1
        };
        self.next.push(self.by_name[number as usize].replace(idx));
    }

    /// All names in `text`, in order; of names inside one another the longest.
    pub fn hits(&self, text: &str) -> Vec<Hit> {
        let mut search = Search {
            scanner: self,
            text,
            following: Following::new(text),
            found: Vec::new(),
            hits: Vec::new(),
        };
        self.names
            .find(text, |place, name| search.take(place, name));
        let Search {
            found, mut hits, ..
        } = search;
        self.longest(text, found, &mut hits);
        hits.sort_by_key(|hit| (hit.start, hit.end, hit.target));
        hits.dedup();
        hits
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
                        casing: Casing::Any | Casing::Exact,
                    } => Some((start, *option)),
                    _ => None,
                },
            )
            .collect();
        for (start, end, pattern) in found {
            let Pattern::Alias { option, casing } = &self.patterns[pattern as usize] else {
                continue;
            };
            if *casing != Casing::Evident || self.is_evident(text, *option, (start, end), &sure) {
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
        self.commands
            .get(first_word(line))?
            .iter()
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
            if let Some(&option) = self.imports.get(name) {
                return Some(option);
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

/// A search for names in one text.
struct Search<'a> {
    scanner: &'a Scanner,
    text: &'a str,
    following: Following<'a>,
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
        let mut next = scanner.by_name[name as usize];
        while let Some(pattern) = next {
            next = scanner.next[pattern as usize];
            self.take_as(place.clone(), name, pattern);
        }
    }

    fn take_as(&mut self, Range { start, end }: Range<usize>, name: u32, pattern: u32) {
        let hit = |target: Target, end: usize| Hit {
            target,
            start: start as u32,
            end: end as u32,
        };
        match &self.scanner.patterns[pattern as usize] {
            Pattern::Alias {
                casing: Casing::Exact | Casing::Evident,
                ..
            } if self.text[start..end] != *self.scanner.names.get(name) => {}
            Pattern::Skip | Pattern::Alias { .. } => {
                self.found.push((start as u32, end as u32, pattern));
            }
            Pattern::Cue {
                option,
                rest,
                is_first,
            } => {
                self.following.start_at(end);
                let rest = &self.scanner.rests[*rest as usize];
                let name = || self.scanner.names.get(name);
                if self.following.may_have(&rest.asked)
                    && let Some(end) = self
                        .following
                        .end_of(&self.scanner.rests_text[rest.place.clone()], 0)
                    && (!*is_first || is_clause_start(&self.text[..start]))
                    && !is_taken_back(name(), &self.text[..start], &self.text[end..])
                {
                    self.hits.push(hit(Target::Option(*option), end));
                }
            }
            Pattern::Measure { facet } => self.hits.push(hit(Target::Measure(*facet), end)),
        }
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

/// What stands before the first space of a line of code.
fn first_word(line: &str) -> &str {
    let end = line.bytes().position(|byte| matches!(byte, b' ' | b'\t'));
    &line[..end.unwrap_or(line.len())]
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
    let call =
        memchr::memchr_iter(b'(', line.as_bytes()).find(|&at| line[..at].ends_with("require"))?;
    let rest = &line[call..];
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

/// Calls `found` with the literal beginnings of a cue and returns what has to
/// follow: all from the first `*` on, or from the first alternative after the
/// first word.
fn for_each_start(cue: &str, mut found: impl FnMut(&str)) -> &str {
    let (first, behind) = cue.split_once(' ').unwrap_or((cue, ""));
    if first == "*" {
        return "";
    }
    let is_literal = |word: &&str| {
        *word != "*" && *word != CLAUSE_END && (!word.contains('/') || is_slashed(word))
    };
    let words = behind.split(' ').take_while(is_literal);
    let n = words.fold(0, |n, word| n + word.len() + 1);
    let (literal, rest) = behind.split_at(n.min(behind.len()));
    let literal = literal.trim_end();
    let mut found = |start: &str| {
        const NOT: &[u8] = b"do not";
        found(start);
        if start.as_bytes().windows(NOT.len()).any(|part| part == NOT) {
            found(&start.replace("do not", "don't"));
        }
    };
    if !first.contains('/') && !literal.contains('/') {
        found(cue[..cue.len() - rest.len()].trim_end());
        return rest;
    }
    let literal = literal.replace("//", "/");
    for first in alternatives(first) {
        match literal.as_str() {
            "" => found(&first),
            _ => found(&format!("{first} {literal}")),
        }
    }
    rest
}

/// What the first steps that name words ask of the words that follow.
fn asked(rest: &str) -> [Asked; N_ASKED] {
    let mut asked = [NOTHING_ASKED; N_ASKED];
    let mut n_asked = 0;
    // The place of the next word, and the last one that it may have.
    let (mut nth, mut last) = (Some(0u8), 0);
    for step in rest.split(' ').filter(|step| !step.is_empty()) {
        if step == "*" || may_end(step) {
            nth = None;
            last += if step == "*" { MAX_GAP } else { 1 };
            continue;
        }
        if n_asked == N_ASKED || last >= N_LOOKED_AT {
            break;
        }
        asked[n_asked] = Asked {
            nth: nth.unwrap_or(ANYWHERE),
            bits: alternatives(step).fold(0, |bits, word| bits | bit(&word)),
        };
        n_asked += 1;
        nth = nth.map(|nth| nth + 1);
        last += 1;
    }
    asked
}

/// One of 64 bits for a word, by how it begins and ends and by its length.
fn bit(word: &str) -> u64 {
    let lower = |byte: Option<&u8>| byte.map_or(0, |byte| u32::from(byte | 0x20));
    let bytes = word.as_bytes();
    let hash = lower(bytes.first()) * 31 + lower(bytes.last()) * 7 + bytes.len() as u32;
    1 << (hash % 64)
}

/// The words of "a/b"; "a//b" is one word with a slash.
fn alternatives(words: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let is_one = is_slashed(words);
    words
        .split(move |c| c == '/' && !is_one)
        .map(move |word| match is_one {
            true => word.replace("//", "/").into(),
            false => word.into(),
        })
}

/// Whether a step of a cue takes the end of the clause for one of its words.
fn may_end(step: &str) -> bool {
    step.as_bytes().contains(&b'$')
}

fn is_slashed(word: &str) -> bool {
    word.as_bytes().windows(2).any(|two| two == b"//")
}

/// Characters that end the sentence a cue stands in.
const SENTENCE_ENDS: [char; 9] = ['.', '!', '?', ';', ':', '|', '\n', '–', '—'];

/// The words of a sentence behind some place, read as far as they are asked for.
struct Following<'a> {
    text: &'a str,
    from: usize,
    /// The words read so far, each with where it ends.
    words: Vec<(&'a str, usize)>,
    /// The bits of the first [`N_LOOKED_AT`] of them, once they are asked for.
    bits: Option<u64>,
}

/// So many words behind the beginning of a cue tell whether it can match.
const N_LOOKED_AT: usize = 9;

impl<'a> Following<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            from: 0,
            words: Vec::new(),
            bits: None,
        }
    }

    /// Whether the next words may be like this.
    fn may_have(&mut self, asked: &[Asked; N_ASKED]) -> bool {
        asked.iter().all(|asked| match asked {
            Asked { bits: u64::MAX, .. } => true,
            Asked {
                nth: ANYWHERE,
                bits,
            } => self.first_bits() & bits != 0,
            Asked { nth, bits } => {
                let word = self.get(usize::from(*nth));
                word.is_some_and(|(word, _)| bit(word) & bits != 0)
            }
        })
    }

    /// The bits of the first [`N_LOOKED_AT`] words together.
    fn first_bits(&mut self) -> u64 {
        if let Some(bits) = self.bits {
            return bits;
        }
        let mut bits = 0;
        for nth in 0..N_LOOKED_AT {
            let Some((word, _)) = self.get(nth) else {
                break;
            };
            bits |= bit(word);
        }
        *self.bits.insert(bits)
    }

    /// Those behind another place, if it is another one.
    fn start_at(&mut self, from: usize) {
        if self.from != from {
            self.from = from;
            self.words.clear();
            self.bits = None;
        }
    }

    fn get(&mut self, nth: usize) -> Option<(&'a str, usize)> {
        while self.words.len() <= nth {
            let at = self.words.last().map_or(self.from, |&(_, end)| end);
            let (word, n) = next_word(&self.text[at..])?;
            self.words.push((word, at + n));
        }
        Some(self.words[nth])
    }

    /// Where the word before the `nth` one ends.
    fn end_before(&self, nth: usize) -> usize {
        nth.checked_sub(1)
            .map_or(self.from, |last| self.words[last].1)
    }

    /// Where the rest of a cue ends, if the words from the `nth` on match it.
    fn end_of(&mut self, rest: &str, nth: usize) -> Option<usize> {
        let (step, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        match step {
            "" => Some(self.end_before(nth)),
            "*" => (nth..=nth + MAX_GAP).find_map(|nth| self.end_of(rest, nth)),
            _ => {
                if may_end(step) && is_clause_end(&self.text[self.end_before(nth)..]) {
                    return self.end_of(rest, nth);
                }
                let (word, _) = self.get(nth)?;
                let is_one = alternatives(step).any(|one| one.eq_ignore_ascii_case(word));
                is_one.then(|| self.end_of(rest, nth + 1)).flatten()
            }
        }
    }
}

/// The next word of the sentence without punctuation, and the bytes up to its end.
fn next_word(text: &str) -> Option<(&str, usize)> {
    let kind = |at: usize| {
        text.as_bytes()
            .get(at)
            .map(|&byte| KINDS[usize::from(byte)])
    };
    let mut start = 0;
    while kind(start) == Some(Kind::Sign) {
        start += 1;
    }
    let mut end = start;
    while kind(end) == Some(Kind::Word) {
        end += 1;
    }
    if kind(end) == Some(Kind::Other) {
        return next_word_of_any(text);
    }
    // "tests/" is a folder.
    (end > start).then(|| (text[start..end].trim_end_matches('/'), end))
}

/// [`next_word`], where the text is not all ASCII.
fn next_word_of_any(text: &str) -> Option<(&str, usize)> {
    let is_border = |c: char| is_of_word(c) || SENTENCE_ENDS.contains(&c);
    let start = text.find(is_border)?;
    let word = &text[start..];
    let n = word.find(|c: char| !is_of_word(c)).unwrap_or(word.len());
    (n > 0).then(|| (word[..n].trim_end_matches('/'), start + n))
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\'' | '-' | '_' | '/')
}

/// What a byte is in a sentence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    /// One of [`SENTENCE_ENDS`].
    End,
    Sign,
    /// No ASCII.
    Other,
}

const KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Other; 256];
    let mut byte = 0;
    while byte < 0x80 {
        kinds[byte] = match byte as u8 {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'\'' | b'-' | b'_' | b'/' => Kind::Word,
            b'.' | b'!' | b'?' | b';' | b':' | b'|' | b'\n' => Kind::End,
            _ => Kind::Sign,
        };
        byte += 1;
    }
    kinds
};

/// Whether an order may begin here: "Commit.", "then commit", "1. Commit".
fn is_clause_start(before: &str) -> bool {
    const LEADS: [&str; 5] = ["and", "then", "please", "also", "always"];
    let before = tail(before)
        .trim_end_matches(|c: char| c == ' ' || !c.is_alphanumeric() && !is_clause_sign(c));
    before.is_empty()
        || before.ends_with(is_clause_sign)
        || words(before)
            .last()
            .is_some_and(|word| is_one_of(word, &LEADS))
}

fn is_clause_sign(c: char) -> bool {
    SENTENCE_ENDS.contains(&c) || matches!(c, ',' | '(' | ')' | '，' | '。' | '、')
}

/// Whether no word of the same clause follows: "Use tabs.", "Use tabs, not spaces."
fn is_clause_end(text: &str) -> bool {
    let text = text.trim_start_matches(['"', '\'', '`', '*', '”', '»', ' ']);
    let mut chars = text.chars();
    match chars.next() {
        None => true,
        Some('.') => !chars.next().is_some_and(char::is_alphanumeric),
        Some('-') => chars.next() == Some(' '),
        // "Do not commit: secrets" goes on.
        Some(c) => c != ':' && is_clause_sign(c),
    }
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

/// Whether the words around a cue that begins with `name` take it back.
fn is_taken_back(name: &str, before: &str, after: &str) -> bool {
    /// What two negations make is no order: "never skip hooks".
    const REFUSALS: [&str; 3] = ["avoid", "skip", "stop"];
    /// "Never commit without asking" takes "commit without asking" back.
    const LINKS: [&str; 7] = ["without", "than", "sin", "sem", "sans", "ohne", "без"];
    let first = words(name).next().unwrap_or("");
    if is_one_of(first, &REFUSALS) {
        let last = words(tail(before)).last().unwrap_or("");
        return is_negation(last) || is_one_of(last, &JOINTS) && is_negated(before);
    }
    let is_negative = words(name)
        .enumerate()
        .any(|(nth, word)| is_negation(word) && (nth == 0 || !is_one_of(word, &LINKS)));
    !is_negative && (is_negated(before) || is_barred(after))
}

/// Whether what stands before a cue takes it back: a negation among the last
/// three words, or one further off in the same clause.
fn is_negated(before: &str) -> bool {
    const N_NEAR: usize = 3;
    const N_FAR: usize = 10;
    let before = tail(before);
    let sentence = before.rsplit(SENTENCE_ENDS).next().unwrap_or(before);
    let unspaced = sentence.trim_end();
    if UNSPACED_NEGATIONS.iter().any(|one| unspaced.ends_with(one)) {
        return true;
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '\'';
    let mut is_open = true;
    let mut is_joined = false;
    let mut later = "";
    let mut n_words = 0;
    for (nth, clause) in sentence.rsplit([',', '(', ')']).enumerate() {
        for word in clause
            .rsplit(|c| !is_word(c))
            .filter(|word| !word.is_empty())
        {
            n_words += 1;
            let is_instead_of =
                word.eq_ignore_ascii_case("instead") && later.eq_ignore_ascii_case("of");
            if n_words <= N_NEAR
                && (is_negation(word) || is_instead_of || word.eq_ignore_ascii_case("over"))
            {
                return true;
            }
            is_joined |= n_words == 1 && is_one_of(word, &JOINTS);
            is_open &= (nth == 0 || is_joined) && !is_one_of(word, &CLAUSE_STARTS);
            if is_open && is_one_of(word, &FAR_NEGATIONS) {
                return true;
            }
            if n_words >= N_NEAR && !is_open || n_words == N_FAR {
                return false;
            }
            later = word;
        }
    }
    false
}

/// Whether what stands behind a cue takes it back: "Inline styles are forbidden."
fn is_barred(after: &str) -> bool {
    const VERBS: [&str; 9] = [
        "is", "are", "must", "should", "ist", "sind", "está", "están", "est",
    ];
    const BARS: [&str; 12] = [
        "not",
        "never",
        "forbidden",
        "prohibited",
        "banned",
        "disallowed",
        "verboten",
        "prohibido",
        "prohibida",
        "prohibidos",
        "interdit",
        "nicht",
    ];
    let unspaced = &UNSPACED_NEGATIONS_BEHIND;
    if !after.is_ascii() && unspaced.iter().any(|one| after.starts_with(one)) {
        return true;
    }
    let Some((verb, end)) = next_word(after).filter(|_| after.starts_with(' ')) else {
        return false;
    };
    let mut rest = &after[end..];
    let mut is_bar = || {
        let (word, end) = next_word(rest)?;
        rest = &rest[end..];
        Some(is_one_of(word, &BARS))
    };
    is_one_of(verb, &VERBS) && (is_bar() == Some(true) || is_bar() == Some(true))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Length of the beginning of `text` that matches the rest of a cue, by trying.
    fn plain(cue: &str, text: &str) -> Option<usize> {
        if cue.is_empty() {
            return Some(0);
        }
        let (token, rest) = cue.split_once(' ').unwrap_or((cue, ""));
        if token != "*" {
            if token.split('/').any(|one| one == "$") && is_clause_end(text) {
                return plain(rest, text);
            }
            let (word, n) = next_word(text)?;
            let is_one = token.split('/').any(|one| one.eq_ignore_ascii_case(word));
            return is_one
                .then(|| plain(rest, &text[n..]))
                .flatten()
                .map(|more| n + more);
        }
        let mut skipped = 0;
        for n_words in 0..=MAX_GAP {
            if let Some(n) = plain(rest, &text[skipped..]) {
                return Some(skipped + n);
            }
            if n_words < MAX_GAP {
                skipped += next_word(&text[skipped..])?.1;
            }
        }
        None
    }

    proptest! {
        #[test]
        fn the_rest_of_a_cue_is_matched_as_by_trying(
            cues in prop::collection::vec("((\\*|[ab]|[ab]/c|don't) ){0,4}(a|b|c|\\$|c/\\$)?", 1..4),
            text in "(([abAC]|don't|ü|[.|–])( |, |\n)){0,14}",
            from in 0usize..6,
        ) {
            let from = text.ceil_char_boundary(from.min(text.len()));
            let mut following = Following::new(&text);
            for cue in &cues {
                let cue = cue.trim_end();
                following.start_at(from);
                let expected = plain(cue, &text[from..]).map(|n| from + n);
                prop_assert_eq!(following.end_of(cue, 0), expected, "{:?}", cue);
                prop_assert!(expected.is_none() || following.may_have(&asked(cue)), "{:?}", cue);
            }
        }
    }
}
