//! Errors of a step (docs/semantics.md#8-errors-in-a-step).

use alloc::{borrow::Cow, boxed::Box};
use core::fmt;

/// A place in the description: line and column, both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Position {
    /// The place at `line` and `column`.
    #[must_use]
    pub const fn new(line: u32, column: u32) -> Self {
        Self { line, column }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// What kind of error ended a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StepErrorKind {
    /// An integer result does not fit into 64 bits.
    Overflow,
    /// Division or remainder by zero.
    DivisionByZero,
    /// `null`, or an absent variable, member or event datum. What survives missing data (`??`, `empty`, …) takes it
    /// for `null`.
    Missing,
    /// A method or function was asked for an item or a part that is not there.
    Range,
    /// An operand has the wrong type.
    Type,
    /// More than one transition was enabled.
    Nondeterminism,
    /// The step took more micro-steps than allowed.
    Livelock,
    /// A variable was created although it exists.
    Exists,
    /// A delay is negative or not a number.
    Delay,
    /// A string or collection grew beyond its limit.
    TooLarge,
    /// Loops and calls took more iterations than allowed, or calls nested too deep.
    LoopLimit,
    /// A regular expression is malformed or uses what is not supported.
    Pattern,
    /// There is no such function or method, or it does not take these arguments.
    Call,
    /// A host function failed.
    Host,
    /// What the step raised for other processes was rejected: too much waits for them already.
    Rejected,
}

/// Why a step was rolled back. One pointer wide, so a step's result stays in a register.
#[derive(Clone, PartialEq, Eq)]
pub struct StepError(Box<Failure>);

#[derive(Clone, PartialEq, Eq)]
struct Failure {
    kind: StepErrorKind,
    at: Position,
    message: Cow<'static, str>,
}

impl StepError {
    /// An error of `kind` at a place in the description; `message` says what happened, without the place.
    #[cold]
    #[must_use]
    pub fn new(kind: StepErrorKind, at: Position, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Failure { kind, at, message: message.into() }))
    }

    /// What kind of error it is.
    #[must_use]
    pub fn kind(&self) -> StepErrorKind {
        self.0.kind
    }

    /// Where in the description.
    #[must_use]
    pub fn at(&self) -> Position {
        self.0.at
    }

    /// What happened, without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

impl fmt::Debug for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StepError")
            .field("kind", &self.0.kind)
            .field("at", &self.0.at)
            .field("message", &self.0.message)
            .finish()
    }
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.0.message, self.0.at)
    }
}

impl core::error::Error for StepError {}
