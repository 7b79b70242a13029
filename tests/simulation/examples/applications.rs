//! Runs many seeds: `applications --seeds N [--from N] [--threads N]`, or one with a log:
//! `applications --seed N`.

use std::process::ExitCode;

use csml_tests_simulation::applications::{Expected, Journal, Plan, simulate, simulate_plan};
use csml_tests_simulation::seeds;

fn main() -> ExitCode {
    let replay = |seed| {
        let plan = Plan::new(seed);
        println!("{plan:#?}");
        let journal = Journal::default();
        let result = simulate_plan(&plan, seed, &mut Expected::default(), Some(&journal));
        journal.lines().iter().for_each(|line| println!("{line}"));
        result
    };
    seeds::program("applications", replay, || {
        let mut expected = Expected::default();
        move |seed| simulate(seed, &mut expected)
    })
}
