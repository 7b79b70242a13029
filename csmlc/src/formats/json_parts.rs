//! JSON from parts that are JSON already, with keys in the order given.

use csml_compiler::text::json_string;

/// A key and its value as JSON.
pub(super) type JsonField = (&'static str, String);

pub(super) fn object(fields: Vec<JsonField>) -> String {
    let fields = fields.iter().map(|(key, value)| format!("{}:{value}", json_string(key)));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}

pub(super) fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}
