//! W3C Trace Context: the trace of an event, and its parent span.

use std::fmt;

/// A `traceparent`: trace id, id of the parent span, and flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceParent {
    trace: u128,
    parent: u64,
    flags: u8,
}

/// The flags of version 00: sampled, and random trace id.
const FLAGS: u8 = 0b11;

impl TraceParent {
    /// Parses `00-<trace>-<parent>-<flags>`: 32, 16 and 2 hexadecimal digits in lower case, neither id zero. Of a later
    /// version the same parts are used and the rest is ignored. `None` for any other text, which the specification
    /// requires to be ignored.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        /// Length of version 00.
        const LENGTH: usize = 55;

        let head = text.get(..LENGTH)?;
        let mut parts = head.split('-');
        let version = u8::try_from(hex(parts.next()?, 2)?).ok()?;
        let trace = hex(parts.next()?, 32)?;
        let parent = u64::try_from(hex(parts.next()?, 16)?).ok()?;
        let flags = u8::try_from(hex(parts.next()?, 2)?).ok()?;
        let rest = text.get(LENGTH..)?;
        let known = match version {
            0 => rest.is_empty(),
            0xff => false,
            _ => rest.is_empty() || rest.starts_with('-'),
        };
        (known && trace != 0 && parent != 0).then_some(Self { trace, parent, flags: flags & FLAGS })
    }

    /// The only one among properties; `None` if there is none, or more than one.
    pub(crate) fn among<'a>(properties: impl IntoIterator<Item = (&'a str, &'a str)>) -> Option<Self> {
        let mut texts = properties.into_iter().filter(|(name, _)| *name == "traceparent");
        let (_, text) = texts.next()?;
        if texts.next().is_some() { None } else { Self::parse(text) }
    }

    /// The trace id, as 32 hexadecimal digits.
    #[must_use]
    pub fn trace_id(&self) -> String {
        format!("{:032x}", self.trace)
    }

    /// The id of the parent span, as 16 hexadecimal digits.
    #[must_use]
    pub fn parent_id(&self) -> String {
        format!("{:016x}", self.parent)
    }

    /// The context for the children of a span of this trace. Id 0 is not valid.
    pub(crate) fn led_on_by(self, span: u64) -> Self {
        Self { parent: span.max(1), ..self }
    }
}

/// As version 00.
impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace, self.parent, self.flags)
    }
}

/// Parses a number of exactly `digits` hexadecimal digits in lower case.
fn hex(text: &str, digits: usize) -> Option<u128> {
    let lower = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if text.len() == digits && lower { u128::from_str_radix(text, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
    const PARENT: &str = "b7ad6b7169203331";

    #[test]
    fn what_is_read_is_written() {
        for flags in ["00", "01", "02", "03"] {
            let text = format!("00-{TRACE}-{PARENT}-{flags}");
            let read = TraceParent::parse(&text);
            assert_eq!(read.map(|read| read.to_string()), Some(text));
            assert_eq!(read.map(|read| read.trace_id()).as_deref(), Some(TRACE));
            assert_eq!(read.map(|read| read.parent_id()).as_deref(), Some(PARENT));
        }
    }

    #[test]
    fn later_versions_become_version_00() {
        let expected = format!("00-{TRACE}-{PARENT}-01");
        for text in [
            format!("01-{TRACE}-{PARENT}-01"),
            format!("fe-{TRACE}-{PARENT}-fd"),
            format!("cc-{TRACE}-{PARENT}-01-What the future brings"),
        ] {
            assert_eq!(
                TraceParent::parse(&text).map(|read| read.to_string()),
                Some(expected.clone()),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_malformed_is_none() {
        let zero = "0".repeat(32);
        for text in [
            String::new(),
            "00".to_owned(),
            format!("ff-{TRACE}-{PARENT}-01"),
            format!("00-{TRACE}-{PARENT}-01-"),
            format!("00-{TRACE}-{PARENT}-01-x"),
            format!("01-{TRACE}-{PARENT}-01x"),
            format!("00-{TRACE}-{PARENT}-1"),
            format!("00-{TRACE}-{PARENT}-0g"),
            format!("00-{TRACE}-{PARENT}-+1"),
            format!("0-{TRACE}0-{PARENT}-01"),
            format!("00-{}-{PARENT}-01", TRACE.to_uppercase()),
            format!("00-{zero}-{PARENT}-01"),
            format!("00-{TRACE}-{}-01", &zero[..16]),
            format!("00-{TRACE}{PARENT}--01"),
            format!("00_{TRACE}_{PARENT}_01"),
            format!(" 00-{TRACE}-{PARENT}-01"),
            format!("00-{TRACE}-{PARENT}-01 "),
            format!("00-{TRACE}-{PARENT}-\u{1f682}"),
            "csml/railway/ev/gate/#".repeat(3),
        ] {
            assert_eq!(TraceParent::parse(&text), None, "{text:?}");
        }
    }

    #[test]
    fn one_that_is_given_twice_is_none() {
        let text = format!("00-{TRACE}-{PARENT}-01");
        let one = ("traceparent", text.as_str());
        assert!(TraceParent::among([("time", "1"), one]).is_some());
        assert_eq!(TraceParent::among([one, one]), None);
        assert_eq!(TraceParent::among([("Traceparent", text.as_str())]), None);
    }

    #[test]
    fn a_span_leads_on_in_the_same_trace() {
        let text = format!("00-{TRACE}-{PARENT}-01");
        let on = |span| TraceParent::parse(&text).map(|read| read.led_on_by(span).to_string());
        assert_eq!(on(0xabc), Some(format!("00-{TRACE}-0000000000000abc-01")));
        assert_eq!(on(0), Some(format!("00-{TRACE}-0000000000000001-01")));
    }
}
