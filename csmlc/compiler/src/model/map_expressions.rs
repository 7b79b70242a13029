//! Replaces every expression of an application, telling each where it stands.

use crate::lists::Gather;
use crate::model::{
    Action, ActionKind, Application, Case, ExpressionContext, Invoke, Match, On, Owner, Raise, Role, State,
    Timer, Transition, Triggers, Variable, flow::Flow,
};

impl<E> Application<E> {
    /// Replaces every expression, in a fixed order.
    pub(crate) fn map_expressions<F>(
        mut self,
        f: &mut dyn FnMut(&ExpressionContext, E) -> F,
    ) -> Application<F> {
        let flow = Flow::new(&self);
        let mut mapper = Mapper { f };
        let delays: Vec<Triggers> = self.timers.ids().map(|timer| flow.delay(&self, timer)).gather();
        let variables = std::mem::take(&mut self.variables).map(|id, variable| {
            let initial = variable.initial.map(|initial| {
                let trigger = match variable.owner {
                    Owner::State(state) if variable.storage == crate::vocabulary::Storage::Local => {
                        flow.entering(state).clone()
                    }
                    _ => Triggers::start(),
                };
                mapper.expression(variable.owner, &trigger, Role::Initial(id), initial)
            });
            Variable {
                initial,
                name: variable.name,
                owner: variable.owner,
                storage: variable.storage,
                optional: variable.optional,
                path: variable.path,
            }
        });
        let mut delays = delays.into_iter();
        let timers = std::mem::take(&mut self.timers).map(|_, timer| {
            let scope = Owner::State(timer.state);
            let trigger = delays.next().unwrap_or_default();
            let delay = mapper.expression(scope, &trigger, Role::Delay, timer.delay);
            let raises = mapper.raises(scope, &Triggers::timer(), timer.raises);
            Timer { state: timer.state, name: timer.name, delay, raises }
        });
        let mut invoke_triggers = InvokeTriggers::new(self.invokes.len());
        let states = std::mem::take(&mut self.states).map(|id, state| {
            invoke_triggers.state(id, &state, &flow);
            mapper.state(id, state, &flow)
        });
        let invokes = std::mem::take(&mut self.invokes).map(|id, invoke| {
            let scope = invoke_triggers.scope(id, invoke.machine);
            let trigger = invoke_triggers.trigger(id);
            let input = invoke.input.into_iter();
            let input = input
                .map(|(input, value)| (input, mapper.expression(scope, &trigger, Role::Input(input), value)))
                .gather();
            let done = mapper.raises(scope, &Triggers::completion(invoke.service), invoke.done);
            Invoke {
                input,
                done,
                service: invoke.service,
                machine: invoke.machine,
                state: invoke.state,
                local: invoke.local,
                while_active: invoke.while_active,
                output: invoke.output,
                properties: invoke.properties,
                span: invoke.span,
            }
        });
        Application {
            variables,
            timers,
            states,
            invokes,
            matches: self.matches,
            name: self.name,
            memory_mode: self.memory_mode,
            root_data: self.root_data,
            machines: self.machines,
            events: self.events,
            data: self.data,
            services: self.services,
            inputs: self.inputs,
            outputs: self.outputs,
            choice: self.choice,
            gaps: self.gaps,
        }
    }
}

/// Scope and trigger of each invocation: those of the action it stands in.
struct InvokeTriggers {
    found: Vec<(Option<Owner>, Triggers)>,
}

impl InvokeTriggers {
    fn new(len: usize) -> Self {
        Self { found: vec![(None, Triggers::default()); len] }
    }

    fn state<E>(&mut self, id: crate::model::StateId, state: &State<E>, flow: &Flow) {
        let scope = Owner::State(id);
        self.actions(scope, flow.entering(id), &state.entry);
        self.actions(scope, flow.entering(id), &state.while_actions);
        self.actions(scope, flow.leaving(id), &state.exit);
        for on in &state.on {
            for transition in &on.transitions {
                self.actions(scope, &Triggers::event(on.event), &transition.actions);
            }
        }
        for transition in &state.always {
            self.actions(scope, flow.entering(id), &transition.actions);
        }
    }

    fn actions<E>(&mut self, scope: Owner, trigger: &Triggers, actions: &[Action<E>]) {
        for action in Action::all(actions) {
            if let ActionKind::Invoke(id) = action.kind
                && let Some(found) = self.found.get_mut(crate::model::arena::Id::index(id))
            {
                *found = (Some(scope), trigger.clone());
            }
        }
    }

    fn scope(&self, id: crate::model::InvokeId, machine: crate::model::MachineId) -> Owner {
        self.found
            .get(crate::model::arena::Id::index(id))
            .and_then(|found| found.0)
            .unwrap_or(Owner::Machine(machine))
    }

    fn trigger(&self, id: crate::model::InvokeId) -> Triggers {
        self.found.get(crate::model::arena::Id::index(id)).map(|found| found.1.clone()).unwrap_or_default()
    }
}

struct Mapper<'f, E, F> {
    f: &'f mut dyn FnMut(&ExpressionContext, E) -> F,
}

impl<E, F> Mapper<'_, E, F> {
    fn expression(&mut self, scope: Owner, trigger: &Triggers, role: Role, expression: E) -> F {
        (self.f)(&ExpressionContext { scope, trigger: trigger.clone(), role }, expression)
    }

    fn state(&mut self, id: crate::model::StateId, state: State<E>, flow: &Flow) -> State<F> {
        let scope = Owner::State(id);
        let entry = self.actions(scope, flow.entering(id), state.entry);
        let while_actions = self.actions(scope, flow.entering(id), state.while_actions);
        let exit = self.actions(scope, flow.leaving(id), state.exit);
        let on = state
            .on
            .into_iter()
            .map(|on| {
                let trigger = Triggers::event(on.event);
                let transitions = on.transitions.into_iter();
                let transitions = transitions.map(|t| self.transition(scope, &trigger, t)).gather();
                On { event: on.event, transitions }
            })
            .gather();
        let always = state.always.into_iter().map(|t| self.transition(scope, flow.entering(id), t)).gather();
        State {
            entry,
            exit,
            while_actions,
            on,
            always,
            machine: state.machine,
            name: state.name,
            terminal: state.terminal,
            local: state.local,
            statics: state.statics,
            after: state.after,
        }
    }

    fn transition(&mut self, scope: Owner, trigger: &Triggers, transition: Transition<E>) -> Transition<F> {
        let guards = transition.guards.into_iter();
        let guards = guards.map(|guard| self.expression(scope, trigger, Role::Guard, guard)).gather();
        let actions = self.actions(scope, trigger, transition.actions);
        Transition {
            guards,
            actions,
            target: transition.target,
            else_target: transition.else_target,
            span: transition.span,
        }
    }

    fn actions(&mut self, scope: Owner, trigger: &Triggers, actions: Vec<Action<E>>) -> Vec<Action<F>> {
        let actions = actions.into_iter();
        actions.map(|action| self.action(scope, trigger, action)).gather()
    }

    fn action(&mut self, scope: Owner, trigger: &Triggers, action: Action<E>) -> Action<F> {
        let kind = match action.kind {
            ActionKind::Invoke(id) => ActionKind::Invoke(id),
            ActionKind::Delete(variable) => ActionKind::Delete(variable),
            ActionKind::ResetTimer(timer) => ActionKind::ResetTimer(timer),
            ActionKind::Create(variable, value) => {
                ActionKind::Create(variable, self.expression(scope, trigger, Role::Value(variable), value))
            }
            ActionKind::Assign(variable, value) => {
                ActionKind::Assign(variable, self.expression(scope, trigger, Role::Value(variable), value))
            }
            ActionKind::Raise(raise) => ActionKind::Raise(self.raise(scope, trigger, raise)),
            ActionKind::Match(it) => ActionKind::Match(self.matching(scope, trigger, it)),
        };
        Action { kind, subject: action.subject, span: action.span }
    }

    fn matching(&mut self, scope: Owner, trigger: &Triggers, it: Match<E>) -> Match<F> {
        let value = self.expression(scope, trigger, Role::Matched(it.id), it.value);
        let cases = it.cases.into_iter();
        let cases = cases.map(|case| Case {
            test: self.expression(scope, trigger, Role::Case(it.id), case.test),
            actions: self.actions(scope, trigger, case.actions),
            span: case.span,
        });
        let cases = cases.gather();
        Match { id: it.id, value, cases, default: self.actions(scope, trigger, it.default) }
    }

    fn raises(&mut self, scope: Owner, trigger: &Triggers, raises: Vec<Raise<E>>) -> Vec<Raise<F>> {
        raises.into_iter().map(|raise| self.raise(scope, trigger, raise)).gather()
    }

    fn raise(&mut self, scope: Owner, trigger: &Triggers, raise: Raise<E>) -> Raise<F> {
        let data = raise.data.into_iter();
        let data = data
            .map(|(datum, value)| (datum, self.expression(scope, trigger, Role::Datum(datum), value)))
            .gather();
        Raise { data, event: raise.event, channel: raise.channel, span: raise.span }
    }
}
