//! A terminal state has no way out.

use super::{MOST_LABELS, transitions};
use crate::{
    diagnostics::{Diagnostic, Diagnostics, Rule},
    model::{Application, graph::targets},
    text::shown,
};

pub(crate) static RULE: Rule = Rule::error(
    "CSML0301",
    "terminal-outward",
    "A terminal state ends its machine, so no transition can lead out of it (2.0, State Terminal).",
);

pub(crate) fn check<E>(app: &Application<E>, diagnostics: &mut Diagnostics) {
    for (id, state) in app.states.iter().filter(|(_, state)| state.terminal) {
        let mut outward = transitions(app, id).filter(|transition| targets(transition).next().is_some());
        let Some(transition) = outward.next() else { continue };
        let message = format!("terminal state {} has an outward transition", shown(&state.name.text));
        let mut diagnostic = Diagnostic::new(&RULE, transition.span, message)
            .label("never taken: the machine has ended")
            .related(state.name.span, "this state is terminal");
        for other in outward.take(MOST_LABELS) {
            diagnostic = diagnostic.related(other.span, "also never taken");
        }
        diagnostics.push(diagnostic.help("remove the transition, or `terminal`"));
    }
}
