//! Times at which something may have to be done.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Times and what they are for. Never taken out early: whoever gets one looks whether it still holds.
#[derive(Debug)]
pub(super) struct Alarms<T>(BinaryHeap<Reverse<(u64, T)>>);

impl<T: Ord + Copy> Alarms<T> {
    pub(super) fn new() -> Self {
        Self(BinaryHeap::new())
    }

    pub(super) fn set(&mut self, at: u64, what: T) {
        self.0.push(Reverse((at, what)));
    }

    pub(super) fn next(&self) -> Option<u64> {
        self.0.peek().map(|Reverse((at, _))| *at)
    }

    /// The next one that is due.
    pub(super) fn due(&mut self, now: u64) -> Option<(u64, T)> {
        if self.next()? > now {
            return None;
        }
        self.0.pop().map(|Reverse(entry)| entry)
    }
}
