//! Copies of data, which the budget of the step counts.

use alloc::sync::Arc;

use crate::{Datum, Position, StepError, budget};

/// A copy.
#[inline]
pub fn copied<T: Datum + Clone>(datum: &T) -> T {
    budget::note(datum.copy_cost());
    datum.clone()
}

/// What is shared until now, to be changed.
///
/// # Errors
/// It has to be copied and is too large for that.
#[inline]
pub(crate) fn unshared<T: Datum + Clone>(shared: &mut Arc<T>, at: Position) -> Result<&mut T, StepError> {
    if Arc::strong_count(shared) > 1 {
        budget::spend(shared.copy_cost(), at)?;
    }
    Ok(Arc::make_mut(shared))
}
