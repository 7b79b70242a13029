//! Shapes that cannot be derived: short forms, names, values with descriptions.

use schemars::{Schema, json_schema};
use serde_json::{Map, Value, json};

/// Name of a type whose schema is written out: it becomes a definition of this name.
macro_rules! definition {
    ($name:literal) => {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            $name.into()
        }
    };
}
pub(super) use definition;

/// The object may be shortened to the string in it.
pub(super) fn or_string(schema: &mut Schema) {
    schema.insert("type".to_owned(), json!(["string", "object"]));
}

/// The object may be shortened to the string, number or truth value in it.
pub(super) fn or_scalar(schema: &mut Schema) {
    schema.insert("type".to_owned(), json!(["string", "number", "boolean", "object"]));
}

/// The object may be shortened to the list in it.
pub(super) fn or_list(schema: &mut Schema) {
    schema.insert("type".to_owned(), json!(["array", "object"]));
    if let Some(items) = schema.pointer("/properties/variables/items").cloned() {
        schema.insert("items".to_owned(), items);
    }
}

/// The list may be shortened to the item in it, which must be no list itself.
pub(super) fn or_one(schema: &mut Schema) {
    if let Some(item) = schema.get("items").cloned() {
        schema.insert("type".to_owned(), json!(["array", "object", "string"]));
        schema.insert("if".to_owned(), json!({ "type": "array" }));
        schema.insert("else".to_owned(), item);
    }
}

/// An item in a list of named actions or guards: an object with a name.
pub(super) fn named(item: Schema, snippet: Value) -> Schema {
    json_schema!({
        "type": "object",
        "required": ["name"],
        "allOf": [item],
        "defaultSnippets": [snippet],
    })
}

/// A snippet that an editor offers. Its text is JSON whose strings hold places to fill in; a tree would not keep the
/// order of its keys.
pub(super) fn snippet(label: &str, description: &str, text: &str) -> Value {
    json!({ "label": label, "description": description, "bodyText": text })
}

/// The channels as a place to fill in, the second one of a snippet.
macro_rules! channels {
    () => {
        r#""${2|internal,external,global,peripheral|}""#
    };
}
pub(super) use channels;

/// Absence is leaving a key out: no value is null.
pub(super) fn without_null(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|name| name != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            object.insert("type".to_owned(), one);
        }
    }
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    let Some(Value::Array(mut choices)) = object.remove("anyOf") else {
        return;
    };
    choices.retain(|choice| *choice != json!({ "type": "null" }));
    match choices.as_mut_slice() {
        [Value::Object(one)] => {
            // The description of the field is nearer than that of its type.
            for (key, value) in std::mem::take(one) {
                object.entry(key).or_insert(value);
            }
        }
        _ => {
            object.insert("anyOf".to_owned(), Value::Array(choices));
        }
    }
}

/// Values with a description each: a list of values and one of descriptions, as editors read them, instead of a
/// schema for each value, whose errors say nothing.
pub(super) fn with_described_values(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    let Some(Value::Array(choices)) = object.get("oneOf") else {
        return;
    };
    let described = |choice: &Value| Some((choice.get("const")?.clone(), choice.get("description")?.clone()));
    let Some(pairs) = choices.iter().map(described).collect::<Option<Vec<_>>>() else {
        return;
    };
    let (values, descriptions): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
    object.remove("oneOf");
    object.insert("type".to_owned(), json!("string"));
    object.insert("enum".to_owned(), Value::Array(values));
    object.insert("markdownEnumDescriptions".to_owned(), Value::Array(descriptions.clone()));
    object.insert("enumDescriptions".to_owned(), descriptions.iter().map(plain).collect());
}

/// Descriptions in Markdown are also given as such; those who know only `description` get it plain.
pub(super) fn with_markdown(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    if let Some(Value::String(text)) = object.get("description") {
        // Only the source breaks lines.
        let text = Value::String(text.replace('\n', " "));
        let plain = plain(&text);
        if plain != text {
            object.entry("markdownDescription").or_insert(text);
        }
        object.insert("description".to_owned(), plain);
    }
}

/// A text without the marks of code.
fn plain(text: &Value) -> Value {
    match text {
        Value::String(text) => Value::String(text.replace('`', "")),
        other => other.clone(),
    }
}

/// The object of a schema at a place in the whole.
pub(super) fn object_at<'a>(whole: &'a mut Value, place: &str) -> Option<&'a mut Map<String, Value>> {
    whole.pointer_mut(place)?.as_object_mut()
}
