//! `+` and `-` with an untyped collection on the left.

use super::{list::limit, unshared};
use crate::{Datum, Position, StepError, Value, budget, nesting};

/// `list + list` concatenates, `list + x` appends; sets and maps take in another set or map, and a set takes
/// in any other value. `None` if `left` cannot take `right` in.
pub(super) fn add(left: &Value, right: &Value, at: Position) -> Option<Result<Value, StepError>> {
    if let Err(error) = check_added(left, right, at) {
        return Some(Err(error));
    }
    let mut result = left.clone();
    add_to(&mut result, right, at).map(|added| added.map(|()| result))
}

/// Nothing if `left` takes no items.
fn add_to(left: &mut Value, right: &Value, at: Position) -> Option<Result<(), StepError>> {
    let change = || {
        let size = match (left, right) {
            (Value::List(items), Value::List(more)) => {
                budget::spend(more.copy_cost(), at)?;
                let items = unshared(items, at)?;
                items.extend_from_slice(more);
                items.len()
            }
            (Value::List(items), item) => {
                let items = unshared(items, at)?;
                items.push(item.clone());
                items.len()
            }
            (Value::Set(items), Value::Set(more)) => {
                budget::spend(more.copy_cost(), at)?;
                let items = unshared(items, at)?;
                items.extend(more.iter().cloned());
                items.len()
            }
            (Value::Set(items), item) => {
                let items = unshared(items, at)?;
                items.insert(item.clone());
                items.len()
            }
            (Value::Map(entries), Value::Map(more)) => {
                budget::spend(more.copy_cost(), at)?;
                let entries = unshared(entries, at)?;
                entries.extend(more.iter().map(|(key, value)| (key.clone(), value.clone())));
                entries.len()
            }
            _ => return Ok(None),
        };
        limit(size, at).map(Some)
    };
    change().transpose()
}

fn check_added(left: &Value, right: &Value, at: Position) -> Result<(), StepError> {
    match (left, right) {
        (Value::List(_), Value::List(_)) | (Value::Set(_), Value::Set(_)) | (Value::Map(_), _) => Ok(()),
        _ => nesting::check_item(right, at),
    }
}

/// A list or set without the items of another list or set, a map without the keys in one. `None` if the
/// operands are others.
pub(super) fn sub(left: &Value, right: &Value, at: Position) -> Option<Result<Value, StepError>> {
    let removed = |item: &Value| match right {
        Value::List(items) => items.iter().any(|other| other.same(item)),
        Value::Set(items) => items.contains(item),
        _ => false,
    };
    if !matches!(right, Value::List(_) | Value::Set(_)) {
        return None;
    }
    let cost = match (left, right) {
        (Value::List(items), Value::List(others)) => items.len().saturating_mul(others.len()),
        (Value::Map(entries), Value::List(others)) => entries.len().saturating_mul(others.len()),
        (Value::Set(items), Value::List(others)) => items.len().saturating_mul(others.len()),
        _ => 0,
    };
    let copied = match left {
        Value::List(items) => items.copy_cost(),
        Value::Set(items) => items.copy_cost(),
        Value::Map(entries) => entries.copy_cost(),
        _ => return None,
    };
    if let Err(error) = budget::spend(cost.saturating_add(copied), at) {
        return Some(Err(error));
    }
    let rest = match left {
        Value::List(items) => Some(Value::list(items.iter().filter(|item| !removed(item)).cloned())),
        Value::Set(items) => Some(Value::set(items.iter().filter(|item| !removed(item)).cloned())),
        Value::Map(entries) => {
            let kept = entries.iter().filter(|(key, _)| !removed(key));
            Some(Value::map(kept.map(|(key, value)| (key.clone(), value.clone()))))
        }
        _ => None,
    };
    rest.map(Ok)
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
        assert_eq!(sub(&list, &ints(&[1]), AT), Some(Ok(ints(&[2]))));
        assert_eq!(sub(&list, &1.into(), AT), None);
        assert_eq!(list, ints(&[1, 2, 1]), "the operand is untouched");
    }

    #[test]
    fn sets_and_maps() {
        assert_eq!(add(&set(&[1]), &set(&[2]), AT), Some(Ok(set(&[1, 2]))));
        assert_eq!(add(&set(&[1]), &2.into(), AT), Some(Ok(set(&[1, 2]))));
        assert_eq!(sub(&set(&[1, 2]), &ints(&[2]), AT), Some(Ok(set(&[1]))));
        let map = Value::map([("a", 1.into()), ("b", 2.into())]);
        let more = Value::map([("b", 3.into())]);
        let sum = Value::map([("a", 1.into()), ("b", 3.into())]);
        assert_eq!(add(&map, &more, AT), Some(Ok(sum)));
        assert_eq!(sub(&map, &Value::set(["b".into()]), AT), Some(Ok(Value::map([("a", 1.into())]))));
        assert_eq!(add(&map, &1.into(), AT), None);
    }
}
