//! Counts instructions of steps, generated and by hand, and prints a table: `cargo xtask instructions`.
//!
//! `instructions NAME generated|by-hand STEPS` runs the counted steps.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use csml_benches::expressions::{ROWS, Row};
use csml_benches::machines::{climate, vending};
use csml_benches::{by_hand, callgrind, steps};

/// Maximum ratio of instructions, generated to by hand.
const GOAL: f64 = 1.05;

const MACHINES: [(&str, &str); 2] =
    [("vending", "integers, checked arithmetic"), ("climate", "floats and strings in guards")];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        [] => table(),
        [name, kind, count] => match count.parse().ok().and_then(|count| run(name, kind, count)) {
            Some(0) => Ok(()),
            Some(failed) => Err(format!("{failed} steps failed")),
            None => Err(format!("there is no {kind} `{name}`")),
        },
        _ => Err("usage: instructions [NAME generated|by-hand STEPS]".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Prints the table. Fails if a goal is missed.
fn table() -> Result<(), String> {
    let program = std::env::current_exe().map_err(|error| format!("where is this program? {error}"))?;
    let mut out = std::io::stdout();
    // A closed pipe is not a failure of the measurement.
    let _ = writeln!(out, "| step | generated | by hand | ratio | goal | met |");
    let _ = writeln!(out, "| ---- | --------- | ------- | ----- | ---- | --- |");
    let mut missed = Vec::new();
    let rows = ROWS.iter().map(|row| (row.name, format!("{}: `{}`", row.name, row.source)));
    for (name, what) in MACHINES.map(|(name, what)| (name, what.to_owned())).into_iter().chain(rows) {
        let [generated, by_hand] = counts(&program, name)?;
        let ratio = generated / by_hand;
        let met = ratio <= GOAL;
        let answer = if met { "yes" } else { "no" };
        let _ = writeln!(
            out,
            "| {what} | {generated:.2} | {by_hand:.2} | {ratio:.3} × | ≤ {GOAL} × | {answer} |"
        );
        if !met {
            missed.push(name);
        }
    }
    if missed.is_empty() { Ok(()) } else { Err(format!("above the goal: {}", missed.join(", "))) }
}

/// Instructions of a step and the loop around it, generated and by hand.
fn counts(program: &Path, name: &str) -> Result<[f64; 2], String> {
    Ok([
        callgrind::per_step(program, &[name, "generated"])?,
        callgrind::per_step(program, &[name, "by-hand"])?,
    ])
}

/// The number of failed steps.
fn run(name: &str, kind: &str, count: u64) -> Option<u64> {
    match (name, kind) {
        ("vending", "generated") => {
            let mut machine = steps::Generated::<vending::Machines>::start()?;
            Some(machine.run(&steps::vending_events().0, count))
        }
        ("vending", "by-hand") => {
            let mut machine = by_hand::vending::Vending::default();
            Some(steps::run_vending(&mut machine, &steps::vending_events().1, count))
        }
        ("climate", "generated") => {
            let mut machine = steps::Generated::<climate::Machines>::start()?;
            Some(machine.run(&steps::climate_events().0, count))
        }
        ("climate", "by-hand") => {
            let mut machine = by_hand::climate::Climate::default();
            Some(steps::run_climate(&mut machine, &steps::climate_events().1, count))
        }
        (_, "generated") => Row::of(name).and_then(|row| Some((row.generated)(row)?.run(count))),
        (_, "by-hand") => Row::of(name).and_then(|row| Some((row.by_hand)(row)?.run(count))),
        _ => None,
    }
}
