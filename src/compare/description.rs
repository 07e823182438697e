//! The descriptions of two agents, sentence by sentence.

use super::statements::{Alignment, Common, Form, Match, Statement};
use crate::agent::boundary;
use crate::align::{UnitMatch, one_to_one};
use crate::measure::cosine;
use crate::rules::Facts;
use crate::text::language::Language;
use crate::text::{Lexicon, Term, Vocabulary};

/// A sentence with its terms, ascending.
struct Sentence {
    statement: Statement,
    terms: Vec<Term>,
}

/// Sentences beyond these are not compared. Descriptions have a handful.
const MAX_SENTENCES: usize = 500;

/// The sentences of two descriptions without their examples: matched by the
/// cosine of their terms like the units of the bodies, each in one match at most.
pub(super) fn sentences(facts: &Facts<'_>, left: u32, right: u32, unit_match: f64) -> Alignment {
    let mut lexicon = Lexicon::default();
    let lefts = read(facts, left, &mut lexicon);
    let rights = read(facts, right, &mut lexicon);
    // All terms that the background does not know weigh the same, so that no
    // renumbering is needed.
    let (vocabulary, _) = Vocabulary::merge(vec![lexicon]);
    let mut edges: Vec<(f64, UnitMatch)> = Vec::new();
    for (left_unit, left) in (0..).zip(&lefts) {
        for (right_unit, right) in (0..).zip(&rights) {
            let similarity = similarity(&vocabulary, left, right);
            if similarity >= unit_match && are_alike(left, right) {
                let found = UnitMatch { left_unit, right_unit, similarity };
                edges.push((similarity, found));
            }
        }
    }
    let mut partners: Vec<Option<(usize, f64)>> = vec![None; lefts.len()];
    let mut is_taken = vec![false; rights.len()];
    for found in one_to_one(edges) {
        let right = found.right_unit as usize;
        partners[found.left_unit as usize] = Some((right, found.similarity));
        is_taken[right] = true;
    }

    let mut alignment = Alignment::default();
    let form = Form { direction: None, is_code: false };
    for (left, partner) in lefts.into_iter().zip(partners) {
        match partner {
            Some((right, similarity)) => alignment.matches.push(Match::new(
                similarity,
                (left.statement, form),
                (rights[right].statement.clone(), form),
            )),
            None => alignment.only_left.push(left.statement),
        }
    }
    let only_right = rights.into_iter().zip(is_taken).filter(|(_, taken)| !taken);
    alignment.only_right = only_right.map(|(right, _)| right.statement).collect();
    alignment
}

/// Whether two sentences that share rare words have enough of the others in common.
fn are_alike(left: &Sentence, right: &Sentence) -> bool {
    let common = Common::new(&left.terms, &right.terms);
    common.is_most() || left.terms == right.terms
}

/// The sentences of an agent's description.
fn read(facts: &Facts<'_>, id: u32, lexicon: &mut Lexicon) -> Vec<Sentence> {
    let agent = facts.agent(id);
    let Some(span) = agent.description.span else {
        return Vec::new();
    };
    let language = Language::from_code(agent.language);
    let (line, end_line) = facts.sources.lines(agent.file, span);
    let statements = boundary::statements(&agent.description.trigger).take(MAX_SENTENCES);
    let sentences = statements.map(|text| {
        let mut terms = Vec::new();
        lexicon.terms(text, language, &mut terms);
        terms.sort_unstable();
        terms.dedup();
        Sentence {
            statement: Statement {
                unit_idx: 0,
                section: String::new(),
                line,
                end_line,
                text: text.to_owned(),
                warning: false,
                segments: Vec::new(),
            },
            terms,
        }
    });
    sentences.collect()
}

/// Cosine of the terms; 1 for the same words, of which some have no terms.
fn similarity(vocabulary: &Vocabulary, left: &Sentence, right: &Sentence) -> f64 {
    if left.statement.text == right.statement.text {
        return 1.0;
    }
    let weight2 = |term: &Term| u64::from(vocabulary.weight(*term)).pow(2);
    let norm2 = |terms: &[Term]| terms.iter().map(weight2).sum();
    let shared = left.terms.iter().filter(|term| right.terms.binary_search(term).is_ok());
    cosine(shared.map(weight2).sum(), norm2(&left.terms), norm2(&right.terms))
}
