//! Rules about types (codes 05).

use crate::diagnostics::Rule;

/// Certain to fail.
pub(crate) static REFUSED_OPERATION: Rule = Rule::error(
    "CSML0502",
    "refused-operation",
    "The operation always fails for operands of these types, as it does in JEXL: for example `'abc' - 1`, \
     `null + 1` or the negation of a list.",
);

/// Guards are conditions.
pub(crate) static GUARD_NOT_BOOLEAN: Rule =
    Rule::error("CSML0503", "guard-not-boolean", "The expression of a guard must be boolean (2.0, Guard).");

/// Delays are numbers.
pub(crate) static DELAY_NOT_NUMERIC: Rule = Rule::error(
    "CSML0504",
    "delay-not-numeric",
    "The delay of a timeout is a number of milliseconds (2.0, Timeout).",
);

/// Delays are spans of time.
pub(crate) static IMPOSSIBLE_DELAY: Rule = Rule::error(
    "CSML0505",
    "impossible-delay",
    "The delay of a timeout is a number of milliseconds from entering the state. It cannot be negative, `NaN` or \
     infinite, nor so long that the timer never fires.",
);

/// Division by a zero that stands there.
pub(crate) static DIVISION_BY_ZERO: Rule = Rule::error(
    "CSML0506",
    "division-by-zero",
    "The right operand of `/` or `%` is always zero. Floats are no exception, as in JEXL.",
);

/// A coercion that is hardly meant.
pub(crate) static SUSPICIOUS_COERCION: Rule = Rule::warning(
    "CSML0507",
    "suspicious-coercion",
    "One operand is a string and the other is not. JEXL converts one of them at run time: for an order \
     comparison and for arithmetic other than `+` the string must hold a number, or the step fails.",
);

/// An argument of the wrong type.
pub(crate) static WRONG_ARGUMENT: Rule = Rule::error(
    "CSML0508",
    "wrong-argument",
    "A function or method is called with a value of a type that it does not take.",
);

/// A condition that says little.
pub(crate) static ODD_CONDITION: Rule = Rule::warning(
    "CSML0509",
    "odd-condition",
    "A condition is always a string or a collection. JEXL accepts any value: a collection holds even when \
     it is empty; a string holds unless it is empty or `false`.",
);

/// A comparison that says nothing.
pub(crate) static NEVER_EQUAL: Rule = Rule::warning(
    "CSML0510",
    "never-equal",
    "Values of these types are never equal, so the comparison always has the same result.",
);

/// A loop that never runs.
pub(crate) static NO_ITEMS: Rule = Rule::warning(
    "CSML0515",
    "no-items",
    "A `for (x : …)` iterates over a value that is not a list, set, map or range. As in JEXL its body \
     never runs.",
);

/// All rules of this pass.
pub(crate) static RULES: &[&Rule] = &[
    &REFUSED_OPERATION,
    &GUARD_NOT_BOOLEAN,
    &DELAY_NOT_NUMERIC,
    &IMPOSSIBLE_DELAY,
    &DIVISION_BY_ZERO,
    &SUSPICIOUS_COERCION,
    &WRONG_ARGUMENT,
    &ODD_CONDITION,
    &NEVER_EQUAL,
    &NO_ITEMS,
];
