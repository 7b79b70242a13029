//! The JSON Schema of CSML in JSON, for editors (`csmlc schema`).
//!
//! It knows both dialects, in any mixture, as the front end does (docs/semantics.md#1-descriptions): what it refuses
//! the compiler refuses,
//! too. What only the whole description can tell, such as whether a target exists, is for the compiler.
//!
//! The schema is derived from types that mirror the constructs; their comments are what an editor shows. The front end
//! itself reads a tree that knows the place of every value, from which nothing could be derived. That both know the same
//! keywords and values is tested.

#![expect(dead_code, reason = "the schema is derived from these types: nothing ever has one")]

mod action;
mod choice;
mod data;
mod description;
mod event;
mod machine;
mod matching;
mod properties;
mod shape;
mod spelling;
mod transition;

use schemars::{
    generate::SchemaSettings,
    transform::{RecursiveTransform, RemoveRefSiblings},
};
use serde_json::Value;

use csml_compiler::{
    diagnostics::Diagnostics,
    read::{self, JsonKind, JsonNode},
    source::{SourceId, Sources},
};

/// The schema of a description, in draft 7: the newest that every editor supports.
#[must_use]
pub fn schema() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| {
        settings.transforms = vec![
            Box::new(RecursiveTransform(shape::without_null)),
            Box::new(RecursiveTransform(shape::with_described_values)),
            Box::new(RecursiveTransform(shape::with_markdown)),
            Box::new(RemoveRefSiblings::default()),
        ];
    });
    let mut schema = settings.into_generator().into_root_schema_for::<description::Description>().to_value();
    spelling::add(&mut schema);
    schema
}

/// The schema as text, with a line break at its end.
#[must_use]
pub fn text() -> String {
    // `Display` of a value cannot fail.
    format!("{:#}\n", schema())
}

/// A description without comments and trailing commas: as a validator takes it. `None` if it is not JSON; the
/// diagnostics then say so.
///
/// Numbers that no float can hold become null.
#[must_use]
pub fn instance(sources: &Sources, id: SourceId, diagnostics: &mut Diagnostics) -> Option<Value> {
    read::read(sources, id, diagnostics).as_ref().map(plain)
}

/// The reader limits how deep a tree can be.
fn plain(node: &JsonNode) -> Value {
    match &node.kind {
        JsonKind::Null => Value::Null,
        JsonKind::Bool(value) => Value::Bool(*value),
        JsonKind::Number(number) => number.parse().map_or(Value::Null, Value::Number),
        JsonKind::String(text) => Value::String(text.value.clone()),
        JsonKind::Array(items) => items.iter().map(plain).collect(),
        JsonKind::Object(members) => {
            members.iter().map(|member| (member.key.value.clone(), plain(&member.value))).collect()
        }
    }
}

#[cfg(test)]
mod tests;
