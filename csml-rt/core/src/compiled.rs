//! What generated code provides, and the [`Machines`] that follow from it.

use alloc::string::String;
use core::fmt::Debug;

use crate::{
    Description, Effects, InitError, Machines, Misfit, Outcome, Status, StepError, TimerKey, Value, budget,
    machine::{StepResult, Steps, Variables},
    stored::Stored,
    visits::{
        Complete, End, Fire, LookAtState, LookAtStatus, LookAtVariables, ReplaceTimer, Start, Step,
        StepIfRunning,
    },
};

/// The effects of an application.
pub trait EffectsFor<A: Compiled>: Effects<Event = A::Event, Call = A::Call> {}

impl<A: Compiled, F: Effects<Event = A::Event, Call = A::Call>> EffectsFor<A> for F {}

/// The events of an application, with their data.
pub trait Event: Clone + Debug + Send + Sync + Sized + 'static {
    /// Position in [`Description::events`].
    fn index(&self) -> u16;

    /// See [`Machines::event_data`].
    fn data(&self) -> Option<Value> {
        None
    }

    /// See [`Machines::event_from`].
    ///
    /// # Errors
    /// Says which datum is missing or does not fit.
    fn from_data(index: u16, data: &Value) -> Result<Self, Misfit>;

    /// See [`Machines::failure_event`].
    fn of_failure(service: u16, message: String, status: Option<i64>) -> Option<Self> {
        let _ = (service, message, status);
        None
    }
}

/// The calls of services of an application, with their input.
pub trait Call: Clone + Debug + Send + Sync + 'static {
    /// The outputs of services.
    type Reply: Debug + Send + Sync + 'static;

    /// Position in [`Description::services`].
    fn service(&self) -> u16;

    /// The input as a map.
    fn input(&self) -> Value;

    /// See [`Machines::reply_from`].
    ///
    /// # Errors
    /// Says which output is missing or does not fit.
    fn reply(service: u16, output: &Value) -> Result<Self::Reply, Misfit>;
}

/// The calls of an application without services: there are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoCall {}

/// The outputs of an application without services: there are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoReply {}

impl Call for NoCall {
    type Reply = NoReply;

    fn service(&self) -> u16 {
        match *self {}
    }

    fn input(&self) -> Value {
        match *self {}
    }

    fn reply(_: u16, _: &Value) -> Result<NoReply, Misfit> {
        Err(Misfit::new("no such service"))
    }
}

/// What the instances of an application share. `R` is a random generator if an initial value draws a random number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shared<L = (), P = (), R = ()> {
    /// The root's local data.
    pub root: L,
    /// Persistent data: one value for the whole application.
    pub persistent: P,
    /// Draws the random numbers of initial values.
    pub rng: R,
}

/// An application as generated code describes it. [`Machines`] follows from it.
///
/// The two functions that find a machine by its index, [`look`](Self::look) and [`visit`](Self::visit), are all
/// the dispatch there is.
pub trait Compiled: Sized + 'static {
    /// Every event, with its data.
    type Event: Event;
    /// A call of a service, with its input.
    type Call: Call;
    /// The root's local data and the persistent data.
    type Shared: Clone + Default + Send + 'static;
    /// A top-level instance and everything nested in it.
    type Instance: Clone + Send + 'static;

    /// The description's constant tables.
    const DESCRIPTION: &'static Description;

    /// Gives shared data their initial values, in order of declaration.
    ///
    /// # Errors
    /// The error of an initial value, or a stored value of another type.
    fn initialise(shared: &mut Self::Shared, stored: &Stored<'_>) -> Result<(), InitError> {
        let _ = (shared, stored);
        Ok(())
    }

    /// An instance of top-level machine `top`, not started.
    fn instance(top: u16) -> Self::Instance;

    /// Seeds the random generators of an instance.
    fn seed(instance: &mut Self::Instance, seed: u64) {
        let _ = (instance, seed);
    }

    /// Shows a machine; `None` if there is no such machine.
    fn look<L: Look<Self>>(instance: &Self::Instance, machine: u16, look: L) -> Option<L::Output>;

    /// Works on a machine; `None` if there is no such machine.
    fn visit<'m, V: Visit<'m, Self>>(
        instance: &'m mut Self::Instance,
        machine: u16,
        visit: V,
    ) -> Option<V::Output>;

    /// See [`Machines::persistent_value`].
    fn persistent_value(shared: &Self::Shared, variable: u16) -> Option<Value> {
        let _ = (shared, variable);
        None
    }

    /// See [`Machines::set_persistent`].
    ///
    /// # Errors
    /// The value has another type; nothing has changed.
    fn set_persistent(shared: &mut Self::Shared, variable: u16, value: Option<&Value>) -> Result<(), Misfit> {
        let _ = (shared, variable, value);
        Err(Misfit::new("no such variable"))
    }

    /// The root's local variables.
    fn root_data(shared: &Self::Shared) -> Variables {
        let _ = shared;
        Variables::new()
    }
}

/// Looks at one machine, whichever it is.
pub trait Look<A: Compiled> {
    /// What it sees.
    type Output;

    /// Looks at the machine.
    fn look<M: Steps<A>>(self, machine: &M) -> Self::Output;
}

/// Works on one machine, whichever it is.
pub trait Visit<'m, A: Compiled> {
    /// What it returns.
    type Output;

    /// Works on the machine; `outer` is the data of the machines around it that it names.
    fn visit<M: Steps<A>>(self, machine: &'m mut M, outer: M::Outer<'m>) -> Self::Output;
}

impl<A: Compiled> Machines for A {
    type Event = A::Event;
    type Call = A::Call;
    type Reply = <A::Call as Call>::Reply;
    type Shared = A::Shared;
    type Instance = A::Instance;

    const DESCRIPTION: &'static Description = A::DESCRIPTION;

    fn shared(seed: u64, stored: &[Option<Value>]) -> Result<A::Shared, InitError> {
        budget::renew();
        let mut shared = A::Shared::default();
        A::initialise(&mut shared, &Stored { seed, values: stored })?;
        Ok(shared)
    }

    #[inline]
    fn instance(top: u16, seed: u64) -> A::Instance {
        let mut instance = A::instance(top);
        A::seed(&mut instance, seed);
        instance
    }

    fn start<F: EffectsFor<A>>(
        instance: &mut A::Instance,
        shared: &mut A::Shared,
        machine: u16,
        effects: &mut F,
    ) -> StepResult {
        A::visit(instance, machine, Start { shared, effects }).unwrap_or(Ok(Outcome::Unhandled))
    }

    #[inline]
    fn step<F: EffectsFor<A>>(
        instance: &mut A::Instance,
        shared: &mut A::Shared,
        machine: u16,
        event: &A::Event,
        effects: &mut F,
    ) -> StepResult {
        A::visit(instance, machine, Step { shared, event, effects }).unwrap_or(Ok(Outcome::Unhandled))
    }

    #[inline]
    fn step_if_running<F: EffectsFor<A>>(
        instance: &mut A::Instance,
        shared: &mut A::Shared,
        machine: u16,
        event: &A::Event,
        effects: &mut F,
    ) -> Option<StepResult> {
        A::visit(instance, machine, StepIfRunning(Step { shared, event, effects })).flatten()
    }

    fn fire<F: EffectsFor<A>>(
        instance: &mut A::Instance,
        shared: &mut A::Shared,
        machine: u16,
        timer: u16,
        effects: &mut F,
    ) -> Result<(), StepError> {
        A::visit(instance, machine, Fire { shared, timer, effects }).unwrap_or(Ok(()))
    }

    fn complete<F: EffectsFor<A>>(
        instance: &mut A::Instance,
        shared: &mut A::Shared,
        machine: u16,
        invoke: u16,
        reply: &Self::Reply,
        effects: &mut F,
    ) -> Result<(), StepError> {
        A::visit(instance, machine, Complete { shared, invoke, reply, effects }).unwrap_or(Ok(()))
    }

    #[inline]
    fn replace_timer(instance: &mut A::Instance, machine: u16, timer: u16, key: TimerKey) -> TimerKey {
        A::visit(instance, machine, ReplaceTimer { timer, key }).unwrap_or(TimerKey::NONE)
    }

    #[inline]
    fn status(instance: &A::Instance, machine: u16) -> Status {
        A::look(instance, machine, LookAtStatus).unwrap_or(Status::Ended)
    }

    fn end(instance: &mut A::Instance, machine: u16) {
        A::visit(instance, machine, End);
    }

    fn state(instance: &A::Instance, machine: u16) -> Option<u16> {
        A::look(instance, machine, LookAtState)?
    }

    fn data(instance: &A::Instance, machine: u16) -> Variables {
        match Self::state(instance, machine) {
            Some(_) => A::look(instance, machine, LookAtVariables).unwrap_or_default(),
            // Before the start, and after one that failed, no data exist.
            None => Variables::default(),
        }
    }

    fn persistent_value(shared: &A::Shared, variable: u16) -> Option<Value> {
        A::persistent_value(shared, variable)
    }

    fn set_persistent(shared: &mut A::Shared, variable: u16, value: Option<&Value>) -> Result<(), Misfit> {
        A::set_persistent(shared, variable, value)
    }

    fn persistent(shared: &A::Shared) -> Variables {
        let variables = A::DESCRIPTION.persistent.iter().zip(0..);
        let value = |(info, variable): (&crate::PersistentInfo, u16)| {
            Some((info.path, A::persistent_value(shared, variable)?))
        };
        variables.filter_map(value).collect()
    }

    fn root_data(shared: &A::Shared) -> Variables {
        A::root_data(shared)
    }

    #[inline]
    fn event_index(event: &A::Event) -> u16 {
        event.index()
    }

    fn event_data(event: &A::Event) -> Option<Value> {
        event.data()
    }

    fn event_from(event: u16, data: &Value) -> Result<A::Event, Misfit> {
        A::Event::from_data(event, data)
    }

    fn call_service(call: &A::Call) -> u16 {
        call.service()
    }

    fn call_input(call: &A::Call) -> Value {
        call.input()
    }

    fn reply_from(service: u16, output: &Value) -> Result<Self::Reply, Misfit> {
        A::Call::reply(service, output)
    }

    fn failure_event(service: u16, message: String, status: Option<i64>) -> Option<A::Event> {
        A::Event::of_failure(service, message, status)
    }
}
