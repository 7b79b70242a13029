//! A distributed application has no shared memory at its root.

use super::MOST_LABELS;
use crate::{
    diagnostics::{Diagnostic, Diagnostics, Rule},
    model::{Application, Owner},
    text::shown,
    vocabulary::{MemoryMode, Storage},
};

pub(crate) static RULE: Rule = Rule::error(
    "CSML0309",
    "distributed-root-data",
    "In memory mode `distributed` the machines run in different processes, so the root cannot have local \
     data (2.0, Data Model).",
);

pub(crate) fn check<E>(app: &Application<E>, diagnostics: &mut Diagnostics) {
    if app.memory_mode != MemoryMode::Distributed {
        return;
    }
    let local = |variable: &&crate::model::Variable<E>| {
        variable.owner == Owner::Root && variable.storage == Storage::Local
    };
    let mut variables = app.variables.values().filter(local);
    let Some(variable) = variables.next() else { return };
    let message = format!("{} is local data of a distributed root", shown(&variable.name.text));
    let mut diagnostic = Diagnostic::new(&RULE, variable.name.span, message)
        .label("no memory is shared at the root")
        .help("make it persistent data, or say `\"memoryMode\": \"shared\"`");
    for other in variables.take(MOST_LABELS) {
        diagnostic = diagnostic.related(other.name.span, "also local data");
    }
    diagnostics.push(diagnostic);
}
