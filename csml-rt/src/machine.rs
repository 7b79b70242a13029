//! What generated machines are made of: for programs that drive them without the [`node`](crate::node), for example on
//! a board without an operating system.
//!
//! Generated code implements [`Machines`]: step functions over the data of one instance, which put what they ask for
//! into [`Effects`]. A driver keeps the instances, calls the step functions with a [`Buffer`], and carries out the
//! effects of each step that succeeds. It needs `alloc` only.
//!
//! The module follows the version of the crate like everything public, but expect more changes here than in `App`.

pub use csml_rt_core::{
    Buffer, Channel, Datum, Description, Effect, Effects, EventInfo, InitError, InstanceInfo, InvokeInfo,
    MachineInfo, Machines, MemoryMode, Misfit, Outcome, PersistentInfo, Position, ProcessInfo, Property,
    PropertyValue, Raise, Rng, ServiceInfo, StateInfo, Status, StepError, StepErrorKind, TimerInfo, TimerKey,
    TransitionKind, Value,
};
