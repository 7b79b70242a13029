//! Values as the vectors write them: `{"t": type, "v": value}`.

use csml_rt_core::Value;
use serde_json::{Value as Json, json};

/// A value with its type. Sets and maps are sorted by the text of their elements and keys.
#[must_use]
pub fn encode(value: &Value) -> Json {
    match value {
        Value::Null => json!({ "t": "null", "v": null }),
        Value::Bool(value) => json!({ "t": "bool", "v": value }),
        Value::Int(value) => json!({ "t": "int", "v": value }),
        Value::Float(value) => json!({ "t": "float", "v": float(*value) }),
        Value::Text(value) => json!({ "t": "string", "v": **value }),
        Value::Bytes(value) => json!({ "t": "bytes", "v": **value }),
        Value::List(items) => json!({ "t": "list", "v": items.iter().map(encode).collect::<Vec<_>>() }),
        Value::Set(items) => {
            let mut items: Vec<Json> = items.iter().map(encode).collect();
            items.sort_by_key(Json::to_string);
            json!({ "t": "set", "v": items })
        }
        Value::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| json!([encode(key), encode(value)]));
            let mut entries: Vec<Json> = entries.collect();
            entries.sort_by_key(Json::to_string);
            json!({ "t": "map", "v": entries })
        }
    }
}

fn float(value: f64) -> Json {
    if value.is_finite() {
        json!(value)
    } else if value.is_nan() {
        json!("NaN")
    } else {
        json!(if value > 0.0 { "Infinity" } else { "-Infinity" })
    }
}
