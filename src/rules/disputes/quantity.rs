//! Other numbers for one measure: a coverage of at least 80 % against 90 %.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

use std::cmp::Reverse;

use super::clash::{Clash, Place, Side, tied};
use super::number::{Measured, Quantity, is_bound, quantities};
use crate::agent::{Agent, Direction, MAX_INTRODUCTION_BYTES};
use crate::commitment::reading::{Figure as Stated, in_digits};
use crate::facet::{Bound, MeasureUnit, Table};
use crate::finding::{Rule, Severity};
use crate::reach::{Part, Reach, part_of};
use crate::rules::Facts;

/// A figure that someone sets.
#[derive(Debug)]
struct Figure {
    facet: u32,
    bound: Bound,
    thousandths: u64,
    measured: Measured,
    /// As it is written.
    shown: String,
    /// What the figure is for, where it is not for all.
    narrowed: Vec<String>,
    /// Other numbers of its kind in its section, and those in the lines beside it.
    beside: OnceCell<Vec<u64>>,
    place: Place,
    part: Part,
}

/// One clash for each measure and set of agents that disagree about it.
pub(super) fn clashes(facts: &Facts<'_>, reach: &Reach<'_>) -> Vec<Clash> {
    let mut figures = Vec::new();
    for id in 0..facts.agents().len() as u32 {
        if reach.way(id, id).is_some() {
            read(facts, id, &mut figures);
        }
    }
    figures.sort_by_key(|figure| (figure.facet, figure.place));
    figures
        .chunk_by(|one, other| one.facet == other.facet)
        .flat_map(|of_measure| disagreements(facts, reach, of_measure))
        .collect()
}

fn read(facts: &Facts<'_>, id: u32, figures: &mut Vec<Figure>) {
    let agent = facts.agent(id);
    let source = facts.text(id);
    for stated in &facts.figures[id as usize] {
        let unit_idx = stated.unit_idx as usize;
        let unit = &agent.units[unit_idx];
        let lower = &stated.lower;
        let Some(Told { facet, cue, bound: usual, quantity }) = figure(facts.facets, stated) else {
            continue;
        };
        let above = above(agent, source, unit_idx);
        let is_setting = is_setting(facts.facets, facet) && is_plain(lower, &cue, quantity);
        let is_gate = usual == Bound::Min && is_gate(lower, quantity);
        if !is_gate && !is_set(lower, &above, quantity, is_setting) {
            continue;
        }
        let bound = match unit.direction {
            _ if is_gate => Bound::Min,
            Direction::Warning if exceeds(lower, quantity) => Bound::Max,
            Direction::Warning => continue,
            _ => quantity.bound.unwrap_or(usual),
        };
        // "Coverage below 50%" tells of trouble, it asks for nothing.
        if bound != usual && usual != Bound::Exact {
            continue;
        }
        let text = agent.unit_text(unit, source);
        figures.push(Figure {
            facet,
            bound,
            thousandths: quantity.thousandths,
            shown: shown(&text, lower, quantity),
            narrowed: narrowed(
                &without(lower, &cue, quantity),
                &above,
                &facts.facets.facet(facet).title,
            ),
            measured: quantity.measured,
            beside: OnceCell::new(),
            place: Place::unit(id, unit_idx),
            part: part_of(agent, source, unit_idx, &text),
        });
    }
}

/// Numbers near a figure that may be what holds elsewhere: "25 items a page" above
/// "exports: 500 items", "one approval" above "two for changes of `ledger`".
fn beside(facts: &Facts<'_>, figure: &Figure) -> Vec<u64> {
    /// Statements of a section that are looked at.
    const MAX_UNITS: usize = 64;
    let (id, unit_idx) = (figure.place.agent, figure.place.unit_idx as usize);
    let (agent, source) = (facts.agent(id), facts.text(id));
    let section_idx = agent.units[unit_idx].section_idx;
    let names_other_measure = |idx: usize| {
        let stated = &facts.figures[id as usize];
        let at = stated.partition_point(|one| (one.unit_idx as usize) < idx);
        let here = stated.get(at).filter(|one| one.unit_idx as usize == idx);
        here.is_some_and(|one| one.measures.iter().all(|&(other, _)| other != figure.facet))
    };
    let is_near = |&idx: &usize| {
        let unit = &agent.units[idx];
        idx != unit_idx
            && unit.section_idx == section_idx
            && unit.kind.is_text()
            && !names_other_measure(idx)
    };
    let first = unit_idx.saturating_sub(MAX_UNITS / 2);
    let near = (first..agent.units.len()).take(MAX_UNITS).filter(is_near);
    near.flat_map(|idx| {
        let text = agent.unit_start(&agent.units[idx], source, MAX_INTRODUCTION_BYTES);
        let numbers = quantities(&in_digits(&text.to_ascii_lowercase()));
        let is_next = idx.abs_diff(unit_idx) == 1;
        numbers.into_iter().filter(move |number| {
            number.measured == figure.measured && number.measured != Measured::Plain
                || is_next && number.measured == Measured::Plain
        })
    })
    .map(|number| number.thousandths)
    .collect()
}

/// Whether less than a number is turned down: "reject the change when coverage
/// is under 80 %".
fn is_gate(lower: &str, quantity: Quantity) -> bool {
    const TURNED_DOWN: &[&str] = &["reject ", "block ", "blocked ", "fail ", "refuse "];
    const LESS: &[&str] = &["under", "below", "less than"];
    const NEGATIONS: &[&str] = &["not ", "n't ", "never ", "no "];
    let before = lower[..quantity.start].trim_end();
    let has = |words: &[&str]| words.iter().any(|word| before.contains(word));
    has(TURNED_DOWN)
        && has(&["when ", "if "])
        && !has(NEGATIONS)
        && LESS.iter().any(|word| before.ends_with(word))
}

/// Whether a number is one that is not to be exceeded: "no file longer than 300 lines".
fn exceeds(lower: &str, quantity: Quantity) -> bool {
    const EXCESS: &[&str] = &["than", "exceed", "exceeds", "over", "above", "beyond"];
    let before = lower[..quantity.start].trim_end();
    EXCESS.iter().any(|word| before.ends_with(word))
}

/// A text without the name of the measure, which narrows nothing, and without
/// the clauses behind its number.
fn without(lower: &str, cue: &Range<usize>, quantity: Quantity) -> String {
    let told = cue.end.max(quantity.end);
    let behind = &lower[cue.end..];
    let end = lower[told..].find([',', ';']).map_or(behind.len(), |at| told + at - cue.end);
    format!("{}{}", &lower[..cue.start], &behind[..end])
}

/// A number as it is written, where white space did not move it.
fn shown(text: &str, lower: &str, quantity: Quantity) -> String {
    let written = text.get(quantity.start..quantity.end);
    let lower = &lower[quantity.start..quantity.end];
    written.filter(|written| written.eq_ignore_ascii_case(lower)).unwrap_or(lower).to_owned()
}

/// A measure and the number that it names.
struct Told {
    facet: u32,
    /// The name of the measure in the text.
    cue: Range<usize>,
    /// The side that the measure usually bounds.
    bound: Bound,
    quantity: Quantity,
}

/// The one number of a statement that a measure names, and the measure.
fn figure(table: &Table, stated: &Stated) -> Option<Told> {
    let lower = &stated.lower;
    let numbers = quantities(lower);
    let mut figures = numbers.iter().filter_map(|quantity| {
        let near = stated.measures.iter().filter_map(|(facet, cue)| {
            let (unit, bound) = table.facet(*facet).measure?;
            let distance = distance(lower, (cue.start, cue.end), quantity)?;
            fits(unit, quantity).then_some((distance, Reverse(cue.len()), *facet, bound, cue))
        });
        let (_, _, facet, bound, cue) =
            near.min_by_key(|&(distance, len, facet, ..)| (distance, len, facet))?;
        Some(Told { facet, cue: cue.clone(), bound, quantity: *quantity })
    });
    let first = figures.next()?;
    let n_alike = numbers.iter().filter(|other| {
        other.measured == first.quantity.measured && other.measured != Measured::Plain
    });
    (figures.next().is_none() && n_alike.count() <= 1).then_some(first)
}

/// Whether a number can be one of a measure that counts `unit`.
fn fits(unit: MeasureUnit, quantity: &Quantity) -> bool {
    use MeasureUnit::{
        Chars, Count, Days, Kb, Lines, Min, Ms, Percent, Px, Ratio, S, Sentences, Words,
    };
    match unit {
        Percent => quantity.measured == Measured::Percent,
        Ms | S | Min | Days => quantity.measured == Measured::Time,
        Kb => quantity.measured == Measured::Size,
        Lines => quantity.measured == Measured::Lines,
        Chars => matches!(quantity.measured, Measured::Characters | Measured::Plain),
        Words => quantity.measured == Measured::Words,
        Sentences => quantity.measured == Measured::Sentences,
        Px => quantity.measured == Measured::Pixels,
        Ratio => quantity.measured == Measured::Plain,
        Count => matches!(
            quantity.measured,
            Measured::Plain | Measured::Levels | Measured::Parameters | Measured::Rounds
        ),
    }
}

/// Bytes between a cue and a number, if nothing parts them.
fn distance(lower: &str, (start, end): (usize, usize), quantity: &Quantity) -> Option<usize> {
    const MAX_BYTES: usize = 40;
    /// The same where a limit closes the statement.
    const MAX_BYTES_TO_LIMIT: usize = 100;
    // "Seven retries": the unit is the measure, or a part of its name.
    if quantity.start < start && start < quantity.end {
        return Some(0);
    }
    let between = if end <= quantity.start {
        &lower[end..quantity.start]
    } else if quantity.end <= start {
        &lower[quantity.end..start]
    } else {
        return None;
    };
    // "Retry with growing pauses, at most 5 times": the limit is of all before it.
    let limited =
        between.rsplit_once(", ").filter(|(_, clause)| end <= quantity.start && is_bound(clause));
    let (gap, max_bytes) = match limited {
        Some((gap, _)) => (gap, MAX_BYTES_TO_LIMIT),
        None => (between, MAX_BYTES),
    };
    let is_parted = gap.contains([';', '|', '→'])
        || gap.contains(". ")
        || gap.contains(", ")
        || gap.bytes().any(|byte| byte.is_ascii_digit());
    (between.len() <= max_bytes && !is_parted).then_some(between.len())
}

/// Words by which a number is what was found, or one that was before.
const MEASURED: &[&str] = &[
    "likely", "currently", "current ", "actual", "achieved", "was ", "were ", "baseline",
    "reduced", "improved", "increased", "dropped", "e.g.", "example", "for instance", " from ",
    "tests,", "passing", "result", "historically", "today", "score:", "drops", "exceeds", "alert",
    "if ", "when ",
];

/// Words by which a number is asked for.
const ASKED: &[&str] = &[
    "target", "minimum", "goal", "require", "maintain", "ensure", "achieve", "aim", "threshold",
    "must", "should", "keep", "limit", "max", "budget", "at least", "gate", "cap ", "ceiling",
    "floor", "no more", "acceptable", "mindest", "ziel", "objetivo", "mínim", "minimal", "목표",
    "expire", "timeout of", "time out after", "times out after",
];

/// Headings below which nothing is asked for.
const SHOWN: &[&str] = &[
    "complete", "issue", "result", "✅", "example", "template", "report", "output", "sample",
    "format", "current", "history", "ejemplo", "beispiel",
];

/// What introduces a unit and the heading above it, in lower case.
fn above(agent: &Agent, source: &str, unit_idx: usize) -> String {
    let mut above = String::new();
    for unit in agent.introductions(&agent.units[unit_idx]) {
        let text = agent.unit_start(unit, source, MAX_INTRODUCTION_BYTES);
        above.push_str(&text.to_lowercase());
        above.push('\n');
    }
    above
}

/// Whether the numbers of a measure are settings, and not what comes out in the end.
fn is_setting(table: &Table, facet: u32) -> bool {
    use MeasureUnit::{Kb, Ms, Percent};
    let measure = table.facet(facet).measure;
    measure.is_some_and(|(unit, _)| !matches!(unit, Percent | Ms | Kb))
}

/// Whether a statement is no more than a measure and its number, or an order to
/// set it: "page size: 20", "retry failed calls 3 times".
fn is_plain(lower: &str, cue: &Range<usize>, quantity: Quantity) -> bool {
    /// Words that lead from a measure to its number.
    const LINKS: &[&str] = &[
        "a", "after", "alive", "an", "are", "at", "be", "by", "calls", "can", "contain",
        "contains", "default", "defaults", "entries", "entry", "every", "exactly", "expire",
        "expires", "fill", "for", "full", "get", "gets", "go", "goes", "has", "have", "hold",
        "holds", "in", "is", "it", "items", "kept", "last", "least", "lifetime", "limit",
        "limited", "live", "lives", "long", "maximum", "may", "minimum", "more", "most", "must",
        "no", "of", "open", "reach", "requests", "run", "runs", "set", "should", "span", "stands",
        "stay", "stays", "take", "takes", "than", "the", "them", "time", "to", "up", "use",
        "valid", "weigh", "weighs", "with",
    ];
    const ORDERS: &[&str] = &[
        "allow", "cap", "give", "indent", "issue", "keep", "launch", "limit", "make", "require",
        "retain", "retry", "return", "rotate", "run", "set", "sign", "spawn", "start", "store",
        "use", "wait", "wrap", "write",
    ];
    let between = match cue.end <= quantity.start {
        true => &lower[cue.end..quantity.start],
        false => lower.get(quantity.end..cue.start).unwrap_or_default(),
    };
    // "Poll the API every 30 seconds": the measure is what is ordered.
    const MAX_WORDS_BETWEEN: usize = 5;
    let is_ordered = lower[..cue.start].trim_matches(|c: char| !c.is_alphabetic()).is_empty()
        && between.split_whitespace().count() <= MAX_WORDS_BETWEEN;
    let mut links = between.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let first = lower.split(|c: char| !c.is_alphabetic()).find(|word| !word.is_empty());
    let label = lower[..quantity.start].trim_end_matches([' ', '*', '`']).strip_suffix(':');
    const MAX_LABEL_WORDS: usize = 6;
    let is_labelled = label.is_some_and(|label| label.split(' ').count() <= MAX_LABEL_WORDS);
    is_labelled
        || is_ordered
        || links.all(|word| LINKS.contains(&word))
        || first.is_some_and(|word| ORDERS.contains(&word))
}

/// Whether the text sets the figure, as opposed to telling of one.
fn is_set(lower: &str, above: &str, quantity: Quantity, is_setting: bool) -> bool {
    let has = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
    // "When no limit is given" tells the usual figure.
    let is_told = has(&lower.replace("when no ", ""), MEASURED) || has(above, SHOWN);
    !is_told && (quantity.bound.is_some() || is_setting || has(lower, ASKED) || has(above, ASKED))
}

/// Words that say what a figure is for where it is not for all.
const NARROWING: &[&str] = &[
    "admin", "auth", "authentication", "average", "avg", "background", "branch", "business",
    "chunk", "complex", "component", "core", "critical", "css", "desktop", "domain", "e2e",
    "function", "hook", "image", "integration", "logic", "median", "mobile", "model", "p50", "p90",
    "p95", "p99", "payment", "route", "search", "security", "service", "statement", "ui", "unit",
    "util", "utility", "vendor",
];

/// Words of a phrase "for …" that narrow nothing.
const GENERAL: &[&str] = &[
    "a", "activity", "all", "an", "any", "app", "application", "call", "caller", "calls",
    "changes", "ci", "client", "code", "codebase", "container", "default", "each", "every",
    "everyone", "everything", "feature", "features", "file", "inactivity", "lint", "linter",
    "most", "new", "normal", "of", "once", "parallel", "pipeline", "place", "project", "repo",
    "repository", "request", "requests", "standard", "team", "test", "tests", "the", "this",
    "total", "user", "users", "your",
];

/// Words that end a phrase "for …".
const VERBS: &[&str] = &[
    "are", "at", "be", "by", "can", "fails", "has", "have", "if", "is", "it", "least", "may",
    "more", "most", "must", "need", "needs", "no", "not", "only", "should", "than", "they", "to",
    "unless", "up", "we", "when", "with", "you",
];

/// What a figure is for, in words, ascending; empty where it is for all.
fn narrowed(lower: &str, above: &str, title: &str) -> Vec<String> {
    fn words(text: &str) -> impl Iterator<Item = &str> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words.filter(|word| !word.is_empty())
    }
    let is_narrowing = |word: &str| {
        NARROWING.contains(&word)
            || word.strip_suffix('s').is_some_and(|one| NARROWING.contains(&one))
    };
    let mut narrowed: Vec<String> = words(lower)
        .chain(words(above))
        .filter(|word| is_narrowing(word))
        .map(str::to_owned)
        .collect();
    for preposition in [" for ", " of ", " on ", " in "] {
        if let Some((_, phrase)) = lower.split_once(preposition) {
            let phrase = phrase.trim_start();
            let end = phrase.find(['.', ',', ';', '(', ':', '-', '—']).unwrap_or(phrase.len());
            // "A timeout of 30 seconds" names the figure itself.
            let is_figure = phrase.starts_with(|c: char| c.is_ascii_digit());
            // "For all calls" narrows nothing.
            let is_general =
                ["all ", "any ", "each ", "every "].iter().any(|all| phrase.starts_with(all));
            let n_words = if is_figure || is_general { 0 } else { 4 };
            let phrase = words(&phrase[..end]).take_while(|word| !VERBS.contains(word));
            let phrase = phrase.take(n_words).filter(|word| {
                !GENERAL.contains(word) && word.bytes().all(|byte| !byte.is_ascii_digit())
            });
            narrowed.extend(phrase.map(str::to_owned));
        }
    }
    for word in &mut narrowed {
        if word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") {
            word.pop();
        }
    }
    // "Temperature 0 for the model" narrows no "temperature of the model".
    narrowed.retain(|narrowing| !words(title).any(|word| word == narrowing));
    narrowed.sort_unstable();
    narrowed.dedup();
    narrowed
}

/// Figures that one agent states for one measure, at most: more are a table.
const MAX_FIGURES: usize = 32;

/// The sets of figures of one measure, by place, that disagree, each as one clash.
fn disagreements(facts: &Facts<'_>, reach: &Reach<'_>, figures: &[Figure]) -> Vec<Clash> {
    let mut of_agent: BTreeMap<u32, Range<usize>> = BTreeMap::new();
    for own in figures.chunk_by(|one, other| one.place.agent == other.place.agent) {
        let start = of_agent.last_key_value().map_or(0, |(_, range)| range.end);
        of_agent.insert(own[0].place.agent, start..start + own.len());
    }
    let mut opposed = Vec::new();
    for (&agent, own) in &of_agent {
        for (other, _) in reach.of(agent) {
            let Some(others) = of_agent.get(&other).filter(|_| other <= agent) else {
                continue;
            };
            for at in own.clone().take(MAX_FIGURES) {
                let before = others.clone().take(MAX_FIGURES).filter(|&other| other < at);
                let are_opposed =
                    |&other: &usize| are_opposed(facts, &figures[at], &figures[other]);
                opposed.extend(before.filter(are_opposed).map(|other| (at, other)));
            }
        }
    }
    tied(figures.len(), opposed)
        .into_iter()
        .map(|set| clash(facts, figures[0].facet, set.into_iter().map(|at| &figures[at])))
        .collect()
}

fn are_opposed(facts: &Facts<'_>, one: &Figure, other: &Figure) -> bool {
    let is_same_file = one.place.agent == other.place.agent;
    let section = |figure: &Figure| {
        let agent = facts.agent(figure.place.agent);
        agent.units[figure.place.unit_idx as usize].section_idx
    };
    let tells_both = |one: &Figure, other: &Figure| {
        let beside = one.beside.get_or_init(|| beside(facts, one));
        beside.contains(&other.thousandths)
    };
    differ((one.bound, one.thousandths), (other.bound, other.thousandths))
        && !one.part.is_apart_from(&other.part)
        && one.narrowed == other.narrowed
        && if is_same_file && section(one) == section(other) {
            // Figures side by side are grades or cases, unless nothing else differs.
            is_repeated(facts, one, other)
        } else {
            !tells_both(one, other) && !tells_both(other, one)
        }
}

/// Whether two statements are one but for their digits.
fn is_repeated(facts: &Facts<'_>, one: &Figure, other: &Figure) -> bool {
    let [one, other] = [one, other].map(|figure| {
        let agent = facts.agent(figure.place.agent);
        let unit = &agent.units[figure.place.unit_idx as usize];
        let text = agent.unit_text(unit, facts.text(figure.place.agent));
        text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>()
    });
    one == other
}

/// Whether no number, or no careful reader, satisfies both figures.
pub(super) fn differ((bound, a): (Bound, u64), (other_bound, b): (Bound, u64)) -> bool {
    use Bound::{Exact, Max, Min};
    match (bound, other_bound) {
        (Min, Max) => a > b,
        (Max, Min) => a < b,
        (Exact, Min) | (Max, Exact) => a < b,
        (Exact, Max) | (Min, Exact) => a > b,
        (Min, Min) | (Max, Max) | (Exact, Exact) => a != b,
    }
}

/// What figures of one measure come to, by place.
fn clash<'f>(facts: &Facts<'_>, measure: u32, figures: impl Iterator<Item = &'f Figure>) -> Clash {
    let title = &facts.facets.facet(measure).title;
    let mut sides: Vec<((u64, Bound), Side)> = Vec::new();
    for figure in figures {
        let key = (figure.thousandths, figure.bound);
        if let Some((_, side)) = sides.iter_mut().find(|(known, _)| *known == key) {
            side.places.push(figure.place);
            continue;
        }
        let label = match figure.bound {
            Bound::Min => format!("at least {}", figure.shown),
            Bound::Max => format!("at most {}", figure.shown),
            Bound::Exact => figure.shown.clone(),
        };
        let side = Side { label, places: vec![figure.place] };
        sides.push((key, side));
    }
    let is_one_way = sides.windows(2).all(|two| two[0].0.1 == two[1].0.1);
    Clash {
        rule: Rule::QuantityConflict,
        severity: Severity::Warning,
        // The stricter of two limits satisfies both; that two are stated is the trouble.
        confidence: if is_one_way { 0.8 } else { 0.9 },
        topic: title.clone(),
        sides: sides.into_iter().map(|(_, side)| side).collect(),
        help: "decide on one figure and write it in one place; or say in each what it is for"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::disputes::found;

    #[test]
    fn two_figures_for_one_measure_are_one_finding() {
        let found = found(
            "- Test coverage: at least 80%\n\n## Speed\n\n- p95 latency below 200ms\n",
            "- Maintain >90% code coverage\n\n## Speed\n\n- Keep p95 under 0.5s",
        );
        let [latency, coverage] = found.as_slice() else { panic!("{found:?}") };
        assert!(
            coverage.starts_with(
                "test coverage: at least 80% (`CLAUDE.md`), but at least 90% (`desk`)"
            )
        );
        assert!(latency.starts_with(
            "95th percentile of response times: at most 200ms (`CLAUDE.md`), but at most 0.5s"
        ));
    }

    #[test]
    fn settings_negative_limits_and_numbers_in_words_are_figures() {
        for (memory, agent, measure, figures) in [
            (
                "- Retry failed requests 3 times.",
                "- Retry failed requests 5 times.",
                "number of retries: ",
                ["at most 3 times", "at most 5 times"],
            ),
            (
                "- Maximum line length: 100 characters",
                "- Lines must not be longer than 120 characters.",
                "length of a line: ",
                ["at most 100 characters", "at most 120 characters"],
            ),
            (
                "- Every outgoing HTTP call has a timeout of 5 seconds.",
                "- Set a timeout of 30 seconds on each outgoing HTTP call.",
                "timeout of a request: ",
                ["at most 5 seconds", "at most 30 seconds"],
            ),
            (
                "- Required approvals: 1",
                "- A merge needs at least three approvals.",
                "approvals of a pull request: ",
                ["at least 1 (", "at least 3 ("],
            ),
            (
                "- A failing call is retried three times, then it is given up",
                "- The adapter makes seven retries in each job.",
                "number of retries: ",
                ["at most 3 times", "at most 7 retries"],
            ),
            (
                "- Retry a failing call with growing pauses between the tries, at most 5 times",
                "- Retry failing calls at most 3 times, with jitter",
                "number of retries: ",
                ["at most 5 times", "at most 3 times"],
            ),
            (
                "- 1行は79文字以内に収める",
                "- 行の最大長は120文字とする",
                "length of a line: ",
                ["at most 79文字", "at most 120文字"],
            ),
            (
                "- No more than 200 changed lines in a pull request",
                "- Pull requests may have up to 900 lines.",
                "size of a pull request: ",
                ["at most 200 changed lines", "at most 900 lines"],
            ),
            (
                "- Run at most two subagents at the same time.",
                "- Launch six subagents in parallel, each with one part of the work.",
                "number of agents that run at once: ",
                ["at most 2", "at most 6"],
            ),
            (
                "- Wait two minutes; run at most two subagents at once.",
                "- Launch six subagents in parallel, each with one part of the work.",
                "number of agents that run at once: ",
                ["at most 2", "at most 6"],
            ),
            (
                "- Coverage must not drop below 85 %.",
                "- The coverage gate is 70 percent; that is enough.",
                "test coverage: ",
                ["at least 85 %", "at least 70 percent"],
            ),
            (
                "- Coverage stays at or above 80 %.",
                "- Reject the change when coverage is under 95 %.",
                "test coverage: ",
                ["at least 80 %", "at least 95 %"],
            ),
            (
                "- Minimum contrast: 4.5:1",
                "- Minimum contrast: 7:1",
                "contrast of text: ",
                ["at least 4.5:1", "at least 7:1"],
            ),
        ] {
            let found = found(memory, agent);
            assert_eq!(found.len(), 1, "{memory}: {found:?}");
            assert!(found[0].starts_with(measure), "{found:?}");
            for figure in figures {
                assert!(found[0].contains(figure), "{figure}: {found:?}");
            }
        }
        assert_eq!(
            found(
                "- Retry failed requests 3 times.",
                "- Retry failed requests 3 times, then stop."
            ),
            [] as [&str; 0]
        );
    }

    #[test]
    fn who_tells_the_other_figure_too_contradicts_nobody() {
        for (memory, agent) in [
            (
                "- Required approvals: 1\n- Two for changes of the `ledger`",
                "- A merge needs two approvals.",
            ),
            (
                "- HTTP calls: 3 retries\n- Backoff with jitter\n- Queues: 10 retries",
                "- Retry failed messages 10 times.",
            ),
        ] {
            assert_eq!(found(memory, agent), [] as [&str; 0], "{agent}");
        }
        let other = "- Required approvals: 1\n- Tests run first\n- Ask 2 people";
        assert_eq!(found(other, "- A merge needs two approvals.").len(), 1);
    }

    #[test]
    fn a_range_or_one_figure_in_two_forms_is_no_conflict() {
        for (memory, agent) in [
            ("- Coverage: at least 80%", "- Target 80%+ coverage"),
            ("- API response time must be under 1s", "- API response time: < 1000ms"),
        ] {
            assert_eq!(found(memory, agent), [] as [&str; 0], "{agent}");
        }
    }

    #[test]
    fn what_is_measured_shown_or_narrower_asks_for_nothing() {
        for agent in [
            "841 tests, 87% coverage",
            "Coverage is currently 62%",
            "Only happy paths, coverage below 50%",
            "## Example report\n\n- Test coverage: at least 95%",
            "- Coverage of at least 95% for payment code",
            "- Unit test coverage: at least 95%",
            "| coverage | at least 90% | at least 95% |",
            "```\ncoverage >= 95%\n```",
            "- Never accept coverage under 95%",
            "- Do not reject a change when coverage is under 70 %",
        ] {
            assert_eq!(found("- Test coverage: at least 80%", agent), [] as [&str; 0], "{agent}");
        }
    }
}
