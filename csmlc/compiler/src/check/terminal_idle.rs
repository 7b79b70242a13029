//! Nothing happens in a terminal state once it has been entered.

use super::transitions;
use crate::{
    diagnostics::{Diagnostic, Diagnostics, Rule},
    lists::PushAll,
    model::{Action, ActionKind, Application, Transition, graph::targets},
    source::Span,
    text::shown,
};

pub(crate) static RULE: Rule = Rule::warning(
    "CSML0319",
    "idle-in-terminal-state",
    "A terminal state ends its machine as soon as it is entered, and its timers and invocations with it. \
     Its exit actions never run, its transitions are never taken, its timers never fire, and the answers \
     of its invocations are dropped.",
);

pub(crate) fn check<E>(app: &Application<E>, diagnostics: &mut Diagnostics) {
    for (id, state) in app.states.iter().filter(|(_, state)| state.terminal) {
        let mut idle: Vec<(Span, &str)> = Vec::new();
        idle.push_all(invocations(app, &state.entry));
        idle.push_all(invocations(app, &state.while_actions));
        idle.push_all(
            state.after.first().map(|timer| (app.timers[*timer].name.span, "this timer never fires")),
        );
        idle.push_all(state.exit.first().map(|action| (action.span, "exit actions never run here")));
        // A transition that leads out is an error of its own, as is one that leads nowhere.
        let unknown = app.machines[state.machine].uncertain;
        let internal = |transition: &&Transition<E>| !unknown && targets(transition).next().is_none();
        let mut internal = transitions(app, id).filter(internal);
        idle.push_all(internal.next().map(|transition| (transition.span, "this transition is never taken")));
        let mut idle = idle.into_iter();
        let Some((span, text)) = idle.next() else { continue };
        let message = format!("terminal state {} ends its machine at once", shown(&state.name.text));
        let mut diagnostic = Diagnostic::new(&RULE, span, message)
            .label(text)
            .related(state.name.span, "this state is terminal");
        for (span, text) in idle {
            diagnostic = diagnostic.related(span, text);
        }
        diagnostics.push(diagnostic);
    }
}

/// An invocation among these actions that expects an answer.
fn invocations<'a, E>(app: &'a Application<E>, actions: &'a [Action<E>]) -> Option<(Span, &'static str)> {
    Action::all(actions).find_map(|action| match &action.kind {
        ActionKind::Invoke(id)
            if !app.invokes[*id].output.is_empty() || !app.invokes[*id].done.is_empty() =>
        {
            Some((action.span, "the machine ends before this has an answer"))
        }
        _ => None,
    })
}
