//! The guarantees of the link.
//!
//! The incarnation of a source or receiver is that of its process.
//!
//! - An incarnation of a receiver gets the events of an incarnation of a source in order, none twice ([`Violation::Order`],
//!   [`Violation::Twice`]), and only those it is interested in ([`Violation::Stranger`]).
//! - No event is skipped: this incarnation of the receiver or an earlier one has consumed all events before it
//!   ([`Violation::Hole`]). Exceptions: the incarnation of the source is over and the link has counted a gap; or an
//!   earlier incarnation of the receiver had ended, and the source raised the event before it heard of the new one.
//! - A later incarnation of a receiver gets no event that the source knew to be acknowledged before it began
//!   ([`Violation::Again`]). Events that were consumed and not acknowledged are delivered again.
//! - Events of an incarnation of a source never come after those of a later incarnation ([`Violation::OldIncarnation`]).
//! - After the last fault the network becomes idle ([`Violation::NotQuiet`]). Then all events of the current incarnations
//!   of sources have been consumed ([`Violation::Lost`]).
//! - Gaps are counted ([`Violation::Uncounted`]).
//! - Bounds hold ([`Violation::Bounds`]).
//!
//! Not guaranteed: events of an incarnation of a source that some receiver had not acknowledged when it ended.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::link::plan::Plan;

/// A broken guarantee. Numbers are those of processes, receivers and events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// An event came before an earlier one.
    Order(Place),
    /// An event came twice to one incarnation of a receiver.
    Twice(Place),
    /// An event came to a receiver that has not subscribed to it.
    Stranger(Place),
    /// Events before this one were skipped.
    Hole(Place),
    /// An event came again to a later incarnation although it was acknowledged.
    Again(Place),
    /// An event of an earlier incarnation of the source came after one of a later incarnation.
    OldIncarnation(Place),
    /// This event and all later ones never arrived.
    Lost(Place),
    /// A bound was broken.
    Bounds {
        /// Which one.
        what: &'static str,
        /// The value.
        is: usize,
        /// The maximum.
        most: usize,
    },
    /// The link has left more holes than it has counted.
    Uncounted {
        /// Holes.
        holes: u64,
        /// Gaps that the links have counted.
        gaps: u64,
    },
    /// The network is not idle long after the last fault.
    NotQuiet {
        /// Processes that are not idle.
        processes: Vec<usize>,
    },
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// Where a guarantee was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The process of the source.
    pub source: usize,
    /// Its incarnation.
    pub source_incarnation: u64,
    /// The receiver.
    pub receiver: usize,
    /// Its incarnation.
    pub receiver_incarnation: u64,
    /// The event.
    pub event: usize,
}

/// The events of an incarnation of a source for a receiver, over all incarnations of the receiver.
#[derive(Debug, Default)]
struct Stream {
    /// The events, as numbers of the source.
    events: Vec<usize>,
    /// The number of consumed ones.
    upto: usize,
    /// For each incarnation of the receiver: the index after the last event that it has consumed.
    incarnations: BTreeMap<u64, usize>,
    /// For each incarnation of the receiver: the number of events when the source first heard of it.
    heard: BTreeMap<u64, usize>,
    /// For each incarnation of the receiver: the highest number that the source knew to be acknowledged when it began.
    known: BTreeMap<u64, u64>,
    /// The highest number acknowledged.
    acked: u64,
}

/// What was raised, acknowledged and consumed so far.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// By receiver, source and incarnation of the source.
    streams: BTreeMap<(usize, usize, u64), Stream>,
    /// By source and incarnation: the number that the link gave to each event.
    seqs: BTreeMap<(usize, u64), BTreeMap<usize, u64>>,
    /// By receiver, its incarnation and source: the last incarnation of the source from which it got an event.
    latest: BTreeMap<(usize, u64, usize), u64>,
    /// Receivers and incarnations of them that have ended.
    ended: BTreeSet<(usize, u64)>,
    /// Holes that were excused because of a gap.
    pub(crate) gaps: u64,
}

impl Ledger {
    pub(crate) fn raised(&mut self, plan: &Plan, source: usize, incarnation: u64, lane: usize, event: usize) {
        for receiver in plan.routes.get(source).and_then(|lanes| lanes.get(lane)).into_iter().flatten() {
            self.streams.entry((*receiver, source, incarnation)).or_default().events.push(event);
        }
    }

    /// The link has numbered an event.
    pub(crate) fn numbered(&mut self, source: usize, incarnation: u64, event: usize, seq: u64) {
        self.seqs.entry((source, incarnation)).or_default().insert(event, seq);
    }

    /// An acknowledgement of an incarnation of a receiver has reached a source.
    pub(crate) fn acked(
        &mut self,
        receiver: usize,
        incarnation: u64,
        source: (usize, u64),
        number: Option<u64>,
    ) {
        let stream = self.streams.entry((receiver, source.0, source.1)).or_default();
        let count = stream.events.len();
        stream.heard.entry(incarnation).or_insert(count);
        stream.acked = stream.acked.max(number.unwrap_or(0));
    }

    /// An incarnation of a receiver begins.
    pub(crate) fn begins(&mut self, receiver: usize, incarnation: u64) {
        for (_, stream) in self.streams.range_mut((receiver, 0, 0)..(receiver + 1, 0, 0)) {
            stream.known.insert(incarnation, stream.acked);
        }
    }

    /// An incarnation of a receiver has ended.
    pub(crate) fn ends(&mut self, receiver: usize, incarnation: u64) {
        self.ended.insert((receiver, incarnation));
    }

    /// Whether an earlier incarnation of a receiver has ended.
    fn has_ended(&self, receiver: usize, incarnation: u64) -> bool {
        self.ended.range((receiver, 0)..(receiver, incarnation)).next().is_some()
    }

    /// A receiver has consumed an event. `over`: the incarnation of the source is over.
    pub(crate) fn consumed(&mut self, place: Place, over: bool) -> Result<(), Violation> {
        let Place { source, source_incarnation, receiver, receiver_incarnation, event } = place;
        let ended = self.has_ended(receiver, receiver_incarnation);
        let stream = self.streams.entry((receiver, source, source_incarnation)).or_default();
        let Ok(index) = stream.events.binary_search(&event) else { return Err(Violation::Stranger(place)) };
        let latest =
            self.latest.entry((receiver, receiver_incarnation, source)).or_insert(source_incarnation);
        if *latest > source_incarnation {
            return Err(Violation::OldIncarnation(place));
        }
        *latest = source_incarnation;
        let next = stream.incarnations.entry(receiver_incarnation).or_insert(0);
        if index + 1 == *next {
            return Err(Violation::Twice(place));
        }
        if index < *next {
            return Err(Violation::Order(place));
        }
        *next = index + 1;
        let seq = self.seqs.get(&(source, source_incarnation)).and_then(|seqs| seqs.get(&event)).copied();
        if seq.unwrap_or(0) <= stream.known.get(&receiver_incarnation).copied().unwrap_or(0) {
            return Err(Violation::Again(place));
        }
        if index > stream.upto {
            let heard = stream.heard.get(&receiver_incarnation).copied().unwrap_or(usize::MAX);
            let excused = ended && index <= heard;
            if !excused && !over {
                return Err(Violation::Hole(place));
            }
            self.gaps += u64::from(!excused);
        }
        stream.upto = stream.upto.max(index + 1);
        Ok(())
    }

    /// All events of the current incarnations of sources have been consumed.
    pub(crate) fn complete(
        &self,
        source_incarnations: &[u64],
        receiver_incarnations: &[u64],
    ) -> Result<(), Violation> {
        for ((receiver, source, source_incarnation), stream) in &self.streams {
            let receiver_incarnation = receiver_incarnations.get(*receiver).copied().unwrap_or(0);
            let here = source_incarnations.get(*source) == Some(source_incarnation);
            if !here || self.ended.contains(&(*receiver, receiver_incarnation)) {
                continue;
            }
            let heard = stream.heard.get(&receiver_incarnation).copied().unwrap_or(usize::MAX);
            let all = stream.events.len();
            let Some(event) = stream.events.get(stream.upto).copied() else { continue };
            if self.has_ended(*receiver, receiver_incarnation) && all <= heard {
                continue;
            }
            let (source, source_incarnation, receiver) = (*source, *source_incarnation, *receiver);
            return Err(Violation::Lost(Place {
                source,
                source_incarnation,
                receiver,
                receiver_incarnation,
                event,
            }));
        }
        Ok(())
    }
}
