//! How typed data become untyped and back.

use alloc::{string::String, vec::Vec};
use core::fmt;

use crate::Value;

/// Raw bytes: the type `bytes` of the expression language.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(pub Vec<u8>);

/// Says where untyped data do not fit a type: `value: expected bool, found "yes"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Path of the datum within its payload, such as `reading.values[3]`; empty for the payload itself.
    pub path: String,
    /// What was expected and what was found.
    pub message: String,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}

impl core::error::Error for Misfit {}

/// A type that data of a description can have.
pub trait Datum: Sized {
    /// What the type is called in messages, such as `bool` or `list`.
    const EXPECTED: &'static str;

    /// As an untyped value.
    fn to_value(&self) -> Value;

    /// From an untyped value. Integers are accepted where a float is expected.
    ///
    /// # Errors
    /// Says where it does not fit.
    fn from_value(value: &Value) -> Result<Self, Misfit>;
}
