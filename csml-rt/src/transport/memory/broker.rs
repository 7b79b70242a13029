//! The broker, shared by its clients.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use super::super::transport_trait::Message;
use super::broker_counters::BrokerCounters;
use super::broker_faults::BrokerFaults;
use super::broker_state::BrokerState;

/// A broker in memory. Clones share its state.
#[derive(Debug, Clone)]
pub struct Broker {
    state: Arc<Mutex<BrokerState>>,
}

impl Default for Broker {
    fn default() -> Self {
        Self::new()
    }
}

impl Broker {
    /// A broker without faults.
    #[must_use]
    pub fn new() -> Self {
        Self::with_faults(0, BrokerFaults::default())
    }

    /// A broker with faults; `seed` decides when they occur.
    #[must_use]
    pub fn with_faults(seed: u64, faults: BrokerFaults) -> Self {
        Self { state: Arc::new(Mutex::new(BrokerState::new(seed, faults))) }
    }

    /// Replaces the faults.
    pub fn set_faults(&self, faults: BrokerFaults) {
        self.state().faults = faults;
    }

    /// Disconnects a client and rejects its connections while `cut_off` is true. Its session keeps messages for it.
    pub fn partition(&self, client_id: &str, cut_off: bool) {
        self.state().partition(client_id, cut_off);
    }

    /// Drops all connections, without publishing last wills. Unless [`BrokerFaults::persistence`] is on, the broker also
    /// loses all sessions, waiting and retained messages. Clients that are not cut off reconnect.
    pub fn restart(&self) {
        self.state().restart();
    }

    /// Publishes a message, as a client would.
    pub fn publish(&self, message: &Message) {
        self.state().publish(message, Instant::now());
    }

    /// Counters since the start.
    #[must_use]
    pub fn counters(&self) -> BrokerCounters {
        self.state().counters
    }

    /// The number of messages that wait for a client.
    #[must_use]
    pub fn waiting(&self, client_id: &str) -> usize {
        self.state().waiting(client_id)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, BrokerState> {
        // No code that holds the lock panics in the middle of a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
