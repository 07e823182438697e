//! How much each agent is like each other one, as a picture that the script
//! draws, with those that are most alike beside each other.

use std::cmp::Reverse;

use super::{Section, View};
use crate::relation::Relation;
use crate::render::html::markup::Markup;
use crate::report::Report;

/// Agents of which a list says as much as a picture.
const MIN_AGENTS: usize = 3;

/// The agents of the picture in their order.
pub(super) struct Order {
    pub(super) agents: Vec<u32>,
    /// Where each group begins and how many it has.
    pub(super) groups: Vec<(usize, usize)>,
}

/// All agents that are like another one, as single linkage puts them beside
/// each other: pair by pair, the most alike first, the clusters of both become
/// one, the smaller after the larger. Groups are clusters from the beginning.
pub(super) fn order(report: &Report) -> Order {
    let mut cluster_of: Vec<Option<usize>> = vec![None; report.agents.len()];
    let mut clusters: Vec<Vec<u32>> = Vec::new();
    for group in &report.groups {
        for &id in &group.members {
            cluster_of[id as usize] = Some(clusters.len());
        }
        clusters.push(group.members.clone());
    }
    let pairs = report.pairs.iter();
    for pair in pairs.filter(|pair| pair.relation != Relation::Distinct) {
        let [one, other] = [pair.left, pair.right].map(|id| {
            *cluster_of[id as usize].get_or_insert_with(|| {
                clusters.push(vec![id]);
                clusters.len() - 1
            })
        });
        if one != other {
            let (larger, smaller) = if clusters[one].len() < clusters[other].len() {
                (other, one)
            } else {
                (one, other)
            };
            let moved = std::mem::take(&mut clusters[smaller]);
            for &id in &moved {
                cluster_of[id as usize] = Some(larger);
            }
            clusters[larger].extend(moved);
        }
    }
    clusters.sort_by_key(|cluster| Reverse(cluster.len()));
    let agents = clusters.concat();
    let mut places = vec![0; report.agents.len()];
    for (place, &id) in agents.iter().enumerate() {
        places[id as usize] = place;
    }
    let groups = report.groups.iter().map(|group| {
        let members = group.members.iter();
        let start = members.map(|&id| places[id as usize]).min();
        (start.unwrap_or(0), group.members.len())
    });
    Order { groups: groups.collect(), agents }
}

pub(super) fn section(view: &View<'_>) -> Section {
    let n_agents = view.order.agents.len();
    let mut body = Markup::default();
    body.raw("<p class=\"lead\">Each row and each column is an agent that is like another one, those most alike beside each other, groups as squares; the stronger the colour of a cell, the more one could replace the other. Groups and Overlaps say the same in words. <span class=\"script\">Drag to move; click a cell to open the pair; the arrow keys go from pair to pair.</span></p>\n")
        .raw("<form class=\"filter script\" data-for=\"similarity\" aria-label=\"Size of the picture\"></form>\n<div class=\"matrix script\"><canvas tabindex=\"0\" role=\"application\" aria-label=\"Similarity of ")
        .count(n_agents)
        .raw(" agents\"></canvas><p class=\"status\" role=\"status\"></p></div>\n");
    Section {
        id: "similarity",
        title: "Similarity",
        needs_script: true,
        count: if n_agents < MIN_AGENTS { 0 } else { n_agents },
        body,
    }
}
