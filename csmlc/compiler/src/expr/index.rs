//! Things of an owner by name: data of an event, outputs of a service.

use crate::sorted::SortedMap;

/// Finds by owner and name.
#[derive(Debug)]
pub(super) struct Index<O, I>(SortedMap<O, SortedMap<String, I>>);

impl<O: Ord, I: Copy> Index<O, I> {
    /// Of these; the first of a name counts.
    pub(super) fn new<'a>(items: impl Iterator<Item = (O, &'a str, I)>) -> Self {
        let mut index = Self(SortedMap::new());
        for (owner, name, id) in items {
            index.0.entry(owner).or_default().entry(name.to_owned()).or_insert(id);
        }
        index
    }

    pub(super) fn get(&self, owner: O, name: &str) -> Option<I> {
        self.0.get(&owner)?.get(name).copied()
    }

    pub(super) fn insert(&mut self, owner: O, name: &str, id: I) {
        self.0.entry(owner).or_default().insert(name.to_owned(), id);
    }
}
