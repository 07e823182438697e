//! The formulas that take numbers; those over the parts of an agent stand with them.
//!
//! Weights are integers ([`crate::text::background::SCALE`]), so dot products
//! and norms are exact sums whatever their order, and a cosine is one division
//! and one square root of them, which IEEE 754 rounds the same way everywhere.

pub mod name;

/// `dot / sqrt(left · right)` of two vectors with these squared lengths, in
/// 0..=1; 0 if either is empty (Salton & Buckley 1988).
pub fn cosine(dot: u64, left_norm2: u64, right_norm2: u64) -> f64 {
    if dot == 0 {
        return 0.0;
    }
    (dot as f64 / (left_norm2 as f64 * right_norm2 as f64).sqrt()).min(1.0)
}

/// How much less a unit tells about an agent when many agents have it, so that
/// house boilerplate does not make twins: `1 / (1 + ln n)` for `n ≥ 1` agents.
pub fn boilerplate_discount(n_agents: u32) -> f64 {
    1.0 / (1.0 + f64::from(n_agents.max(1)).ln())
}

/// What counts for how much in [`redundancy`]; chosen on labelled pairs
/// (`docs/measures.md`).
const NAME_WEIGHT: f64 = 0.7;
const ROLE_WEIGHT: f64 = 1.0;
const COVERAGE_WEIGHT: f64 = 0.5;
const WEIGHTS: f64 = NAME_WEIGHT + ROLE_WEIGHT + COVERAGE_WEIGHT;

/// What is left of the redundancy of two agents where the description of one
/// names the other as the one to use for something else.
pub const APART: f64 = 0.25;

/// How far one of two agents could replace the other, in 0..=1, from the
/// likeness of their names and roles and the larger of the two coverages, each
/// in 0..=1.
pub fn redundancy(name: f64, role: f64, coverage: f64) -> f64 {
    (NAME_WEIGHT * name + ROLE_WEIGHT * role + COVERAGE_WEIGHT * coverage) / WEIGHTS
}

/// The least role that can lift a pair with this name to a redundancy of
/// `redundancy`, should their contents be the same; may be negative.
pub fn least_role(redundancy: f64, name: f64) -> f64 {
    (redundancy * WEIGHTS - COVERAGE_WEIGHT - NAME_WEIGHT * name) / ROLE_WEIGHT
}

/// How full of a term a text is that has it `frequency` times, in 0..1:
/// `f / (f + k)` with `f` corrected for the text's length, which is told as a
/// multiple of the usual one (BM25's parts for one term, with k = 2 and b =
/// 0.5; Robertson & Zaragoza 2009).
pub fn presence(frequency: f64, length: f64) -> f64 {
    const SATURATION: f64 = 2.0;
    const LENGTH_SHARE: f64 = 0.5;
    if frequency <= 0.0 {
        return 0.0;
    }
    let corrected = frequency / (1.0 - LENGTH_SHARE + LENGTH_SHARE * length);
    corrected / (corrected + SATURATION)
}

/// How much the words of an example request count that has this cosine with a
/// request, in 0..=1. The topics of an example are invented: one that shares a
/// word or two says nothing, one that is nearly the request says all.
pub fn likeness_of_example(cosine: f64) -> f64 {
    cosine * cosine * cosine
}

/// Harmonic mean of two shares; 0 if either is 0.
pub fn harmonic_mean(left: f64, right: f64) -> f64 {
    if left + right <= 0.0 { 0.0 } else { 2.0 * left * right / (left + right) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_of_nothing_are_zero() {
        assert!(cosine(0, 0, 0).abs() < f64::EPSILON);
        assert!(harmonic_mean(0.0, 0.0).abs() < f64::EPSILON);
        assert!(redundancy(0.0, 0.0, 0.0).abs() < f64::EPSILON);
    }

    #[test]
    fn presence_grows_with_frequency_and_falls_with_length() {
        assert!(presence(0.0, 0.0).abs() < f64::EPSILON);
        assert!((presence(2.0, 1.0) - 0.5).abs() < 1e-12);
        assert!(presence(3.0, 1.0) > presence(2.0, 1.0));
        assert!(presence(2.0, 3.0) < presence(2.0, 1.0));
        assert!(presence(1e9, 1.0) < 1.0);
    }

    #[test]
    fn the_least_role_is_the_inverse_of_redundancy() {
        assert!((redundancy(0.4, least_role(0.6, 0.4), 1.0) - 0.6).abs() < 1e-12);
    }

    #[test]
    fn redundancy_of_the_same_is_one() {
        assert!((redundancy(1.0, 1.0, 1.0) - 1.0).abs() < 1e-12);
        assert!((boilerplate_discount(1) - 1.0).abs() < 1e-12);
    }
}
