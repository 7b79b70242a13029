//! Traces for people: time, instance and kind in columns, then what happened.

use std::fmt::Write as _;

use csml_rt_core::{Machines, Printable, Value, is_invisible};

use crate::node::{Record, View, event_name, service_name, state_name};
use crate::observation::source_name;
use crate::snapshot::Snapshot;

const RESET: &str = "\u{1b}[0m";
const DIM: &str = "\u{1b}[2m";
const RED: &str = "\u{1b}[31m";
const GREEN: &str = "\u{1b}[32m";
const YELLOW: &str = "\u{1b}[33m";
const BLUE: &str = "\u{1b}[34m";
const PLAIN: &str = "";

pub(super) fn line<A: Machines>(out: &mut String, view: View<'_>, record: &Record<'_, A>, colour: bool) {
    let machine = view.at.machine;
    let state = |index: u16| quote(state_name(A::DESCRIPTION, machine, index));
    let (kind, paint, text) = match record {
        Record::Start { state: s } => ("start", GREEN, state(*s)),
        Record::Event { event, channel, source } => {
            let from = quote(&source_name(view, *source));
            let text = format!("{} ({}, from {from})", event_text::<A>(event), channel.as_str());
            ("event", BLUE, text)
        }
        Record::Transition { from, to, via } => {
            let text = format!("{} -> {} ({})", state(*from), state(*to), via.as_str());
            ("transition", GREEN, text)
        }
        Record::Internal { state: s } => ("internal", PLAIN, state(*s)),
        Record::Raise { event, channel } => {
            let text = format!("{} ({})", event_text::<A>(event), channel.as_str());
            ("raise", PLAIN, text)
        }
        Record::Invoke { call } => {
            let service = quote(service_name(A::DESCRIPTION, A::call_service(call)));
            let text = format!("{service} {}", A::call_input(call).to_json());
            ("invoke", PLAIN, text)
        }
        Record::Unhandled { event } => ("unhandled", DIM, quote(event_name::<A>(event))),
        Record::DeadLetter { cause, error, .. } => {
            let text = format!("{}: {error}", quote(&cause.name(A::DESCRIPTION, machine)));
            ("dead-letter", RED, text)
        }
        Record::Terminated { state: s } => ("terminated", YELLOW, state(*s)),
    };
    let instance = quote(&view.directory.path(view.at).to_string());
    row(out, view.now, &instance, kind, &text, paint, colour);
}

pub(super) fn end(out: &mut String, snapshot: &Snapshot, colour: bool) {
    for (path, instance) in &snapshot.instances {
        let state = instance.state.map_or_else(|| "never started".into(), quote);
        let data = instance.data.iter();
        let data = Value::map(data.map(|(name, value)| (*name, value.clone())));
        let text = match instance.data.is_empty() {
            true => state,
            false => format!("{state} {}", data.to_json()),
        };
        row(out, snapshot.now, &quote(path), "end", &text, DIM, colour);
    }
    for (path, value) in &snapshot.persistent {
        let text = format!("{} = {}", quote(path), value.to_json());
        row(out, snapshot.now, "", "persistent", &text, DIM, colour);
    }
}

fn row(out: &mut String, now: u64, instance: &str, kind: &str, text: &str, paint: &str, colour: bool) {
    let (paint, reset) = if colour && !paint.is_empty() { (paint, RESET) } else { ("", "") };
    // Data and messages of errors come from outside. Writing to a String cannot fail.
    let _ = writeln!(out, "{now:>10} ms  {instance:<24} {paint}{kind:<11}{reset} {}", Printable(text));
}

fn event_text<A: Machines>(event: &A::Event) -> String {
    let name = quote(event_name::<A>(event));
    match A::event_data(event) {
        Some(data) => format!("{name} {}", data.to_json()),
        None => name,
    }
}

/// A name as it is, or as a JSON string if it would not be readable in a line or could act on a terminal.
fn quote(name: &str) -> String {
    let awkward = |c: char| is_invisible(c) || c == '"';
    if name.is_empty() || name.trim() != name || name.contains(awkward) {
        Printable(&Value::from(name).to_json()).to_string()
    } else {
        name.to_owned()
    }
}
