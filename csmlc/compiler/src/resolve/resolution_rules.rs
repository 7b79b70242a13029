//! What `resolve` reports.

use crate::diagnostics::Rule;

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
pub(crate) static DUPLICATE_STATE: Rule = Rule::error(
    "CSML0204",
    "duplicate-state",
    "The states of one machine have different names, because transitions refer to states by name (2.0, \
     State Machine States).",
);
pub(crate) static UNKNOWN_STATE: Rule = Rule::error(
    "CSML0205",
    "unknown-state",
    "`target` names a state of the same machine (2.0, Transition Target).",
);
pub(crate) static UNKNOWN_VARIABLE: Rule = Rule::error(
    "CSML0206",
    "unknown-variable",
    "`assign` names a variable that is visible at the action: in its state, its machine, the machines \
     around it, or the root (2.0, Variable Reference).",
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
pub(crate) static DUPLICATE_VARIABLE: Rule = Rule::error(
    "CSML0211",
    "duplicate-variable",
    "The variables of one component have different names, across local, static and persistent data (2.0, \
     Variable Name).",
);
pub(crate) static DUPLICATE_TIMER: Rule = Rule::error(
    "CSML0212",
    "duplicate-timer",
    "The timers of one state have different names, because `timeoutReset` refers to timers by name.",
);
pub(crate) static DUPLICATE_DATUM: Rule = Rule::error(
    "CSML0213",
    "duplicate-event-data",
    "An event carries one value of each name, so the names in its `data` are unique (2.0, Variable Name).",
);
pub(crate) static DUPLICATE_INPUT: Rule = Rule::error(
    "CSML0214",
    "duplicate-input",
    "A service gets one value for each name, so the names in the `input` of an `invoke` are unique (2.0, \
     Variable Name).",
);
pub(crate) static UNKNOWN_ELSE: Rule = Rule::error(
    "CSML0215",
    "unknown-else-state",
    "`else` names a state of the same machine (2.0, Transition Else).",
);
pub(crate) static UNKNOWN_DELETED: Rule = Rule::error(
    "CSML0216",
    "unknown-deleted-variable",
    "`delete` names a variable that is visible at the action: in its state, its machine, the machines \
     around it, or the root (2.0, Variable Reference).",
);
pub(crate) static UNKNOWN_OUTPUT: Rule = Rule::error(
    "CSML0217",
    "unknown-output-variable",
    "Each `output` of an `invoke` names a variable that is visible at the action; it receives the \
     service's output of the same name (2.0, Variable Reference and Invoke Action Output).",
);
pub(crate) static AMBIGUOUS_PATH: Rule = Rule::error(
    "CSML0218",
    "ambiguous-path",
    "Machines are named by their path, `machine/nested`, and persistent variables by that of their component, \
     `machine/state/variable`. No two machines and no two persistent variables have the same path.",
);
