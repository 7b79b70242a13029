//! Events that only a timer with a transition raises, and only its own state handles
//! (docs/semantics.md#6-timers-and-invocations): how they are called.

use super::tree::{Action, ActionKind, Description, Machine};
use crate::lists::Gather;
use crate::text::Text;

/// The names of private events. None is the name of another event of the description.
#[derive(Debug)]
pub struct PrivateEvents {
    prefix: String,
}

impl PrivateEvents {
    /// Those of a description.
    #[must_use]
    pub fn of(description: &Description) -> Self {
        let mut prefix = "after:".to_owned();
        for machine in &description.machines {
            machine_events(machine, &mut |name| {
                // One colon more than any event of the user begins with.
                while name.as_str().starts_with(&prefix) {
                    prefix.push(':');
                }
            });
        }
        Self { prefix }
    }

    /// The name of the event of a timer: `after:crossing/gate/lowering/0`. `machines` are the machine and those around
    /// it, outermost first.
    #[must_use]
    pub fn name(&self, machines: &[&str], state: &str, timer: &str) -> String {
        let path = machines.iter().copied().chain([state, timer]);
        let path: Vec<String> = path.map(escaped).gather();
        format!("{}{}", self.prefix, path.join("/"))
    }
}

/// A part of a path, so that no two paths are alike.
fn escaped(part: &str) -> String {
    part.replace('~', "~0").replace('/', "~1")
}

/// Calls `visit` with the name of every event that a machine raises or handles.
fn machine_events(machine: &Machine, visit: &mut dyn FnMut(&Text)) {
    for state in &machine.states {
        for list in [&state.entry, &state.exit, &state.while_actions, &state.after] {
            for action in list {
                action_events(action, visit);
            }
        }
        for on in &state.on {
            visit(&on.event);
        }
        let transitions = state.on.iter().map(|on| &on.transition).chain(&state.always);
        for action in transitions.flat_map(|transition| &transition.actions) {
            action_events(action, visit);
        }
    }
    for action in machine.actions.iter().filter_map(|definition| definition.item.as_ref()) {
        action_events(action, visit);
    }
    for nested in &machine.machines {
        machine_events(nested, visit);
    }
}

// Recursion: the reader limits the depth.
fn action_events(action: &Action, visit: &mut dyn FnMut(&Text)) {
    let Action::Inline(action) = action else { return };
    match &action.kind {
        ActionKind::Raise(event) => visit(&event.name),
        ActionKind::Invoke(invoke) => {
            for event in &invoke.done {
                visit(&event.name);
            }
        }
        ActionKind::Timeout { actions, transition, delay: _ } => {
            let own = transition.iter().flat_map(|transition| &transition.actions);
            for action in actions.iter().chain(own) {
                action_events(action, visit);
            }
        }
        ActionKind::Match(it) => {
            let cases = it.cases.iter().flat_map(|case| &case.actions);
            for action in cases.chain(&it.default) {
                action_events(action, visit);
            }
        }
        ActionKind::Create { .. }
        | ActionKind::Assign { .. }
        | ActionKind::Delete { .. }
        | ActionKind::TimeoutReset { .. } => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_paths_have_one_name() {
        let events = PrivateEvents { prefix: "after:".to_owned() };
        assert_eq!(events.name(&["crossing", "gate"], "lowering", "0"), "after:crossing/gate/lowering/0");
        let names = [
            events.name(&["a"], "b/c", "0"),
            events.name(&["a", "b"], "c", "0"),
            events.name(&["a/b"], "c", "0"),
            events.name(&["a"], "b", "c/0"),
            events.name(&["a"], "b~1c", "0"),
        ];
        for (index, name) in names.iter().enumerate() {
            assert!(!names.iter().skip(index + 1).any(|other| other == name), "{name}");
        }
    }
}
