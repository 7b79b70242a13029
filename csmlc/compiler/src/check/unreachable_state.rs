//! Every state can be reached.

use super::transitions;
use crate::sorted::SortedSet;
use crate::{
    diagnostics::{Diagnostic, Diagnostics, Rule},
    lists::Gather,
    model::{
        Application, Machine, StateId,
        graph::{self, Edges, targets},
    },
    text::shown,
};

pub(crate) static RULE: Rule = Rule::strict(
    "CSML0302",
    "unreachable-state",
    "No chain of transitions (`on`, `always`, `else`) leads from the initial state to this one (2.0, State Machine \
     States).",
);

pub(crate) fn check<E>(app: &Application<E>, diagnostics: &mut Diagnostics) {
    for (id, machine) in app.machines.iter().filter(|(_, machine)| !machine.uncertain) {
        let reached = graph::reachable(app, id);
        let lost = machine.states.iter().copied().filter(|state| !reached.contains(state));
        let edges: Edges =
            lost.map(|state| (state, transitions(app, state).flat_map(targets).gather())).collect();
        report(app, machine, &edges, diagnostics);
    }
}

/// Of the states that are never reached, reports those that no other such state leads to. The others follow.
fn report<E>(app: &Application<E>, machine: &Machine, edges: &Edges, diagnostics: &mut Diagnostics) {
    let mut followed: SortedSet<StateId> = SortedSet::new();
    // What follows stands before what it follows from.
    let mut sources: Vec<Vec<StateId>> = Vec::new();
    for component in graph::components(edges).into_iter().rev() {
        let next: Vec<StateId> =
            component.iter().filter_map(|state| edges.get(state)).flatten().copied().gather();
        let source = component.iter().all(|state| !followed.contains(state));
        followed.extend(next.into_iter().filter(|state| component.binary_search(state).is_err()));
        if source {
            sources.push(component);
        }
    }
    crate::sorted::sort(&mut sources);
    for component in sources {
        let Some(first) = component.first() else { continue };
        let name = &app.states[*first].name;
        let message =
            format!("state {} of machine {} is never reached", shown(&name.text), shown(&machine.name.text));
        let within = graph::spread(*first, |state| {
            let next = edges.get(&state).into_iter().flatten().copied();
            next.filter(|next| edges.contains_key(next)).gather()
        });
        let others: Vec<StateId> = within.into_iter().filter(|state| state != first).gather();
        let mut diagnostic = Diagnostic::new(&RULE, name.span, message)
            .label("no transition leads here from the initial state")
            .related(app.states[machine.initial].name.span, "the machine starts here");
        if !others.is_empty() {
            diagnostic = diagnostic.note(format!("also unreachable through it: {}", list(app, &others)));
        }
        diagnostics.push(diagnostic);
    }
}

/// Names of states, the first few of many.
fn list<E>(app: &Application<E>, states: &[StateId]) -> String {
    const MANY: usize = 10;
    let mut names: Vec<String> =
        states.iter().take(MANY).map(|state| shown(&app.states[*state].name.text)).gather();
    if states.len() > MANY {
        names.push(format!("{} more", states.len() - MANY));
    }
    names.join(", ")
}
