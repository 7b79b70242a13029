//! What an application and a transport agree on.

use std::fmt;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Quality of service: whether a transport sends a message to its next hop again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QoS {
    /// QoS 0: sent once, lost with the connection. For messages that are repeated anyway.
    AtMostOnce,
    /// QoS 1: sent again until the next hop has acknowledged it.
    #[default]
    AtLeastOnce,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// The topic: levels separated by `/`, without wildcards.
    pub topic: String,
    /// The content.
    pub payload: Bytes,
    /// User properties; only if [`Transport::carries_properties`].
    pub properties: Vec<(String, String)>,
    /// Media type of the content; only if [`Transport::carries_properties`].
    pub content_type: Option<&'static str>,
    /// The quality of service.
    pub qos: QoS,
    /// Whether the broker retains it for later subscribers.
    pub retain: bool,
}

/// A subscription: a pattern of topics in which `+` stands for one level and a last `#` for any number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The pattern.
    pub pattern: String,
    /// The highest quality of service to receive messages with.
    pub qos: QoS,
}

/// What a process requires of a transport.
#[derive(Debug, Clone)]
pub struct Session {
    /// The client id of this process, the same after every restart.
    pub client_id: String,
    /// The subscriptions. Requested at every connect.
    pub filters: Vec<Filter>,
    /// Published at every connect, after the subscriptions were accepted.
    pub birth: Vec<Message>,
    /// Published by the broker when this process is lost without a disconnect.
    pub will: Option<Message>,
    /// The number of messages that may wait in either direction.
    pub capacity: usize,
}

/// Identifies a received message that has to be acknowledged to the transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Receipt(pub u64);

/// What a transport reports.
#[derive(Debug)]
#[non_exhaustive]
pub enum TransportEvent {
    /// Connected, and the subscriptions were accepted. Earlier messages that were not acknowledged may be lost.
    Up,
    /// The connection is lost; the transport tries to reconnect.
    Down {
        /// The reason, for logs.
        reason: String,
    },
    /// A message. One with a receipt is acknowledged when the receipt comes back through [`Connection::receipts`];
    /// at most [`Session::capacity`] messages are unacknowledged at a time.
    Message(Message, Option<Receipt>),
    /// The transport or the broker rejected messages (too large, too many at [`QoS::AtMostOnce`]).
    Rejected {
        /// How many.
        count: u64,
        /// The reason, for logs.
        reason: String,
    },
    /// The transport has failed permanently: wrong password, rejected certificate, unusable address.
    Failed {
        /// The reason and how to correct it, for logs.
        reason: String,
    },
}

/// A running transport. Dropping [`outgoing`](Self::outgoing) ends it: it sends the waiting messages and disconnects
/// (without the last will); then [`ended`](Self::ended) completes.
#[derive(Debug)]
pub struct Connection {
    /// Messages to send, in order. Bounded; use `try_send`.
    pub outgoing: mpsc::Sender<Message>,
    /// What the transport reports, received messages included.
    pub incoming: mpsc::Receiver<TransportEvent>,
    /// Acknowledges messages by their receipts, in any order.
    pub receipts: mpsc::UnboundedSender<Receipt>,
    /// Completes when the transport has ended.
    pub ended: JoinHandle<()>,
}

/// Connects a process to the other processes of its application.
pub trait Transport: fmt::Debug + Send + 'static {
    /// Starts the transport without waiting for a connection. Called once, within a tokio runtime.
    fn open(self: Box<Self>, session: Session) -> Connection;

    /// Whether [`Message::properties`] and [`Message::content_type`] are transmitted. If not, the wire format puts the
    /// envelope into the payload.
    fn carries_properties(&self) -> bool {
        true
    }
}

impl Transport for Box<dyn Transport> {
    fn open(self: Box<Self>, session: Session) -> Connection {
        (*self).open(session)
    }

    fn carries_properties(&self) -> bool {
        (**self).carries_properties()
    }
}
