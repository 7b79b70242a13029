//! The wire format: topics, envelope and payload of the messages between processes (`docs/wire.md`).
//! [`WireOptions`] are part of [`TransportOptions`](crate::TransportOptions).

#[cfg(feature = "cbor")]
mod cbor;
mod codec;
mod control;
mod encoding;
mod envelope;
mod envelope_field;
mod json_scan;
mod lane;
mod packet;
mod payload;
mod payload_envelope;
mod prev_property;
mod rate_limit;
mod rejection;
#[cfg(test)]
mod tests;
mod topic_filters;
mod topics;
mod wire_limits;
mod wire_options;

pub use encoding::Encoding;
pub use wire_limits::WireLimits;
pub use wire_options::WireOptions;

pub(crate) use codec::Codec;
pub(crate) use lane::{lane, lane_parts};
pub(crate) use packet::{Body, Packet};
pub(crate) use rejection::{Rejection, RejectionKind};
