//! `open-decision`: marks of `consolidate` that nobody has settled.

use memchr::memmem;

use super::{Draft, Facts};
use crate::finding::{Rule, Severity};
use crate::source::{Span, line_end, line_start};

/// What a draft of `consolidate` writes in front of two statements of which one
/// is to go.
pub const MARK: &str = "DECIDE: ";

/// Marks quoted of one file at most.
const MAX_QUOTES: usize = 6;

/// One finding for each definition that has marks.
pub fn findings(facts: &Facts<'_>) -> Vec<Draft> {
    let agents = 0..facts.agents().len() as u32;
    agents.filter_map(|id| draft(facts, id)).collect()
}

fn draft(facts: &Facts<'_>, id: u32) -> Option<Draft> {
    let text = facts.text(id);
    let body = facts.agent(id).frontmatter.body_start as usize;
    let marks: Vec<usize> = memmem::find_iter(text.as_bytes(), MARK)
        .filter(|&at| is_comment(&text[line_start(text, at)..at], at < body))
        .collect();
    let quotes = marks.iter().take(MAX_QUOTES);
    let what = match marks.len() {
        0 => return None,
        1 => "a decision".to_owned(),
        n => format!("{n} decisions"),
    };
    Some(Draft {
        rule: Rule::OpenDecision,
        severity: Severity::Error,
        confidence: 1.0,
        message: format!("{} leaves {what} open, marked by a merge", facts.names(&[id])),
        help: "keep what is right of the two sides, and take the other and the mark out".to_owned(),
        agents: vec![id],
        dispute: None,
        evidence: quotes.map(|&at| facts.quote(id, Span::new(at, line_end(text, at)))).collect(),
    })
}

/// Whether the line up to a mark opens a comment: `# DECIDE: …` in frontmatter,
/// which is a heading in a body, and `<!-- DECIDE: … -->` there.
fn is_comment(before: &str, in_frontmatter: bool) -> bool {
    let comment = before.strip_suffix("<!-- ");
    match in_frontmatter {
        true => before.trim() == "#",
        false => comment.is_some_and(|before| !before.ends_with('`')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Scope;
    use crate::rules::with_facts;

    #[test]
    fn marks_in_comments_are_told_once_for_each_file() {
        let text = "---\nname: desk\n# DECIDE: model opus (a.md) or sonnet (b.md)?\nmodel: opus\n---\n\n\
                    - Wait 5 minutes <!-- DECIDE: \"5\" (a.md:3) or \"9\" (b.md:4)? -->\n";
        let plain = "# DECIDE: who does what\n\nDECIDE: write the reason down\n\n- Mark it with `# DECIDE: who` or `<!-- DECIDE: who -->`\n";
        let files = [(".claude/agents/desk.md", text), ("CLAUDE.md", plain)];
        with_facts(&files, &[], Scope::Project, |facts| {
            let [draft] = &findings(facts)[..] else { panic!("one finding") };
            assert_eq!(draft.message, "`desk` leaves 2 decisions open, marked by a merge");
            let lines: Vec<u32> = draft.evidence.iter().map(|quote| quote.line).collect();
            assert_eq!(lines, [3, 7]);
        });
    }
}
