//! What processes say to each other, as messages: topics, envelope, payload (`docs/wire.md`).

#[cfg(feature = "cbor")]
mod cbor;
mod codec;
mod control;
mod envelope;
mod json_scan;
mod lane;
mod payload;
mod payload_envelope;
mod prev_property;
mod rate_limit;
mod refusal;
#[cfg(test)]
mod tests;
mod topic_filters;
mod topics;
mod wire_options;

use std::sync::Arc;

use bytes::Bytes;
use csml_rt_core::{Channel, Value};

use crate::TraceParent;
use crate::link::{Ack, SequencedEvent, SourceName, SourceSync, Weight};

pub use codec::Codec;
pub use csml_rt_core::{decode_name, encode_name};
pub use lane::{lane, lane_parts};
pub use refusal::{Refusal, RefusalKind};
pub use wire_options::{WireLimits, WireOptions};

/// What belongs to an event beside its number: what the link carries without looking at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The channel it was raised on; `Peripheral` for one from outside that a process hands on.
    pub channel: Channel,
    /// Path of the raising machine below its top-level instance; empty for the top-level machine itself.
    pub nested: Arc<str>,
    /// The only instance (path) it is for; everyone's if absent. For events from outside.
    pub to: Option<Arc<str>>,
    /// When it was raised: milliseconds since the Unix epoch.
    pub time: u64,
    /// Revision of the store that the raising process had committed; 0 without a store. Whoever handles the
    /// event must have seen it.
    pub revision: u64,
    /// W3C trace context, if it has one.
    pub traceparent: Option<Arc<TraceParent>>,
    /// The data, encoded; empty for none.
    pub payload: Bytes,
    /// How they are encoded.
    pub encoding: Encoding,
}

/// How data are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// JSON, as in traces.
    #[default]
    Json,
    /// CBOR (RFC 8949).
    #[cfg(feature = "cbor")]
    Cbor,
}

impl Encoding {
    /// Media type of JSON.
    pub(crate) const JSON_TYPE: &'static str = "application/json";

    /// The media type of what is written so.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => Self::JSON_TYPE,
            #[cfg(feature = "cbor")]
            Self::Cbor => "application/cbor",
        }
    }
}

/// A message that was understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Packet {
    /// An event of the link.
    Event(SequencedEvent<Body>),
    /// What a receiver says.
    Ack {
        /// The receiver.
        receiver: Arc<str>,
        /// What it says.
        ack: Ack,
    },
    /// What a source says.
    Sync {
        /// The source.
        source: SourceName,
        /// What it says.
        sync: SourceSync,
    },
    /// A peripheral event from whoever speaks MQTT.
    FromOutside {
        /// Position of the event in the description.
        event: u16,
        /// Its data, not yet checked against the event's type; `Null` for none.
        data: Value,
    },
    /// A process has come or gone.
    Presence {
        /// Its name.
        process: Arc<str>,
        /// Whether it is there.
        online: bool,
    },
}

impl Weight for Body {
    fn weight(&self) -> usize {
        // Texts other than the payload are shared between events or small.
        size_of::<Self>() + self.payload.len()
    }
}
