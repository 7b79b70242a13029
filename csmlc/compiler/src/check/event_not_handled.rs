//! What is raised is handled.

use crate::{
    diagnostics::{Diagnostic, Diagnostics, Rule, suggest::did_you_mean},
    lists::Gather,
    model::Application,
    text::shown,
};

pub(crate) static RULE: Rule = Rule::warning(
    "CSML0307",
    "event-not-handled",
    "The event is raised, but no machine has a transition for it.",
);

pub(crate) fn check<E>(app: &Application<E>, diagnostics: &mut Diagnostics) {
    // Only one that is handled and never raised can be what was meant.
    let unraised = app.events.values().filter(|other| !other.raised && !other.handlers.is_empty());
    let unraised: Vec<&str> = unraised.map(|other| other.name.text.as_str()).gather();
    for event in app.events.values() {
        // A peripheral event leaves the application: its handler is outside.
        if !event.raised || event.peripheral || !event.handlers.is_empty() {
            continue;
        }
        let near = match diagnostics.advises() {
            true => did_you_mean(&event.name.text, unraised.iter().copied()),
            false => None,
        };
        let message = format!("event {} is raised but never handled", shown(&event.name.text));
        diagnostics.push(
            Diagnostic::new(&RULE, event.name.span, message)
                .label("no machine has an `on` for it")
                .maybe_help(near),
        );
    }
}
