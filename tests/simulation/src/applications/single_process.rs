//! The same application in one process.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use csml_rt::{Builder, EventScript, InstanceSnapshot, Machines, NoServices, Value};

use crate::applications::check::Violation;
use crate::applications::plan::Plan;

/// The end of an application.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct End {
    /// States and data of the instances, by path.
    pub instances: BTreeMap<String, InstanceSnapshot>,
    /// The persistent data, by component path.
    pub persistent: BTreeMap<&'static str, Value>,
}

/// Runs the application of a plan in one process.
///
/// # Errors
/// Why it cannot run.
pub(crate) fn run_single<A: Machines>(plan: &Plan) -> Result<End, Violation> {
    let failed = |error: &dyn std::fmt::Display| Violation::Failed(error.to_string());
    let script = EventScript::parse(&plan.script()).map_err(|error| failed(&error))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.map_err(|error| failed(&error))?;
    let app = Builder::<A>::new(Arc::new(NoServices)).virtual_time(true).events(script);
    let summary = runtime.block_on(app.run()).map_err(|error| failed(&error))?;
    if summary.counters.dead_letters > 0 {
        return Err(Violation::DeadLetters(summary.counters.dead_letters));
    }
    Ok(End { instances: summary.snapshot.instances, persistent: summary.snapshot.persistent })
}

/// The ends of runs in one process. They depend on few parts of a plan, so each is computed once.
#[derive(Debug, Default)]
pub struct Expected {
    known: BTreeMap<(&'static str, Vec<u64>), End>,
}

impl Expected {
    /// The end of a plan's application in one process.
    ///
    /// # Errors
    /// Why it cannot run.
    pub fn of(&mut self, plan: &Plan) -> Result<&End, Violation> {
        // The times of events make no difference: no description has timers.
        let key = (plan.application.name, plan.events.iter().map(|(_, more)| *more).collect());
        Ok(match self.known.entry(key) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert((plan.application.whole)(plan)?),
        })
    }
}
