//! The interface between machines and the node that drives them.

use alloc::{string::String, vec::Vec};

use crate::{Description, Effects, StepError};
use crate::{Misfit, Value};

/// How a step ended.
///
/// As wide as the pointer in a [`StepError`], so that a step's result is returned in two registers. Through memory it
/// would be written as bytes and read as words, for which the processor waits longer than the step takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Outcome {
    /// No transition was enabled; nothing changed.
    Unhandled,
    /// The step is complete.
    Handled,
    /// The step is complete and the machine is in a terminal state.
    Terminated,
}

/// Where a machine stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Status {
    /// Not started yet.
    #[default]
    Idle,
    /// Handles events.
    Running,
    /// Terminated, ended with its parent, or failed to start. Handles nothing more.
    Ended,
}

/// What the node remembers about a pending timer, kept beside the machine so that finding it needs no map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimerKey(pub u32);

impl TimerKey {
    /// No timer is pending.
    pub const NONE: Self = Self(u32::MAX);
}

impl Default for TimerKey {
    fn default() -> Self {
        Self::NONE
    }
}

/// Why the shared data of an application could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InitError {
    /// An initial value could not be evaluated.
    Initial(StepError),
    /// A store has a value of another type: it was written for another version of the description.
    Stored {
        /// Component path of the variable.
        path: &'static str,
        /// What does not fit.
        misfit: Misfit,
    },
}

impl From<StepError> for InitError {
    fn from(error: StepError) -> Self {
        Self::Initial(error)
    }
}

impl core::fmt::Display for InitError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Initial(error) => error.fmt(f),
            Self::Stored { path, misfit } => {
                write!(f, "the stored value of the persistent variable `{path}` does not fit: {misfit}")
            }
        }
    }
}

impl core::error::Error for InitError {}

/// A compiled description: pure step functions over typed data, implemented by generated code.
///
/// Machines are numbered as in [`Description::machines`]. `Instance` is one top-level instance with all
/// machines nested in it; `Shared` is what the instances of one application share: the root's local data
/// and the persistent data. A function that returns an error has changed nothing but the effects, which the
/// caller drops.
pub trait Machines: Sized + 'static {
    /// Every event of the description, with its data.
    type Event: Clone + core::fmt::Debug + Send + Sync + 'static;
    /// A call of a service, with its input. Cloned for retries only.
    type Call: Clone + core::fmt::Debug + Send + Sync + 'static;
    /// The output of a service.
    type Reply: core::fmt::Debug + Send + Sync + 'static;
    /// The root's local data and the persistent data. The default is a placeholder until there are values.
    type Shared: Clone + Default + Send + 'static;
    /// A top-level instance and everything nested in it. Cloned only where a step may have to be rolled back or retried.
    type Instance: Clone + Send + 'static;

    /// The description's constant tables.
    const DESCRIPTION: &'static Description;

    /// Data shared by all instances, with initial values evaluated in order of declaration. `seed` feeds
    /// the random functions. `stored` holds what a store has of the persistent variables, by their
    /// positions in [`Description::persistent`]; what it does not have, or lies beyond its end, gets its
    /// initial value (docs/semantics.md#5-data).
    ///
    /// # Errors
    /// The error of an initial value, or a stored value of another type.
    fn shared(seed: u64, stored: &[Option<Value>]) -> Result<Self::Shared, InitError>;

    /// An instance of top-level machine `top`, not started. `seed` feeds its random functions.
    fn instance(top: u16, seed: u64) -> Self::Instance;

    /// Starts one machine of an instance: creates its data, enters the initial state, follows `always`
    /// (docs/semantics.md#3-execution, Start). The caller starts nested machines afterwards.
    ///
    /// # Errors
    /// The step error; the caller ends the instance.
    fn start<F>(
        instance: &mut Self::Instance,
        shared: &mut Self::Shared,
        machine: u16,
        effects: &mut F,
    ) -> Result<Outcome, StepError>
    where
        F: Effects<Event = Self::Event, Call = Self::Call>;

    /// Handles one event (docs/semantics.md#3-execution).
    ///
    /// # Errors
    /// The step error; nothing has changed.
    fn step<F>(
        instance: &mut Self::Instance,
        shared: &mut Self::Shared,
        machine: u16,
        event: &Self::Event,
        effects: &mut F,
    ) -> Result<Outcome, StepError>
    where
        F: Effects<Event = Self::Event, Call = Self::Call>;

    /// Handles one event like [`step`](Self::step), if the machine is running; `None` if it is not. One look at the
    /// machine instead of two.
    #[inline]
    fn step_if_running<F>(
        instance: &mut Self::Instance,
        shared: &mut Self::Shared,
        machine: u16,
        event: &Self::Event,
        effects: &mut F,
    ) -> Option<Result<Outcome, StepError>>
    where
        F: Effects<Event = Self::Event, Call = Self::Call>,
    {
        let running = Self::status(instance, machine) == Status::Running;
        running.then(|| Self::step(instance, shared, machine, event, effects))
    }

    /// An `after` timer is due: runs its raise actions (docs/semantics.md#6-timers-and-invocations).
    ///
    /// # Errors
    /// The step error; nothing has changed.
    fn fire<F>(
        instance: &mut Self::Instance,
        shared: &mut Self::Shared,
        machine: u16,
        timer: u16,
        effects: &mut F,
    ) -> Result<(), StepError>
    where
        F: Effects<Event = Self::Event, Call = Self::Call>;

    /// An invocation has completed: assigns its outputs and raises its `done` events
    /// (docs/semantics.md#6-timers-and-invocations).
    ///
    /// # Errors
    /// The step error; nothing has changed.
    fn complete<F>(
        instance: &mut Self::Instance,
        shared: &mut Self::Shared,
        machine: u16,
        invoke: u16,
        reply: &Self::Reply,
        effects: &mut F,
    ) -> Result<(), StepError>
    where
        F: Effects<Event = Self::Event, Call = Self::Call>;

    /// Notes `key` about timer `timer` of a machine and returns what was noted before; [`TimerKey::NONE`] if there is
    /// no such timer.
    fn replace_timer(instance: &mut Self::Instance, machine: u16, timer: u16, key: TimerKey) -> TimerKey;

    /// Where a machine stands in its life. Set by [`start`](Self::start) (running), [`step`](Self::step)
    /// (ended, in a terminal state) and [`end`](Self::end).
    fn status(instance: &Self::Instance, machine: u16) -> Status;

    /// Ends a machine: it handles nothing more.
    fn end(instance: &mut Self::Instance, machine: u16);

    /// Index of the active state; `None` before the start.
    fn state(instance: &Self::Instance, machine: u16) -> Option<u16>;

    /// Local and static variables of the machine and its active state, unsorted, inner ones last.
    fn data(instance: &Self::Instance, machine: u16) -> Vec<(&'static str, Value)>;

    /// The value of a persistent variable, by its position in [`Description::persistent`]; `None` if it
    /// does not exist at present.
    fn persistent_value(shared: &Self::Shared, variable: u16) -> Option<Value>;

    /// Gives a persistent variable another value, as it comes from a store; `None` removes one that may be
    /// absent and gives any other the default of its type.
    ///
    /// # Errors
    /// The value has another type; nothing has changed.
    fn set_persistent(shared: &mut Self::Shared, variable: u16, value: Option<&Value>) -> Result<(), Misfit>;

    /// Persistent variables by component path (docs/semantics.md#5-data), unsorted.
    fn persistent(shared: &Self::Shared) -> Vec<(&'static str, Value)>;

    /// The root's local variables, unsorted.
    fn root_data(shared: &Self::Shared) -> Vec<(&'static str, Value)>;

    /// Index of an event in [`Description::events`].
    fn event_index(event: &Self::Event) -> u16;

    /// The data of an event as a map; `None` if it carries none.
    fn event_data(event: &Self::Event) -> Option<Value>;

    /// An event from untyped data, as it comes from outside. `Value::Null` stands for no data.
    ///
    /// # Errors
    /// Says which datum is missing or does not fit.
    fn event_from(event: u16, data: &Value) -> Result<Self::Event, Misfit>;

    /// Index of a call's service in [`Description::services`].
    fn call_service(call: &Self::Call) -> u16;

    /// The input of a call as a map.
    fn call_input(call: &Self::Call) -> Value;

    /// The output of a service from untyped data. `Value::Null` stands for none.
    ///
    /// # Errors
    /// Says which output is missing or does not fit.
    fn reply_from(service: u16, output: &Value) -> Result<Self::Reply, Misfit>;

    /// The event `error.invoke.<serviceType>` if some machine handles it (docs/semantics.md#6-timers-and-invocations).
    fn failure_event(service: u16, message: String, status: Option<i64>) -> Option<Self::Event>;
}
