//! A failure is handled of a service that is invoked.

use crate::{
    diagnostics::{Diagnostic, Diagnostics, Rule, suggest::suggest},
    model::{Application, Event},
    resolve::FAILURE,
    text::shown,
};

pub(crate) static RULE: Rule = Rule::warning(
    "CSML0321",
    "failure-of-unknown-service",
    "`error.invoke.X` is the event of a failed invocation of the service type `X`, but no action invokes \
     `X`.",
);

pub(crate) fn check<E>(app: &Application<E>, diagnostics: &mut Diagnostics) {
    for event in app.events.values() {
        let Some(service) = unknown_service(event) else { continue };
        let Some(handler) = event.handles.first() else { continue };
        let known = app.services.values().map(|service| service.name.text.as_str());
        let near = if diagnostics.advises() { suggest(service, known) } else { None };
        let near = near.map(|near| format!("did you mean {}?", shown(&format!("{FAILURE}{near}"))));
        let message = format!("service {} is never invoked", shown(service));
        diagnostics.push(
            Diagnostic::new(&RULE, handler.span, message)
                .label("the failure of a service that is never invoked")
                .maybe_help(near),
        );
    }
}

/// The service whose failure an event reports, if nothing invokes it, nor raises the event otherwise.
pub(super) fn unknown_service(event: &Event) -> Option<&str> {
    let service = event.name.text.strip_prefix(FAILURE)?;
    (event.failure_of.is_none() && !event.raised && !event.peripheral).then_some(service)
}
