//! The guarantees of the link.
//!
//! The incarnation of a source or receiver is that of its process.
//!
//! - An incarnation of a receiver gets the events of an incarnation of a source in order, none twice ([`Violation::Order`],
//!   [`Violation::Twice`]), and only those it is interested in ([`Violation::Stranger`]).
//! - Nothing is left out: what comes before an event was consumed by this run of the receiver or an earlier one
//!   ([`Violation::Hole`]). Exceptions: the source's run is over and the link has counted a gap; an earlier
//!   run of the receiver had ended, and the source raised the event before it heard of the new one.
//! - A later incarnation of a receiver gets nothing that the source knew as acknowledged before that run began
//!   ([`Violation::Again`]). What was consumed and not acknowledged it does get again.
//! - Events of an incarnation of a source never come after those of a later incarnation ([`Violation::OldIncarnation`]).
//! - When all is quiet, everything that incarnations of sources raised which are there still has been consumed
//!   ([`Violation::Lost`]), and quiet it becomes ([`Violation::NotQuiet`]).
//! - Gaps are counted ([`Violation::Uncounted`]).
//! - Bounds hold ([`Violation::Bounds`]).
//!
//! Not promised: what an incarnation of a source has raised and not everyone acknowledged when it ended.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::link::plan::Plan;

/// A broken guarantee. Numbers are those of processes, receivers and events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// An event came before an earlier one.
    Order(Place),
    /// An event came twice to one run of a receiver.
    Twice(Place),
    /// An event came to a receiver that has not subscribed to it.
    Stranger(Place),
    /// Events before this one were left out.
    Hole(Place),
    /// An event came again to a later incarnation although it was acknowledged.
    Again(Place),
    /// An event of a earlier incarnation of the source came after one of a later incarnation.
    OldIncarnation(Place),
    /// The events from this one on have never come.
    Lost(Place),
    /// A bound was broken.
    Bounds {
        /// Which one.
        what: &'static str,
        /// What there was.
        is: usize,
        /// What may be.
        most: usize,
    },
    /// The link has left more holes than it has counted.
    Uncounted {
        /// Holes.
        holes: u64,
        /// Gaps that the links have counted.
        gaps: u64,
    },
    /// Something is still going on long after the last fault.
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
    /// Its run.
    pub source_incarnation: u64,
    /// The receiver.
    pub receiver: usize,
    /// The run of the receiver.
    pub receiver_incarnation: u64,
    /// The event.
    pub event: usize,
}

/// What a receiver gets of an incarnation of a source, over all its own runs.
#[derive(Debug, Default)]
struct Stream {
    /// The events, as numbers of the source.
    events: Vec<usize>,
    /// How many of them were consumed.
    upto: usize,
    /// For each run of the receiver: the last it has consumed, plus one.
    incarnations: BTreeMap<u64, usize>,
    /// How many events there were when the source first heard of a run of the receiver.
    heard: BTreeMap<u64, usize>,
    /// The highest number that the source knew as acknowledged when a run of the receiver began.
    known: BTreeMap<u64, u64>,
    /// The highest number acknowledged.
    acked: u64,
}

/// Keeps books.
#[derive(Debug, Default)]
pub(crate) struct Books {
    /// By receiver, source and run of the source.
    streams: BTreeMap<(usize, usize, u64), Stream>,
    /// By source and run: the number that the link gave to each event.
    seqs: BTreeMap<(usize, u64), BTreeMap<usize, u64>>,
    /// By receiver, its run and source: the last run of the source it got something of.
    latest: BTreeMap<(usize, u64, usize), u64>,
    /// Receivers and runs of them that have ended.
    ended: BTreeSet<(usize, u64)>,
    /// Holes that were excused because of a gap.
    pub(crate) gaps: u64,
}

impl Books {
    pub(crate) fn raised(&mut self, plan: &Plan, source: usize, run: u64, lane: usize, event: usize) {
        for receiver in plan.routes.get(source).and_then(|lanes| lanes.get(lane)).into_iter().flatten() {
            self.streams.entry((*receiver, source, run)).or_default().events.push(event);
        }
    }

    /// An event got its number.
    pub(crate) fn numbered(&mut self, source: usize, run: u64, event: usize, seq: u64) {
        self.seqs.entry((source, run)).or_default().insert(event, seq);
    }

    /// What an incarnation of a receiver says has reached a source.
    pub(crate) fn acked(&mut self, receiver: usize, run: u64, source: (usize, u64), number: Option<u64>) {
        let stream = self.streams.entry((receiver, source.0, source.1)).or_default();
        let count = stream.events.len();
        stream.heard.entry(run).or_insert(count);
        stream.acked = stream.acked.max(number.unwrap_or(0));
    }

    /// An incarnation of a receiver begins.
    pub(crate) fn begins(&mut self, receiver: usize, run: u64) {
        for (_, stream) in self.streams.range_mut((receiver, 0, 0)..(receiver + 1, 0, 0)) {
            stream.known.insert(run, stream.acked);
        }
    }

    /// An incarnation of a receiver has ended.
    pub(crate) fn ends(&mut self, receiver: usize, run: u64) {
        self.ended.insert((receiver, run));
    }

    /// Whether a receiver has ended before this run of it.
    fn has_ended(&self, receiver: usize, run: u64) -> bool {
        self.ended.range((receiver, 0)..(receiver, run)).next().is_some()
    }

    /// A receiver has consumed an event. `over`: the run of the source is over.
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

    /// Everything that sources raised in their present runs has been consumed.
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
