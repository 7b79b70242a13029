//! A timer is reset where it runs.

use crate::{
    diagnostics::{Diagnostic, Diagnostics, Rule},
    model::{Action, ActionKind, Application, StateId},
    text::shown,
};

pub(crate) static RULE: Rule = Rule::warning(
    "CSML0312",
    "reset-without-effect",
    "A timer of a state runs from when the state is entered until it is left. Entry and `while` actions \
     run before that; exit actions, and the actions of a transition that leaves the state, run after it. \
     So only an internal transition of the state can reset the timer.",
);

pub(crate) fn check<E>(app: &Application<E>, diagnostics: &mut Diagnostics) {
    for (id, state) in app.states.iter() {
        for list in [&state.entry, &state.exit, &state.while_actions] {
            report(app, list, None, diagnostics);
        }
        for transition in super::transitions(app, id) {
            let running = transition.target.is_none().then_some(id);
            report(app, &transition.actions, running, diagnostics);
        }
    }
}

/// Reports resets among actions during which only timers of the state `running` run.
fn report<E>(
    app: &Application<E>,
    actions: &[Action<E>],
    running: Option<StateId>,
    diagnostics: &mut Diagnostics,
) {
    for action in Action::all(actions) {
        let ActionKind::ResetTimer(timer) = action.kind else { continue };
        let timer = &app.timers[timer];
        if Some(timer.state) != running {
            let state = shown(&app.states[timer.state].name.text);
            let message = format!("timer {} does not run when it is reset here", shown(&timer.name.text));
            diagnostics.push(
                Diagnostic::new(&RULE, action.subject, message)
                    .label("this has no effect")
                    .related(timer.name.span, "the timer is declared here")
                    .help(format!("reset it in a transition of state {state} that has no target")),
            );
        }
    }
}
