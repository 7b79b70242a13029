//! Incarnations of remote sources: asking them, their answers, and which of them is the current one.

use super::super::interface::Weight;
use super::super::protocol::{SourceName, SourceSync};
use super::super::source_incarnation::SourceIncarnation;
use super::{Inbound, InboundContext, MAX_ASKS};

impl<B: Clone + Weight> Inbound<B> {
    /// Adds an incarnation, and asks it about every stream.
    pub(super) fn add_incarnation(&mut self, cx: &mut InboundContext<'_>, remote: u32, epoch: u64) {
        let Some(from) = self.remotes.get_mut(remote as usize) else {
            return;
        };
        if from.is_retired(epoch) || from.incarnation(epoch).is_some() {
            return;
        }
        if let Some(gone) = from.add_incarnation(epoch, cx.options.resend_min_ms) {
            cx.counters.gaps += u64::from(!gone.held.is_empty());
        }
        for stream in 0..from.streams.len() as u32 {
            self.ack_now(remote, epoch, stream);
        }
        self.schedule_ask(cx, remote, epoch, true);
    }

    pub(in crate::link) fn receive_sync(
        &mut self,
        cx: &mut InboundContext<'_>,
        source: &SourceName,
        sync: SourceSync,
    ) {
        let Some(remote) = self.find(source) else {
            return;
        };
        self.add_incarnation(cx, remote, sync.epoch);
        for (receiver, epoch, base) in sync.receivers {
            if epoch != self.epoch {
                continue;
            }
            let Some(receiver) = self.receiver_ids.get(&receiver).copied() else {
                continue;
            };
            let from = self.remotes.get_mut(remote as usize);
            let Some(stream) = from.and_then(|from| from.stream_of(receiver)) else {
                continue;
            };
            let ended = self.receivers.all.get(receiver as usize).is_some_and(|receiver| receiver.ended);
            if base.is_none() && !ended {
                cx.counters.ignored += 1;
                continue;
            }
            self.confirm(cx, remote, sync.epoch);
            let from = self.remotes.get_mut(remote as usize);
            let incarnation = from.and_then(|from| from.incarnation(sync.epoch));
            let Some(position) =
                incarnation.and_then(|incarnation| incarnation.positions.get_mut(stream as usize))
            else {
                continue;
            };
            position.known = true;
            match base {
                Some(base) => {
                    position.delivered = position.delivered.max(base);
                    position.consumed = position.consumed.max(base);
                }
                None => self.shutdowns.confirmed(receiver, remote),
            }
            self.release(cx, remote, sync.epoch, stream);
            self.ack_now(remote, sync.epoch, stream);
        }
    }

    /// An incarnation has answered, so those before it are gone. The events held back for these are delivered first;
    /// the ones missing there are lost.
    fn confirm(&mut self, cx: &mut InboundContext<'_>, remote: u32, epoch: u64) {
        let Some(from) = self.remotes.get_mut(remote as usize) else {
            return;
        };
        for mut incarnation in from.confirm(epoch) {
            for stream in 0..incarnation.positions.len() as u32 {
                self.flush(cx, remote, &mut incarnation, stream);
            }
        }
    }

    fn flush(
        &mut self,
        cx: &mut InboundContext<'_>,
        remote: u32,
        incarnation: &mut SourceIncarnation<B>,
        stream: u32,
    ) {
        let index = stream as usize;
        let known = incarnation.positions.get(index).is_some_and(|position| position.known);
        if !known {
            // An earlier incarnation of the receiver may have consumed them.
            cx.counters.gaps += u64::from(incarnation.forget(index) > 0);
            return;
        }
        while let Some(from) = self.remotes.get(remote as usize) {
            let Some(to) = from.streams.get(index) else {
                return;
            };
            let mut hole = false;
            let next = incarnation.release(index, |position, predecessors| {
                hole = to.before(predecessors) > position.delivered;
                true
            });
            let Some(event) = next else { return };
            cx.counters.gaps += u64::from(hole);
            if let Some(position) = incarnation.positions.get_mut(index) {
                position.delivered = event.0;
            }
            self.queue_delivery(remote, incarnation.epoch, stream, event);
        }
    }

    /// Schedules the next attempt to get open questions of an incarnation answered.
    pub(super) fn schedule_ask(&mut self, cx: &InboundContext<'_>, remote: u32, epoch: u64, anew: bool) {
        let Some(from) = self.remotes.get_mut(remote as usize) else {
            return;
        };
        let answered = from.incarnations.iter().any(|incarnation| incarnation.confirmed);
        let streams = from.streams.len();
        let Some(incarnation) = from.incarnation(epoch) else { return };
        if anew {
            incarnation.tries = 0;
            incarnation.pause = cx.options.resend_min_ms;
        }
        let lost = answered && !incarnation.confirmed && incarnation.tries >= MAX_ASKS;
        if lost {
            incarnation.forget_all();
        }
        if incarnation.ask_at.is_none()
            && !lost
            && (0..streams).any(|stream| incarnation.has_question(stream))
        {
            let at = cx.now.saturating_add(incarnation.pause);
            incarnation.ask_at = Some(at);
            self.deadlines.schedule(at, (remote, epoch));
        }
    }

    pub(in crate::link) fn tick(&mut self, cx: &mut InboundContext<'_>) {
        while let Some(receiver) = self.connected.then(|| self.shutdowns.repeat(cx.now, cx.options)).flatten()
        {
            self.receivers.announce(receiver);
        }
        self.receivers.tick(cx.now);
        while let Some((at, (remote, epoch))) = self.connected.then(|| self.deadlines.due(cx.now)).flatten() {
            let Some(from) = self.remotes.get_mut(remote as usize) else {
                continue;
            };
            let streams = from.streams.len();
            let Some(incarnation) =
                from.incarnation(epoch).filter(|incarnation| incarnation.ask_at == Some(at))
            else {
                continue;
            };
            incarnation.ask_at = None;
            incarnation.tries = incarnation.tries.saturating_add(1);
            incarnation.pause = incarnation.pause.saturating_mul(2).min(cx.options.resend_max_ms);
            let asking: Vec<_> = (0..streams).filter(|stream| incarnation.has_question(*stream)).collect();
            asking.into_iter().for_each(|stream| self.ack_now(remote, epoch, stream as u32));
            self.schedule_ask(cx, remote, epoch, false);
        }
    }
}
