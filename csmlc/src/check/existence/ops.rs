//! What each part of a machine does to each variable that may be absent.

use std::collections::{BTreeMap, BTreeSet};

use super::uses::uses;
use crate::{
    canonical::Storage,
    expr::Resolved,
    model::{
        Action, ActionKind, App, InvokeId, MachineId, Owner, Raise, StateId, TimerId, Transition, VarId,
    },
    source::Span,
};

/// What happens to one variable.
#[derive(Debug)]
pub(super) enum Op {
    /// It is read or written: it has to exist.
    Use {
        /// Where its name stands.
        span: Span,
        /// Whether that happens whenever the expression is evaluated.
        certain: bool,
    },
    /// It is made.
    Create(Span),
    /// It is removed.
    Delete(Span),
}

/// A part of a machine that runs from its beginning to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// The instance starts: initial values of the machine's data.
    Start,
    /// A state is entered: its local data, entry and `while` actions, delays of its timers.
    Enter(StateId),
    /// A state is left: its exit actions.
    Exit(StateId),
    /// A guard of a transition, by their positions.
    Guard(StateId, usize, usize),
    /// The actions of a transition.
    Actions(StateId, usize),
    /// What a timer raises.
    Due(TimerId),
    /// What a completed invocation raises.
    Done(InvokeId),
}

/// The operations of one machine: by variable and part.
pub(super) type Ops = BTreeMap<VarId, BTreeMap<Part, Vec<Op>>>;

/// Collects the operations on variables that may be absent in the parts of a machine that may run.
pub(super) fn collect(app: &App<Resolved>, machine: MachineId, entered: &BTreeSet<StateId>) -> Ops {
    let mut collector = Collector { app, ops: Ops::new(), part: Part::Start };
    let states = entered.iter().map(|state| &app.states[*state]);
    let statics = states.flat_map(|state| &state.statics);
    let own = app.machines[machine].variables.iter().chain(statics);
    own.for_each(|variable| collector.initial(*variable));
    for id in entered {
        collector.state(*id);
    }
    for id in &app.machines[machine].invokes {
        let invoke = &app.invokes[*id];
        if invoke.state.is_none_or(|state| entered.contains(&state)) {
            collector.part = Part::Done(*id);
            collector.raises(&invoke.done);
        }
    }
    collector.ops
}

struct Collector<'a> {
    app: &'a App<Resolved>,
    ops: Ops,
    part: Part,
}

impl Collector<'_> {
    fn state(&mut self, id: StateId) {
        let state = &self.app.states[id];
        self.part = Part::Enter(id);
        state.local.iter().for_each(|variable| self.initial(*variable));
        self.actions(&state.entry, None);
        self.actions(&state.while_actions, None);
        for timer in &state.after {
            self.expression(&self.app.timers[*timer].delay);
        }
        self.part = Part::Exit(id);
        self.actions(&state.exit, None);
        for (index, transition) in super::super::transitions(self.app, id).enumerate() {
            self.transition(id, index, transition);
        }
        for timer in &state.after {
            self.part = Part::Due(*timer);
            self.raises(&self.app.timers[*timer].raises);
        }
    }

    fn transition(&mut self, state: StateId, index: usize, transition: &Transition<Resolved>) {
        for (position, guard) in transition.guards.iter().enumerate() {
            self.part = Part::Guard(state, index, position);
            self.expression(guard);
        }
        self.part = Part::Actions(state, index);
        self.actions(&transition.actions, transition.target.is_none().then_some(state));
    }

    /// `internal` is the state whose internal transition the actions belong to: its timers can be reset.
    fn actions(&mut self, actions: &[Action<Resolved>], internal: Option<StateId>) {
        for action in actions {
            match &action.kind {
                ActionKind::Invoke(id) => {
                    self.app.invokes[*id].input.iter().for_each(|(_, value)| self.expression(value));
                }
                ActionKind::Create(variable, value) => {
                    self.expression(value);
                    self.push(*variable, Op::Create(action.subject));
                }
                ActionKind::Assign(variable, value) => {
                    self.expression(value);
                    self.push(*variable, Op::Use { span: action.subject, certain: true });
                }
                ActionKind::Delete(variable) => self.push(*variable, Op::Delete(action.subject)),
                ActionKind::Raise(raise) => self.raises(std::slice::from_ref(raise)),
                ActionKind::ResetTimer(timer) => {
                    let timer = &self.app.timers[*timer];
                    if internal == Some(timer.state) {
                        self.expression(&timer.delay);
                    }
                }
            }
        }
    }

    fn raises(&mut self, raises: &[Raise<Resolved>]) {
        raises.iter().flat_map(|raise| &raise.data).for_each(|(_, value)| self.expression(value));
    }

    /// Persistent data get their initial values when the application starts: all declared ones exist by then.
    fn initial(&mut self, variable: VarId) {
        let variable = &self.app.variables[variable];
        if let Some(initial) = &variable.initial
            && variable.storage != Storage::Persistent
            && variable.owner != Owner::Root
        {
            self.expression(initial);
        }
    }

    fn expression(&mut self, expression: &Resolved) {
        uses(&expression.root, true, &mut |variable, span, certain| {
            self.push(variable, Op::Use { span, certain });
        });
    }

    fn push(&mut self, variable: VarId, op: Op) {
        if self.app.variables[variable].optional {
            self.ops.entry(variable).or_default().entry(self.part).or_default().push(op);
        }
    }
}
