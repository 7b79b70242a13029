//! Encoding and decoding data.

use std::collections::BTreeSet;

use csml_rt_core::Value;

#[cfg(feature = "cbor")]
use super::cbor;
use super::encoding::Encoding;
use super::json_scan;
use super::rejection::{Rejection, RejectionKind};
use super::wire_limits::WireLimits;

/// The encoding of a payload: by its media type, otherwise by its first byte, since no JSON begins with a byte above
/// ASCII and every CBOR map does.
pub(super) fn encoding_of(content_type: Option<&str>, payload: &[u8]) -> Result<Encoding, Rejection> {
    let cbor = match content_type {
        Some(Encoding::JSON_TYPE) => false,
        Some("application/cbor") => true,
        _ => payload.first().is_some_and(|byte| *byte >= 0x80),
    };
    match cbor {
        false => Ok(Encoding::Json),
        #[cfg(feature = "cbor")]
        true => Ok(Encoding::Cbor),
        #[cfg(not(feature = "cbor"))]
        true => Err(Rejection::new(
            RejectionKind::Payload,
            "the payload is CBOR, but this program was built without it: enable the feature `cbor` of csml-rt, or send JSON",
        )),
    }
}

/// # Errors
/// It exceeds a limit, or cannot be written so that the same value is read back.
pub(super) fn write(value: &Value, encoding: Encoding, limits: &WireLimits) -> Result<Vec<u8>, Rejection> {
    measure(value, encoding, &mut limits.payload_bytes.clone(), limits)?;
    let bytes = write_trusted(value, encoding);
    check(&bytes, encoding, limits)?;
    Ok(bytes)
}

/// Writes a value that is known to be small.
pub(super) fn write_trusted(value: &Value, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Json => value.to_json().into_bytes(),
        #[cfg(feature = "cbor")]
        Encoding::Cbor => cbor::write(value),
    }
}

/// # Errors
/// It is malformed, or exceeds a limit.
pub(super) fn read(bytes: &[u8], encoding: Encoding, limits: &WireLimits) -> Result<Value, Rejection> {
    check(bytes, encoding, limits)?;
    match encoding {
        Encoding::Json => crate::json::parse(json_scan::utf8(bytes)?)
            .map_err(|error| Rejection::new(RejectionKind::Payload, format!("invalid JSON: {error}"))),
        #[cfg(feature = "cbor")]
        Encoding::Cbor => cbor::read(bytes),
    }
}

/// Like [`read`], for data of an event: a map, or `Null` for none.
pub(super) fn read_data(bytes: &[u8], encoding: Encoding, limits: &WireLimits) -> Result<Value, Rejection> {
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    let value = read(bytes, encoding, limits)?;
    match value {
        Value::Map(_) | Value::Null => Ok(value),
        other => Err(Rejection::new(
            RejectionKind::Payload,
            format!(
                "the data of an event are a map of names and values, or absent; this is a {}",
                other.kind()
            ),
        )),
    }
}

/// Checks a payload against the limits before it is decoded.
fn check(bytes: &[u8], encoding: Encoding, limits: &WireLimits) -> Result<(), Rejection> {
    if bytes.len() > limits.payload_bytes {
        return Err(limits.too_large(&format!("{} bytes", bytes.len())));
    }
    match encoding {
        Encoding::Json => json_scan::check(bytes, limits),
        #[cfg(feature = "cbor")]
        Encoding::Cbor => cbor::check(bytes, limits),
    }
}

/// Checks a value against the limits before it is encoded: parts of it may be shared, so that it is small in memory
/// and huge as text. Every value takes at least one byte.
fn measure(
    value: &Value,
    encoding: Encoding,
    left: &mut usize,
    limits: &WireLimits,
) -> Result<(), Rejection> {
    let size = match value {
        Value::Text(text) => 1 + text.len(),
        Value::Bytes(bytes) => 1 + bytes.len(),
        _ => 1,
    };
    let Some(rest) = left.checked_sub(size) else {
        return Err(limits.too_large("more bytes than that"));
    };
    *left = rest;
    match value {
        Value::List(items) => items.iter().try_for_each(|item| measure(item, encoding, left, limits)),
        Value::Set(items) => items.iter().try_for_each(|item| measure(item, encoding, left, limits)),
        Value::Map(entries) => {
            for (key, value) in entries.iter() {
                measure(key, encoding, left, limits)?;
                measure(value, encoding, left, limits)?;
            }
            if encoding == Encoding::Json && entries.keys().any(|key| key.as_text().is_none()) {
                distinct(entries.keys())?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// JSON keys are strings, so `1` and `"1"` would be the same key.
fn distinct<'a>(keys: impl Iterator<Item = &'a Value>) -> Result<(), Rejection> {
    let mut texts = BTreeSet::new();
    for key in keys {
        let text = key.as_text().map_or_else(|| key.to_json(), String::from);
        if !texts.insert(text) {
            return Err(Rejection::new(
                RejectionKind::Payload,
                format!(
                    "a map has two keys that are the same in JSON, `{}`: use other keys, or CBOR",
                    super::rejection::shown(&key.to_json())
                ),
            ));
        }
    }
    Ok(())
}
