//! The smallest set of agents that still says everything.
//!
//! A set cover: the elements are the statements of a collection, and an agent
//! covers those that one of its own says. Finding the least number of agents is
//! NP-hard (Karp 1972), but in real collections most agents say something that
//! nobody else says. These are in every solution; for what is left the greedy
//! choice needs at most `H(k)` times the least number, where `k` is the most
//! statements that one agent covers of it and `H(k) = 1 + 1/2 + … + 1/k`
//! (Chvátal 1979). A lower bound comes from statements of which no two are said
//! by one agent: each of them needs an agent of its own. Where both meet, the
//! answer is exact.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::merge::statement::Statements;

/// Agents that together say what all say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cover {
    /// Those that are needed, ascending.
    pub needed: Vec<u32>,
    /// The others, each with the needed ones that say its statements, those
    /// that say the most of them first.
    pub replaceable: Vec<(u32, Vec<u32>)>,
    /// No smaller set has fewer agents than this.
    pub at_least: usize,
    /// The most statements that one agent covers of what is left after those
    /// that nobody else says; 0 where nothing is left.
    pub greedy_size: usize,
}

/// Covers what the agents with a class say, each by agents of its own class.
/// Of equals the one that `ranks` puts first is taken.
pub fn cover(statements: &Statements, classes: &[Option<u32>], ranks: &[u32]) -> Cover {
    let n_agents = classes.len();
    let elements = elements(statements, classes);
    let mut of_agent: Vec<Vec<u32>> = vec![Vec::new(); n_agents];
    for (element, agents) in elements.iter().enumerate() {
        for &agent in agents {
            of_agent[agent as usize].push(element as u32);
        }
    }
    let mut is_needed = vec![false; n_agents];
    for agents in &elements {
        if let [only] = agents[..] {
            is_needed[only as usize] = true;
        }
    }
    let mut is_open: Vec<bool> = elements
        .iter()
        .map(|agents| !agents.iter().any(|&agent| is_needed[agent as usize]))
        .collect();
    let n_essential = is_needed.iter().filter(|&&needed| needed).count();
    let at_least = n_essential + n_apart(&elements, &is_open, n_agents);
    let (chosen, greedy_size) = greedy(&of_agent, &mut is_open, ranks);
    for &agent in &chosen {
        is_needed[agent as usize] = true;
    }
    // What an early choice was taken for may be said by the later ones.
    for &agent in &chosen {
        is_needed[agent as usize] = false;
        let still_said = |element: &u32| {
            let agents = &elements[*element as usize];
            agents.iter().any(|&agent| is_needed[agent as usize])
        };
        is_needed[agent as usize] = !of_agent[agent as usize].iter().all(still_said);
    }
    let agents = 0..n_agents as u32;
    let replaceable = agents
        .clone()
        .filter(|&agent| classes[agent as usize].is_some() && !is_needed[agent as usize])
        .map(|agent| {
            let own = &of_agent[agent as usize];
            (agent, stand_ins(own, &elements, &is_needed))
        })
        .collect();
    Cover {
        needed: agents.filter(|&agent| is_needed[agent as usize]).collect(),
        replaceable,
        at_least,
        greedy_size,
    }
}

/// By statement and class that has it: the agents of the class that say it,
/// ascending; each set of agents once, as a statement asks for nothing that one
/// with the same agents does not.
fn elements(statements: &Statements, classes: &[Option<u32>]) -> Vec<Vec<u32>> {
    let class = |agent: &u32| classes[*agent as usize];
    let mut elements: Vec<Vec<u32>> = Vec::new();
    for wording in 0..statements.len() as u32 {
        let holders = statements.holders[wording as usize].iter();
        let mut of: Vec<u32> = holders.filter_map(class).collect();
        of.sort_unstable();
        of.dedup();
        let agents = statements.said_by(wording);
        elements.extend(of.into_iter().map(|of| {
            let of_class = agents.iter().filter(|agent| class(agent) == Some(of));
            of_class.copied().collect()
        }));
    }
    elements.sort_unstable();
    elements.dedup();
    elements
}

/// How many open elements can be picked of which no two have an agent in
/// common, those with the fewest agents first.
fn n_apart(elements: &[Vec<u32>], is_open: &[bool], n_agents: usize) -> usize {
    let mut open: Vec<&Vec<u32>> =
        elements.iter().zip(is_open).filter(|(_, open)| **open).map(|(agents, _)| agents).collect();
    open.sort_by_key(|agents| agents.len());
    let mut is_taken = vec![false; n_agents];
    let mut n_apart = 0;
    for agents in open {
        if agents.iter().all(|&agent| !is_taken[agent as usize]) {
            n_apart += 1;
            for &agent in agents {
                is_taken[agent as usize] = true;
            }
        }
    }
    n_apart
}

/// Takes the agent that covers the most open elements until none is open; the
/// agents in that order, and what the first one covered.
fn greedy(of_agent: &[Vec<u32>], is_open: &mut [bool], ranks: &[u32]) -> (Vec<u32>, usize) {
    let n_open = |agent: u32, is_open: &[bool]| {
        let own = of_agent[agent as usize].iter();
        own.filter(|&&element| is_open[element as usize]).count()
    };
    let mut queue: BinaryHeap<(usize, Reverse<u32>, u32)> = (0..of_agent.len() as u32)
        .map(|agent| (n_open(agent, is_open), Reverse(ranks[agent as usize]), agent))
        .filter(|&(n_open, ..)| n_open > 0)
        .collect();
    let greedy_size = queue.peek().map_or(0, |&(n_open, ..)| n_open);
    let mut chosen = Vec::new();
    while let Some((n_before, rank, agent)) = queue.pop() {
        let n_now = n_open(agent, is_open);
        if n_now == n_before {
            for &element in &of_agent[agent as usize] {
                is_open[element as usize] = false;
            }
            chosen.push(agent);
        } else if n_now > 0 {
            queue.push((n_now, rank, agent));
        }
    }
    (chosen, greedy_size)
}

/// The needed agents that say the elements of a replaceable one: repeatedly
/// the one that says the most of what is left, then the one with the smaller id.
fn stand_ins(own: &[u32], elements: &[Vec<u32>], is_needed: &[bool]) -> Vec<u32> {
    let mut left: Vec<u32> = own.to_vec();
    let mut stand_ins = Vec::new();
    while !left.is_empty() {
        let mut sayers: Vec<u32> = left
            .iter()
            .flat_map(|&element| &elements[element as usize])
            .copied()
            .filter(|&agent| is_needed[agent as usize])
            .collect();
        sayers.sort_unstable();
        let runs = sayers.chunk_by(|a, b| a == b);
        let Some(run) = runs.max_by_key(|run| (run.len(), Reverse(run[0]))) else {
            break;
        };
        let agent = run[0];
        stand_ins.push(agent);
        left.retain(|&element| !elements[element as usize].contains(&agent));
    }
    stand_ins
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::{Kind, Origin, Product};
    use crate::collection::Collection;
    use crate::source::{SourceFile, Sources};

    /// Agents that say the statements with these numbers, in words of their own.
    fn cover_of(agents: &[&[usize]]) -> Cover {
        let files: Vec<SourceFile> = agents
            .iter()
            .enumerate()
            .map(|(id, says)| {
                SourceFile::new(
                    format!("{id:02}.md"),
                    says.iter()
                        .map(|nth| format!("- Feed the q{nth}xa with v{nth}wo\n"))
                        .collect::<String>(),
                )
            })
            .collect();
        let origin = Origin {
            kind: Some(Kind::Agent),
            product: Product::Claude,
            load_root: String::new(),
            project_root: None,
        };
        let collection = Collection::new(&files, &vec![origin; files.len()]);
        let statements = Statements::new(&collection, &Sources::new(files));
        let ranks = vec![0; agents.len()];
        cover(&statements, &vec![Some(0); agents.len()], &ranks)
    }

    /// The least number of agents, by trying all sets.
    fn least(agents: &[&[usize]]) -> usize {
        let says = |set: u32| {
            let chosen = agents.iter().enumerate().filter(|(id, _)| set & (1 << id) != 0);
            chosen.fold(0u64, |all, (_, says)| says.iter().fold(all, |all, nth| all | 1 << nth))
        };
        let all = says(u32::MAX);
        let sets = 0..1u32 << agents.len();
        sets.filter(|&set| says(set) == all).map(|set| set.count_ones() as usize).min().unwrap()
    }

    #[test]
    fn who_alone_says_something_is_needed() {
        let cover = cover_of(&[&[0, 1], &[1, 2], &[2, 3]]);
        assert_eq!(cover.needed, [0, 2]);
        assert_eq!(cover.replaceable, [(1, vec![0, 2])]);
        assert_eq!((cover.at_least, cover.greedy_size), (2, 0));
    }

    #[test]
    fn the_bounds_hold_the_least_number_between_them() {
        let cases: [&[&[usize]]; 5] = [
            &[&[0, 1, 2, 3], &[4, 5, 6, 7], &[0, 1, 4, 5, 2], &[2, 6], &[3, 7]],
            &[&[0, 1], &[1, 2], &[2, 0]],
            &[&[0], &[0], &[0]],
            &[&[], &[]],
            &[&[0, 1, 2], &[3, 4, 5], &[0, 3], &[1, 4], &[2, 5], &[0, 1, 3, 4]],
        ];
        for agents in cases {
            let cover = cover_of(agents);
            let least = least(agents);
            assert!(cover.at_least <= least && least <= cover.needed.len());
            let said: std::collections::BTreeSet<usize> =
                cover.needed.iter().flat_map(|&agent| agents[agent as usize]).copied().collect();
            let all = agents.iter().copied().flatten().copied().collect();
            assert_eq!(said, all, "everything is said");
        }
    }

    #[test]
    fn an_agent_speaks_for_its_own_class_only() {
        let files: Vec<SourceFile> = ["a.md", "b.md"]
            .map(|path| SourceFile::new(path, "- Fold the sails before noon\n"))
            .to_vec();
        let origin = Origin {
            kind: Some(Kind::Agent),
            product: Product::Claude,
            load_root: String::new(),
            project_root: None,
        };
        let collection = Collection::new(&files, &vec![origin; 2]);
        let statements = Statements::new(&collection, &Sources::new(files));
        assert_eq!(cover(&statements, &[Some(0), Some(1)], &[0, 0]).needed, [0, 1]);
        assert_eq!(cover(&statements, &[Some(0), Some(0)], &[1, 0]).needed, [1]);
        assert!(cover(&statements, &[None, None], &[0, 0]).needed.is_empty());
    }
}
