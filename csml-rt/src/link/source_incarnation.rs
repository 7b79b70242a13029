//! One incarnation of a remote source, as the local receivers see it.

use std::collections::{BTreeMap, BTreeSet};

use super::held_bytes::{HeldBytes, HeldPart};
use super::interface::Weight;
use super::protocol::{Lane, Predecessors, SequencedEvent};

/// An event that is held back because an earlier one is missing.
#[derive(Debug)]
pub(super) struct EarlyEvent<B> {
    pub(super) lane: Lane,
    pub(super) predecessors: Predecessors,
    pub(super) body: B,
    /// Streams that wait for it.
    waiting: u32,
    _part: HeldPart,
}

/// The progress of a stream.
#[derive(Debug, Default)]
pub(super) struct StreamPosition {
    /// The source has answered where it begins.
    pub(super) known: bool,
    /// Everything up to this number was delivered, or is not for it.
    pub(super) delivered: u64,
    /// Everything up to this number was consumed.
    pub(super) consumed: u64,
    /// Delivered and not consumed.
    pub(super) unconsumed: usize,
    /// Consumed and not acknowledged.
    pub(super) unacked: u32,
    /// It is among the entries of its receiver's next acknowledgements.
    pub(super) ack_queued: bool,
    /// Numbers of events held back for it.
    pub(super) early: BTreeSet<u64>,
}

/// One incarnation of a remote source.
#[derive(Debug)]
pub(super) struct SourceIncarnation<B> {
    pub(super) epoch: u64,
    /// It has answered this process.
    pub(super) confirmed: bool,
    /// By stream.
    pub(super) positions: Vec<StreamPosition>,
    pub(super) held: BTreeMap<u64, EarlyEvent<B>>,
    /// When open questions are asked again, the delay after that, and how often they were asked.
    pub(super) ask_at: Option<u64>,
    pub(super) pause: u64,
    pub(super) tries: u32,
}

impl<B> SourceIncarnation<B> {
    pub(super) fn new(epoch: u64, streams: usize, pause: u64) -> Self {
        Self {
            epoch,
            confirmed: false,
            positions: std::iter::repeat_with(StreamPosition::default).take(streams).collect(),
            held: BTreeMap::new(),
            ask_at: None,
            pause,
            tries: 0,
        }
    }

    /// Holds an event back for a stream. `sums` count its bytes, if they fit. False if there is no room.
    pub(super) fn hold(
        &mut self,
        stream: usize,
        event: &SequencedEvent<B>,
        room: usize,
        sums: [HeldBytes; 2],
        fits: impl FnOnce(usize) -> bool,
    ) -> bool
    where
        B: Clone + Weight,
    {
        let Some(position) = self.positions.get_mut(stream) else {
            return true;
        };
        if let Some(held) = self.held.get_mut(&event.seq) {
            held.waiting += 1;
        } else if self.held.len() < room {
            let (mut predecessors, mut body) = (event.predecessors.clone(), event.body.clone());
            predecessors.shrink_to_fit();
            let size = size_of::<EarlyEvent<B>>() + size_of_val(predecessors.as_slice());
            // Shrinking takes time, so what does not fit as it is is rejected.
            if !fits(size + body.weight()) {
                return false;
            }
            body.shrink();
            let part = HeldPart::new(size + body.weight(), sums);
            let early = EarlyEvent { lane: event.lane, predecessors, body, waiting: 1, _part: part };
            self.held.insert(event.seq, early);
        } else {
            return false;
        }
        position.early.insert(event.seq);
        true
    }

    /// Takes the first event that is held back for a stream, if `ready` accepts its predecessors. Events that the
    /// stream has passed already are dropped.
    pub(super) fn release(
        &mut self,
        stream: usize,
        mut ready: impl FnMut(&StreamPosition, &Predecessors) -> bool,
    ) -> Option<(u64, Lane, B)>
    where
        B: Clone,
    {
        let position = self.positions.get_mut(stream)?;
        loop {
            let seq = *position.early.first()?;
            let held = self.held.get_mut(&seq)?;
            let past = seq <= position.delivered;
            if !past && !ready(position, &held.predecessors) {
                return None;
            }
            position.early.pop_first();
            let event = (!past).then(|| (seq, held.lane, held.body.clone()));
            held.waiting -= 1;
            if held.waiting == 0 {
                self.held.remove(&seq);
            }
            if event.is_some() {
                return event;
            }
        }
    }

    /// Drops the events held back for a stream. Returns the highest of their numbers.
    pub(super) fn forget(&mut self, stream: usize) -> u64 {
        let Some(position) = self.positions.get_mut(stream) else {
            return 0;
        };
        let early = std::mem::take(&mut position.early);
        for seq in &early {
            if let Some(held) = self.held.get_mut(seq) {
                held.waiting -= 1;
                if held.waiting == 0 {
                    self.held.remove(seq);
                }
            }
        }
        early.last().copied().unwrap_or(0)
    }

    /// Drops all events held back.
    pub(super) fn forget_all(&mut self) {
        self.held.clear();
        self.positions.iter_mut().for_each(|position| position.early.clear());
    }

    /// Whether a stream has an open question: where it begins, or where a missing event is.
    pub(super) fn has_question(&self, stream: usize) -> bool {
        self.positions.get(stream).is_some_and(|position| !position.known || !position.early.is_empty())
    }
}
