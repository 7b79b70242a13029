//! Machines and states.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

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
    /// Name of the machine, unique among its neighbours.
    name: String,
    /// Its states, exactly one of them `initial`. In the legacy dialect nested machines stand here, too.
    states: Vec<StateOrMachine>,
    /// Machines nested in it: they start with it, see its data, and end with it.
    state_machines: Option<Vec<Machine>>,
    /// Variables of each instance, which its states and nested machines see.
    local_data: Option<Data>,
    /// Variables of which there is one value for the whole application, kept across restarts.
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
    /// Whether the machine starts here. Exactly one state of a machine says so.
    #[schemars(default)]
    initial: bool,
    /// Whether the machine ends here. Nothing leads out of such a state.
    #[schemars(default)]
    terminal: bool,
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
    /// Transitions without an event: looked at once the state has been entered.
    always: Option<Vec<Transition>>,
    /// Variables made anew each time the state is entered.
    local_data: Option<Data>,
    /// Variables of which there is one value for the whole application, kept across restarts.
    persistent_data: Option<Data>,
    /// Variables of the state that keep their values while it is not active.
    static_data: Option<Data>,
}

/// What stands among the states of a machine: a state or, in the legacy dialect, a nested machine.
struct StateOrMachine;

impl JsonSchema for StateOrMachine {
    definition!("StateOrMachine");

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "if": { "anyOf": [{ "required": ["states"] }, { "required": ["stateMachines"] }] },
            "then": generator.subschema_for::<Machine>(),
            "else": generator.subschema_for::<State>(),
        })
    }
}
