//! What must hold for every input.

use std::collections::BTreeMap;
use std::path::Path;

use agent_overlap::analysis::{Analysis, analyse};
use agent_overlap::config::Config;
use agent_overlap::consolidate::plan;
use agent_overlap::discover::{Discovery, FoundFile, classify};
use agent_overlap::facet::Table;
use agent_overlap::finding::Rule;
use agent_overlap::join::{Index, Scratch, SimilarPair, Vectors, similar_pairs, similar_pairs_of};
use agent_overlap::source::SourceFile;
use proptest::prelude::*;

/// The definition of the join, in its own words.
fn brute_force(vectors: &Vectors, threshold: f64) -> Vec<SimilarPair> {
    let n = vectors.len() as u32;
    let all = (0..n).flat_map(|left| (left + 1..n).map(move |right| (left, right)));
    all.map(|(left, right)| SimilarPair { left, right, similarity: vectors.cosine(left, right) })
        .filter(|pair| pair.similarity >= threshold && pair.similarity > 0.0)
        .collect()
}

/// The join as docs/scale.md cuts it for several machines: rows meet by term, and
/// a pair counts only where its first common term is. The program joins
/// otherwise; this holds that page to the truth.
fn join_of_the_page_on_scale(sets: &Vectors, threshold: f64) -> Vec<SimilarPair> {
    const SLACK: f64 = 1.0 - 1e-9;
    let (share, threshold2) = (threshold * SLACK, threshold * threshold * SLACK);
    // By term: squared length, index, and whether the term is in the prefix of the shorter one.
    let mut buckets: BTreeMap<u32, Vec<(u64, u32, bool)>> = BTreeMap::new();
    for idx in 0..sets.len() as u32 {
        let norm2 = sets.norm2(idx);
        let mut rest2 = norm2;
        for &term in sets.terms(idx) {
            if (rest2 as f64) < threshold2 * norm2 as f64 {
                break;
            }
            let is_indexed = rest2 as f64 >= share * norm2 as f64;
            let bucket = buckets.entry(term).or_default();
            bucket.push((norm2, idx, is_indexed));
            rest2 -= sets.set_weight2(term);
        }
    }
    let first_common = |left, right| {
        let mut terms = sets.terms(left).iter();
        terms.find(|term| sets.terms(right).contains(term))
    };
    let mut found = Vec::new();
    for (term, rows) in &buckets {
        for &(longer2, longer, _) in rows {
            for &(shorter2, shorter, is_indexed) in rows {
                let similarity = sets.cosine(longer, shorter);
                if is_indexed
                    && (shorter2, shorter) < (longer2, longer)
                    && shorter2 as f64 >= threshold2 * longer2 as f64
                    && first_common(longer, shorter) == Some(term)
                    && similarity >= threshold
                {
                    found.push(SimilarPair {
                        left: longer.min(shorter),
                        right: longer.max(shorter),
                        similarity,
                    });
                }
            }
        }
    }
    found
}

fn weight() -> impl Strategy<Value = u32> {
    prop_oneof![Just(0u32), 1u32..50, 1_000u32..9_000]
}

/// Up to 60 sets over few terms, so that many are alike; weights from 0 up.
fn sets() -> impl Strategy<Value = Vectors> {
    let weights = prop::collection::vec(weight(), 1..25);
    weights.prop_flat_map(|weights| {
        let set = prop::collection::btree_set(0..weights.len() as u32, 0..10);
        prop::collection::vec(set, 0..60).prop_map(move |sets| {
            let sets: Vec<Vec<u32>> =
                sets.into_iter().map(|set| set.into_iter().collect()).collect();
            Vectors::sets(sets.iter().map(Vec::as_slice), &weights)
        })
    })
}

/// Vectors whose weights belong to their entries.
fn weighted() -> impl Strategy<Value = Vectors> {
    let vector = prop::collection::btree_map(0..20u32, weight(), 0..10);
    prop::collection::vec(vector, 0..60).prop_map(|vectors| {
        let vectors: Vec<Vec<(u32, u32)>> =
            vectors.into_iter().map(|vector| vector.into_iter().collect()).collect();
        Vectors::weighted(vectors.iter().map(Vec::as_slice), 20)
    })
}

/// Of either kind.
fn vectors() -> impl Strategy<Value = Vectors> {
    prop_oneof![sets(), weighted()]
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
    fn the_join_through_some_terms_equals_brute_force(
        vectors in vectors(),
        threshold in prop_oneof![0.01f64..=1.0, Just(0.2), Just(0.5)],
        n_terms in 0usize..20,
    ) {
        let found = similar_pairs_of(&vectors, threshold, n_terms, |_| true);
        let through = |idx: u32| {
            let terms = vectors.terms(idx).iter();
            terms.filter(|&&term| (term as usize) < n_terms)
        };
        let mut pairs = brute_force(&vectors, threshold);
        pairs.retain(|pair| through(pair.left).any(|term| through(pair.right).any(|other| other == term)));
        prop_assert_eq!(found, pairs);
    }

    #[test]
    fn terms_of_few_vectors_come_first(vectors in weighted(), n_vectors in 0usize..30) {
        let n_having = |term: u32| {
            let all = 0..vectors.len() as u32;
            all.filter(|&idx| vectors.terms(idx).contains(&term)).count()
        };
        let n_terms = vectors.n_terms_of_few(n_vectors);
        for term in 0..vectors.n_terms() as u32 {
            prop_assert_eq!((term as usize) < n_terms, n_having(term) <= n_vectors);
        }
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
    fn the_join_of_the_page_on_scale_equals_brute_force(
        sets in sets(),
        threshold in prop_oneof![0.05f64..=1.0, Just(0.8)],
    ) {
        let mut found = join_of_the_page_on_scale(&sets, threshold);
        found.sort_unstable_by_key(|pair| (pair.left, pair.right));
        prop_assert_eq!(found, brute_force(&sets, threshold));
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

/// Statements that decide something, by the facet that they decide.
const ADVICE: [(&str, &[&str]); 5] = [
    ("package-manager-js", &["Always use npm.", "Always use pnpm.", "Always use yarn."]),
    ("commit-permission", &["Never commit without approval.", "Commit after each step."]),
    ("test-runner-python", &["Always use pytest.", "Always use unittest."]),
    ("test-coverage", &["Test coverage: at least 80%", "Test coverage: at least 90%"]),
    (
        "backend-framework",
        &["Always use Flask for the backend.", "Always use FastAPI for the backend."],
    ),
];

/// A project of up to six agents, each with up to four statements.
fn project() -> impl Strategy<Value = Vec<String>> {
    let statement = (0..ADVICE.len(), 0..3usize).prop_map(|(facet, nth)| {
        let statements = ADVICE[facet].1;
        statements[nth % statements.len()]
    });
    let body = prop::collection::vec(statement, 1..5).prop_map(|statements| {
        statements.iter().map(|statement| format!("- {statement}\n")).collect::<String>()
    });
    prop::collection::vec(body, 2..7)
}

/// The findings of a project: rule, facet, message and fingerprint.
fn findings(bodies: &[String], config: &Config) -> Vec<(Rule, Option<String>, String, String)> {
    let files = bodies.iter().enumerate().map(|(nth, body)| {
        let path = format!(".claude/agents/agent{nth}.md");
        let text = format!("---\nname: agent{nth}\ndescription: d{nth}\n---\n\n{body}");
        FoundFile { origin: classify(&path), source: SourceFile::new(path, text), named: false }
    });
    let discovery = Discovery { files: files.collect(), ..Discovery::default() };
    let report = analyse(discovery, config);
    let told = report.findings.into_iter();
    told.map(|finding| (finding.rule, finding.facet, finding.message, finding.fingerprint))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_facet_that_is_switched_off_removes_exactly_its_findings(
        bodies in project(),
        facet in 0..ADVICE.len(),
    ) {
        let id = ADVICE[facet].0;
        let off = Config::parse(&format!("facets.{id}.off = true"), Path::new("c.toml")).expect("it is valid");
        let (table, _) = Table::new(&off.facets);
        prop_assert!(table.find(id).is_none());
        let (whole, _) = Table::new(&Config::default().facets);
        let title = &whole.find(id).expect("it is there").1.title;
        let mut expected = findings(&bodies, &Config::default());
        expected.retain(|(_, facet, ..)| facet.as_ref() != Some(title));
        prop_assert_eq!(findings(&bodies, &off), expected);
    }
}

/// A piece of a body in one of the forms that bodies have, in words that `nth`
/// makes its own.
fn body_piece() -> impl Strategy<Value = String> {
    (0usize..12, 0usize..9).prop_map(|(form, nth)| {
        let word = ["kiln", "glaze", "wheel", "clay", "flue", "shard", "slip", "tongs", "ash"][nth];
        match form {
            0 => format!("## The {word} of the north\n\n- Rinse the {word} in rain water\n- Weigh the {word} twice\n"),
            1 => format!("Never:\n\n- Drop the {word} on stone\n- Lend the {word} to strangers\n"),
            2 => format!("When the {word} cracks:\n\n1. Mark the {word} with chalk\n2. Bury the {word} behind the shed\n"),
            3 => format!("```sh\ninspect --{word} --depth {nth}\n\nrepair --{word}\n```\n"),
            4 => format!("| Tool | Days |\n|-|-|\n| {word} | {nth} |\n"),
            5 => format!("The {word} sleeps in winter. Wake the **{word} of spring** with `warm {word}` and song.\n"),
            6 => format!("- Check the {word}:\n  - its rim by hand\n  - the foot of the {word} by eye\n"),
            7 => format!("**{word} rules:**\n- Keep {nth} {word} pieces dry\n- Never wet a {word} at night\n"),
            8 => format!("> Elders say: feed the {word} before the guests.\n"),
            9 => format!("### Avoid with the {word}\n\n- Hurry around the {word}\n"),
            10 => format!("* Polish every {word} after {nth} firings\n* Sort the {word} by colour\n"),
            _ => format!("<rules>\n- Honour the {word} of the guild\n</rules>\n"),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever the bodies of two agents look like, the one agent that they
    /// become says all that both said, in the same words where it was moved.
    #[test]
    fn merged_agents_lose_nothing(
        left in prop::collection::vec(body_piece(), 0..7),
        right in prop::collection::vec(body_piece(), 0..7),
        is_broken in any::<bool>(),
        with_origin in any::<bool>(),
    ) {
        let shared = "You tend the pottery of the harbour guild.\n\n## Work\n\n\
                      - Sweep the floor before the first firing\n\
                      - Stack the saggars by height along the western wall\n\
                      - Write every firing curve into the green ledger\n\
                      - Open the damper when the cones begin to bend\n\n";
        let note = if is_broken { ": at dawn" } else { "" };
        let agent = |name: &str, pieces: &[String]| SourceFile::new(format!("agents/{name}.md"), format!(
                "---\nname: {name}\ndescription: Tends the pottery of the guild{note}.\n---\n\n{shared}{}",
                pieces.join("\n")
            ));
        let files = vec![agent("pottery-keeper", &left), agent("pottery-keeper-pro", &right)];
        let found = files.into_iter().map(|source| FoundFile {
            origin: classify(&source.path),
            source,
            named: false,
        });
        let discovery = Discovery {
            files: found.collect(),
            ..Discovery::default()
        };
        let config = Config::default();
        let plan = plan(&Analysis::new(discovery, &config), &config, with_origin);
        prop_assert_eq!(plan.groups.len(), 1);
        let group = &plan.groups[0];
        prop_assert_eq!(&group.draft.check.faults, &Vec::<String>::new(), "{}", group.draft.text);
        let letters = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
        let draft = letters(&group.draft.text);
        for quote in group.members.iter().flat_map(|member| &member.only_here) {
            prop_assert!(draft.contains(&letters(&quote.text)), "{}\n{}", quote.text, group.draft.text);
        }
    }
}
