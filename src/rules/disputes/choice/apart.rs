//! Statements that name another option each and yet leave each other alone: they
//! are about two folders, acts, languages or programs.

use super::holder::{Holder, options_in, words};
use crate::agent::Kind;
use crate::commitment::subject_of;
use crate::rules::Facts;

/// Whether a statement holds for one folder alone, of which the other's file says
/// nothing: "In `web/` the runner is Vitest".
pub(super) fn is_confined(facts: &Facts<'_>, one: &Holder<'_>, other: &Holder<'_>) -> bool {
    let text = one.text(facts);
    let mut words = text.split(' ');
    let is_place = words.next().is_some_and(|word| {
        matches!(word, "In" | "Under" | "Inside" | "Within" | "Below" | "in" | "under")
    });
    let folder = words.next().filter(|_| is_place);
    let folder = folder.and_then(|word| word.trim_end_matches([',', ':']).strip_suffix('/'));
    folder.is_some_and(|folder| !folder.is_empty() && !facts.text(other.agent).contains(folder))
}

/// Whether two statements that ask first, or do not, speak of other acts: "Ask
/// before you delete data", "Don't ask before running tests".
pub(super) fn are_two_acts(facts: &Facts<'_>, one: &Holder<'_>, other: &Holder<'_>) -> bool {
    const LINKS: [&str; 8] = ["a", "and", "or", "the", "they", "we", "you", "your"];
    /// Words of an act that stand for all.
    const GENERAL: [&str; 28] = [
        "acting", "action", "any", "anything", "change", "changes", "changing", "code", "doing",
        "each", "edit", "editing", "every", "everything", "file", "files", "implementation",
        "implementing", "make", "making", "proceed", "proceeding", "start", "starting", "step",
        "touch", "write", "writing",
    ];
    let acts = |holder: &Holder<'_>| {
        let text = holder.text(facts).to_lowercase();
        let (_, act) = text.split_once(" before ")?;
        let end = act.find([',', '.', ';', ':', '(']).unwrap_or(act.len());
        let mut words = words(&act[..end]);
        words.retain(|word| !LINKS.contains(&word.as_str()));
        let is_general = words.iter().any(|word| GENERAL.contains(&word.as_str()));
        (!words.is_empty() && !is_general).then_some(words)
    };
    let acts = acts(one).zip(acts(other));
    acts.is_some_and(|(one, other)| !one.iter().any(|word| other.contains(word)))
}

/// Whether each of two statements is about another language: it is named there,
/// or in the name and description of the agent.
pub(super) fn are_two_languages(facts: &Facts<'_>, one: &Holder<'_>, other: &Holder<'_>) -> bool {
    let Some((_, facet)) = facts.facets.find("programming-language") else {
        return false;
    };
    let in_text = |text: &str| -> Vec<u32> {
        let named = options_in(facts, text);
        named.filter(|option| facet.options.contains(option)).collect()
    };
    let languages = |holder: &Holder<'_>| {
        let own = in_text(&holder.text(facts));
        let agent = facts.agent(holder.agent);
        if !own.is_empty() || agent.kind == Kind::Memory {
            return own;
        }
        let name = agent.name.replace(['-', '_'], " ");
        in_text(&format!("{name}. {}", agent.description.trigger))
    };
    let (own, others) = (languages(one), languages(other));
    let is_there = |own: &u32| others.iter().any(|other| facts.facets.agree(*own, *other));
    !own.is_empty() && !others.is_empty() && !own.iter().any(is_there)
}

/// Whether each of two statements tells of a program of its own: "The web app
/// runs on Node 22", "The lambda runs on Node 18".
pub(super) fn are_two_programs(facts: &Facts<'_>, one: &Holder<'_>, other: &Holder<'_>) -> bool {
    const PROGRAMS: [&str; 32] = [
        "admin", "api", "app", "backend", "bot", "cli", "client", "dashboard", "docs", "engine",
        "extension", "frontend", "function", "functions", "gateway", "importer", "lambda",
        "library", "package", "plugin", "portal", "script", "scripts", "server", "service",
        "services", "shop", "site", "website", "widget", "worker", "workers",
    ];
    let subject = |holder: &Holder<'_>| {
        let words = words(subject_of(&holder.text(facts))?);
        let is_program = words.iter().any(|word| PROGRAMS.contains(&word.as_str()));
        is_program.then_some(words)
    };
    let (Some(a), Some(b)) = (subject(one), subject(other)) else {
        return false;
    };
    let is_article = |word: &str| matches!(word, "the" | "our" | "all" | "a" | "this");
    !a.iter().any(|word| !is_article(word) && b.contains(word))
}
