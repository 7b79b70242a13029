//! Names in topics, in keys of a store and in rules of a broker: each becomes exactly one level, and each has
//! exactly one spelling.
//!
//! Letters, digits and `-._~` of ASCII stand for themselves, every other byte of the UTF-8 text is `%` with two
//! upper-case hexadecimal digits, and the empty name is `%`. So no name holds a separator, a wildcard, a `$` or
//! anything a broker objects to.

use alloc::{borrow::Cow, string::String, vec::Vec};
use core::fmt::Write as _;

/// The empty name.
const EMPTY: &str = "%";

/// A name as a level of a topic or of a key.
#[must_use]
pub fn encode_name(name: &str) -> String {
    encode(name, false)
}

/// The name that a level spells; `None` if none is spelt so.
#[must_use]
pub fn decode_name(level: &str) -> Option<Cow<'_, str>> {
    decode(level, false)
}

/// A path of names in an envelope, where `/` stands for itself.
#[must_use]
pub fn encode_path(path: &str) -> String {
    encode(path, true)
}

/// The path that a text of an envelope spells; `None` if none is spelt so.
#[must_use]
pub fn decode_path(text: &str) -> Option<Cow<'_, str>> {
    decode(text, true)
}

fn encode(name: &str, slash: bool) -> String {
    if name.is_empty() {
        return EMPTY.into();
    }
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        if is_plain(byte, slash) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn decode(text: &str, slash: bool) -> Option<Cow<'_, str>> {
    if text.is_empty() {
        return None;
    }
    if text.bytes().all(|byte| is_plain(byte, slash)) {
        return Some(Cow::Borrowed(text));
    }
    if text == EMPTY {
        return Some(Cow::Borrowed(""));
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let byte = digit(rest.next()?)? << 4 | digit(rest.next()?)?;
            if is_plain(byte, slash) {
                return None;
            }
            bytes.push(byte);
        } else if is_plain(byte, slash) {
            bytes.push(byte);
        } else {
            return None;
        }
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

const fn is_plain(byte: u8, slash: bool) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') || (slash && byte == b'/')
}

const fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_readable_where_they_can_be() {
        let cases = [
            ("sensor", "sensor"),
            ("a-b.c_d~9", "a-b.c_d~9"),
            ("", "%"),
            ("%", "%25"),
            ("a/b", "a%2Fb"),
            ("+", "%2B"),
            ("#", "%23"),
            ("$SYS", "%24SYS"),
            ("\0\n", "%00%0A"),
            ("x\nuser y", "x%0Auser%20y"),
            ("é", "%C3%A9"),
            ("\u{1f682}", "%F0%9F%9A%82"),
            (".", "."),
            ("../..", "..%2F.."),
        ];
        for (name, level) in cases {
            assert_eq!(encode_name(name), level);
            assert_eq!(decode_name(level).as_deref(), Some(name));
        }
        assert_eq!(encode_path("gate/mötor"), "gate/m%C3%B6tor");
        assert_eq!(decode_path("gate/m%C3%B6tor").as_deref(), Some("gate/mötor"));
    }

    #[test]
    fn every_name_has_one_spelling() {
        for level in
            ["", "%%", "%4", "%4G", "%41", "%c3%a9", "%C3", "a b", "é", "a/b", "+", "#", "%2", "a%", "%2F%"]
        {
            assert_eq!(decode_name(level), None, "{level:?}");
        }
        assert_eq!(decode_path("a%2Fb"), None);
    }
}
