//! User types as data of a description (docs/typing.md#types-of-your-own): they cross every boundary through serde.
//!
//! Expressions cannot look into such a value. Where one does, the value becomes an untyped one, as it would
//! become JSON: structs are maps, enums without data are strings. The way back fails where it does not fit.

mod de;
mod impls;
mod ser;

use core::fmt::Debug;

use serde_core::{Serialize, de::DeserializeOwned};

use crate::{InitError, Misfit, Position, StepError, Value, datum::find, nesting, stored::Stored};

/// Levels of a value that are followed, those of options and newtypes included.
const MAX_LEVELS: u32 = nesting::MAX_NESTING as u32;

/// What a type of the user's must be to be the type of data.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the type of data of a description",
    note = "such a type is `Clone`, `Debug`, `PartialEq`, `Send`, `Sync`, `'static` and, for every boundary, \
            `serde::Serialize` and `serde::Deserialize`"
)]
pub trait HostType: Clone + Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {}

impl<T> HostType for T where
    T: Clone + Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static
{
}

/// Compiles only for a type that data can have.
pub const fn assert_datum<T: HostType>() {}

/// Compiles only for a type that a variable can have: it has a value before the first is assigned.
pub const fn assert_variable<T: HostType + Default>() {}

/// A value as an untyped one. One that its `Serialize` refuses, or that is larger than an untyped value may be, is
/// `null`.
#[must_use]
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Value {
    let made = value.serialize(ser::Serializer::new(MAX_LEVELS)).ok();
    made.filter(nesting::allowed).unwrap_or_default()
}

/// A value from an untyped one.
///
/// # Errors
/// Says where it does not fit.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, Misfit> {
    T::deserialize(de::Deserializer::new(value, MAX_LEVELS))
}

/// A value from what an expression made.
///
/// # Errors
/// It does not fit: an error of the step.
pub fn from_dynamic<T: DeserializeOwned>(value: &Value, at: Position) -> Result<T, StepError> {
    from_value(value).map_err(|misfit| misfit.at(at))
}

/// A datum of a payload that is a map, or `null` for none.
///
/// # Errors
/// It is missing or does not fit, or the payload is no map.
pub fn field<T: DeserializeOwned>(payload: &Value, name: &str) -> Result<T, Misfit> {
    match find(payload, name)? {
        Some(value) => from_value(value).map_err(|misfit| misfit.within(name)),
        // An option is not there, anything else is missing.
        None => from_value(&Value::Null).map_err(|_| Misfit::new("missing").within(name)),
    }
}

/// A datum that may be missing. `null` counts as missing unless it fits the type.
///
/// # Errors
/// It does not fit, or the payload is no map.
pub fn optional_field<T: DeserializeOwned>(payload: &Value, name: &str) -> Result<Option<T>, Misfit> {
    match find(payload, name)? {
        None => Ok(None),
        Some(Value::Null) => Ok(from_value(&Value::Null).ok()),
        Some(value) => from_value(value).map(Some).map_err(|misfit| misfit.within(name)),
    }
}

impl Stored<'_> {
    /// What the store has of a persistent variable of a type of the user's; `None` if it has nothing.
    ///
    /// # Errors
    /// The value does not fit.
    pub fn host_value<T: DeserializeOwned>(
        &self,
        position: usize,
        path: &'static str,
    ) -> Result<Option<T>, InitError> {
        self.value_as(position, path, from_value)
    }
}

/// Gives a variable a value from a store; without one the default of its type.
///
/// # Errors
/// The value does not fit; the variable has not changed.
pub fn set_variable<T: DeserializeOwned + Default>(
    variable: &mut T,
    value: Option<&Value>,
) -> Result<(), Misfit> {
    *variable = value.map(from_value).transpose()?.unwrap_or_default();
    Ok(())
}

/// Gives a variable that may be absent a value from a store; without one it is absent.
///
/// # Errors
/// The value does not fit; the variable has not changed.
pub fn set_slot<T: DeserializeOwned>(slot: &mut Option<T>, value: Option<&Value>) -> Result<(), Misfit> {
    *slot = value.map(from_value).transpose()?;
    Ok(())
}

#[cfg(test)]
mod tests;
