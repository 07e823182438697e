//! Comments that keep findings quiet: `<!-- agent-overlap: allow RULE: reason -->`.
//!
//! A comment speaks for the section in which it stands, with all that lies
//! below the section's heading; before the first heading, for the whole file.
//! Lines in bold are no headings here.

use memchr::memmem;

use super::{Agent, Fault, FaultKind};
use crate::finding::Rule;
use crate::slip::nearest;
use crate::source::{Span, line_start};

/// What comments to this program begin with.
const MARK: &str = "agent-overlap:";

/// How an allowance is written.
const FORM: &str = "`<!-- agent-overlap: allow RULE: reason -->`";

/// Findings of a rule that stay quiet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// The rule.
    pub rule: Rule,
    /// Those that quote something here.
    pub span: Span,
    /// The comment.
    pub comment: Span,
    /// Why.
    pub reason: String,
}

/// The allowances in a file, in order, and what is wrong with others. Files
/// without a comment to this program cost one search.
pub(super) fn allowances(agent: &Agent, source: &str) -> (Vec<Allowance>, Vec<Fault>) {
    let mut allowances = Vec::new();
    let mut faults = Vec::new();
    if memmem::find(source.as_bytes(), MARK.as_bytes()).is_none() {
        return (allowances, faults);
    }
    let headings = headings(agent);
    for comment in comments(agent, source) {
        match rule(comment.of(source)) {
            None => {}
            Some(Ok((rule, reason))) => allowances.push(Allowance {
                rule,
                span: section(&headings, source, comment.start),
                comment,
                reason: reason.to_owned(),
            }),
            Some(Err(message)) => faults.push(Fault {
                kind: FaultKind::Other,
                span: comment,
                message,
                help: format!("write {FORM}"),
            }),
        }
    }
    (allowances, faults)
}

/// The comments of the body that Markdown takes for comments. What stands in
/// code is a part of a unit.
fn comments(agent: &Agent, source: &str) -> Vec<Span> {
    let mut texts: Vec<Span> = agent.pieces.iter().map(|piece| piece.span).collect();
    texts.sort_unstable();
    let is_text = |place: usize| {
        let n_before = texts.partition_point(|text| text.start as usize <= place);
        let text = n_before.checked_sub(1).map(|at| texts[at]);
        text.is_some_and(|text| place < text.end as usize)
    };
    let mut comments = Vec::new();
    let mut at = agent.frontmatter.body_start as usize;
    while let Some(n) = source[at..].find("<!--") {
        let start = at + n;
        if is_text(start) {
            at = start + "<!--".len();
            continue;
        }
        let end = source[start..].find("-->");
        at = end.map_or(source.len(), |n| start + n + "-->".len());
        comments.push(Span::new(start, at));
    }
    comments
}

/// The rule that a comment allows and why, or what is wrong with it; `None` if
/// it does not speak to this program.
fn rule(comment: &str) -> Option<Result<(Rule, &str), String>> {
    let inner = comment.strip_prefix("<!--")?;
    let remark = inner.trim_start().strip_prefix(MARK)?.trim_start();
    let Some(remark) = remark.strip_suffix("-->") else {
        return Some(Err("a comment to agent-overlap that is not closed".to_owned()));
    };
    let Some(allowed) = remark.strip_prefix("allow ") else {
        return Some(Err(format!(
            "a comment to agent-overlap that says something else than {FORM}"
        )));
    };
    let (id, reason) = allowed.split_once(':').unwrap_or((allowed, ""));
    let id = id.trim();
    Some(match Rule::find(id) {
        None if id.contains(|c: char| c == ',' || c.is_whitespace()) => {
            Err(format!("a comment allows one rule, not `{id}`; write a comment for each"))
        }
        None => Err(match nearest(id, Rule::ALL.iter().map(|rule| rule.id())) {
            Some(near) => {
                format!("a comment allows the unknown rule `{id}`; did you mean `{near}`?")
            }
            None => format!(
                "a comment allows the unknown rule `{id}`; `agent-overlap explain` lists all"
            ),
        }),
        Some(_) if reason.trim().is_empty() => {
            Err(format!("a comment allows `{id}` without a reason; write {FORM}"))
        }
        Some(rule) => Ok((rule, reason.trim())),
    })
}

/// Levels and places of the real headings, in order.
fn headings(agent: &Agent) -> Vec<(u8, u32)> {
    let real = agent.sections.iter().filter(|section| !section.is_under_bold_line());
    real.filter_map(|section| {
        let heading = agent.units[section.heading? as usize];
        Some((section.level, heading.span.start))
    })
    .collect()
}

/// The section around a place: from its heading to the next one of its level or above.
fn section(headings: &[(u8, u32)], source: &str, place: u32) -> Span {
    let (above, below) = headings.split_at(headings.partition_point(|&(_, start)| start < place));
    let Some(&(level, start)) = above.last() else {
        return Span::new(0, source.len());
    };
    let next = below.iter().find(|&&(other, _)| other <= level);
    let end = next.map_or(source.len(), |&(_, start)| line_start(source, start as usize));
    Span::new(line_start(source, start as usize), end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::classify;
    use crate::source::{FileId, SourceFile};

    fn parsed(text: &str) -> Agent {
        let path = ".claude/agents/a.md".to_owned();
        let origin = classify(&path);
        crate::agent::parse(FileId(0), &SourceFile::new(path, text), origin)
    }

    fn allowed(text: &str) -> Vec<&str> {
        let agent = parsed(text);
        assert_eq!(agent.faults, []);
        agent.allowances.iter().map(|allowance| allowance.span.of(text)).collect()
    }

    const COMMENT: &str = "<!-- agent-overlap: allow choice-conflict: both are used -->";

    #[test]
    fn before_the_first_heading_a_comment_speaks_for_the_file() {
        let text = format!("{COMMENT}\nText.\n\n# A\n\nText.\n");
        assert_eq!(allowed(&text), [text.as_str()]);
    }

    #[test]
    fn below_a_heading_it_speaks_for_the_section() {
        let text = format!(
            "# A\n\nx\n\n## B\n\n{COMMENT}\n\ny\n\n**Bold:**\n\n- z\n\n### C\n\nu\n\n## D\n\nv\n"
        );
        let [section] = allowed(&text)[..] else { panic!("one") };
        assert!(section.starts_with("## B\n") && section.ends_with("u\n\n"), "{section}");
    }

    #[test]
    fn what_is_shown_in_code_allows_nothing() {
        let text = format!("# A\n\n```html\n{COMMENT}\n```\n\nWrite `{COMMENT}` above it.\n");
        assert_eq!(allowed(&text), [] as [&str; 0]);
    }

    #[test]
    fn mistakes_are_told() {
        for (comment, expected) in [
            ("<!-- agent-overlap: allow choice-conflict -->", "without a reason"),
            ("<!-- agent-overlap: allow choice-conflict: -->", "without a reason"),
            ("<!--agent-overlap: allow choice-conflct: x-->", "did you mean `choice-conflict`?"),
            (
                "<!-- agent-overlap: allow choice-conflict, house-rule: x -->",
                "one rule, not `choice-conflict, house-rule`",
            ),
            ("<!-- agent-overlap: ignore choice-conflict -->", "something else"),
            ("<!-- agent-overlap: allow choice-conflict: x", "not closed"),
        ] {
            let agent = parsed(&format!("# A\n\nText.\n\n{comment}\n"));
            assert_eq!(agent.allowances, []);
            let [fault] = &agent.faults[..] else { panic!("{comment}: {:?}", agent.faults) };
            assert!(fault.message.contains(expected), "{}", fault.message);
        }
        assert_eq!(parsed("<!-- see agent-overlap: x -->\n\nText.\n").faults, []);
    }
}
