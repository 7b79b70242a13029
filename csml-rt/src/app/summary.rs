//! How a run ended.

use std::fmt;
use std::io;
use std::time::Duration;

use super::handle::OTHER_TASK;
use crate::node::{Counters, WaitingEvents};
use crate::snapshot::Snapshot;
use crate::store::StoreError;

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndReason {
    /// Every instance has ended.
    AllTerminated,
    /// A handle or a signal has asked for it.
    Stopped,
    /// The time given by `until` has come.
    Until,
    /// Nothing was left to do: no event, timer or invocation pending.
    Idle,
    /// The reader of the trace has gone.
    TraceClosed,
    /// It took more steps than allowed.
    MaxSteps,
    /// More raised events waited than allowed.
    QueueFull,
    /// A step failed, and the error policy is to stop the application.
    StepFailed,
    /// An event that came while the application ran cannot be used.
    EventsFailed,
    /// The store of the persistent data failed permanently.
    StoreFailed,
    /// The transport to other processes failed permanently.
    TransportFailed,
}

impl fmt::Display for EndReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AllTerminated => "all instances have terminated",
            Self::Stopped => "stopped",
            Self::Until => "the time limit was reached",
            Self::Idle => "nothing was left to do",
            Self::TraceClosed => "the reader of the trace has gone",
            Self::MaxSteps => "the step limit was reached",
            Self::QueueFull => "too many events waited",
            Self::StepFailed => "a step failed",
            Self::EventsFailed => "an event from outside cannot be used",
            Self::StoreFailed => "the store of the persistent data failed",
            Self::TransportFailed => "the transport to other processes failed",
        })
    }
}

/// What a run did.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Summary {
    /// Why it ended.
    pub reason: EndReason,
    /// Steps, events and invocations.
    pub counters: Counters,
    /// The application's clock at the end, in milliseconds: virtual or real.
    pub clock_ms: u64,
    /// How long the run took.
    pub elapsed: Duration,
    /// States and data at the end.
    pub snapshot: Snapshot,
    /// The connection to other processes at the end, where there was one. A backlog there has not reached its
    /// receivers.
    #[cfg(feature = "distributed")]
    pub connection: Option<super::ConnectionStatus>,
}

/// Why an application could not be set up.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// There is no top-level machine of that name.
    UnknownMachine {
        /// The name asked for.
        name: String,
        /// The nearest one.
        suggestion: Option<String>,
    },
    /// There is no instance of that name to run.
    UnknownInstance {
        /// The name asked for.
        name: String,
        /// The nearest one.
        suggestion: Option<String>,
    },
    /// The project file lists processes, but none of that name, and nothing else says which instances it runs.
    UnknownProcess {
        /// The name asked for.
        name: String,
        /// The nearest one.
        suggestion: Option<String>,
    },
    /// Several processes use a persistent variable, and their store is not a shared one
    /// (docs/distributed.md#persistent-data-of-several-processes).
    DividedVariable {
        /// Its component path.
        variable: String,
        /// This process, and the instance of it that uses the variable.
        here: (String, String),
        /// Another process, and its instance that uses it, too.
        there: (String, String),
    },
    /// A service stub is for a service that the description does not invoke.
    ServiceStubs(String),
    /// Two instances have the same name.
    DuplicateInstance {
        /// The name.
        name: String,
    },
    /// The name of an instance is also the path of a machine nested in another one (docs/semantics.md#2-static-rules).
    AmbiguousInstance {
        /// The name.
        name: String,
    },
    /// A part of the instances was asked for, but the description's memory mode is `shared`
    /// (docs/semantics.md#9-memory-modes).
    Split,
    /// Names of instances or of the process do not fit into topics.
    Names(String),
    /// In virtual time, an application that others have handles of runs in another task than the one that built it, on
    /// a runtime with several threads.
    OtherTask,
    /// A transport needs the real clock.
    VirtualTransport,
    /// An initial value of the root's local or persistent data could not be evaluated.
    InitialValue(csml_rt_core::InitError),
    /// The event script addresses an instance that does not exist or does not handle the event.
    EventScript(crate::event_script::EventScriptError),
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut unknown = |what: &str, name: &str, suggestion: &Option<String>| {
            write!(f, "there is no {what} `{name}`")?;
            match suggestion {
                Some(suggestion) => write!(f, "; did you mean `{suggestion}`?"),
                None => Ok(()),
            }
        };
        match self {
            Self::UnknownMachine { name, suggestion } => unknown("top-level machine", name, suggestion),
            Self::UnknownInstance { name, suggestion } => unknown("instance", name, suggestion),
            Self::UnknownProcess { name, suggestion } => {
                write!(f, "the project file has no process `{name}`")?;
                match suggestion {
                    Some(suggestion) => write!(f, "; did you mean `{suggestion}`?"),
                    None => f.write_str(
                        ": name one that it has, or say which instances this process runs (`--run`, `Builder::run_only`)",
                    ),
                }
            }
            Self::DividedVariable { variable, here, there } => write!(
                f,
                "the persistent variable `{variable}` is used by processes that share no store: by the instance `{}` in \
                 `{}`, this process, and by `{}` in `{}`; each would keep a value of its own. Give all processes the same \
                 store in etcd (`--store etcd://host:port`), run these instances in one process, or allow separate values \
                 (`--separate-data`, `Builder::separate_data`, or `separate-data = true` in csml.toml)",
                here.1, here.0, there.1, there.0
            ),
            Self::ServiceStubs(reason) => write!(f, "service stubs: {reason}"),
            Self::DuplicateInstance { name } => write!(f, "two instances are named `{name}`"),
            Self::AmbiguousInstance { name } => write!(
                f,
                "the instance `{name}` has the path of a machine nested in another instance: give it a name without `/`"
            ),
            Self::Split => f.write_str(
                "the memory mode of this description is `shared`: all its instances run in one \
                 process; run all of them, or set the memory mode to `distributed`",
            ),
            Self::OtherTask => f.write_str(OTHER_TASK),
            Self::Names(reason) => f.write_str(reason),
            Self::VirtualTransport => f.write_str(
                "a transport to other processes needs the real clock: leave out either the transport or virtual time",
            ),
            Self::InitialValue(error) => write!(f, "an initial value fails: {error}"),
            Self::EventScript(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::InitialValue(error) => Some(error),
            Self::EventScript(error) => Some(error),
            _ => None,
        }
    }
}

/// Why a run failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum RunError {
    /// It could not be set up.
    Build(BuildError),
    /// It took more steps than allowed: the application does not settle.
    MaxSteps {
        /// The limit.
        limit: u64,
        /// Instance path and event, `timer:<name>` or `invoke:<serviceType>` of the last steps, each pair
        /// once.
        cycle: Vec<(String, String)>,
        /// How far it came.
        summary: Box<Summary>,
    },
    /// More raised events waited than allowed: steps raise more than they handle.
    QueueFull {
        /// What waits, most of all first.
        waiting: Vec<WaitingEvents>,
        /// How far it came.
        summary: Box<Summary>,
    },
    /// A step failed, and the error policy is to stop the application.
    StepFailed {
        /// How far it came.
        summary: Box<Summary>,
    },
    /// An event that came while the application ran cannot be used: a line of an input that is read meanwhile.
    Events {
        /// The line, and what is wrong with it.
        error: crate::event_script::EventScriptError,
        /// How far it came.
        summary: Box<Summary>,
    },
    /// The trace could not be written.
    Trace(io::Error),
    /// The store of the persistent data could not be opened, so nothing has happened.
    StoreNotOpened(StoreError),
    /// The store of the persistent data cannot be used any more. The step that was to be committed has not been taken.
    Store(StoreError),
    /// The transport to other processes has given up.
    Transport {
        /// Why and what to do.
        reason: String,
        /// How far the run came.
        summary: Box<Summary>,
    },
}

impl RunError {
    /// How far the run came.
    #[must_use]
    pub fn summary(&self) -> Option<&Summary> {
        match self {
            Self::MaxSteps { summary, .. }
            | Self::QueueFull { summary, .. }
            | Self::StepFailed { summary }
            | Self::Events { summary, .. }
            | Self::Transport { summary, .. } => Some(summary),
            _ => None,
        }
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Build(error) => error.fmt(f),
            Self::MaxSteps { limit, cycle, .. } => {
                write!(f, "no end after {limit} steps")?;
                for (index, (instance, event)) in cycle.iter().take(10).enumerate() {
                    let link = if index == 0 { "; in a cycle:" } else { "," };
                    write!(f, "{link} `{event}` at `{instance}`")?;
                }
                match cycle.len().checked_sub(10) {
                    Some(more @ 1..) => write!(f, " and {more} more"),
                    _ => Ok(()),
                }
            }
            Self::QueueFull { waiting, .. } => {
                f.write_str("too many events wait in the event queue, as steps raise more than they handle")?;
                for (index, events) in waiting.iter().enumerate() {
                    let link = if index == 0 { ": " } else { ", " };
                    write!(f, "{link}{events}")?;
                }
                Ok(())
            }
            Self::StepFailed { .. } => {
                f.write_str("a step failed, and the error policy stops the application")
            }
            Self::Events { error, .. } => error.fmt(f),
            Self::Trace(error) => write!(f, "the trace cannot be written: {error}"),
            Self::StoreNotOpened(error) | Self::Store(error) => {
                write!(f, "the store of the persistent data: {error}")
            }
            Self::Transport { reason, .. } => write!(f, "the transport to other processes: {reason}"),
        }
    }
}

impl std::error::Error for RunError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Build(error) => Some(error),
            Self::Trace(error) => Some(error),
            Self::StoreNotOpened(error) | Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<BuildError> for RunError {
    fn from(error: BuildError) -> Self {
        Self::Build(error)
    }
}
