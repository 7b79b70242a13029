//! Transports move messages between the processes of an application. For programs that choose a transport
//! ([`Builder::transport`](crate::Builder::transport)) or implement [`Transport`].
//!
//! A transport guarantees little: messages may be lost, repeated and reordered. The [link](crate::link) above it
//! compensates for that. A transport never blocks its user, reconnects by itself, and holds at most
//! [`Session::capacity`] messages in either direction.

pub mod memory;
#[cfg(feature = "mqtt")]
pub mod mqtt;
mod transport_trait;

pub use transport_trait::{Connection, Filter, Message, QoS, Receipt, Session, Transport, TransportEvent};
