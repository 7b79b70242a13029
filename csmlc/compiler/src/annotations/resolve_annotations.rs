//! Names in type annotations → what they mean in the application, with the types they fix.
//!
//! Requires an application with its expressions resolved, as event data and service outputs that are only read
//! are declared there. Establishes a type for each thing that an annotation speaks of. Reports the rules of
//! [`super::annotation_rules`].

use super::{
    AnnotationText, Annotations, HostFunctions, ResolvedAnnotations, SchemaAnnotation, TypeAnnotation,
    annotation_rules,
    json_schema::{self, Schema},
    rust_type,
    slot_names::{kind, name, place, subjects},
};
use crate::{
    diagnostics::{Diagnostic, Diagnostics, suggest::suggest},
    lists::Gather,
    model::{Application, EventId, ServiceId, Subject},
    sorted::SortedMap,
    source::{Sources, Span},
    text::shown,
    types::{Type, algebra::option},
    vocabulary::Gaps,
};

/// A type that is fixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FixedType {
    pub(crate) ty: Type,
    /// Where it is fixed.
    pub(crate) span: Span,
}

/// Types that are fixed, by what has them.
pub(crate) type FixedTypes = SortedMap<Subject, FixedType>;

/// Finds what the annotations speak of. Where a type and a schema speak of the same thing, the type counts.
pub(crate) fn resolve<E>(
    app: &mut Application<E>,
    annotations: &Annotations,
    functions: HostFunctions,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> ResolvedAnnotations {
    let types = fixed_types(app, annotations, sources, diagnostics);
    ResolvedAnnotations { types, functions, host_types: host_types(annotations) }
}

/// The user's own types, each with the place that names it first.
fn host_types(annotations: &Annotations) -> SortedMap<Box<str>, Span> {
    let mut found = SortedMap::new();
    for annotation in &annotations.types {
        if let Ok(ty) = rust_type::parse(&annotation.rust.text) {
            ty.each_host(&mut |path| {
                found.entry(path.into()).or_insert(annotation.rust.span);
            });
        }
    }
    found
}

fn fixed_types<E>(
    app: &mut Application<E>,
    annotations: &Annotations,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> FixedTypes {
    let mut fixed = FixedTypes::new();
    for annotation in last_of_each(&annotations.schemas, |annotation| annotation.of.text.as_str()) {
        resolve_schema(app, annotation, sources, &mut fixed, diagnostics);
    }
    if annotations.types.is_empty() {
        return fixed;
    }
    let mut by_name: SortedMap<String, Vec<Subject>> = SortedMap::new();
    for subject in subjects(app) {
        by_name.entry(name(app, subject)).or_default().push(subject);
    }
    for annotation in last_of_each(&annotations.types, |annotation| annotation.of.text.as_str()) {
        resolve_type(app, annotation, &by_name, &mut fixed, diagnostics);
    }
    fixed
}

/// The annotations without those that a later one for the same thing replaces.
fn last_of_each<T>(annotations: &[T], of: fn(&T) -> &str) -> Vec<&T> {
    let mut last: SortedMap<&str, usize> = SortedMap::new();
    for (index, annotation) in annotations.iter().enumerate() {
        last.insert(of(annotation), index);
    }
    annotations
        .iter()
        .enumerate()
        .filter(|(index, annotation)| last.get(of(annotation)) == Some(index))
        .map(|(_, annotation)| annotation)
        .gather()
}

fn resolve_type<E>(
    app: &Application<E>,
    annotation: &TypeAnnotation,
    by_name: &SortedMap<String, Vec<Subject>>,
    fixed: &mut FixedTypes,
    diagnostics: &mut Diagnostics,
) {
    let ty = rust_type::parse(&annotation.rust.text);
    if let Err(fault) = &ty {
        let diagnostic =
            Diagnostic::new(&annotation_rules::BAD_RUST_TYPE, annotation.rust.span, fault.message.clone());
        diagnostics.push(diagnostic.maybe_help(fault.help.clone()));
    }
    match by_name.get(&annotation.of.text).map(Vec::as_slice) {
        Some([subject]) => {
            if let Ok(ty) = ty {
                fixed.insert(*subject, FixedType { ty, span: annotation.rust.span });
            }
        }
        Some(several) => {
            let message = format!("{} names {} things", shown(&annotation.of.text), several.len());
            let fault = Diagnostic::new(&annotation_rules::UNKNOWN_SUBJECT, annotation.of.span, message);
            let fault = several.iter().fold(fault, |fault, subject| {
                fault.related(place(app, *subject), format!("a {}", kind(*subject)))
            });
            diagnostics.push(fault.help("rename one of them in the description"));
        }
        // It may be what an error has left out.
        None if app.gaps != Gaps::default() => {}
        None => diagnostics.push(unknown(&annotation.of, by_name.keys().map(String::as_str))),
    }
}

fn unknown<'a>(of: &AnnotationText, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let message = format!("the description has no {}", shown(&of.text));
    Diagnostic::new(&annotation_rules::UNKNOWN_SUBJECT, of.span, message)
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

fn targets<E>(app: &Application<E>) -> Vec<(String, Target)> {
    let events = app.events.iter().map(|(id, event)| (event.name.text.clone(), Target::Event(id)));
    let services = app.services.iter().flat_map(|(id, service)| {
        let name = &service.name.text;
        [(format!("{name}.input"), Target::Input(id)), (format!("{name}.output"), Target::Output(id))]
    });
    events.chain(services).gather()
}

fn resolve_schema<E>(
    app: &mut Application<E>,
    annotation: &SchemaAnnotation,
    sources: &Sources,
    fixed: &mut FixedTypes,
    diagnostics: &mut Diagnostics,
) {
    let targets = targets(app);
    let Some((_, target)) = targets.iter().find(|(name, _)| *name == annotation.of.text) else {
        let fault = unknown(&annotation.of, targets.iter().map(|(name, _)| name.as_str()));
        if app.gaps == Gaps::default() {
            diagnostics
                .push(fault.note("a schema is for an event, or for `service.input` or `service.output`"));
        }
        return;
    };
    let Some(schema) = json_schema::read(sources, annotation, diagnostics) else { return };
    match *target {
        Target::Event(event) => fix_event(app, event, &schema, fixed, diagnostics),
        Target::Input(service) => fix_inputs(app, service, &schema, fixed, diagnostics),
        Target::Output(service) => fix_outputs(app, service, &schema, fixed, diagnostics),
    }
}

fn fix_event<E>(
    app: &mut Application<E>,
    id: EventId,
    schema: &Schema,
    fixed: &mut FixedTypes,
    diagnostics: &mut Diagnostics,
) {
    let event = app.events[id].clone();
    for datum in event.data {
        let used = app.data[datum].name.clone();
        let what = format!("event {}", shown(&event.name.text));
        let Some(found) = find(schema, &used.text, used.span, &what, diagnostics) else { continue };
        // The environment may leave out what is not required: it is `null` then.
        let ty = if found.required { found.ty } else { option(found.ty) };
        if event.open && !event.raised {
            app.data[datum].optional = false;
        }
        fixed.insert(Subject::Datum(datum), FixedType { ty, span: found.span });
    }
}

fn fix_inputs<E>(
    app: &Application<E>,
    id: ServiceId,
    schema: &Schema,
    fixed: &mut FixedTypes,
    diagnostics: &mut Diagnostics,
) {
    let service = &app.services[id];
    let what = format!("the input of service {}", shown(&service.name.text));
    for input in &service.inputs {
        let used = &app.inputs[*input].name;
        let Some(found) = find(schema, &used.text, used.span, &what, diagnostics) else { continue };
        fixed.insert(Subject::Input(*input), FixedType { ty: found.ty, span: found.span });
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
        let fault = Diagnostic::new(&annotation_rules::NOT_IN_SCHEMA, at, message).label(label);
        diagnostics.push(fault.related(property.span, "required here"));
    }
}

fn fix_outputs<E>(
    app: &Application<E>,
    id: ServiceId,
    schema: &Schema,
    fixed: &mut FixedTypes,
    diagnostics: &mut Diagnostics,
) {
    let service = &app.services[id];
    let what = format!("the output of service {}", shown(&service.name.text));
    for output in &service.outputs {
        let used = &app.outputs[*output].name;
        let Some(found) = find(schema, &used.text, used.span, &what, diagnostics) else { continue };
        let ty = if found.required { found.ty } else { option(found.ty) };
        fixed.insert(Subject::Output(*output), FixedType { ty, span: found.span });
    }
}

/// What a schema says about one of its properties.
struct FoundProperty {
    ty: Type,
    required: bool,
    span: Span,
}

fn find(
    schema: &Schema,
    name: &str,
    used: Span,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<FoundProperty> {
    if let Some(property) = schema.properties.get(name) {
        return Some(FoundProperty {
            ty: property.ty.clone(),
            required: property.required,
            span: property.span,
        });
    }
    if let Some(ty) = &schema.others {
        return Some(FoundProperty { ty: ty.clone(), required: false, span: schema.span });
    }
    let message = format!("the schema of {what} has no {}", shown(name));
    let fault = Diagnostic::new(&annotation_rules::NOT_IN_SCHEMA, used, message)
        .related(schema.span, "the schema")
        .did_you_mean(used, name, suggest(name, schema.properties.keys().map(String::as_str)));
    diagnostics.push(fault);
    None
}
