//! Traces as JSON Lines: the format of golden tests.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use csml_rt_core::{Machines, Value, write_json_text};

use crate::node::{Record, View, event_name, service_name, state_name};
use crate::observation::source_name;
use crate::snapshot::Snapshot;

/// One line being written: keys in the order in which they are added.
struct TraceLine<'a>(&'a mut String);

impl TraceLine<'_> {
    fn open<'a>(out: &'a mut String, view: View<'_>, kind: &str) -> TraceLine<'a> {
        // Writing to a String cannot fail.
        let _ = write!(out, "{{\"t\":{}", view.now);
        TraceLine(out).text("i", &view.directory.path(view.at).to_string()).text("k", kind)
    }

    fn key(self, key: &str) -> Self {
        self.0.push(',');
        write_json_text(key, self.0);
        self.0.push(':');
        self
    }

    fn text(self, key: &str, text: &str) -> Self {
        let line = self.key(key);
        write_json_text(text, line.0);
        line
    }

    fn value(self, key: &str, value: &Value) -> Self {
        let line = self.key(key);
        value.write_json(line.0);
        line
    }

    fn data<A: Machines>(self, event: &A::Event) -> Self {
        match A::event_data(event) {
            Some(data) => self.value("data", &data),
            None => self,
        }
    }

    fn close(self) {
        self.0.push_str("}\n");
    }
}

pub(super) fn line<A: Machines>(out: &mut String, view: View<'_>, record: &Record<'_, A>) {
    let state = |index: u16| state_name(A::DESCRIPTION, view.at.machine, index);
    let open = |kind: &str, out| TraceLine::open(out, view, kind);
    match record {
        Record::Start { state: s } => open("start", out).text("state", state(*s)),
        Record::Event { event, channel, source } => open("event", out)
            .text("event", event_name::<A>(event))
            .text("channel", channel.as_str())
            .text("from", &source_name(view, *source))
            .data::<A>(event),
        Record::Transition { from, to, via } => open("transition", out)
            .text("from", state(*from))
            .text("to", state(*to))
            .text("via", via.as_str()),
        Record::Internal { state: s } => open("internal", out).text("state", state(*s)),
        Record::Raise { event, channel } => open("raise", out)
            .text("event", event_name::<A>(event))
            .text("channel", channel.as_str())
            .data::<A>(event),
        Record::Invoke { call } => open("invoke", out)
            .text("service", service_name(A::DESCRIPTION, A::call_service(call)))
            .value("input", &A::call_input(call)),
        Record::Unhandled { event } => open("unhandled", out).text("event", event_name::<A>(event)),
        Record::DeadLetter { cause, error, .. } => open("dead-letter", out)
            .text("event", &cause.name(A::DESCRIPTION, view.at.machine))
            .text("error", error.message())
            .text("at", &error.at().to_string()),
        Record::Terminated { state: s } => open("terminated", out).text("state", state(*s)),
    }
    .close();
}

pub(super) fn end(out: &mut String, snapshot: &Snapshot) {
    let _ = write!(out, "{{\"t\":{},\"k\":\"end\",\"instances\":{{", snapshot.now);
    for (index, (path, instance)) in snapshot.instances.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_json_text(path, out);
        out.push_str(":{\"state\":");
        match instance.state {
            Some(state) => write_json_text(state, out),
            None => out.push_str("null"),
        }
        out.push_str(",\"data\":");
        variables(out, &instance.data);
        out.push('}');
    }
    out.push_str("},\"persistent\":");
    variables(out, &snapshot.persistent);
    out.push_str("}\n");
}

fn variables(out: &mut String, variables: &BTreeMap<&'static str, Value>) {
    out.push('{');
    for (index, (name, value)) in variables.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_json_text(name, out);
        out.push(':');
        value.write_json(out);
    }
    out.push('}');
}
