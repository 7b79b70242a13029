//! A lane of a source here.

use std::collections::VecDeque;

use super::Lane;

/// Events of one lane that are kept, in order. Everyone acknowledges in order, so they go in order too.
#[derive(Debug)]
pub(super) struct Outlet {
    pub(super) lane: Lane,
    /// Who gets it.
    pub(super) contacts: Vec<u32>,
    /// How many of them have not ended.
    pub(super) open: u32,
    /// Numbers, and how many contacts have not acknowledged them.
    queue: VecDeque<(u64, u32)>,
    /// How many of these were sent.
    pub(super) sent: usize,
    /// The last number that was sent.
    pub(super) sent_to: u64,
    /// The highest number that anyone has acknowledged.
    best: u64,
}

impl Outlet {
    pub(super) fn new(lane: Lane) -> Self {
        Self { lane, contacts: Vec::new(), open: 0, queue: VecDeque::new(), sent: 0, sent_to: 0, best: 0 }
    }

    /// Adds a contact, which gets what comes after `last`.
    pub(super) fn add(&mut self, contact: u32, last: u64, ended: bool) {
        self.contacts.push(contact);
        self.open += u32::from(!ended);
        self.best = self.best.max(if self.queue.is_empty() { last } else { 0 });
    }

    /// Takes the number of an event. Whether anyone gets it.
    pub(super) fn push(&mut self, seq: u64) -> bool {
        if self.open == 0 {
            return false;
        }
        self.queue.push_back((seq, self.open));
        true
    }

    fn after(&self, seq: u64) -> usize {
        self.queue.partition_point(|(number, _)| *number <= seq)
    }

    /// How many events come after `seq`.
    pub(super) fn waiting_after(&self, seq: u64) -> usize {
        self.queue.len() - self.after(seq)
    }

    /// The first number after `seq`, if it was sent.
    pub(super) fn sent_after(&self, seq: u64) -> Option<u64> {
        let place = self.after(seq);
        self.queue.get(place).filter(|_| place < self.sent).map(|(number, _)| *number)
    }

    /// The next number to send for the first time, if the window allows it. Only what nobody has acknowledged
    /// counts: a receiver that is away does not stop the others.
    pub(super) fn fresh(&self, window: usize) -> Option<u64> {
        let (seq, _) = self.queue.get(self.sent)?;
        (self.sent.saturating_sub(self.after(self.best)) < window.max(1)).then_some(*seq)
    }

    /// A contact has acknowledged what comes after `from`, up to `to`. How many events these are.
    pub(super) fn acknowledge(&mut self, from: u64, to: u64) -> usize {
        self.best = self.best.max(to);
        let first = self.after(from);
        let mut count = 0;
        for (number, waiting) in self.queue.range_mut(first..) {
            if *number > to {
                break;
            }
            *waiting = waiting.saturating_sub(1);
            count += 1;
        }
        count
    }

    /// A contact wants nothing of what comes after `from`.
    pub(super) fn acknowledge_all(&mut self, from: u64) {
        let first = self.after(from);
        for (_, waiting) in self.queue.range_mut(first..) {
            *waiting = waiting.saturating_sub(1);
        }
    }

    /// The first event, if nobody waits for it: it is gone from here.
    pub(super) fn pop_done(&mut self) -> Option<u64> {
        let (seq, _) = self.queue.front().copied().filter(|(_, waiting)| *waiting == 0)?;
        self.queue.pop_front();
        self.sent = self.sent.saturating_sub(1);
        Some(seq)
    }
}
