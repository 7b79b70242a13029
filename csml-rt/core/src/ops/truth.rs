//! Methods of truth values (docs/expressions/library.md).

use crate::Value;

/// Whether `other` is the same truth value.
#[must_use]
pub fn equals_value(value: bool, other: &Value) -> bool {
    *other == Value::Bool(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_does_not_equal_a_truth_value() {
        assert!(equals_value(true, &true.into()));
        assert!(!equals_value(true, &1.into()));
    }
}
