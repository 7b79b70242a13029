//! Running many seeds on several threads, and the command line of programs that do so.

use std::fmt::{Debug, Display};
use std::io::IsTerminal;
use std::ops::{AddAssign, Range};
use std::panic::resume_unwind;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// The result of many seeds.
#[derive(Debug)]
pub struct Many<R, V> {
    /// The sum of their reports.
    pub report: R,
    /// The seeds that failed, ascending.
    pub failed: Vec<(u64, V)>,
}

/// The number of seeds of a test: `all` if the environment variable `CSML_ALL` is set, as `cargo xtask test --all` does.
#[must_use]
pub fn count(default: u64, all: u64) -> u64 {
    if std::env::var_os("CSML_ALL").is_some() { all } else { default }
}

/// The number of threads that the machine runs in parallel.
#[must_use]
pub fn threads() -> u64 {
    std::thread::available_parallelism().map_or(1, usize::from) as u64
}

/// Runs seeds. Each thread has its own `worker`; `progress` gets the number of seeds started.
///
/// # Panics
/// If a worker does.
pub fn many<R, V, W>(
    seeds: Range<u64>,
    threads: u64,
    worker: impl Fn() -> W + Sync,
    progress: impl Fn(u64) + Sync,
) -> Many<R, V>
where
    R: AddAssign + Default + Send,
    V: Send,
    W: FnMut(u64) -> Result<R, V>,
{
    let next = AtomicU64::new(seeds.start);
    let work = || {
        let mut simulate = worker();
        let mut many = Many { report: R::default(), failed: Vec::new() };
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if !seeds.contains(&seed) {
                return many;
            }
            progress(seed - seeds.start + 1);
            match simulate(seed) {
                Ok(report) => many.report += report,
                Err(violation) => many.failed.push((seed, violation)),
            }
        }
    };
    let mut all = Many { report: R::default(), failed: Vec::new() };
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        for worker in running {
            let many = worker.join().unwrap_or_else(|cause| resume_unwind(cause));
            all.report += many.report;
            all.failed.extend(many.failed);
        }
    });
    all.failed.sort_by_key(|(seed, _)| *seed);
    all
}

/// The program `name`: `--seeds N [--from N] [--threads N]`, or `--seed N` for one, which `replay` runs and logs.
pub fn program<R, V, W>(
    name: &str,
    replay: impl FnOnce(u64) -> Result<R, V>,
    worker: impl Fn() -> W + Sync,
) -> ExitCode
where
    R: AddAssign + Default + Debug + Send,
    V: Display + Send,
    W: FnMut(u64) -> Result<R, V>,
{
    let (mut count, mut from, mut threads, mut one) = (1_000, 0, threads(), None);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let number = args.next().and_then(|value| value.parse().ok());
        match (arg.as_str(), number) {
            ("--seeds", Some(number)) => count = number,
            ("--from", Some(number)) => from = number,
            ("--threads", Some(number)) => threads = number,
            ("--seed", Some(number)) => one = Some(number),
            _ => {
                eprintln!("usage: {name} [--seeds N] [--from N] [--threads N], or {name} --seed N");
                return ExitCode::from(2);
            }
        }
    }
    let begun = Instant::now();
    let many = match one {
        Some(seed) => match replay(seed) {
            Ok(report) => Many { report, failed: Vec::new() },
            Err(violation) => Many { report: R::default(), failed: vec![(seed, violation)] },
        },
        None => {
            // A log gets a line from time to time; a terminal shows the number in place.
            let (every, end) = if std::io::stderr().is_terminal() { (1_000, '\r') } else { (20_000, '\n') };
            many(from..from.saturating_add(count), threads, worker, |begun_seeds| {
                if begun_seeds.is_multiple_of(every) {
                    eprint!("{begun_seeds} of {count}, {} s{end}", begun.elapsed().as_secs());
                }
            })
        }
    };
    for (seed, violation) in many.failed.iter().take(20) {
        println!("seed {seed}: {violation}");
    }
    if one.is_none() {
        let (seconds, failed) = (begun.elapsed().as_secs(), many.failed.len());
        println!("{count} seeds from {from} in {seconds} s: {failed} failed");
    }
    println!("{:#?}", many.report);
    if many.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
