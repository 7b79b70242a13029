//! Rules of this pass.

use crate::diagnostics::Rule;

pub(crate) static OVERLAPPING: Rule = Rule::lowerable(
    "CSML0350",
    "overlapping-transitions",
    "Two transitions of a state for the same trigger can be enabled together, and then neither is taken: \
     the step ends with an error. The compiler has proven this and shows values that enable both.",
);
pub(super) static UNDECIDED: Rule = Rule::warning(
    "CSML0351",
    "undecided-transitions",
    "Whether two transitions of a state for the same trigger can be enabled together is known only at run \
     time. Each step checks it, and a step in which both are enabled ends with an error.",
);
pub(super) static NEVER: Rule = Rule::warning(
    "CSML0352",
    "guard-never-holds",
    "The guards of a transition contradict themselves or each other, so the transition is never taken.",
);

pub(super) static FIRST_WINS: Rule = Rule::warning(
    "CSML0353",
    "first-transition-wins",
    "With `choice = \"first\"` two transitions of a state for the same trigger can be enabled together, and \
     the first in document order is taken.",
);
pub(super) static NEVER_TAKEN: Rule = Rule::warning(
    "CSML0354",
    "transition-never-taken",
    "With `choice = \"first\"` a transition can never be taken: whenever its guards hold, an earlier one for \
     the same trigger is enabled.",
);

/// All rules of this pass.
pub(crate) static RULES: &[&Rule] = &[&OVERLAPPING, &UNDECIDED, &NEVER, &FIRST_WINS, &NEVER_TAKEN];
