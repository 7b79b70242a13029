//! An application on tokio: a node, its clock, its services and its observers.

mod attempts;
mod builder;
mod drive;
mod handle;
mod home;
mod input;
mod persist;
mod placement;
#[cfg(feature = "distributed")]
mod remote;
#[cfg(not(feature = "distributed"))]
#[path = "no_remote.rs"]
mod remote;
mod remote_state;
#[cfg(feature = "ctrl-c")]
mod signals;
#[cfg(not(feature = "ctrl-c"))]
#[path = "no_signals.rs"]
mod signals;
mod store_state;
mod summary;
mod watch;

use std::collections::VecDeque;
use std::fmt;

use csml_rt_core::Machines;
use tokio::sync::mpsc;

use crate::event_script::PlannedEvent;
use crate::node::Node;
use attempts::{Attempts, Finished};
use handle::Command;
use input::Input;
use remote_state::RemoteState;
use store_state::StoreState;
use watch::Watch;

pub use builder::Builder;
pub(crate) use handle::not_from_outside;
pub use handle::{Handle, HandleError};
#[cfg(feature = "runner")]
pub(crate) use input::InputSender;
#[cfg(feature = "distributed")]
pub use remote::{Backpressure, BeginTrace, ConnectionStatus, TransportOptions};
pub use summary::{BuildError, EndReason, RunError, Summary};

/// When a run ends by itself, and on which clock.
#[derive(Debug, Clone, Default)]
struct Limits {
    virtual_time: bool,
    until_idle: Option<bool>,
    until: Option<u64>,
    max_steps: Option<u64>,
    ctrl_c: bool,
}

/// An application that is ready to run.
#[must_use = "an application does nothing until it runs"]
pub struct App<A: Machines> {
    node: Node<A>,
    watch: Watch<A>,
    attempts: Attempts<A>,
    finished: mpsc::UnboundedReceiver<Finished<A>>,
    script: VecDeque<PlannedEvent<A::Event>>,
    /// Events from outside that come while it runs.
    input: Input<A>,
    limits: Limits,
    handle: Handle<A>,
    commands: mpsc::UnboundedReceiver<Command<A>>,
    /// Name of this process among those of the application.
    process: String,
    seed: u64,
    store: StoreState,
    remote: RemoteState,
}

impl<A: Machines> fmt::Debug for App<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("node", &self.node).field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl<A: Machines> App<A> {
    /// A handle to reach the application while it runs.
    #[must_use]
    pub fn handle(&self) -> Handle<A> {
        self.handle.clone()
    }
}
