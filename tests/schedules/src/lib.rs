//! Small applications as several processes under seeded faults, in virtual time: whole `App`s of the generated
//! code, the real link, the real wire format, and the broker in memory.
//!
//! A seed gives a [`Plan`]: one of five descriptions, which instance runs in which process, what is handed in from
//! outside and how, the bounds of the links, how messages are written, how bad the broker is, when a process is cut
//! off and when the broker restarts. [`simulate`] carries it out and ends as soon as all is quiet. What has to be so
//! then, `check.rs` states.
//!
//! The applications number their events, and whoever hears them notes how many there were and how many were not the
//! next one: what is lost, repeated or out of order shows in the final data, which have to be those of the same
//! description in one process.
//!
//! Processes do not restart here. One that does loses the states of its instances, as there is no journal, so there
//! would be nothing to compare with; `tests/simulation` restarts them and checks what the link promises then.
//!
//! Everything runs in one thread on a paused clock, and numbers of runs come from the seed: equal seeds give equal
//! runs.

mod applications;
mod check;
mod journal;
mod plan;
mod report;
mod spoilt;
mod whole;
mod world;

pub use applications::{APPLICATIONS, Application, machines};
pub use check::{Outcome, Violation, check};
pub use csml_tests_simulation::Dice;
pub use journal::Journal;
pub use plan::{Act, Plan};
pub use report::Report;
pub use spoilt::{Losing, Repeating, Spoil, Spoilt, Swapping};
pub use whole::{End, Expected};
pub use world::run_split;

/// Carries out the plan of a seed. `expected` remembers from seed to seed how runs in one process end.
///
/// # Errors
/// What is not as it has to be.
pub fn simulate(seed: u64, expected: &mut Expected) -> Result<Report, Violation> {
    simulate_plan(&Plan::new(seed), seed, expected, None)
}

/// Carries out a plan. `seed` decides what happens to which message; `journal` gets every happening.
///
/// # Errors
/// What is not as it has to be.
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
