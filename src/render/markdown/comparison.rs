//! Two agents beside each other as a page for an issue or a pull request.

use super::{Links, Page, findings, prose};
use crate::compare::{
    Comparison, Difference, FieldState, FieldValue, Match, Row, Section, Statement, Title,
};
use crate::render::Layout;
use crate::render::quote::clean_inner;
use crate::render::wording::{clipped, counted, percent, shown, to_move};
use crate::report::AgentInfo;

/// Characters of a statement.
const MAX_STATEMENT: usize = 500;
/// Characters of a value of the frontmatter.
const MAX_VALUE: usize = 200;

/// The comparison as a page.
pub(in crate::render) fn comparison(comparison: &Comparison, layout: &Layout) -> String {
    let links = Links { base: layout.link_base.as_deref() };
    let mut page = Page::default();
    let Comparison { left, right, .. } = comparison;
    page.add(&format!(
        "## {} ~ {}: {}\n\n**{}**",
        prose::code(&left.name),
        prose::code(&right.name),
        comparison.measures.relation.as_str(),
        prose::escaped(&comparison.verdict)
    ));
    page.add(&overview(comparison, &links));
    let agents = [comparison.left.clone(), comparison.right.clone()];
    findings::add_all(&mut page, &comparison.findings, &agents, &layout.limits, &links);
    frontmatter(&mut page, comparison);
    description(&mut page, comparison, layout);
    body(&mut page, comparison, layout);
    page.finish()
}

/// Who the two are, and the figures.
fn overview(comparison: &Comparison, links: &Links<'_>) -> String {
    let Comparison { left, right, measures, counts, .. } = comparison;
    let cells = |cell: &dyn Fn(&AgentInfo) -> String| format!("{} | {}", cell(left), cell(right));
    let file = |agent: &AgentInfo| links.link(prose::cell_code(&agent.path), &agent.path, None);
    let size = |agent: &AgentInfo| {
        let units = counted(agent.units as u64, "unit", "units");
        format!("{units}, {}", counted(agent.tokens, "token", "tokens"))
    };
    let to_move = to_move(comparison).map(|sentence| format!(" {sentence}"));
    format!(
        "| | left | right |\n|-|-|-|\n| file | {} |\n| size | {} |\n| like the other, by rare words | {} | {} |\n\
         | statements only there | {} | {} |\n\n\
         {} the same in both, {} in both but not the same. Likeness of names {:.2}, of roles {:.2}; \
         redundancy {:.2}.{}",
        cells(&file),
        cells(&size),
        percent(measures.left_in_right),
        percent(measures.right_in_left),
        counts.only_left,
        counts.only_right,
        counted(counts.same as u64, "statement", "statements"),
        counts.differing,
        measures.name,
        measures.role,
        measures.redundancy,
        to_move.unwrap_or_default(),
    )
}

/// What differs as a table, and the keys that do not.
fn frontmatter(page: &mut Page, comparison: &Comparison) {
    let fields = &comparison.frontmatter;
    if fields.is_empty() || !page.add("### Frontmatter") {
        return;
    }
    let value = |value: &Option<FieldValue>| match value {
        Some(value) => prose::cell_code(&clipped(&value.text, MAX_VALUE)),
        None => "*not set*".to_owned(),
    };
    let differing = fields.iter().filter(|field| field.state != FieldState::Same);
    let rows: String = differing
        .map(|field| {
            let note = match (field.note, field.state) {
                (Some(note), _) => note,
                (None, FieldState::SameMeaning) => "the same in meaning",
                (None, _) => "",
            };
            let key = prose::cell_code(&field.key);
            let (left, right) = (value(&field.left), value(&field.right));
            format!("| {key} | {left} | {right} | {note} |\n")
        })
        .collect();
    if !rows.is_empty() {
        let table = format!("| key | left | right | |\n|-|-|-|-|\n{}", rows.trim_end());
        if !page.add(&table) {
            page.close("*… too long to be shown here*");
        }
    }
    let same = fields.iter().filter(|field| field.state == FieldState::Same);
    let same: Vec<String> = same.map(|field| prose::code(&field.key)).collect();
    if !same.is_empty() {
        page.add(&format!("The same: {}.", same.join(", ")));
    }
}

fn description(page: &mut Page, comparison: &Comparison, layout: &Layout) {
    let description = &comparison.description;
    let differing = description.matches.iter().filter(|one| !one.differs.is_empty());
    let rows = differing
        .map(pair)
        .chain(description.only_left.iter().map(|one| row(Some(one), None, "")))
        .chain(description.only_right.iter().map(|one| row(None, Some(one), "")));
    let rows: Vec<String> = rows.collect();
    if !rows.is_empty() && page.add("### Description") && !page.add(&table(&rows, layout)) {
        page.close("*… too long to be shown here*");
    }
}

/// The sections with what differs, as many as the page holds.
fn body(page: &mut Page, comparison: &Comparison, layout: &Layout) {
    let told: Vec<String> = comparison
        .sections
        .iter()
        .filter_map(|section| one_section(comparison, section, layout))
        .collect();
    if told.is_empty() || !page.add("### Body") {
        return;
    }
    for (at, block) in told.iter().enumerate() {
        if !page.add(block) {
            let n_more = told.len() - at;
            let more = counted(n_more as u64, "more section", "more sections");
            page.close(&format!("*… {more} where they differ*"));
            return;
        }
    }
}

/// A section with what differs; `None` where nothing does.
fn one_section(comparison: &Comparison, section: &Section, layout: &Layout) -> Option<String> {
    let mut n_same = 0;
    let mut rows = Vec::new();
    for at in &section.rows {
        match *at {
            Row::Match(at) => match &comparison.matches[at] {
                found if found.differs.is_empty() => n_same += 1,
                found => rows.push(pair(found)),
            },
            Row::OnlyLeft(at) => rows.push(row(Some(&comparison.only_left[at]), None, "")),
            Row::OnlyRight(at) => rows.push(row(None, Some(&comparison.only_right[at]), "")),
        }
    }
    if rows.is_empty() {
        return None;
    }
    let title = |title: &Title| match title.text.as_str() {
        "" => "Before the first heading".to_owned(),
        text => prose::quote(text),
    };
    let titles = match (&section.left, &section.right) {
        (Some(left), Some(right)) if left.text == right.text => title(left),
        (Some(left), Some(right)) => format!("{} / {}", title(left), title(right)),
        (Some(one), None) => format!("{} (left)", title(one)),
        (None, Some(one)) => format!("{} (right)", title(one)),
        (None, None) => String::new(),
    };
    let same = match n_same {
        0 => String::new(),
        n => format!(" ({n} the same)"),
    };
    Some(format!("**{titles}**{same}\n\n{}", table(&rows, layout)))
}

/// The rows under a header, the first ones of many.
fn table(rows: &[String], layout: &Layout) -> String {
    let shown = shown(rows, layout.limits.statements);
    let mut table = format!("| | left | | right | |\n|-:|-|-:|-|-|\n{}", shown.concat());
    let n_more = rows.len() - shown.len();
    if n_more > 0 {
        table.push_str(&format!("| | … {n_more} more | | | |\n"));
    }
    table.truncate(table.trim_end().len());
    table
}

fn pair(found: &Match) -> String {
    let note = if found.differs.contains(&Difference::Direction) {
        if found.left.warning { "left warns, right advises" } else { "left advises, right warns" }
    } else if found.differs.contains(&Difference::Numbers) {
        "other numbers"
    } else if found.differs.contains(&Difference::Wording) {
        "in other words"
    } else {
        ""
    };
    row(Some(&found.left), Some(&found.right), note)
}

fn row(left: Option<&Statement>, right: Option<&Statement>, note: &str) -> String {
    let cells = |statement: Option<&Statement>| match statement {
        Some(statement) => format!("{} | {}", statement.line, words(statement)),
        None => " | ".to_owned(),
    };
    format!("| {} | {} | {note} |\n", cells(left), cells(right))
}

/// The statement, in bold what the other one has not.
fn words(statement: &Statement) -> String {
    if statement.segments.is_empty() {
        return prose::quote(&clipped(&statement.text, MAX_STATEMENT));
    }
    let mut out = String::new();
    let mut n_left = MAX_STATEMENT;
    for segment in &statement.segments {
        if n_left == 0 {
            break;
        }
        let text = clean_inner(&segment.text);
        let text = clipped(&text, n_left);
        n_left = n_left.saturating_sub(text.chars().count());
        let core = prose::quote(&text);
        let blank = |is_blank: bool| if is_blank { " " } else { "" };
        out.push_str(blank(text.starts_with(' ')));
        if segment.changed && !core.is_empty() {
            out.push_str(&format!("<b>{core}</b>"));
        } else {
            out.push_str(&core);
        }
        out.push_str(blank(text.ends_with(' ') && !core.is_empty()));
    }
    out
}
