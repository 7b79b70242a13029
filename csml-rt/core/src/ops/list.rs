//! Lists of one item type: operators and places.

mod methods;

use alloc::{format, string::String, vec::Vec};

pub use methods::*;

use super::{MAX_ITEMS, int, too_large};
use crate::{Datum, Position, StepError, StepErrorKind, budget, nesting};

/// The item at `index`, counted from 0.
///
/// # Errors
/// There is none.
#[inline]
pub fn item<T>(items: &[T], index: i64, at: Position) -> Result<&T, StepError> {
    at_index(index).and_then(|index| items.get(index)).ok_or_else(|| missing(index, items.len(), at))
}

/// The item at `index`, counted from 0, if there is one.
#[inline]
#[must_use]
pub fn find<T>(items: &[T], index: i64) -> Option<&T> {
    at_index(index).and_then(|index| items.get(index))
}

/// The place of the item at `index`, to change what is in it.
///
/// # Errors
/// There is none.
#[inline]
pub fn item_mut<T>(items: &mut [T], index: i64, at: Position) -> Result<&mut T, StepError> {
    let size = items.len();
    at_index(index).and_then(|index| items.get_mut(index)).ok_or_else(|| missing(index, size, at))
}

/// Where an item may be. A negative index becomes one beyond every list, which takes no comparison of its own.
#[inline]
fn at_index(index: i64) -> Option<usize> {
    usize::try_from(index.cast_unsigned()).ok()
}

#[cold]
fn missing(index: i64, size: usize, at: Position) -> StepError {
    StepError::new(StepErrorKind::Missing, at, no_item(index, size))
}

fn no_item(index: i64, size: usize) -> String {
    format!("no item {index} in a list of {size}")
}

/// `left + right`: the items of `left`, then those of `right`.
///
/// # Errors
/// The list would be too long.
#[inline]
pub fn concat<T>(mut left: Vec<T>, right: Vec<T>, at: Position) -> Result<Vec<T>, StepError> {
    limit(left.len().saturating_add(right.len()), at)?;
    left.extend(right);
    Ok(left)
}

/// `left + item`: the items of `left`, then `item`.
///
/// # Errors
/// The list would be too long, or untyped values in it nest too deep.
#[inline]
pub fn append<T: Datum>(mut left: Vec<T>, item: T, at: Position) -> Result<Vec<T>, StepError> {
    check(&item, at)?;
    limit(left.len().saturating_add(1), at)?;
    left.push(item);
    Ok(left)
}

/// `left - right`: the items of `left` that are not in `right`.
///
/// # Errors
/// The lists are too long to compare every item with every other.
pub fn without<T: Datum>(mut left: Vec<T>, right: &[T], at: Position) -> Result<Vec<T>, StepError> {
    budget::spend(left.len().saturating_mul(right.len()), at)?;
    left.retain(|item| !contains(right, item));
    Ok(left)
}

/// `left - right` where `right` is a set.
#[must_use]
pub fn without_set<T: Ord>(mut left: Vec<T>, right: &alloc::collections::BTreeSet<T>) -> Vec<T> {
    left.retain(|item| !right.contains(item));
    left
}

/// `from..to`: the integers from `from` to `to`, both included, downwards if `from` is the larger one.
///
/// # Errors
/// There are too many.
#[inline]
pub fn range(from: i64, to: i64, at: Position) -> Result<Vec<i64>, StepError> {
    check_range(from, to, at)?;
    budget::spend(budget::of_bytes((from.abs_diff(to) as usize).saturating_mul(size_of::<i64>())), at)?;
    Ok(int::range(from, to).collect())
}

pub(super) fn check_range(from: i64, to: i64, at: Position) -> Result<(), StepError> {
    limit(usize::try_from(from.abs_diff(to)).unwrap_or(usize::MAX).saturating_add(1), at)
}

/// Whether a collection may have `size` items.
///
/// # Errors
/// It may not, or the step has built too much.
#[inline]
pub(super) fn limit(size: usize, at: Position) -> Result<(), StepError> {
    if size > MAX_ITEMS {
        return Err(too_large("a collection has too many items", at));
    }
    budget::check(at)
}

/// Whether a collection may take `item` in.
///
/// # Errors
/// Untyped values in it nest too deep.
#[inline]
pub(super) fn check<T: Datum>(item: &T, at: Position) -> Result<(), StepError> {
    if item.nests_too_deep() { Err(nesting::too_deep(at)) } else { Ok(()) }
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
    use alloc::{collections::BTreeSet, vec};

    use super::*;
    use crate::Value;

    const AT: Position = Position::new(1, 2);

    #[test]
    fn items_are_found_by_index() {
        assert_eq!(item(&[1, 2], 1, AT), Ok(&2));
        assert_eq!(item_mut(&mut [1, 2], 0, AT), Ok(&mut 1));
        for index in [-1, 2, i64::MIN, i64::MAX] {
            let error = item(&[1, 2], index, AT).unwrap_err();
            assert_eq!(error.kind(), StepErrorKind::Missing);
            assert_eq!(item_mut(&mut [1, 2], index, AT), Err(error));
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
        assert!(append(vec![true; MAX_ITEMS], true, AT).is_err());
        assert_eq!(append(vec![1_i64], 2, AT), Ok(vec![1, 2]));
    }

    #[test]
    fn untyped_items_do_not_nest_too_deep() {
        let mut list = Vec::<Value>::new();
        let nested = (0..200).try_for_each(|_| {
            let item = Value::from(core::mem::take(&mut list));
            list = append(Vec::new(), item, AT)?;
            Ok::<_, StepError>(())
        });
        assert_eq!(nested.map_err(|error| error.kind()), Err(StepErrorKind::TooLarge));
    }

    #[test]
    fn items_are_taken_away() {
        assert_eq!(without(vec![1_i64, 2, 1], &[1], AT), Ok(vec![2]));
        assert_eq!(without_set(vec![1_i64, 2, 1], &BTreeSet::from([2])), [1, 1]);
    }

    #[test]
    fn ranges() {
        assert_eq!(range(1, 3, AT), Ok(vec![1, 2, 3]));
        assert_eq!(range(1, 0, AT), Ok(vec![1, 0]));
        assert!(range(i64::MIN, i64::MAX, AT).is_err());
        assert!(range(1, MAX_ITEMS as i64 + 1, AT).is_err());
        assert!(check_range(1, MAX_ITEMS as i64, AT).is_ok());
    }
}
