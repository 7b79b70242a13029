//! Values as text, as Java writes them in a concatenation.

use alloc::{format, string::String};
use core::fmt::{self, Write as _};

use crate::{Value, base64};

/// A float as Java writes it: plain from 10⁻³ to 10⁷, otherwise with an exponent (`1.0E10`). Of the shortest texts
/// with two digits or more that read back as the same float it is the one nearest to it (`4.9E-324`).
pub(crate) struct FloatText(pub(crate) f64);

impl fmt::Display for FloatText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.0;
        if value.is_nan() {
            return f.write_str("NaN");
        }
        if value.is_infinite() {
            return f.write_str(if value > 0.0 { "Infinity" } else { "-Infinity" });
        }
        if value == 0.0 || (1e-3..1e7).contains(&value.abs()) {
            return write!(f, "{value:?}");
        }
        let mut text = format!("{value:e}");
        if !text.contains('.') {
            // One digit is enough, but Java writes two, and then the nearest.
            let two = format!("{value:.1e}");
            if two.parse() == Ok(value) {
                text = two;
            }
        }
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let fraction = if digits.contains('.') { "" } else { ".0" };
        write!(f, "{digits}{fraction}E{exponent}")
    }
}

/// A value as Java writes it: `[1, 2]`, `{a=1}`, `null`. Bytes are written as Base64.
pub(crate) struct ValueText<'a>(pub(crate) &'a Value);

impl fmt::Display for ValueText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Null => f.write_str("null"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Int(value) => write!(f, "{value}"),
            Value::Float(value) => FloatText(*value).fmt(f),
            Value::Text(value) => f.write_str(value),
            Value::Bytes(bytes) => {
                let mut text = String::new();
                base64::encode(bytes, &mut text);
                f.write_str(&text)
            }
            Value::List(items) => sequence(f, items.iter()),
            Value::Set(items) => sequence(f, items.iter()),
            Value::Map(entries) => {
                f.write_char('{')?;
                for (index, (key, value)) in entries.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(f, "{comma}{}={}", ValueText(key), ValueText(value))?;
                }
                f.write_char('}')
            }
        }
    }
}

fn sequence<'a>(f: &mut fmt::Formatter<'_>, items: impl Iterator<Item = &'a Value>) -> fmt::Result {
    f.write_char('[')?;
    for (index, item) in items.enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        write!(f, "{comma}{}", ValueText(item))?;
    }
    f.write_char(']')
}

/// A value in messages: its kind and, if it is short, its text: `string "abc"`, `list of 3`.
pub(crate) struct Described<'a>(pub(crate) &'a Value);

impl fmt::Display for Described<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Characters of a string that are shown.
        const SHOWN: usize = 40;

        let kind = self.0.kind();
        match self.0 {
            Value::Null => f.write_str(kind),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) => {
                write!(f, "{kind} {}", ValueText(self.0))
            }
            Value::Text(text) => match text.char_indices().nth(SHOWN) {
                Some((cut, _)) => write!(f, "{kind} {:?}…", text.get(..cut).unwrap_or_default()),
                None => write!(f, "{kind} {text:?}"),
            },
            Value::Bytes(bytes) => write!(f, "{} {kind}", bytes.len()),
            Value::List(items) => write!(f, "{kind} of {}", items.len()),
            Value::Set(items) => write!(f, "{kind} of {}", items.len()),
            Value::Map(entries) => write!(f, "{kind} of {}", entries.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn floats_are_written_as_java_does() {
        let cases = [
            (1.0, "1.0"),
            (-2.5, "-2.5"),
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (0.001, "0.001"),
            (0.000_999, "9.99E-4"),
            (1e-5, "1.0E-5"),
            (1_234_567.5, "1234567.5"),
            (9_999_999.0, "9999999.0"),
            (1e7, "1.0E7"),
            (1e10, "1.0E10"),
            (1.25e300, "1.25E300"),
            (5e-324, "4.9E-324"),
            (-1e-323, "-9.9E-324"),
            (1.5e-323, "1.5E-323"),
            (2e-323, "2.0E-323"),
            (3e-323, "3.0E-323"),
            (4e-322, "4.0E-322"),
            (2.225_073_858_507_201_4e-308, "2.2250738585072014E-308"),
            (2e23, "2.0E23"),
            (9e15, "9.0E15"),
            (f64::MAX, "1.7976931348623157E308"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ];
        for (value, text) in cases {
            assert_eq!(FloatText(value).to_string(), text);
        }
    }

    #[test]
    fn collections_are_written_as_java_does() {
        let value = Value::map([
            ("a", Value::list([1.into(), Value::Null, "x".into()])),
            ("b", Value::set([2.5.into()])),
        ]);
        assert_eq!(ValueText(&value).to_string(), "{a=[1, null, x], b=[2.5]}");
    }

    #[test]
    fn descriptions_are_short() {
        assert_eq!(Described(&"yes".into()).to_string(), "string \"yes\"");
        assert_eq!(Described(&Value::Int(5)).to_string(), "int 5");
        assert_eq!(Described(&Value::list([])).to_string(), "list of 0");
        let long = Described(&"é".repeat(1_000).into()).to_string();
        assert_eq!(long.chars().count(), "string \"\"…".chars().count() + 40);
    }
}
