//! Machines and states.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::{
    choice::{Action, NamedAction, Timer},
    data::Data,
    shape::{definition, snippet},
    transition::{NamedGuard, On, Transition},
};

/// A state machine: exactly one of its states is active at any time.
#[derive(JsonSchema)]
#[schemars(
    title = "State machine",
    deny_unknown_fields,
    rename_all = "camelCase",
    transform = states_may_be_inherited,
    extend("defaultSnippets" = [snippet(
        "machine",
        "A state machine with one state",
        r#"{
	"name": "${1:machine}",
	"states": [
		{ "name": "${2:first}", "initial": true }
	]
}"#,
    )])
)]
pub(super) struct Machine {
    /// Name of the machine, unique among its siblings.
    name: String,
    /// The name of the machine that this one extends: declared before it, beside it or beside a machine around it. This
    /// machine inherits its states, data, named actions and guards, and nested machines. Legacy dialect.
    extends: Option<String>,
    /// Whether the machine exists only to be extended: it has no instances, and may have abstract states. Default:
    /// `false`. Legacy dialect.
    #[schemars(default)]
    r#abstract: bool,
    /// Its states, exactly one of them `initial`. In the legacy dialect nested machines may be here too.
    states: Option<Vec<StateOrMachine>>,
    /// Machines nested in it: they start with it, see its data, and end with it.
    state_machines: Option<Vec<Machine>>,
    /// Variables of each instance, which its states and nested machines see.
    local_data: Option<Data>,
    /// Variables with one value for the whole application, kept across restarts.
    persistent_data: Option<Data>,
    /// Named actions of the legacy dialect, for use by this machine and the ones nested in it.
    actions: Option<Vec<NamedAction>>,
    /// Named guards of the legacy dialect, for use by this machine and the ones nested in it.
    guards: Option<Vec<NamedGuard>>,
}

/// A state.
#[derive(JsonSchema)]
#[schemars(
    title = "State",
    deny_unknown_fields,
    rename_all = "camelCase",
    extend("defaultSnippets" = [snippet(
        "state",
        "A state that an event leaves",
        r#"{
	"name": "${1:state}",
	"on": [
		{ "event": "${2:event}", "target": "${3:other}" }
	]
}"#,
    )])
)]
pub(super) struct State {
    /// Name of the state, unique in its machine. Transitions lead to it by this name.
    name: String,
    /// Whether the machine starts here. A machine has exactly one initial state. Default: `false`.
    #[schemars(default)]
    initial: bool,
    /// Whether the machine ends here. No transition leads out of a terminal state. Default: `false`.
    #[schemars(default)]
    terminal: bool,
    /// Whether machines that extend this one must define the state. Only abstract machines have such states. Default:
    /// `false`. Legacy dialect.
    #[schemars(default)]
    r#abstract: bool,
    /// Whether machines that extend this one may add to the state or change it. Default: `false`. Legacy dialect.
    #[schemars(default)]
    r#virtual: bool,
    /// Actions on entering the state, in order.
    entry: Option<Vec<Action>>,
    /// Actions on leaving the state, in order.
    exit: Option<Vec<Action>>,
    /// Actions after `entry`. The services they call are cancelled when the state is left.
    #[schemars(rename = "while")]
    while_actions: Option<Vec<Action>>,
    /// Timers: each raises events when its delay is over, again and again while the state is active.
    after: Option<Vec<Timer>>,
    /// Transitions on events. For one event at most one may be enabled.
    on: Option<Vec<On>>,
    /// Transitions without an event: evaluated once the state has been entered.
    always: Option<Vec<Transition>>,
    /// Variables created anew each time the state is entered.
    local_data: Option<Data>,
    /// Variables with one value for the whole application, kept across restarts.
    persistent_data: Option<Data>,
    /// Variables of the state that keep their values while it is not active.
    static_data: Option<Data>,
}

/// The states may be inherited, or left to those that extend the machine.
fn states_may_be_inherited(schema: &mut Schema) {
    let is_true = |key: &str| json!({ "required": [key], "properties": { key: { "const": true } } });
    let without =
        json!({ "anyOf": [{ "required": ["extends"] }, is_true("abstract"), is_true("isAbstract")] });
    schema.insert("if".to_owned(), without);
    schema.insert("else".to_owned(), json!({ "required": ["states"] }));
}

/// Whether an object among states is a machine: it has a keyword that only machines have, or one that states lack and
/// none that machines lack.
fn is_machine() -> Value {
    let has = |key: &&str| json!({ "required": [key] });
    let alone = ["states", "stateMachines", "extends"].iter().map(has);
    let lacked =
        ["initial", "terminal", "virtual", "isVirtual", "entry", "exit", "while", "after", "on", "always"];
    let absent: Map<_, _> = lacked.iter().map(|key| ((*key).to_owned(), json!(false))).collect();
    let shared: Value = ["actions", "guards"].iter().map(has).collect();
    let choices: Value = alone.chain([json!({ "anyOf": shared, "properties": absent })]).collect();
    json!({ "anyOf": choices })
}

/// An item of a machine's states: a state or, in the legacy dialect, a nested machine.
struct StateOrMachine;

impl JsonSchema for StateOrMachine {
    definition!("StateOrMachine");

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "if": is_machine(),
            "then": generator.subschema_for::<Machine>(),
            "else": generator.subschema_for::<State>(),
        })
    }
}
