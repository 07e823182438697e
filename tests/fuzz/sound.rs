//! What must hold for the parse of any text; the property tests and the fuzz
//! targets call it.

use agent_overlap::agent::{self, Agent, Unit, UnitKind};
use agent_overlap::discover::classify;
use agent_overlap::source::{FileId, SourceFile, Span};

/// Parses the text of an agent and panics if anything in the result is wrong.
pub(crate) fn check(text: &str) {
    let path = "agents/brewer.md".to_owned();
    let origin = classify(&path);
    let file = SourceFile::new(path, text);
    let agent = &agent::parse(FileId(0), &file, origin);
    for (idx, unit) in agent.units.iter().enumerate() {
        check_unit(agent, idx as u32, unit, text);
    }
    let in_order = |units: &[Unit]| units[0].span.end <= units[1].span.start;
    assert!(agent.units.windows(2).all(in_order), "units overlap");
    check_sections(agent);
    check_spans(agent, text);
}

fn check_unit(agent: &Agent, idx: u32, unit: &Unit, text: &str) {
    assert!(lies_in(unit.span, text));
    assert!(unit.lead_in.is_none_or(|lead_in| lead_in < idx));
    assert!((unit.section_idx as usize) < agent.sections.len());
    let pieces = &agent.pieces[unit.pieces.range()];
    assert!(pieces.iter().all(|piece| lies_in(piece.span, text) && !piece.span.is_empty()));
    assert!(pieces.windows(2).all(|two| two[0].span.end <= two[1].span.start));
    let ends = pieces.first().zip(pieces.last());
    let (first, last) = ends.expect("a unit has a piece");
    assert_eq!((first.span.start, last.span.end), (unit.span.start, unit.span.end));
    let unit_text = agent.unit_text(unit, text);
    assert!(!unit_text.trim().is_empty());
    assert_eq!(unit_text.trim(), &unit_text);
}

fn check_sections(agent: &Agent) {
    assert_eq!(agent.sections[0].parent, 0);
    assert_eq!(agent.sections[0].heading, None);
    for (idx, section) in agent.sections.iter().enumerate().skip(1) {
        assert!((section.parent as usize) < idx);
        assert!(agent.sections[section.parent as usize].level < section.level);
        if let Some(heading) = section.heading {
            let heading = agent.units[heading as usize];
            assert_eq!(heading.kind, UnitKind::Heading);
            assert_eq!(heading.section_idx as usize, idx);
        }
    }
}

/// All spans outside units.
fn check_spans(agent: &Agent, text: &str) {
    let frontmatter = &agent.frontmatter;
    let fields = frontmatter.fields.iter().flat_map(|field| [field.key_span, field.value_span]);
    let examples = agent.description.examples.iter();
    let examples = examples.flat_map(|example| [example.span, example.user]);
    let faults = agent.faults.iter().map(|fault| fault.span);
    let others = [frontmatter.span, agent.name_span, agent.description.span];
    for span in fields.chain(examples).chain(faults).chain(others.into_iter().flatten()) {
        assert!(lies_in(span, text), "{span:?}");
    }
    assert!(text.is_char_boundary(frontmatter.body_start as usize));
    for field in &frontmatter.fields {
        // An empty key is called `~`, and one in quotes may have escapes.
        let written = field.key_span.of(text);
        if !written.is_empty() && written.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            assert_eq!(written, field.key);
        }
    }
}

/// Whether the span lies in the text, on boundaries of characters.
fn lies_in(span: Span, text: &str) -> bool {
    text.get(span.range()).is_some()
}
