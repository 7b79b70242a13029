//! The unacknowledged events of one lane of a local source.

use std::collections::VecDeque;

use super::protocol::Lane;

/// The unacknowledged events of one lane, in order. Peers acknowledge in order, so events leave in order too.
#[derive(Debug)]
pub(super) struct LaneQueue {
    pub(super) lane: Lane,
    /// The peers that get it.
    pub(super) peers: Vec<u32>,
    /// How many of these have not ended.
    pub(super) open: u32,
    /// Sequence numbers, and how many peers have not acknowledged each.
    queue: VecDeque<(u64, u32)>,
    /// How many of these were sent.
    pub(super) sent: usize,
    /// The last number that was sent.
    pub(super) sent_to: u64,
    /// How many events it has got, with those that no peer was there for.
    pub(super) got: u64,
    /// The highest number that a peer has acknowledged.
    best: u64,
}

impl LaneQueue {
    pub(super) fn new(lane: Lane) -> Self {
        Self {
            lane,
            peers: Vec::new(),
            open: 0,
            queue: VecDeque::new(),
            sent: 0,
            sent_to: 0,
            got: 0,
            best: 0,
        }
    }

    /// Adds a peer, which gets the events after `last`.
    pub(super) fn add(&mut self, peer: u32, last: u64, ended: bool) {
        self.peers.push(peer);
        self.open += u32::from(!ended);
        self.best = self.best.max(if self.queue.is_empty() { last } else { 0 });
    }

    /// Adds the number of an event. False if all peers have ended.
    pub(super) fn push(&mut self, seq: u64) -> bool {
        self.got += 1;
        if self.open == 0 {
            return false;
        }
        self.queue.push_back((seq, self.open));
        true
    }

    fn after(&self, seq: u64) -> usize {
        self.queue.partition_point(|(number, _)| *number <= seq)
    }

    /// How many events come after `seq`.
    pub(super) fn waiting_after(&self, seq: u64) -> usize {
        self.queue.len() - self.after(seq)
    }

    /// The first number after `seq`, if it was sent.
    pub(super) fn sent_after(&self, seq: u64) -> Option<u64> {
        let place = self.after(seq);
        self.queue.get(place).filter(|_| place < self.sent).map(|(number, _)| *number)
    }

    /// The next number to send for the first time, if the window allows it. Only events that no peer has
    /// acknowledged count, so that an absent peer does not block the others.
    pub(super) fn next_unsent(&self, window: usize) -> Option<u64> {
        let (seq, _) = self.queue.get(self.sent)?;
        (self.sent.saturating_sub(self.after(self.best)) < window.max(1)).then_some(*seq)
    }

    /// A peer has acknowledged the events after `from`, up to `to`. Returns their count.
    pub(super) fn acknowledge(&mut self, from: u64, to: u64) -> usize {
        self.best = self.best.max(to);
        let first = self.after(from);
        let mut count = 0;
        for (number, waiting) in self.queue.range_mut(first..) {
            if *number > to {
                break;
            }
            *waiting = waiting.saturating_sub(1);
            count += 1;
        }
        count
    }

    /// A peer needs none of the events after `from`.
    pub(super) fn acknowledge_all(&mut self, from: u64) {
        let first = self.after(from);
        for (_, waiting) in self.queue.range_mut(first..) {
            *waiting = waiting.saturating_sub(1);
        }
    }

    /// Removes the first event if no peer waits for it.
    pub(super) fn pop_done(&mut self) -> Option<u64> {
        let (seq, _) = self.queue.front().copied().filter(|(_, waiting)| *waiting == 0)?;
        self.queue.pop_front();
        self.sent = self.sent.saturating_sub(1);
        Some(seq)
    }
}
