//! The node: every instance of one process, the line of waiting events, timers and invocations.
//!
//! Synchronous and without a clock of its own: whoever drives it says what time it is, starts the services
//! it asks for and brings back their replies. [`App`](crate::App) does that on tokio; a host with a loop of
//! its own may use the node directly.
//!
//! All due things join one line, first put in, first handled (TRACE): an event once for each receiver, a
//! timer when the clock reaches it, a completed invocation when its reply arrives. At one instant, events
//! from outside join before completions and those before timers, if the driver hands them over so.

mod calls;
#[cfg(feature = "distributed")]
mod context;
#[cfg(not(feature = "distributed"))]
#[path = "no_context.rs"]
mod context;
mod departures;
mod directory;
mod elsewhere;
mod gate;
mod host;
mod invocations;
mod line;
mod outbox;
mod seed;
mod step;
mod time;

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use csml_rt_core::{Buffer, Channel, InitError, Machines, Status, Value};

pub use calls::CallId;
pub use directory::{Address, Directory, Path};
pub use elsewhere::Leaving;
pub use gate::{Pending, Refuses};
use host::event_name_of;
pub use host::{Cause, Host, Record, Source, Unobserved, View};
pub(crate) use host::{event_name, service_name, state_name, timer_name};
pub use invocations::Requested;
pub use seed::instance_seed;

use crate::timer_wheel::TimerWheel;
use calls::{CallTable, Calls};
pub(crate) use context::Context;
use context::Spans;
use gate::Gate;
use line::{Audience, Away, Entry, Exits, Item, Origin, Routes};
use time::Due;

/// What to do when a step fails (SEMANTICS 8). The event is a dead letter in any case.
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
    routes: Routes,
    shared: A::Shared,
    slots: Vec<Slot<A>>,
    line: VecDeque<Entry<A::Event>>,
    /// What is for instances of other processes.
    away: VecDeque<Away<A::Event>>,
    /// Set where steps may have to be taken back.
    gate: Option<Box<Gate<A>>>,
    buffer: Buffer<A::Event, A::Call>,
    wheel: TimerWheel<Due>,
    calls: CallTable<A::Call, A::Reply>,
    requested: VecDeque<CallId>,
    cancelled: Vec<CallId>,
    now: u64,
    seed: u64,
    /// Top-level instances that have not ended.
    alive: usize,
    /// Top-level instances that have, until somebody asks.
    ended: Vec<u32>,
    /// Position of the instance that is to be started next.
    starting: usize,
    /// How many entries of the line that came from other processes have been handled.
    handled_elsewhere: u64,
    policy: ErrorPolicy,
    /// The policy has stopped the application.
    halted: bool,
    counters: Counters,
    /// Trace context of what happens now.
    context: Context,
    spans: Spans,
    /// Who took a step for what lately, while somebody wants to know.
    trail: Option<Vec<(Address, Trigger)>>,
}

impl<A: Machines> fmt::Debug for Node<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node")
            .field("instances", &self.slots.len())
            .field("waiting", &self.line.len())
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
            routes: Routes::new(A::DESCRIPTION),
            shared,
            slots: Vec::new(),
            line: VecDeque::new(),
            away: VecDeque::new(),
            gate: None,
            buffer: Buffer::default(),
            wheel: TimerWheel::new(),
            calls: CallTable::new(),
            requested: VecDeque::new(),
            cancelled: Vec::new(),
            now: 0,
            seed,
            alive: 0,
            ended: Vec::new(),
            starting: 0,
            handled_elsewhere: 0,
            policy: ErrorPolicy::default(),
            halted: false,
            counters: Counters::default(),
            context: Context::NONE,
            spans: Spans::new(),
            trail: None,
        }
    }

    /// What to do when a step fails.
    pub fn set_policy(&mut self, policy: ErrorPolicy) {
        self.policy = policy;
    }

    /// Micro-steps after which a step counts as livelocked (SEMANTICS 3).
    pub fn set_micro_step_limit(&mut self, limit: u32) {
        self.buffer.micro_step_limit = limit;
    }

    /// Restricts who sees external events: `filter(receiver, raiser)`, numbers of top-level instances.
    /// Without it everyone sees everyone's (SEMANTICS 4).
    pub fn set_subscriptions(&mut self, filter: impl Fn(u32, u32) -> bool + Send + 'static) {
        self.routes.restrict(Box::new(filter));
    }

    /// Adds an instance of a top-level machine; [`start`](Self::start) starts it. `None` if the name is
    /// taken, `top` is not a top-level machine, or there are instances of other processes already.
    pub fn spawn(&mut self, name: &str, top: u16) -> Option<u32> {
        if self.directory.machine(top).is_none_or(|m| m.parent.is_some()) {
            return None;
        }
        let instance = Arc::make_mut(&mut self.directory).add_here(name, top)?;
        self.slots.push(Slot {
            instance: A::instance(top, instance_seed(self.seed, name)),
            calls: Calls::NONE,
            ended: false,
        });
        self.routes.add(instance, top);
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

    /// Puts an event from outside into the line, once for each instance that has an `on` for it.
    #[inline]
    pub fn send(&mut self, event: A::Event) {
        self.dispatch(Audience::Everyone, event, Channel::Peripheral, Source::Environment.into());
    }

    /// Puts an event from outside into the line for one instance, of this process or another. `false` if its
    /// machine has no `on` for it.
    #[inline]
    pub fn send_to(&mut self, to: Address, event: A::Event) -> bool {
        let index = usize::from(A::event_index(&event));
        let handles =
            A::DESCRIPTION.events.get(index).is_some_and(|info| info.receivers.contains(&to.machine));
        if handles {
            let (channel, origin) = (Channel::Peripheral, Source::Environment.into());
            let context = self.context.clone();
            if self.directory.is_here(to.instance) {
                self.line.push_back(Entry { to, item: Item::Event { event, channel, origin, context } });
            } else {
                self.away.push_back(Away { event, channel, origin, context, to: Some(to) });
            }
        }
        handles
    }

    #[inline]
    fn dispatch(&mut self, audience: Audience, event: A::Event, channel: Channel, origin: Origin) {
        let index = A::event_index(&event);
        let exits = Exits { line: &mut self.line, away: &mut self.away, context: &self.context };
        self.routes.deliver(exits, index, audience, event, channel, origin);
    }

    /// How many entries wait in the line.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.line.len()
    }

    /// Whether every instance has ended.
    #[must_use]
    pub fn all_ended(&self) -> bool {
        self.alive == 0
    }

    /// Whether [`ErrorPolicy::StopApplication`] has stopped it.
    #[must_use]
    pub fn halted(&self) -> bool {
        self.halted
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

    /// From now on remembers who takes a step for what. Meant for the last steps before a limit.
    pub(crate) fn watch(&mut self) {
        self.trail.get_or_insert_default();
    }

    #[inline]
    fn note(&mut self, at: Address, trigger: Trigger) {
        if let Some(trail) = &mut self.trail {
            trail.push((at, trigger));
        }
    }

    /// Path and trigger of the steps since [`watch`](Self::watch), each pair once, in order.
    pub(crate) fn trail(&self) -> Vec<(String, String)> {
        let mut seen: Vec<(Address, Trigger)> = Vec::new();
        for step in self.trail.iter().flatten() {
            if !seen.contains(step) {
                seen.push(*step);
            }
        }
        let text = |(at, trigger): (Address, Trigger)| {
            let trigger = match trigger {
                Trigger::Event(event) => event_name_of(A::DESCRIPTION, event).to_owned(),
                Trigger::Timer(timer) => {
                    format!("timer:{}", timer_name(A::DESCRIPTION, at.machine, timer))
                }
                Trigger::Invoke(service) => {
                    format!("invoke:{}", service_name(A::DESCRIPTION, service))
                }
            };
            (self.directory.path(at).to_string(), trigger)
        };
        seen.into_iter().map(text).collect()
    }
}

/// What a step was taken for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trigger {
    Event(u16),
    Timer(u16),
    Invoke(u16),
}
