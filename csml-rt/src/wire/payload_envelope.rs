//! Envelopes in payloads, for transports without user properties: `{"csml": {…}, "data": …}`.

use bytes::Bytes;
use csml_rt_core::{Value, write_json_text};

use super::encoding::Encoding;
use super::envelope_field::{Properties, rejected};
use super::json_scan;
use super::payload;
use super::rejection::{Rejection, RejectionKind};
use super::wire_limits::WireLimits;
use crate::transport::Message;

/// Writes the payload of an event. `data` are already encoded.
pub(super) fn write(mut properties: Properties, data: &[u8], encoding: Encoding) -> Vec<u8> {
    properties.sort_unstable();
    match encoding {
        Encoding::Json => {
            let mut out = String::with_capacity(256);
            for (index, (name, text)) in properties.iter().enumerate() {
                out.push_str(if index == 0 { "{\"csml\":{" } else { "," });
                write_json_text(name, &mut out);
                out.push(':');
                write_json_text(text, &mut out);
            }
            out.push('}');
            let mut bytes = out.into_bytes();
            if !data.is_empty() {
                bytes.extend_from_slice(b",\"data\":");
                bytes.extend_from_slice(data);
            }
            bytes.push(b'}');
            bytes
        }
        #[cfg(feature = "cbor")]
        Encoding::Cbor => {
            let texts = properties.into_iter().map(|(name, text)| (name, Value::from(text)));
            super::cbor::join(&Value::map(texts), data)
        }
    }
}

/// Splits such a payload into envelope and data.
///
/// # Errors
/// It is malformed, or exceeds a limit.
pub(super) fn read(
    message: &Message,
    limits: &WireLimits,
) -> Result<(Properties, (Bytes, Encoding)), Rejection> {
    let bytes = &message.payload;
    let encoding = payload::encoding_of(message.content_type, bytes)?;
    let limits = &limits.for_control();
    let (envelope, data) = match encoding {
        Encoding::Json => {
            if bytes.is_empty() {
                return Err(other_version("no payload", "5", "3.1.1"));
            }
            let parts = json_scan::split(json_scan::utf8(bytes)?).ok_or_else(|| {
                let what = "the payload is not a JSON object with `csml`, the envelope, and `data`";
                Rejection::new(RejectionKind::Payload, what)
            })?;
            (parts.0.map(str::as_bytes), parts.1.map(|data| data.trim_end().as_bytes()))
        }
        #[cfg(feature = "cbor")]
        Encoding::Cbor => super::cbor::split(bytes, limits)?,
    };
    let envelope =
        envelope.ok_or_else(|| other_version("no envelope `csml` in its payload", "5", "3.1.1"))?;
    if envelope.len() > limits.envelope_bytes {
        return Err(too_large(envelope.len(), limits));
    }
    let properties = properties(&payload::read(envelope, encoding, limits)?, limits)?;
    let data = data.map_or_else(Bytes::new, |data| bytes.slice_ref(data));
    Ok((properties, (data, encoding)))
}

fn properties(envelope: &Value, limits: &WireLimits) -> Result<Properties, Rejection> {
    let entries = envelope.as_map().ok_or_else(|| rejected("`csml` is not an object"))?;
    if entries.len() > limits.properties {
        return Err(too_many(entries.len(), limits));
    }
    // Names and values of other types are unknown and ignored.
    let texts = entries.iter().filter_map(|(name, value)| {
        let text = match value {
            Value::Text(text) => text.to_string(),
            Value::Int(number) => number.to_string(),
            _ => return None,
        };
        Some((name.as_text()?.to_owned(), text))
    });
    Ok(texts.collect())
}

/// Whether a message has its envelope in the payload, as other transports need it.
pub(super) fn is_in_payload(message: &Message) -> bool {
    let text = json_scan::utf8(&message.payload).ok();
    text.and_then(json_scan::split).is_some_and(|parts| parts.0.is_some())
}

/// An event in the form of another version of MQTT, from another process or from before a change.
#[cold]
pub(super) fn other_version(what: &str, its: &str, own: &str) -> Rejection {
    let text = format!(
        "it has {what}, as with MQTT {its}, but this process uses MQTT {own}: use one version in all processes. What the \
         broker has kept from before a change of the version is dropped, and sent again by processes that still run. This is \
         logged once"
    );
    Rejection::new(RejectionKind::Version, text)
}

/// # Errors
/// The number or the size of the properties exceeds a limit.
pub(super) fn check(properties: &[(String, String)], limits: &WireLimits) -> Result<(), Rejection> {
    if properties.len() > limits.properties {
        return Err(too_many(properties.len(), limits));
    }
    let size = properties.iter().map(|(name, text)| name.len() + text.len()).sum::<usize>();
    if size > limits.envelope_bytes {
        return Err(too_large(size, limits));
    }
    Ok(())
}

#[cold]
fn too_large(size: usize, limits: &WireLimits) -> Rejection {
    let text = format!("the envelope has {size} bytes, but at most {} are allowed", limits.envelope_bytes);
    Rejection::new(RejectionKind::Size, text)
}

#[cold]
fn too_many(count: usize, limits: &WireLimits) -> Rejection {
    let text = format!("the message has {count} properties, but at most {} are allowed", limits.properties);
    Rejection::new(RejectionKind::Size, text)
}
