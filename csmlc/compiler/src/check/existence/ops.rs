//! What each part of a machine does to each variable that may be absent.

use super::{super::match_cases::exclusive, variable_uses::uses};
use crate::sorted::{SortedMap, SortedSet};
use crate::{
    expr::Resolved,
    lists::Gather,
    model::{
        Action, ActionKind, Application, InvokeId, MachineId, Match, Owner, Raise, StateId, TimerId,
        Transition, VarId,
    },
    source::Span,
    vocabulary::Storage,
};

/// What happens to one variable.
#[derive(Debug, Clone, Copy)]
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

/// One after the other.
pub(super) type UseSequence = Vec<VariableUse>;

/// What is done with one variable, or where that depends.
#[derive(Debug)]
pub(super) enum VariableUse {
    /// An operation and its number.
    Do(Op, u32),
    /// A `match`: the tests and actions of its cases, and its default. Its value comes before.
    Match {
        cases: Vec<(UseSequence, UseSequence)>,
        default: UseSequence,
        /// Whether at most one of the cases runs.
        exclusive: bool,
    },
}

/// All operations, in order.
pub(super) fn each(steps: &[VariableUse], f: &mut dyn FnMut(Op)) {
    for step in steps {
        match step {
            VariableUse::Do(op, _) => f(*op),
            VariableUse::Match { cases, default, .. } => {
                for (test, actions) in cases {
                    each(test, f);
                    each(actions, f);
                }
                each(default, f);
            }
        }
    }
}

/// A part of a machine that runs from its beginning to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum MachinePart {
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

/// The operations of one machine.
#[derive(Default)]
pub(super) struct Ops {
    /// By variable and part.
    pub(super) by_variable: SortedMap<VarId, SortedMap<MachinePart, UseSequence>>,
    /// The part in which each invocation begins.
    pub(super) invoked: SortedMap<InvokeId, MachinePart>,
}

/// Collects the operations on variables that may be absent in the parts of a machine that may run.
pub(super) fn collect(app: &Application<Resolved>, machine: MachineId, entered: &SortedSet<StateId>) -> Ops {
    let mut collector =
        OpCollector { app, ops: Ops::default(), current: SortedMap::new(), invoked: Vec::new(), numbers: 0 };
    let states = entered.iter().map(|state| &app.states[*state]);
    let statics = states.flat_map(|state| &state.statics);
    let own = app.machines[machine].variables.iter().chain(statics);
    for variable in own {
        collector.initial(*variable);
    }
    collector.end(MachinePart::Start);
    for id in entered {
        collector.state(*id);
    }
    for id in &app.machines[machine].invokes {
        let invoke = &app.invokes[*id];
        if invoke.state.is_none_or(|state| entered.contains(&state)) {
            collector.raises(&invoke.done);
            collector.end(MachinePart::Done(*id));
        }
    }
    collector.ops
}

struct OpCollector<'a> {
    app: &'a Application<Resolved>,
    ops: Ops,
    /// Of the part that is being looked at.
    current: SortedMap<VarId, UseSequence>,
    /// Likewise.
    invoked: Vec<InvokeId>,
    numbers: u32,
}

impl OpCollector<'_> {
    /// What has been collected since the last time is a part.
    fn end(&mut self, part: MachinePart) {
        for (variable, steps) in std::mem::take(&mut self.current) {
            self.ops.by_variable.entry(variable).or_default().insert(part, steps);
        }
        self.ops.invoked.extend(self.invoked.drain(..).map(|invoke| (invoke, part)));
    }

    fn state(&mut self, id: StateId) {
        let state = &self.app.states[id];
        for variable in &state.local {
            self.initial(*variable);
        }
        self.actions(&state.entry, None);
        self.actions(&state.while_actions, None);
        for timer in &state.after {
            self.expression(&self.app.timers[*timer].delay);
        }
        self.end(MachinePart::Enter(id));
        self.actions(&state.exit, None);
        self.end(MachinePart::Exit(id));
        for (index, transition) in state.transitions().enumerate() {
            self.transition(id, index, transition);
        }
        for timer in &state.after {
            self.raises(&self.app.timers[*timer].raises);
            self.end(MachinePart::Due(*timer));
        }
    }

    fn transition(&mut self, state: StateId, index: usize, transition: &Transition<Resolved>) {
        for (position, guard) in transition.guards.iter().enumerate() {
            self.expression(guard);
            self.end(MachinePart::Guard(state, index, position));
        }
        self.actions(&transition.actions, transition.target.is_none().then_some(state));
        self.end(MachinePart::Actions(state, index));
    }

    /// `internal` is the state whose internal transition the actions belong to: its timers can be reset.
    fn actions(&mut self, actions: &[Action<Resolved>], internal: Option<StateId>) {
        for action in actions {
            match &action.kind {
                ActionKind::Invoke(id) => {
                    self.invoked.push(*id);
                    for (_, value) in &self.app.invokes[*id].input {
                        self.expression(value);
                    }
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
                ActionKind::Match(it) => self.matching(it, internal),
            }
        }
    }

    fn matching(&mut self, it: &Match<Resolved>, internal: Option<StateId>) {
        self.expression(&it.value);
        let before = std::mem::take(&mut self.current);
        let mut cases = Vec::new();
        for case in &it.cases {
            self.expression(&case.test);
            let test = std::mem::take(&mut self.current);
            self.actions(&case.actions, internal);
            cases.push((test, std::mem::take(&mut self.current)));
        }
        self.actions(&it.default, internal);
        let mut default = std::mem::replace(&mut self.current, before);
        let within = cases.iter().flat_map(|(test, actions)| test.keys().chain(actions.keys()));
        let within: SortedSet<VarId> = within.chain(default.keys()).copied().collect();
        let exclusive = exclusive(it);
        for variable in within {
            let take = |from: &mut SortedMap<VarId, UseSequence>| from.remove(&variable).unwrap_or_default();
            let cases = cases.iter_mut().map(|(test, actions)| (take(test), take(actions))).gather();
            let step = VariableUse::Match { cases, default: take(&mut default), exclusive };
            self.current.entry(variable).or_default().push(step);
        }
    }

    fn raises(&mut self, raises: &[Raise<Resolved>]) {
        for (_, value) in raises.iter().flat_map(|raise| &raise.data) {
            self.expression(value);
        }
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
            self.numbers += 1;
            self.current.entry(variable).or_default().push(VariableUse::Do(op, self.numbers));
        }
    }
}
