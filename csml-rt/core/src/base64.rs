//! Base64 (RFC 4648, standard alphabet, padded), the form of bytes in JSON.

use alloc::{string::String, vec::Vec};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Appends the Base64 text of `bytes` to `out`.
pub fn encode(bytes: &[u8], out: &mut String) {
    out.reserve(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut group = 0u32;
        for position in 0..3 {
            group = group << 8 | chunk.get(position).copied().map_or(0, u32::from);
        }
        for position in 0..4 {
            let digit = (group >> (18 - 6 * position)) & 63;
            let filled = position <= chunk.len();
            out.push(match ALPHABET.get(digit as usize) {
                Some(letter) if filled => char::from(*letter),
                _ => '=',
            });
        }
    }
}

/// The bytes of a Base64 text; `None` if it is not one.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.as_bytes();
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let padding = text.iter().rev().take_while(|byte| **byte == b'=').count();
    let digits = text.get(..text.len() - padding)?;
    if padding > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    for chunk in digits.chunks(4) {
        let mut group = 0u32;
        for position in 0..4 {
            let digit = match chunk.get(position) {
                Some(letter) => digit(*letter)?,
                None => 0,
            };
            group = group << 6 | digit;
        }
        let [_, first, second, third] = group.to_be_bytes();
        let whole = [first, second, third];
        let (used, spare) = whole.split_at_checked(chunk.len() - 1)?;
        // Bits that belong to no byte must be zero: one text for each value.
        if spare.iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend_from_slice(used);
    }
    Some(bytes)
}

fn digit(letter: u8) -> Option<u32> {
    let digit = match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        let mut out = String::new();
        encode(bytes, &mut out);
        out
    }

    #[test]
    fn the_rfc_examples_go_both_ways() {
        let examples: [(&[u8], &str); 7] = [
            (b"", ""),
            (b"f", "Zg=="),
            (b"fo", "Zm8="),
            (b"foo", "Zm9v"),
            (b"foob", "Zm9vYg=="),
            (b"fooba", "Zm9vYmE="),
            (b"foobar", "Zm9vYmFy"),
        ];
        for (bytes, encoded) in examples {
            assert_eq!(text(bytes), encoded);
            assert_eq!(decode(encoded).as_deref(), Some(bytes));
        }
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(decode(&text(&all)), Some(all));
    }

    #[test]
    fn what_is_no_base64_is_refused() {
        for text in ["Z", "Zg", "Zg=", "Z===", "====", "Zh==", "Zm9=", "Zm=v", "Zm9v\n", "Zm-v"] {
            assert_eq!(decode(text), None, "{text:?}");
        }
    }
}
