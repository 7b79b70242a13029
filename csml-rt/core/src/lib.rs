//! The machine layer: what a generated state machine needs and nothing more. `no_std` + `alloc`.
//!
//! A generated application implements [`Machines`]; a driver runs it by calling the step functions and
//! carrying out the [`Effects`] they ask for. Everything asynchronous lives above this crate.
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod base64;
mod budget;
mod compiled;
mod datum;
mod description;
mod effects;
mod error;
mod fuel;
#[cfg(feature = "serde")]
mod host;
#[cfg(not(feature = "serde"))]
#[path = "no_host.rs"]
mod host;
mod json;
mod machine;
mod machines;
mod nesting;
mod ops;
mod pattern;
mod percent;
mod printable;
pub mod private;
mod rng;
mod step;
mod stored;
mod value;
mod value_text;
mod visits;

pub use base64::{decode as decode_base64, encode as encode_base64};
pub use datum::{Bytes, Datum, Misfit, field, optional_field};
pub use description::{
    Channel, Description, EventInfo, InstanceInfo, InvokeInfo, MachineInfo, MemoryMode, PersistentInfo,
    ProcessInfo, Property, PropertyValue, Raise, ServiceInfo, StateInfo, TimerInfo, TransitionKind,
};
pub use effects::{Buffer, Effect, Effects};
pub use error::{Position, StepError, StepErrorKind};
pub use fuel::{Fuel, MAX_CALLS};
pub use json::write_json_text;
pub use machines::{InitError, Machines, Outcome, Status, TimerKey};
pub use nesting::MAX_NESTING;
pub use pattern::{Pattern, PatternError, check_pattern};
pub use percent::{decode_name, decode_path, encode_name, encode_path};
pub use printable::{Printable, is_invisible};
pub use rng::Rng;
pub use value::Value;
