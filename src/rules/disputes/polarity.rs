//! One forbids what the other does: a ban that names the very letters, against
//! advice or a code sample that has them.

use std::collections::BTreeMap;

use super::ban::{Ban, BanLists, FORBIDDEN, Needle, bans, is_bad_example};
use super::clash::{Clash, Place, Side, bans_of_all};
use super::fact::{line_at, unit_at};
use super::part;
use crate::agent::{Direction, UnitKind};
use crate::finding::{Rule, Severity};
use crate::reach::Reach;
use crate::rules::Facts;
use crate::source::Span;

/// One clash for each thing that is forbidden and done.
pub(super) fn clashes(facts: &Facts<'_>, reach: &Reach<'_>) -> Vec<Clash> {
    let n_agents = facts.agents().len() as u32;
    let (all, of_agent) = bans_of_all(facts, reach, bans);
    if all.is_empty() {
        return Vec::new();
    }
    // By what is forbidden: (ban, where it is done).
    let mut broken: BTreeMap<&str, Vec<(usize, Place)>> = BTreeMap::new();
    for id in 0..n_agents {
        for (other, _) in reach.of(id) {
            for at in of_agent[other as usize].clone() {
                let ban = &all[at];
                let places = broken_by(facts, ban, id).into_iter();
                let found: Vec<_> = places.map(|place| (at, place)).collect();
                if !found.is_empty() {
                    broken.entry(&ban.topic).or_default().extend(found);
                }
            }
        }
    }
    broken
        .into_iter()
        .flat_map(|(topic, found)| split(topic, &all, found))
        .collect()
}

/// Places of one file at which what a ban names is looked at, at most.
const MAX_USES: usize = 100;

/// The places where an agent does what a ban forbids.
fn broken_by(facts: &Facts<'_>, ban: &Ban, id: u32) -> Vec<Place> {
    let needles = ban.needles.iter();
    needles
        .flat_map(|needle| used(facts, ban, needle, id))
        .collect()
}

fn used(facts: &Facts<'_>, ban: &Ban, needle: &Needle, id: u32) -> Vec<Place> {
    let mut places = Vec::new();
    let agent = facts.agent(id);
    let source = facts.text(id);
    let body = agent.frontmatter.body_start as usize;
    for (at, _) in source[body..].match_indices(&needle.text).take(MAX_USES) {
        let at = body + at;
        let end = at + needle.text.len();
        let name = &source[end..];
        let name = &name[..name
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(name.len())];
        let has_ending =
            needle.endings.is_empty() || needle.endings.iter().any(|ending| name.ends_with(ending));
        if !has_ending || (needle.endings.is_empty() && !is_whole(source, at, end)) {
            continue;
        }
        let Some(unit_idx) = unit_at(agent, at) else {
            continue;
        };
        let unit = &agent.units[unit_idx];
        let line = line_at(source, at);
        let is_done = match unit.kind {
            UnitKind::Code => {
                unit.direction == Direction::Advice
                    && !is_bad_example(agent, source, unit_idx, line.of(source), line.range().start)
            }
            UnitKind::Item | UnitKind::Sentence => {
                needle.is_literal
                    && unit.direction == Direction::Advice
                    && BanLists::new(agent, source).of(unit).is_none()
                    && is_advised(source, unit.span, at)
            }
            UnitKind::Heading | UnitKind::Row => false,
        };
        if is_done
            && !is_excepted(facts, ban, id, unit_idx, line)
            && !ban.part.is_apart_from(&part(facts, id, unit_idx))
        {
            places.push(Place::line(id, unit_idx, unit.kind, line));
        }
    }
    places
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
        "instead of",
        "rather than",
        "without",
        "only ",
        "unless",
        "if ",
        "except",
        "replace",
        "migrat",
    ];
    const NEGATED: &[&str] = &["not ", "never", "no ", "n't", "avoid"];
    // A reason or another case takes nothing back: "use `any`, it isn't checked".
    const BORDERS: &[&str] = &[", ", "; ", ". ", " so that ", " because ", " when "];
    let after = source[at..unit.range().end].to_lowercase();
    let end = BORDERS.iter().filter_map(|mark| after.find(mark)).min();
    let start = BORDERS
        .iter()
        .filter_map(|mark| Some(before.rfind(mark)? + mark.len()))
        .max();
    let clause = [
        &before[start.unwrap_or(0)..],
        &after[..end.unwrap_or(after.len())],
    ];
    let clause = clause.concat().replace(['*', '_'], "");
    is_called
        && !TAKEN_BACK.iter().any(|word| text.contains(word))
        && !NEGATED.iter().any(|word| clause.contains(word))
}

/// Whether the place speaks of what the ban excepts, or of the ban itself.
fn is_excepted(facts: &Facts<'_>, ban: &Ban, id: u32, unit_idx: usize, line: Span) -> bool {
    if ban.exception.is_empty() {
        return false;
    }
    let agent = facts.agent(id);
    let source = facts.text(id);
    let unit = &agent.units[unit_idx];
    let around = agent.introductions(unit).map(|above| above.span);
    // What a sample is for often stands in the first line of its block, or above it.
    let start = unit_idx
        .checked_sub(1)
        .map_or(unit.span, |before| agent.units[before].span);
    let above = Span {
        start: start.start.min(line.start),
        end: line.end.max(unit.span.end),
    };
    around.chain([above, line]).any(|span| {
        let text = span.of(source).to_lowercase();
        ban.exception
            .iter()
            .any(|word| text.contains(word.as_str()))
    })
}

fn is_whole(source: &str, start: usize, end: usize) -> bool {
    let needle = &source[start..end];
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    // `uv pip install` is no `pip install`.
    let line = source[..start]
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .trim_end();
    let is_command = needle.split_once(' ').is_some_and(|(program, _)| {
        let mut bytes = program.bytes();
        !program.is_empty() && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    });
    let begins_command =
        line.is_empty() || line.ends_with(['$', '>', '&', ';', '|', '(', '`', '"', ':']);
    if is_command && !begins_command {
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

/// The clashes about one thing: bans and places that are tied to each other.
fn split(topic: &str, all: &[Ban], found: Vec<(usize, Place)>) -> Vec<Clash> {
    let mut sets: Vec<(Vec<usize>, Vec<Place>)> = Vec::new();
    for (ban, place) in found {
        let (mut bans, mut places) = (vec![ban], vec![place]);
        // A place is known by its agent: all its bans are broken together.
        let (tied, apart): (Vec<_>, Vec<_>) = sets.into_iter().partition(|(bans, places)| {
            bans.contains(&ban) || places.iter().any(|other| other.agent == place.agent)
        });
        for (more_bans, more_places) in tied {
            bans.extend(more_bans);
            places.extend(more_places);
        }
        sets = apart;
        sets.push((bans, places));
    }
    let clashes = sets.into_iter().map(|(mut bans, mut places)| {
        bans.sort_unstable();
        bans.dedup();
        places.sort_unstable();
        places.dedup();
        let has_exception = bans.iter().any(|&at| !all[at].exception.is_empty());
        let is_forbidden = bans.iter().any(|&at| all[at].said == FORBIDDEN);
        let said = if is_forbidden { FORBIDDEN } else { all[bans[0]].said };
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
    });
    clashes.collect()
}

#[cfg(test)]
mod tests {
    use crate::rules::disputes::found;

    #[test]
    fn what_is_forbidden_and_done_is_one_finding() {
        for (memory, agent) in [
            (
                "- Never use `moment.now()`.",
                "```ts\nconst now = moment.now();\n```",
            ),
            (
                "- No `process.env` outside the config layer.",
                "Read the port from `process.env.PORT`.",
            ),
            (
                "- `moment.now()` is banned.",
                "Read the time from `moment.now()`.",
            ),
            (
                "- `dig` (the old tool) is not allowed.",
                "Look the name up with `dig`.",
            ),
            (
                "- `any` is banned, for what comes from others too.",
                "Type what comes from them as `any`.",
            ),
            ("No inline styles.", "```tsx\n<b style={{ color }} />\n```"),
            (
                "- Avoid `git add .`; name the files.",
                "```bash\ngit add .\n```",
            ),
            ("- Never use `var`.", "```js\nvar berth = 1;\n```"),
            (
                "- NEVER use moor_boat() in production code.",
                "```rust\nmoor_boat(berth);\n```",
            ),
            (
                "- Never use function declarations.",
                "```ts\nexport function moor() {}\n```",
            ),
            (
                "- Never publish with `--allow-dirty`.",
                "Run `cargo publish --allow-dirty`, it isn't checked twice.",
            ),
            (
                "- Never run cargo publish --allow-dirty.",
                "Use `cargo publish --allow-dirty`.",
            ),
            (
                "- **Secrets**: never exposed to the client",
                "```\nVITE_MAPS_API_KEY=\n```",
            ),
        ] {
            let found = found(memory, agent);
            assert_eq!(found.len(), 1, "{memory}: {found:?}");
            assert!(
                found[0].contains("forbidden (`CLAUDE.md`), but used (`desk`)"),
                "{found:?}"
            );
        }
    }

    #[test]
    fn bad_examples_exceptions_and_other_parts_break_no_ban() {
        for (memory, agent) in [
            (
                "Never use `moment.now()`.",
                "```ts\n// ❌ Wrong\nmoment.now();\n```",
            ),
            (
                "Never use `moment.now()`.",
                "Avoid this:\n\n```ts\nmoment.now();\n```",
            ),
            (
                "Never use `moment.now()`.",
                "```sh\ngrep -r 'moment.now()' src\n```",
            ),
            (
                "Never use `moment.now()`.",
                "Replace `moment.now()` by the clock.",
            ),
            (
                "Never use `moment.now()` for billing.",
                "```ts\nmoment.now();\n```",
            ),
            (
                "No `process.env` outside the config layer.",
                "```ts\n// config.ts\nprocess.env.PORT\n```",
            ),
            (
                "Never use `db:push` in production.",
                "In development use `db:push`.",
            ),
            ("Never use `pip install`.", "```sh\nuv pip install x\n```"),
            (
                "Never call `moment.now()`.",
                "With a clock at hand do **not** use `moment.now()`.",
            ),
            (
                "- **`frozen`** — do not call `moment.now()`.",
                "Read the time from `moment.now()`.",
            ),
            ("Do not use `Edit`.", "Make changes with `Edit`."),
            (
                "- Never use `var`.",
                "```css\na { color: var(--ink); }\n```",
            ),
            (
                "- NEVER use moor_boat() in production code.",
                "```rust\n#[cfg(test)]\nmoor_boat(berth);\n```",
            ),
            (
                "- Never use moor_boat() for dinghies.",
                "```rust\nmoor_boat(berth);\n```",
            ),
            ("Never commit `.env`.", "```sh\ncp .env.example .env\n```"),
            (
                "# Backend\n\n- No `console.log`.",
                "# Frontend\n\n```ts\nconsole.log(1)\n```",
            ),
        ] {
            assert_eq!(found(memory, agent), [] as [&str; 0], "{memory} / {agent}");
        }
    }

    #[test]
    fn lists_of_what_is_not_to_be_done_forbid_each_item() {
        for (memory, agent) in [
            ("## Never\n\n- Use `sleep_for`", "```\nsleep_for(3)\n```"),
            (
                "**Don't:**\n\n- Use the latest tag",
                "```\nimage: boat:latest\n```",
            ),
            (
                "- Never use the array index as key",
                "```\n<Boat key={index} />\n```",
            ),
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
            (
                "- Use `type` instead of `interface`",
                "```ts\nexport interface Boat {}\n```",
            ),
        ] {
            assert_eq!(found(memory, sample).len(), 1, "{memory}");
        }
        let shown = format!("**Original code**:\n\n{sample}");
        assert_eq!(
            found("- Parameterized queries only", &shown),
            [] as [&str; 0]
        );
    }

    #[test]
    fn a_file_can_contradict_its_own_sample() {
        let memory = "- Never use `sleep_for`.\n\n## Retry\n\n```\nsleep_for(3)\n```\n";
        let found = found(memory, "Text.");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("`CLAUDE.md` contradicts itself about `sleep_for`"));
    }
}
