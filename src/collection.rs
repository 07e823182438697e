//! All agents of a run, in terms: what [`crate::join`] and [`crate::relation`] work on.

use rayon::iter::{
    IndexedParallelIterator, IntoParallelIterator, IntoParallelRefIterator,
    IntoParallelRefMutIterator, ParallelIterator,
};
use rustc_hash::FxHashMap;

use crate::agent::{self, Agent, Kind, Origin, Unit, UnitKind, boundary};
use crate::join::Vectors;
use crate::measure::boilerplate_discount;
use crate::measure::name::Name;
use crate::source::{FileId, SourceFile};
use crate::text::background::SCALE;
use crate::text::language::Language;
use crate::text::{Lexicon, Renumbering, Term, Vocabulary};

/// How much a unit counts beside an item or a sentence of the same words.
/// Headings name a topic, they advise nothing; code says much in few ideas.
const HEADING_WEIGHT: f64 = 0.3;
const CODE_WEIGHT: f64 = 0.5;

/// The agents of a run with their units folded into distinct sets of terms.
#[derive(Debug)]
pub struct Collection {
    /// The agents, by path.
    pub agents: Vec<Agent>,
    /// One set for each distinct unit.
    pub units: Vectors,
    /// By agent: the set of each of its units; `None` for a unit without terms.
    pub unit_sets: Vec<Vec<Option<u32>>>,
    /// By distinct unit: the agents that have it, ascending.
    pub holders: Lists,
    /// By agent: the vector of its name, trigger text and identity, sentences of
    /// boundary left out.
    pub roles: Vectors,
    /// By agent: the words of its name; none of memory files.
    pub names: Vec<Name<Term>>,
    /// By agent: its distinct terms, ascending, each with its share of the
    /// agent's content: [`OwnUnit::weight`] spread over the terms of each unit by
    /// their squared weights, and all shares add up to 1.
    pub term_shares: Vec<Vec<(u32, f32)>>,
    /// By agent: the terms of its name's topics, ascending.
    pub topics: Vec<Vec<u32>>,
    /// By agent: its distinct units with their weights, in the order of the file.
    pub own: Vec<Vec<OwnUnit>>,
}

/// A distinct unit of one agent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OwnUnit {
    /// Its set in [`Collection::units`].
    pub set: u32,
    /// The first of the agent's units that has it.
    pub unit_idx: u32,
    /// Weight in coverage of all the agent's units that have it: the
    /// information in its terms (sum of IDF, in nats), less for headings, code
    /// and boilerplate.
    pub weight: f64,
}

/// Lists of numbers in one piece of memory.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    /// The list of `key`.
    pub fn get(&self, key: u32) -> &[u32] {
        &self.items[self.starts[key as usize] as usize..self.starts[key as usize + 1] as usize]
    }

    /// Lists for keys `0..n_keys` from (key, item) pairs; items keep their order.
    pub fn new(n_keys: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut starts = vec![0u32; n_keys + 1];
        for (key, _) in pairs.clone() {
            starts[key as usize + 1] += 1;
        }
        for key in 1..starts.len() {
            starts[key] += starts[key - 1];
        }
        let mut next = starts.clone();
        let mut items = vec![0; starts[n_keys] as usize];
        for (key, item) in pairs {
            items[next[key as usize] as usize] = item;
            next[key as usize] += 1;
        }
        Self { starts, items }
    }
}

/// One agent with its terms, before the vocabulary is complete.
struct Parsed {
    agent: Agent,
    /// Ends of the units' terms in `terms`; the role's terms follow.
    unit_ends: Vec<u32>,
    name: Name<Term>,
    terms: Vec<Term>,
}

impl Parsed {
    fn new(file: FileId, source: &SourceFile, origin: &Origin, lexicon: &mut Lexicon) -> Self {
        let agent = agent::parse(file, source, origin.clone());
        let language = Language::from_code(agent.language);
        let mut terms = Vec::with_capacity(source.text.len() / 8);
        let mut unit_ends = Vec::with_capacity(agent.units.len());
        for unit in &agent.units {
            lexicon.terms(&agent.unit_text(unit, &source.text), language, &mut terms);
            unit_ends.push(terms.len() as u32);
        }
        lexicon.terms(&agent.name, language, &mut terms);
        for statement in boundary::statements(&agent.description.trigger) {
            if !boundary::separates(statement) {
                lexicon.terms(statement, language, &mut terms);
            }
        }
        for unit in agent.identity() {
            lexicon.terms(&agent.unit_text(unit, &source.text), language, &mut terms);
        }
        let name = name(&agent).map(|stem| lexicon.stem(&stem));
        terms.shrink_to_fit();
        Self {
            agent,
            unit_ends,
            name,
            terms,
        }
    }

    fn renumber(&mut self, renumbering: &Renumbering) {
        self.name = std::mem::take(&mut self.name).map(|term| renumbering.apply(term));
        for term in &mut self.terms {
            *term = renumbering.apply(*term);
        }
        // Each unit becomes a set.
        let mut set = Vec::new();
        let mut terms = Vec::with_capacity(self.terms.len());
        let mut start = 0;
        for end in &mut self.unit_ends {
            set.clear();
            set.extend_from_slice(&self.terms[start as usize..*end as usize]);
            set.sort_unstable();
            set.dedup();
            start = *end;
            terms.extend_from_slice(&set);
            *end = terms.len() as u32;
        }
        terms.extend_from_slice(&self.terms[start as usize..]);
        self.terms = terms;
    }

    fn units(&self) -> impl Iterator<Item = &[Term]> {
        let starts = std::iter::once(0).chain(self.unit_ends.iter().copied());
        starts
            .zip(&self.unit_ends)
            .map(|(start, &end)| &self.terms[start as usize..end as usize])
    }

    fn role(&self) -> &[Term] {
        &self.terms[self.unit_ends.last().copied().unwrap_or(0) as usize..]
    }
}

impl Collection {
    /// Whether a term occurs in any unit of an agent.
    pub fn says(&self, agent: u32, term: u32) -> bool {
        let mut own = self.own[agent as usize].iter();
        own.any(|own| self.units.terms(own.set).binary_search(&term).is_ok())
    }

    /// Reads all files. The order of `files` is the order of the agents.
    pub fn new(files: &[SourceFile], origins: &[Origin]) -> Self {
        let (parsed, vocabulary) = parse_all(files, origins);
        let mut ids: FxHashMap<&[Term], u32> = FxHashMap::default();
        let mut distinct: Vec<&[Term]> = Vec::new();
        let mut unit_sets: Vec<Vec<Option<u32>>> = Vec::with_capacity(parsed.len());
        for one in &parsed {
            let sets = one.units().map(|unit| {
                (!unit.is_empty()).then(|| {
                    *ids.entry(unit).or_insert_with(|| {
                        distinct.push(unit);
                        distinct.len() as u32 - 1
                    })
                })
            });
            unit_sets.push(sets.collect());
        }
        drop(ids);
        let ranks = ranks(&distinct, vocabulary.len());
        let mut weights = vec![0; vocabulary.len()];
        for (term, &rank) in ranks.iter().enumerate() {
            weights[rank as usize] = vocabulary.weight(Term(term as u32));
        }
        let information: Vec<f64> = distinct
            .par_iter()
            .map(|unit| {
                unit.iter()
                    .map(|&term| u64::from(vocabulary.weight(term)))
                    .sum::<u64>() as f64
                    / SCALE
            })
            .collect();
        let units = ranked(&distinct, &ranks, &weights);
        let roles: Vec<Vec<(u32, u32)>> = parsed
            .par_iter()
            .map(|one| role_vector(one.role(), &ranks, &weights))
            .collect();
        let topics = parsed
            .iter()
            .map(|one| {
                let terms = one.name.topics();
                let mut terms: Vec<u32> = terms.map(|term| ranks[term.0 as usize]).collect();
                terms.sort_unstable();
                terms.dedup();
                terms
            })
            .collect();
        let roles = Vectors::weighted(roles.iter().map(Vec::as_slice), vocabulary.len());
        drop(distinct);
        let holders = holders(&unit_sets, units.len());
        let (agents, names): (Vec<Agent>, Vec<Name<Term>>) =
            parsed.into_iter().map(|one| (one.agent, one.name)).unzip();
        let own: Vec<Vec<OwnUnit>> = agents
            .par_iter()
            .zip(&unit_sets)
            .map(|(agent, sets)| own_units(agent, sets, &holders, &information))
            .collect();
        let term_shares = own.par_iter().map(|own| term_shares(&units, own)).collect();
        Self {
            agents,
            units,
            unit_sets,
            holders,
            roles,
            names,
            term_shares,
            topics,
            own,
        }
    }
}

/// Memory files are all called the same and have no role by that.
fn name(agent: &Agent) -> Name<Box<str>> {
    if agent.kind == Kind::Memory {
        Name::default()
    } else {
        Name::new(&agent.name)
    }
}

/// See [`Collection::own`].
fn own_units(
    agent: &Agent,
    sets: &[Option<u32>],
    holders: &Lists,
    information: &[f64],
) -> Vec<OwnUnit> {
    let mut own: Vec<OwnUnit> = Vec::with_capacity(sets.len());
    for (unit_idx, (unit, set)) in agent.units.iter().zip(sets).enumerate() {
        let Some(set) = *set else { continue };
        let weight = kind_weight(unit)
            * information[set as usize]
            * boilerplate_discount(holders.get(set).len() as u32);
        own.push(OwnUnit {
            set,
            unit_idx: unit_idx as u32,
            weight,
        });
    }
    own.sort_by_key(|own| (own.set, own.unit_idx));
    own.dedup_by(|next, first| {
        let same = next.set == first.set;
        if same {
            first.weight += next.weight;
        }
        same
    });
    own.sort_unstable_by_key(|own| own.unit_idx);
    own
}

/// See [`Collection::term_shares`].
fn term_shares(units: &Vectors, own: &[OwnUnit]) -> Vec<(u32, f32)> {
    let all: f64 = own.iter().map(|own| own.weight).sum();
    let mut shares: Vec<(u32, f64)> = Vec::new();
    for own in own {
        let scale = own.weight / all / units.norm2(own.set) as f64;
        shares.extend(
            units
                .terms(own.set)
                .iter()
                .map(|&term| (term, units.set_weight2(term) as f64 * scale)),
        );
    }
    shares.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    shares
        .chunk_by(|a, b| a.0 == b.0)
        .map(|run| {
            (
                run[0].0,
                run.iter().map(|&(_, share)| share).sum::<f64>() as f32,
            )
        })
        .collect()
}

fn kind_weight(unit: &Unit) -> f64 {
    match unit.kind {
        UnitKind::Heading => HEADING_WEIGHT,
        UnitKind::Code => CODE_WEIGHT,
        UnitKind::Item | UnitKind::Sentence | UnitKind::Row => 1.0,
    }
}

fn parse_all(files: &[SourceFile], origins: &[Origin]) -> (Vec<Parsed>, Vocabulary) {
    // A worker's lexicon grows with the files it takes, so that few words are
    // stemmed twice; how the files are split shows in no result.
    let parts: Vec<(Vec<Parsed>, Lexicon)> = (0..files.len())
        .into_par_iter()
        .fold(
            || (Vec::new(), Lexicon::default()),
            |(mut parsed, mut lexicon), idx| {
                parsed.push(Parsed::new(
                    FileId(idx as u32),
                    &files[idx],
                    &origins[idx],
                    &mut lexicon,
                ));
                (parsed, lexicon)
            },
        )
        .collect();
    let (mut parts, lexicons): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
    let (vocabulary, renumberings) = Vocabulary::merge(lexicons);
    for (part, renumbering) in parts.iter_mut().zip(&renumberings) {
        part.par_iter_mut()
            .for_each(|one: &mut Parsed| one.renumber(renumbering));
    }
    (parts.into_iter().flatten().collect(), vocabulary)
}

/// By term: its place when all are ordered by the number of units that have them, rare first.
fn ranks(units: &[&[Term]], n_terms: usize) -> Vec<u32> {
    let mut df = vec![0u32; n_terms];
    for term in units.iter().copied().flatten() {
        df[term.0 as usize] += 1;
    }
    let mut order: Vec<u32> = (0..n_terms as u32).collect();
    order.sort_unstable_by_key(|&term| (df[term as usize], term));
    let mut ranks = vec![0; n_terms];
    for (rank, &term) in order.iter().enumerate() {
        ranks[term as usize] = rank as u32;
    }
    ranks
}

fn ranked(sets: &[&[Term]], ranks: &[u32], weights: &[u32]) -> Vectors {
    let sets: Vec<Vec<u32>> = sets
        .par_iter()
        .map(|set| {
            let mut set: Vec<u32> = set.iter().map(|term| ranks[term.0 as usize]).collect();
            set.sort_unstable();
            set
        })
        .collect();
    Vectors::sets(sets.iter().map(Vec::as_slice), weights)
}

/// TF-IDF with damped frequencies, `(1 + ln tf) · idf`: a role that says
/// "Python" four times is about Python, but not four times as much.
fn role_vector(terms: &[Term], ranks: &[u32], weights: &[u32]) -> Vec<(u32, u32)> {
    let mut terms: Vec<u32> = terms.iter().map(|term| ranks[term.0 as usize]).collect();
    terms.sort_unstable();
    terms
        .chunk_by(|a, b| a == b)
        .map(|run| {
            let frequency = 1.0 + (run.len() as f64).ln();
            (
                run[0],
                (frequency * f64::from(weights[run[0] as usize])).round() as u32,
            )
        })
        .collect()
}

fn holders(unit_sets: &[Vec<Option<u32>>], n_sets: usize) -> Lists {
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let mut sets = Vec::new();
    for (agent, units) in unit_sets.iter().enumerate() {
        sets.clear();
        sets.extend(units.iter().flatten().copied());
        sets.sort_unstable();
        sets.dedup();
        pairs.extend(sets.iter().map(|&set| (set, agent as u32)));
    }
    Lists::new(n_sets, pairs.iter().copied())
}
