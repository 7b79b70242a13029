//! Errors of a step that no operator reports.

use alloc::format;

use crate::{Position, StepError, StepErrorKind};

/// Event data that what triggered the step does not carry.
///
/// # Errors
/// Always.
#[cold]
pub fn absent<T>(name: &str, at: Position) -> Result<T, StepError> {
    Err(StepError::new(StepErrorKind::Missing, at, format!("the trigger of this step carries no \"{name}\"")))
}
