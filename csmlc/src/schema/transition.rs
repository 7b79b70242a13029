//! Transitions and guards.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{
    choice::Action,
    data::Expression,
    event::Channel,
    shape::{definition, named, snippet},
};

/// A transition on an event.
#[derive(JsonSchema)]
#[schemars(
    title = "Transition on an event",
    deny_unknown_fields,
    extend("defaultSnippets" = [
        snippet("on", "A transition on an event", r#"{ "event": "${1:event}", "target": "${2:state}" }"#),
        snippet(
            "on with a guard",
            "A transition on an event, taken if an expression holds",
            r#"{ "event": "${1:event}", "guards": [{ "expression": "${2:true}" }], "target": "${3:state}" }"#,
        ),
    ])
)]
pub(super) struct On {
    /// Name of the event.
    event: String,
    /// The channel of the event. `peripheral` says that it comes from outside; any other is for readers only.
    channel: Option<Channel>,
    /// The state to enter. Without it the transition is internal: its actions run, and the state is not left.
    target: Option<String>,
    /// Conditions that must all hold.
    guards: Option<Vec<Guard>>,
    /// Actions between leaving the state and entering the target.
    actions: Option<Vec<Action>>,
    /// The state to enter if the guards do not all hold. The actions then do not run.
    #[schemars(rename = "else")]
    else_target: Option<String>,
}

/// A transition without an event.
#[derive(JsonSchema)]
#[schemars(
    title = "Transition",
    deny_unknown_fields,
    extend("defaultSnippets" = [snippet(
        "always",
        "A transition that is taken if an expression holds on entering",
        r#"{ "guards": [{ "expression": "${1:true}" }], "target": "${2:state}" }"#,
    )])
)]
pub(super) struct Transition {
    /// The state to enter. Without it the transition is internal: its actions run, and the state is not left.
    target: Option<String>,
    /// Conditions that must all hold.
    guards: Option<Vec<Guard>>,
    /// Actions between leaving the state and entering the target.
    actions: Option<Vec<Action>>,
    /// The state to enter if the guards do not all hold. The actions then do not run.
    #[schemars(rename = "else")]
    else_target: Option<String>,
}

/// A condition: an expression that is `true` or `false`.
#[derive(JsonSchema)]
#[schemars(title = "Guard", deny_unknown_fields)]
struct GuardExpression {
    /// The condition, as a string: `"n > 5 && ready"`.
    expression: Expression,
    /// Name by which the guard can be used elsewhere in its machine and in nested ones. In a machine's list `guards` it
    /// needs one.
    name: Option<String>,
}

/// A reference to a named action or guard of the machine or of a machine around it.
#[derive(JsonSchema)]
#[schemars(title = "Reference", deny_unknown_fields)]
pub(super) struct Reference {
    /// Name of an action or guard in the lists `actions` and `guards` of the machine or of one around it.
    reference: String,
    /// Another name for it, if this reference is itself in such a list.
    name: Option<String>,
}

/// A guard: an expression, or the name of a guard.
pub(super) struct Guard;

impl JsonSchema for Guard {
    definition!("Guard");

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let reference = generator.subschema_for::<Reference>();
        let expression = generator.subschema_for::<GuardExpression>();
        json_schema!({
            "title": "Guard",
            "description": "A condition: an expression that is true or false, or the name of a guard of the machine.",
            "type": ["object", "string", "number", "boolean"],
            // For completion: which other keys there may be depends on this one.
            "properties": {
                "reference": {
                    "type": "string",
                    "description": "The name of a guard of the machine or of a machine around it.",
                },
            },
            "if": { "type": "object" },
            "then": { "if": { "required": ["reference"] }, "then": reference, "else": expression },
            "defaultSnippets": [snippet("guard", "An expression that must be true", r#"{ "expression": "${1:true}" }"#)],
        })
    }
}

/// A guard in a machine's list of named ones.
pub(super) struct NamedGuard;

impl JsonSchema for NamedGuard {
    definition!("NamedGuard");

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        named(
            generator.subschema_for::<Guard>(),
            snippet(
                "named guard",
                "A guard that others refer to by its name",
                r#"{ "name": "${1:guard}", "expression": "${2:true}" }"#,
            ),
        )
    }
}
