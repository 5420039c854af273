//! The table of the README: `cargo bench --bench ratios`.
//!
//! Each row is one job. Its contenders run in turn, a slice of a millisecond or so each, many times over; a ratio is
//! the median over these rounds, so that what slows the machine down for a while slows all of them. They are slowed
//! by different amounts, though: a digest waits for its own last step most of the time, and loses little to a
//! neighbour on the core. Measure on a machine that does nothing else.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod contenders;

use std::time::{Duration, Instant};

use contenders::Contender;

const ROUNDS: usize = 101;
const SLICE: Duration = Duration::from_millis(1);

fn main() {
    // `cargo bench -- --test` passes this to every target: each contender runs once, nothing is measured.
    if std::env::args().any(|argument| argument == "--test") {
        let groups = contenders::groups().into_iter().flat_map(|group| group.contenders);
        let scaling = contenders::scaling().into_iter().flat_map(|(_, contenders)| contenders);
        groups.chain(scaling).for_each(|mut contender| (contender.run)());
        return;
    }
    println!("| job | limit, µs | here ÷ limit | middle half | naive ÷ limit |");
    println!("|---|---|---|---|---|");
    for group in contenders::groups() {
        let names: Vec<_> = group.contenders.iter().map(|contender| contender.name).collect();
        let times = interleaved(group.contenders, ROUNDS);
        let of = |name| names.iter().position(|other| *other == name).map(|at| &times[at]);
        let limit = of("limit").unwrap();
        let ratios = |times: &Vec<f64>| sorted(times.iter().zip(limit).map(|(a, b)| a / b));
        let here = ratios(of("here").unwrap());
        let naive = of("naive").map_or("".into(), |times| format!("{:.2}", middle(&ratios(times))));
        println!(
            "| {} | {:.2} | {:.2} | {:.2} to {:.2} | {naive} |",
            group.name,
            middle(&sorted(limit.iter().copied())) * 1e6,
            middle(&here),
            here[here.len() / 4],
            here[here.len() * 3 / 4],
        );
    }

    println!("\n| parameters n | sign, ns ÷ n log₂ n | verify, ns ÷ n log₂ n |");
    println!("|---|---|---|");
    for (parameters, contenders) in contenders::scaling() {
        let n = parameters as f64;
        let times = interleaved(contenders.into(), ROUNDS / 5);
        let of = |times: &Vec<f64>| middle(&sorted(times.iter().copied())) * 1e9 / (n * n.log2());
        println!("| {parameters} | {:.1} | {:.1} |", of(&times[0]), of(&times[1]));
    }
}

/// Seconds a run, a list of rounds for each contender.
fn interleaved(mut contenders: Vec<Contender>, rounds: usize) -> Vec<Vec<f64>> {
    let runs: Vec<u32> = contenders.iter_mut().map(runs_a_slice).collect();
    let mut times = vec![Vec::with_capacity(rounds); contenders.len()];
    for _ in 0..rounds {
        for ((contender, runs), times) in contenders.iter_mut().zip(&runs).zip(&mut times) {
            let start = Instant::now();
            (0..*runs).for_each(|_| (contender.run)());
            times.push(start.elapsed().as_secs_f64() / f64::from(*runs));
        }
    }
    times
}

fn runs_a_slice(contender: &mut Contender) -> u32 {
    let (start, mut runs) = (Instant::now(), 0);
    while start.elapsed() < 20 * SLICE {
        (contender.run)();
        runs += 1;
    }
    (runs / 20).max(1)
}

fn sorted(numbers: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut numbers: Vec<_> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers
}

fn middle(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}
