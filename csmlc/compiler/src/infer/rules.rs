//! Rules about types (codes 05).

use crate::diagnostic::Rule;

/// What flows together does not fit together.
pub(crate) static DISAGREEING_TYPES: Rule = Rule::warning(
    "CSML0501",
    "disagreeing-types",
    "Two places give a variable, event datum, service input or output values of types that have no common type \
     but `dynamic`. It then works exactly as in JEXL, with types looked at while it runs, and costs accordingly. \
     `int` and `float` have a common type, as have `null` and any other.",
);

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

/// `=` for `==`.
pub(crate) static ASSIGNMENT_IN_GUARD: Rule = Rule::warning(
    "CSML0511",
    "assignment-in-guard",
    "The value of a guard is that of an assignment. That is legal, as in JEXL, but most often `==` was meant.",
);

/// A value that nobody takes.
pub(crate) static UNUSED_RESULT: Rule = Rule::warning(
    "CSML0512",
    "unused-result",
    "A statement only computes a value, and nothing takes it. Only the last statement of a script gives the \
     script its value.",
);

/// A local that nobody reads.
pub(crate) static UNUSED_LOCAL: Rule = Rule::warning(
    "CSML0513",
    "unused-local",
    "A local variable of an expression is never read, or a function of it never called.",
);

/// A statement that is never reached.
pub(crate) static UNREACHABLE_STATEMENT: Rule = Rule::warning(
    "CSML0514",
    "unreachable-statement",
    "A statement stands behind one that always leaves: `return`, `break` or `continue`.",
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
    &DISAGREEING_TYPES,
    &REFUSED_OPERATION,
    &GUARD_NOT_BOOLEAN,
    &DELAY_NOT_NUMERIC,
    &NEGATIVE_DELAY,
    &DIVISION_BY_ZERO,
    &SUSPICIOUS_COERCION,
    &WRONG_ARGUMENT,
    &ODD_CONDITION,
    &NEVER_EQUAL,
    &ASSIGNMENT_IN_GUARD,
    &UNUSED_RESULT,
    &UNUSED_LOCAL,
    &UNREACHABLE_STATEMENT,
    &NO_ITEMS,
];
