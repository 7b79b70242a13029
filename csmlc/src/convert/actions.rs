//! Actions and events in their canonical form.

use std::mem;

use super::{
    note::Stays,
    rewrite::{Rewrite, items, spell, variable, variables},
};
use crate::layout::{Block, Bracket, Entry, Key, Value};

impl Rewrite<'_> {
    /// An action where it is used.
    pub(super) fn action(&mut self, entry: &mut Entry<'_>) {
        let is_reference = |object: &&mut Block<'_>| object.member("type").is_none();
        if entry.value.object_mut().filter(is_reference).is_some() {
            self.met.uses_names = true;
            return entry.unwrap("reference");
        }
        self.met.uses_names |= entry.value.text().is_some();
        self.inline(&mut entry.value);
    }

    /// An action where it is defined: its name stays beside what it refers to.
    pub(super) fn definition(&mut self, entry: &mut Entry<'_>) {
        self.inline(&mut entry.value);
    }

    /// A timer of a state.
    pub(super) fn after(&mut self, entry: &mut Entry<'_>) {
        if let Some(object) = entry.value.object_mut()
            && object.member("type").is_none()
            && object.member("reference").is_none()
        {
            object.insert(0, Entry::new(Some("type"), Value::string("timeout")));
        }
        self.action(entry);
    }

    fn inline(&mut self, value: &mut Value<'_>) {
        let Some(object) = value.object_mut() else { return };
        let start = object.member("type").and_then(|kind| kind.value.start);
        let Some(kind) = object.member_mut("type") else { return };
        let canonical = match kind.value.text() {
            Some("raise" | "raiseEvent") => "raiseEvent",
            Some("timeoutReset" | "resetTimeout") => "timeoutReset",
            Some("invoke") => "invoke",
            Some("create") => "create",
            Some("assign") => "assign",
            Some("delete") => "delete",
            Some("timeout") => "timeout",
            Some("match") => "match",
            _ => return,
        };
        if kind.value.text() != Some(canonical) {
            kind.value = Value::string(canonical);
        }
        spell(object);
        match canonical {
            "raiseEvent" => {
                if let Some(event) = object.member_mut("event") {
                    self.event(&mut event.value);
                }
            }
            "timeoutReset" => unwrap(object, "action", "reference"),
            "delete" => unwrap(object, "variable", "reference"),
            "create" => {
                if let Some(created) = object.member_mut("variable") {
                    variable(&mut created.value);
                }
            }
            "assign" => assign(object),
            "invoke" => self.invoke(object),
            "timeout" => {
                expression(object, "delay");
                self.one_or_more(object);
            }
            _ => {
                self.met.add(Stays::Match, start);
                self.choice(object);
            }
        }
    }

    fn invoke(&mut self, object: &mut Block<'_>) {
        if let Some(input) = object.member_mut("input") {
            variables(input);
        }
        unwrap(object, "output", "variables");
        items(object, "output").for_each(|output| output.unwrap("reference"));
        items(object, "done").for_each(|event| self.event(&mut event.value));
        if let Some(properties) = object.member_mut("properties").and_then(|member| member.value.object_mut())
        {
            properties.bracket = Bracket::List;
            for property in &mut properties.entries {
                let Some(key) = property.key.take() else { continue };
                let value = mem::replace(&mut property.value, Value::written(""));
                let mut value = Entry::new(Some("value"), value);
                value.inner = mem::take(&mut property.inner);
                let members = vec![Entry::new(Some("name"), Value::written(key.written)), value];
                property.value = Value::block(Bracket::Object, members);
            }
        }
    }

    fn event(&mut self, value: &mut Value<'_>) {
        let Some(object) = value.object_mut() else { return };
        if let Some(channel) =
            object.member("channel").filter(|entry| entry.value.text() == Some("peripheral"))
        {
            self.met.add(Stays::Channel, channel.value.start);
        }
        if let Some(data) = object.member_mut("data") {
            variables(data);
        }
    }

    /// `action` or `actions`, one or a list, as a list `actions`.
    fn one_or_more(&mut self, object: &mut Block<'_>) {
        for key in ["action", "actions"] {
            if let Some(member) = object.member_mut(key) {
                member.key = Some(Key::new("actions"));
                listed(member);
            }
        }
        items(object, "actions").for_each(|action| self.action(action));
    }

    /// `match`: its parts as those of other constructs.
    fn choice(&mut self, object: &mut Block<'_>) {
        expression(object, "value");
        if let Some(cases) = object.member_mut("case") {
            cases.key = Some(Key::new("cases"));
        }
        if let Some(cases) = object.member_mut("cases") {
            listed(cases);
        }
        for case in items(object, "cases").filter_map(|case| case.value.object_mut()) {
            expression(case, "case");
            self.one_or_more(case);
        }
        if let Some(default) = object.member_mut("default") {
            // An object like a case holds actions, one with a type is one.
            if let Some(object) = default.value.object().filter(|object| object.member("type").is_none()) {
                let key = if object.member("action").is_some() { "action" } else { "actions" };
                default.unwrap(key);
            }
            listed(default);
        }
        items(object, "default").for_each(|action| self.action(action));
    }
}

/// `assign`: a variable reference beside a value.
fn assign(object: &mut Block<'_>) {
    if let Some(at) = object.position("variable")
        && let Some(member) = object.entries.get_mut(at)
        && let Some(variable) = member.value.object_mut()
    {
        let value = variable.position("value").map(|value| variable.entries.remove(value));
        member.unwrap("name");
        member.unwrap("reference");
        if let Some(value) = value {
            object.insert(at + 1, value);
        }
    }
    expression(object, "value");
}

/// Puts a member of a member's object in place of that object.
fn unwrap(object: &mut Block<'_>, key: &str, inner: &str) {
    if let Some(member) = object.member_mut(key) {
        member.unwrap(inner);
    }
}

/// Puts the expression of a member in its canonical form.
fn expression(object: &mut Block<'_>, key: &str) {
    if let Some(member) = object.member_mut(key) {
        member.unwrap_expression();
    }
}

/// A single value as a list of one.
fn listed(member: &mut Entry<'_>) {
    if member.value.list().is_none() {
        let value = mem::replace(&mut member.value, Value::written(""));
        member.value = Value::block(Bracket::List, vec![Entry::new(None, value)]);
    }
}
