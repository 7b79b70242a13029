//! What the broker counts.

/// Counters of a [`Broker`](super::Broker) since its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BrokerCounters {
    /// Messages published by clients.
    pub published: u64,
    /// Messages delivered to clients, repeated ones included.
    pub delivered: u64,
    /// Messages lost by [`BrokerFaults::loss`](super::BrokerFaults::loss).
    pub lost: u64,
    /// Messages repeated by [`BrokerFaults::duplication`](super::BrokerFaults::duplication).
    pub duplicated: u64,
    /// Messages dropped because too many waited in a session, or because a client was disconnected and the message
    /// had [`QoS::AtMostOnce`](crate::transport::QoS::AtMostOnce).
    pub dropped: u64,
    /// Connections that were cut.
    pub cut: u64,
}
