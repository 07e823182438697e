//! In which words two statements differ.
//!
//! The words are aligned by Myers' algorithm (1986). Short runs of common words
//! between two longer changes are taken into them, as Fraser's "semantic
//! clean-up" does: "the" and a comma that happen to agree tear a changed
//! phrase apart and help nobody to read it.

use std::borrow::Cow;

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

/// A run of words that both statements have, or that only this one has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Segment {
    /// The text as it stands in the statement, white space included. All
    /// segments of a statement make up its text.
    pub text: String,
    /// Whether the other statement has other words in its place, or none.
    pub changed: bool,
}

/// Two statements, cut where they begin and cease to differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordDiff {
    /// The left one.
    pub left: Vec<Segment>,
    /// The right one.
    pub right: Vec<Segment>,
}

impl WordDiff {
    /// Whether the two differ in nothing but the punctuation of prose.
    pub fn is_same(&self) -> bool {
        let mut changed = self.left.iter().chain(&self.right);
        changed.all(|segment| !segment.changed || segment.text.chars().all(is_trifle))
    }

    /// Share of both texts, white space aside, that stands in common segments,
    /// in 0..=1; 0 for two empty ones.
    pub fn common_share(&self) -> f64 {
        let segments = || self.left.iter().chain(&self.right);
        let size = |segment: &Segment| segment.text.chars().filter(|c| !c.is_whitespace()).count();
        let all: usize = segments().map(size).sum();
        let common: usize = segments().filter(|one| !one.changed).map(size).sum();
        if all > 0 { common as f64 / all as f64 } else { 0.0 }
    }

    /// Whether each has a number in a changed place that the other has not
    /// there: "14 days", "30 days".
    pub fn has_other_numbers(&self) -> bool {
        let (left, right) = (numbers(&self.left), numbers(&self.right));
        let lacks = |one: &[&str], other: &[&str]| {
            let mut numbers = one.iter();
            numbers.any(|number| !other.contains(number))
        };
        lacks(&left, &right) && lacks(&right, &left)
    }
}

/// Product of the numbers of words up to which they are aligned: longer
/// statements are compared from both ends alone, in linear time.
const MAX_ALIGNED: usize = 4_000_000;

/// The differences between two texts in words. A capital at the beginning of a
/// word does not count, nor does how much white space there is.
pub fn word_diff(left: &str, right: &str) -> WordDiff {
    let (left_words, right_words): (Vec<&str>, Vec<&str>) =
        (left.split_word_bounds().collect(), right.split_word_bounds().collect());
    let left_keys: Vec<Cow<'_, str>> = left_words.iter().map(|word| key(word)).collect();
    let right_keys: Vec<Cow<'_, str>> = right_words.iter().map(|word| key(word)).collect();
    let pairs = left_keys.iter().zip(&right_keys);
    let n_before = pairs.take_while(|(left, right)| left == right).count();
    let (left_rest, right_rest) = (&left_keys[n_before..], &right_keys[n_before..]);
    let pairs = left_rest.iter().rev().zip(right_rest.iter().rev());
    let n_after = pairs.take_while(|(left, right)| left == right).count();
    let left_rest = &left_rest[..left_rest.len() - n_after];
    let right_rest = &right_rest[..right_rest.len() - n_after];

    let mut runs = vec![Run::common(n_before)];
    if left_rest.len().saturating_mul(right_rest.len()) > MAX_ALIGNED {
        runs.push(Run::changed(left_rest.len(), right_rest.len()));
    } else {
        let ops = capture_diff_slices(Algorithm::Myers, left_rest, right_rest);
        runs.extend(ops.into_iter().map(Run::of));
    }
    runs.push(Run::common(n_after));
    let runs = cleaned_up(&runs, &left_words, &right_words);
    WordDiff {
        left: segments(&left_words, &runs, |run| run.n_left),
        right: segments(&right_words, &runs, |run| run.n_right),
    }
}

/// What two words are compared by: all white space is alike, and so are
/// `Retry` and `retry`, but not `README` and `readme`.
fn key(word: &str) -> Cow<'_, str> {
    if word.chars().all(char::is_whitespace) {
        return Cow::Borrowed(" ");
    }
    let mut chars = word.chars();
    let begins_upper = chars.next().is_some_and(char::is_uppercase);
    if begins_upper && !chars.any(char::is_uppercase) {
        Cow::Owned(word.to_lowercase())
    } else {
        Cow::Borrowed(word)
    }
}

/// Words that follow each other on both sides.
#[derive(Debug, Clone, Copy)]
struct Run {
    n_left: usize,
    n_right: usize,
    changed: bool,
}

impl Run {
    fn common(n: usize) -> Self {
        Self { n_left: n, n_right: n, changed: false }
    }

    fn changed(n_left: usize, n_right: usize) -> Self {
        Self { n_left, n_right, changed: true }
    }

    fn of(op: DiffOp) -> Self {
        let (left, right) = (op.old_range().len(), op.new_range().len());
        match op {
            DiffOp::Equal { len, .. } => Self::common(len),
            _ => Self::changed(left, right),
        }
    }
}

/// The runs with neighbours of a kind made one, and each common run that is
/// shorter than the changes on both its sides made a part of them.
fn cleaned_up(runs: &[Run], left_words: &[&str], right_words: &[&str]) -> Vec<Run> {
    // By run: bytes of its left and right words.
    let mut kept: Vec<(Run, usize, usize)> = Vec::new();
    let (mut left_at, mut right_at) = (0, 0);
    for &run in runs.iter().filter(|run| run.n_left + run.n_right > 0) {
        let n_bytes = |words: &[&str]| words.iter().map(|word| word.len()).sum::<usize>();
        let n_left = n_bytes(&left_words[left_at..left_at + run.n_left]);
        let n_right = n_bytes(&right_words[right_at..right_at + run.n_right]);
        (left_at, right_at) = (left_at + run.n_left, right_at + run.n_right);
        kept.push((run, n_left, n_right));
        while let Some(n_merged) = n_to_merge(&kept) {
            let parts = kept.split_off(kept.len() - n_merged);
            let sum = |part: fn(&(Run, usize, usize)) -> usize| parts.iter().map(part).sum();
            let merged = Run {
                n_left: sum(|(run, ..)| run.n_left),
                n_right: sum(|(run, ..)| run.n_right),
                changed: run.changed,
            };
            kept.push((merged, sum(|part| part.1), sum(|part| part.2)));
        }
    }
    kept.into_iter().map(|(run, ..)| run).collect()
}

/// How many of the last runs are to become one; `None` where they stay.
fn n_to_merge(runs: &[(Run, usize, usize)]) -> Option<usize> {
    match runs {
        [.., (one, ..), (other, ..)] if one.changed == other.changed => Some(2),
        [.., before, (common, n_common, _), after] if after.0.changed && !common.changed => {
            let size = |change: &(Run, usize, usize)| change.1.max(change.2);
            let is_short = *n_common <= size(before) && *n_common <= size(after);
            (before.0.changed && is_short).then_some(3)
        }
        _ => None,
    }
}

fn segments(words: &[&str], runs: &[Run], n_words: impl Fn(&Run) -> usize) -> Vec<Segment> {
    let mut at = 0;
    let mut segments = Vec::new();
    for run in runs {
        let end = at + n_words(run);
        if end > at {
            segments.push(Segment { text: words[at..end].concat(), changed: run.changed });
        }
        at = end;
    }
    segments
}

/// Whether a character of prose may differ in two statements that are the same.
fn is_trifle(c: char) -> bool {
    c.is_whitespace() || ".,;:…`'\"‘’“”()*_".contains(c)
}

/// The words of the changed segments that have a digit.
fn numbers(segments: &[Segment]) -> Vec<&str> {
    let changed = segments.iter().filter(|segment| segment.changed);
    let words = changed.flat_map(|segment| segment.text.unicode_words());
    words.filter(|word| word.chars().any(|c| c.is_ascii_digit())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both sides, what is changed in brackets.
    fn shown(left: &str, right: &str) -> (String, String) {
        let diff = word_diff(left, right);
        let side = |segments: &[Segment]| {
            let shown = segments.iter().map(|segment| {
                if segment.changed { format!("[{}]", segment.text) } else { segment.text.clone() }
            });
            shown.collect::<String>()
        };
        (side(&diff.left), side(&diff.right))
    }

    #[test]
    fn words_that_differ_are_marked_on_both_sides() {
        assert_eq!(
            shown("Keep logs for 14 days", "Keep logs for 30 days"),
            ("Keep logs for [14] days".to_owned(), "Keep logs for [30] days".to_owned())
        );
        assert_eq!(
            shown("Never restart it", "Restart it once"),
            ("[Never ]restart it".to_owned(), "Restart it[ once]".to_owned())
        );
    }

    #[test]
    fn a_word_in_common_does_not_tear_a_phrase_apart() {
        let (left, right) = shown(
            "Write the whole report to the wiki",
            "Write a summary of the findings to the wiki",
        );
        assert_eq!(left, "Write [the whole report] to the wiki");
        assert_eq!(right, "Write [a summary of the findings] to the wiki");
    }

    #[test]
    fn white_space_first_capitals_and_stops_are_no_difference() {
        assert!(word_diff("Retry  twice.", "retry\ntwice").is_same());
        assert!(word_diff("", "").is_same());
        assert!(!word_diff("see README", "see readme").is_same());
        assert!(!word_diff("n < 5", "n > 5").is_same());
        assert!(!word_diff("a", "").is_same());
    }

    #[test]
    fn numbers_that_stand_for_others_are_seen() {
        assert!(word_diff("wait 5 s", "wait 10 s").has_other_numbers());
        assert!(!word_diff("wait 5 s", "wait a little").has_other_numbers());
        assert!(!word_diff("5 of 10", "10 of 5").has_other_numbers());
    }

    #[test]
    fn the_common_share_counts_both_sides() {
        let share = |left, right| word_diff(left, right).common_share();
        assert!((share("ab cd", "ab ef") - 0.5).abs() < 1e-12);
        assert!((share("ab", "ab") - 1.0).abs() < 1e-12);
        assert!(share("", "").abs() < f64::EPSILON);
    }

    #[test]
    fn segments_make_up_the_text() {
        let texts = ["", "a b c", "x a\u{301}b, c! 12", "使用事务处理。", "a  b\tc"];
        for left in texts {
            for right in texts {
                let diff = word_diff(left, right);
                let whole = |side: &[Segment]| -> String {
                    side.iter().map(|segment| segment.text.as_str()).collect()
                };
                assert_eq!((whole(&diff.left), whole(&diff.right)), (left.into(), right.into()));
            }
        }
    }

    #[test]
    fn long_statements_are_compared_from_both_ends() {
        let long = |middle: &str| format!("begin {} end", format!("{middle} ").repeat(3_000));
        let diff = word_diff(&long("a"), &long("b"));
        assert_eq!(diff.left.len(), 3);
        assert!(diff.left[1].changed && !diff.left[0].changed && !diff.left[2].changed);
    }
}
