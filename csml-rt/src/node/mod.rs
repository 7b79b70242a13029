//! The node: every instance of one process, with the event queue, timers and invocations.
//!
//! For programs that drive machines in a loop of their own; [`App`](crate::App) is such a loop, on tokio. The node is
//! synchronous and has no clock, no threads and no I/O. Its driver
//!
//! - says what time it is ([`Node::advance`]) and hands in events ([`Node::send`]),
//! - takes steps ([`Node::start`], [`Node::run`]),
//! - starts the services that steps ask for and brings back their replies ([`Node::next_request`],
//!   [`Node::next_cancelled`], [`Node::complete`], [`Node::fail`]),
//! - takes the events that leave this process ([`Node::next_outbound`]).
//!
//! Everything due joins one event queue, first in, first out (docs/trace.md): an event once for each receiver, a
//! timer when the clock reaches it, a completed invocation when its reply arrives. At one instant, events from outside
//! join before completions and those before timers, if the driver hands them over in this order.
//!
//! The module follows the version of the crate like everything public, but expect more changes here than in `App`.

mod calls;
mod crowd;
mod directory;
mod effects;
mod gate;
mod invocations;
mod name_index;
mod observer;
mod outbound;
mod queue;
mod remote;
mod routes;
mod seed;
mod step;
pub mod timer_wheel;
mod timers;
#[cfg(not(feature = "distributed"))]
#[path = "no_trace_context.rs"]
mod trace_context;
#[cfg(feature = "distributed")]
mod trace_context;
mod trail;
mod work;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use csml_rt_core::InitError;
use csml_rt_core::{Machines, Status, Value};

pub use calls::CallId;
pub use crowd::{DEFAULT_QUEUE_LIMIT, WaitingEvents};
pub use directory::{Address, Directory, Path};
pub use gate::Pending;
pub use invocations::Requested;
use observer::event_name_of;
pub use observer::{Cause, Observer, Record, Source, Unobserved, View};
pub(crate) use observer::{event_name, service_name, state_name, timer_name};
pub use outbound::{OutboundEvent, Rejects};
pub use remote::InboundEvent;
pub use seed::instance_seed;
pub use trace_context::TraceContext;

use calls::{CallTable, Calls};
use effects::Sinks;
use gate::Gate;
use routes::{Audience, Delivery, Receivers};
use step::Mark;
use timer_wheel::TimerWheel;
use timers::Due;
use trace_context::Spans;
use work::{Origin, Trigger, Work};

/// What to do when a step fails (docs/semantics.md#8-errors-in-a-step). The event is a dead letter in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ErrorPolicy {
    /// The instance goes on with the next event.
    #[default]
    Continue,
    /// The top-level instance ends, with everything nested in it.
    StopInstance,
    /// The application stops.
    StopApplication,
}

/// What a node has done so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Counters {
    /// Steps taken: starts, events, timers and completed invocations.
    pub steps: u64,
    /// Events for which a transition was enabled.
    pub handled: u64,
    /// Events for which none was.
    pub unhandled: u64,
    /// Steps that were rolled back.
    pub dead_letters: u64,
    /// Invocations that completed.
    pub invocations_ok: u64,
    /// Invocations that failed after all retries.
    pub invocations_failed: u64,
}

struct Slot<A: Machines> {
    instance: A::Instance,
    calls: Calls,
    ended: bool,
}

/// Every instance of one process.
pub struct Node<A: Machines> {
    directory: Arc<Directory>,
    sinks: Sinks<A>,
    shared: A::Shared,
    slots: Vec<Slot<A>>,
    /// Set where a step may have to be undone after it has succeeded.
    gate: Option<Box<Gate<A>>>,
    wheel: TimerWheel<Due>,
    calls: CallTable<A::Call, A::Reply>,
    requested: VecDeque<CallId>,
    cancelled: Vec<CallId>,
    now: u64,
    seed: u64,
    /// Top-level instances that have not ended.
    alive: usize,
    /// Top-level instances that have, until the driver takes them.
    ended: Vec<u32>,
    /// Position of the instance that is to be started next.
    starting: usize,
    /// How many entries of the event queue that came from other processes have been handled.
    handled_remote: u64,
    policy: ErrorPolicy,
    counters: Counters,
    spans: Spans,
    /// The steps taken lately, once [`keep_trail`](Node::keep_trail) was called.
    trail: Option<Vec<(Address, Cause)>>,
}

impl<A: Machines> fmt::Debug for Node<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node")
            .field("instances", &self.slots.len())
            .field("waiting", &self.sinks.queue.len())
            .field("timers", &self.wheel.len())
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

impl<A: Machines> Node<A> {
    /// A node without instances, its clock at 0. `stored` is what a store has of the persistent variables
    /// ([`Machines::shared`]); nothing without a store.
    ///
    /// # Errors
    /// The error of an initial value of the root's local or persistent data, or a stored value that does not
    /// fit.
    pub fn new(seed: u64, stored: &[Option<Value>]) -> Result<Self, InitError> {
        Ok(Self::with_shared(seed, A::shared(seed, stored)?))
    }

    /// Of data that the instances share, whatever they are.
    pub(crate) fn with_shared(seed: u64, shared: A::Shared) -> Self {
        Self {
            directory: Arc::new(Directory::new(A::DESCRIPTION)),
            sinks: Sinks::new(),
            shared,
            slots: Vec::new(),
            gate: None,
            wheel: TimerWheel::new(),
            calls: CallTable::new(),
            requested: VecDeque::new(),
            cancelled: Vec::new(),
            now: 0,
            seed,
            alive: 0,
            ended: Vec::new(),
            starting: 0,
            handled_remote: 0,
            policy: ErrorPolicy::default(),
            counters: Counters::default(),
            spans: Spans::new(),
            trail: None,
        }
    }

    /// What to do when a step fails.
    pub fn set_policy(&mut self, policy: ErrorPolicy) {
        self.policy = policy;
    }

    /// Micro-steps after which a step counts as livelocked (docs/semantics.md#3-execution).
    pub fn set_micro_step_limit(&mut self, limit: u32) {
        self.sinks.buffer.micro_step_limit = limit;
    }

    /// Restricts which instances receive external events: `filter(receiver, raiser)`, numbers of top-level instances.
    /// Without it every instance receives those of every instance (docs/semantics.md#4-channels).
    pub fn set_subscriptions(&mut self, filter: impl Fn(u32, u32) -> bool + Send + 'static) {
        self.sinks.routes.restrict(Box::new(filter));
    }

    /// Adds an instance of a top-level machine; [`start`](Self::start) starts it. `None` if the name is
    /// taken, `top` is not a top-level machine, or there are instances of other processes already.
    pub fn spawn(&mut self, name: &str, top: u16) -> Option<u32> {
        if self.directory.machine(top).is_none_or(|m| m.parent.is_some()) {
            return None;
        }
        let instance = Arc::make_mut(&mut self.directory).add_local(name, top)?;
        self.slots.push(Slot {
            instance: A::instance(top, instance_seed(self.seed, name)),
            calls: Calls::NONE,
            ended: false,
        });
        self.sinks.routes.add(instance, top);
        self.alive += 1;
        self.starting = 0;
        Some(instance)
    }

    /// Makes room for instances that are to come.
    pub fn reserve(&mut self, instances: usize) {
        self.slots.reserve(instances);
        Arc::make_mut(&mut self.directory).reserve(instances);
    }

    /// Names of the instances.
    #[must_use]
    pub fn directory(&self) -> &Arc<Directory> {
        &self.directory
    }

    /// Puts an event from outside into the event queue, once for each instance that has an `on` for it.
    #[inline]
    pub fn send(&mut self, event: A::Event) {
        self.send_traced(event, &TraceContext::NONE);
    }

    /// Like [`send`](Self::send), as part of a trace.
    #[inline]
    pub fn send_traced(&mut self, event: A::Event, context: &TraceContext) {
        self.dispatch(Audience::Everyone, event, Origin::ENVIRONMENT, context);
    }

    /// Puts an event from outside into the event queue for one instance, or into the outbound queue if the instance
    /// runs in another process. `false` if its machine has no `on` for it.
    #[inline]
    pub fn send_to(&mut self, to: Address, event: A::Event) -> bool {
        let index = A::event_index(&event);
        let info = A::DESCRIPTION.events.get(usize::from(index));
        let handles = info.is_some_and(|info| info.receivers.contains(&to.machine));
        let (origin, context) = (Origin::ENVIRONMENT, TraceContext::NONE);
        if handles && self.directory.is_local(to.instance) {
            self.sinks.queue.push(Work::new(to, origin, context, Trigger::Event(event)));
        } else if handles {
            let channel = origin.channel();
            self.sinks.outbound.push_back(OutboundEvent {
                event,
                channel,
                from: None,
                to: Some(to),
                context,
            });
        }
        handles
    }

    /// Delivers an event that no step has raised.
    #[inline]
    fn dispatch(&mut self, audience: Audience, event: A::Event, origin: Origin, context: &TraceContext) {
        match self.sinks.routes.receivers(A::event_index(&event), audience) {
            Receivers::None => {}
            Receivers::One(to) => {
                let context = context.clone();
                self.sinks.queue.push(Work::new(to, origin, context, Trigger::Event(event)));
            }
            Receivers::Many(route) => {
                let (queue, outbound) = (&mut self.sinks.queue, &mut self.sinks.outbound);
                let delivery = Delivery { queue, outbound, event, from: None, origin, context };
                self.sinks.routes.deliver(route, delivery, audience);
            }
        }
    }

    /// Where the queues end now.
    fn mark(&self) -> Mark {
        Mark { queue: self.sinks.queue.mark(), outbound: self.sinks.outbound.len() }
    }

    /// How many entries wait in the event queue.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.sinks.queue.len()
    }

    /// Whether every instance has ended.
    #[must_use]
    pub fn all_ended(&self) -> bool {
        self.alive == 0
    }

    /// Whether [`ErrorPolicy::StopApplication`] has stopped it, or an [`overflow`](Self::overflow) of the event queue.
    #[must_use]
    pub fn halted(&self) -> bool {
        self.sinks.halted
    }

    /// What it has done so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// Name of the active state; `None` before the start or if there is no such instance.
    #[must_use]
    pub fn state(&self, at: Address) -> Option<&'static str> {
        let slot = self.slots.get(at.instance as usize)?;
        let state = A::state(&slot.instance, at.machine)?;
        let info = self.directory.machine(at.machine)?;
        info.states.get(usize::from(state)).map(|state| state.name)
    }

    pub(crate) fn state_index(&self, at: Address) -> Option<u16> {
        A::state(&self.slots.get(at.instance as usize)?.instance, at.machine)
    }

    /// Where an instance stands in its life; [`Status::Ended`] if there is no such instance.
    #[must_use]
    pub fn status(&self, at: Address) -> Status {
        self.slots
            .get(at.instance as usize)
            .map_or(Status::Ended, |slot| A::status(&slot.instance, at.machine))
    }

    /// Variables visible in the active state that belong to the machine, inner ones last.
    #[must_use]
    pub fn data(&self, at: Address) -> Vec<(&'static str, Value)> {
        self.slots.get(at.instance as usize).map_or_else(Vec::new, |slot| A::data(&slot.instance, at.machine))
    }

    /// Persistent variables by component path, unsorted.
    #[must_use]
    pub fn persistent(&self) -> Vec<(&'static str, Value)> {
        A::persistent(&self.shared)
    }

    /// The root's local variables, unsorted.
    #[must_use]
    pub fn root_data(&self) -> Vec<(&'static str, Value)> {
        A::root_data(&self.shared)
    }
}
