//! Decoded messages.

use std::sync::Arc;

use bytes::Bytes;
use csml_rt_core::{Channel, Value};

use super::encoding::Encoding;
use super::json_scan;
use crate::link::{Ack, SequencedEvent, SourceName, SourceSync, Weight};
use crate::traceparent::TraceParent;

/// The content of an event, which is opaque to the link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Body {
    /// The channel it was raised on; `Peripheral` for an event from outside that a process injects.
    pub channel: Channel,
    /// Path of the raising machine below its top-level instance; empty for the top-level machine itself.
    pub nested: Arc<str>,
    /// The path of the only instance that gets it; all receivers if absent. For events from outside.
    pub to: Option<Arc<str>>,
    /// When it was raised: milliseconds since the Unix epoch.
    pub time: u64,
    /// Revision of the store that the raising process had committed; 0 without a store. A process handles the event
    /// only after it has seen this revision.
    pub revision: u64,
    /// W3C trace context, if it has one.
    pub traceparent: Option<Arc<TraceParent>>,
    /// The data, encoded; empty for none.
    pub payload: Bytes,
    /// The encoding of the data.
    pub encoding: Encoding,
}

impl Weight for Body {
    fn weight(&self) -> usize {
        let path = self.nested.len() + self.to.as_ref().map_or(0, |to| to.len());
        let trace = self.traceparent.as_ref().map_or(0, |_| size_of::<TraceParent>());
        size_of::<Self>() + self.payload.len() + path + trace
    }

    /// A received payload is a part of what was read from the network, and keeps all of that. It may have any amount of
    /// white space as well.
    fn shrink(&mut self) {
        self.payload = match self.encoding {
            Encoding::Json => json_scan::without_space(&self.payload).into(),
            #[cfg(feature = "cbor")]
            Encoding::Cbor => Bytes::copy_from_slice(&self.payload),
        };
    }
}

/// A decoded message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Packet {
    /// An event of the link.
    Event(SequencedEvent<Body>),
    /// An acknowledgement of a receiver.
    Ack {
        /// The receiver.
        receiver: Arc<str>,
        /// The acknowledgement.
        ack: Ack,
    },
    /// An announcement of a source, or its answers to receivers.
    Sync {
        /// The source.
        source: SourceName,
        /// What it tells its receivers.
        sync: SourceSync,
    },
    /// A plain event from outside, published by any MQTT client.
    FromOutside {
        /// Position of the event in the description.
        event: u16,
        /// Its data, not yet checked against the event's type; `Null` for none.
        data: Value,
    },
    /// A process has started or ended.
    Presence {
        /// Its name.
        process: Arc<str>,
        /// Whether it is running.
        online: bool,
    },
}
