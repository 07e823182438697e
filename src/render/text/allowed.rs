//! Findings that stay quiet, with who keeps them so; only where everything is
//! asked for.

use super::{BOLD, PLACE, View, place};
use crate::render::Limits;
use crate::render::quote::clean;
use crate::render::wording;
use crate::report::AllowedInfo;

pub(super) fn section(view: &View<'_>) -> String {
    let allowed = &view.result.allowed;
    if view.layout.limits != Limits::ALL || allowed.is_empty() {
        return String::new();
    }
    let mut out = view.page.heading("Kept quiet");
    for (at, one) in allowed.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        out.push_str(&entry(view, one));
    }
    out
}

fn entry(view: &View<'_>, one: &AllowedInfo) -> String {
    let message = format!("{}: {}", one.rule.id(), clean(&one.message));
    let mut out = view.page.sentence(BOLD, "", &message);
    for quoted in &one.places {
        let quoted = place(&quoted.path, quoted.line);
        out.push_str(&format!("    {}\n", view.page.paint(PLACE, &quoted)));
    }
    let why = format!("{}: {}", wording::allowed_by(one), clean(&one.reason));
    out + &view.page.hang("    ", 4, &why)
}
