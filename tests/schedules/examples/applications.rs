//! Carries out many seeds: `applications --seeds N [--from N] [--threads N]`, or one with a log:
//! `applications --seed N`.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use csml_tests_schedules::{Expected, Journal, Plan, Report, Violation, simulate, simulate_plan};

const USAGE: &str = "usage: applications [--seeds N] [--from N] [--threads N], or applications --seed N";

fn main() -> ExitCode {
    let (mut seeds, mut from, mut one) = (1_000, 0, None);
    let mut threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let number = args.next().and_then(|value| value.parse().ok());
        match (arg.as_str(), number) {
            ("--seeds", Some(number)) => seeds = number,
            ("--from", Some(number)) => from = number,
            ("--threads", Some(number)) => threads = number,
            ("--seed", Some(number)) => one = Some(number),
            _ => {
                eprintln!("{USAGE}");
                return ExitCode::from(2);
            }
        }
    }
    match one {
        Some(seed) => replay(seed),
        None => many(from, seeds, threads.max(1)),
    }
}

fn replay(seed: u64) -> ExitCode {
    let plan = Plan::new(seed);
    println!("{plan:#?}");
    let journal = Journal::default();
    let result = simulate_plan(&plan, seed, &mut Expected::default(), Some(&journal));
    journal.lines().iter().for_each(|line| println!("{line}"));
    match result {
        Ok(report) => {
            println!("{report:#?}");
            ExitCode::SUCCESS
        }
        Err(violation) => {
            println!("seed {seed}: {violation:#?}");
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

fn many(from: u64, seeds: u64, threads: u64) -> ExitCode {
    let begun = Instant::now();
    let next = AtomicU64::new(from);
    let end = from.saturating_add(seeds);
    // A line now and then where it is read later; on a terminal the number goes up in its place.
    let (every, line_end) = if std::io::stderr().is_terminal() { (1_000, '\r') } else { (20_000, '\n') };
    let work = || {
        let (mut sums, mut expected) = (Sums::default(), Expected::default());
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end {
                return sums;
            }
            let count = seed - from + 1;
            if count.is_multiple_of(every) {
                eprint!("{count} of {seeds}, {} s{line_end}", begun.elapsed().as_secs());
            }
            match simulate(seed, &mut expected) {
                Ok(report) => sums.report += report,
                Err(violation) => {
                    eprintln!("seed {seed}: {violation}");
                    sums.failed.push((seed, violation));
                }
            }
        }
    };
    let sums: Vec<Sums> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running.into_iter().filter_map(|worker| worker.join().ok()).collect()
    });
    let broken = sums.len() as u64 != threads;
    let mut all = Sums::default();
    for sums in sums {
        all.report += sums.report;
        all.failed.extend(sums.failed);
    }
    all.failed.sort_by_key(|(seed, _)| *seed);
    for (seed, violation) in all.failed.iter().take(20) {
        println!("seed {seed}: {violation}");
    }
    println!("{seeds} seeds from {from} in {} s: {} failed", begun.elapsed().as_secs(), all.failed.len());
    println!("{:#?}", all.report);
    if all.failed.is_empty() && !broken { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
