//! What an agent says that a request is compared with: its words by field.

use std::borrow::Cow;
use std::ops::Range;

use serde::Serialize;

use super::request::{Reading, Request};
use crate::agent::{Agent, boundary};
use crate::measure::name::{Name, split};
use crate::measure::{cosine, likeness_of_example, presence};
use crate::text::background::Background;
use crate::text::language::Language;
use crate::text::{Lexicon, Term};

/// A part of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// The words of the name.
    Name,
    /// The description without examples and sentences of boundary; and `when_to_use`.
    Description,
    /// What the user says in the example that is most like the request.
    Example,
    /// Everything below the frontmatter.
    Body,
}

impl Field {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Description => "description",
            Self::Example => "example",
            Self::Body => "body",
        }
    }

    /// How much a word counts that a field is full of; chosen by measurement
    /// (`docs/routing.md`).
    fn weight(self) -> f64 {
        match self {
            Self::Name | Self::Description | Self::Example => 2.0,
            Self::Body => 1.0,
        }
    }
}

/// Terms that the longer fields usually hold, in public agents. They are
/// constants, so that no agent's score depends on the other agents.
const USUAL_DESCRIPTION: f64 = 25.0;
const USUAL_BODY: f64 = 500.0;

/// The words of one agent by field.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    language: Language,
    /// Words of the name, ascending, role nouns with little weight: every
    /// second agent is an expert.
    name: Vec<(Term, f64)>,
    /// How the words of the name are spelled, by stem.
    spelled: Vec<(Term, String)>,
    description: Counts,
    examples: Vec<Example>,
    body: Counts,
}

/// How often each term occurs in a field.
#[derive(Debug, Clone, Default, PartialEq)]
struct Counts {
    /// Ascending, each once.
    terms: Vec<(Term, u32)>,
    /// All terms, repeats included.
    length: u32,
}

impl Counts {
    fn new(mut all: Vec<Term>) -> Self {
        all.sort_unstable();
        let runs = all.chunk_by(|a, b| a == b);
        Self {
            terms: runs.map(|run| (run[0], run.len() as u32)).collect(),
            length: all.len() as u32,
        }
    }

    fn frequency(&self, term: Term) -> f64 {
        let at = self.terms.binary_search_by_key(&term, |&(term, _)| term);
        at.map_or(0.0, |at| f64::from(self.terms[at].1))
    }
}

/// The distinct terms of one example request, ascending.
#[derive(Debug, Clone, PartialEq)]
struct Example {
    terms: Vec<Term>,
    norm2: u64,
}

/// What a word of the request adds to an agent's score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Place of the word in [`Request::words`].
    pub word: usize,
    /// Where the agent has it.
    pub field: Field,
    /// What that adds, above 0.
    pub score: f64,
}

impl Profile {
    /// The profile of an agent whose file holds `source`. The examples at
    /// `held_back` in its list count as not being there.
    pub fn new(
        agent: &Agent,
        source: &str,
        held_back: Range<usize>,
        lexicon: &mut Lexicon,
    ) -> Self {
        let language = Language::from_code(agent.language);
        let mut description = Vec::new();
        for text in description_texts(agent) {
            lexicon.terms(text, language, &mut description);
        }
        let mut examples = Vec::new();
        for (at, example) in agent.description.examples.iter().enumerate() {
            if !held_back.contains(&at) {
                examples.push(self::example(&example.request(source), language, lexicon));
            }
        }
        let mut body = Vec::new();
        let mut buffer = String::new();
        for unit in &agent.units {
            let text = agent.unit_text_in(unit, source, &mut buffer);
            lexicon.terms(text, language, &mut body);
        }
        let name = Name::new(&agent.name).map(|stem| lexicon.stem(&stem));
        let spelled = split(&agent.name).into_iter();
        let spelled = spelled.map(|word| (lexicon.stem(&Language::English.stem(&word)), word));
        Self {
            language,
            spelled: spelled.collect(),
            name: name.words().map(|(&term, weight)| (term, weight)).collect(),
            description: Counts::new(description),
            examples,
            body: Counts::new(body),
        }
    }

    /// What each word of a request adds to the agent's score, by word, then
    /// field; the score is their sum. The terms of both are numbered by one
    /// lexicon.
    ///
    /// A word adds its IDF times, for each field that has it, the field's weight
    /// times how full the field is of it, which lies in 0..=1: BM25 (Robertson
    /// & Zaragoza 2009) for each field by itself. One BM25 over weighted sums
    /// of all fields (BM25F) was measured worse: a long body drowns the rest.
    pub fn hits(&self, request: &Request) -> Vec<Hit> {
        let mut hits = Vec::new();
        let (example, likeness) = self.nearest_example(request);
        let english = request.readings(Language::English);
        for (word, reading) in request.readings(self.language).iter().enumerate() {
            // Names are English in texts of every language.
            let in_name = best_form(&english[word], |term| {
                let asked = &request.words[word];
                let mut spelled = self.spelled.iter().filter(|(own, _)| *own == term);
                if spelled.any(|(_, named)| is_another_word(asked, named)) {
                    return 0.0;
                }
                let at = self.name.binary_search_by_key(&term, |&(term, _)| term);
                at.map_or(0.0, |at| presence(self.name[at].1, 1.0))
            });
            let in_description = best_form(reading, |term| {
                let length = f64::from(self.description.length) / USUAL_DESCRIPTION;
                presence(self.description.frequency(term), length)
            });
            let in_example = best_form(reading, |term| {
                let is_in = example.is_some_and(|it| it.terms.binary_search(&term).is_ok());
                if is_in { likeness } else { 0.0 }
            });
            let in_body = best_form(reading, |term| {
                let length = f64::from(self.body.length) / USUAL_BODY;
                presence(self.body.frequency(term), length)
            });
            let fields = [
                (Field::Name, in_name),
                (Field::Description, in_description),
                (Field::Example, in_example),
                (Field::Body, in_body),
            ];
            let weight = reading.idf().max(english[word].idf());
            hits.extend(fields.into_iter().filter_map(|(field, share)| {
                let score = weight * field.weight() * share;
                (score > 0.0).then_some(Hit { word, field, score })
            }));
        }
        hits
    }

    /// The example most like a request, the first of several, and how much its
    /// words count.
    fn nearest_example(&self, request: &Request) -> (Option<&Example>, f64) {
        let readings = request.readings(self.language);
        let norm2: u64 = readings.iter().map(Reading::weight2).sum();
        let mut best = (None, 0.0);
        for example in &self.examples {
            let shared = readings.iter().filter(|reading| {
                let stem = reading.stem();
                stem.is_some_and(|stem| example.terms.binary_search(&stem).is_ok())
            });
            let cosine = cosine(shared.map(Reading::weight2).sum(), norm2, example.norm2);
            if cosine > best.1 {
                best = (Some(example), cosine);
            }
        }
        (best.0, likeness_of_example(best.1))
    }
}

/// Whether a word of a request is made of a word of a name, but means something
/// else: production is no product, a platformer no platform. The other way
/// round a name tells who does what is asked for: a reviewer reviews.
fn is_another_word(asked: &str, named: &str) -> bool {
    const ENDINGS: [&str; 5] = ["er", "or", "ion", "ive", "ivity"];
    let ending = asked.strip_prefix(named);
    ending.is_some_and(|ending| ENDINGS.contains(&ending))
}

fn example(text: &str, language: Language, lexicon: &mut Lexicon) -> Example {
    let mut terms = Vec::new();
    lexicon.terms(text, language, &mut terms);
    terms.sort_unstable();
    terms.dedup();
    let background = Background::get();
    let weights = terms.iter().map(|&term| u64::from(background.weight(term)));
    Example { norm2: weights.map(|weight| weight * weight).sum(), terms }
}

fn description_texts(agent: &Agent) -> impl Iterator<Item = &str> {
    let own = boundary::own_statements(&agent.description.trigger);
    own.chain(agent.text_field("when_to_use").map(|(text, _)| text))
}

/// The texts of a field other than the name.
pub(super) fn texts<'a>(agent: &'a Agent, source: &'a str, field: Field) -> Vec<Cow<'a, str>> {
    match field {
        Field::Name => Vec::new(),
        Field::Description => description_texts(agent).map(Cow::Borrowed).collect(),
        Field::Example => {
            let examples = agent.description.examples.iter();
            examples.map(|example| example.request(source)).collect()
        }
        Field::Body => {
            let units = agent.units.iter();
            units.map(|unit| agent.unit_text(unit, source)).collect()
        }
    }
}

/// A word counts in the form that fits best; a form of several words as much
/// as they do on average.
fn best_form(reading: &Reading, share: impl Fn(Term) -> f64) -> f64 {
    let forms = reading.forms.iter().map(|form| {
        let sum: f64 = form.iter().map(|&term| share(term)).sum();
        sum / form.len().max(1) as f64
    });
    forms.fold(0.0, f64::max)
}
