//! The task of a transport: connects, subscribes, moves messages, notices the end, and connects again.

use std::future::{Future as _, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, Sleep};

use super::MqttOptions;
use super::reconnect_delay::ReconnectDelay;
use super::mqtt_client::{self as client, ClientHandle, ClientEvent, ClientLoop, ConnectionLost};
use super::connection_errors::SILENT;
use super::receive_queue::ReceiveQueue;
use super::send_queue::{SendQueue, misfit};
use super::keep_alive::{KeepAlive, KeepAliveCheck};
use crate::transport::{Message, Receipt, Session};

/// How long what waits is still sent after the user has let go.
const FAREWELL: Duration = Duration::from_secs(5);

/// Messages that are under way to the broker at most.
const WINDOW: usize = 4_096;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Connecting,
    /// Connected only to make the broker forget this client.
    Forgetting,
    Subscribing,
    Up,
    /// Goodbye is on its way.
    Leaving,
}

/// What ended a wait.
enum Next {
    ClientEvent(Result<ClientEvent, ConnectionLost>),
    /// The broker is silent.
    Silent,
    /// Nothing is left to be done, or no time.
    End,
}

pub(super) struct Driver {
    pub(super) options: MqttOptions,
    pub(super) address: String,
    pub(super) session: Session,
    pub(super) outbox: SendQueue,
    pub(super) inbox: ReceiveQueue,
    pub(super) taken: mpsc::UnboundedReceiver<Receipt>,
    pub(super) handle: ClientHandle,
    pub(super) window: u16,
    pub(super) watch: KeepAlive,
    pub(super) backoff: ReconnectDelay,
    pub(super) phase: Phase,
    /// When the phase began.
    pub(super) since: Instant,
    /// Whether the next connection is there to make the broker forget this client.
    pub(super) forgetting: bool,
    pub(super) ever_up: bool,
    /// Messages that were handed over and are neither confirmed nor sent for good.
    pub(super) under_way: usize,
    /// Filters and probes that were handed over and not answered.
    pub(super) asked: usize,
    /// Whether the broker has confirmed anything on this connection.
    pub(super) fruitful: bool,
    pub(super) fruitless: u32,
    pub(super) packet_limit: usize,
    pub(super) retains: bool,
    /// The last report, so as not to repeat it.
    pub(super) down: Option<String>,
    pub(super) farewell: Option<Pin<Box<Sleep>>>,
}

/// Runs a transport until its user lets go of it or nothing can be done.
pub(super) async fn run(
    options: MqttOptions,
    session: Session,
    mut outbox: SendQueue,
    mut inbox: ReceiveQueue,
    taken: mpsc::UnboundedReceiver<Receipt>,
) {
    let address = options.address();
    let window = u16::try_from(session.capacity.clamp(1, WINDOW)).unwrap_or(u16::MAX);
    let will = session.will.as_ref().and_then(|will| misfit(will, options.packet_limit as usize));
    let opened = match will {
        Some(misfit) => Err(format!("the last will cannot be sent: {misfit}")),
        None => client::open(&options, &session, window, false),
    };
    let (handle, poller) = match opened {
        Ok(opened) => opened,
        Err(reason) => {
            outbox.close();
            return give_up(&mut inbox, format!("{address}: {reason}")).await;
        }
    };
    let seed = options.seed.unwrap_or_else(|| seed(&session.client_id));
    let driver = Driver {
        watch: KeepAlive::new(options.ping_timeout),
        backoff: ReconnectDelay::new(options.backoff.0, options.backoff.1, seed),
        packet_limit: options.packet_limit as usize,
        options,
        address,
        session,
        outbox,
        inbox,
        taken,
        handle,
        window,
        phase: Phase::Connecting,
        since: Instant::now(),
        forgetting: false,
        ever_up: false,
        under_way: 0,
        asked: 0,
        fruitful: false,
        fruitless: 0,
        retains: true,
        down: None,
        farewell: None,
    };
    driver.run(poller).await;
}

/// Differs between processes and between their starts.
fn seed(client_id: &str) -> u64 {
    let start = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    client_id.bytes().fold(start.as_nanos() as u64, |seed, byte| seed.rotate_left(8) ^ u64::from(byte))
}

async fn give_up(inbox: &mut ReceiveQueue, reason: String) {
    tracing::error!(target: "csml::mqtt", "given up: {reason}");
    inbox.failed(reason);
    // Whoever does not read it in time finds the channel closed.
    let _ = tokio::time::timeout(FAREWELL, poll_fn(|context| inbox.poll_flush(context))).await;
}

impl Driver {
    async fn run(mut self, mut poller: ClientLoop) {
        tracing::debug!(target: "csml::mqtt", client = self.session.client_id, "connecting to {}", self.address);
        loop {
            let lost = match self.next(&mut poller).await {
                Next::ClientEvent(Ok(happened)) => match self.happened(happened, &poller) {
                    Ok(()) => continue,
                    Err(lost) => {
                        poller.drop_connection();
                        lost
                    }
                },
                Next::ClientEvent(Err(lost)) => lost,
                Next::Silent => {
                    poller.drop_connection();
                    ConnectionLost::transient(SILENT)
                }
                Next::End => break,
            };
            if lost.ended && self.phase != Phase::Forgetting {
                break;
            }
            match self.lost(lost, &mut poller) {
                Ok(delay) => {
                    if self.pause(delay).await {
                        break;
                    }
                }
                Err(reason) => {
                    self.to_send.close();
                    give_up(&mut self.received, reason).await;
                    return;
                }
            }
            self.enter(Phase::Connecting);
        }
        tracing::info!(target: "csml::mqtt", client = self.session.client_id, "left {}", self.address);
    }

    /// Waits until something happens, and moves messages meanwhile. One future of the client's lives until it is
    /// done: it must not be dropped while a packet is half written.
    async fn next(&mut self, poller: &mut ClientLoop) -> Next {
        let mut polling = pin!(poller.poll());
        poll_fn(|context| {
            let connected = !matches!(self.phase, Phase::Connecting);
            match self.watch.poll(context) {
                KeepAliveCheck::TimedOut if connected && !self.received.is_full() => return Poll::Ready(Next::Silent),
                KeepAliveCheck::PingDue if connected => {
                    self.asked += 1;
                    self.handle.probe();
                }
                _ => {}
            }
            self.confirm(context);
            if self.send(context) {
                return Poll::Ready(Next::End);
            }
            // The reader is told to hurry by not being given more. What is gathered for the broker waits as long.
            let _ = self.received.poll_flush(context);
            if self.received.is_full() {
                return Poll::Pending;
            }
            polling.as_mut().poll(context).map(Next::ClientEvent)
        })
        .await
    }

    /// Waits. True if it is time to end.
    async fn pause(&mut self, delay: Duration) -> bool {
        let mut sleep = pin!(tokio::time::sleep(delay));
        poll_fn(|context| {
            // For its alarm: whoever lets go while a message waits does not wake this task.
            self.watch.poll(context);
            self.confirm(context);
            if self.send(context) {
                return Poll::Ready(true);
            }
            let _ = self.received.poll_flush(context);
            sleep.as_mut().poll(context).map(|()| false)
        })
        .await
    }

    /// Confirms what was taken.
    fn confirm(&mut self, context: &mut Context<'_>) {
        while let Poll::Ready(Some(receipt)) = self.taken.poll_recv(context) {
            if let Some(packet) = self.received.confirm(receipt) {
                self.handle.confirm(packet);
            }
        }
    }

    /// Sends what waits, as far as it may. True if it is time to end.
    fn send(&mut self, context: &mut Context<'_>) -> bool {
        while self.phase == Phase::Up && self.under_way < usize::from(self.window) {
            match self.to_send.poll_next(context) {
                Poll::Ready(Some(message)) => self.publish(message),
                _ => break,
            }
        }
        if self.farewell.is_none() && !self.to_send.poll_closed(context) {
            return false;
        }
        let farewell = self.farewell.get_or_insert_with(|| Box::pin(tokio::time::sleep(FAREWELL)));
        if farewell.as_mut().poll(context) == Poll::Ready(()) {
            return true;
        }
        if self.to_send.is_finished() && self.under_way == 0 {
            match self.phase {
                Phase::Up | Phase::Subscribing => {
                    self.handle.disconnect();
                    self.enter(Phase::Leaving);
                }
                Phase::Connecting => return true,
                Phase::Forgetting | Phase::Leaving => {}
            }
        }
        false
    }

    fn publish(&mut self, mut message: Message) {
        if let Some(misfit) = misfit(&message, self.packet_limit) {
            return self.refused(1, &misfit);
        }
        message.retain &= self.retains;
        let topic = message.topic.clone();
        if self.handle.publish(message) {
            self.under_way += 1;
        } else {
            self.refused(1, &format!("`{topic}` is no topic that a message can be sent to"));
        }
    }

    pub(super) fn refused(&mut self, count: u64, reason: &str) {
        tracing::warn!(target: "csml::mqtt", count, "refused: {reason}");
        self.received.refused(count, reason);
    }

    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.since = Instant::now();
    }

    fn happened(&mut self, happened: ClientEvent, poller: &ClientLoop) -> Result<(), ConnectionLost> {
        if !matches!(happened, ClientEvent::SentOnce | ClientEvent::Nothing) {
            self.watch.heard();
        }
        match happened {
            ClientEvent::Connected { session_present, packet_limit, retains } => {
                tracing::debug!(target: "csml::mqtt", session_present, "connected to {}", self.address);
                self.received.connected(session_present);
                self.under_way = self.messages(poller);
                self.fruitful = false;
                self.retains = retains;
                let limit = packet_limit.unwrap_or(u32::MAX).min(self.options.packet_limit);
                self.packet_limit = limit as usize;
                if self.forgetting {
                    self.handle.disconnect();
                    self.enter(Phase::Forgetting);
                } else if self.session.filters.is_empty() {
                    self.stand();
                } else if self.handle.subscribe(&self.session.filters) {
                    self.asked += 1;
                    self.enter(Phase::Subscribing);
                } else {
                    return Err(ConnectionLost::permanent("a subscription is no valid pattern"));
                }
            }
            ClientEvent::Subscribed(answers) if self.phase == Phase::Subscribing => {
                self.asked = self.asked.saturating_sub(1);
                for (filter, answer) in self.session.filters.iter().zip(answers) {
                    if let Some(refusal) = answer {
                        let pattern = &filter.pattern;
                        let reason = format!(
                            "the broker refuses the subscription `{pattern}` ({}): check its access control",
                            refusal.reason
                        );
                        return Err(ConnectionLost { permanent: refusal.permanent, ..ConnectionLost::transient(reason) });
                    }
                }
                self.stand();
            }
            ClientEvent::Arrived(message, packet) => self.received.arrived(message, packet),
            ClientEvent::Confirmed(refusal) => {
                self.fruitful = true;
                self.under_way = self.under_way.saturating_sub(1);
                if let Some(reason) = refusal {
                    self.refused(1, &reason);
                }
            }
            ClientEvent::SentOnce => self.under_way = self.under_way.saturating_sub(1),
            ClientEvent::Subscribed(_) | ClientEvent::Probed => self.asked = self.asked.saturating_sub(1),
            ClientEvent::Answered | ClientEvent::Nothing => {}
        }
        Ok(())
    }

    /// The filters stand.
    fn stand(&mut self) {
        for message in self.session.birth.clone() {
            self.publish(message);
        }
        self.enter(Phase::Up);
        self.ever_up = true;
        self.down = None;
        tracing::info!(target: "csml::mqtt", client = self.session.client_id, "up at {}", self.address);
        self.received.up();
    }
}
