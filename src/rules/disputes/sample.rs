//! Paths shown in texts against what is prescribed for paths: "Files in
//! kebab-case" beside `src/HarbourList.tsx`; and files of one kind that two
//! texts put in places, or name in a casing, of different kinds.

use memchr::memchr2_iter;

use super::clash::{Clash, Place, Side};
use super::fact::{line_at, unit_at};
use super::{LazyPart, part};
use crate::agent::Direction;
use crate::commitment::Strength;
use crate::commitment::reading::Place as Stated;
use crate::facet::Facet;
use crate::finding::{Rule, Severity};
use crate::reach::{Part, Reach};
use crate::rules::Facts;
use crate::source::Span;

/// A path of a source file in a text.
#[derive(Debug)]
struct Shown<'a> {
    path: &'a str,
    place: Place,
    /// That of the text around it.
    part: LazyPart,
}

/// One clash for each convention that shown paths break, and one for each
/// language whose test files have places of two kinds.
pub(super) fn clashes(facts: &Facts<'_>, reach: &Reach<'_>) -> Vec<Clash> {
    let n_agents = facts.agents().len() as u32;
    let shown: Vec<Vec<Shown<'_>>> = (0..n_agents)
        .map(|id| {
            let is_in_way = reach.way(id, id).is_some();
            if is_in_way { paths(facts, id) } else { Vec::new() }
        })
        .collect();
    let mut clashes: Vec<Clash> = Vec::new();
    if let Some(convention) = convention(facts) {
        let of_agent = |id| misnamed(facts, reach, id, convention, &shown);
        clashes.extend((0..n_agents).filter_map(of_agent));
    }
    for endings in [SCRIPTS, &[".py"]] {
        let home = |path: &str| {
            let is_of_language = endings.iter().any(|ending| path.ends_with(ending));
            home(path).filter(|_| is_of_language)
        };
        let topic = "place of test files";
        let help = "decide where tests go and write it in one place";
        clashes.extend(divided(facts, reach, &shown, home, (topic, help)));
    }
    for (kind, topic) in
        [(Kind::Hook, "names of hook files"), (Kind::Component, "names of component files")]
    {
        let casing =
            |path: &str| casing(path).and_then(|(of, casing)| (of == kind).then_some(casing));
        let help = "decide how such files are named and write it in one place";
        clashes.extend(divided(facts, reach, &shown, casing, (topic, help)));
    }
    clashes
}

/// Endings of files in JavaScript and its kin.
const SCRIPTS: &[&str] = &[".ts", ".tsx", ".js", ".jsx", ".vue"];

/// The source files that stand in prose or code and are no warning.
fn paths<'a>(facts: &Facts<'a>, id: u32) -> Vec<Shown<'a>> {
    let agent = facts.agent(id);
    let source = facts.text(id);
    let body = agent.frontmatter.body_start as usize;
    let mut found = Vec::new();
    let mut from = body;
    // The line of the path before, and whether it speaks of something else:
    // a line may hold very many paths.
    let mut last: Option<(Span, bool)> = None;
    for at in memchr2_iter(b'/', b'.', &source.as_bytes()[body..]) {
        let at = body + at;
        let is_ending = || SCRIPTS.iter().any(|ending| source[at..].starts_with(ending));
        if at < from || source.as_bytes()[at] == b'.' && !is_ending() {
            continue;
        }
        let (start, end) = path_around(source, at);
        from = end;
        let path = &source[start..end];
        let is_source =
            SCRIPTS.iter().any(|ending| path.ends_with(ending)) || path.ends_with(".py");
        let is_address =
            source[..start].ends_with([':', '@', '\'', '"']) || path.starts_with(['.', '/', '@']);
        // "Found in `tests/a.test.js:15-45`" cites what somebody else wrote.
        let is_cited = source[end..]
            .strip_prefix(':')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if !is_source || is_address || is_cited {
            continue;
        }
        let Some(unit_idx) = unit_at(agent, at) else {
            continue;
        };
        let unit = &agent.units[unit_idx];
        let known = last.filter(|(line, _)| line.range().contains(&at));
        let (line, is_otherwise) = *last.insert(known.unwrap_or_else(|| {
            let line = line_at(source, at);
            let lower = line.of(source).to_lowercase();
            (line, OTHERWISE.iter().any(|word| lower.contains(word)))
        }));
        if unit.direction == Direction::Warning || is_otherwise {
            continue;
        }
        found.push(Shown {
            path,
            place: Place::line(id, unit_idx, unit.kind, line),
            part: LazyPart::default(),
        });
    }
    found
}

/// Words by which a line speaks of a path as something else.
const OTHERWISE: &[&str] = &[
    "❌", "wrong", "bad", "never", "not ", "n't", "legacy", "deprecated", "old ", "instead",
    "avoid", "existing", "import ", "rename", "move", "e.g.",
];

/// Where the path that has a slash at `at` begins and ends.
fn path_around(source: &str, at: usize) -> (usize, usize) {
    let is_part = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'*' | b'@' | b'<' | b'>' | b'[' | b']')
    };
    let bytes = source.as_bytes();
    let n_before = bytes[..at].iter().rev().take_while(|&&byte| is_part(byte)).count();
    let n_after = bytes[at..].iter().take_while(|&&byte| is_part(byte)).count();
    (at - n_before, at + n_after)
}

/// The convention for file names that paths can break: its facet and option.
fn convention<'a>(facts: &Facts<'a>) -> Option<(&'a Facet, u32)> {
    let (_, facet) = facts.facets.find("file-names")?;
    Some((facet, facts.facets.find_option(facet, "kebab-case")?))
}

/// The paths that break the convention for file names to which an agent commits.
fn misnamed(
    facts: &Facts<'_>,
    reach: &Reach<'_>,
    id: u32,
    (facet, case): (&Facet, u32),
    shown: &[Vec<Shown<'_>>],
) -> Option<Clash> {
    let order = facts.commitments[id as usize].iter().find(|commitment| {
        commitment.option == case && commitment.takes && commitment.strength >= Strength::Medium
    })?;
    let Stated::Unit(unit_idx) = order.place else {
        return None;
    };
    let part = part(facts, id, unit_idx as usize);
    let others = reach.of(id).into_iter().flat_map(|(other, _)| &shown[other as usize]);
    let mut broken: Vec<&Shown<'_>> = others
        .filter(|shown| {
            shown.path.contains('/')
                && has_humps(shown.path)
                && !part.is_apart_from(shown.part.of(facts, shown.place))
        })
        .collect();
    broken.sort_by_key(|shown| shown.place);
    broken.dedup_by_key(|shown| shown.place);
    let first = broken.first()?;
    Some(Clash {
        rule: Rule::PracticeConflict,
        severity: Severity::Warning,
        confidence: 0.75,
        topic: facet.title.clone(),
        sides: vec![
            Side {
                label: "kebab-case".to_owned(),
                places: vec![Place::unit(id, unit_idx as usize)],
            },
            Side {
                label: format!("`{}`", first.path),
                places: broken.iter().map(|shown| shown.place).collect(),
            },
        ],
        help: "name the files alike, or say which files the rule is for".to_owned(),
    })
}

/// Whether a script is named in two or more words with capitals.
fn has_humps(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    let n_capitals = stem.bytes().skip(1).filter(u8::is_ascii_uppercase).count();
    let is_word = stem.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_word
        && n_capitals >= 1
        && stem.bytes().any(|byte| byte.is_ascii_lowercase())
        && !path.ends_with(".py")
}

/// Where a test file lies.
fn home(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next()?;
    let is_test = name.contains(".test.")
        || name.contains(".spec.")
        || (name.starts_with("test_") && name.ends_with(".py"));
    let folders: Vec<&str> = path.split('/').rev().skip(1).collect();
    if folders.is_empty() {
        return None;
    }
    let is_other_kind = folders.iter().any(|folder| {
        ["e2e", "integration", "cypress", "playwright", "app", "spec"].contains(folder)
    });
    if !is_test
        || is_other_kind
        || folders.iter().any(|folder| folder.contains("**")) && !folders.contains(&"__tests__")
    {
        return None;
    }
    if folders.contains(&"__tests__") {
        Some("in `__tests__` folders")
    } else if folders.iter().any(|folder| matches!(*folder, "tests" | "test")) {
        Some("in a folder of tests")
    } else {
        Some("beside the code")
    }
}

/// A kind of file that a project names in one casing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Hook,
    Component,
}

/// In which casing a file with a name of two words or more is named.
fn casing(path: &str) -> Option<(Kind, &'static str)> {
    /// Names that frameworks and generators prescribe.
    const GIVEN: &[&str] = &["global-error", "not-found", "use-mobile", "use-toast"];
    let name = path.rsplit('/').next()?;
    let (stem, ending) = name.split_once('.')?;
    if GIVEN.contains(&stem) || path.contains("ui/") {
        return None;
    }
    let is_kebab = stem.contains('-') && !stem.contains(|c: char| c.is_ascii_uppercase());
    if let Some(rest) = stem.strip_prefix("use").filter(|_| matches!(ending, "ts" | "tsx" | "js")) {
        return match rest.chars().next()? {
            '-' if is_kebab => Some((Kind::Hook, "`use-name`")),
            'A'..='Z' => Some((Kind::Hook, "`useName`")),
            _ => None,
        };
    }
    let is_word = stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_word || !matches!(ending, "tsx" | "jsx" | "vue") {
        return None;
    }
    let is_pascal = stem.starts_with(|c: char| c.is_ascii_uppercase()) && has_humps(path);
    match (is_kebab, is_pascal && !stem.contains('-')) {
        (true, _) => Some((Kind::Component, "kebab-case")),
        (_, true) => Some((Kind::Component, "PascalCase")),
        _ => None,
    }
}

/// Agents of which each shows files of one sort alone, but another sort than
/// the others; with the topic and the help of the clash.
fn divided(
    facts: &Facts<'_>,
    reach: &Reach<'_>,
    shown: &[Vec<Shown<'_>>],
    sort: impl Fn(&str) -> Option<&'static str>,
    (topic, help): (&str, &str),
) -> Vec<Clash> {
    let mut told: Vec<(&'static str, &Shown<'_>, &Part)> = Vec::new();
    for of_agent in shown {
        let own: Vec<_> =
            of_agent.iter().filter_map(|shown| Some((sort(shown.path)?, shown))).collect();
        // Who shows both sorts has decided nothing.
        if own.windows(2).all(|two| two[0].0 == two[1].0) {
            let first = own.first().copied();
            told.extend(
                first.map(|(sort, shown)| (sort, shown, shown.part.of(facts, shown.place))),
            );
        }
    }
    let mut clashes: Vec<Clash> = Vec::new();
    let mut is_said = vec![false; told.len()];
    for (at, (sort, one, part)) in told.iter().enumerate() {
        if is_said[at] {
            continue;
        }
        let mut sides: Vec<Side> =
            vec![Side { label: (*sort).to_owned(), places: vec![one.place] }];
        for (beside, (other_sort, other, other_part)) in told.iter().enumerate().skip(at + 1) {
            let is_opposed = other_sort != sort
                && reach.way(one.place.agent, other.place.agent).is_some()
                && !part.is_apart_from(other_part);
            if is_opposed {
                is_said[beside] = true;
                Side::add(&mut sides, (*other_sort).to_owned(), other.place);
            }
        }
        if sides.len() > 1 {
            clashes.push(Clash {
                rule: Rule::PracticeConflict,
                severity: Severity::Warning,
                confidence: 0.7,
                topic: topic.to_owned(),
                sides,
                help: help.to_owned(),
            });
        }
    }
    clashes
}

#[cfg(test)]
mod tests {
    use crate::rules::disputes::found;

    #[test]
    fn a_path_can_break_the_convention_for_names() {
        for memory in [
            "- Use kebab-case for file names",
            "- Naming: kebab-case files, PascalCase components",
            "- Archivos y carpetas: kebab-case",
        ] {
            let found = found(memory, "Put the list in `src/quay/QuayList.tsx`.");
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].starts_with("file names: kebab-case"), "{found:?}");
        }
    }

    #[test]
    fn what_is_cited_is_no_convention() {
        let own = "- `src/a/__tests__/b.test.ts` goes with `src/a/b.ts`";
        let other = "- `tests/b.test.ts` goes with `src/b.ts`";
        assert_eq!(found(own, other).len(), 1);
        let cited = "- Found in: `tests/b.test.ts:15-45`";
        assert_eq!(found(own, cited).len(), 0);
    }

    #[test]
    fn test_files_have_one_kind_of_place() {
        let found =
            found("Tests: `src/quay/__tests__/list.test.ts`", "Write `tests/quay/list.test.ts`.");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("place of test files"), "{found:?}");
    }

    #[test]
    fn files_of_one_kind_are_named_in_one_casing() {
        for (memory, agent, topic) in [
            (
                "Hooks: `use-berths.ts`",
                "A hook goes to `hooks/useTides.ts`.",
                "names of hook files",
            ),
            (
                "- `boat-list.tsx` shows all boats",
                "```\nComponentName.tsx  # React component\n```",
                "names of component files",
            ),
        ] {
            let found = found(memory, agent);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].starts_with(topic), "{found:?}");
        }
        for (memory, agent) in [
            ("`use-toast.ts`", "`useTides.ts`"),
            ("`ui/alert-dialog.tsx` and `BoatList.tsx`", "`TideTable.tsx`"),
            ("`boat-list.tsx` and `BoatList.tsx`", "`TideTable.tsx`"),
            ("`boat-list.ts`", "`TideTable.tsx`"),
        ] {
            assert_eq!(found(memory, agent), [] as [&str; 0], "{memory} {agent}");
        }
    }

    #[test]
    fn other_kinds_of_tests_and_old_paths_are_apart() {
        for (memory, agent) in [
            ("Tests: `src/quay/list.test.ts`", "Write `tests/e2e/list.spec.ts`."),
            ("Tests: `src/quay/list.test.ts`", "Write `tests/test_quay.py`."),
            ("Tests: `src/quay/list.test.ts`", "Unlike the legacy `tests/list.test.ts`."),
            ("- Use kebab-case for file names", "Rename `src/quay/QuayList.tsx`."),
            ("- Use kebab-case for file names", "Put it in `src/quay/List.tsx`."),
        ] {
            assert_eq!(found(memory, agent), [] as [&str; 0], "{memory} {agent}");
        }
    }
}
