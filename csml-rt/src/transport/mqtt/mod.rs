//! MQTT 5 and 3.1.1: the transport between processes on several hosts. For programs that run an application
//! distributed over a broker.
//!
//! [`MqttOptions`] describes the broker and the connection; [`MqttOptions::transport`] makes the [`Transport`]. One
//! task drives it (`driver.rs`) and never waits for its user: at most [`Session::capacity`] messages (and 4,096) are
//! unacknowledged by the broker, as many more wait in the channel, and received messages are acknowledged when their
//! receipts come back, so that the broker holds back what a slow reader has no room for.
//!
//! A connection counts as up when the broker has accepted all subscriptions. These are requested at every connect, also
//! when the broker has kept the session. If no packet arrives for [`MqttOptions::ping_timeout`] the transport pings the
//! broker, and after the same time again without an answer it closes the connection. Errors that only a person can fix
//! (password, certificate, access control, version) end the transport with [`TransportEvent::Failed`] unless it has been
//! up before; then it keeps trying, because the cause may be temporary and on the side of the broker.

mod broker_url;
mod client_event;
mod connection_errors;
mod connector;
mod driver;
mod error_chain;
mod keep_alive;
mod mqtt_client;
mod mqtt_error;
mod mqtt_options;
mod mqtt_transport;
mod packet_filter;
mod packet_scan;
mod receive_queue;
mod reconnect;
mod reconnect_delay;
mod secret;
mod send_queue;
#[cfg(feature = "tls")]
mod tls;
mod v3;
mod v5;
mod write_buffer;

pub use mqtt_error::MqttError;
pub use mqtt_options::{MqttOptions, Version};
pub use mqtt_transport::MqttTransport;
pub use secret::Secret;

#[cfg(doc)]
use super::{Session, Transport, TransportEvent};
