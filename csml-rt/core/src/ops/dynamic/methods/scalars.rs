//! Methods of numbers, truth values and bytes.

use super::{MethodCall, Signatures, described, text_of};
use crate::{StepError, Value};

const NUMBER: Signatures =
    &[("doubleValue", "()"), ("equals", "(any)"), ("intValue", "()"), ("toString", "()")];
const TRUTH: Signatures = &[("equals", "(any)"), ("toString", "()")];
const BYTES: Signatures =
    &[("equals", "(any)"), ("isEmpty", "()"), ("length", "()"), ("size", "()"), ("toString", "()")];

pub(super) fn call(receiver: &Value, call: MethodCall<'_>) -> Result<Value, StepError> {
    Ok(match (call.name, call.arguments, receiver) {
        ("equals", [other], _) => Value::Bool(receiver == other),
        ("toString", [], _) => text_of(receiver, call.at)?,
        ("intValue", [], Value::Int(value)) => Value::Int(*value),
        ("intValue", [], Value::Float(value)) => Value::Int(*value as i64),
        ("doubleValue", [], Value::Int(value)) => Value::Float(*value as f64),
        ("doubleValue", [], Value::Float(value)) => Value::Float(*value),
        ("size" | "length", [], Value::Bytes(bytes)) => Value::Int(bytes.len() as i64),
        ("isEmpty", [], Value::Bytes(bytes)) => Value::Bool(bytes.is_empty()),
        (_, _, Value::Int(_) | Value::Float(_)) => return Err(call.refused("number", NUMBER)),
        (_, _, Value::Bytes(_)) => return Err(call.refused("value of bytes", BYTES)),
        _ => return Err(call.refused(&described(receiver), TRUTH)),
    })
}
