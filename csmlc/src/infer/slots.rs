//! What has a type of its own: variables, event data, service inputs and outputs.

use crate::{
    aids::Subject,
    arena::Arena,
    model::{App, DatumId, InputId, OutputId, Role, VarId},
    source::Span,
    types::Type,
};

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    Variable(VarId),
    Datum(DatumId),
    Input(InputId),
    Output(OutputId),
}

impl Slot {
    /// The slot that an expression's value goes into.
    pub(super) fn of(role: Role) -> Option<Self> {
        match role {
            Role::Initial(variable) | Role::Value(variable) => Some(Self::Variable(variable)),
            Role::Datum(datum) => Some(Self::Datum(datum)),
            Role::Input(input) => Some(Self::Input(input)),
            Role::Guard | Role::Delay => None,
        }
    }

    /// The slot of something that a typing aid can name.
    pub(super) fn of_subject(subject: Subject) -> Self {
        match subject {
            Subject::Variable(id) => Self::Variable(id),
            Subject::Datum(id) => Self::Datum(id),
            Subject::Input(id) => Self::Input(id),
            Subject::Output(id) => Self::Output(id),
        }
    }

    /// What it is called in messages.
    pub(super) fn describe<E>(self, app: &App<E>) -> String {
        match self {
            Self::Variable(id) => format!("variable `{}`", app.variables[id].name.text),
            Self::Datum(id) => {
                let datum = &app.data[id];
                format!("`${}` of event `{}`", datum.name.text, app.events[datum.event].name.text)
            }
            Self::Input(id) => {
                let input = &app.inputs[id];
                format!("input `{}` of service `{}`", input.name.text, app.services[input.service].name.text)
            }
            Self::Output(id) => {
                let output = &app.outputs[id];
                format!(
                    "output `{}` of service `{}`",
                    output.name.text, app.services[output.service].name.text
                )
            }
        }
    }

    /// Where it is declared.
    pub(super) fn span<E>(self, app: &App<E>) -> Span {
        match self {
            Self::Variable(id) => app.variables[id].name.span,
            Self::Datum(id) => app.data[id].name.span,
            Self::Input(id) => app.inputs[id].name.span,
            Self::Output(id) => app.outputs[id].name.span,
        }
    }
}

/// The type of every slot.
#[derive(Debug)]
pub(super) struct Slots {
    pub(super) variables: Arena<VarId, Type>,
    pub(super) data: Arena<DatumId, Type>,
    pub(super) inputs: Arena<InputId, Type>,
    pub(super) outputs: Arena<OutputId, Type>,
}

impl Slots {
    /// All unknown.
    pub(super) fn new<E>(app: &App<E>) -> Self {
        Self {
            variables: unknown(app.variables.len()),
            data: unknown(app.data.len()),
            inputs: unknown(app.inputs.len()),
            outputs: unknown(app.outputs.len()),
        }
    }

    pub(super) fn get(&self, slot: Slot) -> &Type {
        match slot {
            Slot::Variable(id) => &self.variables[id],
            Slot::Datum(id) => &self.data[id],
            Slot::Input(id) => &self.inputs[id],
            Slot::Output(id) => &self.outputs[id],
        }
    }

    pub(super) fn set(&mut self, slot: Slot, ty: Type) {
        match slot {
            Slot::Variable(id) => self.variables[id] = ty,
            Slot::Datum(id) => self.data[id] = ty,
            Slot::Input(id) => self.inputs[id] = ty,
            Slot::Output(id) => self.outputs[id] = ty,
        }
    }

    /// All slots in a fixed order.
    pub(super) fn all(&self) -> Vec<Slot> {
        let variables = self.variables.ids().map(Slot::Variable);
        let data = self.data.ids().map(Slot::Datum);
        let inputs = self.inputs.ids().map(Slot::Input);
        let outputs = self.outputs.ids().map(Slot::Output);
        variables.chain(data).chain(inputs).chain(outputs).collect()
    }
}

fn unknown<I: crate::arena::Id>(len: usize) -> Arena<I, Type> {
    let mut arena = Arena::new();
    for _ in 0..len {
        arena.push(Type::Unknown);
    }
    arena
}
