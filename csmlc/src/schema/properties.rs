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
            // A constant expression is a string too.
            Self::Count => {
                let mut schema = constant(&["integer", "string", "object"]);
                schema["minimum"] = json!(0);
                schema
            }
            Self::Text => constant(&["string", "object"]),
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
            "additionalProperties": constant(&VALUES),
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
    /// Its value: a boolean, a number or a constant expression such as `2 * 1000`.
    #[schemars(schema_with = "scalar")]
    value: (),
}

fn scalar(_: &mut SchemaGenerator) -> Schema {
    constant(&VALUES).try_into().unwrap_or_default()
}

/// What any property takes.
const VALUES: [&str; 4] = ["boolean", "number", "string", "object"];

/// A value of these types; an object holds a constant expression.
fn constant(types: &[&str]) -> Value {
    json!({
        "type": types,
        "properties": { "expression": { "type": "string", "description": "A constant expression, as a string." } },
        "required": ["expression"],
        "additionalProperties": false,
    })
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
