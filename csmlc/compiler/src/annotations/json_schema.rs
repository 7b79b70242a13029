//! JSON Schemas as types of the expression language.
//!
//! | schema | type |
//! |---|---|
//! | `boolean`, `integer`, `number`, `string` | `bool`, `int`, `float`, `string` |
//! | `enum`, `const` | the type that all values have |
//! | `array` with `items` | `list<T>` |
//! | `object` with `additionalProperties` alone | `map<string, T>` |
//! | `object` with `properties` and `additionalProperties: false` | `map<string, T>` of what all have in common |
//! | `["T", "null"]`, `anyOf` or `oneOf` with `null`, `nullable` | `option<T>` |
//! | `$ref` within the file | what it refers to |
//! | anything else | `dynamic` |

use super::{SchemaAnnotation, annotation_rules};
use crate::{
    diagnostics::{Diagnostic, Diagnostics, suggest::suggest},
    lists::Gather,
    read::{self, JsonKind, JsonNode, Member},
    sorted::{SortedMap, SortedSet},
    source::{Sources, Span},
    text::shown,
    types::{
        Type,
        algebra::{join, option},
    },
};

/// The schema of a payload, which is an object.
#[derive(Debug)]
pub(super) struct Schema {
    pub(super) properties: SortedMap<String, SchemaProperty>,
    /// The type of what `properties` does not name, if `additionalProperties` says that there may be more.
    pub(super) others: Option<Type>,
    pub(super) span: Span,
}

/// A property of a payload.
#[derive(Debug)]
pub(super) struct SchemaProperty {
    pub(super) ty: Type,
    pub(super) required: bool,
    pub(super) span: Span,
}

/// Keywords that restrict values further than their type.
const UNCHECKED: &[&str] = &[
    "const",
    "contains",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "if",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "pattern",
    "patternProperties",
    "propertyNames",
    "then",
    "uniqueItems",
];

/// Levels of schemas within schemas, references included: what is deeper, or goes in a cycle, is `dynamic`.
const MAX_LEVELS: usize = 32;
/// Schemas that are looked at: references can make a small file very large.
const MAX_SCHEMAS: usize = 20_000;

/// Reads the schema of a payload. Nothing, after saying why, if it cannot be used.
pub(super) fn read(
    sources: &Sources,
    annotation: &SchemaAnnotation,
    diagnostics: &mut Diagnostics,
) -> Option<Schema> {
    let root = read::read(sources, annotation.source, diagnostics)?;
    let mut reader = Reader { root: &root, unchecked: SortedMap::new(), left: MAX_SCHEMAS, diagnostics };
    let schema = reader.payload(&root);
    let unchecked = std::mem::take(&mut reader.unchecked);
    if let Some(span) = unchecked.values().min().copied() {
        let names: Vec<String> = unchecked.keys().map(|keyword| format!("`{keyword}`")).gather();
        let (verb, which) = if names.len() == 1 { ("is", "it restricts") } else { ("are", "they restrict") };
        let message = format!("{} {verb} not checked; only types are", names.join(", "));
        let fault = Diagnostic::new(&annotation_rules::UNCHECKED_KEYWORD, span, message);
        diagnostics
            .push(fault.note(format!("values that {which} are accepted like all others of their type")));
    }
    schema
}

struct Reader<'a> {
    root: &'a JsonNode,
    /// Keywords met that are not checked, with their first place.
    unchecked: SortedMap<&'static str, Span>,
    /// How many more schemas may be looked at.
    left: usize,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Reader<'a> {
    fn bad(&mut self, span: Span, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::new(&annotation_rules::BAD_SCHEMA, span, message));
    }

    fn payload(&mut self, node: &'a JsonNode) -> Option<Schema> {
        let mut node = node;
        for _ in 0..MAX_LEVELS {
            match field(node, "$ref") {
                Some(reference) => node = self.target(reference)?,
                None => break,
            }
        }
        let JsonKind::Object(_) = node.kind else {
            self.bad(node.span, format!("a schema is an object, not {}", node.kind.describe()));
            return None;
        };
        let Some(JsonNode { kind: JsonKind::Object(members), .. }) = field(node, "properties") else {
            let message = "the schema of a payload must be of an object with `properties`";
            self.bad(node.span, message);
            return None;
        };
        self.note_unchecked(node);
        let required = self.required(node);
        let mut properties = SortedMap::new();
        for Member { key, value } in members {
            let ty = self.ty(value, MAX_LEVELS);
            let property = SchemaProperty { ty, required: required.contains(&key.value), span: key.span };
            properties.insert(key.value.clone(), property);
        }
        for name in &required {
            if !properties.contains_key(name) {
                let message = format!("{} is required, but is not a property", shown(name));
                self.bad(field(node, "required").map_or(node.span, |node| node.span), message);
            }
        }
        let others = match field(node, "additionalProperties") {
            Some(JsonNode { kind: JsonKind::Bool(true), .. }) => Some(Type::Dynamic),
            Some(schema @ JsonNode { kind: JsonKind::Object(_), .. }) => Some(self.ty(schema, MAX_LEVELS)),
            _ => None,
        };
        Some(Schema { properties, others, span: node.span })
    }

    fn required(&mut self, node: &'a JsonNode) -> SortedSet<String> {
        let Some(JsonNode { kind: JsonKind::Array(items), .. }) = field(node, "required") else {
            return SortedSet::new();
        };
        items.iter().filter_map(text).map(str::to_owned).collect()
    }

    fn note_unchecked(&mut self, node: &JsonNode) {
        let JsonKind::Object(members) = &node.kind else { return };
        for Member { key, .. } in members {
            if let Some(keyword) = UNCHECKED.iter().find(|keyword| **keyword == key.value) {
                self.unchecked.entry(keyword).or_insert(key.span);
            }
        }
    }

    /// The type of a schema within.
    fn ty(&mut self, node: &'a JsonNode, levels: usize) -> Type {
        let (Some(levels), Some(left)) = (levels.checked_sub(1), self.left.checked_sub(1)) else {
            return Type::Dynamic;
        };
        self.left = left;
        let JsonKind::Object(_) = node.kind else {
            if !matches!(node.kind, JsonKind::Bool(_)) {
                self.bad(node.span, format!("a schema is an object, not {}", node.kind.describe()));
            }
            return Type::Dynamic;
        };
        if let Some(reference) = field(node, "$ref") {
            return self.target(reference).map_or(Type::Dynamic, |target| self.ty(target, levels));
        }
        self.note_unchecked(node);
        let ty = self.plain(node, levels);
        match field(node, "nullable") {
            Some(JsonNode { kind: JsonKind::Bool(true), .. }) => option(ty),
            _ => ty,
        }
    }

    fn plain(&mut self, node: &'a JsonNode, levels: usize) -> Type {
        match field(node, "type").map(|ty| (&ty.kind, ty.span)) {
            Some((JsonKind::String(name), span)) => self.named(&name.value, span, node, levels),
            Some((JsonKind::Array(names), _)) => {
                let types = names.iter().map(|name| match text(name) {
                    Some(text) => self.named(text, name.span, node, levels),
                    None => Type::Dynamic,
                });
                settled(types.fold(Type::Unknown, |all, ty| join(&all, &ty)))
            }
            Some((_, span)) => {
                self.bad(span, "`type` is a string or a list of strings");
                Type::Dynamic
            }
            None => self.untyped(node, levels),
        }
    }

    /// A schema without `type`.
    fn untyped(&mut self, node: &'a JsonNode, levels: usize) -> Type {
        if let Some(value) = field(node, "const") {
            return settled(type_of(value));
        }
        if let Some(JsonNode { kind: JsonKind::Array(values), .. }) = field(node, "enum") {
            return settled(values.iter().fold(Type::Unknown, |all, value| join(&all, &type_of(value))));
        }
        for keyword in ["anyOf", "oneOf", "allOf"] {
            if let Some(JsonNode { kind: JsonKind::Array(schemas), .. }) = field(node, keyword)
                && (keyword != "allOf" || schemas.len() == 1)
            {
                let types = schemas.iter().map(|schema| self.or_null(schema, levels));
                return settled(types.fold(Type::Unknown, |all, ty| join(&all, &ty)));
            }
        }
        if field(node, "properties").is_some() || field(node, "additionalProperties").is_some() {
            return self.object(node, levels);
        }
        match field(node, "items") {
            Some(_) => self.list(node, levels),
            None => Type::Dynamic,
        }
    }

    /// A schema that may be `null` alone.
    fn or_null(&mut self, node: &'a JsonNode, levels: usize) -> Type {
        match field(node, "type").and_then(text) {
            Some("null") => Type::Null,
            _ => self.ty(node, levels),
        }
    }

    fn named(&mut self, name: &str, span: Span, node: &'a JsonNode, levels: usize) -> Type {
        match name {
            "boolean" => Type::Bool,
            "integer" => Type::Int,
            "number" => Type::Float,
            "string" => Type::Text,
            "null" => Type::Null,
            "array" => self.list(node, levels),
            "object" => self.object(node, levels),
            _ => {
                let known = ["boolean", "integer", "number", "string", "null", "array", "object"];
                let near = suggest(name, known.into_iter());
                let message = format!("{} is not a JSON Schema type", shown(name));
                let fault = Diagnostic::new(&annotation_rules::BAD_SCHEMA, span, message);
                self.diagnostics.push(fault.did_you_mean(span, name, near));
                Type::Dynamic
            }
        }
    }

    fn list(&mut self, node: &'a JsonNode, levels: usize) -> Type {
        let item = match (field(node, "items"), field(node, "prefixItems")) {
            (Some(items @ JsonNode { kind: JsonKind::Object(_), .. }), None) => self.ty(items, levels),
            _ => Type::Dynamic,
        };
        Type::List(Box::new(item))
    }

    /// An object within a payload is a map, whose values have one type.
    fn object(&mut self, node: &'a JsonNode, levels: usize) -> Type {
        let others = match field(node, "additionalProperties") {
            Some(JsonNode { kind: JsonKind::Bool(false), .. }) => Type::Unknown,
            Some(schema @ JsonNode { kind: JsonKind::Object(_), .. }) => self.ty(schema, levels),
            _ => Type::Dynamic,
        };
        let mut value = others;
        if let Some(JsonNode { kind: JsonKind::Object(members), .. }) = field(node, "properties") {
            for member in members {
                let ty = self.ty(&member.value, levels);
                value = join(&value, &ty);
            }
        }
        Type::Map(Box::new(Type::Text), Box::new(settled(value)))
    }

    /// What a reference means: a JSON pointer into the same file.
    fn target(&mut self, reference: &'a JsonNode) -> Option<&'a JsonNode> {
        let Some(pointer) = text(reference) else {
            self.bad(reference.span, "`$ref` is a string");
            return None;
        };
        let Some(path) = pointer.strip_prefix('#') else {
            self.bad(reference.span, format!("{} is in another file", shown(pointer)));
            return None;
        };
        let mut node = self.root;
        for part in path.split('/').skip(1) {
            let part = part.replace("~1", "/").replace("~0", "~");
            let found = match &node.kind {
                JsonKind::Array(items) => part.parse().ok().and_then(|index: usize| items.get(index)),
                _ => field(node, &part),
            };
            let Some(found) = found else {
                self.bad(reference.span, format!("the file has no {}", shown(pointer)));
                return None;
            };
            node = found;
        }
        Some(node)
    }
}

/// The type as one of data: what is only ever `null` tells nothing.
fn settled(ty: Type) -> Type {
    match ty {
        Type::Unknown | Type::Null => Type::Dynamic,
        ty => ty,
    }
}

fn type_of(value: &JsonNode) -> Type {
    match &value.kind {
        JsonKind::Null => Type::Null,
        JsonKind::Bool(_) => Type::Bool,
        JsonKind::Number(text) if text.contains(['.', 'e', 'E']) => Type::Float,
        JsonKind::Number(_) => Type::Int,
        JsonKind::String(_) => Type::Text,
        JsonKind::Array(_) | JsonKind::Object(_) => Type::Dynamic,
    }
}

fn field<'n>(node: &'n JsonNode, name: &str) -> Option<&'n JsonNode> {
    match &node.kind {
        JsonKind::Object(members) => {
            members.iter().find(|member| member.key.value == name).map(|member| &member.value)
        }
        _ => None,
    }
}

fn text(node: &JsonNode) -> Option<&str> {
    match &node.kind {
        JsonKind::String(text) => Some(&text.value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotations::AnnotationText;

    fn types(schema: &str) -> (SortedMap<String, String>, Vec<String>) {
        let mut sources = Sources::new();
        let source = sources.add("a.schema.json", schema);
        let span = Span::new(source, 0, 0);
        let given = || AnnotationText::new("", span, &sources);
        let annotation = SchemaAnnotation { of: given(), file: given(), source };
        let mut diagnostics = Diagnostics::new();
        let schema = read(&sources, &annotation, &mut diagnostics);
        let shown = |property: &SchemaProperty| {
            format!("{}{}", property.ty, if property.required { "" } else { "?" })
        };
        let properties = schema.map(|schema| schema.properties).unwrap_or_default();
        let types = properties.iter().map(|(name, property)| (name.clone(), shown(property))).collect();
        (types, diagnostics.iter().map(|found| found.message.clone()).collect())
    }

    fn ty(schema: &str) -> String {
        let (types, _) = types(&format!(
            r##"{{ "properties": {{ "x": {schema} }}, "required": ["x"],
                   "$defs": {{ "n": {{ "type": "integer" }}, "loop": {{ "items": {{ "$ref": "#/$defs/loop" }} }} }} }}"##
        ));
        types["x"].clone()
    }

    #[test]
    fn schemas_are_types() {
        for (schema, expected) in [
            (r#"{ "type": "boolean" }"#, "bool"),
            (r#"{ "type": "integer", "minimum": 0 }"#, "int"),
            (r#"{ "type": "number" }"#, "float"),
            (r#"{ "type": ["integer", "number"] }"#, "float"),
            (r#"{ "type": ["string", "null"] }"#, "option<string>"),
            (r#"{ "enum": ["a", "b", null] }"#, "option<string>"),
            (r#"{ "enum": ["a", 1] }"#, "dynamic"),
            (r#"{ "const": 1.5 }"#, "float"),
            (r#"{ "anyOf": [{ "type": "null" }, { "type": "boolean" }] }"#, "option<bool>"),
            (r#"{ "oneOf": [{ "type": "string" }, { "type": "boolean" }] }"#, "dynamic"),
            (r##"{ "allOf": [{ "$ref": "#/$defs/n" }] }"##, "int"),
            (r#"{ "type": "array", "items": { "type": "string" } }"#, "list<string>"),
            (r#"{ "type": "array" }"#, "list<dynamic>"),
            (r#"{ "type": "object", "additionalProperties": { "type": "integer" } }"#, "map<string, int>"),
            (r#"{ "properties": { "a": { "type": "integer" } } }"#, "map<string, dynamic>"),
            (
                r#"{ "properties": { "a": { "type": "integer" } }, "additionalProperties": false }"#,
                "map<string, int>",
            ),
            (r##"{ "$ref": "#/$defs/n" }"##, "int"),
            (r#"{ "type": "string", "nullable": true }"#, "option<string>"),
            ("{}", "dynamic"),
            ("true", "dynamic"),
        ] {
            assert_eq!(ty(schema), expected, "{schema}");
        }
        assert!(ty(r##"{ "$ref": "#/$defs/loop" }"##).starts_with("list<list<"));
    }

    #[test]
    fn what_is_not_required_is_known() {
        let (types, faults) =
            types(r#"{ "properties": { "a": { "type": "integer" }, "b": {} }, "required": ["b"] }"#);
        assert_eq!(types["a"], "int?");
        assert_eq!(types["b"], "dynamic");
        assert_eq!(faults, [""; 0]);
    }

    #[test]
    fn what_is_not_checked_is_said_once() {
        let (_, faults) = types(
            r#"{ "properties": { "a": { "type": "integer", "minimum": 0, "maximum": 9 }, "b": { "minimum": 1 } } }"#,
        );
        assert_eq!(faults, ["`maximum`, `minimum` are not checked; only types are"]);
    }

    #[test]
    fn unusable_schemas_are_refused() {
        for (schema, expected) in [
            ("[]", "a schema is an object, not a list"),
            (r#"{ "type": "string" }"#, "an object with `properties`"),
            (r#"{ "properties": { "a": { "type": "int" } } }"#, "`int` is not a JSON Schema type"),
            (r#"{ "properties": { "a": { "$ref": "other.json" } } }"#, "`other.json` is in another file"),
            (r##"{ "properties": { "a": { "$ref": "#/$defs/x" } } }"##, "the file has no `#/$defs/x`"),
            (r#"{ "properties": {}, "required": ["a"] }"#, "`a` is required, but is not a property"),
        ] {
            let (_, faults) = types(schema);
            assert!(faults.iter().any(|fault| fault.contains(expected)), "{schema}: {faults:?}");
        }
        let (_, faults) = types(r##"{ "$ref": "#" }"##);
        assert!(!faults.is_empty());
    }
}
