//! The task of a transport: connects, subscribes, moves messages, detects lost connections and reconnects.

use std::future::{Future as _, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, Sleep};

use super::client_event::{ClientEvent, ConnectionLost};
use super::connection_errors::PING_TIMEOUT;
use super::keep_alive::{KeepAlive, KeepAliveCheck};
use super::mqtt_client::{self, ClientHandle, ClientLoop};
use super::mqtt_options::MqttOptions;
use super::packet_filter::FilterReport;
use super::packet_scan::Skipped;
use super::receive_queue::ReceiveQueue;
use super::reconnect_delay::ReconnectDelay;
use super::send_queue::{SendQueue, size_error};
use crate::transport::transport_trait::{Message, Receipt, Session};

/// How long waiting messages are still sent after the user has dropped the connection.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// How often messages that are too large are reported.
const SKIPPED_INTERVAL: Duration = Duration::from_secs(1);

/// Unacknowledged messages to the broker at most.
const MAX_WINDOW: usize = 4_096;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Connecting,
    /// Connected only to discard the session that the broker has kept.
    DiscardingSession,
    Subscribing,
    Up,
    /// The disconnect is being sent.
    Disconnecting,
}

/// What ended a wait.
enum Next {
    Event(Result<ClientEvent, ConnectionLost>),
    /// The broker has not answered a ping.
    PingTimeout,
    /// Everything is sent, or the time for that is over.
    End,
}

pub(super) struct Driver {
    pub(super) options: MqttOptions,
    pub(super) address: String,
    pub(super) session: Session,
    pub(super) to_send: SendQueue,
    pub(super) received: ReceiveQueue,
    pub(super) receipts: mpsc::UnboundedReceiver<Receipt>,
    pub(super) handle: ClientHandle,
    /// What the stream below the client has seen.
    pub(super) filter: FilterReport,
    /// When it was last reported that messages were too large.
    pub(super) skipped_at: Option<Instant>,
    pub(super) window: u16,
    pub(super) keep_alive: KeepAlive,
    pub(super) reconnect_delay: ReconnectDelay,
    pub(super) phase: Phase,
    /// When the phase began.
    pub(super) since: Instant,
    /// Whether the next connection only discards the session that the broker has kept.
    pub(super) discard_session: bool,
    pub(super) ever_up: bool,
    /// Messages passed to the client that are not acknowledged or, at QoS 0, not sent.
    pub(super) in_flight: usize,
    /// Filters and pings passed to the client and not answered.
    pub(super) unanswered: usize,
    /// Whether the broker has acknowledged a message on this connection.
    pub(super) acknowledged: bool,
    /// Connections in a row that ended before the broker acknowledged a message.
    pub(super) futile_connections: u32,
    pub(super) packet_limit: usize,
    pub(super) retains: bool,
    /// The last reported reason, so that it is not repeated.
    pub(super) down: Option<String>,
    pub(super) shutdown: Option<Pin<Box<Sleep>>>,
}

/// Runs a transport until its user drops the connection or an error is final.
pub(super) async fn run(
    options: MqttOptions,
    session: Session,
    mut to_send: SendQueue,
    mut received: ReceiveQueue,
    receipts: mpsc::UnboundedReceiver<Receipt>,
) {
    let address = options.address();
    let window = u16::try_from(session.capacity.clamp(1, MAX_WINDOW)).unwrap_or(u16::MAX);
    let filter = FilterReport::default();
    let will = session.will.as_ref().and_then(|will| size_error(will, options.packet_limit as usize));
    let opened = match will {
        Some(error) => Err(format!("the last will cannot be sent: {error}")),
        None => mqtt_client::open(&options, &session, window, false, &filter),
    };
    let (handle, poller) = match opened {
        Ok(opened) => opened,
        Err(reason) => {
            to_send.close();
            return give_up(&mut received, format!("{address}: {reason}")).await;
        }
    };
    let seed = options.seed.unwrap_or_else(|| seed(&session.client_id));
    let driver = Driver {
        keep_alive: KeepAlive::new(options.ping_timeout),
        reconnect_delay: ReconnectDelay::new(options.backoff.0, options.backoff.1, seed),
        packet_limit: options.packet_limit as usize,
        options,
        address,
        session,
        to_send,
        received,
        receipts,
        handle,
        filter,
        skipped_at: None,
        window,
        phase: Phase::Connecting,
        since: Instant::now(),
        discard_session: false,
        ever_up: false,
        in_flight: 0,
        unanswered: 0,
        acknowledged: false,
        futile_connections: 0,
        retains: true,
        down: None,
        shutdown: None,
    };
    driver.run(poller).await;
}

/// A seed that differs between processes and between their starts.
fn seed(client_id: &str) -> u64 {
    let start = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    client_id.bytes().fold(start.as_nanos() as u64, |seed, byte| seed.rotate_left(8) ^ u64::from(byte))
}

async fn give_up(received: &mut ReceiveQueue, reason: String) {
    tracing::error!(target: "csml::mqtt", "giving up: {reason}");
    received.failed(reason);
    // A user that does not read it in time finds the channel closed.
    let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, poll_fn(|context| received.poll_flush(context))).await;
}

impl Driver {
    async fn run(mut self, mut poller: ClientLoop) {
        tracing::debug!(target: "csml::mqtt", client = self.session.client_id, "connecting to {}", self.address);
        loop {
            let lost = match self.next(&mut poller).await {
                Next::Event(Ok(event)) => match self.handle_event(event, &poller) {
                    Ok(()) => continue,
                    Err(lost) => {
                        poller.drop_connection();
                        lost
                    }
                },
                Next::Event(Err(lost)) => lost,
                Next::PingTimeout => {
                    poller.drop_connection();
                    ConnectionLost::transient(PING_TIMEOUT)
                }
                Next::End => break,
            };
            if lost.disconnected && self.phase != Phase::DiscardingSession {
                break;
            }
            match self.connection_lost(lost, &mut poller) {
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
        tracing::info!(target: "csml::mqtt", client = self.session.client_id, "disconnected from {}", self.address);
    }

    /// Waits for the next event, and moves messages meanwhile. The future of the client is polled to completion:
    /// it must not be dropped while a packet is half written.
    async fn next(&mut self, poller: &mut ClientLoop) -> Next {
        let mut polling = pin!(poller.poll());
        poll_fn(|context| {
            let connected = !matches!(self.phase, Phase::Connecting);
            match self.keep_alive.poll(context) {
                KeepAliveCheck::TimedOut if connected && !self.received.is_full() => {
                    return Poll::Ready(Next::PingTimeout);
                }
                KeepAliveCheck::PingDue if connected => {
                    self.unanswered += 1;
                    self.handle.ping();
                }
                _ => {}
            }
            self.acknowledge(context);
            if self.send(context) {
                return Poll::Ready(Next::End);
            }
            // Nothing is received while the user does not read. Packets buffered for the broker wait as well.
            let _ = self.received.poll_flush(context);
            if self.received.is_full() {
                return Poll::Pending;
            }
            let next = polling.as_mut().poll(context).map(Next::Event);
            // A large packet takes a while to arrive.
            if self.filter.take_active() {
                self.keep_alive.packet_received();
            }
            self.report_skipped();
            next
        })
        .await
    }

    /// Reports messages that were left out because they are too large, from time to time.
    fn report_skipped(&mut self) {
        if self.skipped_at.is_some_and(|at| at.elapsed() < SKIPPED_INTERVAL) {
            return;
        }
        if let Some(Skipped { count, topic, bytes }) = self.filter.take_skipped() {
            self.skipped_at = Some(Instant::now());
            let limit = self.options.packet_limit;
            let reason = format!(
                "too large, the last one on `{topic}` with {bytes} bytes: packets of up to {limit} bytes are accepted; \
                 let the broker refuse larger ones (`max_packet_size` of mosquitto)"
            );
            self.received.rejected(count, &reason);
        }
    }

    /// Waits. True if it is time to end.
    async fn pause(&mut self, delay: Duration) -> bool {
        let mut sleep = pin!(tokio::time::sleep(delay));
        poll_fn(|context| {
            // Wakes this task regularly: a user that drops the connection while a message waits does not wake it.
            self.keep_alive.poll(context);
            self.acknowledge(context);
            if self.send(context) {
                return Poll::Ready(true);
            }
            let _ = self.received.poll_flush(context);
            sleep.as_mut().poll(context).map(|()| false)
        })
        .await
    }

    /// Acknowledges messages whose receipts came back.
    fn acknowledge(&mut self, context: &mut Context<'_>) {
        while let Poll::Ready(Some(receipt)) = self.receipts.poll_recv(context) {
            if let Some(packet) = self.received.acknowledge(receipt) {
                self.handle.acknowledge(packet);
            }
        }
    }

    /// Sends waiting messages as far as the window allows. True if it is time to end.
    fn send(&mut self, context: &mut Context<'_>) -> bool {
        while self.phase == Phase::Up && self.in_flight < usize::from(self.window) {
            match self.to_send.poll_next(context) {
                Poll::Ready(Some(message)) => self.publish(message),
                _ => break,
            }
        }
        if self.shutdown.is_none() && !self.to_send.poll_closed(context) {
            return false;
        }
        let shutdown = self.shutdown.get_or_insert_with(|| Box::pin(tokio::time::sleep(SHUTDOWN_TIMEOUT)));
        if shutdown.as_mut().poll(context) == Poll::Ready(()) {
            return true;
        }
        if self.to_send.is_finished() && self.in_flight == 0 {
            match self.phase {
                Phase::Up | Phase::Subscribing => {
                    self.handle.disconnect();
                    self.enter(Phase::Disconnecting);
                }
                Phase::Connecting => return true,
                Phase::DiscardingSession | Phase::Disconnecting => {}
            }
        }
        false
    }

    fn publish(&mut self, mut message: Message) {
        if let Some(error) = size_error(&message, self.packet_limit) {
            return self.rejected(1, &error);
        }
        message.retain &= self.retains;
        let topic = message.topic.clone();
        if self.handle.publish(message) {
            self.in_flight += 1;
        } else {
            self.rejected(1, &format!("`{topic}` is not a valid topic for a message"));
        }
    }

    pub(super) fn rejected(&mut self, count: u64, reason: &str) {
        tracing::warn!(target: "csml::mqtt", count, "rejected: {reason}");
        self.received.rejected(count, reason);
    }

    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.since = Instant::now();
    }

    fn handle_event(&mut self, event: ClientEvent, poller: &ClientLoop) -> Result<(), ConnectionLost> {
        if !matches!(event, ClientEvent::SentUnacknowledged | ClientEvent::None) {
            self.keep_alive.packet_received();
        }
        match event {
            ClientEvent::Connected { session_present, packet_limit, retains } => {
                tracing::debug!(target: "csml::mqtt", session_present, "connected to {}", self.address);
                self.received.connected(session_present);
                self.in_flight = self.messages_in_flight(poller);
                self.acknowledged = false;
                self.retains = retains;
                let limit = packet_limit.unwrap_or(u32::MAX).min(self.options.packet_limit);
                self.packet_limit = limit as usize;
                if self.discard_session {
                    self.handle.disconnect();
                    self.enter(Phase::DiscardingSession);
                } else if self.session.filters.is_empty() {
                    self.subscribed();
                } else if self.handle.subscribe(&self.session.filters) {
                    self.unanswered += 1;
                    self.enter(Phase::Subscribing);
                } else {
                    return Err(ConnectionLost::permanent("the pattern of a subscription is not valid"));
                }
            }
            ClientEvent::Subscribed(answers) if self.phase == Phase::Subscribing => {
                self.unanswered = self.unanswered.saturating_sub(1);
                for (filter, answer) in self.session.filters.iter().zip(answers) {
                    if let Some(rejection) = answer {
                        let pattern = &filter.pattern;
                        let reason = format!(
                            "the broker rejects the subscription `{pattern}` ({}): check its access control",
                            rejection.reason
                        );
                        return Err(ConnectionLost {
                            permanent: rejection.permanent,
                            ..ConnectionLost::transient(reason)
                        });
                    }
                }
                self.subscribed();
            }
            ClientEvent::Received(message, packet) => self.received.message(message, packet),
            ClientEvent::Acknowledged(rejection) => {
                self.acknowledged = true;
                self.in_flight = self.in_flight.saturating_sub(1);
                if let Some(reason) = rejection {
                    self.rejected(1, &reason);
                }
            }
            ClientEvent::SentUnacknowledged => self.in_flight = self.in_flight.saturating_sub(1),
            ClientEvent::Subscribed(_) | ClientEvent::Pong => {
                self.unanswered = self.unanswered.saturating_sub(1)
            }
            ClientEvent::OtherPacket | ClientEvent::None => {}
        }
        Ok(())
    }

    /// The broker has accepted all subscriptions.
    fn subscribed(&mut self) {
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
