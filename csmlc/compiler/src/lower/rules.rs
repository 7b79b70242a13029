//! Rules about types (codes 05).

use crate::diagnostics::Rule;

/// Certain to fail.
pub(crate) static REFUSED_OPERATION: Rule = Rule::error(
    "CSML0502",
    "refused-operation",
    "JEXL would certainly refuse the operation for operands of these types, such as `'abc' - 1`, `null + 1` or \
     the negation of a list.",
);

/// Guards are conditions.
pub(crate) static GUARD_NOT_BOOLEAN: Rule = Rule::error(
    "CSML0503",
    "guard-not-boolean",
    "The expression of a guard must be boolean (2.0, Guard; SEMANTICS 2).",
);

/// Delays are numbers.
pub(crate) static DELAY_NOT_NUMERIC: Rule = Rule::error(
    "CSML0504",
    "delay-not-numeric",
    "The delay of a timeout is a number of milliseconds (2.0, Timeout; SEMANTICS 6).",
);

/// Delays are not negative.
pub(crate) static NEGATIVE_DELAY: Rule = Rule::error(
    "CSML0505",
    "negative-delay",
    "The delay of a timeout is a number of milliseconds from now on and cannot be negative (SEMANTICS 2 and 6).",
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
    "The operation has a string where the other operand is none. JEXL converts one of them while it runs: for an \
     order and for arithmetic other than `+` the string must hold a number, or the step fails.",
);

/// An argument of the wrong type.
pub(crate) static WRONG_ARGUMENT: Rule = Rule::error(
    "CSML0508",
    "wrong-argument",
    "A function or method is used with a value of a type it is not made for.",
);

/// A condition that says little.
pub(crate) static ODD_CONDITION: Rule = Rule::warning(
    "CSML0509",
    "odd-condition",
    "A condition is always a string or a collection. JEXL takes any value: a collection holds even when it is \
     empty, a string unless it is empty or `false`.",
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
    "A `for (x : …)` goes through something that is no list, set, map or range. As in JEXL its body then never \
     runs.",
);

/// All rules of this pass.
pub(crate) static RULES: &[&Rule] = &[
    &REFUSED_OPERATION,
    &GUARD_NOT_BOOLEAN,
    &DELAY_NOT_NUMERIC,
    &NEGATIVE_DELAY,
    &DIVISION_BY_ZERO,
    &SUSPICIOUS_COERCION,
    &WRONG_ARGUMENT,
    &ODD_CONDITION,
    &NEVER_EQUAL,
    &NO_ITEMS,
];
