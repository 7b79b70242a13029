//! Events between processes, each handled exactly once and in order, over a transport that loses, repeats and
//! reorders messages.
//!
//! Sans I/O and without a clock: whoever drives it says what time it is (milliseconds, never backwards), feeds
//! in what arrives and carries out what comes out. Nothing in it is random; the same calls give the same
//! results.
//!
//! # How it works
//! A **source** is an instance, or a process that hands in events from outside. Each run of a source has an
//! **epoch**, a number that no other run has. It numbers its events from 1 and keeps each until every
//! **receiver** outside its process, known from the description, has acknowledged it. Not every receiver gets
//! every event, so an event says, for each lane of its source, the number of the last one before it
//! ([`Previous`]): a receiver knows from that whether something it should have had is missing.
//!
//! A receiver has an epoch of its own. At first contact it does not know where its events begin (an earlier
//! run of it may have acknowledged some): it asks, with an acknowledgement without a number, and the source
//! answers with [`Sync`]. From then on it hands events on in order, holds back what came too early, drops what
//! it had, and acknowledges cumulatively what has been **consumed**: the step has committed.
//!
//! # What it promises
//! - A run of a receiver gets the events of a run of a source in order, each once, and none is left out.
//! - A later run of the receiver goes on after what the source knows as acknowledged. What was consumed and whose
//!   acknowledgement did not get through comes again: only who keeps the numbers with the state can tell.
//! - A later run of the source comes after the earlier one. What of the earlier one is missing by then is lost, and
//!   counted ([`LinkCounters::gaps`]) where later events waited for it. If the receiver is new as well and has not
//!   heard yet where the events of that earlier run begin, what came of them is dropped, and counted: nobody can
//!   say what its own earlier run had.
//! - A receiver that has ended gets nothing, and nothing is kept for it. A later run of it gets what its sources
//!   raise from when they hear of it.
//! - Memory is bounded ([`LinkOptions`]). A source whose receivers do not keep up has no [`Link::room`].
//!
//! `tests/simulation` checks this. `docs/adr/0033-link.md` says why it is done this way.

use std::sync::Arc;

/// Who numbers events.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SourceName {
    /// A top-level instance; events of machines nested in it count as its own.
    Instance(Arc<str>),
    /// A process that hands in events from outside, or a device that does so itself.
    Process(Arc<str>),
}

/// A kind of event as far as its receivers are concerned: its name and its channel. Whoever gets one event of a
/// source on a lane gets every one. The link knows no more about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lane(pub u32);

/// For lanes of a source: the number of the last event before this one. Lanes that are missing had none. Sorted.
pub type Previous = Vec<(Lane, u64)>;

/// An event on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data<B> {
    /// Who raised it.
    pub source: SourceName,
    /// The run of the source.
    pub epoch: u64,
    /// Its number, from 1.
    pub seq: u64,
    /// The numbers before it.
    pub previous: Previous,
    /// Its lane.
    pub lane: Lane,
    /// What else belongs to it; the link does not look at it.
    pub body: B,
}

/// What a receiver says about its sources.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ack {
    /// The run of the receiver.
    pub epoch: u64,
    /// It handles nothing more: nobody need keep anything for it.
    pub ended: bool,
    /// For each source and its epoch: everything up to this number is consumed. `None` asks where to begin.
    pub sources: Vec<(SourceName, u64, Option<u64>)>,
}

/// What a source says about its receivers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sync {
    /// The run of the source.
    pub epoch: u64,
    /// For receivers and their epochs: what comes after this number is theirs. `None`: nothing more, it was heard that
    /// they have ended.
    pub receivers: Vec<(Arc<str>, u64, Option<u64>)>,
}

mod alarms;
mod api;
mod contact;
mod counters;
mod farewell;
mod incoming;
mod origin;
mod outgoing;
mod outlet;
mod run;
mod source;
#[cfg(test)]
mod tests;
mod voices;

pub use api::{Delivery, Interest, Link, LinkOptions, ReceiverId, SourceId, Token, Transmit, Weight};
pub use counters::LinkCounters;
