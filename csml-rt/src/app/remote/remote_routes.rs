//! Which instances are sources, which receive what, and which topics that takes.

use std::collections::BTreeSet;
use std::sync::Arc;

use csml_rt_core::{Channel, Machines};

use crate::link::{Interest, Link, ReceiverId, SourceId, SourceName};
use crate::node::Node;
use crate::transport::{Filter, Message, Session};
use crate::wire::{Body, Codec, lane, lane_parts};

/// Whether an instance (first) receives external events of another one (second), by name.
pub(in crate::app) type Subscriptions = Arc<dyn Fn(&str, &str) -> bool + Send + Sync>;

/// Filters up to which each topic is named; beyond, one level is a wildcard.
const NAMED: usize = 1_000;

/// What follows from the description and the instances.
pub(in crate::app) struct RemoteRoutes {
    /// Name of this process.
    pub(in crate::app) process: Arc<str>,
    /// The name the transport knows it by.
    pub(in crate::app) client_id: String,
    /// Number of this incarnation, different from that of every other one.
    pub(in crate::app) epoch: u64,
    pub(in crate::app) subscriptions: Option<Subscriptions>,
}

/// The events that some machine of a hierarchy raises for other instances, with their channels.
fn raised<A: Machines>(top: u16) -> BTreeSet<(u16, Channel)> {
    let in_hierarchy =
        |machine: u16| A::DESCRIPTION.machines.get(usize::from(machine)).is_some_and(|info| info.top == top);
    (0..)
        .zip(A::DESCRIPTION.events)
        .flat_map(|(event, info)| info.raised.iter().map(move |raise| (event, raise)))
        .filter(|(_, raise)| in_hierarchy(raise.machine))
        .map(|(event, raise)| (event, raise.channel))
        .collect()
}

/// Whether some machine of a hierarchy has an `on` for an event.
fn handles<A: Machines>(top: u16, event: u16) -> bool {
    let in_hierarchy = |machine: &u16| {
        A::DESCRIPTION.machines.get(usize::from(*machine)).is_some_and(|info| info.top == top)
    };
    let info = A::DESCRIPTION.events.get(usize::from(event));
    info.is_some_and(|info| info.receivers.iter().any(in_hierarchy))
}

fn reaches_others(channel: Channel) -> bool {
    matches!(channel, Channel::External | Channel::Global)
}

impl RemoteRoutes {
    fn sees(&self, receiver: &str, raiser: &str, channel: Channel) -> bool {
        channel != Channel::External
            || self.subscriptions.as_ref().is_none_or(|filter| filter(receiver, raiser))
    }

    /// Whether a receiver of this process gets what a source raises on a lane.
    pub(super) fn interest<A: Machines>(&self, node: &Node<A>) -> Interest {
        let directory = Arc::clone(node.directory());
        let subscriptions = self.subscriptions.clone();
        Box::new(move |receiver, source, lane| {
            let (Some((event, channel)), Some(to)) = (lane_parts(lane), directory.resolve(receiver)) else {
                return false;
            };
            let subscribed = match (source, &subscriptions) {
                (SourceName::Instance(raiser), Some(filter)) if channel == Channel::External => {
                    filter(receiver, raiser)
                }
                _ => true,
            };
            let may = match source {
                SourceName::Instance(_) => reaches_others(channel),
                SourceName::Process(_) => channel == Channel::Peripheral,
            };
            may && subscribed && directory.top(to.instance).is_some_and(|top| handles::<A>(top, event))
        })
    }

    /// Makes sources and receivers of this process known to the link.
    pub(super) fn enroll<A: Machines>(
        &self,
        node: &Node<A>,
        link: &mut Link<Body>,
    ) -> (Vec<SourceId>, SourceId, Vec<ReceiverId>) {
        let directory = node.directory();
        let others: Vec<(Arc<str>, u16)> = directory
            .remote()
            .filter_map(|instance| Some((Arc::from(directory.name(instance)), directory.top(instance)?)))
            .collect();
        let receivers_of = |event: u16| {
            let handling = others.iter().filter(move |(_, top)| handles::<A>(*top, event));
            handling.map(|(name, _)| name)
        };
        let mut sources = Vec::new();
        let mut receivers = Vec::new();
        for instance in directory.local() {
            let name: Arc<str> = directory.name(instance).into();
            let source = link.add_source(SourceName::Instance(Arc::clone(&name)));
            for (event, channel) in directory.top(instance).map(raised::<A>).unwrap_or_default() {
                if reaches_others(channel) {
                    let to = receivers_of(event).filter(|receiver| self.sees(receiver, &name, channel));
                    link.add_route(source, lane(event, channel), to.cloned());
                }
            }
            sources.push(source);
            receivers.push(link.add_receiver(name));
        }
        let process = link.add_source(SourceName::Process(Arc::clone(&self.process)));
        for (event, info) in (0..).zip(A::DESCRIPTION.events) {
            if info.from_outside {
                link.add_route(process, lane(event, Channel::Peripheral), receivers_of(event).cloned());
            }
        }
        (sources, process, receivers)
    }

    /// What this process listens to.
    fn filters<A: Machines>(&self, node: &Node<A>, codec: &Codec) -> Vec<Filter> {
        let directory = node.directory();
        let tops: BTreeSet<u16> = directory.local().filter_map(|instance| directory.top(instance)).collect();
        let handled: BTreeSet<u16> = (0..A::DESCRIPTION.events.len() as u16)
            .filter(|event| tops.iter().any(|top| handles::<A>(*top, *event)))
            .collect();
        let mut filters = Vec::new();
        let mut talkers: Vec<(&str, Vec<u16>)> = Vec::new();
        for other in directory.remote() {
            let name = directory.name(other);
            let heard = directory.top(other).map(raised::<A>).unwrap_or_default();
            let heard = heard.into_iter().filter(|(event, channel)| {
                reaches_others(*channel)
                    && handled.contains(event)
                    && directory.local().any(|here| {
                        directory.top(here).is_some_and(|top| handles::<A>(top, *event))
                            && self.sees(directory.name(here), name, *channel)
                    })
            });
            let events: BTreeSet<u16> = heard.map(|(event, _)| event).collect();
            if !events.is_empty() {
                talkers.push((name, events.into_iter().collect()));
            }
        }
        if talkers.iter().map(|(_, events)| events.len() + 1).sum::<usize>() <= NAMED {
            for (name, events) in &talkers {
                filters.extend(codec.event_filters(Some(name), events));
                filters.push(codec.sync_filter(&SourceName::Instance(Arc::from(*name))));
            }
        } else {
            let events: BTreeSet<u16> = talkers.iter().flat_map(|(_, events)| events).copied().collect();
            let events: Vec<u16> = events.into_iter().collect();
            filters.extend(codec.event_filters(None, &events));
            filters.extend(codec.every_sync_filter());
        }
        let outside: Vec<u16> = handled
            .iter()
            .filter(|event| {
                A::DESCRIPTION.events.get(usize::from(**event)).is_some_and(|info| info.from_outside)
            })
            .copied()
            .collect();
        filters.extend(codec.plain_event_filters(&outside));
        filters.extend(codec.injected_event_filters(None, &outside));
        if !outside.is_empty() {
            filters.extend(
                codec.every_sync_filter().into_iter().filter(|filter| filter.pattern.contains("/syn/env/")),
            );
        }
        // Peers that receive events of this process, raised or handed in here, acknowledge them.
        let raised_here: BTreeSet<(u16, Channel)> = tops.iter().flat_map(|top| raised::<A>(*top)).collect();
        let sent = |event: u16, outside: bool| {
            outside
                || raised_here.iter().any(|(raised, channel)| *raised == event && reaches_others(*channel))
        };
        let answers = |top: u16| {
            let mut events = (0..).zip(A::DESCRIPTION.events);
            events.any(|(event, info)| sent(event, info.from_outside) && handles::<A>(top, event))
        };
        let receivers: Vec<&str> = directory
            .remote()
            .filter(|instance| directory.top(*instance).is_some_and(answers))
            .map(|instance| directory.name(instance))
            .collect();
        match receivers.len() {
            0..=NAMED => filters.extend(receivers.iter().map(|name| codec.ack_filter(Some(name)))),
            _ => filters.push(codec.ack_filter(None)),
        }
        filters
    }

    pub(super) fn presence<A: Machines>(&self, node: &Node<A>, codec: &Codec, online: bool) -> Message {
        let directory = node.directory();
        let instances: Vec<&str> = directory.local().map(|instance| directory.name(instance)).collect();
        codec.presence(&self.process, online, &instances)
    }

    pub(super) fn session<A: Machines>(&self, node: &Node<A>, codec: &Codec, capacity: usize) -> Session {
        Session {
            client_id: self.client_id.clone(),
            filters: self.filters(node, codec),
            birth: vec![self.presence(node, codec, true)],
            will: Some(self.presence(node, codec, false)),
            capacity,
        }
    }
}
