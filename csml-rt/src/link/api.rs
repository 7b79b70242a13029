//! The link as its driver sees it.

use std::fmt;
use std::sync::Arc;

use super::incoming::{Incoming, Means};
use super::outgoing::Outgoing;
use super::{Ack, Data, Lane, LinkCounters, SourceName, Sync};

/// Bounds and pauses of a [`Link`]. Times are in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkOptions {
    /// Events kept until they are acknowledged, of all sources here, before there is no [`Link::room`].
    pub capacity: usize,
    /// The same in bytes of their bodies ([`Weight`]).
    pub capacity_bytes: usize,
    /// Events of a source and lane that may be on their way with nobody having acknowledged them.
    pub window: usize,
    /// A receiver acknowledges at once when it has consumed this many events of a source,
    pub ack_every: u32,
    /// or after this time.
    pub ack_delay_ms: u64,
    /// Pause before an event that was not acknowledged is sent again; doubles
    pub resend_min_ms: u64,
    /// up to this.
    pub resend_max_ms: u64,
    /// Events of one source that are held back because one before them is missing. Also how many a receiver
    /// here may have been handed from one source and not consumed.
    pub hold_back: usize,
    /// Sources outside that are known at a time.
    pub max_sources: usize,
}

impl Default for LinkOptions {
    fn default() -> Self {
        Self {
            capacity: 65_536,
            capacity_bytes: 64 << 20,
            window: 1_024,
            ack_every: 64,
            ack_delay_ms: 10,
            resend_min_ms: 200,
            resend_max_ms: 5_000,
            hold_back: 4_096,
            max_sources: 65_536,
        }
    }
}

/// Something that takes memory.
pub trait Weight {
    /// Bytes it takes, roughly.
    fn weight(&self) -> usize;
}

/// Whether a receiver of this process gets what a source raises on a lane. Asked once, then remembered.
pub type Interest = Box<dyn Fn(&str, &SourceName, Lane) -> bool + Send>;

/// A source of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub(super) u32);

/// A receiver of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceiverId(pub(super) u32);

impl SourceId {
    /// Position in the order of [`Link::add_source`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl ReceiverId {
    /// Position in the order of [`Link::add_receiver`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Names one event handed to one receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token {
    pub(super) origin: u32,
    pub(super) stream: u32,
    pub(super) epoch: u64,
    pub(super) seq: u64,
}

/// Something to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transmit<B> {
    /// An event.
    Data {
        /// The event.
        data: Data<B>,
        /// Whether it was sent before.
        resent: bool,
    },
    /// What a receiver says.
    Ack {
        /// The receiver.
        receiver: Arc<str>,
        /// What it says.
        ack: Ack,
    },
    /// What a source says.
    Sync {
        /// The source.
        source: SourceName,
        /// What it says.
        sync: Sync,
    },
}

/// An event for a receiver of this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery<B> {
    /// To be handed back by [`Link::consumed`].
    pub token: Token,
    /// Whom it is for.
    pub receiver: ReceiverId,
    /// Who raised it.
    pub source: SourceName,
    /// Its lane.
    pub lane: Lane,
    /// What else belongs to it.
    pub body: B,
}

/// The link of a process. `now` is the time in milliseconds on any clock that never goes backwards.
pub struct Link<B> {
    options: LinkOptions,
    interest: Interest,
    counters: LinkCounters,
    connected: bool,
    outgoing: Outgoing<B>,
    incoming: Incoming<B>,
}

impl<B> fmt::Debug for Link<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { connected, counters, .. } = self;
        f.debug_struct("Link")
            .field("connected", connected)
            .field("counters", counters)
            .finish_non_exhaustive()
    }
}

/// `Means` of a `Link`, without borrowing the rest of it.
macro_rules! means {
    ($self:ident, $now:expr) => {
        Means { now: $now, options: &$self.options, counters: &mut $self.counters, interest: &$self.interest }
    };
}

impl<B: Clone + Weight> Link<B> {
    /// A link without sources and receivers, not connected. `epoch` is the number of this run of the process,
    /// which no other run has: sources and receivers share it. `interest` says what receivers here get.
    #[must_use]
    pub fn new(options: LinkOptions, epoch: u64, interest: Interest) -> Self {
        Self {
            options,
            interest,
            counters: LinkCounters::default(),
            connected: false,
            outgoing: Outgoing::new(epoch),
            incoming: Incoming::new(epoch),
        }
    }

    /// Adds a source of this process.
    pub fn add_source(&mut self, name: SourceName) -> SourceId {
        self.outgoing.add_source(name)
    }

    /// Adds the receivers outside this process that get what a source raises on a lane.
    pub fn add_route(&mut self, source: SourceId, lane: Lane, receivers: impl IntoIterator<Item = Arc<str>>) {
        for receiver in receivers {
            self.outgoing.add_route(source, lane, receiver, self.options.resend_min_ms);
        }
    }

    /// Adds a receiver of this process.
    pub fn add_receiver(&mut self, name: Arc<str>) -> ReceiverId {
        self.incoming.add_receiver(name, &self.interest)
    }

    /// Whether there is room for the events of another step. One step may exceed the capacity.
    #[must_use]
    pub fn room(&self) -> bool {
        self.outgoing.room(&self.options)
    }

    /// An event of a source here, to be sent to the receivers of its lane. Always accepted; a lane without
    /// receivers costs nothing.
    pub fn send(&mut self, now: u64, source: SourceId, lane: Lane, body: B) {
        self.outgoing.send(now, source, lane, body, &self.options, &mut self.counters);
    }

    /// The transport is connected: receivers and sources announce themselves, what is not acknowledged is sent
    /// again.
    pub fn connected(&mut self, now: u64) {
        self.connected = true;
        self.outgoing.connected(now, &self.options);
        self.incoming.connected(&mut means!(self, now));
    }

    /// The transport is not connected: nothing is transmitted.
    pub fn disconnected(&mut self, now: u64) {
        self.tick(now);
        self.connected = false;
        self.outgoing.disconnected();
        self.incoming.disconnected();
    }

    /// An event has arrived.
    pub fn data(&mut self, now: u64, data: Data<B>) {
        if !self.incoming.is_known(&data.source) && self.outgoing.is_here(&data.source) {
            // Whoever listens to everyone hears itself.
            return;
        }
        self.incoming.data(&mut means!(self, now), data);
    }

    /// A receiver outside has said something.
    pub fn ack(&mut self, now: u64, receiver: &str, ack: Ack) {
        self.outgoing.ack(now, receiver, ack, &self.options, &mut self.counters);
    }

    /// A source outside has said something.
    pub fn sync(&mut self, now: u64, source: &SourceName, sync: Sync) {
        self.incoming.sync(&mut means!(self, now), source, sync);
    }

    /// Lets due things happen; afterwards ask [`transmit`](Self::transmit).
    pub fn tick(&mut self, now: u64) {
        self.outgoing.tick(now, &self.options, &mut self.counters);
        self.incoming.tick(&mut means!(self, now));
    }

    /// When [`tick`](Self::tick) wants to be called next. May change with every other call.
    #[must_use]
    pub fn deadline(&self) -> Option<u64> {
        self.outgoing.deadline().into_iter().chain(self.incoming.deadline()).min()
    }

    /// The next thing to send. Do not ask while the transport is full.
    pub fn transmit(&mut self, now: u64) -> Option<Transmit<B>> {
        if !self.connected {
            return None;
        }
        let said = self.incoming.say().or_else(|| self.outgoing.say(now));
        said.or_else(|| self.outgoing.event(now, &self.options, &mut self.counters))
    }

    /// The next event for a receiver here: in order per receiver and source; receivers in order of
    /// [`add_receiver`](Self::add_receiver).
    pub fn deliver(&mut self) -> Option<Delivery<B>> {
        self.incoming.deliver(&mut self.counters)
    }

    /// The step that an event led to has committed, or was rolled back for good, or the event was refused. In
    /// order of delivery per receiver.
    pub fn consumed(&mut self, now: u64, token: Token) {
        self.incoming.consumed(&mut means!(self, now), token);
    }

    /// A receiver here handles nothing more: says so, and everything for it counts as consumed.
    pub fn end_receiver(&mut self, now: u64, receiver: ReceiverId) {
        self.tick(now);
        self.incoming.end_receiver(&means!(self, now), receiver);
    }

    /// Whether nothing waits: everything sent is acknowledged, everything delivered is consumed, nothing is
    /// left to be said.
    #[must_use]
    pub fn idle(&self) -> bool {
        self.outgoing.is_idle() && self.incoming.is_idle()
    }

    /// How many events of sources here are kept, because someone has not acknowledged them.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.outgoing.kept()
    }

    /// How many events of sources outside are held back, because one before them is missing.
    #[must_use]
    pub fn held_back(&self) -> usize {
        self.incoming.held_back()
    }

    /// What it has done so far.
    #[must_use]
    pub fn counters(&self) -> LinkCounters {
        self.counters
    }

    /// For each source here and receiver outside, how many events wait for an acknowledgement; largest first.
    #[must_use]
    pub fn backlog(&self) -> Vec<(SourceName, Arc<str>, u64)> {
        self.outgoing.backlog()
    }
}
