//! A map in the order of its keys.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Index;

use super::order::{BlockPosition, KeyOrder, Numbers};

/// A map that is iterated in the order of its keys. It has the methods of `BTreeMap` that the compiler uses.
#[derive(Clone)]
pub struct SortedMap<K, V> {
    order: KeyOrder,
    /// By number; `None` where one was removed.
    entries: Vec<Option<(K, V)>>,
    /// Numbers of removed entries, used again.
    free: Vec<u32>,
}

impl<K, V> SortedMap<K, V> {
    /// An empty map.
    #[must_use]
    pub const fn new() -> Self {
        Self { order: KeyOrder::new(), entries: Vec::new(), free: Vec::new() }
    }

    /// How many entries it has.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.len() - self.free.len()
    }

    /// Whether it has no entry.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entries in order.
    #[must_use]
    pub fn iter(&self) -> MapIter<'_, K, V> {
        MapIter { numbers: self.order.iter(), entries: &self.entries, len: self.len() }
    }

    /// The keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &K> + Clone {
        self.iter().map(|(key, _)| key)
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> + Clone {
        self.iter().map(|(_, value)| value)
    }

    /// The values in the order of their keys.
    pub fn into_values(self) -> impl Iterator<Item = V> {
        self.into_iter().map(|(_, value)| value)
    }

    /// The first entry.
    #[must_use]
    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.at(self.order.first()?)
    }

    /// The last entry.
    #[must_use]
    pub fn last_key_value(&self) -> Option<(&K, &V)> {
        self.at(self.order.last()?)
    }

    /// Removes the first entry.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        let number = self.order.first()?;
        self.remove_at(BlockPosition::FIRST, number)
    }

    /// Removes the entries that do not fulfil a condition.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        for number in std::mem::take(&mut self.order).into_numbers() {
            let Some(entry) = self.entries.get_mut(number as usize) else { continue };
            if entry.as_mut().is_some_and(|(key, value)| keep(key, value)) {
                self.order.push(number);
            } else {
                *entry = None;
                self.free.push(number);
            }
        }
    }

    /// Removes all entries.
    pub fn clear(&mut self) {
        *self = Self::new();
    }

    fn at(&self, number: u32) -> Option<(&K, &V)> {
        match self.entries.get(number as usize) {
            Some(Some((key, value))) => Some((key, value)),
            _ => None,
        }
    }

    fn value_mut(&mut self, number: u32) -> Option<&mut V> {
        match self.entries.get_mut(number as usize) {
            Some(Some((_, value))) => Some(value),
            _ => None,
        }
    }

    fn remove_at(&mut self, place: BlockPosition, number: u32) -> Option<(K, V)> {
        self.order.remove(place);
        self.free.push(number);
        match self.entries.get_mut(number as usize) {
            Some(entry) => entry.take(),
            None => None,
        }
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<(BlockPosition, u32), BlockPosition>
    where
        K: Borrow<Q>,
    {
        self.order.find(&mut |number| match self.at(number) {
            Some((found, _)) => found.borrow().cmp(key),
            None => std::cmp::Ordering::Less,
        })
    }

    /// The value of a key.
    #[must_use]
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        match self.find(key) {
            Ok((_, number)) => Some(self.at(number)?.1),
            Err(_) => None,
        }
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        match self.find(key) {
            Ok((_, number)) => self.value_mut(number),
            Err(_) => None,
        }
    }

    /// Whether it has a key.
    #[must_use]
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_ok()
    }

    /// Sets the value of a key; the one before, if there was one.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok((_, number)) => Some(std::mem::replace(self.value_mut(number)?, value)),
            Err(place) => {
                self.insert_at(place, key, value);
                None
            }
        }
    }

    /// Removes a key; its value, if it was there.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        match self.find(key) {
            Ok((place, number)) => Some(self.remove_at(place, number)?.1),
            Err(_) => None,
        }
    }

    /// The place of a key, to be looked at or filled.
    pub fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        let found = self.find(&key);
        Entry { map: self, key, found }
    }

    fn insert_at(&mut self, place: BlockPosition, key: K, value: V) -> u32 {
        // Descriptions are far smaller than four thousand million entries.
        let number = self.free.pop().unwrap_or(self.entries.len() as u32);
        let entry = Some((key, value));
        match self.entries.get_mut(number as usize) {
            Some(free) => *free = entry,
            None => self.entries.push(entry),
        }
        self.order.insert(place, number);
        number
    }
}

/// The place of a key in a map.
pub struct Entry<'m, K, V> {
    map: &'m mut SortedMap<K, V>,
    key: K,
    found: Result<(BlockPosition, u32), BlockPosition>,
}

impl<'m, K: Ord, V> Entry<'m, K, V> {
    /// The value; where there was none, this one.
    pub fn or_insert(self, value: V) -> &'m mut V {
        self.or_insert_with(|| value)
    }

    /// The value; where there was none, the default.
    pub fn or_default(self) -> &'m mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }

    /// The value; where there was none, the one that `value` makes.
    #[expect(clippy::expect_used, reason = "an entry that was found or made is there")]
    pub fn or_insert_with(self, value: impl FnOnce() -> V) -> &'m mut V {
        let number = match self.found {
            Ok((_, number)) => number,
            Err(place) => self.map.insert_at(place, self.key, value()),
        };
        self.map.value_mut(number).expect("the entry exists")
    }
}

/// The entries of a map in order.
pub struct MapIter<'m, K, V> {
    numbers: Numbers<'m>,
    entries: &'m [Option<(K, V)>],
    len: usize,
}

impl<K, V> Clone for MapIter<'_, K, V> {
    fn clone(&self) -> Self {
        Self { numbers: self.numbers.clone(), ..*self }
    }
}

impl<K, V> ExactSizeIterator for MapIter<'_, K, V> {}

impl<'m, K, V> Iterator for MapIter<'m, K, V> {
    type Item = (&'m K, &'m V);

    fn next(&mut self) -> Option<Self::Item> {
        match self.entries.get(self.numbers.next()? as usize) {
            Some(Some((key, value))) => {
                self.len -= 1;
                Some((key, value))
            }
            _ => None,
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.len, Some(self.len))
    }
}

/// The entries of a map in order, by value.
pub struct MapIntoIter<K, V> {
    numbers: std::vec::IntoIter<u32>,
    entries: Vec<Option<(K, V)>>,
}

impl<K, V> Iterator for MapIntoIter<K, V> {
    type Item = (K, V);

    fn next(&mut self) -> Option<Self::Item> {
        self.entries.get_mut(self.numbers.next()? as usize)?.take()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.numbers.size_hint()
    }
}

impl<K, V> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = MapIntoIter<K, V>;

    fn into_iter(self) -> MapIntoIter<K, V> {
        MapIntoIter { numbers: self.order.into_numbers().into_iter(), entries: self.entries }
    }
}

impl<'m, K, V> IntoIterator for &'m SortedMap<K, V> {
    type Item = (&'m K, &'m V);
    type IntoIter = MapIter<'m, K, V>;

    fn into_iter(self) -> MapIter<'m, K, V> {
        self.iter()
    }
}

impl<K: Ord, V> Extend<(K, V)> for SortedMap<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for SortedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for SortedMap<K, V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for SortedMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for SortedMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other)
    }
}

impl<K: Eq, V: Eq> Eq for SortedMap<K, V> {}

impl<K: PartialOrd, V: PartialOrd> PartialOrd for SortedMap<K, V> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        self.iter().partial_cmp(other)
    }
}

impl<K: Ord, V: Ord> Ord for SortedMap<K, V> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.iter().cmp(other)
    }
}

impl<K: Ord + Borrow<Q>, Q: Ord + ?Sized, V> Index<&Q> for SortedMap<K, V> {
    type Output = V;

    /// # Panics
    /// It does not have the key, as with `BTreeMap`.
    #[expect(clippy::expect_used, reason = "as every index")]
    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("the key is there")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_removed_entries_are_used_again() {
        let mut map = SortedMap::from([(0, ())]);
        for key in 1..1_000 {
            map.insert(key, ());
            assert!(map.remove(&key).is_some());
        }
        assert_eq!((map.len(), map.entries.len()), (1, 2));
    }
}
