//! `collect` and `extend` as plain loops.
//!
//! They exist for what the compiler costs to build, as [`sorted`](crate::sorted) does: for each kind of iterator those of the
//! standard library generate specialised copies, size hints and folds, where `next` and `push` are enough.

use proc_macro2::TokenStream;

/// Iterators whose items become a vector.
pub(crate) trait Gather: Iterator + Sized {
    /// All items, in order: `collect` into a vector.
    fn gather(self) -> Vec<Self::Item> {
        let mut items = Vec::new();
        items.push_all(self);
        items
    }
}

impl<I: Iterator> Gather for I {}

/// Iterators whose items become one stream of tokens.
pub(crate) trait GatherTokens: Iterator<Item = TokenStream> + Sized {
    /// All tokens, in order: `collect` into a stream.
    fn gather_tokens(self) -> TokenStream {
        let mut tokens = TokenStream::new();
        for more in self {
            tokens.extend(more);
        }
        tokens
    }
}

impl<I: Iterator<Item = TokenStream>> GatherTokens for I {}

/// Vectors that take the items of an iterator.
pub(crate) trait PushAll<T> {
    /// Adds all items at the end: `extend`.
    fn push_all(&mut self, items: impl IntoIterator<Item = T>);
}

impl<T> PushAll<T> for Vec<T> {
    fn push_all(&mut self, items: impl IntoIterator<Item = T>) {
        for item in items {
            self.push(item);
        }
    }
}
