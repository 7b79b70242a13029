//! The broker without tasks: sessions, retained messages, and who gets what.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use csml_rt_core::Rng;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::super::{Message, QoS, Receipt, Session};
use super::BrokerCounters;
use super::broker_faults::{BrokerFaults, happens};
use super::broker_session::SessionState;

/// What decides what becomes of a message.
struct Chance<'a> {
    faults: &'a BrokerFaults,
    rng: &'a mut Rng,
    counters: &'a mut BrokerCounters,
    next: &'a mut u64,
}

/// The `Chance` of a `BrokerState`, without borrowing the rest of it.
macro_rules! chance {
    ($state:ident) => {
        Chance {
            faults: &$state.faults,
            rng: &mut $state.rng,
            counters: &mut $state.counters,
            next: &mut $state.next,
        }
    };
}

impl Chance<'_> {
    /// Hands a message to a session that wants it, as the faults will have it.
    fn deliver(&mut self, session: &mut SessionState, message: &Message, now: Instant) {
        let Some(best) = session.wants(&message.topic) else { return };
        let qos = match (message.qos, best) {
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

/// Retained messages; more are not kept.
const RETAINED: usize = 10_000;

#[derive(Debug)]
pub(super) struct BrokerState {
    pub(super) faults: BrokerFaults,
    pub(super) counters: BrokerCounters,
    rng: Rng,
    sessions: BTreeMap<String, SessionState>,
    retained: BTreeMap<String, Message>,
    apart: BTreeSet<String>,
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
            apart: BTreeSet::new(),
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

    /// A new connection, which takes the session from any other of the same id; `None` if the client is cut off.
    pub(super) fn connect(&mut self, wanted: &Session, stir: &Arc<Notify>, now: Instant) -> Option<u64> {
        if self.apart.contains(&wanted.client_id) {
            return None;
        }
        self.disconnect(&wanted.client_id, None, now);
        let connection = self.number();
        let session = self.session(&wanted.client_id);
        session.connection = Some(connection);
        session.stir = Arc::clone(stir);
        session.filters.clone_from(&wanted.filters);
        session.will.clone_from(&wanted.will);
        let (mut chance, sessions) = (chance!(self), &mut self.sessions);
        if let Some(session) = sessions.get_mut(&wanted.client_id) {
            self.retained.values().for_each(|message| chance.deliver(session, message, now));
        }
        Some(connection)
    }

    pub(super) fn is_connected(&self, client_id: &str, connection: u64) -> bool {
        self.sessions.get(client_id).is_some_and(|session| session.connection == Some(connection))
    }

    /// Cuts a connection, or whichever a client has. Its will is sent.
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

    /// A client says goodbye: no will.
    pub(super) fn leave(&mut self, client_id: &str, connection: u64, now: Instant) {
        if let Some(session) = self.sessions.get_mut(client_id)
            && session.connection == Some(connection)
        {
            session.will = None;
            self.counters.dropped += session.disconnect(now);
        }
    }

    pub(super) fn partition(&mut self, client_id: &str, apart: bool) {
        if apart {
            self.apart.insert(client_id.to_owned());
            self.disconnect(client_id, None, Instant::now());
        } else {
            self.apart.remove(client_id);
        }
    }

    pub(super) fn is_apart(&self, client_id: &str) -> bool {
        self.apart.contains(client_id)
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
            } else if self.retained.len() < RETAINED || self.retained.contains_key(&message.topic) {
                self.retained.insert(message.topic.clone(), message.clone());
            }
        }
        let live = Message { retain: false, ..message.clone() };
        let mut chance = chance!(self);
        self.sessions.values_mut().for_each(|session| chance.deliver(session, &live, now));
    }

    /// What is to be handed over a connection now. The client is gone where it says so.
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

    pub(super) fn taken(&mut self, client_id: &str, receipt: Receipt) {
        if let Some(session) = self.sessions.get_mut(client_id) {
            session.taken(receipt);
        }
    }

    /// How many messages a session had no room for since this was asked last.
    pub(super) fn take_overflow(&mut self, client_id: &str) -> u64 {
        self.sessions.get_mut(client_id).map_or(0, |session| std::mem::take(&mut session.overflow))
    }

    pub(super) fn waiting(&self, client_id: &str) -> usize {
        self.sessions.get(client_id).map_or(0, SessionState::waiting)
    }
}
