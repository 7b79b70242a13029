//! MQTT: the way between processes on several hosts.
//!
//! [`MqttOptions`] says which broker and how; [`MqttOptions::transport`] makes the [`Transport`] of it. One
//! task does the work (`driver`). It never waits for a user: messages that the broker has not confirmed are at
//! most [`Session::capacity`] (and 4,096), as many more wait in the channel, and those received are confirmed to
//! the broker when their receipts come back, so that it holds back what a slow reader has no room for.
//!
//! A connection counts as up when the broker has accepted all subscriptions; they are asked for at every connect,
//! also when the broker still knows the session. A broker that says nothing for [`MqttOptions::ping_timeout`] is asked
//! for a sign of life, and after as long again the connection is given up. Mistakes that only people can mend
//! (password, certificate, access control, version) end the transport with [`TransportEvent::Failed`] as long as it has
//! never been up; later it goes on trying, for then the mistake may be the broker's and pass.

mod reconnect_delay;
mod mqtt_client;
mod driver;
mod mqtt_error;
mod connection_errors;
mod write_buffer;
mod receive_queue;
mod mqtt_options;
mod send_queue;
mod reconnect;
mod secret;
#[cfg(feature = "tls")]
mod tls;
mod broker_url;
mod v3;
mod v5;
mod keep_alive;

use tokio::sync::mpsc;

use super::{Connection, Session, Transport};
pub use mqtt_error::MqttError;
pub use mqtt_options::{MqttOptions, Version};
pub use secret::Secret;

#[cfg(doc)]
use super::TransportEvent;

/// Messages over a broker of MQTT 5 or 3.1.1.
#[derive(Debug)]
pub struct MqttTransport {
    options: MqttOptions,
}

impl Transport for MqttTransport {
    fn open(self: Box<Self>, session: Session) -> Connection {
        let capacity = session.capacity.max(1);
        let (outgoing, waiting) = mpsc::channel(capacity);
        let (reports, incoming) = mpsc::channel(capacity);
        let (taken, receipts) = mpsc::unbounded_channel();
        let outbox = send_queue::SendQueue::new(waiting);
        let inbox = receive_queue::ReceiveQueue::new(reports, capacity);
        let ended = tokio::spawn(driver::run(self.options, session, outbox, inbox, receipts));
        Connection { outgoing, incoming, taken, ended }
    }

    fn carries_properties(&self) -> bool {
        self.options.version == Version::V5
    }
}
