//! Encodings of data.

/// An encoding of data.
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

    /// The media type of this encoding.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => Self::JSON_TYPE,
            #[cfg(feature = "cbor")]
            Self::Cbor => "application/cbor",
        }
    }
}
