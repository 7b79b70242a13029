//! Methods and functions that are called by name, on values whose types are known only at run time
//! (docs/expressions/library.md).
//!
//! Each does what its typed counterpart in `ops` does; the tables here say which there are, for messages.

mod functions;
mod list;
mod map;
mod scalars;
mod set;
mod text;

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

pub use functions::function;

use crate::{Position, StepError, StepErrorKind, Value, ops::unshared};

/// Names of methods or functions and the parameters that each takes, for messages.
type Signatures = &'static [(&'static str, &'static str)];

/// A call as it is written.
#[derive(Clone, Copy)]
struct MethodCall<'a> {
    name: &'a str,
    arguments: &'a [Value],
    at: Position,
}

/// `receiver.name(arguments)`. A method that changes its receiver changes a copy.
///
/// # Errors
/// There is no such method, it does not take these arguments, or the method's own.
pub fn method(receiver: &Value, name: &str, arguments: &[Value], at: Position) -> Result<Value, StepError> {
    let call = MethodCall { name, arguments, at };
    if changes(receiver, name) {
        return call.fitting(|call| change(&mut receiver.clone(), call));
    }
    call.fitting(|call| unchanging(receiver, call))
}

fn unchanging(receiver: &Value, call: MethodCall<'_>) -> Result<Value, StepError> {
    match receiver {
        Value::Null => Err(of_null(call)),
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Bytes(_) => scalars::call(receiver, call),
        Value::Text(text) => text::call(text, call),
        Value::List(items) => list::call(items, call),
        Value::Set(items) => set::call(items, call),
        Value::Map(entries) => map::call(entries, call),
    }
}

/// `receiver.name(arguments)` where the receiver is a place that keeps what the method changes.
///
/// # Errors
/// As for [`method`].
pub fn method_mut(
    receiver: &mut Value,
    name: &str,
    arguments: &[Value],
    at: Position,
) -> Result<Value, StepError> {
    if changes(receiver, name) {
        MethodCall { name, arguments, at }.fitting(|call| change(receiver, call))
    } else {
        method(receiver, name, arguments, at)
    }
}

/// Whether this method changes this receiver.
fn changes(receiver: &Value, name: &str) -> bool {
    let names = match receiver {
        Value::List(_) => list::CHANGING,
        Value::Set(_) => set::CHANGING,
        Value::Map(_) => map::CHANGING,
        _ => return false,
    };
    names.contains(&name)
}

fn change(receiver: &mut Value, call: MethodCall<'_>) -> Result<Value, StepError> {
    match receiver {
        Value::List(items) => list::change(unshared(items, call.at)?, call),
        Value::Set(items) => set::change(unshared(items, call.at)?, call),
        Value::Map(entries) => map::change(unshared(entries, call.at)?, call),
        other => Err(call.refused(&format!("{} value", other.kind()), &[])),
    }
}

#[cold]
fn of_null(call: MethodCall<'_>) -> StepError {
    StepError::new(StepErrorKind::Missing, call.at, format!("cannot call `{}` of null", call.name))
}

impl MethodCall<'_> {
    /// Calls `f`, and where it does not take the arguments, once more with floats without a fraction as integers: data
    /// that come in as `3.0` fit where an integer is expected.
    fn fitting(
        self,
        mut f: impl FnMut(MethodCall<'_>) -> Result<Value, StepError>,
    ) -> Result<Value, StepError> {
        match f(self) {
            Err(error) if error.kind() == StepErrorKind::Call => match self.whole() {
                Some(arguments) => match f(MethodCall { arguments: &arguments, ..self }) {
                    Err(again) if again.kind() == StepErrorKind::Call => Err(error),
                    result => result,
                },
                None => Err(error),
            },
            result => result,
        }
    }

    /// The arguments with integers for floats without a fraction, if there are any.
    #[cold]
    fn whole(self) -> Option<Vec<Value>> {
        let whole = |value: &Value| match value {
            Value::Float(float) => crate::datum::whole(*float).map(Value::Int),
            _ => None,
        };
        let found = self.arguments.iter().any(|argument| whole(argument).is_some());
        let arguments = self.arguments.iter().map(|value| whole(value).unwrap_or_else(|| value.clone()));
        found.then(|| arguments.collect())
    }

    /// The call fits none of `signatures`, which are those of `what`.
    #[cold]
    fn refused(&self, what: &str, signatures: &[(&str, &str)]) -> StepError {
        let name = self.name;
        let (kind, message) = match signatures.iter().find(|signature| signature.0 == name) {
            Some((_, parameters)) => {
                let kinds: Vec<_> = self.arguments.iter().map(Value::kind).collect();
                let message = format!("`{name}` of a {what} takes {parameters}, not ({})", kinds.join(", "));
                (self.misfit(), message)
            }
            None => {
                let names: Vec<_> = signatures.iter().map(|signature| signature.0).collect();
                let message = format!("a {what} has no method `{name}`; it has {}", names.join(", "));
                (StepErrorKind::Call, message)
            }
        };
        StepError::new(kind, self.at, message)
    }

    /// What kind of error it is that the arguments do not fit: something is missing if one of them is `null`.
    fn misfit(&self) -> StepErrorKind {
        if self.arguments.iter().any(Value::is_null) { StepErrorKind::Missing } else { StepErrorKind::Call }
    }
}

fn texts(parts: Vec<String>) -> Value {
    Value::list(parts.into_iter().map(Value::from))
}

/// The text of a value, for `toString`.
fn text_of(value: &Value, at: Position) -> Result<Value, StepError> {
    super::super::text::from_value(value, at).map(Value::from)
}

/// What a value is called in messages about its methods.
fn described(value: &Value) -> String {
    match value {
        Value::Bool(_) => "truth value".to_string(),
        other => other.kind().to_string(),
    }
}

#[cfg(test)]
mod tests;
