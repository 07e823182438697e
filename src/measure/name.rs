//! Likeness of names.
//!
//! No edit distance: `nestjs` and `nextjs`, `java` and `ava`, `angular` and
//! `angularjs` are one letter apart and worlds apart. Words are equal by stem
//! or one is a known short form of the other.

use crate::measure::harmonic_mean;
use crate::text::language::Language;

/// Words that say that something is an agent, or which of several, not what it
/// is about; by stem.
const ROLE_NOUNS: [&str; 54] = [
    "advisor", "agent", "architect", "assist", "auditor", "author", "backup", "basic", "builder",
    "chatmod", "coach", "consult", "copi", "cursorrul", "deep", "develop", "engin", "expert",
    "file", "guardian", "guru", "helper", "high", "instruct", "keeper", "lead", "lite", "low",
    "maintain", "master", "medium", "mentor", "mini", "new", "ninja", "old", "practition", "pro",
    "profession", "programm", "scanner", "senior", "simpl", "special", "specialist", "staff",
    "suit", "synthes", "technic", "v1", "v2", "v3", "wizard", "writer",
];

/// How much such a word counts beside any other.
const ROLE_NOUN_WEIGHT: f64 = 0.25;

/// Short forms and what they stand for, a word or several.
const SHORT_FORMS: [(&str, &str); 58] = [
    ("a11y", "accessibility"),
    ("ai", "artificial intelligence"),
    ("auth", "authentication"),
    ("backend", "back end"),
    ("bff", "back end for front end"),
    ("cfg", "configuration"),
    ("ci", "continuous integration"),
    ("cli", "command line"),
    ("config", "configuration"),
    ("cpp", "c++"),
    ("cs", "c#"),
    ("csharp", "c#"),
    ("db", "database"),
    ("dba", "database administrator"),
    ("dev", "developer"),
    ("devops", "dev operations"),
    ("devsecops", "dev security operations"),
    ("doc", "documentation"),
    ("docs", "documentation"),
    ("docu", "documentation"),
    ("document", "documentation"),
    ("documenter", "documentation"),
    ("dotnet", ".net"),
    ("dx", "developer experience"),
    ("e2e", "end to end"),
    ("eng", "engineer"),
    ("env", "environment"),
    ("fe", "front end"),
    ("frontend", "front end"),
    ("fullstack", "full stack"),
    ("gh", "github"),
    ("golang", "go"),
    ("i18n", "internationalization"),
    ("iac", "infrastructure as code"),
    ("infra", "infrastructure"),
    ("js", "javascript"),
    ("k8s", "kubernetes"),
    ("kube", "kubernetes"),
    ("l10n", "localization"),
    ("llm", "large language model"),
    ("ml", "machine learning"),
    ("mlops", "machine learning operations"),
    ("nextjs", "next.js"),
    ("nlp", "natural language processing"),
    ("nodejs", "node.js"),
    ("node", "node.js"),
    ("perf", "performance"),
    ("pg", "postgresql"),
    ("postgres", "postgresql"),
    ("py", "python"),
    ("qa", "quality assurance"),
    ("reactjs", "react"),
    ("repo", "repository"),
    ("sec", "security"),
    ("sre", "site reliability engineer"),
    ("sysadmin", "system administrator"),
    ("ts", "typescript"),
    ("vuejs", "vue"),
];

/// Words that say nothing in a name: those of grammar, and the language codes
/// that translated files carry.
const EMPTY_WORDS: [&str; 20] = [
    "a", "an", "and", "by", "de", "es", "for", "fr", "in", "ja", "ko", "of", "on", "or", "pt",
    "ru", "the", "to", "with", "zh",
];

/// What two names say about the topics of their agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topics {
    /// The same: `python-pro`, `python-expert`.
    Same,
    /// One is about a part of the other: `svelte`, `svelte-testing`.
    Nested,
    /// Each has something of its own: `cypress-testing`, `playwright-testing`.
    Different,
}

/// The words of a name with their weights; `W` is a stem, or its number.
#[derive(Debug, Clone, PartialEq)]
pub struct Name<W> {
    /// Ascending, each once.
    words: Vec<(W, f64)>,
    weight: f64,
    /// Those ahead of the word "to", ascending: "issue-to-task" leads from there.
    sources: Vec<W>,
}

impl<W> Default for Name<W> {
    /// A name without words.
    fn default() -> Self {
        Self { words: Vec::new(), weight: 0.0, sources: Vec::new() }
    }
}

impl Name<Box<str>> {
    /// Cuts a name at everything but letters and digits and at a capital after
    /// a small letter; short forms are written out and words stemmed.
    pub fn new(name: &str) -> Self {
        let mut words: Vec<(Box<str>, f64)> = Vec::new();
        let mut sources = Vec::new();
        for word in split(&with_js_joined(name)) {
            if word == "to" {
                sources = words.iter().map(|(word, _)| word.clone()).collect();
            }
            if EMPTY_WORDS.contains(&word.as_str()) {
                continue;
            }
            let long = SHORT_FORMS
                .iter()
                .find(|&&(short, _)| short == word)
                .map_or(word.as_str(), |&(_, long)| long);
            for part in long.split(' ') {
                let stem = Language::English.stem(part);
                let weight = if ROLE_NOUNS.contains(&&*stem) { ROLE_NOUN_WEIGHT } else { 1.0 };
                words.push((stem.into(), weight));
            }
        }
        Self::of_words(words, sources)
    }
}

impl<W: Ord> Name<W> {
    fn of_words(mut words: Vec<(W, f64)>, mut sources: Vec<W>) -> Self {
        words.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        words.dedup_by(|next, first| next.0 == first.0);
        let weight = words.iter().map(|(_, weight)| weight).sum();
        sources.sort_unstable();
        Self { words, weight, sources }
    }

    /// The same name in other words, one for each of its own.
    pub fn map<V: Ord>(self, mut word: impl FnMut(W) -> V) -> Name<V> {
        let words = self.words.into_iter();
        let words: Vec<(V, f64)> = words.map(|(own, weight)| (word(own), weight)).collect();
        Name::of_words(words, self.sources.into_iter().map(word).collect())
    }

    /// The words with their weights, ascending.
    pub fn words(&self) -> impl Iterator<Item = (&W, f64)> {
        self.words.iter().map(|(word, weight)| (word, *weight))
    }

    /// The words that say what it is about, by stem, ascending: all but role
    /// nouns, or all where there are no others.
    pub fn topics(&self) -> impl Iterator<Item = &W> {
        let has_topic = self.words.iter().any(|(_, weight)| *weight >= 1.0);
        self.words
            .iter()
            .filter(move |(_, weight)| !has_topic || *weight >= 1.0)
            .map(|(word, _)| word)
    }

    /// Whether one leads to where the other comes from: `issue-to-task`, `task-to-issue`.
    pub fn is_reverse_of(&self, other: &Self) -> bool {
        let leads_back = |from: &Self, to: &Self| {
            let mut turned =
                from.sources.iter().filter(|source| to.sources.binary_search(source).is_err());
            turned.any(|source| to.words.binary_search_by(|(word, _)| word.cmp(source)).is_ok())
        };
        !self.sources.is_empty()
            && !other.sources.is_empty()
            && leads_back(self, other)
            && leads_back(other, self)
    }

    /// How the topics of two names lie to each other; different if either has no
    /// word, or one is the reverse of the other.
    pub fn topics_beside(&self, other: &Self) -> Topics {
        // Both ascend, so each word is looked for from where the last one was found.
        let within = |inner: &Self, outer: &Self| {
            let mut others = outer.topics();
            inner.topics().all(|word| others.any(|other| other == word))
        };
        if self.words.is_empty() || other.words.is_empty() || self.is_reverse_of(other) {
            return Topics::Different;
        }
        match (within(self, other), within(other, self)) {
            (true, true) => Topics::Same,
            (false, false) => Topics::Different,
            _ => Topics::Nested,
        }
    }

    /// Likeness of two names in 0..=1: 1 where their topics are the same, else
    /// the harmonic mean of the shares of their words, by weight, that the other
    /// has too, or half of it where one is the reverse of the other; 0 if either
    /// has no word.
    pub fn similarity(&self, other: &Self) -> f64 {
        if self.topics_beside(other) == Topics::Same {
            return 1.0;
        }
        let (mut left, mut right) = (self.words.as_slice(), other.words.as_slice());
        let mut shared = 0.0;
        while let ([(a, weight), left_rest @ ..], [(b, _), right_rest @ ..]) = (left, right) {
            let order = a.cmp(b);
            if order.is_eq() {
                shared += weight;
            }
            if order.is_le() {
                left = left_rest;
            }
            if order.is_ge() {
                right = right_rest;
            }
        }
        if shared <= 0.0 {
            return 0.0;
        }
        let likeness = harmonic_mean(shared / self.weight, shared / other.weight);
        match self.is_reverse_of(other) {
            true => likeness / 2.0,
            false => likeness,
        }
    }
}

/// What else a word in lower case is written as: the long form of a short one
/// (`k8s`, `ml`), or the short ones of a long word (`kubernetes`).
pub fn other_forms(word: &str) -> Vec<&'static str> {
    let long = SHORT_FORMS.iter().filter(|(short, _)| *short == word);
    let short = SHORT_FORMS.iter().filter(|(_, long)| *long == word);
    long.map(|&(_, long)| long).chain(short.map(|&(short, _)| short)).collect()
}

/// A name with each `.js` that ends a word made a part of that word.
fn with_js_joined(name: &str) -> String {
    let goes_on = |after: &str| after.starts_with(|c: char| c.is_lowercase() || c.is_numeric());
    let mut joined = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once(".js") {
        joined.extend([before, if goes_on(after) { ".js" } else { "js" }]);
        rest = after;
    }
    joined + rest
}

/// The words of a name in lower case, as they are spelled.
pub fn split(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut after_small = false;
    for c in name.chars() {
        let starts_word = after_small && c.is_uppercase();
        if (starts_word || !(c.is_alphanumeric() || matches!(c, '+' | '#'))) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() || matches!(c, '+' | '#') {
            word.extend(c.to_lowercase());
        }
        after_small = c.is_lowercase();
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn similarity(left: &str, right: &str) -> f64 {
        Name::new(left).similarity(&Name::new(right))
    }

    #[test]
    fn short_forms_and_spelling_are_one_word() {
        for (left, right) in [
            ("ml-engineer", "Machine Learning Engineer"),
            ("k8s_expert", "kubernetes-expert"),
            ("dbArchitect", "database-architect"),
            ("next.js-pro", "nextjs-pro"),
            ("Next.jsPro", "nextjs-pro"),
            ("package.json-editor", "package json editor"),
            ("frontend-developer", "front-end-developer"),
        ] {
            assert!((similarity(left, right) - 1.0).abs() < 1e-9, "{left} {right}");
        }
    }

    #[test]
    fn role_nouns_weigh_little() {
        assert!((similarity("python-pro", "python-expert") - 1.0).abs() < 1e-9);
        assert!((similarity("docs-maintainer", "documentation-writer") - 1.0).abs() < 1e-9);
        assert!(similarity("python-expert", "rust-expert") < 0.3);
    }

    #[test]
    fn topics_are_the_same_nested_or_different() {
        let topics = |left: &str, right: &str| Name::new(left).topics_beside(&Name::new(right));
        assert_eq!(topics("python-pro", "python_expert"), Topics::Same);
        assert_eq!(topics("add-changelog", "add-to-changelog"), Topics::Same);
        assert_eq!(topics("svelte", "svelte-testing"), Topics::Nested);
        assert_eq!(topics("read-to-write", "write-to-read"), Topics::Different);
        assert_eq!(topics("cypress-testing", "playwright-testing"), Topics::Different);
    }

    #[test]
    fn one_letter_is_another_world() {
        for (left, right) in
            [("nestjs", "nextjs"), ("java", "javascript"), ("angular", "angularjs"), ("", "x")]
        {
            assert!(similarity(left, right).abs() < 1e-9, "{left} {right}");
        }
    }
}
