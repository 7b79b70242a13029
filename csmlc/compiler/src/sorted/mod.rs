//! Maps and sets that are iterated in the order of their keys, as `BTreeMap` and `BTreeSet` are.
//!
//! They exist for what the compiler costs to build: it has some ninety different maps, and those of the standard library
//! were a third of the code that is generated for it. Here `order::Order` keeps the order and is not generic; what is
//! generic compares two keys or moves one entry.

mod map;
mod order;
mod set;
mod sort;

pub use map::{Entry, SortedMap};
pub use set::SortedSet;
pub(crate) use sort::{sort, sort_by, sort_by_key};

#[cfg(test)]
mod tests;
