//! Blocks that many agents repeat.

use super::flow::{width, wrap};
use super::page::Page;
use super::{BOLD, DIM, View, counted, shown};
use crate::render::quote::clean;
use crate::report::BoilerplateInfo;

/// Lines that are quoted of a block.
const MAX_LINES: usize = 3;

/// A section with the blocks; `names` says who has one.
pub(super) fn section<T>(
    view: &View<'_, T>,
    title: &str,
    blocks: &[BoilerplateInfo],
    names: impl Fn(&[u32]) -> String,
) -> String {
    if blocks.is_empty() {
        return String::new();
    }
    let mut out = view.page.heading(title);
    let shown = shown(blocks, view.layout.limits.boilerplate);
    for (at, one) in shown.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        out.push_str(&block(&view.page, one, &names(&one.agents)));
    }
    let n_more = blocks.len() - shown.len();
    if n_more > 0 {
        out.push('\n');
    }
    out + &view.more("", n_more, "more block", "more blocks")
}

/// One block: what it would save, how it begins, who has it.
fn block(page: &Page, block: &BoilerplateInfo, names: &str) -> String {
    let agents = counted(block.agents.len() as u64, "agent", "agents");
    let saved = counted(block.tokens_saved, "token", "tokens");
    let title = format!("In {agents}");
    let label = page.paint(BOLD, &title);
    let value = format!("would save {saved} if it stood in one place");
    let mut out = page.hang(&format!("{label}: "), width(&title) + 2, &value);
    let room = page.prose - 6;
    for line in wrap(&clean(&block.text), room, room, MAX_LINES) {
        out.push_str(&format!("    {} {line}\n", page.paint(DIM, "│")));
    }
    let label = format!("    {} ", page.paint(DIM, "in:"));
    out.push_str(&page.hang(&label, 8, names));
    out
}
