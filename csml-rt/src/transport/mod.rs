//! Moving messages between processes: what every transport offers, whatever is below it.
//!
//! A transport promises little: messages may be lost, repeated and put in another order. The link above it
//! ([`crate::link`]) makes up for that. It never blocks whoever uses it, reconnects by itself, and holds at
//! most [`Session::capacity`] messages in either direction.

pub mod memory;
#[cfg(feature = "mqtt")]
pub mod mqtt;

use std::fmt;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// How hard a transport tries to get a message to its next hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QoS {
    /// Sent once; lost with the connection. For what is repeated anyway.
    AtMostOnce,
    /// Sent again until the next hop has it.
    #[default]
    AtLeastOnce,
}

/// A message on its way.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// The topic: levels separated by `/`, no wildcards.
    pub topic: String,
    /// The content.
    pub payload: Bytes,
    /// Names and values beside the content; only where [`Transport::carries_properties`].
    pub properties: Vec<(String, String)>,
    /// Media type of the content; only where [`Transport::carries_properties`].
    pub content_type: Option<&'static str>,
    /// How hard to try.
    pub qos: QoS,
    /// Whether the broker keeps it for later subscribers.
    pub retain: bool,
}

/// A pattern of topics to receive: `+` stands for one level, a last `#` for any number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The pattern.
    pub pattern: String,
    /// The best quality to receive with.
    pub qos: QoS,
}

/// What a process wants of a transport.
#[derive(Debug, Clone)]
pub struct Session {
    /// The name the other side knows this process by, the same after every restart.
    pub client_id: String,
    /// What to receive. Asked for anew at every connect.
    pub filters: Vec<Filter>,
    /// Sent at every connect, once the filters stand.
    pub birth: Vec<Message>,
    /// Sent by the other side when this process is gone without a word.
    pub will: Option<Message>,
    /// Messages that may wait in either direction.
    pub capacity: usize,
}

/// Names a received message that the transport wants confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Receipt(pub u64);

/// What comes from a transport.
#[derive(Debug)]
#[non_exhaustive]
pub enum TransportEvent {
    /// Connected, and the filters stand. What was handed over before and not confirmed may be lost.
    Up,
    /// The connection is gone; the transport goes on trying.
    Down {
        /// Why, for people.
        reason: String,
    },
    /// A message. One with a receipt counts as taken when the receipt has come back through
    /// [`Connection::taken`]; the other side sends no more than [`Session::capacity`] beyond that.
    Message(Message, Option<Receipt>),
    /// Messages were refused before they got here (too large, too many at [`QoS::AtMostOnce`]).
    Refused {
        /// How many.
        count: u64,
        /// Why, for people.
        reason: String,
    },
    /// The transport has given up for good: wrong password, refused certificate, unusable address.
    Failed {
        /// Why and what to do, for people.
        reason: String,
    },
}

/// A transport at work. Dropping [`outgoing`](Self::outgoing) ends it: it sends what waits, says goodbye (no
/// will) and [`ended`](Self::ended) is done.
#[derive(Debug)]
pub struct Connection {
    /// Messages to send, in order. Bounded; use `try_send`.
    pub outgoing: mpsc::Sender<Message>,
    /// What comes in.
    pub incoming: mpsc::Receiver<TransportEvent>,
    /// Receipts of messages that were taken, in any order.
    pub taken: mpsc::UnboundedSender<Receipt>,
    /// Done when the transport has ended.
    pub ended: JoinHandle<()>,
}

/// A way between processes.
pub trait Transport: fmt::Debug + Send + 'static {
    /// Starts it, without waiting for a connection. Called within a tokio runtime, once.
    fn open(self: Box<Self>, session: Session) -> Connection;

    /// Whether [`Message::properties`] and [`Message::content_type`] get to the other side. Where they do
    /// not, the wire format puts the envelope into the payload.
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
