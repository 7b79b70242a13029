//! The outbound side of a link: local sources and remote receivers.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use super::deadline_queue::DeadlineQueue;
use super::interface::{SourceId, Transmit, Weight};
use super::link_options::LinkOptions;
use super::local_source::{LocalSource, OutboundContext, SourceLoad};
use super::protocol::{Ack, Lane, SequencedEvent, SourceName, SourceSync};
use super::reports::LinkReport;
use super::tally::Tally;

/// Receivers that one message answers at most.
const MAX_ANSWERS: usize = 256;
/// Reports of dropped events that are told apart.
const MAX_TOLD: usize = 1_024;

/// Local sources and remote receivers.
#[derive(Debug)]
pub(super) struct Outbound<B> {
    epoch: u64,
    connected: bool,
    connection: u64,
    sources: Vec<LocalSource<B>>,
    ids: HashMap<SourceName, u32>,
    receiver_ids: HashMap<Arc<str>, u32>,
    /// For each remote receiver: sources, and its position among their peers.
    peers: Vec<HashMap<u32, u32>>,
    load: SourceLoad,
    /// Sources that may have events to send.
    ready: VecDeque<u32>,
    /// Sources that have to announce themselves or to answer.
    sync_queue: VecDeque<u32>,
    /// By source and peer: when to check for acknowledgements.
    deadlines: DeadlineQueue<(u32, u32)>,
    /// What receivers have reported as dropped: source, receiver, epoch and number.
    told: BTreeSet<(SourceName, u32, u64, u64)>,
}

/// `OutboundContext` of an `Outbound`, without borrowing the rest of it.
macro_rules! cx {
    ($self:ident, $now:expr, $options:expr, $counters:expr) => {
        &mut OutboundContext {
            now: $now,
            epoch: $self.epoch,
            connection: $self.connection,
            options: $options,
            load: &mut $self.load,
            counters: $counters,
        }
    };
}

impl<B: Clone + Weight> Outbound<B> {
    pub(super) fn new(epoch: u64) -> Self {
        Self {
            epoch,
            connected: false,
            connection: 0,
            sources: Vec::new(),
            ids: HashMap::new(),
            receiver_ids: HashMap::new(),
            peers: Vec::new(),
            load: SourceLoad::default(),
            ready: VecDeque::new(),
            sync_queue: VecDeque::new(),
            deadlines: DeadlineQueue::new(),
            told: BTreeSet::new(),
        }
    }

    pub(super) fn add_source(&mut self, name: SourceName) -> SourceId {
        if let Some(id) = self.ids.get(&name) {
            return SourceId(*id);
        }
        let id = self.sources.len() as u32;
        self.ids.insert(name.clone(), id);
        self.sources.push(LocalSource::new(name));
        SourceId(id)
    }

    pub(super) fn is_local(&self, name: &SourceName) -> bool {
        self.ids.contains_key(name)
    }

    pub(super) fn add_route(&mut self, source: SourceId, lane: Lane, receiver: Arc<str>, pause: u64) {
        let Some(from) = self.sources.get_mut(source.index()) else {
            return;
        };
        let known = self.peers.len() as u32;
        let receiver_id = *self.receiver_ids.entry(receiver.clone()).or_insert(known);
        if receiver_id == known {
            self.peers.push(HashMap::new());
        }
        let Some(peers) = self.peers.get_mut(receiver_id as usize) else {
            return;
        };
        let peer = *peers.entry(source.0).or_insert_with(|| from.add_peer(receiver, pause));
        from.add_route(lane, peer);
    }

    pub(super) fn has_room(&self, options: &LinkOptions) -> bool {
        self.load.events < options.capacity && self.load.bytes < options.capacity_bytes
    }

    pub(super) fn unacknowledged(&self) -> usize {
        self.load.events
    }

    pub(super) fn is_idle(&self) -> bool {
        self.load.events == 0 && self.sync_queue.is_empty()
    }

    pub(super) fn send(
        &mut self,
        now: u64,
        source: SourceId,
        lane: Lane,
        body: B,
        options: &LinkOptions,
        counters: &mut Tally,
    ) {
        let Some(from) = self.sources.get_mut(source.index()) else {
            return;
        };
        if from.send(cx!(self, now, options, counters), lane, body) {
            self.make_ready(source.0);
        }
    }

    fn make_ready(&mut self, source: u32) {
        if let Some(from) = self.sources.get_mut(source as usize)
            && !from.ready
        {
            from.ready = true;
            self.ready.push_back(source);
        }
    }

    fn queue_sync(&mut self, source: u32) {
        if let Some(from) = self.sources.get_mut(source as usize)
            && !from.sync_queued
            && (from.announce || !from.answers.is_empty())
        {
            from.sync_queued = true;
            self.sync_queue.push_back(source);
        }
    }

    pub(super) fn connected(&mut self, now: u64, options: &LinkOptions) {
        self.connected = true;
        self.connection += 1;
        for index in 0..self.sources.len() as u32 {
            let Some(source) = self.sources.get_mut(index as usize) else {
                continue;
            };
            source.announce = !source.peers.is_empty();
            self.queue_sync(index);
            for peer in 0..self.sources.get(index as usize).map_or(0, |source| source.peers.len()) {
                self.start_resend(now, index, peer as u32, options);
            }
            self.make_ready(index);
        }
    }

    pub(super) fn disconnected(&mut self) {
        self.connected = false;
    }

    /// A peer that is present again gets its unacknowledged events at once.
    fn start_resend(&mut self, now: u64, source: u32, peer: u32, options: &LinkOptions) {
        let Some(from) = self.sources.get_mut(source as usize) else {
            return;
        };
        if !from.is_waiting(peer) {
            return;
        }
        if let Some(peer) = from.peers.get_mut(peer as usize) {
            peer.reset_pause(options.resend_min_ms);
        }
        from.start_resend(now, peer, options.window);
        self.schedule(source, peer);
        self.make_ready(source);
    }

    /// Schedules the next check of a peer.
    fn schedule(&mut self, source: u32, peer: u32) {
        let from = self.sources.get_mut(source as usize);
        let Some(to) = from.and_then(|from| from.peers.get_mut(peer as usize)) else {
            return;
        };
        if let Some(due) = to.next_deadline() {
            self.deadlines.schedule(due, (source, peer));
        }
    }

    pub(super) fn receive_ack(
        &mut self,
        now: u64,
        receiver: &str,
        ack: Ack,
        options: &LinkOptions,
        counters: &mut Tally,
    ) {
        let Some(receiver) = self.receiver_ids.get(receiver).copied() else {
            counters.ignored += 1;
            return;
        };
        self.take_notes(&ack, receiver, counters);
        if ack.sources.is_empty() && ack.ended {
            self.receiver_shut_down(now, receiver, ack.epoch, options, counters);
        } else if ack.sources.is_empty() {
            if ack.alive {
                for (source, peer) in self.peers_of(receiver) {
                    let cx = cx!(self, now, options, counters);
                    if let Some(from) = self.sources.get_mut(source as usize) {
                        from.contradicted(cx, peer, ack.epoch);
                    }
                }
            }
            self.receiver_connected(now, receiver, ack.epoch, options);
        }
        for (name, epoch, number) in ack.sources {
            // A receiver may also hear sources of other processes.
            let Some(source) = self.ids.get(&name).copied() else {
                continue;
            };
            let Some(from) = self.sources.get_mut(source as usize) else {
                continue;
            };
            if epoch != self.epoch {
                // It only knows an earlier incarnation.
                counters.ignored += 1;
                self.announce(now, source, options);
                continue;
            }
            let peers = self.peers.get(receiver as usize);
            let Some(peer) = peers.and_then(|peers| peers.get(&source)).copied() else {
                let what =
                    "it acknowledges events that it does not receive, according to this process; ignored";
                counters.ignored += 1;
                counters.impossible += 1;
                if let Some((receiver, _)) = self.receiver_ids.iter().find(|(_, id)| **id == receiver) {
                    counters.reports.push(LinkReport::ImpossibleAck { receiver: receiver.clone(), what });
                }
                continue;
            };
            match number {
                None => from.asked(peer, ack.epoch, ack.probe, options.resend_min_ms),
                Some(number) => {
                    let cx = cx!(self, now, options, counters);
                    from.acknowledged(cx, peer, ack.epoch, number, ack.ended);
                    self.schedule(source, peer);
                    self.make_ready(source);
                }
            }
            self.queue_sync(source);
        }
    }

    /// What a receiver tells local sources of twins, and of events that it has dropped.
    fn take_notes(&mut self, ack: &Ack, receiver: u32, counters: &mut Tally) {
        if ack.twins.is_empty() && ack.dropped.is_empty() {
            return;
        }
        let Some(name) = self.receiver_ids.iter().find(|(_, id)| **id == receiver).map(|(name, _)| name)
        else {
            return;
        };
        let twins =
            ack.twins.iter().filter(|(source, epoch)| *epoch == self.epoch && self.ids.contains_key(source));
        for (source, _) in twins {
            counters.twins += 1;
            counters.reports.push(LinkReport::OwnTwin { source: source.clone(), receiver: name.clone() });
        }
        for (source, epoch, events) in ack.dropped.iter().filter(|(source, ..)| self.ids.contains_key(source))
        {
            let key = (source.clone(), receiver, *epoch, *events);
            if *events > 0 && self.told.len() < MAX_TOLD && self.told.insert(key) {
                counters.lost = counters.lost.saturating_add(*events);
                let (source, receiver) = (source.clone(), name.clone());
                counters.reports.push(LinkReport::Lost { source, receiver, events: *events });
            }
        }
    }

    /// The local sources that send to a receiver, and its position among their peers.
    fn peers_of(&self, receiver: u32) -> Vec<(u32, u32)> {
        let peers = self.peers.get(receiver as usize).into_iter().flatten();
        let mut peers: Vec<_> = peers.map(|(source, peer)| (*source, *peer)).collect();
        peers.sort_unstable();
        peers
    }

    /// A receiver announces its end, whether it has ever asked for anything or not.
    fn receiver_shut_down(
        &mut self,
        now: u64,
        receiver: u32,
        epoch: u64,
        options: &LinkOptions,
        counters: &mut Tally,
    ) {
        for (source, peer) in self.peers_of(receiver) {
            let cx = cx!(self, now, options, counters);
            if let Some(from) = self.sources.get_mut(source as usize) {
                from.peer_shut_down(cx, peer, epoch);
            }
            self.schedule(source, peer);
            self.make_ready(source);
            self.queue_sync(source);
        }
    }

    /// A receiver has connected.
    fn receiver_connected(&mut self, now: u64, receiver: u32, epoch: u64, options: &LinkOptions) {
        for (source, peer) in self.peers_of(receiver) {
            self.announce(now, source, options);
            let from = self.sources.get_mut(source as usize);
            let slow = from.and_then(|from| from.peers.get_mut(peer as usize));
            let slow = slow.map(|peer| {
                peer.seen(epoch);
                &*peer
            });
            if slow.is_some_and(|peer| peer.is_slow(options.resend_min_ms)) {
                self.start_resend(now, source, peer, options);
            }
        }
    }

    /// A source announces itself, at a limited rate.
    fn announce(&mut self, now: u64, source: u32, options: &LinkOptions) {
        let Some(from) = self.sources.get_mut(source as usize) else {
            return;
        };
        if from.announced_at.is_none_or(|at| now >= at.saturating_add(options.resend_min_ms)) {
            from.announce = true;
            self.queue_sync(source);
        }
    }

    pub(super) fn tick(&mut self, now: u64, options: &LinkOptions, counters: &mut Tally) {
        while let Some((at, (source, peer))) = self.connected.then(|| self.deadlines.due(now)).flatten() {
            let Some(from) = self.sources.get_mut(source as usize) else {
                continue;
            };
            let Some(to) = from.peers.get_mut(peer as usize) else {
                continue;
            };
            if to.scheduled != Some(at) {
                continue;
            }
            to.scheduled = None;
            if to.due.is_some_and(|due| due <= now) && to.has_shut_down(now) {
                from.end(cx!(self, now, options, counters), peer);
            } else if to.due.is_some_and(|due| due <= now) {
                to.back_off(options.resend_max_ms);
                from.start_resend(now, peer, options.window);
                self.make_ready(source);
            }
            self.schedule(source, peer);
        }
    }

    pub(super) fn deadline(&self) -> Option<u64> {
        self.deadlines.next().filter(|_| self.connected)
    }

    /// The next announcement of a source, with its answers to receivers.
    pub(super) fn next_sync(&mut self, now: u64) -> Option<Transmit<B>> {
        let index = self.sync_queue.pop_front()?;
        let source = self.sources.get_mut(index as usize)?;
        let (epoch, name) = (self.epoch, source.name.clone());
        source.sync_queued = false;
        source.announce = false;
        source.announced_at = Some(now);
        let count = source.answers.len().min(MAX_ANSWERS);
        let mut receivers = Vec::with_capacity(count);
        let mut probes = Vec::new();
        for peer in source.answers.drain(..count) {
            if let Some(to) = source.peers.get_mut(peer as usize)
                && let Some(epoch) = to.answer.take()
            {
                receivers.push((to.name.clone(), epoch, to.answer_to(epoch)));
                probes.extend(to.probe.take().map(|probe| (to.name.clone(), epoch, probe)));
            }
        }
        self.queue_sync(index);
        Some(Transmit::Sync { source: name, sync: SourceSync { epoch, receivers, probes } })
    }

    /// The next event to send.
    pub(super) fn next_event(
        &mut self,
        now: u64,
        options: &LinkOptions,
        counters: &mut Tally,
    ) -> Option<Transmit<B>> {
        while let Some(index) = self.ready.pop_front() {
            let Some(source) = self.sources.get_mut(index as usize) else {
                continue;
            };
            let cx = cx!(self, now, options, counters);
            let deadlines = &mut self.deadlines;
            let (event, resent): (Option<SequencedEvent<B>>, bool) = match source.resend(cx) {
                Some(event) => (Some(event), true),
                None => (source.first_send(cx, |peer, due| deadlines.schedule(due, (index, peer))), false),
            };
            if let Some(event) = event {
                // Sources take turns.
                self.ready.push_back(index);
                return Some(Transmit::Event { event, resent });
            }
            source.ready = false;
        }
        None
    }

    pub(super) fn backlog(&self) -> Vec<(SourceName, Arc<str>, u64)> {
        let mut all: Vec<_> = Vec::new();
        for source in &self.sources {
            let waiting = source.backlog().filter(|(_, waiting)| *waiting > 0);
            all.extend(waiting.map(|(to, waiting)| (source.name.clone(), to.name.clone(), waiting)));
        }
        all.sort_by(|(a_source, a, left), (b_source, b, right)| {
            right.cmp(left).then_with(|| (a_source, a).cmp(&(b_source, b)))
        });
        all
    }
}
