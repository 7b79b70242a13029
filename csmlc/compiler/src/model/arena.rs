//! Arenas with typed ids. After `resolve` no string refers to anything.

use crate::lists::Gather;
use std::{fmt, marker::PhantomData};

/// An id of an arena.
pub trait Id: Copy {
    /// The id of position `index`.
    fn new(index: usize) -> Self;
    /// Its position.
    fn index(self) -> usize;
}

/// Declares id types.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl crate::model::arena::Id for $name {
            fn new(index: usize) -> Self {
                Self(index as u32)
            }

            fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}
pub(crate) use ids;

/// A vector indexed by its own id type; its order is the order of insertion.
#[derive(Clone)]
pub struct Arena<I, T> {
    items: Vec<T>,
    id: PhantomData<fn() -> I>,
}

impl<I: Id, T> Arena<I, T> {
    /// An empty arena.
    #[must_use]
    pub fn new() -> Self {
        Self { items: Vec::new(), id: PhantomData }
    }

    /// Adds an item.
    pub fn push(&mut self, item: T) -> I {
        self.items.push(item);
        I::new(self.items.len() - 1)
    }

    /// The id the next item will get.
    #[must_use]
    pub fn next_id(&self) -> I {
        I::new(self.items.len())
    }

    /// Items with their ids.
    pub fn iter(&self) -> ArenaIter<'_, I, T> {
        ArenaIter { items: self.items.iter(), next: 0, id: PhantomData }
    }

    /// All ids.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (0..self.items.len()).map(I::new)
    }

    /// Items alone.
    pub fn values(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// Items alone, to change them.
    pub fn values_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.items.iter_mut()
    }

    /// The items.
    pub fn into_values(self) -> std::vec::IntoIter<T> {
        self.items.into_iter()
    }

    /// How many items there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Another arena with the same ids.
    pub fn map<U>(self, mut f: impl FnMut(I, T) -> U) -> Arena<I, U> {
        let items = self.items.into_iter().enumerate().map(|(index, item)| f(I::new(index), item)).gather();
        Arena { items, id: PhantomData }
    }
}

/// The items of an arena with their ids.
pub struct ArenaIter<'a, I, T> {
    items: std::slice::Iter<'a, T>,
    next: usize,
    id: PhantomData<fn() -> I>,
}

impl<'a, I: Id, T> Iterator for ArenaIter<'a, I, T> {
    type Item = (I, &'a T);

    fn next(&mut self) -> Option<(I, &'a T)> {
        let item = self.items.next()?;
        self.next += 1;
        Some((I::new(self.next - 1), item))
    }
}

impl<I: Id, T> Default for Arena<I, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<I, T: fmt::Debug> fmt::Debug for Arena<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.fmt(f)
    }
}

impl<I: Id, T> std::ops::Index<I> for Arena<I, T> {
    type Output = T;

    #[expect(clippy::indexing_slicing, reason = "only the arena makes its ids")]
    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}

impl<I: Id, T> std::ops::IndexMut<I> for Arena<I, T> {
    #[expect(clippy::indexing_slicing, reason = "only the arena makes its ids")]
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.index()]
    }
}
