//! The link as its driver sees it.

use std::fmt;
use std::sync::Arc;

use super::counters::LinkCounters;
use super::inbound::{Inbound, InboundContext};
use super::interface::{DeliveredEvent, Interest, ReceiverId, SourceId, Token, Transmit, Weight};
use super::link_options::LinkOptions;
use super::outbound::Outbound;
use super::protocol::{Ack, Lane, SequencedEvent, SourceName, SourceSync};
use super::reports::LinkReport;
use super::tally::Tally;

/// The link of a process. `now` is the time in milliseconds on any clock that never goes backwards.
pub struct Link<B> {
    options: LinkOptions,
    interest: Interest,
    tally: Tally,
    connected: bool,
    outbound: Outbound<B>,
    inbound: Inbound<B>,
}

impl<B> fmt::Debug for Link<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { connected, tally, .. } = self;
        f.debug_struct("Link")
            .field("connected", connected)
            .field("counters", &tally.counters)
            .finish_non_exhaustive()
    }
}

/// `InboundContext` of a `Link`, without borrowing the rest of it.
macro_rules! cx {
    ($self:ident, $now:expr) => {
        InboundContext {
            now: $now,
            options: &$self.options,
            counters: &mut $self.tally,
            interest: &$self.interest,
        }
    };
}

impl<B: Clone + Weight> Link<B> {
    /// A link without sources and receivers, not connected. `epoch` is the number of this incarnation of the
    /// process, which no other incarnation has; its sources and receivers share it. `interest` tells which events
    /// local receivers get.
    #[must_use]
    pub fn new(options: LinkOptions, epoch: u64, interest: Interest) -> Self {
        Self {
            options,
            interest,
            tally: Tally::default(),
            connected: false,
            outbound: Outbound::new(epoch),
            inbound: Inbound::new(epoch),
        }
    }

    /// Adds a source of this process.
    pub fn add_source(&mut self, name: SourceName) -> SourceId {
        self.outbound.add_source(name)
    }

    /// Adds receivers in other processes that get the events of a source on a lane.
    pub fn add_route(&mut self, source: SourceId, lane: Lane, receivers: impl IntoIterator<Item = Arc<str>>) {
        for receiver in receivers {
            self.outbound.add_route(source, lane, receiver, self.options.resend_min_ms);
        }
    }

    /// Adds a receiver of this process.
    pub fn add_receiver(&mut self, name: Arc<str>) -> ReceiverId {
        self.inbound.add_receiver(name, &self.interest)
    }

    /// Whether there is room for the events of another step. A single step may exceed the capacity.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.outbound.has_room(&self.options)
    }

    /// Takes an event of a local source, to be sent to the receivers of its lane. Never rejected; on a lane without
    /// receivers it costs nothing.
    pub fn send(&mut self, now: u64, source: SourceId, lane: Lane, body: B) {
        self.outbound.send(now, source, lane, body, &self.options, &mut self.tally);
    }

    /// The transport is connected: receivers and sources announce themselves, and unacknowledged events are sent
    /// again.
    pub fn connected(&mut self, now: u64) {
        self.connected = true;
        self.outbound.connected(now, &self.options);
        self.inbound.connected(&mut cx!(self, now));
    }

    /// The transport is not connected: nothing is transmitted.
    pub fn disconnected(&mut self, now: u64) {
        self.tick(now);
        self.connected = false;
        self.outbound.disconnected();
        self.inbound.disconnected();
    }

    /// Takes an event of a remote source.
    pub fn receive_event(&mut self, now: u64, event: SequencedEvent<B>) {
        if !self.inbound.is_known(&event.source) && self.outbound.is_local(&event.source) {
            // A process that subscribes to all sources gets its own events back.
            return;
        }
        self.inbound.receive_event(&mut cx!(self, now), event);
    }

    /// Takes an acknowledgement of a remote receiver.
    pub fn receive_ack(&mut self, now: u64, receiver: &str, ack: Ack) {
        self.outbound.receive_ack(now, receiver, ack, &self.options, &mut self.tally);
    }

    /// Takes what a remote source tells its receivers.
    pub fn receive_sync(&mut self, now: u64, source: &SourceName, sync: SourceSync) {
        self.inbound.receive_sync(&mut cx!(self, now), source, sync);
    }

    /// Handles all deadlines up to `now`; afterwards call [`transmit`](Self::transmit).
    pub fn tick(&mut self, now: u64) {
        self.outbound.tick(now, &self.options, &mut self.tally);
        self.inbound.tick(&mut cx!(self, now));
    }

    /// When to call [`tick`](Self::tick) next. Any other call may change it.
    #[must_use]
    pub fn deadline(&self) -> Option<u64> {
        self.outbound.deadline().into_iter().chain(self.inbound.deadline()).min()
    }

    /// The next message to send. Call it only while the transport has room.
    pub fn transmit(&mut self, now: u64) -> Option<Transmit<B>> {
        if !self.connected {
            return None;
        }
        let control = self.inbound.next_ack().or_else(|| self.outbound.next_sync(now));
        control.or_else(|| self.outbound.next_event(now, &self.options, &mut self.tally))
    }

    /// The next event for a local receiver: in order per receiver and source; receivers in order of
    /// [`add_receiver`](Self::add_receiver).
    pub fn deliver(&mut self) -> Option<DeliveredEvent<B>> {
        self.inbound.deliver(&mut self.tally)
    }

    /// The driver takes no more at present: what waits for [`deliver`](Self::deliver) gives up memory it does not need.
    pub fn shrink_waiting(&mut self) {
        self.inbound.shrink_waiting();
    }

    /// The receiver is done with an event: its step has committed or was rolled back permanently, or the event was
    /// rejected. To be called in order of delivery per receiver.
    pub fn consumed(&mut self, now: u64, token: Token) {
        self.inbound.consumed(&mut cx!(self, now), token);
    }

    /// A local receiver handles no further events: the link tells its sources, and everything for it counts as
    /// consumed.
    pub fn end_receiver(&mut self, now: u64, receiver: ReceiverId) {
        self.tick(now);
        self.inbound.end_receiver(&cx!(self, now), receiver);
    }

    /// Whether all events sent are acknowledged, all events delivered are consumed, and no message waits to be
    /// sent.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.outbound.is_idle() && self.inbound.is_idle()
    }

    /// How many events of local sources are kept until a peer acknowledges them.
    #[must_use]
    pub fn unacknowledged(&self) -> usize {
        self.outbound.unacknowledged()
    }

    /// How many events of remote sources are held back because an earlier one is missing.
    #[must_use]
    pub fn held_back(&self) -> usize {
        self.inbound.held_back()
    }

    /// The next source that has reached a limit of what is kept of its events, each once.
    pub fn next_overflow(&mut self) -> Option<SourceName> {
        self.inbound.next_overflow()
    }

    /// Counters since the start of the link.
    #[must_use]
    pub fn counters(&self) -> LinkCounters {
        self.tally.counters
    }

    /// The next report for the operator.
    pub fn next_report(&mut self) -> Option<LinkReport> {
        self.tally.reports.take()
    }

    /// The process ends: reports what is lost with events that wait for an answer or for earlier ones.
    pub fn conclude(&mut self, now: u64) {
        self.inbound.conclude(&mut cx!(self, now));
    }

    /// Whether everything of this process has arrived elsewhere: all events sent are acknowledged, all
    /// acknowledgements are sent, and the ends of receivers are confirmed. Unlike [`is_idle`](Self::is_idle), events of
    /// others that were delivered here may wait.
    #[must_use]
    pub fn may_leave(&self) -> bool {
        self.outbound.is_idle() && self.inbound.may_leave()
    }

    /// For each local source and remote receiver, how many events wait for an acknowledgement; largest first.
    #[must_use]
    pub fn backlog(&self) -> Vec<(SourceName, Arc<str>, u64)> {
        self.outbound.backlog()
    }
}
