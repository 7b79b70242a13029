//! Limits of messages.

use super::rejection::{Rejection, RejectionKind};

/// Limits of messages. A receiver rejects a larger message before it allocates memory for it; a sender rejects an event
/// whose data exceed a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireLimits {
    /// Bytes of the data of one event: 256 KiB.
    pub payload_bytes: usize,
    /// Bytes of an envelope, names and values together: 128 KiB.
    pub envelope_bytes: usize,
    /// Properties of one message, unknown ones included: 64.
    pub properties: usize,
    /// Levels of nested lists, sets and maps: 64. More than 120 cannot be read in any case.
    pub depth: usize,
    /// Values in the data of one event, keys of maps included: 65,536.
    pub values: usize,
    /// Plain events from outside per second, event name and quality of service: 10,000; 0 means no limit.
    pub outside_per_second: u32,
    /// How many of these may arrive at once after a pause: 10,000.
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
    /// The largest payload of a message in bytes: data and envelope.
    #[must_use]
    pub const fn message_bytes(&self) -> usize {
        self.payload_bytes.saturating_add(self.envelope_bytes)
    }

    /// The same limits for control messages, and for payloads that contain the envelope.
    pub(super) fn for_control(&self) -> Self {
        Self { payload_bytes: self.message_bytes(), ..self.clone() }
    }

    #[cold]
    pub(super) fn too_large(&self, size: &str) -> Rejection {
        let text = format!("the data have {size}, but at most {} bytes are allowed", self.payload_bytes);
        Rejection::new(RejectionKind::Size, text)
    }

    #[cold]
    pub(super) fn too_deep(&self) -> Rejection {
        let text = format!("the data nest deeper than {} levels, which is the limit", self.depth);
        Rejection::new(RejectionKind::Depth, text)
    }

    #[cold]
    pub(super) fn too_many_values(&self) -> Rejection {
        let text = format!("the data have more than {} values and keys, which is the limit", self.values);
        Rejection::new(RejectionKind::Size, text)
    }
}
