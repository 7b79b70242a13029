//! Values as CBOR (RFC 8949): byte strings, sets with tag 258, keys of any type.

use std::collections::BTreeMap;

use ciborium::Value as Cbor;
use csml_rt_core::Value;

use super::rejection::{Rejection, RejectionKind};
use super::wire_limits::WireLimits;

/// The tag of a set.
const SET: u64 = 258;

pub(super) fn write(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to a vector cannot fail.
    let _ = ciborium::into_writer(&to_cbor(value), &mut bytes);
    bytes
}

fn to_cbor(value: &Value) -> Cbor {
    match value {
        Value::Null => Cbor::Null,
        Value::Bool(value) => Cbor::Bool(*value),
        Value::Int(value) => Cbor::Integer((*value).into()),
        Value::Float(value) => Cbor::Float(*value),
        Value::Text(text) => Cbor::Text(text.as_str().into()),
        Value::Bytes(bytes) => Cbor::Bytes(bytes.to_vec()),
        Value::List(items) => Cbor::Array(items.iter().map(to_cbor).collect()),
        Value::Set(items) => Cbor::Tag(SET, Box::new(Cbor::Array(items.iter().map(to_cbor).collect()))),
        Value::Map(entries) => {
            Cbor::Map(entries.iter().map(|(key, value)| (to_cbor(key), to_cbor(value))).collect())
        }
    }
}

/// Reads bytes that were [checked](check).
///
/// # Errors
/// They contain an item that has no value.
pub(super) fn read(bytes: &[u8]) -> Result<Value, Rejection> {
    match ciborium::from_reader::<Cbor, _>(bytes) {
        Ok(value) => from_cbor(value),
        Err(error) => Err(rejected(&error.to_string())),
    }
}

fn from_cbor(value: Cbor) -> Result<Value, Rejection> {
    Ok(match value {
        Cbor::Null => Value::Null,
        Cbor::Bool(value) => value.into(),
        Cbor::Integer(value) => {
            i64::try_from(value).map_err(|_| rejected("an integer does not fit into 64 bits"))?.into()
        }
        Cbor::Float(value) => value.into(),
        Cbor::Text(text) => text.into(),
        Cbor::Bytes(bytes) => csml_rt_core::Bytes(bytes).into(),
        Cbor::Array(items) => items.into_iter().map(from_cbor).collect::<Result<Vec<_>, _>>()?.into(),
        Cbor::Tag(SET, content) => match *content {
            Cbor::Array(items) => {
                Value::set(items.into_iter().map(from_cbor).collect::<Result<Vec<_>, _>>()?)
            }
            _ => return Err(rejected("tag 258 (set) is followed by an item that is not an array")),
        },
        Cbor::Tag(tag, _) => return Err(rejected(&format!("tag {tag} is not supported; 258 (set) is"))),
        Cbor::Map(entries) => {
            let mut map = BTreeMap::new();
            for (key, value) in entries {
                if map.insert(from_cbor(key)?, from_cbor(value)?).is_some() {
                    return Err(rejected("a key occurs twice"));
                }
            }
            map.into()
        }
        _ => return Err(rejected("it has an item of an unsupported type")),
    })
}

/// Checks that the bytes are one well-formed item within the limits.
///
/// # Errors
/// They are not, or nest too deep, or have too many values.
pub(super) fn check(bytes: &[u8], limits: &WireLimits) -> Result<(), Rejection> {
    match Scan::new(bytes, limits).only_item() {
        Ok(()) => Ok(()),
        Err(fault) => Err(fault.rejection(limits)),
    }
}

/// The items of `csml` and `data`, not parsed.
type Parts<'a> = (Option<&'a [u8]>, Option<&'a [u8]>);

/// Splits a payload that contains its envelope.
///
/// # Errors
/// It is not a well-formed map, or has one of them twice.
pub(super) fn split<'a>(bytes: &'a [u8], limits: &WireLimits) -> Result<Parts<'a>, Rejection> {
    Scan::new(bytes, limits).parts().map_err(|fault| fault.rejection(limits))
}

/// Writes a payload that contains its envelope. `data` are already encoded.
pub(super) fn join(envelope: &Value, data: &[u8]) -> Vec<u8> {
    /// A map with one entry; plus one for two entries.
    const MAP: u8 = 0xa1;

    let mut bytes = vec![if data.is_empty() { MAP } else { MAP + 1 }];
    bytes.extend_from_slice(ENVELOPE_KEY);
    bytes.extend(write(envelope));
    if !data.is_empty() {
        bytes.extend_from_slice(DATA_KEY);
        bytes.extend_from_slice(data);
    }
    bytes
}

const ENVELOPE_KEY: &[u8] = b"\x64csml";
const DATA_KEY: &[u8] = b"\x64data";

enum Fault {
    Malformed(&'static str),
    Depth,
    Values,
}

impl Fault {
    fn rejection(&self, limits: &WireLimits) -> Rejection {
        match self {
            Self::Malformed(what) => rejected(what),
            Self::Depth => limits.too_deep(),
            Self::Values => limits.too_many_values(),
        }
    }
}

/// Scans items without storing them.
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The remaining number of values.
    values: usize,
    depth: usize,
}

const ENDS: Fault = Fault::Malformed("it ends too early");
const BREAK: u8 = 0xff;

impl<'a> Scan<'a> {
    fn new(bytes: &'a [u8], limits: &WireLimits) -> Self {
        /// The depth that ciborium can read.
        const DEEPEST: usize = 120;

        Self { bytes, at: 0, values: limits.values, depth: limits.depth.min(DEEPEST) }
    }

    fn only_item(mut self) -> Result<(), Fault> {
        self.item(self.depth)?;
        self.end()
    }

    fn end(&self) -> Result<(), Fault> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(Fault::Malformed("bytes follow its end")) }
    }

    fn parts(mut self) -> Result<Parts<'a>, Fault> {
        let (major, count) = self.head()?;
        if major != 5 {
            return Err(Fault::Malformed("a payload with its envelope is a map of `csml` and `data`"));
        }
        let (mut envelope, mut data) = (None, None);
        let mut done = 0;
        while !self.is_last(count, done)? {
            let key = self.slice()?;
            let value = self.slice()?;
            let slot = match key {
                ENVELOPE_KEY => Some(&mut envelope),
                DATA_KEY => Some(&mut data),
                _ => None,
            };
            if let Some(slot) = slot
                && slot.replace(value).is_some()
            {
                return Err(Fault::Malformed("a key occurs twice"));
            }
            done += 1;
        }
        self.end()?;
        Ok((envelope, data))
    }

    /// The bytes of the next item.
    fn slice(&mut self) -> Result<&'a [u8], Fault> {
        let start = self.at;
        self.item(self.depth)?;
        self.bytes.get(start..self.at).ok_or(ENDS)
    }

    fn item(&mut self, depth: usize) -> Result<(), Fault> {
        self.values = self.values.checked_sub(1).ok_or(Fault::Values)?;
        let (major, count) = self.head()?;
        match major {
            0 | 1 => count.map(|_| ()).ok_or(Fault::Malformed("an integer without a length")),
            2 | 3 => match count {
                Some(length) => self.skip(length),
                None => self.chunks(major),
            },
            6 if count.is_some() => self.item(inside(depth)?),
            4 | 5 => {
                let inside = inside(depth)?;
                let mut done = 0;
                while !self.is_last(count, done)? {
                    self.item(inside)?;
                    if major == 5 {
                        self.item(inside)?;
                    }
                    done += 1;
                }
                Ok(())
            }
            7 if count.is_some() => Ok(()),
            _ => Err(Fault::Malformed("a break or a tag at a place where it is not allowed")),
        }
    }

    /// Whether the collection has no further items; consumes the break of one with unknown length.
    fn is_last(&mut self, count: Option<u64>, done: u64) -> Result<bool, Fault> {
        match count {
            Some(count) => Ok(done >= count),
            None if *self.bytes.get(self.at).ok_or(ENDS)? == BREAK => {
                self.at += 1;
                Ok(true)
            }
            None => Ok(false),
        }
    }

    fn chunks(&mut self, major: u8) -> Result<(), Fault> {
        while !self.is_last(None, 0)? {
            match self.head()? {
                (of, Some(length)) if of == major => self.skip(length)?,
                _ => return Err(Fault::Malformed("a string with chunks of another type")),
            }
        }
        Ok(())
    }

    /// Major type and argument; `None` for an unknown length.
    fn head(&mut self) -> Result<(u8, Option<u64>), Fault> {
        let first = *self.bytes.get(self.at).ok_or(ENDS)?;
        self.at += 1;
        let length = match first & 31 {
            small @ 0..=23 => return Ok((first >> 5, Some(u64::from(small)))),
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            31 => return Ok((first >> 5, None)),
            _ => return Err(Fault::Malformed("a reserved length")),
        };
        let start = self.at;
        self.skip(length)?;
        let argument = self.bytes.get(start..self.at).unwrap_or_default();
        Ok((first >> 5, Some(argument.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)))))
    }

    fn skip(&mut self, length: u64) -> Result<(), Fault> {
        let left = self.bytes.len() - self.at;
        match usize::try_from(length) {
            Ok(length) if length <= left => {
                self.at += length;
                Ok(())
            }
            _ => Err(ENDS),
        }
    }
}

fn inside(depth: usize) -> Result<usize, Fault> {
    depth.checked_sub(1).ok_or(Fault::Depth)
}

#[cold]
fn rejected(what: &str) -> Rejection {
    Rejection::new(RejectionKind::Payload, format!("invalid CBOR: {what}"))
}
