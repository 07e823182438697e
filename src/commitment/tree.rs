//! What a memory file tells in the comments of a directory tree:
//! `apps/web/  # React + Vite frontend`.

use super::judgement::OPEN_ABOVE;
use super::phrase::is_list_member;
use super::prose::Prose;
use super::reading::Place;
use super::wording::{Cue, cue_set};
use super::{Commitment, Reader, Strength, decided, shown_code};
use crate::agent::Kind;
use crate::facet::FacetKind;
use crate::source::{Span, lines};

/// Cues by which a comment tells of something else than what is there.
const OTHERWISE: [Cue; 6] =
    [Cue::Condition, Cue::History, Cue::Example, Cue::Comparison, Cue::Detection, Cue::Rejection];

/// The names with which the comments of a tree begin: what a folder holds is in use.
pub(super) fn commit(reader: &mut Reader<'_>) {
    let Reader { agent, source, table, ref mut contexts, ref mut out } = *reader;
    if agent.kind != Kind::Memory {
        return;
    }
    for (idx, unit) in shown_code(agent) {
        for line in lines(unit.span.of(source)) {
            let Some(text) = comment(line) else { continue };
            let hits = table.scanner().hits(text);
            if hits.is_empty()
                || cue_set(text).has_any(&OTHERWISE)
                || contexts.of(unit).has_any(&OPEN_ABOVE)
            {
                continue;
            }
            let place = Place::Unit(idx as u32);
            let prose = Prose {
                agent,
                source,
                table,
                text,
                hits: &hits,
                unit: Some(unit),
                place,
                context: contexts.of(unit),
            };
            let start = line.as_ptr() as usize - source.as_ptr() as usize;
            let start = start + line.len() - line.trim_start().len();
            let named = hits.iter().filter_map(|hit| {
                let option = decided(hit, table)?;
                let is_choice = table.facet_of(option).kind == FacetKind::Choice;
                let is_first = is_list_member(&text[..hit.start as usize], &hits, 0);
                (is_choice && is_first).then_some((*hit, option))
            });
            let span = Span::new(start, start + line.trim().len());
            out.extend(named.map(|(hit, option)| Commitment {
                version: prose.version(hit, option),
                ..Commitment::taken(option, Strength::Medium, place, span)
            }));
        }
    }
}

/// The comment behind a path in a line of a tree.
fn comment(line: &str) -> Option<&str> {
    const SIGNS: [&str; 5] = ["# ", "// ", "← ", "— ", "– "];
    let entry = line.trim_start_matches([' ', '\t', '│', '├', '└', '─', '|']);
    let (path, rest) = entry.split_once(' ')?;
    let is_path = path.ends_with('/') || path.contains('.') || line.contains(['├', '└']);
    let rest = rest.trim_start();
    let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign))?;
    is_path.then(|| rest[sign.len()..].trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_stands_behind_a_path() {
        assert_eq!(comment("├── quay/   # Zig quays"), Some("Zig quays"));
        assert_eq!(comment("  quay.toml // settings"), Some("settings"));
        assert_eq!(comment("moor --fast   # Zig"), None);
        assert_eq!(comment("├── quay/"), None);
    }
}
