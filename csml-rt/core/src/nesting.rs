//! How deep untyped values nest.
//!
//! Dropping, comparing and printing a value recurse, so what grows at run time is kept within
//! [`MAX_NESTING`]. Parts are shared, so a small value can have a huge tree: the size of the tree, which is
//! what comparing and printing walk through, is bounded as well.

use crate::{Position, StepError, StepErrorKind, Value, budget, private::MAX_ITEMS};

/// Collections that may stand within each other.
pub const MAX_NESTING: usize = 100;

/// What it costs to walk past an item.
const ITEM: usize = 4;

/// Refuses to put `value` into a collection if that would nest too deep.
///
/// # Errors
/// The collections in `value` nest deeper than allowed, or have too many items altogether.
#[inline]
pub(crate) fn check_item(value: &Value, at: Position) -> Result<(), StepError> {
    match value {
        Value::List(_) | Value::Set(_) | Value::Map(_) if !fits(value) => Err(too_deep(at)),
        _ => Ok(()),
    }
}

/// Refuses a value that may not exist at all.
///
/// # Errors
/// As for [`check_item`].
pub(crate) fn check_value(value: &Value, at: Position) -> Result<(), StepError> {
    if fits_within(value, MAX_NESTING) { Ok(()) } else { Err(too_deep(at)) }
}

/// Whether a collection may hold `value`.
pub(crate) fn fits(value: &Value) -> bool {
    fits_within(value, MAX_NESTING - 1)
}

/// Walks through the tree, which counts as building it: what is shared here is copied where it leaves the step.
fn fits_within(value: &Value, levels: usize) -> bool {
    let most = MAX_ITEMS.min(budget::remaining() / ITEM);
    let mut left = most;
    let fits = walk(value, levels, &mut left);
    let used = (most - left) * ITEM;
    budget::note(if left == 0 && most < MAX_ITEMS { usize::MAX } else { used });
    fits
}

/// Whether a value may exist at all, outside of steps.
#[cfg(any(test, feature = "serde"))]
pub(crate) fn allowed(value: &Value) -> bool {
    let mut left = MAX_ITEMS;
    walk(value, MAX_NESTING, &mut left)
}

fn walk(value: &Value, levels: usize, budget: &mut usize) -> bool {
    let size = match value {
        Value::List(items) => items.len(),
        Value::Set(items) => items.len(),
        Value::Map(entries) => entries.len(),
        _ => return true,
    };
    let Some(levels) = levels.checked_sub(1) else {
        return false;
    };
    if size > *budget {
        *budget = 0;
        return false;
    }
    *budget -= size;
    match value {
        Value::List(items) => items.iter().all(|item| walk(item, levels, budget)),
        Value::Set(items) => items.iter().all(|item| walk(item, levels, budget)),
        Value::Map(entries) => {
            entries.iter().all(|(key, value)| walk(key, levels, budget) && walk(value, levels, budget))
        }
        _ => true,
    }
}

#[cold]
pub(crate) fn too_deep(at: Position) -> StepError {
    if let Err(error) = budget::check(at) {
        return error;
    }
    StepError::new(
        StepErrorKind::TooLarge,
        at,
        alloc::format!(
            "collections nest more than {MAX_NESTING} levels deep, or have too many items altogether"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_limited() {
        let mut value = Value::from(1);
        let mut levels = 0;
        while fits(&value) {
            value = Value::list([value]);
            levels += 1;
        }
        assert_eq!(levels, MAX_NESTING);
        assert!(allowed(&value));
        let error = check_item(&value, Position::new(1, 2)).unwrap_err();
        assert_eq!(error.kind(), StepErrorKind::TooLarge);
        assert!(!allowed(&Value::list([value])));
    }

    #[test]
    fn shared_parts_count_each_time() {
        let mut value = Value::list([]);
        for _ in 0..40 {
            value = Value::list([value.clone(), value]);
        }
        assert!(!walk(&value, MAX_NESTING, &mut 10_000));
    }
}
