//! JEXL's comparison of untyped values.

use core::{
    cmp::Ordering,
    fmt::{self, Write as _},
};

use super::coerce::{
    text_to_compared_int, text_to_float, to_compared_int, to_float, truth_of_present, truth_of_text,
};
use crate::{Value, budget, value_text::ValueText};

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
        (Value::Text(left), Value::Text(right)) => {
            budget::note(budget::of_search(left.len().min(right.len())));
            Some(left.cmp(right))
        }
        (Value::Float(_), _) | (_, Value::Float(_)) => Some(order_floats(to_float(left)?, to_float(right)?)),
        (Value::Int(_), _) | (_, Value::Int(_)) => Some(to_compared_int(left)?.cmp(&to_compared_int(right)?)),
        (Value::Text(left), right) => Some(order_with_text(right, left).reverse()),
        (left, Value::Text(right)) => Some(order_with_text(left, right)),
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

/// `value == text`
pub(super) fn equals_text(value: &Value, text: &str) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth == truth_of_text(text),
        Value::Int(value) => text_to_compared_int(text) == Some(*value),
        Value::Float(value) => text_to_float(text).is_some_and(|number| order_floats(*value, number).is_eq()),
        Value::Text(value) => value.as_str() == text,
        other => order_with_text(other, text).is_eq(),
    }
}

/// How the text of `value` stands to `text`. It is compared while it is written: it may be too long to keep.
fn order_with_text(value: &Value, text: &str) -> Ordering {
    let mut compare = Compare { rest: text, order: Ordering::Equal };
    // An error only says that the order is known before the end.
    let _ = write!(compare, "{}", ValueText(value));
    if compare.order.is_eq() && !compare.rest.is_empty() { Ordering::Less } else { compare.order }
}

/// Whether `text` begins with the text of `value`.
pub(super) fn text_starts_with(text: &str, value: &Value) -> bool {
    let mut compare = Compare { rest: text, order: Ordering::Equal };
    write!(compare, "{}", ValueText(value)).is_ok()
}

/// Compares what is written to it with a string, up to the first difference.
struct Compare<'a> {
    rest: &'a str,
    order: Ordering,
}

impl fmt::Write for Compare<'_> {
    fn write_str(&mut self, written: &str) -> fmt::Result {
        match self.rest.strip_prefix(written) {
            Some(rest) => {
                self.rest = rest;
                Ok(())
            }
            None => {
                self.order = written.cmp(self.rest);
                self.rest = "";
                Err(fmt::Error)
            }
        }
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
    fn comparing_with_a_literal_is_comparing_with_a_string() {
        let values = [
            Value::Null,
            true.into(),
            false.into(),
            7.into(),
            0.into(),
            7.0.into(),
            f64::NAN.into(),
            "7".into(),
            "".into(),
            Value::list([7.into()]),
            Value::list([]),
        ];
        for value in &values {
            for text in ["7", "7.0", "", "false", "[7]", "[", "[7]x", "[]", "NaN", "abc"] {
                assert_eq!(equals_text(value, text), equal(value, &text.into()), "{value:?} == {text:?}");
            }
        }
    }

    #[test]
    fn collections_have_the_order_of_their_text() {
        let list = Value::list([1.into(), 2.into()]);
        for (text, order) in [
            ("[1, 2]", Ordering::Equal),
            ("[1, 2", Ordering::Greater),
            ("[1, 2]3", Ordering::Less),
            ("[1, 3", Ordering::Less),
            ("[", Ordering::Greater),
            ("\\", Ordering::Less),
        ] {
            assert_eq!(super::order(&list, &text.into()), Some(order), "{text}");
            assert_eq!(super::order(&text.into(), &list), Some(order.reverse()), "{text}");
        }
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
