//! The state of the broker: sessions, retained messages, and the delivery of messages.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use csml_rt_core::Rng;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::super::transport_trait::{Message, QoS, Receipt, Session};
use super::broker_counters::BrokerCounters;
use super::broker_faults::{BrokerFaults, happens};
use super::broker_session::SessionState;

/// What the delivery of a message depends on.
struct DeliveryContext<'a> {
    faults: &'a BrokerFaults,
    rng: &'a mut Rng,
    counters: &'a mut BrokerCounters,
    next: &'a mut u64,
}

/// The `DeliveryContext` of a `BrokerState`, without borrowing the rest of it.
macro_rules! delivery {
    ($state:ident) => {
        DeliveryContext {
            faults: &$state.faults,
            rng: &mut $state.rng,
            counters: &mut $state.counters,
            next: &mut $state.next,
        }
    };
}

impl DeliveryContext<'_> {
    /// Puts a message into a session that has subscribed to it, subject to the faults.
    fn deliver(&mut self, session: &mut SessionState, message: &Message, now: Instant) {
        let Some(subscribed) = session.subscribed_qos(&message.topic) else { return };
        let qos = match (message.qos, subscribed) {
            (QoS::AtLeastOnce, QoS::AtLeastOnce) => QoS::AtLeastOnce,
            _ => QoS::AtMostOnce,
        };
        if session.connection.is_none() && qos == QoS::AtMostOnce {
            self.counters.dropped += 1;
            return;
        }
        if happens(self.faults.loss, self.rng) {
            self.counters.lost += 1;
            return;
        }
        let mut copies = 1;
        if happens(self.faults.duplication, self.rng) {
            self.counters.duplicated += 1;
            copies = 2;
        }
        for _ in 0..copies {
            let due = now + self.faults.delay(self.rng);
            let overtakes = happens(self.faults.reordering, self.rng);
            *self.next += 1;
            let copy = Message { qos, ..message.clone() };
            if !session.enqueue(copy, due, *self.next, overtakes) {
                self.counters.dropped += 1;
            }
        }
    }
}

/// The number of retained messages; further ones are not retained.
const MAX_RETAINED: usize = 10_000;

#[derive(Debug)]
pub(super) struct BrokerState {
    pub(super) faults: BrokerFaults,
    pub(super) counters: BrokerCounters,
    rng: Rng,
    sessions: BTreeMap<String, SessionState>,
    retained: BTreeMap<String, Message>,
    cut_off: BTreeSet<String>,
    /// Numbers messages and connections.
    next: u64,
}

impl BrokerState {
    pub(super) fn new(seed: u64, faults: BrokerFaults) -> Self {
        Self {
            faults,
            counters: BrokerCounters::default(),
            rng: Rng::new(seed),
            sessions: BTreeMap::new(),
            retained: BTreeMap::new(),
            cut_off: BTreeSet::new(),
            next: 0,
        }
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn session(&mut self, client_id: &str) -> &mut SessionState {
        self.sessions.entry(client_id.to_owned()).or_insert_with(SessionState::new)
    }

    /// A pause before the next attempt to connect, in milliseconds.
    pub(super) fn pause(&mut self) -> u64 {
        10 + self.rng.below(91)
    }

    /// A new connection, which takes over the session of the client id; `None` if the client is cut off.
    pub(super) fn connect(&mut self, wanted: &Session, wake: &Arc<Notify>, now: Instant) -> Option<u64> {
        if self.cut_off.contains(&wanted.client_id) {
            return None;
        }
        self.disconnect(&wanted.client_id, None, now);
        let connection = self.number();
        let session = self.session(&wanted.client_id);
        session.connection = Some(connection);
        session.wake = Arc::clone(wake);
        session.filters.clone_from(&wanted.filters);
        session.will.clone_from(&wanted.will);
        let (mut delivery, sessions) = (delivery!(self), &mut self.sessions);
        if let Some(session) = sessions.get_mut(&wanted.client_id) {
            self.retained.values().for_each(|message| delivery.deliver(session, message, now));
        }
        Some(connection)
    }

    pub(super) fn is_connected(&self, client_id: &str, connection: u64) -> bool {
        self.sessions.get(client_id).is_some_and(|session| session.connection == Some(connection))
    }

    /// Cuts a connection, or the current one of a client. Its last will is published.
    pub(super) fn disconnect(&mut self, client_id: &str, connection: Option<u64>, now: Instant) {
        let Some(session) = self.sessions.get_mut(client_id) else { return };
        if session.connection.is_none() || connection.is_some_and(|one| session.connection != Some(one)) {
            return;
        }
        self.counters.dropped += session.disconnect(now);
        self.counters.cut += 1;
        if let Some(will) = session.will.take() {
            self.publish(&will, now);
        }
    }

    /// A client disconnects on purpose: its last will is not published.
    pub(super) fn client_disconnected(&mut self, client_id: &str, connection: u64, now: Instant) {
        if let Some(session) = self.sessions.get_mut(client_id)
            && session.connection == Some(connection)
        {
            session.will = None;
            self.counters.dropped += session.disconnect(now);
        }
    }

    pub(super) fn partition(&mut self, client_id: &str, cut_off: bool) {
        if cut_off {
            self.cut_off.insert(client_id.to_owned());
            self.disconnect(client_id, None, Instant::now());
        } else {
            self.cut_off.remove(client_id);
        }
    }

    pub(super) fn is_cut_off(&self, client_id: &str) -> bool {
        self.cut_off.contains(client_id)
    }

    pub(super) fn restart(&mut self) {
        let now = Instant::now();
        for session in self.sessions.values_mut() {
            if session.connection.is_some() {
                self.counters.cut += 1;
            }
            self.counters.dropped += session.disconnect(now);
            if !self.faults.persistence {
                *session = SessionState::new();
            }
        }
        if !self.faults.persistence {
            self.retained.clear();
        }
    }

    pub(super) fn publish(&mut self, message: &Message, now: Instant) {
        self.counters.published += 1;
        if message.retain {
            if message.payload.is_empty() {
                self.retained.remove(&message.topic);
            } else if self.retained.len() < MAX_RETAINED || self.retained.contains_key(&message.topic) {
                self.retained.insert(message.topic.clone(), message.clone());
            }
        }
        let live = Message { retain: false, ..message.clone() };
        let mut delivery = delivery!(self);
        self.sessions.values_mut().for_each(|session| delivery.deliver(session, &live, now));
    }

    /// The next message to deliver now. A fault may disconnect the client after it.
    pub(super) fn next(
        &mut self,
        client_id: &str,
        now: Instant,
        window: usize,
    ) -> Option<(Message, Option<Receipt>)> {
        let message = self.sessions.get_mut(client_id)?.next(now, window)?;
        self.counters.delivered += 1;
        if happens(self.faults.disconnect, &mut self.rng) {
            self.disconnect(client_id, None, now);
        }
        Some(message)
    }

    pub(super) fn next_due(&self, client_id: &str) -> Option<Instant> {
        self.sessions.get(client_id)?.next_due()
    }

    pub(super) fn acknowledge(&mut self, client_id: &str, receipt: Receipt) {
        if let Some(session) = self.sessions.get_mut(client_id) {
            session.acknowledge(receipt);
        }
    }

    /// How many messages a session had no room for since the last call.
    pub(super) fn take_overflow(&mut self, client_id: &str) -> u64 {
        self.sessions.get_mut(client_id).map_or(0, |session| std::mem::take(&mut session.overflow))
    }

    pub(super) fn waiting(&self, client_id: &str) -> usize {
        self.sessions.get(client_id).map_or(0, SessionState::waiting)
    }
}
