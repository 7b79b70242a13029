//! Methods of maps (docs/expressions/library.md).

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};
use core::borrow::Borrow;

use super::{check, limit};
use crate::{Datum, Position, StepError, Value, budget, ops::copied};

/// How many entries there are.
#[inline]
#[must_use]
pub fn size<K, V>(entries: &BTreeMap<K, V>) -> i64 {
    entries.len() as i64
}

/// Whether there are none.
#[inline]
#[must_use]
pub fn is_empty<K, V>(entries: &BTreeMap<K, V>) -> bool {
    entries.is_empty()
}

/// A copy of the value of `key`, `None` if there is no such key.
#[inline]
pub fn get<K, Q, V>(entries: &BTreeMap<K, V>, key: &Q) -> Option<V>
where
    K: Borrow<Q> + Ord,
    Q: Ord + ?Sized,
    V: Datum + Clone,
{
    entries.get(key).map(copied)
}

/// A copy of the value of `key`, or of `default` if there is no such key.
#[inline]
pub fn get_or_default<K, Q, V>(entries: &BTreeMap<K, V>, key: &Q, default: &V) -> V
where
    K: Borrow<Q> + Ord,
    Q: Ord + ?Sized,
    V: Datum + Clone,
{
    copied(entries.get(key).unwrap_or(default))
}

/// Gives `key` a value; the one that it had before is the result.
///
/// # Errors
/// The map would be too large, or untyped values in it nest too deep.
pub fn put<K: Datum + Ord, V: Datum>(
    entries: &mut BTreeMap<K, V>,
    key: K,
    value: V,
    at: Position,
) -> Result<Option<V>, StepError> {
    check(&key, at)?;
    check(&value, at)?;
    if let Some(place) = entries.get_mut(&key) {
        return Ok(Some(core::mem::replace(place, value)));
    }
    limit(entries.len().saturating_add(1), at)?;
    budget::spend(budget::of_tree(1, size_of::<K>() + size_of::<V>()) / 4, at)?;
    Ok(entries.insert(key, value))
}

/// Puts all entries of `more`.
///
/// # Errors
/// The map would be too large. It keeps what was put before that.
pub fn put_all<K: Datum + Clone + Ord, V: Datum + Clone>(
    entries: &mut BTreeMap<K, V>,
    more: &BTreeMap<K, V>,
    at: Position,
) -> Result<(), StepError> {
    for (key, value) in more {
        match entries.get_mut(key) {
            Some(place) => *place = copied(value),
            None => {
                limit(entries.len().saturating_add(1), at)?;
                entries.insert(copied(key), copied(value));
            }
        }
        budget::check(at)?;
    }
    Ok(())
}

/// Removes `key`; its value is the result.
#[inline]
pub fn remove<K, Q, V>(entries: &mut BTreeMap<K, V>, key: &Q) -> Option<V>
where
    K: Borrow<Q> + Ord,
    Q: Ord + ?Sized,
{
    entries.remove(key)
}

/// Whether there is such a key.
#[inline]
pub fn contains_key<K, Q, V>(entries: &BTreeMap<K, V>, key: &Q) -> bool
where
    K: Borrow<Q> + Ord,
    Q: Ord + ?Sized,
{
    entries.contains_key(key)
}

/// Whether a key has this value.
#[must_use]
pub fn contains_value<K, V: Datum>(entries: &BTreeMap<K, V>, value: &V) -> bool {
    budget::note(entries.len());
    entries.values().any(|other| other.same(value))
}

/// The keys.
#[must_use]
pub fn key_set<K: Datum + Clone + Ord, V>(entries: &BTreeMap<K, V>) -> BTreeSet<K> {
    entries.keys().map(copied).collect()
}

/// The values, in the order of their keys.
#[must_use]
pub fn values<K, V: Datum + Clone>(entries: &BTreeMap<K, V>) -> Vec<V> {
    entries.values().map(copied).collect()
}

/// What it costs to build an entry as a map.
const ENTRY: usize = 128;

/// The entries, each as a map with `key` and `value`.
#[must_use]
pub fn entry_set<K: Datum, V: Datum>(entries: &BTreeMap<K, V>) -> BTreeSet<Value> {
    let entry = |(key, value): (&K, &V)| Value::map([("key", key.to_value()), ("value", value.to_value())]);
    budget::note(entries.len().saturating_mul(ENTRY));
    entries.iter().map(entry).collect()
}

/// Removes all entries.
#[inline]
pub fn clear<K, V>(entries: &mut BTreeMap<K, V>) {
    entries.clear();
}

/// Whether the other map has the same keys with the same values of the same kinds.
#[must_use]
pub fn equals<K: Ord, V: Datum>(entries: &BTreeMap<K, V>, other: &BTreeMap<K, V>) -> bool {
    let mut pairs = entries.iter().zip(other);
    entries.len() == other.len()
        && pairs.all(|((key, value), (other_key, other))| {
            key == other_key && value.to_value() == other.to_value()
        })
}

/// Whether `other` is a map with the same entries of the same kinds.
#[must_use]
pub fn equals_value<K: Datum + Ord, V: Datum>(entries: &BTreeMap<K, V>, other: &Value) -> bool {
    other.as_map().is_some() && entries.to_value() == *other
}

/// The text of the map, such as `{a=1, b=2}`.
///
/// # Errors
/// It would be too long.
pub fn to_text<K: Datum, V: Datum>(entries: &BTreeMap<K, V>, at: Position) -> Result<String, StepError> {
    let entries = entries.iter().map(|(key, value)| (key.to_value(), value.to_value()));
    super::super::text::from_value(&Value::map(entries), at)
}

#[cfg(test)]
mod tests {
    use super::{super::of, *};

    const AT: Position = Position::new(1, 2);

    #[test]
    fn entries_are_looked_for() {
        let map = of([(String::from("a"), 1_i64), ("b".into(), 2)]);
        assert_eq!((size(&map), is_empty(&map)), (2, false));
        assert_eq!((get(&map, "a"), get(&map, "z")), (Some(1), None));
        assert_eq!((get_or_default(&map, "a", &7), get_or_default(&map, "z", &7)), (1, 7));
        assert!(contains_key(&map, "a") && !contains_key(&map, "z"));
        assert!(contains_value(&map, &2) && !contains_value(&map, &3));
        assert_eq!(key_set(&map), BTreeSet::from(["a".into(), "b".into()]));
        assert_eq!(values(&map), [1, 2]);
        assert!(equals(&map, &map.clone()));
    }

    #[test]
    fn maps_change() {
        let mut map = of([(1_i64, 1_i64)]);
        assert_eq!(put(&mut map, 1, 2, AT), Ok(Some(1)));
        assert_eq!(put(&mut map, 2, 3, AT), Ok(None));
        assert_eq!(put_all(&mut map, &of([(2, 4), (3, 5)]), AT), Ok(()));
        assert_eq!(map, of([(1, 2), (2, 4), (3, 5)]));
        assert_eq!((remove(&mut map, &1), remove(&mut map, &1)), (Some(2), None));
        assert_eq!(to_text(&map, AT).as_deref(), Ok("{2=4, 3=5}"));
        assert!(!equals(&map, &of([(2, 4), (3, 6)])));
        assert!(equals_value(&map, &map.to_value()));
        assert!(!equals_value(&map, &1.into()));
        clear(&mut map);
        assert!(is_empty(&map));
    }

    #[test]
    fn entries_are_maps() {
        let entry = Value::map([("key", 1.into()), ("value", "x".into())]);
        assert_eq!(entry_set(&of([(1_i64, Value::from("x"))])), BTreeSet::from([entry]));
    }
}
