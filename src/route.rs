//! Which agents answer to a request, by words: the result of the command
//! `route`, as it is serialised. `docs/report.md` explains the fields,
//! `docs/routing.md` the ranking and how well it does.
//!
//! One request is compared with each candidate in turn; there is no index,
//! as reading the files costs far more. Time: linear in the text.

mod profile;
mod request;

pub use profile::{Field, Hit, Profile};
pub use request::{MAX_WORDS, Reading, Request};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use serde::Serialize;

use crate::agent::{Agent, Start};
use crate::analysis::Analysis;
use crate::finding::rounded;
use crate::measure::name::split;
use crate::report::{SCHEMA_VERSION, Tool};
use crate::source::Span;
use crate::text::language::Language;
use crate::text::{Lexicon, words};

/// An answer with at least this share of the best score is as good a guess as
/// the best: where the second one has it, the first was the right one for 37 %
/// of the example requests of public agents (`docs/routing.md`).
pub const NEAR: f64 = 0.6;

/// Who has less than this share of the request says little by coming first: that
/// one was right for half of such requests, else for two thirds.
pub const COVERED: f64 = 0.5;

/// Who answers to a request.
#[derive(Debug, Clone, Serialize)]
pub struct Routing {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What made the report.
    pub tool: Tool,
    /// The request.
    pub request: String,
    /// How sure the ranking is.
    pub verdict: Verdict,
    /// Definitions that a product picks by request.
    pub candidates: usize,
    /// Definitions that are no candidates.
    pub left_out: LeftOut,
    /// Candidates that have a word of the request.
    pub matching: usize,
    /// Of these, how many that the product of the best picks from too have at
    /// least [`NEAR`] of the best score, the best included.
    pub near: usize,
    /// The request's distinct words, in order; common words and other forms of a word aside.
    pub words: Vec<WordInfo>,
    /// Whether the request has more words, which do not count: see [`MAX_WORDS`].
    pub cut: bool,
    /// The best, by score, then path.
    pub answers: Vec<Answer>,
}

/// How sure a ranking is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The first has at least [`COVERED`] of the request, and the second less
    /// than [`NEAR`] of the first one's score.
    Clear,
    /// The first has less of the request than that, or nothing but one word in
    /// its body.
    Weak,
    /// Another one of the same product has that much of the score, or more.
    Near,
    /// No candidate has a word of the request.
    None,
}

/// How many definitions are no candidates, by reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// They apply always: memory files, rules for everything.
    pub always: usize,
    /// They apply with the files that they name.
    pub files: usize,
    /// Only people start them.
    pub hand: usize,
    /// Copies of a candidate in another product's folder.
    pub mirrors: usize,
}

/// A word of the request.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WordInfo {
    /// In lower case.
    pub text: String,
    /// Its IDF, in nats: what it tells.
    #[serde(serialize_with = "rounded")]
    pub weight: f64,
    /// Candidates that have it.
    pub candidates: usize,
}

/// One agent that may answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// Its name.
    pub name: String,
    /// `agent`, `skill`, `command`, `rule`, `instructions`.
    pub kind: &'static str,
    /// The product that picks it.
    pub product: &'static str,
    /// Its file.
    pub path: String,
    /// Line of the description; of the name, or the first, without one.
    pub line: u32,
    /// The score, above 0. Scores of other requests are no measure for it.
    #[serde(serialize_with = "rounded")]
    pub score: f64,
    /// Its share of the best score, in 0..=1.
    #[serde(serialize_with = "rounded")]
    pub share: f64,
    /// How much of the request it has, by the weights of the words, in 0..=1.
    #[serde(serialize_with = "rounded")]
    pub coverage: f64,
    /// The words of the request that it has, those that add most first.
    pub words: Vec<WordHit>,
}

/// A word of the request that an agent has.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WordHit {
    /// In lower case.
    pub text: String,
    /// Its share of the agent's score, in 0..=1.
    #[serde(serialize_with = "rounded")]
    pub share: f64,
    /// Where the agent has it, what adds most first.
    pub fields: Vec<Field>,
    /// How it is spelled in each of these: the stem may be that of another word.
    pub spelled: Vec<String>,
}

/// Ranks the agents of a collection by how well they fit a request; the best
/// `top` are told in full.
pub fn route(analysis: &Analysis, text: &str, top: usize) -> Routing {
    let mut lexicon = Lexicon::default();
    let request = Request::new(text, &mut lexicon);
    let (candidates, left_out) = candidates(analysis);
    let hits: Vec<(u32, Vec<Hit>)> = candidates
        .par_iter()
        .map_init(
            // Each worker's lexicon numbers the request's terms alike.
            || lexicon.clone(),
            |lexicon, &id| {
                let agent = &analysis.collection.agents[id as usize];
                let source = analysis.sources.text(agent.file);
                (id, Profile::new(agent, source, 0..0, lexicon).hits(&request))
            },
        )
        .collect();
    let ranked = rank(hits.into_iter());
    let product = |id: u32| analysis.collection.agents[id as usize].origin.product;
    let first = ranked.first().map(|&(id, _)| product(id));
    let is_rival = |&id: &u32| Some(product(id)) == first;
    let best = ranked.first().map_or(0.0, |(_, hits)| score(hits));
    Routing {
        schema_version: SCHEMA_VERSION,
        tool: Tool::THIS,
        request: text.to_owned(),
        verdict: verdict(&ranked, &request, is_rival),
        candidates: candidates.len(),
        left_out,
        matching: ranked.len(),
        near: n_near(&ranked, is_rival),
        words: word_infos(&request, &ranked),
        cut: request.is_cut,
        answers: ranked
            .iter()
            .take(top)
            .map(|(id, hits)| answer(analysis, *id, hits, &request, best, &mut lexicon))
            .collect(),
    }
}

/// Those that have a word of the request, best first; who has the same score
/// stays in order.
pub fn rank<T>(candidates: impl Iterator<Item = (T, Vec<Hit>)>) -> Vec<(T, Vec<Hit>)> {
    let mut ranked: Vec<_> = candidates.filter(|(_, hits)| !hits.is_empty()).collect();
    ranked.sort_by(|(_, a), (_, b)| score(b).total_cmp(&score(a)));
    ranked
}

/// How many rivals in a ranking have at least [`NEAR`] of the best score.
fn n_near<T>(ranked: &[(T, Vec<Hit>)], is_rival: impl Fn(&T) -> bool) -> usize {
    let best = ranked.first().map_or(0.0, |(_, hits)| score(hits));
    let near = ranked.iter().take_while(|(_, hits)| score(hits) >= NEAR * best);
    near.filter(|(one, _)| is_rival(one)).count()
}

/// How sure a ranking is. Rivals are those from which one product picks, the
/// first of the ranking among them.
pub fn verdict<T>(
    ranked: &[(T, Vec<Hit>)],
    request: &Request,
    is_rival: impl Fn(&T) -> bool,
) -> Verdict {
    match (n_near(ranked, is_rival), ranked.first()) {
        (_, None) => Verdict::None,
        (1, Some((_, hits))) if coverage(hits, request) < COVERED => Verdict::Weak,
        (1, Some((_, hits))) if is_in_passing(hits) => Verdict::Weak,
        (1, Some(_)) => Verdict::Clear,
        _ => Verdict::Near,
    }
}

/// Whether an agent has one word of the request, and that in its body alone.
fn is_in_passing(hits: &[Hit]) -> bool {
    matches!(hits, [hit] if hit.field == Field::Body)
}

/// What the hits of an agent add up to.
pub fn score(hits: &[Hit]) -> f64 {
    hits.iter().map(|hit| hit.score).sum()
}

/// How much of a request the words are that an agent has, by their weight, in
/// 0..=1; 0 for a request without words.
pub fn coverage(hits: &[Hit], request: &Request) -> f64 {
    let readings = request.readings(Language::English);
    let all: f64 = readings.iter().map(Reading::idf).sum();
    let had = hits.chunk_by(|a, b| a.word == b.word);
    let had: f64 = had.map(|run| readings[run[0].word].idf()).sum();
    if all > 0.0 { had / all } else { 0.0 }
}

/// Whether a product picks the agent by request and it is no mere copy.
pub fn is_candidate(analysis: &Analysis, id: u32) -> bool {
    let agent = &analysis.collection.agents[id as usize];
    agent.start() == Start::Request && !analysis.groups.is_mirror(id)
}

fn candidates(analysis: &Analysis) -> (Vec<u32>, LeftOut) {
    let mut left_out = LeftOut::default();
    let mut candidates = Vec::new();
    for (id, agent) in (0..).zip(&analysis.collection.agents) {
        match agent.start() {
            Start::Always => left_out.always += 1,
            Start::Files => left_out.files += 1,
            Start::Hand => left_out.hand += 1,
            Start::Request if is_candidate(analysis, id) => candidates.push(id),
            Start::Request => left_out.mirrors += 1,
        }
    }
    (candidates, left_out)
}

fn word_infos(request: &Request, ranked: &[(u32, Vec<Hit>)]) -> Vec<WordInfo> {
    let mut n_having = vec![0; request.words.len()];
    for (_, hits) in ranked {
        for run in hits.chunk_by(|a, b| a.word == b.word) {
            n_having[run[0].word] += 1;
        }
    }
    let readings = request.readings(Language::English);
    let words = request.words.iter().zip(readings).zip(n_having);
    let told = words.filter(|((_, reading), n_having)| reading.weight > 0 || *n_having > 0);
    told.map(|((word, reading), candidates)| WordInfo {
        text: word.clone(),
        weight: reading.idf(),
        candidates,
    })
    .collect()
}

fn answer(
    analysis: &Analysis,
    id: u32,
    hits: &[Hit],
    request: &Request,
    best: f64,
    lexicon: &mut Lexicon,
) -> Answer {
    let agent = &analysis.collection.agents[id as usize];
    let source = analysis.sources.text(agent.file);
    let total = score(hits);
    let mut words: Vec<(f64, WordHit)> = hits
        .chunk_by(|a, b| a.word == b.word)
        .map(|run| {
            let mut by_score = run.to_vec();
            by_score.sort_by(|a, b| b.score.total_cmp(&a.score));
            let sum = score(run);
            let fields = by_score.iter().map(|hit| hit.field);
            let spelled = fields
                .clone()
                .map(|field| spelled(agent, source, field, request, run[0].word, lexicon));
            let word = WordHit {
                text: request.words[run[0].word].clone(),
                share: sum / total,
                spelled: spelled.collect(),
                fields: fields.collect(),
            };
            (sum, word)
        })
        .collect();
    words.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    Answer {
        name: agent.name.clone(),
        kind: agent.kind.as_str(),
        product: agent.origin.product.as_str(),
        path: analysis.sources.path(agent.file).to_owned(),
        line: analysis.sources.lines(agent.file, place(agent)).0,
        score: total,
        share: total / best,
        coverage: coverage(hits, request),
        words: words.into_iter().map(|(_, word)| word).collect(),
    }
}

/// How a field spells a word of the request: like the request, where it stands
/// there so, else as its first word of the same stem.
fn spelled(
    agent: &Agent,
    source: &str,
    field: Field,
    request: &Request,
    word: usize,
    lexicon: &mut Lexicon,
) -> String {
    let asked = &request.words[word];
    let (language, own_words) = match field {
        Field::Name => (Language::English, split(&agent.name)),
        _ => {
            let texts = profile::texts(agent, source, field);
            let own_words = texts.iter().flat_map(|text| words(text)).collect();
            (Language::from_code(agent.language), own_words)
        }
    };
    let forms = &request.readings(language)[word].forms;
    let mut first = None;
    for own in own_words {
        if own == *asked {
            return own;
        }
        let is_form = first.is_none()
            && lexicon
                .term(&own, language)
                .is_some_and(|term| forms.iter().any(|form| form.as_slice() == [term]));
        if is_form {
            first = Some(own);
        }
    }
    first.unwrap_or_else(|| asked.clone())
}

/// What a reader wants to see of an agent that answers.
fn place(agent: &Agent) -> Span {
    let description = agent.description.span;
    description.or(agent.name_span).unwrap_or_default()
}
