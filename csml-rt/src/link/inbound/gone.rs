//! Incarnations of remote sources that are gone, as far as is known: what is lost with them, and how one that runs
//! after all is heard again.

use super::super::interface::Weight;
use super::super::protocol::{SequencedEvent, SourceSync};
use super::super::reports::LinkReport;
use super::super::source_incarnation::SourceIncarnation;
use super::{Inbound, InboundContext};

impl<B: Clone + Weight> Inbound<B> {
    /// An incarnation is gone. The events that are held back are delivered; the ones missing among them are lost.
    pub(super) fn retire(
        &mut self,
        cx: &mut InboundContext<'_>,
        remote: u32,
        mut incarnation: SourceIncarnation<B>,
    ) {
        // Until then it may prove that it runs, and then nothing is lost.
        let report_at = cx.now.saturating_add(cx.options.resend_max_ms);
        incarnation.leave(report_at);
        for stream in 0..incarnation.positions.len() as u32 {
            self.flush(cx, remote, &mut incarnation, stream);
        }
        if incarnation.gone.as_ref().is_some_and(|gone| gone.counted + gone.gaps > 0) {
            self.deadlines.schedule(report_at, (remote, incarnation.epoch));
        }
        if let Some(from) = self.remotes.get_mut(remote as usize) {
            let forgotten = from.retire(incarnation);
            if let Some(forgotten) = forgotten {
                self.report(cx, remote, &forgotten);
            }
        }
    }

    /// An incarnation does not answer, though another one has.
    pub(super) fn forget(&mut self, cx: &mut InboundContext<'_>, remote: u32, epoch: u64) {
        let Some(from) = self.remotes.get_mut(remote as usize) else { return };
        let place = from.incarnations.iter().position(|incarnation| incarnation.epoch == epoch);
        if let Some(place) = place {
            let incarnation = from.incarnations.remove(place);
            self.retire(cx, remote, incarnation);
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
            for seq in incarnation.forget(index) {
                cx.counters.dropped += u64::from(incarnation.drop_event(index, seq));
            }
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
            incarnation.pass_gap(index, event.0, hole);
            if hole {
                cx.counters.gaps += 1;
                incarnation.gone.iter_mut().for_each(|gone| gone.gaps += 1);
            }
            if let Some(position) = incarnation.positions.get_mut(index) {
                position.deliver(event.0);
            }
            self.queue_delivery(remote, incarnation.epoch, stream, event);
        }
    }

    /// An event of an incarnation that counts as gone: a late one, or another process of the same name runs. So the
    /// incarnation is asked.
    pub(super) fn event_of_gone(
        &mut self,
        cx: &mut InboundContext<'_>,
        remote: u32,
        event: &SequencedEvent<B>,
        streams: &[u32],
    ) {
        cx.counters.ignored += 1;
        let Some(incarnation) = self.remotes.get_mut(remote as usize).and_then(|it| it.retired(event.epoch))
        else {
            return;
        };
        for stream in streams {
            if incarnation.drop_event(*stream as usize, event.seq) {
                cx.counters.dropped += 1;
                if let Some(gone) = incarnation.gone.as_mut().filter(|gone| gone.report_at <= cx.now) {
                    gone.report_at = cx.now.saturating_add(cx.options.resend_max_ms);
                }
                if let Some(at) = incarnation.gone.as_ref().map(|gone| gone.report_at) {
                    self.deadlines.schedule(at, (remote, event.epoch));
                }
            }
        }
        self.ask_gone(cx, remote, event.epoch);
    }

    /// Asks an incarnation that counts as gone, at a limited rate.
    fn ask_gone(&mut self, cx: &InboundContext<'_>, remote: u32, epoch: u64) {
        let Some(gone) =
            self.remotes.get_mut(remote as usize).and_then(|from| from.retired(epoch)?.gone.as_mut()).filter(
                |gone| gone.asked_at.is_none_or(|at| cx.now >= at.saturating_add(cx.options.resend_min_ms)),
            )
        else {
            return;
        };
        gone.asked_at = Some(cx.now);
        gone.asking = true;
        self.ack_now(remote, epoch, 0);
    }

    /// An incarnation that counts as gone announces itself or answers.
    pub(super) fn sync_of_gone(&mut self, cx: &mut InboundContext<'_>, remote: u32, sync: &SourceSync) {
        let Some(gone) =
            self.remotes.get_mut(remote as usize).and_then(|from| from.retired(sync.epoch)?.gone.as_ref())
        else {
            return;
        };
        let asked = gone.probe.unwrap_or(u64::MAX);
        let mut probes = sync.probes.iter();
        if probes.any(|(receiver, epoch, probe)| {
            *epoch == self.epoch
                && *probe >= asked
                && *probe <= self.probe
                && self.receiver_ids.contains_key(receiver)
        }) {
            self.come_back(cx, remote, sync.epoch);
        } else {
            self.ask_gone(cx, remote, sync.epoch);
        }
    }

    /// An incarnation has answered a question that was asked after it was taken for gone: it runs, at the same time as
    /// another one. Both are heard from now on.
    fn come_back(&mut self, cx: &mut InboundContext<'_>, remote: u32, epoch: u64) {
        let Some(from) = self.remotes.get_mut(remote as usize) else { return };
        let room = from.is_full().then(|| from.incarnations.remove(0));
        let Some(mut incarnation) = from.take_retired(epoch) else { return };
        if let Some(gone) = incarnation.come_back(cx.options.resend_min_ms) {
            cx.counters.dropped = cx.counters.dropped.saturating_sub(gone.counted);
            cx.counters.gaps = cx.counters.gaps.saturating_sub(gone.gaps);
        }
        from.incarnations.push(incarnation);
        let name = from.name.clone();
        let confirmed = from.incarnations.iter().filter(|incarnation| incarnation.confirmed);
        let twins: Vec<_> = confirmed.map(|incarnation| (name.clone(), incarnation.epoch)).collect();
        let streams = from.streams.len() as u32;
        let teller = from.streams.first().map(|stream| stream.receiver);
        if let Some(gone) = room {
            self.retire(cx, remote, gone);
        }
        cx.counters.twins += 1;
        cx.counters.reports.push(LinkReport::TwinSource(name));
        if let Some(teller) = teller {
            self.receivers.tell_twins(teller, twins.into_iter());
        }
        for stream in 0..streams {
            self.ack_now(remote, epoch, stream);
        }
        self.schedule_ask(cx, remote, epoch, true);
    }

    /// Reports what is lost with an incarnation, when that is due.
    pub(super) fn report_gone(&mut self, cx: &mut InboundContext<'_>, remote: u32, epoch: u64, at: u64) {
        let Some(from) = self.remotes.get_mut(remote as usize) else { return };
        let due = |incarnation: &SourceIncarnation<B>| {
            incarnation.epoch == epoch && incarnation.gone.as_ref().is_some_and(|gone| gone.report_at == at)
        };
        let place = from.retired.iter().position(due);
        let Some(incarnation) = place.and_then(|place| from.retired.remove(place)) else { return };
        self.report(cx, remote, &incarnation);
        if let (Some(from), Some(place)) = (self.remotes.get_mut(remote as usize), place) {
            let mut incarnation = incarnation;
            incarnation.reported();
            from.retired.insert(place, incarnation);
        }
    }

    fn report(&mut self, cx: &mut InboundContext<'_>, remote: u32, incarnation: &SourceIncarnation<B>) {
        let Some((events, gaps)) = incarnation.unreported() else { return };
        let Some(from) = self.remotes.get(remote as usize) else { return };
        let (source, current) = (from.name.clone(), from.incarnations.last().map(|it| it.epoch));
        cx.counters.reports.push(LinkReport::Dropped { source: source.clone(), events, gaps });
        // The source itself may still run, or a later incarnation of it.
        if let (Some(stream), Some(current)) = (from.streams.first(), current) {
            let receiver = stream.receiver;
            self.receivers.tell_dropped(receiver, (source, incarnation.epoch, events.max(gaps)));
            self.ack_now(remote, current, 0);
        }
    }

    /// The process ends: incarnations that have not answered are given up, and what is lost is reported.
    pub(in crate::link) fn conclude(&mut self, cx: &mut InboundContext<'_>) {
        for remote in 0..self.remotes.len() as u32 {
            let Some(from) = self.remotes.get(remote as usize) else { continue };
            let unanswered = from.incarnations.iter().filter(|it| !it.confirmed).map(|it| it.epoch);
            for epoch in unanswered.collect::<Vec<_>>() {
                self.forget(cx, remote, epoch);
            }
            let epochs = |it: &SourceIncarnation<B>| Some((it.epoch, it.gone.as_ref()?.report_at));
            let retired =
                self.remotes.get(remote as usize).map(|from| from.retired.iter().filter_map(epochs));
            for (epoch, at) in retired.into_iter().flatten().collect::<Vec<_>>() {
                self.report_gone(cx, remote, epoch, at);
            }
        }
    }
}
