//! What the solver reports.

use crate::diagnostics::Rule;

/// What flows together does not fit together.
pub(crate) static DISAGREEING_TYPES: Rule = Rule::warning(
    "CSML0501",
    "disagreeing-types",
    "Two places give a variable, an event datum, or a service input or output values of types that have \
     no common type but `dynamic`. It then works exactly as in JEXL, with types checked at run time, and \
     is slower. `int` and `float` have a common type, as have `null` and any other.",
);

pub(crate) static INTEGER_FROM_OUTSIDE: Rule = Rule::warning(
    "CSML0516",
    "integer-from-outside",
    "A datum of an event from outside, or an output of a service, is compared or computed with integers, which any number \
     may be, and also goes into something that must be an integer. Its type is then `int`: the runtime rejects a number \
     with a fraction, and with it the event.",
);

/// All rules of this pass.
pub(crate) static RULES: &[&Rule] = &[&DISAGREEING_TYPES, &INTEGER_FROM_OUTSIDE];
