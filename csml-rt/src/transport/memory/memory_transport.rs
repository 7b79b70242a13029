//! The transport to the broker in memory.

use tokio::sync::mpsc;

use super::super::transport_trait::{Connection, Session, Transport};
use super::broker::Broker;
use super::client_task::ClientTask;

/// A [`Transport`] to a [`Broker`]; made by [`Broker::transport`].
#[derive(Debug)]
pub struct MemoryTransport {
    broker: Broker,
    properties: bool,
}

impl Broker {
    /// A transport to this broker, for one client.
    #[must_use]
    pub fn transport(&self) -> MemoryTransport {
        MemoryTransport { broker: self.clone(), properties: true }
    }
}

impl MemoryTransport {
    /// Transmits no properties and no content type, like MQTT 3.1.1.
    #[must_use]
    pub fn without_properties(self) -> Self {
        Self { properties: false, ..self }
    }
}

impl Transport for MemoryTransport {
    fn open(self: Box<Self>, session: Session) -> Connection {
        let capacity = session.capacity.max(1);
        let (outgoing, to_send) = mpsc::channel(capacity);
        // Room for messages that are in flight twice after a reconnect, and for changes of the connection.
        let (events, incoming) = mpsc::channel(2 * capacity + 8);
        let (receipts, returned) = mpsc::unbounded_channel();
        let client = ClientTask::new(self.broker, self.properties, session, to_send, events, returned);
        let ended = tokio::spawn(client.run());
        Connection { outgoing, incoming, receipts, ended }
    }

    fn carries_properties(&self) -> bool {
        self.properties
    }
}
