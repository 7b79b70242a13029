//! What normalising reports.

use crate::diagnostics::Rule;

/// All of them.
pub(crate) static RULES: &[&Rule] = &[
    &UNKNOWN_ACTION,
    &UNKNOWN_GUARD,
    &DEFINITION_CYCLE,
    &DEFINED_TWICE,
    &NOT_A_RAISE,
    &MISPLACED_TIMEOUT,
    &TOO_MANY_ACTIONS,
    &MATCH_TOO_DEEP,
];

pub(super) static UNKNOWN_ACTION: Rule = Rule::error(
    "CSML0121",
    "unknown-action",
    "A reference to an action must name one of the `actions` of its machine or of a machine around it, or an action \
     with a `name` in one of them \
     (2.0, \"State Entry/Exit/While/After\": an action reference must be a valid action name).",
);

pub(super) static UNKNOWN_GUARD: Rule = Rule::error(
    "CSML0122",
    "unknown-guard",
    "A reference to a guard must name one of the `guards` of its machine or of a machine around it, or a guard with \
     a `name` in one of them.",
);

pub(super) static DEFINITION_CYCLE: Rule = Rule::error(
    "CSML0123",
    "definition-cycle",
    "A named action or guard may refer to another one, but the last of them must be written out.",
);

pub(super) static DEFINED_TWICE: Rule = Rule::error(
    "CSML0124",
    "defined-twice",
    "The named actions of one machine have different names, whether they are in its list `actions` or have a `name` \
     where they are used, and so do its named guards. A nested machine may use the name of an outer one again.",
);

pub(super) static NOT_A_RAISE: Rule = Rule::error(
    "CSML0125",
    "timeout-action-not-raise",
    "A timeout only raises events (2.0, \"Timeout Action Actions\"), so that it cannot interfere with a \
     running step. Do everything else in the transition that handles the event.",
);

pub(super) static MISPLACED_TIMEOUT: Rule = Rule::error(
    "CSML0126",
    "misplaced-timeout",
    "The list `after` of a state holds timeouts and nothing else: its timers start when the state is \
     entered.",
);

pub(super) static TOO_MANY_ACTIONS: Rule = Rule::error(
    "CSML0127",
    "too-many-actions",
    "With every use of a named action replaced by the action itself, a description may have 100,000 actions and \
     64 MiB of copied text.",
);

pub(super) static MATCH_TOO_DEEP: Rule = Rule::error(
    "CSML0128",
    "match-too-deep",
    "`match` actions may be nested 16 deep, counted after each use of a named action is replaced by the \
     action itself.",
);
