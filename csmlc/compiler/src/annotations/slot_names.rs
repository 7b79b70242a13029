//! What variables, event data, service inputs and outputs are called outside of the description:
//!
//! | what | name |
//! |---|---|
//! | variable | its component path: `lamp/on/level`, of the root `level` |
//! | datum of an event | `sensor.$value` |
//! | input of a service | `detect.input.image` |
//! | output of a service | `detect.output.persons` |
//!
//! The names of the description stand in them as they are. Nothing takes them apart again: a name means what
//! is called exactly so.

use crate::{
    lists::Gather,
    model::{Application, Subject},
    source::Span,
};

/// What kind of thing it is, for messages.
#[must_use]
pub const fn kind(subject: Subject) -> &'static str {
    match subject {
        Subject::Variable(_) => "variable",
        Subject::Datum(_) => "event datum",
        Subject::Input(_) => "service input",
        Subject::Output(_) => "service output",
    }
}

/// All of them: variables, event data, service inputs, service outputs, each in the order of the description.
#[must_use]
pub fn subjects<E>(app: &Application<E>) -> Vec<Subject> {
    let variables = app.variables.ids().map(Subject::Variable);
    let data = app.data.ids().map(Subject::Datum);
    let inputs = app.inputs.ids().map(Subject::Input);
    let outputs = app.outputs.ids().map(Subject::Output);
    variables.chain(data).chain(inputs).chain(outputs).gather()
}

/// The name of one of them.
#[must_use]
pub fn name<E>(app: &Application<E>, subject: Subject) -> String {
    match subject {
        Subject::Variable(id) => app.variables[id].path.clone(),
        Subject::Datum(id) => {
            let datum = &app.data[id];
            format!("{}.${}", app.events[datum.event].name.text, datum.name.text)
        }
        Subject::Input(id) => {
            let input = &app.inputs[id];
            format!("{}.input.{}", app.services[input.service].name.text, input.name.text)
        }
        Subject::Output(id) => {
            let output = &app.outputs[id];
            format!("{}.output.{}", app.services[output.service].name.text, output.name.text)
        }
    }
}

/// Where it is declared, or first used.
pub(crate) fn place<E>(app: &Application<E>, subject: Subject) -> Span {
    match subject {
        Subject::Variable(id) => app.variables[id].name.span,
        Subject::Datum(id) => app.data[id].name.span,
        Subject::Input(id) => app.inputs[id].name.span,
        Subject::Output(id) => app.outputs[id].name.span,
    }
}
