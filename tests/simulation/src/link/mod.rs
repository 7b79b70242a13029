//! The link alone: processes, a broker and seeded faults in virtual time.
//!
//! A seed determines a [`Plan`]: two to four processes with a source and some receivers each, the routes between them, the
//! limits of their links, the faults of the broker, and what fails when. [`simulate`] executes it with the real link and
//! checks the guarantees of `check.rs` after every event. Nothing sleeps and nothing runs in parallel: equal seeds give
//! equal runs.

mod agenda;
mod check;
mod net;
mod plan;
mod process;
mod sabotage;
mod world;

pub use check::Violation;
pub use plan::{Fault, Plan};
pub use sabotage::Sabotage;
pub use world::{Log, Report};

/// Carries out the plan of a seed.
///
/// # Errors
/// What the link broke of its promises.
pub fn simulate(seed: u64) -> Result<Report, Violation> {
    simulate_plan(&Plan::new(seed), seed, Sabotage::None, None)
}

/// Carries out a plan. `seed` decides what happens to which message; `log` gets every occurrence.
///
/// # Errors
/// What the link broke of its promises.
pub fn simulate_plan<'a>(
    plan: &'a Plan,
    seed: u64,
    sabotage: Sabotage,
    log: Option<Log<'a>>,
) -> Result<Report, Violation> {
    world::World::new(plan, seed, sabotage, log).run()
}
