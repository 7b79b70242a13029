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

/// All rules of this pass.
pub(crate) static RULES: &[&Rule] = &[&DISAGREEING_TYPES];
