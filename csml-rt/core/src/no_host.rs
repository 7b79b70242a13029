//! Types of the user's without the feature `serde`: every use of one is an error that names the feature.

use crate::{InitError, Misfit, Position, StepError, Value, stored::Stored};

/// What no type is without the feature `serde`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can be the type of data of a description only with the feature `serde` of csml-rt",
    note = "add it to Cargo.toml: `csml-rt = {{ …, features = [\"serde\"] }}`"
)]
pub trait HostType: Sized {
    /// Makes a value: never called, as no type implements this.
    fn none() -> Self;
}

/// Compiles for no type.
pub const fn assert_datum<T: HostType>() {}

/// Compiles for no type.
pub const fn assert_variable<T: HostType>() {}

#[expect(missing_docs, reason = "stands for a function of the feature `serde`")]
pub fn to_value<T: HostType>(_: &T) -> Value {
    Value::Null
}

#[expect(missing_docs, clippy::missing_errors_doc, reason = "stands for a function of the feature `serde`")]
pub fn from_dynamic<T: HostType>(_: &Value, _: Position) -> Result<T, StepError> {
    Ok(T::none())
}

#[expect(missing_docs, clippy::missing_errors_doc, reason = "stands for a function of the feature `serde`")]
pub fn field<T: HostType>(_: &Value, _: &str) -> Result<T, Misfit> {
    Ok(T::none())
}

#[expect(missing_docs, clippy::missing_errors_doc, reason = "stands for a function of the feature `serde`")]
pub fn optional_field<T: HostType>(_: &Value, _: &str) -> Result<Option<T>, Misfit> {
    Ok(None)
}

#[expect(missing_docs, clippy::missing_errors_doc, reason = "stands for a function of the feature `serde`")]
pub fn set_variable<T: HostType>(_: &mut T, _: Option<&Value>) -> Result<(), Misfit> {
    Ok(())
}

#[expect(missing_docs, clippy::missing_errors_doc, reason = "stands for a function of the feature `serde`")]
pub fn set_slot<T: HostType>(_: &mut Option<T>, _: Option<&Value>) -> Result<(), Misfit> {
    Ok(())
}

impl Stored<'_> {
    #[expect(
        missing_docs,
        clippy::missing_errors_doc,
        reason = "stands for a function of the feature `serde`"
    )]
    pub fn host_value<T: HostType>(&self, _: usize, _: &'static str) -> Result<Option<T>, InitError> {
        Ok(None)
    }
}
