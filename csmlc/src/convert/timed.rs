//! Timers with transitions (docs/semantics.md#6-timers-and-invocations): each becomes a timer that raises an event, and
//! a transition for it.

use crate::layout::{Block, Bracket, Entry, Value};
use csml_compiler::text::json_string;

/// What an entry of `after` has of a transition.
const PARTS: [&str; 4] = ["target", "guards", "actions", "else"];

/// Whether an entry of `after` is a timer with a transition.
pub(super) fn is_timed(timer: &Block<'_>) -> bool {
    let is_timeout = timer.member("type").is_none_or(|kind| kind.value.text() == Some("timeout"));
    is_timeout && ["target", "guards", "else"].iter().any(|key| timer.member(key).is_some())
}

/// Expands those of a state. `event` makes the name of an event from that of its timer.
pub(super) fn expand(state: &mut Block<'_>, event: impl Fn(&str) -> String) {
    let mut transitions = Vec::new();
    let Some(at) = state.position("after") else { return };
    let timers = state.entries.get_mut(at).and_then(|after| after.value.list_mut());
    for (index, timer) in timers.into_iter().flat_map(|list| list.entries.iter_mut()).enumerate() {
        let Some(timer) = timer.value.object_mut().filter(|timer| is_timed(timer)) else { continue };
        let name = timer.text("name").map_or_else(|| index.to_string(), str::to_owned);
        let name = json_string(&event(&name));
        let (parts, rest) = std::mem::take(&mut timer.entries)
            .into_iter()
            .partition(|entry| PARTS.iter().any(|part| entry.has_key(part)));
        timer.entries = rest;
        timer.entries.push(Entry::new(Some("actions"), list(vec![Entry::new(None, raise(name.clone()))])));
        let mut transition = vec![Entry::new(Some("event"), Value::written(name))];
        transition.extend::<Vec<Entry<'_>>>(parts);
        transitions.push(Entry::new(None, Value::block(Bracket::Object, transition)));
    }
    if state.member("on").is_none() {
        state.insert(at + 1, Entry::new(Some("on"), list(Vec::new())));
    }
    if let Some(on) = state.member_mut("on").and_then(|on| on.value.list_mut()) {
        on.expanded |= on.entries.len() + transitions.len() > 1;
        on.entries.extend(transitions);
    }
}

fn raise<'a>(name: String) -> Value<'a> {
    let event = vec![
        Entry::new(Some("name"), Value::written(name)),
        Entry::new(Some("channel"), Value::string("internal")),
    ];
    let members = vec![
        Entry::new(Some("type"), Value::string("raiseEvent")),
        Entry::new(Some("event"), Value::block(Bracket::Object, event)),
    ];
    Value::block(Bracket::Object, members)
}

fn list(entries: Vec<Entry<'_>>) -> Value<'_> {
    Value::block(Bracket::List, entries)
}
