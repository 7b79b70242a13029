//! Sets of one element type (docs/expressions/library.md#sets, docs/expressions/collections.md#sets).

use alloc::{collections::BTreeSet, string::String, vec::Vec};

use super::list::{check, limit};
use crate::{Datum, Position, StepError, Value, budget, ops::copied};

/// A set of `items`.
#[inline]
pub fn of<T: Ord, const N: usize>(items: [T; N]) -> BTreeSet<T> {
    items.into_iter().collect()
}

/// `left + right`: the elements of both.
///
/// # Errors
/// The set would be too large.
pub fn union<T: Ord>(
    mut left: BTreeSet<T>,
    right: BTreeSet<T>,
    at: Position,
) -> Result<BTreeSet<T>, StepError> {
    left.extend(right);
    limit(left.len(), at).map(|()| left)
}

/// `left + item`
///
/// # Errors
/// The set would be too large, or untyped values in `item` nest too deep.
pub fn with<T: Datum + Ord>(mut left: BTreeSet<T>, item: T, at: Position) -> Result<BTreeSet<T>, StepError> {
    add(&mut left, item, at).map(|_| left)
}

/// `left - right`: the elements of `left` that are not in `right`, a list or a set.
#[must_use]
pub fn without<'a, T: Ord + 'a>(
    mut left: BTreeSet<T>,
    right: impl IntoIterator<Item = &'a T>,
) -> BTreeSet<T> {
    for item in right {
        left.remove(item);
    }
    left
}

/// How many elements there are.
#[inline]
#[must_use]
pub fn size<T>(items: &BTreeSet<T>) -> i64 {
    items.len() as i64
}

/// Whether there are none.
#[inline]
#[must_use]
pub fn is_empty<T>(items: &BTreeSet<T>) -> bool {
    items.is_empty()
}

/// Whether `item` is one of the elements.
#[inline]
#[must_use]
pub fn contains<T: Ord>(items: &BTreeSet<T>, item: &T) -> bool {
    items.contains(item)
}

/// Whether all of `wanted` are among the elements.
#[must_use]
pub fn contains_all<'a, T: Ord + 'a>(items: &BTreeSet<T>, wanted: impl IntoIterator<Item = &'a T>) -> bool {
    wanted.into_iter().all(|item| items.contains(item))
}

/// Adds `item`; whether it is new.
///
/// # Errors
/// The set would be too large, or untyped values in `item` nest too deep.
pub fn add<T: Datum + Ord>(items: &mut BTreeSet<T>, item: T, at: Position) -> Result<bool, StepError> {
    check(&item, at)?;
    if items.contains(&item) {
        return Ok(false);
    }
    limit(items.len().saturating_add(1), at)?;
    budget::spend(budget::of_tree(1, size_of::<T>()) / 4, at)?;
    Ok(items.insert(item))
}

/// Adds all of `more`; whether any of them is new.
///
/// # Errors
/// The set would be too large. It keeps what was added before that.
pub fn add_all<'a, T: Datum + Clone + Ord + 'a>(
    items: &mut BTreeSet<T>,
    more: impl IntoIterator<Item = &'a T>,
    at: Position,
) -> Result<bool, StepError> {
    let before = items.len();
    for item in more {
        if !items.contains(item) {
            limit(items.len().saturating_add(1), at)?;
            items.insert(copied(item));
        }
        budget::check(at)?;
    }
    Ok(items.len() > before)
}

/// Removes `item`; whether it was there.
#[inline]
pub fn remove<T: Ord>(items: &mut BTreeSet<T>, item: &T) -> bool {
    items.remove(item)
}

/// Removes all elements.
#[inline]
pub fn clear<T>(items: &mut BTreeSet<T>) {
    items.clear();
}

/// Whether the other set has the same elements.
#[must_use]
pub fn equals<T: Ord>(items: &BTreeSet<T>, other: &BTreeSet<T>) -> bool {
    items == other
}

/// Whether `other` is a set with the same elements.
#[must_use]
pub fn equals_value<T: Datum + Ord>(items: &BTreeSet<T>, other: &Value) -> bool {
    other.as_set().is_some() && items.to_value() == *other
}

/// The text of the set, such as `[1, 2]`.
///
/// # Errors
/// It would be too long.
pub fn to_text<T: Datum>(items: &BTreeSet<T>, at: Position) -> Result<String, StepError> {
    super::text::sequence('[', items.iter().map(T::to_value), ']', at)
}

/// Converts every element.
#[inline]
pub fn map<A, B: Ord>(items: BTreeSet<A>, convert: impl FnMut(A) -> B) -> BTreeSet<B> {
    items.into_iter().map(convert).collect()
}

/// Converts every element, where that may fail.
///
/// # Errors
/// The conversion's.
#[inline]
pub fn try_map<A, B: Ord>(
    items: BTreeSet<A>,
    convert: impl FnMut(A) -> Result<B, StepError>,
) -> Result<BTreeSet<B>, StepError> {
    items.into_iter().map(convert).collect()
}

/// The elements as a list, in their order.
#[inline]
pub fn to_list<T>(items: BTreeSet<T>) -> Vec<T> {
    items.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Position = Position::new(1, 2);

    #[test]
    fn sets_combine() {
        let set = of([3_i64, 1, 1]);
        assert_eq!(size(&set), 2);
        assert_eq!(union(set.clone(), of([4]), AT), Ok(of([1, 3, 4])));
        assert_eq!(with(set.clone(), 4, AT), Ok(of([1, 3, 4])));
        assert_eq!(without(set.clone(), &[1, 9]), of([3]));
        assert_eq!(without(set.clone(), &of([3])), of([1]));
        assert!(contains_all(&set, &[1, 3]));
        assert!(!contains_all(&set, &of([4])));
        assert_eq!(to_text(&set, AT).as_deref(), Ok("[1, 3]"));
        assert_eq!(to_list(set), [1, 3]);
    }

    #[test]
    fn sets_change() {
        let mut set = of([1_i64]);
        assert_eq!(add(&mut set, 1, AT), Ok(false));
        assert_eq!(add(&mut set, 2, AT), Ok(true));
        assert_eq!(add_all(&mut set, &[2, 3], AT), Ok(true));
        assert_eq!(add_all(&mut set, &[2, 3], AT), Ok(false));
        assert!(remove(&mut set, &1));
        assert!(!remove(&mut set, &1));
        assert!(contains(&set, &3));
        assert!(equals(&set, &of([3, 2])));
        assert!(equals_value(&set, &set.to_value()));
        assert!(!equals_value(&set, &Value::list([2.into(), 3.into()])));
        clear(&mut set);
        assert!(is_empty(&set));
    }

    #[test]
    fn untyped_elements_do_not_nest_too_deep() {
        let mut set = BTreeSet::new();
        let nested = (0..200).try_for_each(|_| {
            let item = Value::from(core::mem::take(&mut set));
            add(&mut set, item, AT).map(drop)
        });
        assert!(nested.is_err());
    }
}
