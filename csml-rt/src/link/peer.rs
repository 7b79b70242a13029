//! A receiver in another process, as one local source sees it.

use std::sync::Arc;

use super::link_options::LinkOptions;

/// Incarnations of a peer that are remembered; older ones are forgotten.
const MAX_INCARNATIONS: usize = 8;

/// How long a receiver has to contradict that it has ended, as a multiple of the shortest time after which events are
/// sent again.
const OBJECTION: u64 = 5;

/// Events sent again before the peer acknowledges any of them.
const FIRST_BATCH: usize = 16;

/// An incarnation of the peer, known since it first asked where its events begin.
#[derive(Debug, Clone, Copy)]
struct PeerIncarnation {
    epoch: u64,
    /// It has acknowledged an event, so it has received an answer and was running when its question arrived. Such
    /// incarnations have asked in the order in which they ran: each asks only after the one before is gone, and the
    /// one before was answered while it ran. Therefore late messages of dead incarnations do no harm.
    proved: bool,
    /// Last number of the source when it first asked.
    mark: u64,
    /// It has announced that it has ended.
    shut_down: bool,
}

/// What an acknowledgement cx for a source.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum AckOutcome {
    /// Nothing new.
    Nothing,
    /// From an unknown incarnation.
    Ignored,
    /// It acknowledges what was never sent.
    Impossible,
    /// Everything up to this number is consumed.
    Consumed(u64),
    /// A new incarnation of a peer that had ended.
    Rejoined,
}

/// A receiver in another process, as one local source sees it.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) name: Arc<str>,
    /// Positions of the lanes of the source that it gets.
    pub(super) lanes: Vec<u32>,
    /// Everything up to this number is consumed.
    pub(super) acked: u64,
    pub(super) ended: bool,
    /// How many events its lanes had got, without those that it had not acknowledged when it ended.
    pub(super) got: u64,
    /// The epoch of an incarnation that has announced its end, and when it is believed.
    pending_shutdown: Option<(u64, u64)>,
    incarnations: Vec<PeerIncarnation>,
    /// The epoch of the incarnation that waits for an answer.
    pub(super) answer: Option<u64>,
    /// The number that the answer has to repeat.
    pub(super) probe: Option<u64>,
    /// Incarnations of it that run at the same time were reported.
    pub(super) has_twin: bool,

    /// Unacknowledged events are being sent again, up to this number so far.
    pub(super) resending: bool,
    pub(super) resent_to: u64,
    /// How many resent events may be in flight, and how many are.
    batch: usize,
    outstanding: usize,
    /// Waits for its turn to get events again.
    pub(super) queued: bool,
    /// When its events count as not received, and after how long.
    pub(super) due: Option<u64>,
    pause: u64,
    /// Its entry in the queue of deadlines.
    pub(super) scheduled: Option<u64>,
}

impl Peer {
    pub(super) fn new(name: Arc<str>, last: u64, pause: u64) -> Self {
        Self {
            name,
            lanes: Vec::new(),
            acked: last,
            ended: false,
            got: 0,
            pending_shutdown: None,
            incarnations: Vec::new(),
            answer: None,
            probe: None,
            has_twin: false,
            resending: false,
            resent_to: 0,
            batch: 0,
            outstanding: 0,
            queued: false,
            due: None,
            pause,
            scheduled: None,
        }
    }

    /// An incarnation announces its end. It is believed after a while, if nothing contradicts: soon if it is the newest
    /// known one, because it would say at once that it runs. An unknown one may be the newest, or an old one whose
    /// announcement the broker has retained: it is believed if no other incarnation appears, and never if another one has
    /// proved itself.
    pub(super) fn shutting_down(&mut self, now: u64, epoch: u64, options: &LinkOptions) {
        let known = self.incarnations.iter().rposition(|incarnation| incarnation.epoch == epoch);
        // An incarnation that has not asked yet will ask, and announce its end again.
        if let Some(incarnation) = known.and_then(|index| self.incarnations.get_mut(index)) {
            incarnation.shut_down = true;
            self.answer = Some(epoch);
        }
        if self.ended {
            return;
        }
        let last = self.incarnations.len().checked_sub(1);
        let proves = |incarnation: &PeerIncarnation| incarnation.proved;
        let delay = match known {
            // A later one may be running.
            Some(_) if known != last => return,
            Some(index) if self.incarnations.get(index).is_some_and(proves) => {
                options.resend_min_ms.saturating_mul(OBJECTION)
            }
            None if self.incarnations.iter().any(proves) => return,
            _ => options.resend_max_ms,
        };
        let until = now.saturating_add(delay);
        let (_, pending) = self.pending_shutdown.get_or_insert((epoch, until));
        *pending = until.min(*pending);
        if self.due.is_some_and(|due| due > until) {
            self.due = Some(until);
        }
    }

    /// An incarnation says that it has not ended, though this source has heard so. Returns whether that was heard.
    pub(super) fn contradicted(&mut self, epoch: u64) -> bool {
        let pending = self.pending_shutdown.take_if(|(shut_down, _)| *shut_down == epoch);
        let incarnation = self.incarnations.iter_mut().find(|incarnation| incarnation.epoch == epoch);
        let shut_down = incarnation.is_some_and(|it| std::mem::take(&mut it.shut_down));
        pending.is_some() || shut_down
    }

    /// The answer for an incarnation: where its events begin, or `None` if it has announced its end. Answering its
    /// earlier question instead would let it stop without a confirmation.
    pub(super) fn answer_to(&self, epoch: u64) -> Option<u64> {
        let shut_down =
            self.incarnations.iter().any(|incarnation| incarnation.epoch == epoch && incarnation.shut_down);
        (!shut_down).then_some(self.acked)
    }

    /// An incarnation of it has sent something.
    pub(super) fn seen(&mut self, epoch: u64) {
        self.pending_shutdown =
            self.pending_shutdown.filter(|(pending_shutdown, _)| *pending_shutdown == epoch);
    }

    /// Whether it has announced its end, and nothing has contradicted for long enough.
    pub(super) fn has_shut_down(&self, now: u64) -> bool {
        self.pending_shutdown.is_some_and(|(_, until)| now >= until)
    }

    /// An incarnation asks where its events begin. `last` is the last number of the source.
    pub(super) fn asked(&mut self, epoch: u64, last: u64, probe: Option<u64>) -> AckOutcome {
        self.answer = Some(epoch);
        self.probe = probe;
        self.seen(epoch);
        if self.incarnations.iter().any(|incarnation| incarnation.epoch == epoch) {
            return AckOutcome::Nothing;
        }
        if self.incarnations.len() >= MAX_INCARNATIONS {
            self.incarnations.remove(0);
        }
        self.incarnations.push(PeerIncarnation { epoch, proved: false, mark: last, shut_down: false });
        if self.ended { AckOutcome::Rejoined } else { AckOutcome::Nothing }
    }

    /// An incarnation has consumed everything up to `number`. `limit` is the highest number that is possible.
    pub(super) fn acknowledged(
        &mut self,
        now: u64,
        epoch: u64,
        (number, limit): (u64, u64),
        ended: bool,
        options: &LinkOptions,
    ) -> AckOutcome {
        let Some(index) = self.incarnations.iter().position(|incarnation| incarnation.epoch == epoch) else {
            return AckOutcome::Ignored;
        };
        if number > limit {
            return AckOutcome::Impossible;
        }
        self.seen(epoch);
        // One that asked later and has got events has taken its place, and yet it gets events that were sent since.
        let later = self.incarnations.get(index + 1..).unwrap_or_default();
        self.has_twin |= later.iter().any(|later| later.proved && number > later.mark);
        if let Some(incarnation) = self.incarnations.get_mut(index) {
            incarnation.proved = true;
        }
        if self.ended {
            // It still acknowledges events that it receives together with others. None are kept for it.
            return AckOutcome::Nothing;
        }
        let newest = self.incarnations.iter().rposition(|incarnation| incarnation.proved) == Some(index);
        if ended && newest {
            // Incarnations that asked later but cannot be running, since this one has received events since.
            self.incarnations.truncate(
                self.incarnations
                    .iter()
                    .rposition(|incarnation| incarnation.epoch == epoch || incarnation.mark >= number)
                    .unwrap_or(index)
                    + 1,
            );
            // It is answered once, unless a late message of another one has put it in doubt.
            let told = self.incarnations.get(index).is_some_and(|incarnation| incarnation.shut_down);
            let last = self.incarnations.len() == index + 1;
            if !told || last && self.pending_shutdown.is_none() {
                self.shutting_down(now, epoch, options);
            }
        }
        if number > self.acked {
            return AckOutcome::Consumed(number);
        }
        if number < self.acked && self.answer.is_none() {
            // It would wait permanently for events that another incarnation has consumed.
            self.answer = Some(epoch);
        }
        AckOutcome::Nothing
    }

    /// It has consumed `count` more events, up to `number`. `waiting`: further events were sent to it.
    pub(super) fn advance(
        &mut self,
        now: u64,
        number: u64,
        count: usize,
        waiting: bool,
        options: &LinkOptions,
    ) {
        self.acked = number;
        self.pause = options.resend_min_ms;
        self.due = waiting.then_some(now.saturating_add(self.pause));
        if !self.resending {
            return;
        }
        if number > self.resent_to || !waiting {
            // It has received more than was sent again.
            self.resending = false;
            return;
        }
        self.outstanding = self.outstanding.saturating_sub(count);
        self.batch = self.batch.saturating_add(count).min(options.window.max(1));
    }

    /// When to check on it: after the pause, or when its end is believed.
    fn next_check(&self, now: u64) -> u64 {
        let believed = self.pending_shutdown.map_or(u64::MAX, |(_, until)| until.max(now));
        now.saturating_add(self.pause).min(believed)
    }

    /// Starts to send unacknowledged events again.
    pub(super) fn start_resend(&mut self, now: u64, window: usize) {
        self.resending = true;
        self.resent_to = self.acked;
        self.batch = FIRST_BATCH.min(window.max(1));
        self.outstanding = 0;
        self.due = Some(self.next_check(now));
    }

    /// It has not answered in time: the next pause is twice as long.
    pub(super) fn back_off(&mut self, max: u64) {
        self.pause = self.pause.saturating_mul(2).min(max);
    }

    /// It answers again: pauses start from the shortest.
    pub(super) fn reset_pause(&mut self, min: u64) {
        self.pause = min;
    }

    /// Whether to send unacknowledged events again as soon as it connects.
    pub(super) fn is_slow(&self, min: u64) -> bool {
        !self.resending || self.pause > min
    }

    /// An event was sent to it for the first time. Returns the deadline that this needs, if any.
    pub(super) fn arm_deadline(&mut self, now: u64) -> Option<u64> {
        if self.ended || self.due.is_some() {
            return None;
        }
        self.due = Some(self.next_check(now));
        self.next_deadline()
    }

    /// The scheduled that is needed to check on it in time, if none is scheduled.
    pub(super) fn next_deadline(&mut self) -> Option<u64> {
        let due = self.due.filter(|due| self.scheduled.is_none_or(|scheduled| scheduled > *due))?;
        self.scheduled = Some(due);
        Some(due)
    }

    /// Whether it may be sent another event again now.
    pub(super) fn may_resend(&self) -> bool {
        self.resending && self.outstanding < self.batch
    }

    /// The event with this number was sent again, or just before for another peer.
    pub(super) fn resent(&mut self, seq: u64) {
        self.resent_to = seq;
        self.outstanding += 1;
    }

    /// It handles no further events.
    pub(super) fn end(&mut self, last: u64) {
        self.ended = true;
        self.pending_shutdown = None;
        self.acked = last;
        self.resending = false;
        self.due = None;
    }

    /// A new incarnation of it starts after `last`.
    pub(super) fn rejoin(&mut self, last: u64, min: u64) {
        self.ended = false;
        self.acked = last;
        self.pause = min;
    }
}
