//! Planned occurrences in the order of their times.

use std::cmp::Ordering;

use crate::link::net::Message;
use crate::link::plan::Fault;

/// A planned occurrence.
pub(crate) enum Occurrence {
    Arrive { to: usize, generation: u64, message: Message },
    Wake { process: usize, epoch: u64 },
    Raise { process: usize, epoch: u64 },
    Consume { process: usize, epoch: u64 },
    Begin(Fault),
    Notice(usize),
    End(Fault),
    Connect(usize),
    Calm,
}

/// An occurrence and its time. The earliest is the greatest, for the heap.
pub(crate) struct Entry {
    pub(crate) time: u64,
    pub(crate) order: u64,
    pub(crate) occurrence: Occurrence,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.time, other.order).cmp(&(self.time, self.order))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}
