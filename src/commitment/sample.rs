//! What samples of code tell: commands, imports, versions of images and pipelines.

use super::reading::Place;
use super::wording::Cue;
use super::{Commitment, Reader, Strength, decided, shown_code};
use crate::facet::scan::CodeSign;
use crate::facet::version::Version;
use crate::facet::{Exclusive, Table};
use crate::source::{Span, whole_lines};

/// What above a sample leaves open whether it is meant.
pub(super) const OPEN_ABOVE: [Cue; 5] =
    [Cue::Condition, Cue::History, Cue::Comparison, Cue::Detection, Cue::Sample];

/// Commands, imports and versions in code, unless it shows how not to do it.
pub(super) fn commit(reader: &mut Reader<'_>) {
    let Reader { agent, source, table, ref mut contexts, ref mut out } = *reader;
    for (idx, unit) in shown_code(agent) {
        let mut at = unit.span.start as usize;
        for line in whole_lines(unit.span.of(source)) {
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
            let place = Place::Unit(idx as u32);
            let span = Span::new(start, end);
            out.extend(told.into_iter().map(|(option, version, strength)| Commitment {
                version,
                is_sample: version.is_some(),
                ..Commitment::taken(option, strength, place, span)
            }));
        }
    }
}

/// The commands of a line: two in `cd web && pnpm build`.
pub(super) fn commands(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest.take()?;
        // Most lines have no such sign, which is soon seen.
        let joints = memchr::memchr_iter(b'&', line.as_bytes());
        let is_joint = |at: &usize| *at > 0 && line.as_bytes()[at - 1..].starts_with(b" && ");
        let Some(at) = joints.into_iter().find(is_joint) else {
            return Some(line);
        };
        rest = Some(&line[at + " && ".len() - 1..]);
        Some(&line[..at - 1])
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
    let end = version.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(version.len());
    let n = table.option(option).version;
    let version = (n > 0).then(|| Version::after_name(&version[..end], n))??;
    Some((option, version))
}
