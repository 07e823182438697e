//! Each stage by itself, over collections of made-up agents in memory.

#[path = "../examples/made/recipe.rs"]
mod made;

use std::hint::black_box;

use agent_overlap::agent::{self, Origin};
use agent_overlap::analysis::analyse;
use agent_overlap::collection::Collection;
use agent_overlap::config::{Config, Thresholds};
use agent_overlap::discover::{Discovery, FoundFile, classify};
use agent_overlap::join::similar_pairs;
use agent_overlap::relation;
use agent_overlap::source::{FileId, SourceFile};
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use made::Recipe;

fn stages(criterion: &mut Criterion) {
    for n_agents in [100, 1_000] {
        measure(criterion, n_agents);
    }
}

fn measure(criterion: &mut Criterion, n_agents: usize) {
    let files: Vec<SourceFile> = (0..n_agents).map(|number| Recipe::USUAL.file(number)).collect();
    let origins: Vec<Origin> = files.iter().map(|file| classify(&file.path)).collect();
    let n_bytes: usize = files.iter().map(|file| file.text.len()).sum();
    let config = Config::default();
    let thresholds: &Thresholds = &config.thresholds;
    let collection = Collection::new(&files, &origins);

    let mut group = criterion.benchmark_group("stages");
    group.throughput(Throughput::Bytes(n_bytes as u64)).sample_size(10);
    group.bench_function(BenchmarkId::new("parse", n_agents), |bencher| {
        bencher.iter(|| {
            for (idx, (file, origin)) in files.iter().zip(&origins).enumerate() {
                black_box(agent::parse(FileId(idx as u32), file, origin.clone()));
            }
        });
    });
    group.bench_function(BenchmarkId::new("collection", n_agents), |bencher| {
        bencher.iter(|| Collection::new(&files, &origins));
    });
    group.bench_function(BenchmarkId::new("join", n_agents), |bencher| {
        bencher.iter(|| similar_pairs(&collection.units, thresholds.unit_copy));
    });
    group.bench_function(BenchmarkId::new("pairs", n_agents), |bencher| {
        bencher.iter(|| relation::pairs(&collection, thresholds));
    });
    let discovery = Discovery {
        files: std::iter::zip(files, origins)
            .map(|(source, origin)| FoundFile { source, origin, named: false })
            .collect(),
        ..Discovery::default()
    };
    group.bench_function(BenchmarkId::new("analyse", n_agents), |bencher| {
        bencher.iter_batched(
            || discovery.clone(),
            |discovery| analyse(discovery, &config),
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
