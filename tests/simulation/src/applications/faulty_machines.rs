//! Machines that lose, repeat or reorder an event after the link has delivered it, to show that the checks find it.

use std::marker::PhantomData;

use csml_rt::machine::{
    Description, Effects, InitError, Machines, Misfit, Outcome, Status, StepError, TimerKey, Value,
};

/// The number of the affected event, from 1, and the machine that handles it.
const EVENT: u32 = 4;
const MACHINE: &str = "both";

/// What happens to that event.
pub trait HandlerFault: 'static {
    /// How often it is handled.
    const TIMES: usize;
    /// Whether it is handled after the next one.
    const LATE: bool;
}

/// It is not handled.
#[derive(Debug)]
pub struct DropsEvent;

/// It is handled twice.
#[derive(Debug)]
pub struct RepeatsEvent;

/// It is handled after the next one.
#[derive(Debug)]
pub struct SwapsEvents;

impl HandlerFault for DropsEvent {
    const TIMES: usize = 0;
    const LATE: bool = false;
}

impl HandlerFault for RepeatsEvent {
    const TIMES: usize = 2;
    const LATE: bool = false;
}

impl HandlerFault for SwapsEvents {
    const TIMES: usize = 1;
    const LATE: bool = true;
}

/// The machines of `A`, one of which has the fault `S`.
#[derive(Debug)]
pub struct FaultyMachines<A, S>(PhantomData<(A, S)>);

/// An instance of these machines.
#[derive(Debug, Clone)]
pub struct Instance<I, E> {
    inner: I,
    events: u32,
    held: Option<E>,
}

impl<A: Machines, S: HandlerFault> Machines for FaultyMachines<A, S> {
    type Event = A::Event;
    type Call = A::Call;
    type Reply = A::Reply;
    type Shared = A::Shared;
    type Instance = Instance<A::Instance, A::Event>;

    const DESCRIPTION: &'static Description = A::DESCRIPTION;

    fn step<F>(
        instance: &mut Self::Instance,
        shared: &mut Self::Shared,
        machine: u16,
        event: &Self::Event,
        fx: &mut F,
    ) -> Result<Outcome, StepError>
    where
        F: Effects<Event = Self::Event, Call = Self::Call>,
    {
        let mut times = 1;
        let name = Self::DESCRIPTION.machines.get(usize::from(machine)).map(|info| info.name);
        if name == Some(MACHINE) {
            instance.events += 1;
            if instance.events == EVENT {
                times = S::TIMES;
                if S::LATE {
                    instance.held = Some(event.clone());
                    return Ok(Outcome::Handled);
                }
            }
        }
        let mut outcome = Outcome::Handled;
        for _ in 0..times {
            outcome = A::step(&mut instance.inner, shared, machine, event, fx)?;
        }
        if let Some(held) = instance.held.take() {
            outcome = A::step(&mut instance.inner, shared, machine, &held, fx)?;
        }
        Ok(outcome)
    }

    fn shared(seed: u64, stored: &[Option<Value>]) -> Result<Self::Shared, InitError> {
        A::shared(seed, stored)
    }

    fn instance(top: u16, seed: u64) -> Self::Instance {
        Instance { inner: A::instance(top, seed), events: 0, held: None }
    }

    fn start<F>(
        instance: &mut Self::Instance,
        shared: &mut Self::Shared,
        machine: u16,
        fx: &mut F,
    ) -> Result<Outcome, StepError>
    where
        F: Effects<Event = Self::Event, Call = Self::Call>,
    {
        A::start(&mut instance.inner, shared, machine, fx)
    }

    fn fire<F>(
        instance: &mut Self::Instance,
        shared: &mut Self::Shared,
        machine: u16,
        timer: u16,
        fx: &mut F,
    ) -> Result<(), StepError>
    where
        F: Effects<Event = Self::Event, Call = Self::Call>,
    {
        A::fire(&mut instance.inner, shared, machine, timer, fx)
    }

    fn complete<F>(
        instance: &mut Self::Instance,
        shared: &mut Self::Shared,
        machine: u16,
        invoke: u16,
        reply: &Self::Reply,
        fx: &mut F,
    ) -> Result<(), StepError>
    where
        F: Effects<Event = Self::Event, Call = Self::Call>,
    {
        A::complete(&mut instance.inner, shared, machine, invoke, reply, fx)
    }

    fn replace_timer(instance: &mut Self::Instance, machine: u16, timer: u16, key: TimerKey) -> TimerKey {
        A::replace_timer(&mut instance.inner, machine, timer, key)
    }

    fn status(instance: &Self::Instance, machine: u16) -> Status {
        A::status(&instance.inner, machine)
    }

    fn end(instance: &mut Self::Instance, machine: u16) {
        A::end(&mut instance.inner, machine);
    }

    fn state(instance: &Self::Instance, machine: u16) -> Option<u16> {
        A::state(&instance.inner, machine)
    }

    fn data(instance: &Self::Instance, machine: u16) -> Vec<(&'static str, Value)> {
        A::data(&instance.inner, machine)
    }

    fn persistent_value(shared: &Self::Shared, variable: u16) -> Option<Value> {
        A::persistent_value(shared, variable)
    }

    fn set_persistent(shared: &mut Self::Shared, variable: u16, value: Option<&Value>) -> Result<(), Misfit> {
        A::set_persistent(shared, variable, value)
    }

    fn persistent(shared: &Self::Shared) -> Vec<(&'static str, Value)> {
        A::persistent(shared)
    }

    fn root_data(shared: &Self::Shared) -> Vec<(&'static str, Value)> {
        A::root_data(shared)
    }

    fn event_index(event: &Self::Event) -> u16 {
        A::event_index(event)
    }

    fn event_data(event: &Self::Event) -> Option<Value> {
        A::event_data(event)
    }

    fn event_from(event: u16, data: &Value) -> Result<Self::Event, Misfit> {
        A::event_from(event, data)
    }

    fn call_service(call: &Self::Call) -> u16 {
        A::call_service(call)
    }

    fn call_input(call: &Self::Call) -> Value {
        A::call_input(call)
    }

    fn reply_from(service: u16, output: &Value) -> Result<Self::Reply, Misfit> {
        A::reply_from(service, output)
    }

    fn failure_event(service: u16, message: String, status: Option<i64>) -> Option<Self::Event> {
        A::failure_event(service, message, status)
    }
}
