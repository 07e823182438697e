//! What must hold for every input.

use agent_overlap::join::{Index, Scratch, SimilarPair, Vectors, similar_pairs};
use proptest::prelude::*;

/// The definition of the join, in its own words.
fn brute_force(vectors: &Vectors, threshold: f64) -> Vec<SimilarPair> {
    let n = vectors.len() as u32;
    let all = (0..n).flat_map(|left| (left + 1..n).map(move |right| (left, right)));
    all.map(|(left, right)| SimilarPair {
        left,
        right,
        similarity: vectors.cosine(left, right),
    })
    .filter(|pair| pair.similarity >= threshold && pair.similarity > 0.0)
    .collect()
}

/// Up to 60 vectors over few terms, so that many are alike; weights from 0 up.
fn vectors() -> impl Strategy<Value = Vectors> {
    let weight = || prop_oneof![Just(0u32), 1u32..50, 1_000u32..9_000];
    let weights = prop::collection::vec(weight(), 1..25);
    let sets = weights.prop_flat_map(|weights| {
        let set = prop::collection::btree_set(0..weights.len() as u32, 0..10);
        prop::collection::vec(set, 0..60).prop_map(move |sets| {
            let sets: Vec<Vec<u32>> = sets
                .into_iter()
                .map(|set| set.into_iter().collect())
                .collect();
            Vectors::sets(sets.iter().map(Vec::as_slice), &weights)
        })
    });
    let vector = prop::collection::btree_map(0..20u32, weight(), 0..10);
    let weighted = prop::collection::vec(vector, 0..60).prop_map(|vectors| {
        let vectors: Vec<Vec<(u32, u32)>> = vectors
            .into_iter()
            .map(|vector| vector.into_iter().collect())
            .collect();
        Vectors::weighted(vectors.iter().map(Vec::as_slice), 20)
    });
    prop_oneof![sets, weighted]
}

fn with_threads<T: Send>(n_threads: usize, run: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new()
        .num_threads(n_threads)
        .build()
        .expect("threads can be had")
        .install(run)
}

proptest! {
    #[test]
    fn the_join_equals_brute_force(
        vectors in vectors(),
        threshold in prop_oneof![0.01f64..=1.0, Just(0.5), Just(0.8), Just(1.0)],
        n_threads in 1usize..5,
    ) {
        let found = with_threads(n_threads, || similar_pairs(&vectors, threshold));
        prop_assert_eq!(found, brute_force(&vectors, threshold));
    }

    #[test]
    fn neighbours_equal_brute_force(vectors in vectors(), threshold in prop_oneof![0.05f64..=1.0, Just(0.8)]) {
        let index = Index::of_neighbours(&vectors, threshold);
        let mut scratch = Scratch::new(&vectors);
        for idx in 0..vectors.len() as u32 {
            let mut found = Vec::new();
            index.neighbours(&vectors, idx, &mut scratch, |other| other % 7 != 3, |other, _| found.push(other));
            found.sort_unstable();
            let others = (0..vectors.len() as u32).filter(|&other| other != idx && other % 7 != 3);
            let expected: Vec<u32> = others
                .filter(|&other| vectors.cosine(idx, other) >= threshold && vectors.cosine(idx, other) > 0.0)
                .collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_cosine_is_symmetric_and_in_range(vectors in vectors()) {
        for left in 0..vectors.len() as u32 {
            for right in 0..vectors.len() as u32 {
                let cosine = vectors.cosine(left, right);
                prop_assert!((0.0..=1.0).contains(&cosine));
                prop_assert_eq!(cosine.to_bits(), vectors.cosine(right, left).to_bits());
            }
        }
    }
}
