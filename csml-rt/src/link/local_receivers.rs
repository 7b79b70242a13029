//! The local receivers, and when each has to acknowledge.

use std::collections::VecDeque;
use std::sync::Arc;

/// Sources in one acknowledgement at most.
const MAX_ENTRIES: usize = 256;

/// What an acknowledgement reports on: a remote source, a stream of it and the epoch.
pub(super) type AckEntry = (u32, u32, u64);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AckDue {
    No,
    At(u64),
    Now,
}

/// A receiver of this process.
#[derive(Debug)]
pub(super) struct LocalReceiver {
    pub(super) name: Arc<str>,
    pub(super) ended: bool,
    /// Events delivered to it and not consumed.
    pub(super) unconsumed: u64,
    /// Remote sources, and its stream of each.
    pub(super) streams: Vec<(u32, u32)>,
    /// It has to announce itself.
    announce: bool,
    /// What its next acknowledgements report on.
    entries: VecDeque<AckEntry>,
    ack_due: AckDue,
}

/// The receivers of this process. All acknowledgements have the same delay, so a queue keeps their order.
#[derive(Debug, Default)]
pub(super) struct LocalReceivers {
    pub(super) all: Vec<LocalReceiver>,
    waiting: VecDeque<(u64, u32)>,
    due: VecDeque<u32>,
}

impl LocalReceivers {
    pub(super) fn add(&mut self, name: Arc<str>) -> u32 {
        self.all.push(LocalReceiver {
            name,
            ended: false,
            unconsumed: 0,
            streams: Vec::new(),
            announce: false,
            entries: VecDeque::new(),
            ack_due: AckDue::No,
        });
        self.all.len() as u32 - 1
    }

    pub(super) fn announce(&mut self, receiver: u32) {
        if let Some(receiver) = self.all.get_mut(receiver as usize) {
            receiver.announce = true;
        }
        self.ack_now(receiver);
    }

    /// Adds something to report on. The caller adds each entry once until it was reported.
    pub(super) fn add_entry(&mut self, receiver: u32, entry: AckEntry) {
        if let Some(receiver) = self.all.get_mut(receiver as usize) {
            receiver.entries.push_back(entry);
        }
    }

    /// A receiver acknowledges at once.
    pub(super) fn ack_now(&mut self, index: u32) {
        if let Some(receiver) = self.all.get_mut(index as usize)
            && receiver.ack_due != AckDue::Now
        {
            receiver.ack_due = AckDue::Now;
            self.due.push_back(index);
        }
    }

    /// A receiver acknowledges at a time, which must not be before any requested earlier.
    pub(super) fn ack_at(&mut self, index: u32, time: u64) {
        if let Some(receiver) = self.all.get_mut(index as usize)
            && receiver.ack_due == AckDue::No
        {
            receiver.ack_due = AckDue::At(time);
            self.waiting.push_back((time, index));
        }
    }

    pub(super) fn tick(&mut self, now: u64) {
        while let Some((time, index)) = self.waiting.front().copied().filter(|(time, _)| *time <= now) {
            self.waiting.pop_front();
            if self.all.get(index as usize).is_some_and(|receiver| receiver.ack_due == AckDue::At(time)) {
                self.ack_now(index);
            }
        }
    }

    pub(super) fn deadline(&self) -> Option<u64> {
        self.waiting.front().map(|(time, _)| *time)
    }

    pub(super) fn is_idle(&self) -> bool {
        self.due.is_empty() && self.waiting.is_empty()
    }

    /// The next receiver that has to send an acknowledgement, and its entries: none if it announces itself.
    pub(super) fn take_due(&mut self) -> Option<(u32, Vec<AckEntry>)> {
        while let Some(index) = self.due.pop_front() {
            let Some(receiver) = self.all.get_mut(index as usize) else {
                continue;
            };
            receiver.ack_due = AckDue::No;
            let announces = std::mem::take(&mut receiver.announce);
            let count = if announces { 0 } else { receiver.entries.len().min(MAX_ENTRIES) };
            let entries: Vec<_> = receiver.entries.drain(..count).collect();
            if !receiver.entries.is_empty() {
                self.ack_now(index);
            }
            if announces || !entries.is_empty() {
                return Some((index, entries));
            }
        }
        None
    }
}
