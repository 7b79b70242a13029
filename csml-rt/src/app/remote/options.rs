//! How other processes are reached: the transport and its options.

use std::fmt;
use std::hash::{BuildHasher, RandomState};

use csml_rt_core::Machines;

use super::remote_routes::Subscriptions;
use super::{RemoteRoutes, unix_ms};
use crate::app::BuildError;
use crate::link::LinkOptions;
use crate::transport::Transport;
use crate::wire::{Codec, WireOptions};

/// What happens when so many events wait for other processes that no further one is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Backpressure {
    /// No step is taken until there is room. Processes that wait for each other may come to a standstill; the log
    /// names the peer that is waited for.
    #[default]
    Block,
    /// Steps that raise such events fail: they are rolled back, and their events are dead letters.
    Reject,
}

/// Gives the `traceparent` of an event that has none.
pub type BeginTrace = Box<dyn Fn() -> Option<String> + Send>;

/// Options of a connection to other processes, for [`Builder::transport`](crate::Builder::transport).
#[derive(Default)]
pub struct TransportOptions {
    /// What happens when too many events wait for other processes.
    pub backpressure: Backpressure,
    /// Limits and pauses of the link.
    pub link: LinkOptions,
    /// How events are written for other processes, and which of theirs are rejected.
    pub wire: WireOptions,
    /// Begins traces (W3C Trace Context): it is asked for the `traceparent` of each event for other processes, and of
    /// each that leaves the application, that no traced event has led to. `None`, or a malformed text, for an event
    /// without a trace. It must not block.
    pub begin_trace: Option<BeginTrace>,
    /// Number of this run of the process, for tests that are to be repeated. By default it is random; no other run
    /// of this process may have it.
    #[doc(hidden)]
    pub epoch: Option<u64>,
}

impl fmt::Debug for TransportOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportOptions")
            .field("backpressure", &self.backpressure)
            .field("link", &self.link)
            .field("wire", &self.wire)
            .finish_non_exhaustive()
    }
}

/// A transport that is not started yet, with its options.
#[derive(Debug)]
pub(in crate::app) struct Setup {
    pub(super) transport: Box<dyn Transport>,
    pub(super) options: TransportOptions,
}

impl Setup {
    pub(in crate::app) fn new(transport: Box<dyn Transport>, options: TransportOptions) -> Self {
        Self { transport, options }
    }

    /// Whether names fit into topics.
    pub(in crate::app) fn check<'a, A: Machines>(
        &self,
        names: impl Iterator<Item = &'a str>,
    ) -> Result<(), BuildError> {
        let codec = Codec::new(A::DESCRIPTION, self.options.wire.clone());
        codec.check_names(names).map_err(|rejection| BuildError::Names(rejection.to_string()))
    }

    /// Names this process among others.
    pub(in crate::app) fn routes(
        self,
        app: &str,
        process: &str,
        subscriptions: Option<Subscriptions>,
    ) -> (Self, RemoteRoutes) {
        let routes = RemoteRoutes {
            process: process.into(),
            client_id: client_id(app, process),
            // Not from the seed: two runs with the same seed must not have the same number.
            epoch: self.options.epoch.unwrap_or_else(|| RandomState::new().hash_one(unix_ms()) | 1),
            subscriptions,
        };
        (self, routes)
    }
}

/// The client id of a process. `-` in the name of the application is not taken for the one that ends it.
fn client_id(app: &str, process: &str) -> String {
    format!("csml-{}-{process}", app.replace('%', "%25").replace('-', "%2D"))
}

#[cfg(test)]
mod tests {
    use super::client_id;

    #[test]
    fn client_ids_of_different_processes_differ() {
        assert_eq!(client_id("railway", "tower"), "csml-railway-tower");
        assert_ne!(client_id("a-b", "c"), client_id("a", "b-c"));
        assert_ne!(client_id("a%2Db", "c"), client_id("a-b", "c"));
    }
}
