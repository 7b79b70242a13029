//! The instances of other processes, as an application reaches them: its node on one side, link, wire format and
//! transport on the other.

mod incoming;
mod outgoing;
mod plan;
mod report;

use std::collections::VecDeque;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use csml_rt_core::{EventInfo, Machines};
use tokio::sync::mpsc::OwnedPermit;
use tokio::sync::mpsc::error::SendError;

use super::BuildError;
use super::persist::Persist;
use super::watch::GoingOut;
use crate::BoxFuture;
use crate::link::{Link, LinkOptions, ReceiverId, SourceId, Token};
use crate::node::{Node, Refuses};
use crate::store::Revision;
pub(super) use crate::transport::TransportEvent;
use crate::transport::{Connection, Message, Receipt, Transport};
use crate::wire::{Body, Codec, WireOptions};
pub(super) use plan::Plan;
use plan::Subscriptions;
pub use report::Network;
use report::Report;

/// Messages in either direction that wait between application and transport.
const CAPACITY: usize = 1_024;
/// Messages taken in one go, so that machines and others get their turn.
const BATCH: usize = 1_024;
/// Levels of the data of a compact event: what JSON has no number for stands in a map of its own.
const COMPACT_DEPTH: usize = 2;
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
    pub(super) begin_trace: Option<BeginTrace>,
    /// Number of the run, where it is not to be random.
    pub(super) epoch: Option<u64>,
}

/// Gives the `traceparent` of an event that has none.
pub(super) type BeginTrace = Box<dyn Fn() -> Option<String> + Send>;

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
                begin_trace: None,
                epoch: None,
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
            epoch: self.epoch.unwrap_or_else(|| RandomState::new().hash_one(unix_ms()) | 1),
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
    begin_trace: Option<BeginTrace>,
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
    pub(super) fn open<A: Machines>(setup: Setup, plan: Plan, node: &mut Node<A>) -> Self {
        let mut wire = setup.wire;
        wire.envelope_in_payload |= !setup.transport.carries_properties();
        let (limits, options) = (&wire.limits, wire.clone());
        let roomy = limits.payload_bytes >= EventInfo::COMPACT
            && limits.values >= EventInfo::COMPACT
            && limits.depth >= COMPACT_DEPTH;
        let check = move |event: &A::Event| {
            let written = options.payload(A::event_data(event).as_ref());
            written.map(|_| ()).map_err(|refusal| refusal.to_string())
        };
        node.check_departures(check, |info| roomy && info.compact);
        let codec = Codec::new(A::DESCRIPTION, wire);
        let node = &*node;
        let mut link = Link::new(setup.link, plan.epoch, plan.interest::<A>(node));
        let (sources, process, receivers) = plan.enroll::<A>(node, &mut link);
        let session = plan.session::<A>(node, &codec, CAPACITY);
        let farewell = plan.presence(node, &codec, false);
        Self {
            link,
            codec,
            connection: setup.transport.open(session),
            overflow: setup.overflow,
            begin_trace: setup.begin_trace,
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
        let refuses = Refuses { away: !self.link.has_room(), out: self.leaving.len() >= CAPACITY };
        if self.overflow == Overflow::Refuse {
            node.refuse(refuses);
            return false;
        }
        let full = refuses.away || refuses.out;
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
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<TransportEvent>> {
        match self.connection.incoming.poll_recv(context) {
            Poll::Ready(None) => {
                if self.up {
                    self.up = false;
                    return Poll::Ready(Some(TransportEvent::Failed {
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
        leaving: &mut VecDeque<GoingOut<A::Event>>,
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
        while let Some(going) = leaving.pop_front() {
            self.send_out::<A>(node, going);
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

    /// Whether nothing is left to send or to be acknowledged.
    pub(super) fn is_flushed(&self) -> bool {
        self.link.is_idle() && self.leaving.is_empty() && self.next.is_none()
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

fn unix_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
