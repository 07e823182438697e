//! Orders against bans in like words: "Never create documentation" against
//! "Create one documentation file for each task".
//!
//! An order answers a ban where it begins with the forbidden verb and has all
//! words of the ban. More words make an order narrower, and what is forbidden
//! as a whole is forbidden in part; more words make a ban narrower, and then
//! the order must have them too.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use rustc_hash::FxHashMap;

use super::ban::{BanLists, Listed};
use super::clash::{Clash, Place, Side, bans_of_all};
use super::fact::line_at;
use super::{LazyPart, part};
use crate::agent::{Agent, Direction, Kind, UnitKind};
use crate::commitment::reading::Place as Statement;
use crate::finding::{Rule, Severity};
use crate::reach::{Reach, Way};
use crate::rules::Facts;
use crate::text::{strip_prefix_of_any_case, word_finder};

/// Something that is not to be done.
#[derive(Debug)]
struct Ban {
    place: Place,
    act: Act,
    /// Whether it only says what this agent leaves to others.
    is_own_limit: bool,
    /// Whether it is what an order does not want: "use types instead of interfaces".
    is_second: bool,
    part: LazyPart,
}

/// What is forbidden: a verb and the words of its object and circumstances,
/// without their endings.
#[derive(Debug, Clone)]
struct Act {
    verb: String,
    words: Vec<String>,
}

/// Bans by their verbs.
type ByVerb<'a> = FxHashMap<&'a str, Vec<usize>>;

/// One clash for each ban that orders break.
pub(super) fn clashes(facts: &Facts<'_>, reach: &Reach<'_>) -> Vec<Clash> {
    let n_agents = facts.agents().len() as u32;
    let (all, of_agent) = bans_of_all(facts, reach, bans);
    let mut of_project: FxHashMap<u32, ByVerb<'_>> = FxHashMap::default();
    for (at, ban) in all.iter().enumerate().filter(|(_, ban)| !ban.is_own_limit) {
        if let Some(project) = reach.project(ban.place.agent) {
            let by_verb = of_project.entry(project).or_default();
            by_verb.entry(&ban.act.verb).or_default().push(at);
        }
    }
    let mut orders: Vec<Vec<Place>> = vec![Vec::new(); all.len()];
    let none = ByVerb::default();
    for id in 0..n_agents {
        let mut near = ByVerb::default();
        // What an agent forbids may be what a memory file asks of it.
        let is_memory = facts.agent(id).kind == Kind::Memory;
        let others = if is_memory { reach.of(id) } else { reach.of_closer(id) };
        for (other, way) in others {
            for at in of_agent[other as usize].clone() {
                if holds_for(facts, &all[at], other, way) {
                    near.entry(&all[at].act.verb).or_default().push(at);
                }
            }
        }
        let project = reach.project(id).and_then(|project| of_project.get(&project));
        let bans = Bans {
            all: &all,
            near,
            of_project: project.unwrap_or(&none),
            is_neighbour: &|other| reach.way(id, other) == Some(Way::Project),
        };
        if !bans.near.is_empty() || !bans.of_project.is_empty() {
            collect_orders(facts, id, &bans, &mut orders);
        }
    }
    all.iter()
        .zip(orders)
        .filter(|(_, orders)| !orders.is_empty())
        .map(|(ban, orders)| clash(facts, ban, orders))
        .collect()
}

/// The bans that bind one agent.
struct Bans<'a> {
    all: &'a [Ban],
    /// Those of its own file, of memory files and of those that could stand in for it.
    near: ByVerb<'a>,
    /// Those of all agents of its project.
    of_project: &'a ByVerb<'a>,
    /// Whether another agent is a mere neighbour in the project.
    is_neighbour: &'a dyn Fn(u32) -> bool,
}

impl Bans<'_> {
    fn verbs(&self) -> impl Iterator<Item = &str> {
        self.near.keys().chain(self.of_project.keys()).copied()
    }

    /// Those that a statement breaks which begins with this verb.
    fn broken(&self, verb: &str, statement: &str) -> Vec<usize> {
        let (near, far) = (self.near.get(verb), self.of_project.get(verb));
        if near.is_none() && far.is_none() {
            return Vec::new();
        }
        let Some(said) = order(&statement.to_lowercase()) else {
            return Vec::new();
        };
        let is_broken = |at: &usize| self.all[*at].act.is_asked_for(&said);
        let is_neighbour = |at: &usize| (self.is_neighbour)(self.all[*at].place.agent);
        let near = near.into_iter().flatten().copied().filter(is_broken);
        let far = far.into_iter().flatten().copied();
        near.chain(far.filter(|at| is_broken(at) && is_neighbour(at))).collect()
    }
}

/// Whether a ban of `other` binds an agent to which it stands in this way. What
/// an agent leaves to others is for others to do.
fn holds_for(facts: &Facts<'_>, ban: &Ban, other: u32, way: Way) -> bool {
    match way {
        // The cases of one file may differ.
        Way::SameFile => !ban.is_second,
        Way::Memory => {
            let is_of_memory = facts.agent(other).kind == Kind::Memory;
            !ban.is_own_limit && (is_of_memory || ban.act.words.len() >= MIN_TOLD)
        }
        Way::Related => !ban.is_own_limit,
        Way::Project | Way::Together => false,
    }
}

/// So many words beside its verb has an agent's ban that answers the project's
/// memory file: fewer tell what is not its job ("never write unit tests").
const MIN_TOLD: usize = 3;

/// Beginnings of a ban, in lower case, and whether they speak of the agent itself.
const CUES: &[(&str, bool)] = &[
    ("never ", false),
    ("do not ", false),
    ("don't ", false),
    ("don’t ", false),
    ("you must not ", false),
    ("you must never ", false),
    ("must not ", false),
    ("must never ", false),
    ("does not ", true),
    ("doesn't ", true),
    ("will not ", true),
    ("you do not ", true),
    ("you don't ", true),
    ("you never ", true),
    ("you will not ", true),
];

fn bans(facts: &Facts<'_>, id: u32, bans: &mut Vec<Ban>) {
    let agent = facts.agent(id);
    let source = facts.text(id);
    let mut buffer = String::new();
    let mut lists = BanLists::new(agent, source);
    for (unit_idx, unit) in agent.units.iter().enumerate() {
        if !unit.kind.is_prose() {
            continue;
        }
        let start = unlabelled(agent.unit_text_in(unit, source, &mut buffer));
        let listed = || {
            let listed = lists.of(unit)?;
            Some((start, listed == Listed::OwnLimit))
        };
        let Some((act, is_own_limit)) = after_cue(start).or_else(listed) else {
            if unit.direction == Direction::Advice {
                let acts = rejected(start).into_iter();
                bans.extend(acts.map(|act| Ban {
                    place: Place::unit(id, unit_idx),
                    act,
                    is_own_limit: false,
                    is_second: true,
                    part: LazyPart::default(),
                }));
            }
            continue;
        };
        let act = act.to_lowercase();
        let Some(clause) = without_exception(&act) else {
            continue;
        };
        let is_own_limit = is_own_limit || agent.kind != Kind::Memory && speaks_of_tools(clause);
        let mut acts = acts_of(clause);
        // What a light verb takes is not told by the first of a list, and
        // where it names an option, that one is rejected.
        let is_list = act[clause.len()..].starts_with(", ");
        let rejects = || {
            let here = Statement::Unit(unit_idx as u32);
            let own = &facts.commitments[id as usize];
            own.iter().any(|told| !told.takes && told.place == here)
        };
        acts.retain(|act| !act.is_light() || !is_list && !rejects());
        bans.extend(acts.into_iter().map(|act| Ban {
            place: Place::unit(id, unit_idx),
            act,
            is_own_limit,
            is_second: false,
            part: LazyPart::default(),
        }));
    }
}

/// What an order chooses something over: "Use types instead of interfaces".
const CONTRASTS: &[&str] = &[" instead of ", " rather than ", ", not ", ", never ", " over "];

/// What an order that names two things forbids: the second one.
fn rejected(start: &str) -> Option<Act> {
    const MAX_WORDS: usize = 3;
    const VERBS: &[&str] = &[
        "use", "prefer", "favor", "favour", "write", "put", "store", "name", "return", "create",
        "make", "place", "keep", "send", "define",
    ];
    let (first, _) = start.split_once(' ')?;
    if !VERBS.iter().any(|verb| verb.eq_ignore_ascii_case(first)) {
        return None;
    }
    let verb = verb(&first.to_lowercase());
    let lower = start.to_lowercase();
    let (at, mark) = contrast(&lower)?;
    let is_preference = matches!(verb.as_str(), "prefer" | "favor" | "favour");
    if mark == " over " && !is_preference || lower[..at].contains(". ") {
        return None;
    }
    let rest = clause(&lower[at + mark.len()..]);
    let is_plain = |c: char| is_of_word(c) || matches!(c, ' ' | '-' | '`' | '/' | '.');
    if !rest.chars().all(is_plain) {
        return None;
    }
    let words = meaningful(words(without_exception(rest)?));
    let is_short = (1..=MAX_WORDS).contains(&words.len());
    is_short.then_some(Act { verb, words })
}

/// Where an order in lower case turns to what it does not want.
fn contrast(lower: &str) -> Option<(usize, &'static str)> {
    static FINDER: OnceLock<AhoCorasick> = OnceLock::new();
    let found = FINDER.get_or_init(|| word_finder(CONTRASTS)).find(lower)?;
    Some((found.start(), CONTRASTS[found.pattern().as_usize()]))
}

/// Whether a ban is on a tool of the agent itself: "use Bash", "use any tools".
fn speaks_of_tools(clause: &str) -> bool {
    const TOOLS: &[&str] = &[
        "agent", "agents", "bash", "edit", "glob", "grep", "multiedit", "read", "subagents",
        "task", "todowrite", "tool", "tools", "webfetch", "websearch", "write",
    ];
    let mut words = words(clause);
    let verb = words.next();
    let mut objects = words.filter(|word| !FILLERS.contains(word));
    matches!(verb, Some("use" | "call" | "invoke"))
        && objects.next().is_some_and(|word| TOOLS.contains(&word))
}

/// What follows the cue of a ban, and whether the cue speaks of the agent itself.
fn after_cue(start: &str) -> Option<(&str, bool)> {
    if !start.starts_with(['d', 'm', 'n', 'w', 'y', 'D', 'M', 'N', 'W', 'Y']) {
        return None;
    }
    CUES.iter().find_map(|&(cue, is_own_limit)| {
        let rest = strip_prefix_of_any_case(start, cue)?;
        Some((rest, is_own_limit))
    })
}

/// A statement without signs and a word of weight in front ("CRITICAL: ").
fn unlabelled(text: &str) -> &str {
    const LABELS: &[&str] =
        &["critical", "important", "mandatory", "note", "must", "rule", "always"];
    let start = text.trim_start_matches(|c: char| !c.is_alphabetic());
    // Most statements begin with another letter than any label.
    if !start.starts_with(['c', 'i', 'm', 'n', 'r', 'a', 'C', 'I', 'M', 'N', 'R', 'A']) {
        return start;
    }
    let label = LABELS
        .iter()
        .find_map(|label| strip_prefix_of_any_case(start, label)?.strip_prefix([':', ' ']));
    label.map_or(start, |rest| rest.trim_start_matches(|c: char| !c.is_alphabetic()))
}

/// An order without what says when: "Before you finish, run the tests".
fn after_time(start: &str) -> &str {
    const TIMES: &[&str] = &[
        "before ", "after ", "when ", "whenever ", "once ", "then ", "finally", "first",
        "afterwards",
    ];
    const MAX_BYTES: usize = 60;
    // Most statements begin with another letter than any of these.
    let is_time = start.starts_with(['a', 'A', 'b', 'B', 'f', 'F', 'o', 'O', 't', 'T', 'w', 'W'])
        && TIMES.iter().any(|time| strip_prefix_of_any_case(start, time).is_some());
    if !is_time {
        return start;
    }
    match start.split_once(", ") {
        Some((time, order)) if time.len() <= MAX_BYTES => order,
        _ => start,
    }
}

/// Words by which a ban or an order holds for a part of the cases only, or but for some.
const EXCEPTIONS: &[&str] = &[
    " unless ", " except ", " only ", " where ", " yet", " again", " twice", " as ", " just ",
    " more than ", " too ", " outside ", " other than ",
];

/// The ban's words, where it has no exception but an express request.
fn without_exception(act: &str) -> Option<&str> {
    const ON_REQUEST: &[&str] = &[
        "unless explicitly requested", "unless explicitly asked", "unless requested",
        "unless asked", "unless the user asks", "unless the user explicitly", "unless told",
        "without being asked",
    ];
    let clause = clause(act);
    let request = ON_REQUEST.iter().filter_map(|cue| clause.find(cue)).min();
    let clause = &clause[..request.unwrap_or(clause.len())];
    let padded = format!(" {clause} ");
    (!EXCEPTIONS.iter().any(|word| padded.contains(word))).then_some(clause)
}

/// What ends a clause.
const ENDS: &[&str] = &[
    ". ", "; ", ": ", " — ", " – ", " - ", " (", " → ", ", ", " because ", " so that ", " or any ",
    " or other ", " and any ", " and other ",
];

fn clause(text: &str) -> &str {
    static FINDER: OnceLock<AhoCorasick> = OnceLock::new();
    let end = FINDER.get_or_init(|| word_finder(ENDS)).find(text);
    let end = end.map_or(text.len(), |end| end.start());
    text[..end].trim_end_matches(|c: char| !c.is_alphanumeric())
}

/// Verbs that say too little to be matched.
const EMPTY_VERBS: &[&str] = &[
    "be", "have", "do", "let", "get", "assume", "rely", "need", "try", "start", "stop", "just",
    "ever", "forget", "hesitate", "worry", "provide", "go", "want", "allow", "require", "mix",
    "see", "only", "always", "ask", "expect", "contain",
];

/// Verbs that say something with what follows at once: "use tabs".
const LIGHT_VERBS: &[&str] = &["use", "make", "include", "set", "put", "take", "show", "add"];

/// Words of an object that narrow nothing.
const FILLERS: &[&str] = &[
    "a", "an", "the", "any", "all", "your", "their", "its", "this", "that", "these", "those",
    "new", "and", "or", "of", "to", "in", "on", "for", "with", "by", "at", "from", "it", "them",
    "be", "is", "are", "yourself", "ever", "anything", "directly", "automatically", "proactively",
    "actually", "additional", "extra",
];

/// What a ban forbids: "create or run" forbids two acts.
fn acts_of(clause: &str) -> Vec<Act> {
    let mut words = words(clause);
    let mut verbs: Vec<String> = words.next().map(verb).into_iter().collect();
    let mut rest: Vec<&str> = words.collect();
    while rest.len() >= 3 && rest[0] == "or" {
        verbs.push(verb(rest[1]));
        rest.drain(..2);
    }
    verbs.retain(|verb| !EMPTY_VERBS.contains(&verb.as_str()));
    let words = meaningful(rest.into_iter());
    const MAX_WORDS: usize = 5;
    if !(1..=MAX_WORDS).contains(&words.len()) {
        return Vec::new();
    }
    let acts = verbs.into_iter().map(|verb| Act { verb, words: words.clone() });
    acts.collect()
}

fn meaningful<'a>(words: impl Iterator<Item = &'a str>) -> Vec<String> {
    words.filter(|word| !FILLERS.contains(word)).map(stem).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_of_word(c)).filter(|word| !word.is_empty())
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\'' | '_')
}

/// Verbs that mean one act here, the first of each line for all of them.
const SYNONYMS: &[&[&str]] = &[
    &["edit", "change", "modify", "update", "alter", "touch", "rewrite"],
    &["create", "generate"],
    &["remove", "delete", "drop"],
    &["run", "execute"],
    &["use", "employ", "utilize"],
    &["spawn", "launch"],
    &["skip", "bypass", "disable", "circumvent"],
];

/// The verb by which an act is known.
fn verb(word: &str) -> String {
    let stem = stem(word);
    let known = SYNONYMS.iter().find(|verbs| verbs.contains(&stem.as_str()));
    known.map_or(stem, |verbs| verbs[0].to_owned())
}

/// A word without the endings of plurals and third persons.
fn stem(word: &str) -> String {
    let word = match word.strip_suffix("ies") {
        Some(start) if start.len() >= 3 => return format!("{start}y"),
        _ => word,
    };
    let is_plural = word.len() > 3 && word.ends_with('s') && !word.ends_with("ss");
    word[..word.len() - usize::from(is_plural)].to_owned()
}

fn collect_orders(facts: &Facts<'_>, id: u32, bans: &Bans<'_>, orders: &mut [Vec<Place>]) {
    let agent = facts.agent(id);
    let source = facts.text(id);
    let mut buffer = String::new();
    let mut lists = BanLists::new(agent, source);
    // Most statements begin with another letter than any verb.
    let mut begins = [false; 256];
    let synonyms = |verb: &str| {
        let all = SYNONYMS.iter().find(|verbs| verbs[0] == verb);
        all.into_iter().flat_map(|verbs| verbs.iter())
    };
    let verbs = bans.verbs();
    let bytes = verbs.flat_map(|verb| {
        let others = synonyms(verb).filter_map(|verb| verb.bytes().next());
        verb.bytes().next().into_iter().chain(others)
    });
    for first in bytes {
        begins[usize::from(first)] = true;
        begins[usize::from(first.to_ascii_uppercase())] = true;
    }
    for (unit_idx, unit) in agent.units.iter().enumerate() {
        if unit.kind == UnitKind::Code && unit.direction == Direction::Advice {
            collect_steps(facts, (id, unit_idx), bans, orders);
            continue;
        }
        let may_order = unit.kind.is_prose() || is_bold_line(agent, unit_idx);
        if unit.direction == Direction::Warning || !may_order {
            continue;
        }
        let text = agent.unit_text_in(unit, source, &mut buffer);
        let start = after_time(unlabelled(text));
        let end = start.find(|c: char| !c.is_alphabetic()).unwrap_or(start.len());
        let first = start.bytes().next().unwrap_or_default();
        if !begins[usize::from(first)] || !start[end..].starts_with([' ', '-']) {
            continue;
        }
        let verb = verb(&start[..end].to_lowercase());
        let broken = bans.broken(&verb, start);
        if broken.is_empty() || lists.of(unit).is_some() || is_shown(agent, source, unit_idx) {
            continue;
        }
        let part = part(facts, id, unit_idx);
        for at in broken {
            let ban = &bans.all[at];
            if !ban.part.of(facts, ban.place).is_apart_from(&part) {
                orders[at].push(Place::unit(id, unit_idx));
            }
        }
    }
}

/// The orders among the numbered lines of a block without code: "3. Run tests".
fn collect_steps(
    facts: &Facts<'_>,
    (id, unit_idx): (u32, usize),
    bans: &Bans<'_>,
    orders: &mut [Vec<Place>],
) {
    let agent = facts.agent(id);
    let source = facts.text(id);
    let unit = &agent.units[unit_idx];
    let mut part_of_block = None;
    let mut at = unit.span.start as usize;
    for line in unit.span.of(source).split_inclusive('\n') {
        let start = at;
        at += line.len();
        let digits = line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
        let Some(step) =
            digits.strip_prefix(". ").filter(|_| digits.len() < line.trim_start().len())
        else {
            continue;
        };
        let step = step.trim();
        let verb = step.split(' ').next().unwrap_or_default().to_lowercase();
        let broken = bans.broken(&self::verb(&verb), step);
        if broken.is_empty() {
            continue;
        }
        let part = part_of_block.get_or_insert_with(|| {
            (!is_shown(agent, source, unit_idx)).then(|| part(facts, id, unit_idx))
        });
        let Some(part) = part else { return };
        let span = line_at(source, start + line.len() - line.trim_start().len());
        for ban in broken {
            let binding = &bans.all[ban];
            if !binding.part.of(facts, binding.place).is_apart_from(part) {
                orders[ban].push(Place::line(id, unit_idx, UnitKind::Code, span));
            }
        }
    }
}

/// Whether a unit is a line in bold, which reads as a heading or as an order.
fn is_bold_line(agent: &Agent, unit_idx: usize) -> bool {
    let unit = &agent.units[unit_idx];
    unit.kind == UnitKind::Heading && agent.sections[unit.section_idx as usize].is_under_bold_line()
}

/// The words behind the verb of an order, where it is no mere possibility.
fn order(lower: &str) -> Option<Vec<Said>> {
    /// Words of an order that take what is forbidden as a whole out of it.
    const TAKEN_BACK: &[&str] = &[
        " not ", "n't ", " never", " no ", " explicit", " request", " ask", " approv", " confirm",
        " permission", " if ", " optional", " may ", " could ", " can ", " or ", " vs", " who ",
        " should ",
    ];
    let padded = format!(" {} ", clause(lower));
    // What it does not want takes nothing back.
    let wanted = contrast(lower).map_or(lower, |(at, _)| &lower[..at]);
    let whole = format!(" {wanted} ");
    let is_meant = !EXCEPTIONS.iter().any(|word| padded.contains(word))
        && !TAKEN_BACK.iter().any(|word| whole.contains(word));
    is_meant.then(|| said(clause(wanted)))
}

/// A word of an order that says something.
struct Said {
    stem: String,
    /// Whether it narrows the next word: "feature" in "feature branches", "task" in
    /// "task-cli".
    is_part: bool,
}

/// Words that go on behind an object without being a part of it.
const FOLLOWERS: &[&str] = &[
    "about", "after", "again", "against", "as", "because", "before", "between", "during", "each",
    "every", "file", "files", "first", "here", "if", "inside", "into", "now", "once", "only",
    "onto", "outside", "over", "per", "so", "then", "through", "too", "under", "until", "upon",
    "using", "via", "when", "where", "which", "while", "within", "without",
];

/// The words of a clause behind its verb that say something.
fn said(clause: &str) -> Vec<Said> {
    // What is said first is done; farther on stand its circumstances.
    const MAX_WORDS: usize = 7;
    let mut rest = clause;
    let mut all = words(clause).take(MAX_WORDS).map(|word| {
        let at = rest.find(word).unwrap_or(0);
        rest = &rest[at + word.len()..];
        (word, goes_on(rest))
    });
    all.next();
    all.filter(|(word, _)| !FILLERS.contains(word))
        .map(|(word, is_part)| Said { stem: stem(word), is_part })
        .collect()
}

/// Whether a word is followed by one that it may narrow.
fn goes_on(behind: &str) -> bool {
    let next = behind.strip_prefix([' ', '-', '.']).unwrap_or_default();
    let next = next.split(|c: char| !is_of_word(c)).next();
    let next = next.unwrap_or_default();
    let is_another = next.ends_with("ly") || FILLERS.contains(&next) || FOLLOWERS.contains(&next);
    !next.is_empty() && !is_another
}

/// Whether a unit shows something instead of ordering it, or stands in a list
/// of what not to do.
fn is_shown(agent: &Agent, source: &str, unit_idx: usize) -> bool {
    const SHOWN: &[&str] = &[
        "example", "output", "template", "trigger", "capabilit", "user", "scenario", "what to",
        "if ", "when ",
    ];
    let is_example = agent.is_introduced_by(&agent.units[unit_idx], source, SHOWN);
    // Tags between lists can hide which line leads in.
    let lead_in = agent.units[..unit_idx]
        .iter()
        .rev()
        .take(MAX_ABOVE)
        .find(|unit| agent.unit_text(unit, source).trim_end().ends_with(':'));
    is_example || lead_in.is_some_and(|unit| unit.direction == Direction::Warning)
}

/// Units that are looked through for a lead-in.
const MAX_ABOVE: usize = 12;

impl Act {
    fn is_light(&self) -> bool {
        LIGHT_VERBS.contains(&self.verb.as_str())
    }

    /// Whether an order with this verb and these words has all words of the
    /// ban: those behind a light verb first and in this order. Of a single word,
    /// or what a light verb takes, nothing may be a mere part.
    fn is_asked_for(&self, said: &[Said]) -> bool {
        let n = self.words.len();
        if self.is_light() {
            let first = said.iter().take(n).map(|word| &word.stem);
            first.eq(&self.words) && said.get(n - 1).is_some_and(|word| !word.is_part)
        } else {
            let is_said = |one: &String| {
                let mut same = said.iter().filter(|word| word.stem == *one);
                same.any(|word| n > 1 || !word.is_part)
            };
            self.words.iter().all(is_said)
        }
    }
}

fn clash(facts: &Facts<'_>, ban: &Ban, mut orders: Vec<Place>) -> Clash {
    orders.sort_unstable();
    orders.dedup();
    let agent = facts.agent(ban.place.agent);
    let text =
        agent.unit_text(&agent.units[ban.place.unit_idx as usize], facts.text(ban.place.agent));
    let lower = text.to_lowercase();
    let mut object: Vec<&str> = Vec::new();
    for word in words(&lower) {
        if ban.act.words.contains(&stem(word)) && !object.contains(&word) {
            object.push(word);
        }
    }
    Clash {
        rule: Rule::PolarityConflict,
        severity: Severity::Warning,
        confidence: 0.75,
        topic: format!("{} {}", ban.act.verb, object.join(" ")),
        sides: vec![
            Side { label: "forbidden".to_owned(), places: vec![ban.place] },
            Side { label: "asked for".to_owned(), places: orders },
        ],
        help: "decide which holds, or say in both when it is to be done".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::disputes::found;

    #[test]
    fn an_order_in_the_words_of_a_ban_is_one_finding() {
        for (memory, agent) in [
            ("- Never write ledgers unless explicitly requested.", "- Write one ledger per tour."),
            ("- Do not seal boxes.", "1. Seal the boxes and stack them."),
            ("- Do not seal boxes.", "- Before you leave, seal the boxes."),
            ("- Do not seal boxes.", "- Seal the boxes when the tide comes."),
            ("- Never seal boxes before weighing.", "- Seal boxes before weighing them."),
            ("- Never use tarps.", "- Use tarps for all boats."),
            ("- Seal the boxes after each tour.", "- Never seal the boxes after a tour."),
            ("- Never edit the harbour list.", "- Update the harbour list by hand."),
            ("- Prefer ropes over chains.", "- Prefer chains over ropes."),
            ("- Use ropes instead of chains.", "- Use chains, not ropes."),
            ("**Never:**\n\n- Seal boxes\n- Lend keys", "1. Seal the boxes and stack them."),
            (
                "Text.",
                "- Does not print or fold maps — see `atlas`\n\n## Steps\n\n1. Fold the map.",
            ),
            (
                "Text.",
                "- Does not fold maps\n\n## Steps\n\n```\n1. Read the map\n2. Fold the map → pack it\n```",
            ),
        ] {
            let found = found(memory, agent);
            assert_eq!(found.len(), 1, "{memory}: {found:?}");
        }
    }

    #[test]
    fn narrower_bans_conditions_and_lists_of_mistakes_are_no_orders() {
        for (memory, agent) in [
            ("- Do not start the boat.", "- Start the boat."),
            ("- Never seal boxes before weighing.", "- Seal boxes."),
            ("- Never seal open boxes.", "- Seal boxes."),
            ("- Never use tarps.", "- Use two blue tarps."),
            ("- Seal the boxes.", "- Never seal boxes."),
            ("- Never use tarps, ropes or nails.", "- Use tarps."),
            ("- Never seal boxes.", "- Seal boxes if the owner asks."),
            ("- Never seal boxes.", "## Mistakes\n\n- Seal boxes"),
            ("- Never seal boxes.", "## Examples\n\n- Seal boxes"),
            ("Text.", "- Never seal boxes.\n\nUnsealed boxes go first."),
            ("- Never seal boxes.", "```\nSeal boxes\n2. Seal boxes if the owner asks\n```"),
        ] {
            assert_eq!(found(memory, agent), [] as [&str; 0], "{memory} / {agent}");
        }
    }

    #[test]
    fn neighbours_are_bound_by_bans_but_not_by_limits() {
        let told = |ban: &str| {
            let files = [("mate", ban), ("hand", "- Fold the map.")];
            let files = files.map(|(name, body)| {
                let text = format!("---\nname: {name}\ndescription: {name}s\n---\n{body}\n");
                (format!(".claude/agents/{name}.md"), text)
            });
            let files: Vec<(&str, &str)> =
                files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
            let find = crate::rules::disputes::findings;
            crate::rules::with_facts(&files, &[], crate::report::Scope::Project, find).len()
        };
        assert_eq!(told("- Never fold maps."), 1);
        assert_eq!(told("- You do not fold maps."), 0);
    }

    #[test]
    fn a_ban_on_an_agents_own_tools_binds_no_other() {
        let find = crate::rules::disputes::findings;
        let told = |path: &str, ban: &str| {
            let ban = format!("---\nname: mate\ndescription: m\n---\n- {ban}\n");
            let hand = "---\nname: hand\ndescription: h\n---\n- Use bash for the logs.\n";
            let files = [(path, ban.as_str()), (".claude/agents/hand.md", hand)];
            crate::rules::with_facts(&files, &[], crate::report::Scope::Project, find).len()
        };
        assert_eq!(told(".claude/agents/mate.md", "Do not use `bash`."), 0);
        assert_eq!(told("CLAUDE.md", "Do not use `bash`."), 1);
    }

    #[test]
    fn what_only_narrows_another_thing_is_not_what_is_forbidden() {
        for (order, n) in [
            ("Remove the feature after the review.", 1),
            ("Remove stale feature branches.", 0),
            ("Remove the feature.yaml at the end.", 0),
        ] {
            let memory = "- Never remove a feature.";
            let agent = format!("---\nname: hand\ndescription: h\n---\n- {order}\n");
            let found = found(memory, &agent);
            assert_eq!(found.len(), n, "{order}");
        }
    }

    #[test]
    fn a_ban_that_is_an_option_of_a_decision_is_told_once() {
        let found = found("- Never mock the database.", "- Mock the database.");
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn what_an_agent_leaves_to_others_is_for_others() {
        assert_eq!(found("- Fold the map.", "- Does not fold maps."), [] as [&str; 0]);
    }
}
