//! Expressions, variables and the constructs that hold them.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::shape::{or_list, or_scalar, or_string, snippet};

/// An expression, as a string: `"n + 1"`. A number, `true` and `false` need no quotes.
#[derive(JsonSchema)]
#[schemars(inline, deny_unknown_fields, transform = or_scalar)]
pub(super) struct Expression {
    /// The expression, as a string: `"n + 1"`. A number, `true` and `false` need no quotes.
    #[schemars(schema_with = "scalar")]
    expression: (),
}

fn scalar(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": ["string", "number", "boolean"] })
}

/// The name of a variable in scope.
#[derive(JsonSchema)]
#[schemars(inline, deny_unknown_fields, transform = or_string)]
pub(super) struct VariableReference {
    /// The name of a variable in scope.
    reference: String,
}

/// Variables.
#[derive(JsonSchema)]
#[schemars(inline, deny_unknown_fields, transform = or_list)]
pub(super) struct Data {
    /// The variables. The list may be written without this object around it.
    variables: Vec<Variable>,
}

/// Names of variables.
#[derive(JsonSchema)]
#[schemars(inline, deny_unknown_fields, transform = or_list)]
pub(super) struct Outputs {
    /// The names. The list may be written without this object around it.
    variables: Vec<VariableReference>,
}

/// A name and the expression of its value: a declared variable, a value of an event's data, an input of a service.
#[derive(JsonSchema)]
#[schemars(
    title = "Variable",
    deny_unknown_fields,
    extend("defaultSnippets" = [snippet(
        "variable",
        "A name and the expression of its value",
        r#"{ "name": "${1:n}", "value": "${2:0}" }"#,
    )])
)]
pub(super) struct Variable {
    /// The name. It is unique within its component; `$name` reads event data.
    name: String,
    /// The value: an expression. `"5"` and `5` are a number, `"'five'"` is a string, `"[1, 2]"` a list.
    value: Expression,
}
