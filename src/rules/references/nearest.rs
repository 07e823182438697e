//! The real name that a wrong one was probably meant for.
//!
//! Only names that share a word, a beginning or an end with the wrong one are
//! compared, so that many wrong names in a large collection stay cheap.

use rustc_hash::FxHashMap;

use super::key;
use crate::agent::Kind;
use crate::measure::name::Name;
use crate::rules::Facts;

/// The agents' names, found by their parts.
pub(super) struct Nearest {
    names: Vec<(String, String)>,
    by_part: FxHashMap<String, Vec<u32>>,
}

/// From this likeness on (normalised Damerau–Levenshtein), a name is a slip of the pen.
const MIN_LIKENESS: f64 = 0.8;

/// Likeness of names (see [`Name::similarity`]) at which only the role noun
/// differs: `python-expert`, `python-pro`.
const SAME_BUT_NOUN: f64 = 0.75;

/// Longer names are not compared: the time for two grows with the product of
/// their lengths, and products take names of 64 letters.
const MAX_NAME_BYTES: usize = 256;

/// A part that more names than this share, such as `-er`, leads nowhere.
const MAX_SHARING: usize = 300;

impl Nearest {
    pub(super) fn new(facts: &Facts<'_>) -> Self {
        let mut names: Vec<(String, String)> = facts
            .agents()
            .iter()
            .filter(|agent| matches!(agent.kind, Kind::Agent | Kind::Skill | Kind::Command))
            .map(|agent| (key(&agent.name), agent.name.clone()))
            .filter(|(key, _)| key.len() <= MAX_NAME_BYTES)
            .collect();
        names.sort();
        names.dedup_by(|next, first| next.0 == first.0);
        let mut by_part: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        for (idx, (name, _)) in (0..).zip(&names) {
            for part in parts(name) {
                by_part.entry(part).or_default().push(idx);
            }
        }
        Self { names, by_part }
    }

    /// The nearest name to a wrong one that is near enough, as written.
    pub(super) fn find(&self, wrong: &str) -> Option<&str> {
        if wrong.len() > MAX_NAME_BYTES {
            return None;
        }
        let mut candidates: Vec<u32> = parts(wrong)
            .iter()
            .filter_map(|part| self.by_part.get(part))
            .filter(|holders| holders.len() <= MAX_SHARING)
            .flatten()
            .copied()
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        let mut best: Option<(f64, u32)> = None;
        for idx in candidates {
            let Some(likeness) = likeness(wrong, &self.names[idx as usize].0) else {
                continue;
            };
            if best.is_none_or(|(most, _)| likeness > most) {
                best = Some((likeness, idx));
            }
        }
        best.map(|(_, idx)| self.names[idx as usize].1.as_str())
    }
}

/// How near a name is to a wrong one, where it may be meant. The test that costs
/// most comes last.
fn likeness(wrong: &str, name: &str) -> Option<f64> {
    let slip = differs_as_slip(wrong, name)
        .then(|| strsim::normalized_damerau_levenshtein(&joined(wrong), &joined(name)))
        .filter(|&likeness| likeness >= MIN_LIKENESS);
    let noun = || {
        differs_in_noun(wrong, name)
            .then(|| Name::new(wrong).similarity(&Name::new(name)))
            .filter(|&likeness| likeness >= SAME_BUT_NOUN)
    };
    slip.or_else(noun)
}

fn joined(name: &str) -> String {
    name.replace('-', "")
}

/// Words, and the beginning and the end of the whole.
fn parts(name: &str) -> Vec<String> {
    let mut parts: Vec<String> =
        name.split('-').filter(|word| word.len() >= 2).map(str::to_owned).collect();
    let whole = joined(name);
    let n = whole.chars().count();
    if n >= 6 {
        parts.push(format!("^{}", whole.chars().take(4).collect::<String>()));
        parts.push(format!("{}$", whole.chars().skip(n - 4).collect::<String>()));
    }
    parts.sort();
    parts.dedup();
    parts
}

/// Whether two names differ by a slip: other letters within like words, or the
/// same letters otherwise parted. Whole words that differ are no slip:
/// `backend-developer` is not `frontend-developer`.
fn differs_as_slip(wrong: &str, name: &str) -> bool {
    if joined(wrong) == joined(name) {
        return true;
    }
    let (a, b): (Vec<&str>, Vec<&str>) = (wrong.split('-').collect(), name.split('-').collect());
    let is_slip = |a: &str, b: &str| {
        a == b
            || (a.len().min(b.len()) >= 4 && strsim::damerau_levenshtein(a, b) <= 2 && {
                strsim::normalized_damerau_levenshtein(a, b) >= 0.7
            })
    };
    a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| is_slip(a, b))
}

/// Role nouns and endings that people mix up.
const NOUNS: [&str; 20] = [
    "agent", "analyst", "architect", "assistant", "builder", "coach", "consultant", "dev",
    "developer", "engineer", "expert", "guru", "helper", "lead", "manager", "master", "pro",
    "programmer", "senior", "specialist",
];

/// Whether two names are equal without their role nouns.
fn differs_in_noun(wrong: &str, name: &str) -> bool {
    let content = |name: &str| -> Vec<String> {
        name.split('-').filter(|word| !NOUNS.contains(word)).map(str::to_owned).collect()
    };
    let words = content(wrong);
    !words.is_empty() && words == content(name)
}
