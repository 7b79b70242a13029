//! What came from the broker and waits for whoever reads it.

use std::collections::{HashSet, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::mpsc::error::{SendError, TrySendError};
use tokio::sync::mpsc::{self, OwnedPermit};

use crate::transport::{TransportEvent, Message, Receipt};

type Reserving = Pin<Box<dyn Future<Output = Result<OwnedPermit<TransportEvent>, SendError<()>>> + Send>>;

/// Reports on their way to the reader, in order, and the receipts that are out.
///
/// Messages to be confirmed are as many as the broker may have unconfirmed, and never dropped while their
/// connection stands; the others are refused when there is no room.
pub(super) struct ReceiveQueue {
    sender: mpsc::Sender<TransportEvent>,
    /// Does not fit into the channel yet.
    waiting: VecDeque<TransportEvent>,
    reserving: Option<Reserving>,
    capacity: usize,
    /// Counts connections: a receipt of an earlier one confirms nothing.
    connection: u64,
    /// Identifiers to be confirmed on this connection.
    unconfirmed: HashSet<u16>,
}

/// A receipt holds the identifier of its packet in its lowest bits.
const IDENTIFIER_BITS: u32 = 16;

impl ReceiveQueue {
    pub(super) fn new(sender: mpsc::Sender<TransportEvent>, capacity: usize) -> Self {
        Self {
            sender,
            waiting: VecDeque::new(),
            reserving: None,
            capacity,
            connection: 0,
            unconfirmed: HashSet::new(),
        }
    }

    /// A connection begins.
    pub(super) fn connected(&mut self, session_present: bool) {
        self.connection += 1;
        self.unconfirmed.clear();
        if session_present {
            // These were not confirmed: the broker sends them again.
            self.waiting.retain(|report| !matches!(report, TransportEvent::Message(_, Some(_))));
        }
    }

    /// The connection ends: what is out can no longer be confirmed.
    pub(super) fn disconnected(&mut self) {
        self.unconfirmed.clear();
    }

    /// The packet that a receipt confirms, once.
    pub(super) fn confirm(&mut self, receipt: Receipt) -> Option<u16> {
        let packet = u16::try_from(receipt.0 & 0xffff).ok()?;
        (receipt.0 >> IDENTIFIER_BITS == self.connection && self.unconfirmed.remove(&packet))
            .then_some(packet)
    }

    /// A message has arrived, to be confirmed unless `packet` is 0.
    pub(super) fn arrived(&mut self, message: Message, packet: u16) {
        if packet == 0 {
            if !self.deliver(TransportEvent::Message(message, None), false) {
                self.refused(1, "too many messages wait to be read");
            }
            return;
        }
        self.unconfirmed.insert(packet);
        let receipt = Receipt(self.connection << IDENTIFIER_BITS | u64::from(packet));
        self.deliver(TransportEvent::Message(message, Some(receipt)), true);
    }

    /// The filters stand.
    pub(super) fn up(&mut self) {
        self.deliver(TransportEvent::Up, true);
    }

    /// The connection is gone.
    pub(super) fn down(&mut self, reason: String) {
        // Of connections that came and went unread, the last word is enough.
        while matches!(self.waiting.back(), Some(TransportEvent::Up | TransportEvent::Down { .. })) {
            self.waiting.pop_back();
        }
        self.deliver(TransportEvent::Down { reason }, true);
    }

    /// Messages were refused.
    pub(super) fn refused(&mut self, count: u64, reason: &str) {
        // With reports of this kind the queue must not grow either.
        let crowded = self.waiting.len() >= self.capacity;
        for report in self.waiting.iter_mut().rev() {
            match report {
                TransportEvent::Refused { count: known, reason: same } if crowded || same == reason => {
                    *known += count;
                    return;
                }
                TransportEvent::Refused { .. } => {}
                _ if crowded => {}
                _ => break,
            }
        }
        self.deliver(TransportEvent::Refused { count, reason: reason.to_owned() }, true);
    }

    /// There will be nothing more.
    pub(super) fn failed(&mut self, reason: String) {
        self.deliver(TransportEvent::Failed { reason }, true);
    }

    /// Whether so much waits that nothing more should be taken from the network.
    pub(super) fn is_full(&self) -> bool {
        self.waiting.len() > self.capacity
    }

    /// Moves on what waits, as far as there is room. Ready when nothing waits.
    pub(super) fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while !self.waiting.is_empty() {
            let sender = &self.sender;
            let reserving = self.reserving.get_or_insert_with(|| Box::pin(sender.clone().reserve_owned()));
            let permit = std::task::ready!(reserving.as_mut().poll(context));
            self.reserving = None;
            match (permit, self.waiting.pop_front()) {
                (Ok(permit), Some(report)) => _ = permit.send(report),
                // Nobody reads any more.
                _ => self.waiting.clear(),
            }
        }
        Poll::Ready(())
    }

    /// Hands a report on, or lets it wait if it may. False if there was no room.
    fn deliver(&mut self, report: TransportEvent, may_wait: bool) -> bool {
        if !self.waiting.is_empty() {
            if may_wait {
                self.waiting.push_back(report);
            }
            return may_wait;
        }
        match self.sender.try_send(report) {
            Ok(()) | Err(TrySendError::Closed(_)) => true,
            Err(TrySendError::Full(report)) if may_wait => {
                self.waiting.push_back(report);
                true
            }
            Err(TrySendError::Full(_)) => false,
        }
    }
}

#[cfg(test)]
#[path = "receive_queue_tests.rs"]
mod tests;
