//! The link: exactly-once, in-order event delivery between processes over a transport that may lose, repeat and
//! reorder messages. Applications get it with [`Builder::transport`](crate::Builder::transport); [`LinkOptions`] bound
//! its memory, and [`LinkCounters`] show its work. Its interface is in [`internals`].
//!
//! The link does no I/O and reads no clock: the driver passes the time (milliseconds, never decreasing), feeds in
//! received messages and sends what the link returns. It uses no randomness, so equal calls give equal results.
//!
//! # How it works
//! A **source** is an instance, or a process that injects events from outside the application. Each incarnation of
//! a source (one start of its process) has an **epoch**, a number that no other incarnation has. The source numbers
//! its events from 1 and keeps each until every **peer** (a receiver in another process, known from the
//! description) has acknowledged it. Not every receiver gets every event, so an event carries, for each lane of its
//! source, the number of the last event before it ([`Predecessors`]). From these a receiver detects missing events.
//!
//! A receiver has an epoch as well. After a start it does not know where its events begin, because an earlier
//! incarnation may have acknowledged some. It asks with an acknowledgement that has no number, and the source
//! answers with [`SourceSync`]. From then on the receiver delivers events in order, holds back those that arrive
//! early, drops duplicates, and acknowledges cumulatively the events that were **consumed**: those whose step has
//! committed.
//!
//! # Guarantees
//! - An incarnation of a receiver gets the events of an incarnation of a source in order, each once, without gaps.
//! - A later incarnation of the receiver continues after the last event that the source knows to be acknowledged.
//!   Events that were consumed but whose acknowledgement was lost are delivered again; only a receiver that stores
//!   the numbers with its state could detect that.
//! - Events of a later incarnation of the source follow those of the earlier one. Events of the earlier one that are
//!   still missing then are lost, and counted ([`LinkCounters::gaps`]) if later events waited for them. If the
//!   receiver has restarted too and does not know yet where the events of the earlier incarnation begin, the link
//!   drops what it has received of them and counts that, because its own earlier incarnation may have consumed them.
//! - Two incarnations of a source that run at the same time, because two processes have one name, are both heard; so is
//!   the one that remains. Nothing of theirs is lost or delivered twice, but if events were missing when the other
//!   one appeared, they are delivered late.
//! - Messages that cannot be honest are refused or their effect is undone, as far as the numbers show it
//!   ([`LinkCounters::impossible`]).
//! - A receiver that has ended gets no events, and sources keep none for it. A later incarnation of it gets the
//!   events that a source raises after the source has heard of it.
//! - Memory is bounded ([`LinkOptions`]). [`Link::has_room`] is false while peers do not keep up.
//!
//! `tests/simulation` checks these guarantees. `docs/adr/0033-link.md` gives the reasons for the design.

mod counters;
mod deadline_queue;
mod endpoint;
mod held_bytes;
mod inbound;
mod interface;
mod lane_queue;
mod link_options;
mod local_receivers;
mod local_source;
mod outbound;
mod peer;
mod protocol;
mod remote_source;
mod reports;
mod shutdown;
mod source_incarnation;
mod tally;
#[cfg(test)]
mod tests;

pub use counters::LinkCounters;
pub use link_options::LinkOptions;

pub(crate) use endpoint::Link;
pub(crate) use interface::{Interest, ReceiverId, SourceId, Token, Transmit, Weight};
pub(crate) use protocol::{Ack, Lane, Predecessors, SequencedEvent, SourceName, SourceSync};
pub(crate) use reports::LinkReport;

/// The link without an application. For tests that drive it on a network of their own (`tests/simulation`); it may
/// change with every version.
pub mod internals {
    pub use super::endpoint::Link;
    pub use super::interface::{DeliveredEvent, Interest, ReceiverId, SourceId, Token, Transmit, Weight};
    pub use super::protocol::{Ack, Lane, Predecessors, SequencedEvent, SourceName, SourceSync};
    pub use super::reports::LinkReport;
}
