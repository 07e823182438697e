//! One forbids what the other does: a ban that names the very letters, against
//! advice or a code sample that has them.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use aho_corasick::AhoCorasick;
use memchr::memmem;
use petgraph::unionfind::UnionFind;
use rustc_hash::FxHashMap;

use super::LazyPart;
use super::ban::{Ban, BanLists, FORBIDDEN, Needle, bans, is_bad_example};
use super::clash::{Clash, Place, Side, bans_of_all};
use super::fact::{Lines, unit_at};
use crate::agent::{Direction, UnitKind};
use crate::commitment::MAX_STATEMENT_BYTES;
use crate::finding::{Rule, Severity};
use crate::reach::Reach;
use crate::rules::Facts;
use crate::source::Span;
use crate::text::head;

/// One clash for each thing that is forbidden and done.
pub(super) fn clashes(facts: &Facts<'_>, reach: &Reach<'_>) -> Vec<Clash> {
    let (all, of_agent) = bans_of_all(facts, reach, bans);
    if all.is_empty() {
        return Vec::new();
    }
    let needles = Needles::new(&all);
    let mut lines = Lines::default();
    // By what is forbidden.
    let mut broken: BTreeMap<&str, Broken> = BTreeMap::new();
    for id in 0..facts.agents().len() as u32 {
        let others = reach.of(id).into_iter().map(|(other, _)| other);
        let banning: Vec<u32> =
            others.filter(|&other| !of_agent[other as usize].is_empty()).collect();
        if banning.is_empty() {
            continue;
        }
        let mut found = broken_by(facts, &mut lines, &needles, (&all, &of_agent, &banning), id);
        found.sort_by_key(|&(ban, nth, _)| (ban, nth));
        for (ban, _, places) in found {
            let of_topic = broken.entry(&all[ban].topic).or_default();
            of_topic.ties.push((ban, id));
            of_topic.places.extend(places);
        }
    }
    broken.into_iter().flat_map(|(topic, broken)| broken.clashes(topic, &all)).collect()
}

/// Uses of one thing against bans of it.
#[derive(Debug, Default)]
struct Broken {
    /// Bans, as indices, and agents that break them.
    ties: Vec<(usize, u32)>,
    /// Where they do.
    places: BTreeSet<Place>,
}

/// All that bans forbid, to be looked for in one pass.
#[derive(Debug)]
struct Needles<'a> {
    /// The texts of the needles, each once.
    texts: Vec<&'a str>,
    /// Finds them all; made when it is asked for.
    finder: OnceCell<AhoCorasick>,
    /// By ban: the texts of its needles, as indices.
    of_ban: Vec<Vec<usize>>,
    /// By text: the needles that have it.
    of_text: Vec<Vec<Sought<'a>>>,
}

/// A needle of one or more bans.
#[derive(Debug)]
struct Sought<'a> {
    needle: &'a Needle,
    /// The bans, as indices, and which of their needles it is.
    bans: Vec<(usize, usize)>,
}

/// Places of one file at which what a ban names is looked at, at most.
const MAX_USES: usize = 100;

/// So many texts are found sooner one by one.
const FEW: usize = 24;

impl<'a> Needles<'a> {
    fn new(all: &'a [Ban]) -> Self {
        let mut by_text: BTreeMap<&str, Vec<Sought<'_>>> = BTreeMap::new();
        for (ban, of_ban) in all.iter().enumerate() {
            for (nth, needle) in of_ban.needles.iter().enumerate() {
                let alike = by_text.entry(&needle.text).or_default();
                match alike.iter_mut().find(|sought| sought.needle == needle) {
                    Some(sought) => sought.bans.push((ban, nth)),
                    None => alike.push(Sought { needle, bans: vec![(ban, nth)] }),
                }
            }
        }
        let mut of_ban = vec![Vec::new(); all.len()];
        for (text, alike) in by_text.values().enumerate() {
            for (ban, _) in alike.iter().flat_map(|sought| &sought.bans) {
                of_ban[*ban].push(text);
            }
        }
        Self {
            texts: by_text.keys().copied().collect(),
            finder: OnceCell::new(),
            of_ban,
            of_text: by_text.into_values().collect(),
        }
    }

    /// The texts of these bans, as indices, if they are few.
    fn few(&self, bans: impl Iterator<Item = usize>) -> Option<BTreeSet<usize>> {
        let mut few = BTreeSet::new();
        for &text in bans.flat_map(|ban| &self.of_ban[ban]) {
            few.insert(text);
            if few.len() > FEW {
                return None;
            }
        }
        Some(few)
    }

    /// Where texts, by their index, begin in `source` from `body` on, the first
    /// [`MAX_USES`] of each: of those of these bans at least.
    fn places(
        &self,
        bans: impl Iterator<Item = usize>,
        source: &str,
        body: usize,
    ) -> BTreeMap<usize, Vec<usize>> {
        let Some(few) = self.few(bans) else {
            return self.all_places(source, body);
        };
        let places = few.into_iter().map(|text| {
            let found = memmem::find_iter(&source.as_bytes()[body..], self.texts[text]);
            let starts = found.take(MAX_USES).map(|at| body + at);
            (text, starts.collect::<Vec<_>>())
        });
        places.filter(|(_, starts)| !starts.is_empty()).collect()
    }

    /// [`Self::places`] of all texts.
    fn all_places(&self, source: &str, body: usize) -> BTreeMap<usize, Vec<usize>> {
        let finder =
            self.finder.get_or_init(|| AhoCorasick::new(&self.texts).expect("needles are short"));
        let mut places: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for found in finder.find_overlapping_iter(&source[body..]) {
            let starts = places.entry(found.pattern().as_usize()).or_default();
            let start = body + found.start();
            let is_free = starts.last().is_none_or(|last| last + found.len() <= start);
            if is_free && starts.len() < MAX_USES {
                starts.push(start);
            }
        }
        places
    }
}

/// The bans of the agents `banning`, ascending, that an agent breaks: the ban,
/// which of its needles does, and where, unless a ban before that is like it
/// has told so.
fn broken_by(
    facts: &Facts<'_>,
    lines: &mut Lines,
    needles: &Needles<'_>,
    (all, of_agent, banning): (&[Ban], &[Range<usize>], &[u32]),
    id: u32,
) -> Vec<(usize, usize, Vec<Place>)> {
    let body = facts.agent(id).frontmatter.body_start as usize;
    let mut found = Vec::new();
    let bans = banning.iter().flat_map(|&other| of_agent[other as usize].clone());
    for (text, starts) in needles.places(bans, facts.text(id), body) {
        for sought in &needles.of_text[text] {
            let holds = |ban: &Ban| banning.binary_search(&ban.place.agent).is_ok();
            let bans = sought.bans.iter().filter(|(ban, _)| holds(&all[*ban]));
            let mut bans = bans.peekable();
            if bans.peek().is_none() {
                continue;
            }
            let uses = used(facts, lines, sought.needle, id, &starts);
            let mut last: Option<&Ban> = None;
            for &(ban, nth) in bans {
                let this = &all[ban];
                if last.is_some_and(|last| is_same(last, this)) {
                    found.push((ban, nth, Vec::new()));
                    continue;
                }
                let places = places_against(facts, this, &uses);
                if !places.is_empty() {
                    last = Some(this);
                    found.push((ban, nth, places));
                }
            }
        }
    }
    found
}

/// Whether what breaks one of two bans of one text breaks the other, too.
fn is_same(one: &Ban, other: &Ban) -> bool {
    one.topic == other.topic && one.exception == other.exception && one.part == other.part
}

/// Where something is used that bans may forbid.
#[derive(Debug)]
struct Use {
    place: Place,
    line: Span,
    part: LazyPart,
    /// What is said around it, in lower case, read when it is asked for.
    around: OnceCell<String>,
}

/// The uses that a ban forbids.
fn places_against(facts: &Facts<'_>, ban: &Ban, uses: &[Use]) -> Vec<Place> {
    let is_forbidden = |one: &&Use| {
        !is_excepted(facts, ban, one) && !ban.part.is_apart_from(one.part.of(facts, one.place))
    };
    let forbidden = uses.iter().filter(is_forbidden);
    forbidden.map(|one| one.place).collect()
}

/// The uses of a needle by an agent among the places where its text begins.
fn used(
    facts: &Facts<'_>,
    lines: &mut Lines,
    needle: &Needle,
    id: u32,
    starts: &[usize],
) -> Vec<Use> {
    let agent = facts.agent(id);
    let source = facts.text(id);
    let mut uses = Vec::new();
    for &at in starts {
        if !is_found(source, needle, at) {
            continue;
        }
        let Some(unit_idx) = unit_at(agent, at) else {
            continue;
        };
        let unit = &agent.units[unit_idx];
        let line = lines.at(facts, id, at);
        if unit.direction != Direction::Advice || line.byte_len() > MAX_STATEMENT_BYTES {
            continue;
        }
        let is_done = match unit.kind {
            // What is quoted shows what somebody may write.
            UnitKind::Code if line.of(source).trim_start().starts_with('>') => false,
            UnitKind::Code => {
                !is_bad_example(agent, source, unit_idx, line.of(source), line.range().start)
            }
            UnitKind::Item | UnitKind::Sentence => {
                needle.is_literal
                    && unit.span.byte_len() <= MAX_STATEMENT_BYTES
                    && BanLists::new(agent, source).of(unit).is_none()
                    && is_advised(source, unit.span, at)
            }
            UnitKind::Heading | UnitKind::Row => false,
        };
        if is_done {
            uses.push(Use {
                place: Place::line(id, unit_idx, unit.kind, line),
                line,
                part: LazyPart::default(),
                around: OnceCell::new(),
            });
        }
    }
    uses
}

/// Whether a needle whose text stands at `at` is there as a whole.
fn is_found(source: &str, needle: &Needle, at: usize) -> bool {
    let end = at + needle.text.len();
    if needle.endings.is_empty() {
        return is_whole(source, at, end);
    }
    let name = &source[end..];
    let name = &name[..name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len())];
    needle.endings.iter().any(|ending| name.ends_with(ending))
}

/// Whether prose tells to use what stands at `at`: "use `x`", and nothing in
/// the sentence takes it back.
fn is_advised(source: &str, unit: Span, at: usize) -> bool {
    // "Do **not** use" takes it back too.
    let text = unit.of(source).to_lowercase().replace(['*', '_'], "");
    let before = source[unit.range().start..at].to_lowercase();
    // "Run `git commit --no-verify`" has the order before the backtick.
    let is_in_code = before.bytes().filter(|&byte| byte == b'`').count() % 2 == 1;
    let opening = before.rfind('`').filter(|_| is_in_code);
    let before = before[..opening.unwrap_or(before.len())].trim_end_matches(['`', '*', '"', ' ']);
    let is_called = [
        " use", " using", " via", " call", " prefer", " import", " from", " with", " through",
        " set", " run", " as",
    ]
    .iter()
    .any(|cue| before.ends_with(cue))
        || matches!(
            before.trim_start_matches(['-', '*', ' ']),
            "use" | "call" | "prefer" | "run" | "import" | "always use"
        );
    const TAKEN_BACK: &[&str] = &[
        "instead of", "rather than", "without", "only ", "unless", "if ", "except", "replace",
        "migrat",
    ];
    const NEGATED: &[&str] = &["not ", "never", "no ", "n't", "avoid"];
    // A reason or another case takes nothing back: "use `any`, it isn't checked".
    const BORDERS: &[&str] = &[", ", "; ", ". ", " so that ", " because ", " when "];
    let after = source[at..unit.range().end].to_lowercase();
    let end = BORDERS.iter().filter_map(|mark| after.find(mark)).min();
    let start = BORDERS.iter().filter_map(|mark| Some(before.rfind(mark)? + mark.len())).max();
    let clause = [&before[start.unwrap_or(0)..], &after[..end.unwrap_or(after.len())]];
    let clause = clause.concat().replace(['*', '_'], "");
    is_called
        && !TAKEN_BACK.iter().any(|word| text.contains(word))
        && !NEGATED.iter().any(|word| clause.contains(word))
}

/// Whether the place speaks of what the ban excepts, or of the ban itself.
fn is_excepted(facts: &Facts<'_>, ban: &Ban, one: &Use) -> bool {
    if ban.exception.is_empty() {
        return false;
    }
    let around = one.around.get_or_init(|| around(facts, one));
    ban.exception.iter().any(|word| around.contains(word.as_str()))
}

/// What is said around a use, in lower case.
fn around(facts: &Facts<'_>, one: &Use) -> String {
    /// Bytes of each text that are read at most.
    const MAX_BYTES: usize = 16_384;
    let agent = facts.agent(one.place.agent);
    let source = facts.text(one.place.agent);
    let unit_idx = one.place.unit_idx as usize;
    let unit = &agent.units[unit_idx];
    let introductions = agent.introductions(unit).map(|above| above.span);
    // What a sample is for often stands in the first line of its block, or above it.
    let start = unit_idx.checked_sub(1).map_or(unit.span, |before| agent.units[before].span);
    let above =
        Span { start: start.start.min(one.line.start), end: one.line.end.max(unit.span.end) };
    let mut around = String::new();
    for span in introductions.chain([above, one.line]) {
        around.push_str(&head(span.of(source), MAX_BYTES).to_lowercase());
        around.push('\n');
    }
    around
}

fn is_whole(source: &str, start: usize, end: usize) -> bool {
    let needle = &source[start..end];
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    let is_command = needle.split_once(' ').is_some_and(|(program, _)| {
        let mut bytes = program.bytes();
        !program.is_empty() && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    });
    // `uv pip install` is no `pip install`.
    let begins_command = || {
        let before = source[..start].trim_end_matches(|c: char| c.is_whitespace() && c != '\n');
        before.is_empty() || before.ends_with(['\n', '$', '>', '&', ';', '|', '(', '`', '"', ':'])
    };
    if is_command && !begins_command() {
        return false;
    }
    let begins =
        !needle.starts_with(joins) || !source[..start].ends_with(|c: char| joins(c) || c == '-');
    // `git add .` is not `git add .claude`, `npm run` not `npm run-script`.
    let ends = match needle.chars().next_back() {
        Some('(' | '"' | '\'' | '{' | ' ' | '#' | '\n') => true,
        Some('.') => !source[end..]
            .starts_with(|c: char| !c.is_whitespace() && !matches!(c, '`' | '"' | '\'')),
        _ => !source[end..].starts_with(|c: char| joins(c) || c == '-'),
    };
    begins && ends
}

impl Broken {
    /// The clashes about one thing: bans and places that are tied to each other.
    /// An agent ties all bans that it breaks.
    fn clashes(self, topic: &str, all: &[Ban]) -> Vec<Clash> {
        let mut ties = UnionFind::<usize>::new(self.ties.len());
        let mut of_ban: FxHashMap<usize, usize> = FxHashMap::default();
        let mut of_agent: FxHashMap<u32, usize> = FxHashMap::default();
        for (nth, &(ban, agent)) in self.ties.iter().enumerate() {
            ties.union(nth, *of_ban.entry(ban).or_insert(nth));
            ties.union(nth, *of_agent.entry(agent).or_insert(nth));
        }
        let mut sets: BTreeMap<usize, Tied> = BTreeMap::new();
        for (nth, &(ban, _)) in self.ties.iter().enumerate() {
            let set = sets.entry(ties.find(nth)).or_default();
            set.bans.insert(ban);
            set.last = nth;
        }
        for place in self.places {
            let set = of_agent.get(&place.agent).map(|&nth| ties.find(nth));
            if let Some(set) = set.and_then(|set| sets.get_mut(&set)) {
                set.places.push(place);
            }
        }
        let mut sets: Vec<Tied> = sets.into_values().collect();
        sets.sort_by_key(|set| set.last);
        sets.into_iter().map(|set| set.clash(topic, all)).collect()
    }
}

/// Bans and places that are tied to each other.
#[derive(Debug, Default)]
struct Tied {
    bans: BTreeSet<usize>,
    places: Vec<Place>,
    /// The last tie among them.
    last: usize,
}

impl Tied {
    fn clash(self, topic: &str, all: &[Ban]) -> Clash {
        let Self { bans, places, .. } = self;
        let has_exception = bans.iter().any(|&at| !all[at].exception.is_empty());
        let is_forbidden = bans.iter().any(|&at| all[at].said == FORBIDDEN);
        let said = if is_forbidden {
            FORBIDDEN
        } else {
            bans.first().map_or(FORBIDDEN, |&at| all[at].said)
        };
        let mut forbidding: Vec<Place> = bans.iter().map(|&at| all[at].place).collect();
        forbidding.dedup();
        Clash {
            rule: Rule::PolarityConflict,
            severity: Severity::Warning,
            confidence: if has_exception { 0.75 } else { 0.85 },
            topic: topic.to_owned(),
            sides: vec![
                Side {
                    label: said.to_owned(),
                    places: forbidding,
                },
                Side {
                    label: "used".to_owned(),
                    places,
                },
            ],
            help: "change the sample or the advice to what is allowed, or write the exception into the ban"
                .to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reach::Part;
    use crate::rules::disputes::found;

    #[test]
    fn texts_are_found_in_one_pass_as_they_are_one_by_one() {
        let needle = |text: String| Needle { text, is_literal: true, endings: &[] };
        let ban = |text: String| Ban {
            place: Place::unit(0, 0),
            part: Part::default(),
            said: FORBIDDEN,
            topic: text.clone(),
            needles: vec![needle(text)],
            exception: Vec::new(),
        };
        let texts = (1..=FEW).map(|n| "ab".repeat(n) + "a");
        let all: Vec<Ban> = texts.chain(["b".to_owned()]).map(ban).collect();
        let needles = Needles::new(&all);
        let source = "aba b é ".to_owned() + &"ab".repeat(30 * MAX_USES);
        let body = 2;
        let in_one_pass = needles.places(0..all.len(), &source, body);
        assert_eq!(in_one_pass.len(), all.len());
        for ban in 0..all.len() {
            for (text, starts) in needles.places(ban..=ban, &source, body) {
                assert_eq!(in_one_pass[&text], starts);
            }
        }
    }

    #[test]
    fn what_is_forbidden_and_done_is_one_finding() {
        for (memory, agent) in [
            ("- Never use `moment.now()`.", "```ts\nconst now = moment.now();\n```"),
            (
                "- No `process.env` outside the config layer.",
                "Read the port from `process.env.PORT`.",
            ),
            ("- `moment.now()` is banned.", "Read the time from `moment.now()`."),
            ("- `dig` (the old tool) is not allowed.", "Look the name up with `dig`."),
            (
                "- `any` is banned, for what comes from others too.",
                "Type what comes from them as `any`.",
            ),
            ("No inline styles.", "```tsx\n<b style={{ color }} />\n```"),
            ("- Avoid `git add .`; name the files.", "```bash\ngit add .\n```"),
            ("- Never use `var`.", "```js\nvar berth = 1;\n```"),
            ("- NEVER use moor_boat() in production code.", "```rust\nmoor_boat(berth);\n```"),
            ("- Never use function declarations.", "```ts\nexport function moor() {}\n```"),
            (
                "- Never publish with `--allow-dirty`.",
                "Run `cargo publish --allow-dirty`, it isn't checked twice.",
            ),
            ("- Never run cargo publish --allow-dirty.", "Use `cargo publish --allow-dirty`."),
            ("- **Secrets**: never exposed to the client", "```\nVITE_MAPS_API_KEY=\n```"),
        ] {
            let found = found(memory, agent);
            assert_eq!(found.len(), 1, "{memory}: {found:?}");
            assert!(found[0].contains("forbidden (`CLAUDE.md`), but used (`desk`)"), "{found:?}");
        }
    }

    #[test]
    fn bad_examples_exceptions_and_other_parts_break_no_ban() {
        for (memory, agent) in [
            ("Never use `moment.now()`.", "```ts\n// ❌ Wrong\nmoment.now();\n```"),
            ("Never use `moment.now()`.", "Avoid this:\n\n```ts\nmoment.now();\n```"),
            ("Never use `moment.now()`.", "```sh\ngrep -r 'moment.now()' src\n```"),
            ("Never use `moment.now()`.", "Replace `moment.now()` by the clock."),
            ("Never use `moment.now()` for billing.", "```ts\nmoment.now();\n```"),
            (
                "No `process.env` outside the config layer.",
                "```ts\n// config.ts\nprocess.env.PORT\n```",
            ),
            ("Never use `db:push` in production.", "In development use `db:push`."),
            ("Never use `pip install`.", "```sh\nuv pip install x\n```"),
            ("Never call `moment.now()`.", "With a clock at hand do **not** use `moment.now()`."),
            ("- **`frozen`** — do not call `moment.now()`.", "Read the time from `moment.now()`."),
            ("Do not use `Edit`.", "Make changes with `Edit`."),
            ("- Never use `var`.", "```css\na { color: var(--ink); }\n```"),
            (
                "- NEVER use moor_boat() in production code.",
                "```rust\n#[cfg(test)]\nmoor_boat(berth);\n```",
            ),
            ("- Never use moor_boat() for dinghies.", "```rust\nmoor_boat(berth);\n```"),
            ("Never commit `.env`.", "```sh\ncp .env.example .env\n```"),
            ("# Backend\n\n- No `console.log`.", "# Frontend\n\n```ts\nconsole.log(1)\n```"),
        ] {
            assert_eq!(found(memory, agent), [] as [&str; 0], "{memory} / {agent}");
        }
    }

    #[test]
    fn lists_of_what_is_not_to_be_done_forbid_each_item() {
        for (memory, agent) in [
            ("## Never\n\n- Use `sleep_for`", "```\nsleep_for(3)\n```"),
            ("**Don't:**\n\n- Use the latest tag", "```\nimage: boat:latest\n```"),
            ("- Never use the array index as key", "```\n<Boat key={index} />\n```"),
        ] {
            assert_eq!(found(memory, agent).len(), 1, "{memory}");
        }
        let memory = "## Why nobody uses `sleep_for`\n\n- Use `wake_at`";
        assert_eq!(found(memory, "```\nwake_at(3)\n```"), [] as [&str; 0]);
    }

    #[test]
    fn an_order_forbids_what_goes_against_it() {
        let sample = "```python\nrows = run(f\"SELECT name FROM boats WHERE id={boat}\")\n```";
        let found_one = found("- Parameterized queries only", sample);
        assert_eq!(found_one.len(), 1, "{found_one:?}");
        for memory in [
            "- Say \"use parameterized queries\", not \"be careful\"",
            "- Parameterized queries or an ORM",
            "## Example report\n\n- Parameterized queries only",
        ] {
            assert_eq!(found(memory, sample), [] as [&str; 0], "{memory}");
        }
        for (memory, sample) in [
            (
                "- Query keys come from `config/queryKeys.ts`",
                "```ts\nuseQuery({ queryKey: ['boats'] });\n```",
            ),
            ("- Use `type` instead of `interface`", "```ts\nexport interface Boat {}\n```"),
        ] {
            assert_eq!(found(memory, sample).len(), 1, "{memory}");
        }
        let shown = format!("**Original code**:\n\n{sample}");
        assert_eq!(found("- Parameterized queries only", &shown), [] as [&str; 0]);
    }

    /// The line of such code begins before its unit does.
    #[test]
    fn code_behind_a_bullet_is_read_and_quoted_code_shows_a_sample() {
        for (agent, n_found) in [
            ("-     const a: any = 1;", 1),
            ("1.\t```ts\n\tconst a: any = 1;\n\t```", 1),
            ("> ```ts\n> const a: any = 1;\n> ```", 0),
        ] {
            assert_eq!(found("- Never use `any`.", agent).len(), n_found, "{agent}");
        }
    }

    #[test]
    fn a_mark_of_bad_examples_within_another_word_is_none() {
        for agent in [
            "```ts\nconst badge: any = 1;\n```",
            "```ts\nbeforeEach((x: any) => 1);\n```",
            "```ts\nconst searchParams: any = 1;\n```",
            "```ts\nimport x from \"src/generated\"; const p: any = x;\n```",
            "## Badges\n\n```ts\nconst p: any = 1;\n```",
            "## Original notes\n\n```ts\nconst p: any = 1;\n```",
            "## Slowly changing data\n\n```ts\nconst p: any = 1;\n```",
            "We render problem reports:\n\n```ts\nconst p: any = 1;\n```",
            "```ts\n// The normal: case\nconst p: any = 1;\n```",
        ] {
            assert_eq!(found("- Never use `any`.", agent).len(), 1, "{agent}");
        }
        for command in ["git commit --no-verify", "git checkout ."] {
            let memory = format!("- Never run `{command}`.");
            let agent = format!("```sh\n{command}\n```");
            assert_eq!(found(&memory, &agent).len(), 1, "{command}");
        }
    }

    #[test]
    fn marks_of_bad_examples_keep_them_quiet() {
        for agent in [
            "```ts\nconst p: any = 1; // Bad\n```",
            "```ts\nconst bad_query: any = 1;\n```",
            "```ts\n// the slow way\nconst p: any = 1;\n```",
            "```sh\nrg \": any\" src\n```",
            "```sh\nprettier --check \"any.ts\" any\n```",
            "```ts\n/* eslint no-explicit-any: error */ const p: any = 1;\n```",
            "```ts\ntext.replace(/: any/g, \"\")\n```",
            "**Original code**:\n\n```ts\nconst p: any = 1;\n```",
            "The problem:\n\n```ts\nconst p: any = 1;\n```",
            "**Before:**\n\n```ts\nconst p: any = 1;\n```",
            "## Problem\n\n```ts\nconst p: any = 1;\n```",
        ] {
            assert_eq!(found("- Never use `any`.", agent), [] as [&str; 0], "{agent}");
        }
    }

    #[test]
    fn a_file_can_contradict_its_own_sample() {
        let memory = "- Never use `sleep_for`.\n\n## Retry\n\n```\nsleep_for(3)\n```\n";
        let found = found(memory, "Text.");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("`CLAUDE.md` contradicts itself about `sleep_for`"));
    }
}
