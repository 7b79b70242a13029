//! Runs of the sources outside: who they are, which of them is the present one.

use super::super::run::Run;
use super::super::{SourceName, Sync};
use super::{Incoming, Means, TRIES};

impl<B: Clone> Incoming<B> {
    /// Makes a run known, and asks it about every stream.
    pub(super) fn add_run(&mut self, means: &mut Means<'_>, origin: u32, epoch: u64) {
        let Some(from) = self.origins.get_mut(origin as usize) else {
            return;
        };
        if from.is_retired(epoch) || from.run(epoch).is_some() {
            return;
        }
        if let Some(gone) = from.add_run(epoch, means.options.resend_min_ms) {
            means.counters.gaps += u64::from(!gone.held.is_empty());
        }
        for stream in 0..from.streams.len() as u32 {
            self.say_now(origin, epoch, stream);
        }
        self.look_after(means, origin, epoch, true);
    }

    pub(in crate::link) fn sync(&mut self, means: &mut Means<'_>, source: &SourceName, sync: Sync) {
        let Some(origin) = self.find(source) else {
            return;
        };
        self.add_run(means, origin, sync.epoch);
        for (receiver, epoch, base) in sync.receivers {
            if epoch != self.epoch {
                continue;
            }
            let Some(receiver) = self.receivers.get(&receiver).copied() else {
                continue;
            };
            let from = self.origins.get_mut(origin as usize);
            let Some(stream) = from.and_then(|from| from.stream_of(receiver)) else {
                continue;
            };
            let ended = self.voices.all.get(receiver as usize).is_some_and(|receiver| receiver.ended);
            if base.is_none() && !ended {
                means.counters.ignored += 1;
                continue;
            }
            self.confirm(means, origin, sync.epoch);
            let from = self.origins.get_mut(origin as usize);
            let run = from.and_then(|from| from.run(sync.epoch));
            let Some(position) = run.and_then(|run| run.positions.get_mut(stream as usize)) else {
                continue;
            };
            position.known = true;
            match base {
                Some(base) => {
                    position.handed = position.handed.max(base);
                    position.consumed = position.consumed.max(base);
                }
                None => self.farewells.confirmed(receiver, origin),
            }
            self.release(means, origin, sync.epoch, stream);
            self.say_now(origin, sync.epoch, stream);
        }
    }

    /// A run has answered: those before it are gone. What is held back for them comes first; nobody has what
    /// is missing there any more.
    fn confirm(&mut self, means: &mut Means<'_>, origin: u32, epoch: u64) {
        let Some(from) = self.origins.get_mut(origin as usize) else {
            return;
        };
        for mut run in from.confirm(epoch) {
            for stream in 0..run.positions.len() as u32 {
                self.flush(means, origin, &mut run, stream);
            }
        }
    }

    fn flush(&mut self, means: &mut Means<'_>, origin: u32, run: &mut Run<B>, stream: u32) {
        let index = stream as usize;
        let known = run.positions.get(index).is_some_and(|position| position.known);
        if !known {
            // An earlier run of the receiver may have had it, or not.
            means.counters.gaps += u64::from(run.forget(index) > 0);
            return;
        }
        while let Some(from) = self.origins.get(origin as usize) {
            let Some(to) = from.streams.get(index) else {
                return;
            };
            let mut hole = false;
            let next = run.release(index, |position, previous| {
                hole = to.before(previous) > position.handed;
                true
            });
            let Some(event) = next else { return };
            means.counters.gaps += u64::from(hole);
            if let Some(position) = run.positions.get_mut(index) {
                position.handed = event.0;
            }
            self.hand_on(origin, run.epoch, stream, event);
        }
    }

    /// Sees to it that a run with open questions is asked again.
    pub(super) fn look_after(&mut self, means: &Means<'_>, origin: u32, epoch: u64, anew: bool) {
        let Some(from) = self.origins.get_mut(origin as usize) else {
            return;
        };
        let answered = from.runs.iter().any(|run| run.confirmed);
        let streams = from.streams.len();
        let Some(run) = from.run(epoch) else { return };
        if anew {
            run.tries = 0;
            run.pause = means.options.resend_min_ms;
        }
        let lost = answered && !run.confirmed && run.tries >= TRIES;
        if lost {
            run.forget_all();
        }
        if run.alarm.is_none() && !lost && (0..streams).any(|stream| run.asks(stream)) {
            let at = means.now.saturating_add(run.pause);
            run.alarm = Some(at);
            self.alarms.set(at, (origin, epoch));
        }
    }

    pub(in crate::link) fn tick(&mut self, means: &mut Means<'_>) {
        while let Some(receiver) =
            self.connected.then(|| self.farewells.repeat(means.now, means.options)).flatten()
        {
            self.voices.hello(receiver);
        }
        self.voices.tick(means.now);
        while let Some((at, (origin, epoch))) = self.connected.then(|| self.alarms.due(means.now)).flatten() {
            let Some(from) = self.origins.get_mut(origin as usize) else {
                continue;
            };
            let streams = from.streams.len();
            let Some(run) = from.run(epoch).filter(|run| run.alarm == Some(at)) else {
                continue;
            };
            run.alarm = None;
            run.tries = run.tries.saturating_add(1);
            run.pause = run.pause.saturating_mul(2).min(means.options.resend_max_ms);
            let asking: Vec<_> = (0..streams).filter(|stream| run.asks(*stream)).collect();
            asking.into_iter().for_each(|stream| self.say_now(origin, epoch, stream as u32));
            self.look_after(means, origin, epoch, false);
        }
    }
}
