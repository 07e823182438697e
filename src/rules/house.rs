//! `house-rule`: agents that take another option than the configuration fixes.

use std::collections::BTreeMap;

use super::disputes::{choices, decided_by_house, named_options};
use super::models::{Choice, model_line};
use super::{Dispute, Draft, Facts};
use crate::commitment::reading::Place;
use crate::commitment::{Commitment, Stance, Strength, stances};
use crate::facet::house::{House, MODEL};
use crate::facet::{Exclusive, Facet, FacetScope};
use crate::finding::{Evidence, Rule, Severity};
use crate::reach::{Part, Reach, part_of_unit};

/// All who do one thing that the house does otherwise.
#[derive(Debug, Default)]
struct Breach {
    agents: Vec<u32>,
    evidence: Vec<Evidence>,
    /// Of the surest of them, in 0..=1.
    confidence: f64,
}

impl Breach {
    fn add(&mut self, agent: u32, quote: Evidence, confidence: f64) {
        self.agents.push(agent);
        self.evidence.push(quote);
        self.confidence = self.confidence.max(confidence);
    }

    /// `wrong`, which they take or else reject, and `right` are options of the
    /// facet `id`, as they are said.
    fn draft(
        self,
        facts: &Facts<'_>,
        id: &str,
        title: &str,
        (wrong, takes): (&str, bool),
        right: &str,
    ) -> Draft {
        let do_what = match (takes, self.agents.len()) {
            (true, 1) => "takes",
            (true, _) => "take",
            (false, 1) => "rejects",
            (false, _) => "reject",
        };
        let label = if takes { wrong.to_owned() } else { format!("not {wrong}") };
        Draft {
            rule: Rule::HouseRule,
            severity: Severity::Error,
            confidence: self.confidence,
            message: format!(
                "{title}: {right} is right here, but {} {do_what} {wrong}",
                facts.names(&self.agents)
            ),
            help: format!(
                "write {right} instead; or, if the house has changed its mind, change `{id}` in \
                 `[house]` of the configuration"
            ),
            agents: self.agents,
            dispute: Some(Dispute {
                facet: title.to_owned(),
                options: vec![label],
                sides: Vec::new(),
            }),
            evidence: self.evidence,
        }
    }
}

/// One finding for each wrong option of a fixed facet, and for each model.
pub fn findings(facts: &Facts<'_>) -> Vec<Draft> {
    if facts.house.rulings().next().is_none() && facts.house.models().is_empty() {
        return Vec::new();
    }
    let reach = facts.reach();
    let followed: Vec<u32> =
        (0..facts.agents().len() as u32).filter(|&agent| reach.is_followed(agent)).collect();
    let mut drafts = of_models(facts, &followed);
    drafts.extend(of_facets(facts, &reach, &followed));
    drafts
}

/// Disagreements that would be findings had the house not decided and of which
/// it allows two sides or more, each with what is right in the house.
pub fn settled(facts: &Facts<'_>) -> Vec<(Draft, String)> {
    if facts.house.rulings().next().is_none() {
        return Vec::new();
    }
    let undecided = House::default();
    let open = Facts { house: &undecided, ..*facts };
    let breaches = findings(facts);
    let rulings = facts.house.rulings().map(|(facet, right)| {
        let title = facts.facets.facet(facet).title.as_str();
        (title, right_ones(facts, right))
    });
    let rulings: BTreeMap<&str, String> = rulings.collect();
    let conflicts = choices(&open).into_iter().filter_map(|draft| {
        let dispute = draft.dispute.as_ref()?;
        let right = rulings.get(dispute.facet.as_str())?.clone();
        let is_told = |agent: &u32| {
            let mut of_facet = breaches.iter().filter(|breach| {
                let other = breach.dispute.as_ref();
                other.is_some_and(|other| other.facet == dispute.facet)
            });
            of_facet.any(|breach| breach.agents.contains(agent))
        };
        let sides = dispute.sides.iter();
        let n_allowed = sides.filter(|side| !side.iter().all(is_told)).count();
        (n_allowed > 1).then_some(())?;
        Some((draft, right))
    });
    conflicts.collect()
}

/// `pnpm`, `Vitest or Jest`.
fn right_ones(facts: &Facts<'_>, options: &[u32]) -> String {
    let names = options.iter().map(|&option| facts.facets.option(option).name.as_str());
    names.collect::<Vec<_>>().join(" or ")
}

fn of_facets(facts: &Facts<'_>, reach: &Reach<'_>, followed: &[u32]) -> Vec<Draft> {
    // By option, and whether it is taken.
    let mut breaches: BTreeMap<(u32, bool), Breach> = BTreeMap::new();
    for &agent in followed {
        let commitments = &facts.commitments[agent as usize];
        for (stance, best) in stances(commitments, facts.facets) {
            if is_wrong(facts, &stance) && counts(facts, agent, &stance, best) {
                let breach = breaches.entry((stance.option, stance.takes)).or_default();
                breach.add(agent, quote(facts, agent, best), confidence(stance.strength));
            }
        }
    }
    // What would be a conflict had the house not decided must not go unsaid.
    for (agent, stance, statement) in decided_by_house(facts, reach) {
        if is_wrong(facts, &stance) {
            let breach = breaches.entry((stance.option, stance.takes)).or_default();
            if !breach.agents.contains(&agent) {
                let quote = quote(facts, agent, statement);
                breach.add(agent, quote, confidence(stance.strength));
            }
        }
    }
    let draft = |((option, takes), breach): ((u32, bool), Breach)| {
        let name = &facts.facets.option(option).name;
        let facet = facts.facets.option(option).facet;
        let allowed = facts.house.allowed(facet).unwrap_or_default();
        let right = right_ones(facts, allowed);
        let facet = facts.facets.facet(facet);
        breach.draft(facts, &facet.id, &facet.title, (name, takes), &right)
    };
    breaches.into_iter().map(draft).collect()
}

/// Whether the house has decided otherwise: another option is right, or the
/// only one that is right is rejected.
fn is_wrong(facts: &Facts<'_>, stance: &Stance) -> bool {
    let facet = facts.facets.option(stance.option).facet;
    match facts.house.allowed(facet) {
        None => false,
        Some(allowed) if stance.takes => {
            !allowed.iter().any(|&right| facts.facets.agree(stance.option, right))
        }
        Some(allowed) => allowed == [stance.option],
    }
}

/// Whether a stance speaks of the project as a whole and not of what the agent
/// is good at. What one is good at decides only where one option can hold.
fn counts(facts: &Facts<'_>, agent: u32, stance: &Stance, best: &Commitment) -> bool {
    let Place::Unit(unit_idx) = best.place else {
        return false;
    };
    let part = part_of_unit(facts.agent(agent), facts.text(agent), unit_idx as usize);
    // Nobody is for Dramatiq because he is called `python`.
    let mut named = named_options(facts, agent).into_iter();
    let is_speciality =
        stance.is_speciality || named.any(|named| facts.facets.includes(named, stance.option));
    !part.is_apart_from(&Part::default())
        && (!is_speciality || binds_specialists(facts.facets.facet_of(stance.option)))
}

fn binds_specialists(facet: &Facet) -> bool {
    facet.scope == FacetScope::Project && facet.exclusive == Exclusive::Project
}

fn quote(facts: &Facts<'_>, agent: u32, commitment: &Commitment) -> Evidence {
    let unit = match commitment.place {
        Place::Unit(idx) => &facts.agent(agent).units[idx as usize],
        Place::Description => return facts.quote(agent, commitment.span),
    };
    // A line of a block of code stands as it is.
    if unit.span != commitment.span {
        facts.quote(agent, commitment.span)
    } else {
        facts.quote_unit(agent, unit)
    }
}

/// How sure a finding is that rests on one statement.
fn confidence(strength: Strength) -> f64 {
    match strength {
        Strength::Strong => 0.9,
        Strength::Medium => 0.75,
        Strength::Named | Strength::Weak => 0.5,
    }
}

/// A model in the frontmatter is no matter of wording. An agent that inherits
/// its model asks for none.
fn of_models(facts: &Facts<'_>, followed: &[u32]) -> Vec<Draft> {
    let names: Vec<&str> = facts.house.models().iter().map(String::as_str).collect();
    let Some(allowed) = Choice::named(&names) else {
        return Vec::new();
    };
    let mut breaches: BTreeMap<String, Breach> = BTreeMap::new();
    for &agent in followed {
        let choice = Choice::of(facts.agent(agent)).filter(|choice| !choice.is_within(&allowed));
        if let Some(choice) = choice {
            let breach = breaches.entry(choice.label(true)).or_default();
            breach.add(agent, model_line(facts, agent), 1.0);
        }
    }
    let right = names.join(" or ");
    breaches
        .into_iter()
        .map(|(wrong, breach)| breach.draft(facts, MODEL, MODEL, (&wrong, true), &right))
        .collect()
}
