//! Values as JSON text (docs/trace.md#values): keys sorted, floats with a decimal point or exponent, and forms of their
//! own for what JSON lacks:
//!
//! | value | JSON |
//! |---|---|
//! | bytes | `{"$bytes": "<Base64>"}` |
//! | set | `{"$set": […]}`, sorted by the text of its elements |
//! | `NaN`, infinities | `{"$float": "NaN"}`, `"Infinity"`, `"-Infinity"` |
//! | map key that is no string | the key's JSON text as key |

use alloc::{string::String, vec::Vec};
use core::fmt::Write as _;

use crate::{Value, base64, value_text::FloatText};

const BYTES: &str = "$bytes";
const SET: &str = "$set";
const FLOAT: &str = "$float";

impl Value {
    /// The value as compact JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    /// Appends the value as compact JSON.
    pub fn write_json(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Int(value) => write_display(value, out),
            Self::Float(value) => write_float(*value, out),
            Self::Text(text) => write_json_text(text, out),
            Self::Bytes(bytes) => {
                open_form(BYTES, out);
                out.push('"');
                base64::encode(bytes, out);
                out.push_str("\"}");
            }
            Self::List(items) => write_items(items.iter(), |item, out| item.write_json(out), out),
            Self::Set(items) => {
                let mut texts: Vec<String> = items.iter().map(Self::to_json).collect();
                texts.sort_unstable();
                open_form(SET, out);
                write_items(texts.iter(), |text, out| out.push_str(text), out);
                out.push('}');
            }
            Self::Map(entries) => {
                let mut entries: Vec<_> = entries.iter().map(|(key, value)| (key_text(key), value)).collect();
                entries.sort_by(|left, right| left.0.cmp(&right.0));
                out.push('{');
                for (index, (key, value)) in entries.into_iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    write_json_text(&key, out);
                    out.push(':');
                    value.write_json(out);
                }
                out.push('}');
            }
        }
    }

    /// The value that a JSON object of one entry stands for, if it is one of the forms `$bytes`, `$set` and
    /// `$float`.
    #[must_use]
    pub fn from_json_form(key: &str, content: &Self) -> Option<Self> {
        match (key, content) {
            (BYTES, Self::Text(text)) => base64::decode(text).map(|bytes| Self::Bytes(bytes.into())),
            (SET, Self::List(items)) => Some(Self::set(items.iter().cloned())),
            (FLOAT, Self::Text(text)) => match text.as_str() {
                "NaN" => Some(Self::Float(f64::NAN)),
                "Infinity" => Some(Self::Float(f64::INFINITY)),
                "-Infinity" => Some(Self::Float(f64::NEG_INFINITY)),
                _ => None,
            },
            _ => None,
        }
    }
}

fn key_text(key: &Value) -> String {
    key.as_text().map_or_else(|| key.to_json(), String::from)
}

fn open_form(key: &str, out: &mut String) {
    out.push_str("{\"");
    out.push_str(key);
    out.push_str("\":");
}

fn write_items<T>(items: impl Iterator<Item = T>, mut write: impl FnMut(T, &mut String), out: &mut String) {
    out.push('[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(']');
}

fn write_float(value: f64, out: &mut String) {
    if value.is_finite() {
        // Debug, unlike Display, always has a decimal point or an exponent.
        write_display(format_args!("{value:?}"), out);
    } else {
        open_form(FLOAT, out);
        write_display(format_args!("\"{}\"}}", FloatText(value)), out);
    }
}

/// Appends `text` as a JSON string, quotes included.
pub fn write_json_text(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => {
                write_display(format_args!("\\u{:04x}", control as u32), out);
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

fn write_display(value: impl core::fmt::Display, out: &mut String) {
    // Writing to a String cannot fail.
    let _ = write!(out, "{value}");
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::Bytes;

    #[test]
    fn scalars() {
        for (value, json) in [
            (Value::Null, "null"),
            (true.into(), "true"),
            (i64::MIN.into(), "-9223372036854775808"),
            (1.0.into(), "1.0"),
            (1e16.into(), "1e16"),
            (1e-7.into(), "1e-7"),
            (0.1.into(), "0.1"),
            (Value::Float(-0.0), "-0.0"),
            (f64::NAN.into(), r#"{"$float":"NaN"}"#),
            (f64::NEG_INFINITY.into(), r#"{"$float":"-Infinity"}"#),
            (Bytes(vec![1, 2]).into(), r#"{"$bytes":"AQI="}"#),
        ] {
            assert_eq!(value.to_json(), json);
        }
    }

    #[test]
    fn strings_are_escaped() {
        let text = Value::from("a\"\\\n\r\t\u{0}\u{1f}é\u{2028}😀");
        assert_eq!(text.to_json(), "\"a\\\"\\\\\\n\\r\\t\\u0000\\u001fé\u{2028}😀\"");
    }

    #[test]
    fn sets_are_sorted_by_text_and_map_keys_by_name() {
        let set = Value::set([10.into(), 9.into(), "a".into()]);
        assert_eq!(set.to_json(), r#"{"$set":["a",10,9]}"#);
        let map = Value::map([
            (Value::from(2), Value::Null),
            ("b".into(), Value::list([1.into(), 2.5.into()])),
            (10.into(), true.into()),
            (true.into(), Value::map::<Value>([])),
        ]);
        assert_eq!(map.to_json(), r#"{"10":true,"2":null,"b":[1,2.5],"true":{}}"#);
    }

    #[test]
    fn forms_are_read_back() {
        let set = Value::set([1.into()]);
        let list = Value::list([1.into(), 1.into()]);
        assert_eq!(Value::from_json_form("$set", &list), Some(set));
        assert_eq!(Value::from_json_form("$bytes", &"AQI=".into()), Some(Bytes(vec![1, 2]).into()));
        assert_eq!(Value::from_json_form("$float", &"Infinity".into()), Some(f64::INFINITY.into()));
        assert_eq!(Value::from_json_form("$bytes", &"???".into()), None);
        assert_eq!(Value::from_json_form("$set", &"x".into()), None);
        assert_eq!(Value::from_json_form("other", &list), None);
    }
}
