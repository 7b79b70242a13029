//! Acknowledgements of the local receivers.

use super::super::interface::{Transmit, Weight};
use super::super::local_receivers::AckEntry;
use super::super::protocol::SourceName;
use super::{Inbound, InboundContext};

impl<B: Clone + Weight> Inbound<B> {
    pub(super) fn ack_now(&mut self, remote: u32, epoch: u64, stream: u32) {
        if let Some(receiver) = self.queue_ack_entry(remote, epoch, stream) {
            self.receivers.ack_now(receiver);
        }
    }

    pub(super) fn ack_later(&mut self, cx: &InboundContext<'_>, remote: u32, epoch: u64, stream: u32) {
        if let Some(receiver) = self.queue_ack_entry(remote, epoch, stream) {
            self.receivers.ack_at(receiver, cx.now.saturating_add(cx.options.ack_delay_ms));
        }
    }

    /// Adds a stream to the entries of its receiver's next acknowledgements.
    fn queue_ack_entry(&mut self, remote: u32, epoch: u64, stream: u32) -> Option<u32> {
        let from = self.remotes.get_mut(remote as usize)?;
        let receiver = from.streams.get(stream as usize)?.receiver;
        let position = from.any_incarnation(epoch)?.positions.get_mut(stream as usize)?;
        if !std::mem::replace(&mut position.ack_queued, true) {
            self.receivers.add_entry(receiver, (remote, stream, epoch));
        }
        Some(receiver)
    }

    /// The next acknowledgement of a receiver.
    pub(in crate::link) fn next_ack(&mut self) -> Option<Transmit<B>> {
        while let Some((index, entries)) = self.receivers.take_due() {
            let announces = entries.is_empty();
            let before = self.probe;
            let sources: Vec<_> = entries.into_iter().filter_map(|entry| self.ack_entry(entry)).collect();
            let probe = Some(self.probe).filter(|probe| *probe > before);
            // The incarnations that it had to report on may be gone by now.
            if (announces || !sources.is_empty())
                && let Some((receiver, ack)) = self.receivers.compose(index, self.epoch, sources, probe)
            {
                return Some(Transmit::Ack { receiver, ack });
            }
        }
        None
    }

    fn ack_entry(&mut self, (remote, stream, epoch): AckEntry) -> Option<(SourceName, u64, Option<u64>)> {
        let from = self.remotes.get_mut(remote as usize)?;
        let name = from.name.clone();
        if let Some(incarnation) = from.retired(epoch) {
            incarnation.positions.get_mut(stream as usize)?.ack_queued = false;
            let gone = incarnation.gone.as_mut()?;
            if !std::mem::take(&mut gone.asking) {
                return None;
            }
            self.probe += 1;
            gone.probe.get_or_insert(self.probe);
            return Some((name, epoch, None));
        }
        let position = from.incarnation(epoch)?.positions.get_mut(stream as usize)?;
        position.ack_queued = false;
        position.unacked = 0;
        Some((name, epoch, position.known.then_some(position.consumed)))
    }
}
