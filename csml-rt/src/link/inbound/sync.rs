//! Incarnations of remote sources: asking them, their answers, and which of them is the current one.

use super::super::interface::Weight;
use super::super::protocol::{SourceName, SourceSync};
use super::super::reports::LinkReport;
use super::{Inbound, InboundContext, MAX_ASKS};

/// Questions about missing events after which the source is taken at its word.
const PATIENCE: u32 = 4;

/// So many events beyond what was received are not believed to be handled already.
const FAR_AHEAD: u64 = 1 << 20;

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
            self.retire(cx, remote, gone);
        }
        let Some(from) = self.remotes.get(remote as usize) else {
            return;
        };
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
        self.sync_of_gone(cx, remote, &sync);
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
                // Somebody has told the source so. Saying at once that it is not true keeps the events.
                let what = "somebody has told this source that a receiver here has ended; contradicted";
                cx.impossible(LinkReport::ImpossibleSync { source: source.clone(), what });
                self.receivers.contradict(receiver);
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
            match base {
                // One that has had no event yet may have to go on after what an earlier incarnation has acknowledged since
                // the first answer.
                Some(base) if !position.known || position.received == 0 => {
                    position.delivered = position.delivered.max(base);
                    position.consumed = position.consumed.max(base);
                    position.known = true;
                }
                Some(base) => {
                    if !self.skip(cx, (remote, sync.epoch, stream), base) {
                        // What it does not skip it would be told again with each acknowledgement.
                        continue;
                    }
                }
                None => {
                    position.known = true;
                    self.shutdowns.confirmed(receiver, remote);
                }
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
        for incarnation in from.confirm(epoch) {
            self.retire(cx, remote, incarnation);
        }
    }

    /// A source says that a stream goes on after `base`, although it was known where the stream is. If events are held
    /// back because of earlier ones that the source does not keep, the stream skips these: as soon as the first event that
    /// is held back can be delivered then, or if there is no room for events that are missing still, or none comes. In no
    /// other case does it skip anything. Returns whether it is where the source takes it to be, or beyond.
    fn skip(
        &mut self,
        cx: &mut InboundContext<'_>,
        (remote, epoch, stream): (u32, u64, u32),
        base: u64,
    ) -> bool {
        let index = stream as usize;
        let Some(from) = self.remotes.get_mut(remote as usize) else { return true };
        let source = from.name.clone();
        let Some(to) = from.streams.get(index) else { return true };
        let incarnation = from.incarnations.iter_mut().find(|incarnation| incarnation.epoch == epoch);
        let Some(incarnation) = incarnation else { return true };
        let needed = incarnation.first_early(index).map(|early| to.before(&early.predecessors));
        let in_vain = incarnation.held.len() >= cx.options.hold_back.max(1) || incarnation.tries >= PATIENCE;
        let highest = incarnation.held.last_key_value().map_or(0, |(seq, _)| *seq);
        let Some(position) = incarnation.positions.get_mut(index).filter(|it| base > it.delivered) else {
            return true;
        };
        let held_up = needed.filter(|needed| *needed > position.delivered && (base >= *needed || in_vain));
        if let Some(needed) = held_up {
            let needed = needed.min(base);
            // An incarnation of the receiver that has had no event yet goes on after an earlier one.
            if !position.is_fresh() {
                cx.counters.gaps += 1;
                let what = "events for a receiver here were acknowledged, but not by it: by an incarnation that ran \
                            before it, or by a forged message; the stream goes on without them";
                cx.impossible(LinkReport::ImpossibleSync { source, what });
            }
            position.delivered = needed;
            if position.unconsumed == 0 {
                position.consumed = needed;
            }
        } else if base > highest.max(position.delivered).saturating_add(FAR_AHEAD) {
            let what = "it says that a receiver here has handled events that it has not sent; refused";
            cx.impossible(LinkReport::ImpossibleSync { source, what });
        }
        held_up.is_some()
    }

    /// Schedules the next attempt to get open questions of an incarnation answered.
    pub(super) fn schedule_ask(&mut self, cx: &mut InboundContext<'_>, remote: u32, epoch: u64, anew: bool) {
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
            self.forget(cx, remote, epoch);
            return;
        }
        if incarnation.ask_at.is_none() && (0..streams).any(|stream| incarnation.has_question(stream)) {
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
            self.report_gone(cx, remote, epoch, at);
            let Some(from) = self.remotes.get_mut(remote as usize) else {
                continue;
            };
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
