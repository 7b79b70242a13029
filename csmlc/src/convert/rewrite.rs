//! Keywords, short forms and the nesting of machines in their canonical form.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
};

use super::{
    note::{Met, Stays},
    timed,
};
use crate::layout::{Block, Bracket, Document, Entry, Key, Kind, Value};
use csml_compiler::{
    syntax::{
        private_events::PrivateEvents,
        tree::{Description, Machine},
    },
    vocabulary::Storage,
};

/// Other spellings of keywords, wherever they stand (docs/dialects.md#keywords-with-two-spellings).
const SPELLINGS: [(&str, &str); 7] = [
    ("localContext", "localData"),
    ("persistentContext", "persistentData"),
    ("staticContext", "staticData"),
    ("isLocal", "local"),
    ("isPersistent", "persistent"),
    ("isAbstract", "abstract"),
    ("isVirtual", "virtual"),
];

/// Rewrites a description, and says what it has that stays beyond CSML 2.0.
pub(super) fn rewrite(document: &mut Document<'_>, written: &Description) -> Met {
    let mut pass = Rewrite {
        guards: BTreeMap::new(),
        all_guards: BTreeSet::new(),
        inherits: has_key(&document.value, "extends"),
        scopes: Vec::new(),
        events: PrivateEvents::of(written),
        path: Vec::new(),
        met: Met::default(),
    };
    written.machines.iter().for_each(|machine| pass.learn(machine));
    if let Some(object) = document.value.object_mut() {
        pass.description(object, written);
    }
    pass.met
}

/// Whether an object anywhere has this key. Recursion: the reader limits the depth.
fn has_key(value: &Value<'_>, key: &str) -> bool {
    match &value.kind {
        Kind::Scalar { .. } => false,
        Kind::Block(block) => {
            block.entries.iter().any(|entry| entry.has_key(key) || has_key(&entry.value, key))
        }
    }
}

pub(super) struct Rewrite<'w> {
    /// Machines by their first byte, with the names of their guards.
    guards: BTreeMap<u32, BTreeSet<&'w str>>,
    all_guards: BTreeSet<&'w str>,
    inherits: bool,
    /// The machine at work and those around it, outermost first.
    scopes: Vec<u32>,
    events: PrivateEvents,
    /// The names of the machine at work and of those around it, outermost first.
    path: Vec<String>,
    pub(super) met: Met,
}

impl<'w> Rewrite<'w> {
    fn learn(&mut self, machine: &'w Machine) {
        let names: BTreeSet<&str> = machine.guards.iter().map(|guard| guard.name.as_str()).collect();
        self.all_guards.extend(&names);
        self.guards.insert(machine.span.start, names);
        machine.machines.iter().for_each(|machine| self.learn(machine));
    }

    /// Whether a text in a list of guards can be the name of one. Inherited texts are looked up from machines that
    /// are not around them.
    fn names_guard(&self, text: &str) -> bool {
        if self.inherits {
            return self.all_guards.contains(text);
        }
        let mut around = self.scopes.iter().filter_map(|machine| self.guards.get(machine));
        around.any(|names| names.contains(text))
    }

    fn description(&mut self, object: &mut Block<'_>, written: &Description) {
        spell(object);
        if let Some(version) = object.member_mut("version") {
            version.value = Value::string("2.0");
        }
        if object.member("memoryMode").is_none() {
            // CSML 2.0 requires it. The default is that of docs/semantics.md#9-memory-modes.
            let local = |data: &csml_compiler::syntax::tree::Data| {
                data.storage == Storage::Local && !data.variables.is_empty()
            };
            let mode = if written.data.iter().any(local) { "shared" } else { "distributed" };
            let behind = object.position("version").map_or(usize::MAX, |version| version + 1);
            object.insert(behind, Entry::new(Some("memoryMode"), Value::string(mode)));
        }
        data(object);
        items(object, "stateMachines").for_each(|machine| self.machine(&mut machine.value));
    }

    // Recursion: the reader limits the depth.
    fn machine(&mut self, value: &mut Value<'_>) {
        let start = value.start;
        let Some(object) = value.object_mut() else { return };
        spell(object);
        self.inheritance(object, &["extends", "abstract"]);
        data(object);
        self.scopes.extend(start);
        self.path.push(object.text("name").unwrap_or_default().to_owned());
        self.move_machines(object);
        items(object, "states").for_each(|state| self.state(&mut state.value));
        items(object, "stateMachines").for_each(|machine| self.machine(&mut machine.value));
        for key in ["actions", "guards"] {
            if let Some(list) = object.member(key) {
                self.met.add(Stays::Names, list.value.start);
            }
        }
        for action in items(object, "actions") {
            self.definition(action);
        }
        for guard in items(object, "guards") {
            if let Some(expression) =
                guard.value.object_mut().and_then(|guard| guard.member_mut("expression"))
            {
                expression.unwrap_expression();
            }
        }
        if start.is_some() {
            self.scopes.pop();
        }
        self.path.pop();
    }

    fn inheritance(&mut self, object: &Block<'_>, keys: &[&str]) {
        for member in keys.iter().filter_map(|key| object.member(key)) {
            self.met.add(Stays::Inheritance, member.value.start);
        }
    }

    /// Machines that stand among the states go to `stateMachines`. Their order is that of the text.
    fn move_machines(&mut self, object: &mut Block<'_>) {
        let Some(at) = object.position("states") else { return };
        let Some(states) = object.entries.get_mut(at).and_then(|states| states.value.list_mut()) else {
            return;
        };
        let is_machine =
            |entry: &Entry<'_>| entry.value.start.is_some_and(|start| self.guards.contains_key(&start));
        let (mut machines, rest) =
            mem::take(&mut states.entries).into_iter().partition::<Vec<_>, _>(is_machine);
        states.entries = rest;
        if machines.is_empty() {
            return;
        }
        if object.member("stateMachines").is_none() {
            let list = Value::block(Bracket::List, Vec::new());
            object.insert(at + 1, Entry::new(Some("stateMachines"), list));
        }
        if let Some(list) = object.member_mut("stateMachines").and_then(|list| list.value.list_mut()) {
            list.expanded = true;
            list.entries.append(&mut machines);
            list.entries.sort_by_key(|machine| machine.value.start);
        }
    }

    fn state(&mut self, value: &mut Value<'_>) {
        let Some(object) = value.object_mut() else { return };
        spell(object);
        self.inheritance(object, &["abstract", "virtual"]);
        data(object);
        self.timed(object);
        for key in ["entry", "exit", "while"] {
            items(object, key).for_each(|action| self.action(action));
        }
        for timer in items(object, "after") {
            // One that stays, as its machine is extended.
            if let Some(transition) = timer.value.object_mut().filter(|timer| timed::is_timed(timer)) {
                self.transition(transition);
            }
            self.after(timer);
        }
        for key in ["on", "always"] {
            for transition in items(object, key).filter_map(|entry| entry.value.object_mut()) {
                if let Some(channel) = transition.member("channel") {
                    self.met.add(Stays::Channel, channel.value.start);
                }
                self.transition(transition);
            }
        }
    }

    fn transition(&mut self, transition: &mut Block<'_>) {
        items(transition, "guards").for_each(|guard| self.guard(guard));
        items(transition, "actions").for_each(|action| self.action(action));
    }

    /// Timers with transitions, as timers and transitions.
    fn timed(&mut self, state: &mut Block<'_>) {
        let is_timed = |timer: &&mut Entry<'_>| timer.value.object().is_some_and(timed::is_timed);
        let Some(first) = items(state, "after").find(is_timed).map(|timer| timer.value.start) else { return };
        if self.inherits {
            // A text that several machines inherit can name one event only.
            return self.met.add(Stays::Timed, first);
        }
        let name = state.text("name").unwrap_or_default().to_owned();
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        timed::expand(state, |timer| self.events.name(&path, &name, timer));
    }

    /// A guard where it is used: an object with its expression, or the name of one.
    fn guard(&mut self, entry: &mut Entry<'_>) {
        if let Some(object) = entry.value.object_mut() {
            if object.text("reference").is_some_and(|name| self.names_guard(name)) {
                self.met.uses_names = true;
                entry.unwrap("reference");
            } else if let Some(inner) = object.member_mut("expression") {
                inner.unwrap_expression();
            }
        } else if entry.value.text().is_some_and(|text| self.names_guard(text)) {
            self.met.uses_names = true;
        } else {
            entry.unwrap_expression();
            let text = mem::replace(&mut entry.value, Value::written(""));
            let object = vec![Entry::new(Some("expression"), text)];
            entry.value = Value::block(Bracket::Object, object);
        }
    }
}

/// Puts keywords in their canonical spelling.
pub(super) fn spell(object: &mut Block<'_>) {
    for key in object.entries.iter_mut().filter_map(|entry| entry.key.as_mut()) {
        if let Some((_, canonical)) = SPELLINGS.iter().find(|(other, _)| *other == key.text) {
            *key = Key::new(canonical);
        }
    }
}

/// The items of a list that is a member.
pub(super) fn items<'o, 'a>(
    object: &'o mut Block<'a>,
    key: &str,
) -> impl Iterator<Item = &'o mut Entry<'a>> + use<'o, 'a> {
    let list = object.member_mut(key).and_then(|member| member.value.list_mut());
    list.into_iter().flat_map(|list| list.entries.iter_mut())
}

/// The data constructs of a component, as plain lists.
fn data(object: &mut Block<'_>) {
    for key in ["localData", "staticData", "persistentData"] {
        if let Some(member) = object.member_mut(key) {
            variables(member);
        }
    }
}

/// `{"variables": […]}` or `[…]` as a plain list.
pub(super) fn variables(member: &mut Entry<'_>) {
    member.unwrap("variables");
    let list = member.value.list_mut().into_iter().flat_map(|list| list.entries.iter_mut());
    list.for_each(|item| variable(&mut item.value));
}

/// A variable: its value as a plain string.
pub(super) fn variable(value: &mut Value<'_>) {
    if let Some(value) = value.object_mut().and_then(|object| object.member_mut("value")) {
        value.unwrap_expression();
    }
}
