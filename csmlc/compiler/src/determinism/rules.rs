//! Rules of this pass.

use crate::diagnostic::Rule;

pub(super) static OVERLAPPING: Rule = Rule::error(
    "CSML0350",
    "overlapping-transitions",
    "Two transitions of a state for the same trigger can be enabled together, and then neither is taken: the step \
     ends with an error (SEMANTICS 2 and 3). Which values enable both is proven, not guessed.",
);
pub(super) static UNDECIDED: Rule = Rule::warning(
    "CSML0351",
    "undecided-transitions",
    "Whether two transitions of a state for the same trigger can be enabled together is known only at run time. It \
     is checked then: a step in which both are enabled ends with an error (SEMANTICS 2 and 3).",
);
pub(super) static NEVER: Rule = Rule::warning(
    "CSML0352",
    "guard-never-holds",
    "The guards of a transition contradict themselves or each other, so that it is never taken (SEMANTICS 3).",
);

/// All rules of this pass.
pub(crate) static RULES: &[&Rule] = &[&OVERLAPPING, &UNDECIDED, &NEVER];
