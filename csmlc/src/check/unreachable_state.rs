//! Every state can be reached.

use std::collections::BTreeSet;

use super::{targets, transitions};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Rule},
    model::App,
};

pub(crate) static RULE: Rule = Rule::strict(
    "CSML0302",
    "unreachable-state",
    "No chain of transitions (`on`, `always`, `else`) leads from the initial state to this one (2.0, State Machine \
     States).",
);

pub(crate) fn check<E>(app: &App<E>, diagnostics: &mut Diagnostics) {
    for machine in app.machines.values() {
        let mut reached = BTreeSet::from([machine.initial]);
        let mut open = vec![machine.initial];
        while let Some(state) = open.pop() {
            let next = transitions(app, state).flat_map(targets);
            open.extend(next.filter(|target| reached.insert(*target)));
        }
        for state in machine.states.iter().filter(|state| !reached.contains(state)) {
            let name = &app.states[*state].name;
            let message =
                format!("state `{}` of machine `{}` is never reached", name.text, machine.name.text);
            diagnostics.push(
                Diagnostic::new(&RULE, name.span, message)
                    .label("no transition leads here from the initial state")
                    .related(app.states[machine.initial].name.span, "the machine starts here"),
            );
        }
    }
}
