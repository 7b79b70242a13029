//! What the broker remembers of one client.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::super::{Filter, Message, QoS, Receipt};
use super::topic_match::topic_matches;

/// Messages that wait for a client; what comes on top is dropped.
const WAITING: usize = 10_000;

/// A session, connected or not.
#[derive(Debug)]
pub(super) struct SessionState {
    /// The connection that has it now.
    pub(super) connection: Option<u64>,
    pub(super) filters: Vec<Filter>,
    pub(super) will: Option<Message>,
    /// Awakes the task that has the connection.
    pub(super) stir: Arc<Notify>,
    /// Not handed over yet, by the time they are due and their order.
    queue: BTreeMap<(Instant, u64), Message>,
    /// Handed over and not confirmed, by their order, which is their receipt.
    unconfirmed: BTreeMap<u64, Message>,
    /// When the last of those is due that keep their order.
    last_due: Option<Instant>,
    /// How many there was no room for, since the client was told last.
    pub(super) overflow: u64,
}

impl SessionState {
    pub(super) fn new() -> Self {
        Self {
            connection: None,
            filters: Vec::new(),
            will: None,
            stir: Arc::new(Notify::new()),
            queue: BTreeMap::new(),
            unconfirmed: BTreeMap::new(),
            last_due: None,
            overflow: 0,
        }
    }

    /// The best quality of the filters that a topic matches.
    pub(super) fn wants(&self, topic: &str) -> Option<QoS> {
        let mut best = None;
        for filter in &self.filters {
            if topic_matches(&filter.pattern, topic) {
                match filter.qos {
                    QoS::AtLeastOnce => return Some(QoS::AtLeastOnce),
                    QoS::AtMostOnce => best = Some(QoS::AtMostOnce),
                }
            }
        }
        best
    }

    /// Puts a message into the queue, unless there is no room.
    pub(super) fn enqueue(&mut self, message: Message, due: Instant, order: u64, overtakes: bool) -> bool {
        if self.waiting() >= WAITING {
            self.overflow += 1;
            return false;
        }
        let due = if overtakes { due } else { self.last_due.map_or(due, |last| last.max(due)) };
        if !overtakes {
            self.last_due = Some(due);
        }
        self.queue.insert((due, order), message);
        self.stir.notify_one();
        true
    }

    pub(super) fn waiting(&self) -> usize {
        self.queue.len() + self.unconfirmed.len()
    }

    pub(super) fn next_due(&self) -> Option<Instant> {
        self.queue.first_key_value().map(|((due, _), _)| *due)
    }

    /// The next message that is due, unless as many as `window` wait for their receipts.
    pub(super) fn next(&mut self, now: Instant, window: usize) -> Option<(Message, Option<Receipt>)> {
        let entry = self.queue.first_entry()?;
        let ((due, order), qos) = (*entry.key(), entry.get().qos);
        if due > now || (qos == QoS::AtLeastOnce && self.unconfirmed.len() >= window) {
            return None;
        }
        let message = entry.remove();
        let receipt = (qos == QoS::AtLeastOnce).then_some(Receipt(order));
        if receipt.is_some() {
            self.unconfirmed.insert(order, message.clone());
        }
        Some((message, receipt))
    }

    pub(super) fn taken(&mut self, receipt: Receipt) {
        self.unconfirmed.remove(&receipt.0);
    }

    /// The connection is gone: what was not confirmed is to be sent again, before all else; what was to be sent
    /// at most once is gone. Gives how much that was.
    pub(super) fn disconnect(&mut self, now: Instant) -> u64 {
        self.connection = None;
        let before = self.queue.len();
        self.queue.retain(|_, message| message.qos == QoS::AtLeastOnce);
        let gone = before - self.queue.len();
        let soonest = self.next_due().map_or(now, |due| due.min(now));
        for (order, message) in std::mem::take(&mut self.unconfirmed) {
            self.queue.insert((soonest, order), message);
        }
        self.stir.notify_one();
        gone as u64
    }
}
