//! A source of this process: its events until all peers have acknowledged them, and what to send next.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::interface::Weight;
use super::lane_queue::LaneQueue;
use super::link_options::LinkOptions;
use super::peer::{AckOutcome, Peer};
use super::protocol::{Lane, Predecessors, SequencedEvent, SourceName};
use super::reports::LinkReport;
use super::tally::Tally;

/// An event that some peer has not acknowledged.
#[derive(Debug)]
struct Kept<B> {
    lane: u32,
    predecessors: Predecessors,
    body: B,
    /// When it was last sent, and over which connection.
    sent: Option<(u64, u64)>,
}

/// The unacknowledged events of all sources together.
#[derive(Debug, Default)]
pub(super) struct SourceLoad {
    pub(super) events: usize,
    pub(super) bytes: usize,
}

/// What all sources of a link share.
pub(super) struct OutboundContext<'a> {
    pub(super) now: u64,
    pub(super) epoch: u64,
    /// Number of the connection.
    pub(super) connection: u64,
    pub(super) options: &'a LinkOptions,
    pub(super) load: &'a mut SourceLoad,
    pub(super) counters: &'a mut Tally,
}

/// A source of this process.
#[derive(Debug)]
pub(super) struct LocalSource<B> {
    pub(super) name: SourceName,
    /// The last sequence number it has assigned.
    last: u64,
    queues: Vec<LaneQueue>,
    pub(super) peers: Vec<Peer>,
    predecessors: Predecessors,
    kept: BTreeMap<u64, Kept<B>>,
    /// Peers that have to get events again.
    resending: VecDeque<u32>,
    /// Peers that wait for an answer of this source.
    pub(super) answers: VecDeque<u32>,
    /// It has to announce itself, and when it last did.
    pub(super) announce: bool,
    pub(super) announced_at: Option<u64>,
    /// It is in the queue of sources that have to send a sync, or events.
    pub(super) sync_queued: bool,
    pub(super) ready: bool,
}

impl<B: Clone + Weight> LocalSource<B> {
    pub(super) fn new(name: SourceName) -> Self {
        Self {
            name,
            last: 0,
            queues: Vec::new(),
            peers: Vec::new(),
            predecessors: Vec::new(),
            kept: BTreeMap::new(),
            resending: VecDeque::new(),
            answers: VecDeque::new(),
            announce: false,
            announced_at: None,
            sync_queued: false,
            ready: false,
        }
    }

    /// Adds a peer without lanes. Returns its position.
    pub(super) fn add_peer(&mut self, name: Arc<str>, pause: u64) -> u32 {
        self.peers.push(Peer::new(name, self.last, pause));
        self.peers.len() as u32 - 1
    }

    /// From now on a peer gets the events of a lane.
    pub(super) fn add_route(&mut self, lane: Lane, peer: u32) {
        let queue = match self.queues.binary_search_by_key(&lane, |queue| queue.lane) {
            Ok(queue) => queue,
            Err(place) => {
                // Routes come before events, so this hardly ever moves anything.
                for entry in self.kept.values_mut() {
                    entry.lane += u32::from(entry.lane as usize >= place);
                }
                for other in &mut self.peers {
                    for position in &mut other.lanes {
                        *position += u32::from(*position as usize >= place);
                    }
                }
                self.queues.insert(place, LaneQueue::new(lane));
                place
            }
        };
        let Some(to) = self.peers.get_mut(peer as usize) else {
            return;
        };
        if to.lanes.contains(&(queue as u32)) {
            return;
        }
        to.lanes.push(queue as u32);
        if let Some(queue) = self.queues.get_mut(queue) {
            queue.add(peer, self.last, to.ended);
        }
    }

    /// Takes an event. False if no peer gets it.
    pub(super) fn send(&mut self, cx: &mut OutboundContext<'_>, lane: Lane, body: B) -> bool {
        let Ok(index) = self.queues.binary_search_by_key(&lane, |queue| queue.lane) else {
            return false;
        };
        let Some(queue) = self.queues.get_mut(index) else {
            return false;
        };
        let seq = self.last + 1;
        if !queue.push(seq) {
            return false;
        }
        self.last = seq;
        cx.load.events += 1;
        cx.load.bytes += body.weight();
        let kept = Kept { lane: index as u32, predecessors: self.predecessors.clone(), body, sent: None };
        self.kept.insert(seq, kept);
        match self.predecessors.binary_search_by_key(&lane, |(lane, _)| *lane) {
            Ok(place) => {
                if let Some((_, number)) = self.predecessors.get_mut(place) {
                    *number = seq;
                }
            }
            Err(place) => self.predecessors.insert(place, (lane, seq)),
        }
        true
    }

    /// A peer asks where its events begin.
    pub(super) fn asked(&mut self, peer: u32, epoch: u64, probe: Option<u64>, pause: u64) {
        let Some(from) = self.peers.get_mut(peer as usize) else {
            return;
        };
        let waits = from.answer.is_some();
        let rejoins = from.asked(epoch, self.last, probe) == AckOutcome::Rejoined;
        if !waits && from.answer.is_some() {
            self.answers.push_back(peer);
        }
        if rejoins {
            self.rejoin(peer, pause);
        }
    }

    /// A peer that had ended gets the events from now on.
    fn rejoin(&mut self, peer: u32, pause: u64) {
        let Some(from) = self.peers.get_mut(peer as usize) else {
            return;
        };
        from.rejoin(self.last, pause);
        for lane in &from.lanes {
            if let Some(queue) = self.queues.get_mut(*lane as usize) {
                queue.open += 1;
            }
        }
    }

    /// How many events the lanes of a peer have got.
    fn got(&self, peer: u32) -> u64 {
        let lanes = self.peers.get(peer as usize).map_or(&[][..], |peer| &peer.lanes);
        lanes.iter().filter_map(|lane| self.queues.get(*lane as usize)).map(|queue| queue.got).sum()
    }

    /// A peer says that it has not ended, though this source has heard so. Events that were dropped since are lost.
    pub(super) fn contradicted(&mut self, cx: &mut OutboundContext<'_>, peer: u32, epoch: u64) {
        let got = self.got(peer);
        let Some(from) = self.peers.get_mut(peer as usize) else {
            return;
        };
        if !from.contradicted(epoch) {
            return;
        }
        let receiver = from.name.clone();
        let what = if from.ended {
            let events = got.saturating_sub(from.got);
            if events > 0 {
                cx.counters.lost += events;
                let (source, receiver) = (self.name.clone(), receiver.clone());
                cx.counters.reports.push(LinkReport::Lost { source, receiver, events });
            }
            self.rejoin(peer, cx.options.resend_min_ms);
            "it says that it runs after it has said that it has ended; the end was believed, its events go on from here"
        } else {
            "it says that it runs after it has said that it has ended; the end was not believed"
        };
        cx.counters.ignored += 1;
        cx.counters.impossible += 1;
        cx.counters.reports.push(LinkReport::ImpossibleAck { receiver, what });
    }

    /// A peer has consumed everything up to a number.
    pub(super) fn acknowledged(
        &mut self,
        cx: &mut OutboundContext<'_>,
        peer: u32,
        epoch: u64,
        number: u64,
        ended: bool,
    ) {
        let Some(from) = self.peers.get_mut(peer as usize) else {
            return;
        };
        let lanes = from.lanes.iter().filter_map(|lane| self.queues.get(*lane as usize));
        let limit = lanes.map(|queue| queue.sent_to).max().unwrap_or(0).max(from.acked);
        let waits = from.answer.is_some();
        let twin = from.has_twin;
        let outcome = from.acknowledged(cx.now, epoch, (number, limit), ended, cx.options);
        if !waits && from.answer.is_some() {
            self.answers.push_back(peer);
        }
        if from.has_twin && !twin {
            cx.counters.twins += 1;
            cx.counters.reports.push(LinkReport::TwinReceiver(from.name.clone()));
        }
        match outcome {
            AckOutcome::Nothing | AckOutcome::Rejoined => {}
            AckOutcome::Ignored => cx.counters.ignored += 1,
            AckOutcome::Impossible => {
                let (receiver, what) =
                    (from.name.clone(), "it acknowledges events that were not sent; refused");
                cx.counters.ignored += 1;
                cx.counters.impossible += 1;
                cx.counters.reports.push(LinkReport::ImpossibleAck { receiver, what });
            }
            AckOutcome::Consumed(number) => self.advance(cx, peer, number),
        }
        if self.peers.get(peer as usize).is_some_and(|peer| !peer.ended && peer.has_shut_down(cx.now)) {
            self.end(cx, peer);
        }
    }

    /// A peer announces its end. The source answers, so that the peer can stop.
    pub(super) fn peer_shut_down(&mut self, cx: &mut OutboundContext<'_>, peer: u32, epoch: u64) {
        let Some(from) = self.peers.get_mut(peer as usize) else {
            return;
        };
        let waits = from.answer.is_some();
        from.shutting_down(cx.now, epoch, cx.options);
        if !waits && from.answer.is_some() {
            self.answers.push_back(peer);
        }
    }

    fn advance(&mut self, cx: &mut OutboundContext<'_>, peer: u32, number: u64) {
        let Some(from) = self.peers.get_mut(peer as usize) else {
            return;
        };
        let (mut count, mut waiting) = (0, false);
        for lane in &from.lanes {
            let Some(queue) = self.queues.get_mut(*lane as usize) else {
                continue;
            };
            count += queue.acknowledge(from.acked, number);
            waiting |= queue.sent_to > number;
        }
        from.advance(cx.now, number, count, waiting, cx.options);
        self.resend_soon(peer);
        self.drop_done(cx, peer);
    }

    pub(super) fn end(&mut self, cx: &mut OutboundContext<'_>, peer: u32) {
        let Some(from) = self.peers.get_mut(peer as usize) else {
            return;
        };
        from.got = 0;
        for lane in &from.lanes {
            let Some(queue) = self.queues.get_mut(*lane as usize) else {
                continue;
            };
            from.got += queue.got.saturating_sub(queue.waiting_after(from.acked) as u64);
            queue.acknowledge_all(from.acked);
            queue.open = queue.open.saturating_sub(1);
        }
        from.end(self.last);
        self.drop_done(cx, peer);
    }

    /// Drops the events on the lanes of a peer that no peer waits for any more.
    fn drop_done(&mut self, cx: &mut OutboundContext<'_>, peer: u32) {
        let Some(peer) = self.peers.get(peer as usize) else {
            return;
        };
        for lane in &peer.lanes {
            let Some(queue) = self.queues.get_mut(*lane as usize) else {
                continue;
            };
            while let Some(seq) = queue.pop_done() {
                let Some(kept) = self.kept.remove(&seq) else {
                    continue;
                };
                cx.load.events -= 1;
                cx.load.bytes -= kept.body.weight();
                cx.counters.acked += 1;
            }
        }
    }

    /// Whether a peer has not acknowledged all events that were sent.
    pub(super) fn is_waiting(&self, peer: u32) -> bool {
        self.peers.get(peer as usize).is_some_and(|peer| {
            let mut lanes = peer.lanes.iter().filter_map(|lane| self.queues.get(*lane as usize));
            !peer.ended && lanes.any(|queue| queue.sent_to > peer.acked)
        })
    }

    /// Starts to send a peer its unacknowledged events again.
    pub(super) fn start_resend(&mut self, now: u64, peer: u32, window: usize) {
        if let Some(peer) = self.peers.get_mut(peer as usize) {
            peer.start_resend(now, window);
        }
        self.resend_soon(peer);
    }

    fn resend_soon(&mut self, peer: u32) {
        let Some(to) = self.peers.get_mut(peer as usize) else {
            return;
        };
        if to.may_resend() && !to.queued {
            to.queued = true;
            self.resending.push_back(peer);
        }
    }

    /// The next event to send again. One that was sent a moment ago, for any peer, is still in flight.
    pub(super) fn resend(&mut self, cx: &mut OutboundContext<'_>) -> Option<SequencedEvent<B>> {
        while let Some(peer) = self.resending.front() {
            let to = self.peers.get_mut(*peer as usize)?;
            let from = to.resent_to.max(to.acked);
            let lanes = to.lanes.iter().filter_map(|lane| self.queues.get(*lane as usize));
            let next = lanes.filter_map(|queue| queue.sent_after(from)).min();
            let Some(seq) = next.filter(|_| to.may_resend()) else {
                to.queued = false;
                self.resending.pop_front();
                continue;
            };
            to.resent(seq);
            let Some(kept) = self.kept.get_mut(&seq) else {
                continue;
            };
            let pause = cx.options.resend_min_ms;
            if kept.sent.is_some_and(|(at, over)| over == cx.connection && cx.now < at + pause) {
                continue;
            }
            kept.sent = Some((cx.now, cx.connection));
            cx.counters.resent += 1;
            // Peers take turns.
            self.resending.rotate_left(1);
            return self.data(cx.epoch, seq);
        }
        None
    }

    /// The next event to send for the first time. `schedule` gets each peer of its lane whose acknowledgement is now
    /// awaited, with the deadline.
    pub(super) fn first_send(
        &mut self,
        cx: &mut OutboundContext<'_>,
        mut schedule: impl FnMut(u32, u64),
    ) -> Option<SequencedEvent<B>> {
        let window = cx.options.window;
        let lanes = self.queues.iter_mut();
        let (seq, queue) = lanes
            .filter_map(|queue| Some((queue.next_unsent(window)?, queue)))
            .min_by_key(|(seq, _)| *seq)?;
        queue.sent += 1;
        queue.sent_to = seq;
        for peer in &queue.peers {
            let Some(to) = self.peers.get_mut(*peer as usize) else {
                continue;
            };
            if let Some(due) = to.arm_deadline(cx.now) {
                schedule(*peer, due);
            }
        }
        self.kept.get_mut(&seq)?.sent = Some((cx.now, cx.connection));
        cx.counters.sent += 1;
        self.data(cx.epoch, seq)
    }

    fn data(&self, epoch: u64, seq: u64) -> Option<SequencedEvent<B>> {
        let kept = self.kept.get(&seq)?;
        let lane = self.queues.get(kept.lane as usize)?.lane;
        let (source, body) = (self.name.clone(), kept.body.clone());
        Some(SequencedEvent { source, epoch, seq, predecessors: kept.predecessors.clone(), lane, body })
    }

    /// For each peer, the number of events that it has not acknowledged.
    pub(super) fn backlog(&self) -> impl Iterator<Item = (&Peer, u64)> {
        self.peers.iter().map(|peer| {
            let lanes = peer.lanes.iter().filter_map(|lane| self.queues.get(*lane as usize));
            let waiting: usize = lanes.map(|queue| queue.waiting_after(peer.acked)).sum();
            (peer, if peer.ended { 0 } else { waiting as u64 })
        })
    }
}
