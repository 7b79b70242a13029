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
    /// How many events were delivered.
    pub(super) received: u64,
    /// Delivered and not consumed.
    pub(super) unconsumed: usize,
    /// Consumed and not acknowledged.
    pub(super) unacked: u32,
    /// It is among the entries of its receiver's next acknowledgements.
    pub(super) ack_queued: bool,
    /// Numbers of events held back for it.
    pub(super) early: BTreeSet<u64>,
    /// The last event that was delivered, and `delivered` before it.
    last_event: Option<(u64, u64)>,
    /// Events that were delivered although earlier ones were missing: `delivered` before the first of them, and their
    /// numbers.
    passed: Option<(u64, BTreeSet<u64>)>,
}

impl StreamPosition {
    /// An event is delivered. Everything before it was, or is missing permanently.
    pub(super) fn deliver(&mut self, seq: u64) {
        self.last_event = Some((self.delivered, seq));
        self.delivered = seq;
        self.unconsumed += 1;
        self.received += 1;
    }

    /// A delivered event was consumed.
    pub(super) fn consume(&mut self, seq: u64) {
        self.unconsumed = self.unconsumed.saturating_sub(1);
        if seq <= self.delivered {
            self.consumed = self.consumed.max(seq);
        }
        if self.unconsumed == 0 {
            self.consumed = self.consumed.max(self.delivered);
        }
        self.unacked += 1;
    }

    /// The next event was delivered already, before an earlier one.
    fn pass(&mut self, seq: u64) {
        self.delivered = seq;
        if self.unconsumed == 0 {
            self.consumed = seq;
        }
    }

    /// Whether an event was delivered already, before an earlier one.
    fn has_passed(&self, seq: u64) -> bool {
        self.passed.as_ref().is_some_and(|(_, passed)| passed.contains(&seq))
    }

    /// Whether an event was delivered, or is not for this stream, as far as is known after the end of its incarnation.
    fn is_past(&self, seq: u64) -> bool {
        let order = self.passed.as_ref().map_or(self.delivered, |(from, _)| *from);
        self.known && (seq <= order || self.has_passed(seq))
    }

    /// Whether the source cannot have sent both this event and the last one that was delivered: an event after that
    /// one has it, or a later one, among its predecessors.
    pub(super) fn contradicts(&self, seq: u64, before: u64) -> bool {
        self.known && seq > self.delivered && self.last_event.is_some_and(|(_, last)| before < last)
    }

    /// If this event comes before the last one that was delivered, although that one had no such predecessor: takes the
    /// last one back, which was far ahead. Returns whether it did.
    pub(super) fn take_back(&mut self, seq: u64) -> bool {
        let Some((from, last)) = self.last_event.filter(|(from, last)| *from < seq && seq < *last) else {
            return false;
        };
        if self.delivered == last {
            self.delivered = from;
            self.consumed = self.consumed.min(from);
            self.last_event = None;
        }
        self.delivered == from
    }

    /// Whether no event was delivered yet.
    pub(super) fn is_fresh(&self) -> bool {
        self.last_event.is_none()
    }
}

/// What becomes of an incarnation that counts as gone, as long as it is remembered.
#[derive(Debug, Default)]
pub(super) struct Gone {
    /// When what is lost with it is reported.
    pub(super) report_at: u64,
    /// Numbers of events that were dropped.
    dropped: BTreeSet<u64>,
    /// How many of them, and how many gaps, are counted.
    pub(super) counted: u64,
    pub(super) gaps: u64,
    /// The same, as far as it is reported.
    reported: (u64, u64),
    /// The first question since: an answer to it proves that the incarnation runs.
    pub(super) probe: Option<u64>,
    /// When it was last asked.
    pub(super) asked_at: Option<u64>,
    /// A question waits to be sent.
    pub(super) asking: bool,
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
    /// Set while it counts as gone.
    pub(super) gone: Option<Gone>,
}

/// Dropped events of an incarnation that are told apart.
const MAX_DROPPED: usize = 1 << 16;

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
            gone: None,
        }
    }

    /// From now on it counts as gone.
    pub(super) fn leave(&mut self, report_at: u64) {
        self.gone = Some(Gone { report_at, ..Gone::default() });
        self.ask_at = None;
    }

    /// It has left, and an event of it was dropped. Returns whether that is new.
    pub(super) fn drop_event(&mut self, stream: usize, seq: u64) -> bool {
        let past = self.positions.get(stream).is_some_and(|position| position.is_past(seq));
        let Some(gone) = self.gone.as_mut().filter(|gone| !past && gone.dropped.len() < MAX_DROPPED) else {
            return false;
        };
        let new = gone.dropped.insert(seq);
        gone.counted += u64::from(new);
        new
    }

    /// Events that were dropped and gaps, if they are not reported.
    pub(super) fn unreported(&self) -> Option<(u64, u64)> {
        let gone = self.gone.as_ref()?;
        let lost = (gone.counted - gone.reported.0, gone.gaps - gone.reported.1);
        (lost != (0, 0)).then_some(lost)
    }

    /// What is lost is reported.
    pub(super) fn reported(&mut self) {
        if let Some(gone) = &mut self.gone {
            gone.reported = (gone.counted, gone.gaps);
        }
    }

    /// It has proved that it runs: its streams go on where they were in order.
    pub(super) fn come_back(&mut self, pause: u64) -> Option<Gone> {
        for position in &mut self.positions {
            if let Some((from, _)) = &position.passed {
                position.delivered = *from;
                position.consumed = position.consumed.min(*from);
            }
            position.last_event = None;
            position.ack_queued = false;
        }
        (self.confirmed, self.pause, self.tries, self.ask_at) = (true, pause, 0, None);
        self.gone.take()
    }

    /// Its last events are delivered although earlier ones are missing.
    pub(super) fn pass_gap(&mut self, stream: usize, seq: u64, gap: bool) {
        if let Some(position) = self.positions.get_mut(stream) {
            if gap && position.passed.is_none() {
                position.passed = Some((position.delivered, BTreeSet::new()));
            }
            if let Some((_, passed)) = &mut position.passed {
                passed.insert(seq);
            }
        }
    }

    /// An event of a stream that was delivered already, before an earlier one, is next. Returns whether it was.
    pub(super) fn pass(&mut self, stream: usize, seq: u64) -> bool {
        let position = self.positions.get_mut(stream).filter(|position| position.has_passed(seq));
        position.map(|position| position.pass(seq)).is_some()
    }

    /// What the first event that is held back for a stream waits for.
    pub(super) fn first_early(&self, stream: usize) -> Option<&EarlyEvent<B>> {
        self.held.get(self.positions.get(stream)?.early.first()?)
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
            let passed = !past && position.has_passed(seq);
            if passed {
                position.pass(seq);
            }
            let event = (!past && !passed).then(|| (seq, held.lane, held.body.clone()));
            held.waiting -= 1;
            if held.waiting == 0 {
                self.held.remove(&seq);
            }
            if event.is_some() {
                return event;
            }
        }
    }

    /// Drops the events held back for a stream. Returns their numbers.
    pub(super) fn forget(&mut self, stream: usize) -> BTreeSet<u64> {
        let Some(position) = self.positions.get_mut(stream) else {
            return BTreeSet::new();
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
        early
    }

    /// Whether a stream has an open question: where it begins, or where a missing event is.
    pub(super) fn has_question(&self, stream: usize) -> bool {
        self.positions.get(stream).is_some_and(|position| !position.known || !position.early.is_empty())
    }
}
