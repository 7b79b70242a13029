//! One client for both versions of MQTT: a handle that never waits, and an event loop to be polled.

use super::client_event::{ClientEvent, ConnectionLost};
use super::connector::Connector;
use super::mqtt_options::{MqttOptions, Version};
use super::packet_filter::FilterReport;
use super::v3::{self, V3Loop};
use super::v5::{self, V5Loop};
use crate::transport::transport_trait::{Filter, Message, Session};

/// Passes requests to the event loop. Never waits; the caller limits how many requests are pending.
pub(super) enum ClientHandle {
    V5(rumqttc_v5::AsyncClient),
    V3(rumqttc_v4::AsyncClient),
}

/// Sends and receives packets while it is polled.
pub(super) enum ClientLoop {
    V5(Box<V5Loop>),
    V3(Box<V3Loop>),
}

/// A client that is not connected yet. With `clean_start` the broker discards the session it has kept.
pub(super) fn open(
    options: &MqttOptions,
    session: &Session,
    window: u16,
    clean_start: bool,
    report: &FilterReport,
) -> Result<(ClientHandle, ClientLoop), String> {
    let connector = Connector::new(options, report)?;
    Ok(match options.version {
        Version::V5 => {
            let (handle, poller) = v5::open(options, session, window, clean_start, connector)?;
            (ClientHandle::V5(handle), ClientLoop::V5(Box::new(poller)))
        }
        Version::V3 => {
            let (handle, poller) = v3::open(options, session, window, clean_start, connector)?;
            (ClientHandle::V3(handle), ClientLoop::V3(Box::new(poller)))
        }
    })
}

impl ClientHandle {
    /// False if the topic of the message is not valid.
    pub(super) fn publish(&self, message: Message) -> bool {
        match self {
            Self::V5(client) => v5::publish(client, message),
            Self::V3(client) => v3::publish(client, message),
        }
    }

    /// False if a pattern is not valid.
    pub(super) fn subscribe(&self, filters: &[Filter]) -> bool {
        match self {
            Self::V5(client) => v5::subscribe(client, filters),
            Self::V3(client) => v3::subscribe(client, filters),
        }
    }

    /// Acknowledges a message that was received over this connection.
    pub(super) fn acknowledge(&self, packet: u16) {
        match self {
            Self::V5(client) => v5::acknowledge(client, packet),
            Self::V3(client) => v3::acknowledge(client, packet),
        }
    }

    /// Pings the broker by ending a subscription that this client does not have. The client library's own pings are
    /// no help: it postpones them as long as packets are sent, whether or not they arrive.
    pub(super) fn ping(&self) {
        const UNUSED: &str = "csml/alive";
        // Without a connection there is nothing to check.
        match self {
            Self::V5(client) => _ = client.try_unsubscribe(UNUSED),
            Self::V3(client) => _ = client.try_unsubscribe(UNUSED),
        }
    }

    /// Disconnects once everything is sent; the event loop then ends.
    pub(super) fn disconnect(&self) {
        match self {
            Self::V5(client) => _ = client.try_disconnect(),
            Self::V3(client) => _ = client.try_disconnect(),
        }
    }
}

impl ClientLoop {
    /// Connects if necessary, and returns the next event. If the future is dropped before it completes, only
    /// [`drop_connection`](Self::drop_connection) may be called next.
    pub(super) async fn poll(&mut self) -> Result<ClientEvent, ConnectionLost> {
        match self {
            Self::V5(poller) => poller.poll().await,
            Self::V3(poller) => poller.poll().await,
        }
    }

    /// Closes the connection; unacknowledged messages are sent again over the next one.
    pub(super) fn drop_connection(&mut self) {
        match self {
            Self::V5(poller) => poller.events.clean(),
            Self::V3(poller) => poller.events.clean(),
        }
    }

    /// Messages, filters and pings that are not acknowledged. Correct only while the connection is down or new.
    pub(super) fn unacknowledged(&self) -> usize {
        match self {
            Self::V5(poller) => poller.events.pending_len() + usize::from(poller.events.state.inflight()),
            Self::V3(poller) => poller.events.pending_len() + usize::from(poller.events.state.inflight()),
        }
    }
}
