//! The line of waiting events, and who stands in it (SEMANTICS 4, TRACE).

use std::collections::VecDeque;

use csml_rt_core::{Channel, Description};

use super::calls::CallId;
use super::context::Context;
use super::{Address, Source};
use crate::timer_wheel::TimerId;

/// A [`Source`] in one word. The line is written and read for every event: with a value of several small
/// parts the processor would wait for each part to arrive in memory.
#[derive(Clone, Copy)]
pub(super) struct Origin(u64);

impl Origin {
    #[inline]
    pub(super) fn machine(at: Address) -> Self {
        Self(u64::from(at.instance) << 32 | u64::from(at.machine) << 16 | 1)
    }

    #[inline]
    pub(super) fn source(self) -> Source {
        let (instance, machine, kind) = ((self.0 >> 32) as u32, (self.0 >> 16) as u16, self.0 as u16);
        match kind & !ELSEWHERE {
            0 => Source::Environment,
            1 => Source::Machine(Address { instance, machine }),
            2 => Source::Timer(machine, instance as u16),
            _ => Source::Invoke(machine),
        }
    }

    /// The same source, of another process.
    #[inline]
    pub(super) fn elsewhere(self) -> Self {
        Self(self.0 | u64::from(ELSEWHERE))
    }

    /// Whether another process has raised it, which waits to hear that it was handled.
    #[inline]
    pub(super) fn is_elsewhere(self) -> bool {
        self.0 & u64::from(ELSEWHERE) != 0
    }
}

/// Marks the kind of a source of another process.
const ELSEWHERE: u16 = 4;

impl From<Source> for Origin {
    #[inline]
    fn from(source: Source) -> Self {
        match source {
            Source::Environment => Self(0),
            Source::Machine(at) => Self::machine(at),
            Source::Timer(machine, timer) => Self(u64::from(timer) << 32 | u64::from(machine) << 16 | 2),
            Source::Invoke(service) => Self(u64::from(service) << 16 | 3),
        }
    }
}

/// Something an instance is to handle.
pub(super) struct Entry<E> {
    pub(super) to: Address,
    pub(super) item: Item<E>,
}

pub(super) enum Item<E> {
    Event { event: E, channel: Channel, origin: Origin, context: Context },
    Timer { timer: u16, id: TimerId },
    Completion(CallId),
}

/// An event for instances of other processes.
pub(super) struct Away<E> {
    pub(super) event: E,
    pub(super) channel: Channel,
    pub(super) origin: Origin,
    #[cfg_attr(not(feature = "distributed"), expect(dead_code, reason = "there is none"))]
    pub(super) context: Context,
    /// The only instance it is for.
    pub(super) to: Option<Address>,
}

/// Where events go: the line of this process, and the way to others.
pub(super) struct Exits<'n, E> {
    pub(super) line: &'n mut VecDeque<Entry<E>>,
    pub(super) away: &'n mut VecDeque<Away<E>>,
    /// Of every event that is put there.
    pub(super) context: &'n Context,
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
    /// The only instance that does, on any channel but `internal`.
    direct: Option<Address>,
    /// Instances of other processes do, too.
    away: bool,
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
    /// Every instance of this process.
    EveryoneHere,
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
                away: false,
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
                    let direct = alone && !route.away;
                    route.direct = direct.then_some(Address { instance, machine });
                }
            }
        }
    }

    /// An instance of a top-level machine runs in another process.
    pub(super) fn add_elsewhere(&mut self, top: u16) {
        for route in &mut self.routes {
            if route.groups.iter().any(|group| group.top == top) {
                route.away = true;
                route.direct = None;
            }
        }
    }

    /// Whether instances of other processes handle an event.
    pub(super) fn leads_away(&self, event: u16) -> bool {
        self.routes.get(usize::from(event)).is_some_and(|route| route.away)
    }

    /// Puts an event of another process into the line for one instance, once for each of its machines that
    /// has an `on` for it. Returns how often.
    pub(super) fn deliver_to<E: Clone>(
        &self,
        exits: Exits<'_, E>,
        index: u16,
        to: (u32, u16),
        event: E,
        channel: Channel,
        origin: Origin,
    ) -> u32 {
        let Exits { line, context, .. } = exits;
        let (instance, top) = to;
        let groups = self.routes.get(usize::from(index)).map_or(&[][..], |route| &route.groups);
        let before = line.len();
        for group in groups.iter().filter(|group| group.top == top) {
            for &machine in group.machines {
                let to = Address { instance, machine };
                let (event, context) = (event.clone(), context.clone());
                line.push_back(Entry { to, item: Item::Event { event, channel, origin, context } });
            }
        }
        (line.len() - before) as u32
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

    /// Puts an event into the line, once for each receiver; the last one gets the event itself.
    #[inline]
    pub(super) fn deliver<E: Clone>(
        &self,
        exits: Exits<'_, E>,
        index: u16,
        audience: Audience,
        event: E,
        channel: Channel,
        origin: Origin,
    ) {
        let Exits { line, away, context } = exits;
        let Some(route) = self.routes.get(usize::from(index)) else {
            return;
        };
        // Mostly one machine handles an event, and mostly there is one instance of it.
        let direct = match (audience, route.only) {
            (Audience::Hierarchy(instance, of), Some((top, machine))) => {
                if of != top {
                    return;
                }
                Some(Address { instance, machine })
            }
            (Audience::Hierarchy(..), None) => None,
            _ => route.direct,
        };
        if let Some(to) = direct {
            let context = context.clone();
            line.push_back(Entry { to, item: Item::Event { event, channel, origin, context } });
            return;
        }
        if route.away && !matches!(audience, Audience::Hierarchy(..) | Audience::EveryoneHere) {
            let (event, context) = (event.clone(), context.clone());
            away.push_back(Away { event, channel, origin, context, to: None });
        }
        let exits = Exits { line, away, context };
        self.deliver_to_many(&route.groups, exits, audience, event, channel, origin);
    }

    #[inline(never)]
    fn deliver_to_many<E: Clone>(
        &self,
        groups: &[Group],
        exits: Exits<'_, E>,
        audience: Audience,
        event: E,
        channel: Channel,
        origin: Origin,
    ) {
        let Exits { line, context, .. } = exits;
        let mut last: Option<Address> = None;
        let mut push = |to: Address, line: &mut VecDeque<Entry<E>>| {
            if let Some(to) = last.replace(to) {
                let (event, context) = (event.clone(), context.clone());
                line.push_back(Entry { to, item: Item::Event { event, channel, origin, context } });
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
            let context = context.clone();
            line.push_back(Entry { to, item: Item::Event { event, channel, origin, context } });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_survives_being_packed() {
        let at = Address { instance: u32::MAX, machine: u16::MAX };
        let timers = [Source::Timer(1, 2), Source::Timer(u16::MAX, u16::MAX)];
        let sources = [Source::Environment, Source::Machine(at), Source::Invoke(7)];
        for source in sources.into_iter().chain(timers) {
            let origin = Origin::from(source);
            assert_eq!(origin.source(), source);
            assert!(!origin.is_elsewhere());
            assert_eq!(origin.elsewhere().source(), source);
            assert!(origin.elsewhere().is_elsewhere());
        }
    }
}
