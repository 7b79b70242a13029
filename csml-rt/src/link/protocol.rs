//! What processes tell each other over the link.

use std::sync::Arc;

/// Names the sender that numbers events.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SourceName {
    /// A top-level instance; events of machines nested in it count as its own.
    Instance(Arc<str>),
    /// A process that injects events from outside the application, or a device that numbers its own events.
    Process(Arc<str>),
}

/// A kind of event as far as its receivers are concerned: its name and its channel. A receiver that gets one event
/// of a source on a lane gets all of them. The link gives the number no other meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lane(pub u32);

/// For lanes of a source: the number of the last event before this one. Lanes without an earlier event are absent.
/// Sorted.
pub type Predecessors = Vec<(Lane, u64)>;

/// An event with its place in the sequence of its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SequencedEvent<B> {
    /// The source that raised it.
    pub source: SourceName,
    /// The incarnation of the source.
    pub epoch: u64,
    /// Its sequence number, from 1.
    pub seq: u64,
    /// The last event before it on each lane.
    pub predecessors: Predecessors,
    /// Its lane.
    pub lane: Lane,
    /// The rest of the event, opaque to the link.
    pub body: B,
}

/// An acknowledgement: what a receiver tells the sources it hears.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ack {
    /// The incarnation of the receiver.
    pub epoch: u64,
    /// The receiver handles no further events, so sources keep none for it.
    pub ended: bool,
    /// For each source and its epoch: all events up to this number are consumed. `None` asks where to begin.
    pub sources: Vec<(SourceName, u64, Option<u64>)>,
    /// A source repeats this number when it answers. So the receiver knows that the source runs now.
    pub probe: Option<u64>,
    /// A source believes that the receiver has ended. It has not.
    pub alive: bool,
    /// Incarnations of sources, by epoch, that run at the same time as others of their name.
    pub twins: Vec<(SourceName, u64)>,
    /// For sources and epochs: so many events of this earlier incarnation were dropped, or more.
    pub dropped: Vec<(SourceName, u64, u64)>,
}

/// What a source tells its receivers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceSync {
    /// The incarnation of the source.
    pub epoch: u64,
    /// For receivers and their epochs: the receiver gets the events after this number. `None` confirms that the
    /// source knows the receiver has ended.
    pub receivers: Vec<(Arc<str>, u64, Option<u64>)>,
    /// For receivers and their epochs: the probe of the question that is answered.
    pub probes: Vec<(Arc<str>, u64, u64)>,
}
