//! The task of one client of the broker.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep, sleep_until};

use super::super::transport_trait::{Message, Receipt, Session, TransportEvent};
use super::broker::Broker;

/// How often a client that is cut off tries to connect, and checks whether it has to end.
const RETRY: Duration = Duration::from_millis(100);

pub(super) struct ClientTask {
    broker: Broker,
    properties: bool,
    session: Session,
    wake: Arc<Notify>,
    outgoing: mpsc::Receiver<Message>,
    incoming: mpsc::Sender<TransportEvent>,
    receipts: mpsc::UnboundedReceiver<Receipt>,
}

/// What has woken a client.
enum Woken {
    /// The application sends a message; `None` when it has ended.
    Outgoing(Option<Message>),
    Acknowledged(Receipt),
    /// The broker has a message, or the application has room.
    Notified,
}

impl ClientTask {
    pub(super) fn new(
        broker: Broker,
        properties: bool,
        session: Session,
        outgoing: mpsc::Receiver<Message>,
        incoming: mpsc::Sender<TransportEvent>,
        receipts: mpsc::UnboundedReceiver<Receipt>,
    ) -> Self {
        Self { broker, properties, session, wake: Arc::default(), outgoing, incoming, receipts }
    }

    /// Connects until the application has ended.
    pub(super) async fn run(mut self) {
        let mut reported_down = false;
        loop {
            let connection = self.broker.state().connect(&self.session, &self.wake, Instant::now());
            if let Some(connection) = connection {
                reported_down = false;
                if self.connected(connection).await {
                    return;
                }
            }
            if !reported_down {
                let cut_off = self.broker.state().is_cut_off(&self.session.client_id);
                let reason =
                    if cut_off { "cut off from the broker" } else { "the broker cut the connection" };
                if !self.report(TransportEvent::Down { reason: reason.into() }).await {
                    return;
                }
                reported_down = true;
            }
            if connection.is_some() {
                let pause = self.broker.state().pause();
                sleep(Duration::from_millis(pause)).await;
            } else {
                sleep(RETRY).await;
                if self.outgoing.is_closed() {
                    return;
                }
            }
        }
    }

    /// Serves a connection until it is cut; true when the application has ended.
    async fn connected(&mut self, connection: u64) -> bool {
        if !self.report(TransportEvent::Up).await {
            return true;
        }
        for message in self.session.birth.clone() {
            self.publish(message);
        }
        loop {
            if !self.broker.state().is_connected(&self.session.client_id, connection) {
                return false;
            }
            let blocked = self.deliver_due();
            match self.woken(blocked).await {
                Woken::Outgoing(Some(message)) => {
                    // The connection may have been cut since; then the message is lost, as on a network.
                    if self.broker.state().is_connected(&self.session.client_id, connection) {
                        self.publish(message);
                    }
                }
                Woken::Outgoing(None) => {
                    let mut state = self.broker.state();
                    state.client_disconnected(&self.session.client_id, connection, Instant::now());
                    return true;
                }
                Woken::Acknowledged(receipt) => {
                    self.broker.state().acknowledge(&self.session.client_id, receipt)
                }
                Woken::Notified => {}
            }
        }
    }

    /// Delivers due messages as far as the application has room; true when it has none.
    fn deliver_due(&mut self) -> bool {
        let window = self.session.capacity.max(1);
        loop {
            let Ok(room) = self.incoming.try_reserve() else { return true };
            let mut state = self.broker.state();
            let count = state.take_overflow(&self.session.client_id);
            if count > 0 {
                let reason = "too many messages waited for this client".into();
                room.send(TransportEvent::Rejected { count, reason });
                continue;
            }
            let next = state.next(&self.session.client_id, Instant::now(), window);
            let Some((message, receipt)) = next else { return false };
            room.send(TransportEvent::Message(message, receipt));
        }
    }

    fn publish(&self, mut message: Message) {
        if !self.properties {
            message.properties.clear();
            message.content_type = None;
        }
        self.broker.state().publish(&message, Instant::now());
    }

    /// Whether the application still receives.
    async fn report(&mut self, event: TransportEvent) -> bool {
        self.incoming.send(event).await.is_ok()
    }

    async fn woken(&mut self, blocked: bool) -> Woken {
        let due = self.broker.state().next_due(&self.session.client_id);
        // A message that is due already waits for receipts or for room, not for its time.
        let due = due.filter(|due| *due > Instant::now());
        let mut due = pin!(async {
            match due {
                Some(due) => sleep_until(due).await,
                None => std::future::pending().await,
            }
        });
        let mut room = pin!(async {
            match blocked {
                true if self.incoming.reserve().await.is_ok() => {}
                // An application that no longer receives needs no room: it may send until it has ended.
                _ => std::future::pending().await,
            }
        });
        let mut woken_up = pin!(self.wake.notified());
        let (outgoing, receipts) = (&mut self.outgoing, &mut self.receipts);
        poll_fn(|context| {
            if let Poll::Ready(Some(receipt)) = receipts.poll_recv(context) {
                return Poll::Ready(Woken::Acknowledged(receipt));
            }
            let woken_up = woken_up.as_mut().poll(context).is_ready();
            if woken_up || due.as_mut().poll(context).is_ready() || room.as_mut().poll(context).is_ready() {
                return Poll::Ready(Woken::Notified);
            }
            outgoing.poll_recv(context).map(Woken::Outgoing)
        })
        .await
    }
}
