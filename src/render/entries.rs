//! Findings that are shown as one.

use std::collections::BTreeMap;

use crate::finding::{Evidence, Finding};

/// Findings whose places stand under one message.
pub(super) struct Entry<'a> {
    pub(super) findings: Vec<&'a Finding>,
    pub(super) evidence: Vec<&'a Evidence>,
}

/// The findings, those taken together that say the same of one place each.
pub(super) fn entries<'a>(findings: &[&'a Finding]) -> Vec<Entry<'a>> {
    let mut entries: Vec<Entry<'a>> = Vec::new();
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in findings {
        let new = entries.len();
        let at = match finding.evidence.as_slice() {
            [_] => *known.entry((&finding.message, &finding.help)).or_insert(new),
            _ => new,
        };
        if at == new {
            entries.push(Entry { findings: Vec::new(), evidence: Vec::new() });
        }
        entries[at].findings.push(finding);
        entries[at].evidence.extend(&finding.evidence);
    }
    entries
}
