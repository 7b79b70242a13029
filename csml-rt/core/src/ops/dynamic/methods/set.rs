//! Methods of sets.

use alloc::collections::BTreeSet;

use super::{super::super::set as typed, MethodCall, Signatures};
use crate::{StepError, Value};

pub(super) const CHANGING: &[&str] = &["add", "addAll", "clear", "remove"];

const METHODS: Signatures = &[
    ("add", "(item)"),
    ("addAll", "(list) or (set)"),
    ("clear", "()"),
    ("contains", "(item)"),
    ("containsAll", "(list) or (set)"),
    ("equals", "(any)"),
    ("isEmpty", "()"),
    ("remove", "(item)"),
    ("size", "()"),
    ("toString", "()"),
];

pub(super) fn call(items: &BTreeSet<Value>, call: MethodCall<'_>) -> Result<Value, StepError> {
    use Value::{List, Set};

    Ok(match (call.name, call.arguments) {
        ("contains", [item]) => typed::contains(items, item).into(),
        ("containsAll", [List(wanted)]) => typed::contains_all(items, wanted.iter()).into(),
        ("containsAll", [Set(wanted)]) => typed::contains_all(items, wanted.iter()).into(),
        ("equals", [Set(other)]) => typed::equals(items, other).into(),
        ("equals", [_]) => false.into(),
        ("isEmpty", []) => items.is_empty().into(),
        ("size", []) => typed::size(items).into(),
        ("toString", []) => typed::to_text(items, call.at)?.into(),
        _ => return Err(call.refused("set", METHODS)),
    })
}

pub(super) fn change(items: &mut BTreeSet<Value>, call: MethodCall<'_>) -> Result<Value, StepError> {
    use Value::{List, Set};

    let at = call.at;
    Ok(match (call.name, call.arguments) {
        ("add", [item]) => typed::add(items, item.clone(), at)?.into(),
        ("addAll", [List(more)]) => typed::add_all(items, more.iter(), at)?.into(),
        ("addAll", [Set(more)]) => typed::add_all(items, more.iter(), at)?.into(),
        ("clear", []) => {
            items.clear();
            Value::Null
        }
        ("remove", [item]) => typed::remove(items, item).into(),
        _ => return Err(call.refused("set", METHODS)),
    })
}
