//! Collections of made-up agents, for measuring; the benches share it.
//!
//! Their texts are made of words by templates, so that lengths, repeats and
//! the spread of words are about those of real agents: some words in every
//! file, most in few. Nothing is claimed of the results.

use std::fmt::Write;

use agent_overlap::source::SourceFile;

/// What to make.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recipe {
    /// Share of agents that are edited copies of an earlier one, in 0..=1.
    pub(crate) copies: f64,
    /// Share of sections that are the house's, word for word, in 0..=1.
    pub(crate) boilerplate: f64,
    /// Equal seeds make equal collections.
    pub(crate) seed: u64,
}

/// Agents in one folder: large collections are catalogues of many small ones.
const PER_FOLDER: usize = 50;

impl Recipe {
    /// About as repetitive as public collections are.
    pub(crate) const USUAL: Self = Self { copies: 0.15, boilerplate: 0.1, seed: 1 };

    /// One file of the collection. It depends on no other one, so that large
    /// collections need not be held in memory.
    pub(crate) fn file(&self, number: usize) -> SourceFile {
        let (original, mut random) = original(number, 1, self.copies, self.seed);
        let mut draft = Draft::new(original, self.boilerplate, &mut random);
        if original != number {
            draft.edit(number, &mut Random::new(!self.seed, number));
        }
        SourceFile::new(format!("{:05}/agents/{number:06}.md", number / PER_FOLDER), draft.text())
    }
}

/// What an agent is a copy of, at last: itself if it is none, as the first
/// `n_first` are. Any earlier agent is copied as likely as any other, so that
/// most families stay small and few become large. With it comes the randomness
/// that makes the original.
pub(crate) fn original(
    mut number: usize,
    n_first: usize,
    copies: f64,
    seed: u64,
) -> (usize, Random) {
    loop {
        let mut random = Random::new(seed, number);
        if number < n_first || !random.happens(copies) {
            return (number, random);
        }
        number = random.below(number);
    }
}

/// An agent before it is written down.
struct Draft {
    name: String,
    description: String,
    sections: Vec<Section>,
}

struct Section {
    title: String,
    statements: Vec<String>,
}

impl Draft {
    fn new(number: usize, boilerplate: f64, random: &mut Random) -> Self {
        let field = &field(random);
        let role = random.pick(&ROLES);
        let n_sections = 3 + random.below(7);
        let sections = (0..n_sections)
            .map(|_| {
                if random.happens(boilerplate) {
                    Section::of_the_house(random)
                } else {
                    Section::new(field, number, random)
                }
            })
            .collect();
        Self {
            name: format!("{field}-{role}-{number}"),
            description: format!(
                "{} Use when {}.",
                sentence(field, number, random),
                phrase(field, number, random)
            ),
            sections,
        }
    }

    /// Makes it another agent: another name, one statement in ten changed.
    fn edit(&mut self, number: usize, random: &mut Random) {
        self.name = format!("{}-{number}", field(random));
        for statement in self.sections.iter_mut().flat_map(|section| &mut section.statements) {
            if random.happens(0.1) {
                *statement = sentence(&field(random), number, random);
            }
        }
    }

    fn text(&self) -> String {
        let Self { name, description, sections } = self;
        let mut text = format!(
            "---\nname: {name}\ndescription: {description}\nmodel: sonnet\n---\n\n\
             You are a {name}. {description}\n"
        );
        for section in sections {
            write!(text, "\n## {}\n\n", section.title).expect("a string can be written");
            for statement in &section.statements {
                writeln!(text, "- {statement}").expect("a string can be written");
            }
        }
        text
    }
}

impl Section {
    fn new(field: &str, number: usize, random: &mut Random) -> Self {
        let n_statements = 4 + random.below(10);
        Self {
            title: format!("{} {}", random.pick(&NOUNS), random.pick(&NOUNS)),
            statements: (0..n_statements).map(|_| sentence(field, number, random)).collect(),
        }
    }

    /// One of few sections that the agents of a house have in common.
    fn of_the_house(random: &mut Random) -> Self {
        let which = random.below(5);
        let mut house = Random::new(0, which);
        Self {
            title: format!("House rules {which}"),
            statements: (0..8).map(|_| sentence("house", which, &mut house)).collect(),
        }
    }
}

/// What an agent is about. Three in four have one of 160,000 rare topics: large
/// collections are about more things than small ones.
fn field(random: &mut Random) -> String {
    if random.happens(0.25) {
        random.pick(&FIELDS).to_owned()
    } else {
        let syllables = [(); 4].map(|()| SYLLABLES[random.below(SYLLABLES.len())]);
        syllables.concat()
    }
}

fn sentence(field: &str, number: usize, random: &mut Random) -> String {
    let verb = random.pick(&VERBS);
    let mut sentence = verb[..1].to_uppercase() + &verb[1..];
    for _ in 0..1 + random.below(2) {
        write!(sentence, " {}", phrase(field, number, random)).expect("a string can be written");
    }
    sentence + "."
}

/// A few words; one in twelve phrases has a word of the agent's own.
fn phrase(field: &str, number: usize, random: &mut Random) -> String {
    let link = random.pick(&LINKS);
    let quality = random.pick(&QUALITIES);
    let noun = noun(random);
    match random.below(12) {
        0 => format!("the {quality} {noun} {link} part{number}"),
        1..4 => format!("the {field} {noun} {link} {}", random.pick(&NOUNS)),
        _ => format!("{quality} {noun} {link} the {}", random.pick(&NOUNS)),
    }
}

/// A word of the list, or one of 8,000 coined ones: most words of real text are rare.
fn noun(random: &mut Random) -> String {
    if random.happens(0.5) {
        random.pick(&NOUNS).to_owned()
    } else {
        let syllables = [(); 3].map(|()| random.pick(&SYLLABLES));
        syllables.concat()
    }
}

/// `SplitMix64` (Steele, Lea & Flood 2014), of which the high bits are used.
pub(crate) struct Random(u64);

impl Random {
    /// The randomness of one agent of a collection.
    pub(crate) fn new(seed: u64, number: usize) -> Self {
        Self(Self(seed).next() ^ Self(number as u64).next().rotate_left(32))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number in `0..n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() >> 32) as usize % n
    }

    /// A number in 0..1.
    fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(crate) fn happens(&mut self, share: f64) -> bool {
        self.fraction() < share
    }

    /// The first words far more often than the last, as in any text.
    fn pick(&mut self, words: &[&'static str]) -> &'static str {
        let place = self.fraction();
        words[(place * place * words.len() as f64) as usize]
    }
}

const ROLES: [&str; 10] = [
    "expert", "developer", "engineer", "specialist", "reviewer", "architect", "analyst", "writer",
    "planner", "tester",
];

const FIELDS: [&str; 30] = [
    "python", "typescript", "database", "security", "frontend", "backend", "kubernetes", "rust",
    "testing", "documentation", "mobile", "payment", "search", "billing", "java", "terraform",
    "networking", "accessibility", "analytics", "compiler", "embedded", "graphics", "ledger",
    "logistics", "migration", "observability", "onboarding", "pricing", "robotics", "translation",
];

const LINKS: [&str; 10] =
    ["for", "before", "after", "with", "without", "in", "beside", "under", "of", "against"];

const VERBS: [&str; 39] = [
    "check", "write", "review", "keep", "document", "measure", "test", "name", "report", "design",
    "avoid", "prefer", "validate", "handle", "log", "run", "explain", "ask", "split", "cache",
    "retry", "encrypt", "index", "mock", "profile", "refactor", "release", "version", "archive",
    "audit", "deprecate", "instrument", "negotiate", "paginate", "quarantine", "reconcile",
    "sanitise", "throttle", "vendor",
];

const QUALITIES: [&str; 36] = [
    "clear", "small", "explicit", "shared", "public", "stable", "typed", "failing", "slow",
    "empty", "safe", "missing", "external", "nested", "cached", "large", "private", "recent",
    "atomic", "brittle", "concurrent", "deterministic", "durable", "encrypted", "expired",
    "idempotent", "immutable", "legacy", "malformed", "optional", "partial", "redundant", "signed",
    "transient", "unused", "verbose",
];

const NOUNS: [&str; 127] = [
    "code", "test", "file", "error", "user", "function", "module", "request", "change", "data",
    "service", "query", "type", "interface", "response", "log", "team", "table", "schema", "page",
    "index", "key", "job", "queue", "name", "cache", "token", "session", "report", "branch",
    "commit", "release", "event", "message", "client", "server", "worker", "thread", "lock",
    "metric", "alert", "budget", "deadline", "policy", "contract", "endpoint", "header", "payload",
    "cursor", "retry", "timeout", "circuit", "shard", "replica", "snapshot", "backup", "restore",
    "ledger", "invoice", "tenant", "quota", "webhook", "signature", "certificate", "secret",
    "vault", "pipeline", "artefact", "container", "image", "cluster", "node", "volume", "mount",
    "probe", "sidecar", "ingress", "gateway", "proxy", "route", "handler", "middleware", "parser",
    "lexer", "grammar", "tree", "visitor", "arena", "allocator", "pointer", "buffer", "channel",
    "socket", "packet", "checksum", "parity", "frame", "codec", "sampler", "shader", "texture",
    "mesh", "camera", "sensor", "actuator", "motor", "battery", "firmware", "bootloader",
    "register", "interrupt", "glossary", "locale", "plural", "currency", "rounding", "timezone",
    "calendar", "holiday", "shift", "roster", "depot", "parcel", "pallet", "manifest", "customs",
    "tariff",
];

const SYLLABLES: [&str; 20] = [
    "ta", "ro", "mi", "len", "ka", "dor", "ve", "su", "pin", "gal", "fo", "tri", "bas", "ne",
    "quo", "hul", "zer", "wim", "jod", "yx",
];
