//! Versions behind a name: `React 18`, `Python 3.11+`, `Next.js (v14.2)`.

use std::cmp::Ordering;
use std::fmt;

use crate::text::strip_prefix_of_any_case;

/// Numbers of a version that are kept.
const MAX_NUMBERS: usize = 2;

/// A version as told: its leading numbers, and whether later ones will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    numbers: [u32; MAX_NUMBERS],
    /// How many of `numbers` were told, at least 1.
    n_told: u8,
    /// `18+`, `>= 18`, `18 or later`.
    pub or_later: bool,
}

/// Words and signs that may stand between a name and its version.
const LEADS: [&str; 8] = ["version: ", "version is ", "version ", ">=", "≥", "^", "~", "v"];

/// Words behind a version by which later ones will do.
const LATER: [&str; 8] = [
    " or later", " or newer", " or higher", " or above", " and above", " and later", " and newer",
    " or greater",
];

/// What joins two versions to a range or a choice.
const JOINS: [&str; 12] = ["/", "-", "–", "—", "→", "->", "to", "or", "and", "vs", "oder", "bis"];

impl Version {
    /// The version with which `rest` begins, the text behind a name, of which
    /// the first `n` numbers matter. `None` for ranges and choices (`18/19`)
    /// and for numbers that count something (`3x`, `10 %`).
    pub fn after_name(rest: &str, n: u8) -> Option<Self> {
        let mut rest = rest.strip_prefix(' ').unwrap_or(rest);
        rest = rest.strip_prefix('(').unwrap_or(rest);
        // "Tailwind is v4"
        if let Some(behind) = rest.strip_prefix("is v") {
            rest = behind;
        }
        let mut or_later = false;
        for lead in LEADS {
            if let Some(behind) = strip_prefix_of_any_case(rest, lead) {
                or_later |= matches!(lead, ">=" | "≥");
                rest = behind.trim_start_matches(' ');
            }
        }
        let mut version = Self { numbers: [0; MAX_NUMBERS], n_told: 0, or_later };
        loop {
            let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            // A year or a larger number is something else.
            if n_digits == 0 || n_digits > 3 {
                break;
            }
            if let Some(number) = version.numbers.get_mut(usize::from(version.n_told)) {
                *number = rest[..n_digits].parse().ok()?;
                version.n_told += 1;
            }
            rest = &rest[n_digits..];
            match rest.strip_prefix('.') {
                Some(behind) if behind.starts_with(|c: char| c.is_ascii_digit()) => rest = behind,
                _ => break,
            }
        }
        if version.n_told == 0 {
            return None;
        }
        version.n_told = version.n_told.min(n);
        rest = [".x", ".X", ".*"].iter().find_map(|any| rest.strip_prefix(any)).unwrap_or(rest);
        if let Some(behind) = rest.strip_prefix('+') {
            version.or_later = true;
            rest = behind;
        }
        version.or_later |=
            LATER.iter().any(|later| strip_prefix_of_any_case(rest, later).is_some());
        let is_counted = rest.starts_with(|c: char| c.is_alphanumeric() || c == '%' || c == '×');
        (version.n_told > 0 && !is_counted && !begins_range(rest)).then_some(version)
    }

    /// Whether one version may be both.
    pub fn agrees(self, other: Self) -> bool {
        match self.order(other) {
            Ordering::Equal => true,
            Ordering::Less => self.or_later,
            Ordering::Greater => other.or_later,
        }
    }

    /// By the numbers that both tell.
    fn order(self, other: Self) -> Ordering {
        let n = usize::from(self.n_told.min(other.n_told));
        self.numbers[..n].cmp(&other.numbers[..n])
    }
}

/// Whether what stands behind a version makes it a range or a choice.
fn begins_range(rest: &str) -> bool {
    let rest = rest.trim_start();
    JOINS.iter().any(|join| {
        let behind = strip_prefix_of_any_case(rest, join).map(str::trim_start);
        behind.is_some_and(|behind| {
            behind.trim_start_matches(['v', 'V']).starts_with(|c: char| c.is_ascii_digit())
        })
    })
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.numbers[0])?;
        for number in &self.numbers[1..usize::from(self.n_told)] {
            write!(f, ".{number}")?;
        }
        f.write_str(if self.or_later { "+" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(rest: &str, n: u8) -> Option<String> {
        Version::after_name(rest, n).map(|version| version.to_string())
    }

    #[test]
    fn versions_are_read_in_all_spellings() {
        for (rest, n, expected) in [
            (" 18", 1, "18"),
            (" 14.2 (App Router)", 1, "14"),
            (" 3.11+", 2, "3.11+"),
            ("@19.0.1", 1, "19"),
            (" (v18)", 1, "18"),
            (" >= 20", 1, "20+"),
            (" 17 or later", 1, "17+"),
            (" 3.x", 2, "3"),
            (" v5 components", 1, "5"),
        ] {
            let rest = rest.trim_start_matches('@');
            assert_eq!(told(rest, n).as_deref(), Some(expected), "{rest:?}");
        }
    }

    #[test]
    fn ranges_and_counts_are_no_versions() {
        for rest in [
            " 18/19", " 14 or 15", " 2 → 3", " 10%", " 3x", " 2024", " features", "", " 18th",
            " 16-18",
        ] {
            assert_eq!(told(rest, 1), None, "{rest:?}");
        }
    }

    #[test]
    fn later_versions_meet_an_open_one() {
        let version = |text| Version::after_name(text, 2).unwrap();
        assert!(version("17+").agrees(version("21")));
        assert!(!version("17+").agrees(version("11")));
        assert!(!version("14").agrees(version("15")));
        assert!(version("3").agrees(version("3.11")));
        assert!(!version("3.9").agrees(version("3.11")));
    }
}
