//! What is said more than once: `duplicate-agent`, `near-duplicate-agent`,
//! `contained-agent`, `redundant-agent` (one finding a group), mirrored folders
//! and `shared-boilerplate` (one finding a block).

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::{Draft, Facts};
use crate::agent::Value;
use crate::align::UnitMatch;
use crate::finding::{Evidence, Rule, Severity};
use crate::graph::{Boilerplate, Group, MirroredFolder, by_strength};
use crate::relation::{Pair, Relation};
use crate::report::Scope;
use crate::text::{n_tokens, thousands};

/// Matching units quoted for the two most alike members of a group.
const N_QUOTED_MATCHES: usize = 2;

/// Matches below are in the measures, but prove little to a reader.
const MIN_QUOTED: f64 = 0.65;

/// Mirrored folders and repeated blocks; [`of_group`] makes the others.
pub fn findings(facts: &Facts<'_>) -> Vec<Draft> {
    let mirrored = facts
        .groups
        .mirrored
        .iter()
        .filter(|folder| !is_said_elsewhere(facts, folder))
        .map(|folder| mirror_finding(facts, folder));
    let blocks = facts.boilerplate.iter().filter_map(|block| block_finding(facts, block));
    mirrored.chain(across_groups(facts)).chain(blocks).collect()
}

/// Copies, and what is contained, in no common group: each agent is in one group, with
/// those that it is most alike. One finding for two groups, of the pair most alike.
fn across_groups(facts: &Facts<'_>) -> Vec<Draft> {
    let group_of = facts.groups.group_of();
    let home = |agent: u32| match group_of.get(&agent) {
        Some(&group) => (Some(group), None),
        None => (None, Some(agent)),
    };
    let mut meeting: BTreeMap<_, Vec<&Pair>> = BTreeMap::new();
    for pair in facts.pairs {
        let is_mirror = |agent: u32| facts.groups.is_mirror(agent);
        let (left, right) = (home(pair.left), home(pair.right));
        if pair.relation <= Relation::Contained
            && left != right
            && !is_mirror(pair.left)
            && !is_mirror(pair.right)
        {
            let homes = (left.min(right), left.max(right));
            meeting.entry(homes).or_default().push(pair);
        }
    }
    let nearest = |pairs: Vec<&Pair>| {
        let nearest = pairs.iter().copied().min_by(|one, other| by_strength(one, other));
        nearest.map(|nearest| across_finding(facts, &group_of, nearest, pairs.len() - 1))
    };
    meeting.into_values().filter_map(nearest).collect()
}

fn across_finding(
    facts: &Facts<'_>,
    group_of: &FxHashMap<u32, usize>,
    pair: &Pair,
    n_more: usize,
) -> Draft {
    let ends = [pair.left, pair.right];
    let is_left_inner = pair.left_in_right >= pair.right_in_left;
    let [inner, outer] = match is_left_inner {
        true => ends,
        false => [pair.right, pair.left],
    };
    let (rule, is_what) = match pair.relation {
        Relation::Identical | Relation::Duplicate => {
            (Rule::DuplicateAgent, format!("{} are one text too", facts.names(&ends)))
        }
        Relation::NearDuplicate => (
            Rule::NearDuplicateAgent,
            format!("{} are copies that drifted apart too", facts.names(&ends)),
        ),
        _ => (
            Rule::ContainedAgent,
            format!(
                "{} says most of what {} says too",
                facts.names_among(&[outer], &ends),
                facts.names_among(&[inner], &ends)
            ),
        ),
    };
    let grouped = ends.iter().filter_map(|end| {
        let group = &facts.groups.groups[*group_of.get(end)?];
        let others: Vec<u32> = group.members().into_iter().filter(|id| id != end).collect();
        let all: Vec<u32> = ends.iter().chain(&others).copied().collect();
        let end = facts.names_among(&[*end], &all);
        Some(format!("{end} is in a group with {}", facts.names_among(&others, &all)))
    });
    let grouped: Vec<String> = grouped.collect();
    let more = match n_more {
        0 => String::new(),
        1 => "; 1 more pair ties the same agents".to_owned(),
        n => format!("; {} more pairs tie the same agents", thousands(n as u64)),
    };
    let evidence = group_evidence(facts, &[pair]);
    Draft {
        rule,
        severity: Severity::Note,
        confidence: match pair.relation {
            Relation::Identical => 1.0,
            Relation::Duplicate => 0.98,
            _ => 0.95,
        },
        message: format!("{is_what}{more}"),
        help: format!("decide for all of them together before any goes: {}", grouped.join("; ")),
        agents: ends.to_vec(),
        dispute: None,
        evidence,
    }
}

/// The finding of a group. What to do about it depends on what can be merged,
/// which rules do not know.
pub fn of_group(facts: &Facts<'_>, group: &Group, help: String) -> Draft {
    let keep = group.representative;
    // Most alike first.
    let mut pairs: Vec<&Pair> =
        group.drop.iter().filter_map(|&agent| facts.pair(keep, agent)).collect();
    pairs.sort_by(|a, b| {
        b.redundancy.total_cmp(&a.redundancy).then((a.left, a.right).cmp(&(b.left, b.right)))
    });
    let n = group.drop.len() + 1;
    let names = facts.names(&group.members());
    let times = if n == 2 { String::new() } else { format!(", {n} times") };
    let (rule, message) = match group.relation {
        Relation::Identical => {
            (Rule::DuplicateAgent, format!("{names} are one agent{times}: the same text"))
        }
        Relation::Duplicate => {
            let all = |is: fn(&Facts<'_>, u32, u32) -> bool| {
                let mut others = group.drop.iter();
                others.all(|&other| is(facts, keep, other))
            };
            let differ = match (all(have_same_body), all(have_same_fields)) {
                (true, true) => "the same body, only name or description differ",
                (true, false) => "the same body, only the frontmatter differs",
                (false, _) => "nearly the same text",
            };
            (Rule::DuplicateAgent, format!("{names} are one agent{times}: {differ}"))
        }
        Relation::NearDuplicate => (
            Rule::NearDuplicateAgent,
            format!("{names} are copies of one agent that drifted apart"),
        ),
        Relation::Contained => {
            let inner = facts.names(&group.drop);
            (
                Rule::ContainedAgent,
                format!(
                    "{} says most of what {inner} say{}, in the same or like words",
                    facts.names(&[keep]),
                    if n == 2 { "s" } else { "" }
                ),
            )
        }
        _ => (
            Rule::RedundantAgent,
            format!("{names} have one role: requests for one fit the others as well"),
        ),
    };
    Draft {
        rule,
        severity: Severity::Warning,
        confidence: group_confidence(group, &pairs),
        message,
        help,
        agents: group.members(),
        dispute: None,
        evidence: group_evidence(facts, &pairs),
    }
}

/// Read from labelled pairs (`docs/measures.md`): of pairs at the border of
/// redundancy seven in ten are redundant, from 0.55 on nearly all.
fn group_confidence(group: &Group, pairs: &[&Pair]) -> f64 {
    let weakest = pairs.iter().map(|pair| pair.redundancy).fold(1.0, f64::min);
    match group.relation {
        Relation::Identical => 1.0,
        Relation::Duplicate => 0.98,
        Relation::NearDuplicate | Relation::Contained => 0.95,
        _ => (0.7 + 0.25 * (weakest - 0.45) / (0.55 - 0.45)).clamp(0.7, 0.95),
    }
}

/// Two sides in turn: of copies where they differ, then what they share; of one
/// role in own words the descriptions, which compete for requests, then what
/// they share. A place of each further member follows.
fn group_evidence(facts: &Facts<'_>, pairs: &[&Pair]) -> Vec<Evidence> {
    let mut evidence = Vec::new();
    for (nth, pair) in pairs.iter().enumerate() {
        if nth > 0 {
            evidence.push(quote_role(facts, pair.left));
            evidence.push(quote_role(facts, pair.right));
            continue;
        }
        match pair.relation {
            Relation::Identical | Relation::Contained => {}
            Relation::Duplicate | Relation::NearDuplicate => {
                evidence.extend(reworded(facts, pair).into_iter().flatten());
            }
            _ => evidence.extend([quote_role(facts, pair.left), quote_role(facts, pair.right)]),
        }
        let shared = told_matches(facts, pair).take(N_QUOTED_MATCHES);
        evidence.extend(shared.flat_map(|found| quote_match(facts, pair, found)));
        if evidence.is_empty() {
            evidence.extend([quote_role(facts, pair.left), quote_role(facts, pair.right)]);
        }
    }
    let mut seen = BTreeSet::new();
    evidence.retain(|one| seen.insert((one.path.clone(), one.line, one.column)));
    evidence
}

/// Headings and lead-ins ("When working on tasks:") say nothing by themselves.
fn is_statement(facts: &Facts<'_>, agent: u32, unit: u32) -> bool {
    let unit = &facts.agent(agent).units[unit as usize];
    unit.is_statement() && !facts.agent(agent).unit_text(unit, facts.text(agent)).ends_with(':')
}

/// Whether the bodies of two agents are the same but for markup.
fn have_same_body(facts: &Facts<'_>, one: u32, other: u32) -> bool {
    facts.collection.unit_sets[one as usize] == facts.collection.unit_sets[other as usize]
}

/// Whether the frontmatter of two agents differs in name and description at most.
fn have_same_fields(facts: &Facts<'_>, one: u32, other: u32) -> bool {
    let fields = |agent: u32| -> BTreeMap<&str, &Value> {
        let fields = facts.agent(agent).frontmatter.fields.iter();
        let fields = fields.map(|field| (field.key.as_str(), &field.value));
        fields.filter(|(key, _)| !matches!(*key, "name" | "description")).collect()
    };
    fields(one) == fields(other)
}

/// What routes requests to an agent; where it has no description, who it is
/// told to be, else its first line.
pub(super) fn quote_role(facts: &Facts<'_>, agent: u32) -> Evidence {
    let definition = facts.agent(agent);
    match (definition.description.span, definition.identity().first()) {
        (Some(span), _) => facts.quote_as(agent, span, &definition.description.trigger),
        (None, Some(unit)) => facts.quote_unit(agent, unit),
        (None, None) => facts.quote_start(agent),
    }
}

/// Of three folders that mirror each other, two copies of one source are told,
/// not that they are copies of each other too.
fn is_said_elsewhere(facts: &Facts<'_>, folder: &MirroredFolder) -> bool {
    let is_copy_of = |copy: &str, source: &str| {
        facts.groups.mirrored.iter().any(|other| other.copy == copy && other.source == source)
    };
    facts
        .groups
        .mirrored
        .iter()
        .any(|other| other.copy == folder.source && is_copy_of(&folder.copy, &other.source))
}

fn mirror_finding(facts: &Facts<'_>, folder: &MirroredFolder) -> Draft {
    let n = folder.pairs.len();
    let show = |path: &str| {
        if path.is_empty() { ".".to_owned() } else { path.to_owned() }
    };
    let (source, copy) = (show(&folder.source), show(&folder.copy));
    let agents = if n == 1 { "1 definition".to_owned() } else { format!("{n} definitions") };
    let mut message = format!("`{copy}` repeats {agents} of `{source}`: counted once here");
    let help = if folder.drifted.is_empty() {
        format!(
            "if a tool makes one folder from the other, all is well; else keep `{source}` alone"
        )
    } else {
        let n_drifted = folder.drifted.len();
        message.push_str(&format!(
            "; {n_drifted} of them {} no longer the same",
            if n_drifted == 1 { "is" } else { "are" }
        ));
        "make the copies again from the source, or decide which text is right".to_owned()
    };
    let quoted = folder.drifted.first().or(folder.pairs.first());
    Draft {
        rule: if folder.drifted.is_empty() {
            Rule::DuplicateAgent
        } else {
            Rule::NearDuplicateAgent
        },
        severity: Severity::Note,
        confidence: 0.95,
        message,
        help,
        agents: folder.pairs.iter().flat_map(|&(source, copy)| [source, copy]).collect(),
        dispute: None,
        evidence: quoted
            .map_or_else(Vec::new, |&(source, copy)| drift_evidence(facts, source, copy)),
    }
}

/// The statement of two copies that is told in other words; without one, the
/// first statements that one has and the other lacks, else their first lines.
fn drift_evidence(facts: &Facts<'_>, source: u32, copy: u32) -> Vec<Evidence> {
    let pair = facts.pair(source, copy);
    if let Some(quotes) = pair.and_then(|pair| reworded(facts, pair)) {
        return quotes.into();
    }
    let only_in = |agent: u32, other: u32| {
        let others = &facts.collection.own[other as usize];
        let own = facts.collection.own[agent as usize].iter();
        own.copied().find(|own| others.iter().all(|other| other.set != own.set))
    };
    let quote = |agent: u32, other: u32| match only_in(agent, other) {
        Some(own) => facts.quote_unit(agent, &facts.agent(agent).units[own.unit_idx as usize]),
        None => quote_role(facts, agent),
    };
    vec![quote(source, copy), quote(copy, source)]
}

/// The statement that two copies put the most alike, but not in the same words.
fn reworded(facts: &Facts<'_>, pair: &Pair) -> Option<[Evidence; 2]> {
    let set = |agent: u32, unit: u32| facts.collection.unit_sets[agent as usize][unit as usize];
    let found = told_matches(facts, pair)
        .find(|found| set(pair.left, found.left_unit) != set(pair.right, found.right_unit))?;
    Some(quote_match(facts, pair, found))
}

/// The matches of a pair that are alike enough to be quoted, and say something.
fn told_matches<'a>(facts: &Facts<'a>, pair: &'a Pair) -> impl Iterator<Item = &'a UnitMatch> {
    pair.matches.iter().filter(|found| {
        found.similarity >= MIN_QUOTED
            && is_statement(facts, pair.left, found.left_unit)
            && is_statement(facts, pair.right, found.right_unit)
    })
}

fn quote_match(facts: &Facts<'_>, pair: &Pair, found: &UnitMatch) -> [Evidence; 2] {
    let quote =
        |agent: u32, unit: u32| facts.quote_unit(agent, &facts.agent(agent).units[unit as usize]);
    [quote(pair.left, found.left_unit), quote(pair.right, found.right_unit)]
}

fn block_finding(facts: &Facts<'_>, block: &Boilerplate) -> Option<Draft> {
    let first = *block.agents.first()?;
    let text = facts.block_text(block);
    let n_block_tokens = n_tokens(&text);
    let n = block.agents.len();
    let saved = n_block_tokens * (n as u64 - 1);
    let evidence =
        block.agents.iter().take(2).filter_map(|&agent| facts.quote_block(block, first, agent));
    Some(Draft {
        rule: Rule::SharedBoilerplate,
        severity: Severity::Note,
        confidence: 0.95,
        message: format!(
            "{} agents repeat this block, {} tokens each time",
            thousands(n as u64),
            thousands(n_block_tokens)
        ),
        help: match facts.scope {
            Scope::Project => format!(
                "say it once, in the memory file or a skill that they share: saves {} tokens",
                thousands(saved)
            ),
            Scope::Catalogue => format!(
                "leave it where each is taken by itself; where they are used together, say it once, \
                 in a memory file or a skill: saves {} tokens",
                thousands(saved)
            ),
        },
        agents: block.agents.clone(),
        dispute: None,
        evidence: evidence.collect(),
    })
}

#[cfg(test)]
mod tests {
    use crate::analysis::Analysis;
    use crate::config::Config;
    use crate::discover::{Discovery, FoundFile, classify};
    use crate::source::SourceFile;

    /// All findings about what is said more than once.
    fn told(files: &[(&str, &str)]) -> Vec<crate::finding::Finding> {
        let found = |&(path, text): &(&str, &str)| FoundFile {
            source: SourceFile::new(path, text),
            origin: classify(path),
            named: true,
        };
        let discovery =
            Discovery { files: files.iter().map(found).collect(), ..Discovery::default() };
        let config = Config::default();
        let mut findings = Analysis::new(discovery, &config).report(&config).findings;
        findings.retain(|finding| finding.rule.is_redundancy());
        findings
    }

    /// Statements of a ferry, each with words of its own.
    const FERRY: [&str; 12] = [
        "Count the passengers before the ramp goes up",
        "Log the draught at every departure of the ferry",
        "Sound the horn twice when leaving the slip",
        "Keep lorries with gas bottles on the open deck",
        "Lash motorcycles to the port rail with straps",
        "Wait for the harbour master's green lantern",
        "Check bilge pumps each morning at six",
        "Refuse boarding when waves exceed two metres",
        "Steer clear of the mussel farm buoys",
        "Announce the cafeteria's closing time over the speaker",
        "Note every missed sailing in the blue ledger",
        "Moor with three lines when the wind turns easterly",
    ];

    fn skipper(name: &str, statements: &[&str]) -> String {
        let items: String = statements.iter().map(|one| format!("- {one}.\n")).collect();
        format!(
            "---\nname: {name}\ndescription: Sails the island ferry by timetable\n---\n\n{items}"
        )
    }

    #[test]
    fn a_copy_whose_twin_is_in_another_group_is_told() {
        let first = skipper("ferry-skipper", &FERRY);
        let mut changed = FERRY;
        changed[0] = "Sweep the gangway of salt and leaves";
        let second = skipper("ferry-skipper-summer", &changed);
        // Near enough to the second alone.
        for (at, new) in [
            (1, "Polish the brass bell on Sundays"),
            (2, "Hand out life vests to children"),
            (3, "Fly the pennant of the island"),
        ] {
            changed[at] = new;
        }
        let third = skipper("ferry-skipper-autumn", &changed);
        let found = told(&[
            (".claude/agents/a.md", &first),
            (".claude/agents/b.md", &second),
            (".claude/agents/c.md", &third),
        ]);
        let told = |one: u32, other: u32| {
            let mut found = found.iter();
            found.any(|finding| finding.agents.contains(&one) && finding.agents.contains(&other))
        };
        assert!(told(0, 1) && told(1, 2), "{found:#?}");
    }
}
