//! The report as a Markdown page, for a pull request, an issue, the summary of
//! a CI run or a file. A page holds what a comment on GitHub may hold, and
//! says what it leaves out. Foreign text shows as it is and does nothing else
//! ([`prose`]).

use crate::render::Layout;
use crate::render::wording::{
    LIKELY_ONE_JOB, UNLIKE, are_telling_names, baseline, clipped, counted, likely_one_job,
    nearness, shown, thousands, verdict,
};
use crate::report::{AgentInfo, ApartInfo, GroupInfo, PairInfo, ProblemInfo, Report};

mod comparison;
mod findings;
mod page;
mod prose;
mod review;

pub(super) use comparison::comparison;
use page::Page;
pub(super) use review::review;

/// Characters of an agent's name.
const MAX_NAME: usize = 60;

/// Characters of what a problem says.
const MAX_PROBLEM: usize = 300;

/// Turns places into links, if it is known where the files can be read.
pub(super) struct Links<'a> {
    /// What stands before a path: `https://github.com/o/r/blob/main/`.
    pub(super) base: Option<&'a str>,
}

impl Links<'_> {
    /// `path:line` as code, and as a link where there are links.
    pub(super) fn place(&self, path: &str, line: Option<u32>) -> String {
        let place = match line {
            Some(line) => format!("{path}:{line}"),
            None => path.to_owned(),
        };
        self.link(prose::code(&place), path, line)
    }

    fn link(&self, text: String, path: &str, line: Option<u32>) -> String {
        let is_below = !path.starts_with(['/', '~']) && !path.starts_with("../");
        match self.base {
            Some(base) if is_below => {
                format!("[{text}]({})", prose::target(base, path, line))
            }
            _ => text,
        }
    }
}

/// The report as a page.
pub(super) fn page(report: &Report, layout: &Layout) -> String {
    let links = Links { base: layout.link_base.as_deref() };
    let mut page = Page::default();
    page.add(&format!("## {}\n\n**{}**", report.tool.name, verdict(report)));
    if let Some(figures) = figures(report) {
        page.add(&figures);
    }
    groups(&mut page, report, layout, &links);
    apart(&mut page, report, layout, &links);
    likely(&mut page, report, layout, &links);
    findings::add_all(&mut page, &report.findings, &report.agents, &layout.limits, &links);
    problems(&mut page, &report.problems, layout.limits.problems, &links);
    page.finish()
}

/// What redundancy costs and what stays quiet, in a sentence each.
fn figures(report: &Report) -> Option<String> {
    let summary = &report.summary;
    let mut sentences = Vec::new();
    if summary.tokens.redundant > 0 {
        sentences.push(format!(
            "Merging redundant agents saves up to {} of {}.",
            thousands(summary.tokens.redundant),
            counted(summary.tokens.total, "token", "tokens"),
        ));
    }
    if summary.allowed > 0 {
        let allowed = counted(summary.allowed as u64, "finding", "findings");
        sentences.push(format!("{allowed} kept quiet by comments or the configuration."));
    }
    if let Some(counts) = summary.baseline {
        sentences.push(format!("Baseline: {}.", baseline(counts)));
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// Groups that are as alike, but of which none can go.
fn apart(page: &mut Page, report: &Report, layout: &Layout, links: &Links<'_>) {
    if report.apart.is_empty() || !page.add("### As alike, but none can stand in for another one") {
        return;
    }
    let are_telling = are_telling_names(&report.agents);
    let name = |id: &u32| {
        let agent = &report.agents[*id as usize];
        cell(agent, are_telling[*id as usize], links)
    };
    let groups = shown(&report.apart, layout.limits.groups);
    let item = |group: &ApartInfo| {
        let names: Vec<String> = group.members.iter().map(name).collect();
        format!("- {} ({})", names.join(", "), group.reason)
    };
    let items: Vec<String> = groups.iter().map(item).collect();
    let is_full = !page.add(&items.join("\n"));
    let n_more = report.apart.len() - if is_full { 0 } else { groups.len() };
    if n_more > 0 {
        let more = counted(n_more as u64, "more group", "more groups");
        page.close(&format!("… {more}"));
    }
}

/// Pairs that may well be one job.
fn likely(page: &mut Page, report: &Report, layout: &Layout, links: &Links<'_>) {
    let pairs = likely_one_job(report);
    if pairs.is_empty() || !page.add(&format!("### To read side by side\n\n{LIKELY_ONE_JOB}.")) {
        return;
    }
    let are_telling = are_telling_names(&report.agents);
    let name = |id: u32| cell(&report.agents[id as usize], are_telling[id as usize], links);
    let shown = shown(&pairs, layout.limits.overlaps);
    let item = |pair: &&PairInfo| {
        let (left, right) = (name(pair.left), name(pair.right));
        format!("- {left}, {right}: {}", nearness(pair))
    };
    let items: Vec<String> = shown.iter().map(item).collect();
    let is_full = !page.add(&items.join("\n"));
    let n_more = pairs.len() - if is_full { 0 } else { shown.len() };
    if n_more > 0 {
        page.close(&format!("… {}", counted(n_more as u64, "more pair", "more pairs")));
    }
}

/// Redundant agents as a table; those beyond the first few are folded.
fn groups(page: &mut Page, report: &Report, layout: &Layout, links: &Links<'_>) {
    if report.groups.is_empty() || !page.add("### Redundant agents") {
        return;
    }
    let are_telling = are_telling_names(&report.agents);
    let name = |id: u32| cell(&report.agents[id as usize], are_telling[id as usize], links);
    let row = |group: &GroupInfo| {
        let drop = shown(&group.drop, layout.limits.members);
        let mut names: Vec<String> = drop.iter().map(|id| name(*id)).collect();
        let n_more = group.drop.len() - drop.len();
        if n_more > 0 {
            names.push(format!("+ {} more", thousands(n_more as u64)));
        }
        format!(
            "| {} | {} | {} | {} | {} |\n",
            name(group.keep),
            names.join("<br>"),
            group.relation.as_str(),
            counted(group.tokens_saved, "token", "tokens"),
            match (group.missing_units, group.missing_parts) {
                (0, 0) => "nothing".to_owned(),
                (0, n) => counted(n as u64, "part", "parts"),
                (n, _) if group.hardly_alike => {
                    format!("{}; {UNLIKE}", counted(n as u64, "line", "lines"))
                }
                (n, _) => counted(n as u64, "line", "lines"),
            }
        )
    };
    let table = |groups: &[GroupInfo]| {
        let rows: String = groups.iter().map(row).collect();
        format!("| keep | drop | relation | saves | to merge |\n|-|-|-|-:|-:|\n{rows}")
            .trim_end()
            .to_owned()
    };
    let open = shown(&report.groups, layout.limits.groups);
    let folded = &report.groups[open.len()..];
    let more = |n: usize| counted(n as u64, "more group", "more groups");
    if !page.add(&table(open)) {
        page.close(&format!("*… {}*", counted(report.groups.len() as u64, "group", "groups")));
        return;
    }
    let fold = format!(
        "<details>\n<summary>{}</summary>\n\n{}\n\n</details>",
        more(folded.len()),
        table(folded)
    );
    if !folded.is_empty() && !page.add(&fold) {
        page.close(&format!("*… {}*", more(folded.len())));
    }
}

/// An agent in a cell: its name where that says who is meant, else its path.
fn cell(agent: &AgentInfo, is_telling: bool, links: &Links<'_>) -> String {
    let text = match is_telling {
        true => clipped(&agent.name, MAX_NAME),
        false => agent.path.as_str().into(),
    };
    links.link(prose::cell_code(&text), &agent.path, None)
}

/// Trouble in the input, folded.
fn problems(page: &mut Page, problems: &[ProblemInfo], limit: usize, links: &Links<'_>) {
    if problems.is_empty() {
        return;
    }
    let shown = shown(problems, limit);
    let items = shown.iter().map(|problem| {
        let message: String = problem.message.chars().take(MAX_PROBLEM).collect();
        let place = links.place(&problem.path, problem.line);
        format!("- {place}: {}", prose::escaped(&message))
    });
    let mut items: Vec<String> = items.collect();
    let n_more = problems.len() - shown.len();
    if n_more > 0 {
        items.push(format!("- … {} more", thousands(n_more as u64)));
    }
    let n = counted(problems.len() as u64, "problem", "problems");
    let block = format!(
        "<details>\n<summary>{n} in the input</summary>\n\n{}\n\n</details>",
        items.join("\n")
    );
    if !page.add(&block) {
        page.close(&format!("*… {n} in the input*"));
    }
}
