//! A broker within the program: for several [`App`](crate::App)s in one process, and for tests.
//!
//! It does what a broker of MQTT does as far as this crate needs it: persistent sessions by client id, retained
//! messages, last wills, wildcards, both qualities. On demand it loses, repeats, delays and reorders messages,
//! cuts connections, and forgets what it had at a restart, all decided by a seed. On a current-thread runtime
//! with paused time the same seed gives the same run.

mod client_task;
mod broker_faults;
mod topic_match;
mod broker_session;
mod broker_state;
#[cfg(test)]
#[path = "broker_tests.rs"]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::{Connection, Message, Session, Transport};
pub use broker_faults::BrokerFaults;
pub use topic_match::topic_matches;
use broker_state::BrokerState;

/// The broker. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Broker {
    state: Arc<Mutex<BrokerState>>,
}

/// What a broker has done so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BrokerCounters {
    /// Messages from clients.
    pub published: u64,
    /// Messages handed to clients, repeated ones included.
    pub delivered: u64,
    /// Messages lost by [`BrokerFaults::loss`].
    pub lost: u64,
    /// Messages repeated by [`BrokerFaults::duplication`].
    pub duplicated: u64,
    /// Messages dropped because a session had too many waiting, or nobody was there for one of
    /// [`QoS::AtMostOnce`](super::QoS::AtMostOnce).
    pub dropped: u64,
    /// Connections that were cut.
    pub cut: u64,
}

impl Default for Broker {
    fn default() -> Self {
        Self::new()
    }
}

impl Broker {
    /// A broker that does what it should.
    #[must_use]
    pub fn new() -> Self {
        Self::with_faults(0, BrokerFaults::default())
    }

    /// A broker with faults, which `seed` decides.
    #[must_use]
    pub fn with_faults(seed: u64, faults: BrokerFaults) -> Self {
        Self { state: Arc::new(Mutex::new(BrokerState::new(seed, faults))) }
    }

    /// A way to this broker, for one client.
    #[must_use]
    pub fn transport(&self) -> MemoryTransport {
        MemoryTransport { broker: self.clone(), properties: true }
    }

    /// From now on other faults.
    pub fn set_faults(&self, faults: BrokerFaults) {
        self.state().faults = faults;
    }

    /// Cuts a client off, by its id, or lets it come back. What it is subscribed to waits for it.
    pub fn partition(&self, client_id: &str, apart: bool) {
        self.state().partition(client_id, apart);
    }

    /// Drops every connection, without a will. Unless [`BrokerFaults::persistence`] is on, the broker has forgotten
    /// all sessions, waiting and retained messages afterwards. Clients that are not cut off come back.
    pub fn restart(&self) {
        self.state().restart();
    }

    /// Sends a message as any client might.
    pub fn publish(&self, message: &Message) {
        self.state().publish(message, Instant::now());
    }

    /// What has happened so far.
    #[must_use]
    pub fn counters(&self) -> BrokerCounters {
        self.state().counters
    }

    /// Messages that wait for a client, by its id.
    #[must_use]
    pub fn waiting(&self, client_id: &str) -> usize {
        self.state().waiting(client_id)
    }

    fn state(&self) -> MutexGuard<'_, BrokerState> {
        // Nothing in there panics halfway through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One client's way to a [`Broker`].
#[derive(Debug)]
pub struct MemoryTransport {
    broker: Broker,
    properties: bool,
}

impl MemoryTransport {
    /// Carries no properties and no content type, as MQTT 3.1.1.
    #[must_use]
    pub fn without_properties(self) -> Self {
        Self { properties: false, ..self }
    }
}

impl Transport for MemoryTransport {
    fn open(self: Box<Self>, session: Session) -> Connection {
        let capacity = session.capacity.max(1);
        let (outgoing, to_send) = mpsc::channel(capacity);
        // Room for what is under way twice after a reconnect, and for news of the connection.
        let (to_host, incoming) = mpsc::channel(2 * capacity + 8);
        let (taken, receipts) = mpsc::unbounded_channel();
        let client = client_task::ClientTask::new(self.broker, self.properties, session, to_send, to_host, receipts);
        let ended = tokio::spawn(client.run());
        Connection { outgoing, incoming, taken, ended }
    }

    fn carries_properties(&self) -> bool {
        self.properties
    }
}
