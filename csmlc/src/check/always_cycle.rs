//! `always` transitions settle.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    diagnostic::{Diagnostic, Diagnostics, Rule},
    model::{App, MachineId, StateId, Transition},
};

pub(crate) static NEVER_SETTLES: Rule = Rule::error(
    "CSML0304",
    "always-cycle",
    "`always` transitions without guards lead in a circle: a step that enters it never ends (SEMANTICS 2).",
);
pub(crate) static MAY_NOT_SETTLE: Rule = Rule::warning(
    "CSML0305",
    "guarded-always-cycle",
    "`always` transitions lead in a circle. Their guards decide whether a step ends; one that takes too many \
     micro-steps ends with an error (SEMANTICS 2 and 3).",
);

pub(crate) fn check<E>(app: &App<E>, diagnostics: &mut Diagnostics) {
    for id in app.machines.ids() {
        let unguarded = |transition: &Transition<E>| transition.guards.is_empty();
        if report(app, id, &NEVER_SETTLES, &unguarded, diagnostics).is_none() {
            report(app, id, &MAY_NOT_SETTLE, &|_| true, diagnostics);
        }
    }
}

fn report<E>(
    app: &App<E>,
    machine: MachineId,
    rule: &'static Rule,
    counts: &dyn Fn(&Transition<E>) -> bool,
    diagnostics: &mut Diagnostics,
) -> Option<()> {
    let cycle = find(app, machine, counts)?;
    let names: Vec<&str> = cycle.iter().map(|(state, _)| app.states[*state].name.text.as_str()).collect();
    let (first, transition) = cycle.first()?;
    let what = if std::ptr::eq(rule, &NEVER_SETTLES) { "never settle" } else { "may not settle" };
    let message = format!("`always` transitions of machine `{}` {what}", app.machines[machine].name.text);
    let mut diagnostic = Diagnostic::new(rule, transition.span, message)
        .label("the circle starts here")
        .note(format!("{} → {}", names.join(" → "), app.states[*first].name.text));
    for (_, transition) in cycle.iter().skip(1) {
        diagnostic = diagnostic.related(transition.span, "and goes on here");
    }
    diagnostics.push(diagnostic);
    Some(())
}

/// A circle of `always` transitions: each state with the transition that leaves it.
fn find<'a, E>(
    app: &'a App<E>,
    machine: MachineId,
    counts: &dyn Fn(&Transition<E>) -> bool,
) -> Option<Vec<(StateId, &'a Transition<E>)>> {
    let mut next: BTreeMap<StateId, Vec<(StateId, &'a Transition<E>)>> = BTreeMap::new();
    for state in &app.machines[machine].states {
        let transitions = app.states[*state].always.iter().filter(|transition| counts(transition));
        let edges =
            transitions.flat_map(|transition| super::targets(transition).map(move |to| (to, transition)));
        next.insert(*state, edges.collect());
    }
    // States that lead to no circle are taken away until only circles and ways between them are left.
    loop {
        let ends: BTreeSet<StateId> = next
            .iter()
            .filter(|(_, edges)| !edges.iter().any(|(to, _)| next.contains_key(to)))
            .map(|(state, _)| *state)
            .collect();
        if ends.is_empty() {
            break;
        }
        next.retain(|state, _| !ends.contains(state));
    }
    let mut path: Vec<(StateId, &Transition<E>)> = Vec::new();
    let mut state = *next.keys().next()?;
    loop {
        if let Some(start) = path.iter().position(|(seen, _)| *seen == state) {
            return Some(path.split_off(start));
        }
        let (to, transition) = next.get(&state)?.iter().find(|(to, _)| next.contains_key(to))?;
        path.push((state, transition));
        state = *to;
    }
}
