//! Which part of a project a statement speaks of.
//!
//! `SQLite` in development and `PostgreSQL` in production do not contradict
//! each other, nor do Jest in the backend and Vitest in the frontend. The
//! words that say so stand in the statement, in what introduces it, in the
//! headings above, or, for layers, in the name of the agent.

use std::cmp::Reverse;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use crate::agent::{Agent, Kind, Unit, UnitKind};

/// A way of dividing projects into parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// Where it runs.
    Environment,
    /// Which part of the software it is.
    Layer,
    /// Which kind of test.
    Tests,
    /// Before or after a change of the project.
    Stage,
    /// Which machines it runs on.
    Platform,
    /// The language of which files it speaks.
    Language,
}

/// How many there are.
const N_DIMENSIONS: usize = 6;

impl Dimension {
    /// All of them.
    pub const ALL: [Self; N_DIMENSIONS] =
        [Self::Environment, Self::Layer, Self::Tests, Self::Stage, Self::Platform, Self::Language];
}

/// One part of a dimension and the words that name it.
struct Cues {
    dimension: Dimension,
    /// Its bit among the parts of the dimension.
    bit: u16,
    words: &'static [&'static str],
}

/// Words that say which part is meant, in lower case and whole.
#[rustfmt::skip]
static CUES: [Cues; 26] = [
    environment(DEVELOPMENT, &[
        "in development", "development:", "on the laptop", "on your laptop", "on your machine", "on my machine", "on a laptop", "(development)", "(dev)", "dev:", "in dev", "dev only", "local dev",
        "local development", "locally", "dev environment", "development environment", "development mode",
        "dev mode", "for development", "localhost", "en dev", "en desarrollo", "desarrollo local", "desarrollo:",
        "em desenvolvimento", "en développement", "lokal", "entwicklungsumgebung", "in der entwicklung",
        "в разработке", "локально", "개발 환경", "개발환경", "로컬", "開発環境", "ローカル", "开发环境", "本地",
    ]),
    environment(TEST, &[
        "in tests", "in test", "for tests", "for testing", "test environment", "testing environment",
        "test database", "test databases", "test:", "(test)", "(tests)", "test mode", "en tests", "para tests", "en pruebas",
        "in den tests", "testumgebung", "в тестах", "테스트 환경", "テスト環境", "测试环境",
    ]),
    environment(STAGING, &["staging", "sandbox", "preview environment", "preview deployment", "preproduction", "pre-production"]),
    environment(PRODUCTION, &[
        "in production", "production:", "(production)", "production environment", "production database",
        "production only", "for production", "production", "prod", "producción", "produção", "produktion",
        "продакшн", "продакшен", "프로덕션", "운영 환경", "本番", "生产环境",
    ]),
    environment(CI, &["in ci", "ci only", "on ci", "ci:", "(ci)", "in the pipeline", "ci environment", "github actions"]),
    layer(FRONTEND, &[
        "frontend", "front-end", "front end", "client-side", "client side", "ui", "web app", "web apps", "webapp", "webapps", "forms", "фронтенд",
        "프론트엔드", "프론트", "フロントエンド", "前端",
    ]),
    layer(BACKEND, &[
        "backend", "back-end", "back end", "server-side", "server side", "edge function", "edge functions", "dto", "dtos", "бэкенд",
        "백엔드", "バックエンド", "后端",
    ]),
    layer(MOBILE, &["mobile", "mobile app", "móvil", "모바일", "モバイル", "移动端"]),
    layer(DESKTOP, &["desktop app", "desktop apps", "electron", "tauri"]),
    layer(DATABASE, &["database", "base de datos", "datenbank", "데이터베이스", "データベース", "数据库"]),
    layer(INFRASTRUCTURE, &[
        "infrastructure", "devops", "terraform", "kubernetes", "k8s", "infraestructura", "infrastruktur", "인프라",
        "インフラ",
    ]),
    layer(COMMAND_LINE, &["cli", "command line tool", "command-line tool"]),
    tests(0, &["unit test", "unit tests", "unit testing", "unit", "unitarios", "unit-tests", "단위 테스트", "単体テスト", "单元测试"]),
    tests(1, &["integration test", "integration tests", "integration testing", "integration", "통합 테스트", "集成测试"]),
    tests(2, &["e2e", "end-to-end", "end to end", "playwright", "cypress"]),
    tests(3, &["load test", "load tests", "load testing", "performance test", "performance tests", "stress test"]),
    stage(LEGACY, &[
        "legacy", "deprecated", "old code", "existing code", "pre-migration", "obsolete", "heredado", "veraltet",
        "altsystem", "устаревш", "레거시", "レガシー", "遗留",
    ]),
    stage(FUTURE, &[
        "future", "planned", "roadmap", "later", "upcoming", "phase 2", "phase 3", "someday", "not yet", "eventually",
        "futuro", "zukünftig", "geplant", "в будущем", "향후", "将来",
    ]),
    stage(VERSION_1, &["v1", "version 1"]),
    stage(VERSION_2, &["v2", "version 2", "next-generation", "next generation", "rewrite"]),
    stage(MVP, &["mvp", "prototype", "stage 1", "proof of concept"]),
    stage(MIGRATION, &["migrating", "during the migration", "while migrating", "transition period"]),
    platform(0, &["ios", "iphone", "ipad"]),
    platform(1, &["android"]),
    platform(2, &["windows", "powershell"]),
    platform(3, &["macos", "mac os", "linux", "unix", "wsl"]),
];

const DEVELOPMENT: u16 = 1;
const TEST: u16 = 2;
const STAGING: u16 = 4;
const PRODUCTION: u16 = 8;
const CI: u16 = 16;

const FRONTEND: u16 = 1;
const BACKEND: u16 = 2;
const MOBILE: u16 = 4;
const DESKTOP: u16 = 8;
const DATABASE: u16 = 16;
const INFRASTRUCTURE: u16 = 32;
const COMMAND_LINE: u16 = 64;

/// Words in an agent's name that say which layer it works on.
const LAYERS_BY_NAME: [(u16, &[&str]); 4] = [
    (FRONTEND, &["angular", "css", "frontend", "front", "nextjs", "react", "svelte", "ui", "vue"]),
    (
        BACKEND,
        &[
            "backend", "django", "express", "fastapi", "flask", "laravel", "nestjs", "rails",
            "spring", "symfony",
        ],
    ),
    (MOBILE, &["android", "flutter", "ios", "mobile", "swiftui"]),
    (DESKTOP, &["desktop", "electron", "tauri"]),
];

const LEGACY: u16 = 1;
const FUTURE: u16 = 2;
const VERSION_1: u16 = 4;
const VERSION_2: u16 = 8;
const MVP: u16 = 16;
const MIGRATION: u16 = 32;

/// Parts that are apart even from what names no part: who names none means the
/// usual case, and these are not it.
const UNUSUAL: [u16; N_DIMENSIONS] = [
    DEVELOPMENT | TEST | CI,
    0,
    0,
    LEGACY | FUTURE | VERSION_2 | MVP | MIGRATION,
    0,
    SETTINGS | PAGES,
];

const fn environment(bit: u16, words: &'static [&'static str]) -> Cues {
    Cues { dimension: Dimension::Environment, bit, words }
}

const fn layer(bit: u16, words: &'static [&'static str]) -> Cues {
    Cues { dimension: Dimension::Layer, bit, words }
}

const fn tests(nth: u16, words: &'static [&'static str]) -> Cues {
    Cues { dimension: Dimension::Tests, bit: 1 << nth, words }
}

const fn stage(bit: u16, words: &'static [&'static str]) -> Cues {
    Cues { dimension: Dimension::Stage, bit, words }
}

const fn platform(nth: u16, words: &'static [&'static str]) -> Cues {
    Cues { dimension: Dimension::Platform, bit: 1 << nth, words }
}

/// Which part of a project a statement speaks of; by default all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// By dimension: the parts named, a bit each.
    bits: [u16; N_DIMENSIONS],
    /// Sub-projects and other folders that it is about (`apps/web`), ascending.
    folders: Vec<String>,
}

impl Part {
    /// Whether two statements speak of different parts, so that both can be followed.
    pub fn is_apart_from(&self, other: &Self) -> bool {
        self.is_apart_in(other, &Dimension::ALL)
    }

    /// [`Self::is_apart_from`] by these dimensions and by sub-projects alone,
    /// for what is decided once for the parts of the others.
    pub fn is_apart_in(&self, other: &Self, dimensions: &[Dimension]) -> bool {
        let by_cues = dimensions.iter().map(|&dimension| dimension as usize).any(|at| {
            let (one, other) = (widened(at, self.bits[at]), widened(at, other.bits[at]));
            let unusual = UNUSUAL[at];
            match (one, other) {
                (0, 0) => false,
                (0, named) | (named, 0) => named & !unusual == 0,
                _ => one & other == 0,
            }
        });
        let shares_folder = self
            .folders
            .iter()
            .any(|folder| other.folders.iter().any(|other| is_one_place(folder, other)));
        by_cues || (!self.folders.is_empty() && !other.folders.is_empty() && !shares_folder)
    }

    /// Whether both name one layer in common.
    pub fn shares_layer(&self, other: &Self) -> bool {
        let layer = Dimension::Layer as usize;
        self.bits[layer] & other.bits[layer] != 0
    }

    /// Whether it names a layer.
    pub fn names_layer(&self) -> bool {
        self.bits[Dimension::Layer as usize] != 0
    }

    /// Whether both name the same layers, or neither any.
    pub fn has_layers_of(&self, other: &Self) -> bool {
        let layer = Dimension::Layer as usize;
        self.bits[layer] == other.bits[layer]
    }

    fn read(&mut self, text: &str) {
        let start = &text[..text.floor_char_boundary(MAX_READ_BYTES)];
        let lower = start.to_lowercase();
        for cues in cues_in(&lower) {
            self.bits[cues.dimension as usize] |= cues.bit;
        }
        self.bits[Dimension::Language as usize] |= language_of(&lower);
        self.read_folders(&lower);
    }

    fn read_folders(&mut self, lower: &str) {
        if !lower.contains('/') {
            return;
        }
        for home in SUB_PROJECTS {
            for (at, _) in lower.match_indices(home) {
                let name: String = lower[at + home.len()..]
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
                    .collect();
                let is_start = !lower[..at].ends_with(|c: char| c.is_alphanumeric());
                if is_start && !name.is_empty() {
                    self.folders.push(format!("{home}{name}"));
                }
            }
        }
        // "In `web/` tests run with Vitest."
        if self.folders.is_empty() {
            self.folders.extend(folder_at_start(subject(lower)));
        }
        self.folders.sort_unstable();
        self.folders.dedup();
    }

    /// Takes over what `outer` says in dimensions of which `self` says nothing.
    fn inherit(&mut self, outer: &Self) {
        for (own, outer) in self.bits.iter_mut().zip(outer.bits) {
            if *own == 0 {
                *own = outer;
            }
        }
        if self.folders.is_empty() {
            self.folders.clone_from(&outer.folders);
        }
    }
}

/// The parts of a dimension with those inside them: a backend has its database.
fn widened(dimension: usize, bits: u16) -> u16 {
    match dimension == Dimension::Layer as usize && bits & BACKEND != 0 {
        true => bits | DATABASE,
        false => bits,
    }
}

/// Folders that hold sub-projects.
const SUB_PROJECTS: &[&str] = &["apps/", "packages/", "services/", "crates/", "libs/"];

/// Statements say what they speak of at their beginning; code goes on long.
const MAX_READ_BYTES: usize = 300;

/// The part of a project of which a unit speaks.
pub fn part_of_unit(agent: &Agent, source: &str, unit_idx: usize) -> Part {
    let text = agent.unit_start(&agent.units[unit_idx], source, MAX_READ_BYTES);
    part_of(agent, source, unit_idx, &text)
}

/// The part of a project of which a unit speaks; `text` is the unit's text, or
/// as much of it as is meant.
/// What stands nearest decides: its own words, then what introduces it, then
/// its headings from the inside out, then, for layers, the agent's name.
pub fn part_of(agent: &Agent, source: &str, unit_idx: usize, text: &str) -> Part {
    let unit = &agent.units[unit_idx];
    let mut part = Part::default();
    if unit.kind != UnitKind::Code {
        part.read(text);
    }
    let mut read_outer = |unit: &Unit| {
        let mut outer = Part::default();
        outer.read(&agent.unit_start(unit, source, MAX_READ_BYTES));
        part.inherit(&outer);
    };
    agent.lead_ins(unit).for_each(&mut read_outer);
    let mut section_idx = agent.governing_section(unit);
    loop {
        let section = agent.sections[section_idx as usize];
        if let Some(heading) = section.heading {
            read_outer(&agent.units[heading as usize]);
        }
        if section.parent == section_idx {
            break;
        }
        section_idx = section.parent;
    }
    let layer = Dimension::Layer as usize;
    if part.bits[layer] == 0 {
        part.bits[layer] = layers_of_name(&agent.name);
    }
    if part.folders.is_empty() {
        part.folders.extend(only_folder(agent, source));
    }
    part
}

/// The folder beyond which an agent does nothing: "You work in `mobile/` only."
fn only_folder(agent: &Agent, source: &str) -> Option<String> {
    const ALONE: [&str; 4] = ["only", "nothing else", "nowhere else", "exclusively"];
    if agent.kind == Kind::Memory {
        return None;
    }
    let units = agent.identity().iter();
    let told = units
        .filter(|unit| unit.span.of(source).contains('/'))
        .map(|unit| agent.unit_start(unit, source, MAX_READ_BYTES))
        .chain([agent.description.trigger.as_str().into()]);
    let mut folders = told
        .filter(|text| text.contains('/') && ALONE.iter().any(|alone| text.contains(alone)))
        .flat_map(|text| {
            let words = text.split_whitespace();
            let folders = words.filter_map(folder_at_start);
            folders.collect::<Vec<_>>()
        });
    let first = folders.next()?;
    folders.all(|other| other == first).then_some(first)
}

/// A text without the word that leads to what it is about: "in", "for".
fn subject(lower: &str) -> &str {
    const LEADS: [&str; 7] = ["in ", "under ", "inside ", "within ", "for ", "all ", "the "];
    let lower = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
    let lead = LEADS.iter().find_map(|lead| lower.strip_prefix(lead));
    lead.unwrap_or(lower).trim_start_matches(['`', '*'])
}

/// The folder with which a text begins: "web" in "web/ is a Next.js app".
fn folder_at_start(text: &str) -> Option<String> {
    let text = text.trim_start_matches(['`', '*', '(']);
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let path = &text[..text.find(|c| !is_part(c)).unwrap_or(text.len())];
    let folder = path.trim_end_matches('.').strip_suffix('/')?;
    let is_name = folder.starts_with(|c: char| c.is_alphanumeric());
    is_name.then(|| folder.to_lowercase())
}

/// Whether two folders are one, as far as is told, or one lies in the other.
fn is_one_place(one: &str, other: &str) -> bool {
    let is_within = |inner: &str, outer: &str| {
        let rest = inner.strip_prefix(outer);
        let start = inner.strip_suffix(outer);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            || start.is_some_and(|start| start.ends_with('/'))
    };
    is_within(one, other) || is_within(other, one)
}

/// The bits of [`LANGUAGES`] in which nobody writes the program: YAML and JSON,
/// HTML and Markdown.
const SETTINGS: u16 = 1 << 1 | 1 << 2;
const PAGES: u16 = 1 << 14;

/// Names of languages whose files are spoken of, a bit for each line.
const LANGUAGES: [&[&str]; 16] = [
    &["python"],
    &["yaml", "yml", "makefile", "makefiles"],
    &["json"],
    &["typescript", "ts"],
    &["javascript", "js"],
    &["go", "golang"],
    &["rust"],
    &["java"],
    &["kotlin"],
    &["c", "c++", "cpp"],
    &["c#"],
    &["ruby"],
    &["php"],
    &["css", "scss"],
    &["html", "markdown"],
    &["sql"],
];

/// The language whose files a text is about by its beginning: "Python: indent
/// with 4 spaces", "YAML is indented with 2", "In Makefiles indent with tabs".
fn language_of(lower: &str) -> u16 {
    const BEHIND: [&str; 8] = [" code", " files", " file", " is ", " are ", ":", " –", " —"];
    let text = subject(lower);
    let is_place = ["in ", "inside ", "within "].iter().any(|lead| {
        let start = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
        start.starts_with(lead)
    });
    let is_named = |name: &&str| {
        text.strip_prefix(*name).is_some_and(|rest| {
            rest.is_empty()
                || is_place && rest.starts_with([' ', ','])
                || BEHIND.iter().any(|behind| rest.starts_with(behind))
        })
    };
    let nth = LANGUAGES.iter().position(|names| names.iter().any(is_named));
    nth.map_or(0, |nth| 1 << nth)
}

fn layers_of_name(name: &str) -> u16 {
    let name = name.to_lowercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
    let named =
        LAYERS_BY_NAME.iter().filter(|(_, cues)| cues.iter().any(|cue| words.contains(cue)));
    named.fold(0, |bits, (layer, _)| bits | layer)
}

/// The cues that stand whole in a text: of those that overlap the first and longest.
fn cues_in(lower: &str) -> Vec<&'static Cues> {
    static WORDS: OnceLock<AhoCorasick> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        AhoCorasick::new(CUES.iter().flat_map(|cues| cues.words))
            .expect("a few hundred short words fit")
    });
    // "Mobile app" of "mobile apps" must not stand in the way of "mobile".
    let mut found: Vec<_> = words
        .find_overlapping_iter(lower)
        .filter(|found| is_whole(lower, found.start(), found.end()))
        .collect();
    found.sort_unstable_by_key(|found| (found.start(), Reverse(found.end())));
    let mut end = 0;
    found.retain(|found| {
        let is_free = end <= found.start();
        if is_free {
            end = found.end();
        }
        is_free
    });
    let owners = found.iter().map(|found| owner(found.pattern().as_usize()));
    owners.map(|owner| &CUES[owner]).collect()
}

/// Index in [`CUES`] of the list that holds the `nth` word of all.
fn owner(nth: usize) -> usize {
    let mut n_before = 0;
    CUES.iter()
        .position(|cues| {
            n_before += cues.words.len();
            nth < n_before
        })
        .unwrap_or(0)
}

/// Whether no letter joins the words on either side: "dev" is not in "device",
/// "production-ready" speaks of no environment. Scripts without spaces need no border.
fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/');
    let is_spaced = |c: char| c.is_alphanumeric() && (c as u32) < 0x1100;
    let cue = &text[start..end];
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    let starts = !cue.starts_with(is_spaced) || !before.is_some_and(joins);
    let ends = !cue.ends_with(is_spaced) || !after.is_some_and(joins);
    starts && ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::parse;
    use crate::discover::classify;
    use crate::source::{FileId, SourceFile};

    /// The part of the last unit of a body.
    fn part(path: &str, body: &str) -> Part {
        let source = SourceFile::new(path, body);
        let agent = parse(FileId(0), &source, classify(path));
        let unit_idx = agent.units.len() - 1;
        let text = agent.unit_text(&agent.units[unit_idx], body);
        part_of(&agent, body, unit_idx, &text)
    }

    fn are_apart(one: &str, other: &str) -> bool {
        let (one, other) = (part("CLAUDE.md", one), part("CLAUDE.md", other));
        assert_eq!(one.is_apart_from(&other), other.is_apart_from(&one));
        one.is_apart_from(&other)
    }

    #[test]
    fn words_headings_and_lead_ins_name_a_part() {
        assert!(are_apart("Use SQLite in development.", "Use PostgreSQL in production."));
        assert!(are_apart("# Backend\n\n- Test with Jest", "# Frontend\n\n- Test with Vitest"));
        assert!(are_apart("- Unit tests:\n  - Mock Redis", "- E2E tests:\n  - Real Redis"));
        assert!(are_apart("In `apps/web` use npm.", "In `apps/admin` use pnpm."));
        assert!(are_apart("# Producción\n\n- Nunca", "# Desarrollo:\n\n- Siempre en desarrollo"));
        assert!(are_apart("로컬 환경", "프로덕션 환경"));
        assert!(!are_apart("Use SQLite.", "Use PostgreSQL in production."));
        assert!(are_apart("In the sandbox account you may deploy.", "Never deploy in production."));
        assert!(!are_apart("Backend and frontend use npm.", "Frontend: pnpm."));
    }

    #[test]
    fn folders_and_languages_that_begin_a_statement_are_parts() {
        assert!(are_apart("In `web/` use npm.", "`admin/` installs with pnpm."));
        assert!(!are_apart("In `web/` use npm.", "In `web/src/` use pnpm."));
        assert!(!are_apart("In `web/` use npm.", "Use pnpm."));
        assert!(are_apart("Python: 4 spaces.", "YAML is indented with 2."));
        assert!(are_apart("# Python\n\n- 4 spaces", "# YAML files\n\n- 2 spaces"));
        assert!(!are_apart("Python: 4 spaces.", "Indent with 2 spaces."));
        assert!(are_apart("In Makefiles use tabs.", "Indent with 2 spaces."));
        assert!(are_apart("In Python, 4 spaces.", "In Go use tabs."));
        assert!(!are_apart("Going: 4 spaces.", "Javanese: 2."));
    }

    #[test]
    fn an_agent_of_one_folder_speaks_of_that_alone() {
        let of = |identity: &str| {
            let path = ".claude/agents/tester.md";
            part(path, &format!("{identity}\n\n## Tools\n\n- Run Jest."))
        };
        let web = part("CLAUDE.md", "In `web/` tests run with Vitest.");
        assert!(of("You work in `mobile/` only.").is_apart_from(&web));
        assert!(!of("You work in `web/` only.").is_apart_from(&web));
        assert!(!of("You also work in `mobile/`.").is_apart_from(&web));
    }

    #[test]
    fn a_cue_that_ends_within_a_word_hides_no_shorter_one() {
        assert!(are_apart("In the backend use Jest.", "In mobile apps use Vitest."));
        assert!(are_apart("In the backend use Jest.", "In desktop apps use Vitest."));
        assert!(are_apart("In the backend use Jest.", "In web apps use Vitest."));
        assert!(are_apart("In development use SQLite.", "Production databases run MySQL."));
        assert!(are_apart("Test databases run SQLite.", "In production use MySQL."));
    }

    #[test]
    fn what_stands_nearest_decides() {
        assert!(!are_apart("# Backend\n\n- Frontend: React 18", "# Frontend\n\n- React 19"));
    }

    #[test]
    fn the_unusual_case_is_apart_from_the_usual_one() {
        assert!(are_apart("Legacy pages use Bootstrap.", "Pages use Tailwind."));
        assert!(are_apart("Mock the database in tests.", "Never mock the database."));
        assert!(!are_apart("Production-ready code.", "Device code."));
        assert!(!are_apart("Devices in protests.", "Code."));
    }

    #[test]
    fn an_agent_works_on_the_layer_of_its_name() {
        let of = |path: &str| part(path, "Use TypeScript.");
        let (front, back) =
            (of(".claude/agents/react-dev.md"), of(".claude/agents/backend-dev.md"));
        assert!(front.is_apart_from(&back));
        assert!(!front.is_apart_from(&of(".claude/agents/devops.md")));
    }
}
