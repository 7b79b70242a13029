//! The action `match` and its cases.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{
    choice::Action,
    data::Expression,
    shape::{or_one, snippet},
};

/// Compares a value with cases, one after the other. Every case that equals it runs its actions; if none does, the
/// default runs.
#[derive(JsonSchema)]
#[schemars(title = "Action: match", deny_unknown_fields)]
pub(super) struct Match {
    r#type: String,
    /// A name by which the action can be used elsewhere in its machine and in nested ones.
    name: Option<String>,
    /// What the cases are compared with: an expression, evaluated once.
    value: Expression,
    /// The cases, in the order in which they are compared.
    #[schemars(transform = or_one)]
    cases: Vec<Case>,
    /// What runs if no case equals the value: an action, a list of them, or an object that holds either.
    default: Option<OneOrMore>,
}

/// A case of a `match` action.
#[derive(JsonSchema)]
#[schemars(
    title = "Case",
    deny_unknown_fields,
    extend("defaultSnippets" = [snippet(
        "case",
        "Actions for one value",
        r#"{ "case": "${1:0}", "actions": [${2}] }"#,
    )])
)]
struct Case {
    /// A name for readers.
    name: Option<String>,
    /// What is compared with the value: an expression.
    case: Expression,
    /// What runs if both are equal: an action or a list of them.
    #[schemars(transform = or_one)]
    actions: Vec<Action>,
    /// What runs if both are equal, in the form for one action.
    #[schemars(transform = or_one, extend("doNotSuggest" = true))]
    action: Option<Vec<Action>>,
}

/// What a `match` action does if no case equals its value.
#[derive(JsonSchema)]
#[schemars(title = "Default", deny_unknown_fields)]
struct Default {
    /// A name for readers.
    name: Option<String>,
    /// What runs: an action or a list of them.
    #[schemars(transform = or_one)]
    actions: Option<Vec<Action>>,
    /// What runs, in the form for one action.
    #[schemars(transform = or_one, extend("doNotSuggest" = true))]
    action: Option<Vec<Action>>,
}

/// An action, a list of them, or an object like a case that holds either.
struct OneOrMore;

impl JsonSchema for OneOrMore {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "OneOrMore".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let action = generator.subschema_for::<Action>();
        json_schema!({
            "type": ["array", "object", "string"],
            "items": action,
            "if": {
                "type": "object",
                "anyOf": [{ "required": ["actions"] }, { "required": ["action"] }],
                // A `timeoutReset` has an `action` of its own.
                "properties": { "type": false },
            },
            "then": generator.subschema_for::<Default>(),
            "else": { "if": { "type": "array" }, "else": action },
        })
    }
}
