//! The components: description, machines, states, their data and transitions.

use super::{
    fields::{Fields, Syntax, has_key, member, unknown_word, wrong_type},
    keywords::{DATA, DESCRIPTION, GUARD, MACHINE, ON, REFERENCE, STATE, TRANSITION, VARIABLE},
    other_shapes, syntax_rules,
    tree::{Action, Data, Definition, Description, Guard, Machine, On, State, Transition, Variable, set},
};
use crate::{
    diagnostics::suggest::suggest,
    lists::{Gather, PushAll},
    read::{JsonKind, JsonNode, Member},
    text::{Text, shown},
    vocabulary::{Channel, MemoryMode, Storage},
};

/// Newest first: of versions equally near to an unknown one the newest is meant.
pub(super) const VERSIONS: [&str; 3] = ["2.0", "1.0", "0.1"];
pub(super) const MEMORY_MODES: [(&str, MemoryMode); 2] =
    [("distributed", MemoryMode::Distributed), ("shared", MemoryMode::Shared)];
pub(super) const CHANNELS: [(&str, Channel); 4] = [
    ("internal", Channel::Internal),
    ("external", Channel::External),
    ("global", Channel::Global),
    ("peripheral", Channel::Peripheral),
];

/// Where an object stands in a machine's `states`.
enum StateOrMachine {
    State(State),
    Machine(Machine),
}

impl Syntax<'_> {
    pub(super) fn description(&mut self, node: &JsonNode) -> Option<Description> {
        if let Some(machine) = other_shapes::lone_machine(node) {
            self.report(machine);
            return None;
        }
        let fields = self.fields(node, &DESCRIPTION)?;
        self.optional_text(&fields, "$schema");
        let name = self.required_name(&fields);
        self.version(&fields);
        let memory_mode = fields.get("memoryMode").and_then(|node| {
            let mode = self.word(node, "memoryMode", &MEMORY_MODES)?;
            Some((mode, node.span))
        });
        let data = self.data(&fields);
        if self.required(&fields, "stateMachines").is_none() {
            self.gap("stateMachines");
        }
        let machines = self.list(&fields, "stateMachines", Self::machine);
        let mut gaps = self.other_gaps;
        gaps.join(self.gaps);
        Some(Description { name, memory_mode, data, machines, own_gaps: self.gaps, gaps, span: node.span })
    }

    fn version(&mut self, fields: &Fields<'_>) {
        let Some(node) = fields.get("version") else {
            self.missing(fields, "version", Some("for a new description write \"version\": \"2.0\""));
            return;
        };
        let Some(version) = self.text(node, "version") else {
            return;
        };
        if VERSIONS.contains(&version.as_str()) {
            return;
        }
        let message = format!("there is no version {} of CSML", shown(&version.value));
        let near = suggest(&version.value, VERSIONS.into_iter());
        self.report(unknown_word(
            &syntax_rules::UNKNOWN_VERSION,
            &version,
            message,
            near,
            VERSIONS.into_iter(),
        ));
    }

    /// The data constructs of a component in order of the text.
    fn data(&mut self, fields: &Fields<'_>) -> Vec<Data> {
        let mut data = Vec::new();
        for (keyword, node) in fields.iter() {
            let storage = match keyword {
                "localData" => Storage::Local,
                "staticData" => Storage::Static,
                "persistentData" => Storage::Persistent,
                _ => continue,
            };
            let variables = self.variables(node, keyword);
            data.push(Data { storage, variables });
        }
        data
    }

    /// A data construct: `{"variables": […]}` or `[…]`.
    pub(super) fn variables(&mut self, node: &JsonNode, keyword: &'static str) -> Vec<Variable> {
        if let JsonKind::Object(members) = &node.kind {
            // Unless its only key is a misspelt `variables`, an object of names and values was meant.
            let near = |member: &Member| suggest(member.key.as_str(), ["variables"].into_iter()).is_some();
            if !members.is_empty() && !has_key(node, "variables") && !members.iter().any(near) {
                return self.variables_by_name(node, members, keyword);
            }
            let Some(fields) = self.fields(node, &DATA) else {
                return Vec::new();
            };
            if self.required(&fields, "variables").is_none() {
                self.gap(keyword);
            }
            return self.list(&fields, "variables", Self::variable);
        }
        self.items(node, keyword, &mut Self::variable)
    }

    /// Data that are an object of names and values, which is reported, or a single variable without its list.
    fn variables_by_name(
        &mut self,
        node: &JsonNode,
        members: &[Member],
        keyword: &'static str,
    ) -> Vec<Variable> {
        let wrong = wrong_type(node, &format!("a list for `{keyword}`"));
        self.report(other_shapes::no_variables(wrong, node, members));
        self.gap(keyword);
        if has_key(node, "name") && has_key(node, "value") {
            return self.variable(node).into_iter().gather();
        }
        let by_name = members.iter().filter_map(|member| {
            let name = member.key.clone();
            let value = self.expression(&member.value, "value")?;
            Some(Variable { name, value, span: member.key.span })
        });
        by_name.gather()
    }

    pub(super) fn variable(&mut self, node: &JsonNode) -> Option<Variable> {
        let fields = self.fields(node, &VARIABLE)?;
        let name = self.required_text(&fields, "name");
        let value = self.required_expression(&fields, "value");
        Some(Variable { name: name?, value, span: node.span })
    }

    /// A machine, whose gaps are its own.
    fn machine(&mut self, node: &JsonNode) -> Option<Machine> {
        let around = std::mem::take(&mut self.gaps);
        let named = std::mem::take(&mut self.named);
        let machine = self.machine_itself(node);
        self.named = named;
        self.other_gaps.join(std::mem::replace(&mut self.gaps, around));
        machine
    }

    fn machine_itself(&mut self, node: &JsonNode) -> Option<Machine> {
        let fields = self.fields(node, &MACHINE)?;
        let name = self.required_name(&fields);
        let extends = self.optional_text(&fields, "extends");
        if extends.is_none() {
            self.gap("extends");
        }
        let is_abstract = self.flag(&fields, "abstract");
        let data = self.data(&fields);
        // What it has may be inherited, or left to those that extend it.
        let may_lack_states = fields.get("extends").is_some() || set(is_abstract).is_some();
        if !may_lack_states && self.required(&fields, "states").is_none() {
            self.gap("states");
        }
        let mut states = Vec::new();
        let mut machines = Vec::new();
        for item in self.list(&fields, "states", Self::state_or_machine) {
            match item {
                StateOrMachine::State(state) => states.push(state),
                StateOrMachine::Machine(machine) => machines.push(machine),
            }
        }
        machines.push_all(self.list(&fields, "stateMachines", Self::machine));
        crate::sorted::sort_by_key(&mut machines, |machine| machine.span);
        let actions = self.list(&fields, "actions", |cx, node| {
            let item = cx.action_itself(node);
            definition(node, item)
        });
        let guards = self.list(&fields, "guards", |cx, node| {
            let item = cx.guard_itself(node);
            definition(node, item)
        });
        let known = |keyword: &str, found: usize| match fields.get(keyword).map(|node| &node.kind) {
            None => true,
            Some(JsonKind::Array(items)) => items.len() == found,
            Some(_) => false,
        };
        let definitions_known =
            !fields.unknown && known("actions", actions.len()) && known("guards", guards.len());
        for keyword in ["actions", "guards"] {
            self.check_names(fields.get(keyword), keyword);
        }
        let named = std::mem::take(&mut self.named);
        let actions = in_order(actions, named.actions);
        let guards = in_order(guards, named.guards);
        Some(Machine {
            name,
            extends: extends.flatten(),
            is_abstract,
            data,
            states,
            machines,
            actions,
            guards,
            definitions_known,
            gaps: self.gaps,
            span: node.span,
        })
    }

    /// An item in a machine's lists of actions and guards must have a name.
    fn check_names(&mut self, list: Option<&JsonNode>, keyword: &str) {
        let Some(JsonKind::Array(items)) = list.map(|node| &node.kind) else {
            return;
        };
        let nameless = items.iter().filter(|item| match item.kind {
            JsonKind::Object(_) => !has_key(item, "name"),
            // A reference or an expression. Anything else has been reported.
            JsonKind::String(_) => true,
            JsonKind::Number(_) | JsonKind::Bool(_) => keyword == "guards",
            _ => false,
        });
        for item in nameless {
            let what = keyword.trim_end_matches('s');
            self.error(
                &syntax_rules::MISSING_KEYWORD,
                match item.kind {
                    JsonKind::Object(_) => item.span.opening(),
                    _ => item.span,
                },
                format!("a named {what} of a machine needs the keyword `name`"),
                Some(format!("{keyword} of a machine are used by name: {{\"reference\": \"name\"}}")),
            );
        }
    }

    fn state_or_machine(&mut self, node: &JsonNode) -> Option<StateOrMachine> {
        if is_machine(node) {
            self.machine(node).map(StateOrMachine::Machine)
        } else {
            self.state(node).map(StateOrMachine::State)
        }
    }

    fn state(&mut self, node: &JsonNode) -> Option<State> {
        let fields = self.fields(node, &STATE)?;
        Some(State {
            name: self.required_name(&fields),
            initial: self.flag(&fields, "initial"),
            terminal: self.flag(&fields, "terminal"),
            is_abstract: self.flag(&fields, "abstract"),
            is_virtual: self.flag(&fields, "virtual"),
            data: self.data(&fields),
            entry: self.list(&fields, "entry", Self::action),
            exit: self.list(&fields, "exit", Self::action),
            while_actions: self.list(&fields, "while", Self::action),
            after: self.list(&fields, "after", Self::timeout),
            on: self.list(&fields, "on", Self::on),
            always: self.list(&fields, "always", |cx, node| {
                let fields = cx.fields(node, &TRANSITION)?;
                cx.transition(&fields)
            }),
            span: node.span,
        })
    }

    fn on(&mut self, node: &JsonNode) -> Option<On> {
        let fields = self.fields(node, &ON)?;
        let event = match fields.get("event") {
            Some(node) if matches!(node.kind, JsonKind::Object(_)) => {
                let wrong = wrong_type(node, "a string for `event`");
                self.report(wrong.maybe_help(other_shapes::event_name(node)));
                None
            }
            _ => self.required_text(&fields, "event"),
        };
        let written = fields.get("channel");
        let channel = written.and_then(|node| self.word(node, "channel", &CHANNELS));
        if written.is_some() && channel.is_none() {
            // It may be one that comes from outside.
            self.gap("channel");
        }
        let transition = self.transition(&fields)?;
        Some(On { event: event?, channel, transition })
    }

    pub(super) fn transition(&mut self, fields: &Fields<'_>) -> Option<Transition> {
        let target = self.optional_text(fields, "target");
        let else_target = self.optional_text(fields, "else");
        let guards = self.list(fields, "guards", Self::guard);
        let actions = self.list(fields, "actions", Self::action);
        Some(Transition { target: target?, else_target: else_target?, guards, actions, span: fields.span })
    }

    /// A guard: `"…"`, `{"expression": "…"}` or `{"reference": "…"}`.
    fn guard(&mut self, node: &JsonNode) -> Option<Guard> {
        let guard = self.guard_itself(node);
        if !has_key(node, "reference") {
            self.named.guards.push_all(definition(node, guard.clone()));
        }
        guard
    }

    fn guard_itself(&mut self, node: &JsonNode) -> Option<Guard> {
        if has_key(node, "reference") {
            return self.reference(node).map(Guard::Reference);
        }
        if let JsonKind::Object(_) = node.kind {
            let fields = self.fields(node, &GUARD)?;
            self.optional_text(&fields, "name");
            let Some(expression) = fields.get("expression") else {
                let help =
                    has_key(node, "name").then_some("refer to a named guard with {\"reference\": \"name\"}");
                self.missing(&fields, "expression", help);
                return None;
            };
            return self.expression(expression, "expression").map(Guard::Expression);
        }
        let guard = self.expression(node, "guards")?;
        Some(if matches!(node.kind, JsonKind::String(_)) {
            Guard::Plain(guard)
        } else {
            Guard::Expression(guard)
        })
    }

    /// `{"reference": "…"}`, with a name of its own where it stands in a list of named ones.
    pub(super) fn reference(&mut self, node: &JsonNode) -> Option<Text> {
        let fields = self.fields(node, &REFERENCE)?;
        self.optional_text(&fields, "name");
        self.required_text(&fields, "reference")
    }
}

/// Whether an object among `states` is a nested machine: by the keywords that only machines have, and by those that
/// states lack where only the former are missing.
fn is_machine(node: &JsonNode) -> bool {
    let has = |key: &&str| has_key(node, key);
    let only_state = ["initial", "terminal", "entry", "exit", "while", "after", "on", "always"];
    if ["states", "stateMachines"].iter().any(has) {
        // With what only states have, it is a state with states in it, which is said where they are.
        return has(&"extends") || !only_state.iter().any(has);
    }
    let virtual_state = ["virtual", "isVirtual"];
    has(&"extends")
        || (["actions", "guards"].iter().any(has) && !only_state.iter().chain(&virtual_state).any(has))
}

/// The definitions of a list and those that stand where they are used, in order of the text.
fn in_order<T>(mut list: Vec<Definition<T>>, inline: Vec<Definition<T>>) -> Vec<Definition<T>> {
    list.push_all(inline);
    crate::sorted::sort_by_key(&mut list, |definition| definition.name.span);
    list
}

/// A named action or guard, with or without errors in it.
pub(super) fn definition<T>(node: &JsonNode, item: Option<T>) -> Option<Definition<T>> {
    match &member(node, "name")?.kind {
        JsonKind::String(name) => Some(Definition { name: name.clone(), item }),
        _ => None,
    }
}

/// The actions of a keyword that takes one action or a list of them.
pub(super) fn one_or_more(cx: &mut Syntax<'_>, node: &JsonNode, keyword: &str) -> Vec<Action> {
    match node.kind {
        JsonKind::Array(_) => cx.items(node, keyword, &mut Syntax::action),
        _ => cx.action(node).into_iter().gather(),
    }
}
