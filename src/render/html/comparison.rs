//! Two agents beside each other as a page.

use super::markup::Markup;
use super::{escape, page, text};
use crate::compare::{
    Alignment, Comparison, Difference, FieldInfo, FieldState, Match, Row, Section, Statement, Title,
};
use crate::finding::Finding;
use crate::render::quote::clean_inner;
use crate::render::wording::{difference, percent, to_move};
use crate::report::AgentInfo;

/// The comparison as a page of its own.
pub(in crate::render) fn comparison(comparison: &Comparison) -> String {
    let Comparison { left, right, .. } = comparison;
    let mut body = String::from("<header>\n");
    body.push_str(&format!(
        "<h1>{} ~ {} <span class=\"relation\">{}</span></h1>\n",
        text(&left.name),
        text(&right.name),
        comparison.measures.relation.as_str()
    ));
    body.push_str(&format!("<p class=\"verdict\">{}</p>\n", code_in(&comparison.verdict)));
    body.push_str(&overview(comparison));
    body.push_str("</header>\n<main>\n");
    for part in [
        findings(comparison),
        frontmatter(comparison),
        description(&comparison.description),
        statements(comparison),
    ] {
        body.push_str(&part);
    }
    body.push_str("</main>\n");
    let title = format!("{} ~ {}", left.name, right.name);
    page::comparison(&title, &body)
}

/// A message of ours: what stands between backticks as code.
fn code_in(message: &str) -> String {
    let mut out = Markup::default();
    out.prose(message);
    out.into_string()
}

/// Who the two are, and the figures.
fn overview(comparison: &Comparison) -> String {
    let Comparison { left, right, measures, counts, .. } = comparison;
    let row = |label: &str, cell: &dyn Fn(&AgentInfo) -> String| {
        format!(
            "<tr><th scope=\"row\">{label}</th><td>{}</td><td>{}</td></tr>\n",
            cell(left),
            cell(right)
        )
    };
    let mut rows = String::new();
    rows.push_str(&row("file", &|agent| {
        format!("<span class=\"path\">{}</span>", text(&agent.path))
    }));
    rows.push_str(&row("kind", &|agent| text(agent.kind)));
    rows.push_str(&row("units", &|agent| agent.units.to_string()));
    rows.push_str(&row("tokens", &|agent| agent.tokens.to_string()));
    let shares =
        [(counts.only_left, measures.left_in_right), (counts.only_right, measures.right_in_left)];
    let cells = shares.map(|(n, share)| {
        format!("<td>{n} only here; by rare words {} of it is like the other</td>", percent(share))
    });
    rows.push_str(&format!("<tr><th scope=\"row\">statements</th>{}</tr>\n", cells.concat()));
    let to_move = to_move(comparison).map(|sentence| format!(" {sentence}"));
    format!(
        "<table>\n<thead><tr><td></td><th scope=\"col\">left</th><th scope=\"col\">right</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n\
         <p class=\"dim\">{} statements are the same in both, {} are in both but not the same. \
         Likeness of names {:.2}, of roles {:.2}; redundancy {:.2}.{}</p>\n",
        counts.same,
        counts.differing,
        measures.name,
        measures.role,
        measures.redundancy,
        to_move.unwrap_or_default()
    )
}

fn findings(comparison: &Comparison) -> String {
    let all: String =
        comparison.findings.iter().map(|finding| one_finding(comparison, finding)).collect();
    part("conflicts", "Conflicts", &all)
}

fn one_finding(comparison: &Comparison, finding: &Finding) -> String {
    let quotes = finding.evidence.iter().map(|quote| {
        let side = if quote.path == comparison.left.path { "left" } else { "right" };
        format!(
            "<li><span class=\"line\">{side} {}</span> <q dir=\"auto\">{}</q></li>\n",
            quote.line,
            text(&quote.text)
        )
    });
    format!(
        "<div class=\"finding {severity}\">\n<p><strong>{severity} {}</strong>: {}</p>\n\
         <ul>\n{}</ul>\n<p>{}</p>\n</div>\n",
        finding.rule.id(),
        code_in(&finding.message),
        quotes.collect::<String>(),
        code_in(&finding.help),
        severity = finding.severity.as_str(),
    )
}

fn frontmatter(comparison: &Comparison) -> String {
    if comparison.frontmatter.is_empty() {
        return String::new();
    }
    let rows: String = comparison.frontmatter.iter().map(field).collect();
    let table = format!(
        "<table>\n<thead><tr><th scope=\"col\">key</th><th scope=\"col\">left</th>\
         <th scope=\"col\">right</th><th scope=\"col\">agreement</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n"
    );
    part("frontmatter", "Frontmatter", &table)
}

fn field(field: &FieldInfo) -> String {
    let value = |side: &Option<crate::compare::FieldValue>| match side {
        Some(value) => format!("<td dir=\"auto\">{}</td>", text(&value.text)),
        None => "<td class=\"dim\">not set</td>".to_owned(),
    };
    let mut agreement = match field.state {
        FieldState::Same => "the same",
        FieldState::SameMeaning => "the same in meaning",
        FieldState::Differs => "differs",
        FieldState::OnlyLeft => "only left",
        FieldState::OnlyRight => "only right",
    }
    .to_owned();
    if let Some(note) = field.note {
        agreement.push_str(&format!(": {}", text(note)));
    }
    if let Some(items) = &field.items {
        for (which, names) in [
            ("both", &items.both),
            ("only left", &items.only_left),
            ("only right", &items.only_right),
        ] {
            if !names.is_empty() {
                agreement.push_str(&format!("<br>{which}: {}", text(&names.join(", "))));
            }
        }
    }
    format!(
        "<tr><th scope=\"row\">{}</th>{}{}<td>{agreement}</td></tr>\n",
        text(&field.key),
        value(&field.left),
        value(&field.right)
    )
}

fn description(description: &Alignment) -> String {
    let matches: Vec<&Match> = description.matches.iter().collect();
    let mut rows: Vec<String> = Vec::new();
    rows.extend(matches.iter().filter(|one| !one.differs.is_empty()).map(|one| pair(one)));
    rows.extend(description.only_left.iter().map(|one| alone(one, Side::Left)));
    rows.extend(description.only_right.iter().map(|one| alone(one, Side::Right)));
    let same: Vec<String> =
        matches.iter().filter(|one| one.differs.is_empty()).map(|one| pair(one)).collect();
    part("description", "Description", &lists(&same, &rows))
}

fn statements(comparison: &Comparison) -> String {
    let sections: String =
        comparison.sections.iter().map(|section| one_section(comparison, section)).collect();
    part("body", "Body", &sections)
}

fn one_section(comparison: &Comparison, section: &Section) -> String {
    let title = |title: &Title| match text(&title.text) {
        text if text.is_empty() => "Before the first heading".to_owned(),
        text => text,
    };
    let heading = match (&section.left, &section.right) {
        (Some(left), Some(right)) if left.text == right.text => title(left),
        (Some(left), Some(right)) => format!("{} / {}", title(left), title(right)),
        (Some(left), None) => format!("{} <span class=\"dim\">(left)</span>", title(left)),
        (None, Some(right)) => format!("{} <span class=\"dim\">(right)</span>", title(right)),
        (None, None) => String::new(),
    };
    let (mut same, mut rows) = (Vec::new(), Vec::new());
    for row in &section.rows {
        match *row {
            Row::Match(at) => {
                let found = &comparison.matches[at];
                let list = if found.differs.is_empty() { &mut same } else { &mut rows };
                list.push(pair(found));
            }
            Row::OnlyLeft(at) => rows.push(alone(&comparison.only_left[at], Side::Left)),
            Row::OnlyRight(at) => rows.push(alone(&comparison.only_right[at], Side::Right)),
        }
    }
    format!("<h3>{heading}</h3>\n{}", lists(&same, &rows))
}

/// What is the same, folded away, then the rest.
fn lists(same: &[String], rows: &[String]) -> String {
    let list = |rows: &[String]| match rows {
        [] => String::new(),
        rows => format!("<ol class=\"rows\">\n{}</ol>\n", rows.concat()),
    };
    let folded = match same {
        [] => String::new(),
        same => format!(
            "<details><summary>{} the same</summary>\n{}</details>\n",
            same.len(),
            list(same)
        ),
    };
    folded + &list(rows)
}

#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
}

impl Side {
    fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
        }
    }
}

fn pair(found: &Match) -> String {
    let is_reworded = found.differs.contains(&Difference::Wording);
    let note = difference(found).or(is_reworded.then_some("in other words"));
    let note = note.map_or_else(String::new, |note| format!("<p class=\"note\">{note}</p>"));
    format!("<li>{}{}{note}</li>\n", side(&found.left, Side::Left), side(&found.right, Side::Right))
}

fn alone(statement: &Statement, of: Side) -> String {
    format!("<li class=\"only\">{}</li>\n", side(statement, of))
}

/// A statement with its line; the words that the other one has not in `<del>`
/// or `<ins>`.
fn side(statement: &Statement, of: Side) -> String {
    let name = of.as_str();
    let tag = match of {
        Side::Left => "del",
        Side::Right => "ins",
    };
    let words = if statement.segments.is_empty() {
        text(&statement.text)
    } else {
        let segments = statement.segments.iter();
        segments
            .map(|segment| {
                let text = escape(&clean_inner(&segment.text));
                if segment.changed && !text.trim().is_empty() {
                    format!("<{tag}>{text}</{tag}>")
                } else {
                    text
                }
            })
            .collect()
    };
    format!(
        "<div class=\"{name}\"><span class=\"line\"><span class=\"unseen\">{name}, line </span>{}</span>\
         <span class=\"text\" dir=\"auto\">{words}</span></div>",
        statement.line
    )
}

/// A part of the page, if there is anything in it.
fn part(id: &str, title: &str, content: &str) -> String {
    if content.is_empty() {
        return String::new();
    }
    format!(
        "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}</h2>\n{content}</section>\n"
    )
}
