//! The wire format as a whole.

#![allow(clippy::unwrap_used, reason = "a test fails with the place")]

mod examples;
mod fuzz;
mod hostile;
mod limits;

use std::sync::Arc;

use bytes::Bytes;
use csml_rt_core::{Channel, Description, EventInfo, MachineInfo, MemoryMode, Raise, StateInfo};

use super::{Body, Codec, Encoding, WireLimits, WireOptions, lane};
use crate::TraceParent;
use crate::link::{SequencedEvent, SourceName};

const MACHINES: &[MachineInfo] = &[MachineInfo {
    name: "barrier",
    path: "",
    top: 0,
    parent: None,
    states: &[StateInfo { name: "only", terminal: false }],
    timers: &[],
    invokes: &[],
    persistent: &[],
}];

/// Raised by a machine, handled, and coming from outside: an event of every kind, under a plain and an odd name.
const EVENTS: &[EventInfo] = &[
    EventInfo { name: "sensor", receivers: &[0], raised: &[], from_outside: true, compact: false },
    EventInfo {
        name: "gate",
        receivers: &[0],
        raised: &[
            Raise { machine: 0, channel: Channel::External },
            Raise { machine: 0, channel: Channel::Global },
        ],
        from_outside: false,
        compact: false,
    },
    EventInfo { name: "+/#/ü", receivers: &[0], raised: &[], from_outside: true, compact: false },
    EventInfo { name: "", receivers: &[0], raised: &[], from_outside: true, compact: false },
];

const DESCRIPTION: &Description = &Description {
    name: "railway",
    memory_mode: MemoryMode::Distributed,
    machines: MACHINES,
    events: EVENTS,
    services: &[],
    instances: &[],
    processes: &[],
    separate_data: false,
    persistent: &[],
};

/// Encodings that this build has.
const ENCODINGS: &[Encoding] = &[
    Encoding::Json,
    #[cfg(feature = "cbor")]
    Encoding::Cbor,
];

fn codec_with(options: WireOptions) -> Codec {
    Codec::new(DESCRIPTION, options)
}

fn codec() -> Codec {
    codec_with(WireOptions::default())
}

fn limited(limits: WireLimits) -> Codec {
    codec_with(WireOptions { limits, ..WireOptions::default() })
}

/// Codecs of both encodings and both places of the envelope.
fn every_codec() -> impl Iterator<Item = Codec> {
    ENCODINGS.iter().flat_map(|encoding| {
        [false, true].map(|envelope_in_payload| {
            codec_with(WireOptions { encoding: *encoding, envelope_in_payload, ..WireOptions::default() })
        })
    })
}

fn trace() -> Arc<TraceParent> {
    Arc::new(TraceParent::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").unwrap())
}

/// An event of an instance: `gate`, global, the second of its source.
fn event() -> SequencedEvent<Body> {
    SequencedEvent {
        source: SourceName::Instance("barrier".into()),
        epoch: 7,
        seq: 42,
        predecessors: vec![(lane(1, Channel::External), 3), (lane(1, Channel::Global), 40)],
        lane: lane(1, Channel::Global),
        body: Body {
            channel: Channel::Global,
            nested: Arc::from("motor/left"),
            to: None,
            time: 1_790_000_000_000,
            revision: 12,
            traceparent: Some(trace()),
            payload: Bytes::from_static(br#"{"open":true}"#),
            encoding: Encoding::Json,
        },
    }
}
