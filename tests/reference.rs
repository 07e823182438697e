//! The report beside what its definition says, worked out by loops over all
//! pairs of agents and of units: no index, nothing ruled out beforehand.
//!
//! What one pair of agents is called is decided in one place,
//! `relation::pair`, which is not repeated here; its measures are.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use agent_overlap::agent::{Kind, UnitKind};
use agent_overlap::align::UnitMatch;
use agent_overlap::analysis::Analysis;
use agent_overlap::collection::{Collection, OwnUnit};
use agent_overlap::config::{Config, Thresholds};
use agent_overlap::discover::{DiscoverOptions, Discovery, FoundFile, classify, discover};
use agent_overlap::graph::Group;
use agent_overlap::measure::{APART, least_role, redundancy};
use agent_overlap::merge::Merge;
use agent_overlap::relation::{self, Pair, Relation};
use agent_overlap::source::SourceFile;
use agent_overlap::statement::{SAME, Statement};
use proptest::prelude::*;

/// A collection to be compared the plain way.
struct Plain<'a> {
    collection: &'a Collection,
    thresholds: &'a Thresholds,
}

impl Plain<'_> {
    /// Related pairs, and the ten nearest of each agent among the others that
    /// have something in common.
    fn pairs(&self) -> Vec<Pair> {
        let n_agents = self.collection.agents.len() as u32;
        let all =
            (0..n_agents).flat_map(|left| (left + 1..n_agents).map(move |right| (left, right)));
        let mut compared: Vec<(f64, bool, Pair)> = Vec::new();
        for (left, right) in all {
            let is_copied = self.copied_share(left, right) >= 0.5 * SLACK;
            if is_copied || self.have_something_in_common(left, right) {
                let pair = relation::pair(self.collection, left, right, self.thresholds);
                self.check(&pair);
                let at_least = likeness(self.collection, &pair, 0.0);
                let at_most = likeness(self.collection, &pair, self.bound(left, right))
                    .min(likeness(self.collection, &pair, 1.0));
                let may_be_related = is_copied || at_most >= self.thresholds.overlapping;
                compared.push((at_least, may_be_related, pair));
            }
        }
        let compared = nearest(compared);
        let judged = compared
            .into_iter()
            .map(|(_, _, pair)| (pair.redundancy, pair.relation != Relation::Distinct, pair));
        let mut pairs: Vec<Pair> =
            nearest(judged.collect()).into_iter().map(|(_, _, pair)| pair).collect();
        for pair in &mut pairs {
            if pair.relation != Relation::Distinct {
                pair.matches = self.matches(pair.left, pair.right);
            }
        }
        pairs.sort_by_key(|pair| (pair.left, pair.right));
        pairs
    }

    /// In name or role.
    fn have_something_in_common(&self, left: u32, right: u32) -> bool {
        let usual: f64 = if self.collection.agents.len() <= 500 { 0.1 } else { 0.2 };
        let least = usual.min(least_role(self.thresholds.redundant, 0.3)).max(0.01);
        let (name, other) =
            (&self.collection.names[left as usize], &self.collection.names[right as usize]);
        self.collection.roles.cosine(left, right) >= least
            || name.similarity(other) >= 0.3
                && name.topics().any(|word| other.topics().any(|topic| topic == word))
    }

    /// The measures of a pair are those of the loops, to the last bit.
    fn check(&self, pair: &Pair) {
        let left_in_right = self.coverage(pair.left, pair.right);
        let right_in_left = self.coverage(pair.right, pair.left);
        assert_eq!(pair.left_in_right.to_bits(), left_in_right.to_bits(), "{pair:?}");
        assert_eq!(pair.right_in_left.to_bits(), right_in_left.to_bits(), "{pair:?}");
    }

    fn own(&self, agent: u32) -> &[OwnUnit] {
        &self.collection.own[agent as usize]
    }

    /// The cosines that reach a threshold, of a unit with those of an agent.
    fn similar(
        &self,
        own: &OwnUnit,
        other: u32,
        threshold: f64,
    ) -> impl Iterator<Item = (OwnUnit, f64)> {
        let others = self.own(other).iter();
        let all = others.map(|unit| (*unit, self.collection.units.cosine(own.set, unit.set)));
        all.filter(move |&(_, similarity)| similarity >= threshold)
    }

    /// Share of an agent's weight that another one says, each unit by its best match.
    fn coverage(&self, inner: u32, outer: u32) -> f64 {
        self.share(inner, |own| {
            let similar = self.similar(own, outer, self.thresholds.unit_match);
            similar.map(|(_, similarity)| similarity).fold(0.0, f64::max)
        })
    }

    fn copied_share(&self, left: u32, right: u32) -> f64 {
        let copied = |inner, outer| {
            self.share(inner, |own| {
                let mut copies = self.similar(own, outer, self.thresholds.unit_copy);
                if copies.next().is_some() { 1.0 } else { 0.0 }
            })
        };
        f64::max(copied(left, right), copied(right, left))
    }

    fn share(&self, agent: u32, part: impl Fn(&OwnUnit) -> f64) -> f64 {
        let all: f64 = self.own(agent).iter().map(|own| own.weight).sum();
        let some: f64 = self.own(agent).iter().map(|own| part(own) * own.weight).sum();
        if all > 0.0 { (some / all).min(1.0) } else { 0.0 }
    }

    /// What neither coverage can exceed: the root of the share of content in
    /// terms that both have.
    fn bound(&self, left: u32, right: u32) -> f64 {
        let (left, right) = (self.shares(left), self.shares(right));
        let shared = |one: &BTreeMap<u32, f64>, other: &BTreeMap<u32, f64>| -> f64 {
            one.iter().filter(|(term, _)| other.contains_key(term)).map(|(_, share)| share).sum()
        };
        (f64::max(shared(&left, &right), shared(&right, &left)) + 1e-9).sqrt()
    }

    /// By term: its share of the agent's content.
    fn shares(&self, agent: u32) -> BTreeMap<u32, f64> {
        let units = &self.collection.units;
        let all: f64 = self.own(agent).iter().map(|own| own.weight).sum();
        let mut shares = BTreeMap::new();
        for own in self.own(agent) {
            for &term in units.terms(own.set) {
                let of_unit = units.set_weight2(term) as f64 / units.norm2(own.set) as f64;
                *shares.entry(term).or_insert(0.0) += of_unit * own.weight / all;
            }
        }
        shares
    }

    /// Each unit in one match at most, the most telling first, of the eight
    /// most telling of each left unit.
    fn matches(&self, left: u32, right: u32) -> Vec<UnitMatch> {
        let mut edges = Vec::new();
        let by_power = |a: &(f64, UnitMatch), b: &(f64, UnitMatch)| {
            let place = |found: &UnitMatch| (found.left_unit, found.right_unit);
            b.0.total_cmp(&a.0).then_with(|| place(&a.1).cmp(&place(&b.1)))
        };
        for own in self.own(left) {
            let similar = self.similar(own, right, self.thresholds.unit_match);
            let mut of_unit: Vec<(f64, UnitMatch)> = similar
                .map(|(other, similarity)| {
                    let found = UnitMatch {
                        left_unit: own.unit_idx,
                        right_unit: other.unit_idx,
                        similarity,
                    };
                    (similarity * own.weight.min(other.weight), found)
                })
                .collect();
            of_unit.sort_by(by_power);
            edges.extend(of_unit.into_iter().take(8));
        }
        edges.sort_by(by_power);
        let mut taken: (BTreeSet<u32>, BTreeSet<u32>) = Default::default();
        edges.retain(|(_, found)| {
            let is_free =
                !taken.0.contains(&found.left_unit) && !taken.1.contains(&found.right_unit);
            if is_free {
                taken.0.insert(found.left_unit);
                taken.1.insert(found.right_unit);
            }
            is_free
        });
        edges.into_iter().map(|(_, found)| found).collect()
    }
}

/// The bounds of the definition are inclusive and allow for rounding.
const SLACK: f64 = 1.0 - 1e-9;

/// The redundancy of a pair if the coverage were this.
fn likeness(collection: &Collection, pair: &Pair, coverage: f64) -> f64 {
    let is_memory = |agent: u32| collection.agents[agent as usize].kind == Kind::Memory;
    if is_memory(pair.left) && is_memory(pair.right) {
        return coverage;
    }
    let as_measured = redundancy(pair.name, pair.role, pair.left_in_right.max(pair.right_in_left));
    let is_apart = pair.redundancy < as_measured;
    redundancy(pair.name, pair.role, coverage) * if is_apart { APART } else { 1.0 }
}

/// Of (nearness, whether to keep it anyhow, pair): those to keep, and the ten
/// nearest of each agent.
fn nearest(mut all: Vec<(f64, bool, Pair)>) -> Vec<(f64, bool, Pair)> {
    all.sort_by(|a, b| {
        let ends = |pair: &Pair| (pair.left, pair.right);
        b.0.total_cmp(&a.0).then_with(|| ends(&a.2).cmp(&ends(&b.2)))
    });
    let mut n_nearer: BTreeMap<u32, usize> = BTreeMap::new();
    all.retain(|(_, is_kept, pair)| {
        let ranks = [pair.left, pair.right].map(|agent| {
            let rank = n_nearer.entry(agent).or_default();
            *rank += 1;
            *rank
        });
        *is_kept || ranks.iter().any(|&rank| rank <= 10)
    });
    all
}

/// Groups: of all pairs whose two agents could still come together, the one most
/// alike brings them together, until there is none.
fn groups(analysis: &Analysis, pairs: &[Pair]) -> Vec<Group> {
    let collection = &analysis.collection;
    let counts = |agent: u32| !analysis.groups.is_mirror(agent);
    let relation = |one: u32, other: u32| {
        let mut replaced = pairs.iter().filter_map(|pair| replaceable_by(pair, one));
        replaced.find(|&(found, _)| found == other).map(|(_, relation)| relation)
    };
    let rank = |agent: u32| {
        let replaced = pairs.iter().filter_map(|pair| replaceable_by(pair, agent));
        let n_replaced = replaced.filter(|&(other, _)| counts(other)).count();
        let weight: f64 = collection.own[agent as usize].iter().map(|own| own.weight).sum();
        (
            n_replaced,
            weight,
            Reverse(collection.agents[agent as usize].faults.len()),
            Reverse(agent),
        )
    };
    // By representative, which is a member too.
    let mut sets: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for agent in (0..collection.agents.len() as u32).filter(|&agent| counts(agent)) {
        sets.insert(agent, BTreeSet::from([agent]));
    }
    loop {
        let unions = pairs.iter().filter_map(|pair| {
            let (left, right) = (sets.get(&pair.left)?, sets.get(&pair.right)?);
            let could = |one: u32, others: &BTreeSet<u32>| {
                others.iter().all(|&other| relation(one, other).is_some())
            };
            let by_left = could(pair.left, right).then_some((pair.left, pair.right));
            let by_right = could(pair.right, left).then_some((pair.right, pair.left));
            let mut ways: Vec<(u32, u32)> = by_left.into_iter().chain(by_right).collect();
            ways.sort_by(|one, other| rank(other.0).partial_cmp(&rank(one.0)).expect("no NaN"));
            Some((pair, *ways.first()?))
        });
        let next = unions.min_by(|(one, _), (other, _)| {
            (one.relation.cmp(&other.relation))
                .then(other.redundancy.total_cmp(&one.redundancy))
                .then((one.left, one.right).cmp(&(other.left, other.right)))
        });
        let Some((_, (kept, joins))) = next else {
            break;
        };
        let joining = sets.remove(&joins).expect("it was found there");
        sets.get_mut(&kept).expect("it was found there").extend(joining);
    }
    let groups = sets.into_iter().filter_map(|(representative, mut members)| {
        members.remove(&representative);
        let relations = members.iter().filter_map(|&other| relation(representative, other));
        Some(Group {
            representative,
            relation: relations.max()?,
            drop: members.into_iter().collect(),
        })
    });
    groups.collect()
}

/// The other one of a pair, if `agent` could replace it. One that is contained
/// replaces nothing.
fn replaceable_by(pair: &Pair, agent: u32) -> Option<(u32, Relation)> {
    let (other, is_larger) = if agent == pair.left {
        (pair.right, pair.right_in_left >= pair.left_in_right)
    } else if agent == pair.right {
        (pair.left, pair.left_in_right > pair.right_in_left)
    } else {
        return None;
    };
    let is_replaceable =
        pair.relation.is_redundant() && (is_larger || pair.relation != Relation::Contained);
    is_replaceable.then_some((other, pair.relation))
}

/// What is moved in a merge is what neither the kept one nor anything moved
/// before says, pair by pair. Lead-ins and rows of tables may be titles, and
/// what has no weight is not compared.
fn check_moved(analysis: &Analysis, merge: &Merge) {
    let (facts, collection) = (analysis.facts(), &analysis.collection);
    let statement = |agent: u32, unit: u32| {
        let set = collection.unit_sets[agent as usize][unit as usize]?;
        Some((agent, unit, set)).filter(|_| facts.agent(agent).units[unit as usize].is_statement())
    };
    let of_agent = |agent: u32| {
        let units = 0..facts.agent(agent).units.len() as u32;
        units.filter_map(move |unit| statement(agent, unit))
    };
    let says = |by: (u32, u32, u32), said: (u32, u32, u32)| {
        let [by_text, said_text] = [by, said].map(|(agent, unit, _)| {
            let agent = facts.agent(agent);
            agent.unit_text(&agent.units[unit as usize], analysis.sources.text(agent.file))
        });
        let unit = |(agent, unit, _): (u32, u32, u32)| &facts.agent(agent).units[unit as usize];
        let said_by = Statement::of(unit(by), &by_text, by.2);
        collection.units.cosine(by.2, said.2) >= SAME
            && said_by.says(&Statement::of(unit(said), &said_text, said.2), &collection.units)
    };
    let mut known: Vec<(u32, u32, u32)> = of_agent(merge.keep).collect();
    for member in merge.gone() {
        let mut moved = member.only_here.iter().peekable();
        for own in of_agent(member.agent) {
            let quote = facts.quote_lines(own.0, own.1);
            let is_moved = moved
                .next_if(|moved| (moved.line, &moved.text) == (quote.line, &quote.text))
                .is_some();
            let is_known = known.iter().any(|&by| says(by, own));
            let unit = &facts.agent(own.0).units[own.1 as usize];
            if unit.kind != UnitKind::Row && !quote.text.ends_with(':') {
                assert_ne!(is_moved, is_known, "{}: {quote:?}", facts.path(own.0));
            }
            if is_moved {
                known.push(own);
            }
        }
    }
}

fn with_threads<T: Send>(n_threads: usize, run: impl FnOnce() -> T + Send) -> T {
    let threads = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build();
    threads.expect("threads can be had").install(run)
}

/// The report on a collection has what the loops find, on 1, 2 and 8 threads.
fn check(discovery: &Discovery) {
    let config = Config::default();
    let analyse = |n_threads| with_threads(n_threads, || Analysis::new(discovery.clone(), &config));
    let report =
        |analysis: &Analysis| serde_json::to_string(&analysis.report(&config)).expect("it is JSON");
    let mut analysis = analyse(1);
    let expected = report(&analysis);
    for n_threads in [2, 8] {
        assert!(report(&analyse(n_threads)) == expected, "{n_threads} threads change the report");
    }
    let plain = Plain { collection: &analysis.collection, thresholds: &config.thresholds };
    let pairs = plain.pairs();
    assert_eq!(analysis.pairs, pairs);
    let groups = groups(&analysis, &pairs);
    assert_eq!(analysis.groups.groups, groups);
    for merge in &analysis.merges(None).merges {
        check_moved(&analysis, merge);
    }
    analysis.pairs = pairs;
    analysis.groups.groups = groups;
    assert!(report(&analysis) == expected);
}

/// `AGENT_OVERLAP_FOLDER` names other definitions than the fixtures; a thousand
/// take some minutes.
#[test]
fn the_report_of_a_folder_equals_the_plain_one() {
    let folder = std::env::var_os("AGENT_OVERLAP_FOLDER").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"));
    let options = DiscoverOptions::new(folder.clone(), &Config::default());
    let discovery = discover(&[folder], &options).expect("the folder is there");
    assert!(!discovery.files.is_empty());
    check(&discovery);
}

/// A statement of one of several forms about one of a few things, so that many
/// are equal, some are alike and some differ in a number or a direction.
fn statement() -> impl Strategy<Value = String> {
    (0usize..8, 0usize..7, 1u32..4).prop_map(|(form, thing, n)| {
        let thing = ["kiln", "glaze", "wheel", "clay", "flue", "shard", "tongs"][thing];
        match form {
            0 => format!("- Rinse the {thing} in rain water before the firing"),
            1 => format!("- Rinse the {thing} in rain water after the firing"),
            2 => format!("- Never lend the {thing} to strangers for {n} days"),
            3 => format!("- Lend the {thing} to strangers for {n} days"),
            4 => format!("- Write the temperature of the {thing} into the green ledger"),
            5 => format!("## Care of the {thing}\n"),
            6 => format!("```sh\ninspect --{thing} --depth {n}\n```\n"),
            _ => {
                "- Sweep the floor of the pottery before the first firing of the morning".to_owned()
            }
        }
    })
}

/// An agent in one of three folders, of which one may mirror another.
fn agent() -> impl Strategy<Value = (usize, usize, usize, Vec<String>)> {
    (0usize..3, 0usize..8, 0usize..5, prop::collection::vec(statement(), 0..9))
}

fn file((folder, name, description, statements): &(usize, usize, usize, Vec<String>)) -> FoundFile {
    let name = [
        "kiln-expert", "kiln-developer", "clay-expert", "clay-kiln-tester", "glaze-pro",
        "glaze-writer", "ledger-keeper", "sweeper",
    ][*name];
    let description = [
        "Tends the kiln of the pottery. Use when the kiln is cold.",
        "Tends the kiln of the harbour guild. Use when the kiln is cold.",
        "Mixes glaze and clay by the green ledger.",
        "Keeps the ledger. Do not use for firing, use kiln-expert instead.",
        "Sweeps.",
    ][*description];
    let folder = ["catalogue/agents", "team/.claude/agents", "team/.opencode/agent"][*folder];
    let path = format!("{folder}/{name}.md");
    let text = format!(
        "---\nname: {name}\ndescription: {description}\n---\n\nYou are a {name}.\n\n{}\n",
        statements.join("\n")
    );
    FoundFile { origin: classify(&path), source: SourceFile::new(path, text), named: false }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn the_report_of_any_collection_equals_the_plain_one(agents in prop::collection::vec(agent(), 0..28)) {
        let by_path: BTreeMap<String, FoundFile> = agents
            .iter()
            .map(file)
            .map(|file| (file.source.path.clone(), file))
            .collect();
        check(&Discovery { files: by_path.into_values().collect(), ..Discovery::default() });
    }
}
