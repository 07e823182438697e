//! What the script needs beyond the page itself: the pairs with their matches.
//! Texts stand once, however many pairs quote them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{View, name};
use crate::relation::Relation;
use crate::render::quote::clean;
use crate::report::PairInfo;

/// Matches that a page quotes with all that the report has of a pair. Beyond,
/// it would be slow to open; pairs are sorted by redundancy.
const MAX_MATCHES: usize = 50_000;

/// Matches of a pair beyond that.
const FEW: usize = 2;

#[derive(Serialize)]
pub(super) struct Data {
    agents: Vec<Agent>,
    pairs: Vec<Pair>,
    /// The agents that each finding concerns.
    findings: Vec<Vec<u32>>,
    /// The agents of the picture of similarity, and where in it each group
    /// begins and how many it has.
    order: Vec<u32>,
    groups: Vec<(usize, usize)>,
    /// What the matches quote, by place.
    texts: Vec<String>,
}

#[derive(Serialize)]
struct Agent {
    name: String,
    path: String,
    language: &'static str,
    tools: Option<String>,
    mirror_of: Option<u32>,
}

#[derive(Serialize)]
struct Pair {
    left: u32,
    right: u32,
    relation: &'static str,
    /// Scores in percent.
    redundancy: u32,
    name: u32,
    role: u32,
    left_in_right: u32,
    right_in_left: u32,
    n_matches: usize,
    /// Percent, line and text of the left unit, line and text of the right one.
    matches: Vec<(u32, u32, usize, u32, usize)>,
}

pub(super) fn data(view: &View<'_>) -> Data {
    let report = view.report;
    let mut texts = Texts::default();
    let agents = report.agents.iter().map(|agent| Agent {
        name: clean(name(agent)),
        path: clean(&agent.path),
        language: agent.language,
        tools: agent.tools.as_ref().map(|tools| clean(&tools.join(", "))),
        mirror_of: agent.mirror_of,
    });
    let pairs = report.pairs.iter();
    let pairs = pairs.filter(|pair| pair.relation != Relation::Distinct);
    Data {
        agents: agents.collect(),
        pairs: pairs.map(|pair| data_of(pair, &mut texts)).collect(),
        findings: report.findings.iter().map(|finding| finding.agents.clone()).collect(),
        order: view.order.agents.clone(),
        groups: view.order.groups.clone(),
        texts: texts.in_order,
    }
}

fn data_of(pair: &PairInfo, texts: &mut Texts) -> Pair {
    let shown = match pair.relation {
        // Two texts that are the same need no comparison.
        Relation::Identical => 0,
        _ if texts.n_matches > MAX_MATCHES => FEW.min(pair.matches.len()),
        _ => pair.matches.len(),
    };
    texts.n_matches += shown;
    let matches = pair.matches[..shown].iter().map(|found| {
        (
            percent(found.similarity),
            found.left.line,
            texts.place(&found.left.text),
            found.right.line,
            texts.place(&found.right.text),
        )
    });
    Pair {
        left: pair.left,
        right: pair.right,
        relation: pair.relation.as_str(),
        redundancy: percent(pair.redundancy),
        name: percent(pair.name),
        role: percent(pair.role),
        left_in_right: percent(pair.left_in_right),
        right_in_left: percent(pair.right_in_left),
        matches: matches.collect(),
        n_matches: pair.n_matches.unwrap_or(0),
    }
}

/// A score as it is shown.
fn percent(score: f64) -> u32 {
    (score.clamp(0.0, 1.0) * 100.0).round() as u32
}

/// Texts in the order in which they come, each once.
#[derive(Default)]
struct Texts {
    /// How many matches quote them.
    n_matches: usize,
    in_order: Vec<String>,
    places: BTreeMap<String, usize>,
}

impl Texts {
    fn place(&mut self, text: &str) -> usize {
        let text = clean(text);
        if let Some(&place) = self.places.get(&text) {
            return place;
        }
        let place = self.in_order.len();
        self.in_order.push(text.clone());
        self.places.insert(text, place);
        place
    }
}
