//! Actions, each with the keywords of its type. `choice` says which type goes with which.

use schemars::JsonSchema;

use super::{
    choice::{Action, TimerAction},
    data::{Data, Expression, Outputs, Variable, VariableReference},
    event::Event,
    properties::Properties,
    shape::or_one,
    transition::Guard,
};

/// Calls a service. The machine goes on during the call; the answer arrives as an event.
#[derive(JsonSchema)]
#[schemars(title = "Action: call a service", deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Invoke {
    r#type: String,
    /// A name by which the action can be used elsewhere in its machine and in nested ones.
    name: Option<String>,
    /// The type of service to call. The program that runs the machines chooses the implementation.
    service_type: String,
    /// Whether only implementations that are marked as local may serve it. Default: `false`.
    #[schemars(default)]
    local: bool,
    /// The input of the service: names and expressions, evaluated at once.
    input: Option<Data>,
    /// Variables that receive the values of the same names from the answer.
    output: Option<Outputs>,
    /// Events raised when the service has answered. They carry the answer in addition to their own data.
    done: Option<Vec<Event>>,
    /// How to call the service.
    properties: Option<Properties>,
}

/// Creates a variable, which must not exist.
#[derive(JsonSchema)]
#[schemars(title = "Action: create a variable", deny_unknown_fields)]
pub(super) struct Create {
    r#type: String,
    /// A name by which the action can be used elsewhere in its machine and in nested ones.
    name: Option<String>,
    variable: Variable,
    /// Whether the variable belongs to the persistent data of the root. Default: `false`: it belongs to the state, or
    /// to the machine if the action is one of a transition.
    #[schemars(default)]
    persistent: bool,
}

/// Gives a variable a new value.
#[derive(JsonSchema)]
#[schemars(title = "Action: assign a variable", deny_unknown_fields, transform = value_in_one_place)]
pub(super) struct Assign {
    r#type: String,
    /// A name by which the action can be used elsewhere in its machine and in nested ones.
    name: Option<String>,
    /// The variable, by its name. It must exist.
    variable: Assigned,
    /// The new value: an expression.
    value: Option<Expression>,
}

/// The variable of an assignment. In the legacy dialect the value may be here.
#[derive(JsonSchema)]
#[schemars(inline, deny_unknown_fields, transform = super::shape::or_string)]
struct Assigned {
    /// Name of the variable, as the legacy dialect writes it.
    name: String,
    /// Name of the variable.
    reference: Option<String>,
    /// The new value, unless it is beside the variable.
    value: Option<Expression>,
}

/// The value is beside the variable or, in the legacy dialect, within it.
fn value_in_one_place(schema: &mut schemars::Schema) {
    let within = serde_json::json!({
        "required": ["variable"],
        "properties": { "variable": { "type": "object", "required": ["value"] } },
    });
    schema.insert("if".to_owned(), within);
    schema.insert("then".to_owned(), serde_json::json!({ "properties": { "value": false } }));
    schema.insert("else".to_owned(), serde_json::json!({ "required": ["value"] }));
}

/// Deletes a variable that an action has created.
#[derive(JsonSchema)]
#[schemars(title = "Action: delete a variable", deny_unknown_fields)]
pub(super) struct Delete {
    r#type: String,
    /// A name by which the action can be used elsewhere in its machine and in nested ones.
    name: Option<String>,
    /// The variable, by its name. It must exist.
    variable: VariableReference,
}

/// Raises an event.
#[derive(JsonSchema)]
#[schemars(title = "Action: raise an event", deny_unknown_fields)]
pub(super) struct RaiseEvent {
    r#type: String,
    /// A name by which the action can be used elsewhere in its machine and in nested ones.
    name: Option<String>,
    event: Event,
}

/// A timer of a state: raises events after a delay, and again after each further delay while the state is active.
#[derive(JsonSchema)]
#[schemars(title = "Timer", deny_unknown_fields)]
pub(super) struct Timeout {
    r#type: Option<String>,
    /// Name of the timer, for `timeoutReset`.
    name: Option<String>,
    /// The delay in milliseconds: an expression that is a number of 0 or more, evaluated when the state is entered.
    delay: Expression,
    /// What the timer does: it can only raise events.
    #[schemars(transform = or_one)]
    actions: Vec<TimerAction>,
    /// What the timer does, in the form for one action.
    #[schemars(transform = or_one, extend("doNotSuggest" = true))]
    action: Option<Vec<TimerAction>>,
}

/// A timer of a state with a transition: takes it after a delay, and again after each further delay while the state is
/// active. An extension: `csmlc convert` writes it as a timer, its event and a transition.
#[derive(JsonSchema)]
#[schemars(title = "Timer with a transition", deny_unknown_fields)]
pub(super) struct TimedTransition {
    r#type: Option<String>,
    /// Name of the timer, for `timeoutReset`.
    name: Option<String>,
    /// The delay in milliseconds: an expression that is a number of 0 or more, evaluated when the state is entered.
    delay: Expression,
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

/// Restarts a timer of the active state. Its delay is evaluated again.
#[derive(JsonSchema)]
#[schemars(title = "Action: restart a timer", deny_unknown_fields)]
pub(super) struct TimeoutReset {
    r#type: String,
    /// A name by which the action can be used elsewhere in its machine and in nested ones.
    name: Option<String>,
    /// The timer, by its name.
    action: VariableReference,
}
