//! How a process writes messages, and what it takes from others.

use bytes::Bytes;
use csml_rt_core::Value;

use super::refusal::Refusal;
use super::{Encoding, payload};

/// How messages are written, and how large they may be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WireOptions {
    /// How data and notes of the link are written. Both encodings are read, whatever stands here.
    pub encoding: Encoding,
    /// What is refused.
    pub limits: WireLimits,
    /// Whether the envelope stands in the payload: for transports without properties, such as MQTT 3.1.1. The
    /// same for all processes of an application.
    pub envelope_in_payload: bool,
}

impl WireOptions {
    /// Data of an event as bytes: empty for none, which is the same in every encoding.
    ///
    /// # Errors
    /// They are more than allowed, or have no form in the encoding.
    pub fn payload(&self, data: Option<&Value>) -> Result<(Bytes, Encoding), Refusal> {
        let encoding = self.encoding;
        match data {
            None | Some(Value::Null) => Ok((Bytes::new(), Encoding::default())),
            Some(data) => Ok((payload::write(data, encoding, &self.limits)?.into(), encoding)),
        }
    }
}

/// What a message may be. What goes beyond is refused before memory is used for it, and at the sender already
/// where it is data of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireLimits {
    /// Bytes of the data of one event: 256 KiB.
    pub payload_bytes: usize,
    /// Bytes of an envelope, names and values: 128 KiB.
    pub envelope_bytes: usize,
    /// Properties of one message, unknown ones included: 64.
    pub properties: usize,
    /// Lists, sets and maps that may stand within each other: 64. More than 120 cannot be read in any case.
    pub depth: usize,
    /// Values in the data of one event, keys of maps included: 65,536.
    pub values: usize,
    /// Plain events from outside that are taken in a second, for each event name: 10,000; 0 for any number.
    pub outside_per_second: u32,
    /// How many of these may come at once after a pause: 10,000.
    pub outside_burst: u32,
}

impl Default for WireLimits {
    fn default() -> Self {
        Self {
            payload_bytes: 256 << 10,
            envelope_bytes: 128 << 10,
            properties: 64,
            depth: 64,
            values: 65_536,
            outside_per_second: 10_000,
            outside_burst: 10_000,
        }
    }
}

impl WireLimits {
    /// Bytes that a message's payload may have: data, and what may stand around them.
    #[must_use]
    pub const fn message_bytes(&self) -> usize {
        self.payload_bytes.saturating_add(self.envelope_bytes)
    }
}
