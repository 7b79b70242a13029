//! Raises of one event carry the same data.

use crate::sorted::{SortedMap, SortedSet};
use crate::{
    diagnostics::{Diagnostic, Diagnostics, Rule},
    lists::Gather,
    model::{ActionKind, Application, DatumId, EventId, Raise},
    text::shown,
};

pub(crate) static RULE: Rule = Rule::warning(
    "CSML0308",
    "event-data-shape",
    "The same event is raised with different data, so a handler cannot rely on data that only some of the \
     raises carry.",
);

pub(crate) fn check<E>(app: &Application<E>, diagnostics: &mut Diagnostics) {
    let mut first: SortedMap<EventId, &Raise<E>> = SortedMap::new();
    let mut reported: SortedSet<EventId> = SortedSet::new();
    for raise in all_raises(app) {
        let before = *first.entry(raise.event).or_insert(raise);
        if data(raise) != data(before) && reported.insert(raise.event) {
            diagnostics.push(report(app, before, raise));
        }
    }
}

fn report<E>(app: &Application<E>, first: &Raise<E>, other: &Raise<E>) -> Diagnostic {
    let list = |raise: &Raise<E>| {
        let names: Vec<String> = data(raise).iter().map(|id| shown(&app.data[*id].name.text)).gather();
        if names.is_empty() { "no data".to_owned() } else { names.join(", ") }
    };
    let name = shown(&app.events[other.event].name.text);
    Diagnostic::new(&RULE, other.span, format!("event {name} is raised with different data"))
        .label(format!("with {} here", list(other)))
        .related(first.span, format!("with {} here", list(first)))
}

fn data<E>(raise: &Raise<E>) -> SortedSet<DatumId> {
    raise.data.iter().map(|(datum, _)| *datum).collect()
}

/// Every raise, except those of `done`, which carry the service's output as well.
fn all_raises<E>(app: &Application<E>) -> Vec<&Raise<E>> {
    let mut raises: Vec<&Raise<E>> = app.timers.values().flat_map(|timer| &timer.raises).gather();
    for action in app.states.values().flat_map(|state| state.actions()) {
        if let ActionKind::Raise(raise) = &action.kind {
            raises.push(raise);
        }
    }
    crate::sorted::sort_by_key(&mut raises, |raise| raise.span);
    raises
}
