//! Receivers here that have ended, until the sources that know them have heard it: who leaves can no longer
//! answer.

use std::collections::{BTreeMap, HashMap};

use super::LinkOptions;

/// How often a farewell is repeated to sources that do not answer; they may be gone themselves.
const TRIES: u32 = 8;

#[derive(Debug)]
struct Farewell {
    /// The sources outside that have not answered.
    waiting: Vec<u32>,
    pause: u64,
    tries: u32,
}

/// Farewells that are not answered by everyone.
#[derive(Debug, Default)]
pub(super) struct Farewells {
    /// By when the next one is due, and the receiver.
    due: BTreeMap<(u64, u32), Farewell>,
    /// By receiver: when it is due.
    by_receiver: HashMap<u32, u64>,
}

impl Farewells {
    /// A receiver has said that it has ended; `sources` are to confirm it.
    pub(super) fn begin(&mut self, now: u64, receiver: u32, sources: Vec<u32>, options: &LinkOptions) {
        if sources.is_empty() || self.by_receiver.contains_key(&receiver) {
            return;
        }
        let pause = options.resend_min_ms;
        self.insert(now.saturating_add(pause), receiver, Farewell { waiting: sources, pause, tries: 1 });
    }

    fn insert(&mut self, at: u64, receiver: u32, farewell: Farewell) {
        self.by_receiver.insert(receiver, at);
        self.due.insert((at, receiver), farewell);
    }

    fn remove(&mut self, receiver: u32) -> Option<(u64, Farewell)> {
        let at = self.by_receiver.remove(&receiver)?;
        Some((at, self.due.remove(&(at, receiver))?))
    }

    /// A source has answered a receiver.
    pub(super) fn confirmed(&mut self, receiver: u32, source: u32) {
        if let Some((at, mut farewell)) = self.remove(receiver) {
            farewell.waiting.retain(|waiting| *waiting != source);
            if !farewell.waiting.is_empty() {
                self.insert(at, receiver, farewell);
            }
        }
    }

    /// The next receiver that has to repeat its farewell.
    pub(super) fn repeat(&mut self, now: u64, options: &LinkOptions) -> Option<u32> {
        loop {
            let (&(at, receiver), _) = self.due.first_key_value()?;
            if at > now {
                return None;
            }
            let (_, mut farewell) = self.remove(receiver)?;
            if farewell.tries < TRIES {
                farewell.tries += 1;
                farewell.pause = farewell.pause.saturating_mul(2).min(options.resend_max_ms);
                self.insert(now.saturating_add(farewell.pause), receiver, farewell);
                return Some(receiver);
            }
        }
    }

    pub(super) fn deadline(&self) -> Option<u64> {
        self.due.first_key_value().map(|((at, _), _)| *at)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.due.is_empty()
    }
}
