//! One client for both versions of MQTT: a handle that never waits, and a loop that is polled.

// The same type in both versions.
use rumqttc_v5::mqttbytes::QoS as MqttQoS;

use super::v3::{self, V3Loop};
use super::v5::{self, V5Loop};
use super::{MqttOptions, Version};
use crate::transport::{Filter, Message, QoS, Session};

/// Requests and packets that are handled together.
pub(super) const BATCH: usize = 128;

/// What the loop reports.
#[derive(Debug)]
pub(super) enum ClientEvent {
    /// The broker has accepted the connection.
    Connected {
        /// Whether it still knew this client.
        session_present: bool,
        /// The largest packet it takes, in bytes.
        packet_limit: Option<u32>,
        /// Whether it keeps messages for later subscribers.
        retains: bool,
    },
    /// The answer to the filters, in their order.
    Subscribed(Vec<Option<SubscriptionRefusal>>),
    /// A message, and the identifier to confirm unless that is 0.
    Arrived(Message, u16),
    /// A message of ours has reached the broker, and why it did not take it.
    Confirmed(Option<String>),
    /// A message that nobody confirms is on its way.
    SentOnce,
    /// The answer to a probe.
    Probed,
    /// Any other sign of life of the broker's.
    Answered,
    /// Nothing of interest.
    Nothing,
}

/// Why the broker refused something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SubscriptionRefusal {
    /// For people.
    pub(super) reason: String,
    /// Whether trying again is pointless.
    pub(super) permanent: bool,
}

/// The connection is gone, or never came to be.
#[derive(Debug)]
pub(super) struct ConnectionLost {
    /// Why, for people.
    pub(super) reason: String,
    /// Whether trying again is pointless.
    pub(super) permanent: bool,
    /// What the broker sent could not be read.
    pub(super) unreadable: bool,
    /// The client has said goodbye.
    pub(super) ended: bool,
}

impl ConnectionLost {
    pub(super) fn transient(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), permanent: false, unreadable: false, ended: false }
    }

    pub(super) fn permanent(reason: impl Into<String>) -> Self {
        Self { permanent: true, ..Self::transient(reason) }
    }

    pub(super) fn unreadable(reason: impl Into<String>) -> Self {
        Self { unreadable: true, ..Self::transient(reason) }
    }

    pub(super) fn ended() -> Self {
        Self { ended: true, ..Self::transient("said goodbye") }
    }
}

/// Hands requests to the loop. Never waits; whoever uses it bounds what it hands over.
pub(super) enum ClientHandle {
    V5(rumqttc_v5::AsyncClient),
    V3(rumqttc_v4::AsyncClient),
}

/// Moves packets while it is polled.
pub(super) enum ClientLoop {
    V5(Box<V5Loop>),
    V3(Box<V3Loop>),
}

pub(super) fn to_mqtt(qos: QoS) -> MqttQoS {
    match qos {
        QoS::AtMostOnce => MqttQoS::AtMostOnce,
        QoS::AtLeastOnce => MqttQoS::AtLeastOnce,
    }
}

pub(super) fn from_mqtt(qos: MqttQoS) -> QoS {
    if qos == MqttQoS::AtMostOnce { QoS::AtMostOnce } else { QoS::AtLeastOnce }
}

/// A client that is not connected yet. With `forget` the broker drops what it kept for this one.
pub(super) fn open(
    options: &MqttOptions,
    session: &Session,
    window: u16,
    forget: bool,
) -> Result<(ClientHandle, ClientLoop), String> {
    Ok(match options.version {
        Version::V5 => {
            let (handle, poller) = v5::open(options, session, window, forget)?;
            (ClientHandle::V5(handle), ClientLoop::V5(Box::new(poller)))
        }
        Version::V3 => {
            let (handle, poller) = v3::open(options, session, window, forget)?;
            (ClientHandle::V3(handle), ClientLoop::V3(Box::new(poller)))
        }
    })
}

impl ClientHandle {
    /// False if the message cannot be sent at all: its topic is no topic.
    pub(super) fn publish(&self, message: Message) -> bool {
        match self {
            Self::V5(client) => v5::publish(client, message),
            Self::V3(client) => v3::publish(client, message),
        }
    }

    /// False if a pattern is none.
    pub(super) fn subscribe(&self, filters: &[Filter]) -> bool {
        match self {
            Self::V5(client) => v5::subscribe(client, filters),
            Self::V3(client) => v3::subscribe(client, filters),
        }
    }

    /// Confirms a message that arrived on this connection.
    pub(super) fn confirm(&self, packet: u16) {
        match self {
            Self::V5(client) => v5::confirm(client, packet),
            Self::V3(client) => v3::confirm(client, packet),
        }
    }

    /// Asks for a sign of life, by ending a subscription that nobody has. The client's own pings do not serve:
    /// they are put off as long as packets leave, whether or not they get anywhere.
    pub(super) fn probe(&self) {
        const NOBODYS: &str = "csml/alive";
        // Without a connection there is nothing to find out.
        match self {
            Self::V5(client) => _ = client.try_unsubscribe(NOBODYS),
            Self::V3(client) => _ = client.try_unsubscribe(NOBODYS),
        }
    }

    /// Says goodbye once everything is sent; the loop then ends.
    pub(super) fn disconnect(&self) {
        match self {
            Self::V5(client) => _ = client.try_disconnect(),
            Self::V3(client) => _ = client.try_disconnect(),
        }
    }
}

impl ClientLoop {
    /// Connects if need be, and goes on until something happens. Dropped before it is done it leaves the
    /// connection in a state that only [`drop_connection`](Self::drop_connection) may follow.
    pub(super) async fn poll(&mut self) -> Result<ClientEvent, ConnectionLost> {
        match self {
            Self::V5(poller) => poller.poll().await,
            Self::V3(poller) => poller.poll().await,
        }
    }

    /// Gives the connection up; what is not confirmed goes out again on the next one.
    pub(super) fn drop_connection(&mut self) {
        match self {
            Self::V5(poller) => poller.events.clean(),
            Self::V3(poller) => poller.events.clean(),
        }
    }

    /// Messages, filters and probes that were handed over and are not confirmed. Counts only while the connection is down or new.
    pub(super) fn unconfirmed(&self) -> usize {
        match self {
            Self::V5(poller) => poller.events.pending_len() + usize::from(poller.events.state.inflight()),
            Self::V3(poller) => poller.events.pending_len() + usize::from(poller.events.state.inflight()),
        }
    }
}
