//! A terminal state has no way out.

use super::{targets, transitions};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Rule},
    model::App,
};

pub(crate) static RULE: Rule = Rule::error(
    "CSML0301",
    "terminal-outward",
    "A terminal state ends its machine, so no transition can lead out of it (2.0, State Terminal).",
);

pub(crate) fn check<E>(app: &App<E>, diagnostics: &mut Diagnostics) {
    for (id, state) in app.states.iter().filter(|(_, state)| state.terminal) {
        if let Some(transition) = transitions(app, id).find(|transition| targets(transition).next().is_some())
        {
            let message = format!("terminal state `{}` has an outward transition", state.name.text);
            diagnostics.push(
                Diagnostic::new(&RULE, transition.span, message)
                    .label("never taken: the machine has ended")
                    .related(state.name.span, "this state is terminal")
                    .help("remove the transition, or `terminal`"),
            );
        }
    }
}
