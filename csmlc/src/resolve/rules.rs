//! What `resolve` reports.

use crate::diagnostic::Rule;

pub(crate) static NO_MACHINE: Rule = Rule::error(
    "CSML0201",
    "no-state-machine",
    "A collaborative state machine has at least one state machine (2.0, Collaborative State Machine State Machines).",
);
pub(crate) static NO_STATE: Rule = Rule::error(
    "CSML0202",
    "no-state",
    "A state machine has at least one state (2.0, State Machine States).",
);
pub(crate) static INITIAL_STATE: Rule = Rule::error(
    "CSML0203",
    "initial-state",
    "A state machine has exactly one state marked `initial` (2.0, State Initial).",
);
pub(crate) static DUPLICATE_NAME: Rule = Rule::error(
    "CSML0204",
    "duplicate-name",
    "Names are unique in their scope: machines among their siblings, states in their machine, variables in their \
     component over all kinds of data, timers in their state, data in their event (SEMANTICS 2 and 5).",
);
pub(crate) static UNKNOWN_STATE: Rule = Rule::error(
    "CSML0205",
    "unknown-state",
    "`target` and `else` name a state of the same machine (2.0, Transition Target and Transition Else).",
);
pub(crate) static UNKNOWN_VARIABLE: Rule = Rule::error(
    "CSML0206",
    "unknown-variable",
    "`assign`, `delete` and `output` name a variable that is visible where the action stands: in its state, its \
     machine, the machines around it, or the root (2.0, Variable Reference; SEMANTICS 5).",
);
pub(crate) static UNKNOWN_TIMER: Rule = Rule::error(
    "CSML0207",
    "unknown-timer",
    "`timeoutReset` names an `after` timer of a state of the same machine (2.0, Timeout Reset Action).",
);
pub(crate) static EMPTY_NAME: Rule =
    Rule::error("CSML0208", "empty-name", "Machines, states, variables, events and services have a name.");
pub(crate) static TOO_MANY: Rule = Rule::error(
    "CSML0209",
    "too-many",
    "A description has at most 65,000 machines, events and services, and each machine at most 65,000 states, timers and \
     invocations: the generated code numbers them with 16 bits.",
);
