//! What the receivers here say.

use super::super::voices::Topic;
use super::super::{Ack, SourceName, Transmit};
use super::{Incoming, Means};

impl<B: Clone> Incoming<B> {
    pub(super) fn say_now(&mut self, origin: u32, epoch: u64, stream: u32) {
        if let Some(receiver) = self.list(origin, epoch, stream) {
            self.voices.now(receiver);
        }
    }

    pub(super) fn say_later(&mut self, means: &Means<'_>, origin: u32, epoch: u64, stream: u32) {
        if let Some(receiver) = self.list(origin, epoch, stream) {
            self.voices.at(receiver, means.now.saturating_add(means.options.ack_delay_ms));
        }
    }

    /// Puts a stream on the list of what its receiver has to say.
    fn list(&mut self, origin: u32, epoch: u64, stream: u32) -> Option<u32> {
        let from = self.origins.get_mut(origin as usize)?;
        let receiver = from.streams.get(stream as usize)?.receiver;
        let position = from.run(epoch)?.positions.get_mut(stream as usize)?;
        if !std::mem::replace(&mut position.listed, true) {
            self.voices.about(receiver, (origin, stream, epoch));
        }
        Some(receiver)
    }

    /// What a receiver says.
    pub(in crate::link) fn say(&mut self) -> Option<Transmit<B>> {
        while let Some((index, topics)) = self.voices.speak() {
            let announces = topics.is_empty();
            let sources: Vec<_> = topics.into_iter().filter_map(|topic| self.say_about(topic)).collect();
            // The runs that it had something to say about may be gone by now.
            if let Some(receiver) = self.voices.all.get(index as usize)
                && (announces || !sources.is_empty())
            {
                let ack = Ack { epoch: self.epoch, ended: receiver.ended, sources };
                return Some(Transmit::Ack { receiver: receiver.name.clone(), ack });
            }
        }
        None
    }

    fn say_about(&mut self, (origin, stream, epoch): Topic) -> Option<(SourceName, u64, Option<u64>)> {
        let from = self.origins.get_mut(origin as usize)?;
        let name = from.name.clone();
        let position = from.run(epoch)?.positions.get_mut(stream as usize)?;
        position.listed = false;
        position.unsaid = 0;
        Some((name, epoch, position.known.then_some(position.consumed)))
    }
}
