//! JEXL's comparison of untyped values.

use alloc::string::ToString;
use core::cmp::Ordering;

use super::coerce::{to_compared_int, to_float, truth_of_present};
use crate::{Value, text::ValueText};

/// `left == right`
///
/// A truth value is compared with the truth of the other side, a number with the number the other side
/// stands for, a string with the other side's text, anything else by kind and content.
pub(super) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Null, other) | (other, Value::Null) => other.is_null(),
        (Value::Bool(_), _) | (_, Value::Bool(_)) => truth_of_present(left) == truth_of_present(right),
        _ => match order(left, right) {
            Some(order) => order.is_eq(),
            None => left == right,
        },
    }
}

/// How two values stand to each other; `None` if JEXL has no answer.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => None,
        (Value::Int(left), Value::Int(right)) => Some(left.cmp(right)),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Float(_), _) | (_, Value::Float(_)) => Some(order_floats(to_float(left)?, to_float(right)?)),
        (Value::Int(_), _) | (_, Value::Int(_)) => Some(to_compared_int(left)?.cmp(&to_compared_int(right)?)),
        (Value::Text(left), right) => Some(left.as_str().cmp(&ValueText(right).to_string())),
        (left, Value::Text(right)) => Some(ValueText(left).to_string().as_str().cmp(right)),
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

/// `NaN` equals itself and is smaller than every number, as in JEXL.
fn order_floats(left: f64, right: f64) -> Ordering {
    left.partial_cmp(&right).unwrap_or_else(|| right.is_nan().cmp(&left.is_nan()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_by_value_whatever_their_kind() {
        assert!(equal(&1.into(), &1.0.into()));
        assert!(equal(&"1.0".into(), &1.into()));
        assert!(equal(&0.0.into(), &Value::Float(-0.0)));
        assert!(!equal(&1.into(), &"1.5".into()));
        assert_eq!(order(&1.into(), &"1.5".into()), None);
        let large = Value::from(9_007_199_254_740_993);
        assert!(equal(&large, &"9007199254740993".into()));
    }

    #[test]
    fn nan_is_smallest() {
        let nan = Value::from(f64::NAN);
        assert!(equal(&nan, &nan));
        assert_eq!(order(&nan, &f64::NEG_INFINITY.into()), Some(Ordering::Less));
        assert_eq!(order(&1.into(), &nan), Some(Ordering::Greater));
    }

    #[test]
    fn collections_compare_by_content_and_have_no_order() {
        let list = Value::list([1.into()]);
        assert!(equal(&list, &Value::list([1.into()])));
        assert!(!equal(&list, &Value::list([2.into()])));
        assert!(equal(&list, &"[1]".into()));
        assert_eq!(order(&list, &list), None);
        assert_eq!(order(&list, &1.into()), None);
    }
}
