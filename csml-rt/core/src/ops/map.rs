//! Maps of one key type and one value type: operators and places.

mod methods;

use alloc::{collections::BTreeMap, format};
use core::{borrow::Borrow, fmt::Debug};

pub use methods::*;

use super::list::{check, limit};
use crate::{Datum, Position, StepError, StepErrorKind};

/// A map of `entries`; of several with one key the last one stays.
#[inline]
pub fn of<K: Ord, V, const N: usize>(entries: [(K, V); N]) -> BTreeMap<K, V> {
    entries.into_iter().collect()
}

/// The value of `key`.
///
/// # Errors
/// There is none.
#[inline]
pub fn item<'a, K, Q, V>(entries: &'a BTreeMap<K, V>, key: &Q, at: Position) -> Result<&'a V, StepError>
where
    K: Borrow<Q> + Ord,
    Q: Ord + Debug + ?Sized,
{
    entries.get(key).ok_or_else(|| missing(key, at))
}

/// The place of the value of `key`, to change what is in it.
///
/// # Errors
/// There is none.
#[inline]
pub fn item_mut<'a, K, Q, V>(
    entries: &'a mut BTreeMap<K, V>,
    key: &Q,
    at: Position,
) -> Result<&'a mut V, StepError>
where
    K: Borrow<Q> + Ord,
    Q: Ord + Debug + ?Sized,
{
    entries.get_mut(key).ok_or_else(|| missing(key, at))
}

#[cold]
fn missing<Q: Debug + ?Sized>(key: &Q, at: Position) -> StepError {
    StepError::new(StepErrorKind::Missing, at, format!("no key {key:?} in the map"))
}

/// `entries[key]`, as a reference: `None` if there is no such key.
#[inline]
pub fn get_ref<'a, K, Q, V>(entries: &'a BTreeMap<K, V>, key: &Q) -> Option<&'a V>
where
    K: Borrow<Q> + Ord,
    Q: Ord + ?Sized,
{
    entries.get(key)
}

/// `entries[key] = value`
///
/// # Errors
/// The map would be too large, or untyped values in it nest too deep.
pub fn assign<K: Datum + Ord, V: Datum>(
    entries: &mut BTreeMap<K, V>,
    key: K,
    value: V,
    at: Position,
) -> Result<(), StepError> {
    put(entries, key, value, at).map(drop)
}

/// `left + right`: the entries of both; where both have a key, that of `right`.
///
/// # Errors
/// The map would be too large.
pub fn merge<K: Ord, V>(
    mut left: BTreeMap<K, V>,
    right: BTreeMap<K, V>,
    at: Position,
) -> Result<BTreeMap<K, V>, StepError> {
    left.extend(right);
    limit(left.len(), at).map(|()| left)
}

/// `left - keys`: the entries whose keys are not in the list or set `keys`.
#[must_use]
pub fn without<'a, K: Ord + 'a, V>(
    mut left: BTreeMap<K, V>,
    keys: impl IntoIterator<Item = &'a K>,
) -> BTreeMap<K, V> {
    for key in keys {
        left.remove(key);
    }
    left
}

/// Converts every value.
#[inline]
pub fn map_values<K: Ord, A, B>(entries: BTreeMap<K, A>, mut convert: impl FnMut(A) -> B) -> BTreeMap<K, B> {
    let entries = entries.into_iter();
    entries.map(|(key, value)| (key, convert(value))).collect()
}

/// Converts every value, where that may fail.
///
/// # Errors
/// The conversion's.
#[inline]
pub fn try_map_values<K: Ord, A, B>(
    entries: BTreeMap<K, A>,
    mut convert: impl FnMut(A) -> Result<B, StepError>,
) -> Result<BTreeMap<K, B>, StepError> {
    let entries = entries.into_iter();
    entries.map(|(key, value)| Ok((key, convert(value)?))).collect()
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::*;

    const AT: Position = Position::new(1, 2);

    #[test]
    fn values_are_found_by_key() {
        let mut map = BTreeMap::from([(String::from("a"), 1)]);
        assert_eq!(item(&map, "a", AT), Ok(&1));
        assert_eq!(get_ref(&map, "b"), None);
        *item_mut(&mut map, "a", AT).unwrap() = 2;
        assert_eq!(get_ref(&map, "a"), Some(&2));
        let error = item(&map, "b", AT).unwrap_err();
        assert_eq!(error.message(), "no key \"b\" in the map");
        assert_eq!(error.kind(), StepErrorKind::Missing);
        assert_eq!(item_mut(&mut map, "b", AT), Err(error));
        assert_eq!(map_values(map, |value| value > 0).get("a"), Some(&true));
    }

    #[test]
    fn maps_combine() {
        let map = of([(1_i64, 1_i64), (2, 2)]);
        assert_eq!(merge(map.clone(), of([(2, 3)]), AT), Ok(of([(1, 1), (2, 3)])));
        assert_eq!(without(map.clone(), &[1, 9]), of([(2, 2)]));
        assert_eq!(without(map, &super::super::set::of([2])), of([(1, 1)]));
    }
}
