//! What may have triggered the step in which each part of a machine runs. Structure only: guards are taken
//! to hold or not. Decides which event data an expression can read (docs/semantics.md#3-execution).

use crate::{
    lists::Gather,
    model::{
        Action, ActionKind, Application, State, StateId, TimerId, Triggers,
        arena::{Arena, Id},
        graph::{self, targets},
    },
    sorted::SortedSet,
};

/// Triggers by state and timer.
#[derive(Debug)]
pub(crate) struct Flow {
    /// What may have led into each state: entry and `while` actions, `always`, timers' delays.
    enter: Arena<StateId, Triggers>,
    /// What may lead out of each state: exit actions.
    exit: Arena<StateId, Triggers>,
    /// Besides entering the state, what may reset each timer.
    reset: Vec<Triggers>,
}

impl Flow {
    /// Computes the triggers of an application.
    ///
    /// A transition that is never taken leads nowhere: one of a state that is never entered, or one for an event
    /// in a state that is left as soon as it has been entered. Only for what is never entered itself such
    /// transitions count, as otherwise nothing would be known there.
    pub(crate) fn new<E>(app: &Application<E>) -> Self {
        let mut flow = Self {
            enter: empty(app.states.len()),
            exit: empty(app.states.len()),
            reset: vec![Triggers::default(); app.timers.len()],
        };
        let mut entered = SortedSet::new();
        for (id, machine) in app.machines.iter() {
            if let Some(initial) = machine.states.contains(&machine.initial).then_some(machine.initial) {
                flow.enter[initial].start = true;
                entered.append(&mut graph::entered(app, id));
            }
        }
        flow.follow_events(app, &entered);
        flow.follow_always(app, &entered);
        flow.collect_exits(app);
        flow.collect_resets(app);
        flow
    }

    /// What may have led into `state`.
    pub(crate) fn entering(&self, state: StateId) -> &Triggers {
        &self.enter[state]
    }

    /// What may lead out of `state`.
    pub(crate) fn leaving(&self, state: StateId) -> &Triggers {
        &self.exit[state]
    }

    /// What may evaluate the delay of a timer.
    pub(crate) fn delay<E>(&self, app: &Application<E>, timer: TimerId) -> Triggers {
        let mut trigger = self.enter[app.timers[timer].state].clone();
        if let Some(reset) = self.reset.get(timer.index()) {
            trigger.join(reset);
        }
        trigger
    }

    fn follow_events<E>(&mut self, app: &Application<E>, entered: &SortedSet<StateId>) {
        for (id, state) in app.states.iter() {
            let taken = entered.contains(&id) && graph::rests(app, state);
            for on in &state.on {
                for target in on.transitions.iter().flat_map(targets) {
                    if taken || !entered.contains(&target) {
                        self.enter[target].events.insert(on.event);
                    }
                }
            }
        }
    }

    /// Passes on along `always` transitions what led into the state that they leave.
    fn follow_always<E>(&mut self, app: &Application<E>, entered: &SortedSet<StateId>) {
        let mut open: Vec<StateId> = app.states.ids().rev().gather();
        let mut waiting: SortedSet<StateId> = open.iter().copied().collect();
        while let Some(id) = open.pop() {
            waiting.remove(&id);
            let from = self.enter[id].clone();
            for target in app.states[id].always.iter().flat_map(targets) {
                let taken = entered.contains(&id) && !app.states[id].terminal;
                if (taken || !entered.contains(&target))
                    && self.enter[target].join(&from)
                    && waiting.insert(target)
                {
                    open.push(target);
                }
            }
        }
    }

    fn collect_exits<E>(&mut self, app: &Application<E>) {
        for (id, state) in app.states.iter() {
            for on in state.on.iter().filter(|_| handles(app, state)) {
                if on.transitions.iter().any(|transition| targets(transition).next().is_some()) {
                    self.exit[id].events.insert(on.event);
                }
            }
            if state.always.iter().any(|transition| targets(transition).next().is_some()) {
                let entered = self.enter[id].clone();
                self.exit[id].join(&entered);
            }
        }
    }

    /// A timer can be reset by internal transitions of its own state only (docs/semantics.md#6-timers-and-invocations).
    fn collect_resets<E>(&mut self, app: &Application<E>) {
        for (id, state) in app.states.iter() {
            for on in state.on.iter().filter(|_| handles(app, state)) {
                let trigger = Triggers::event(on.event);
                for transition in on.transitions.iter().filter(|transition| transition.target.is_none()) {
                    self.add_resets(app, id, &transition.actions, &trigger);
                }
            }
        }
    }

    fn add_resets<E>(
        &mut self,
        app: &Application<E>,
        state: StateId,
        actions: &[Action<E>],
        trigger: &Triggers,
    ) {
        for action in Action::all(actions) {
            if let ActionKind::ResetTimer(timer) = action.kind
                && app.timers[timer].state == state
                && let Some(reset) = self.reset.get_mut(timer.index())
            {
                reset.join(trigger);
            }
        }
    }
}

/// Whether events reach a state: those of a state that is left at once never do, unless an error of the
/// description makes it look so.
fn handles<E>(app: &Application<E>, state: &State<E>) -> bool {
    graph::rests(app, state) || state.always.is_empty()
}

fn empty(len: usize) -> Arena<StateId, Triggers> {
    let mut arena = Arena::new();
    for _ in 0..len {
        arena.push(Triggers::default());
    }
    arena
}

#[cfg(test)]
mod tests;
