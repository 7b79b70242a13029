//! The session of one client.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::super::transport_trait::{Filter, Message, QoS, Receipt};
use super::topic_match::topic_matches;

/// Messages that may wait for a client; further ones are dropped.
const MAX_WAITING: usize = 10_000;

/// A session, connected or not.
#[derive(Debug)]
pub(super) struct SessionState {
    /// The current connection.
    pub(super) connection: Option<u64>,
    pub(super) filters: Vec<Filter>,
    pub(super) will: Option<Message>,
    /// Wakes the task of the connection.
    pub(super) wake: Arc<Notify>,
    /// Messages that are not delivered yet, by due time and order.
    queue: BTreeMap<(Instant, u64), Message>,
    /// Messages that are delivered and not acknowledged, by order, which is their receipt.
    unacknowledged: BTreeMap<u64, Message>,
    /// The due time of the last message that keeps its order.
    last_due: Option<Instant>,
    /// How many messages were dropped for lack of room since the client was last told.
    pub(super) overflow: u64,
}

impl SessionState {
    pub(super) fn new() -> Self {
        Self {
            connection: None,
            filters: Vec::new(),
            will: None,
            wake: Arc::new(Notify::new()),
            queue: BTreeMap::new(),
            unacknowledged: BTreeMap::new(),
            last_due: None,
            overflow: 0,
        }
    }

    /// The highest QoS of the subscriptions that match a topic.
    pub(super) fn subscribed_qos(&self, topic: &str) -> Option<QoS> {
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
        if self.waiting() >= MAX_WAITING {
            self.overflow += 1;
            return false;
        }
        let due = if overtakes { due } else { self.last_due.map_or(due, |last| last.max(due)) };
        if !overtakes {
            self.last_due = Some(due);
        }
        self.queue.insert((due, order), message);
        self.wake.notify_one();
        true
    }

    pub(super) fn waiting(&self) -> usize {
        self.queue.len() + self.unacknowledged.len()
    }

    pub(super) fn next_due(&self) -> Option<Instant> {
        self.queue.first_key_value().map(|((due, _), _)| *due)
    }

    /// The next message that is due, unless `window` messages are unacknowledged.
    pub(super) fn next(&mut self, now: Instant, window: usize) -> Option<(Message, Option<Receipt>)> {
        let entry = self.queue.first_entry()?;
        let ((due, order), qos) = (*entry.key(), entry.get().qos);
        if due > now || (qos == QoS::AtLeastOnce && self.unacknowledged.len() >= window) {
            return None;
        }
        let message = entry.remove();
        let receipt = (qos == QoS::AtLeastOnce).then_some(Receipt(order));
        if receipt.is_some() {
            self.unacknowledged.insert(order, message.clone());
        }
        Some((message, receipt))
    }

    pub(super) fn acknowledge(&mut self, receipt: Receipt) {
        self.unacknowledged.remove(&receipt.0);
    }

    /// The connection is closed: unacknowledged messages are delivered again before all others; messages with
    /// [`QoS::AtMostOnce`] are dropped. Returns how many were dropped.
    pub(super) fn disconnect(&mut self, now: Instant) -> u64 {
        self.connection = None;
        let before = self.queue.len();
        self.queue.retain(|_, message| message.qos == QoS::AtLeastOnce);
        let dropped = before - self.queue.len();
        let soonest = self.next_due().map_or(now, |due| due.min(now));
        for (order, message) in std::mem::take(&mut self.unacknowledged) {
            self.queue.insert((soonest, order), message);
        }
        self.wake.notify_one();
        dropped as u64
    }
}
