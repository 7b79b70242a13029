//! Errors of a step that no operator reports.

use alloc::format;

use crate::{Position, StepError, StepErrorKind};

/// Event data that what triggered the step does not carry.
///
/// # Errors
/// Always.
#[cold]
pub fn absent<T>(name: &str, at: Position) -> Result<T, StepError> {
    Err(StepError::new(
        StepErrorKind::Missing,
        at,
        format!("what triggered this step carries no \"{name}\""),
    ))
}

/// A variable that is created although it exists.
#[cold]
#[must_use]
pub fn exists(name: &str, at: Position) -> StepError {
    StepError::new(
        StepErrorKind::Exists,
        at,
        format!("variable \"{name}\" exists already"),
    )
}

/// More than one transition is enabled.
#[cold]
#[must_use]
pub fn nondeterminism(at: Position) -> StepError {
    StepError::new(
        StepErrorKind::Nondeterminism,
        at,
        "more than one transition is enabled",
    )
}

/// A step that does not settle.
#[cold]
#[must_use]
pub fn livelock(limit: u32, at: Position) -> StepError {
    StepError::new(
        StepErrorKind::Livelock,
        at,
        format!("the step has not settled after {limit} micro-steps"),
    )
}
