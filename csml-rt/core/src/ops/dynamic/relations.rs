//! `=== !==`, `=~ !~`, `=^ !^`, `=$ !$`, and the truth of conditions.

use alloc::borrow::Cow;

use super::super::{coerce::truth_of_present, compare, text, text::Piece};
use crate::{Pattern, Position, StepError, Value, budget, pattern::Regex};

/// Whether a condition of `? :`, `?:`, `if` or a loop holds; `null` counts as false.
#[inline]
#[must_use]
pub fn condition(value: &Value) -> bool {
    truth_of_present(value)
}

/// `value == text`, without a string made of either.
#[inline]
#[must_use]
pub fn eq_text(value: &Value, text: &str) -> bool {
    compare::equals_text(value, text)
}

/// `left === right`: equal and of the same kind.
#[must_use]
pub fn identical(left: &Value, right: &Value) -> bool {
    left.kind() == right.kind() && compare::equal(left, right)
}

/// `value =~ container`: the text of `value` matches the regular expression, all of it; or the list or set
/// contains it, or all of it if it is one as well; or the map has it as a key. With anything else, whether
/// the two are equal.
///
/// # Errors
/// The regular expression is malformed, or the text of `value` would be too long.
pub fn matches(value: &Value, container: &Value, at: Position) -> Result<bool, StepError> {
    Ok(match (value, container) {
        (Value::Null, other) | (other, Value::Null) => other.is_null(),
        (value, Value::Text(pattern)) => Regex::new(pattern, at)?.matches(&text_of(value, at)?, at)?,
        (Value::Map(entries), Value::Map(container)) => entries.keys().all(|key| container.contains_key(key)),
        (key, Value::Map(container)) => container.contains_key(key),
        (Value::List(items), container) if is_sequence(container) => {
            if let Value::List(others) = container {
                budget::spend(items.len().saturating_mul(others.len()), at)?;
            }
            items.iter().all(|item| has(container, item))
        }
        (Value::Set(items), container) if is_sequence(container) => {
            if let Value::List(others) = container {
                budget::spend(items.len().saturating_mul(others.len()), at)?;
            }
            items.iter().all(|item| has(container, item))
        }
        (item, container) if is_sequence(container) => has(container, item),
        _ => compare::equal(value, container),
    })
}

/// `value =~ pattern` for a regular expression known beforehand.
///
/// # Errors
/// It is malformed, or the text of `value` would be too long.
pub fn matches_pattern(value: &Value, pattern: &Pattern, at: Position) -> Result<bool, StepError> {
    Ok(!value.is_null() && pattern.matches(&text_of(value, at)?, at)?)
}

fn is_sequence(value: &Value) -> bool {
    matches!(value, Value::List(_) | Value::Set(_))
}

fn has(container: &Value, item: &Value) -> bool {
    match container {
        Value::List(items) => super::super::list::contains(items, item),
        Value::Set(items) => items.contains(item),
        _ => false,
    }
}

fn text_of(value: &Value, at: Position) -> Result<Cow<'_, str>, StepError> {
    match value {
        Value::Text(text) => Ok(Cow::Borrowed(text)),
        other => text::concat(&[Piece::Value(other)], at).map(Cow::Owned),
    }
}

/// `left =^ right`: the string begins with the text of the other side. What is no string begins with what
/// it equals.
#[must_use]
pub fn starts_with(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Null, other) | (other, Value::Null) => other.is_null(),
        (Value::Text(text), Value::Text(start)) => text.starts_with(start.as_str()),
        (Value::Text(text), start) => compare::text_starts_with(text, start),
        _ => compare::equal(left, right),
    }
}

/// `left =$ right`: the string ends with the text of the other side. What is no string ends with what it
/// equals.
///
/// # Errors
/// The text of the other side would be too long.
pub fn ends_with(left: &Value, right: &Value, at: Position) -> Result<bool, StepError> {
    Ok(match (left, right) {
        (Value::Null, other) | (other, Value::Null) => other.is_null(),
        (Value::Text(text), end) => text.ends_with(&*text_of(end, at)?),
        _ => compare::equal(left, right),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Position = Position::new(1, 2);

    #[test]
    fn identity_asks_for_the_kind_too() {
        assert!(identical(&1.into(), &1.into()));
        assert!(!identical(&1.into(), &1.0.into()));
        assert!(!identical(&"1".into(), &1.into()));
        assert!(identical(&Value::Null, &Value::Null));
        assert!(identical(&Value::list([1.into()]), &Value::list([1.into()])));
    }

    #[test]
    fn matching_looks_into_every_kind_of_container() {
        let is = |value: Value, container: Value| matches(&value, &container, AT);
        let list = Value::list([1.into(), "a".into()]);
        assert_eq!(is("abc".into(), "a.c".into()), Ok(true));
        assert_eq!(is(12.into(), "\\d+".into()), Ok(true));
        assert_eq!(is(1.0.into(), list.clone()), Ok(true));
        assert_eq!(is(Value::list(["a".into()]), list.clone()), Ok(true));
        assert_eq!(is(Value::set(["b".into()]), list.clone()), Ok(false));
        assert_eq!(is("a".into(), Value::map([("a", 1.into())])), Ok(true));
        assert_eq!(is(Value::map([("a", 2.into())]), Value::map([("a", 1.into())])), Ok(true));
        assert_eq!(is(5.into(), 5.0.into()), Ok(true));
        assert_eq!(is(Value::Null, list), Ok(false));
        assert!(is("a".into(), "(".into()).is_err());
        static A: Pattern = Pattern::new("\\d");
        assert_eq!(matches_pattern(&5.into(), &A, AT), Ok(true));
        assert_eq!(matches_pattern(&Value::Null, &A, AT), Ok(false));
    }

    #[test]
    fn texts_begin_and_end() {
        let list = Value::list([1.into()]);
        assert!(starts_with(&"[1] and".into(), &list));
        assert!(!starts_with(&"[2]".into(), &list));
        assert!(starts_with(&"15".into(), &1.into()));
        assert!(starts_with(&2.into(), &2.into()));
        assert!(!starts_with(&2.into(), &"".into()));
        assert_eq!(ends_with(&"x1.5".into(), &1.5.into(), AT), Ok(true));
        assert_eq!(ends_with(&"x".into(), &Value::Null, AT), Ok(false));
        assert_eq!(ends_with(&list, &list, AT), Ok(true));
    }
}
