//! Second half of `resolve`: references become ids; events, services, timers and invocations are collected
//! where they are mentioned.

use super::{
    Resolver,
    declare::{Declared, DuplicateFinder},
    name, resolution_rules,
};
use crate::sorted::SortedSet;
use crate::{
    canonical::{self, ActionKind as Written, Binding},
    diagnostics::{Diagnostic, Rule, suggest::suggest},
    lists::Gather,
    model::{
        Action, ActionKind, Case, Datum, DatumId, Event, EventId, Input, Invoke, InvokeId, MachineId, Match,
        Mention, On, OutputId, Owner, Raise, Service, ServiceId, ServiceOutput, StateId, Timer, TimerId,
        Transition, VarId,
    },
    source::Span,
    text::Text,
    types::Type,
    vocabulary::Channel,
};

/// Prefix of the events that report failed invocations (docs/semantics.md#6-timers-and-invocations).
pub(crate) const FAILURE: &str = "error.invoke.";

impl Resolver<'_> {
    pub(super) fn refer(&mut self, declared: &Declared<'_>) {
        // Timers first: an action may reset one that stands further down.
        for (id, state) in &declared.states {
            self.timers(*id, state);
        }
        for (id, state) in &declared.states {
            self.state(declared, *id, state);
        }
        for (id, state) in &declared.states {
            self.timer_raises(*id, state);
        }
    }

    fn timers(&mut self, id: StateId, state: &canonical::State) {
        let machine = self.app.states[id].machine;
        let mut names = DuplicateFinder::new("timer", &resolution_rules::DUPLICATE_TIMER);
        for (index, after) in state.after.iter().enumerate() {
            let name = match &after.name {
                Some(written) => {
                    names.add(self, written);
                    name(written)
                }
                None => crate::model::Name { text: index.to_string(), span: after.span },
            };
            let timer = Timer { state: id, name, delay: after.delay.clone(), raises: Vec::new() };
            let timer = self.app.timers.push(timer);
            self.app.states[id].after.push(timer);
            self.app.machines[machine].timers.push(timer);
            self.limit(self.app.machines[machine].timers.len(), "timers in one machine", after.span);
        }
    }

    fn timer_raises(&mut self, id: StateId, state: &canonical::State) {
        let machine = self.app.states[id].machine;
        let timers = self.app.states[id].after.clone();
        for (timer, after) in timers.into_iter().zip(&state.after) {
            let raises = after.raises.iter().map(|event| self.raise(machine, event)).gather();
            self.app.timers[timer].raises = raises;
        }
    }

    fn state(&mut self, declared: &Declared<'_>, id: StateId, state: &canonical::State) {
        let machine = self.app.states[id].machine;
        let inside = ActionSite { state: id, machine, create: Owner::State(id), while_active: false };
        let entry = self.actions(inside, &state.entry);
        let while_actions = self.actions(ActionSite { while_active: true, ..inside }, &state.while_actions);
        let exit = self.actions(inside, &state.exit);
        let outside = ActionSite { create: Owner::Machine(machine), ..inside };
        let mut groups: Vec<On<Text>> = Vec::new();
        for on in &state.on {
            let event = self.event(&on.event);
            let heard = &mut self.app.events[event];
            heard.handlers.insert(machine);
            heard.peripheral |= on.peripheral;
            let channel = on.peripheral.then_some(Channel::Peripheral);
            heard.handles.push(Mention { machine, channel, span: on.event.span });
            let transition = self.transition(declared, outside, &on.transition);
            match groups.iter_mut().find(|group| group.event == event) {
                Some(group) => group.transitions.push(transition),
                None => groups.push(On { event, transitions: vec![transition] }),
            }
        }
        let always = state.always.iter().map(|t| self.transition(declared, outside, t)).gather();
        let resolved = &mut self.app.states[id];
        resolved.entry = entry;
        resolved.while_actions = while_actions;
        resolved.exit = exit;
        resolved.on = groups;
        resolved.always = always;
    }

    fn transition(
        &mut self,
        declared: &Declared<'_>,
        place: ActionSite,
        transition: &canonical::Transition,
    ) -> Transition<Text> {
        Transition {
            target: transition.target.as_ref().and_then(|target| {
                self.target(declared, place.machine, target, &resolution_rules::UNKNOWN_STATE)
            }),
            else_target: transition.else_target.as_ref().and_then(|target| {
                self.target(declared, place.machine, target, &resolution_rules::UNKNOWN_ELSE)
            }),
            guards: transition.guards.clone(),
            actions: self.actions(place, &transition.actions),
            span: transition.span,
        }
    }

    fn target(
        &mut self,
        declared: &Declared<'_>,
        machine: MachineId,
        target: &Text,
        rule: &'static Rule,
    ) -> Option<StateId> {
        let found = declared.by_name.get(&(machine, target.as_str())).copied();
        if found.is_none() && !self.app.machines[machine].gaps.states {
            let label = &self.app.machines[machine].name.text;
            let states = self.app.machines[machine].states.iter();
            let states = states.map(|state| self.app.states[*state].name.text.as_str());
            let nested = self
                .app
                .machines
                .values()
                .find(|other| other.parent == Some(machine) && other.name.text == target.value);
            let mut diagnostic = Diagnostic::new(
                rule,
                target.span,
                format!("machine `{label}` has no state `{}`", target.value),
            )
            .label("unknown state")
            .did_you_mean(target.span, &target.value, self.near(&target.value, states));
            if let Some(nested) = nested {
                diagnostic = diagnostic.related(nested.name.span, "this is a nested machine, not a state");
            }
            self.report(diagnostic);
        }
        self.app.gaps.targets |= found.is_none();
        self.app.machines[machine].uncertain |= found.is_none();
        found
    }

    /// The known name that an unknown one is like.
    fn near<'a>(&self, name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        if self.diagnostics.advises() { suggest(name, known.into_iter()) } else { None }
    }

    fn actions(&mut self, place: ActionSite, actions: &[canonical::Action]) -> Vec<Action<Text>> {
        actions
            .iter()
            .filter_map(|action| {
                let kind = self.action(place, action)?;
                Some(Action { kind, subject: subject(action), span: action.span })
            })
            .gather()
    }

    fn action(&mut self, place: ActionSite, action: &canonical::Action) -> Option<ActionKind<Text>> {
        let scope = Owner::State(place.state);
        Some(match &action.kind {
            Written::Invoke(invoke) => ActionKind::Invoke(self.invoke(place, action, invoke)),
            Written::Create { name, value, persistent } => {
                let owner = if *persistent { Owner::Root } else { place.create };
                ActionKind::Create(self.own(owner, &name.value)?, value.clone())
            }
            Written::Assign { variable, value } => ActionKind::Assign(
                self.variable(scope, variable, &resolution_rules::UNKNOWN_VARIABLE, "assigned")?,
                value.clone(),
            ),
            Written::Delete { variable } => {
                let id = self.variable(scope, variable, &resolution_rules::UNKNOWN_DELETED, "deleted")?;
                self.app.variables[id].optional = true;
                ActionKind::Delete(id)
            }
            Written::Raise(event) => ActionKind::Raise(self.raise(place.machine, event)),
            Written::TimeoutReset { timer } => ActionKind::ResetTimer(self.timer(place, timer)?),
            Written::Match(it) => ActionKind::Match(self.matching(place, it)),
        })
    }

    fn matching(&mut self, place: ActionSite, it: &canonical::Match) -> Match<Text> {
        let id = self.app.matches.push(it.value.span);
        let cases = it.cases.iter();
        let cases = cases.map(|case| Case {
            test: case.value.clone(),
            actions: self.actions(place, &case.actions),
            span: case.span,
        });
        let cases = cases.gather();
        Match { id, value: it.value.clone(), cases, default: self.actions(place, &it.default) }
    }

    fn variable(&mut self, scope: Owner, variable: &Text, rule: &'static Rule, done: &str) -> Option<VarId> {
        let found = self.scopes.find(scope, &variable.value);
        if found.is_none() && !self.scopes.may_lack(scope) {
            let visible = self.scopes.visible(scope).into_iter();
            let message =
                format!("variable `{}` cannot be {done}: there is no such variable here", variable.value);
            let mut diagnostic = Diagnostic::new(rule, variable.span, message)
                .label("unknown variable")
                .did_you_mean(variable.span, &variable.value, self.near(&variable.value, visible));
            if let Some((declared, owner)) = self.scopes.elsewhere(&variable.value) {
                let known =
                    format!("`{}` belongs to {owner}, which is not visible from here", variable.value);
                diagnostic = diagnostic.label("not visible from here").related(declared.span, known);
            }
            self.report(diagnostic);
        }
        self.app.gaps.reads |= found.is_none();
        found
    }

    /// A timer of this state, or else of another state of the machine.
    fn timer(&mut self, place: ActionSite, timer: &Text) -> Option<TimerId> {
        let named = |id: &TimerId| self.app.timers[*id].name.text == timer.value;
        let own = self.app.states[place.state].after.iter().copied().find(named);
        let found = own.or_else(|| self.app.machines[place.machine].timers.iter().copied().find(named));
        if found.is_none() && !self.app.machines[place.machine].gaps.timers {
            let timers = self.app.machines[place.machine].timers.iter();
            let names = timers.map(|id| self.app.timers[*id].name.text.as_str());
            let message = format!(
                "machine `{}` has no timer `{}`",
                self.app.machines[place.machine].name.text, timer.value
            );
            let diagnostic = Diagnostic::new(&resolution_rules::UNKNOWN_TIMER, timer.span, message)
                .label("unknown timer")
                .did_you_mean(timer.span, &timer.value, self.near(&timer.value, names));
            self.report(diagnostic);
        }
        found
    }

    fn invoke(
        &mut self,
        place: ActionSite,
        action: &canonical::Action,
        invoke: &canonical::Invoke,
    ) -> InvokeId {
        let service = self.service(&invoke.service);
        let scope = Owner::State(place.state);
        let mut names = DuplicateFinder::new("input", &resolution_rules::DUPLICATE_INPUT);
        let mut input = Vec::new();
        for Binding { name: written, value } in &invoke.input {
            names.add(self, written);
            let known = self.app.services[service].inputs.iter().copied();
            let known = known.into_iter().find(|id| self.app.inputs[*id].name.text == written.value);
            let id = known.unwrap_or_else(|| {
                let id = self.app.inputs.push(Input { service, name: name(written), optional: false });
                self.app.services[service].inputs.push(id);
                id
            });
            input.push((id, value.clone()));
        }
        let output = invoke.output.iter();
        let output = output
            .filter_map(|variable| {
                let id = self.variable(scope, variable, &resolution_rules::UNKNOWN_OUTPUT, "an output")?;
                Some((self.output(service, variable), id))
            })
            .gather();
        let done = invoke.done.iter();
        let done: Vec<_> = done
            .map(|event| {
                let raise = self.raise(place.machine, event);
                self.app.events[raise.event].open = true;
                raise
            })
            .gather();
        let id = self.app.invokes.push(Invoke {
            service,
            machine: place.machine,
            state: Some(place.state),
            local: invoke.local,
            while_active: place.while_active,
            input,
            output,
            done,
            properties: invoke.properties.clone(),
            span: action.span,
        });
        self.app.machines[place.machine].invokes.push(id);
        self.limit(self.app.machines[place.machine].invokes.len(), "invocations in one machine", action.span);
        id
    }

    fn service(&mut self, written: &Text) -> ServiceId {
        if let Some(id) = self.services.get(&written.value) {
            return *id;
        }
        self.non_empty(written, "service type");
        let service = Service { name: name(written), inputs: Vec::new(), outputs: Vec::new() };
        let id = self.app.services.push(service);
        self.services.insert(written.value.clone(), id);
        self.limit(self.app.services.len(), "services", written.span);
        id
    }

    fn output(&mut self, service: ServiceId, written: &Text) -> OutputId {
        let known = self.app.services[service].outputs.iter().copied();
        if let Some(id) = known.into_iter().find(|id| self.app.outputs[*id].name.text == written.value) {
            return id;
        }
        let id = self.app.outputs.push(ServiceOutput { service, name: name(written), optional: false });
        self.app.services[service].outputs.push(id);
        id
    }

    fn raise(&mut self, machine: MachineId, event: &canonical::Event) -> Raise<Text> {
        let id = self.event(&event.name);
        let raised = &mut self.app.events[id];
        raised.raised = true;
        raised.peripheral |= event.channel == Channel::Peripheral;
        raised.raises.push(Mention { machine, channel: Some(event.channel), span: event.name.span });
        let mut names = DuplicateFinder::new("event datum", &resolution_rules::DUPLICATE_DATUM);
        let mut data = Vec::new();
        for Binding { name, value } in &event.data {
            names.add(self, name);
            data.push((self.datum(id, name), value.clone()));
        }
        Raise { event: id, channel: event.channel, data, span: event.span }
    }

    fn event(&mut self, written: &Text) -> EventId {
        if let Some(id) = self.events.get(&written.value) {
            return *id;
        }
        self.non_empty(written, "event");
        let id = self.app.events.push(Event {
            name: name(written),
            data: Vec::new(),
            handlers: SortedSet::new(),
            raises: Vec::new(),
            handles: Vec::new(),
            raised: false,
            open: false,
            peripheral: false,
            failure_of: None,
        });
        self.events.insert(written.value.clone(), id);
        self.limit(self.app.events.len(), "events", written.span);
        id
    }

    fn datum(&mut self, event: EventId, written: &Text) -> DatumId {
        let known = self.app.events[event].data.iter().copied();
        if let Some(id) = known.into_iter().find(|id| self.app.data[*id].name.text == written.value) {
            return id;
        }
        let id = self.app.data.push(Datum { event, name: name(written), optional: false, fixed: None });
        self.app.events[event].data.push(id);
        id
    }

    fn non_empty(&mut self, written: &Text, what: &str) {
        if written.value.is_empty() {
            let message = format!("this {what} has an empty name");
            self.report(
                Diagnostic::new(&resolution_rules::EMPTY_NAME, written.span, message).help("give it a name"),
            );
        }
    }

    /// What can be said of events and inputs once all are known.
    pub(super) fn finish_events(&mut self) {
        let ids: Vec<EventId> = self.app.events.ids().gather();
        for id in ids {
            let event = &self.app.events[id];
            let service =
                event.name.text.strip_prefix(FAILURE).and_then(|name| self.services.get(name)).copied();
            let open = event.open || !event.raised || event.peripheral;
            self.app.events[id].open = open && service.is_none();
            self.app.events[id].failure_of = service;
            if service.is_some() {
                self.failure_data(id);
            }
        }
        let services: Vec<ServiceId> = self.app.services.ids().gather();
        for service in services {
            self.optional_inputs(service);
        }
    }

    fn failure_data(&mut self, event: EventId) {
        let span = self.app.events[event].name.span;
        let fixed = [("message", Type::Text), ("status", Type::Option(Box::new(Type::Int)))];
        for (name, ty) in fixed {
            let id = self.datum(event, &Text::plain(name, span));
            self.app.data[id].fixed = Some(ty);
        }
    }

    fn optional_inputs(&mut self, service: ServiceId) {
        for id in self.app.services[service].inputs.clone() {
            let calls = self.app.invokes.values().filter(|invoke| invoke.service == service);
            let missing = calls.into_iter().any(|invoke| invoke.input.iter().all(|(input, _)| *input != id));
            self.app.inputs[id].optional = missing;
        }
    }
}

/// The name of what an action is about.
fn subject(action: &canonical::Action) -> Span {
    match &action.kind {
        Written::Invoke(invoke) => invoke.service.span,
        Written::Create { name, .. } => name.span,
        Written::Assign { variable, .. } | Written::Delete { variable } => variable.span,
        Written::Raise(event) => event.name.span,
        Written::TimeoutReset { timer } => timer.span,
        Written::Match(it) => it.value.span,
    }
}

/// Where an action stands.
#[derive(Clone, Copy)]
struct ActionSite {
    /// The state whose data it sees.
    state: StateId,
    machine: MachineId,
    /// The component in which it creates variables.
    create: Owner,
    /// Whether it stands in a `while` list.
    while_active: bool,
}
