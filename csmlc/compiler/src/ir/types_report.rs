//! What inference found, as rows of a table: for `csmlc check --types`.

use crate::{
    ir::{Disagreement, Program},
    lists::Gather,
    model::Subject,
    source::Span,
    types::Type,
};

/// One variable, event datum, service input or output.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeRow {
    /// What it is.
    pub subject: Subject,
    /// What it belongs to: nothing of a variable, else the name of the event or service.
    pub owner: String,
    /// The component path of a variable (`machine/state/n`), else the name, without `$`.
    pub name: String,
    /// Its type, without the option of `optional`.
    pub ty: Type,
    /// Whether it may be absent.
    pub optional: bool,
    /// The two places that made it `dynamic`, each with its type. Nothing that is `dynamic` without two such
    /// places was ever used in a way that tells its type, or takes it from something else that is `dynamic`.
    pub why: Option<[(Type, Span); 2]>,
}

impl TypeRow {
    /// Whether it is looked at while it runs, whole or in part.
    #[must_use]
    pub fn is_dynamic(&self) -> bool {
        crate::types::algebra::is_dynamic(&self.ty)
    }
}

/// The type of every variable, event datum, service input and output, in this order and each in order of the text.
/// Locals of expressions are not listed.
#[must_use]
pub fn types_report(program: &Program) -> Vec<TypeRow> {
    let app = &program.app;
    let row = |subject, owner: &str, name: &str, ty: &Type, optional| {
        let why = program.disagreements.iter().find(|disagreement| disagreement.subject == subject);
        let why = why.map(|Disagreement { first, second, .. }| [first.clone(), second.clone()]);
        TypeRow { subject, owner: owner.to_owned(), name: name.to_owned(), ty: ty.clone(), optional, why }
    };
    let variables = app.variables.iter().map(|(id, variable)| {
        row(Subject::Variable(id), "", &variable.path, &program.variables[id], variable.optional)
    });
    let data = app.events.values().flat_map(|event| event.data.iter().map(move |id| (event, *id)));
    let data = data.map(|(event, id)| {
        let datum = &app.data[id];
        row(Subject::Datum(id), &event.name.text, &datum.name.text, &program.data[id], datum.optional)
    });
    let inputs =
        app.services.values().flat_map(|service| service.inputs.iter().map(move |id| (service, *id)));
    let inputs = inputs.map(|(service, id)| {
        let input = &app.inputs[id];
        row(Subject::Input(id), &service.name.text, &input.name.text, &program.inputs[id], input.optional)
    });
    let outputs =
        app.services.values().flat_map(|service| service.outputs.iter().map(move |id| (service, *id)));
    let outputs = outputs.map(|(service, id)| {
        let output = &app.outputs[id];
        row(Subject::Output(id), &service.name.text, &output.name.text, &program.outputs[id], output.optional)
    });
    variables.chain(data).chain(inputs).chain(outputs).gather()
}
