//! The local receivers, and when each has to acknowledge.

use std::collections::VecDeque;
use std::sync::Arc;

use super::protocol::{Ack, SourceName};

/// Sources in one acknowledgement at most.
const MAX_ENTRIES: usize = 256;
/// Sources that one acknowledgement tells of twins, or of dropped events.
const MAX_NOTES: usize = 16;

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
    /// A source believes that it has ended.
    contradict: bool,
    /// What its next acknowledgement tells besides.
    twins: Vec<(SourceName, u64)>,
    dropped: Vec<(SourceName, u64, u64)>,
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
            contradict: false,
            twins: Vec::new(),
            dropped: Vec::new(),
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

    /// A source believes that a receiver has ended, which is not so.
    pub(super) fn contradict(&mut self, receiver: u32) {
        if let Some(to) = self.all.get_mut(receiver as usize) {
            to.contradict = true;
        }
        self.announce(receiver);
    }

    /// Tells sources that others of their name run, with the next acknowledgement.
    pub(super) fn tell_twins(&mut self, receiver: u32, twins: impl Iterator<Item = (SourceName, u64)>) {
        if let Some(receiver) = self.all.get_mut(receiver as usize) {
            receiver.twins.extend(twins.take(MAX_NOTES));
            receiver.twins.truncate(MAX_NOTES);
        }
    }

    /// Tells a source how many events are lost here, with the next acknowledgement.
    pub(super) fn tell_dropped(&mut self, receiver: u32, dropped: (SourceName, u64, u64)) {
        if let Some(receiver) = self.all.get_mut(receiver as usize)
            && receiver.dropped.len() < MAX_NOTES
        {
            receiver.dropped.push(dropped);
        }
    }

    /// The acknowledgement of a receiver, with what it tells besides.
    pub(super) fn compose(
        &mut self,
        index: u32,
        epoch: u64,
        sources: Vec<(SourceName, u64, Option<u64>)>,
        probe: Option<u64>,
    ) -> Option<(Arc<str>, Ack)> {
        let receiver = self.all.get_mut(index as usize)?;
        let (name, ended) = (receiver.name.clone(), receiver.ended);
        let mut ack = Ack { epoch, ended, sources, probe, ..Ack::default() };
        if ack.sources.is_empty() {
            ack.alive = std::mem::take(&mut receiver.contradict) && !ended;
        } else {
            // Announcements are retained, and must not tell this to later incarnations.
            ack.twins = std::mem::take(&mut receiver.twins);
            ack.dropped = std::mem::take(&mut receiver.dropped);
        }
        Some((name, ack))
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
