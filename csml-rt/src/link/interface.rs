//! What a link and its driver exchange.

use std::sync::Arc;

use super::protocol::{Ack, Lane, SequencedEvent, SourceName, SourceSync};

/// Something that takes memory.
pub trait Weight {
    /// Its size in bytes, roughly.
    fn weight(&self) -> usize;

    /// Gives up memory that it keeps alive without need. Called before it is kept for an unknown time.
    fn shrink(&mut self) {}
}

/// Whether a local receiver gets the events that a source raises on a lane. The link asks once per lane and
/// remembers the answer.
pub type Interest = Box<dyn Fn(&str, &SourceName, Lane) -> bool + Send>;

/// A source of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub(super) u32);

/// A receiver of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceiverId(pub(super) u32);

impl SourceId {
    /// Position in the order of [`Link::add_source`](super::Link::add_source).
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl ReceiverId {
    /// Position in the order of [`Link::add_receiver`](super::Link::add_receiver).
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Identifies one delivery of an event to a receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token {
    pub(super) remote: u32,
    pub(super) stream: u32,
    pub(super) epoch: u64,
    pub(super) seq: u64,
    /// What it counts in bytes until it is consumed.
    pub(super) weight: usize,
}

/// A message to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transmit<B> {
    /// An event.
    Event {
        /// The event.
        event: SequencedEvent<B>,
        /// Whether it was sent before.
        resent: bool,
    },
    /// An acknowledgement of a local receiver.
    Ack {
        /// The receiver.
        receiver: Arc<str>,
        /// The acknowledgement.
        ack: Ack,
    },
    /// An announcement of a local source, or its answers to receivers.
    Sync {
        /// The source.
        source: SourceName,
        /// What it tells its receivers.
        sync: SourceSync,
    },
}

/// An event for a local receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveredEvent<B> {
    /// To be passed to [`Link::consumed`](super::Link::consumed).
    pub token: Token,
    /// The receiver.
    pub receiver: ReceiverId,
    /// The source that raised it.
    pub source: SourceName,
    /// Its lane.
    pub lane: Lane,
    /// The rest of the event.
    pub body: B,
}
