//! Which instances an event goes to (docs/semantics.md#4-channels).

use std::collections::VecDeque;

use csml_rt_core::{Channel, Description};

use super::outbound::OutboundEvent;
use super::queue::EventQueue;
use super::work::{Origin, PackedAddress, Trigger, Work};
use super::{Address, TraceContext};

/// An event on its way to more than one receiver, or out of this process.
pub(super) struct Delivery<'n, E> {
    pub(super) queue: &'n mut EventQueue<E>,
    pub(super) outbound: &'n mut VecDeque<OutboundEvent<E>>,
    pub(super) event: E,
    /// The machine that raised it; `None` for an event from outside.
    pub(super) from: Option<Address>,
    /// The source, with the channel.
    pub(super) origin: Origin,
    pub(super) context: &'n TraceContext,
}

impl<E> Delivery<'_, E> {
    /// Puts a copy of the event into the queue.
    fn copy(&mut self, to: Address)
    where
        E: Clone,
    {
        let (origin, context) = (self.origin, self.context.clone());
        self.queue.push(Work::new(to, origin, context, Trigger::Event(self.event.clone())));
    }

    /// Puts the event into the queue for its last receiver.
    fn finish(self, to: Address) {
        let (origin, context) = (self.origin, self.context.clone());
        self.queue.push(Work::new(to, origin, context, Trigger::Event(self.event)));
    }

    /// Puts a copy of the event into the outbound queue.
    fn copy_out(&mut self)
    where
        E: Clone,
    {
        self.outbound.push_back(OutboundEvent {
            event: self.event.clone(),
            channel: self.origin.channel(),
            from: self.from,
            to: None,
            context: self.context.clone(),
        });
    }

    /// Puts the event into the outbound queue only.
    fn finish_out(self) {
        let (channel, context) = (self.origin.channel(), self.context.clone());
        self.outbound.push_back(OutboundEvent {
            event: self.event,
            channel,
            from: self.from,
            to: None,
            context,
        });
    }
}

/// Where an event goes.
pub(super) enum Receivers<'r> {
    /// To no machine, and nowhere else.
    None,
    /// To one machine of this process only.
    One(Address),
    /// To several, or out of this process, or both.
    Many(&'r Route),
}

/// The machines of one hierarchy that handle an event.
struct Group {
    top: u16,
    machines: &'static [u16],
}

/// The machines that handle an event.
pub(super) struct Route {
    /// The only machine that does, with its top-level machine, if it is one only.
    only: Option<(u16, u16)>,
    /// The only instance that does, on any channel but `internal`.
    direct: Option<PackedAddress>,
    /// Instances of other processes do, too.
    remote: bool,
    groups: Vec<Group>,
}

/// Which instances an event goes to.
pub(super) struct Routes {
    /// By event.
    routes: Vec<Route>,
    /// By top-level machine: its instances.
    instances: Vec<Vec<u32>>,
    filter: Option<Subscriptions>,
}

/// Whether an instance (first) sees external events of another one (second).
pub(super) type Subscriptions = Box<dyn Fn(u32, u32) -> bool + Send>;

/// Who is to receive an event.
#[derive(Clone, Copy)]
pub(super) enum Audience {
    /// The machines of one hierarchy.
    Hierarchy(u32, u16),
    /// Every instance that subscribes to the raiser.
    Subscribers(u32),
    /// Every instance.
    Everyone,
    /// Every instance of this process.
    EveryoneLocal,
    /// The world outside the application.
    World,
}

impl Audience {
    /// Who receives what a machine of an instance, nested in `top`, raises on a channel.
    #[inline]
    pub(super) fn of(channel: Channel, instance: u32, top: impl FnOnce() -> u16) -> Self {
        match channel {
            Channel::Internal => Self::Hierarchy(instance, top()),
            Channel::External => Self::Subscribers(instance),
            Channel::Global => Self::Everyone,
            Channel::Peripheral => Self::World,
        }
    }
}

impl Routes {
    pub(super) fn new(description: &'static Description) -> Self {
        let top =
            |machine: &u16| description.machines.get(usize::from(*machine)).map_or(*machine, |info| info.top);
        let routes = description
            .events
            .iter()
            .map(|event| Route {
                only: match event.receivers {
                    [machine] => Some((top(machine), *machine)),
                    _ => None,
                },
                direct: None,
                remote: false,
                groups: event
                    .receivers
                    .chunk_by(|a, b| top(a) == top(b))
                    .filter_map(|machines| {
                        let top = top(machines.first()?);
                        Some(Group { top, machines })
                    })
                    .collect(),
            })
            .collect();
        Self { routes, instances: description.machines.iter().map(|_| Vec::new()).collect(), filter: None }
    }

    pub(super) fn add(&mut self, instance: u32, top: u16) {
        let Some(instances) = self.instances.get_mut(usize::from(top)) else {
            return;
        };
        instances.push(instance);
        // From the third one on nothing changes.
        if instances.len() <= 2 {
            let alone = instances.len() == 1 && self.filter.is_none();
            for route in &mut self.routes {
                if let Some((_, machine)) = route.only.filter(|(of, _)| *of == top) {
                    let direct = alone && !route.remote;
                    route.direct = direct.then(|| PackedAddress::of(Address { instance, machine }));
                }
            }
        }
    }

    /// An instance of a top-level machine runs in another process.
    pub(super) fn add_remote(&mut self, top: u16) {
        for route in &mut self.routes {
            if route.groups.iter().any(|group| group.top == top) {
                route.remote = true;
                route.direct = None;
            }
        }
    }

    /// Whether instances of other processes handle an event.
    pub(super) fn has_remote_receivers(&self, event: u16) -> bool {
        self.routes.get(usize::from(event)).is_some_and(|route| route.remote)
    }

    /// Puts an event into the queue for one instance, once for each of its machines that has an `on` for it.
    /// Returns how often.
    pub(super) fn deliver_to<E: Clone>(
        &self,
        index: u16,
        mut delivery: Delivery<'_, E>,
        instance: u32,
        top: u16,
    ) -> u32 {
        let groups = self.routes.get(usize::from(index)).map_or(&[][..], |route| &route.groups);
        let before = delivery.queue.len();
        for group in groups.iter().filter(|group| group.top == top) {
            for &machine in group.machines {
                delivery.copy(Address { instance, machine });
            }
        }
        (delivery.queue.len() - before) as u32
    }

    pub(super) fn restrict(&mut self, filter: Subscriptions) {
        self.filter = Some(filter);
        for route in &mut self.routes {
            route.direct = None;
        }
    }

    /// Every instance, in order of the description.
    pub(super) fn instances(&self) -> impl Iterator<Item = u32> + '_ {
        self.instances.iter().flatten().copied()
    }

    /// The only machine that an event goes to, if there is one for every raiser on this channel.
    #[inline]
    pub(super) fn direct(&self, index: u16, channel: Channel) -> Option<PackedAddress> {
        match channel {
            Channel::External | Channel::Global => self.routes.get(usize::from(index))?.direct,
            Channel::Internal | Channel::Peripheral => None,
        }
    }

    /// Where an event goes. Mostly one machine handles it, and mostly there is one instance of that machine: this is
    /// known beforehand.
    #[inline]
    pub(super) fn receivers(&self, index: u16, audience: Audience) -> Receivers<'_> {
        let Some(route) = self.routes.get(usize::from(index)) else {
            return Receivers::None;
        };
        let one = match (audience, route.only) {
            (Audience::World, _) | (Audience::Hierarchy(..), None) => None,
            (Audience::Hierarchy(_, of), Some((top, _))) if of != top => return Receivers::None,
            (Audience::Hierarchy(instance, _), Some((_, machine))) => Some(Address { instance, machine }),
            _ => route.direct.map(PackedAddress::unpacked),
        };
        one.map_or(Receivers::Many(route), Receivers::One)
    }

    /// Puts an event into the queue, once for each receiver, and into the outbound queue if there are receivers
    /// beyond this process.
    #[inline(never)]
    pub(super) fn deliver<E: Clone>(&self, route: &Route, mut delivery: Delivery<'_, E>, audience: Audience) {
        match audience {
            Audience::World => return delivery.finish_out(),
            Audience::Subscribers(_) | Audience::Everyone if route.remote => delivery.copy_out(),
            _ => {}
        }
        // The last receiver gets the event itself.
        let mut last: Option<Address> = None;
        for group in &route.groups {
            let one;
            let instances: &[u32] = match audience {
                Audience::Hierarchy(instance, top) if top == group.top => {
                    one = [instance];
                    &one
                }
                Audience::Hierarchy(..) => continue,
                _ => self.instances.get(usize::from(group.top)).map_or(&[], Vec::as_slice),
            };
            for &instance in instances {
                if let (Audience::Subscribers(raiser), Some(filter)) = (audience, &self.filter)
                    && !filter(instance, raiser)
                {
                    continue;
                }
                for &machine in group.machines {
                    if let Some(to) = last.replace(Address { instance, machine }) {
                        delivery.copy(to);
                    }
                }
            }
        }
        if let Some(to) = last {
            delivery.finish(to);
        }
    }
}
