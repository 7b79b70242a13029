//! Methods of lists (docs/expressions/library.md).

use alloc::{string::String, vec::Vec};

use super::{check, limit, no_item};
use crate::{Datum, Position, StepError, StepErrorKind, Value, budget, ops::copied};

/// How many items there are.
#[inline]
#[must_use]
pub fn size<T>(items: &[T]) -> i64 {
    items.len() as i64
}

/// Whether there are none.
#[inline]
#[must_use]
pub fn is_empty<T>(items: &[T]) -> bool {
    items.is_empty()
}

/// Whether one of the items is `item`.
#[inline]
#[must_use]
pub fn contains<T: Datum>(items: &[T], item: &T) -> bool {
    item.is_in(noted(items))
}

/// Items whose search does not count.
const FEW: usize = 64;

/// Items that are searched, which the budget of the step counts.
#[inline]
fn noted<T>(items: &[T]) -> &[T] {
    // Loops count themselves: a search of a few items is no more than one of their rounds.
    if items.len() >= FEW {
        budget::note(items.len());
    }
    items
}

/// [`contains`] for a string, without making one of its own.
#[must_use]
pub fn contains_text(items: &[String], text: &str) -> bool {
    noted(items).iter().any(|item| item == text)
}

/// Whether all of `wanted` are among the items.
///
/// # Errors
/// There are too many to compare each with every other.
pub fn contains_all<'a, T: Datum + 'a>(
    items: &[T],
    wanted: impl IntoIterator<Item = &'a T, IntoIter: ExactSizeIterator>,
    at: Position,
) -> Result<bool, StepError> {
    let mut wanted = wanted.into_iter();
    budget::spend(items.len().saturating_mul(wanted.len()), at)?;
    Ok(wanted.all(|item| contains(items, item)))
}

/// The index of the first `item`, -1 if there is none.
#[must_use]
pub fn index_of<T: Datum>(items: &[T], item: &T) -> i64 {
    noted(items).iter().position(|other| other.same(item)).map_or(-1, |index| index as i64)
}

/// The index of the last `item`, -1 if there is none.
#[must_use]
pub fn last_index_of<T: Datum>(items: &[T], item: &T) -> i64 {
    noted(items).iter().rposition(|other| other.same(item)).map_or(-1, |index| index as i64)
}

/// A copy of the item at `index`.
///
/// # Errors
/// There is none.
#[inline]
pub fn get<T: Datum + Clone>(items: &[T], index: i64, at: Position) -> Result<T, StepError> {
    let found = usize::try_from(index).ok().and_then(|index| items.get(index));
    found.map(copied).ok_or_else(|| out_of_range(index, items.len(), at))
}

/// Puts `value` in the place of the item at `index`, which is the result.
///
/// # Errors
/// There is no such item, or untyped values in `value` nest too deep.
pub fn set<T: Datum>(items: &mut [T], index: i64, value: T, at: Position) -> Result<T, StepError> {
    check(&value, at)?;
    let size = items.len();
    let place = usize::try_from(index).ok().and_then(|index| items.get_mut(index));
    place.map(|place| core::mem::replace(place, value)).ok_or_else(|| out_of_range(index, size, at))
}

/// Adds `item` at the end; always true.
///
/// # Errors
/// The list would be too long, or untyped values in `item` nest too deep.
pub fn add<T: Datum>(items: &mut Vec<T>, item: T, at: Position) -> Result<bool, StepError> {
    check(&item, at)?;
    limit(items.len().saturating_add(1), at)?;
    budget::spend(budget::of_bytes(size_of::<T>()), at)?;
    items.push(item);
    Ok(true)
}

/// Puts `item` before the one at `index`, or at the end if `index` is the size.
///
/// # Errors
/// `index` is negative or beyond the end, the list would be too long, or untyped values in `item` nest too
/// deep.
pub fn insert<T: Datum>(items: &mut Vec<T>, index: i64, item: T, at: Position) -> Result<(), StepError> {
    check(&item, at)?;
    limit(items.len().saturating_add(1), at)?;
    match usize::try_from(index) {
        Ok(place) if place <= items.len() => {
            budget::note(budget::of_bytes((items.len() - place) * size_of::<T>()));
            items.insert(place, item);
            Ok(())
        }
        _ => Err(out_of_range(index, items.len(), at)),
    }
}

/// Adds all of `more` at the end; whether there were any.
///
/// # Errors
/// The list would be too long.
pub fn add_all<'a, T: Datum + Clone + 'a>(
    items: &mut Vec<T>,
    more: impl IntoIterator<Item = &'a T, IntoIter: ExactSizeIterator>,
    at: Position,
) -> Result<bool, StepError> {
    let more = more.into_iter();
    limit(items.len().saturating_add(more.len()), at)?;
    let any = more.len() > 0;
    items.reserve(more.len());
    for item in more {
        items.push(copied(item));
        budget::check(at)?;
    }
    Ok(any)
}

/// Removes the item at `index`, which is the result.
///
/// # Errors
/// There is none.
pub fn remove<T>(items: &mut Vec<T>, index: i64, at: Position) -> Result<T, StepError> {
    match usize::try_from(index) {
        Ok(place) if place < items.len() => {
            budget::note(budget::of_bytes((items.len() - place) * size_of::<T>()));
            Ok(items.remove(place))
        }
        _ => Err(out_of_range(index, items.len(), at)),
    }
}

/// Removes the first `item`; whether there was one.
pub fn remove_item<T: Datum>(items: &mut Vec<T>, item: &T) -> bool {
    match noted(items).iter().position(|other| other.same(item)) {
        Some(place) => {
            items.remove(place);
            true
        }
        None => false,
    }
}

/// Removes all items.
#[inline]
pub fn clear<T>(items: &mut Vec<T>) {
    items.clear();
}

#[cold]
fn out_of_range(index: i64, size: usize, at: Position) -> StepError {
    StepError::new(StepErrorKind::Range, at, no_item(index, size))
}

/// The items from index `from` up to but not including index `to`.
///
/// # Errors
/// `from` or `to` is beyond the end, or `from` is behind `to`.
pub fn sub_list<T: Datum + Clone>(
    items: &[T],
    from: i64,
    to: i64,
    at: Position,
) -> Result<Vec<T>, StepError> {
    let place = |index: i64| usize::try_from(index).ok();
    let part = place(from).zip(place(to)).and_then(|(from, to)| items.get(from..to));
    part.map(|part| part.iter().map(copied).collect()).ok_or_else(|| {
        let size = items.len();
        StepError::new(
            StepErrorKind::Range,
            at,
            alloc::format!("no items from {from} to {to} in a list of {size}"),
        )
    })
}

/// Whether the other list has the same items of the same kinds.
#[must_use]
pub fn equals<T: Datum>(items: &[T], other: &[T]) -> bool {
    items.len() == other.len()
        && noted(items).iter().zip(other).all(|(item, other)| item.to_value() == other.to_value())
}

/// Whether `other` is a list with the same items of the same kinds.
#[must_use]
pub fn equals_value<T: Datum>(items: &[T], other: &Value) -> bool {
    other.as_list().is_some_and(|other| {
        items.len() == other.len()
            && noted(items).iter().zip(other).all(|(item, other)| item.to_value() == *other)
    })
}

/// The text of the list, such as `[1, 2]`.
///
/// # Errors
/// It would be too long.
pub fn to_text<T: Datum>(items: &[T], at: Position) -> Result<String, StepError> {
    super::super::text::sequence('[', items.iter().map(T::to_value), ']', at)
}

#[cfg(test)]
mod tests {
    use alloc::{collections::BTreeSet, vec};

    use super::*;

    const AT: Position = Position::new(1, 2);

    #[test]
    fn items_are_looked_for() {
        let items = [1_i64, 2, 1];
        assert!(contains(&items, &2));
        assert!(contains_all(&items, &[1, 2], AT).unwrap());
        assert!(!contains_all(&items, &BTreeSet::from([1, 3]), AT).unwrap());
        assert_eq!((index_of(&items, &1), last_index_of(&items, &1), index_of(&items, &9)), (0, 2, -1));
        assert!(contains(&[Value::from(1)], &1.0.into()));
        assert!(contains(&[f64::NAN], &f64::NAN));
        assert!(!contains(&[Value::from(1)], &"1".into()));
    }

    #[test]
    fn lists_change() {
        let mut items = vec![1_i64, 2, 3];
        assert_eq!(add(&mut items, 4, AT), Ok(true));
        assert_eq!(insert(&mut items, 0, 9, AT), Ok(()));
        assert_eq!(insert(&mut items, 5, 8, AT), Ok(()));
        assert_eq!(items, [9, 1, 2, 3, 4, 8]);
        assert!(insert(&mut items, 7, 0, AT).is_err());
        assert!(insert(&mut items, -1, 0, AT).is_err());
        assert_eq!(set(&mut items, 1, 7, AT), Ok(1));
        assert_eq!(remove(&mut items, 0, AT), Ok(9));
        assert!(remove(&mut items, 5, AT).is_err());
        assert!(remove_item(&mut items, &7));
        assert!(!remove_item(&mut items, &7));
        assert_eq!(add_all(&mut items, &[5, 6], AT), Ok(true));
        assert_eq!(add_all(&mut items, &BTreeSet::new(), AT), Ok(false));
        assert_eq!(items, [2, 3, 4, 8, 5, 6]);
        clear(&mut items);
        assert!(is_empty(&items));
        assert_eq!(size(&items), 0);
    }

    #[test]
    fn parts_of_a_list() {
        assert_eq!(sub_list(&[1, 2, 3], 1, 3, AT), Ok(vec![2, 3]));
        assert_eq!(sub_list(&[1, 2, 3], 3, 3, AT), Ok(vec![]));
        for (from, to) in [(-1, 2), (2, 1), (0, 4)] {
            assert!(sub_list(&[1, 2, 3], from, to, AT).is_err());
        }
        assert_eq!(sub_list(&[1], 0, 2, AT).unwrap_err().message(), "no items from 0 to 2 in a list of 1");
        assert_eq!(get(&[1, 2], 1, AT), Ok(2));
    }

    #[test]
    fn texts_and_equality() {
        assert_eq!(to_text(&[1.5, 2.0], AT).as_deref(), Ok("[1.5, 2.0]"));
        assert!(equals(&[1_i64], &[1]));
        assert!(equals_value(&[1_i64], &Value::list([1.into()])));
        assert!(!equals_value(&[1_i64], &"[1]".into()));
        assert!(!equals(&[Value::from(1)], &[1.0.into()]));
    }
}
