//! `size` and `empty`.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};

use crate::{Bytes, Value};

/// What `size` and `empty` can be asked of.
pub trait Collection {
    /// How many characters, bytes, items or entries it has.
    fn size(&self) -> usize;

    /// Whether it has none.
    #[inline]
    fn is_empty(&self) -> bool {
        self.size() == 0
    }
}

/// `size x`
#[inline]
pub fn size(collection: &(impl Collection + ?Sized)) -> i64 {
    // No collection has more than isize::MAX items.
    collection.size() as i64
}

/// `empty x`
#[inline]
pub fn is_empty(collection: &(impl Collection + ?Sized)) -> bool {
    collection.is_empty()
}

impl Collection for str {
    #[inline]
    fn size(&self) -> usize {
        self.chars().count()
    }

    #[inline]
    fn is_empty(&self) -> bool {
        str::is_empty(self)
    }
}

impl Collection for String {
    #[inline]
    fn size(&self) -> usize {
        self.as_str().size()
    }

    #[inline]
    fn is_empty(&self) -> bool {
        str::is_empty(self)
    }
}

impl Collection for Bytes {
    #[inline]
    fn size(&self) -> usize {
        self.0.len()
    }
}

impl<T> Collection for [T] {
    #[inline]
    fn size(&self) -> usize {
        self.len()
    }
}

impl<T, const N: usize> Collection for [T; N] {
    #[inline]
    fn size(&self) -> usize {
        N
    }
}

impl<T> Collection for Vec<T> {
    #[inline]
    fn size(&self) -> usize {
        self.len()
    }
}

impl<T> Collection for BTreeSet<T> {
    #[inline]
    fn size(&self) -> usize {
        self.len()
    }
}

impl<K, V> Collection for BTreeMap<K, V> {
    #[inline]
    fn size(&self) -> usize {
        self.len()
    }
}

impl<T: Collection + ?Sized> Collection for &T {
    #[inline]
    fn size(&self) -> usize {
        T::size(self)
    }

    #[inline]
    fn is_empty(&self) -> bool {
        T::is_empty(self)
    }
}

/// `null` has size 0 and is empty.
impl<T: Collection> Collection for Option<T> {
    #[inline]
    fn size(&self) -> usize {
        self.as_ref().map_or(0, T::size)
    }

    #[inline]
    fn is_empty(&self) -> bool {
        self.as_ref().is_none_or(T::is_empty)
    }
}

/// As in JEXL: `null` and the numbers zero and `NaN` are empty, a truth value never; all of these have size 0.
impl Collection for Value {
    fn size(&self) -> usize {
        match self {
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Float(_) => 0,
            Self::Text(text) => text.as_str().size(),
            Self::Bytes(bytes) => bytes.len(),
            Self::List(items) => items.len(),
            Self::Set(items) => items.len(),
            Self::Map(entries) => entries.len(),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Bool(_) => false,
            Self::Int(value) => *value == 0,
            Self::Float(value) => *value == 0.0 || value.is_nan(),
            Self::Text(text) => text.as_str().is_empty(),
            _ => self.size() == 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(size("aé😀"), 3);
        assert_eq!(size(&[1, 2]), 2);
        assert_eq!(size(&Some(String::from("ab"))), 2);
        assert!(is_empty(&None::<String>));
        assert!(is_empty(&Some(String::new())));
        assert_eq!(size(&Value::from(2_147_483_647)), 0);
        assert!(is_empty(&Value::from(0.0)));
        assert!(!is_empty(&Value::from(false)));
        assert!(!is_empty(&Value::from("0")));
        assert!(is_empty(&Value::list([])));
        assert!(is_empty(&Value::Null));
    }
}
