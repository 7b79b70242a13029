//! Methods of maps.

use alloc::collections::BTreeMap;

use super::{super::super::map as typed, MethodCall, Signatures};
use crate::{StepError, Value};

pub(super) const CHANGING: &[&str] = &["clear", "put", "putAll", "remove"];

const METHODS: Signatures = &[
    ("clear", "()"),
    ("containsKey", "(key)"),
    ("containsValue", "(value)"),
    ("entrySet", "()"),
    ("equals", "(any)"),
    ("get", "(key)"),
    ("getOrDefault", "(key, value)"),
    ("isEmpty", "()"),
    ("keySet", "()"),
    ("put", "(key, value)"),
    ("putAll", "(map)"),
    ("remove", "(key)"),
    ("size", "()"),
    ("toString", "()"),
    ("values", "()"),
];

pub(super) fn call(entries: &BTreeMap<Value, Value>, call: MethodCall<'_>) -> Result<Value, StepError> {
    use Value::Map;

    Ok(match (call.name, call.arguments) {
        ("containsKey", [key]) => typed::contains_key(entries, key).into(),
        ("containsValue", [value]) => typed::contains_value(entries, value).into(),
        ("entrySet", []) => typed::entry_set(entries).into(),
        ("equals", [Map(other)]) => (entries == &**other).into(),
        ("equals", [_]) => false.into(),
        ("get", [key]) => typed::get(entries, key).into(),
        ("getOrDefault", [key, default]) => typed::get_or_default(entries, key, default),
        ("isEmpty", []) => entries.is_empty().into(),
        ("keySet", []) => typed::key_set(entries).into(),
        ("size", []) => typed::size(entries).into(),
        ("toString", []) => typed::to_text(entries, call.at)?.into(),
        ("values", []) => typed::values(entries).into(),
        _ => return Err(call.refused("map", METHODS)),
    })
}

pub(super) fn change(entries: &mut BTreeMap<Value, Value>, call: MethodCall<'_>) -> Result<Value, StepError> {
    use Value::Map;

    let at = call.at;
    Ok(match (call.name, call.arguments) {
        ("clear", []) => {
            entries.clear();
            Value::Null
        }
        ("put", [key, value]) => typed::put(entries, key.clone(), value.clone(), at)?.into(),
        ("putAll", [Map(more)]) => {
            typed::put_all(entries, more, at)?;
            Value::Null
        }
        ("remove", [key]) => typed::remove(entries, key).into(),
        _ => return Err(call.refused("map", METHODS)),
    })
}
