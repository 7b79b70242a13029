//! Values as text that keeps their types: `{"t": type, "v": value}`.

use csml_rt_core::{Value, encode_base64};

/// A value as one JSON object with its type, all parts alike: `{"t":"int","v":3}`. Elements of sets and entries
/// of maps, each a list of key and value, are sorted by their encoded text. `null` has no `v`; of floats `NaN`,
/// `Infinity` and `-Infinity` are strings; bytes are Base64.
#[must_use]
pub fn encode(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    let kind = value.kind();
    out.push_str("{\"t\":\"");
    out.push_str(kind);
    out.push('"');
    if !value.is_null() {
        out.push_str(",\"v\":");
        content(value, out);
    }
    out.push('}');
}

fn content(value: &Value, out: &mut String) {
    match value {
        Value::Float(number) if number.is_nan() => out.push_str("\"NaN\""),
        Value::Float(number) if number.is_infinite() => {
            out.push_str(if *number > 0.0 { "\"Infinity\"" } else { "\"-Infinity\"" });
        }
        Value::Bytes(bytes) => {
            out.push('"');
            encode_base64(bytes, out);
            out.push('"');
        }
        Value::List(items) => list(items.iter().map(encode), out),
        Value::Set(items) => {
            let mut items: Vec<_> = items.iter().map(encode).collect();
            items.sort_unstable();
            list(items.into_iter(), out);
        }
        Value::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("[{},{}]", encode(key), encode(value)));
            let mut entries: Vec<_> = entries.collect();
            entries.sort_unstable();
            list(entries.into_iter(), out);
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Text(_) => {
            value.write_json(out);
        }
    }
}

fn list(items: impl Iterator<Item = String>, out: &mut String) {
    out.push('[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&item);
    }
    out.push(']');
}

#[cfg(test)]
mod tests {
    use csml_rt_core::Bytes;

    use super::*;

    #[test]
    fn types_are_kept() {
        for (value, text) in [
            (Value::Null, r#"{"t":"null"}"#),
            (true.into(), r#"{"t":"bool","v":true}"#),
            (1.into(), r#"{"t":"int","v":1}"#),
            (1.0.into(), r#"{"t":"float","v":1.0}"#),
            (Value::Float(-0.0), r#"{"t":"float","v":-0.0}"#),
            (f64::NAN.into(), r#"{"t":"float","v":"NaN"}"#),
            (f64::NEG_INFINITY.into(), r#"{"t":"float","v":"-Infinity"}"#),
            ("a\"".into(), r#"{"t":"string","v":"a\""}"#),
            (Bytes(vec![1, 2]).into(), r#"{"t":"bytes","v":"AQI="}"#),
            (Value::list([Value::Null]), r#"{"t":"list","v":[{"t":"null"}]}"#),
        ] {
            assert_eq!(encode(&value), text);
        }
    }

    #[test]
    fn sets_and_maps_are_sorted_by_text() {
        let set = Value::set([9.into(), 10.into()]);
        assert_eq!(encode(&set), r#"{"t":"set","v":[{"t":"int","v":10},{"t":"int","v":9}]}"#);
        let map = Value::map([(Value::from("a"), Value::Null), (2.into(), Value::Null)]);
        let entries = r#"[{"t":"int","v":2},{"t":"null"}],[{"t":"string","v":"a"},{"t":"null"}]"#;
        assert_eq!(encode(&map), format!(r#"{{"t":"map","v":[{entries}]}}"#));
    }
}
