//! Maps of one key type and one value type.

use alloc::{collections::BTreeMap, format};
use core::{borrow::Borrow, fmt::Debug};

use crate::{Position, StepError, StepErrorKind};

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
    #[cold]
    fn missing<Q: Debug + ?Sized>(key: &Q, at: Position) -> StepError {
        StepError::new(StepErrorKind::Missing, at, format!("no key {key:?} in the map"))
    }
    entries.get(key).ok_or_else(|| missing(key, at))
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

    #[test]
    fn values_are_found_by_key() {
        let at = Position::new(1, 2);
        let map = BTreeMap::from([(String::from("a"), 1)]);
        assert_eq!(item(&map, "a", at), Ok(&1));
        let error = item(&map, "b", at).unwrap_err();
        assert_eq!(error.message(), "no key \"b\" in the map");
        assert_eq!(error.kind(), StepErrorKind::Missing);
        assert_eq!(map_values(map, |value| value > 0).get("a"), Some(&true));
    }
}
