//! Sentences that keep agents apart: "do not use for migrations, use
//! `db-migrator` instead".
//!
//! Such a sentence speaks of another agent's work, so its words say nothing of
//! this one's role; and an agent that it names is known to be another.

use super::cues::Cues;
use super::split;

/// Words that make a sentence one of boundary, in lower case.
static CUES: Cues<17> = Cues::new([
    "complements", "distinct from", "do not call", "do not invoke", "do not trigger", "do not use",
    "don't invoke", "don't use", "don’t use", "instead", "never use", "not be used for", "not for",
    "not to be used", "rather than", "see also", "unlike",
]);

/// Words of a description by which an agent gives itself up in favour of
/// another: the opposite of a boundary.
static REPLACED: Cues<8> = Cues::new([
    "absorb", "alias for", "alias of", "consolidates", "deprecated", "replaced by", "replaces",
    "supersede",
]);

/// The statements of a trigger text: sentences, cut at semicolons too.
pub fn statements(trigger: &str) -> impl Iterator<Item = &str> {
    split::sentences(trigger)
        .into_iter()
        .flat_map(|range| trigger[range].split(';'))
        .map(str::trim)
        .filter(|statement| !statement.is_empty())
}

/// The statements of a trigger text that speak of the agent's own work.
pub fn own_statements(trigger: &str) -> impl Iterator<Item = &str> {
    statements(trigger).filter(|statement| !separates(statement))
}

/// Whether a statement says what an agent is not for.
pub fn separates(statement: &str) -> bool {
    if statement.is_ascii() {
        CUES.are_in(statement)
    } else {
        CUES.are_in(&statement.to_lowercase())
    }
}

/// The names of other agents that a trigger text sends requests to. Only what
/// looks like a name counts: words joined by `-` or `_`, and the word after "use".
pub fn named_others(trigger: &str) -> Vec<String> {
    let lower = trigger.to_lowercase();
    if REPLACED.are_in(&lower) {
        return Vec::new();
    }
    let mut names = Vec::new();
    for statement in statements(&lower) {
        let sends_away = separates(statement);
        let mut after_use = false;
        for word in statement.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')) {
            let is_joined = word.contains(['-', '_']);
            if (sends_away && (is_joined || after_use)) || (after_use && is_joined) {
                names.push(word.to_owned());
            }
            after_use = word == "use" || (after_use && matches!(word, "the" | ""));
        }
    }
    names.retain(|name| name.len() > 2);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_name_other_agents() {
        let trigger =
            "Writes migrations. Do NOT use to review them (use migration-review). Reviews no code.";
        assert_eq!(named_others(trigger), ["migration-review"]);
        assert_eq!(named_others("Use when building APIs."), Vec::<String>::new());
        assert_eq!(named_others("DEPRECATED: use doc-check instead."), Vec::<String>::new());
        assert_eq!(
            named_others("Not for mid-session checks (use session)."),
            ["mid-session", "session"]
        );
    }

    #[test]
    fn statements_end_at_semicolons_too() {
        let found: Vec<_> = statements("Reviews Rust code; not for C. Fast!").collect();
        assert_eq!(found, ["Reviews Rust code", "not for C.", "Fast!"]);
    }
}
