//! What may have triggered the step in which each part of a machine runs. Structure only: guards are taken
//! to hold or not. Decides which event data an expression can read (SEMANTICS 3, Event data).

use crate::{
    arena::{Arena, Id},
    model::{Action, ActionKind, App, StateId, Trigger},
};

/// Triggers by state and timer.
#[derive(Debug)]
pub(crate) struct Flow {
    /// What may have led into each state: entry and `while` actions, `always`, timers' delays.
    enter: Arena<StateId, Trigger>,
    /// What may lead out of each state: exit actions.
    exit: Arena<StateId, Trigger>,
    /// Besides entering the state, what may reset each timer.
    reset: Vec<Trigger>,
}

impl Flow {
    /// Computes the triggers of an application.
    pub(crate) fn new<E>(app: &App<E>) -> Self {
        let mut flow = Self {
            enter: empty(app.states.len()),
            exit: empty(app.states.len()),
            reset: vec![Trigger::default(); app.timers.len()],
        };
        for machine in app.machines.values() {
            flow.enter[machine.initial].start = true;
        }
        flow.follow_events(app);
        while flow.follow_always(app) {}
        flow.collect_exits(app);
        flow.collect_resets(app);
        flow
    }

    /// What may have led into `state`.
    pub(crate) fn entering(&self, state: StateId) -> &Trigger {
        &self.enter[state]
    }

    /// What may lead out of `state`.
    pub(crate) fn leaving(&self, state: StateId) -> &Trigger {
        &self.exit[state]
    }

    /// What may evaluate the delay of a timer.
    pub(crate) fn delay<E>(&self, app: &App<E>, timer: crate::model::TimerId) -> Trigger {
        let mut trigger = self.enter[app.timers[timer].state].clone();
        if let Some(reset) = self.reset.get(timer.index()) {
            trigger.join(reset);
        }
        trigger
    }

    fn follow_events<E>(&mut self, app: &App<E>) {
        for state in app.states.values() {
            for on in &state.on {
                for target in on.transitions.iter().flat_map(|t| [t.target, t.else_target]).flatten() {
                    self.enter[target].events.insert(on.event);
                }
            }
        }
    }

    /// One round along `always` transitions; whether anything was new.
    fn follow_always<E>(&mut self, app: &App<E>) -> bool {
        let mut changed = false;
        for (id, state) in app.states.iter() {
            let from = self.enter[id].clone();
            for target in state.always.iter().flat_map(|t| [t.target, t.else_target]).flatten() {
                changed |= self.enter[target].join(&from);
            }
        }
        changed
    }

    fn collect_exits<E>(&mut self, app: &App<E>) {
        for (id, state) in app.states.iter() {
            for on in &state.on {
                if on.transitions.iter().any(|t| t.target.is_some() || t.else_target.is_some()) {
                    self.exit[id].events.insert(on.event);
                }
            }
            if state.always.iter().any(|t| t.target.is_some() || t.else_target.is_some()) {
                let entered = self.enter[id].clone();
                self.exit[id].join(&entered);
            }
        }
    }

    fn collect_resets<E>(&mut self, app: &App<E>) {
        for (id, state) in app.states.iter() {
            for on in &state.on {
                for transition in &on.transitions {
                    let trigger = Trigger::event(on.event);
                    self.add_resets(&transition.actions, &trigger);
                }
            }
            let entered = self.enter[id].clone();
            for transition in &state.always {
                self.add_resets(&transition.actions, &entered);
            }
        }
    }

    fn add_resets<E>(&mut self, actions: &[Action<E>], trigger: &Trigger) {
        for action in Action::all(actions) {
            if let ActionKind::ResetTimer(timer) = action.kind
                && let Some(reset) = self.reset.get_mut(timer.index())
            {
                reset.join(trigger);
            }
        }
    }
}

fn empty(len: usize) -> Arena<StateId, Trigger> {
    let mut arena = Arena::new();
    for _ in 0..len {
        arena.push(Trigger::default());
    }
    arena
}
