//! Lists of one item type.

use alloc::{format, vec::Vec};

use super::{MAX_ITEMS, too_large};
use crate::{Position, StepError, StepErrorKind};

/// The item at `index`, counted from 0.
///
/// # Errors
/// There is none.
#[inline]
pub fn item<T>(items: &[T], index: i64, at: Position) -> Result<&T, StepError> {
    usize::try_from(index)
        .ok()
        .and_then(|index| items.get(index))
        .ok_or_else(|| missing(index, items.len(), at))
}

#[cold]
pub(super) fn missing(index: i64, size: usize, at: Position) -> StepError {
    StepError::new(StepErrorKind::Missing, at, format!("no item {index} in a list of {size}"))
}

/// The items of `left`, then those of `right`.
///
/// # Errors
/// The list would be too long.
#[inline]
pub fn concat<T>(mut left: Vec<T>, right: Vec<T>, at: Position) -> Result<Vec<T>, StepError> {
    limit(left.len().saturating_add(right.len()), at)?;
    left.extend(right);
    Ok(left)
}

pub(super) fn limit(size: usize, at: Position) -> Result<(), StepError> {
    if size > MAX_ITEMS {
        return Err(too_large("a collection has too many items", at));
    }
    Ok(())
}

/// Converts every item.
#[inline]
pub fn map<A, B>(items: Vec<A>, convert: impl FnMut(A) -> B) -> Vec<B> {
    items.into_iter().map(convert).collect()
}

/// Converts every item, where that may fail.
///
/// # Errors
/// The conversion's.
#[inline]
pub fn try_map<A, B>(
    items: Vec<A>,
    convert: impl FnMut(A) -> Result<B, StepError>,
) -> Result<Vec<B>, StepError> {
    items.into_iter().map(convert).collect()
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    const AT: Position = Position::new(1, 2);

    #[test]
    fn items_are_found_by_index() {
        assert_eq!(item(&[1, 2], 1, AT), Ok(&2));
        for index in [-1, 2, i64::MIN, i64::MAX] {
            let error = item(&[1, 2], index, AT).unwrap_err();
            assert_eq!(error.kind(), StepErrorKind::Missing);
        }
        assert_eq!(item(&[1, 2], -1, AT).unwrap_err().message(), "no item -1 in a list of 2");
    }

    #[test]
    fn lists_grow_up_to_the_limit() {
        assert_eq!(concat(vec![1], vec![2, 3], AT), Ok(vec![1, 2, 3]));
        let half = vec![(); MAX_ITEMS];
        let error = concat(half.clone(), vec![()], AT).unwrap_err();
        assert_eq!(error.kind(), StepErrorKind::TooLarge);
        assert!(concat(half, Vec::new(), AT).is_ok());
    }
}
