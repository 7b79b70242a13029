//! Takes steps with one machine, for counting their instructions:
//! `steps vending|climate generated|by-hand STEPS`.

use std::process::ExitCode;

use csml_benches::machines::{climate, vending};
use csml_benches::{by_hand, steps};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [machine, kind, count] = arguments.as_slice() else {
        eprintln!("usage: steps vending|climate generated|by-hand STEPS");
        return ExitCode::from(2);
    };
    let done = count.parse().ok().and_then(|count| run(machine, kind, count));
    match done {
        Some(0) => ExitCode::SUCCESS,
        Some(failed) => {
            eprintln!("{failed} steps failed");
            ExitCode::FAILURE
        }
        None => {
            eprintln!("usage: steps vending|climate generated|by-hand STEPS");
            ExitCode::from(2)
        }
    }
}

/// How many steps failed.
fn run(machine: &str, kind: &str, count: u64) -> Option<u64> {
    match (machine, kind) {
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
            steps::run_climate(&mut machine, &steps::climate_events().1, count);
            Some(0)
        }
        _ => None,
    }
}
