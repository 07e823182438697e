//! All agents of a run, in terms: what [`crate::join`] and [`crate::relation`] work on.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use rayon::iter::{
    IndexedParallelIterator, IntoParallelIterator, IntoParallelRefIterator,
    IntoParallelRefMutIterator, ParallelIterator,
};
use rustc_hash::FxHashMap;

use crate::agent::{self, Agent, Kind, Origin, Unit, UnitKind, boundary};
use crate::join::{Vectors, add_up, offset, rare_first};
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

/// Shares of content are whole numbers of this unit, so that their sums do not
/// depend on the order of terms.
pub const SHARE_SCALE: f64 = (1u32 << 31) as f64;

/// The agents of a run with their units folded into distinct sets of terms.
#[derive(Debug)]
pub struct Collection {
    /// The agents, by path.
    pub agents: Vec<Agent>,
    /// One set for each distinct unit.
    pub units: Vectors,
    /// By agent: the set of each of its units; `None` for a unit without terms.
    pub unit_sets: Vec<Vec<Option<u32>>>,
    /// By agent: the number of each unit's text, below [`Self::n_texts`]. Units of
    /// one number have the same text, and as a rule the other way round.
    pub texts: Vec<Vec<u32>>,
    /// One more than the highest of [`Self::texts`].
    pub n_texts: usize,
    /// By distinct unit: the agents that have it, ascending.
    pub holders: Lists,
    /// By agent: the vector of its name, trigger text and identity, sentences of
    /// boundary left out.
    pub roles: Vectors,
    /// By agent: the words of its name; none of memory files.
    pub names: Vec<Name<Term>>,
    /// By agent: its distinct terms, ascending, each with its share of the
    /// agent's content: [`OwnUnit::weight`] spread over the terms of each unit by
    /// their squared weights; all shares add up to [`SHARE_SCALE`] or, rounded
    /// up, little more.
    pub term_shares: Vec<Vec<(u32, u32)>>,
    /// By agent: the terms of its name's topics, ascending.
    pub topics: Vec<Vec<u32>>,
    /// By agent: the terms of the folders from which it is loaded, ascending.
    pub folders: Vec<Vec<u32>>,
    /// By agent: its distinct units with their weights, in the order of the file.
    pub own: Vec<Vec<OwnUnit>>,
    /// By agent: the first agent with the same units in the same order.
    pub bodies: Vec<u32>,
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
        add_up(&mut starts);
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
    /// The sets of its units in `Reader::sets`.
    units: Vec<u32>,
    name: Name<Term>,
    folders: Name<Term>,
    role: Vec<Term>,
    /// Which reader read it.
    reader_idx: usize,
}

/// One worker's memory of the texts it has met.
#[derive(Default)]
struct Reader<'a> {
    lexicon: Lexicon,
    /// By language: the set of a text that was met before, for texts repeat.
    seen: [FxHashMap<Cow<'a, str>, u32>; Language::COUNT],
    /// The terms of each distinct text, ascending.
    sets: Sets,
    buffer: String,
    terms: Vec<Term>,
    /// The path of folders that was met last, with its words.
    last_folders: (String, Name<Term>),
}

/// Sets of terms in one piece of memory.
#[derive(Default)]
struct Sets {
    terms: Vec<Term>,
    /// Where each set ends.
    ends: Vec<u32>,
}

impl Sets {
    fn push(&mut self, set: &[Term]) -> u32 {
        self.terms.extend_from_slice(set);
        self.ends.push(offset(self.terms.len()));
        offset(self.ends.len() - 1)
    }

    fn range(&self, set: usize) -> Range<usize> {
        let start = set.checked_sub(1).map_or(0, |before| self.ends[before]);
        start as usize..self.ends[set] as usize
    }

    fn get(&self, set: u32) -> &[Term] {
        &self.terms[self.range(set as usize)]
    }

    fn renumber(&mut self, renumbering: &Renumbering) {
        for set in 0..self.ends.len() {
            let range = self.range(set);
            let set = &mut self.terms[range];
            // Most sets hold terms of the background alone, which keep their numbers.
            if set.last().is_some_and(|&last| renumbering.changes(last)) {
                for term in &mut *set {
                    *term = renumbering.apply(*term);
                }
                set.sort_unstable();
            }
        }
    }
}

impl<'a> Reader<'a> {
    fn read(
        &mut self,
        file: FileId,
        source: &'a SourceFile,
        origin: &Origin,
        reader_idx: usize,
    ) -> Parsed {
        let agent = agent::parse(file, source, origin.clone());
        let language = Language::from_code(agent.language);
        let units =
            agent.units.iter().map(|unit| self.set(&agent, unit, source, language)).collect();
        let role = self.role(&agent, source, language);
        let name = name(&agent).map(|stem| self.lexicon.stem(&stem));
        let folders = self.folders(&origin.load_root);
        Parsed { agent, units, name, folders, role, reader_idx }
    }

    /// The words of a path of folders; files that follow each other share it as a rule.
    fn folders(&mut self, path: &str) -> Name<Term> {
        if self.last_folders.0 != path {
            let words = Name::new(path).map(|stem| self.lexicon.stem(&stem));
            self.last_folders = (path.to_owned(), words);
        }
        self.last_folders.1.clone()
    }

    /// The words of an agent's role. A memory file has none: it is called what
    /// all are called, and begins as all begin.
    fn role(&mut self, agent: &Agent, source: &SourceFile, language: Language) -> Vec<Term> {
        let mut role = Vec::new();
        if agent.kind == Kind::Memory {
            return role;
        }
        self.lexicon.terms(&agent.name, language, &mut role);
        for statement in boundary::own_statements(&agent.description.trigger) {
            self.lexicon.terms(statement, language, &mut role);
        }
        for unit in agent.identity() {
            let text = agent.unit_text_in(unit, &source.text, &mut self.buffer);
            self.lexicon.terms(text, language, &mut role);
        }
        role
    }

    /// The set of a unit's terms.
    fn set(
        &mut self,
        agent: &Agent,
        unit: &Unit,
        source: &'a SourceFile,
        language: Language,
    ) -> u32 {
        let text = agent.unit_text_in(unit, &source.text, &mut self.buffer);
        let seen = &mut self.seen[language.idx()];
        if let Some(&set) = seen.get(text) {
            return set;
        }
        self.terms.clear();
        self.lexicon.terms(text, language, &mut self.terms);
        self.terms.sort_unstable();
        self.terms.dedup();
        let set = self.sets.push(&self.terms);
        seen.insert(agent.unit_text(unit, &source.text), set);
        set
    }
}

impl Parsed {
    fn renumber(&mut self, renumbering: &Renumbering) {
        for name in [&mut self.name, &mut self.folders] {
            *name = std::mem::take(name).map(|term| renumbering.apply(term));
        }
        for term in &mut self.role {
            *term = renumbering.apply(*term);
        }
    }
}

/// What a term weighs in a unit at most: as much as a word of one definition
/// in 150, 5 nats. A rarer word, such as the name of a project, tells what a
/// unit is about, not what it says: it would make all units with it alike.
const MAX_UNIT_TERM: u32 = 5 * SCALE as u32;

impl Collection {
    /// In how many distinct units of an agent a term occurs.
    pub fn n_units_with(&self, agent: u32, term: u32) -> usize {
        let own = self.own[agent as usize].iter();
        own.filter(|own| self.units.terms(own.set).binary_search(&term).is_ok()).count()
    }

    /// Reads all files. The order of `files` is the order of the agents.
    pub fn new(files: &[SourceFile], origins: &[Origin]) -> Self {
        let (parsed, read, vocabulary) = parse_all(files, origins);
        let (unit_sets, distinct) = fold(&parsed, &read);
        let (texts, n_texts) = texts(&parsed, &read);
        let ranks = ranks(&distinct, vocabulary.len());
        let mut weights = vec![0; vocabulary.len()];
        for (term, &rank) in ranks.iter().enumerate() {
            weights[rank as usize] = vocabulary.weight(Term(term as u32));
        }
        let information: Vec<f64> = distinct
            .par_iter()
            .map(|unit| {
                unit.iter().map(|&term| u64::from(vocabulary.weight(term))).sum::<u64>() as f64
                    / SCALE
            })
            .collect();
        let capped: Vec<u32> = weights.iter().map(|&one| one.min(MAX_UNIT_TERM)).collect();
        let units = ranked(&distinct, &ranks, &capped);
        drop(capped);
        let roles: Vec<Vec<(u32, u32)>> =
            parsed.par_iter().map(|one| role_vector(&one.role, &ranks, &weights)).collect();
        let topics_of = |name: &Name<Term>| {
            let mut terms: Vec<u32> = name.topics().map(|term| ranks[term.0 as usize]).collect();
            terms.sort_unstable();
            terms.dedup();
            terms
        };
        let topics = parsed.iter().map(|one| topics_of(&one.name)).collect();
        let folders = parsed.iter().map(|one| topics_of(&one.folders)).collect();
        let roles = Vectors::weighted(roles.iter().map(Vec::as_slice), vocabulary.len());
        drop(distinct);
        let holders = holders(&unit_sets, units.len());
        let (agents, names): (Vec<Agent>, Vec<Name<Term>>) =
            parsed.into_iter().map(|one| (one.agent, one.name)).unzip();
        let own: Vec<Vec<OwnUnit>> = agents
            .par_iter()
            .zip(&unit_sets)
            .map_init(
                || vec![NOWHERE; units.len()],
                |places, (agent, sets)| own_units(agent, sets, &holders, &information, places),
            )
            .collect();
        let term_shares = own
            .par_iter()
            .map_init(
                || TermSums::new(vocabulary.len()),
                |sums, own| term_shares(&units, own, sums),
            )
            .collect();
        Self {
            agents,
            units,
            holders,
            roles,
            names,
            term_shares,
            topics,
            folders,
            bodies: bodies(&unit_sets, &own),
            unit_sets,
            texts,
            n_texts,
            own,
        }
    }
}

/// See [`Collection::bodies`].
fn bodies(unit_sets: &[Vec<Option<u32>>], own: &[Vec<OwnUnit>]) -> Vec<u32> {
    // Equal sets may still be of headings in one agent and of items in another.
    let mut seen: FxHashMap<&[Option<u32>], Vec<u32>> = FxHashMap::default();
    let mut bodies = Vec::with_capacity(own.len());
    for (agent, sets) in (0..).zip(unit_sets) {
        let alike = seen.entry(sets).or_default();
        let is_same = |first: &&u32| own[**first as usize] == own[agent as usize];
        let first = alike.iter().find(is_same).copied();
        if first.is_none() {
            alike.push(agent);
        }
        bodies.push(first.unwrap_or(agent));
    }
    bodies
}

/// Memory files are all called the same, which is no name, nor is a placeholder.
fn name(agent: &Agent) -> Name<Box<str>> {
    if agent.kind == Kind::Memory || agent.name.contains("{{") {
        Name::default()
    } else {
        Name::new(&agent.name)
    }
}

/// A set that an agent has not shown yet.
const NOWHERE: u32 = u32::MAX;

/// See [`Collection::own`]. `places` holds [`NOWHERE`] for each set, before and after.
fn own_units(
    agent: &Agent,
    sets: &[Option<u32>],
    holders: &Lists,
    information: &[f64],
    places: &mut [u32],
) -> Vec<OwnUnit> {
    let mut own: Vec<OwnUnit> = Vec::with_capacity(sets.len());
    for (unit_idx, (unit, set)) in agent.units.iter().zip(sets).enumerate() {
        let Some(set) = *set else { continue };
        let weight = kind_weight(unit)
            * information[set as usize]
            * boilerplate_discount(holders.get(set).len() as u32);
        let place = &mut places[set as usize];
        if *place == NOWHERE {
            *place = own.len() as u32;
            own.push(OwnUnit { set, unit_idx: unit_idx as u32, weight });
        } else {
            own[*place as usize].weight += weight;
        }
    }
    for own in &own {
        places[own.set as usize] = NOWHERE;
    }
    own
}

/// Sums by term, and as bits which terms have one: reused from agent to agent,
/// and read in the order of the terms without sorting.
struct TermSums {
    sums: Vec<f64>,
    is_set: Vec<u64>,
}

impl TermSums {
    fn new(n_terms: usize) -> Self {
        Self { sums: vec![0.0; n_terms], is_set: vec![0; n_terms.div_ceil(64)] }
    }

    fn add(&mut self, term: u32, amount: f64) {
        self.sums[term as usize] += amount;
        self.is_set[term as usize / 64] |= 1 << (term % 64);
    }

    /// The sums by term, ascending, in units of `1 / SHARE_SCALE`, rounded up;
    /// none is left.
    fn take(&mut self) -> Vec<(u32, u32)> {
        let n_terms: u32 = self.is_set.iter().map(|bits| bits.count_ones()).sum();
        let mut taken = Vec::with_capacity(n_terms as usize);
        for (place, bits) in self.is_set.iter_mut().enumerate() {
            while *bits != 0 {
                let term = place as u32 * 64 + bits.trailing_zeros();
                let sum = std::mem::take(&mut self.sums[term as usize]);
                taken.push((term, (sum * SHARE_SCALE).ceil() as u32));
                *bits &= *bits - 1;
            }
        }
        taken
    }
}

/// See [`Collection::term_shares`].
fn term_shares(units: &Vectors, own: &[OwnUnit], sums: &mut TermSums) -> Vec<(u32, u32)> {
    let all: f64 = own.iter().map(|own| own.weight).sum();
    for own in own {
        let scale = own.weight / all / units.norm2(own.set) as f64;
        for &term in units.terms(own.set) {
            sums.add(term, units.set_weight2(term) as f64 * scale);
        }
    }
    sums.take()
}

fn kind_weight(unit: &Unit) -> f64 {
    match unit.kind {
        UnitKind::Heading => HEADING_WEIGHT,
        UnitKind::Code => CODE_WEIGHT,
        UnitKind::Item | UnitKind::Sentence | UnitKind::Row => 1.0,
    }
}

/// The agents, what each reader met, and the terms of all.
fn parse_all(files: &[SourceFile], origins: &[Origin]) -> (Vec<Parsed>, Vec<Sets>, Vocabulary) {
    // A worker's reader serves all the files it takes, so that few texts are
    // cut into words twice and few words stemmed; how the files are shared out
    // shows in no result.
    let readers: Vec<Mutex<Reader<'_>>> =
        (0..rayon::current_num_threads()).map(|_| Mutex::default()).collect();
    let mut parsed: Vec<Parsed> = (0..files.len())
        .into_par_iter()
        .map(|idx| {
            let worker = rayon::current_thread_index().unwrap_or(0);
            let mut reader = readers[worker].lock().unwrap_or_else(PoisonError::into_inner);
            reader.read(FileId(idx as u32), &files[idx], &origins[idx], worker)
        })
        .collect();
    let (lexicons, mut sets): (Vec<Lexicon>, Vec<Sets>) = readers
        .into_iter()
        .map(|reader| reader.into_inner().unwrap_or_else(PoisonError::into_inner))
        .map(|reader| (reader.lexicon, reader.sets))
        .unzip();
    let (vocabulary, renumberings) = Vocabulary::merge(lexicons);
    sets.par_iter_mut()
        .zip(&renumberings)
        .for_each(|(sets, renumbering)| sets.renumber(renumbering));
    parsed.par_iter_mut().for_each(|one| one.renumber(&renumberings[one.reader_idx]));
    (parsed, sets, vocabulary)
}

/// See [`Collection::texts`]: a reader has a set for each text that it met.
fn texts(parsed: &[Parsed], read: &[Sets]) -> (Vec<Vec<u32>>, usize) {
    let n_before = |reader: usize| read[..reader].iter().map(|sets| sets.ends.len()).sum();
    let of_agent = parsed.iter().map(|one| {
        let before = offset(n_before(one.reader_idx));
        one.units.iter().map(|unit| before + unit).collect()
    });
    (of_agent.collect(), n_before(read.len()))
}

/// By agent the distinct set of each of its units, `None` for a unit without
/// terms; and the distinct sets, in the order in which agents have them.
fn fold<'a>(parsed: &[Parsed], read: &'a [Sets]) -> (Vec<Vec<Option<u32>>>, Vec<&'a [Term]>) {
    const UNKNOWN: u32 = u32::MAX;
    let n_sets = read.iter().map(|sets| sets.ends.len()).sum();
    let mut ids: FxHashMap<&[Term], u32> =
        FxHashMap::with_capacity_and_hasher(n_sets, Default::default());
    let mut distinct: Vec<&[Term]> = Vec::new();
    // By reader: the number of each of its sets among the distinct ones.
    let mut known: Vec<Vec<u32>> = read.iter().map(|sets| vec![UNKNOWN; sets.ends.len()]).collect();
    let unit_sets = parsed.iter().map(|one| {
        let (sets, known) = (&read[one.reader_idx], &mut known[one.reader_idx]);
        let id = |&unit: &u32| {
            let terms = sets.get(unit);
            let id = &mut known[unit as usize];
            if *id == UNKNOWN && !terms.is_empty() {
                *id = *ids.entry(terms).or_insert_with(|| {
                    distinct.push(terms);
                    distinct.len() as u32 - 1
                });
            }
            (!terms.is_empty()).then_some(*id)
        };
        one.units.iter().map(id).collect()
    });
    (unit_sets.collect(), distinct)
}

/// By term: its place when all are ordered by the number of units that have them, rare first.
fn ranks(units: &[&[Term]], n_terms: usize) -> Vec<u32> {
    let mut df = vec![0u32; n_terms];
    for term in units.iter().copied().flatten() {
        df[term.0 as usize] += 1;
    }
    rare_first(&df)
}

fn ranked(sets: &[&[Term]], ranks: &[u32], weights: &[u32]) -> Vectors {
    let mut all: Vec<u32> = Vec::with_capacity(sets.iter().map(|set| set.len()).sum());
    for set in sets {
        let start = all.len();
        all.extend(set.iter().map(|term| ranks[term.0 as usize]));
        all[start..].sort_unstable();
    }
    let mut rest = all.as_slice();
    let sets = sets.iter().map(|set| {
        let (first, others) = rest.split_at(set.len());
        rest = others;
        first
    });
    Vectors::sets(sets, weights)
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
            (run[0], (frequency * f64::from(weights[run[0] as usize])).round() as u32)
        })
        .collect()
}

fn holders(unit_sets: &[Vec<Option<u32>>], n_sets: usize) -> Lists {
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let mut last_holder = vec![u32::MAX; n_sets];
    for (agent, units) in unit_sets.iter().enumerate() {
        let agent = agent as u32;
        for &set in units.iter().flatten() {
            if std::mem::replace(&mut last_holder[set as usize], agent) != agent {
                pairs.push((set, agent));
            }
        }
    }
    Lists::new(n_sets, pairs.iter().copied())
}
