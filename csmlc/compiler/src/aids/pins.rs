//! Names in typing aids → what they mean in the application, with the types they fix.
//!
//! Requires an application with its expressions resolved, as event data and service outputs that are only read
//! are declared there. Establishes a type for each thing that an aid speaks of. Reports the rules of
//! [`super::rules`].

use super::{
    Aids, Given, SchemaAid, TypeAid,
    names::{kind, name, place, subjects},
    rules, rust_type,
    schema::{self, Schema},
};
use crate::sorted::SortedMap;
use crate::{
    canonical::Gaps,
    diagnostic::{Diagnostic, Diagnostics},
    ir::Subject,
    model::{App, EventId, ServiceId},
    source::{Sources, Span},
    suggest::suggest,
    text::shown,
    types::Type,
};

/// A type that is fixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pin {
    pub(crate) ty: Type,
    /// Where it is fixed.
    pub(crate) span: Span,
}

/// Types that are fixed, by what has them.
pub(crate) type Pins = SortedMap<Subject, Pin>;

/// Finds what the aids speak of. Where a type and a schema speak of the same thing, the type counts.
pub(crate) fn resolve<E>(
    app: &mut App<E>,
    aids: &Aids,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Pins {
    let mut pins = Pins::new();
    for aid in last_of_each(&aids.schemas, |aid| aid.of.text.as_str()) {
        resolve_schema(app, aid, sources, &mut pins, diagnostics);
    }
    if aids.types.is_empty() {
        return pins;
    }
    let mut by_name: SortedMap<String, Vec<Subject>> = SortedMap::new();
    for subject in subjects(app) {
        by_name.entry(name(app, subject)).or_default().push(subject);
    }
    for aid in last_of_each(&aids.types, |aid| aid.of.text.as_str()) {
        resolve_type(app, aid, &by_name, &mut pins, diagnostics);
    }
    pins
}

/// The aids without those that a later one for the same thing replaces.
fn last_of_each<T>(aids: &[T], of: fn(&T) -> &str) -> Vec<&T> {
    let mut last: SortedMap<&str, usize> = SortedMap::new();
    for (index, aid) in aids.iter().enumerate() {
        last.insert(of(aid), index);
    }
    aids.iter()
        .enumerate()
        .filter(|(index, aid)| last.get(of(aid)) == Some(index))
        .map(|(_, aid)| aid)
        .collect()
}

fn resolve_type<E>(
    app: &App<E>,
    aid: &TypeAid,
    by_name: &SortedMap<String, Vec<Subject>>,
    pins: &mut Pins,
    diagnostics: &mut Diagnostics,
) {
    let ty = rust_type::parse(&aid.rust.text);
    if let Err(fault) = &ty {
        let diagnostic = Diagnostic::new(&rules::BAD_RUST_TYPE, aid.rust.span, fault.message.clone());
        diagnostics.push(diagnostic.maybe_help(fault.help.clone()));
    }
    match by_name.get(&aid.of.text).map(Vec::as_slice) {
        Some([subject]) => {
            if let Ok(ty) = ty {
                pins.insert(*subject, Pin { ty, span: aid.rust.span });
            }
        }
        Some(several) => {
            let message = format!("{} is ambiguous: it names {} things", shown(&aid.of.text), several.len());
            let fault = Diagnostic::new(&rules::UNKNOWN_SUBJECT, aid.of.span, message);
            let fault = several.iter().fold(fault, |fault, subject| {
                fault.related(place(app, *subject), format!("a {}", kind(*subject)))
            });
            diagnostics.push(fault.help("rename one of them in the description"));
        }
        // It may be what an error has left out.
        None if app.gaps != Gaps::default() => {}
        None => diagnostics.push(unknown(&aid.of, by_name.keys().map(String::as_str))),
    }
}

fn unknown<'a>(of: &Given, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let message = format!("the description has no {}", shown(&of.text));
    Diagnostic::new(&rules::UNKNOWN_SUBJECT, of.span, message)
        .did_you_mean(of.span, &of.text, suggest(&of.text, known))
        .note("`csmlc check --types` prints the names of everything that has a type")
}

/// What a schema is for.
#[derive(Clone, Copy)]
enum Target {
    Event(EventId),
    Input(ServiceId),
    Output(ServiceId),
}

fn targets<E>(app: &App<E>) -> Vec<(String, Target)> {
    let events = app.events.iter().map(|(id, event)| (event.name.text.clone(), Target::Event(id)));
    let services = app.services.iter().flat_map(|(id, service)| {
        let name = &service.name.text;
        [(format!("{name}.input"), Target::Input(id)), (format!("{name}.output"), Target::Output(id))]
    });
    events.chain(services).collect()
}

fn resolve_schema<E>(
    app: &mut App<E>,
    aid: &SchemaAid,
    sources: &Sources,
    pins: &mut Pins,
    diagnostics: &mut Diagnostics,
) {
    let targets = targets(app);
    let Some((_, target)) = targets.iter().find(|(name, _)| *name == aid.of.text) else {
        let fault = unknown(&aid.of, targets.iter().map(|(name, _)| name.as_str()));
        if app.gaps == Gaps::default() {
            diagnostics
                .push(fault.note("a schema is for an event, or for `service.input` or `service.output`"));
        }
        return;
    };
    let Some(schema) = schema::read(sources, aid, diagnostics) else { return };
    match *target {
        Target::Event(event) => fix_event(app, event, &schema, pins, diagnostics),
        Target::Input(service) => fix_inputs(app, service, &schema, pins, diagnostics),
        Target::Output(service) => fix_outputs(app, service, &schema, pins, diagnostics),
    }
}

fn fix_event<E>(
    app: &mut App<E>,
    id: EventId,
    schema: &Schema,
    pins: &mut Pins,
    diagnostics: &mut Diagnostics,
) {
    let event = app.events[id].clone();
    for datum in event.data {
        let used = app.data[datum].name.clone();
        let what = format!("event {}", shown(&event.name.text));
        let Some(found) = find(schema, &used.text, used.span, &what, diagnostics) else { continue };
        // The environment may leave out what is not required: it is `null` then.
        let ty = if found.required { found.ty } else { super::schema::nullable(found.ty) };
        if event.open && !event.raised {
            app.data[datum].optional = false;
        }
        pins.insert(Subject::Datum(datum), Pin { ty, span: found.span });
    }
}

fn fix_inputs<E>(
    app: &App<E>,
    id: ServiceId,
    schema: &Schema,
    pins: &mut Pins,
    diagnostics: &mut Diagnostics,
) {
    let service = &app.services[id];
    let what = format!("the input of service {}", shown(&service.name.text));
    for input in &service.inputs {
        let used = &app.inputs[*input].name;
        let Some(found) = find(schema, &used.text, used.span, &what, diagnostics) else { continue };
        pins.insert(Subject::Input(*input), Pin { ty: found.ty, span: found.span });
    }
    for (name, property) in &schema.properties {
        let given = service.inputs.iter().map(|input| &app.inputs[*input]).find(|it| it.name.text == *name);
        if !property.required || given.is_some_and(|input| !input.optional) {
            continue;
        }
        let message = format!("{what} needs {}", shown(name));
        let at = given.map_or(service.name.span, |input| input.name.span);
        let label =
            if given.is_some() { "not every invocation passes it" } else { "no invocation passes it" };
        let fault = Diagnostic::new(&rules::NOT_IN_SCHEMA, at, message).label(label);
        diagnostics.push(fault.related(property.span, "required here"));
    }
}

fn fix_outputs<E>(
    app: &App<E>,
    id: ServiceId,
    schema: &Schema,
    pins: &mut Pins,
    diagnostics: &mut Diagnostics,
) {
    let service = &app.services[id];
    let what = format!("the output of service {}", shown(&service.name.text));
    for output in &service.outputs {
        let used = &app.outputs[*output].name;
        let Some(found) = find(schema, &used.text, used.span, &what, diagnostics) else { continue };
        let ty = if found.required { found.ty } else { super::schema::nullable(found.ty) };
        pins.insert(Subject::Output(*output), Pin { ty, span: found.span });
    }
}

/// What a schema says about one of its properties.
struct Found {
    ty: Type,
    required: bool,
    span: Span,
}

fn find(schema: &Schema, name: &str, used: Span, what: &str, diagnostics: &mut Diagnostics) -> Option<Found> {
    if let Some(property) = schema.properties.get(name) {
        return Some(Found { ty: property.ty.clone(), required: property.required, span: property.span });
    }
    if let Some(ty) = &schema.others {
        return Some(Found { ty: ty.clone(), required: false, span: schema.span });
    }
    let message = format!("the schema of {what} has no {}", shown(name));
    let fault = Diagnostic::new(&rules::NOT_IN_SCHEMA, used, message)
        .related(schema.span, "the schema")
        .did_you_mean(used, name, suggest(name, schema.properties.keys().map(String::as_str)));
    diagnostics.push(fault);
    None
}
