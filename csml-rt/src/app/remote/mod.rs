//! Other processes: the node on one side, link, wire format and transport on the other.

mod connection_report;
mod incoming;
mod options;
mod outgoing;
mod remote_routes;

use std::collections::VecDeque;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use csml_rt_core::{EventInfo, Machines};
use tokio::sync::mpsc::OwnedPermit;
use tokio::sync::mpsc::error::SendError;

use super::persist::Persist;
use crate::BoxFuture;
use crate::link::{Link, ReceiverId, SourceId, Token};
use crate::node::{Node, Rejects};
pub(super) use crate::transport::TransportEvent;
use crate::transport::{Connection, Message, Receipt};
use crate::wire::{Body, Codec};
pub use connection_report::ConnectionStatus;
use connection_report::Report;
pub(super) use options::Setup;
pub use options::{Backpressure, BeginTrace, TransportOptions};
pub(super) use remote_routes::RemoteRoutes;

/// Messages in either direction that wait between application and transport.
const CAPACITY: usize = 1_024;
/// Messages taken in one go, so that machines and others get their turn.
const BATCH: usize = 1_024;
/// Bytes of events of other processes that the node has and has not handled, before it gets no more. Decoded data take up
/// to about forty times as much.
const HANDED_BYTES: usize = 1 << 20;
/// Levels of the data of a compact event: what JSON has no number for stands in a map of its own.
const COMPACT_DEPTH: usize = 2;
/// How long the transport may take to disconnect, connected and not.
const DISCONNECT: Duration = Duration::from_secs(5);
const SHORT_DISCONNECT: Duration = Duration::from_millis(500);

/// An acknowledgement that is due when so many queue entries from other processes have been handled.
struct Waiting {
    entries: u64,
    to: AckTo,
}

enum AckTo {
    /// An event of the link, and its size.
    Link(Token, usize),
    Transport(Receipt),
}

/// The other processes.
pub(super) struct Remote {
    link: Link<Body>,
    codec: Codec,
    connection: Connection,
    backpressure: Backpressure,
    begin_trace: Option<BeginTrace>,
    /// By instance of this process.
    sources: Vec<SourceId>,
    /// This process, for events from outside.
    process: SourceId,
    /// By instance of this process.
    receivers: Vec<ReceiverId>,
    /// Number of this incarnation.
    epoch: u64,
    up: bool,
    /// Sent at the end, in place of the will.
    offline: Message,
    /// Events that leave the application, on their way to the transport.
    peripheral: VecDeque<Message>,
    /// What did not fit into the transport, and the wait for room there.
    next: Option<Message>,
    room: Option<BoxFuture<Result<OwnedPermit<Message>, SendError<()>>>>,
    waiting: VecDeque<Waiting>,
    /// Entries that were put into the event queue.
    delivered: u64,
    /// Bytes of the events of the link among what waits.
    handed_bytes: usize,
    report: Report,
    /// The run is over: events of others are not taken any more.
    leaving: bool,
    failed: Option<String>,
}

impl Remote {
    /// Starts the transport.
    pub(super) fn open<A: Machines>(setup: Setup, routes: RemoteRoutes, node: &mut Node<A>) -> Self {
        let Setup { transport, options } = setup;
        let mut wire = options.wire;
        wire.envelope_in_payload |= !transport.carries_properties();
        let (limits, writing) = (&wire.limits, wire.clone());
        let roomy = limits.payload_bytes >= EventInfo::COMPACT
            && limits.values >= EventInfo::COMPACT
            && limits.depth >= COMPACT_DEPTH;
        let check = move |event: &A::Event| {
            let written = writing.payload(A::event_data(event).as_ref());
            written.map(|_| ()).map_err(|rejection| rejection.to_string())
        };
        node.check_outbound(check, |info| roomy && info.compact);
        let codec = Codec::new(A::DESCRIPTION, wire);
        let node = &*node;
        let mut link = Link::new(options.link, routes.epoch, routes.interest::<A>(node));
        let (sources, process, receivers) = routes.enroll::<A>(node, &mut link);
        let session = routes.session::<A>(node, &codec, CAPACITY);
        let offline = routes.presence(node, &codec, false);
        Self {
            link,
            codec,
            connection: transport.open(session),
            backpressure: options.backpressure,
            begin_trace: options.begin_trace,
            sources,
            process,
            receivers,
            epoch: routes.epoch,
            up: false,
            offline,
            peripheral: VecDeque::new(),
            next: None,
            room: None,
            waiting: VecDeque::new(),
            delivered: 0,
            handed_bytes: 0,
            report: Report::new(routes.process),
            leaving: false,
            failed: None,
        }
    }

    /// Which events cannot be kept until they are sent.
    fn full(&self) -> Rejects {
        Rejects { remote: !self.link.has_room(), peripheral: self.peripheral.len() >= CAPACITY }
    }

    /// Whether the next step has to wait until others have taken what they were sent.
    pub(super) fn is_blocked(&self) -> bool {
        self.backpressure == Backpressure::Block && self.full() != Rejects::default()
    }

    /// Before steps: tells the node which events it has to reject, or reports that no step can be taken.
    pub(super) fn apply_backpressure<A: Machines>(&mut self, node: &mut Node<A>, now: u64) {
        match self.backpressure {
            Backpressure::Reject => node.set_rejects(self.full()),
            Backpressure::Block if self.is_blocked() => self.report.blocked(now, &self.link),
            Backpressure::Block => self.report.unblocked(now),
        }
    }

    /// Why the transport has given up, if it has.
    pub(super) fn failure(&self) -> Option<&str> {
        self.failed.as_deref()
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

    /// Takes what has come, without waiting for more.
    pub(super) fn receive<A: Machines>(&mut self, node: &mut Node<A>, now: u64) {
        for _ in 0..BATCH {
            let Ok(incoming) = self.connection.incoming.try_recv() else {
                break;
            };
            self.handle(incoming, node, now);
        }
        self.acknowledge(node, now);
    }

    /// Everything else that can be done without waiting: hands the node what the link has put in order, and the
    /// transport what is to be sent.
    pub(super) fn exchange<A: Machines>(
        &mut self,
        node: &mut Node<A>,
        persist: Option<&mut Persist>,
        now: u64,
    ) {
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
        self.link.is_idle() && self.peripheral.is_empty() && self.next.is_none()
    }

    /// Whether everything of this process has arrived elsewhere. What others have sent may wait.
    pub(super) fn may_leave(&self) -> bool {
        self.link.may_leave() && self.peripheral.is_empty() && self.next.is_none()
    }

    /// Whether the transport is connected.
    pub(super) fn is_connected(&self) -> bool {
        self.up
    }

    /// Reports from time to time for which peer this process stays although its run is over.
    pub(super) fn report_staying(&mut self, now: u64) {
        self.report.staying(now, &self.link);
    }

    /// The state of the connection.
    pub(super) fn status(&self) -> ConnectionStatus {
        self.report.status(self.up, self.link.counters(), self.link.backlog())
    }

    /// Disconnects.
    pub(super) async fn close(mut self) -> ConnectionStatus {
        self.conclude();
        let status = self.status();
        // The transport ends when it has sent what waits and no sender is left.
        drop(self.room);
        let _ = tokio::time::timeout(DISCONNECT, self.connection.outgoing.send(self.offline)).await;
        drop(self.connection.outgoing);
        self.connection.incoming.close();
        let patience = if self.up { DISCONNECT } else { SHORT_DISCONNECT };
        let aborting = self.connection.ended.abort_handle();
        if tokio::time::timeout(patience, self.connection.ended).await.is_err() {
            aborting.abort();
        }
        status
    }
}

fn unix_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
