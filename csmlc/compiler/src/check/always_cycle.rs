//! `always` transitions settle.

use super::MOST_LABELS;
use crate::sorted::{SortedMap, SortedSet};
use crate::{
    diagnostics::{Diagnostic, Diagnostics, Rule},
    lists::{Gather, PushAll},
    model::{
        Application, MachineId, StateId, Transition,
        graph::{self, Edges, always_leads_on, takeable, targets},
    },
    text::shown,
    vocabulary::ChoicePolicy,
};

pub(crate) static NEVER_SETTLES: Rule = Rule::error(
    "CSML0304",
    "always-cycle",
    "`always` transitions form a cycle, and none of their guards can end it: a step that enters the cycle \
     never ends.",
);
pub(crate) static MAY_NOT_SETTLE: Rule = Rule::warning(
    "CSML0305",
    "guarded-always-cycle",
    "`always` transitions form a cycle, and only their guards can end the step. A step that takes too \
     many micro-steps ends with an error.",
);

/// Whether one of some transitions is enabled whatever is the case.
pub(crate) type Covers<E> = fn(&[&Transition<E>]) -> bool;

pub(crate) fn check<E>(app: &Application<E>, covers: Covers<E>, diagnostics: &mut Diagnostics) {
    for (id, machine) in app.machines.iter() {
        if machine.states.iter().all(|state| app.states[*state].always.is_empty()) {
            continue;
        }
        let reached = graph::reachable(app, id);
        let unsettled = unsettled(app, &reached, covers);
        let mut reported = SortedSet::new();
        let stays = |transition: &Transition<E>| stays_within(transition, &unsettled);
        for cycle in cycles(&edges(app, &unsettled, &stays)) {
            report(app, id, &NEVER_SETTLES, &cycle, &stays, diagnostics);
            reported.extend(cycle);
        }
        for cycle in cycles(&edges(app, &reached, &leads_on)) {
            if cycle.iter().all(|state| !reported.contains(state)) {
                report(app, id, &MAY_NOT_SETTLE, &cycle, &leads_on, diagnostics);
            }
        }
    }
}

fn leads_on<E>(transition: &Transition<E>) -> bool {
    transition.target.is_some() || transition.else_target.is_some()
}

/// Whether a transition that is enabled leads to one of these states, wherever it leads.
fn stays_within<E>(transition: &Transition<E>, states: &SortedSet<StateId>) -> bool {
    transition.target.is_some() && targets(transition).all(|target| states.contains(&target))
}

/// The transitions by which `always` may leave a state. An internal one that is always enabled ends the search.
fn leaving<E>(app: &Application<E>, state: StateId) -> impl Iterator<Item = &Transition<E>> {
    let state = &app.states[state];
    let ends = |transition: &Transition<E>| {
        transition.target.is_none() && transition.else_target.is_none() && transition.guards.is_empty()
    };
    let first = app.choice == ChoicePolicy::First;
    let settled = state.terminal || (!first && state.always.iter().any(ends));
    takeable(app.choice, &state.always).iter().filter(move |_| !settled)
}

fn edges<E>(
    app: &Application<E>,
    states: &SortedSet<StateId>,
    counts: &dyn Fn(&Transition<E>) -> bool,
) -> Edges {
    let next = |state: &StateId| {
        leaving(app, *state).filter(|transition| counts(transition)).flat_map(targets).gather()
    };
    states.iter().map(|state| (*state, next(state))).collect()
}

/// Cycles in order of the text.
fn cycles(edges: &Edges) -> Vec<Vec<StateId>> {
    let mut cycles = graph::components(edges);
    cycles.retain(|component| graph::is_cycle(edges, component));
    crate::sorted::sort(&mut cycles);
    cycles
}

/// States from which a step certainly never ends: some `always` transition is enabled whatever the guards say, and
/// wherever it leads, the same is so.
fn unsettled<E>(app: &Application<E>, reached: &SortedSet<StateId>, covers: Covers<E>) -> SortedSet<StateId> {
    let mut left = reached.clone();
    let mut before: SortedMap<StateId, Vec<StateId>> = Default::default();
    for state in reached {
        for target in leaving(app, *state).flat_map(targets) {
            before.entry(target).or_default().push(*state);
        }
    }
    let mut open: Vec<StateId> = reached.iter().copied().gather();
    while let Some(state) = open.pop() {
        if !left.contains(&state) {
            continue;
        }
        let stay: Vec<_> = leaving(app, state).filter(|transition| stays_within(transition, &left)).gather();
        let sure = match app.choice {
            ChoicePolicy::Exclusive => true,
            // One that ends the step may come first.
            ChoicePolicy::First => stay.len() == leaving(app, state).count(),
        };
        let moves_on = sure && (stay.iter().any(|transition| always_leads_on(transition)) || covers(&stay));
        if !moves_on {
            left.remove(&state);
            open.extend(before.get(&state).into_iter().flatten());
        }
    }
    left
}

fn report<E>(
    app: &Application<E>,
    machine: MachineId,
    rule: &'static Rule,
    cycle: &[StateId],
    counts: &dyn Fn(&Transition<E>) -> bool,
    diagnostics: &mut Diagnostics,
) {
    let within = |transition: &&Transition<E>| {
        counts(transition) && targets(transition).any(|target| cycle.binary_search(&target).is_ok())
    };
    let mut transitions: Vec<(StateId, &Transition<E>)> = Vec::new();
    for state in cycle {
        transitions.push_all(leaving(app, *state).filter(within).map(|transition| (*state, transition)));
    }
    let Some((_, first)) = transitions.first() else { return };
    let name = |state: StateId| shown(&app.states[state].name.text);
    let what = if std::ptr::eq(rule, &NEVER_SETTLES) { "never settle" } else { "may not settle" };
    let message =
        format!("`always` transitions of machine {} {what}", shown(&app.machines[machine].name.text));
    let mut diagnostic = Diagnostic::new(rule, first.span, message).label("the cycle starts here");
    for (_, transition) in transitions.iter().skip(1).take(MOST_LABELS) {
        diagnostic = diagnostic.related(transition.span, "and continues here");
    }
    let simple = transitions.len() == cycle.len()
        && transitions.iter().all(|(_, transition)| {
            targets(transition).filter(|target| cycle.binary_search(target).is_ok()).count() == 1
        });
    let note = if simple { round(app, cycle, &transitions) } else { None };
    diagnostics.push(diagnostic.note(note.unwrap_or_else(|| {
        let names: Vec<String> = cycle.iter().take(2 * MOST_LABELS).map(|state| name(*state)).gather();
        let more = cycle.len().saturating_sub(names.len());
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        format!("between states {}{more}", names.join(", "))
    })));
}

/// A cycle with one way round: `a → b → a`.
fn round<E>(
    app: &Application<E>,
    cycle: &[StateId],
    transitions: &[(StateId, &Transition<E>)],
) -> Option<String> {
    let first = *cycle.first()?;
    let mut names = vec![app.states[first].name.text.as_str()];
    let mut state = first;
    for _ in cycle {
        let at = cycle.binary_search(&state).ok()?;
        let (_, transition) = transitions.get(at)?;
        state = targets(transition).find(|target| cycle.binary_search(target).is_ok())?;
        names.push(&app.states[state].name.text);
        if state == first {
            return Some(names.join(" → "));
        }
    }
    None
}
