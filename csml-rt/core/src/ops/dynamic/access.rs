//! Items and entries of untyped values, read and written; `++` and `--`; building collections.

use alloc::vec::Vec;

use super::super::{coerce::refused, copied, int, list, map, unshared};
use crate::{Datum as _, Position, StepError, StepErrorKind, Value, budget, nesting, value_text::Described};

static NULL: Value = Value::Null;

/// The number of an item, `1.0` too.
fn number(key: &Value) -> Option<i64> {
    i64::from_value(key).ok()
}

/// `base[key]`: the item of a list, or the value of a map, `null` where the map has no such key.
///
/// # Errors
/// The list has no such item, or `base` has no items at all.
pub fn index<'a>(base: &'a Value, key: &Value, at: Position) -> Result<&'a Value, StepError> {
    match base {
        Value::List(items) => match number(key) {
            Some(index) => list::item(items, index, at),
            None => Err(no_items("take", base, key, at)),
        },
        Value::Map(entries) => Ok(entries.get(key).unwrap_or(&NULL)),
        _ => Err(no_items("take", base, key, at)),
    }
}

/// `base.name`
///
/// # Errors
/// As for [`index`].
pub fn member<'a>(base: &'a Value, name: &str, at: Position) -> Result<&'a Value, StepError> {
    match base {
        Value::Map(_) => Ok(base.get(name).unwrap_or(&NULL)),
        _ => index(base, &Value::from(name), at),
    }
}

/// `base?.[key]`: `null` if there is no such item, whatever `base` is.
#[must_use]
pub fn safe_index<'a>(base: &'a Value, key: &Value) -> &'a Value {
    match (base, key) {
        (Value::List(items), key) => {
            let index = number(key).and_then(|index| usize::try_from(index).ok());
            index.and_then(|index| items.get(index)).unwrap_or(&NULL)
        }
        (Value::Map(entries), key) => entries.get(key).unwrap_or(&NULL),
        _ => &NULL,
    }
}

#[cold]
fn no_items(what: &str, base: &Value, key: &Value, at: Position) -> StepError {
    let (base, key) = (Described(base), Described(key));
    refused(format_args!("{what} item {key} of {base}"), true, at)
}

/// The place of `base[key]`, to change what is in it.
///
/// # Errors
/// There is no such item or key, or `base` has no items at all.
pub fn index_mut<'a>(base: &'a mut Value, key: &Value, at: Position) -> Result<&'a mut Value, StepError> {
    match (base, number(key)) {
        (Value::List(items), Some(index)) => list::item_mut(unshared(items, at)?, index, at),
        (Value::Map(entries), _) => unshared(entries, at)?.get_mut(key).ok_or_else(|| {
            let message = alloc::format!("no key {} in the map", Described(key));
            StepError::new(StepErrorKind::Missing, at, message)
        }),
        (base, _) => Err(no_items("take", base, key, at)),
    }
}

/// `base[key] = value`: the list must have that item, a map takes a new key in.
///
/// # Errors
/// There is no such item, the map would be too large, or `base` has no items at all.
pub fn set_index(base: &mut Value, key: Value, value: Value, at: Position) -> Result<(), StepError> {
    nesting::check_item(&value, at)?;
    match (base, number(&key)) {
        (Value::List(items), Some(index)) => {
            *list::item_mut(unshared(items, at)?, index, at)? = value;
            Ok(())
        }
        (Value::Map(entries), _) => map::assign(unshared(entries, at)?, key, value, at),
        (base, _) => Err(no_items("set", base, &key, at)),
    }
}

/// `[a, b]`
///
/// # Errors
/// There are too many items, or they nest too deep.
pub fn list(items: Vec<Value>, at: Position) -> Result<Value, StepError> {
    checked(items.into(), at)
}

/// `{a, b}`
///
/// # Errors
/// There are too many items, or they nest too deep.
pub fn set(items: Vec<Value>, at: Position) -> Result<Value, StepError> {
    checked(Value::set(items), at)
}

/// `{k: v}`; of several with one key the last one stays.
///
/// # Errors
/// There are too many entries, or they nest too deep.
pub fn map(entries: Vec<(Value, Value)>, at: Position) -> Result<Value, StepError> {
    checked(Value::map(entries), at)
}

/// A collection made of others, if it is not too large.
///
/// # Errors
/// It nests too deep.
pub fn checked(collection: Value, at: Position) -> Result<Value, StepError> {
    nesting::check_value(&collection, at).map(|()| collection)
}

/// What a `for` goes through: the items of a list or set, the values of a map. Anything else has none, as in
/// JEXL.
#[must_use]
pub fn items(value: &Value) -> Vec<Value> {
    match value {
        Value::List(items) => copied(&**items),
        Value::Set(items) => listed(items.iter()),
        Value::Map(entries) => listed(entries.values()),
        _ => Vec::new(),
    }
}

fn listed<'a>(items: impl ExactSizeIterator<Item = &'a Value>) -> Vec<Value> {
    budget::note(budget::of_bytes(items.len() * size_of::<Value>()));
    items.cloned().collect()
}

/// `++operand`
///
/// # Errors
/// It is no number, or the result does not fit.
pub fn increment(operand: &Value, at: Position) -> Result<Value, StepError> {
    match operand {
        Value::Int(value) => int::add(*value, 1, at).map(Value::Int),
        Value::Float(value) => Ok(Value::Float(value + 1.0)),
        other => Err(refused(format_args!("increment {}", Described(other)), other.is_null(), at)),
    }
}

/// `--operand`
///
/// # Errors
/// It is no number, or the result does not fit.
pub fn decrement(operand: &Value, at: Position) -> Result<Value, StepError> {
    match operand {
        Value::Int(value) => int::sub(*value, 1, at).map(Value::Int),
        Value::Float(value) => Ok(Value::Float(value - 1.0)),
        other => Err(refused(format_args!("decrement {}", Described(other)), other.is_null(), at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Position = Position::new(1, 2);

    #[test]
    fn items_of_lists_and_maps() {
        let list = Value::list([1.into(), 2.into()]);
        assert_eq!(index(&list, &1.into(), AT), Ok(&Value::Int(2)));
        assert!(index(&list, &2.into(), AT).is_err());
        assert!(index(&list, &"0".into(), AT).is_err());
        assert!(member(&list, "length", AT).is_err());
        let map = Value::map([("a", list)]);
        assert!(index(&map, &"a".into(), AT).is_ok());
        assert_eq!(member(&map, "b", AT), Ok(&Value::Null));
        let error = index(&Value::Null, &"b".into(), AT).unwrap_err();
        assert_eq!(error.message(), "cannot take item string \"b\" of null");
        assert_eq!(error.kind(), StepErrorKind::Missing);
        assert_eq!(index(&5.into(), &"b".into(), AT).unwrap_err().kind(), StepErrorKind::Missing);
        for (base, key) in [(Value::Null, "b".into()), (5.into(), "b".into()), (Value::list([]), 0.into())] {
            assert_eq!(safe_index(&base, &key), &Value::Null);
        }
        assert_eq!(safe_index(&Value::list([4.into()]), &0.into()), &Value::Int(4));
    }

    #[test]
    fn items_are_set_where_they_are() {
        let mut value = Value::map([("l", Value::list([1.into(), 2.into()]))]);
        let copy = value.clone();
        let place = index_mut(&mut value, &"l".into(), AT).unwrap();
        set_index(place, 1.into(), 9.into(), AT).unwrap();
        assert!(set_index(place, 2.into(), 9.into(), AT).is_err());
        set_index(&mut value, "n".into(), Value::Null, AT).unwrap();
        let expected = Value::map([("l", Value::list([1.into(), 9.into()])), ("n", Value::Null)]);
        assert_eq!(value, expected);
        assert_eq!(copy, Value::map([("l", Value::list([1.into(), 2.into()]))]), "the copy is untouched");
        let error = index_mut(&mut value, &"zzz".into(), AT).unwrap_err();
        assert_eq!(error.message(), "no key string \"zzz\" in the map");
        let error = set_index(&mut Value::Null, "a".into(), 1.into(), AT).unwrap_err();
        assert_eq!(error.message(), "cannot set item string \"a\" of null");
        assert_eq!(error.kind(), StepErrorKind::Missing);
    }

    #[test]
    fn a_value_put_into_itself_again_and_again_is_refused_in_time() {
        let (mut built, mut map) = (Value::Null, Value::map::<Value>([]));
        let mut refused = 0;
        for _ in 0..100_000 {
            match super::list([built.clone()].into(), AT) {
                Ok(next) => built = next,
                Err(error) => {
                    assert_eq!(error.kind(), StepErrorKind::TooLarge);
                    refused += 1;
                }
            }
        }
        assert_eq!(refused, 100_000 - 100);
        let appended = super::super::add(&Value::set([]), &built, AT);
        assert!(appended.is_err());
        let nested = (0..200).try_for_each(|_| {
            let item = map.clone();
            set_index(&mut map, "m".into(), item, AT)
        });
        assert!(nested.is_err());
        assert!(built == built.clone());
        assert_eq!(alloc::format!("{}", crate::value_text::ValueText(&built)).len(), 2 * 100 + 4);
    }

    #[test]
    fn only_numbers_are_incremented() {
        assert_eq!(increment(&5.into(), AT), Ok(6.into()));
        assert_eq!(decrement(&2.5.into(), AT), Ok(1.5.into()));
        for value in ["5".into(), true.into(), Value::Null, Value::list([])] {
            assert!(increment(&value, AT).is_err());
            assert!(decrement(&value, AT).is_err());
        }
        assert!(increment(&i64::MAX.into(), AT).is_err());
    }

    #[test]
    fn loops_go_through_items_and_values() {
        assert_eq!(items(&Value::set([2.into(), 1.into()])), [1.into(), 2.into()]);
        assert_eq!(items(&Value::map([("a", 7.into())])), [7.into()]);
        assert_eq!(items(&5.into()), []);
    }
}
