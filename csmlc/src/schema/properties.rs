//! Hints on the call of a service.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

/// The hints that the runtime knows (SEMANTICS 6), with what they take.
const KNOWN: [(&str, &str, Takes); 4] = [
    ("timeoutMs", "Milliseconds after which an attempt has failed.", Takes::Count),
    ("retries", "Further attempts after one that has failed.", Takes::Count),
    ("backoffMs", "Milliseconds between two attempts.", Takes::Count),
    ("implementation", "Name of the implementation to call.", Takes::Text),
];

/// What a hint takes.
#[derive(Clone, Copy)]
enum Takes {
    Count,
    Text,
}

impl Takes {
    fn schema(self) -> Value {
        match self {
            Self::Count => json!({ "type": "integer", "minimum": 0 }),
            Self::Text => json!({ "type": "string" }),
        }
    }
}

/// Hints: a list of `{"name": …, "value": …}`, or one object of names and values.
pub(super) struct Properties;

impl JsonSchema for Properties {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Properties".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let known: serde_json::Map<_, _> = KNOWN
            .iter()
            .map(|(name, description, takes)| {
                let mut schema = takes.schema();
                schema["description"] = json!(description);
                ((*name).to_owned(), schema)
            })
            .collect();
        json_schema!({
            "type": ["array", "object"],
            "items": generator.subschema_for::<Property>(),
            "properties": known,
            "additionalProperties": { "type": ["boolean", "number", "string"] },
        })
    }
}

/// A hint on the call of a service.
#[derive(JsonSchema)]
#[schemars(title = "Property", deny_unknown_fields, transform = known_values)]
struct Property {
    /// Name of the hint. The runtime knows `timeoutMs`, `retries`, `backoffMs` and `implementation`; others are for
    /// whatever selects the implementation.
    #[schemars(extend("examples" = ["timeoutMs", "retries", "backoffMs", "implementation"]))]
    name: String,
    /// Its value: a boolean, a number or a string. It is no expression.
    #[schemars(schema_with = "scalar")]
    value: (),
}

fn scalar(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": ["boolean", "number", "string"] })
}

/// A known name decides what the value may be.
fn known_values(schema: &mut Schema) {
    let rules = KNOWN.iter().map(|(name, _, takes)| {
        json!({
            "if": { "required": ["name"], "properties": { "name": { "const": name } } },
            "then": { "properties": { "value": takes.schema() } },
        })
    });
    schema.insert("allOf".to_owned(), rules.collect());
}
