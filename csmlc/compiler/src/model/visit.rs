//! Looks at every expression of an application.

use crate::model::{Action, ActionKind, Application, Raise};

impl<E> Application<E> {
    /// Calls `f` with every expression, in a fixed order.
    pub(crate) fn each_expression<'a>(&'a self, f: &mut dyn FnMut(&'a E)) {
        self.variables.values().filter_map(|variable| variable.initial.as_ref()).for_each(&mut *f);
        for timer in self.timers.values() {
            f(&timer.delay);
            raises(&timer.raises, f);
        }
        for invoke in self.invokes.values() {
            for (_, value) in &invoke.input {
                f(value);
            }
            raises(&invoke.done, f);
        }
        for state in self.states.values() {
            for list in [&state.entry, &state.exit, &state.while_actions] {
                actions(list, f);
            }
            for transition in state.transitions() {
                transition.guards.iter().for_each(&mut *f);
                actions(&transition.actions, f);
            }
        }
    }
}

fn actions<'a, E>(actions: &'a [Action<E>], f: &mut dyn FnMut(&'a E)) {
    for action in actions {
        match &action.kind {
            ActionKind::Assign(_, value) | ActionKind::Create(_, value) => f(value),
            ActionKind::Raise(raise) => raises(std::slice::from_ref(raise), f),
            ActionKind::Match(it) => {
                f(&it.value);
                for case in &it.cases {
                    f(&case.test);
                    self::actions(&case.actions, f);
                }
                self::actions(&it.default, f);
            }
            ActionKind::Invoke(_) | ActionKind::Delete(_) | ActionKind::ResetTimer(_) => {}
        }
    }
}

fn raises<'a, E>(raises: &'a [Raise<E>], f: &mut dyn FnMut(&'a E)) {
    for (_, value) in raises.iter().flat_map(|raise| &raise.data) {
        f(value);
    }
}
