//! Received messages that wait for the user to read them.

use std::collections::{HashSet, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::mpsc::error::{SendError, TrySendError};
use tokio::sync::mpsc::{self, OwnedPermit};

use crate::transport::transport_trait::{Message, Receipt, TransportEvent};

type Reserving = Pin<Box<dyn Future<Output = Result<OwnedPermit<TransportEvent>, SendError<()>>> + Send>>;

/// Events for the user, in order, and the receipts that have not come back.
///
/// Messages to be acknowledged are limited by the broker, and never dropped while their connection is up. Other
/// messages are rejected when there is no room.
pub(super) struct ReceiveQueue {
    sender: mpsc::Sender<TransportEvent>,
    /// Events that do not fit into the channel yet.
    waiting: VecDeque<TransportEvent>,
    reserving: Option<Reserving>,
    capacity: usize,
    /// Counts connections: a receipt of an earlier one acknowledges nothing.
    connection: u64,
    /// Packet identifiers to be acknowledged on this connection.
    unacknowledged: HashSet<u16>,
}

/// A receipt has the identifier of its packet in its lowest bits.
const IDENTIFIER_BITS: u32 = 16;

impl ReceiveQueue {
    pub(super) fn new(sender: mpsc::Sender<TransportEvent>, capacity: usize) -> Self {
        Self {
            sender,
            waiting: VecDeque::new(),
            reserving: None,
            capacity,
            connection: 0,
            unacknowledged: HashSet::new(),
        }
    }

    /// A connection was made.
    pub(super) fn connected(&mut self, session_present: bool) {
        self.connection += 1;
        self.unacknowledged.clear();
        if session_present {
            // The broker sends unacknowledged messages again.
            self.waiting.retain(|event| !matches!(event, TransportEvent::Message(_, Some(_))));
        }
    }

    /// The connection has ended: messages received over it can no longer be acknowledged.
    pub(super) fn disconnected(&mut self) {
        self.unacknowledged.clear();
    }

    /// The packet that a receipt acknowledges, once.
    pub(super) fn acknowledge(&mut self, receipt: Receipt) -> Option<u16> {
        let packet = u16::try_from(receipt.0 & 0xffff).ok()?;
        (receipt.0 >> IDENTIFIER_BITS == self.connection && self.unacknowledged.remove(&packet))
            .then_some(packet)
    }

    /// A message was received, to be acknowledged unless `packet` is 0.
    pub(super) fn message(&mut self, message: Message, packet: u16) {
        if packet == 0 {
            if !self.deliver(TransportEvent::Message(message, None), false) {
                self.rejected(1, "too many received messages wait to be read");
            }
            return;
        }
        self.unacknowledged.insert(packet);
        let receipt = Receipt(self.connection << IDENTIFIER_BITS | u64::from(packet));
        self.deliver(TransportEvent::Message(message, Some(receipt)), true);
    }

    /// The broker has accepted all subscriptions.
    pub(super) fn up(&mut self) {
        self.deliver(TransportEvent::Up, true);
    }

    /// The connection is lost.
    pub(super) fn down(&mut self, reason: String) {
        // If the user has read none of several changes, the last one is enough.
        while matches!(self.waiting.back(), Some(TransportEvent::Up | TransportEvent::Down { .. })) {
            self.waiting.pop_back();
        }
        self.deliver(TransportEvent::Down { reason }, true);
    }

    /// Messages were rejected.
    pub(super) fn rejected(&mut self, count: u64, reason: &str) {
        // These events must not make the queue grow without limit either.
        let full = self.waiting.len() >= self.capacity;
        for event in self.waiting.iter_mut().rev() {
            match event {
                TransportEvent::Rejected { count: known, reason: same } if full || same == reason => {
                    *known += count;
                    return;
                }
                TransportEvent::Rejected { .. } => {}
                _ if full => {}
                _ => break,
            }
        }
        self.deliver(TransportEvent::Rejected { count, reason: reason.to_owned() }, true);
    }

    /// The transport has failed and ends.
    pub(super) fn failed(&mut self, reason: String) {
        self.deliver(TransportEvent::Failed { reason }, true);
    }

    /// Whether so many events wait that nothing more should be read from the network.
    pub(super) fn is_full(&self) -> bool {
        self.waiting.len() > self.capacity
    }

    /// Moves waiting events into the channel as far as there is room. Ready when none waits.
    pub(super) fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while !self.waiting.is_empty() {
            let sender = &self.sender;
            let reserving = self.reserving.get_or_insert_with(|| Box::pin(sender.clone().reserve_owned()));
            let permit = std::task::ready!(reserving.as_mut().poll(context));
            self.reserving = None;
            match (permit, self.waiting.pop_front()) {
                (Ok(permit), Some(event)) => _ = permit.send(event),
                // The user has dropped the channel.
                _ => self.waiting.clear(),
            }
        }
        Poll::Ready(())
    }

    /// Puts an event into the channel, or lets it wait if it may. False if there was no room.
    fn deliver(&mut self, event: TransportEvent, may_wait: bool) -> bool {
        if !self.waiting.is_empty() {
            if may_wait {
                self.waiting.push_back(event);
            }
            return may_wait;
        }
        match self.sender.try_send(event) {
            Ok(()) | Err(TrySendError::Closed(_)) => true,
            Err(TrySendError::Full(event)) if may_wait => {
                self.waiting.push_back(event);
                true
            }
            Err(TrySendError::Full(_)) => false,
        }
    }
}

#[cfg(test)]
#[path = "receive_queue_tests.rs"]
mod tests;
