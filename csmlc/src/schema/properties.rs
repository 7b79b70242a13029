//! Properties of a service call.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

/// The properties that the runtime knows (docs/semantics.md#6-timers-and-invocations), and the values they take.
const KNOWN: [(&str, &str, Takes); 4] = [
    ("timeoutMs", "Milliseconds after which an attempt fails.", Takes::Count),
    ("retries", "How often to retry after a failed attempt.", Takes::Count),
    ("backoffMs", "Milliseconds to wait before each retry.", Takes::Count),
    ("implementation", "Name of the implementation to call.", Takes::Text),
];

/// What a property takes.
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

/// Properties: a list of `{"name": …, "value": …}`, or one object of names and values.
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

/// A property of a service call.
#[derive(JsonSchema)]
#[schemars(title = "Property", deny_unknown_fields, transform = known_values)]
struct Property {
    /// Name of the property. The runtime knows `timeoutMs`, `retries`, `backoffMs` and `implementation`; it passes
    /// others on.
    #[schemars(extend("examples" = ["timeoutMs", "retries", "backoffMs", "implementation"]))]
    name: String,
    /// Its value: a boolean, a number or a string, not an expression.
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
