//! The applications, with what a plan needs to know about them.

use csml_rt::Machines;

use crate::applications::check::{Outcome, Violation};
use crate::applications::journal::Journal;
use crate::applications::plan::Plan;
use crate::applications::single_process::{End, run_single};
use crate::applications::world::run_split;

/// The generated code.
#[allow(missing_docs, reason = "generated from descriptions that have comments")]
pub mod machines {
    csml_rt::csml!("descriptions/choir.csml");
    csml_rt::csml!("descriptions/rally.csml");
    csml_rt::csml!("descriptions/ring.csml");
    csml_rt::csml!("descriptions/sums.csml");
    csml_rt::csml!("descriptions/leaver.csml");
}

/// An application.
#[derive(Debug, Clone, Copy)]
pub struct Application {
    /// Name of the description.
    pub name: &'static str,
    /// Its instances.
    pub instances: &'static [&'static str],
    /// Those that raise events for others and handle none of theirs. Processes that wait for each other can deadlock
    /// if links are small (`docs/distributed.md#backpressure`), so links are small only where no process waits.
    pub talkers: &'static [&'static str],
    /// Runs it as several processes.
    pub split: fn(&Plan, u64, Option<&Journal>) -> Result<Outcome, Violation>,
    /// Runs it as one.
    pub whole: fn(&Plan) -> Result<End, Violation>,
}

const fn application<A: Machines>(
    instances: &'static [&'static str],
    talkers: &'static [&'static str],
) -> Application {
    Application {
        name: A::DESCRIPTION.name,
        instances,
        talkers,
        split: run_split::<A>,
        whole: run_single::<A>,
    }
}

/// All of them.
pub const APPLICATIONS: [Application; 5] = [
    application::<machines::choir::Machines>(
        &["left", "right", "both", "words", "chants"],
        &["left", "right"],
    ),
    application::<machines::rally::Machines>(&["asker", "answerer"], &[]),
    application::<machines::ring::Machines>(&["first", "second", "third"], &[]),
    application::<machines::sums::Machines>(&["one", "two", "clerk"], &["one", "two"]),
    application::<machines::leaver::Machines>(&["talker", "early", "late"], &["talker"]),
];
