//! The wire format: topics, envelope and payload of the messages between processes (`docs/wire.md`). For programs that
//! exchange messages with a distributed application without this crate's `App`; applications only need
//! [`WireOptions`].

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

pub use codec::Codec;
pub use csml_rt_core::{decode_name, encode_name};
pub use encoding::Encoding;
pub use lane::{lane, lane_parts};
pub use packet::{Body, Packet};
pub use rejection::{Rejection, RejectionKind};
pub use wire_limits::WireLimits;
pub use wire_options::WireOptions;
