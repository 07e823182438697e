//! A result in the form that somebody reads: a person the text, a script the
//! JSON. Every form is a function of the same [`Report`], [`Review`], [`Plan`],
//! [`Comparison`], [`Routing`], [`Lineup`] or [`Explanation`]; none computes anything that these
//! do not say, and none looks at the terminal or the environment.

use std::io::{self, Write};

use crate::compare::Comparison;
use crate::consolidate::Plan;
use crate::explain::Explanation;
use crate::lineup::{FacetInfo, Lineup};
use crate::report::Report;
use crate::review::Review;
use crate::route::Routing;

mod entries;
mod github;
mod graph;
mod html;
mod json;
mod markdown;
pub mod quote;
mod sarif;
mod text;
mod wording;

/// A form of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum ReportFormat {
    /// For a person at a terminal.
    Text,
    /// For scripts; `docs/report.md` is the contract.
    Json,
    /// SARIF 2.1.0, for code scanning and editors.
    Sarif,
    /// Annotations in a run of GitHub Actions.
    Github,
    /// A page for a pull request, a CI summary or a file.
    Markdown,
    /// For a browser: one page that loads nothing.
    Html,
    /// The graph of the agents, as a picture.
    Svg,
    /// The graph of the agents, for Graphviz.
    Dot,
    /// The graph of the agents, for Markdown that draws Mermaid.
    Mermaid,
    /// The graph of the agents with all figures, for Gephi, yEd, networkx.
    #[cfg_attr(feature = "cli", value(name = "graphml"))]
    GraphMl,
}

/// A form of every other result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Format {
    /// For a person at a terminal.
    Text,
    /// For scripts; `docs/report.md` is the contract.
    Json,
}

/// A form of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum ComparisonFormat {
    /// For a person at a terminal.
    Text,
    /// For scripts; `docs/report.md` is the contract.
    Json,
    /// A page for an issue or a pull request.
    Markdown,
    /// A page for a browser: one file that loads nothing.
    Html,
}

/// How the forms for people are laid out. Those for programs do not depend on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Columns to fill at most. Fewer than [`MIN_WIDTH`] count as that many.
    pub width: usize,
    /// Whether to write ANSI styles. Without, the output has no escape byte.
    pub color: bool,
    /// How much to show of what there may be thousands of.
    pub limits: Limits,
    /// The paths of the run as given, to repeat in commands that are suggested.
    pub paths: Vec<String>,
    /// The flags by which the run reads more than these paths or takes them
    /// otherwise, such as `--user`, to repeat there too.
    pub flags: Vec<String>,
    /// What stands before a path in the links of a Markdown page, such as
    /// `https://github.com/owner/name/blob/main/`. Without, there are no links.
    pub link_base: Option<String>,
}

/// The narrowest text form that is laid out.
pub const MIN_WIDTH: usize = 40;

impl Default for Layout {
    /// 80 columns without colour, for an unnamed path.
    fn default() -> Self {
        Self {
            width: 80,
            color: false,
            limits: Limits::default(),
            paths: Vec::new(),
            flags: Vec::new(),
            link_base: None,
        }
    }
}

/// How many of each are shown; the rest is counted in one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Groups of redundant agents.
    pub groups: usize,
    /// Droppable agents of one group, and names in one list of agents.
    pub members: usize,
    /// Errors of one rule.
    pub errors: usize,
    /// Warnings of one rule, and as many notes.
    pub others: usize,
    /// Quoted places of one finding.
    pub places: usize,
    /// Overlapping pairs.
    pub overlaps: usize,
    /// Repeated blocks.
    pub boilerplate: usize,
    /// Kinds of trouble in the input, and files of one kind.
    pub problems: usize,
    /// Steps of what to do next.
    pub steps: usize,
    /// Statements of one section in a comparison; with all of them, those that
    /// are the same are shown too.
    pub statements: usize,
}

impl Default for Limits {
    /// What two or three screens hold, however large the collection is.
    fn default() -> Self {
        Self {
            groups: 10,
            members: 4,
            errors: 10,
            others: 5,
            places: 4,
            overlaps: 5,
            boilerplate: 5,
            problems: 5,
            steps: 5,
            statements: 40,
        }
    }
}

impl Limits {
    /// Everything there is.
    pub const ALL: Self = Self {
        groups: usize::MAX,
        members: usize::MAX,
        errors: usize::MAX,
        others: usize::MAX,
        places: usize::MAX,
        overlaps: usize::MAX,
        boilerplate: usize::MAX,
        problems: usize::MAX,
        steps: usize::MAX,
        statements: usize::MAX,
    };
}

/// Writes the report, ending in a newline. Quoted text is free of control
/// characters in the text form and as it is, escaped, in JSON. Like all
/// functions here it writes in many small pieces: `out` should be buffered.
///
/// # Errors
/// Those of `out`.
pub fn render(
    report: &Report,
    format: ReportFormat,
    layout: &Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let text = match format {
        ReportFormat::Json => return json::write(report, out),
        ReportFormat::Sarif => return sarif::write(report, out),
        ReportFormat::Text => text::text(report, layout),
        ReportFormat::Github => github::annotations(&report.findings, &report.problems),
        ReportFormat::Markdown => markdown::page(report, layout),
        ReportFormat::Html => html::report(report)?,
        ReportFormat::Svg => html::svg(report),
        ReportFormat::Dot => graph::dot(report),
        ReportFormat::Mermaid => graph::mermaid(report),
        ReportFormat::GraphMl => graph::graphml(report),
    };
    out.write_all(text.as_bytes())
}

/// Writes a review, ending in a newline, as [`render`] writes a report; forms
/// that hold findings or relations alone are those of its report.
///
/// # Errors
/// Those of `out`.
pub fn render_review(
    review: &Review,
    format: ReportFormat,
    layout: &Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let text = match format {
        ReportFormat::Json => return json::write(review, out),
        ReportFormat::Sarif
        | ReportFormat::Github
        | ReportFormat::Svg
        | ReportFormat::Dot
        | ReportFormat::Mermaid
        | ReportFormat::GraphMl => return render(&review.report, format, layout, out),
        ReportFormat::Text => text::review(review, layout),
        ReportFormat::Markdown => markdown::review(review, layout),
        ReportFormat::Html => html::review(review)?,
    };
    out.write_all(text.as_bytes())
}

/// Writes what can be decided: a table, or a list in JSON.
///
/// # Errors
/// Those of `out`.
pub fn render_facets(
    facets: &[FacetInfo],
    format: Format,
    layout: &Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Text => out.write_all(text::facets(facets, layout).as_bytes()),
        Format::Json => json::write_list(facets, out),
    }
}

/// Writes what the agents decide for: a matrix, or a list in JSON.
///
/// # Errors
/// Those of `out`.
pub fn render_lineup(
    lineup: &Lineup,
    format: Format,
    layout: &Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Text => out.write_all(text::lineup(lineup, layout).as_bytes()),
        Format::Json => json::write_list(&lineup.stances, out),
    }
}

/// Writes what to do with each agent, as text or JSON.
///
/// # Errors
/// Those of `out`.
pub fn render_plan(
    plan: &Plan,
    format: Format,
    layout: &Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Text => out.write_all(text::consolidation(plan, layout).as_bytes()),
        Format::Json => json::write(plan, out),
    }
}

/// Writes who answers to a request: a ranking, or an object in JSON.
///
/// # Errors
/// Those of `out`.
pub fn render_routing(
    routing: &Routing,
    format: Format,
    layout: &Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Text => out.write_all(text::route(routing, layout).as_bytes()),
        Format::Json => json::write(routing, out),
    }
}

/// Writes what two agents say alike and otherwise.
///
/// # Errors
/// Those of `out`.
pub fn render_comparison(
    comparison: &Comparison,
    format: ComparisonFormat,
    layout: &Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    let text = match format {
        ComparisonFormat::Json => return json::write(comparison, out),
        ComparisonFormat::Text => text::comparison(comparison, layout),
        ComparisonFormat::Markdown => markdown::comparison(comparison, layout),
        ComparisonFormat::Html => html::comparison(comparison),
    };
    out.write_all(text.as_bytes())
}

/// Writes an explanation as text.
///
/// # Errors
/// Those of `out`.
pub fn render_explanation(
    explanation: &Explanation,
    layout: &Layout,
    out: &mut dyn Write,
) -> io::Result<()> {
    out.write_all(text::explanation(explanation, layout).as_bytes())
}
