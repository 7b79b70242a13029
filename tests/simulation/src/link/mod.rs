//! The link alone: processes, a broker and seeded faults in virtual time.
//!
//! A seed determines a [`Plan`]: two to four processes with a source and some receivers each, the routes between them, the
//! limits of their links, the faults of the broker, and the time of each fault. [`simulate`] executes it with the real link and
//! checks the guarantees of `check.rs` after every event. Nothing sleeps and nothing runs in parallel: equal seeds give
//! equal runs.

mod agenda;
mod check;
mod link_defect;
mod net;
mod plan;
mod process;
mod world;

pub use check::Violation;
pub use link_defect::LinkDefect;
pub use plan::{Fault, Plan};
pub use world::{Log, Report};

/// Executes the plan of a seed.
///
/// # Errors
/// A guarantee that the link has violated.
pub fn simulate(seed: u64) -> Result<Report, Violation> {
    simulate_plan(&Plan::new(seed), seed, LinkDefect::None, None)
}

/// Executes a plan. `seed` determines the faults of each message; `log` gets every occurrence.
///
/// # Errors
/// A guarantee that the link has violated.
pub fn simulate_plan<'a>(
    plan: &'a Plan,
    seed: u64,
    defect: LinkDefect,
    log: Option<Log<'a>>,
) -> Result<Report, Violation> {
    world::World::new(plan, seed, defect, log).run()
}
