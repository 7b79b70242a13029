//! Actions: `type` decides which keywords an action may have, and its place decides which types are allowed.
//!
//! A list of alternatives would leave it to a validator to guess which one was meant, and its errors would be about all
//! of them. So `type` decides, by `if` and `then`: errors are about the one action that is written.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::{
    action::{Assign, Create, Delete, Invoke, RaiseEvent, TimedTransition, Timeout, TimeoutReset},
    matching::Match,
    shape::{channels, definition, snippet},
    transition::Reference,
};

/// What an action does.
#[derive(JsonSchema)]
#[schemars(inline, rename_all = "camelCase")]
enum ActionType {
    /// Calls a service.
    Invoke,
    /// Creates a variable.
    Create,
    /// Gives a variable a new value.
    Assign,
    /// Deletes a variable that an action has created.
    Delete,
    /// Raises an event.
    RaiseEvent,
    /// Raises an event. An older spelling of `raiseEvent`.
    Raise,
    /// A timer of a state, in its list `after`.
    Timeout,
    /// Runs the actions of the cases that equal a value. Legacy dialect.
    Match,
    /// Restarts a timer.
    TimeoutReset,
    /// Restarts a timer. Another spelling of `timeoutReset`.
    ResetTimeout,
}

/// The spellings of a type, with the keywords that go with it.
type SpelledType = (&'static [&'static str], fn(&mut SchemaGenerator) -> Schema);

const RAISE: SpelledType = (&["raiseEvent", "raise"], SchemaGenerator::subschema_for::<RaiseEvent>);
const TIMEOUT: SpelledType = (&["timeout"], SchemaGenerator::subschema_for::<Timeout>);
/// The actions that any list of actions may hold.
const ACTIONS: [SpelledType; 7] = [
    (&["invoke"], SchemaGenerator::subschema_for::<Invoke>),
    (&["create"], SchemaGenerator::subschema_for::<Create>),
    (&["assign"], SchemaGenerator::subschema_for::<Assign>),
    (&["delete"], SchemaGenerator::subschema_for::<Delete>),
    RAISE,
    (&["match"], SchemaGenerator::subschema_for::<Match>),
    (&["timeoutReset", "resetTimeout"], SchemaGenerator::subschema_for::<TimeoutReset>),
];

/// An action of a state, a transition or a case: any but a timer.
pub(super) struct Action;

impl JsonSchema for Action {
    definition!("Action");

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = written_out_or_used(generator, &ACTIONS);
        schema.insert("title".to_owned(), json!("Action"));
        schema.insert(
            "description".to_owned(),
            json!("What to do: an action, or the name of an action in the machine's list `actions`."),
        );
        schema.insert("defaultSnippets".to_owned(), snippets());
        schema
    }
}

/// An action in a machine's list of named ones, timers among them.
pub(super) struct NamedAction;

impl JsonSchema for NamedAction {
    definition!("NamedAction");

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let kinds = [&ACTIONS[..], &[TIMEOUT]].concat();
        let mut schema = written_out_or_used(generator, &kinds);
        schema.insert("title".to_owned(), json!("Named action"));
        schema.insert(
            "description".to_owned(),
            json!("An action that others refer to by its name: `{\"reference\": \"name\"}` or `\"name\"`."),
        );
        schema.insert("type".to_owned(), json!("object"));
        schema.insert("required".to_owned(), json!(["name"]));
        schema
    }
}

/// What a timer does: raising, written out or by name.
pub(super) struct TimerAction;

impl JsonSchema for TimerAction {
    definition!("TimerAction");

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = written_out_or_used(generator, &[RAISE]);
        schema.insert("title".to_owned(), json!("Action of a timer"));
        schema.insert(
            "description".to_owned(),
            json!("An event to raise, or the name of an action of the machine that raises one."),
        );
        schema.insert("defaultSnippets".to_owned(), json!([raise_snippet()]));
        schema
    }
}

/// A timer of a state: a timeout whose type may be left out, a timer with a transition, or the name of a timeout.
pub(super) struct Timer;

impl JsonSchema for Timer {
    definition!("Timer");

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut timeout = types(generator, &[TIMEOUT]);
        timeout.insert(
            "description".to_owned(),
            json!("May be left out, because every action here is a timer."),
        );
        let transition: Value =
            ["target", "guards", "else"].iter().map(|key| json!({ "required": [key] })).collect();
        json_schema!({
            "title": "Timer",
            "description": "A timer of the state, with events to raise or with a transition, or the name of a timer in the machine's list `actions`.",
            "type": ["object", "string"],
            "properties": { "type": timeout, "reference": reference() },
            "if": { "type": "object" },
            "then": {
                "if": used(),
                "then": generator.subschema_for::<Reference>(),
                // Of another action only that it is one is wrong.
                "else": {
                    "if": { "properties": { "type": { "const": "timeout" } } },
                    "then": {
                        "if": { "anyOf": transition },
                        "then": generator.subschema_for::<TimedTransition>(),
                        "else": generator.subschema_for::<Timeout>(),
                    },
                },
            },
            "defaultSnippets": [snippet(
                "timed transition",
                "Enters a state after a delay in milliseconds",
                r#"{ "delay": "${1:1000}", "target": "${2:state}" }"#,
            ), snippet(
                "timer",
                "Raises an event after a delay in milliseconds",
                r#"{
	"name": "${1:timer}",
	"delay": "${2:1000}",
	"actions": [
		{ "type": "raiseEvent", "event": { "name": "${3:timeIsUp}", "channel": "internal" } }
	]
}"#,
            )],
        })
    }
}

/// An action of one of these types, or the name of one.
fn written_out_or_used(generator: &mut SchemaGenerator, kinds: &[SpelledType]) -> Schema {
    let mut choices: Vec<Value> = kinds
        .iter()
        .map(|(words, schema)| {
            json!({
                "if": { "required": ["type"], "properties": { "type": { "enum": words } } },
                "then": schema(generator),
            })
        })
        .collect();
    // For completion: an object without a type may become a use.
    choices.push(
        json!({ "if": { "required": ["type"] }, "else": { "properties": { "reference": reference() } } }),
    );
    json_schema!({
        "type": ["object", "string"],
        "properties": { "type": types(generator, kinds) },
        "if": { "type": "object" },
        "then": {
            "if": used(),
            "then": generator.subschema_for::<Reference>(),
            "else": { "required": ["type"], "allOf": choices },
        },
    })
}

/// Whether an object is the use of a named action.
fn used() -> Value {
    json!({ "required": ["reference"], "properties": { "type": false } })
}

fn reference() -> Value {
    json!({ "type": "string", "description": "The name of an action of the machine or of a machine around it." })
}

/// The spellings of these types.
fn types(generator: &mut SchemaGenerator, kinds: &[SpelledType]) -> Schema {
    let mut words = ActionType::json_schema(generator);
    if let Some(Value::Array(choices)) = words.get_mut("oneOf") {
        let known = |word: &Value| kinds.iter().any(|(words, _)| words.iter().any(|known| word == known));
        choices.retain(|choice| choice.get("const").is_some_and(known));
    }
    words
}

fn raise_snippet() -> Value {
    let text = concat!(
        r#"{ "type": "raiseEvent", "event": { "name": "${1:event}", "channel": "#,
        channels!(),
        " } }"
    );
    snippet("raise", "Raise an event", text)
}

fn snippets() -> Value {
    json!([
        raise_snippet(),
        snippet(
            "assign",
            "Give a variable a new value",
            r#"{ "type": "assign", "variable": "${1:n}", "value": "${2:0}" }"#,
        ),
        snippet(
            "invoke",
            "Call a service",
            r#"{
	"type": "invoke",
	"serviceType": "${1:service}",
	"done": [
		{ "name": "${2:answered}", "channel": "internal" }
	]
}"#,
        ),
        snippet(
            "create",
            "Create a variable",
            r#"{ "type": "create", "variable": { "name": "${1:n}", "value": "${2:0}" } }"#,
        ),
        snippet("delete", "Delete a variable", r#"{ "type": "delete", "variable": "${1:n}" }"#),
        snippet(
            "match",
            "Run the actions of the cases that equal a value",
            r#"{
	"type": "match",
	"value": "${1:n}",
	"cases": [
		{ "case": "${2:0}", "actions": [${3}] }
	]
}"#,
        ),
        snippet("reset a timer", "Restart a timer", r#"{ "type": "timeoutReset", "action": "${1:timer}" }"#,),
    ])
}
