//! The inbound side of a link: remote sources and local receivers.

mod acks;
mod gone;
mod sync;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::deadline_queue::DeadlineQueue;
use super::held_bytes::HeldBytes;
use super::interface::{DeliveredEvent, Interest, ReceiverId, Token, Weight};
use super::link_options::LinkOptions;
use super::local_receivers::LocalReceivers;
use super::protocol::{Lane, SequencedEvent, SourceName};
use super::remote_source::RemoteSource;
use super::reports::LinkReport;
use super::shutdown::PendingShutdowns;
use super::source_incarnation::SourceIncarnation;
use super::tally::Tally;

/// Lanes of one source that are remembered.
const MAX_LANES: usize = 1 << 16;

/// How often an incarnation is asked that does not answer while another one has.
const MAX_ASKS: u32 = 8;

/// Remote sources and local receivers.
#[derive(Debug)]
pub(super) struct Inbound<B> {
    epoch: u64,
    connected: bool,
    /// The number of the last question to an incarnation that counts as gone.
    probe: u64,
    pub(super) receivers: LocalReceivers,
    receiver_ids: HashMap<Arc<str>, u32>,
    remotes: Vec<RemoteSource<B>>,
    ids: HashMap<SourceName, u32>,
    /// The source of the last event; events of one source usually arrive together.
    last: u32,
    queue: VecDeque<DeliveredEvent<B>>,
    /// So many of the queue have been shrunk, from its front.
    shrunk: usize,
    /// Events delivered and not consumed, by receivers that have not ended.
    unconsumed: u64,
    /// Bytes of the events held back, and of those delivered and not consumed.
    held_bytes: HeldBytes,
    delivered_bytes: usize,
    /// Sources that have reached a limit of bytes for the first time, until that is reported.
    overflows: Vec<SourceName>,
    /// By remote source and epoch: when to repeat open questions.
    deadlines: DeadlineQueue<(u32, u64)>,
    shutdowns: PendingShutdowns,
}

/// What the methods of [`Inbound`] need of the link.
pub(super) struct InboundContext<'a> {
    pub(super) now: u64,
    pub(super) options: &'a LinkOptions,
    pub(super) counters: &'a mut Tally,
    pub(super) interest: &'a Interest,
}

impl InboundContext<'_> {
    /// Counts and reports a message that cannot be honest.
    fn impossible(&mut self, report: LinkReport) {
        self.counters.ignored += 1;
        self.counters.impossible += 1;
        self.counters.reports.push(report);
    }
}

impl<B: Clone + Weight> Inbound<B> {
    pub(super) fn new(epoch: u64) -> Self {
        Self {
            epoch,
            connected: false,
            probe: 0,
            receivers: LocalReceivers::default(),
            receiver_ids: HashMap::new(),
            remotes: Vec::new(),
            ids: HashMap::new(),
            last: 0,
            queue: VecDeque::new(),
            shrunk: 0,
            unconsumed: 0,
            held_bytes: HeldBytes::default(),
            delivered_bytes: 0,
            overflows: Vec::new(),
            deadlines: DeadlineQueue::new(),
            shutdowns: PendingShutdowns::default(),
        }
    }

    pub(super) fn add_receiver(&mut self, name: Arc<str>, interest: &Interest) -> ReceiverId {
        if let Some(id) = self.receiver_ids.get(&name) {
            return ReceiverId(*id);
        }
        let id = self.receivers.add(name.clone());
        self.receiver_ids.insert(name.clone(), id);
        for remote in 0..self.remotes.len() as u32 {
            let Some(from) = self.remotes.get(remote as usize) else {
                continue;
            };
            let lanes: Vec<_> = from.lanes().filter(|lane| interest(&name, &from.name, *lane)).collect();
            lanes.into_iter().for_each(|lane| self.add_interest(remote, id, lane));
        }
        if self.connected {
            self.receivers.announce(id);
        }
        ReceiverId(id)
    }

    fn add_interest(&mut self, remote: u32, receiver: u32, lane: Lane) {
        let Some(from) = self.remotes.get_mut(remote as usize) else {
            return;
        };
        let (stream, is_new) = from.add_interest(receiver, lane);
        if !is_new {
            return;
        }
        let epochs: Vec<_> = from.incarnations.iter().map(|incarnation| incarnation.epoch).collect();
        if let Some(receiver) = self.receivers.all.get_mut(receiver as usize) {
            receiver.streams.push((remote, stream));
        }
        epochs.into_iter().for_each(|epoch| self.ack_now(remote, epoch, stream));
    }

    /// Whether it is a known remote source.
    pub(super) fn is_known(&self, name: &SourceName) -> bool {
        self.find(name).is_some()
    }

    fn find(&self, name: &SourceName) -> Option<u32> {
        let last = self.remotes.get(self.last as usize).filter(|remote| remote.name == *name);
        last.map(|_| self.last).or_else(|| self.ids.get(name).copied())
    }

    /// The source of an event, after asking the local receivers about its lanes.
    fn remote_source_of(&mut self, cx: &mut InboundContext<'_>, event: &SequencedEvent<B>) -> Option<u32> {
        let remote = match self.find(&event.source) {
            Some(remote) => remote,
            None if self.remotes.len() >= cx.options.max_sources => return None,
            None => {
                let remote = self.remotes.len() as u32;
                self.remotes.push(RemoteSource::new(event.source.clone()));
                self.ids.insert(event.source.clone(), remote);
                remote
            }
        };
        self.last = remote;
        for lane in event.predecessors.iter().map(|(lane, _)| *lane).chain([event.lane]) {
            let from = self.remotes.get_mut(remote as usize)?;
            if from.knows(lane) {
                continue;
            }
            if from.lanes().count() >= MAX_LANES {
                return None;
            }
            from.add_lane(lane);
            let mut wanting = Vec::new();
            for (index, receiver) in self.receivers.all.iter().enumerate() {
                if (cx.interest)(&receiver.name, &event.source, lane) {
                    wanting.push(index as u32);
                }
            }
            wanting.into_iter().for_each(|receiver| self.add_interest(remote, receiver, lane));
        }
        Some(remote)
    }

    pub(super) fn receive_event(&mut self, cx: &mut InboundContext<'_>, event: SequencedEvent<B>) {
        let Some(remote) = self.remote_source_of(cx, &event) else {
            cx.counters.rejected += 1;
            return;
        };
        self.add_incarnation(cx, remote, event.epoch);
        let Some(from) = self.remotes.get_mut(remote as usize) else {
            return;
        };
        if event.seq == 0 || event.predecessors.iter().any(|(_, seq)| *seq >= event.seq) {
            cx.counters.ignored += 1;
            return;
        }
        let streams = from.streams_of(event.lane).to_vec();
        if from.is_retired(event.epoch) {
            return self.event_of_gone(cx, remote, &event, &streams);
        }
        let mut open = false;
        for stream in streams {
            open |= !self.event_for(cx, remote, stream, &event);
        }
        if open {
            self.schedule_ask(cx, remote, event.epoch, true);
        }
    }

    /// Takes an event for one stream. Returns whether no question is open.
    fn event_for(
        &mut self,
        cx: &mut InboundContext<'_>,
        remote: u32,
        stream: u32,
        event: &SequencedEvent<B>,
    ) -> bool {
        let index = stream as usize;
        let Some(from) = self.remotes.get_mut(remote as usize) else { return true };
        let Some(SourceIncarnation { positions, .. }) =
            from.incarnations.iter_mut().find(|incarnation| incarnation.epoch == event.epoch)
        else {
            return true;
        };
        let (Some(to), Some(position)) = (from.streams.get(index), positions.get_mut(index)) else {
            return true;
        };
        let before = to.before(&event.predecessors);
        if position.contradicts(event.seq, before) {
            let what = "it comes after one that it does not know of; refused";
            cx.impossible(LinkReport::ImpossibleEvent { source: event.source.clone(), what });
            return true;
        }
        if position.take_back(event.seq) {
            let what =
                "an event before the last one is new: the last one was far ahead, and is taken for forged";
            cx.impossible(LinkReport::ImpossibleEvent { source: event.source.clone(), what });
        }
        let room = cx.options.hold_back.max(1);
        let ended = self.receivers.all.get(to.receiver as usize).is_some_and(|receiver| receiver.ended);
        let have = position.known && event.seq <= position.delivered || position.early.contains(&event.seq);
        let ready = position.known && before <= position.delivered;
        let (known, full) = (position.known, position.unconsumed >= room);
        let share = from.share(event.lane, &event.body);
        let heavy = !fits(from.delivered_bytes, share, cx.options.hold_back_bytes)
            || !fits(self.delivered_bytes, share, cx.options.hold_back_total_bytes);
        if ended {
            let incarnation = from.incarnation(event.epoch);
            if let Some(position) = incarnation.and_then(|incarnation| incarnation.positions.get_mut(index)) {
                position.delivered = position.delivered.max(event.seq);
                position.consumed = position.delivered;
            }
            self.ack_later(cx, remote, event.epoch, stream);
        } else if have {
            cx.counters.duplicates += 1;
            self.ack_later(cx, remote, event.epoch, stream);
        } else if ready && (full || heavy) {
            cx.counters.rejected += 1;
            self.overflow(remote);
        } else if ready && from.incarnation(event.epoch).is_some_and(|it| it.pass(index, event.seq)) {
            cx.counters.duplicates += 1;
            self.release(cx, remote, event.epoch, stream);
            self.ack_later(cx, remote, event.epoch, stream);
        } else if ready {
            let body = event.body.clone();
            self.queue_delivery(remote, event.epoch, stream, (event.seq, event.lane, body));
            self.release(cx, remote, event.epoch, stream);
        } else if self.hold(cx.options, remote, index, event) {
            cx.counters.early += 1;
        } else {
            cx.counters.rejected += 1;
            self.overflow(remote);
        }
        known && (ended || have || ready)
    }

    /// Holds an event back for a stream. False if there is no room. What is delivered takes room as well, because what is
    /// held back becomes that at any time.
    fn hold(&mut self, options: &LinkOptions, remote: u32, stream: usize, event: &SequencedEvent<B>) -> bool {
        let Some(from) = self.remotes.get_mut(remote as usize) else {
            return true;
        };
        let (source, delivered) = (from.held_bytes.clone(), from.delivered_bytes);
        let all = (self.held_bytes.clone(), self.delivered_bytes);
        let fits = |bytes: usize| {
            source.get().saturating_add(delivered).saturating_add(bytes) <= options.hold_back_bytes
                && all.0.get().saturating_add(all.1).saturating_add(bytes) <= options.hold_back_total_bytes
        };
        let (room, sums) = (options.hold_back.max(1), [source.clone(), all.0.clone()]);
        let incarnation = from.incarnation(event.epoch);
        incarnation.is_none_or(|incarnation| incarnation.hold(stream, event, room, sums, fits))
    }

    /// A source has reached a limit.
    fn overflow(&mut self, remote: u32) {
        if let Some(from) = self.remotes.get_mut(remote as usize).filter(|from| !from.overflowed) {
            from.overflowed = true;
            self.overflows.push(from.name.clone());
        }
    }

    pub(super) fn next_overflow(&mut self) -> Option<SourceName> {
        self.overflows.pop()
    }

    fn queue_delivery(&mut self, remote: u32, epoch: u64, stream: u32, (seq, lane, body): (u64, Lane, B)) {
        let Some(from) = self.remotes.get_mut(remote as usize) else {
            return;
        };
        let (source, weight) = (from.name.clone(), from.share(lane, &body));
        let Some(to) = from.streams.get_mut(stream as usize) else {
            return;
        };
        let receiver = to.receiver;
        to.delivered_bytes += weight;
        from.delivered_bytes += weight;
        self.delivered_bytes += weight;
        let incarnation = from.incarnation(epoch);
        if let Some(position) =
            incarnation.and_then(|incarnation| incarnation.positions.get_mut(stream as usize))
        {
            position.deliver(seq);
        }
        if let Some(receiver) = self.receivers.all.get_mut(receiver as usize) {
            receiver.unconsumed += 1;
            self.unconsumed += 1;
        }
        let token = Token { remote, stream, epoch, seq, weight };
        self.queue.push_back(DeliveredEvent { token, receiver: ReceiverId(receiver), source, lane, body });
    }

    /// Delivers the events held back for a stream that no longer have to wait.
    fn release(&mut self, cx: &InboundContext<'_>, remote: u32, epoch: u64, stream: u32) {
        let room = cx.options.hold_back.max(1);
        while let Some(from) = self.remotes.get_mut(remote as usize) {
            let Some(incarnation) =
                from.incarnations.iter_mut().find(|incarnation| incarnation.epoch == epoch)
            else {
                return;
            };
            let Some(to) = from.streams.get(stream as usize) else {
                return;
            };
            let next = incarnation.release(stream as usize, |position, predecessors| {
                position.known && position.unconsumed < room && to.before(predecessors) <= position.delivered
            });
            let Some(event) = next else { return };
            self.queue_delivery(remote, epoch, stream, event);
        }
    }

    pub(super) fn deliver(&mut self, counters: &mut Tally) -> Option<DeliveredEvent<B>> {
        loop {
            let delivery = self.queue.pop_front()?;
            self.shrunk = self.shrunk.saturating_sub(1);
            if self.receivers.all.get(delivery.receiver.index()).is_some_and(|receiver| !receiver.ended) {
                counters.delivered += 1;
                return Some(delivery);
            }
        }
    }

    pub(super) fn shrink_waiting(&mut self) {
        self.queue.iter_mut().skip(self.shrunk).for_each(|delivery| delivery.body.shrink());
        self.shrunk = self.queue.len();
    }

    pub(super) fn consumed(&mut self, cx: &mut InboundContext<'_>, token: Token) {
        let Token { remote, stream, epoch, seq, weight } = token;
        let Some(from) = self.remotes.get_mut(remote as usize) else {
            return;
        };
        let Some(to) = from.streams.get_mut(stream as usize) else {
            return;
        };
        let Some(receiver) =
            self.receivers.all.get_mut(to.receiver as usize).filter(|receiver| !receiver.ended)
        else {
            return;
        };
        for sum in [&mut to.delivered_bytes, &mut from.delivered_bytes, &mut self.delivered_bytes] {
            *sum = sum.saturating_sub(weight);
        }
        receiver.unconsumed = receiver.unconsumed.saturating_sub(1);
        self.unconsumed = self.unconsumed.saturating_sub(1);
        let incarnation = from.any_incarnation(epoch);
        let Some(position) =
            incarnation.and_then(|incarnation| incarnation.positions.get_mut(stream as usize))
        else {
            return;
        };
        position.consume(seq);
        let (many, waits) = (position.unacked >= cx.options.ack_every, !position.early.is_empty());
        if many {
            self.ack_now(remote, epoch, stream);
        } else {
            self.ack_later(cx, remote, epoch, stream);
        }
        if waits {
            self.release(cx, remote, epoch, stream);
        }
    }

    pub(super) fn end_receiver(&mut self, cx: &InboundContext<'_>, receiver: ReceiverId) {
        let Some(to) = self.receivers.all.get_mut(receiver.index()) else {
            return;
        };
        to.ended = true;
        self.unconsumed = self.unconsumed.saturating_sub(std::mem::take(&mut to.unconsumed));
        for (remote, stream) in to.streams.clone() {
            let Some(from) = self.remotes.get_mut(remote as usize) else {
                continue;
            };
            let bytes =
                from.streams.get_mut(stream as usize).map_or(0, |to| std::mem::take(&mut to.delivered_bytes));
            from.delivered_bytes = from.delivered_bytes.saturating_sub(bytes);
            self.delivered_bytes = self.delivered_bytes.saturating_sub(bytes);
            let mut epochs = Vec::new();
            for incarnation in &mut from.incarnations {
                epochs.push(incarnation.epoch);
                let highest = incarnation.forget(stream as usize).last().copied().unwrap_or(0);
                let Some(position) = incarnation.positions.get_mut(stream as usize) else {
                    continue;
                };
                position.delivered = position.delivered.max(highest);
                position.consumed = position.delivered;
                position.unconsumed = 0;
            }
            epochs.into_iter().for_each(|epoch| self.ack_now(remote, epoch, stream));
        }
        let streams = self.receivers.all.get(receiver.index()).map_or(&[][..], |to| &to.streams);
        // One that has never answered learns it from the announcement that the broker retains, or does not exist.
        let answered = |remote: &u32| {
            let from = self.remotes.get(*remote as usize);
            from.is_some_and(|from| from.incarnations.iter().any(|incarnation| incarnation.confirmed))
        };
        let sources = streams.iter().map(|(remote, _)| *remote).filter(answered).collect();
        self.shutdowns.begin(cx.now, receiver.0, sources, cx.options);
        self.receivers.announce(receiver.0);
    }

    pub(super) fn connected(&mut self, cx: &mut InboundContext<'_>) {
        self.connected = true;
        for receiver in 0..self.receivers.all.len() as u32 {
            self.receivers.announce(receiver);
        }
        for remote in 0..self.remotes.len() as u32 {
            let incarnations = self.remotes.get(remote as usize).map_or(&[][..], |from| &from.incarnations);
            for epoch in incarnations.iter().map(|incarnation| incarnation.epoch).collect::<Vec<_>>() {
                for stream in 0..self.remotes.get(remote as usize).map_or(0, |from| from.streams.len()) {
                    self.ack_now(remote, epoch, stream as u32);
                }
                self.schedule_ask(cx, remote, epoch, true);
            }
        }
    }

    pub(super) fn disconnected(&mut self) {
        self.connected = false;
    }

    pub(super) fn deadline(&self) -> Option<u64> {
        let next = [self.receivers.deadline(), self.deadlines.next(), self.shutdowns.deadline()];
        let next = next.into_iter().flatten().min();
        next.filter(|_| self.connected)
    }

    pub(super) fn held_back(&self) -> usize {
        self.remotes
            .iter()
            .flat_map(|remote| &remote.incarnations)
            .map(|incarnation| incarnation.held.len())
            .sum()
    }

    /// Whether all acknowledgements are sent, and the ends of receivers are confirmed.
    pub(super) fn may_leave(&self) -> bool {
        self.receivers.is_idle() && self.shutdowns.is_empty()
    }

    pub(super) fn is_idle(&self) -> bool {
        self.unconsumed == 0 && self.queue.is_empty() && self.receivers.is_idle() && self.shutdowns.is_empty()
    }
}

/// Whether more may be delivered although something is not consumed yet. If nothing is, anything may.
const fn fits(delivered: usize, more: usize, limit: usize) -> bool {
    delivered == 0 || delivered.saturating_add(more) <= limit
}
