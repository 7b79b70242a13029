//! Scanning JSON text without parsing it.

use super::rejection::{Rejection, RejectionKind};
use super::wire_limits::WireLimits;

/// # Errors
/// It is not UTF-8.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, Rejection> {
    std::str::from_utf8(bytes).map_err(|error| {
        let text = format!("invalid JSON: byte {} is not UTF-8", error.valid_up_to() + 1);
        Rejection::new(RejectionKind::Payload, text)
    })
}

/// Checks a text against the limits before it is parsed.
///
/// # Errors
/// It nests too deep or has too many values.
pub(super) fn check(text: &[u8], limits: &WireLimits) -> Result<(), Rejection> {
    let (mut depth, mut values, mut at) = (0_usize, 1_usize, 0);
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => {
                at = after_string(text, at);
                continue;
            }
            b'[' | b'{' => {
                depth += 1;
                values += 1;
                if depth > limits.depth {
                    return Err(limits.too_deep());
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' | b':' => values += 1,
            _ => {}
        }
        at += 1;
    }
    if values > limits.values {
        return Err(limits.too_many_values());
    }
    Ok(())
}

/// A text in memory of its own, without white space outside strings; one blank stays where it separates what would become
/// something else.
pub(super) fn without_space(text: &[u8]) -> Vec<u8> {
    let parts = |byte: Option<&u8>| byte.is_none_or(|byte| b"{}[],:".contains(byte));
    let mut out: Vec<u8> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let start = skip_space(text, at);
        if start > at && !parts(out.last()) && !parts(text.get(start)) {
            out.push(b' ');
        }
        at = after_item(text, start);
        out.extend_from_slice(text.get(start..at).unwrap_or_default());
    }
    out.shrink_to_fit();
    out
}

/// The end of what begins at `at` and has no white space outside strings.
fn after_item(text: &[u8], mut at: usize) -> usize {
    while let Some(byte) = text.get(at) {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => break,
            b'"' => at = after_string(text, at),
            _ => at += 1,
        }
    }
    at.min(text.len())
}

/// The texts of `csml` and `data` in an object: `None` if it is not an object or has one of them twice. The remaining
/// text is not checked.
pub(super) fn split(text: &str) -> Option<(Option<&str>, Option<&str>)> {
    let bytes = text.as_bytes();
    let (mut envelope, mut data) = (None, None);
    let mut at = expect(bytes, 0, b'{')?;
    if let Some(end) = expect(bytes, at, b'}') {
        return (skip_space(bytes, end) == bytes.len()).then_some((None, None));
    }
    loop {
        let key = skip_space(bytes, at);
        if bytes.get(key) != Some(&b'"') {
            return None;
        }
        let colon = after_string(bytes, key);
        let start = skip_space(bytes, expect(bytes, colon, b':')?);
        let end = after_value(bytes, start);
        let value = text.get(start..end)?;
        let slot = match text.get(key..colon)? {
            "\"csml\"" => Some(&mut envelope),
            "\"data\"" => Some(&mut data),
            _ => None,
        };
        if let Some(slot) = slot
            && slot.replace(value).is_some()
        {
            return None;
        }
        if let Some(end) = expect(bytes, end, b'}') {
            return (skip_space(bytes, end) == bytes.len()).then_some((envelope, data));
        }
        at = expect(bytes, end, b',')?;
    }
}

fn skip_space(text: &[u8], mut at: usize) -> usize {
    while text.get(at).is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}

/// The position after white space and `wanted`.
fn expect(text: &[u8], at: usize, wanted: u8) -> Option<usize> {
    let at = skip_space(text, at);
    (text.get(at) == Some(&wanted)).then_some(at + 1)
}

/// The end of the string that begins at `at`, quotes included.
fn after_string(text: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    loop {
        match text.get(at) {
            None => return text.len(),
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
        }
    }
}

/// The end of the value that begins at `at`: the next comma or closing bracket outside it.
fn after_value(text: &[u8], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => {
                at = after_string(text, at);
                continue;
            }
            b'[' | b'{' => depth += 1,
            b']' | b'}' | b',' if depth == 0 => break,
            b']' | b'}' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_taken_apart() {
        let cases = [
            (
                r#"{"csml":{"a":"}"},"data":{"b":[1,2]}}"#,
                Some((Some(r#"{"a":"}"}"#), Some(r#"{"b":[1,2]}"#))),
            ),
            ("{\"data\": 1 , \"x\" : [{}] }", Some((None, Some("1 ")))),
            (" { } ", Some((None, None))),
            (r#"{"data":"\"}"}"#, Some((None, Some(r#""\"}""#)))),
            (r#"{"data":1,"data":1}"#, None),
            (r#"{"data":1,}"#, None),
            (r#"{"data":1} x"#, None),
            (r#"{"data":[1}"#, None),
            (r#"{"data"#, None),
            (r#"{data:1}"#, None),
            ("[]", None),
            ("", None),
            ("{\"a\\", None),
        ];
        for (text, parts) in cases {
            assert_eq!(split(text), parts, "{text}");
        }
    }

    #[test]
    fn white_space_is_left_out_outside_strings() {
        for (text, short) in [
            (r#" { "a b" : [ 1 , " \" ] " ] }"#, r#"{"a b":[1," \" ] "]}"#),
            ("\t\r\n", ""),
            ("", ""),
            ("{\"a \\", "{\"a \\"),
            (r#"{"a": tr  ue , "b":"" ""}"#, r#"{"a":tr ue,"b":"" ""}"#),
        ] {
            assert_eq!(without_space(text.as_bytes()), short.as_bytes(), "{text}");
        }
    }

    #[test]
    fn depth_and_number_are_seen_outside_strings() {
        let limits = WireLimits { depth: 2, values: 6, ..WireLimits::default() };
        assert!(check(br#"[["[[[[,,,,,,\"[[["]]"#, &limits).is_ok());
        assert_eq!(check(b"[[[", &limits).unwrap_err().kind, RejectionKind::Depth);
        assert!(check(b"[1,2,3,4]", &limits).is_ok());
        assert_eq!(check(b"[1,2,3,4,5,6]", &limits).unwrap_err().kind, RejectionKind::Size);
        assert!(check(b"]]]][[", &limits).is_ok());
    }
}
