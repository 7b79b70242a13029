//! Runs many seeds: `link --seeds N [--from N] [--threads N]`, or one with a log: `link --seed N`.

use std::process::ExitCode;

use csml_tests_simulation::link::{LinkDefect, Plan, simulate, simulate_plan};
use csml_tests_simulation::seeds;

fn main() -> ExitCode {
    let replay = |seed| {
        let plan = Plan::new(seed);
        println!("{plan:#?}");
        let mut log = |time: u64, what: &dyn std::fmt::Display| println!("{time:>6} {what}");
        simulate_plan(&plan, seed, LinkDefect::None, Some(&mut log))
    };
    seeds::program("link", replay, || simulate)
}
