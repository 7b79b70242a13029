//! Acknowledgements of the local receivers.

use super::super::interface::{Transmit, Weight};
use super::super::local_receivers::AckEntry;
use super::super::protocol::{Ack, SourceName};
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
        let position = from.incarnation(epoch)?.positions.get_mut(stream as usize)?;
        if !std::mem::replace(&mut position.ack_queued, true) {
            self.receivers.add_entry(receiver, (remote, stream, epoch));
        }
        Some(receiver)
    }

    /// The next acknowledgement of a receiver.
    pub(in crate::link) fn next_ack(&mut self) -> Option<Transmit<B>> {
        while let Some((index, entries)) = self.receivers.take_due() {
            let announces = entries.is_empty();
            let sources: Vec<_> = entries.into_iter().filter_map(|entry| self.ack_entry(entry)).collect();
            // The incarnations that it had to report on may be gone by now.
            if let Some(receiver) = self.receivers.all.get(index as usize)
                && (announces || !sources.is_empty())
            {
                let ack = Ack { epoch: self.epoch, ended: receiver.ended, sources };
                return Some(Transmit::Ack { receiver: receiver.name.clone(), ack });
            }
        }
        None
    }

    fn ack_entry(&mut self, (remote, stream, epoch): AckEntry) -> Option<(SourceName, u64, Option<u64>)> {
        let from = self.remotes.get_mut(remote as usize)?;
        let name = from.name.clone();
        let position = from.incarnation(epoch)?.positions.get_mut(stream as usize)?;
        position.ack_queued = false;
        position.unacked = 0;
        Some((name, epoch, position.known.then_some(position.consumed)))
    }
}
