//! Rules about the text of expressions and about the names in them (codes 04).

use crate::diagnostics::Rule;

/// The text is no expression.
pub static SYNTAX: Rule = Rule::error(
    "CSML0401",
    "expression-syntax",
    "The text is not an expression of the language: something is missing, superfluous or misspelt. The \
     message points at the place and says what was expected there. The chapter on expressions has the \
     grammar.",
);

/// A construct of JEXL that this compiler does not take.
pub static UNSUPPORTED: Rule = Rule::error(
    "CSML0402",
    "expression-unsupported",
    "The expression uses a part of JEXL that this language does not have, such as `new`, class access, \
     annotations, pragmas or numbers of arbitrary precision. The message names it and, where there is a \
     replacement, says what to write instead.",
);

/// An integer that needs more than 64 bits.
pub static INT_TOO_LARGE: Rule = Rule::error(
    "CSML0403",
    "integer-too-large",
    "Integers have 64 bits. JEXL would switch to arbitrary precision; here a larger literal is an error.",
);

/// Too many levels.
pub static TOO_DEEP: Rule = Rule::error(
    "CSML0404",
    "expression-too-deep",
    "An expression may be 200 levels deep, counting nesting and the operators of a chain such as \
     `a + b + c`. Deeper generated code would overflow the stack of rustc.",
);

/// Too many bytes.
pub static TOO_LONG: Rule = Rule::error(
    "CSML0405",
    "expression-too-long",
    "An expression may be one MiB long. Longer text is data, which a service or an event can supply.",
);

/// A local used against its declaration.
pub static LOCAL: Rule = Rule::error(
    "CSML0406",
    "misused-local",
    "A local variable or function of an expression is used in a way its declaration does not allow: a constant \
     is assigned, a name is declared twice in one block, a function is used other than by calling it, or called \
     with the wrong number of arguments.",
);

/// A name that nothing visible has.
pub static UNKNOWN_NAME: Rule = Rule::error(
    "CSML0410",
    "unknown-variable-in-expression",
    "An expression names a variable that is not visible from there. The compiler looks for a name in the \
     state, then its machine, the machines around it, and the root; the data of sibling and nested \
     machines are not visible.",
);

/// Initial value that uses what is not there yet.
pub static NOT_INITIALISED: Rule = Rule::error(
    "CSML0411",
    "not-yet-initialised",
    "An initial value uses a variable that has no value yet when the initial value is evaluated. Initial \
     values are evaluated in order of declaration: the root's data and all persistent data when the \
     application starts, a machine's data and the static data of its states when an instance starts, a \
     state's local data at each entry.",
);

/// `$name` that no triggering event carries.
pub static UNKNOWN_DATUM: Rule = Rule::error(
    "CSML0412",
    "unknown-event-data",
    "`$name` reads data of the event that triggered the step, but no event that leads here carries data \
     of this name.",
);

/// `$name` that only some triggering events carry.
pub static PARTIAL_DATUM: Rule = Rule::warning(
    "CSML0413",
    "event-data-missing-on-some-paths",
    "`$name` reads data that only some of the events that lead here carry. If another one triggers the \
     step, reading the data fails the step. Data that count as `null` where they are missing, as in \
     `$level ?? 0`, are not reported.",
);

/// A function that does not exist.
pub static UNKNOWN_FUNCTION: Rule = Rule::error(
    "CSML0414",
    "unknown-function",
    "An expression calls a function or method that does not exist, or with the wrong number of arguments.",
);

/// An assignment to event data.
pub static WRITTEN_DATUM: Rule = Rule::error(
    "CSML0415",
    "written-event-data",
    "An expression assigns `$name`. Event data can only be read; use a local variable for a changed copy.",
);

/// An expression without a value, in `csmlc eval`.
pub static EVALUATION: Rule = Rule::error(
    "CSML0440",
    "evaluation-failed",
    "`csmlc eval` could not evaluate the expression: an operation failed, a variable or function does not \
     exist, or a limit was reached. In a machine this would be an error of the step, which is rolled \
     back.",
);

/// All rules of this pass.
pub(crate) static RULES: &[&Rule] = &[
    &SYNTAX,
    &UNSUPPORTED,
    &INT_TOO_LARGE,
    &TOO_DEEP,
    &TOO_LONG,
    &LOCAL,
    &UNKNOWN_NAME,
    &NOT_INITIALISED,
    &UNKNOWN_DATUM,
    &PARTIAL_DATUM,
    &UNKNOWN_FUNCTION,
    &WRITTEN_DATUM,
    &EVALUATION,
];
