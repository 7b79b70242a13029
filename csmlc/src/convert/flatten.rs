//! Canonical tree → concrete tree, with the comments of what both have.
//!
//! Members stand in the order of the object that they come from, as far as there is one.

use std::collections::BTreeMap;

use super::data_order;
use crate::layout::{Block, Bracket, Entry, Gap, Kind, Value};
use csml_compiler::{
    canonical::{
        Action, ActionKind, After, Binding, Description, Event, Invoke, Machine, Match, On, Property, State,
        Transition, Variable,
    },
    text::{Text, json_string},
    vocabulary::{Channel, Storage},
};

/// Makes the tree of a description that inherits nothing and names no actions and guards. `original` is its text in
/// canonical form as far as that goes. Also returns the first byte of each component whose data change their order.
pub(super) fn flatten<'a>(
    description: &Description,
    original: &Value<'a>,
    text: &'a str,
) -> (Value<'a>, Vec<u32>) {
    let mut places = Places { entries: BTreeMap::new(), holders: BTreeMap::new() };
    places.learn(original);
    let mut pass = Flatten { text, places, disordered: Vec::new() };
    let value = pass.description(description, original);
    (value, pass.disordered)
}

/// Where what the canonical tree holds stands in the original.
struct Places<'o, 'a> {
    /// Entries by the first byte of their values.
    entries: BTreeMap<u32, &'o Entry<'a>>,
    /// Entries that are objects by the first byte of their name, expression or event.
    holders: BTreeMap<u32, &'o Entry<'a>>,
}

impl<'o, 'a> Places<'o, 'a> {
    // Recursion: the reader limits the depth.
    fn learn(&mut self, value: &'o Value<'a>) {
        let Kind::Block(block) = &value.kind else { return };
        for entry in &block.entries {
            if let Some(start) = entry.value.start {
                self.entries.insert(start, entry);
            }
            if let Some(object) = entry.value.object() {
                let members = ["name", "expression", "event"].iter().filter_map(|key| object.member(key));
                for start in members.filter_map(|member| member.value.start) {
                    self.holders.insert(start, entry);
                }
            }
            self.learn(&entry.value);
        }
    }
}

/// An object in the making.
struct Object<'o, 'a> {
    original: Option<&'o Block<'a>>,
    /// Whether its members stand in the order of the original.
    in_order: bool,
    block: Block<'a>,
}

impl<'o, 'a> Object<'o, 'a> {
    fn new(original: Option<&'o Value<'a>>, expanded: bool) -> Self {
        let original = original.and_then(Value::object);
        let block = Block {
            bracket: Bracket::Object,
            expanded: original.map_or(expanded, |original| original.expanded),
            open: original.map(|original| original.open.clone()).unwrap_or_default(),
            entries: Vec::new(),
            end: original.map(|original| original.end.clone()).unwrap_or_default(),
        };
        Self { original, in_order: true, block }
    }

    fn put(&mut self, key: &'static str, mut value: Value<'a>) {
        let original = self.original.and_then(|original| original.member(key));
        if let (Some(list), Some(original)) =
            (value.list_mut(), original.and_then(|entry| entry.value.list()))
        {
            list.expanded = original.expanded;
            list.open = original.open.clone();
            list.end = original.end.clone();
        }
        let mut entry = Entry::new(Some(key), value);
        if let Some(original) = original {
            entry.inner = original.inner.clone();
            comment(&mut entry, original);
        }
        self.block.entries.push(entry);
    }

    /// Takes a member over as it is.
    fn keep(&mut self, key: &'static str) {
        let original = self.original.and_then(|original| original.member(key));
        self.block.entries.extend(original.cloned());
    }

    fn flag(&mut self, key: &'static str, value: bool) {
        if value {
            self.put(key, Value::written("true"));
        }
    }

    /// A list, unless there is nothing in it and there was no list.
    fn list(&mut self, key: &'static str, entries: Vec<Entry<'a>>, expanded: bool) {
        let had = self.original.is_some_and(|original| original.member(key).is_some());
        if had || !entries.is_empty() {
            let mut list = Value::block(Bracket::List, entries);
            if let Some(list) = list.list_mut() {
                list.expanded = expanded;
            }
            self.put(key, list);
        }
    }

    /// Where each member stands in the original; one that is new, behind the member made before it.
    fn places(&self) -> Vec<usize> {
        let mut last = 0;
        let place = |entry: &Entry<'_>| {
            let key = entry.key.as_ref()?;
            self.original?.position(&key.text)
        };
        let entries = self.block.entries.iter();
        entries
            .map(|entry| {
                last = place(entry).unwrap_or(last);
                last
            })
            .collect()
    }

    fn finish(mut self) -> Value<'a> {
        if self.in_order {
            let places = self.places();
            let mut entries: Vec<_> = places.into_iter().zip(self.block.entries).collect();
            entries.sort_by_key(|(place, _)| *place);
            self.block.entries = entries.into_iter().map(|(_, entry)| entry).collect();
        }
        Value { kind: Kind::Block(self.block), start: None }
    }
}

/// Gives an entry the comments around another.
fn comment<'a>(entry: &mut Entry<'a>, original: &Entry<'a>) {
    entry.before = original.before.clone();
    entry.gap = original.gap.max(if entry.before.is_empty() { Gap::Line } else { Gap::Same });
    entry.after = original.after.clone();
}

struct Flatten<'o, 'a> {
    text: &'a str,
    places: Places<'o, 'a>,
    disordered: Vec<u32>,
}

impl<'o, 'a> Flatten<'o, 'a> {
    fn description(&mut self, description: &Description, original: &'o Value<'a>) -> Value<'a> {
        let mut object = Object::new(Some(original), true);
        object.keep("$schema");
        object.put("name", self.string(&description.name));
        object.keep("version");
        object.keep("memoryMode");
        self.data(&mut object, &description.data, description.span.start);
        let machines = self.machines(&description.machines);
        object.list("stateMachines", machines, true);
        object.finish()
    }

    fn machines(&mut self, machines: &[Machine]) -> Vec<Entry<'a>> {
        machines.iter().map(|machine| self.machine(machine)).collect()
    }

    fn machine(&mut self, machine: &Machine) -> Entry<'a> {
        let mut object = self.object(machine.span.start, true);
        object.put("name", self.string(&machine.name));
        self.data(&mut object, &machine.data, machine.span.start);
        let states = machine.states.iter().map(|state| self.state(state)).collect();
        object.list("states", states, true);
        let machines = self.machines(&machine.machines);
        object.list("stateMachines", machines, true);
        self.item(object.finish(), machine.span.start)
    }

    fn state(&mut self, state: &State) -> Entry<'a> {
        let mut object = self.object(state.span.start, true);
        object.put("name", self.string(&state.name));
        object.flag("initial", state.initial.is_some());
        object.flag("terminal", state.terminal.is_some());
        self.data(&mut object, &state.data, state.span.start);
        object.list("entry", self.actions(&state.entry), false);
        object.list("exit", self.actions(&state.exit), false);
        object.list("while", self.actions(&state.while_actions), false);
        object.list("after", state.after.iter().map(|after| self.after(after)).collect(), false);
        // The event of a timer with a transition has no place in the original.
        let made = |on: &On| state.after.iter().any(|timer| timer.span == on.transition.span);
        let on = state.on.iter().map(|on| if made(on) { self.made(on) } else { self.on(on) });
        object.list("on", on.collect(), false);
        let always = state.always.iter().map(|transition| {
            let mut object = self.object(transition.span.start, false);
            self.transition(&mut object, transition);
            self.item(object.finish(), transition.span.start)
        });
        object.list("always", always.collect(), false);
        self.item(object.finish(), state.span.start)
    }

    /// The data constructs of a component that begins at `start`.
    fn data(&mut self, object: &mut Object<'o, 'a>, data: &[Variable], start: u32) {
        let order = data_order::order(data);
        if !order.kept {
            self.disordered.push(start);
        }
        let first = object.block.entries.len();
        for kind in order.kinds {
            let of_kind = data.iter().filter(|variable| variable.storage == kind);
            let list = of_kind.map(|variable| {
                let mut object = self.object(variable.span.start, false);
                object.put("name", self.string(&variable.name));
                object.put("value", self.string(&variable.value));
                self.item(object.finish(), variable.span.start)
            });
            let key = match kind {
                Storage::Local => "localData",
                Storage::Static => "staticData",
                Storage::Persistent => "persistentData",
            };
            object.list(key, list.collect(), false);
        }
        // The order of the constructs counts, that of other members does not.
        object.in_order = object.places().get(first..).is_none_or(|places| places.is_sorted());
    }

    fn actions(&self, actions: &[Action]) -> Vec<Entry<'a>> {
        actions.iter().map(|action| self.action(action)).collect()
    }

    fn action(&self, action: &Action) -> Entry<'a> {
        let mut object = self.object(action.span.start, false);
        let kind = match &action.kind {
            ActionKind::Invoke(_) => "invoke",
            ActionKind::Create { .. } => "create",
            ActionKind::Assign { .. } => "assign",
            ActionKind::Delete { .. } => "delete",
            ActionKind::Raise(_) => "raiseEvent",
            ActionKind::TimeoutReset { .. } => "timeoutReset",
            ActionKind::Match(_) => "match",
        };
        object.put("type", Value::string(kind));
        match &action.kind {
            ActionKind::Invoke(invoke) => self.invoke(&mut object, invoke),
            ActionKind::Create { name, value, persistent } => {
                let variable = self.pair(name, value);
                object.put("variable", variable.value);
                object.flag("persistent", *persistent);
            }
            ActionKind::Assign { variable, value } => {
                object.put("variable", self.string(variable));
                object.put("value", self.string(value));
            }
            ActionKind::Delete { variable } => object.put("variable", self.string(variable)),
            ActionKind::Raise(event) => object.put("event", self.event(event)),
            ActionKind::TimeoutReset { timer } => object.put("action", self.string(timer)),
            ActionKind::Match(choice) => self.choice(&mut object, choice),
        }
        self.used(object, action.span.start, action.used_at.map(|used_at| used_at.start))
    }

    fn after(&self, after: &After) -> Entry<'a> {
        let mut object = self.object(after.span.start, false);
        object.put("type", Value::string("timeout"));
        if let Some(name) = &after.name {
            object.put("name", self.string(name));
        }
        object.put("delay", self.string(&after.delay));
        let raises = after.raises.iter().map(|event| {
            if event.span == after.span {
                let mut raise = Object::new(None, false);
                raise.put("type", Value::string("raiseEvent"));
                raise.put("event", self.made_event(event));
                return Entry::new(None, raise.finish());
            }
            let original = self.places.holders.get(&event.span.start).map(|holder| &holder.value);
            let mut raise = Object::new(original, false);
            raise.put("type", Value::string("raiseEvent"));
            raise.put("event", self.event(event));
            self.held(raise.finish(), event.span.start)
        });
        object.list("actions", raises.collect(), false);
        self.item(object.finish(), after.span.start)
    }

    fn on(&self, on: &On) -> Entry<'a> {
        let start = on.transition.span.start;
        let mut object = self.object(start, false);
        object.put("event", self.string(&on.event));
        if on.peripheral {
            object.put("channel", Value::string("peripheral"));
        }
        self.transition(&mut object, &on.transition);
        self.item(object.finish(), start)
    }

    /// The transition of a timer.
    fn made(&self, on: &On) -> Entry<'a> {
        let mut object = Object::new(None, false);
        object.put("event", self.string(&on.event));
        self.transition(&mut object, &on.transition);
        Entry::new(None, object.finish())
    }

    fn transition(&self, object: &mut Object<'o, 'a>, transition: &Transition) {
        if let Some(target) = &transition.target {
            object.put("target", self.string(target));
        }
        let guards = transition.guards.iter().map(|guard| {
            let mut object = Object::new(None, false);
            object.put("expression", self.string(guard));
            self.held(object.finish(), guard.span.start)
        });
        object.list("guards", guards.collect(), false);
        object.list("actions", self.actions(&transition.actions), false);
        if let Some(target) = &transition.else_target {
            object.put("else", self.string(target));
        }
    }

    fn invoke(&self, object: &mut Object<'o, 'a>, invoke: &Invoke) {
        object.put("serviceType", self.string(&invoke.service));
        object.flag("local", invoke.local);
        object.list("input", self.bindings(&invoke.input), false);
        let output = invoke.output.iter().map(|name| self.item(self.string(name), name.span.start));
        object.list("output", output.collect(), false);
        let done = invoke.done.iter().map(|event| self.item(self.event(event), event.span.start));
        object.list("done", done.collect(), false);
        object.list(
            "properties",
            invoke.properties.iter().map(|property| self.property(property)).collect(),
            false,
        );
    }

    // Recursion: `normalise` limits how deep they are nested.
    fn choice(&self, object: &mut Object<'o, 'a>, choice: &Match) {
        object.put("value", self.string(&choice.value));
        let cases = choice.cases.iter().map(|case| {
            let mut object = self.object(case.span.start, false);
            object.put("case", self.string(&case.value));
            object.list("actions", self.actions(&case.actions), false);
            self.item(object.finish(), case.span.start)
        });
        object.list("cases", cases.collect(), false);
        object.list("default", self.actions(&choice.default), false);
    }

    fn property(&self, property: &Property) -> Entry<'a> {
        let mut object = Object::new(None, false);
        object.put("name", self.string(&property.name));
        let span = property.span;
        let value = self.text.get(span.start as usize..span.end as usize).unwrap_or("null");
        object.put("value", Value::written(value));
        self.held(object.finish(), property.name.span.start)
    }

    fn event(&self, event: &Event) -> Value<'a> {
        self.event_in(self.object(event.span.start, false), event)
    }

    /// The event of a timer with a transition.
    fn made_event(&self, event: &Event) -> Value<'a> {
        self.event_in(Object::new(None, false), event)
    }

    fn event_in(&self, mut object: Object<'o, 'a>, event: &Event) -> Value<'a> {
        let channel = match event.channel {
            Channel::Internal => "internal",
            Channel::External => "external",
            Channel::Global => "global",
            Channel::Peripheral => "peripheral",
        };
        object.put("name", self.string(&event.name));
        object.put("channel", Value::string(channel));
        object.list("data", self.bindings(&event.data), false);
        object.finish()
    }

    fn bindings(&self, bindings: &[Binding]) -> Vec<Entry<'a>> {
        bindings.iter().map(|binding| self.pair(&binding.name, &binding.value)).collect()
    }

    /// A name and an expression.
    fn pair(&self, name: &Text, value: &Text) -> Entry<'a> {
        let original = self.places.holders.get(&name.span.start).map(|holder| &holder.value);
        let mut object = Object::new(original, false);
        object.put("name", self.string(name));
        object.put("value", self.string(value));
        self.held(object.finish(), name.span.start)
    }

    /// An object in place of the one that begins at `start`.
    fn object(&self, start: u32, expanded: bool) -> Object<'o, 'a> {
        Object::new(self.places.entries.get(&start).map(|entry| &entry.value), expanded)
    }

    /// An item in place of the one whose value begins at `start`.
    fn item(&self, value: Value<'a>, start: u32) -> Entry<'a> {
        let mut entry = Entry::new(None, value);
        if let Some(original) = self.places.entries.get(&start) {
            comment(&mut entry, original);
        }
        entry
    }

    /// An item in place of the one whose name or expression begins at `start`.
    fn held(&self, value: Value<'a>, start: u32) -> Entry<'a> {
        let mut entry = Entry::new(None, value);
        if let Some(original) = self.places.holders.get(&start) {
            comment(&mut entry, original);
        }
        entry
    }

    /// An action in place of the one at `start`, or of a reference to it.
    fn used(&self, object: Object<'o, 'a>, start: u32, used_at: Option<u32>) -> Entry<'a> {
        let entry = self.item(object.finish(), used_at.unwrap_or(start));
        let bare = entry.before.is_empty() && entry.after.is_empty();
        if bare && used_at.is_some() { self.item(entry.value, start) } else { entry }
    }

    /// A string as it stands in the text.
    fn string(&self, text: &Text) -> Value<'a> {
        let span = text.span;
        let written = self.text.get(span.start as usize..span.end as usize);
        match written
            .filter(|written| written.len() > 1 && written.starts_with('"') && written.ends_with('"'))
        {
            Some(written) => Value::written(written),
            None => Value::written(json_string(&text.value)),
        }
    }
}
