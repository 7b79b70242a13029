//! Raises of one event carry the same data.

use std::collections::BTreeSet;

use crate::{
    diagnostic::{Diagnostic, Diagnostics, Rule},
    model::{ActionKind, App, DatumId, EventId, Raise},
};

pub(crate) static RULE: Rule = Rule::warning(
    "CSML0308",
    "event-data-shape",
    "The same event is raised with different data, so a handler cannot count on what only some raises carry \
     (SEMANTICS 2).",
);

pub(crate) fn check<E>(app: &App<E>, diagnostics: &mut Diagnostics) {
    let raises: Vec<&Raise<E>> = all_raises(app);
    for id in app.events.ids() {
        event(app, id, &raises, diagnostics);
    }
}

fn event<E>(app: &App<E>, id: EventId, raises: &[&Raise<E>], diagnostics: &mut Diagnostics) {
    let mut own = raises.iter().filter(|raise| raise.event == id);
    let Some(first) = own.next() else { return };
    let carried = data(first);
    if let Some(other) = own.find(|raise| data(raise) != carried) {
        let name = &app.events[id].name.text;
        let list = |ids: BTreeSet<DatumId>| {
            let names: Vec<String> = ids.iter().map(|id| format!("`{}`", app.data[*id].name.text)).collect();
            if names.is_empty() { "no data".to_owned() } else { names.join(", ") }
        };
        diagnostics.push(
            Diagnostic::new(&RULE, other.span, format!("event `{name}` is raised with different data"))
                .label(format!("with {} here", list(data(other))))
                .related(first.span, format!("with {} here", list(carried))),
        );
    }
}

fn data<E>(raise: &Raise<E>) -> BTreeSet<DatumId> {
    raise.data.iter().map(|(datum, _)| *datum).collect()
}

/// Every raise, except those of `done`, which carry the service's output as well.
fn all_raises<E>(app: &App<E>) -> Vec<&Raise<E>> {
    let mut raises: Vec<&Raise<E>> = app.timers.values().flat_map(|timer| &timer.raises).collect();
    for (id, state) in app.states.iter() {
        let lists = [&state.entry, &state.exit, &state.while_actions].into_iter().flatten();
        let inside = super::transitions(app, id).flat_map(|transition| &transition.actions);
        for action in lists.chain(inside) {
            if let ActionKind::Raise(raise) = &action.kind {
                raises.push(raise);
            }
        }
    }
    raises.sort_by_key(|raise| raise.span);
    raises
}
