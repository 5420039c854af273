//! Times, by criterion: `cargo bench --bench pipeline`. For ratios see `ratios.rs`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod contenders;

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

fn pipeline(criterion: &mut Criterion) {
    for group in contenders::groups() {
        let mut measured = criterion.benchmark_group(group.name);
        for mut contender in group.contenders {
            measured.bench_function(contender.name, |bencher| bencher.iter(|| (contender.run)()));
        }
        measured.finish();
    }
}

fn scaling(criterion: &mut Criterion) {
    let mut measured = criterion.benchmark_group("scaling");
    for (parameters, contenders) in contenders::scaling() {
        for mut contender in contenders {
            let id = BenchmarkId::new(contender.name, parameters);
            measured.bench_function(id, |bencher| bencher.iter(|| (contender.run)()));
        }
    }
    measured.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(800));
    targets = pipeline, scaling
}
criterion_main!(benches);
