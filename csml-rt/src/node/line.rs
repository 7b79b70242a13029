//! The line of waiting events, and who stands in it (SEMANTICS 4, TRACE).

use std::collections::VecDeque;

use csml_rt_core::{Channel, Description};

use super::calls::CallId;
use super::{Address, Source};
use crate::timer_wheel::TimerId;

/// Something an instance is to handle.
pub(super) struct Entry<E> {
    pub(super) to: Address,
    pub(super) item: Item<E>,
}

pub(super) enum Item<E> {
    Event { event: E, channel: Channel, source: Source },
    Timer { timer: u16, id: TimerId },
    Completion(CallId),
}

/// The machines of one hierarchy that handle an event.
struct Group {
    top: u16,
    machines: &'static [u16],
}

/// Who handles an event.
struct Route {
    /// The only machine that does, with its top-level machine, if it is one only.
    only: Option<(u16, u16)>,
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

/// Who is to see an event.
#[derive(Clone, Copy)]
pub(super) enum Audience {
    /// The machines of one hierarchy.
    Hierarchy(u32, u16),
    /// Every instance that subscribes to the raiser.
    Subscribers(u32),
    /// Every instance.
    Everyone,
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
        if let Some(instances) = self.instances.get_mut(usize::from(top)) {
            instances.push(instance);
        }
    }

    pub(super) fn restrict(&mut self, filter: Subscriptions) {
        self.filter = Some(filter);
    }

    /// Every instance, in order of the description.
    pub(super) fn instances(&self) -> impl Iterator<Item = u32> + '_ {
        self.instances.iter().flatten().copied()
    }

    /// Puts an event into the line, once for each receiver; the last one gets the event itself.
    #[inline]
    pub(super) fn deliver<E: Clone>(
        &self,
        line: &mut VecDeque<Entry<E>>,
        index: u16,
        audience: Audience,
        event: E,
        channel: Channel,
        source: Source,
    ) {
        let Some(route) = self.routes.get(usize::from(index)) else {
            return;
        };
        // Mostly one machine handles an event, and mostly there is one instance of it.
        if let Some((top, machine)) = route.only {
            let instance = match audience {
                Audience::Hierarchy(instance, of) if of == top => Some(instance),
                Audience::Hierarchy(..) => return,
                _ => match self.instances.get(usize::from(top)).map(Vec::as_slice) {
                    Some([one]) if self.filter.is_none() => Some(*one),
                    _ => None,
                },
            };
            if let Some(instance) = instance {
                let to = Address { instance, machine };
                line.push_back(Entry { to, item: Item::Event { event, channel, source } });
                return;
            }
        }
        self.deliver_to_many(&route.groups, line, audience, event, channel, source);
    }

    #[inline(never)]
    fn deliver_to_many<E: Clone>(
        &self,
        groups: &[Group],
        line: &mut VecDeque<Entry<E>>,
        audience: Audience,
        event: E,
        channel: Channel,
        source: Source,
    ) {
        let mut last: Option<Address> = None;
        let mut push = |to: Address, line: &mut VecDeque<Entry<E>>| {
            if let Some(to) = last.replace(to) {
                let event = event.clone();
                line.push_back(Entry { to, item: Item::Event { event, channel, source } });
            }
        };
        for group in groups {
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
                    push(Address { instance, machine }, line);
                }
            }
        }
        if let Some(to) = last {
            line.push_back(Entry { to, item: Item::Event { event, channel, source } });
        }
    }
}
