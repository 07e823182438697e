//! What an agent stands for, all its statements taken together.

use std::collections::BTreeMap;

use super::reading::Place;
use super::{Commitment, Strength};
use crate::facet::{Exclusive, Table};

/// What an agent stands for in one facet, all its statements taken together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stance {
    /// The option, by its index in the table.
    pub(crate) option: u32,
    /// Whether it is taken; else it is rejected.
    pub(crate) takes: bool,
    /// How surely: two weak statements make a medium one.
    pub(crate) strength: Strength,
    /// Whether it is no more than the agent's speciality.
    pub(crate) is_speciality: bool,
}

impl Stance {
    /// What one statement says, whatever the others do.
    pub(crate) fn of_one(commitment: &Commitment, strength: Strength) -> Self {
        Self { option: commitment.option, takes: commitment.takes, strength, is_speciality: false }
    }
}

/// By how well a statement can be quoted for what it says.
fn rank(commitment: &Commitment) -> (Strength, bool, bool) {
    (commitment.strength, !commitment.is_speciality, commitment.place != Place::Description)
}

/// The stances of an agent on facets, each with the statement that says it best,
/// by option, rejections last. Where it takes several options that exclude each
/// other and none more surely than the others, it leaves the facet open and has
/// no stance.
pub(crate) fn stances<'a>(
    commitments: &'a [Commitment],
    table: &Table,
) -> Vec<(Stance, &'a Commitment)> {
    let mut stances: Vec<(Stance, &Commitment)> = Vec::new();
    for commitment in commitments {
        if commitment.is_sample || commitment.strength == Strength::Named {
            continue;
        }
        let known = stances.iter_mut().find(|(stance, _)| {
            stance.option == commitment.option && stance.takes == commitment.takes
        });
        match known {
            None => {
                let stance = Stance {
                    is_speciality: commitment.is_speciality,
                    ..Stance::of_one(commitment, commitment.strength)
                };
                stances.push((stance, commitment));
            }
            Some((stance, best)) => {
                let is_second_witness = commitment.strength == Strength::Weak
                    && stance.strength == Strength::Weak
                    && commitment.place != best.place;
                let strength =
                    if is_second_witness { Strength::Medium } else { commitment.strength };
                stance.strength = stance.strength.max(strength);
                stance.is_speciality &= commitment.is_speciality;
                if rank(commitment) > rank(best) {
                    *best = commitment;
                }
            }
        }
    }
    stances.retain(|(stance, _)| stance.strength > Strength::Weak);
    let rivals = |stance: &Stance, other: &Stance| {
        let facet = table.option(stance.option).facet;
        stance.takes
            && other.takes
            && table.option(other.option).facet == facet
            && matches!(table.facet(facet).exclusive, Exclusive::Project | Exclusive::Part)
            && !table.agree(stance.option, other.option)
    };
    let all: Vec<Stance> = stances.iter().map(|(stance, _)| stance.clone()).collect();
    stances.retain(|(stance, _)| {
        let is_outdone =
            all.iter().any(|other| rivals(stance, other) && other.strength >= stance.strength);
        // "Use npm, never pnpm" and "Use pnpm" leave nothing open.
        let is_rejected = || {
            let mut others = all.iter();
            others.any(|other| !other.takes && other.option == stance.option)
        };
        !is_outdone || is_rejected()
    });
    stances.sort_by_key(|(stance, _)| (!stance.takes, stance.option));
    stances
}

/// The versions that an agent tells, one statement for each option: none where
/// it tells several of equal standing.
pub(crate) fn versions(commitments: &[Commitment]) -> Vec<&Commitment> {
    let mut told: BTreeMap<u32, Vec<&Commitment>> = BTreeMap::new();
    for commitment in commitments {
        if commitment.takes
            && commitment.version.is_some()
            && commitment.place != Place::Description
        {
            told.entry(commitment.option).or_default().push(commitment);
        }
    }
    told.into_values().filter_map(agreed).collect()
}

/// The first of the surest, if all of these may mean one version.
fn agreed(told: Vec<&Commitment>) -> Option<&Commitment> {
    let surest = told.iter().map(|commitment| commitment.strength).max()?;
    let mut best = told.into_iter().filter(|commitment| commitment.strength == surest);
    let first = best.next()?;
    let agrees =
        |other: &Commitment| first.version.zip(other.version).is_some_and(|(a, b)| a.agrees(b));
    best.all(agrees).then_some(first)
}
