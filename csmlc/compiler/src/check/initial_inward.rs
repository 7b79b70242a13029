//! No transition leads into the initial state.

use super::{MOST_LABELS, edges};
use crate::{
    diagnostics::{Diagnostic, Diagnostics, Rule},
    model::Application,
    text::shown,
};

pub(crate) static RULE: Rule = Rule::strict(
    "CSML0303",
    "initial-inward",
    "The 2.0 text says that initial states must not have inward transitions (2.0, State Initial). Many descriptions \
     return to their initial state on purpose, which works as expected.",
);

pub(crate) fn check<E>(app: &Application<E>, diagnostics: &mut Diagnostics) {
    for (id, machine) in app.machines.iter().filter(|(_, machine)| !machine.start_unknown) {
        let mut inward = edges(app, id).filter(|(_, to, _)| *to == machine.initial);
        let Some((from, _, transition)) = inward.next() else { continue };
        let initial = &app.states[machine.initial].name;
        let message = format!("a transition leads into initial state {}", shown(&initial.text));
        let mut diagnostic = Diagnostic::new(&RULE, transition.span, message)
            .label(format!("leads from {} back to the initial state", shown(&app.states[from].name.text)))
            .related(initial.span, "this state is initial");
        let mut last = transition.span;
        for (_, _, other) in inward.take(MOST_LABELS) {
            // Both branches of one transition may lead there.
            if other.span != last {
                diagnostic = diagnostic.related(other.span, "this one too");
                last = other.span;
            }
        }
        let help = "if that is meant, allow the rule; otherwise start in a state of its own, which an `always` transition \
                    leaves at once";
        diagnostics.push(diagnostic.help(help));
    }
}
