//! Local receivers that have ended, until their sources have confirmed it: a process that has left can no longer
//! answer questions.

use std::collections::{BTreeMap, HashMap};

use super::link_options::LinkOptions;

/// How often a receiver announces its end to sources that do not answer; they may have stopped themselves.
const MAX_TRIES: u32 = 8;

#[derive(Debug)]
struct PendingShutdown {
    /// The remote sources that have not confirmed.
    waiting: Vec<u32>,
    pause: u64,
    tries: u32,
}

/// Ended receivers that some source has not confirmed.
#[derive(Debug, Default)]
pub(super) struct PendingShutdowns {
    /// By the time of the next announcement, and the receiver.
    due: BTreeMap<(u64, u32), PendingShutdown>,
    /// By receiver: the time of its next announcement.
    by_receiver: HashMap<u32, u64>,
}

impl PendingShutdowns {
    /// A receiver has announced its end; `sources` are to confirm it.
    pub(super) fn begin(&mut self, now: u64, receiver: u32, sources: Vec<u32>, options: &LinkOptions) {
        if sources.is_empty() || self.by_receiver.contains_key(&receiver) {
            return;
        }
        let pause = options.resend_min_ms;
        self.insert(
            now.saturating_add(pause),
            receiver,
            PendingShutdown { waiting: sources, pause, tries: 1 },
        );
    }

    fn insert(&mut self, at: u64, receiver: u32, shutdown: PendingShutdown) {
        self.by_receiver.insert(receiver, at);
        self.due.insert((at, receiver), shutdown);
    }

    fn remove(&mut self, receiver: u32) -> Option<(u64, PendingShutdown)> {
        let at = self.by_receiver.remove(&receiver)?;
        Some((at, self.due.remove(&(at, receiver))?))
    }

    /// A source has confirmed the end of a receiver.
    pub(super) fn confirmed(&mut self, receiver: u32, source: u32) {
        if let Some((at, mut shutdown)) = self.remove(receiver) {
            shutdown.waiting.retain(|waiting| *waiting != source);
            if !shutdown.waiting.is_empty() {
                self.insert(at, receiver, shutdown);
            }
        }
    }

    /// The next receiver that has to announce its end again.
    pub(super) fn repeat(&mut self, now: u64, options: &LinkOptions) -> Option<u32> {
        loop {
            let (&(at, receiver), _) = self.due.first_key_value()?;
            if at > now {
                return None;
            }
            let (_, mut shutdown) = self.remove(receiver)?;
            if shutdown.tries < MAX_TRIES {
                shutdown.tries += 1;
                shutdown.pause = shutdown.pause.saturating_mul(2).min(options.resend_max_ms);
                self.insert(now.saturating_add(shutdown.pause), receiver, shutdown);
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
