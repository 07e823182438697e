//! What must hold for every input.

use agent_overlap::join::{SimilarPair, TermSets, similar_pairs};
use proptest::prelude::*;

/// The definition of the join, in its own words.
fn brute_force(sets: &TermSets, threshold: f64) -> Vec<SimilarPair> {
    let n = sets.len() as u32;
    let all = (0..n).flat_map(|left| (left + 1..n).map(move |right| (left, right)));
    all.map(|(left, right)| SimilarPair {
        left,
        right,
        similarity: sets.cosine(left, right),
    })
    .filter(|pair| pair.similarity >= threshold && pair.similarity > 0.0)
    .collect()
}

prop_compose! {
    /// Up to 60 sets over few terms, so that many are alike; weights from 0 up.
    fn term_sets()(
        weights in prop::collection::vec(prop_oneof![Just(0u32), 1u32..50, 1_000u32..80_000_000], 1..25),
    )(
        sets in prop::collection::vec(prop::collection::btree_set(0..weights.len() as u32, 0..10), 0..60),
        weights in Just(weights),
    ) -> TermSets {
        let sets: Vec<Vec<u32>> = sets.into_iter().map(|set| set.into_iter().collect()).collect();
        TermSets::new(sets.iter().map(Vec::as_slice), weights)
    }
}

fn with_threads<T: Send>(n_threads: usize, run: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new()
        .num_threads(n_threads)
        .build()
        .unwrap()
        .install(run)
}

proptest! {
    #[test]
    fn the_join_equals_brute_force(
        sets in term_sets(),
        threshold in prop_oneof![0.01f64..=1.0, Just(0.5), Just(0.8), Just(1.0)],
        n_threads in 1usize..5,
    ) {
        let found = with_threads(n_threads, || similar_pairs(&sets, threshold));
        prop_assert_eq!(found, brute_force(&sets, threshold));
    }

    #[test]
    fn a_cosine_is_symmetric_and_in_range(sets in term_sets()) {
        for left in 0..sets.len() as u32 {
            for right in 0..sets.len() as u32 {
                let cosine = sets.cosine(left, right);
                prop_assert!((0.0..=1.0).contains(&cosine));
                prop_assert_eq!(cosine.to_bits(), sets.cosine(right, left).to_bits());
            }
        }
    }
}
