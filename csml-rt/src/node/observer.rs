//! What a [`Node`](super::Node) reports while it runs.

use csml_rt_core::{Channel, Description, Machines, StepError, TransitionKind};

use super::{Address, Directory, TraceContext};

/// What raised an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The world outside the application.
    Environment,
    /// A step of an instance.
    Machine(Address),
    /// An `after` timer: the machine and the timer's position in its table.
    Timer(u16, u16),
    /// The completion or failure of an invocation: position of the service type.
    Invoke(u16),
}

/// What happened at one instance.
#[non_exhaustive]
pub enum Record<'a, A: Machines> {
    /// The initial state has been entered.
    Start {
        /// Position of the state.
        state: u16,
    },
    /// A step begins.
    Event {
        /// The event.
        event: &'a A::Event,
        /// The channel it came on.
        channel: Channel,
        /// What raised it.
        source: Source,
    },
    /// A state has become active.
    Transition {
        /// Position of the state that was left.
        from: u16,
        /// Position of the state that was entered.
        to: u16,
        /// What led there.
        via: TransitionKind,
    },
    /// An internal transition is taken.
    Internal {
        /// Position of the state.
        state: u16,
    },
    /// An event is raised.
    Raise {
        /// The event.
        event: &'a A::Event,
        /// The channel it is raised on.
        channel: Channel,
    },
    /// A service is to be called.
    Invoke {
        /// The call.
        call: &'a A::Call,
    },
    /// No transition was enabled.
    Unhandled {
        /// The event.
        event: &'a A::Event,
    },
    /// A step failed and was rolled back (docs/semantics.md#8-errors-in-a-step).
    DeadLetter {
        /// What the step was taken for.
        cause: Cause,
        /// The event, if it was one.
        event: Option<&'a A::Event>,
        /// Why it failed.
        error: &'a StepError,
    },
    /// A terminal state has been entered.
    Terminated {
        /// Position of the state.
        state: u16,
    },
}

/// What a step is taken for, by positions in the description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Starting the machine.
    Start,
    /// An event, by position in the description.
    Event(u16),
    /// A timer, by position in the machine's table.
    Timer(u16),
    /// The completion of an invocation, by position of the service type.
    Invoke(u16),
}

impl Cause {
    /// As in traces: the event's name, `start`, `timer:<name>` or `invoke:<serviceType>`.
    #[must_use]
    pub fn name(self, description: &'static Description, machine: u16) -> String {
        match self {
            Self::Start => "start".into(),
            Self::Event(event) => event_name_of(description, event).into(),
            Self::Timer(timer) => format!("timer:{}", timer_name(description, machine, timer)),
            Self::Invoke(service) => format!("invoke:{}", service_name(description, service)),
        }
    }
}

/// Where and when something happens.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Names of the instances.
    pub directory: &'a Directory,
    /// The node's clock in milliseconds.
    pub now: u64,
    /// The machine it happens at.
    pub at: Address,
    pub(crate) context: &'a TraceContext,
}

/// Receives what happens. It changes nothing: with any observer a node takes the same steps and hands out the same
/// events. Steps are generic over it, so that [`Unobserved`] costs nothing.
pub trait Observer<A: Machines> {
    /// Whether every record is wanted. Dead letters are recorded in any case.
    const OBSERVES: bool;
    /// Lives as long as a step does.
    type Span;

    /// A step of a machine begins. Unless every record is wanted, only those steps are told that belong to a trace.
    fn begin(&mut self, view: View<'_>) -> Self::Span;

    /// Something happened.
    fn record(&mut self, view: View<'_>, record: Record<'_, A>);
}

/// An observer that ignores everything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unobserved;

impl<A: Machines> Observer<A> for Unobserved {
    const OBSERVES: bool = false;
    type Span = ();

    #[inline]
    fn begin(&mut self, _: View<'_>) {}

    #[inline]
    fn record(&mut self, _: View<'_>, _: Record<'_, A>) {}
}

/// Name of an event in the description.
pub(crate) fn event_name<A: Machines>(event: &A::Event) -> &'static str {
    event_name_of(A::DESCRIPTION, A::event_index(event))
}

pub(crate) fn event_name_of(description: &'static Description, event: u16) -> &'static str {
    description.events.get(usize::from(event)).map_or("", |info| info.name)
}

pub(crate) fn timer_name(description: &Description, machine: u16, timer: u16) -> &'static str {
    description
        .machines
        .get(usize::from(machine))
        .and_then(|info| info.timers.get(usize::from(timer)))
        .map_or("", |info| info.name)
}

pub(crate) fn service_name(description: &Description, service: u16) -> &'static str {
    description.services.get(usize::from(service)).map_or("", |info| info.name)
}

pub(crate) fn state_name(description: &Description, machine: u16, state: u16) -> &'static str {
    description
        .machines
        .get(usize::from(machine))
        .and_then(|info| info.states.get(usize::from(state)))
        .map_or("", |info| info.name)
}
