//! Options of the wire format.

use bytes::Bytes;
use csml_rt_core::Value;

use super::encoding::Encoding;
use super::payload;
use super::rejection::Rejection;
use super::wire_limits::WireLimits;

/// Encoding and limits of messages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WireOptions {
    /// The encoding of data and control messages that this process writes. It reads both encodings.
    pub encoding: Encoding,
    /// Messages that exceed these limits are rejected.
    pub limits: WireLimits,
    /// Whether the envelope is part of the payload: for transports without user properties, such as MQTT 3.1.1. Must be
    /// the same in all processes of an application.
    pub envelope_in_payload: bool,
}

impl WireOptions {
    /// Encodes the data of an event. No data are empty in every encoding.
    ///
    /// # Errors
    /// They exceed a limit, or cannot be represented in the encoding.
    pub fn payload(&self, data: Option<&Value>) -> Result<(Bytes, Encoding), Rejection> {
        let encoding = self.encoding;
        match data {
            None | Some(Value::Null) => Ok((Bytes::new(), Encoding::default())),
            Some(data) => Ok((payload::write(data, encoding, &self.limits)?.into(), encoding)),
        }
    }
}
