//! What `done` events carry: the service's output besides their own data (SEMANTICS 6).

use std::collections::{BTreeMap, BTreeSet};

use super::{Referent, Resolved, ast};
use crate::model::{
    Action, ActionKind, App, Datum, DatumId, EventId, InvokeId, Name, Output, OutputId, Raise, ServiceId,
};

/// Makes every `done` event carry its service's output, with an output for each datum that expects one, and
/// finds out which data some raise of their event lacks. `read` are the data that some expression reads.
pub(super) fn complete(app: &mut App<Resolved>, read: &BTreeSet<DatumId>) {
    declare_outputs(app, read);
    carry_outputs(app);
    mark_optional(app);
}

/// A datum that is read but that a `done` event does not carry itself must come from the service.
fn declare_outputs(app: &mut App<Resolved>, read: &BTreeSet<DatumId>) {
    let mut carried: BTreeSet<DatumId> = BTreeSet::new();
    for_each_raise(app, &mut |raise| carried.extend(raise.data.iter().map(|(datum, _)| *datum)));
    let mut wanted: Vec<(ServiceId, DatumId)> = Vec::new();
    let mut seen: BTreeSet<(ServiceId, DatumId)> = BTreeSet::new();
    let mut services: BTreeMap<DatumId, usize> = BTreeMap::new();
    for invoke in app.invokes.values() {
        for raise in &invoke.done {
            for datum in &app.events[raise.event].data {
                let own = raise.data.iter().any(|(own, _)| own == datum);
                if !own && read.contains(datum) && seen.insert((invoke.service, *datum)) {
                    wanted.push((invoke.service, *datum));
                    *services.entry(*datum).or_default() += 1;
                }
            }
        }
    }
    for (service, datum) in &wanted {
        let name = app.data[*datum].name.clone();
        if find_output(app, *service, &name.text).is_none() {
            let optional = carried.contains(datum) || services.get(datum).is_some_and(|count| *count > 1);
            let output = app.outputs.push(Output { service: *service, name, optional });
            app.services[*service].outputs.push(output);
        }
    }
}

fn find_output(app: &App<Resolved>, service: ServiceId, name: &str) -> Option<OutputId> {
    app.services[service].outputs.iter().copied().find(|output| app.outputs[*output].name.text == name)
}

fn carry_outputs(app: &mut App<Resolved>) {
    let ids: Vec<InvokeId> = app.invokes.ids().collect();
    for invoke in ids {
        let outputs = app.services[app.invokes[invoke].service].outputs.clone();
        let mut done = std::mem::take(&mut app.invokes[invoke].done);
        for raise in &mut done {
            for output in &outputs {
                let name = &app.outputs[*output].name;
                if raise.data.iter().any(|(datum, _)| app.data[*datum].name.text == name.text) {
                    continue;
                }
                let name = Name { text: name.text.clone(), span: raise.span };
                let datum = datum_of(app, raise.event, name);
                let value = ast::Expr { kind: ast::Kind::Ref(Referent::Output(*output)), span: raise.span };
                raise.data.push((datum, value));
            }
        }
        app.invokes[invoke].done = done;
    }
}

/// The datum of this name, declared if need be.
fn datum_of(app: &mut App<Resolved>, event: EventId, name: Name) -> DatumId {
    let mut known = app.events[event].data.iter().copied();
    if let Some(datum) = known.find(|datum| app.data[*datum].name.text == name.text) {
        return datum;
    }
    let datum = app.data.push(Datum { event, name, optional: false, fixed: None });
    app.events[event].data.push(datum);
    datum
}

/// A datum is optional if some raise of its event lacks it. What the environment may leave out was decided
/// where it is read.
fn mark_optional(app: &mut App<Resolved>) {
    let mut lacked: BTreeSet<DatumId> = BTreeSet::new();
    for_each_raise(app, &mut |raise| {
        let sure: BTreeSet<DatumId> = raise
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
fn passes_optional(app: &App<Resolved>, value: &Resolved) -> bool {
    matches!(value.kind, ast::Kind::Ref(Referent::Output(output)) if app.outputs[output].optional)
}

/// Visits every raise of the application.
fn for_each_raise(app: &App<Resolved>, f: &mut dyn FnMut(&Raise<Resolved>)) {
    let mut actions = |actions: &[Action<Resolved>]| {
        for action in actions {
            if let ActionKind::Raise(raise) = &action.kind {
                f(raise);
            }
        }
    };
    for state in app.states.values() {
        actions(&state.entry);
        actions(&state.exit);
        actions(&state.while_actions);
        for transition in state.on.iter().flat_map(|on| &on.transitions).chain(&state.always) {
            actions(&transition.actions);
        }
    }
    for timer in app.timers.values() {
        timer.raises.iter().for_each(&mut *f);
    }
    for invoke in app.invokes.values() {
        invoke.done.iter().for_each(&mut *f);
    }
}
