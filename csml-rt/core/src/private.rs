//! What generated code names, under the one path it knows, so that no name of a description and no import
//! around the generated code can change its meaning. Not for use by hand: it changes with the compiler.

pub use alloc::{
    borrow::ToOwned,
    boxed::Box,
    collections::{BTreeMap, BTreeSet},
    format,
    string::String,
    sync::Arc,
    vec,
    vec::Vec,
};
pub use core::{
    clone::Clone,
    cmp::{Eq, Ord, PartialEq, PartialOrd},
    convert::{AsRef, From, Into},
    default::Default,
    fmt,
    fmt::Debug,
    hash::Hash,
    iter::{IntoIterator, Iterator},
    marker::{Copy, Send, Sized, Sync},
    matches, mem,
    option::Option::{self, None, Some},
    result::Result::{self, Err, Ok},
};

pub use crate::{
    Buffer, Bytes, Channel, Datum, Description, Effect, Effects, EventInfo, Fuel, InitError, InstanceInfo,
    InvokeInfo, MachineInfo, Machines, MemoryMode, Misfit, Outcome, Pattern, PersistentInfo, Position,
    ProcessInfo, Property, PropertyValue, Raise, Rng, ServiceInfo, StateInfo, Status, StepError,
    StepErrorKind, TimerInfo, TimerKey, TransitionKind, Value,
    compiled::{Call, Compiled, EffectsFor, Event, Look, NoCall, NoReply, Shared, Visit},
    datum::{field, optional_field},
    machine::{Context, Machine, State, StepResult, Steps, Variables},
    ops::*,
    step::*,
    stored::{Stored, set_slot, set_variable},
};

/// What a step may still build, copy and search.
pub mod budget {
    pub use crate::budget::{check, renew};
}

/// Types of the user's.
pub mod host {
    pub use crate::host::*;
}

/// The result of a host function that can fail.
///
/// # Errors
/// The function's own error, as an error of the step.
#[inline]
pub fn host_result<T, E: fmt::Display>(
    result: Result<T, E>,
    name: &'static str,
    at: Position,
) -> Result<T, StepError> {
    result.map_err(|error| StepError::new(StepErrorKind::Host, at, format!("`{name}` failed: {error}")))
}

/// A value of a type that the user has fixed, from what an expression made.
///
/// # Errors
/// It does not fit: an error of the step.
pub fn from_dynamic<T: Datum>(value: &Value, at: Position) -> Result<T, StepError> {
    T::from_value(value).map_err(|misfit| misfit.at(at))
}

/// Any datum as an untyped value.
#[inline]
pub fn to_value<T: Datum>(datum: &T) -> Value {
    datum.to_value()
}

/// Any datum as an untyped value, without a copy where that is possible.
#[inline]
pub fn into_value<T: Datum>(datum: T) -> Value {
    datum.into_value()
}

/// A value of a type that nothing else tells.
#[inline]
pub fn of_type<T>(value: T) -> T {
    value
}
