//! The conditions at the end of a simulation.
//!
//! - The application becomes idle ([`Violation::NotQuiet`]), and no process ends with an error ([`Violation::Failed`]).
//! - Every instance received as many events as in one process ([`Violation::Lost`], [`Violation::Twice`]), and as many in
//!   the expected order ([`Violation::Order`]). States, other data and persistent data are the same as well
//!   ([`Violation::Different`]).
//! - No link has counted a gap ([`Violation::Gaps`]): no process has restarted. Nothing was rejected but for lack of room
//!   ([`Violation::Rejected`]), no event is undelivered ([`Violation::Backlog`]), and no step was rolled back
//!   ([`Violation::DeadLetters`]).

use std::collections::BTreeMap;
use std::fmt;

use csml_rt::{ConnectionStatus, InstanceSnapshot, Value};

use crate::applications::plan::Plan;
use crate::applications::report::Report;
use crate::applications::single_process::End;

/// The end of an application in several processes.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// States and data, of all processes.
    pub end: End,
    /// The final connection status of each process.
    pub networks: Vec<ConnectionStatus>,
    /// Steps that were rolled back.
    pub dead_letters: u64,
    /// The report of the run.
    pub report: Report,
}

/// A violated condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Violation {
    /// An instance received too few events.
    Lost(Place),
    /// An instance received too many events.
    Twice(Place),
    /// An instance received events in another order than that of their sender.
    Order(Place),
    /// Another value differs.
    Different(Place),
    /// Links have counted so many gaps.
    Gaps(u64),
    /// Messages were rejected, by reason.
    Rejected(BTreeMap<&'static str, u64>),
    /// Events were not delivered: source, receiver, how many.
    Backlog(Vec<(String, String, u64)>),
    /// So many steps were rolled back.
    DeadLetters(u64),
    /// The application is not idle long after the last fault: for each process that has not ended, what waits there.
    NotQuiet(Vec<(usize, Option<ConnectionStatus>)>),
    /// A process could not run, or ended with an error.
    Failed(String),
}

/// A difference from the run in one process.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Path of the instance, or of a persistent variable.
    pub path: String,
    /// The variable, or nothing if it is the state.
    pub variable: &'static str,
    /// The value.
    pub is: String,
    /// The expected value.
    pub expected: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// Compares an outcome with the end of the run in one process.
///
/// # Errors
/// The first violated condition.
pub fn check(plan: &Plan, outcome: &Outcome, expected: &End) -> Result<(), Violation> {
    let gaps = outcome.networks.iter().map(|network| network.link.gaps).sum();
    if gaps > 0 {
        return Err(Violation::Gaps(gaps));
    }
    for network in &outcome.networks {
        // What a link has no room to hold back comes again.
        let mut rejected = network.rejected.clone();
        rejected.remove("overflow");
        if !rejected.is_empty() {
            return Err(Violation::Rejected(rejected));
        }
        if !network.backlog.is_empty() {
            return Err(Violation::Backlog(network.backlog.clone()));
        }
    }
    if outcome.dead_letters > 0 {
        return Err(Violation::DeadLetters(outcome.dead_letters));
    }
    same(plan, &outcome.end, expected)
}

fn same(plan: &Plan, end: &End, expected: &End) -> Result<(), Violation> {
    let absent = InstanceSnapshot::default();
    for (path, wanted) in &expected.instances {
        let is = end.instances.get(path).unwrap_or(&absent);
        // The counts of received events say most, so they come first.
        for prefix in ["heard", "wrong", ""] {
            for (variable, wanted) in wanted.data.iter().filter(|(name, _)| name.starts_with(prefix)) {
                let is = is.data.get(variable);
                // Plain messages are repeated, and receivers count that.
                let repeated = plan.handing.is_none() && *variable == "again";
                if is != Some(wanted) && !repeated {
                    return Err(differs(path, variable, is, wanted));
                }
            }
        }
        let (is, wanted) = ((is.state, is.status), (wanted.state, wanted.status));
        if is != wanted {
            return Err(Violation::Different(place(path, "", format!("{is:?}"), format!("{wanted:?}"))));
        }
    }
    if end.instances.len() != expected.instances.len() {
        let counts = (end.instances.len().to_string(), expected.instances.len().to_string());
        return Err(Violation::Different(place("", "", counts.0, counts.1)));
    }
    if end.persistent != expected.persistent {
        let (is, wanted) = (format!("{:?}", end.persistent), format!("{:?}", expected.persistent));
        return Err(Violation::Different(place("persistent", "", is, wanted)));
    }
    Ok(())
}

fn differs(path: &str, variable: &'static str, is: Option<&Value>, wanted: &Value) -> Violation {
    let text = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), Value::to_json);
    let place = place(path, variable, text(is), text(Some(wanted)));
    match (is, wanted) {
        (Some(Value::Int(is)), Value::Int(wanted)) if variable.starts_with("heard") => match is < wanted {
            true => Violation::Lost(place),
            false => Violation::Twice(place),
        },
        _ if variable.starts_with("wrong") => Violation::Order(place),
        _ => Violation::Different(place),
    }
}

fn place(path: &str, variable: &'static str, is: String, expected: String) -> Place {
    Place { path: path.to_owned(), variable, is, expected }
}
