//! The conditions at the end of a simulation.
//!
//! - Quiet it becomes ([`Violation::NotQuiet`]), and no process ends with an error ([`Violation::Failed`]).
//! - Every instance heard as many events as in one process ([`Violation::Lost`], [`Violation::Twice`]), and as many of
//!   them were the next one ([`Violation::Order`]). States, other data and persistent data are the same as well
//!   ([`Violation::Different`]).
//! - No link has counted a gap ([`Violation::Gaps`]): no process has restarted. Nothing was rejected
//!   ([`Violation::Rejected`]), nothing is left to be delivered ([`Violation::Backlog`]), and no step was rolled back
//!   ([`Violation::DeadLetters`]).

use std::collections::BTreeMap;
use std::fmt;

use csml_rt::{ConnectionStatus, InstanceSnapshot, Value};

use crate::applications::plan::Plan;
use crate::applications::report::Report;
use crate::applications::whole::End;

/// How an application in several processes has ended.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// States and data, of all processes.
    pub end: End,
    /// How the way of each process to others stood at its end.
    pub networks: Vec<ConnectionStatus>,
    /// Steps that were rolled back.
    pub dead_letters: u64,
    /// What the run was like.
    pub report: Report,
}

/// A violated condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Violation {
    /// An instance has heard too few events.
    Lost(Place),
    /// An instance has heard too many events.
    Twice(Place),
    /// An instance has heard events in another order than that of their sender.
    Order(Place),
    /// Something else is different.
    Different(Place),
    /// Links have counted so many gaps.
    Gaps(u64),
    /// Messages were rejected, by reason.
    Rejected(BTreeMap<&'static str, u64>),
    /// Events were not delivered: source, receiver, how many.
    Backlog(Vec<(String, String, u64)>),
    /// So many steps were rolled back.
    DeadLetters(u64),
    /// Something is still going on long after the last fault: for each process that has not ended, what waits there.
    NotQuiet(Vec<(usize, Option<ConnectionStatus>)>),
    /// Something could not run, or ended with an error.
    Failed(String),
}

/// Where something is different from the run in one process.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Path of the instance, or of a persistent variable.
    pub path: String,
    /// The variable, or nothing if it is the state.
    pub variable: &'static str,
    /// What it is.
    pub is: String,
    /// What it has to be.
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
/// The first thing that is not as it has to be.
pub fn check(plan: &Plan, outcome: &Outcome, expected: &End) -> Result<(), Violation> {
    let gaps = outcome.networks.iter().map(|network| network.link.gaps).sum();
    if gaps > 0 {
        return Err(Violation::Gaps(gaps));
    }
    for network in &outcome.networks {
        if !network.rejected.is_empty() {
            return Err(Violation::Rejected(network.rejected.clone()));
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
        // What was heard says most, so it is looked at first.
        for prefix in ["heard", "wrong", ""] {
            for (variable, wanted) in wanted.data.iter().filter(|(name, _)| name.starts_with(prefix)) {
                let is = is.data.get(variable);
                // Plain messages are repeated, and who gets them notes that.
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
