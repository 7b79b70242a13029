//! Follows one variable over the states of one machine.

use super::{
    ops::{MachinePart, Op, UseSequence, VariableUse},
    presence::{Cause, Presence},
};
use crate::sorted::{SortedMap, SortedSet};
use crate::{
    expr::Resolved,
    lists::Gather,
    model::{Application, InvokeId, Owner, StateId, Transition, VarId, graph},
    vocabulary::Storage,
};

/// The operations on the variable, by part.
pub(super) type Parts = SortedMap<MachinePart, UseSequence>;
/// What may be the case at each operation, by its number.
pub(super) type PresenceByOp = SortedMap<u32, (Op, Presence)>;

/// A walk over a machine, for one variable.
pub(super) struct PresenceWalk<'a> {
    app: &'a Application<Resolved>,
    variable: VarId,
    parts: &'a Parts,
    /// What others may do between two steps.
    others: Presence,
    /// The states to stay in, where the variable cannot be seen elsewhere.
    only: Option<StateId>,
    /// What may be the case before each state's data are made.
    enter: SortedMap<StateId, Presence>,
    /// What may be the case in each state between two steps.
    rest: SortedMap<StateId, Presence>,
    open: Vec<StateId>,
    waiting: SortedSet<StateId>,
    /// Filled in once everything else is known.
    found: Option<PresenceByOp>,
}

/// Where a transition leads with what.
enum Destination {
    Stay(Presence),
    To(StateId, Presence),
}

impl<'a> PresenceWalk<'a> {
    pub(super) fn new(
        app: &'a Application<Resolved>,
        variable: VarId,
        parts: &'a Parts,
        others: Presence,
    ) -> Self {
        let only = match (app.variables[variable].owner, app.variables[variable].storage) {
            (Owner::State(state), Storage::Local) => Some(state),
            _ => None,
        };
        Self {
            app,
            variable,
            parts,
            others,
            only,
            enter: SortedMap::new(),
            rest: SortedMap::new(),
            open: Vec::new(),
            waiting: SortedSet::new(),
            found: None,
        }
    }

    /// The machine's start, and all that may follow.
    pub(super) fn start(&mut self, initial: StateId, at: Presence) {
        let at = self.run(MachinePart::Start, at);
        self.go(self.only.unwrap_or(initial), at);
        self.settle();
    }

    /// What may be the case between any two steps.
    pub(super) fn between(&self) -> Presence {
        let mut all = Presence::default();
        self.rest.values().for_each(|at| {
            all.join(*at);
        });
        all
    }

    /// Looks at every operation with all that may be the case there.
    pub(super) fn find(&mut self) -> PresenceByOp {
        self.found = Some(PresenceByOp::new());
        let states: Vec<StateId> = self.enter.keys().copied().gather();
        for state in states {
            self.state(state);
            let rest = self.resting(state);
            for timer in &self.app.states[state].after {
                self.run(MachinePart::Due(*timer), rest);
            }
        }
        self.found.take().unwrap_or_default()
    }

    /// Looks at what an invocation that begins in a part does once it is complete: at any time after that.
    pub(super) fn find_completion(&self, invoke: InvokeId, begins: MachinePart) -> PresenceByOp {
        let mut later = Self::new(self.app, self.variable, self.parts, self.others);
        // A `while` invocation ends with its state, and data of the state are no longer seen then.
        if let (true, MachinePart::Enter(state)) = (self.app.invokes[invoke].while_active, begins) {
            later.only = Some(state);
        }
        self.begin(&mut later, begins);
        later.settle();
        let at = later.between();
        later.found = Some(PresenceByOp::new());
        later.run(MachinePart::Done(invoke), at);
        later.found.take().unwrap_or_default()
    }

    /// Lets another walk begin where a part does.
    fn begin(&self, later: &mut Self, begins: MachinePart) {
        let (state, only) = match begins {
            MachinePart::Enter(state) => {
                later.go(state, self.enter.get(&state).copied().unwrap_or_default());
                return;
            }
            MachinePart::Exit(state) => (state, None),
            MachinePart::Actions(state, index) => (state, Some(index)),
            MachinePart::Start | MachinePart::Guard(..) | MachinePart::Due(_) | MachinePart::Done(_) => {
                return;
            }
        };
        let declared = &self.app.states[state];
        let enter = self.enter.get(&state).copied().unwrap_or_default();
        let settled = later.run(MachinePart::Enter(state), self.born(state, enter));
        let on = declared.on.iter().map(|on| on.transitions.len()).sum();
        for (index, transition) in declared.transitions().enumerate() {
            if only.is_some_and(|only| only != index) {
                continue;
            }
            let from = if index < on { self.resting(state) } else { settled };
            let taken = later.take(state, index, transition, from);
            let otherwise = later.otherwise(state, index, transition, from).filter(|_| only.is_none());
            for way in std::iter::once(taken).chain(otherwise) {
                // An internal transition does not leave the state.
                if only.is_some() || matches!(way, Destination::To(..)) {
                    later.follow(state, way);
                }
            }
        }
    }

    fn settle(&mut self) {
        while let Some(state) = self.open.pop() {
            self.waiting.remove(&state);
            self.state(state);
        }
    }

    /// A state is entered.
    fn go(&mut self, state: StateId, at: Presence) {
        if !at.is_possible() || self.only.is_some_and(|only| only != state) {
            return;
        }
        if self.enter.entry(state).or_default().join(at) && self.waiting.insert(state) {
            self.open.push(state);
        }
    }

    /// A step ends in a state.
    fn stay(&mut self, state: StateId, mut at: Presence) {
        if !at.is_possible() || self.app.states[state].terminal {
            return;
        }
        at.join(self.others);
        if self.rest.entry(state).or_default().join(at) && self.waiting.insert(state) {
            self.open.push(state);
        }
    }

    fn resting(&self, state: StateId) -> Presence {
        self.rest.get(&state).copied().unwrap_or_default()
    }

    /// Local data of a state are made anew.
    fn born(&self, state: StateId, at: Presence) -> Presence {
        let variable = &self.app.variables[self.variable];
        if variable.owner != Owner::State(state) || variable.storage != Storage::Local {
            return at;
        }
        match variable.initial {
            Some(_) => Presence::there(Cause::Birth),
            None => Presence::gone(Cause::Birth),
        }
    }

    /// Everything that can happen in a state from when it is entered until it is left.
    fn state(&mut self, id: StateId) {
        let state = &self.app.states[id];
        let on = state.on.iter().map(|on| on.transitions.len()).sum();
        let enter = self.enter.get(&id).copied().unwrap_or_default();
        let entered =
            if enter.is_possible() { self.run(MachinePart::Enter(id), self.born(id, enter)) } else { enter };
        if state.terminal {
            return;
        }
        if graph::rests(self.app, state) {
            self.stay(id, entered);
        }
        for (index, transition) in state.transitions().enumerate() {
            let from = if index < on { self.resting(id) } else { entered };
            if !from.is_possible() {
                continue;
            }
            let taken = self.take(id, index, transition, from);
            let otherwise = self.otherwise(id, index, transition, from);
            self.follow(id, taken);
            if let Some(otherwise) = otherwise {
                self.follow(id, otherwise);
            }
        }
    }

    fn follow(&mut self, from: StateId, way: Destination) {
        match way {
            Destination::Stay(at) => self.stay(from, at),
            Destination::To(state, at) => self.go(state, at),
        }
    }

    /// A transition whose guards hold.
    fn take(
        &mut self,
        state: StateId,
        index: usize,
        transition: &Transition<Resolved>,
        mut at: Presence,
    ) -> Destination {
        for position in 0..transition.guards.len() {
            at = self.run(MachinePart::Guard(state, index, position), at);
        }
        match transition.target {
            None => Destination::Stay(self.run(MachinePart::Actions(state, index), at)),
            Some(target) => {
                at = self.run(MachinePart::Exit(state), at);
                Destination::To(target, self.run(MachinePart::Actions(state, index), at))
            }
        }
    }

    /// A transition one of whose guards does not hold: the first one is evaluated in any case.
    fn otherwise(
        &mut self,
        state: StateId,
        index: usize,
        transition: &Transition<Resolved>,
        at: Presence,
    ) -> Option<Destination> {
        let target = transition.else_target.filter(|_| !transition.guards.is_empty())?;
        let at = self.run(MachinePart::Guard(state, index, 0), at);
        Some(Destination::To(target, self.run(MachinePart::Exit(state), at)))
    }

    /// Runs a part: what is the case after it.
    fn run(&mut self, part: MachinePart, at: Presence) -> Presence {
        let parts = self.parts;
        parts.get(&part).map_or(at, |steps| self.steps(steps, at))
    }

    fn steps(&mut self, steps: &[VariableUse], mut at: Presence) -> Presence {
        for step in steps {
            // Nothing comes to run behind what certainly fails.
            if !at.is_possible() {
                return at;
            }
            at = match step {
                VariableUse::Do(op, number) => self.operation(*op, *number, at),
                VariableUse::Match { cases, default, exclusive } => {
                    self.matching(cases, default, *exclusive, at)
                }
            };
        }
        at
    }

    fn operation(&mut self, op: Op, number: u32, at: Presence) -> Presence {
        if let Some(found) = &mut self.found {
            found.entry(number).or_insert((op, Presence::default())).1.join(at);
        }
        match op {
            // What certainly fails leads nowhere, so nothing that follows is reported as well.
            Op::Use { certain: true, .. } => Presence { gone: None, ..at },
            Op::Use { certain: false, .. } => at,
            Op::Create(span) if at.gone.is_some() => Presence::there(Cause::Action(span)),
            Op::Delete(span) if at.there.is_some() => Presence::gone(Cause::Action(span)),
            Op::Create(_) | Op::Delete(_) => Presence::default(),
        }
    }

    /// Each case is looked at, and may run or not; the default runs when none did.
    fn matching(
        &mut self,
        cases: &[(UseSequence, UseSequence)],
        default: &[VariableUse],
        exclusive: bool,
        at: Presence,
    ) -> Presence {
        let (mut none, mut some) = (at, Presence::default());
        for (test, actions) in cases {
            none = self.steps(test, none);
            some = self.steps(test, some);
            let mut equal = none;
            if !exclusive {
                equal.join(some);
            }
            some.join(self.steps(actions, equal));
        }
        some.join(self.steps(default, none));
        some
    }
}
