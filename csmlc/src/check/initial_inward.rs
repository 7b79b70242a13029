//! No transition leads into the initial state.

use super::edges;
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Rule},
    model::App,
};

pub(crate) static RULE: Rule = Rule::strict(
    "CSML0303",
    "initial-inward",
    "The 2.0 text says that initial states must not have inward transitions (2.0, State Initial). Many descriptions \
     return to their initial state on purpose, which works as expected.",
);

pub(crate) fn check<E>(app: &App<E>, diagnostics: &mut Diagnostics) {
    for (id, machine) in app.machines.iter() {
        if let Some((from, _, transition)) = edges(app, id).find(|(_, to, _)| *to == machine.initial) {
            let initial = &app.states[machine.initial].name;
            let message = format!("a transition leads into initial state `{}`", initial.text);
            diagnostics.push(
                Diagnostic::new(&RULE, transition.span, message)
                    .label(format!("leads from `{}` back to the initial state", app.states[from].name.text))
                    .related(initial.span, "this state is initial"),
            );
        }
    }
}
