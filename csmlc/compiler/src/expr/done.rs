//! What `done` events carry: the service's output besides their own data (docs/semantics.md#6-timers-and-invocations).

use super::{Referent, Resolved, ast, index::Index};
use crate::lists::Gather;
use crate::model::{
    ActionKind, Application, Datum, DatumId, EventId, InvokeId, Name, OutputId, Raise, ServiceId,
    ServiceOutput,
};
use crate::sorted::{SortedMap, SortedSet};

/// Makes every `done` event carry its service's output, with an output for each datum that expects one, and
/// finds out which data some raise of their event lacks. `read` are the data that some expression reads.
pub(super) fn complete(app: &mut Application<Resolved>, read: &SortedSet<DatumId>) {
    declare_outputs(app, read);
    carry_outputs(app);
    mark_optional(app);
}

/// A datum that is read but that a `done` event does not carry itself must come from the service.
fn declare_outputs(app: &mut Application<Resolved>, read: &SortedSet<DatumId>) {
    let mut carried: SortedSet<DatumId> = SortedSet::new();
    for_each_raise(app, &mut |raise| carried.extend(raise.data.iter().map(|(datum, _)| *datum)));
    let mut wanted: Vec<(ServiceId, DatumId)> = Vec::new();
    let mut seen: SortedSet<(ServiceId, DatumId)> = SortedSet::new();
    let mut services: SortedMap<DatumId, usize> = SortedMap::new();
    for invoke in app.invokes.values() {
        for raise in &invoke.done {
            let own: SortedSet<DatumId> = raise.data.iter().map(|(datum, _)| *datum).collect();
            for datum in &app.events[raise.event].data {
                if !own.contains(datum) && read.contains(datum) && seen.insert((invoke.service, *datum)) {
                    wanted.push((invoke.service, *datum));
                    *services.entry(*datum).or_default() += 1;
                }
            }
        }
    }
    let mut known = outputs_by_name(app);
    for (service, datum) in &wanted {
        let name = app.data[*datum].name.clone();
        if known.get(*service, &name.text).is_none() {
            let optional = carried.contains(datum) || services.get(datum).is_some_and(|count| *count > 1);
            let text = name.text.clone();
            let output = app.outputs.push(ServiceOutput { service: *service, name, optional });
            known.insert(*service, &text, output);
            app.services[*service].outputs.push(output);
        }
    }
}

fn outputs_by_name(app: &Application<Resolved>) -> Index<ServiceId, OutputId> {
    Index::new(app.outputs.iter().map(|(id, output)| (output.service, output.name.text.as_str(), id)))
}

fn carry_outputs(app: &mut Application<Resolved>) {
    let mut known =
        Index::new(app.data.iter().map(|(id, datum)| (datum.event, datum.name.text.as_str(), id)));
    let ids: Vec<InvokeId> = app.invokes.ids().gather();
    for invoke in ids {
        let outputs = app.services[app.invokes[invoke].service].outputs.clone();
        let mut done = std::mem::take(&mut app.invokes[invoke].done);
        for raise in &mut done {
            let own: SortedSet<DatumId> = raise.data.iter().map(|(datum, _)| *datum).collect();
            for output in &outputs {
                let name = Name { text: app.outputs[*output].name.text.clone(), span: raise.span };
                let datum = datum_of(app, &mut known, raise.event, name);
                if !own.contains(&datum) {
                    let kind = ast::Kind::Ref(Referent::Output(*output));
                    raise.data.push((
                        datum,
                        ast::Script { root: ast::Expr { kind, span: raise.span }, locals: Vec::new() },
                    ));
                }
            }
        }
        app.invokes[invoke].done = done;
    }
}

/// The datum of this name, declared if need be.
fn datum_of(
    app: &mut Application<Resolved>,
    known: &mut Index<EventId, DatumId>,
    event: EventId,
    name: Name,
) -> DatumId {
    if let Some(datum) = known.get(event, &name.text) {
        return datum;
    }
    let text = name.text.clone();
    let datum = app.data.push(Datum { event, name, optional: false, fixed: None });
    known.insert(event, &text, datum);
    app.events[event].data.push(datum);
    datum
}

/// A datum is optional if some raise of its event lacks it. What the environment may leave out was decided
/// where it is read.
fn mark_optional(app: &mut Application<Resolved>) {
    let mut lacked: SortedSet<DatumId> = SortedSet::new();
    for_each_raise(app, &mut |raise| {
        let sure: SortedSet<DatumId> = raise
            .data
            .iter()
            .filter(|(_, value)| !passes_optional(app, value))
            .map(|(datum, _)| *datum)
            .collect();
        lacked.extend(app.events[raise.event].data.iter().filter(|datum| !sure.contains(datum)));
    });
    for id in app.data.ids() {
        let datum = &mut app.data[id];
        let event = &app.events[datum.event];
        let environment = !event.raised || event.peripheral;
        datum.optional = lacked.contains(&id) || (environment && datum.optional);
    }
}

/// Whether a value is an output that the service may leave out, passed on as it is.
fn passes_optional(app: &Application<Resolved>, value: &Resolved) -> bool {
    matches!(value.root.kind, ast::Kind::Ref(Referent::Output(output)) if app.outputs[output].optional)
}

/// Visits every raise of the application.
fn for_each_raise(app: &Application<Resolved>, f: &mut dyn FnMut(&Raise<Resolved>)) {
    for action in app.states.values().flat_map(|state| state.actions()) {
        if let ActionKind::Raise(raise) = &action.kind {
            f(raise);
        }
    }
    for timer in app.timers.values() {
        timer.raises.iter().for_each(&mut *f);
    }
    for invoke in app.invokes.values() {
        invoke.done.iter().for_each(&mut *f);
    }
}
