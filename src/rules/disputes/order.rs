//! Orders against bans in like words: "Never create documentation" against
//! "Create one documentation file for each task".
//!
//! An order answers a ban where it begins with the forbidden verb and has all
//! words of the ban. More words make an order narrower, and what is forbidden
//! as a whole is forbidden in part; more words make a ban narrower, and then
//! the order must have them too.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::ban::{BanLists, Listed};
use super::clash::{Clash, Place, Side, bans_of_all};
use super::fact::line_at;
use super::{LazyPart, part};
use crate::agent::{Agent, Direction, Kind, UnitKind};
use crate::finding::{Rule, Severity};
use crate::reach::{Reach, Way};
use crate::rules::Facts;

/// Something that is not to be done.
#[derive(Debug)]
struct Ban {
    place: Place,
    verb: String,
    /// Words of the object without their endings.
    object: BTreeSet<String>,
    /// Whether it only says what this agent leaves to others.
    is_own_limit: bool,
    part: LazyPart,
}

/// One clash for each ban that orders break.
pub(super) fn clashes(facts: &Facts<'_>, reach: &Reach<'_>) -> Vec<Clash> {
    let n_agents = facts.agents().len() as u32;
    let (all, of_agent) = bans_of_all(facts, reach, bans);
    let mut orders: Vec<Vec<Place>> = vec![Vec::new(); all.len()];
    for id in 0..n_agents {
        let mut by_verb: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (other, way) in reach.of_closer(id) {
            for at in of_agent[other as usize].clone() {
                if holds_for(facts, &all[at], other, way) {
                    by_verb.entry(&all[at].verb).or_default().push(at);
                }
            }
        }
        if !by_verb.is_empty() {
            collect_orders(facts, id, &all, &by_verb, &mut orders);
        }
    }
    all.iter()
        .zip(orders)
        .filter(|(_, orders)| !orders.is_empty())
        .map(|(ban, orders)| clash(facts, ban, orders))
        .collect()
}

/// Whether a ban of `other` binds an agent to which it stands in this way. What
/// an agent leaves to others is for others to do, and one agent does not
/// forbid its neighbours anything.
fn holds_for(facts: &Facts<'_>, ban: &Ban, other: u32, way: Way) -> bool {
    match way {
        Way::SameFile => true,
        Way::Memory => facts.agent(other).kind == Kind::Memory && !ban.is_own_limit,
        Way::Related => !ban.is_own_limit,
        Way::Project | Way::Together => false,
    }
}

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
            continue;
        };
        let act = act.to_lowercase();
        let Some(act) = unconditional(&act) else {
            continue;
        };
        let Some((verbs, object)) = act_of(act) else {
            continue;
        };
        bans.extend(verbs.into_iter().map(|verb| Ban {
            place: Place::unit(id, unit_idx),
            verb,
            object: object.clone(),
            is_own_limit,
            part: LazyPart::default(),
        }));
    }
}

/// What follows the cue of a ban, and whether the cue speaks of the agent itself.
fn after_cue(start: &str) -> Option<(&str, bool)> {
    if !start.starts_with(['d', 'm', 'n', 'w', 'y', 'D', 'M', 'N', 'W', 'Y']) {
        return None;
    }
    CUES.iter().find_map(|&(cue, is_own_limit)| {
        let head = start.get(..cue.len())?;
        head.eq_ignore_ascii_case(cue)
            .then(|| (&start[cue.len()..], is_own_limit))
    })
}

/// A statement without signs and a word of weight in front ("CRITICAL: ").
fn unlabelled(text: &str) -> &str {
    const LABELS: &[&str] = &[
        "critical",
        "important",
        "mandatory",
        "note",
        "must",
        "rule",
        "always",
    ];
    let start = text.trim_start_matches(|c: char| !c.is_alphabetic());
    // Most statements begin with another letter than any label.
    if !start.starts_with(['c', 'i', 'm', 'n', 'r', 'a', 'C', 'I', 'M', 'N', 'R', 'A']) {
        return start;
    }
    let label = LABELS.iter().find_map(|label| {
        let head = start.get(..label.len())?;
        let rest = start[label.len()..].strip_prefix([':', ' '])?;
        head.eq_ignore_ascii_case(label).then_some(rest)
    });
    label.map_or(start, |rest| {
        rest.trim_start_matches(|c: char| !c.is_alphabetic())
    })
}

/// Words that begin a condition under which a ban or an order holds.
const CONDITIONS: &[&str] = &[
    " until ",
    " before ",
    " without ",
    " if ",
    " when ",
    " while ",
    " unless ",
    " except ",
    " only ",
    " after ",
    " where ",
    " during ",
    " yet",
    " again",
    " twice",
    " as ",
    " just ",
    " more than ",
    " too ",
    " outside ",
    " other than ",
];

/// The ban's words, where they hold always, or but for an express request.
fn unconditional(act: &str) -> Option<&str> {
    const ON_REQUEST: &[&str] = &[
        "unless explicitly requested",
        "unless explicitly asked",
        "unless requested",
        "unless asked",
        "unless the user asks",
        "unless the user explicitly",
        "unless told",
        "without being asked",
    ];
    let clause = clause(act);
    let request = ON_REQUEST.iter().filter_map(|cue| clause.find(cue)).min();
    let clause = &clause[..request.unwrap_or(clause.len())];
    let padded = format!(" {clause} ");
    (!CONDITIONS.iter().any(|word| padded.contains(word))).then_some(clause)
}

fn clause(text: &str) -> &str {
    let ends = [
        ". ",
        "; ",
        ": ",
        " — ",
        " – ",
        " - ",
        " (",
        " → ",
        ", ",
        " because ",
        " so that ",
    ];
    let end = ends.iter().filter_map(|mark| text.find(mark)).min();
    text[..end.unwrap_or(text.len())].trim_end_matches(|c: char| !c.is_alphanumeric())
}

/// Verbs that say too little to be matched.
const EMPTY_VERBS: &[&str] = &[
    "use", "be", "have", "make", "do", "let", "get", "assume", "rely", "need", "try", "start",
    "stop", "just", "ever", "forget", "hesitate", "worry", "include", "provide", "set", "put",
    "go", "take", "want", "allow", "require", "mix", "show", "see", "only", "always", "ask",
    "expect", "contain",
];

/// Words of an object that narrow nothing.
const FILLERS: &[&str] = &[
    "a",
    "an",
    "the",
    "any",
    "all",
    "your",
    "their",
    "its",
    "this",
    "that",
    "these",
    "those",
    "new",
    "and",
    "or",
    "of",
    "to",
    "in",
    "on",
    "for",
    "with",
    "by",
    "at",
    "from",
    "it",
    "them",
    "be",
    "is",
    "are",
    "yourself",
    "ever",
    "anything",
    "directly",
    "automatically",
    "proactively",
    "actually",
    "additional",
    "extra",
];

/// Verbs ("create or run" gives two) and the words of the object.
fn act_of(clause: &str) -> Option<(Vec<String>, BTreeSet<String>)> {
    let mut words = words(clause);
    let mut verbs = vec![stem(words.next()?)];
    let mut rest: Vec<&str> = words.collect();
    while rest.len() >= 3 && rest[0] == "or" {
        verbs.push(stem(rest[1]));
        rest.drain(..2);
    }
    verbs.retain(|verb| !EMPTY_VERBS.contains(&verb.as_str()));
    let object: BTreeSet<String> = rest
        .into_iter()
        .filter(|word| !FILLERS.contains(word))
        .map(stem)
        .collect();
    const MAX_WORDS: usize = 4;
    (!verbs.is_empty() && (1..=MAX_WORDS).contains(&object.len())).then_some((verbs, object))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '_');
    text.split(move |c: char| !is_part(c))
        .filter(|word| !word.is_empty())
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

fn collect_orders(
    facts: &Facts<'_>,
    id: u32,
    all: &[Ban],
    by_verb: &FxHashMap<&str, Vec<usize>>,
    orders: &mut [Vec<Place>],
) {
    let agent = facts.agent(id);
    let source = facts.text(id);
    let mut buffer = String::new();
    let mut lists = BanLists::new(agent, source);
    // Most statements begin with another letter than any verb.
    let mut begins = [false; 256];
    for first in by_verb.keys().filter_map(|verb| verb.bytes().next()) {
        begins[usize::from(first)] = true;
        begins[usize::from(first.to_ascii_uppercase())] = true;
    }
    for (unit_idx, unit) in agent.units.iter().enumerate() {
        if unit.kind == UnitKind::Code && unit.direction == Direction::Advice {
            collect_steps(facts, (id, unit_idx), all, by_verb, orders);
            continue;
        }
        let may_order = unit.kind.is_prose() || is_bold_line(agent, unit_idx);
        if unit.direction == Direction::Warning || !may_order {
            continue;
        }
        let text = agent.unit_text_in(unit, source, &mut buffer);
        let start = unlabelled(text);
        let end = start
            .find(|c: char| !c.is_alphabetic())
            .unwrap_or(start.len());
        let first = start.bytes().next().unwrap_or_default();
        if !begins[usize::from(first)] || !start[end..].starts_with(' ') {
            continue;
        }
        let Some(bans) = by_verb.get(stem(&start[..end].to_lowercase()).as_str()) else {
            continue;
        };
        let lower = start.to_lowercase();
        let Some(said) = order(&lower) else { continue };
        let broken = broken(all, bans, &said);
        if broken.is_empty() || lists.of(unit).is_some() || is_shown(agent, source, unit_idx) {
            continue;
        }
        let part = part(facts, id, unit_idx);
        for at in broken {
            if !all[at].part.of(facts, all[at].place).is_apart_from(&part) {
                orders[at].push(Place::unit(id, unit_idx));
            }
        }
    }
}

/// The orders among the numbered lines of a block without code: "3. Run tests".
fn collect_steps(
    facts: &Facts<'_>,
    (id, unit_idx): (u32, usize),
    all: &[Ban],
    by_verb: &FxHashMap<&str, Vec<usize>>,
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
        let digits = line
            .trim_start()
            .trim_start_matches(|c: char| c.is_ascii_digit());
        let Some(step) = digits
            .strip_prefix(". ")
            .filter(|_| digits.len() < line.trim_start().len())
        else {
            continue;
        };
        let lower = step.trim().to_lowercase();
        let verb = stem(lower.split(' ').next().unwrap_or_default());
        let (Some(bans), Some(said)) = (by_verb.get(verb.as_str()), order(&lower)) else {
            continue;
        };
        let broken = broken(all, bans, &said);
        if broken.is_empty() {
            continue;
        }
        let part = part_of_block.get_or_insert_with(|| {
            (!is_shown(agent, source, unit_idx)).then(|| part(facts, id, unit_idx))
        });
        let Some(part) = part else { return };
        let span = line_at(source, start + line.len() - line.trim_start().len());
        for ban in broken {
            if !all[ban].part.of(facts, all[ban].place).is_apart_from(part) {
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

/// The words of an order, where it holds always.
fn order(lower: &str) -> Option<BTreeSet<String>> {
    /// Words of an order that take what is forbidden as a whole out of it.
    const TAKEN_BACK: &[&str] = &[
        " not ",
        "n't ",
        " never",
        " no ",
        " explicit",
        " request",
        " ask",
        " approv",
        " confirm",
        " permission",
        " instead of",
        " if ",
        " optional",
        " may ",
        " could ",
        " can ",
        " or ",
        " vs",
        " who ",
        " should ",
    ];
    let clause = clause(lower);
    let padded = format!(" {clause} ");
    let whole = format!(" {lower} ");
    let is_always = !CONDITIONS.iter().any(|word| padded.contains(word))
        && !TAKEN_BACK.iter().any(|word| whole.contains(word));
    // What is said first is done; farther on stand its circumstances.
    const MAX_WORDS: usize = 7;
    is_always.then(|| words(clause).take(MAX_WORDS).map(stem).collect())
}

/// Whether a unit shows something instead of ordering it, or stands in a list
/// of what not to do.
fn is_shown(agent: &Agent, source: &str, unit_idx: usize) -> bool {
    const SHOWN: &[&str] = &[
        "example",
        "output",
        "template",
        "trigger",
        "capabilit",
        "user",
        "scenario",
        "what to",
        "if ",
        "when ",
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

/// Those of `bans` of which an order has all words.
fn broken(all: &[Ban], bans: &[usize], said: &BTreeSet<String>) -> Vec<usize> {
    let is_broken = |&at: &usize| all[at].object.is_subset(said);
    bans.iter().copied().filter(is_broken).collect()
}

fn clash(facts: &Facts<'_>, ban: &Ban, mut orders: Vec<Place>) -> Clash {
    orders.sort_unstable();
    orders.dedup();
    let agent = facts.agent(ban.place.agent);
    let text = agent.unit_text(
        &agent.units[ban.place.unit_idx as usize],
        facts.text(ban.place.agent),
    );
    let lower = text.to_lowercase();
    let mut object: Vec<&str> = Vec::new();
    for word in words(&lower) {
        if ban.object.contains(&stem(word)) && !object.contains(&word) {
            object.push(word);
        }
    }
    Clash {
        rule: Rule::PolarityConflict,
        severity: Severity::Warning,
        confidence: 0.75,
        topic: format!("{} {}", ban.verb, object.join(" ")),
        sides: vec![
            Side {
                label: "forbidden".to_owned(),
                places: vec![ban.place],
            },
            Side {
                label: "asked for".to_owned(),
                places: orders,
            },
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
            (
                "- Never write ledgers unless explicitly requested.",
                "- Write one ledger per tour.",
            ),
            ("- Do not seal boxes.", "1. Seal the boxes and stack them."),
            (
                "**Never:**\n\n- Seal boxes\n- Lend keys",
                "1. Seal the boxes and stack them.",
            ),
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
            ("- Never seal boxes before weighing.", "- Seal boxes."),
            ("- Never seal open boxes.", "- Seal boxes."),
            ("- Never seal boxes.", "- Seal boxes if the owner asks."),
            ("- Never seal boxes.", "## Mistakes\n\n- Seal boxes"),
            ("- Never seal boxes.", "## Examples\n\n- Seal boxes"),
            ("Text.", "- Never seal boxes.\n\nUnsealed boxes go first."),
            (
                "- Never seal boxes.",
                "```\nSeal boxes\n2. Seal boxes if the owner asks\n```",
            ),
        ] {
            assert_eq!(found(memory, agent), [] as [&str; 0], "{memory} / {agent}");
        }
    }

    #[test]
    fn what_an_agent_leaves_to_others_is_for_others() {
        assert_eq!(
            found("- Fold the map.", "- Does not fold maps."),
            [] as [&str; 0]
        );
    }
}
