//! Operators as generated code calls them. What can fail takes the place in the description, for the error.
//!
//! The way that succeeds is inlined; building an error is kept out of it.

pub mod bytes;
pub mod dynamic;
pub mod float;
pub mod int;
pub mod list;
pub mod map;
pub mod math;
pub mod option;
pub mod random;
pub mod set;
pub mod text;
pub mod truth;

mod coerce;
mod collection;
mod collections;
mod compare;
mod condition;
mod copies;
mod failure;

pub use collection::{Collection, is_empty, size};
pub use condition::{Condition, holds};
pub use copies::copied;
pub(crate) use copies::unshared;
pub use failure::absent;
pub use option::{datum, output, slot, some, unless_missing};
pub use random::random_payload;

use crate::{Position, StepError, StepErrorKind};

/// Bytes a string may have.
pub const MAX_TEXT: usize = 64 << 20;
/// Items a list, set or map may have.
pub const MAX_ITEMS: usize = 16 << 20;

/// The place at `line` and `column`, short for generated code.
#[inline]
#[must_use]
pub const fn at(line: u32, column: u32) -> Position {
    Position::new(line, column)
}

#[cold]
fn negative(what: &str, times: i64, at: Position) -> StepError {
    StepError::new(StepErrorKind::Type, at, alloc::format!("cannot {what} {times} times"))
}

#[cold]
fn too_large(what: &'static str, at: Position) -> StepError {
    StepError::new(StepErrorKind::TooLarge, at, what)
}
