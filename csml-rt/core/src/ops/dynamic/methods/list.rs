//! Methods of lists.

use alloc::vec::Vec;

use super::{super::super::list as typed, MethodCall, Signatures};
use crate::{StepError, Value};

pub(super) const CHANGING: &[&str] = &["add", "addAll", "clear", "remove", "set"];

const METHODS: Signatures = &[
    ("add", "(item) or (int, item)"),
    ("addAll", "(list) or (set)"),
    ("clear", "()"),
    ("contains", "(item)"),
    ("containsAll", "(list) or (set)"),
    ("equals", "(any)"),
    ("get", "(int)"),
    ("indexOf", "(item)"),
    ("isEmpty", "()"),
    ("lastIndexOf", "(item)"),
    ("length", "()"),
    ("remove", "(int) or (item)"),
    ("set", "(int, item)"),
    ("size", "()"),
    ("subList", "(int, int)"),
    ("toString", "()"),
];

pub(super) fn call(items: &[Value], call: MethodCall<'_>) -> Result<Value, StepError> {
    use Value::{Int, List, Set};

    let at = call.at;
    Ok(match (call.name, call.arguments) {
        ("contains", [item]) => typed::contains(items, item).into(),
        ("containsAll", [List(wanted)]) => typed::contains_all(items, wanted.iter(), call.at)?.into(),
        ("containsAll", [Set(wanted)]) => typed::contains_all(items, wanted.iter(), call.at)?.into(),
        ("equals", [List(other)]) => (items == other.as_slice()).into(),
        ("equals", [_]) => false.into(),
        ("get", [Int(index)]) => typed::get(items, *index, at)?,
        ("indexOf", [item]) => typed::index_of(items, item).into(),
        ("isEmpty", []) => items.is_empty().into(),
        ("lastIndexOf", [item]) => typed::last_index_of(items, item).into(),
        ("length" | "size", []) => typed::size(items).into(),
        ("subList", [Int(from), Int(to)]) => typed::sub_list(items, *from, *to, at)?.into(),
        ("toString", []) => typed::to_text(items, at)?.into(),
        _ => return Err(call.refused("list", METHODS)),
    })
}

pub(super) fn change(items: &mut Vec<Value>, call: MethodCall<'_>) -> Result<Value, StepError> {
    use Value::{Int, List, Set};

    let at = call.at;
    Ok(match (call.name, call.arguments) {
        ("add", [item]) => typed::add(items, item.clone(), at)?.into(),
        ("add", [Int(index), item]) => {
            typed::insert(items, *index, item.clone(), at)?;
            Value::Null
        }
        ("addAll", [List(more)]) => typed::add_all(items, more.iter(), at)?.into(),
        ("addAll", [Set(more)]) => typed::add_all(items, more.iter(), at)?.into(),
        ("clear", []) => {
            items.clear();
            Value::Null
        }
        ("remove", [Int(index)]) => typed::remove(items, *index, at)?,
        ("remove", [item]) => typed::remove_item(items, item).into(),
        ("set", [Int(index), item]) => typed::set(items, *index, item.clone(), at)?,
        _ => return Err(call.refused("list", METHODS)),
    })
}
