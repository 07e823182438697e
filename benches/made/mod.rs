//! Collections of made-up agents, for measuring.
//!
//! Their texts are made of words by templates, so that lengths, repeats and
//! the spread of words are about those of real agents: some words in every
//! file, most in few. Nothing is claimed of the results.

use std::fmt::Write;

use agent_overlap::agent::Origin;
use agent_overlap::discover::classify;
use agent_overlap::source::SourceFile;

/// What to make.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recipe {
    /// Number of agents.
    pub(crate) n_agents: usize,
    /// Share of agents that are edited copies of an earlier one, in 0..=1.
    pub(crate) copies: f64,
    /// Share of sections that are the house's, word for word, in 0..=1.
    pub(crate) boilerplate: f64,
    /// Equal seeds make equal collections.
    pub(crate) seed: u64,
}

impl Recipe {
    /// About as repetitive as public collections are.
    pub(crate) fn of(n_agents: usize) -> Self {
        Self {
            n_agents,
            copies: 0.15,
            boilerplate: 0.1,
            seed: 1,
        }
    }
}

/// The files of a collection, by path, each with its origin.
pub(crate) fn files(recipe: Recipe) -> (Vec<SourceFile>, Vec<Origin>) {
    let mut random = Random(recipe.seed);
    let mut drafts: Vec<Draft> = Vec::with_capacity(recipe.n_agents);
    for number in 0..recipe.n_agents {
        let is_copy = !drafts.is_empty() && random.happens(recipe.copies);
        let draft = if is_copy {
            let original = random.below(drafts.len());
            drafts[original].edited(number, &mut random)
        } else {
            Draft::new(number, recipe.boilerplate, &mut random)
        };
        drafts.push(draft);
    }
    let files: Vec<SourceFile> = drafts
        .iter()
        .enumerate()
        .map(|(number, draft)| SourceFile {
            path: format!(".claude/agents/{number:06}.md"),
            text: draft.text(),
        })
        .collect();
    let origins = files.iter().map(|file| classify(&file.path)).collect();
    (files, origins)
}

/// An agent before it is written down.
#[derive(Clone)]
struct Draft {
    name: String,
    description: String,
    sections: Vec<Section>,
}

#[derive(Clone)]
struct Section {
    title: String,
    statements: Vec<String>,
}

impl Draft {
    fn new(number: usize, boilerplate: f64, random: &mut Random) -> Self {
        let field = random.pick(&FIELDS);
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

    /// The same agent under another name, one statement in ten changed.
    fn edited(&self, number: usize, random: &mut Random) -> Self {
        let mut copy = self.clone();
        copy.name = format!("{}-{number}", random.pick(&FIELDS));
        for statement in copy
            .sections
            .iter_mut()
            .flat_map(|section| &mut section.statements)
        {
            if random.happens(0.1) {
                *statement = sentence(random.pick(&FIELDS), number, random);
            }
        }
        copy
    }

    fn text(&self) -> String {
        let Self {
            name,
            description,
            sections,
        } = self;
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
            statements: (0..n_statements)
                .map(|_| sentence(field, number, random))
                .collect(),
        }
    }

    /// One of few sections that the agents of a house have in common.
    fn of_the_house(random: &mut Random) -> Self {
        let which = random.below(5);
        let mut house = Random(which as u64 + 1);
        Self {
            title: format!("House rules {which}"),
            statements: (0..8)
                .map(|_| sentence("house", which, &mut house))
                .collect(),
        }
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

/// A linear congruential generator (Knuth's MMIX), of which the high bits are used.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 32) as u32
    }

    /// A number in `0..n`.
    fn below(&mut self, n: usize) -> usize {
        self.next() as usize % n
    }

    fn happens(&mut self, share: f64) -> bool {
        f64::from(self.next()) < share * f64::from(u32::MAX)
    }

    /// The first words far more often than the last, as in any text.
    fn pick(&mut self, words: &[&'static str]) -> &'static str {
        let place = f64::from(self.next()) / (f64::from(u32::MAX) + 1.0);
        words[(place * place * words.len() as f64) as usize]
    }
}

const ROLES: [&str; 10] = [
    "expert",
    "developer",
    "engineer",
    "specialist",
    "reviewer",
    "architect",
    "analyst",
    "writer",
    "planner",
    "tester",
];

const FIELDS: [&str; 30] = [
    "python",
    "typescript",
    "database",
    "security",
    "frontend",
    "backend",
    "kubernetes",
    "rust",
    "testing",
    "documentation",
    "mobile",
    "payment",
    "search",
    "billing",
    "java",
    "terraform",
    "networking",
    "accessibility",
    "analytics",
    "compiler",
    "embedded",
    "graphics",
    "ledger",
    "logistics",
    "migration",
    "observability",
    "onboarding",
    "pricing",
    "robotics",
    "translation",
];

const LINKS: [&str; 10] = [
    "for", "before", "after", "with", "without", "in", "beside", "under", "of", "against",
];

const VERBS: [&str; 39] = [
    "check",
    "write",
    "review",
    "keep",
    "document",
    "measure",
    "test",
    "name",
    "report",
    "design",
    "avoid",
    "prefer",
    "validate",
    "handle",
    "log",
    "run",
    "explain",
    "ask",
    "split",
    "cache",
    "retry",
    "encrypt",
    "index",
    "mock",
    "profile",
    "refactor",
    "release",
    "version",
    "archive",
    "audit",
    "deprecate",
    "instrument",
    "negotiate",
    "paginate",
    "quarantine",
    "reconcile",
    "sanitise",
    "throttle",
    "vendor",
];

const QUALITIES: [&str; 36] = [
    "clear",
    "small",
    "explicit",
    "shared",
    "public",
    "stable",
    "typed",
    "failing",
    "slow",
    "empty",
    "safe",
    "missing",
    "external",
    "nested",
    "cached",
    "large",
    "private",
    "recent",
    "atomic",
    "brittle",
    "concurrent",
    "deterministic",
    "durable",
    "encrypted",
    "expired",
    "idempotent",
    "immutable",
    "legacy",
    "malformed",
    "optional",
    "partial",
    "redundant",
    "signed",
    "transient",
    "unused",
    "verbose",
];

const NOUNS: [&str; 127] = [
    "code",
    "test",
    "file",
    "error",
    "user",
    "function",
    "module",
    "request",
    "change",
    "data",
    "service",
    "query",
    "type",
    "interface",
    "response",
    "log",
    "team",
    "table",
    "schema",
    "page",
    "index",
    "key",
    "job",
    "queue",
    "name",
    "cache",
    "token",
    "session",
    "report",
    "branch",
    "commit",
    "release",
    "event",
    "message",
    "client",
    "server",
    "worker",
    "thread",
    "lock",
    "metric",
    "alert",
    "budget",
    "deadline",
    "policy",
    "contract",
    "endpoint",
    "header",
    "payload",
    "cursor",
    "retry",
    "timeout",
    "circuit",
    "shard",
    "replica",
    "snapshot",
    "backup",
    "restore",
    "ledger",
    "invoice",
    "tenant",
    "quota",
    "webhook",
    "signature",
    "certificate",
    "secret",
    "vault",
    "pipeline",
    "artefact",
    "container",
    "image",
    "cluster",
    "node",
    "volume",
    "mount",
    "probe",
    "sidecar",
    "ingress",
    "gateway",
    "proxy",
    "route",
    "handler",
    "middleware",
    "parser",
    "lexer",
    "grammar",
    "tree",
    "visitor",
    "arena",
    "allocator",
    "pointer",
    "buffer",
    "channel",
    "socket",
    "packet",
    "checksum",
    "parity",
    "frame",
    "codec",
    "sampler",
    "shader",
    "texture",
    "mesh",
    "camera",
    "sensor",
    "actuator",
    "motor",
    "battery",
    "firmware",
    "bootloader",
    "register",
    "interrupt",
    "glossary",
    "locale",
    "plural",
    "currency",
    "rounding",
    "timezone",
    "calendar",
    "holiday",
    "shift",
    "roster",
    "depot",
    "parcel",
    "pallet",
    "manifest",
    "customs",
    "tariff",
];

const SYLLABLES: [&str; 20] = [
    "ta", "ro", "mi", "len", "ka", "dor", "ve", "su", "pin", "gal", "fo", "tri", "bas", "ne",
    "quo", "hul", "zer", "wim", "jod", "yx",
];
