//! Another literal for one thing: a domain with another ending, a path in other
//! letters, an address with another folder, another port, another count.

mod port;

use std::collections::{BTreeMap, BTreeSet};

use memchr::{memchr_iter, memmem};
use rustc_hash::FxHashMap;

use super::clash::{Clash, Place, Side, opposed};
use crate::agent::{Agent, Direction};
use crate::finding::{Rule, Severity};
use crate::reach::{Dimension, Part, Reach, part_of_unit};
use crate::rules::Facts;
use crate::source::{Span, line_end, line_start};
use crate::text::background::Background;
use crate::text::head;

/// What kind of thing a claim is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    /// The domain of a project, by its name without the ending.
    Domain,
    /// An address of a project, by its host and last part.
    Address,
    /// A path, in lower case.
    Path,
    /// A path or the beginning of one, in lower case.
    Beginning,
    /// A folder, in lower case.
    Folder,
    /// The target of a link, by its text and file name.
    Link,
    /// What stands before the version in an address of an API.
    ApiPrefix,
    /// A port, by what listens there.
    Port,
    /// A count in a compound: "5-dimension scoring".
    Count,
}

impl Subject {
    fn topic(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::Address => "address",
            Self::Path | Self::Beginning => "spelling of a path",
            Self::Folder => "spelling of a folder",
            Self::Link => "place of a file",
            Self::ApiPrefix => "prefix of the API",
            Self::Port => "port",
            Self::Count => "count",
        }
    }
}

/// One text's word about something.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Claim {
    subject: Subject,
    /// What it is about.
    key: String,
    /// What is said.
    value: String,
    agent: u32,
    at: usize,
}

/// One clash for each thing of which two values are told.
pub(super) fn clashes(facts: &Facts<'_>, reach: &Reach<'_>) -> Vec<Clash> {
    let mut claims = Vec::new();
    for id in 0..facts.agents().len() as u32 {
        if reach.way(id, id).is_some() {
            read(facts, id, &mut claims);
        }
    }
    claims.sort_unstable();
    claims.dedup_by(|one, other| {
        (one.subject, &one.key, &one.value, one.agent)
            == (other.subject, &other.key, &other.value, other.agent)
    });
    let mut kept = Kept::default();
    // Paths in two spellings, and then what they begin with: said once.
    let mut known = Ways::default();
    let mut lines = Lines::default();
    claims
        .chunk_by(|one, other| (one.subject, &one.key) == (other.subject, &other.key))
        .filter(|about| about.iter().any(|claim| claim.value != about[0].value))
        .for_each(|about| {
            let Claim { subject, key, .. } = &about[0];
            let is_path = matches!(subject, Subject::Path | Subject::Beginning);
            if *subject == Subject::Beginning && known.meet(key) {
                return;
            }
            let found = disagreements(facts, reach, &mut lines, about);
            if is_path && !found.is_empty() {
                known.0.insert(key);
            }
            for clash in found {
                kept.add(*subject, clash);
            }
        });
    kept.clashes()
}

/// Paths of which it is asked whether others lead through them.
#[derive(Debug, Default)]
struct Ways<'a>(BTreeSet<&'a str>);

impl Ways<'_> {
    /// Whether a path leads through one of these, or one of these through it.
    fn meet(&self, path: &str) -> bool {
        let borders = memchr_iter(b'/', path.as_bytes());
        let mut above = borders.flat_map(|at| [&path[..at], &path[..=at]]);
        if self.0.contains(path) || above.any(|above| self.0.contains(above)) {
            return true;
        }
        let start = format!("{}/", path.strip_suffix('/').unwrap_or(path));
        let mut from = self.0.range(start.as_str()..);
        from.next().is_some_and(|first| first.starts_with(&start))
    }
}

/// Clashes about one kind of thing that begin in one file, at most: more are
/// a way of writing, and each is quoted.
const MAX_CLASHES: usize = 32;

/// The clashes that are told.
#[derive(Debug, Default)]
struct Kept {
    clashes: Vec<Clash>,
    /// By topic and agent: how many clashes there are, and where the last one
    /// of them stands that is told.
    counts: BTreeMap<(&'static str, u32), (usize, usize)>,
}

impl Kept {
    /// Adds a clash. Links of one file that lead apart have one root as a rule,
    /// a folder that was moved, and are one clash.
    fn add(&mut self, subject: Subject, clash: Clash) {
        let agent = |clash: &Clash| clash.places().next().map(|place| place.agent);
        let known = self.clashes.last_mut().filter(|last| {
            subject == Subject::Link
                && last.topic == clash.topic
                && agent(last) == agent(&clash)
                && last.sides.len() == clash.sides.len()
        });
        if let Some(last) = known {
            for (side, more) in last.sides.iter_mut().zip(clash.sides) {
                side.places.extend(more.places);
            }
            return;
        }
        let key = (subject.topic(), agent(&clash).unwrap_or_default());
        let (n_found, last) = self.counts.entry(key).or_default();
        *n_found += 1;
        if *n_found <= MAX_CLASHES {
            *last = self.clashes.len();
            self.clashes.push(clash);
        }
    }

    /// The clashes; the last of its kind in its file says how many more there are.
    fn clashes(mut self) -> Vec<Clash> {
        for &(n_found, last) in self.counts.values() {
            if let Some(n_more @ 1..) = n_found.checked_sub(MAX_CLASHES) {
                let more = format!("; {n_more} more of this kind are not told");
                self.clashes[last].help.push_str(&more);
            }
        }
        self.clashes
    }
}

fn read(facts: &Facts<'_>, id: u32, claims: &mut Vec<Claim>) {
    let agent = facts.agent(id);
    let source = facts.text(id);
    let body = agent.frontmatter.body_start as usize;
    let mut add = |subject, key: String, value: &str, at| {
        claims.push(Claim { subject, key, value: value.to_owned(), agent: id, at });
    };
    for at in memmem::find_iter(&source.as_bytes()[body..], "://") {
        let at = body + at + 3;
        let is_part =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '/' | '_' | '~');
        let address = &source[at..];
        let end = address.find(|c: char| !is_part(c)).unwrap_or(address.len());
        // What a placeholder follows is cut short.
        if address[end..].starts_with(['{', '<', '$', '[', ':', '*']) {
            continue;
        }
        let address = address[..end].trim_end_matches(['.', '/', '-']);
        if let Some((name, domain)) = own_domain(address) {
            add(Subject::Domain, name, domain, at);
            if let Some(key) = address_key(address) {
                add(Subject::Address, key, address, at);
            }
        }
    }
    for (folder, at) in folders(source, body) {
        add(Subject::Folder, folder.to_lowercase(), folder, at);
    }
    for (key, target, at) in links(source, body) {
        add(Subject::Link, key, target, at);
    }
    for port in port::ports(source, body) {
        add(Subject::Port, port.thing, port.number, port.at);
    }
    for (key, prefix, at) in api_prefixes(source, body) {
        add(Subject::ApiPrefix, key, prefix, at);
    }
    for (start, end) in code_spans(&source[body..]) {
        let path = &source[body + start..body + end];
        if is_path(path) {
            let path = path.trim_end_matches('/');
            add(Subject::Path, path.to_lowercase(), path, body + start);
            // One name alone may be two things.
            let n_first = path[1..].find('/').map_or(path.len(), |n| n + 1);
            let borders = memchr_iter(b'/', path.as_bytes()).filter(|&at| at > n_first);
            for at in borders.chain([path.len()]) {
                let start_of_path = &path[..at];
                add(Subject::Beginning, start_of_path.to_lowercase(), start_of_path, body + start);
            }
        }
    }
    for at in memchr_iter(b'-', &source.as_bytes()[body..]) {
        if let Some((key, count)) = compound(source, body + at) {
            add(Subject::Count, key, count, body + at);
        }
    }
}

/// The name and the whole of a domain that is no well-known one.
fn own_domain(address: &str) -> Option<(String, &str)> {
    const SHARED_ENDINGS: &[&str] = &["co", "com", "org", "net", "gov", "ac"];
    const PRIVATE: &[&str] =
        &["local", "test", "example", "localhost", "internal", "dev", "invalid", "staging"];
    let host = address.split('/').next().unwrap_or_default();
    let mut labels = host.rsplit('.');
    let (ending, name) = (labels.next()?, labels.next()?);
    let is_word = ending.len() >= 2 && ending.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_own = name.len() >= 6
        && !name.contains("example")
        && !name.contains("your")
        && Background::get().term(&name.to_lowercase()).is_none();
    let domain = &host[host.len() - ending.len() - name.len() - 1..];
    (is_word && is_own && !SHARED_ENDINGS.contains(&name) && !PRIVATE.contains(&ending))
        .then(|| (name.to_lowercase(), domain))
}

/// Host and last part of an address of three parts or more: what lies between
/// may differ by mistake.
fn address_key(address: &str) -> Option<String> {
    let parts: Vec<&str> = address.split('/').collect();
    let last = parts.last()?;
    (parts.len() >= 4 && last.contains('.')).then(|| format!("{} {} {last}", parts[0], parts.len()))
}

/// Ranges of what stands between single backticks on one line.
fn code_spans(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut ticks = memchr_iter(b'`', text.as_bytes()).peekable();
    std::iter::from_fn(move || {
        loop {
            let open = ticks.next()?;
            let close = *ticks.peek()?;
            let inner = &text[open + 1..close];
            if !inner.is_empty() && inner.len() <= 80 && !inner.contains('\n') {
                ticks.next();
                return Some((open + 1, close));
            }
        }
    })
}

/// Whether a literal is a path of folders that could be mistaken by case alone.
fn is_path(literal: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
    let n_parts = literal.trim_matches('/').split('/').filter(|part| !part.is_empty()).count();
    n_parts >= 2
        && literal.chars().all(is_part)
        && literal.contains(|c: char| c.is_ascii_alphabetic())
}

/// Names of folders in two words or more, which are no slip of two things.
fn folders(source: &str, body: usize) -> impl Iterator<Item = (&str, usize)> {
    const MIN_BYTES: usize = 6;
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    memchr_iter(b'/', &source.as_bytes()[body..]).filter_map(move |at| {
        let at = body + at;
        let bytes = &source.as_bytes()[body..at];
        let start = at - bytes.iter().rev().take_while(|byte| is_part(byte)).count();
        let folder = &source[start..at];
        let is_compound =
            folder.len() >= MIN_BYTES && folder.trim_matches(['-', '_']).contains(['-', '_']);
        // `{type}-jsons/` and `@scope/` are no names.
        let is_cut = source[..start].ends_with(['}', '>', ']', '@', '*', '.', '~']);
        (is_compound && !is_cut).then_some((folder, start))
    })
}

/// Links to files: the key, the target, and where it begins.
fn links(source: &str, body: usize) -> impl Iterator<Item = (String, &str, usize)> {
    memmem::find_iter(&source.as_bytes()[body..], "](").filter_map(move |at| {
        let at = body + at;
        let target = head(&source[at + 2..], MAX_LINK);
        let target = &target[..target.find(')')?];
        let text =
            tail(&source[..at], MAX_LINK).rsplit(['[', '\n']).next()?.trim_matches(['`', '*']);
        let name = target.rsplit('/').next()?;
        let is_file =
            name == text && name.ends_with(".md") && !target.contains([' ', '#', ':', '\n']);
        // The unit ends with the link's text.
        is_file.then(|| (name.to_lowercase(), target, at - 1))
    })
}

/// Addresses with a version ("/api/v1/boats"): the key, what stands before the
/// version, and where that begins.
fn api_prefixes(source: &str, body: usize) -> impl Iterator<Item = (String, &str, usize)> {
    const PREFIX: &str = "/api";
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/');
    memmem::find_iter(&source.as_bytes()[body..], "/v").filter_map(move |at| {
        let at = body + at;
        let mut parts = source[at + 1..].split('/');
        let (version, resource) = (parts.next()?, parts.next()?);
        let digits = &version[1..];
        let n = resource.bytes().take_while(|&byte| is_part(byte)).count();
        let resource = &resource[..n];
        let is_version = !digits.is_empty()
            && digits.len() <= 2
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        // A longer prefix than the one that counts need not be read to its start.
        let before = source[..at].bytes().rev().take(PREFIX.len() + 1);
        let start = at - before.take_while(|&byte| is_part(byte)).count();
        let prefix = &source[start..at];
        let is_own = prefix.is_empty() || prefix == PREFIX;
        let is_free = !source[..start].ends_with(['.', ':', '}', '@', '>', ']', ')']);
        (is_version && resource.len() >= 3 && is_own && is_free)
            .then(|| (format!("{version}/{resource}"), prefix, at))
    })
}

/// Words that follow counts of anything.
const ANYTHING: &[&str] = &[
    "process", "approach", "framework", "workflow", "plan", "system", "method", "model",
    "structure", "format", "rule", "review", "strategy", "checklist", "cycle", "pattern",
    "analysis", "window", "limit", "period", "list", "file", "with", "that", "from", "this",
];

/// Bytes that are looked through for the end of a compound, of a link's text
/// and target, and on either side for what a line says of a claim: lines may be
/// very long.
const MAX_COMPOUND: usize = 400;
const MAX_LINK: usize = 4096;
const MAX_BESIDE: usize = 1024;

/// The end of a text.
pub(super) fn tail(text: &str, max_bytes: usize) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(max_bytes))..]
}

/// What a compound such as "5-dimension scoring" counts, where the hyphen
/// stands at `at`, and its number.
fn compound(source: &str, at: usize) -> Option<(String, &str)> {
    let bytes = source.as_bytes();
    let n_digits = bytes[..at].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    if n_digits == 0 || n_digits > 2 || !bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase) {
        return None;
    }
    let start = at - n_digits;
    if start > 0 && !matches!(bytes[start - 1], b' ' | b'*' | b'(' | b'\n') {
        return None;
    }
    let rest = head(&source[at + 1..], MAX_COMPOUND);
    let line = &rest[..rest.find(['\n', '.', ',', ';', '(']).unwrap_or(rest.len())];
    let mut words = line
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() >= 4)
        .take(3)
        .map(str::to_lowercase);
    let noun = words.next()?;
    // Endings differ from language to language.
    const STEM: usize = 7;
    const UNITS: &[&str] = &[
        "minute", "second", "character", "column", "digit", "month", "year", "hour", "line",
        "week", "day", "byte",
    ];
    let is_unit = UNITS.iter().any(|unit| noun.starts_with(unit));
    let next = words.find(|word| !ANYTHING.contains(&word.as_str()))?;
    (!is_unit && noun.len() >= STEM).then(|| {
        let stem = &noun[..noun.floor_char_boundary(STEM)];
        (format!("{stem} {next}"), &source[start..at])
    })
}

/// Values that one agent tells of one thing, at most: more are a list.
const MAX_CLAIMS: usize = 32;

/// A claim with its place and part.
struct Told<'a> {
    claim: &'a Claim,
    place: Place,
    part: Part,
}

fn disagreements(
    facts: &Facts<'_>,
    reach: &Reach<'_>,
    lines: &mut Lines,
    about: &[Claim],
) -> Vec<Clash> {
    let mut n_claims: FxHashMap<u32, usize> = FxHashMap::default();
    let is_counted = |claim: &&Claim| {
        let n_own = n_claims.entry(claim.agent).or_default();
        *n_own += 1;
        *n_own <= MAX_CLAIMS
    };
    // Whoever tells two ports of a thing tells of two things.
    let mut n_ports: FxHashMap<u32, usize> = FxHashMap::default();
    for claim in about.iter().filter(|claim| claim.subject == Subject::Port) {
        *n_ports.entry(claim.agent).or_default() += 1;
    }
    let tells_two = |claim: &Claim| n_ports.get(&claim.agent).is_some_and(|&n| n > 1);
    let told: Vec<Told<'_>> = (about.iter().filter(is_counted))
        .filter(|claim| !tells_two(claim))
        .filter_map(|claim| told(facts, lines, claim))
        .collect();
    let are_opposed = |one: usize, other: usize| {
        let (one, other) = (&told[one], &told[other]);
        one.claim.value != other.claim.value
            && is_other(one.claim, other.claim)
            && reach.way(one.claim.agent, other.claim.agent).is_some()
            && !are_apart(one, other)
    };
    let sets = opposed(told.len(), are_opposed).into_iter().map(|set| {
        let mut set: Vec<&Told<'_>> = set.iter().map(|&at| &told[at]).collect();
        set.sort_by_key(|told| told.place);
        clash(facts, &set)
    });
    sets.collect()
}

/// Whether two claims are made for different parts; an API has one prefix on
/// both sides of the wire, and what listens on a port is known.
fn are_apart(one: &Told<'_>, other: &Told<'_>) -> bool {
    const ON_ONE_SIDE: [Dimension; 3] =
        [Dimension::Environment, Dimension::Stage, Dimension::Platform];
    match one.claim.subject {
        Subject::ApiPrefix | Subject::Port => one.part.is_apart_in(&other.part, &ON_ONE_SIDE),
        // A link leads to the file, whatever the words around it speak of.
        Subject::Link => false,
        _ => one.part.is_apart_from(&other.part),
    }
}

/// Whether two values are told of one thing: addresses differ in one folder,
/// paths not in all of them, as `Read/Write` does from `read/write`.
fn is_other(one: &Claim, other: &Claim) -> bool {
    let mut pairs = one.value.split('/').zip(other.value.split('/'));
    match one.subject {
        Subject::Address => {}
        // Links are relative to their files.
        Subject::Link => return one.agent == other.agent,
        // One file that tells two ports tells of two things.
        Subject::Port => return one.agent != other.agent,
        Subject::Path | Subject::Beginning => {
            return pairs.any(|(a, b)| a == b && a.contains(char::is_alphabetic));
        }
        _ => return true,
    }
    let mut differing = pairs.filter(|(a, b)| a != b);
    let is_version =
        |part: &str| part.starts_with('v') && part[1..].bytes().all(|byte| byte.is_ascii_digit());
    matches!(
        (differing.next(), differing.next()),
        (Some((a, b)), None) if !is_version(a) && (a.starts_with(b) || b.starts_with(a))
    )
}

/// Words by which a line tells of what was, or of two things at once.
const OTHERWISE: &[&str] = &[
    "deprecated", "legacy", "formerly", "previously", "moved", "renamed", "redirect", "instead",
    "wrong", "❌", "not ", "never", "old ", "was ", "e.g.", "example",
];

/// Where a claim stands; `None` where it is told of as something else.
fn told<'a>(facts: &Facts<'_>, lines: &mut Lines, claim: &'a Claim) -> Option<Told<'a>> {
    let agent = facts.agent(claim.agent);
    let source = facts.text(claim.agent);
    let unit_idx = unit_at(agent, claim.at)?;
    let unit = &agent.units[unit_idx];
    if claim.subject == Subject::Port && !unit.kind.is_text() {
        return None;
    }
    // A link is none of the advice around it.
    if unit.direction == Direction::Warning && claim.subject != Subject::Link {
        return None;
    }
    let line = lines.at(facts, claim.agent, claim.at);
    let before = tail(&source[line.range().start..claim.at], MAX_BESIDE);
    let after = head(&source[claim.at..line.range().end], MAX_BESIDE);
    let lower = format!("{before}{after}").to_lowercase();
    if claim.subject != Subject::Link && OTHERWISE.iter().any(|word| lower.contains(word)) {
        return None;
    }
    Some(Told {
        claim,
        place: match claim.subject {
            // The text of a link does not show where it leads.
            Subject::Link => Place { line: Some(line), ..Place::unit(claim.agent, unit_idx) },
            _ => Place::line(claim.agent, unit_idx, unit.kind, line),
        },
        part: part_of_unit(agent, source, unit_idx),
    })
}

fn clash(facts: &Facts<'_>, told: &[&Told<'_>]) -> Clash {
    let mut sides: Vec<Side> = Vec::new();
    for one in told {
        let label = match one.claim.subject {
            Subject::Count | Subject::Port => one.claim.value.clone(),
            Subject::ApiPrefix => format!("`{}/{}`", one.claim.value, one.claim.key),
            _ => format!("`{}`", one.claim.value),
        };
        Side::add(&mut sides, label, one.place);
    }
    let first = told[0].claim;
    Clash {
        rule: Rule::FactConflict,
        severity: Severity::Warning,
        confidence: match first.subject {
            Subject::Path | Subject::Beginning | Subject::Domain | Subject::Folder => 0.85,
            Subject::Address | Subject::Count | Subject::Port => 0.8,
            Subject::Link | Subject::ApiPrefix => 0.75,
        },
        topic: match first.subject {
            Subject::Count => {
                let rest = &facts.text(first.agent)[first.at + 1..];
                let noun = rest.split(|c: char| !c.is_alphanumeric()).next();
                format!("`{}` count", noun.unwrap_or(&first.key))
            }
            Subject::Port if !first.key.starts_with('"') => format!("port of {}", first.key),
            subject => subject.topic().to_owned(),
        },
        sides,
        help: "find out which one is right and write it everywhere; or say what each is for"
            .to_owned(),
    }
}

/// The unit that holds a byte.
pub(super) fn unit_at(agent: &Agent, at: usize) -> Option<usize> {
    let after = agent.units.partition_point(|unit| unit.span.start as usize <= at);
    (0..after).rev().take(4).find(|&idx| agent.units[idx].span.range().contains(&at))
}

/// Lines that were looked at, so that a long one is read once.
#[derive(Debug, Default)]
pub(super) struct Lines(FxHashMap<(u32, u32), Span>);

impl Lines {
    /// The line that holds a byte of an agent's file, see [`line_at`].
    pub(super) fn at(&mut self, facts: &Facts<'_>, agent: u32, at: usize) -> Span {
        let file = facts.agent(agent).file;
        let (number, _) = facts.sources.lines(file, Span::new(at, at));
        let line = self.0.entry((agent, number));
        *line.or_insert_with(|| line_at(facts.text(agent), at))
    }
}

/// The line that holds a byte, without white space around it.
pub(super) fn line_at(source: &str, at: usize) -> Span {
    let start = line_start(source, at);
    let line = &source[start..line_end(source, at)];
    let start = start + line.len() - line.trim_start().len();
    Span::new(start, start + line.trim().len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::reach::is_below;
    use crate::report::Scope;
    use crate::rules::disputes::found;
    use crate::rules::with_facts;

    #[test]
    fn another_literal_for_one_thing_is_one_finding() {
        for (memory, agent, topic) in [
            ("Site: https://tidewharf.app/a", "Open https://tidewharf.com", "domain"),
            (
                "Test at https://box.tidewharf.app/api_dev/v/run.php",
                "Test at https://box.tidewharf.app/api/v/run.php",
                "address",
            ),
            ("Put it in `src/Charts/new`.", "Look in `src/charts/new/`.", "spelling of a path"),
            (
                "Put it in `src/Charts/new/quay.ts`.",
                "Look in `src/charts/`, say at `src/charts/new/pier.ts`.",
                "spelling of a path: `src/Charts` (`CLAUDE.md`)",
            ),
            (
                "The backend listens on port 8000, the frontend on port 3000.",
                "Start the frontend, then call the backend on port 8080.",
                "port of backend",
            ),
            (
                "The tide service runs on port 8080.",
                "The tide service runs on port 9090.",
                "port: 8080",
            ),
            (
                "A 5-dimension harbour rating.",
                "Uses the 6-dimensional harbour rating.",
                "`dimension` count",
            ),
            (
                "Specs lie in `data/Boat-specs/`.",
                "Read `boat-specs/small.json`.",
                "spelling of a folder",
            ),
            (
                "`POST /api/v1/boats` adds a boat.",
                "Call `/v1/boats` for all boats.",
                "prefix of the API",
            ),
        ] {
            let found = found(memory, agent);
            assert_eq!(found.len(), 1, "{memory}: {found:?}");
            assert!(found[0].starts_with(topic), "{found:?}");
        }
    }

    proptest! {
        #[test]
        fn ways_meet_where_one_path_lies_below_the_other(
            paths in prop::collection::vec("[ab/]{0,3}a[b/]{0,3}", 1..6),
            path in "[ab/]{0,3}a[b/]{0,3}",
        ) {
            let known = Ways(paths.iter().map(String::as_str).collect());
            let expected = (paths.iter()).any(|one| is_below(one, &path) || is_below(&path, one));
            prop_assert_eq!(known.meet(&path), expected);
        }
    }

    #[test]
    fn of_many_clashes_the_last_one_told_counts_the_rest() {
        let memory: String = (0..MAX_CLASHES + 3)
            .map(|number| format!("- `aB/c{number}/d` and `ab/c{number}/d`\n"))
            .collect();
        let files = [("CLAUDE.md", memory.as_str())];
        with_facts(&files, &[], Scope::Project, |facts| {
            let found = clashes(facts, &facts.reach());
            assert_eq!(found.len(), MAX_CLASHES);
            let more = found[MAX_CLASHES - 1].help.as_str();
            assert!(more.ends_with("; 3 more of this kind are not told"), "{more}");
            let others = &found[..MAX_CLASHES - 1];
            assert!(others.iter().all(|clash| !clash.help.contains("more of this")));
        });
    }

    #[test]
    fn two_links_to_one_file_lead_to_one_place() {
        let memory =
            "See [PIERS.md](docs/PIERS.md) first.\n\n## More\n\n- [PIERS.md](PIERS.md) has all.\n";
        let found = found(memory, "Text, and [PIERS.md](../../docs/PIERS.md).");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("contradicts itself about place of a file"), "{found:?}");
    }

    #[test]
    fn what_may_well_be_two_things_is_none() {
        for (memory, agent) in [
            ("https://github.com/a", "https://github.io/a"),
            ("https://tidewharf.app", "Formerly at https://tidewharf.com"),
            ("https://tidewharf.app", "https://tidewharf.local"),
            ("https://api.tidewharf.app/v1/run.php", "https://api.tidewharf.app/v2/run.php"),
            (
                "Production: https://a.tidewharf.app/x/y.z",
                "In development: https://a.tidewharf.app/x/y.z",
            ),
            ("`src/charts/new`", "`src/charts/old`"),
            ("`Charts/new`", "`charts/old`"),
            ("Moor with `Bow/Stern/Spring`.", "A line from `bow/stern`."),
            ("A 5-minute harbour walk.", "A 6-minute harbour walk."),
            ("The API runs on port 8000.", "The admin API runs on port 8001."),
            ("The API runs on port 8000.", "By default the API runs on port 8001."),
            ("In production the API runs on port 80.", "In development the API runs on port 8000."),
            ("The report says 8000 of the API.", "Export 8001 of the API."),
            ("Open port 3000.", "Open port 4000."),
            ("A 3-sentence summary of tides.", "A 5-sentence tide report."),
        ] {
            assert_eq!(found(memory, agent), [] as [&str; 0], "{memory} / {agent}");
        }
    }
}
