//! The transport over MQTT.

use tokio::sync::mpsc;

use super::driver;
use super::mqtt_options::{MqttOptions, Version};
use super::receive_queue::ReceiveQueue;
use super::send_queue::SendQueue;
use crate::transport::transport_trait::{Connection, Session, Transport};

/// A [`Transport`] over a broker of MQTT 5 or 3.1.1; made by [`MqttOptions::transport`].
#[derive(Debug)]
pub struct MqttTransport {
    options: MqttOptions,
}

impl MqttOptions {
    /// The transport with these options.
    #[must_use]
    pub fn transport(self) -> MqttTransport {
        MqttTransport { options: self }
    }
}

impl Transport for MqttTransport {
    fn open(self: Box<Self>, session: Session) -> Connection {
        let capacity = session.capacity.max(1);
        let (outgoing, waiting) = mpsc::channel(capacity);
        let (reports, incoming) = mpsc::channel(capacity);
        let (receipts, returned) = mpsc::unbounded_channel();
        let to_send = SendQueue::new(waiting);
        let received = ReceiveQueue::new(reports, capacity);
        let ended = tokio::spawn(driver::run(self.options, session, to_send, received, returned));
        Connection { outgoing, incoming, receipts, ended }
    }

    fn carries_properties(&self) -> bool {
        self.options.version == Version::V5
    }
}
