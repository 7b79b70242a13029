//! Carries out many seeds: `schedules --seeds N [--from N]`, or one with a log: `schedules --seed N`.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use csml_tests_simulation::{Plan, Report, Sabotage, Violation, simulate, simulate_plan};

fn main() -> ExitCode {
    let (mut seeds, mut from, mut one) = (1_000, 0, None);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let number = args.next().and_then(|value| value.parse().ok());
        match (arg.as_str(), number) {
            ("--seeds", Some(number)) => seeds = number,
            ("--from", Some(number)) => from = number,
            ("--seed", Some(number)) => one = Some(number),
            _ => {
                eprintln!("usage: schedules [--seeds N] [--from N], or schedules --seed N");
                return ExitCode::from(2);
            }
        }
    }
    match one {
        Some(seed) => replay(seed),
        None => many(from, seeds),
    }
}

fn replay(seed: u64) -> ExitCode {
    let plan = Plan::new(seed);
    println!("{plan:#?}");
    let mut log = |time: u64, what: &dyn std::fmt::Display| println!("{time:>6} {what}");
    match simulate_plan(&plan, seed, Sabotage::None, Some(&mut log)) {
        Ok(report) => {
            println!("{report:#?}");
            ExitCode::SUCCESS
        }
        Err(violation) => {
            println!("seed {seed}: {violation}");
            ExitCode::FAILURE
        }
    }
}

/// Sums over seeds.
#[derive(Default)]
struct Sums {
    report: Report,
    failed: Vec<(u64, Violation)>,
}

fn many(from: u64, seeds: u64) -> ExitCode {
    let begun = Instant::now();
    let next = AtomicU64::new(from);
    let end = from.saturating_add(seeds);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let sums: Vec<Sums> = std::thread::scope(|scope| {
        let work = || {
            let mut sums = Sums::default();
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= end {
                    return sums;
                }
                if (seed - from) % 10_000 == 9_999 {
                    eprintln!("{} of {seeds}, {} s", seed - from + 1, begun.elapsed().as_secs());
                }
                match simulate(seed) {
                    Ok(report) => sums.add(&report),
                    Err(violation) => {
                        eprintln!("seed {seed}: {violation}");
                        sums.failed.push((seed, violation));
                    }
                }
            }
        };
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        running.into_iter().filter_map(|worker| worker.join().ok()).collect()
    });
    let mut all = Sums::default();
    for sums in sums {
        all.add(&sums.report);
        all.failed.extend(sums.failed);
    }
    all.failed.sort_by_key(|(seed, _)| *seed);
    for (seed, violation) in all.failed.iter().take(20) {
        println!("seed {seed}: {violation}\n{:?}", Plan::new(*seed));
    }
    println!("{seeds} seeds from {from} in {} s: {} failed", begun.elapsed().as_secs(), all.failed.len());
    println!("{:#?}", all.report);
    if all.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

impl Sums {
    fn add(&mut self, report: &Report) {
        let sum = &mut self.report;
        sum.raised += report.raised;
        sum.consumed += report.consumed;
        sum.gaps += report.gaps;
        sum.restarts += report.restarts;
        sum.brokers += report.brokers;
        sum.quiet_ms = sum.quiet_ms.max(report.quiet_ms);
        sum.counters += report.counters;
    }
}
