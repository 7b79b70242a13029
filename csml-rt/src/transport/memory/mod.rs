//! A broker in memory, for several [`App`](crate::App)s in one process and for tests.
//!
//! It implements what this crate uses of an MQTT broker: persistent sessions by client id, retained messages, last
//! wills, wildcards, and QoS 0 and 1. On demand it loses, repeats, delays and reorders messages, cuts connections, and
//! loses its state at a restart; a seed decides all of these. On a current-thread runtime with paused time equal seeds
//! give equal runs.

mod broker;
mod broker_counters;
mod broker_faults;
mod broker_session;
mod broker_state;
#[cfg(test)]
mod broker_tests;
mod client_task;
mod memory_transport;
pub(crate) mod topic_match;

pub use broker::Broker;
pub use broker_counters::BrokerCounters;
pub use broker_faults::BrokerFaults;
pub use memory_transport::MemoryTransport;
