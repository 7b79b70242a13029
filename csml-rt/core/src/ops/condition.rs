//! Truth as the condition of `? :`, `if` and loops.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};

use super::dynamic;
use crate::{Bytes, Value};

/// What can be a condition.
pub trait Condition {
    /// Whether it holds.
    fn holds(&self) -> bool;
}

/// Whether a value holds as a condition: not zero, `NaN`, `null`, the empty string or `"false"`. Collections hold.
#[inline]
pub fn holds(value: &(impl Condition + ?Sized)) -> bool {
    value.holds()
}

impl Condition for bool {
    #[inline]
    fn holds(&self) -> bool {
        *self
    }
}

impl Condition for i64 {
    #[inline]
    fn holds(&self) -> bool {
        *self != 0
    }
}

impl Condition for f64 {
    #[inline]
    fn holds(&self) -> bool {
        *self != 0.0 && !self.is_nan()
    }
}

impl Condition for str {
    #[inline]
    fn holds(&self) -> bool {
        !matches!(self, "" | "false")
    }
}

impl Condition for String {
    #[inline]
    fn holds(&self) -> bool {
        self.as_str().holds()
    }
}

impl Condition for Value {
    #[inline]
    fn holds(&self) -> bool {
        dynamic::condition(self)
    }
}

impl Condition for Bytes {
    #[inline]
    fn holds(&self) -> bool {
        true
    }
}

impl<T> Condition for Vec<T> {
    #[inline]
    fn holds(&self) -> bool {
        true
    }
}

impl<T> Condition for BTreeSet<T> {
    #[inline]
    fn holds(&self) -> bool {
        true
    }
}

impl<K, V> Condition for BTreeMap<K, V> {
    #[inline]
    fn holds(&self) -> bool {
        true
    }
}

impl<T: Condition> Condition for Option<T> {
    #[inline]
    fn holds(&self) -> bool {
        self.as_ref().is_some_and(T::holds)
    }
}

impl<T: Condition> Condition for &T {
    #[inline]
    fn holds(&self) -> bool {
        T::holds(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asserts that typed and untyped truth agree.
    #[track_caller]
    fn agrees<T: Condition + crate::Datum>(value: &T, expected: bool) {
        assert_eq!(holds(value), expected);
        assert_eq!(dynamic::condition(&value.to_value()), expected);
    }

    #[test]
    fn typed_and_untyped_truth_agree() {
        for truth in [true, false] {
            agrees(&truth, truth);
            agrees(&Some(truth), truth);
        }
        for (value, expected) in [(0, false), (-1, true)] {
            agrees::<i64>(&value, expected);
        }
        for (value, expected) in [(0.0, false), (-0.0, false), (f64::NAN, false), (0.1, true)] {
            agrees(&value, expected);
        }
        for (text, expected) in [("", false), ("false", false), ("0", true), ("a", true)] {
            assert_eq!(holds(text), expected);
            agrees(&String::from(text), expected);
        }
        agrees(&Vec::<i64>::new(), true);
        agrees(&BTreeSet::<i64>::new(), true);
        agrees(&BTreeMap::<i64, i64>::new(), true);
        agrees(&Bytes::default(), true);
        agrees(&None::<i64>, false);
        assert!(holds(&Some(&1_i64)));
    }
}
