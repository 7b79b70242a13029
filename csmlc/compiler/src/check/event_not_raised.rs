//! What is handled is raised.

use super::failure_of_unknown_service::unknown_service;
use crate::{
    diagnostics::{Diagnostic, Diagnostics, Rule, suggest::did_you_mean},
    lists::Gather,
    model::Application,
    text::shown,
};

pub(crate) static RULE: Rule = Rule::strict(
    "CSML0306",
    "event-not-raised",
    "The event is handled but never raised, so the compiler assumes that it comes from the environment \
     (2.0, State On). To confirm that, add `\"channel\": \"peripheral\"` to its transition.",
);

pub(crate) fn check<E>(app: &Application<E>, diagnostics: &mut Diagnostics) {
    // Only one that is raised and goes unhandled can be what was meant.
    let unhandled = app.events.values().filter(|other| other.raised && other.handlers.is_empty());
    let unhandled: Vec<&str> = unhandled.map(|other| other.name.text.as_str()).gather();
    for event in app.events.values() {
        if event.raised || event.peripheral || event.failure_of.is_some() || unknown_service(event).is_some()
        {
            continue;
        }
        let near = match diagnostics.advises() {
            true => did_you_mean(&event.name.text, unhandled.iter().copied()),
            false => None,
        };
        let known = near.is_some();
        let mut diagnostic = Diagnostic::new(
            &RULE,
            event.name.span,
            format!("event {} is never raised", shown(&event.name.text)),
        )
        .label("assumed to come from the environment")
        .maybe_help(near);
        if !known {
            diagnostic = diagnostic
                .help("if it comes from a device or a program, add `\"channel\": \"peripheral\"` here");
        }
        diagnostics.push(diagnostic);
    }
}
