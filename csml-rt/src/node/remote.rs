//! Instances of other processes, and events that come from there.

use std::sync::Arc;

use csml_rt_core::{Channel, Machines};

use super::routes::{Audience, Delivery};
use super::work::{Origin, Trigger, Work};
use super::{Address, Node, TraceContext};

/// An event that comes from another process.
#[derive(Debug, Clone)]
pub struct InboundEvent<E> {
    /// The event.
    pub event: E,
    /// The channel it was raised on; `Peripheral` for one from outside.
    pub channel: Channel,
    /// The machine that raised it; `None` for an event from outside.
    pub from: Option<Address>,
    /// Its trace context.
    pub context: TraceContext,
}

impl<E> InboundEvent<E> {
    fn origin(&self) -> Origin {
        self.from.map_or(Origin::ENVIRONMENT, Origin::machine).on(self.channel).remote()
    }
}

impl<A: Machines> Node<A> {
    /// Makes an instance known that runs in another process. Call it after every [`spawn`](Self::spawn). `None` if
    /// the name is taken or `top` is not a top-level machine.
    pub fn spawn_remote(&mut self, name: &str, top: u16) -> Option<u32> {
        if self.directory.machine(top).is_none_or(|m| m.parent.is_some()) {
            return None;
        }
        let instance = Arc::make_mut(&mut self.directory).add(name, top)?;
        self.sinks.routes.add_remote(top);
        Some(instance)
    }

    /// Puts an event of another process into the event queue for one instance of this one, once for each of its
    /// machines that has an `on` for it. Returns how often: the instance has handled the event when
    /// [`handled_remote`](Self::handled_remote) has grown by so many.
    pub fn deliver(&mut self, instance: u32, inbound: InboundEvent<A::Event>) -> u32 {
        let Some(top) = self.directory.top(instance).filter(|_| self.directory.is_local(instance)) else {
            return 0;
        };
        let (index, origin) = (A::event_index(&inbound.event), inbound.origin());
        let delivery = Delivery {
            queue: &mut self.sinks.queue,
            outbound: &mut self.sinks.outbound,
            event: inbound.event,
            from: inbound.from,
            origin,
            context: &inbound.context,
        };
        self.sinks.routes.deliver_to(index, delivery, instance, top)
    }

    /// Like [`deliver`](Self::deliver), for one machine of an instance. `false` if it has no `on` for the event.
    pub fn deliver_to(&mut self, to: Address, inbound: InboundEvent<A::Event>) -> bool {
        let index = usize::from(A::event_index(&inbound.event));
        let handles = self.directory.is_local(to.instance)
            && A::DESCRIPTION.events.get(index).is_some_and(|info| info.receivers.contains(&to.machine));
        if handles {
            let (origin, context) = (inbound.origin(), inbound.context);
            self.sinks.queue.push(Work::new(to, origin, context, Trigger::Event(inbound.event)));
        }
        handles
    }

    /// Puts an event from outside that every process receives into the event queue, once for each instance of this
    /// process that has an `on` for it. Returns how often, as [`deliver`](Self::deliver) does.
    pub fn deliver_to_all(&mut self, event: A::Event, context: &TraceContext) -> u32 {
        let before = self.sinks.queue.len();
        self.dispatch(Audience::EveryoneLocal, event, Origin::ENVIRONMENT.remote(), context);
        (self.sinks.queue.len() - before) as u32
    }

    /// How many of the queue entries that [`deliver`](Self::deliver), [`deliver_to`](Self::deliver_to) and
    /// [`deliver_to_all`](Self::deliver_to_all) made were handled so far, in order, their steps committed.
    #[must_use]
    pub fn handled_remote(&self) -> u64 {
        self.handled_remote
    }

    /// A top-level instance that has ended since the last call.
    pub fn next_ended(&mut self) -> Option<u32> {
        self.ended.pop()
    }
}
