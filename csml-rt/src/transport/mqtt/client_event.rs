//! What clients of both versions of MQTT report.

// The same type in both versions.
use rumqttc_v5::mqttbytes::QoS as MqttQoS;

use crate::transport::transport_trait::{Message, QoS};

/// Requests and packets that are handled together.
pub(super) const BATCH: usize = 128;

/// What the event loop of a client reports.
#[derive(Debug)]
pub(super) enum ClientEvent {
    /// The broker has accepted the connection.
    Connected {
        /// Whether it has kept the session of this client.
        session_present: bool,
        /// The largest packet it takes, in bytes.
        packet_limit: Option<u32>,
        /// Whether it keeps messages for later subscribers.
        retains: bool,
    },
    /// The answers to the filters, in their order.
    Subscribed(Vec<Option<SubscriptionRejection>>),
    /// A message, and the identifier to acknowledge unless that is 0.
    Received(Message, u16),
    /// The broker has acknowledged a message, or rejected it for a reason.
    Acknowledged(Option<String>),
    /// A message at QoS 0, which is not acknowledged, was sent.
    SentUnacknowledged,
    /// The answer to a ping.
    Pong,
    /// Any other packet of the broker.
    OtherPacket,
    /// Nothing of interest.
    None,
}

/// Why the broker rejected a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SubscriptionRejection {
    /// For people.
    pub(super) reason: String,
    /// Whether another attempt would fail as well.
    pub(super) permanent: bool,
}

/// The connection has ended, or could not be made.
#[derive(Debug)]
pub(super) struct ConnectionLost {
    /// Why, for people.
    pub(super) reason: String,
    /// Whether another attempt would fail as well.
    pub(super) permanent: bool,
    /// A packet of the broker could not be read.
    pub(super) unreadable: bool,
    /// The client has disconnected on purpose.
    pub(super) disconnected: bool,
}

impl ConnectionLost {
    pub(super) fn transient(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), permanent: false, unreadable: false, disconnected: false }
    }

    pub(super) fn permanent(reason: impl Into<String>) -> Self {
        Self { permanent: true, ..Self::transient(reason) }
    }

    pub(super) fn unreadable(reason: impl Into<String>) -> Self {
        Self { unreadable: true, ..Self::transient(reason) }
    }

    pub(super) fn disconnected() -> Self {
        Self { disconnected: true, ..Self::transient("disconnected") }
    }
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
