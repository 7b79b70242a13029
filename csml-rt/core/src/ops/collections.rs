//! `+` and `-` with an untyped collection on the left.

use alloc::sync::Arc;

use super::list::limit;
use crate::{Datum, Position, StepError, Value, nesting};

/// `list + list` concatenates, `list + x` appends; sets and maps take in another set or map, and a set takes
/// in any other value. `None` if `left` cannot take `right` in.
pub(super) fn add(left: &Value, right: &Value, at: Position) -> Option<Result<Value, StepError>> {
    if let Err(error) = check_added(left, right, at) {
        return Some(Err(error));
    }
    let mut result = left.clone();
    let size = match (&mut result, right) {
        (Value::List(items), Value::List(more)) => {
            let items = Arc::make_mut(items);
            items.extend_from_slice(more);
            items.len()
        }
        (Value::List(items), item) => {
            let items = Arc::make_mut(items);
            items.push(item.clone());
            items.len()
        }
        (Value::Set(items), Value::Set(more)) => {
            let items = Arc::make_mut(items);
            items.extend(more.iter().cloned());
            items.len()
        }
        (Value::Set(items), item) => {
            let items = Arc::make_mut(items);
            items.insert(item.clone());
            items.len()
        }
        (Value::Map(entries), Value::Map(more)) => {
            let entries = Arc::make_mut(entries);
            entries.extend(more.iter().map(|(key, value)| (key.clone(), value.clone())));
            entries.len()
        }
        _ => return None,
    };
    Some(limit(size, at).map(|()| result))
}

/// `right` may stand in `left`, where it becomes an item.
fn check_added(left: &Value, right: &Value, at: Position) -> Result<(), StepError> {
    match (left, right) {
        (Value::List(_), Value::List(_)) | (Value::Set(_), Value::Set(_)) | (Value::Map(_), _) => Ok(()),
        _ => nesting::check_item(right, at),
    }
}

/// A list or set without the items of another list or set, a map without the keys in one. `None` if the
/// operands are others.
pub(super) fn sub(left: &Value, right: &Value) -> Option<Value> {
    let removed = |item: &Value| match right {
        Value::List(items) => items.iter().any(|other| other.same(item)),
        Value::Set(items) => items.contains(item),
        _ => false,
    };
    if !matches!(right, Value::List(_) | Value::Set(_)) {
        return None;
    }
    match left {
        Value::List(items) => Some(Value::list(items.iter().filter(|item| !removed(item)).cloned())),
        Value::Set(items) => Some(Value::set(items.iter().filter(|item| !removed(item)).cloned())),
        Value::Map(entries) => {
            let kept = entries.iter().filter(|(key, _)| !removed(key));
            Some(Value::map(kept.map(|(key, value)| (key.clone(), value.clone()))))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Position = Position::new(1, 2);

    fn ints(items: &[i64]) -> Value {
        Value::list(items.iter().copied().map(Value::Int))
    }

    fn set(items: &[i64]) -> Value {
        Value::set(items.iter().copied().map(Value::Int))
    }

    #[test]
    fn lists() {
        let list = ints(&[1, 2, 1]);
        assert_eq!(add(&list, &ints(&[3]), AT), Some(Ok(ints(&[1, 2, 1, 3]))));
        assert_eq!(add(&list, &3.into(), AT), Some(Ok(ints(&[1, 2, 1, 3]))));
        assert_eq!(sub(&list, &ints(&[1])), Some(ints(&[2])));
        assert_eq!(sub(&list, &1.into()), None);
        assert_eq!(list, ints(&[1, 2, 1]), "the operand is untouched");
    }

    #[test]
    fn sets_and_maps() {
        assert_eq!(add(&set(&[1]), &set(&[2]), AT), Some(Ok(set(&[1, 2]))));
        assert_eq!(add(&set(&[1]), &2.into(), AT), Some(Ok(set(&[1, 2]))));
        assert_eq!(sub(&set(&[1, 2]), &ints(&[2])), Some(set(&[1])));
        let map = Value::map([("a", 1.into()), ("b", 2.into())]);
        let more = Value::map([("b", 3.into())]);
        let sum = Value::map([("a", 1.into()), ("b", 3.into())]);
        assert_eq!(add(&map, &more, AT), Some(Ok(sum)));
        assert_eq!(sub(&map, &Value::set(["b".into()])), Some(Value::map([("a", 1.into())])));
        assert_eq!(add(&map, &1.into(), AT), None);
    }
}
