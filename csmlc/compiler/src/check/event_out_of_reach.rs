//! An internal event is handled where it can be heard: in the hierarchy that raises it.

use super::MOST_LABELS;
use crate::sorted::SortedSet;
use crate::{
    diagnostics::{Diagnostic, Diagnostics, Rule},
    lists::{Gather, PushAll},
    model::{Application, Event, MachineId, Mention},
    text::shown,
    vocabulary::Channel,
};

pub(crate) static RULE: Rule = Rule::warning(
    "CSML0320",
    "event-out-of-reach",
    "The event is raised on the channel `internal`, which reaches the top-level machine of the raiser and \
     the machines nested in it. The machine that handles the event is in another top-level machine and \
     never receives it (2.0, Event).",
);

pub(crate) fn check<E>(app: &Application<E>, diagnostics: &mut Diagnostics) {
    for event in app.events.values() {
        // A peripheral event comes from outside or goes there.
        if event.peripheral || event.handles.is_empty() {
            continue;
        }
        let raises = all_raises(app, event);
        let top = |mention: &Mention| app.machines[mention.machine].top;
        let (heard, fed): (SortedSet<_>, SortedSet<_>) =
            (event.handles.iter().map(top).collect(), raises.iter().map(top).collect());
        let internal = |mention: &Mention| mention.channel == Some(Channel::Internal);
        let unheard = event.raises.iter().filter(|raise| internal(raise) && !heard.contains(&top(raise)));
        let unheard = first_of_each(app, unheard);
        let reached = raises.is_empty() || raises.iter().any(|raise| !internal(raise));
        let unfed = event.handles.iter().filter(|handler| !reached && !fed.contains(&top(handler)));
        let unfed = first_of_each(app, unfed);
        // Where both ends dangle, most likely each is meant for the other.
        if let Some(raise) = unheard.first() {
            let handlers = if unfed.is_empty() { first_of_each(app, event.handles.iter()) } else { unfed };
            diagnostics.push(raised_in_vain(app, event, raise, &handlers));
        } else if let Some(handler) = unfed.first() {
            diagnostics.push(handled_in_vain(app, event, handler, &first_of_each(app, raises.iter())));
        }
    }
}

fn raised_in_vain<E>(
    app: &Application<E>,
    event: &Event,
    raise: &Mention,
    handlers: &[Mention],
) -> Diagnostic {
    let (name, machine) = (shown(&event.name.text), top_name(app, raise));
    let message = format!("event {name} is raised within machine {machine}, where no machine handles it");
    let mut diagnostic = Diagnostic::new(&RULE, raise.span, message)
        .label(format!("on channel `internal` only {machine} receives it"));
    for handler in handlers.iter().take(MOST_LABELS) {
        let text = format!("handled here, in machine {}", top_name(app, handler));
        diagnostic = diagnostic.related(handler.span, text);
    }
    diagnostic.help("raise it on the channel `external` or `global`")
}

fn handled_in_vain<E>(
    app: &Application<E>,
    event: &Event,
    handler: &Mention,
    raises: &[Mention],
) -> Diagnostic {
    let (name, machine) = (shown(&event.name.text), top_name(app, handler));
    let message = format!("event {name} is handled in machine {machine}, which never receives it");
    let mut diagnostic = Diagnostic::new(&RULE, handler.span, message).label("never received here");
    for raise in raises.iter().take(MOST_LABELS) {
        let text =
            format!("raised on the channel `internal`, which reaches machine {} only", top_name(app, raise));
        diagnostic = diagnostic.related(raise.span, text);
    }
    let failure = event.failure_of.is_some();
    let help = if failure {
        "a failed invocation is an internal event of the machine that invokes"
    } else {
        "raise it on the channel `external` or `global`, or say `\"channel\": \"peripheral\"` here if it comes from \
         outside"
    };
    diagnostic.help(help)
}

/// Where an event is raised, by the description or by a failing invocation.
fn all_raises<E>(app: &Application<E>, event: &Event) -> Vec<Mention> {
    let mut raises = event.raises.clone();
    if let Some(service) = event.failure_of {
        let failing = app.invokes.values().filter(|invoke| invoke.service == service);
        raises.push_all(failing.map(|invoke| Mention {
            machine: invoke.machine,
            channel: Some(Channel::Internal),
            span: invoke.span,
        }));
    }
    raises
}

/// The first of each top-level machine.
fn first_of_each<'m, E>(app: &Application<E>, mentions: impl Iterator<Item = &'m Mention>) -> Vec<Mention> {
    let mut seen: SortedSet<MachineId> = SortedSet::new();
    mentions.filter(|mention| seen.insert(app.machines[mention.machine].top)).copied().gather()
}

fn top_name<E>(app: &Application<E>, mention: &Mention) -> String {
    shown(&app.machines[app.machines[mention.machine].top].name.text)
}
