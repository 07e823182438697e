//! What samples of code tell: commands, imports, versions of images and pipelines.

use super::context::Contexts;
use super::reading::{Place, Reading};
use super::wording::Cue;
use super::{Commitment, Strength, decided, shown_code};
use crate::agent::{Agent, Direction, Kind, UnitKind};
use crate::facet::scan::CodeSign;
use crate::facet::version::Version;
use crate::facet::{Exclusive, Table};
use crate::source::Span;

/// What above a sample leaves open whether it is meant.
const OPEN_ABOVE: [Cue; 5] = [
    Cue::Condition,
    Cue::History,
    Cue::Comparison,
    Cue::Detection,
    Cue::Sample,
];

/// Commands, imports and versions in code, unless it shows how not to do it.
pub(super) fn commit(
    agent: &Agent,
    source: &str,
    table: &Table,
    contexts: &mut Contexts<'_>,
    out: &mut Vec<Commitment>,
) {
    for (idx, unit) in shown_code(agent) {
        let mut at = unit.span.start as usize;
        for line in unit.span.of(source).split_inclusive('\n') {
            let code = line.trim_start();
            let start = at + (line.len() - code.len());
            at += line.len();
            let code = code.trim_end();
            let end = start + code.len();
            let by_sign = |command| {
                let (option, sign) = table.scanner().code_option(command)?;
                let strength = match sign {
                    CodeSign::Command => Strength::Medium,
                    CodeSign::Import => Strength::Weak,
                };
                Some((option, None, strength))
            };
            let mut told: Vec<_> = commands(code).filter_map(by_sign).collect();
            if told.is_empty()
                && let Some((option, version)) = pinned(code, table)
            {
                told.push((option, Some(version), Strength::Weak));
            }
            told.retain(|&(option, ..)| table.facet_of(option).exclusive != Exclusive::Never);
            if told.is_empty() || contexts.of(unit).has_any(&OPEN_ABOVE) {
                continue;
            }
            out.extend(
                told.into_iter()
                    .map(|(option, version, strength)| Commitment {
                        option,
                        version,
                        takes: true,
                        strength,
                        is_speciality: false,
                        is_sample: version.is_some(),
                        place: Place::Unit(idx as u32),
                        span: Span::new(start, end),
                    }),
            );
        }
    }
}

/// The commands of a line: two in `cd web && pnpm build`.
fn commands(line: &str) -> impl Iterator<Item = &str> {
    line.split(" && ")
}

/// So many commands of npm tell that a memory file means it: a few are how
/// anybody spells them.
const MIN_NPM_COMMANDS: usize = 3;

/// npm, where a memory file runs the scripts of its project with it and names
/// no other manager.
pub(super) fn npm_by_use(
    agent: &Agent,
    source: &str,
    table: &Table,
    reading: &Reading<'_>,
    contexts: &mut Contexts<'_>,
) -> Option<Commitment> {
    if agent.kind != Kind::Memory {
        return None;
    }
    let is_npm = |command: &str| {
        let mut words = command.trim_start().trim_start_matches("$ ").split(' ');
        words.next() == Some("npm")
            && words
                .next()
                .is_some_and(|word| matches!(word, "run" | "test" | "start" | "install" | "ci"))
    };
    let mut lines = (0..)
        .zip(&agent.units)
        .filter(|(_, unit)| unit.kind == UnitKind::Code && unit.direction == Direction::Advice)
        .filter(|(_, unit)| !contexts.of(unit).has_any(&OPEN_ABOVE))
        .flat_map(|(idx, unit)| {
            unit.span
                .of(source)
                .lines()
                .filter(|line| commands(line).any(is_npm))
                .map(move |line| (idx, line))
        });
    let (unit_idx, line) = lines.next()?;
    let n_commands = 1 + lines.count();
    if n_commands < MIN_NPM_COMMANDS {
        return None;
    }
    let hits = table.scanner().hits("npm");
    let option = hits.iter().find_map(|hit| decided(hit, table))?;
    let is_other =
        |other: u32| table.option(other).facet == table.option(option).facet && other != option;
    let names_other = reading.statements().iter().any(|statement| {
        let mut named = reading
            .hits(statement)
            .iter()
            .filter_map(|hit| decided(hit, table));
        named.any(is_other)
    });
    let runs_other = agent
        .units
        .iter()
        .filter(|unit| unit.kind == UnitKind::Code)
        .any(|unit| {
            let mut commands = unit.span.of(source).lines().flat_map(commands);
            commands.any(|command| {
                table
                    .scanner()
                    .code_option(command)
                    .is_some_and(|(other, _)| is_other(other))
            })
        });
    if names_other || runs_other {
        return None;
    }
    let start = line.as_ptr() as usize - source.as_ptr() as usize;
    let start = start + line.len() - line.trim_start().len();
    Some(Commitment {
        option,
        version: None,
        takes: true,
        strength: Strength::Medium,
        is_speciality: false,
        is_sample: false,
        place: Place::Unit(unit_idx),
        span: Span::new(start, start + line.trim().len()),
    })
}

/// Images of containers, and the names that their programs go by.
const IMAGES: [(&str, &str); 12] = [
    ("amazoncorretto", "Java"),
    ("eclipse-temurin", "Java"),
    ("golang", "golang"),
    ("mongo", "MongoDB"),
    ("mysql", "MySQL"),
    ("node", "Node.js"),
    ("openjdk", "Java"),
    ("php", "PHP"),
    ("postgres", "PostgreSQL"),
    ("python", "Python"),
    ("redis", "Redis"),
    ("ruby", "Ruby"),
];

/// Keys of pipelines that ask for a version, and the names of what they ask for.
const VERSION_KEYS: [(&str, &str); 6] = [
    ("go-version", "golang"),
    ("java-version", "Java"),
    ("node-version", "Node.js"),
    ("php-version", "PHP"),
    ("python-version", "Python"),
    ("ruby-version", "Ruby"),
];

/// The option and version that a line of a Dockerfile or of a pipeline names:
/// `FROM node:20-alpine`, `image: postgres:16`, `python-version: "3.12"`.
fn pinned(line: &str, table: &Table) -> Option<(u32, Version)> {
    const QUOTES: [char; 2] = ['"', '\''];
    let line = line.strip_prefix("- ").unwrap_or(line);
    let (key, value) = line.split_once(':')?;
    let (known, name, version) = if let Some(image) = key.strip_prefix("FROM ") {
        (&IMAGES[..], image, value)
    } else if key == "image" {
        let image = value.trim_start().trim_start_matches(QUOTES);
        let (name, version) = image.split_once(':')?;
        (&IMAGES[..], name, version)
    } else {
        (&VERSION_KEYS[..], key, value)
    };
    let &(_, name) = known.iter().find(|(known, _)| *known == name)?;
    let hits = table.scanner().hits(name);
    let option = hits.iter().find_map(|hit| decided(hit, table))?;
    // `20-alpine`, but not `${VERSION}` nor `[18, 20]`.
    let version = version.trim_start().trim_start_matches(QUOTES);
    let end = version
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(version.len());
    let n = table.option(option).version;
    let version = (n > 0).then(|| Version::after_name(&version[..end], n))??;
    Some((option, version))
}
