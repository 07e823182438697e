//! Wordings by which a text commits to a thing, rejects it or merely mentions it.
//!
//! The share of uses in which a wording really decides was counted on public
//! files (docs/conflicts.md); strong wordings count alone, weak ones in twos.

use std::ops::Range;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::facet::phrases::Phrases;

/// What a phrase does to the names around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cue {
    /// Makes it depend on something: "if", "or similar".
    Condition,
    /// Tells of other times: "was", "migrated from".
    History,
    /// Introduces examples: "such as".
    Example,
    /// Sets side by side: "vs", "alternatives".
    Comparison,
    /// Tells what somebody knows or a thing works with: "familiar with", "supports".
    Knowledge,
    /// Looks for what is there: "detect", "check whether".
    Detection,
    /// Rejects what follows: "never", "instead of".
    Rejection,
    /// Prescribes what follows: "use", "always start with".
    Order,
    /// Mentions in passing what is used: "using", "built with".
    Use,
    /// Tells of the project at hand: "this project uses".
    Fact,
    /// Names the list of what is used: "tech stack".
    Stack,
    /// Names what a memory file tells of the project.
    Overview,
    /// Tells the agent who it is: "you are".
    Identity,
    /// Announces sample text: "example", "output format".
    Sample,
}

/// The phrases, in lower case; whole words where they begin or end with an ASCII letter.
const PHRASES: [(Cue, &[&str]); 14] = [
    (
        Cue::Condition,
        &[
            "if", "when", "whenever", "whether", "unless", "except", "apart from", "other than",
            "außer", "ausgenommen", "sauf", "salvo", "excepto", "exceto", "in case",
            "depending on", "depends on", "as appropriate", "where applicable", "if applicable",
            "optional", "optionally", "may", "might", "could", "can be", "would", "or similar",
            "or equivalent", "appropriate", "various", "multiple", "different", "relevant",
            "suitable", "or another", "or other", "any other", "either", "any of", "one of",
            "for each", "regardless of", "whichever", "consider", "potentially", "possible",
            "possibly", "maybe", "where relevant", "alternatively", "suggest", "propose", "future",
            "planned", "someday", "eventually", "once", "in the works", "fallback (", "fallback:",
            "wenn", "falls", "sofern", "ob", "si", "cuando", "opcional", "quand", "lorsque",
            "optionnel", "quando", "caso", "se o", "se a", "se houver", "se for", "se você",
            "se necessário", "se precisar", "se il", "se la", "se non", "если", "Если", "когда",
            "Когда", "при наличии", "如果", "若", "当", "可选", "或者", "もし", "場合", "경우",
            "만약", "선택",
        ],
    ),
    (
        Cue::History,
        &[
            "was", "were", "had", "previously", "formerly", "used to", "migrate", "migrated",
            "migrating", "migration from", "migration to", "upgrade", "upgraded", "upgrading",
            "replaced by", "replaced with", "deprecated", "legacy", "historical", "historically",
            "no longer", "obsolete", "ported from", "porting", "convert", "converted",
            "converting", "old", "older", "outdated", "stale", "still say", "still says",
            "still mention", "still mentions", "left over", "leftover", "originally", "moved from",
            "moved to", "switched", "switching", "changelog", "retired", "sunset", "earlier",
            "used before", "before we", "before the migration", "before the move", "as before",
            "antes", "früher", "ehemals", "veraltet", "obsoleto", "ancien", "ранее", "раньше",
            "устарев", "旧", "以前", "이전", "레거시",
        ],
    ),
    (
        Cue::Example,
        &[
            "e.g.", "e.g", "eg", "i.e.", "for example", "for instance", "such as", "like",
            "including", "includes", "include", "etc", "examples", "among others", "and more",
            "among them", "z. b.", "z.b.", "zum beispiel", "wie", "por ejemplo", "como",
            "par exemple", "comme", "per esempio", "por exemplo", "например", "例如", "比如",
            "など", "たとえば", "예:", "등", "같은",
        ],
    ),
    (
        Cue::Comparison,
        &[
            "vs", "vs.", "versus", "compared", "compare", "comparison", "comparing", "alternative",
            "alternatives", "trade-off", "trade-offs", "tradeoffs", "pros and cons", "differs",
            "difference", "unlike", "equivalent", "similar to", "compatible", "compatibility",
            "interop", "decision matrix", "choose", "choosing", "selection", "evaluate", "options",
            "inspired by",
        ],
    ),
    (
        Cue::Knowledge,
        &[
            "familiar", "familiarity", "knowledge", "experience with", "experienced", "understand",
            "understanding", "proficient", "proficiency", "expertise", "expert in", "skills",
            "skilled", "mastery", "know", "knows", "capabilities", "capable", "competencies",
            "supports", "supported", "support for", "works with", "integrates", "integrate with",
            "integration with", "integrations", "background in", "fluent", "areas of",
            "focus areas", "key areas", "domains", "technologies you", "specialties", "versed",
            "coverage of", "users of", "resources", "references", "docs", "documentation",
            "further reading", "see also", "learn", "course", "kenntnisse", "conocimiento",
            "experiencia en", "connaissance", "знание", "опыт",
        ],
    ),
    (
        Cue::Detection,
        &[
            "detect", "detects", "detected", "detection", "check for", "check if", "look for",
            "looks for", "identify", "identifies", "find", "finds", "grep", "search", "scan",
            "determine", "auto-detect", "infer", "recognize", "trigger", "triggers", "keywords",
            "signals", "indicators", "ask", "asks", "mention", "mentions", "mentioned", "question",
            "questions", "requests", "user says", "user wants", "symptom", "error", "errors",
            "bug", "issue", "issues", "vulnerability", "finding", "problem",
        ],
    ),
    (
        Cue::Rejection,
        &[
            "never", "never use", "do not", "don't", "must not", "should not", "not", "no",
            "avoid", "avoids", "without", "instead of", "rather than", "over", "forbidden",
            "prohibited", "banned", "cannot", "replace", "replaces", "in place of",
            "migrated from", "migrated away from", "moved away from", "no longer use",
            "no longer uses", "no usamos", "no utilizamos", "no se usa", "não usamos",
            "não utilizamos", "wir verwenden kein", "wir nutzen kein", "n'utilisons pas",
            "n'utilise pas", "не используем", "не использовать", "nunca", "no usar", "no uses",
            "no use", "evita", "evitar", "en lugar de", "en vez de", "jamais", "ne pas", "pas de",
            "plutôt que", "au lieu de", "niemals", "nie", "kein", "keine", "keinen", "nicht",
            "statt", "anstelle von", "anstatt", "não", "não usar", "não use", "em vez de", "mai",
            "никогда", "Никогда", "не", "Не", "вместо", "不要", "禁止", "不用", "不使用", "勿",
            "代わりに", "대신", "절대",
        ],
    ),
    (
        Cue::Order,
        &[
            "use", "uses", "always use", "must use", "only use", "use only", "prefer", "prefers",
            "favor", "favour", "default to", "defaults to", "stick to", "stick with",
            "comply with", "conform to", "adopt", "follow", "following", "start with",
            "build with", "write in", "run with", "install with", "implement with",
            "implemented with", "develop with", "standardize on", "rely on", "work with",
            "deploy to", "deployed to", "deployed on", "deploy on", "hosted on", "managed by",
            "managed with", "stored in", "store in", "usa", "usar", "utiliza", "utilizar",
            "usamos", "verwende", "verwenden", "nutze", "nutzen", "nehmen wir", "setzen wir auf",
            "wir setzen auf", "arbeiten mit", "benutze", "utilise", "utiliser", "utilisez",
            "use o", "utilize", "usa o", "используй", "Используй", "используйте", "Используйте",
            "используем", "применяй", "使用", "只用", "统一用", "采用", "优先使用", "を使用",
            "を使う", "사용",
        ],
    ),
    (
        Cue::Use,
        &[
            "using", "built with", "built on", "built in", "written in", "written with",
            "implemented in", "developed in", "developed with", "made with", "done with",
            "tested with", "formatted with", "linted with", "styled with", "handled by",
            "served by", "runs on", "run on", "running on", "powered by", "based on",
            "se escribe con", "se escriben con", "se escribe en", "se escriben en", "se hace con",
            "se hacen con", "via", "with", "through", "on top of", "backed by", "con", "mit",
            "avec", "com", "на базе", "基于", "による", "기반",
        ],
    ),
    (
        Cue::Fact,
        &[
            "this project", "the project", "this app", "the app", "this application",
            "the application", "this codebase", "the codebase", "this repo", "this repository",
            "the repository", "this stack", "our", "we use", "we are using", "we're using",
            "este proyecto", "el proyecto", "dieses projekt", "das projekt", "ce projet",
            "le projet", "este projeto", "o projeto", "проект", "本项目", "项目使用",
            "プロジェクト", "프로젝트",
        ],
    ),
    (
        Cue::Stack,
        &[
            "tech stack", "technology stack", "technical stack", "stack", "technologies",
            "core technologies", "technologies used", "key technologies", "tools and technologies",
            "built with", "dependencies", "key dependencies", "libraries", "tecnologías",
            "tecnologias", "stack técnico", "technologien", "technologie-stack", "techstack",
            "технологии", "стек", "技术栈", "技術スタック", "기술 스택",
        ],
    ),
    (
        Cue::Overview,
        &[
            "technology", "project context", "project overview", "architecture",
            "architecture overview", "overview", "tooling", "infrastructure", "environment",
            "project structure", "arquitectura", "architektur", "архитектура", "架构",
            "アーキテクチャ", "아키텍처", "프로젝트 개요",
        ],
    ),
    (
        Cue::Identity,
        &[
            "you are", "you're", "act as", "sie sind", "du bist", "eres", "usted es", "tu es",
            "vous êtes", "você é", "tu és", "sei un", "ты", "Ты", "вы —", "Вы", "你是", "您是",
            "あなたは", "당신은",
        ],
    ),
    (
        Cue::Sample,
        &[
            "example", "sample", "samples", "template", "output format", "response format",
            "report format", "usage examples", "example interactions", "example usage", "scenario",
            "scenarios", "beispiel", "ejemplo", "ejemplos", "exemple", "exemplo", "пример",
            "примеры", "示例", "例", "예시", "예제", "case study", "demo",
        ],
    ),
];

/// A phrase found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) cue: Cue,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A set of cues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct CueSet(u16);

impl CueSet {
    pub(super) fn without(self, cues: &[Cue]) -> Self {
        cues.iter().fold(self, |set, &cue| Self(set.0 & !(1 << cue as u16)))
    }

    pub(super) fn with(self, cue: Cue) -> Self {
        Self(self.0 | 1 << cue as u16)
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn has(self, cue: Cue) -> bool {
        self.0 & (1 << cue as u16) != 0
    }

    pub(super) fn has_any(self, cues: &[Cue]) -> bool {
        cues.iter().any(|&cue| self.has(cue))
    }
}

struct Finder {
    phrases: Phrases,
    /// By number of the phrase: the first cue that has it, and all that do.
    cues: Vec<(Cue, CueSet)>,
}

fn finder() -> &'static Finder {
    static FINDER: OnceLock<Finder> = OnceLock::new();
    FINDER.get_or_init(|| {
        let mut finder = Finder { phrases: Phrases::default(), cues: Vec::new() };
        let mut numbers: FxHashMap<&str, usize> = FxHashMap::default();
        for (cue, phrases) in PHRASES {
            for phrase in phrases {
                let number = *numbers.entry(phrase).or_insert_with(|| {
                    finder.phrases.add(phrase);
                    finder.cues.push((cue, CueSet::default()));
                    finder.cues.len() - 1
                });
                let all = &mut finder.cues[number].1;
                *all = all.with(cue);
            }
        }
        finder
    })
}

/// The cues in a text, in order: of phrases that overlap the first and longest,
/// of several cues that have it the first.
pub(super) fn cues(text: &str) -> Vec<Found> {
    let found = |(Range { start, end }, idx): (Range<usize>, u32)| Found {
        cue: finder().cues[idx as usize].0,
        start,
        end,
    };
    places(text).into_iter().map(found).collect()
}

/// Where phrases stand in a text, with their numbers, in order: of those that
/// overlap the first and longest.
fn places(text: &str) -> Vec<(Range<usize>, u32)> {
    let mut places: Vec<(Range<usize>, u32)> = Vec::new();
    finder().phrases.find(text, |range, idx| match places.last_mut() {
        // "Use o" of "Use Oracle" must not stand in the way of "Use".
        _ if is_cut(text, &range) => {}
        Some((last, number)) if last.start == range.start => {
            if last.end < range.end {
                (*last, *number) = (range, idx);
            }
        }
        Some((last, _)) if range.start < last.end => {}
        _ => places.push((range, idx)),
    });
    places
}

/// Phrases that stand for all words that begin so.
const STEMS: [&str; 5] = ["опыт", "пример", "проект", "стек", "устарев"];

/// Whether a phrase begins or ends within a word of an alphabet.
fn is_cut(text: &str, range: &Range<usize>) -> bool {
    // Scripts from there on have no spaces between words.
    let is_letter = |c: char| c.is_alphabetic() && c < '\u{1100}';
    let joins = |c: Option<char>| c.is_some_and(|c| is_letter(c) || matches!(c, '-' | '_'));
    let phrase = &text[range.clone()];
    phrase.starts_with(is_letter) && joins(text[..range.start].chars().next_back())
        || phrase.ends_with(is_letter)
            && joins(text[range.end..].chars().next())
            && !STEMS.contains(&phrase)
}

/// Which cues stand in a text, those too that have a phrase in common.
pub(super) fn cue_set(text: &str) -> CueSet {
    let places = places(text);
    places.iter().fold(CueSet::default(), |set, &(_, idx)| set.and(finder().cues[idx as usize].1))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_phrase_stands_twice_in_one_cue() {
        for (cue, phrases) in PHRASES {
            let distinct: BTreeSet<&str> = phrases.iter().copied().collect();
            assert_eq!(distinct.len(), phrases.len(), "{cue:?}");
        }
    }

    #[test]
    fn a_phrase_of_two_cues_counts_for_both() {
        let set = cue_set("Built with");
        assert!(set.has(Cue::Use) && set.has(Cue::Stack));
    }

    /// At each word the longest phrase, of the cue that comes first, unless another one goes on there.
    fn plain(text: &str) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let mut is_open = false;
        for (start, c) in text.char_indices() {
            let is_inside = is_open && c.is_ascii_alphabetic();
            is_open = c.is_ascii_alphabetic();
            let is_behind = found.last().is_none_or(|last| last.end <= start);
            if is_inside || !is_behind {
                continue;
            }
            let first_word =
                |text: &str| text.chars().take_while(char::is_ascii_alphabetic).count();
            let here = PHRASES.iter().flat_map(|&(cue, phrases)| {
                let phrases = phrases.iter().filter(|phrase| {
                    let here = text.get(start..start + phrase.len());
                    here.is_some_and(|here| here.eq_ignore_ascii_case(phrase))
                        && first_word(phrase) == first_word(&text[start..])
                });
                let found =
                    phrases.map(move |phrase| Found { cue, start, end: start + phrase.len() });
                found.filter(|found| !is_cut(text, &(found.start..found.end)))
            });
            // Of equals, `max_by_key` takes the last one.
            let here: Vec<Found> = here.collect();
            found.extend(here.into_iter().rev().max_by_key(|found| found.end));
        }
        found
    }

    #[test]
    fn a_phrase_that_ends_within_a_word_hides_no_shorter_one() {
        let found = |text| cues(text).iter().map(|found| found.cue).collect::<Vec<_>>();
        assert_eq!(found("Use Oracle."), found("Use Redis."));
        assert_eq!(found("для карты используй"), found("для карт используй"));
        assert!(!cue_set("для бизнеса").has(Cue::Rejection));
        assert!(cue_set("не используем").has(Cue::Rejection));
    }

    fn text() -> impl Strategy<Value = String> {
        let phrases: Vec<&str> =
            PHRASES.iter().flat_map(|(_, phrases)| *phrases).copied().collect();
        let piece = (
            prop::sample::select(phrases),
            prop::sample::select(vec![" ", "", "s", "-", "1", ", ", "é"]),
        );
        prop::collection::vec(piece, 0..8)
            .prop_map(|pieces| pieces.into_iter().flat_map(|(one, other)| [one, other]).collect())
    }

    proptest! {
        #[test]
        fn cues_are_the_longest_at_each_word(text in text()) {
            prop_assert_eq!(cues(&text), plain(&text));
        }
    }
}
