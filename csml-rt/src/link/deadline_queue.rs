//! Deadlines in the order in which they are due.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Deadlines and their subjects. Entries are never removed early: the caller checks whether a due entry is still valid.
#[derive(Debug)]
pub(super) struct DeadlineQueue<T>(BinaryHeap<Reverse<(u64, T)>>);

impl<T: Ord + Copy> DeadlineQueue<T> {
    pub(super) fn new() -> Self {
        Self(BinaryHeap::new())
    }

    pub(super) fn schedule(&mut self, at: u64, subject: T) {
        self.0.push(Reverse((at, subject)));
    }

    pub(super) fn next(&self) -> Option<u64> {
        self.0.peek().map(|Reverse((at, _))| *at)
    }

    /// Takes the next entry that is due.
    pub(super) fn due(&mut self, now: u64) -> Option<(u64, T)> {
        if self.next()? > now {
            return None;
        }
        self.0.pop().map(|Reverse(entry)| entry)
    }
}
