//! What each part of a step may change and whether it can fail. Decides which step functions return a
//! `Result`, and what a step saves to be rolled back (`docs/semantics.md#7-a-step-is-a-transaction`): only what it may have changed before
//! something that can still fail.

use super::{effects::expression, site::EventKnowledge};
use crate::sorted::SortedSet;
use crate::{
    ir::{Expr, Kind, Program},
    lists::{Gather, PushAll},
    model::{
        Action, ActionKind, EventId, InvokeId, MachineId, Match, Owner, Raise, StateId, TimerId, Transition,
        VarId, arena::Arena,
    },
    types::Type,
};

/// Something a step changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    /// The active state.
    State,
    /// The random generator.
    Random,
    /// A variable.
    Variable(VarId),
}

/// Facts about a piece of a step.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    /// It may end the step with an error.
    pub(super) fails: bool,
    /// What it may change.
    pub(super) changes: SortedSet<Change>,
    /// What it may change before it fails.
    pub(super) saves: SortedSet<Change>,
}

impl Facts {
    pub(super) fn change(change: Change) -> Self {
        Self { changes: SortedSet::from([change]), ..Self::default() }
    }

    pub(super) fn failing(fails: bool) -> Self {
        Self { fails, ..Self::default() }
    }

    /// This piece and then another.
    pub(super) fn then(&mut self, next: &Self) {
        if next.fails {
            self.saves.extend(&self.changes);
        }
        self.saves.extend(&next.saves);
        self.changes.extend(&next.changes);
        self.fails |= next.fails;
    }

    /// Either this piece or another.
    pub(super) fn or(&mut self, other: &Self) {
        self.fails |= other.fails;
        self.changes.extend(&other.changes);
        self.saves.extend(&other.saves);
    }

    /// This piece and then the initial value of a variable.
    pub(super) fn assigning(mut self, program: &Program, variable: VarId) -> Self {
        if let Some(initial) = &program.app.variables[variable].initial {
            self.then(&expression(program, initial, EventKnowledge::None));
        }
        self.then(&Self::change(Change::Variable(variable)));
        self
    }

    /// One of this and others, in any order and any number of times.
    pub(super) fn any_order(mut self) -> Self {
        if self.fails {
            self.saves = self.changes.clone();
        }
        self
    }
}

/// Facts about all step functions.
pub(super) struct RollbackPlan {
    enter: Arena<StateId, Facts>,
    exit: Arena<StateId, Facts>,
    settle: Arena<StateId, Facts>,
    /// Machines whose `always` transitions can go round.
    cyclic: Arena<MachineId, bool>,
}

impl RollbackPlan {
    pub(super) fn new(program: &Program) -> Self {
        let mut plan =
            Self { enter: Arena::new(), exit: Arena::new(), settle: Arena::new(), cyclic: Arena::new() };
        for machine in program.app.machines.values() {
            plan.cyclic.push(is_cyclic(program, &machine.states));
        }
        for id in program.app.states.ids() {
            plan.enter.push(enter(program, id));
            plan.exit.push(actions(program, &program.app.states[id].exit, EventKnowledge::Any));
        }
        for id in program.app.states.ids() {
            let facts = plan.settle(program, id);
            plan.settle.push(facts);
        }
        plan.share_settling(program);
        plan
    }

    /// One function follows the `always` transitions of all states of a machine: it can fail from all if it can
    /// from one.
    fn share_settling(&mut self, program: &Program) {
        let states = &program.app.states;
        for machine in program.app.machines.values() {
            if !machine.states.iter().any(|id| self.settle[*id].fails) {
                continue;
            }
            for id in machine.states.iter().filter(|id| !states[**id].always.is_empty()) {
                let facts = std::mem::take(&mut self.settle[*id]);
                self.settle[*id] = Facts { fails: true, ..facts }.any_order();
            }
        }
    }

    /// Entering a state: its local data, entry and `while` actions, timers.
    pub(super) fn entering(&self, state: StateId) -> &Facts {
        &self.enter[state]
    }

    /// Leaving a state: its exit actions.
    pub(super) fn leaving(&self, state: StateId) -> &Facts {
        &self.exit[state]
    }

    /// Following `always` transitions from a state just entered.
    pub(super) fn settling(&self, state: StateId) -> &Facts {
        &self.settle[state]
    }

    /// Whether the `always` transitions of a machine can go round.
    pub(super) fn cyclic(&self, machine: MachineId) -> bool {
        self.cyclic[machine]
    }

    /// Taking a transition of `from` towards `to`; `settles` says whether `always` is followed at once.
    pub(super) fn transition(
        &self,
        program: &Program,
        from: StateId,
        to: Option<StateId>,
        list: &[Action<Expr>],
        settles: bool,
    ) -> Facts {
        // `always` transitions, which do not settle by themselves, run in steps of any trigger.
        let trigger = if settles { EventKnowledge::Payload } else { EventKnowledge::Any };
        let Some(to) = to else { return actions(program, list, trigger) };
        let mut facts = self.exit[from].clone();
        facts.then(&actions(program, list, trigger));
        facts.then(&Facts::change(Change::State));
        facts.then(&self.enter[to]);
        if settles {
            facts.then(&self.settle[to]);
        }
        facts
    }

    /// Choosing among the transitions for an event, or among `always` transitions, and taking one.
    pub(super) fn choice(
        &self,
        program: &Program,
        from: StateId,
        event: Option<EventId>,
        transitions: &[Transition<Expr>],
    ) -> Facts {
        let settles = event.is_some();
        let trigger = if settles { EventKnowledge::Payload } else { EventKnowledge::Any };
        let mut facts = guards(program, transitions, trigger);
        let checked = program.choices.has_check(from, event, transitions.len());
        facts.then(&Facts::failing(checked));
        let mut taken = Facts::default();
        for transition in transitions {
            for (to, list) in branches(transition) {
                taken.or(&self.transition(program, from, to, list, settles));
            }
        }
        facts.then(&taken);
        facts
    }

    fn settle(&self, program: &Program, from: StateId) -> Facts {
        let states = &program.app.states;
        if states[from].always.is_empty() {
            return Facts::default();
        }
        let mut reached = SortedSet::from([from]);
        let mut open = vec![from];
        while let Some(state) = open.pop() {
            let targets = states[state].always.iter().flat_map(|t| [t.target, t.else_target]).flatten();
            open.push_all(targets.filter(|target| reached.insert(*target)));
        }
        let mut facts = Facts::failing(self.cyclic[states[from].machine]);
        for state in reached {
            facts.then(&self.choice(program, state, None, &states[state].always));
        }
        facts.any_order()
    }
}

/// Evaluating the guards of transitions.
pub(super) fn guards(program: &Program, transitions: &[Transition<Expr>], trigger: EventKnowledge) -> Facts {
    let mut facts = Facts::default();
    for guard in transitions.iter().flat_map(|transition| &transition.guards) {
        facts.then(&expression(program, guard, trigger));
    }
    facts
}

/// Where a transition may lead, with the actions on the way: its target, and its `else`, which has none.
pub(super) fn branches(
    transition: &Transition<Expr>,
) -> impl Iterator<Item = (Option<StateId>, &[Action<Expr>])> {
    let target = (transition.target, transition.actions.as_slice());
    let other = transition.else_target.map(|to| (Some(to), [].as_slice()));
    std::iter::once(target).chain(other)
}

/// Executing actions in order.
pub(super) fn actions(program: &Program, list: &[Action<Expr>], trigger: EventKnowledge) -> Facts {
    let mut facts = Facts::default();
    for action in list {
        facts.then(&one_action(program, action, trigger));
    }
    facts
}

/// Executing one action.
pub(super) fn one_action(program: &Program, action: &Action<Expr>, trigger: EventKnowledge) -> Facts {
    let optional = |variable: VarId| program.app.variables[variable].optional;
    match &action.kind {
        ActionKind::Assign(variable, value) => {
            let mut facts = expression(program, value, trigger);
            facts.then(&Facts::failing(optional(*variable)));
            facts.then(&Facts::change(Change::Variable(*variable)));
            facts
        }
        ActionKind::Create(variable, value) => {
            let mut facts = expression(program, value, trigger);
            facts.then(&Facts::failing(true));
            facts.then(&Facts::change(Change::Variable(*variable)));
            facts
        }
        ActionKind::Delete(variable) => {
            let mut facts = Facts::failing(true);
            facts.then(&Facts::change(Change::Variable(*variable)));
            facts
        }
        ActionKind::Raise(raise) => raises(program, std::slice::from_ref(raise), trigger),
        ActionKind::Invoke(invoke) => {
            let mut facts = Facts::default();
            for (_, value) in &program.app.invokes[*invoke].input {
                facts.then(&expression(program, value, trigger));
            }
            facts
        }
        ActionKind::Match(it) => {
            let mut facts = expression(program, &it.value, trigger);
            facts.then(&cases(program, it, trigger));
            facts
        }
        // Only an internal transition resets a running timer; elsewhere nothing is evaluated.
        ActionKind::ResetTimer(timer) => delay(program, *timer, trigger),
    }
}

/// Comparing the value of a `match` with its cases and running those that equal it.
pub(super) fn cases(program: &Program, it: &Match<Expr>, trigger: EventKnowledge) -> Facts {
    let mut facts = Facts::default();
    let mut one_of = actions(program, &it.default, trigger);
    let alone = it.runs_one();
    for case in &it.cases {
        facts.then(&expression(program, &case.test, trigger));
        let run = actions(program, &case.actions, trigger);
        if alone { one_of.or(&run) } else { facts.then(&run) }
    }
    facts.then(&one_of);
    facts
}

/// Raising events.
pub(super) fn raises(program: &Program, list: &[Raise<Expr>], trigger: EventKnowledge) -> Facts {
    let mut facts = Facts::default();
    for (_, value) in list.iter().flat_map(|raise| &raise.data) {
        facts.then(&expression(program, value, trigger));
    }
    facts
}

/// Handling the completion of an invocation.
pub(super) fn completion(program: &Program, invoke: InvokeId) -> Facts {
    let invoke = &program.app.invokes[invoke];
    let mut facts = Facts::default();
    for (_, variable) in &invoke.output {
        facts.then(&Facts::change(Change::Variable(*variable)));
    }
    // A `done` event may read data of a state that is gone.
    facts.then(&Facts::failing(reads_state(
        program,
        invoke.done.iter().flat_map(|raise| &raise.data).map(|(_, e)| e),
    )));
    facts.then(&raises(program, &invoke.done, EventKnowledge::None));
    facts
}

/// Whether expressions read or change local data of a state, which exist only while it is active.
pub(super) fn reads_state<'e>(program: &Program, mut expressions: impl Iterator<Item = &'e Expr>) -> bool {
    expressions.any(|expression| {
        expression.variables().into_iter().chain(expression.changes()).any(|variable| {
            let variable = &program.app.variables[variable];
            matches!(variable.owner, Owner::State(_)) && variable.storage == crate::vocabulary::Storage::Local
        })
    })
}

/// Evaluating the delay of a timer.
pub(super) fn delay(program: &Program, timer: TimerId, trigger: EventKnowledge) -> Facts {
    let delay = &program.app.timers[timer].delay;
    let mut facts = expression(program, delay, trigger);
    let constant = delay.ty == Type::Int && matches!(delay.kind, Kind::Int(ms) if ms >= 0);
    facts.then(&Facts::failing(!constant));
    facts
}

fn enter(program: &Program, id: StateId) -> Facts {
    let state = &program.app.states[id];
    let mut facts = Facts::default();
    for variable in &state.local {
        if let Some(initial) = &program.app.variables[*variable].initial {
            facts.then(&expression(program, initial, EventKnowledge::Any));
        }
        facts.then(&Facts::change(Change::Variable(*variable)));
    }
    facts.then(&actions(program, &state.entry, EventKnowledge::Any));
    facts.then(&actions(program, &state.while_actions, EventKnowledge::Any));
    for timer in &state.after {
        facts.then(&delay(program, *timer, EventKnowledge::Any));
    }
    facts
}

/// Whether `always` transitions among these states can go round.
fn is_cyclic(program: &Program, states: &[StateId]) -> bool {
    // Remove states that lead nowhere until none is left, or a cycle is.
    let targets = |state: &StateId| {
        program.app.states[*state].always.iter().flat_map(|t| [t.target, t.else_target]).flatten()
    };
    let mut left: SortedSet<StateId> = states.iter().copied().collect();
    loop {
        let ends: Vec<StateId> = left
            .iter()
            .copied()
            .filter(|state| targets(state).all(|target| !left.contains(&target)))
            .gather();
        if ends.is_empty() {
            // A chain as long as the limit counts as a livelock too (`docs/semantics.md#3-execution`).
            return !left.is_empty() || states.len() >= 1_000;
        }
        for state in ends {
            left.remove(&state);
        }
    }
}
