//! Until the library lands.
use csml_rt_core::{Position, Rng, StepError, StepErrorKind, Value};
pub(super) fn method_mut(_: &mut Value, name: &str, _: &[Value], at: Position) -> Result<Value, StepError> {
    Err(StepError::new(StepErrorKind::Call, at, format!("no method {name}")))
}
pub(super) fn function(
    _: &str,
    name: &str,
    _: &[Value],
    _: &mut Rng,
    at: Position,
) -> Result<Value, StepError> {
    Err(StepError::new(StepErrorKind::Call, at, format!("no function {name}")))
}
pub(super) fn changes(name: &str) -> bool {
    ["add", "addAll", "remove", "clear", "set", "put", "putAll", "removeAll"].contains(&name)
}
