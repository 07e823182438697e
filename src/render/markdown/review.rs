//! A review as a page: a comment on a pull request.

use super::{Links, Page, cell, findings, problems, prose};
use crate::render::Layout;
use crate::render::quote::clean;
use crate::render::wording::review::{
    added, circumstances, closest as closest_to, happened, help, known, shown_closest, verdict,
    word,
};
use crate::render::wording::{are_telling_names, clipped, counted, percent, shown};
use crate::review::{Review, Reviewed};

/// Characters of a quoted statement.
const MAX_QUOTE: usize = 300;

/// Paths of removed definitions that are named.
const MAX_REMOVED: usize = 20;

/// The review as a page.
pub(in crate::render) fn review(review: &Review, layout: &Layout) -> String {
    let links = Links { base: layout.link_base.as_deref() };
    let added = added(review);
    let mut page = Page::default();
    let name = review.report.tool.name;
    page.add(&format!("## {name}\n\n**{}**", verdict(review)));
    let base = review.base.as_deref().map(prose::escaped);
    page.add(&circumstances(review, base.as_deref()).join(" · "));

    let mut reviewed: Vec<&Reviewed> = review.reviewed.iter().collect();
    reviewed.sort_by_key(|one| one.verdict);
    let n_cut = verdicts(&mut page, review, &reviewed, layout, &links);
    if n_cut > 0 {
        let more = counted(n_cut as u64, "more definition", "more definitions");
        page.close(&format!("*… {more}*"));
    }
    removed(&mut page, &review.removed);
    findings::add_all(&mut page, added, &review.report.agents, &layout.limits, &links);
    problems(&mut page, &review.report.problems, layout.limits.problems, &links);
    if let Some(known) = known(review) {
        page.add(&format!("*{known}*"));
    }
    page.finish()
}

/// A row for each definition, and the details of those that have neighbours.
/// Returns how many definitions found no room.
fn verdicts(
    page: &mut Page,
    review: &Review,
    reviewed: &[&Reviewed],
    layout: &Layout,
    links: &Links<'_>,
) -> usize {
    let agents = &review.report.agents;
    let are_telling = are_telling_names(agents);
    let name = |id: u32| cell(&agents[id as usize], are_telling[id as usize], links);
    let listed = shown(reviewed, layout.limits.groups);
    let row = |one: &&Reviewed| {
        let path = &agents[one.agent as usize].path;
        let path = links.link(prose::cell_code(path), path, None);
        let (nearest, only_here) = match one.nearest.first() {
            Some(near) => (
                format!(
                    "{} ({}, {} alike there)",
                    name(near.agent),
                    near.relation.as_str(),
                    percent(near.said_there)
                ),
                format!("{} of {}", one.only_here.len(), one.n_statements),
            ),
            None => {
                let closest = shown_closest(one);
                let closest = closest.map(|near| closest_to(near, &name(near.agent)));
                (closest.unwrap_or_default(), String::new())
            }
        };
        let happened = happened(one).map(|what| format!(" · {}", prose::escaped(&what)));
        let path = path + &happened.unwrap_or_default();
        format!("| {path} | **{}** | {nearest} | {only_here} |\n", word(one))
    };
    if listed.is_empty() {
        return 0;
    }
    let rows: String = listed.iter().map(row).collect();
    let table = format!(
        "| definition | verdict | nearest | statements only here |\n|-|-|-|-:|\n{}",
        rows.trim_end()
    );
    if !page.add(&table) {
        return reviewed.len();
    }
    for one in listed.iter().filter(|one| !one.nearest.is_empty()) {
        // What does not fit is in the table.
        page.add(&details(review, one, layout, links, &name));
    }
    reviewed.len() - listed.len()
}

/// What is near, and what would be lost; folded.
fn details(
    review: &Review,
    one: &Reviewed,
    layout: &Layout,
    links: &Links<'_>,
    name: &impl Fn(u32) -> String,
) -> String {
    let agent = &review.report.agents[one.agent as usize];
    let mut lines = Vec::new();
    for near in shown(&one.nearest, layout.limits.members) {
        lines.push(format!(
            "- {}: {} ({:.2}); {} alike there, {} of that here",
            name(near.agent),
            near.relation.as_str(),
            near.redundancy,
            percent(near.said_there),
            percent(near.said_here)
        ));
    }
    lines.push(String::new());
    let statements = shown(&one.only_here, layout.limits.others);
    match statements.is_empty() {
        true => lines.push("The agents above say all of it.".to_owned()),
        false => lines.push("Only it says:\n".to_owned()),
    }
    for quote in statements {
        let place =
            links.link(prose::code(&format!(":{}", quote.line)), &agent.path, Some(quote.line));
        let text = clean(&quote.text);
        let text = prose::quote(&clipped(&text, MAX_QUOTE));
        lines.push(format!("- {place} {text}"));
    }
    let n_more = one.only_here.len() - statements.len();
    if n_more > 0 {
        let more = counted(n_more as u64, "more statement", "more statements");
        lines.push(format!("- … {more}"));
    }
    let nearest = one.nearest.first().map(|near| name(near.agent));
    lines.push(format!("\n**Help:** {}", help(review, one, &nearest.unwrap_or_default())));
    format!(
        "<details>\n<summary>{}: what is near, and what only it says</summary>\n\n{}\n\n</details>",
        prose::html(&agent.path),
        lines.join("\n")
    )
}

/// Which definitions are gone.
fn removed(page: &mut Page, removed: &[String]) {
    if removed.is_empty() {
        return;
    }
    let shown = shown(removed, MAX_REMOVED);
    let mut paths: Vec<String> = shown.iter().map(|path| prose::code(path)).collect();
    let n_more = removed.len() - shown.len();
    if n_more > 0 {
        paths.push(format!("{n_more} more"));
    }
    page.add(&format!("Removed: {}", paths.join(", ")));
}
