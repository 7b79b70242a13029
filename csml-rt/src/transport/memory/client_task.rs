//! The task of one client.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep, sleep_until};

use super::super::{TransportEvent, Message, Receipt, Session};
use super::Broker;

/// How often a client that is cut off tries again, and looks whether it is to end.
const LOOK: Duration = Duration::from_millis(100);

pub(super) struct ClientTask {
    broker: Broker,
    properties: bool,
    session: Session,
    stir: Arc<Notify>,
    outgoing: mpsc::Receiver<Message>,
    incoming: mpsc::Sender<TransportEvent>,
    receipts: mpsc::UnboundedReceiver<Receipt>,
}

/// What a client was awoken by.
enum Woken {
    /// The host sends something; `None` when it has ended.
    Outgoing(Option<Message>),
    Taken(Receipt),
    /// The broker has something, or the host has room.
    Stirred,
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
        Self { broker, properties, session, stir: Arc::default(), outgoing, incoming, receipts }
    }

    /// Connects again and again, until the host has ended.
    pub(super) async fn run(mut self) {
        let mut said_down = false;
        loop {
            let connection = self.broker.state().connect(&self.session, &self.stir, Instant::now());
            if let Some(connection) = connection {
                said_down = false;
                if self.connected(connection).await {
                    return;
                }
            }
            if !said_down {
                let apart = self.broker.state().is_apart(&self.session.client_id);
                let reason = if apart { "cut off from the broker" } else { "the broker cut the connection" };
                if !self.say(TransportEvent::Down { reason: reason.into() }).await {
                    return;
                }
                said_down = true;
            }
            if connection.is_some() {
                let pause = self.broker.state().pause();
                sleep(Duration::from_millis(pause)).await;
            } else {
                sleep(LOOK).await;
                if self.outgoing.is_closed() {
                    return;
                }
            }
        }
    }

    /// Serves a connection until it is cut; `true` when the host has ended.
    async fn connected(&mut self, connection: u64) -> bool {
        if !self.say(TransportEvent::Up).await {
            return true;
        }
        for message in self.session.birth.clone() {
            self.publish(message);
        }
        loop {
            if !self.broker.state().is_connected(&self.session.client_id, connection) {
                return false;
            }
            let blocked = self.hand_over();
            match self.woken(blocked).await {
                Woken::Outgoing(Some(message)) => {
                    // The connection may have been cut since: then it is lost, as on any wire.
                    if self.broker.state().is_connected(&self.session.client_id, connection) {
                        self.publish(message);
                    }
                }
                Woken::Outgoing(None) => {
                    let mut state = self.broker.state();
                    state.leave(&self.session.client_id, connection, Instant::now());
                    return true;
                }
                Woken::Taken(receipt) => self.broker.state().taken(&self.session.client_id, receipt),
                Woken::Stirred => {}
            }
        }
    }

    /// Hands over what is due as far as the host has room; `true` when it has none.
    fn hand_over(&mut self) -> bool {
        let window = self.session.capacity.max(1);
        loop {
            let Ok(room) = self.incoming.try_reserve() else { return true };
            let mut state = self.broker.state();
            let count = state.take_overflow(&self.session.client_id);
            if count > 0 {
                let reason = "too many messages were waiting for this client".into();
                room.send(TransportEvent::Refused { count, reason });
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

    /// Whether the host still listens.
    async fn say(&mut self, incoming: TransportEvent) -> bool {
        self.incoming.send(incoming).await.is_ok()
    }

    async fn woken(&mut self, blocked: bool) -> Woken {
        let due = self.broker.state().next_due(&self.session.client_id);
        // What is due already waits for receipts or for room, not for its time.
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
                // A host that no longer listens needs no room: it goes on sending, until it has ended.
                _ => std::future::pending().await,
            }
        });
        let mut stirred = pin!(self.stir.notified());
        let (outgoing, receipts) = (&mut self.outgoing, &mut self.receipts);
        poll_fn(|context| {
            if let Poll::Ready(Some(receipt)) = receipts.poll_recv(context) {
                return Poll::Ready(Woken::Taken(receipt));
            }
            let stirred = stirred.as_mut().poll(context).is_ready();
            if stirred || due.as_mut().poll(context).is_ready() || room.as_mut().poll(context).is_ready() {
                return Poll::Ready(Woken::Stirred);
            }
            outgoing.poll_recv(context).map(Woken::Outgoing)
        })
        .await
    }
}
