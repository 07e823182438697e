//! Texts in another language than the one that is prescribed: "English in all
//! docs" above an agent written in French.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use super::clash::{Clash, Place, Side};
use crate::agent::{Agent, Direction, Kind};
use crate::finding::{Rule, Severity};
use crate::reach::{Reach, Way};
use crate::rules::Facts;
use crate::text::language::detect;
use crate::text::word_finder;

/// A language and its names, in lower case.
struct Named {
    code: &'static str,
    title: &'static str,
    names: &'static [&'static str],
}

#[rustfmt::skip]
const LANGUAGES: &[Named] = &[
    Named { code: "en", title: "English", names: &["english", "inglés", "inglês", "englisch", "anglais", "英語", "英语", "영어", "английск"] },
    Named { code: "es", title: "Spanish", names: &["spanish", "español", "castellano"] },
    Named { code: "fr", title: "French", names: &["french", "français"] },
    Named { code: "de", title: "German", names: &["german", "deutsch"] },
    Named { code: "pt", title: "Portuguese", names: &["portuguese", "português"] },
    Named { code: "it", title: "Italian", names: &["italian"] },
    Named { code: "ru", title: "Russian", names: &["russian", "русск"] },
    Named { code: "ko", title: "Korean", names: &["korean", "한국어"] },
    Named { code: "ja", title: "Japanese", names: &["japanese", "日本語"] },
    Named { code: "zh", title: "Chinese", names: &["chinese", "中文"] },
];

/// Words by which a language is prescribed for texts such as definitions.
const TEXTS: &[&str] = &[
    " docs", "documentation", "all text", "everything", "all files", "markdown", "documentación",
    "documentação", "dokumentation", "문서", "ドキュメント", "文档",
];

/// Words by which it is prescribed for all that the agent itself says.
const OWN_TEXTS: &[&str] = &["exclusively", "all output", "everything"];

/// Words by which a statement leaves the language to somebody, or is no order.
const OPEN: &[&str] = &[
    " if ", " when ", "unless", "user-facing", "user's", "respond", "reply", "translat", " or ",
    "prompt", "readme", "i18n", "locale",
];

/// One clash for each order that texts do not follow.
pub(super) fn clashes(facts: &Facts<'_>, reach: &Reach<'_>) -> Vec<Clash> {
    let mut clashes = Vec::new();
    for id in 0..facts.agents().len() as u32 {
        let is_named = || names().is_match(&facts.text(id).to_ascii_lowercase());
        if reach.way(id, id).is_some() && is_named() {
            of_agent(facts, reach, id, &mut clashes);
        }
    }
    clashes
}

fn of_agent(facts: &Facts<'_>, reach: &Reach<'_>, id: u32, clashes: &mut Vec<Clash>) {
    let agent = facts.agent(id);
    let source = facts.text(id);
    let mut buffer = String::new();
    for (unit_idx, unit) in agent.units.iter().enumerate() {
        if !unit.kind.is_prose() || unit.direction == Direction::Warning {
            continue;
        }
        let text = agent.unit_text_in(unit, source, &mut buffer);
        let Some((language, is_for_texts)) = prescribed(text) else {
            continue;
        };
        let mut others: Vec<(&str, Place)> = Vec::new();
        for (other, way) in reach.of(id) {
            let is_bound = match way {
                Way::SameFile => true,
                Way::Memory => is_for_texts && agent.kind == Kind::Memory,
                Way::Project | Way::Related | Way::Together => false,
            };
            if is_bound {
                others.extend(foreign(facts, other, language.code, way));
            }
        }
        clashes.extend(clash(language, Place::unit(id, unit_idx), &others));
    }
}

/// All names of languages.
fn names() -> &'static AhoCorasick {
    static NAMES: OnceLock<AhoCorasick> = OnceLock::new();
    NAMES.get_or_init(|| word_finder(LANGUAGES.iter().flat_map(|language| language.names)))
}

/// The one language that a short statement prescribes, and whether for all
/// texts of the project; else for the agent's own.
fn prescribed(text: &str) -> Option<(&'static Named, bool)> {
    const MAX_BYTES: usize = 240;
    if text.len() > MAX_BYTES {
        return None;
    }
    let lower = text.to_lowercase();
    let names = |language: &&Named| language.names.iter().any(|name| lower.contains(name));
    let mut named = LANGUAGES.iter().filter(names);
    let language = named.next()?;
    let is_open = named.next().is_some() || OPEN.iter().any(|word| lower.contains(word));
    let is_order = ["in ", "en ", "em ", "auf ", " only", "exclusively", ": ", " for "]
        .iter()
        .any(|word| lower.contains(word));
    let is_for_texts = TEXTS.iter().any(|word| lower.contains(word));
    let is_for_own = OWN_TEXTS.iter().any(|word| lower.contains(word));
    (!is_open && is_order && (is_for_texts || is_for_own)).then_some((language, is_for_texts))
}

/// The first statements of an agent in another language, with its title; none
/// where there are too few to tell.
fn foreign(facts: &Facts<'_>, id: u32, code: &str, way: Way) -> Vec<(&'static str, Place)> {
    const MIN_STATEMENTS: usize = 3;
    const MAX_SHOWN: usize = 2;
    let agent = facts.agent(id);
    // Names in another language are no reason to look at every statement.
    let is_other = agent.language != code && agent.language != "und";
    if way != Way::SameFile && !is_other {
        return Vec::new();
    }
    let mut found: Vec<(&'static str, Place)> = Vec::new();
    for (unit_idx, language) in languages(agent, facts.text(id)) {
        let known = LANGUAGES.iter().find(|known| known.code == language);
        let Some(known) = known.filter(|known| known.code != code) else {
            continue;
        };
        found.push((known.title, Place::unit(id, unit_idx)));
    }
    let Some(&(first, _)) = found.first() else {
        return found;
    };
    found.retain(|&(title, _)| title == first);
    if found.len() < MIN_STATEMENTS {
        found.clear();
    }
    found.truncate(MAX_SHOWN);
    found
}

/// The statements that are long enough to tell their language.
fn languages<'a>(
    agent: &'a Agent,
    source: &'a str,
) -> impl Iterator<Item = (usize, &'static str)> + 'a {
    const MIN_LETTERS: usize = 50;
    let units = agent.units.iter().enumerate();
    units.filter_map(move |(unit_idx, unit)| {
        if !unit.kind.is_prose() {
            return None;
        }
        let text = agent.unit_text(unit, source);
        let n_letters = text.chars().filter(|c| c.is_alphabetic()).count();
        (n_letters >= MIN_LETTERS).then(|| (unit_idx, detect(&text)))
    })
}

fn clash(language: &Named, order: Place, others: &[(&str, Place)]) -> Option<Clash> {
    let (first, _) = others.first()?;
    let said = others.iter().filter(|(title, _)| title == first);
    Some(Clash {
        rule: Rule::PracticeConflict,
        severity: Severity::Note,
        confidence: 0.8,
        topic: "language of texts".to_owned(),
        sides: vec![
            Side { label: language.title.to_owned(), places: vec![order] },
            Side {
                label: format!("written in {first}"),
                places: said.map(|&(_, place)| place).collect(),
            },
        ],
        help: "translate the text, or say which texts the rule is for".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::disputes::found;

    const FRENCH: &str = "- Je lis chaque matin le carnet du port et je note les bateaux qui manquent.\n\
        - Je demande au capitaine pourquoi la marée a retardé son arrivée dans le port.\n\
        - Je prépare ensuite la liste des quais qui sont libres pour la journée suivante.\n\
        - Je ne change jamais la liste quand le bateau est déjà dans le bassin.\n";

    #[test]
    fn a_text_in_another_language_than_prescribed_is_told() {
        let found = found("- Language: English in all code and docs.", FRENCH);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with(
            "language of texts: English (`CLAUDE.md`), but written in French (`desk`)"
        ));
    }

    #[test]
    fn a_file_can_break_its_own_rule() {
        let agent = format!("- Write in English exclusively: all output and labels.\n{FRENCH}");
        assert_eq!(found("Harbour notes.", &agent).len(), 1);
    }

    #[test]
    fn orders_for_something_else_bind_no_text() {
        for memory in [
            "- Commit messages in English.",
            "- Reply in English when the user writes English, docs included.",
            "- Documentation in English or French.",
            "- All documentation in French.",
        ] {
            assert_eq!(found(memory, FRENCH), [] as [&str; 0], "{memory}");
        }
    }
}
