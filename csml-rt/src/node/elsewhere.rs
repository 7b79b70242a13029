//! Instances of other processes: what is for them, and what comes from them.

use std::sync::Arc;

use csml_rt_core::{Channel, Machines};

use super::line::{Audience, Exits, Origin};
use super::{Address, Node, Source};

/// An event for instances of other processes.
#[derive(Debug, Clone)]
pub struct Leaving<E> {
    /// The event.
    pub event: E,
    /// The channel it was raised on; `Peripheral` for one from outside.
    pub channel: Channel,
    /// Who raised it; `None` for one from outside.
    pub from: Option<Address>,
    /// The only instance it is for.
    pub to: Option<Address>,
    /// Its trace context, if it has one.
    #[cfg(feature = "distributed")]
    pub traceparent: Option<std::sync::Arc<crate::TraceParent>>,
}

impl<A: Machines> Node<A> {
    /// Makes an instance known that runs in another process. After all [`spawn`](Self::spawn)s. `None` if the
    /// name is taken or `top` is not a top-level machine.
    pub fn spawn_elsewhere(&mut self, name: &str, top: u16) -> Option<u32> {
        if self.directory.machine(top).is_none_or(|m| m.parent.is_some()) {
            return None;
        }
        let instance = Arc::make_mut(&mut self.directory).add(name, top)?;
        self.routes.add_elsewhere(top);
        Some(instance)
    }

    /// The next event that committed steps have raised for instances of other processes, or that came from
    /// outside for them.
    pub fn next_leaving(&mut self) -> Option<Leaving<A::Event>> {
        let away = self.away.pop_front()?;
        let from = match away.origin.source() {
            Source::Machine(at) => Some(at),
            _ => None,
        };
        Some(Leaving {
            event: away.event,
            channel: away.channel,
            from,
            to: away.to,
            #[cfg(feature = "distributed")]
            traceparent: away.context.into_inner(),
        })
    }

    /// Puts an event of another process into the line for one instance of this one, once for each of its
    /// machines that has an `on` for it. `from` is `None` for one from outside. Returns how often: so many
    /// more must be [handled](Self::handled_elsewhere) until the instance has handled it.
    pub fn deliver(
        &mut self,
        instance: u32,
        event: A::Event,
        channel: Channel,
        from: Option<Address>,
    ) -> u32 {
        let Some(top) = self.directory.top(instance).filter(|_| self.directory.is_here(instance)) else {
            return 0;
        };
        let origin = Origin::from(from.map_or(Source::Environment, Source::Machine)).elsewhere();
        let index = A::event_index(&event);
        let exits = Exits { line: &mut self.line, away: &mut self.away, context: &self.context };
        self.routes.deliver_to(exits, index, (instance, top), event, channel, origin)
    }

    /// Like [`deliver`](Self::deliver), for one machine of an instance. `false` if it has no `on` for the event.
    pub fn deliver_to(&mut self, to: Address, event: A::Event, channel: Channel) -> bool {
        use super::line::{Entry, Item};
        let index = usize::from(A::event_index(&event));
        let handles = self.directory.is_here(to.instance)
            && A::DESCRIPTION.events.get(index).is_some_and(|info| info.receivers.contains(&to.machine));
        if handles {
            let origin = Origin::from(Source::Environment).elsewhere();
            let context = self.context.clone();
            self.line.push_back(Entry { to, item: Item::Event { event, channel, origin, context } });
        }
        handles
    }

    /// Puts an event from outside that every process gets into the line, once for each instance of this process
    /// that has an `on` for it. Returns how often, as [`deliver`](Self::deliver) does.
    pub fn send_here(&mut self, event: A::Event) -> u32 {
        let origin = Origin::from(Source::Environment).elsewhere();
        let before = self.line.len();
        self.dispatch(Audience::EveryoneHere, event, Channel::Peripheral, origin);
        (self.line.len() - before) as u32
    }

    /// How many of the entries that [`deliver`](Self::deliver) and [`deliver_to`](Self::deliver_to) have put into
    /// the line were handled so far, in order, their steps committed.
    #[must_use]
    pub fn handled_elsewhere(&self) -> u64 {
        self.handled_elsewhere
    }

    /// A top-level instance that has ended since the last time.
    pub fn next_ended(&mut self) -> Option<u32> {
        self.ended.pop()
    }
}
