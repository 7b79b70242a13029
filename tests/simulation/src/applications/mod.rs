//! Small applications as several processes under seeded faults, in virtual time: complete `App`s of generated code, the
//! real link and wire format, and the broker in memory.
//!
//! A seed determines a [`Plan`]: one of five descriptions, the placement of its instances, the events from outside, the
//! limits of the links, the encoding of messages, the faults of the broker, and when a process is cut off or the broker
//! restarts. [`simulate`] executes it until no message is in flight, and then checks the conditions of `check.rs`.
//!
//! The applications number their events, and the receivers record how many arrived and how many were not the expected one.
//! Lost, repeated and reordered events therefore change the final data, which must equal those of the same description in
//! one process.
//!
//! Processes do not restart here: a restarted process loses the states of its instances, so that there is nothing to
//! compare. The simulation of the link restarts them.
//!
//! Everything runs in one thread on a paused clock, and epochs come from the seed: equal seeds give equal runs.

mod catalog;
mod check;
mod faulty_machines;
mod journal;
mod plan;
mod report;
mod single_process;
mod world;

pub use crate::dice::Dice;
pub use catalog::{APPLICATIONS, Application, machines};
pub use check::{Outcome, Violation, check};
pub use faulty_machines::{DropsEvent, FaultyMachines, HandlerFault, RepeatsEvent, SwapsEvents};
pub use journal::Journal;
pub use plan::{Act, Plan};
pub use report::Report;
pub use single_process::{End, Expected};
pub use world::run_split;

/// Executes the plan of a seed. `expected` caches the ends of runs in one process.
///
/// # Errors
/// The first violated condition.
pub fn simulate(seed: u64, expected: &mut Expected) -> Result<Report, Violation> {
    simulate_plan(&Plan::new(seed), seed, expected, None)
}

/// Executes a plan. `seed` determines the faults of each message; `journal` gets every occurrence.
///
/// # Errors
/// The first violated condition.
pub fn simulate_plan(
    plan: &Plan,
    seed: u64,
    expected: &mut Expected,
    journal: Option<&Journal>,
) -> Result<Report, Violation> {
    let outcome = (plan.application.split)(plan, seed, journal)?;
    check(plan, &outcome, expected.of(plan)?)?;
    Ok(outcome.report)
}
