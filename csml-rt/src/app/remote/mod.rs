//! The instances of other processes, as an application reaches them: its node on one side, link, wire format and
//! transport on the other.

mod plan;
mod report;

use std::collections::VecDeque;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use csml_rt_core::{Channel, Machines};
use tokio::sync::mpsc::OwnedPermit;
use tokio::sync::mpsc::error::{SendError, TrySendError};

use super::BuildError;
use super::persist::Persist;
use crate::BoxFuture;
use crate::link::{Link, LinkOptions, ReceiverId, SourceId, SourceName, Token, Transmit};
use crate::node::{Address, Leaving, Node};
use crate::store::Revision;
pub(super) use crate::transport::Incoming;
use crate::transport::{Connection, Message, Receipt, Transport};
use crate::wire::{Body, Codec, Packet, WireOptions, lane, lane_parts};
pub(super) use plan::Plan;
use plan::Subscriptions;
pub use report::Network;
use report::Report;

/// Messages in either direction that wait between application and transport.
const CAPACITY: usize = 1_024;
/// Messages taken in one go, so that machines and others get their turn.
const BATCH: usize = 1_024;
/// How long the transport may take to say goodbye, connected and not.
const GOODBYE: Duration = Duration::from_secs(5);
const SHORT_GOODBYE: Duration = Duration::from_millis(500);

/// What happens when so many events wait for other processes that no further one is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overflow {
    /// No step is taken until there is room. Processes that wait for each other may come to a standstill; it is
    /// logged who is waited for.
    #[default]
    Block,
    /// Steps that raise such events fail: they are rolled back, and their events are dead letters.
    Refuse,
}

/// How an application reaches its instances in other processes.
pub(super) struct Setup {
    pub(super) transport: Box<dyn Transport>,
    pub(super) link: LinkOptions,
    pub(super) wire: WireOptions,
    pub(super) overflow: Overflow,
}

impl fmt::Debug for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup").field("transport", &self.transport).finish_non_exhaustive()
    }
}

impl Setup {
    /// The options of `before`, if there were any, with another transport.
    pub(super) fn new(transport: Box<dyn Transport>, before: Option<Self>) -> Self {
        match before {
            Some(before) => Self { transport, ..before },
            None => Self {
                transport,
                link: LinkOptions::default(),
                wire: WireOptions::default(),
                overflow: Overflow::default(),
            },
        }
    }

    /// Whether names fit into topics.
    pub(super) fn check<'a, A: Machines>(
        &self,
        names: impl Iterator<Item = &'a str>,
    ) -> Result<(), BuildError> {
        let codec = Codec::new(A::DESCRIPTION, self.wire.clone());
        codec.check_names(names).map_err(|refusal| BuildError::Names(refusal.to_string()))
    }

    /// Who this process is among others.
    pub(super) fn plan(self, app: &str, process: &str, subscriptions: Option<Subscriptions>) -> (Self, Plan) {
        let plan = Plan {
            process: process.into(),
            client_id: format!("csml-{app}-{process}"),
            // A fixed seed must not give two runs the same number: nothing but this is taken from it.
            epoch: RandomState::new().hash_one(unix_ms()) | 1,
            subscriptions,
        };
        (self, plan)
    }
}

/// Somebody who waits until so many entries that came from elsewhere have been handled.
struct Waiting {
    entries: u64,
    whom: Whom,
}

enum Whom {
    Link(Token),
    Transport(Receipt),
}

/// The other processes.
pub(super) struct Remote {
    link: Link<Body>,
    codec: Codec,
    connection: Connection,
    overflow: Overflow,
    /// By instance of this process.
    sources: Vec<SourceId>,
    /// This process, for events from outside.
    process: SourceId,
    /// By instance of this process.
    receivers: Vec<ReceiverId>,
    /// Number of this run.
    epoch: u64,
    up: bool,
    /// Said at the end instead of the will.
    farewell: Message,
    /// Peripheral events on their way out.
    leaving: VecDeque<Message>,
    /// What did not fit into the transport, and the wait for room there.
    next: Option<Message>,
    room: Option<BoxFuture<Result<OwnedPermit<Message>, SendError<()>>>>,
    waiting: VecDeque<Waiting>,
    /// Entries that were put into the line.
    delivered: u64,
    report: Report,
    failed: Option<String>,
}

impl Remote {
    /// Starts the transport.
    pub(super) fn open<A: Machines>(setup: Setup, plan: Plan, node: &Node<A>) -> Self {
        let mut wire = setup.wire;
        wire.envelope_in_payload |= !setup.transport.carries_properties();
        let codec = Codec::new(A::DESCRIPTION, wire);
        let mut link = Link::new(setup.link, plan.epoch, plan.interest::<A>(node));
        let (sources, process, receivers) = plan.enroll::<A>(node, &mut link);
        let session = plan.session::<A>(node, &codec, CAPACITY);
        let farewell = plan.presence(node, &codec, false);
        Self {
            link,
            codec,
            connection: setup.transport.open(session),
            overflow: setup.overflow,
            sources,
            process,
            receivers,
            epoch: plan.epoch,
            up: false,
            farewell,
            leaving: VecDeque::new(),
            next: None,
            room: None,
            waiting: VecDeque::new(),
            delivered: 0,
            report: Report::new(plan.process),
            failed: None,
        }
    }

    /// Whether the next step has to wait until others have taken what they were sent.
    pub(super) fn stalls<A: Machines>(&mut self, node: &mut Node<A>, now: u64) -> bool {
        let full = !self.link.room() || self.leaving.len() >= CAPACITY;
        if self.overflow == Overflow::Refuse {
            node.refuse_away(full);
            return false;
        }
        if full {
            self.report.blocked(now, &self.link);
        } else {
            self.report.unblocked(now);
        }
        full
    }

    /// Why the transport has given up, if it has.
    pub(super) fn failure(&mut self) -> Option<String> {
        self.failed.take()
    }

    /// When to look again, if nothing comes before.
    pub(super) fn deadline(&self) -> Option<u64> {
        self.link.deadline()
    }

    /// What the transport has to say next, or `None` when there is room for more to send.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Incoming>> {
        match self.connection.incoming.poll_recv(context) {
            Poll::Ready(None) => {
                if self.up {
                    self.up = false;
                    return Poll::Ready(Some(Incoming::Failed {
                        reason: "the transport has ended".to_owned(),
                    }));
                }
            }
            Poll::Ready(some) => return Poll::Ready(some),
            Poll::Pending => {}
        }
        if self.next.is_some() {
            let outgoing = &self.connection.outgoing;
            let room = self.room.get_or_insert_with(|| Box::pin(outgoing.clone().reserve_owned()));
            let permit = std::task::ready!(room.as_mut().poll(context));
            self.room = None;
            if let (Ok(permit), Some(message)) = (permit, self.next.take()) {
                permit.send(message);
            }
            return Poll::Ready(None);
        }
        Poll::Pending
    }

    /// Everything that can be done without waiting: takes what has come, hands on what can be, sends what is
    /// to be sent.
    pub(super) fn exchange<A: Machines>(
        &mut self,
        node: &mut Node<A>,
        persist: Option<&mut Persist>,
        leaving: &mut VecDeque<(Address, A::Event)>,
        now: u64,
    ) {
        let seen = persist.as_ref().map_or(Revision(0), |persist| persist.seen());
        for _ in 0..BATCH {
            let Ok(incoming) = self.connection.incoming.try_recv() else {
                break;
            };
            self.heed(incoming, node, now);
        }
        self.consume(node, now);
        while let Some(left) = node.next_leaving() {
            self.send::<A>(node, left, seen, now);
        }
        while let Some((at, event)) = leaving.pop_front() {
            self.send_out::<A>(node, at, &event);
        }
        while let Some(instance) = node.next_ended() {
            if let Some(receiver) = self.receivers.get(instance as usize) {
                self.link.end_receiver(now, *receiver);
            }
        }
        self.link.tick(now);
        self.hand_on(node, persist, now);
        self.transmit(now);
    }

    /// Takes one thing that the transport has to say.
    pub(super) fn heed<A: Machines>(&mut self, incoming: Incoming, node: &mut Node<A>, now: u64) {
        match incoming {
            Incoming::Up => {
                tracing::info!(target: "csml::link", "connected");
                self.up = true;
                self.report.up(now);
                self.link.connected(now);
            }
            Incoming::Down { reason } => {
                tracing::warn!(target: "csml::link", "disconnected: {reason}");
                self.up = false;
                self.report.down(now);
                self.link.disconnected(now);
            }
            Incoming::Message(message, receipt) => self.receive(&message, receipt, node, now),
            Incoming::Refused { count, reason } => self.report.refused_below(count, &reason),
            Incoming::Failed { reason } => {
                self.up = false;
                self.link.disconnected(now);
                self.failed = Some(reason);
            }
        }
    }

    fn receive<A: Machines>(
        &mut self,
        message: &Message,
        receipt: Option<Receipt>,
        node: &mut Node<A>,
        now: u64,
    ) {
        let mut receipt = receipt;
        match self.codec.decode(now, message) {
            Ok(Packet::Event(data)) => {
                if !self.is_own(node, &data.source, data.epoch) {
                    self.link.data(now, data);
                }
            }
            Ok(Packet::Ack { receiver, ack }) => self.link.ack(now, &receiver, ack),
            Ok(Packet::Sync { source, sync }) => {
                if !self.is_own(node, &source, sync.epoch) {
                    self.link.sync(now, &source, sync);
                }
            }
            Ok(Packet::FromOutside { event, data }) => match A::event_from(event, &data) {
                Ok(event) => {
                    let entries = node.send_here(event);
                    self.delivered += u64::from(entries);
                    if let Some(receipt) = receipt.take() {
                        let whom = Whom::Transport(receipt);
                        self.waiting.push_back(Waiting { entries: self.delivered, whom });
                    }
                }
                Err(misfit) => self.report.misfit(&message.topic, &misfit),
            },
            Ok(Packet::Presence { process, online }) => {
                tracing::debug!(target: "csml::link", process = %process, online);
            }
            Err(refusal) => self.report.refused(&refusal),
        }
        if let Some(receipt) = receipt {
            // A transport that has ended wants none.
            let _ = self.connection.taken.send(receipt);
        }
    }

    /// Whether something comes from this process itself. If another one says it is the same, that is told.
    fn is_own<A: Machines>(&mut self, node: &Node<A>, source: &SourceName, epoch: u64) -> bool {
        let own = match source {
            SourceName::Instance(name) => {
                node.directory().resolve(name).is_some_and(|at| node.directory().is_here(at.instance))
            }
            SourceName::Process(name) => **name == *self.report.process,
        };
        if own && epoch != self.epoch {
            self.report.twin(source);
        }
        own
    }

    /// Hands on what the link has put in order.
    fn hand_on<A: Machines>(&mut self, node: &mut Node<A>, persist: Option<&mut Persist>, now: u64) {
        let mut required = Revision(0);
        while let Some(delivery) = self.link.deliver() {
            let body = &delivery.body;
            required = required.max(Revision(body.revision));
            // Receivers were added in the order of the instances.
            let instance = delivery.receiver.index() as u32;
            let entries = match self.event::<A>(delivery.lane, body) {
                Ok((event, channel)) => {
                    let from = source_address(node, &delivery.source, &body.nested);
                    match &body.to {
                        None => node.deliver(instance, event, channel, from),
                        Some(path) => match node.directory().resolve(path) {
                            Some(to) if to.instance == instance => {
                                u32::from(node.deliver_to(to, event, channel))
                            }
                            _ => 0,
                        },
                    }
                }
                Err(refusal) => {
                    self.report.refused_event(&delivery.source, &refusal);
                    0
                }
            };
            self.delivered += u64::from(entries);
            self.waiting.push_back(Waiting { entries: self.delivered, whom: Whom::Link(delivery.token) });
        }
        if let Some(persist) = persist {
            persist.require(required);
        }
        self.consume(node, now);
    }

    fn event<A: Machines>(
        &self,
        lane: crate::link::Lane,
        body: &Body,
    ) -> Result<(A::Event, Channel), String> {
        let (event, channel) = lane_parts(lane).ok_or("there is no such event")?;
        let data = self.codec.value(body).map_err(|refusal| refusal.to_string())?;
        let event = A::event_from(event, &data).map_err(|misfit| misfit.to_string())?;
        Ok((event, channel))
    }

    /// Tells whoever waits what has been handled.
    fn consume<A: Machines>(&mut self, node: &Node<A>, now: u64) {
        let handled = node.handled_elsewhere();
        while let Some(first) = self.waiting.front()
            && first.entries <= handled
            && let Some(done) = self.waiting.pop_front()
        {
            match done.whom {
                Whom::Link(token) => self.link.consumed(now, token),
                Whom::Transport(receipt) => {
                    let _ = self.connection.taken.send(receipt);
                }
            }
        }
    }

    fn send<A: Machines>(&mut self, node: &Node<A>, left: Leaving<A::Event>, seen: Revision, now: u64) {
        let index = A::event_index(&left.event);
        let info = A::DESCRIPTION.events.get(usize::from(index));
        if left.from.is_none() && !info.is_some_and(|info| info.from_outside) {
            return self.report.not_from_outside::<A>(index);
        }
        let data = A::event_data(&left.event);
        let (payload, encoding) = match self.codec.payload(data.as_ref()) {
            Ok(encoded) => encoded,
            Err(refusal) => return self.report.unsent::<A>(index, &refusal),
        };
        let directory = node.directory();
        let (source, nested) = match left.from {
            None => (Some(self.process), ""),
            Some(at) => (self.sources.get(at.instance as usize).copied(), directory.path(at).nested),
        };
        let Some(source) = source else {
            return;
        };
        let body = Body {
            channel: left.channel,
            nested: nested.into(),
            to: left.to.map(|to| Arc::from(directory.path(to).to_string())),
            time: unix_ms(),
            revision: seen.0,
            traceparent: None,
            payload,
            encoding,
        };
        self.link.send(now, source, lane(index, left.channel), body);
    }

    fn send_out<A: Machines>(&mut self, node: &Node<A>, at: Address, event: &A::Event) {
        let path = node.directory().path(at);
        let index = A::event_index(event);
        let data = A::event_data(event);
        match self.codec.outgoing(path.instance, path.nested, index, data.as_ref(), unix_ms()) {
            Ok(message) => self.leaving.push_back(message),
            Err(refusal) => self.report.unsent::<A>(index, &refusal),
        }
    }

    fn transmit(&mut self, now: u64) {
        // What waits for room goes first.
        while self.up && self.next.is_none() {
            let message = match self.leaving.pop_front() {
                Some(message) => message,
                None => match self.link.transmit(now) {
                    Some(Transmit::Data { data, .. }) => self.codec.event(&data),
                    Some(Transmit::Ack { receiver, ack }) => self.codec.ack(&receiver, &ack),
                    Some(Transmit::Sync { source, sync }) => self.codec.sync(&source, &sync),
                    None => return,
                },
            };
            match self.connection.outgoing.try_send(message) {
                Ok(()) => {}
                Err(TrySendError::Full(message)) => self.next = Some(message),
                // It says why itself.
                Err(TrySendError::Closed(_)) => self.up = false,
            }
        }
    }

    /// Whether nothing is left to send or to be acknowledged.
    pub(super) fn is_flushed(&self) -> bool {
        self.link.idle() && self.leaving.is_empty() && self.next.is_none()
    }

    /// Whether the transport is connected.
    pub(super) fn is_up(&self) -> bool {
        self.up
    }

    /// Whether this process may leave. As long as it must not, it is told from time to time for whom it stays.
    pub(super) fn is_done(&mut self, now: u64) -> bool {
        let done = self.is_flushed();
        if !done {
            self.report.staying(now, &self.link);
        }
        done
    }

    /// How things stand.
    pub(super) fn network(&self) -> Network {
        self.report.network(self.up, self.link.counters(), self.link.backlog())
    }

    /// Says goodbye.
    pub(super) async fn close(mut self) -> Network {
        let network = self.network();
        // Nobody else has it any more: the transport ends when it has sent what waits.
        drop(self.room);
        let _ = tokio::time::timeout(GOODBYE, self.connection.outgoing.send(self.farewell)).await;
        drop(self.connection.outgoing);
        self.connection.incoming.close();
        let patience = if self.up { GOODBYE } else { SHORT_GOODBYE };
        let aborting = self.connection.ended.abort_handle();
        if tokio::time::timeout(patience, self.connection.ended).await.is_err() {
            aborting.abort();
        }
        network
    }
}

fn source_address<A: Machines>(node: &Node<A>, source: &SourceName, nested: &str) -> Option<Address> {
    let SourceName::Instance(name) = source else {
        return None;
    };
    match nested {
        "" => node.directory().resolve(name),
        nested => node.directory().resolve(&format!("{name}/{nested}")),
    }
}

fn unix_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
